//! The funnels from call and from lead to goal, and the rates.

use maud::{Markup, html};

use super::before;
use super::label::label;
use super::language::Language;
use super::numbers::{DASH, percent};
use super::options::ReportOptions;
use super::parts::{
    Column, Heading, Table, bar, decimal, few_note, fraction, interval, mark, name, no_value, note,
    number_above, rate as rate_cell, rate_bar, reason_notes, section,
};
use crate::stats::comparison::RateChange;
use crate::stats::model::RateFigures;
use crate::stats::{Rate, Reason};

/// Funnels and rates.
#[must_use]
pub(crate) fn from_call_to_goal(
    rates: &RateFigures,
    before: Option<&RateFigures>,
    goal: &str,
    options: ReportOptions,
) -> Markup {
    let language = options.language;
    let (calls, leads) = (call_steps(rates, language), lead_steps(rates, language));
    let calls_before = before.map(|before| call_steps(before, language));
    let leads_before = before.map(|before| lead_steps(before, language));
    let list_before = before.map(|before| rate_list(before, language));
    let is_known = rates.goals_of_connected.value.is_some();
    let left_out = rates.campaigns_without_misses > 0 && rates.answered.value.is_some();
    let content = html! {
        div.pair {
            div {
                (funnel(
                    "call-funnel",
                    language.call_funnel(),
                    &calls,
                    calls_before.as_ref().map(|steps| &steps[..]),
                    language,
                ))
                (note(language.goals_in_funnel()))
            }
            div {
                (funnel(
                    "lead-funnel",
                    language.lead_funnel(),
                    &leads,
                    leads_before.as_ref().map(|steps| &steps[..]),
                    language,
                ))
            }
        }
        (rates_table(
            "rates",
            language.rates(),
            false,
            &rate_list(rates, language),
            list_before.as_ref().map(|list| &list[..]),
            language,
        ))
        @if is_known { (note(language.goal_note(&label(goal), rates.goals_not_said))) }
        @if left_out {
            (note(language.campaigns_left_out(
                rates.campaigns_without_misses,
                rates.calls_of_campaigns_without_misses,
            )))
        }
    };
    section("funnels", language.call_to_goal(), &content)
}

/// The steps of a funnel with their numbers.
type Step = (&'static str, Option<u64>);

fn call_steps(rates: &RateFigures, language: Language) -> [Step; 5] {
    let calls = &rates.call_funnel;
    [
        (language.dialled(), calls.dials),
        (language.connected(), Some(calls.connected)),
        (language.customer_spoke(), Some(calls.two_way)),
        (language.conversation(), Some(calls.conversations)),
        (language.conversation_with_goal(), calls.goals),
    ]
}

fn lead_steps(rates: &RateFigures, language: Language) -> [Step; 4] {
    let leads = &rates.lead_funnel;
    [
        (language.leads(), Some(leads.leads)),
        (language.attempted(), leads.attempted),
        (language.reached(), Some(leads.reached)),
        (language.goal_reached(), leads.goals),
    ]
}

/// A funnel. `steps_before` are its steps in the window before.
fn funnel(
    id: &str,
    caption: &str,
    steps: &[Step],
    steps_before: Option<&[Step]>,
    language: Language,
) -> Markup {
    let first = steps.iter().find_map(|(_, count)| *count);
    let share = |count: u64, of: u64| Rate::new(count, of, Reason::NoCampaignCalls);
    let mut before = None;
    let rows = steps
        .iter()
        .enumerate()
        .map(|(index, (step, number_of_step))| {
            let of_window_before = steps_before.map(|steps| steps[index].1);
            let Some(current) = *number_of_step else {
                return html! { (name(step)) (no_value()) (no_value()) (bar(None)) };
            };
            let line = match of_window_before {
                Some(Some(before)) => before::count_line(current, before, language),
                Some(None) => before::line(DASH, language),
                None => Markup::default(),
            };
            let of_before = before.replace(current).map(|before| share(current, before));
            let of_first = first.and_then(|first| share(current, first).value);
            html! {
                (name(step))
                (number_above(&language.count(current), current, &line))
                @match of_before.filter(|rate| rate.value.is_some()) {
                    Some(rate) => { (decimal(&percent(&rate), rate.value.unwrap_or_default())) }
                    None => { (no_value()) }
                }
                (bar(of_first))
            }
        });
    let table = Table {
        id,
        caption,
        headings: &[
            Heading(language.step(), Column::Text),
            Heading(language.number(), Column::Number),
            Heading(language.of_step_before(), Column::Number),
            Heading(language.of_first_step(), Column::Bar),
        ],
        rows: rows.collect(),
        last_rows: Vec::new(),
        is_sortable: false,
        repeats_title: false,
    };
    html! { (table) }
}

/// The rates of calls and leads, with their names.
fn rate_list(rates: &RateFigures, language: Language) -> [(&'static str, &Rate); 6] {
    [
        (language.answered_of_calls(), &rates.answered),
        (language.two_way_of_connected(), &rates.two_way),
        (language.conversations_of_connected(), &rates.conversations),
        (
            language.goals_of_conversations(),
            &rates.goals_of_conversations,
        ),
        (language.goals_of_connected(), &rates.goals_of_connected),
        (language.goals_of_leads(), &rates.goals_of_leads),
    ]
}

/// A table with a row per rate: its name, fraction, share and interval. Notes say which are of few
/// calls, and why some are missing. `repeats_title` is as in [`Table`].
pub(super) fn rates_table(
    id: &str,
    caption: &str,
    repeats_title: bool,
    rates: &[(&str, &Rate)],
    rates_before: Option<&[(&str, &Rate)]>,
    language: Language,
) -> Markup {
    let rows = rates.iter().enumerate().map(|(index, (label, rate))| {
        let before = rates_before.map(|rates| rates[index].1);
        rate_row(label, rate, before, language)
    });
    let mut headings = vec![
        Heading(language.rate(), Column::Text),
        Heading(language.number(), Column::Rate),
        Heading(language.share(), Column::Number),
        Heading(language.range(), Column::Range),
        Heading(language.share(), Column::Bar),
    ];
    if rates_before.is_some() {
        headings.push(Heading(language.before(), Column::Rate));
        headings.push(Heading(language.change(), Column::Number));
    }
    let table = Table {
        id,
        caption,
        headings: &headings,
        rows: rows.collect(),
        last_rows: Vec::new(),
        is_sortable: false,
        repeats_title,
    };
    let reasons = rates
        .iter()
        .map(|(label, rate)| (*label, rate.reason.as_ref()));
    html! {
        (table)
        (few_note(
            rates.iter().chain(rates_before.into_iter().flatten()).map(|(_, rate)| *rate),
            language,
        ))
        (reason_notes(reasons, language))
    }
}

fn rate_row(label: &str, rate: &Rate, before: Option<&Rate>, language: Language) -> Markup {
    let share = format!("{}{}", percent(rate), mark(rate));
    html! {
        (name(label))
        (fraction(rate, language))
        @match rate.value {
            Some(value) => { (decimal(&share, value)) }
            None => { (no_value()) }
        }
        (interval(rate))
        (rate_bar(rate))
        @if let Some(before) = before {
            (rate_cell(before, language))
            @match RateChange::new(rate, before) {
                Some(change) => { (decimal(&language.points(change), change.points)) }
                None => { (no_value()) }
            }
        }
    }
}
