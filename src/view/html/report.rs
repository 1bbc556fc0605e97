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
    let mut sections = vec![glance::at_a_glance(stats, options)];
    if let Some((rates, before)) = stats.section(|it| &it.rates) {
        sections.push(funnels::from_call_to_goal(
            rates,
            before,
            &stats.goal,
            options,
        ));
    }
    if let Some((leads, before)) = stats.section(|it| &it.leads) {
        sections.push(attempts::leads_and_attempts(leads, before, options));
    }
    if let Some((week, before)) = stats.section(|it| &it.week) {
        sections.push(week::best_times(week, before, options));
    }
    if let Some((list, before)) = stats.section(|it| &it.numbers) {
        sections.push(caller_numbers::caller_numbers(list, before, options));
    }
    if let Some((list, before)) = stats.section(|it| &it.groups) {
        sections.push(groups::by_field(list, before, options));
    }
    if let Some((talk, before)) = stats.section(|it| &it.conversations) {
        sections.push(conversations::conversations(talk, before, options));
    }
    if let Some((list, before)) = stats.section(|it| &it.variables) {
        sections.push(variables::variables(list, before, options));
    }
    if let Some((days, before)) = stats.section(|it| &it.days) {
        let calls = stats.sections.calls.as_ref();
        let without_time = calls.map(|calls| calls.calls_without_time);
        sections.push(days::calls_over_time(
            days,
            before.map(Vec::as_slice),
            without_time.unwrap_or_default(),
            options,
        ));
    }
    if let Some((calls, before)) = stats.section(|it| &it.calls) {
        sections.push(outcomes::outcomes(calls, before, options));
    }
    if let Some((billing, before)) = stats.section(|it| &it.billing) {
        sections.push(billing::billing(billing, before, options));
    }
    if let Some((audit, before)) = stats.section(|it| &it.audit) {
        sections.push(audit::campaign_settings(audit, before, options));
    }
    if let Some(queue) = &stats.sections.review {
        sections.push(review::calls_to_look_at(queue, options));
    }
    sections.push(notes::not_counted(&stats.input, options));
    sections.push(notes::how_to_read(options));
    document::document(stats, title, &sections, options)
}
