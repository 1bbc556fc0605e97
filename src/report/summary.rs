//! The table of counts per rule, for `--summary`.

use std::io::{self, Write};

use super::Summary;
use crate::table::row::Cell;
use crate::table::writer::{Heading, RowWriter as _};
use crate::view::table::{TableWriter, Terminal};

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
        Heading::new("Rule").flexible(),
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
