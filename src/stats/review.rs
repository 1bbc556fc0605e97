//! The calls that a person should look at, and why.

use super::audit::{LeadRule, judge_lead};
use super::context::Context;
use super::dial::{Dial, DialFlags};
use super::model::{ReasonCount, ReviewFigures, ReviewReason};
use super::review_sums::{Candidate, MAX_CALLS, Reasons};

/// Divides `total` into equal shares. What one does not need, because less is `available`, goes to
/// the others, from the first on.
fn equal_shares(available: &[usize], total: usize) -> Vec<usize> {
    let mut shares = vec![0; available.len()];
    let mut left = total;
    loop {
        let open = shares.iter().zip(available);
        let open = open.filter(|(own, most)| own < most).count();
        if open == 0 || left == 0 {
            return shares;
        }
        let share = (left / open).max(1);
        for (own, most) in shares.iter_mut().zip(available) {
            let added = share.min(most - *own).min(left);
            *own += added;
            left -= added;
        }
    }
}

impl Context<'_> {
    /// The calls to look at, with an equal share for each reason. Their places in the input are not
    /// known yet.
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
        let available: Vec<usize> = queue.values().map(Vec::len).collect();
        let shares = equal_shares(&available, MAX_CALLS);
        let queue = queue.into_values().zip(shares);
        let queue = queue.flat_map(|(mut candidates, share)| {
            candidates.sort_by_key(|candidate| candidate.order);
            candidates.into_iter().take(share)
        });
        let queue = queue.map(|mut candidate| {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_reason_does_not_need_goes_to_the_others() {
        for (available, total, expected) in [
            (&[][..], 5, &[][..]),
            (&[3, 0, 1], 5, &[3, 0, 1]),
            (&[9, 9, 9], 9, &[3, 3, 3]),
            (&[9, 1, 9], 10, &[5, 1, 4]),
            (&[9, 9, 9], 2, &[1, 1, 0]),
        ] {
            assert_eq!(equal_shares(available, total), expected, "{available:?}");
        }
    }
}
