//! The figures of a report as tables for people, one or more per section. They are plain rows, so
//! that the terminal and Markdown show the same.

mod bars;
mod campaigns;
mod conversations;
mod groups;
mod overview;
mod parts;
mod times;
mod variables;

use super::terminal::Terminal;
use crate::stats::model::Stats;
pub(crate) use campaigns::campaigns_tables;
pub(crate) use parts::FigureTable;

/// The tables of all sections of `stats`, for this width and these characters.
#[must_use]
pub(crate) fn tables(stats: &Stats, terminal: Terminal) -> Vec<FigureTable> {
    let mut tables = Vec::new();
    if let Some(calls) = &stats.sections.calls {
        tables.push(overview::calls_table(stats, calls, terminal));
    }
    if let Some(rates) = &stats.sections.rates {
        tables.push(overview::rates_table(stats, rates, terminal));
    }
    if let Some(leads) = &stats.sections.leads {
        tables.extend(overview::lead_tables(leads, terminal));
    }
    if let Some(numbers) = &stats.sections.numbers {
        tables.push(groups::numbers_table(numbers, terminal));
    }
    if let Some(list) = &stats.sections.groups {
        tables.push(groups::groups_table(list, terminal));
    }
    if let Some(figures) = &stats.sections.conversations {
        tables.extend(conversations::conversation_tables(figures, terminal));
    }
    if let Some(billing) = &stats.sections.billing {
        tables.push(conversations::billing_table(billing, terminal));
    }
    if let Some(audit) = &stats.sections.audit {
        tables.push(overview::audit_table(audit, &stats.zone, terminal));
    }
    if let Some(list) = &stats.sections.variables {
        tables.push(variables::variables_table(list, terminal));
    }
    if let Some(days) = &stats.sections.days {
        tables.push(times::days_table(days, &stats.zone, terminal));
    }
    if let Some(week) = &stats.sections.week {
        tables.push(times::week_table(week, &stats.zone, terminal));
    }
    parts::explain_few(&mut tables);
    tables
}
