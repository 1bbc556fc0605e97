//! Figures by day, and by hour and weekday.

use super::bars::shade;
use super::compared::{Before, rate_cells, rate_headings};
use super::parts::{
    FigureTable, Row, cell, few_heading, has_few, number_cell, rate_text, short_rate,
};
use crate::contract::WEEKDAYS;
use crate::stats::model::{DayFigures, HourOfDay, WeekFigures};
use crate::stats::{Rate, Reason};
use crate::table::writer::Heading;
use crate::text::plural::{format_grouped, format_grouped_count};
use crate::view::terminal::Terminal;

/// Number of days that are shown, the latest.
const MAX_DAYS: usize = 62;

/// The days of a window and, in a table of their own, those of the window before.
pub(super) fn days_tables(
    days: &[DayFigures],
    before: Option<Before<Vec<DayFigures>>>,
    zone: &str,
    terminal: Terminal,
) -> Vec<FigureTable> {
    let mut tables = vec![days_table(days, zone, terminal)];
    if let Some(before) = before {
        let mut table = days_table(before.figures, zone, terminal);
        table.mark_as_before();
        tables.push(table);
    }
    tables
}

fn days_table(days: &[DayFigures], zone: &str, terminal: Terminal) -> FigureTable {
    let shown = &days[days.len().saturating_sub(MAX_DAYS)..];
    let most = shown.iter().map(|day| day.calls).max().unwrap_or_default();
    let rows = shown.iter().map(|day| {
        let mut row = vec![
            cell(day.day.clone()),
            number_cell(day.calls),
            number_cell(day.connected),
            short_rate(&day.answered, terminal.symbols),
        ];
        if terminal.has_bars() {
            row.push(terminal.bar(Rate::new(day.calls, most, Reason::NoReadableTime).value));
        }
        row
    });
    let mut headings = vec![
        Heading::new("Day"),
        Heading::new("Calls").right_aligned(),
        Heading::new("Connected").right_aligned(),
        few_heading("Answered").right_aligned(),
    ];
    if terminal.has_bars() {
        headings.push(Heading::new("Calls"));
    }
    let earlier = days.len() - shown.len();
    let earlier = (earlier > 0).then(|| {
        let days = format_grouped_count(earlier as u64, "earlier day");
        format!("{days} not shown (see --format csv)")
    });
    let zone = Some(format!("Days in {zone}."));
    FigureTable {
        title: "Days".to_owned(),
        headings,
        rows: rows.collect(),
        notes: earlier.into_iter().chain(zone).collect(),
        has_few: has_few(shown.iter().map(|day| &day.answered)),
    }
}

/// The hours of a week and, in a table of their own, those of the window before.
pub(super) fn week_tables(
    week: &WeekFigures,
    before: Option<Before<WeekFigures>>,
    zone: &str,
    terminal: Terminal,
) -> Vec<FigureTable> {
    let with_calls = week_table(week, before, true, zone, terminal);
    let has_calls = terminal.has_bars() && with_calls.fits(terminal);
    let mut tables = vec![if has_calls {
        with_calls
    } else {
        week_table(week, before, false, zone, terminal)
    }];
    if let Some(before) = before {
        let mut table = week_table(before.figures, None, has_calls, zone, terminal);
        table.mark_as_before();
        tables.push(table);
    }
    tables
}

fn week_table(
    week: &WeekFigures,
    before: Option<Before<WeekFigures>>,
    has_calls: bool,
    zone: &str,
    terminal: Terminal,
) -> FigureTable {
    let rows = week.all_days.iter().map(|hour| {
        let mut row = week_row(hour, week, has_calls, terminal);
        if let Some(before) = before {
            let before = before.figures.answered_at(hour.hour);
            row.extend(rate_cells(&hour.answered, before, terminal.symbols));
        }
        row
    });
    let mut headings = vec![Heading::new("Hour").right_aligned()];
    headings.extend(WEEKDAYS.map(|day| {
        let name = day[..1].to_uppercase() + &day[1..3];
        Heading::new(name).right_aligned()
    }));
    headings.push(few_heading("All").right_aligned());
    if before.is_some() {
        headings.extend(rate_headings());
    }
    let mut notes = Vec::new();
    match (&week.reason, &week.best_hour) {
        (Some(reason), _) => notes.push(format!("{} ({reason})", terminal.symbols.dash())),
        (None, Some(best)) => {
            let rate = rate_text(&best.answered, terminal.symbols);
            notes.push(format!(
                "Best hour: {:02}:00 to {:02}:00, {rate} answered.",
                best.hour,
                best.hour + 1
            ));
        }
        (None, None) => notes.push("No hour is certainly better than the others.".to_owned()),
    }
    notes.push(format!(
        "Percent of campaign calls answered{}. Hours in {zone}.",
        if has_calls { " (calls)" } else { "" }
    ));
    FigureTable {
        title: "Week".to_owned(),
        has_few: has_few(week.all_days.iter().map(|hour| &hour.answered)),
        headings,
        rows: rows.collect(),
        notes,
    }
}

fn week_row(hour: &HourOfDay, week: &WeekFigures, has_calls: bool, terminal: Terminal) -> Row {
    let symbols = terminal.symbols;
    let mut row = vec![cell(format!("{:02}", hour.hour))];
    row.extend(WEEKDAYS.map(|day| {
        let found = week.find(day, hour.hour)?;
        let (rate, share) = (&found.answered, found.answered.value?);
        let percent = rate.percent()?;
        let percent = percent.trim_end_matches(" %").replace(' ', "");
        let mark = if terminal.has_bars() {
            shade(share, symbols)
        } else {
            ""
        };
        let calls = if has_calls {
            format!(" ({})", format_grouped(rate.denominator?))
        } else {
            String::new()
        };
        cell(format!("{mark}{percent}{calls}"))
    }));
    row.push(short_rate(&hour.answered, symbols));
    row
}
