//! Calls and rates.

use super::compared::{Before, add_text_columns, change_heading};
use super::parts::{
    FigureTable, Row, cell, has_few, not_counted, reason_notes, seconds_text, text_heading,
    whole_seconds_text,
};
use super::rate_rows::{rate_headings, rate_row};
use crate::stats::model::{CallFigures, Outcome, RateFigures, Stats, TalkTimes};
use crate::stats::rate::to_f64;
use crate::stats::{Class, Rate, Reason};
use crate::table::writer::Heading;
use crate::text::plural::{format_grouped, format_grouped_count};
use crate::text::symbols::Symbols;
use crate::view::terminal::Terminal;

/// Number of statuses that are shown.
const MAX_SHOWN: usize = 10;

fn row(label: &str, text: String) -> Row {
    vec![cell(label), cell(text)]
}

pub(super) fn calls_table(
    stats: &Stats,
    calls: &CallFigures,
    before: Option<Before<CallFigures>>,
    terminal: Terminal,
) -> FigureTable {
    let symbols = terminal.symbols;
    // The windows are above the table.
    let zone = before.is_none().then_some(&*stats.zone);
    let mut rows = call_rows(calls, zone, symbols);
    let mut headings = vec![Heading::new("Calls"), text_heading("Figures")];
    if let Some(Before { figures, .. }) = before {
        let mean = |calls: &CallFigures| calls.talk_time.mean;
        let amounts = [
            ("calls", Some((to_f64(calls.calls), to_f64(figures.calls)))),
            (
                "talk time",
                Some((
                    to_f64(calls.talk_time.seconds),
                    to_f64(figures.talk_time.seconds),
                )),
            ),
            ("per call", mean(calls).zip(mean(figures))),
        ];
        let before = call_rows(figures, None, symbols);
        add_text_columns(&mut rows, &before, &amounts, symbols);
        headings.extend([text_heading("Before"), change_heading("Change")]);
    }
    let not_counted = not_counted(&stats.input, calls.calls_without_time);
    if !not_counted.is_empty() {
        let mut row = row("not counted", not_counted);
        row.resize_with(headings.len(), || None);
        rows.push(row);
    }
    let hint = stats
        .suggested_zone
        .map(|zone| format!("Times are in UTC. The numbers of the customers suggest --tz {zone}."));
    FigureTable {
        title: "Calls".to_owned(),
        has_few: false,
        headings,
        rows,
        notes: hint.into_iter().collect(),
    }
}

/// The rows of calls; with their period in `zone`, if there is one.
fn call_rows(calls: &CallFigures, zone: Option<&str>, symbols: Symbols) -> Vec<Row> {
    let (campaign, other) = (
        format_grouped(calls.campaign_calls),
        format_grouped(calls.other_calls),
    );
    let total = format_grouped(calls.calls);
    let mut rows = vec![row(
        "calls",
        format!("{total}: {campaign} of campaigns, {other} others"),
    )];
    rows.extend(zone.map(|zone| row("period", period(calls, zone, symbols))));
    rows.push(row("outcomes", outcomes(calls, symbols)));
    rows.extend(talk_rows(&calls.talk_time, symbols));
    rows
}

fn period(calls: &CallFigures, zone: &str, symbols: Symbols) -> String {
    let day = |time: &Option<String>| {
        let day = time.as_deref().and_then(|time| time.split('T').next());
        day.map(str::to_owned)
    };
    let (Some(first), Some(last)) = (day(&calls.first), day(&calls.last)) else {
        let reason = if calls.calls == 0 {
            "no calls"
        } else {
            "no call has a readable time"
        };
        return format!("{} ({reason})", symbols.dash());
    };
    let (with_calls, days) = (
        format_grouped(calls.days_with_calls),
        format_grouped(calls.days),
    );
    let range = if first == last {
        first
    } else {
        format!("{first} to {last}")
    };
    format!("{range} ({zone}), calls on {with_calls} of {days} days")
}

/// The calls by class and status: `17 connected: 14 completed, 3 ended_by_customer; 6 not: …`.
fn outcomes(calls: &CallFigures, symbols: Symbols) -> String {
    let classes = [
        (Class::Connected, calls.connected, "connected"),
        (Class::NotConnected, calls.not_connected, "not connected"),
        (Class::Open, calls.open, "not over"),
        (Class::Unclassed, calls.unclassed, "of unknown result"),
    ];
    let parts = classes.into_iter().filter(|(_, count, _)| *count > 0);
    let parts = parts.map(|(class, count, name)| {
        let list: Vec<&Outcome> = calls
            .outcomes
            .iter()
            .filter(|it| it.class == class)
            .collect();
        let statuses = list.iter().take(MAX_SHOWN).map(|outcome| {
            let status = outcome
                .status
                .as_deref()
                .unwrap_or("without a known status");
            // No-break spaces keep a number and its words on one line.
            format!("{} {status}", format_grouped(outcome.calls)).replace(' ', "\u{a0}")
        });
        let mut statuses: Vec<String> = statuses.collect();
        if list.len() > MAX_SHOWN {
            statuses.push(format!(
                "{} more",
                format_grouped((list.len() - MAX_SHOWN) as u64)
            ));
        }
        format!("{} {name}: {}", format_grouped(count), statuses.join(", "))
    });
    let parts: Vec<String> = parts.collect();
    if parts.is_empty() {
        return symbols.dash().to_owned();
    }
    parts.join("; ")
}

fn talk_rows(talk: &TalkTimes, symbols: Symbols) -> Vec<Row> {
    let calls = format_grouped_count(talk.calls, "connected call");
    let without = match talk.calls_without_duration {
        0 => String::new(),
        calls => format!(", {} without a readable duration", format_grouped(calls)),
    };
    let total = whole_seconds_text(talk.seconds);
    let mut rows = vec![row("talk time", format!("{total} in {calls}{without}"))];
    let (Some(mean), Some(median), Some(p90), Some(max)) =
        (talk.mean, talk.median, talk.p90, talk.max)
    else {
        let reason = match talk.calls_without_duration {
            0 => Reason::NoConnectedCalls,
            _ => Reason::NoDuration,
        };
        rows[0] = row("talk time", format!("{} ({reason})", symbols.dash()));
        return rows;
    };
    let (mean, median) = (seconds_text(mean), seconds_text(median));
    let (p90, max) = (
        whole_seconds_text(p90.into()),
        whole_seconds_text(max.into()),
    );
    let text = format!("mean {mean}, median {median}, 90 % up to {p90}, longest {max}");
    rows.push(row("per call", text));
    rows
}

pub(super) fn rates_table(
    stats: &Stats,
    rates: &RateFigures,
    before: Option<Before<RateFigures>>,
    terminal: Terminal,
) -> FigureTable {
    let list = rate_list(rates);
    let list_before = before.map(|before| rate_list(before.figures));
    let symbols = terminal.symbols;
    let rows = list.iter().enumerate().map(|(index, (label, rate))| {
        let before = list_before.map(|list| list[index].1);
        rate_row(label, rate, before, terminal)
    });
    let mut notes = funnel_notes(rates, symbols).to_vec();
    if let Some(before) = before {
        let funnels = funnel_notes(before.figures, symbols).map(|note| format!("before: {note}"));
        notes.extend(funnels);
    }
    notes.extend(reason_notes(
        list.map(|(label, rate)| (label, rate.reason.as_ref())),
    ));
    if rates.goals_of_connected.value.is_some() {
        let not_said = match rates.goals_not_said {
            0 => String::new(),
            calls => format!(
                " (not said in {})",
                format_grouped_count(calls, "connected call")
            ),
        };
        notes.push(format!("goal: {}{not_said}", stats.goal));
    }
    if rates.campaigns_without_misses > 0 && rates.answered.value.is_some() {
        let campaigns = format_grouped_count(rates.campaigns_without_misses, "campaign");
        let calls = format_grouped_count(rates.calls_of_campaigns_without_misses, "call");
        notes.push(format!(
            "rates leave out {campaigns} with {calls}, of which none failed to connect: perhaps only connected calls are sent"
        ));
    }
    if let Some((before, list)) = before.zip(list_before) {
        notes.extend(before.reason_notes(list.map(|(label, rate)| (label, rate.reason.as_ref()))));
    }
    let mut headings = rate_headings("Rates", before.is_some(), terminal);
    if before.is_some() {
        // In a narrow terminal, the interval is dropped before a share is wrapped.
        headings[1] = Heading::new("Share");
    }
    FigureTable {
        title: "Rates".to_owned(),
        has_few: has_few(
            list.into_iter()
                .chain(list_before.into_iter().flatten())
                .map(|(_, rate)| rate),
        ),
        headings,
        rows: rows.collect(),
        notes,
    }
}

/// The rates with their names.
fn rate_list(rates: &RateFigures) -> [(&'static str, &Rate); 6] {
    [
        ("answered of campaign calls", &rates.answered),
        ("two-way of connected", &rates.two_way),
        ("conversations of connected", &rates.conversations),
        ("goal of conversations", &rates.goals_of_conversations),
        ("goal of connected", &rates.goals_of_connected),
        ("goal of leads", &rates.goals_of_leads),
    ]
}

/// The funnels of calls and of leads.
fn funnel_notes(rates: &RateFigures, symbols: Symbols) -> [String; 2] {
    let (arrow, dash) = (symbols.arrow(), symbols.dash());
    let count = |count: Option<u64>| count.map_or(dash.to_owned(), format_grouped);
    let (calls, leads) = (&rates.call_funnel, &rates.lead_funnel);
    [
        format!(
            "dials {} {arrow} connected {} {arrow} two-way {} {arrow} conversations {} {arrow} goals {}",
            count(calls.dials),
            format_grouped(calls.connected),
            format_grouped(calls.two_way),
            format_grouped(calls.conversations),
            count(calls.goals),
        ),
        format!(
            "leads {} {arrow} attempted {} {arrow} reached {} {arrow} goals {}",
            format_grouped(leads.leads),
            count(leads.attempted),
            format_grouped(leads.reached),
            count(leads.goals),
        ),
    ]
}
