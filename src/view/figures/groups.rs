//! Figures by number of the assistant, and by the field of `--by`.

use super::parts::{
    FigureTable, Row, cell, few_heading, has_few, name_heading, number_cell, reason_notes,
    seconds_text, short_rate, whole_seconds_text,
};
use crate::stats::model::{GroupFigures, GroupList};
use crate::stats::{Rate, Reason};
use crate::table::row::Cell;
use crate::table::writer::Heading;
use crate::text::plural::{format_grouped, format_grouped_count};
use crate::text::symbols::Symbols;
use crate::view::terminal::Terminal;

/// Number of groups that are shown.
const MAX_GROUPS: usize = 20;

/// Number of groups that are shown in the order of time: the hours of a day, the days of a month.
const MAX_TIMES: usize = 31;

/// The groups that are shown, and a note on the others.
fn shown(list: &GroupList) -> (&[GroupFigures], Option<String>) {
    let most = if list.is_chronological {
        MAX_TIMES
    } else {
        MAX_GROUPS
    };
    let count = list.groups.len();
    let hidden = count.saturating_sub(most);
    if hidden == 0 {
        return (&list.groups, None);
    }
    // Of times, the latest.
    let (shown, others) = if list.is_chronological {
        let (others, shown) = list.groups.split_at(hidden);
        (shown, others)
    } else {
        list.groups.split_at(most)
    };
    let calls = others.iter().map(|group| group.calls).sum();
    let at_least = if list.is_incomplete { "at least " } else { "" };
    let calls = format_grouped_count(calls, "call");
    let others = format_grouped(hidden as u64);
    let note = format!("other ({at_least}{others}): {calls} (see --format csv)");
    (shown, Some(note))
}

/// The notes of a table: on the groups that are not shown, and why there is no answer rate.
fn notes(more: Option<String>, list: &GroupList, shown: &[GroupFigures]) -> Vec<String> {
    let reasons = shown
        .iter()
        .map(|group| ("answered", group.answered.reason.as_ref()));
    let reasons = reason_notes(reasons);
    more.into_iter()
        .chain(list.reason.as_ref().map(Reason::to_string))
        .chain(reasons)
        .collect()
}

/// The name of a group.
fn group_name(group: &GroupFigures) -> String {
    match (&group.value, &group.name) {
        (Some(value), Some(name)) => format!("{value} {name}"),
        (Some(value), None) => value.clone(),
        (None, _) if group.is_rest => "(other values)".to_owned(),
        (None, _) => "(none)".to_owned(),
    }
}

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

pub(super) fn numbers_table(list: &GroupList, terminal: Terminal) -> FigureTable {
    let symbols = terminal.symbols;
    let (shown, more) = shown(list);
    let rows = shown.iter().map(|group| {
        let mut row = vec![cell(group_name(group)), number_cell(group.calls)];
        row.extend(number_rates(group).map(|rate| short_rate(rate, symbols)));
        row
    });
    FigureTable {
        title: "Caller numbers".to_owned(),
        headings: vec![
            name_heading("Your number", 16),
            Heading::new("Calls").right_aligned(),
            few_heading("Answered").right_aligned(),
            few_heading("Under 10 s").right_aligned().dropped(1),
            few_heading("Last 7 days").right_aligned().dropped(2),
            few_heading("Before").right_aligned().dropped(3),
        ],
        rows: rows.collect(),
        notes: notes(more, list, shown),
        has_few: has_few(shown.iter().flat_map(number_rates)),
    }
}

pub(super) fn groups_table(list: &GroupList, terminal: Terminal) -> FigureTable {
    let symbols = terminal.symbols;
    let (shown, more) = shown(list);
    let rows = shown.iter().map(|group| group_row(group, symbols));
    FigureTable {
        title: format!("By {}", list.by),
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
        notes: notes(more, list, shown),
        has_few: has_few(shown.iter().flat_map(group_rates)),
    }
}

fn group_row(group: &GroupFigures, symbols: Symbols) -> Row {
    let mean: Option<Cell> = group
        .mean_talk_seconds
        .and_then(|mean| cell(seconds_text(mean)));
    let mut row = vec![cell(group_name(group)), number_cell(group.calls)];
    row.extend(group_rates(group).map(|rate| short_rate(rate, symbols)));
    row.push(cell(whole_seconds_text(group.talk_seconds)));
    row.push(mean.or_else(|| cell(symbols.dash())));
    row
}
