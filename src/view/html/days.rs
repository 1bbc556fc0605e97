//! Calls by day. A long period is added up by week, month or year, so that no day is missing.

use chrono::{Datelike as _, NaiveDate};
use maud::{Markup, html};

use super::attempts::share;
use super::language::Language;
use super::options::ReportOptions;
use super::parts::{
    Column, Heading, Table, bar, count, few_note, name, note, rate, reason_notes, section,
    time_name,
};
use crate::stats::Rate;
use crate::stats::model::DayFigures;

/// Most rows by day, and by any longer unit.
const MAX_DAYS: usize = 62;
const MAX_ROWS: usize = 106;

/// Calls, connected calls and answer rate over time.
#[must_use]
pub(crate) fn calls_over_time(
    days: &[DayFigures],
    before: Option<&[DayFigures]>,
    without_time: u64,
    options: ReportOptions,
) -> Markup {
    let language = options.language;
    let content = html! {
        (days_table("days-table", days, language))
        @if without_time > 0 { (note(language.calls_without_time(without_time))) }
        @if let Some(before) = before.filter(|days| !days.is_empty()) {
            (days_table("days-before-table", before, language))
        }
    };
    section("days", language.calls_over_time(), &content)
}

/// The table of these days, and its notes. Its title is that of the window before unless it is the
/// first of the section.
fn days_table(id: &str, days: &[DayFigures], language: Language) -> Markup {
    let (unit, periods, earlier) = periods(days);
    let all = periods.iter().chain(&earlier);
    let most = all.clone().map(|it| it.calls).max().unwrap_or_default();
    let row = |name: Markup, period: &Period| {
        html! {
            (name)
            (count(period.calls, language))
            (bar(share(period.calls, most)))
            (count(period.connected, language))
            (rate(&period.answered, language))
        }
    };
    let caption = match unit {
        Unit::Day => language.calls_per_day().to_owned(),
        _ => language.per_unit(days.len() as u64, unit.name(language)),
    };
    let caption = if id == "days-table" {
        caption
    } else {
        format!("{}: {caption}", language.window_before())
    };
    let table = Table {
        id,
        caption: &caption,
        headings: &[
            Heading(unit.name(language), Column::Text),
            Heading(language.calls(), Column::Number),
            Heading(language.calls(), Column::Bar),
            Heading(language.connected(), Column::Number),
            Heading(language.answered(), Column::Rate),
        ],
        rows: periods
            .iter()
            .map(|it| row(unit.name_of(it.start, language), it))
            .collect(),
        last_rows: earlier
            .iter()
            .map(|it| row(name(language.earlier(it.units)), it))
            .collect(),
        is_sortable: true,
        repeats_title: false,
    };
    let rates = all.clone().map(|it| &it.answered);
    let reasons = all
        .clone()
        .map(|it| (language.answered(), it.answered.reason.as_ref()));
    html! {
        @if days.is_empty() {
            (note(language.no_readable_time()))
        } @else {
            (table)
            (few_note(rates, language))
            (reason_notes(reasons.filter(|_| days.iter().all(|day| day.answered.value.is_none())), language))
        }
    }
}

/// The length of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Day,
    Week,
    Month,
    Year,
}

/// Figures of several days.
struct Period {
    start: NaiveDate,
    calls: u64,
    connected: u64,
    answered: Rate,
    /// Number of periods that this is the sum of.
    units: u64,
}

impl Unit {
    /// The first day of the period that `day` is in.
    fn start(self, day: NaiveDate) -> NaiveDate {
        let start = match self {
            Self::Day => Some(day),
            Self::Week => Some(
                day.week(chrono::Weekday::Mon)
                    .checked_first_day()
                    .unwrap_or(day),
            ),
            Self::Month => day.with_day(1),
            Self::Year => day.with_ordinal(1),
        };
        start.expect("the first day of a month or year exists")
    }

    fn name(self, language: Language) -> &'static str {
        match self {
            Self::Day => language.day_heading(),
            Self::Week => language.week(),
            Self::Month => language.month_heading(),
            Self::Year => language.year(),
        }
    }

    /// The cell that names a period, sorted by its first day.
    fn name_of(self, start: NaiveDate, language: Language) -> Markup {
        let (label, value) = match self {
            Self::Day => (language.day(start), "%Y-%m-%d"),
            Self::Week => (language.week_from(&language.short_date(start)), "%Y-%m-%d"),
            Self::Month => (language.month(start), "%Y-%m"),
            Self::Year => (start.year().to_string(), "%Y"),
        };
        time_name(label, start.format(value))
    }
}

/// The days, added up by the shortest unit that has few enough rows; and the sum of the years that
/// are still too many.
fn periods(days: &[DayFigures]) -> (Unit, Vec<Period>, Option<Period>) {
    let dated = days
        .iter()
        .filter_map(|day| Some((day.day.parse().ok()?, day)));
    let dated: Vec<(NaiveDate, &DayFigures)> = dated.collect();
    for (unit, most) in [
        (Unit::Day, MAX_DAYS),
        (Unit::Week, MAX_ROWS),
        (Unit::Month, MAX_ROWS),
    ] {
        let periods = add_up(&dated, unit);
        if periods.len() <= most {
            return (unit, periods, None);
        }
    }
    let mut years = add_up(&dated, Unit::Year);
    let latest = years.split_off(years.len().saturating_sub(MAX_ROWS));
    let earlier = (!years.is_empty()).then(|| Period {
        start: years[0].start,
        calls: years.iter().map(|year| year.calls).sum(),
        connected: years.iter().map(|year| year.connected).sum(),
        answered: Rate::sum(years.iter().map(|year| &year.answered)),
        units: years.len() as u64,
    });
    (Unit::Year, latest, earlier)
}

fn add_up(days: &[(NaiveDate, &DayFigures)], unit: Unit) -> Vec<Period> {
    let same = |a: &(NaiveDate, _), b: &(NaiveDate, _)| unit.start(a.0) == unit.start(b.0);
    let periods = days.chunk_by(same).map(|days| {
        let days_of = || days.iter().map(|(_, day)| *day);
        Period {
            start: unit.start(days[0].0),
            calls: days_of().map(|day| day.calls).sum(),
            connected: days_of().map(|day| day.connected).sum(),
            answered: Rate::sum(days_of().map(|day| &day.answered)),
            units: 1,
        }
    });
    periods.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Reason;

    fn days(start: &str, count: usize) -> Vec<DayFigures> {
        let start: NaiveDate = start.parse().expect("a date");
        let figures = start.iter_days().take(count).map(|day| DayFigures {
            day: day.to_string(),
            calls: 3,
            connected: 2,
            answered: Rate::new(1, 2, Reason::NoLeads),
        });
        figures.collect()
    }

    #[test]
    fn no_day_is_lost() {
        for (count, unit, rows) in [
            (62, Unit::Day, 62),
            (63, Unit::Week, 9),
            (742, Unit::Week, 106),
            (800, Unit::Month, 27),
            (3_600, Unit::Year, 10),
            (100_000, Unit::Year, 106),
        ] {
            let days = days("2024-01-01", count);
            let (found, periods, earlier) = periods(&days);
            assert_eq!((found, periods.len()), (unit, rows), "{count}");
            let all = || periods.iter().chain(&earlier);
            assert_eq!(all().map(|it| it.calls).sum::<u64>(), 3 * count as u64);
            let answered = Rate::sum(all().map(|it| &it.answered));
            assert_eq!(answered.denominator, Some(2 * count as u64));
            assert_eq!(earlier.is_some(), count == 100_000);
        }
    }
}
