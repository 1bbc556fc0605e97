//! Candidates for the calls that a person should look at: their keys, and the reasons that each
//! call shows itself. The reasons of the audit are known at the end.

use std::collections::BTreeMap;

use super::facts::{CallFacts, Class};
use super::goal::GoalState;
use super::model::ReviewReason;
use super::sums::SHORT_SECONDS;

/// The most calls in the queue.
pub(super) const MAX_CALLS: usize = 200;

/// A conversation of at least this length without the goal is long.
const LONG_SECONDS: u32 = 120;

/// What the review needs to know of a call besides its body.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReviewFacts {
    /// Identifies the body in the input.
    pub(crate) key: u64,
    /// True if `validate` reports errors in the body.
    pub(crate) has_errors: bool,
}

/// A set of [`ReviewReason`]s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Reasons(u16);

impl Reasons {
    pub(super) fn insert(&mut self, reason: ReviewReason, is_set: bool) {
        self.0 |= u16::from(is_set) << reason as u16;
    }

    pub(super) fn remove(&mut self, reason: ReviewReason) {
        self.0 &= !(1 << reason as u16);
    }

    fn has(self, reason: ReviewReason) -> bool {
        self.0 & (1 << reason as u16) != 0
    }

    /// Adds the reasons of `other`.
    pub(super) fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// The reasons, the most serious first.
    pub(super) fn iter(self) -> impl Iterator<Item = ReviewReason> {
        let all = ReviewReason::ALL.into_iter();
        all.filter(move |reason| self.has(*reason))
    }
}

/// A call that may be in the queue.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub(super) key: u64,
    /// Position among all calls of the input.
    pub(super) order: u32,
    pub(super) reasons: Reasons,
}

/// Candidates of a part of the input.
#[derive(Clone, Debug, Default)]
pub(super) struct ReviewSums {
    calls: u32,
    /// All calls of campaigns, in the order of their numbers, because the audit may find any.
    pub(super) dials: Vec<Candidate>,
    /// Other calls with a reason, by the most serious one: the first [`MAX_CALLS`] of each.
    pub(super) others: BTreeMap<ReviewReason, Vec<Candidate>>,
    /// Number of other calls by the most serious reason, and by each of their reasons.
    pub(super) other_calls: BTreeMap<ReviewReason, u64>,
    pub(super) other_reasons: BTreeMap<ReviewReason, u64>,
}

impl ReviewSums {
    /// Adds a call.
    pub(super) fn add(&mut self, review: ReviewFacts, facts: &CallFacts, is_dial: bool) {
        let mut reasons = Reasons::default();
        let is_connected = facts.class == Class::Connected;
        let seconds = facts.seconds;
        let is_long = seconds.is_some_and(|seconds| seconds >= LONG_SECONDS);
        let is_short = seconds.is_some_and(|seconds| seconds < SHORT_SECONDS);
        let lacks_goal = matches!(facts.goal, GoalState::Missed | GoalState::NotSaid);
        for (reason, is_set) in [
            (ReviewReason::Errors, review.has_errors),
            (
                ReviewReason::GoalMissing,
                facts.is_conversation && is_long && lacks_goal,
            ),
            (ReviewReason::Silent, facts.is_readable && !facts.is_two_way),
            (ReviewReason::Short, is_connected && is_short),
        ] {
            reasons.insert(reason, is_set);
        }
        let candidate = Candidate {
            key: review.key,
            order: self.calls,
            reasons,
        };
        self.calls = self.calls.saturating_add(1);
        if is_dial {
            self.dials.push(candidate);
        } else if let Some(first) = reasons.iter().next() {
            *self.other_calls.entry(first).or_default() += 1;
            for reason in reasons.iter() {
                *self.other_reasons.entry(reason).or_default() += 1;
            }
            let others = self.others.entry(first).or_default();
            if others.len() < MAX_CALLS {
                others.push(candidate);
            }
        }
    }

    /// Adds the calls of a later part of the input.
    pub(super) fn merge(&mut self, later: Self) {
        let start = self.calls;
        let moved = |candidate: Candidate| Candidate {
            order: start.saturating_add(candidate.order),
            ..candidate
        };
        self.calls = start.saturating_add(later.calls);
        self.dials.extend(later.dials.into_iter().map(moved));
        for (reason, candidates) in later.others {
            let others = self.others.entry(reason).or_default();
            let room = MAX_CALLS - others.len();
            others.extend(candidates.into_iter().map(moved).take(room));
        }
        for (sum, later) in [
            (&mut self.other_calls, later.other_calls),
            (&mut self.other_reasons, later.other_reasons),
        ] {
            for (reason, calls) in later {
                *sum.entry(reason).or_default() += calls;
            }
        }
    }
}
