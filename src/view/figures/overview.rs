//! Calls, rates and leads.

use super::parts::{
    FigureTable, Row, cell, few_heading, has_few, interval, interval_heading, not_counted,
    number_cell, rate_text, ratio_text, reason_notes, seconds_text, short_rate, text_heading,
    whole_seconds_text,
};
use crate::stats::model::{
    AuditFigures, CallFigures, LeadFigures, Outcome, RateFigures, Stats, TalkTimes,
};
use crate::stats::{Class, Rate};
use crate::table::writer::Heading;
use crate::text::plural::{format_grouped, format_grouped_count};
use crate::text::symbols::Symbols;
use crate::view::terminal::Terminal;

/// Number of outcomes, attempts, and numbers of attempts that are shown.
const MAX_SHOWN: usize = 10;

fn row(label: &str, text: String) -> Row {
    vec![cell(label), cell(text)]
}

pub(super) fn calls_table(stats: &Stats, calls: &CallFigures, terminal: Terminal) -> FigureTable {
    let symbols = terminal.symbols;
    let (campaign, other) = (
        format_grouped(calls.campaign_calls),
        format_grouped(calls.other_calls),
    );
    let total = format_grouped(calls.calls);
    let mut rows = vec![
        row(
            "calls",
            format!("{total}: {campaign} of campaigns, {other} others"),
        ),
        row("period", period(calls, &stats.zone, symbols)),
        row("outcomes", outcomes(calls, symbols)),
    ];
    rows.extend(talk_rows(&calls.talk_time, symbols));
    let not_counted = not_counted(&stats.input, calls.calls_without_time);
    if !not_counted.is_empty() {
        rows.push(row("not counted", not_counted));
    }
    let hint = stats
        .suggested_zone
        .map(|zone| format!("Times are in UTC. The numbers of the customers suggest --tz {zone}."));
    FigureTable {
        title: "Calls".to_owned(),
        has_few: false,
        headings: vec![Heading::new("Calls"), text_heading("Figures")],
        rows,
        notes: hint.into_iter().collect(),
    }
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
        rows[0] = row(
            "talk time",
            format!("{} (no connected calls)", symbols.dash()),
        );
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

/// A row with a rate, its interval and, if there is room, its bar.
fn rate_row(label: &str, rate: &Rate, terminal: Terminal) -> Row {
    let symbols = terminal.symbols;
    let mut row = vec![
        cell(label),
        cell(rate_text(rate, symbols)),
        interval(rate, symbols),
    ];
    if terminal.has_bars() {
        row.push(terminal.bar(rate.value));
    }
    row
}

fn rate_headings(name: &str, terminal: Terminal) -> Vec<Heading> {
    let mut headings = vec![
        Heading::new(name),
        text_heading("Share"),
        interval_heading(),
    ];
    if terminal.has_bars() {
        headings.push(Heading::new(""));
    }
    headings
}

pub(super) fn rates_table(stats: &Stats, rates: &RateFigures, terminal: Terminal) -> FigureTable {
    let list = [
        ("answered of campaign calls", &rates.answered),
        ("two-way of connected", &rates.two_way),
        ("conversations of connected", &rates.conversations),
        ("goal of conversations", &rates.goals_of_conversations),
        ("goal of connected", &rates.goals_of_connected),
        ("goal of leads", &rates.goals_of_leads),
    ];
    let rows = list.map(|(label, rate)| rate_row(label, rate, terminal));
    let symbols = terminal.symbols;
    let (arrow, dash) = (symbols.arrow(), symbols.dash());
    let count = |count: Option<u64>| count.map_or(dash.to_owned(), format_grouped);
    let (calls, leads) = (&rates.call_funnel, &rates.lead_funnel);
    let mut notes = vec![
        format!(
            "dials {} {arrow} connected {} {arrow} two-way {} {arrow} conversations {} {arrow} goals {}",
            count(calls.dials),
            format_grouped(calls.connected),
            format_grouped(calls.two_way),
            format_grouped(calls.conversations),
            format_grouped(calls.goals),
        ),
        format!(
            "leads {} {arrow} attempted {} {arrow} reached {} {arrow} goals {}",
            format_grouped(leads.leads),
            count(leads.attempted),
            format_grouped(leads.reached),
            format_grouped(leads.goals),
        ),
    ];
    notes.extend(reason_notes(
        list.map(|(label, rate)| (label, rate.reason.as_ref())),
    ));
    if rates.goals_of_connected.value.is_some() {
        let not_said = format_grouped_count(rates.goals_not_said, "connected call");
        notes.push(format!("goal: {} (not said in {not_said})", stats.goal));
    }
    if rates.campaigns_without_misses > 0 && rates.answered.value.is_some() {
        let campaigns = format_grouped_count(rates.campaigns_without_misses, "campaign");
        let calls = format_grouped_count(rates.calls_of_campaigns_without_misses, "call");
        notes.push(format!(
            "rates leave out {campaigns} with {calls}, all connected: perhaps only such calls are sent"
        ));
    }
    FigureTable {
        title: "Rates".to_owned(),
        has_few: has_few(list.map(|(_, rate)| rate)),
        headings: rate_headings("Rates", terminal),
        rows: rows.to_vec(),
        notes,
    }
}

pub(super) fn lead_tables(leads: &LeadFigures, terminal: Terminal) -> Vec<FigureTable> {
    let symbols = terminal.symbols;
    let plain = |label: &str, text: String| {
        let mut row = vec![cell(label), cell(text), None];
        if terminal.has_bars() {
            row.push(None);
        }
        row
    };
    let rates = [
        ("reached of leads", &leads.reached),
        ("with no attempt left", &leads.exhausted),
    ];
    let (calls, talk) = (&leads.calls_per_goal, &leads.talk_seconds_per_goal);
    let mut rows = vec![plain("leads", leads_by_attempts(leads, symbols))];
    rows.extend(rates.map(|(label, rate)| rate_row(label, rate, terminal)));
    let calls_text = ratio_text(
        calls,
        symbols,
        |value| format!("{value:.1} calls"),
        format_grouped,
    );
    let talk_text = ratio_text(talk, symbols, seconds_text, whole_seconds_text);
    rows.push(plain(
        "per goal",
        format!("{calls_text}; talk time {talk_text}"),
    ));
    let reasons = rates.map(|(label, rate)| (label, &rate.reason)).into_iter();
    let ratios = [
        ("calls per goal", &calls.reason),
        ("talk time per goal", &talk.reason),
    ];
    let reasons = reasons.chain(ratios);
    let mut notes = reason_notes(reasons.map(|(label, reason)| (label, reason.as_ref())));
    if leads.calls_without_lead > 0 {
        let calls = format_grouped_count(leads.calls_without_lead, "campaign call");
        notes.push(format!(
            "{calls} without a lead and without a number are not in these figures."
        ));
    }
    let table = FigureTable {
        title: "Leads".to_owned(),
        has_few: has_few(rates.map(|(_, rate)| rate)),
        headings: rate_headings("Leads", terminal),
        rows,
        notes,
    };
    if leads.attempts.is_empty() {
        vec![table]
    } else {
        vec![table, attempts_table(leads, terminal)]
    }
}

/// The number of leads, and how many calls they had: `16: 14 had 1 call, 2 had 2`.
fn leads_by_attempts(leads: &LeadFigures, symbols: Symbols) -> String {
    let shown = leads.attempts_per_lead.iter().take(MAX_SHOWN).enumerate();
    let shown = shown.map(|(index, count)| {
        let attempts = match index {
            0 => format_grouped_count(count.attempts, "call"),
            _ => format_grouped(count.attempts),
        };
        // No-break spaces keep the words together.
        format!("{} had {attempts}", format_grouped(count.leads)).replace(' ', "\u{a0}")
    });
    let mut shown: Vec<String> = shown.collect();
    if leads.attempts_per_lead.len() > MAX_SHOWN {
        shown.push(symbols.ellipsis().to_owned());
    }
    let total = format_grouped(leads.leads);
    if shown.is_empty() {
        return total;
    }
    format!("{total}: {}", shown.join(", "))
}

fn attempts_table(leads: &LeadFigures, terminal: Terminal) -> FigureTable {
    let symbols = terminal.symbols;
    let shown = &leads.attempts[..leads.attempts.len().min(MAX_SHOWN)];
    let rows = shown.iter().map(|attempt| {
        let mut row = vec![
            number_cell(attempt.attempt),
            short_rate(&attempt.answered, symbols),
            short_rate(&attempt.reached_within, symbols),
        ];
        if terminal.has_bars() {
            row.push(terminal.bar(attempt.reached_within.value));
        }
        row
    });
    let mut headings = vec![
        Heading::new("Attempt").right_aligned(),
        few_heading("Answered").right_aligned(),
        few_heading("Leads reached by then").right_aligned(),
    ];
    if terminal.has_bars() {
        headings.push(Heading::new(""));
    }
    let more = leads.attempts.len().saturating_sub(MAX_SHOWN);
    let more = (more > 0).then(|| {
        format!(
            "and {} (see --format csv)",
            format_grouped_count(more as u64, "more attempt")
        )
    });
    let few = shown
        .iter()
        .flat_map(|attempt| [&attempt.answered, &attempt.reached_within]);
    FigureTable {
        title: "Attempts".to_owned(),
        has_few: has_few(few),
        headings,
        rows: rows.collect(),
        notes: more.into_iter().collect(),
    }
}

pub(super) fn audit_table(audit: &AuditFigures, zone: &str, terminal: Terminal) -> FigureTable {
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
    let row = |(label, rate): (&str, &Rate)| vec![cell(label), cell(rate_text(rate, symbols))];
    let rows = list.clone().map(row).collect();
    let mut notes = reason_notes(list.map(|(label, rate)| (label, rate.reason.as_ref())));
    if audit.outside_hours.value.is_some() {
        notes.push(format!("Hours in {zone}."));
    }
    if audit.too_many_in_parallel.numerator > Some(0) {
        notes.push("Calls run at least from their creation for the time of their talk.".to_owned());
    }
    FigureTable {
        title: "Campaign settings".to_owned(),
        headings: vec![Heading::new("Campaign settings"), Heading::new("Share")],
        rows,
        notes,
        has_few: false,
    }
}
