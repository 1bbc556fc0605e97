//! Sections, tables, cells and bars.

use maud::{Markup, PreEscaped, Render, html};

use super::label::label;
use super::language::Language;
use super::numbers::{DASH, interval_text, percent};
use crate::stats::{Rate, Reason};

/// A line break in the source, so that the file can be read and compared line by line.
pub(super) const LINE: PreEscaped<&str> = PreEscaped("\n");

/// A section of the report. `id` is unique in the page.
pub(super) fn section(id: &str, title: &str, content: &Markup) -> Markup {
    html! {
        (LINE)
        section id=(id) {
            h2 { (label(title)) }
            (content)
        }
    }
}

/// The kind of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Text,
    Number,
    /// A rate, which is copied as a value and the number that it divides by.
    Rate,
    /// A range, which is copied as its lower and its upper end.
    Range,
    /// A bar, which repeats a number of its row.
    Bar,
}

/// A heading of a table.
pub(super) struct Heading<'t>(pub(super) &'t str, pub(super) Column);

/// A table with its caption.
pub(super) struct Table<'t> {
    /// Unique in the page.
    pub(super) id: &'t str,
    pub(super) caption: &'t str,
    pub(super) headings: &'t [Heading<'t>],
    pub(super) rows: Vec<Markup>,
    /// Rows that stay at the end when the table is sorted.
    pub(super) last_rows: Vec<Markup>,
    /// True if the script may sort the rows.
    pub(super) is_sortable: bool,
    /// True if the title of the section says the same as the caption.
    pub(super) repeats_title: bool,
}

impl Render for Table<'_> {
    fn render(&self) -> Markup {
        let class = if self.is_sortable {
            "sortable"
        } else {
            "fixed"
        };
        let table = html! {
            table class=(class) {
                caption id=(self.id) class=[self.repeats_title.then_some("hidden")] { (self.caption) }
                thead { tr {
                    @for Heading(name, column) in self.headings {
                        @let (first, second) = column.copied_as();
                        th scope="col" class=[column.class()] data-v=[first] data-n=[second] {
                            @if self.is_repeated(name, *column) {
                                span.hidden { (name) }
                            } @else {
                                (name)
                            }
                        }
                    }
                } }
                (LINE)
                tbody { @for row in &self.rows { tr { (row) } (LINE) } }
                @if !self.last_rows.is_empty() {
                    tfoot { @for row in &self.last_rows { tr { (row) } (LINE) } }
                }
            }
        };
        scroll_box(self.id, &table)
    }
}

impl Table<'_> {
    /// True if the heading of a bar is that of another column: only screen readers need it twice.
    fn is_repeated(&self, name: &str, column: Column) -> bool {
        let same = self.headings.iter().filter(|other| other.0 == name);
        column == Column::Bar && same.count() > 1
    }
}

impl Column {
    fn class(self) -> Option<&'static str> {
        match self {
            Self::Text => None,
            Self::Number => Some("n"),
            Self::Rate | Self::Range => Some("n r"),
            Self::Bar => Some("b"),
        }
    }

    /// What the headings of the two copied columns have in brackets.
    fn copied_as(self) -> (Option<&'static str>, Option<&'static str>) {
        match self {
            Self::Text | Self::Number | Self::Bar => (None, None),
            Self::Rate => (None, Some("n")),
            Self::Range => (Some("min"), Some("max")),
        }
    }
}

/// A box in which a wide table scrolls. The keyboard can scroll it, too, so it has a name: the
/// caption of the table.
pub(super) fn scroll_box(caption_id: &str, table: &Markup) -> Markup {
    html! {
        (LINE)
        div.scroll role="region" aria-labelledby=(caption_id) tabindex="0" { (table) }
    }
}

/// The cell that names a row.
pub(super) fn name(name: impl Render) -> Markup {
    html! { th scope="row" { (name) } }
}

/// The cell that names a row by a time, which is sorted and copied as `value`.
pub(super) fn time_name(name: impl Render, value: impl std::fmt::Display) -> Markup {
    html! { th scope="row" data-v=(value.to_string()) { (name) } }
}

/// A cell with a text that is sorted by `value`.
pub(super) fn number(text: &str, value: impl std::fmt::Display) -> Markup {
    html! { td.n data-v=(value.to_string()) { (text) } }
}

/// A cell with a text that is sorted by a number with decimals.
pub(super) fn decimal(text: &str, value: f64) -> Markup {
    number(text, decimals(value))
}

/// A cell with a number of calls or leads.
pub(super) fn count(count: u64, language: Language) -> Markup {
    number(&language.count(count), count)
}

/// A cell with a text that is sorted by `value`, and a line below it.
pub(super) fn number_above(text: &str, value: impl std::fmt::Display, line: &Markup) -> Markup {
    html! { td.n data-v=(value.to_string()) { (text) (line) } }
}

/// A cell with a text that is copied as two numbers.
pub(super) fn two_numbers(text: &str, first: u64, second: u64) -> Markup {
    html! { td.n.r data-v=(first) data-n=(second) { (text) } }
}

/// A cell with the numerator and the denominator of a rate: `9 of 15`.
pub(super) fn fraction(rate: &Rate, language: Language) -> Markup {
    match (rate.numerator, rate.denominator) {
        (Some(numerator), Some(denominator)) if rate.value.is_some() => {
            two_numbers(&language.fraction(rate), numerator, denominator)
        }
        _ => no_values(),
    }
}

/// A cell without the two numbers of its column.
pub(super) fn no_values() -> Markup {
    html! { td.n.r { (DASH) } }
}

/// A cell without a value.
pub(super) fn no_value() -> Markup {
    html! { td.n { (DASH) } }
}

/// A cell with a rate and the number that it divides by: `30 % of 1,380`.
pub(super) fn rate(rate: &Rate, language: Language) -> Markup {
    rate_above(rate, &Markup::default(), language)
}

/// A cell as that of [`rate`], with a line below the rate.
pub(super) fn rate_above(rate: &Rate, line: &Markup, language: Language) -> Markup {
    let (Some(value), Some(denominator)) = (rate.value, rate.denominator) else {
        return html! { td.n.r { (DASH) (line) } };
    };
    html! {
        td class=(if rate.is_of_few() { "n r few" } else { "n r" }) data-v=(decimals(value)) data-n=(denominator) {
            (percent(rate)) (mark(rate)) " "
            small { (language.number_of()) " " (language.count(denominator)) }
            (line)
        }
    }
}

/// The mark of a rate of few calls.
pub(super) fn mark(rate: &Rate) -> &'static str {
    if rate.is_of_few() && rate.value.is_some() {
        "*"
    } else {
        ""
    }
}

/// A cell with the interval of a rate.
pub(super) fn interval(rate: &Rate) -> Markup {
    match rate.low.zip(rate.high) {
        Some((low, high)) => html! {
            td.n.r data-v=(decimals(low)) data-n=(decimals(high)) { (interval_text(rate)) }
        },
        None => no_values(),
    }
}

/// A cell with a bar for a share from 0 to 1.
pub(super) fn bar(share: Option<f64>) -> Markup {
    html! { td.b { @if let Some(share) = share { (svg(share, None)) } } }
}

/// A cell with a bar for a rate, and a line for its interval.
pub(super) fn rate_bar(rate: &Rate) -> Markup {
    html! { td.b { @if let Some(share) = rate.value { (svg(share, rate.low.zip(rate.high))) } } }
}

/// Width of a bar at 100 %.
const BAR_WIDTH: f64 = 100.0;

/// A drawing that repeats a number, which screen readers skip.
fn svg(share: f64, range: Option<(f64, f64)>) -> Markup {
    let width = |share: f64| format!("{:.1}", share * BAR_WIDTH);
    html! {
        svg width="100" height="12" viewBox="0 0 100 12" preserveAspectRatio="none"
            aria-hidden="true" focusable="false" {
            // The style sheet has other colours; these are for readers without it.
            rect.track width="100" height="12" fill="none" {}
            rect.bar width=(width(share)) height="12" fill="#2b9188" {}
            @if let Some((low, high)) = range {
                rect.range x=(width(low)) y="5" width=(width(high - low)) height="2" {}
            }
        }
    }
}

/// A share with four decimals, for sorting and copying.
pub(super) fn decimals(value: f64) -> String {
    format!("{value:.4}")
}

/// A note below a table.
pub(super) fn note(text: impl Render) -> Markup {
    html! { p.note { (text) } }
}

/// The note on the marks of rates of few calls, if there are any.
pub(super) fn few_note<'r>(
    rates: impl IntoIterator<Item = &'r Rate>,
    language: Language,
) -> Markup {
    let has_few = rates.into_iter().any(|rate| !mark(rate).is_empty());
    html! { @if has_few { (note(language.few())) } }
}

/// Notes on the figures that are dashes, each reason once.
pub(super) fn reason_notes<'r>(
    figures: impl IntoIterator<Item = (&'r str, Option<&'r Reason>)>,
    language: Language,
) -> Markup {
    let mut reasons: Vec<(&Reason, Vec<&str>)> = Vec::new();
    for (name, reason) in figures {
        let Some(reason) = reason else {
            continue;
        };
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, names)) if names.contains(&name) => {}
            Some((_, names)) => names.push(name),
            None => reasons.push((reason, vec![name])),
        }
    }
    html! {
        @for (reason, names) in reasons { (note(language.missing(&names, reason))) }
    }
}
