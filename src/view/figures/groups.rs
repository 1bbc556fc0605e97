//! Figures by number of the assistant, and by the field of `--by`.

use super::compared::Before;
use super::compared_groups::{COMPARED_GROUPS, COMPARED_NUMBERS, compared_groups};
use super::group_parts::{NUMBER_HEADING, NUMBERS_TITLE, ShownGroups, groups_title, mean_cell};
use super::parts::{
    FigureTable, Row, cell, few_heading, has_few, name_heading, number_cell, short_rate,
    whole_seconds_text,
};
use crate::stats::Rate;
use crate::stats::model::{GroupFigures, GroupList};
use crate::table::writer::Heading;
use crate::text::symbols::Symbols;
use crate::view::terminal::Terminal;

/// The rates of a number, in the order of their columns.
fn number_rates(group: &GroupFigures) -> [&Rate; 4] {
    [
        &group.answered,
        &group.under_10_seconds,
        &group.answered_last_7_days,
        &group.answered_before,
    ]
}

/// The rates of a group, in the order of their columns.
fn group_rates(group: &GroupFigures) -> [&Rate; 3] {
    [
        &group.answered,
        &group.conversations,
        &group.goals_of_connected,
    ]
}

pub(super) fn numbers_table(
    list: &GroupList,
    before: Option<Before<GroupList>>,
    terminal: Terminal,
) -> FigureTable {
    if let Some(before) = before {
        return compared_groups(list, before, &COMPARED_NUMBERS, terminal);
    }
    let symbols = terminal.symbols;
    let groups = ShownGroups::of(list);
    let rows = groups.rows().map(|(group, name)| {
        let mut row = vec![cell(name), number_cell(group.calls)];
        row.extend(number_rates(group).map(|rate| short_rate(rate, symbols)));
        row
    });
    FigureTable {
        title: NUMBERS_TITLE.to_owned(),
        headings: vec![
            name_heading(NUMBER_HEADING, 16),
            Heading::new("Calls").right_aligned(),
            few_heading("Answered").right_aligned(),
            few_heading("Under 10 s").right_aligned().dropped(1),
            few_heading("Last 7 days").right_aligned().dropped(2),
            few_heading("Before").right_aligned().dropped(3),
        ],
        rows: rows.collect(),
        notes: groups.notes(list),
        has_few: has_few(groups.rows().flat_map(|(group, _)| number_rates(group))),
    }
}

/// The tables of the groups of `--by`. Days and weeks are in only one of two windows that are
/// compared, so each window has its table.
pub(super) fn groups_tables(
    list: &GroupList,
    before: Option<Before<GroupList>>,
    terminal: Terminal,
) -> Vec<FigureTable> {
    match before {
        Some(before) if list.is_of_dates() => {
            let mut table = groups_table(before.figures, terminal);
            table.mark_as_before();
            vec![groups_table(list, terminal), table]
        }
        Some(before) => vec![compared_groups(list, before, &COMPARED_GROUPS, terminal)],
        None => vec![groups_table(list, terminal)],
    }
}

fn groups_table(list: &GroupList, terminal: Terminal) -> FigureTable {
    let symbols = terminal.symbols;
    let groups = ShownGroups::of(list);
    let rows = groups
        .rows()
        .map(|(group, name)| group_row(group, name, symbols));
    FigureTable {
        title: groups_title(list),
        headings: vec![
            name_heading(&list.by, 20),
            Heading::new("Calls").right_aligned(),
            few_heading("Answered").right_aligned(),
            few_heading("Conversations").right_aligned().dropped(1),
            few_heading("Goal").right_aligned(),
            Heading::new("Talk time").right_aligned().dropped(3),
            Heading::new("Mean").right_aligned().dropped(2),
        ],
        rows: rows.collect(),
        notes: groups.notes(list),
        has_few: has_few(groups.rows().flat_map(|(group, _)| group_rates(group))),
    }
}

fn group_row(group: &GroupFigures, name: String, symbols: Symbols) -> Row {
    let mut row = vec![cell(name), number_cell(group.calls)];
    row.extend(group_rates(group).map(|rate| short_rate(rate, symbols)));
    row.push(cell(whole_seconds_text(group.talk_time)));
    row.push(mean_cell(group, symbols));
    row
}
