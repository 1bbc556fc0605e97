//! The groups that a table shows, and the sum of those that share one row.

use super::before::BeforeGroup;
use super::privacy::{FieldValues, MIN_CALLS, is_personal_value};
use crate::stats::Reason;
use crate::stats::model::{GroupFigures, GroupList};

/// The groups of a table.
pub(super) struct ShownGroups<'g> {
    /// Those with a row of their own, in the order of the list.
    pub(super) shown: Vec<&'g GroupFigures>,
    /// The sum of the others, and their number.
    pub(super) others: Option<(GroupFigures, u64)>,
    /// The figures of the shown groups in the window before, and those of the others.
    pub(super) before: Vec<BeforeGroup<'g>>,
    others_before: Option<GroupFigures>,
    /// True if a group is among the others because its value may identify people.
    pub(super) has_hidden: bool,
}

impl ShownGroups<'_> {
    /// The figures of the other groups in the window before.
    pub(super) fn others_before(&self, with_calls: bool) -> BeforeGroup<'_> {
        match &self.others_before {
            Some(others) => BeforeGroup::new(Some(others), with_calls),
            None => BeforeGroup::NotCompared,
        }
    }

    /// The groups of all rows: the shown ones, and the sum of the others.
    pub(super) fn rows(&self) -> impl Iterator<Item = &GroupFigures> {
        let others = self.others.iter().map(|(figures, _)| figures);
        self.shown.iter().copied().chain(others)
    }

    /// Why rows have no answer rate.
    pub(super) fn answer_reasons(&self) -> impl Iterator<Item = Option<&Reason>> {
        self.rows().map(|row| row.answered.reason.as_ref())
    }
}

/// Chooses the groups that a table shows. All other groups are in the sum, so nothing is lost.
/// `before` has the groups of the window before.
pub(super) fn shown_groups<'g>(
    list: &'g GroupList,
    before: Option<&'g GroupList>,
    values: FieldValues,
    with_calls: bool,
) -> ShownGroups<'g> {
    let is_open = |group: &&GroupFigures| with_calls || may_be_shown(group, values);
    let (open, hidden): (Vec<&GroupFigures>, Vec<_>) = list.groups.iter().partition(is_open);
    let has_hidden = !hidden.is_empty();
    let (shown, others) = list.split_rows(&open);
    // The values that the figures do not keep are not one group.
    let is_rest = |group: &&GroupFigures| group.is_rest;
    let (rest, shown): (Vec<&GroupFigures>, Vec<_>) = shown.iter().copied().partition(is_rest);
    let others: Vec<&GroupFigures> = others.iter().copied().chain(hidden).chain(rest).collect();
    let count = others.len() as u64;
    let shows_few = with_calls || values == FieldValues::Times;
    let groups_before = shown.iter().map(|group| match before {
        Some(before) => BeforeGroup::new(before.find(group), shows_few),
        None => BeforeGroup::NotCompared,
    });
    let groups_before: Vec<BeforeGroup> = groups_before.collect();
    let others_before = before.map(|before| {
        let is_shown = |group: &&GroupFigures| {
            let mut shown = groups_before.iter().filter_map(|group| group.figures());
            shown.any(|shown| std::ptr::eq(shown, *group))
        };
        let others: Vec<&GroupFigures> = before.groups.iter().filter(|it| !is_shown(it)).collect();
        GroupFigures::sum(&others)
    });
    ShownGroups {
        shown,
        before: groups_before,
        others_before,
        others: (!others.is_empty()).then(|| (GroupFigures::sum(&others), count)),
        has_hidden,
    }
}

/// True if the group can have a row in a report for others.
fn may_be_shown(group: &GroupFigures, values: FieldValues) -> bool {
    match values {
        FieldValues::Times => true,
        FieldValues::Personal => group.value.is_none() && group.calls >= MIN_CALLS,
        FieldValues::Campaigns => {
            let name = group.name.as_deref().unwrap_or_default();
            group.calls >= MIN_CALLS && !is_personal_value(name)
        }
        FieldValues::OwnNumbers => group.calls >= MIN_CALLS,
        FieldValues::Texts => {
            let value = group.value.as_deref().unwrap_or_default();
            group.calls >= MIN_CALLS && !is_personal_value(value)
        }
    }
}
