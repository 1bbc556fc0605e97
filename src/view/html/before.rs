//! What the report shows of the window before: a line below a figure, with its value in that window
//! and the change.

use maud::{Markup, html};

use super::language::Language;
use super::language::Language::{De, En};
use super::numbers::{DASH, NO_BREAK, percent};
use super::privacy::MIN_CALLS;
use crate::select::filter::WindowEnds;
use crate::stats::Rate;
use crate::stats::comparison::{Direction, RateChange, relative_text, signed_text};
use crate::stats::model::{Comparison, GroupFigures};
use crate::stats::rate::to_f64;

/// A line below a figure, in its cell.
pub(super) fn line(text: &str, language: Language) -> Markup {
    html! { " " small.before { (language.before_label()) " " (text) } }
}

/// The line of a rate: `before: 28 % of 143, +2 pp`.
pub(super) fn rate_line(rate: &Rate, before: Option<&Rate>, language: Language) -> Markup {
    line(&rate_text(rate, before, language), language)
}

/// The line of a number of calls or leads: `before: 143 (+13 %)`.
pub(super) fn count_line(count: u64, before: u64, language: Language) -> Markup {
    let text = language.count(before);
    let change = relative_text(to_f64(count), to_f64(before));
    line(&with_change(text, change), language)
}

/// The line of a number that is too small for a report for others.
pub(super) fn few_line(language: Language) -> Markup {
    line(&format!("<{NO_BREAK}{MIN_CALLS}"), language)
}

/// The line of another amount, whose text in the window before is `text`.
pub(super) fn amount_line(
    text: Option<String>,
    amounts: Option<(f64, f64)>,
    language: Language,
) -> Markup {
    let change = amounts.and_then(|(amount, before)| relative_text(amount, before));
    let text = text.unwrap_or_else(|| DASH.to_owned());
    line(&with_change(text, change), language)
}

fn with_change(text: String, change: Option<String>) -> String {
    match change {
        Some(change) => format!("{text} ({}{NO_BREAK}%)", minus(&change)),
        None => text,
    }
}

/// `28 % of 143, +2 pp`, or a dash.
pub(super) fn rate_text(rate: &Rate, before: Option<&Rate>, language: Language) -> String {
    let Some((before, calls)) = before.and_then(|before| Some((before, before.denominator?)))
    else {
        return DASH.to_owned();
    };
    if before.value.is_none() {
        return DASH.to_owned();
    }
    let of = language.number_of();
    let share = format!(
        "{}{NO_BREAK}{of}{NO_BREAK}{}",
        percent(before),
        language.count(calls)
    );
    match RateChange::new(rate, before) {
        Some(change) => format!("{share}, {}", language.points(change)),
        None => share,
    }
}

/// A typographic minus sign.
fn minus(text: &str) -> String {
    text.replace('-', "−")
}

impl Language {
    /// `↑ +8 pp` if the change is certain, `+8 pp` if it can be chance.
    pub(super) fn points(self, change: RateChange) -> String {
        let points = minus(&signed_text(change.points));
        let points = format!("{points}{NO_BREAK}{}", self.choose("pp", "PP"));
        match change.direction {
            Direction::Rise => format!("↑{NO_BREAK}{points}"),
            Direction::Fall => format!("↓{NO_BREAK}{points}"),
            Direction::Uncertain => points,
        }
    }

    /// Both windows, in the heading of the report.
    pub(super) fn compared_windows(self, window: &str, before: &str) -> String {
        match self {
            En => format!("{window}, compared with {before}"),
            De => format!("{window}, verglichen mit {before}"),
        }
    }

    /// A window, from its first to its last day.
    pub(super) fn window(self, from: &str, to: &str) -> String {
        match self {
            _ if from == to => from.to_owned(),
            En => format!("{from} to {to}"),
            De => format!("{from} bis {to}"),
        }
    }

    /// The groups that only the window before has.
    pub(super) fn only_before(self, values: u64, calls: u64) -> String {
        let values = self.counted(values, self.choose(("value", "values"), ("Wert", "Werte")));
        let calls = self.counted(calls, self.choose(("call", "calls"), ("Anruf", "Anrufen")));
        match self {
            En => format!("Only in the window before: {values} with {calls}."),
            De => format!("Nur im Zeitraum davor: {values} mit {calls}."),
        }
    }

    /// A number whose answer rate falls from one window to the next.
    pub(super) fn fallen_number(self, number: &Markup, rate: &Rate, before: &Rate) -> Markup {
        let (rate, before) = (percent(rate), percent(before));
        match self {
            En => html! {
                "▼ The answer rate of " strong { (number) } " is falling: " (rate)
                " in this window, " (before) " in the one before."
            },
            De => html! {
                "▼ Die Annahmequote von " strong { (number) } " fällt: " (rate)
                " in diesem Zeitraum, im Zeitraum davor " (before) "."
            },
        }
    }
}

/// The lines below the title of a report that compares two windows.
pub(super) fn heading(compare: &Comparison, language: Language) -> Markup {
    let day = |text: &str| match text.parse() {
        Ok(date) => language.long_date(date),
        Err(_) => text.to_owned(),
    };
    let window = |ends: &WindowEnds| language.window(&day(&ends.from), &day(&ends.to));
    let [current, before] = [&compare.window, &compare.window_before].map(|it| window(&it.ends));
    html! {
        p.period { (language.compared_windows(&current, &before)) }
        @if !compare.is_over { p.zone { (language.window_not_over()) } }
        @if compare.window_before.calls == 0 {
            p.zone { (language.no_calls_before()) }
        } @else {
            p.zone { (language.read_changes()) }
        }
    }
}

/// The figures of a group in the window before.
#[derive(Clone, Copy, Debug)]
pub(super) enum BeforeGroup<'g> {
    NotCompared,
    /// The group has no calls in the window before.
    Missing,
    /// It has fewer than [`MIN_CALLS`] there, which a report for others does not show.
    Few,
    Shown(&'g GroupFigures),
}

impl<'g> BeforeGroup<'g> {
    /// The group of a report that compares windows.
    pub(super) fn new(group: Option<&'g GroupFigures>, shows_few: bool) -> Self {
        match group {
            Some(group) if shows_few || group.calls >= MIN_CALLS => Self::Shown(group),
            Some(group) if group.calls > 0 => Self::Few,
            _ => Self::Missing,
        }
    }

    /// The line of the number of calls.
    pub(super) fn calls_line(self, calls: u64, language: Language) -> Markup {
        match self {
            Self::NotCompared => Markup::default(),
            Self::Missing => count_line(calls, 0, language),
            Self::Few => few_line(language),
            Self::Shown(before) => count_line(calls, before.calls, language),
        }
    }

    /// The line of a rate.
    pub(super) fn rate_line(
        self,
        group: &GroupFigures,
        rate: fn(&GroupFigures) -> &Rate,
        language: Language,
    ) -> Markup {
        match self {
            Self::NotCompared => Markup::default(),
            _ => rate_line(rate(group), self.rate(rate), language),
        }
    }

    /// The rate in the window before, if it is shown.
    pub(super) fn rate(self, rate: fn(&GroupFigures) -> &Rate) -> Option<&'g Rate> {
        self.figures().map(rate)
    }

    /// The figures, if they are shown.
    pub(super) fn figures(self) -> Option<&'g GroupFigures> {
        match self {
            Self::Shown(before) => Some(before),
            _ => None,
        }
    }

    pub(super) fn is_compared(self) -> bool {
        !matches!(self, Self::NotCompared)
    }
}
