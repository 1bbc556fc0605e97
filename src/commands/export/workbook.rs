//! Tables in, an Excel workbook out.

use std::io::Write;

use chrono::Utc;

use super::collect::{Collected, Table};
use super::write::Times;
use crate::cli::ExportArgs;
use crate::commands::session::Session;
use crate::export::xlsx::{About, Book, careful};
use crate::rules::registry;
use crate::table::survey::Survey;
use crate::view::words::counted;

/// Writes the tables, a sheet each or more, and what there is to say about them.
pub(super) fn write(
    tables: &mut [Table],
    times: &Times,
    about: About,
    threads: usize,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let surveys = tables
        .iter_mut()
        .map(|table| Survey::of(&mut table.spool, &table.columns, threads))
        .collect::<anyhow::Result<Vec<_>>>()?;
    careful(|| {
        let mut book = Book::new(times.zone_without_offsets());
        for (table, survey) in tables.iter_mut().zip(surveys) {
            book.begin(table.title(), &table.columns, survey)?;
            table
                .spool
                .for_each(&table.columns, |cells| book.row(cells))?;
        }
        book.finish(about, out)
    })
}

/// What was read, when, and what was found.
pub(super) fn about(
    collected: &Collected,
    times: &Times,
    args: &ExportArgs,
    session: &Session,
) -> About<'static> {
    let now = Utc::now().format("%Y-%m-%d %H:%M:%S UTC").to_string();
    let version = format!("postcall {}", env!("CARGO_PKG_VERSION"));
    let mut facts = vec![("Made by", version), ("Made at", now)];
    if args.input.paths.is_empty() {
        facts.push(("Read", "standard input".to_owned()));
    }
    for path in &args.input.paths {
        facts.push(("Read", path.display().to_string()));
    }
    let seen = session.seen();
    facts.push(("Calls", seen.chosen().to_string()));
    if seen.passed_over > 0 {
        facts.push(("Calls not asked for", seen.passed_over.to_string()));
    }
    if seen.broken > 0 {
        facts.push(("Not read", counted(seen.broken, "broken record")));
    }
    facts.push(("Times in", times.zone_without_offsets().to_string()));
    let findings = collected.findings.by_rule().into_iter();
    let findings = findings.map(|(level, id, count)| {
        let rule = registry().find(|rule| rule.id == id);
        let summary = rule.map_or("", |rule| rule.summary);
        (level.name(), id, count, summary)
    });
    About {
        facts,
        findings: findings.collect(),
    }
}
