//! Leads, and what each attempt to reach them brought.

use maud::{Markup, html};

use super::before;
use super::funnels::rates_table;
use super::language::Language;
use super::options::ReportOptions;
use super::parts::{
    Column, Heading, Table, bar, decimals, few_note, name, no_value, no_values, note, number_above,
    rate_above, rate_bar, reason_notes, section, two_numbers,
};
use crate::stats::Rate;
use crate::stats::model::{AttemptFigures, LeadFigures, Ratio};

/// Number of attempts, and of numbers of attempts, that are shown.
const MAX_SHOWN: usize = 10;

/// Leads, reach by attempt, and attempts per lead.
#[must_use]
pub(crate) fn leads_and_attempts(
    leads: &LeadFigures,
    before: Option<&LeadFigures>,
    options: ReportOptions,
) -> Markup {
    let language = options.language;
    let content = html! {
        (leads_table(leads, before, language))
        @if !leads.attempts.is_empty() { (by_attempt(leads, before, language)) }
        div.pair {
            @if leads.leads > 0 { div { (attempts_per_lead(leads, before, language)) } }
            div { (per_goal(leads, before, language)) }
        }
    };
    section("leads", language.leads_and_attempts(), &content)
}

fn leads_table(leads: &LeadFigures, before: Option<&LeadFigures>, language: Language) -> Markup {
    let before = before.map(|before| rate_list(before, language));
    html! {
        (rates_table(
            "lead-rates",
            language.leads(),
            false,
            &rate_list(leads, language),
            before.as_ref().map(|list| &list[..]),
            language,
        ))
        @if leads.calls_without_lead > 0 {
            (note(language.calls_without_lead(leads.calls_without_lead)))
        }
    }
}

fn rate_list(leads: &LeadFigures, language: Language) -> [(&'static str, &Rate); 3] {
    [
        (language.reached_of_leads(), &leads.reached),
        (language.reached_first(), &leads.reached_at_first_attempt),
        (language.exhausted(), &leads.exhausted),
    ]
}

fn by_attempt(leads: &LeadFigures, before: Option<&LeadFigures>, language: Language) -> Markup {
    let shown = &leads.attempts[..leads.attempts.len().min(MAX_SHOWN)];
    let rows = shown.iter().map(|attempt| {
        let line = |rate: fn(&AttemptFigures) -> &Rate| {
            let line = before.map(|before| {
                let mut attempts = before.attempts.iter();
                let same = attempts.find(|same| same.attempt == attempt.attempt);
                before::rate_line(rate(attempt), same.map(rate), language)
            });
            line.unwrap_or_default()
        };
        let (answered, reached) = (line(|it| &it.answered), line(|it| &it.reached_within));
        html! {
            (name(language.count(attempt.attempt)))
            (rate_above(&attempt.answered, &answered, language))
            (rate_above(&attempt.reached_within, &reached, language))
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
fn attempts_per_lead(
    leads: &LeadFigures,
    before: Option<&LeadFigures>,
    language: Language,
) -> Markup {
    let counts = &leads.attempts_per_lead;
    let (shown, rest) = if counts.len() > MAX_SHOWN {
        counts.split_at(MAX_SHOWN - 1)
    } else {
        (&counts[..], &[][..])
    };
    let rest_leads: u64 = rest.iter().map(|count| count.leads).sum();
    // The leads of the window before with as many attempts, or with more.
    let leads_before = |from: u64, to: u64| {
        let counts = before.iter().flat_map(|before| &before.attempts_per_lead);
        let counts = counts.filter(|count| (from..=to).contains(&count.attempts));
        counts.map(|count| count.leads).sum::<u64>()
    };
    let more = rest.first().map(|first| {
        let before = leads_before(first.attempts, u64::MAX);
        (language.and_more(first.attempts), rest_leads, before)
    });
    let shown = shown.iter().map(|it| {
        let before = leads_before(it.attempts, it.attempts);
        (language.count(it.attempts), it.leads, before)
    });
    let rows: Vec<(String, u64, u64)> = shown.chain(more).collect();
    let most = rows.iter().map(|(_, leads, _)| *leads).max();
    let most = most.unwrap_or_default();
    let rows = rows.iter().map(|(attempts, leads, leads_before)| {
        let line = before.map(|_| before::count_line(*leads, *leads_before, language));
        html! {
            (name(attempts))
            (number_above(&language.count(*leads), leads, &line.unwrap_or_default()))
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

fn per_goal(leads: &LeadFigures, before: Option<&LeadFigures>, language: Language) -> Markup {
    let (calls, talk) = (&leads.calls_per_goal, &leads.talk_time_per_goal);
    let row = |label: &str,
               ratio: &Ratio,
               before: Option<&Ratio>,
               value: &dyn Fn(f64) -> String,
               total: &dyn Fn(u64) -> String| {
        let known = ratio.value.zip(ratio.numerator).zip(ratio.denominator);
        let line = before.map(|before| {
            before::amount_line(
                before.value.map(value),
                ratio.value.zip(before.value),
                language,
            )
        });
        let line = line.unwrap_or_default();
        html! {
            (name(label))
            @match known {
                Some(((per_goal, numerator), goals)) => {
                    (number_above(&value(per_goal), decimals(per_goal), &line))
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
            before.map(|before| &before.calls_per_goal),
            &|it| language.decimal(it),
            &|it| language.calls_of(it),
        ),
        row(
            language.talk_time_per_goal(),
            talk,
            before.map(|before| &before.talk_time_per_goal),
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
