//! Totals of a run, and the table of counts per rule, for `--summary`.

use std::io::{self, Write};

use crate::capture::source::reader::UnreadableInput;
use crate::lint::collector::Tally;
use crate::lint::rule_data::Level;
use crate::table::row::Cell;
use crate::table::writer::{Heading, RowWriter as _};
use crate::text::plural::format_count;
use crate::view::table::TableWriter;
use crate::view::terminal::Terminal;

/// Totals of a run.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    /// The settings file, relative to the working directory; `None` if there is none.
    pub(crate) config: Option<String>,
    /// Number of calls.
    pub(crate) calls: u64,
    /// Number of findings, shown or not. Known findings are not included.
    pub(crate) tally: Tally,
    /// Comparison with a baseline, if there is one.
    pub(crate) baseline: Option<BaselineSummary>,
    /// Number of findings beyond the limit of the report.
    pub(crate) not_shown: u64,
    /// True if only errors are shown.
    pub(crate) errors_only: bool,
    /// Inputs that could not be read.
    pub(crate) unreadable: Vec<UnreadableInput>,
}

/// The findings of a run that a baseline has.
#[derive(Debug)]
pub(crate) struct BaselineSummary {
    /// The file, relative to the working directory.
    pub(crate) file: String,
    /// Known findings that occurred.
    pub(crate) known: Tally,
    /// Number of known findings that no longer occur.
    pub(crate) gone: u64,
    /// A source of the file if none of its sources was found.
    pub(crate) foreign_source: Option<String>,
}

impl BaselineSummary {
    /// The sentence about known findings that no longer occur, or about a file whose sources were
    /// not found. `quote` formats names. `None` if there is nothing to say.
    #[must_use]
    pub(crate) fn note(&self, quote: impl Fn(&str) -> String) -> Option<String> {
        let file = quote(&self.file);
        if let Some(source) = &self.foreign_source {
            let source = quote(source);
            return Some(format!(
                "no source in {file} was found, such as {source}; it was probably written in \
                 another folder: run postcall there, or write it again"
            ));
        }
        let verb = if self.gone == 1 { "is" } else { "are" };
        let gone = format_count(self.gone, "known finding");
        (self.gone > 0).then(|| format!("{gone} {verb} gone; write {file} again"))
    }
}

impl Summary {
    /// Number of known findings.
    #[must_use]
    pub(crate) fn known(&self) -> u64 {
        let known = self.baseline.as_ref().map(|baseline| &baseline.known);
        let count = |known: &Tally| Level::ALL.iter().map(|level| known.count(*level)).sum();
        known.map_or(0, count)
    }
}

/// Writes one row per rule that has findings: count, level and rule. The worst level and the
/// highest count come first.
pub(crate) fn write_rule_counts(
    summary: &Summary,
    terminal: Terminal,
    out: &mut dyn Write,
) -> io::Result<()> {
    let headings = vec![
        Heading::new("Findings").right_aligned(),
        Heading::new("Level"),
        Heading::new("Rule").wrapped(),
    ];
    let mut table = TableWriter::new(headings, terminal);
    for (level, rule, count) in summary.tally.by_rule() {
        let count = count.to_string();
        let cells = [
            Cell::text(count.as_str()),
            Cell::text(level.name()),
            Cell::text(rule),
        ];
        table.write_row(&cells.map(Some), out)?;
    }
    table.finish(out)
}
