//! The report as one HTML file: puts the sections together.

use super::options::ReportOptions;
use super::{
    attempts, audit, billing, caller_numbers, conversations, days, document, funnels, glance,
    groups, notes, outcomes, variables, week,
};
use crate::stats::model::Stats;

/// The whole document. The same figures and options give the same bytes.
#[must_use]
pub(crate) fn report(stats: &Stats, title: Option<&str>, options: ReportOptions) -> String {
    let mut sections = vec![glance::at_a_glance(stats, options)];
    if let Some(rates) = &stats.sections.rates {
        sections.push(funnels::from_call_to_goal(rates, &stats.goal, options));
    }
    if let Some(leads) = &stats.sections.leads {
        sections.push(attempts::leads_and_attempts(leads, options));
    }
    if let Some(week) = &stats.sections.week {
        sections.push(week::best_times(week, options));
    }
    if let Some(list) = &stats.sections.numbers {
        sections.push(caller_numbers::caller_numbers(list, options));
    }
    if let Some(list) = &stats.sections.groups {
        sections.push(groups::by_field(list, options));
    }
    if let Some(figures) = &stats.sections.conversations {
        sections.push(conversations::conversations(figures, options));
    }
    if let Some(list) = &stats.sections.variables {
        sections.push(variables::variables(list, options));
    }
    if let Some(days) = &stats.sections.days {
        let without_time = stats
            .sections
            .calls
            .as_ref()
            .map(|calls| calls.calls_without_time);
        sections.push(days::calls_over_time(
            days,
            without_time.unwrap_or_default(),
            options,
        ));
    }
    if let Some(calls) = &stats.sections.calls {
        sections.push(outcomes::outcomes(calls, options));
    }
    if let Some(billing) = &stats.sections.billing {
        sections.push(billing::billing(billing, options));
    }
    if let Some(audit) = &stats.sections.audit {
        sections.push(audit::campaign_settings(audit, options));
    }
    sections.push(notes::not_counted(&stats.input, options));
    sections.push(notes::how_to_read(options));
    document::document(stats, title, &sections, options)
}
