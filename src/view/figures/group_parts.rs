//! What the tables of groups have in common.

use super::parts::{cell, reason_notes, seconds_text};
use crate::stats::Reason;
use crate::stats::model::{GroupFigures, GroupList};
use crate::table::row::Cell;
use crate::text::plural::{format_grouped, format_grouped_count};
use crate::text::symbols::Symbols;

pub(super) const NUMBERS_TITLE: &str = "Caller numbers";
pub(super) const NUMBER_HEADING: &str = "Your number";

/// Number of groups that are shown.
const MAX_GROUPS: usize = 20;

/// Number of groups that are shown in the order of time: the hours of a day, the days of a month.
const MAX_TIMES: usize = 31;

/// The groups that are shown, and a note on the others.
pub(super) fn shown(list: &GroupList) -> (&[GroupFigures], Option<String>) {
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
pub(super) fn notes(more: Option<String>, list: &GroupList, shown: &[GroupFigures]) -> Vec<String> {
    more.into_iter()
        .chain(list.reason.as_ref().map(Reason::to_string))
        .chain(reason_notes(answer_reasons(shown)))
        .collect()
}

/// Why groups have no answer rate, as [`reason_notes`] expects it.
pub(super) fn answer_reasons<'f>(
    groups: impl IntoIterator<Item = &'f GroupFigures>,
) -> impl Iterator<Item = (&'f str, Option<&'f Reason>)> {
    let groups = groups.into_iter();
    groups.map(|group| ("answered", group.answered.reason.as_ref()))
}

/// The name of a group.
pub(super) fn group_name(group: &GroupFigures) -> String {
    match (&group.value, &group.name) {
        (Some(value), Some(name)) => format!("{value} {name}"),
        (Some(value), None) => value.clone(),
        (None, _) if group.is_rest => "(other values)".to_owned(),
        (None, _) => "(none)".to_owned(),
    }
}

pub(super) fn groups_title(list: &GroupList) -> String {
    format!("By {}", list.by)
}

pub(super) fn mean_cell(group: &GroupFigures, symbols: Symbols) -> Option<Cell<'static>> {
    let mean = group.mean_talk_seconds;
    let mean: Option<Cell> = mean.and_then(|mean| cell(seconds_text(mean)));
    mean.or_else(|| cell(symbols.dash()))
}
