//! Calls that the settings of their campaign do not allow. Each body's own settings judge its call.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};

use super::context::Context;
use super::dial::{Dial, DialFlags, Dials};
use super::dial_settings::CampaignSettings;
use super::model::AuditFigures;
use super::rate::Rate;
use super::reason::Reason;
use crate::time::zone::Zone;

/// A retry is early if it comes this many seconds before the interval is over: timers are not
/// exact.
const TOLERANCE: i64 = 60;

/// Number of calls that break a rule, and of those that the rule judges.
#[derive(Clone, Copy, Debug, Default)]
struct Judged {
    hits: u64,
    calls: u64,
}

impl Judged {
    fn add(&mut self, is_hit: bool) {
        self.calls += 1;
        self.hits += u64::from(is_hit);
    }

    fn rate(self, reason: Reason) -> Rate {
        Rate::new(self.hits, self.calls, reason)
    }
}

impl Dials {
    /// Marks the calls that started while their campaign made more calls than it may at a time. A
    /// call lasts at least from its creation for the length of its talk; how long it rang before is
    /// unknown, so more calls than the marked ones may have been too many.
    pub(super) fn mark_parallel_calls(&mut self) {
        self.sort_by_time();
        let mut calls = std::mem::take(&mut self.calls);
        for campaign in calls.chunk_by_mut(|a, b| a.campaign == b.campaign) {
            let mut ends = BinaryHeap::new();
            for dial in campaign {
                let Some(start) = dial.start() else {
                    continue;
                };
                while ends.peek().is_some_and(|Reverse(end)| *end <= start) {
                    ends.pop();
                }
                ends.push(Reverse(start + i64::from(dial.seconds)));
                let settings = &self.settings(dial).campaign;
                let is_hit = (settings.max_in_parallel)
                    .is_some_and(|most| ends.len() > usize::try_from(most).unwrap_or(usize::MAX));
                dial.flags.set(DialFlags::IN_PARALLEL, is_hit);
            }
        }
        self.calls = calls;
    }
}

impl Context<'_> {
    pub(super) fn audit(&self) -> AuditFigures {
        let dials = &self.sums.dials;
        let mut outside = Judged::default();
        let mut parallel = Judged::default();
        for dial in &dials.calls {
            if let Some(is_allowed) = self.is_in_window(dial) {
                outside.add(!is_allowed);
            }
            let most = dials.settings(dial).campaign.max_in_parallel;
            if most.is_some() && dial.start().is_some() {
                parallel.add(dial.flags.has(DialFlags::IN_PARALLEL));
            }
        }
        let mut leads = LeadAudit::default();
        for calls in dials.calls.chunk_by(Dial::has_same_lead) {
            if !calls[0].flags.has(DialFlags::NO_LEAD) {
                leads.add(calls, dials);
            }
        }
        let after_goal = match self.goal_reason() {
            None => leads.after_goal.rate(Reason::NoRetries),
            Some(reason) => Rate::unknown(reason),
        };
        AuditFigures {
            outside_hours: outside.rate(if self.has_utc_only() {
                Reason::NoZone
            } else {
                Reason::NoSetting
            }),
            early_retries: leads.early.rate(if self.has_retry_interval() {
                Reason::NoRetries
            } else {
                Reason::NoSetting
            }),
            too_many_attempts: leads.too_many.rate(Reason::NoSetting),
            too_many_in_parallel: parallel.rate(Reason::NoSetting),
            after_goal,
            campaigns_with_changed_settings: changed_campaigns(dials).rate(Reason::NoCampaignCalls),
        }
    }

    /// True if the call is in the allowed days and hours of its campaign. `None` if it cannot be
    /// judged: without limits, a time or a zone. Campaigns are limited in local time, and a time in
    /// UTC does not show it.
    pub(super) fn is_in_window(&self, dial: &Dial) -> Option<bool> {
        let settings = self.sums.dials.settings(dial);
        let is_local = self.request.zone != Zone::FromBody || settings.offset != 0;
        let seconds = self.sums.dials.local_seconds(dial).filter(|_| is_local)?;
        settings.campaign.allow(seconds)
    }

    /// True if a campaign limits the time between two calls of a lead.
    fn has_retry_interval(&self) -> bool {
        let dials = &self.sums.dials;
        let mut settings = dials.calls.iter().map(|dial| dials.settings(dial).campaign);
        settings.any(|settings| settings.retry_interval.is_some())
    }

    /// True if no zone was chosen and all campaign calls with a time are in UTC.
    fn has_utc_only(&self) -> bool {
        let dials = &self.sums.dials;
        let mut timed = dials.calls.iter().filter(|dial| dial.start().is_some());
        self.request.zone == Zone::FromBody && timed.all(|dial| dials.settings(dial).offset == 0)
    }
}

/// What the calls of the leads show.
#[derive(Default)]
struct LeadAudit {
    early: Judged,
    too_many: Judged,
    after_goal: Judged,
}

impl LeadAudit {
    /// Adds the calls of a lead, in the order of its attempts.
    fn add(&mut self, calls: &[Dial], dials: &Dials) {
        judge_lead(calls, dials, &mut |rule, _, is_hit| {
            match rule {
                LeadRule::TooManyAttempts => &mut self.too_many,
                LeadRule::AfterGoal => &mut self.after_goal,
                LeadRule::EarlyRetry => &mut self.early,
            }
            .add(is_hit);
        });
    }
}

/// A rule for the calls of a lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LeadRule {
    TooManyAttempts,
    AfterGoal,
    EarlyRetry,
}

/// Calls `judge` for each rule and each call of a lead that it judges, with true if the call breaks
/// it. `calls` are in the order of the attempts.
pub(super) fn judge_lead(
    calls: &[Dial],
    dials: &Dials,
    judge: &mut dyn FnMut(LeadRule, &Dial, bool),
) {
    let mut is_goal = false;
    for (attempt, dial) in (1..).zip(calls) {
        if let Some(most) = dials.settings(dial).campaign.max_attempts() {
            judge(LeadRule::TooManyAttempts, dial, attempt > most);
        }
        if attempt > 1 {
            judge(LeadRule::AfterGoal, dial, is_goal);
        }
        is_goal |= dial.flags.has(DialFlags::GOAL);
    }
    for pair in calls.windows(2) {
        let interval = dials.settings(&pair[1]).campaign.retry_interval;
        // From start to start: the interval from the end of the call is shorter still.
        if let (Some(before), Some(start), Some(minutes)) =
            (pair[0].start(), pair[1].start(), interval)
        {
            let is_early = start - before < i64::from(minutes) * 60 - TOLERANCE;
            judge(LeadRule::EarlyRetry, &pair[1], is_early);
        }
    }
}

/// The campaigns whose settings differ between bodies, of all campaigns. A setting that a body
/// lacks is not a different one.
fn changed_campaigns(dials: &Dials) -> Judged {
    let mut campaigns = Judged::default();
    for calls in dials.calls.chunk_by(|a, b| a.campaign == b.campaign) {
        let settings = calls.iter().map(|dial| dials.settings(dial).campaign);
        let different: HashSet<CampaignSettings> = settings.collect();
        let mut known = CampaignSettings::default();
        campaigns.add(!different.iter().all(|settings| known.complete(settings)));
    }
    campaigns
}
