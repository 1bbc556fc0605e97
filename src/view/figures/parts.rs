//! Cells, headings and notes that several tables have.

use indexmap::IndexMap;
use unicode_width::UnicodeWidthStr as _;

use super::bars::bar;
use crate::stats::model::{InputFigures, Ratio};
use crate::stats::{Rate, Reason};
use crate::table::row::Cell;
use crate::table::writer::{Fit, Heading};
use crate::text::plural::{format_grouped, format_grouped_count};
use crate::text::safe_text;
use crate::text::symbols::Symbols;
use crate::text::tone::Tone;
use crate::text::wrap::wrap;
use crate::time::talk_time::TalkTime;
use crate::view::table_layout::{ColumnNeed, TableLayout};
use crate::view::terminal::Terminal;

/// One table of a report.
pub(crate) struct FigureTable {
    pub(crate) title: String,
    pub(crate) headings: Vec<Heading>,
    pub(crate) rows: Vec<Row>,
    /// True if a rate is marked as one of few calls.
    pub(crate) has_few: bool,
    /// Lines below the table.
    pub(crate) notes: Vec<String>,
}

impl FigureTable {
    /// Says in title and first heading that the figures are those of the window before.
    pub(super) fn mark_as_before(&mut self) {
        self.title.push_str(" (before)");
        self.headings[0].name.push_str(" (before)");
    }

    /// True if no cell has to be cut or wrapped in this terminal.
    pub(super) fn fits(&self, terminal: Terminal) -> bool {
        let layout = TableLayout::new(&self.headings, &self.needs(), None);
        terminal
            .width
            .is_none_or(|width| layout.used_width() <= width)
    }

    /// True if a figure has to be cut in this terminal, and not only names.
    #[must_use]
    pub(crate) fn cuts_figures(&self, terminal: Terminal) -> bool {
        let needs = self.needs();
        let layout = TableLayout::new(&self.headings, &needs, terminal.width);
        let columns = self.headings.iter().zip(&needs).zip(layout.widths);
        columns.skip(1).any(|((heading, need), width)| {
            let is_one_line = matches!(heading.fit, Fit::Whole | Fit::Cut(_));
            is_one_line && width.is_some_and(|width| width < need.widest)
        })
    }

    /// The widths of the values of each column.
    fn needs(&self) -> Vec<ColumnNeed> {
        let needs = (0..self.headings.len()).map(|column| {
            let cells = self.rows.iter().filter_map(|row| row.get(column)?.as_ref());
            ColumnNeed {
                widest: cells
                    .map(|cell| cell.text.width())
                    .max()
                    .unwrap_or_default(),
                ..ColumnNeed::default()
            }
        });
        needs.collect()
    }
}

/// Marks rates of few calls.
const FEW_MARK: &str = "*";

/// The note on [`FEW_MARK`].
const FEW_NOTE: &str = "* of fewer than 20: mostly chance";

/// Width of the bars of a table.
const BAR_WIDTH: usize = 10;

/// Narrowest terminal with bars.
const MIN_BAR_TERMINAL: usize = 78;

pub(super) type Row = Vec<Option<Cell<'static>>>;

#[expect(clippy::unnecessary_wraps, reason = "rows have optional cells")]
pub(super) fn cell(text: impl Into<String>) -> Option<Cell<'static>> {
    Some(Cell::text(text.into()))
}

pub(super) fn number_cell(number: u64) -> Option<Cell<'static>> {
    cell(format_grouped(number))
}

/// `412 of 1,380 (30 %)`, or a dash.
pub(super) fn rate_text(rate: &Rate, symbols: Symbols) -> String {
    match (rate.numerator, rate.denominator, rate.percent()) {
        (Some(numerator), Some(denominator), Some(percent)) => {
            let (numerator, denominator) = (format_grouped(numerator), format_grouped(denominator));
            format!("{numerator} of {denominator} ({percent})")
        }
        _ => symbols.dash().to_owned(),
    }
}

/// Notes on the figures that are dashes: `reached, goal: no campaign calls`. Each reason is there
/// once.
pub(super) fn reason_notes<'f>(
    figures: impl IntoIterator<Item = (&'f str, Option<&'f Reason>)>,
) -> Vec<String> {
    let mut reasons: IndexMap<&Reason, Vec<&str>> = IndexMap::new();
    for (name, reason) in figures {
        let Some(reason) = reason else {
            continue;
        };
        // The three rates of goals have one name.
        let name = name.split(" of ").next().unwrap_or(name);
        let names = reasons.entry(reason).or_default();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let notes = reasons.into_iter();
    notes
        .map(|(reason, names)| format!("{}: {reason}", names.join(", ")))
        .collect()
}

/// `30 % of 1,380`, with a mark if that are few, or a dash.
pub(super) fn short_rate(rate: &Rate, symbols: Symbols) -> Option<Cell<'static>> {
    cell(match (rate.percent(), rate.denominator) {
        (Some(percent), Some(denominator)) => {
            let mark = if rate.is_of_few() { " *" } else { "" };
            format!("{percent} of {}{mark}", format_grouped(denominator))
        }
        _ => symbols.dash().to_owned(),
    })
}

/// The interval: `28–32 %`, with a mark if the rate is of few.
pub(super) fn interval(rate: &Rate, symbols: Symbols) -> Option<Cell<'static>> {
    let (low, high) = rate.interval()?;
    let mark = if rate.is_of_few() { " *" } else { "" };
    cell(format!("{low}{}{high} %{mark}", symbols.dash()))
}

/// `2.3 (18 calls for 8)`, or a dash. `format` formats the value, and `total` the numerator.
pub(super) fn ratio_text(
    ratio: &Ratio,
    symbols: Symbols,
    format: impl Fn(f64) -> String,
    total: impl Fn(u64) -> String,
) -> String {
    match (ratio.value, ratio.numerator, ratio.denominator) {
        (Some(value), Some(numerator), Some(denominator)) => {
            let value = format(value);
            format!(
                "{value} ({} for {})",
                total(numerator),
                format_grouped(denominator)
            )
        }
        _ => symbols.dash().to_owned(),
    }
}

/// Seconds as `1m 46s`, rounded to the nearest.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a talk time fits into 32 bits"
)]
pub(super) fn seconds_text(seconds: f64) -> String {
    TalkTime(i128::from(seconds.round() as i64)).to_string()
}

/// Whole seconds as `1m 46s`.
pub(super) fn whole_seconds_text(seconds: u64) -> String {
    TalkTime(seconds.into()).to_string()
}

/// The heading of intervals.
pub(super) fn interval_heading() -> Heading {
    few_heading("95 %").right_aligned().dropped(1)
}

/// A heading whose cells are faint if they have [`FEW_MARK`].
pub(super) fn few_heading(name: &str) -> Heading {
    let tone = |text: &str| {
        if text.ends_with(FEW_MARK) {
            Tone::Faint
        } else {
            Tone::Plain
        }
    };
    Heading {
        tone: Some(tone),
        ..Heading::new(name)
    }
}

/// The heading of long text.
pub(super) fn text_heading(name: &str) -> Heading {
    Heading::new(name).fitted(Fit::Wrapped)
}

/// The heading of names of groups, which are cut to `min_width` in a narrow terminal.
pub(super) fn name_heading(name: &str, min_width: usize) -> Heading {
    Heading::new(name).fitted(Fit::Cut(min_width))
}

/// What the figures, or a part of them, do not count.
pub(super) fn not_counted(input: &InputFigures, without_time: u64) -> String {
    let mut parts = Vec::new();
    for (count, noun, nouns) in [
        (
            input.filtered_out,
            "call filtered out",
            "calls filtered out",
        ),
        (input.copies, "copy of a call", "copies of calls"),
        (input.test_deliveries, "test delivery", "test deliveries"),
        (
            input.broken,
            "piece of broken JSON",
            "pieces of broken JSON",
        ),
        (input.lost_bodies, "lost body", "lost bodies"),
    ] {
        if count > 0 {
            parts.push(format!(
                "{} {}",
                format_grouped(count),
                if count == 1 { noun } else { nouns }
            ));
        }
    }
    if let Some(calls) = input.today_or_later.filter(|calls| *calls > 0) {
        let calls = format_grouped_count(calls, "call");
        parts.push(format!("{calls} from today on"));
    }
    for (name, count) in &input.other_payloads {
        parts.push(format!("{} of {name}", format_grouped(*count)));
    }
    if without_time > 0 {
        let calls = format_grouped(without_time);
        parts.push(format!(
            "in days and hours: {calls} without a readable time"
        ));
    }
    parts.join(", ")
}

/// Explains the mark of rates of few calls below the last table, for all of them.
pub(super) fn explain_few(tables: &mut [FigureTable]) {
    let has_few = tables.iter().any(|table| table.has_few);
    if let Some(last) = tables.last_mut().filter(|_| has_few) {
        last.notes.push(FEW_NOTE.to_owned());
    }
}

/// True if `rates` has a mark.
pub(super) fn has_few<'r>(rates: impl IntoIterator<Item = &'r Rate>) -> bool {
    rates
        .into_iter()
        .any(|rate| rate.is_of_few() && rate.value.is_some())
}

impl Terminal {
    /// True if tables have bars.
    pub(super) fn has_bars(self) -> bool {
        self.width.is_none_or(|width| width >= MIN_BAR_TERMINAL)
    }

    /// The bar of a share.
    pub(super) fn bar(self, share: Option<f64>) -> Option<Cell<'static>> {
        share.and_then(|share| cell(bar(share, BAR_WIDTH, self.symbols)))
    }

    /// This terminal, with a width that has no room for bars.
    pub(crate) fn without_bars(self) -> Self {
        let width = self.width.unwrap_or(MIN_BAR_TERMINAL);
        Self {
            width: Some(width.min(MIN_BAR_TERMINAL - 1)),
            ..self
        }
    }

    /// The lines of a note below a table, wrapped and faint.
    pub(crate) fn note_lines(self, note: &str) -> Vec<String> {
        let note = safe_text::one_line(note);
        let lines = wrap(&note, self.width.unwrap_or(usize::MAX).max(1));
        let lines = lines.into_iter();
        lines
            .map(|line| self.theme.paint(Tone::Faint, &line))
            .collect()
    }
}
