//! What the tables of groups have in common.

use super::parts::{cell, reason_notes, seconds_text};
use crate::stats::Reason;
use crate::stats::model::{GroupFigures, GroupList};
use crate::table::row::Cell;
use crate::text::plural::format_grouped;
use crate::text::symbols::Symbols;

pub(super) const NUMBERS_TITLE: &str = "Caller numbers";
pub(super) const NUMBER_HEADING: &str = "Your number";

/// The groups of a table.
pub(super) struct ShownGroups<'g> {
    /// Those with a row of their own.
    pub(super) shown: &'g [GroupFigures],
    /// The sum of the others, and its name: `other (21)`.
    pub(super) others: Option<(GroupFigures, String)>,
}

impl<'g> ShownGroups<'g> {
    /// Chooses the groups that are shown.
    pub(super) fn of(list: &'g GroupList) -> Self {
        let (shown, others) = list.split_rows(&list.groups);
        let others: Vec<&GroupFigures> = others.iter().collect();
        let at_least = if list.is_incomplete { "at least " } else { "" };
        let name = format!("other ({at_least}{})", format_grouped(others.len() as u64));
        Self {
            shown,
            others: (!others.is_empty()).then(|| (GroupFigures::sum(&others), name)),
        }
    }

    /// The groups of all rows, with their names.
    pub(super) fn rows(&self) -> impl Iterator<Item = (&GroupFigures, String)> {
        let shown = self.shown.iter().map(|group| (group, group_name(group)));
        let others = self.others.iter().map(|(sum, name)| (sum, name.clone()));
        shown.chain(others)
    }

    /// The notes of a table with a row for the other groups.
    pub(super) fn notes(&self, list: &GroupList) -> Vec<String> {
        let others = self.others.is_some();
        let others = others.then(|| "each of the others: --format csv".to_owned());
        let reasons = answer_notes(list, self.shown);
        others.into_iter().chain(reasons).collect()
    }
}

/// The notes on why there is no answer rate.
pub(super) fn answer_notes(
    list: &GroupList,
    shown: &[GroupFigures],
) -> impl Iterator<Item = String> {
    let reason = list.reason.as_ref().map(Reason::to_string);
    reason
        .into_iter()
        .chain(reason_notes(answer_reasons(shown)))
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
    let mean = group.mean_talk_time;
    let mean: Option<Cell> = mean.and_then(|mean| cell(seconds_text(mean)));
    mean.or_else(|| cell(symbols.dash()))
}
