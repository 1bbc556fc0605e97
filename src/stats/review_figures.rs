//! The part of the model that names calls to look at.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::reason::Reason;
use crate::time::talk_time::TalkTime;

/// Why a call should be looked at, the most serious reason first: rules that the call broke, then
/// data that cannot be trusted, then calls that went badly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ReviewReason {
    /// Outside the allowed days or hours of the campaign.
    OutsideHours,
    /// After a call that reached the lead's goal.
    AfterGoal,
    /// After the last allowed attempt.
    TooManyAttempts,
    /// While too many calls of the campaign were running.
    TooManyInParallel,
    /// A retry before the interval was over.
    EarlyRetry,
    /// `validate` reports errors in the body.
    Errors,
    /// A long conversation that did not reach the goal.
    GoalMissing,
    /// The customer said nothing.
    Silent,
    /// A connected call under 10 seconds.
    Short,
}

impl ReviewReason {
    /// All reasons, the most serious first.
    pub(crate) const ALL: [Self; 9] = [
        Self::OutsideHours,
        Self::AfterGoal,
        Self::TooManyAttempts,
        Self::TooManyInParallel,
        Self::EarlyRetry,
        Self::Errors,
        Self::GoalMissing,
        Self::Silent,
        Self::Short,
    ];

    /// The name in JSON and CSV.
    #[must_use]
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::OutsideHours => "outside_hours",
            Self::AfterGoal => "after_goal",
            Self::TooManyAttempts => "too_many_attempts",
            Self::TooManyInParallel => "too_many_in_parallel",
            Self::EarlyRetry => "early_retry",
            Self::Errors => "errors",
            Self::GoalMissing => "goal_missing",
            Self::Silent => "silent",
            Self::Short => "short",
        }
    }
}

/// The calls to look at. They identify people.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ReviewFigures {
    /// Number of calls with a reason. The queue has at most 200 of them.
    pub(crate) calls: u64,
    /// Number of calls by reason; a call may have several.
    pub(crate) reasons: Vec<ReasonCount>,
    /// The most serious reason first, then in input order.
    pub(crate) queue: Vec<ReviewCall>,
    /// Keys and reasons of the calls of the queue, until they are found in the input.
    #[serde(skip)]
    pub(crate) chosen: Vec<(u64, Vec<ReviewReason>)>,
    /// Why no call has the reason `goal_missing`, if the goal is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) goal_unknown: Option<Reason>,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct ReasonCount {
    pub(crate) reason: ReviewReason,
    pub(crate) calls: u64,
}

/// A call of the queue.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ReviewCall {
    #[serde(flatten)]
    pub(crate) found: FoundCall,
    pub(crate) reasons: Vec<ReviewReason>,
}

/// Where a call is, and by what a reader recognizes it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct FoundCall {
    pub(crate) source: String,
    /// Start of the body, from 1.
    pub(crate) line: u64,
    pub(crate) column: u64,
    /// The coding of the text that the line and the column count in, if it had to be decoded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) decoded: Option<&'static str>,
    /// Verbatim, because it may be anything.
    pub(crate) id: Option<String>,
    /// Time of the call to the minute, in the zone of the report; verbatim if it is unreadable.
    pub(crate) created_at: Option<String>,
    /// In seconds in JSON.
    pub(crate) talk_time: Option<TalkTime>,
}

impl FoundCall {
    /// `calls.jsonl:12:1`, as in findings.
    #[must_use]
    pub(crate) fn location(&self) -> String {
        format!("{}:{}:{}", self.source, self.line, self.column)
    }
}

impl ReviewFigures {
    /// Adds the calls that were found in the input, by key. Returns the number of those that were
    /// not: the input changed after it was read first.
    pub(crate) fn fill(&mut self, mut found: HashMap<u64, FoundCall>) -> u64 {
        let mut lost = 0;
        for (key, reasons) in std::mem::take(&mut self.chosen) {
            match found.remove(&key) {
                Some(found) => self.queue.push(ReviewCall { found, reasons }),
                None => lost += 1,
            }
        }
        lost
    }

    /// The keys of the calls of the queue.
    pub(crate) fn keys(&self) -> HashSet<u64> {
        self.chosen.iter().map(|(key, _)| *key).collect()
    }
}
