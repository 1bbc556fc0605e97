//! Leads, and what each attempt to reach them brought.

use super::compared::{self, Before, add_text_columns};
use super::parts::{
    FigureTable, Row, cell, few_heading, has_few, number_cell, ratio_text, reason_notes,
    seconds_text, short_rate, whole_seconds_text,
};
use super::rate_rows::{rate_headings, rate_row};
use crate::stats::model::{AttemptFigures, LeadFigures};
use crate::stats::rate::to_f64;
use crate::stats::{Rate, Reason};
use crate::table::writer::Heading;
use crate::text::plural::{format_grouped, format_grouped_count};
use crate::text::symbols::Symbols;
use crate::view::terminal::Terminal;

/// Number of attempts, and of numbers of attempts, that are shown.
const MAX_SHOWN: usize = 10;

pub(super) fn lead_tables(
    leads: &LeadFigures,
    before: Option<Before<LeadFigures>>,
    terminal: Terminal,
) -> Vec<FigureTable> {
    let mut tables = vec![leads_table(leads, before, terminal)];
    if !leads.attempts.is_empty() {
        tables.push(attempts_table(leads, before, terminal));
    }
    tables
}

fn leads_table(
    leads: &LeadFigures,
    before: Option<Before<LeadFigures>>,
    terminal: Terminal,
) -> FigureTable {
    let rates = rate_list(leads);
    let rates_before = before.map(|before| rate_list(before.figures));
    let rate_rows = rates.iter().enumerate().map(|(index, (label, rate))| {
        let before = rates_before.map(|rates| rates[index].1);
        rate_row(label, rate, before, terminal)
    });
    let [of_leads, per_goal] = text_rows(leads, before, terminal);
    let rows = [of_leads].into_iter().chain(rate_rows).chain([per_goal]);
    let mut notes = reason_notes(reasons(leads));
    if leads.calls_without_lead > 0 {
        let calls = format_grouped_count(leads.calls_without_lead, "campaign call");
        notes.push(format!(
            "{calls} without a lead and without a number are not in these figures."
        ));
    }
    if let Some(before) = before {
        notes.extend(before.reason_notes(reasons(before.figures)));
    }
    let shares = rates.into_iter().chain(rates_before.into_iter().flatten());
    FigureTable {
        title: "Leads".to_owned(),
        has_few: has_few(shares.map(|(_, rate)| rate)),
        headings: rate_headings("Leads", before.is_some(), terminal),
        rows: rows.collect(),
        notes,
    }
}

fn rate_list(leads: &LeadFigures) -> [(&'static str, &Rate); 2] {
    [
        ("reached of leads", &leads.reached),
        ("with no attempt left", &leads.exhausted),
    ]
}

/// Why figures are not known.
fn reasons(leads: &LeadFigures) -> [(&'static str, Option<&Reason>); 4] {
    let (calls, talk) = (&leads.calls_per_goal, &leads.talk_time_per_goal);
    [
        ("reached", leads.reached.reason.as_ref()),
        ("with no attempt left", leads.exhausted.reason.as_ref()),
        ("calls per goal", calls.reason.as_ref()),
        ("talk time per goal", talk.reason.as_ref()),
    ]
}

/// The rows of the number of leads, and of the effort per goal. They have no interval.
fn text_rows(
    leads: &LeadFigures,
    before: Option<Before<LeadFigures>>,
    terminal: Terminal,
) -> [Row; 2] {
    let symbols = terminal.symbols;
    let rows = |leads: &LeadFigures| {
        [
            vec![cell("leads"), cell(leads_by_attempts(leads, symbols))],
            vec![cell("per goal"), cell(per_goal(leads, symbols))],
        ]
    };
    let mut of_window = rows(leads);
    if let Some(Before { figures, .. }) = before {
        let calls = |leads: &LeadFigures| leads.calls_per_goal.value;
        let amounts = [
            ("leads", Some((to_f64(leads.leads), to_f64(figures.leads)))),
            ("per goal", calls(leads).zip(calls(figures))),
        ];
        // Without the fractions, which would not fit beside rates.
        let short = [
            vec![cell("leads"), number_cell(figures.leads)],
            vec![cell("per goal"), cell(short_per_goal(figures, symbols))],
        ];
        add_text_columns(&mut of_window, &short, &amounts, symbols);
    } else if terminal.has_bars() {
        for row in &mut of_window {
            row.push(None);
        }
    }
    for row in &mut of_window {
        row.insert(2, None);
    }
    of_window
}

/// `3.8 calls (15 for 4); talk time 5m 58s (23m 52s for 4)`.
fn per_goal(leads: &LeadFigures, symbols: Symbols) -> String {
    let (calls, talk) = (&leads.calls_per_goal, &leads.talk_time_per_goal);
    let calls = ratio_text(
        calls,
        symbols,
        |value| format!("{value:.1} calls"),
        format_grouped,
    );
    let talk = ratio_text(talk, symbols, seconds_text, whole_seconds_text);
    format!("{calls}; talk time {talk}")
}

/// `3.8 calls, 5m 58s`.
fn short_per_goal(leads: &LeadFigures, symbols: Symbols) -> String {
    let (calls, talk) = (&leads.calls_per_goal, &leads.talk_time_per_goal);
    let dash = || symbols.dash().to_owned();
    let calls = calls.value.map(|calls| format!("{calls:.1} calls"));
    let talk = talk.value.map(seconds_text);
    format!(
        "{}, {}",
        calls.unwrap_or_else(dash),
        talk.unwrap_or_else(dash)
    )
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

fn attempts_table(
    leads: &LeadFigures,
    before: Option<Before<LeadFigures>>,
    terminal: Terminal,
) -> FigureTable {
    let symbols = terminal.symbols;
    let has_bars = terminal.has_bars() && before.is_none();
    let shown = &leads.attempts[..leads.attempts.len().min(MAX_SHOWN)];
    let rows = shown.iter().map(|attempt| {
        let mut row = vec![number_cell(attempt.attempt)];
        let same = before.and_then(|before| {
            let mut attempts = before.figures.attempts.iter();
            attempts.find(|same| same.attempt == attempt.attempt)
        });
        for part in [answered, reached_within] {
            row.push(short_rate(part(attempt), symbols));
            if before.is_some() {
                row.extend(compared::rate_cells(part(attempt), same.map(part), symbols));
            }
        }
        if has_bars {
            row.push(terminal.bar(attempt.reached_within.value));
        }
        row
    });
    let mut headings = vec![Heading::new("Attempt").right_aligned()];
    headings.push(few_heading("Answered").right_aligned());
    if before.is_some() {
        headings.extend(compared::rate_headings());
    }
    headings.push(few_heading("Leads reached by then").right_aligned());
    if before.is_some() {
        headings.extend([
            few_heading("Reached before").right_aligned().dropped(1),
            compared::change_heading("Reached change").dropped(2),
        ]);
    }
    if has_bars {
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

fn answered(attempt: &AttemptFigures) -> &Rate {
    &attempt.answered
}

fn reached_within(attempt: &AttemptFigures) -> &Rate {
    &attempt.reached_within
}
