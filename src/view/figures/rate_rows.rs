//! Tables with a row per rate.

use super::compared;
use super::parts::{Row, cell, interval, interval_heading, rate_text, text_heading};
use crate::stats::Rate;
use crate::table::writer::Heading;
use crate::view::terminal::Terminal;

/// A row with a rate, its interval and, if there is room, its bar. With `before`, the rate in the
/// window before and the change are in place of the bar.
pub(super) fn rate_row(label: &str, rate: &Rate, before: Option<&Rate>, terminal: Terminal) -> Row {
    let symbols = terminal.symbols;
    let mut row = vec![
        cell(label),
        cell(rate_text(rate, symbols)),
        interval(rate, symbols),
    ];
    if before.is_some() {
        row.extend(compared::rate_cells(rate, before, symbols));
    } else if terminal.has_bars() {
        row.push(terminal.bar(rate.value));
    }
    row
}

/// The headings of [`rate_row`].
pub(super) fn rate_headings(name: &str, is_compared: bool, terminal: Terminal) -> Vec<Heading> {
    let mut headings = vec![
        Heading::new(name),
        text_heading("Share"),
        interval_heading(),
    ];
    if is_compared {
        headings.extend(compared::rate_headings());
    } else if terminal.has_bars() {
        headings.push(Heading::new(""));
    }
    headings
}
