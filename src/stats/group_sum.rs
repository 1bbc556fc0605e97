//! The groups that share a row, and their figures together.

use super::model::{GroupFigures, GroupList};
use super::rate::{Rate, to_f64};

/// Number of groups that are shown.
const MAX_GROUPS: usize = 20;

/// Number of groups that are shown in the order of time: the hours of a day, the days of a month.
const MAX_TIMES: usize = 31;

impl GroupList {
    /// Splits groups of this list, all or some, into those with a row of their own in a table for
    /// people, and the others. Of times, the latest have rows, else the first.
    #[must_use]
    pub(crate) fn split_rows<'g, T>(&self, groups: &'g [T]) -> (&'g [T], &'g [T]) {
        if self.is_chronological {
            let (others, shown) = groups.split_at(groups.len().saturating_sub(MAX_TIMES));
            (shown, others)
        } else {
            groups.split_at(groups.len().min(MAX_GROUPS))
        }
    }
}

impl GroupFigures {
    /// The figures of all calls of `groups`, which have no call in common.
    #[must_use]
    pub(crate) fn sum(groups: &[&Self]) -> Self {
        let count = |part: fn(&Self) -> u64| groups.iter().map(|it| part(it)).sum::<u64>();
        let rate = |part: fn(&Self) -> &Rate| Rate::sum(groups.iter().map(|it| part(it)));
        let talk_time = count(|it| it.talk_time);
        let under_10_seconds = rate(|it| &it.under_10_seconds);
        Self {
            value: None,
            name: None,
            is_rest: false,
            calls: count(|it| it.calls),
            connected: count(|it| it.connected),
            not_connected: count(|it| it.not_connected),
            talk_time,
            // It divides by the connected calls whose duration is readable.
            mean_talk_time: mean(talk_time, under_10_seconds.denominator.unwrap_or_default()),
            under_10_seconds,
            answered: rate(|it| &it.answered),
            two_way: rate(|it| &it.two_way),
            conversations: rate(|it| &it.conversations),
            goals_of_connected: rate(|it| &it.goals_of_connected),
            answered_last_7_days: rate(|it| &it.answered_last_7_days),
            answered_before: rate(|it| &it.answered_before),
        }
    }
}

fn mean(seconds: u64, calls: u64) -> Option<f64> {
    (calls > 0).then(|| to_f64(seconds) / to_f64(calls))
}
