//! The report as one HTML file: puts the sections together.

use super::options::ReportOptions;
use super::{
    attempts, audit, billing, caller_numbers, conversations, days, document, funnels, glance,
    groups, notes, outcomes, review, variables, week,
};
use crate::stats::model::Stats;

/// The whole document. The same figures and options give the same bytes.
#[must_use]
pub(crate) fn report(stats: &Stats, title: Option<&str>, options: ReportOptions) -> String {
    let figures = &stats.sections;
    let before = stats.compare.as_ref().map(|compare| &compare.before);
    let mut sections = vec![glance::at_a_glance(stats, options)];
    if let Some(rates) = &figures.rates {
        let before = before.and_then(|before| before.rates.as_ref());
        sections.push(funnels::from_call_to_goal(
            rates,
            before,
            &stats.goal,
            options,
        ));
    }
    if let Some(leads) = &figures.leads {
        let before = before.and_then(|before| before.leads.as_ref());
        sections.push(attempts::leads_and_attempts(leads, before, options));
    }
    if let Some(week) = &figures.week {
        let before = before.and_then(|before| before.week.as_ref());
        sections.push(week::best_times(week, before, options));
    }
    if let Some(list) = &figures.numbers {
        let before = before.and_then(|before| before.numbers.as_ref());
        sections.push(caller_numbers::caller_numbers(list, before, options));
    }
    if let Some(list) = &figures.groups {
        let before = before.and_then(|before| before.groups.as_ref());
        sections.push(groups::by_field(list, before, options));
    }
    if let Some(talk) = &figures.conversations {
        let before = before.and_then(|before| before.conversations.as_ref());
        sections.push(conversations::conversations(talk, before, options));
    }
    if let Some(list) = &figures.variables {
        let before = before.and_then(|before| before.variables.as_ref());
        sections.push(variables::variables(list, before, options));
    }
    if let Some(days) = &figures.days {
        let before = before.and_then(|before| before.days.as_deref());
        let without_time = figures.calls.as_ref().map(|calls| calls.calls_without_time);
        sections.push(days::calls_over_time(
            days,
            before,
            without_time.unwrap_or_default(),
            options,
        ));
    }
    if let Some(calls) = &figures.calls {
        let before = before.and_then(|before| before.calls.as_ref());
        sections.push(outcomes::outcomes(calls, before, options));
    }
    if let Some(billing) = &figures.billing {
        let before = before.and_then(|before| before.billing.as_ref());
        sections.push(billing::billing(billing, before, options));
    }
    if let Some(audit) = &figures.audit {
        let before = before.and_then(|before| before.audit.as_ref());
        sections.push(audit::campaign_settings(audit, before, options));
    }
    if let Some(queue) = &figures.review {
        sections.push(review::calls_to_look_at(queue, options));
    }
    sections.push(notes::not_counted(&stats.input, options));
    sections.push(notes::how_to_read(options));
    document::document(stats, title, &sections, options)
}
