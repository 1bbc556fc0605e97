//! The figures of a report as tables for people, one or more per section. They are plain rows, so
//! that the terminal and Markdown show the same.

mod audit;
mod bars;
mod campaigns;
mod compared;
mod compared_groups;
mod conversations;
mod group_parts;
mod groups;
mod leads;
mod overview;
mod parts;
mod rate_rows;
mod review;
mod times;
mod variables;

use super::terminal::Terminal;
use crate::stats::model::Stats;
pub(crate) use campaigns::campaigns_tables;
use compared::Before;
pub(crate) use compared::comparison_lines;
pub(crate) use parts::FigureTable;

/// The tables of all sections of `stats`, for this width and these characters.
#[must_use]
pub(crate) fn tables(stats: &Stats, terminal: Terminal) -> Vec<FigureTable> {
    let mut tables = Vec::new();
    let before = stats.compare.as_ref().map(Before::new);
    let sections = &stats.sections;
    if let Some(calls) = &sections.calls {
        let before = before.and_then(|before| before.section(|it| &it.calls));
        tables.push(overview::calls_table(stats, calls, before, terminal));
    }
    if let Some(rates) = &sections.rates {
        let before = before.and_then(|before| before.section(|it| &it.rates));
        tables.push(overview::rates_table(stats, rates, before, terminal));
    }
    if let Some(figures) = &sections.leads {
        let before = before.and_then(|before| before.section(|it| &it.leads));
        tables.extend(leads::lead_tables(figures, before, terminal));
    }
    if let Some(numbers) = &sections.numbers {
        let before = before.and_then(|before| before.section(|it| &it.numbers));
        tables.push(groups::numbers_table(numbers, before, terminal));
    }
    if let Some(list) = &sections.groups {
        let before = before.and_then(|before| before.section(|it| &it.groups));
        tables.extend(groups::groups_tables(list, before, terminal));
    }
    if let Some(figures) = &sections.conversations {
        let before = before.and_then(|before| before.section(|it| &it.conversations));
        tables.extend(conversations::conversation_tables(
            figures, before, terminal,
        ));
    }
    if let Some(figures) = &sections.billing {
        let before = before.and_then(|before| before.section(|it| &it.billing));
        tables.push(conversations::billing_table(figures, before, terminal));
    }
    if let Some(figures) = &sections.audit {
        let before = before.and_then(|before| before.section(|it| &it.audit));
        tables.push(audit::audit_table(figures, before, &stats.zone, terminal));
    }
    if let Some(list) = &sections.variables {
        let before = before.and_then(|before| before.section(|it| &it.variables));
        tables.push(variables::variables_table(list, before, terminal));
    }
    if let Some(days) = &sections.days {
        let before = before.and_then(|before| before.section(|it| &it.days));
        tables.extend(times::days_tables(days, before, &stats.zone, terminal));
    }
    if let Some(week) = &sections.week {
        let before = before.and_then(|before| before.section(|it| &it.week));
        tables.extend(times::week_tables(week, before, &stats.zone, terminal));
    }
    if let Some(figures) = &sections.review {
        tables.push(review::review_table(figures, terminal));
    }
    parts::explain_few(&mut tables);
    if stats.compare.is_some() {
        compared::explain_changes(&mut tables, terminal.symbols);
    }
    tables
}
