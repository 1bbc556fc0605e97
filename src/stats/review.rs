//! The calls that a person should look at, and why.

use super::audit::{LeadRule, judge_lead};
use super::context::Context;
use super::dial::{Dial, DialFlags};
use super::model::{ReasonCount, ReviewFigures, ReviewReason};
use super::review_sums::{Candidate, MAX_CALLS, Reasons};

impl Context<'_> {
    /// The calls to look at. Their places in the input are not known yet.
    pub(super) fn review(&self) -> ReviewFigures {
        let sums = &self.sums.review;
        let goal_reason = self.goal_reason();
        let of_dials = self.dial_reasons();
        let mut calls = sums.other_calls.clone();
        let mut reasons = sums.other_reasons.clone();
        let mut queue = sums.others.clone();
        for (candidate, found) in sums.dials.iter().zip(of_dials) {
            let mut own = candidate.reasons;
            if goal_reason.is_some() {
                own.remove(ReviewReason::GoalMissing);
            }
            own.add(found);
            let Some(first) = own.iter().next() else {
                continue;
            };
            *calls.entry(first).or_default() += 1;
            for reason in own.iter() {
                *reasons.entry(reason).or_default() += 1;
            }
            let queue = queue.entry(first).or_default();
            let most = sums.others.get(&first).map_or(0, Vec::len) + MAX_CALLS;
            if queue.len() < most {
                queue.push(Candidate {
                    reasons: own,
                    ..*candidate
                });
            }
        }
        if goal_reason.is_some() {
            calls.remove(&ReviewReason::GoalMissing);
            reasons.remove(&ReviewReason::GoalMissing);
            queue.remove(&ReviewReason::GoalMissing);
        }
        let queue = queue.into_values().flat_map(|mut candidates| {
            candidates.sort_by_key(|candidate| candidate.order);
            candidates
        });
        let queue = queue.take(MAX_CALLS).map(|mut candidate| {
            if goal_reason.is_some() {
                candidate.reasons.remove(ReviewReason::GoalMissing);
            }
            (candidate.key, candidate.reasons.iter().collect())
        });
        ReviewFigures {
            calls: calls.values().sum(),
            reasons: ReviewReason::ALL
                .map(|reason| ReasonCount {
                    reason,
                    calls: reasons.get(&reason).copied().unwrap_or_default(),
                })
                .to_vec(),
            chosen: queue.collect(),
            queue: Vec::new(),
            goal_unknown: goal_reason,
        }
    }

    /// The reasons that the audit has for each campaign call, by the number of the call.
    fn dial_reasons(&self) -> Vec<Reasons> {
        let dials = &self.sums.dials;
        let mut reasons = vec![Reasons::default(); dials.calls.len()];
        let mut add = |dial: &Dial, reason, is_hit| {
            if let Some(reasons) = reasons.get_mut(dial.number as usize) {
                reasons.insert(reason, is_hit);
            }
        };
        for dial in &dials.calls {
            let is_outside = self.is_in_window(dial) == Some(false);
            add(dial, ReviewReason::OutsideHours, is_outside);
            let is_parallel = dial.flags.has(DialFlags::IN_PARALLEL);
            add(dial, ReviewReason::TooManyInParallel, is_parallel);
        }
        let is_goal_known = self.goal_reason().is_none();
        for calls in dials.calls.chunk_by(Dial::has_same_lead) {
            if calls[0].flags.has(DialFlags::NO_LEAD) {
                continue;
            }
            judge_lead(calls, dials, &mut |rule, dial, is_hit| {
                let (reason, is_known) = match rule {
                    LeadRule::EarlyRetry => (ReviewReason::EarlyRetry, true),
                    LeadRule::TooManyAttempts => (ReviewReason::TooManyAttempts, true),
                    LeadRule::AfterGoal => (ReviewReason::AfterGoal, is_goal_known),
                };
                add(dial, reason, is_hit && is_known);
            });
        }
        reasons
    }
}
