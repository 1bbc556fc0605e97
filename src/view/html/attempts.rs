//! Leads, and what each attempt to reach them brought.

use maud::{Markup, html};

use super::funnels::rates_table;
use super::language::Language;
use super::options::ReportOptions;
use super::parts::{
    Column, Heading, Table, bar, count, decimal, few_note, name, no_value, no_values, note, rate,
    rate_bar, reason_notes, section, two_numbers,
};
use crate::stats::model::{LeadFigures, Ratio};

/// Number of attempts, and of numbers of attempts, that are shown.
const MAX_SHOWN: usize = 10;

/// Leads, reach by attempt, and attempts per lead.
#[must_use]
pub(crate) fn leads_and_attempts(leads: &LeadFigures, options: ReportOptions) -> Markup {
    let language = options.language;
    let content = html! {
        (leads_table(leads, language))
        @if !leads.attempts.is_empty() { (by_attempt(leads, language)) }
        div.pair {
            @if leads.leads > 0 { div { (attempts_per_lead(leads, language)) } }
            div { (per_goal(leads, language)) }
        }
    };
    section("leads", language.leads_and_attempts(), &content)
}

fn leads_table(leads: &LeadFigures, language: Language) -> Markup {
    let rates = [
        (language.reached_of_leads(), &leads.reached),
        (language.reached_first(), &leads.reached_at_first_attempt),
        (language.exhausted(), &leads.exhausted),
    ];
    html! {
        (rates_table("lead-rates", language.leads(), false, &rates, language))
        @if leads.calls_without_lead > 0 {
            (note(language.calls_without_lead(leads.calls_without_lead)))
        }
    }
}

fn by_attempt(leads: &LeadFigures, language: Language) -> Markup {
    let shown = &leads.attempts[..leads.attempts.len().min(MAX_SHOWN)];
    let rows = shown.iter().map(|attempt| {
        html! {
            (name(language.count(attempt.attempt)))
            (rate(&attempt.answered, language))
            (rate(&attempt.reached_within, language))
            (rate_bar(&attempt.reached_within))
        }
    });
    let table = Table {
        id: "attempts",
        caption: language.by_attempt(),
        headings: &[
            Heading(language.attempt(), Column::Text),
            Heading(language.answered(), Column::Rate),
            Heading(language.reached_by_then(), Column::Rate),
            Heading(language.reached_by_then(), Column::Bar),
        ],
        rows: rows.collect(),
        last_rows: Vec::new(),
        is_sortable: false,
        repeats_title: false,
    };
    let rates = shown
        .iter()
        .flat_map(|it| [&it.answered, &it.reached_within]);
    let more = leads.attempts.len() - shown.len();
    html! {
        (table)
        (few_note(rates, language))
        p.note { (language.reached_by_then()) ": " (language.reached_note()) }
        @if more > 0 { (note(language.more_attempts(more as u64))) }
    }
}

/// The number of leads by number of attempts. All from the tenth row on share one.
fn attempts_per_lead(leads: &LeadFigures, language: Language) -> Markup {
    let counts = &leads.attempts_per_lead;
    let (shown, rest) = if counts.len() > MAX_SHOWN {
        counts.split_at(MAX_SHOWN - 1)
    } else {
        (&counts[..], &[][..])
    };
    let rest_leads: u64 = rest.iter().map(|count| count.leads).sum();
    let more = rest
        .first()
        .map(|first| (language.and_more(first.attempts), rest_leads));
    let shown = shown
        .iter()
        .map(|it| (language.count(it.attempts), it.leads));
    let rows: Vec<(String, u64)> = shown.chain(more).collect();
    let most = rows
        .iter()
        .map(|(_, leads)| *leads)
        .max()
        .unwrap_or_default();
    let rows = rows.iter().map(|(attempts, leads)| {
        html! {
            (name(attempts))
            (count(*leads, language))
            (bar(share(*leads, most)))
        }
    });
    let table = Table {
        id: "attempts-per-lead",
        caption: language.attempts_per_lead(),
        headings: &[
            Heading(language.attempts(), Column::Text),
            Heading(language.leads(), Column::Number),
            Heading(language.leads(), Column::Bar),
        ],
        rows: rows.collect(),
        last_rows: Vec::new(),
        is_sortable: false,
        repeats_title: false,
    };
    html! { (table) }
}

/// The share of the greatest of several numbers.
pub(super) fn share(count: u64, most: u64) -> Option<f64> {
    crate::stats::Rate::new(count, most, crate::stats::Reason::NoLeads).value
}

fn per_goal(leads: &LeadFigures, language: Language) -> Markup {
    let (calls, talk) = (&leads.calls_per_goal, &leads.talk_seconds_per_goal);
    let row = |label: &str,
               ratio: &Ratio,
               value: &dyn Fn(f64) -> String,
               total: &dyn Fn(u64) -> String| {
        let known = ratio.value.zip(ratio.numerator).zip(ratio.denominator);
        html! {
            (name(label))
            @match known {
                Some(((per_goal, numerator), goals)) => {
                    (decimal(&value(per_goal), per_goal))
                    (two_numbers(&language.for_goals(&total(numerator), goals), numerator, goals))
                }
                None => { (no_value()) (no_values()) }
            }
        }
    };
    let rows = vec![
        row(
            language.calls_per_goal(),
            calls,
            &|it| language.decimal(it),
            &|it| language.calls_of(it),
        ),
        row(
            language.talk_time_per_goal(),
            talk,
            &|it| language.rounded_duration(it),
            &|it| language.duration(it),
        ),
    ];
    let table = Table {
        id: "per-goal",
        caption: language.per_goal(),
        headings: &[
            Heading(language.figure(), Column::Text),
            Heading(language.value(), Column::Number),
            Heading(language.number(), Column::Rate),
        ],
        rows,
        last_rows: Vec::new(),
        is_sortable: false,
        repeats_title: false,
    };
    let reasons = [
        (language.calls_per_goal(), calls.reason.as_ref()),
        (language.talk_time_per_goal(), talk.reason.as_ref()),
    ];
    html! { (table) (reason_notes(reasons, language)) }
}
