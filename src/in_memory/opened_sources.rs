//! Checks and exports sources that the caller has opened: tests and fuzz targets decide how they
//! are read and cut.

use std::io::Write;
use std::sync::atomic::AtomicBool;

use crate::capture::find::item::Item;
use crate::capture::find::search::Search;
use crate::capture::source::reader::{Source, UnreadableInput};
use crate::capture::split::batch::batches_of;
use crate::export::collected_text::write_table;
use crate::export::tables::{BatchTables, RowKind, TableCollector, TableRequest};
use crate::export::time_style::TimeStyle;
use crate::export::{ExportOutput, TextFormat};
use crate::host::{Clock, InMemory, OneWorker, Unwatched};
use crate::lint::checked_batch::BatchChecker;
use crate::lint::checker::Checker;
use crate::lint::collector::FindingLimits;
use crate::lint::finding::{CheckedBody, Finding};
use crate::lint::rule_data::Level;
use crate::lint::validation::Validation;
use crate::report::{FindingsFormat, Summary, create_report};
use crate::select::counts::Counts;
use crate::select::filter::Filter;
use crate::select::selection::Selection;
use crate::table::column_list::ColumnList;
use crate::table::headings::HeadingStyle;
use crate::time::zone::Zone;
use crate::view::terminal::Terminal;

/// A source, or the reason why it cannot be read.
pub(crate) type SourceResult = Result<Source, UnreadableInput>;

/// Checks the calls in `sources` and writes all findings to `out`, in `format`.
pub fn validate(
    sources: impl Iterator<Item = SourceResult> + Send,
    format: FindingsFormat,
    clock: Clock,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let checker = Checker::standard(clock);
    let mut report = create_report(format, Terminal::default(), checker.levels(), &InMemory);
    let checker = BatchChecker {
        limits: FindingLimits {
            max_per_body: FindingLimits::MAX_PER_BODY,
            min_level: Level::Note,
            with_excerpts: format.needs_excerpts(),
        },
        needs_every_body: format.needs_every_body(),
        is_full: AtomicBool::new(false),
        selection: Selection::new(Search::Everywhere, Filter::default()),
        checker,
    };
    let mut validation = Validation::default();
    let mut unreadable = Vec::new();
    report.begin(out)?;
    let mut write = |bodies: Vec<CheckedBody>, out: &mut dyn Write| {
        bodies.into_iter().try_for_each(|body| {
            let findings: Vec<&Finding> = body.findings.iter().collect();
            report.write_body(&body, &findings, out)
        })
    };
    for batch in batches_of(sources) {
        match batch {
            Ok(batch) => {
                let mut result = Ok(());
                let mut write_part = |part| {
                    if result.is_ok() {
                        result = write(validation.add_batch(&checker, part), out);
                    }
                };
                let (last, _) = checker.check_batch(batch, &mut write_part);
                write_part(last);
                result?;
            }
            Err(input) => unreadable.push(input),
        }
    }
    write(validation.finish(), out)?;
    let summary = Summary {
        calls: validation.calls,
        tally: validation.tally,
        unreadable,
        ..Summary::default()
    };
    Ok(report.finish(&summary, out)?)
}

/// Writes the calls in `sources` to `out` as a table with all columns, if there are any calls.
pub fn export(
    sources: impl Iterator<Item = SourceResult> + Send,
    format: &TextFormat,
    clock: Clock,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let list = ColumnList::default();
    let candidates = list.candidates();
    let checker = Checker::standard(clock);
    let selection = Selection::new(Search::Everywhere, Filter::default());
    let request = TableRequest::only(RowKind::Calls);
    let mut tables = TableCollector::new(&request, &list, false, &InMemory);
    let mut counts = Counts::default();
    // The program prints unreadable input on standard error, which there is none of here.
    for batch in batches_of(sources).flatten() {
        let mut rows = BatchTables::default();
        let locator = batch.locator();
        let mut add = |item: Item, _: &mut Counts| {
            if let Item::Call(body) = item {
                request.add_to_tables(&body, &candidates, &checker, &mut rows);
            }
        };
        let _ = selection.for_each_item(&batch, &locator, &mut counts, &mut add);
        tables.add_batch(rows)?;
    }
    if counts.calls == 0 {
        return Ok(());
    }
    let mut tables = tables.finish()?;
    let is_empty = counts.selected() == 0;
    tables.apply_column_list(RowKind::Calls, &list, HeadingStyle::Full, is_empty)?;
    let times = TimeStyle::new(Zone::FromBody, None);
    for table in &mut tables.tables {
        let terminal = Terminal::default();
        let to = ExportOutput {
            out,
            terminal,
            rejects: None,
            progress: &Unwatched,
        };
        write_table(table, format, &times, OneWorker, to)?;
    }
    Ok(())
}
