//! What several figures are derived from: the sums, and which campaigns show an answer rate.

use std::collections::HashSet;

use super::collector::Collector;
use super::dial::{Dial, DialFlags, Dials};
use super::dial_settings::DAY;
use super::leads::LeadSums;
use super::rate::Rate;
use super::reason::Reason;
use super::request::StatsRequest;
use super::sums::Sums;

/// Day number of 1 January 1970, where 1 January of the year 1 is day 1.
const EPOCH_DAY: i32 = 719_163;

/// Number of connected calls, and of calls that were connected or not, of the rated campaigns.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Answers {
    pub(super) connected: u64,
    pub(super) calls: u64,
}

impl Answers {
    pub(super) fn add(&mut self, dial: &Dial) {
        self.connected += u64::from(dial.flags.has(DialFlags::CONNECTED));
        self.calls += 1;
    }
}

/// The sums, and what is derived from them for several figures.
pub(super) struct Context<'c> {
    pub(super) sums: &'c Collector,
    pub(super) request: &'c StatsRequest,
    pub(super) leads: LeadSums,
    /// Indices of the campaigns that show an answer rate: those with calls that were not connected.
    rated_campaigns: HashSet<u32>,
    /// Sums over the calls of the rated campaigns, and of all campaigns.
    pub(super) rated: Sums,
    pub(super) all_campaigns: Sums,
    /// Number of campaigns that are not rated.
    pub(super) unrated_campaigns: u64,
    /// Why there is no answer rate, if there is none.
    pub(super) unrated: Option<Reason>,
    /// Last local day with a campaign call.
    pub(super) last_day: Option<i32>,
}

impl<'c> Context<'c> {
    pub(super) fn new(sums: &'c Collector, request: &'c StatsRequest) -> Self {
        let mut rated_campaigns = HashSet::new();
        let (mut rated, mut all_campaigns) = (Sums::default(), Sums::default());
        let mut unrated_campaigns = 0;
        for index in sums.campaigns.indices() {
            let calls = sums.campaigns.get(index).map(|campaign| campaign.sums);
            let calls = calls.unwrap_or_default();
            all_campaigns += calls;
            if calls.calls.are_rated() && !request.only_completed {
                rated_campaigns.insert(index);
                rated += calls;
            } else {
                unrated_campaigns += 1;
            }
        }
        let calls = &sums.dials.calls;
        let unrated = if calls.is_empty() {
            Some(Reason::NoCampaignCalls)
        } else if request.only_completed {
            Some(Reason::OnlyCompleted)
        } else if all_campaigns.calls.classes.decided() == 0 {
            Some(Reason::NoFinishedCalls)
        } else if rated_campaigns.is_empty() {
            Some(Reason::AllConnected)
        } else {
            None
        };
        Self {
            leads: LeadSums::new(&sums.dials, |campaign| rated_campaigns.contains(&campaign)),
            last_day: calls
                .iter()
                .filter_map(|dial| local_day(&sums.dials, dial))
                .max(),
            sums,
            request,
            rated_campaigns,
            rated,
            all_campaigns,
            unrated_campaigns,
            unrated,
        }
    }

    /// The calls that count in answer rates.
    pub(super) fn rated_dials(&self) -> impl Iterator<Item = &'c Dial> {
        let dials = self.sums.dials.calls.iter();
        dials
            .filter(|dial| dial.flags.is_classed() && self.rated_campaigns.contains(&dial.campaign))
    }

    /// The answer rate of all calls.
    pub(super) fn answered(&self) -> Rate {
        let classes = self.rated.calls.classes;
        self.answer_rate(Answers {
            connected: classes.connected,
            calls: classes.decided(),
        })
    }

    /// An answer rate over some of the calls.
    pub(super) fn answer_rate(&self, answers: Answers) -> Rate {
        match &self.unrated {
            Some(reason) => Rate::unknown(reason.clone()),
            None => Rate::new(answers.connected, answers.calls, Reason::NoRatedCalls),
        }
    }

    /// The rate of goals; unknown if no call has the variable of the goal.
    pub(super) fn goal_rate(&self, numerator: u64, denominator: u64, reason: Reason) -> Rate {
        match self.goal_reason() {
            None => Rate::new(numerator, denominator, reason),
            Some(reason) => Rate::unknown(reason),
        }
    }

    /// Why goals are not known, if they are not: no call has the variable, or none says whether the
    /// goal was reached.
    pub(super) fn goal_reason(&self) -> Option<Reason> {
        let totals = &self.sums.totals;
        if totals.calls.count == 0 {
            None
        } else if !self.sums.has_goal {
            Some(self.request.goal.absence())
        } else {
            goals_not_said(totals)
        }
    }
}

/// The reason if some of these calls are connected, and none says whether the goal was reached.
pub(super) fn goals_not_said(sums: &Sums) -> Option<Reason> {
    let is_said = sums.goals + sums.goals_missed > 0;
    let is_silent = sums.calls.classes.connected > 0 && !is_said;
    is_silent.then_some(Reason::GoalNotSaid)
}

/// A rate of the connected calls whose transcript is readable.
pub(super) fn readable_rate(sums: &Sums, numerator: u64) -> Rate {
    let reason = if sums.calls.classes.connected == 0 {
        Reason::NoConnectedCalls
    } else {
        Reason::NoTranscript
    };
    Rate::new(numerator, sums.readable, reason)
}

/// The local day of a call, counted from 1 January of the year 1; `None` without a time.
pub(super) fn local_day(dials: &Dials, dial: &Dial) -> Option<i32> {
    let day = dials.local_seconds(dial)?.div_euclid(DAY) + i64::from(EPOCH_DAY);
    i32::try_from(day).ok()
}
