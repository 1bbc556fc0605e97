//! The funnels from call and from lead to goal, and the rates.

use maud::{Markup, html};

use super::label::label;
use super::language::Language;
use super::numbers::percent;
use super::options::ReportOptions;
use super::parts::{
    Column, Heading, Table, bar, count, decimal, few_note, fraction, interval, mark, name,
    no_value, note, rate_bar, reason_notes, section,
};
use crate::stats::model::RateFigures;
use crate::stats::{Rate, Reason};

/// Funnels and rates.
#[must_use]
pub(crate) fn from_call_to_goal(rates: &RateFigures, goal: &str, options: ReportOptions) -> Markup {
    let language = options.language;
    let (calls, leads) = (&rates.call_funnel, &rates.lead_funnel);
    let call_steps = [
        (language.dialled(), calls.dials),
        (language.connected(), Some(calls.connected)),
        (language.customer_spoke(), Some(calls.two_way)),
        (language.conversation(), Some(calls.conversations)),
        (language.conversation_with_goal(), Some(calls.goals)),
    ];
    let lead_steps = [
        (language.leads(), Some(leads.leads)),
        (language.attempted(), leads.attempted),
        (language.reached(), Some(leads.reached)),
        (language.goal_reached(), Some(leads.goals)),
    ];
    let is_known = rates.goals_of_connected.value.is_some();
    let left_out = rates.campaigns_without_misses > 0 && rates.answered.value.is_some();
    let content = html! {
        div.pair {
            div {
                (funnel("call-funnel", language.call_funnel(), &call_steps, language))
                (note(language.goals_in_funnel()))
            }
            div { (funnel("lead-funnel", language.lead_funnel(), &lead_steps, language)) }
        }
        (rates_table("rates", language.rates(), false, &rate_list(rates, language), language))
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

fn funnel(id: &str, caption: &str, steps: &[(&str, Option<u64>)], language: Language) -> Markup {
    let first = steps.iter().find_map(|(_, count)| *count);
    let share = |count: u64, of: u64| Rate::new(count, of, Reason::NoCampaignCalls);
    let mut before = None;
    let rows = steps.iter().map(|(step, number_of_step)| {
        let Some(current) = *number_of_step else {
            return html! { (name(step)) (no_value()) (no_value()) (bar(None)) };
        };
        let of_before = before.replace(current).map(|before| share(current, before));
        let of_first = first.and_then(|first| share(current, first).value);
        html! {
            (name(step))
            (count(current, language))
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
    language: Language,
) -> Markup {
    let rows = rates
        .iter()
        .map(|(label, rate)| rate_row(label, rate, language));
    let table = Table {
        id,
        caption,
        headings: &[
            Heading(language.rate(), Column::Text),
            Heading(language.number(), Column::Rate),
            Heading(language.share(), Column::Number),
            Heading(language.range(), Column::Range),
            Heading(language.share(), Column::Bar),
        ],
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
        (few_note(rates.iter().map(|(_, rate)| *rate), language))
        (reason_notes(reasons, language))
    }
}

fn rate_row(label: &str, rate: &Rate, language: Language) -> Markup {
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
    }
}
