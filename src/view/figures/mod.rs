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
use compared::compared_section;
pub(crate) use compared::comparison_lines;
pub(crate) use parts::FigureTable;

/// The tables of all sections of `stats`, for this width and these characters.
#[must_use]
pub(crate) fn tables(stats: &Stats, terminal: Terminal) -> Vec<FigureTable> {
    let mut tables = Vec::new();
    if let Some((calls, before)) = compared_section(stats, |it| &it.calls) {
        tables.push(overview::calls_table(stats, calls, before, terminal));
    }
    if let Some((rates, before)) = compared_section(stats, |it| &it.rates) {
        tables.push(overview::rates_table(stats, rates, before, terminal));
    }
    if let Some((figures, before)) = compared_section(stats, |it| &it.leads) {
        tables.extend(leads::lead_tables(figures, before, terminal));
    }
    if let Some((numbers, before)) = compared_section(stats, |it| &it.numbers) {
        tables.push(groups::numbers_table(numbers, before, terminal));
    }
    if let Some((list, before)) = compared_section(stats, |it| &it.groups) {
        tables.extend(groups::groups_tables(list, before, terminal));
    }
    if let Some((figures, before)) = compared_section(stats, |it| &it.conversations) {
        tables.extend(conversations::conversation_tables(
            figures, before, terminal,
        ));
    }
    if let Some((figures, before)) = compared_section(stats, |it| &it.billing) {
        tables.push(conversations::billing_table(figures, before, terminal));
    }
    if let Some((figures, before)) = compared_section(stats, |it| &it.audit) {
        tables.push(audit::audit_table(figures, before, &stats.zone, terminal));
    }
    if let Some((list, before)) = compared_section(stats, |it| &it.variables) {
        tables.push(variables::variables_table(list, before, terminal));
    }
    if let Some((days, before)) = compared_section(stats, |it| &it.days) {
        tables.extend(times::days_tables(days, before, &stats.zone, terminal));
    }
    if let Some((week, before)) = compared_section(stats, |it| &it.week) {
        tables.extend(times::week_tables(week, before, &stats.zone, terminal));
    }
    if let Some(figures) = &stats.sections.review {
        tables.push(review::review_table(figures, terminal));
    }
    parts::explain_few(&mut tables);
    if stats.compare.is_some() {
        compared::explain_changes(&mut tables, terminal.symbols);
    }
    tables
}
