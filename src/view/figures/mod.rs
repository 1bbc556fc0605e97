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
    if let Some(calls) = &stats.calls {
        tables.push(overview::calls_table(stats, calls, terminal));
    }
    if let Some(rates) = &stats.rates {
        tables.push(overview::rates_table(stats, rates, terminal));
    }
    if let Some(leads) = &stats.leads {
        tables.extend(overview::lead_tables(leads, terminal));
    }
    if let Some(numbers) = &stats.numbers {
        tables.push(groups::numbers_table(numbers, terminal));
    }
    if let Some(list) = &stats.groups {
        tables.push(groups::groups_table(list, terminal));
    }
    if let Some(figures) = &stats.conversations {
        tables.extend(conversations::conversation_tables(figures, terminal));
    }
    if let Some(billing) = &stats.billing {
        tables.push(conversations::billing_table(billing, terminal));
    }
    if let Some(audit) = &stats.audit {
        tables.push(overview::audit_table(audit, &stats.zone, terminal));
    }
    if let Some(list) = &stats.variables {
        tables.push(variables::variables_table(list, terminal));
    }
    if let Some(days) = &stats.days {
        tables.push(times::days_table(days, &stats.zone, terminal));
    }
    if let Some(week) = &stats.week {
        tables.push(times::week_table(week, &stats.zone, terminal));
    }
    parts::explain_few(&mut tables);
    tables
}
