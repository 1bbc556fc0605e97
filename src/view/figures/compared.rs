//! What tables show of the window before: its figures beside those of the window, and the change.

use super::parts::{FigureTable, Row, cell, few_heading, reason_notes, short_rate};
use crate::stats::comparison::{Direction, RateChange, relative_text, signed_text};
use crate::stats::model::{Comparison, Sections, Stats};
use crate::stats::{Rate, Reason};
use crate::table::row::Cell;
use crate::table::writer::Heading;
use crate::text::symbols::Symbols;
use crate::text::tone::Tone;

/// A part of the figures of the window before.
pub(super) struct Before<'s, T> {
    pub(super) figures: &'s T,
    /// False if the window before has no calls, which the heading of the report says.
    has_calls: bool,
}

impl<T> Clone for Before<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Before<'_, T> {}

/// A section, and the same section of the window before.
pub(super) fn compared_section<T>(
    stats: &Stats,
    section: fn(&Sections) -> &Option<T>,
) -> Option<(&T, Option<Before<'_, T>>)> {
    let (figures, before) = stats.section(section)?;
    let window_before = stats.compare.as_ref().map(|compare| &compare.window_before);
    let has_calls = window_before.is_some_and(|window| window.calls > 0);
    let before = before.map(|figures| Before { figures, has_calls });
    Some((figures, before))
}

impl<T> Before<'_, T> {
    /// Notes on the figures that are not known, as in [`reason_notes`].
    pub(super) fn reason_notes<'f>(
        self,
        figures: impl IntoIterator<Item = (&'f str, Option<&'f Reason>)>,
    ) -> Vec<String> {
        if !self.has_calls {
            return Vec::new();
        }
        let notes = reason_notes(figures).into_iter();
        notes.map(|note| format!("before: {note}")).collect()
    }
}

/// The lines above the tables: both windows.
#[must_use]
pub(crate) fn comparison_lines(compare: &Comparison) -> Vec<String> {
    let (window, before) = (&compare.window, &compare.window_before);
    let mut lines = vec![format!(
        "{}, compared with {} ({})",
        period(&window.ends.from, &window.ends.to),
        period(&before.ends.from, &before.ends.to),
        compare.zone
    )];
    if !compare.is_over {
        lines.push("The window is not over.".to_owned());
    }
    if before.calls == 0 {
        lines.push("No call is in the window before.".to_owned());
    }
    lines
}

fn period(from: &str, to: &str) -> String {
    if from == to {
        from.to_owned()
    } else {
        format!("{from} to {to}")
    }
}

/// The headings of [`rate_cells`].
pub(super) fn rate_headings() -> [Heading; 2] {
    [
        few_heading("Before").right_aligned(),
        change_heading("Change"),
    ]
}

/// The heading of changes. Those that can be chance are faint.
pub(super) fn change_heading(name: &str) -> Heading {
    let tone = |text: &str| {
        if is_certain_change(text) {
            Tone::Plain
        } else {
            Tone::Faint
        }
    };
    Heading {
        tone: Some(tone),
        ..Heading::new(name).right_aligned()
    }
}

/// The rate in the window before, and its change.
pub(super) fn rate_cells(
    rate: &Rate,
    before: Option<&Rate>,
    symbols: Symbols,
) -> [Option<Cell<'static>>; 2] {
    let dash = || cell(symbols.dash());
    match before {
        Some(before) => [
            short_rate(before, symbols),
            cell(change_text(rate, before, symbols)),
        ],
        None => [dash(), dash()],
    }
}

/// `↑ +8 pp` if the change is certain, `+8 pp` if it can be chance, or a dash.
fn change_text(rate: &Rate, before: &Rate, symbols: Symbols) -> String {
    let Some(change) = RateChange::new(rate, before) else {
        return symbols.dash().to_owned();
    };
    let points = points_text(change.points);
    match change.direction {
        Direction::Rise => format!("{} {points}", symbols.rise()),
        Direction::Fall => format!("{} {points}", symbols.fall()),
        Direction::Uncertain => points,
    }
}

/// `+8 pp`.
pub(super) fn points_text(points: f64) -> String {
    format!("{} pp", signed_text(points))
}

/// True for a [`change_text`] that is more than chance.
fn is_certain_change(text: &str) -> bool {
    let has_arrow =
        |symbols: Symbols| text.starts_with(symbols.rise()) || text.starts_with(symbols.fall());
    text.ends_with(" pp")
        && [Symbols::Unicode, Symbols::Ascii]
            .into_iter()
            .any(has_arrow)
}

/// The note on [`change_text`].
pub(super) fn explain_changes(tables: &mut [FigureTable], symbols: Symbols) {
    let cells = tables.iter().flat_map(|table| table.rows.iter().flatten());
    let mut texts = cells.clone().flatten().map(|cell| &cell.text);
    if !texts.any(|text| text.ends_with(" pp")) {
        return;
    }
    let note = if cells.flatten().any(|cell| is_certain_change(&cell.text)) {
        let (rise, fall) = (symbols.rise(), symbols.fall());
        format!("{rise}, {fall}: more than chance, the ranges do not overlap")
    } else {
        "no change of a rate is certainly more than chance".to_owned()
    };
    if let Some(last) = tables.last_mut() {
        last.notes.push(format!("{note}; pp: percentage points"));
    }
}

/// `+8 %`, the change of an amount, or a dash.
pub(super) fn relative_cell(
    amounts: Option<(f64, f64)>,
    symbols: Symbols,
) -> Option<Cell<'static>> {
    let change = amounts.and_then(|(amount, before)| relative_text(amount, before));
    cell(change.map_or(symbols.dash().to_owned(), |change| format!("{change} %")))
}

/// Adds to `rows` of labels and texts the text of the row with this label in the window before, and
/// the change of the amount that `amounts` has for the label.
pub(super) fn add_text_columns(
    rows: &mut [Row],
    before: &[Row],
    amounts: &[(&str, Option<(f64, f64)>)],
    symbols: Symbols,
) {
    for row in rows {
        let label = row[0].as_ref().map(|label| label.text.clone());
        let same = before
            .iter()
            .find(|before| before[0].as_ref().map(|label| &label.text) == label.as_ref());
        let amounts = amounts
            .iter()
            .find(|(name, _)| Some(*name) == label.as_deref());
        row.push(same.and_then(|row| row[1].clone()));
        row.push(amounts.and_then(|(_, amounts)| relative_cell(*amounts, symbols)));
    }
}
