//! Writes tables as an Excel workbook.

use std::io::Write;

use chrono::Utc;

use super::collect::{CollectedTables, ExportTable};
use super::write::TimeStyle;
use crate::cli::ExportArgs;
use crate::export::xlsx::{AboutSheet, WorkbookWriter, catch_write_panics};
use crate::lint::rules::registry;
use crate::run::session::Session;
use crate::table::survey::Survey;
use crate::text::plural::format_count;

/// Writes each table to one or more sheets, followed by the sheet about the workbook.
pub(crate) fn write(
    tables: &mut [ExportTable],
    times: &TimeStyle,
    about: AboutSheet,
    threads: usize,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let surveys = tables
        .iter_mut()
        .map(|table| Survey::run(&mut table.spool, &table.columns, threads))
        .collect::<anyhow::Result<Vec<_>>>()?;
    catch_write_panics(|| {
        let mut book = WorkbookWriter::new(times.zone_without_offsets());
        for (table, survey) in tables.iter_mut().zip(surveys) {
            book.begin_table(table.title(), &table.columns, survey)?;
            table
                .spool
                .for_each(&table.columns, |cells| book.write_row(cells))?;
        }
        book.finish(about, out)
    })
}

/// Describes the workbook: its inputs, when it was written, and the findings.
pub(crate) fn about(
    collected: &CollectedTables,
    times: &TimeStyle,
    args: &ExportArgs,
    session: &Session,
) -> AboutSheet<'static> {
    let now = Utc::now().format("%Y-%m-%d %H:%M:%S UTC").to_string();
    let version = format!("postcall {}", env!("CARGO_PKG_VERSION"));
    let mut facts = vec![("Made by", version), ("Made at", now)];
    if args.input.paths.is_empty() {
        facts.push(("Read", "standard input".to_owned()));
    }
    for path in &args.input.paths {
        facts.push(("Read", path.display().to_string()));
    }
    let counts = session.counts();
    facts.push(("Calls", counts.selected().to_string()));
    if counts.excluded > 0 {
        facts.push(("Calls not asked for", counts.excluded.to_string()));
    }
    if counts.broken > 0 {
        facts.push(("Not read", format_count(counts.broken, "broken record")));
    }
    facts.push(("Times in", times.zone_without_offsets().to_string()));
    let findings = collected.findings.by_rule().into_iter();
    let findings = findings.map(|(level, id, count)| {
        let rule = registry().find(|rule| rule.id == id);
        let summary = rule.map_or("", |rule| rule.summary);
        (level.name(), id, count, summary)
    });
    AboutSheet {
        facts,
        findings: findings.collect(),
    }
}
