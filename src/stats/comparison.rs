//! The comparison of a report with the window before: what a change means, and which groups belong
//! together.

use std::collections::HashSet;

use super::model::{GroupFigures, GroupList};
use super::rate::Rate;

impl GroupList {
    /// The group of this list with the value of `group`, which is of another window.
    #[must_use]
    pub(crate) fn find(&self, group: &GroupFigures) -> Option<&GroupFigures> {
        let mut groups = self.groups.iter();
        groups.find(|same| same.value == group.value && same.is_rest == group.is_rest)
    }

    /// The groups of this list whose values `other` does not have.
    #[must_use]
    pub(crate) fn missing_in(&self, other: &Self) -> Vec<&GroupFigures> {
        let key = |group: &'_ GroupFigures| (group.value.clone(), group.is_rest);
        let known: HashSet<_> = other.groups.iter().map(key).collect();
        let groups = self.groups.iter();
        groups
            .filter(|group| !known.contains(&key(group)))
            .collect()
    }

    /// True if a group is a day or a week, which is in only one of two windows.
    #[must_use]
    pub(crate) fn is_of_dates(&self) -> bool {
        matches!(self.by.as_str(), "day" | "week")
    }
}

/// How a rate differs from the one in the window before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct RateChange {
    /// The difference in percentage points.
    pub(crate) points: f64,
    pub(crate) direction: Direction,
}

/// The direction of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    /// The rate is certainly higher: the intervals do not overlap.
    Rise,
    /// The rate is certainly lower.
    Fall,
    /// The change can be chance.
    Uncertain,
}

impl RateChange {
    /// The change from `before` to `rate`; `None` if one of them has no value. A rate without an
    /// interval never changes for certain.
    #[must_use]
    pub(crate) fn new(rate: &Rate, before: &Rate) -> Option<Self> {
        let points = (rate.value? - before.value?) * 100.0;
        let direction = if rate.is_certainly_below(before) {
            Direction::Fall
        } else if before.is_certainly_below(rate) {
            Direction::Rise
        } else {
            Direction::Uncertain
        };
        Some(Self { points, direction })
    }
}

/// The change of an amount in whole percent of the amount before, without a unit, as in
/// [`signed_text`]. `None` if there was nothing before.
#[must_use]
pub(crate) fn relative_text(amount: f64, before: f64) -> Option<String> {
    (before > 0.0).then(|| signed_text((amount - before) / before * 100.0))
}

/// A difference rounded to a whole number: `+8`, `-8`, `0`. One that would be rounded to 0 is
/// `< 1`.
#[must_use]
pub(crate) fn signed_text(difference: f64) -> String {
    let rounded = difference.round();
    if difference == 0.0 {
        "0".to_owned()
    } else if rounded == 0.0 {
        "< 1".to_owned()
    } else {
        format!("{rounded:+.0}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Reason;

    #[test]
    fn a_change_is_certain_only_if_the_intervals_do_not_overlap() {
        let rate = |n, d| Rate::new(n, d, Reason::NoLeads);
        let change = |now: &Rate, before: &Rate| {
            let change = RateChange::new(now, before).expect("both have a value");
            (signed_text(change.points), change.direction)
        };
        let text = |text: &str, direction| (text.to_owned(), direction);
        assert_eq!(
            change(&rate(9, 10), &rate(1, 10)),
            text("+80", Direction::Rise)
        );
        assert_eq!(
            change(&rate(10, 100), &rate(90, 100)),
            text("-80", Direction::Fall)
        );
        assert_eq!(
            change(&rate(5, 10), &rate(4, 10)),
            text("+10", Direction::Uncertain)
        );
        assert_eq!(
            change(&rate(1, 3), &rate(2, 6)),
            text("0", Direction::Uncertain)
        );
        assert_eq!(
            change(&rate(501, 1000), &rate(500, 1000)),
            text("< 1", Direction::Uncertain)
        );
        assert_eq!(RateChange::new(&rate(1, 2), &rate(0, 0)), None);
    }

    #[test]
    fn amounts_are_compared_with_the_amount_before() {
        assert_eq!(relative_text(15.0, 10.0).as_deref(), Some("+50"));
        assert_eq!(relative_text(0.0, 10.0).as_deref(), Some("-100"));
        assert_eq!(relative_text(10.0, 10.0).as_deref(), Some("0"));
        assert_eq!(relative_text(1001.0, 1000.0).as_deref(), Some("< 1"));
        assert_eq!(relative_text(5.0, 0.0), None);
    }
}
