//! Calls that the settings of their campaign do not allow.

use super::compared::{self, Before};
use super::parts::{FigureTable, cell, has_few, rate_text, reason_notes};
use crate::stats::model::AuditFigures;
use crate::table::writer::Heading;
use crate::view::terminal::Terminal;

pub(super) fn audit_table(
    audit: &AuditFigures,
    before: Option<Before<AuditFigures>>,
    zone: &str,
    terminal: Terminal,
) -> FigureTable {
    let symbols = terminal.symbols;
    let labels = [
        "calls outside the allowed days or hours",
        "retries before the interval was over",
        "calls after the last allowed attempt",
        "calls while too many were running",
        "calls after the goal was reached",
        "campaigns whose settings changed",
    ];
    let rates = audit.rates();
    let list = labels.into_iter().zip(rates.map(|(_, rate)| rate));
    let rates_before = before.map(|before| before.figures.rates().map(|(_, rate)| rate));
    let rows = list.clone().enumerate().map(|(index, (label, rate))| {
        let mut row = vec![cell(label), cell(rate_text(rate, symbols))];
        if let Some(before) = rates_before {
            row.extend(compared::rate_cells(rate, Some(before[index]), symbols));
        }
        row
    });
    let rows = rows.collect();
    let mut notes = reason_notes(list.map(|(label, rate)| (label, rate.reason.as_ref())));
    if let Some((before, rates)) = before.zip(rates_before) {
        let reasons = labels.into_iter().zip(rates);
        notes.extend(
            before.reason_notes(reasons.map(|(label, rate)| (label, rate.reason.as_ref()))),
        );
    }
    if audit.outside_hours.value.is_some() {
        notes.push(format!("Hours in {zone}."));
    }
    if audit.too_many_in_parallel.numerator > Some(0) {
        notes.push("Calls run at least from their creation for the time of their talk.".to_owned());
    }
    let mut headings = vec![Heading::new("Campaign settings"), Heading::new("Share")];
    if before.is_some() {
        headings.extend(compared::rate_headings());
    }
    FigureTable {
        title: "Campaign settings".to_owned(),
        headings,
        rows,
        notes,
        has_few: has_few(rates_before.into_iter().flatten()),
    }
}
