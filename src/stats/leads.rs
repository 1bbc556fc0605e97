//! Leads and their attempts, from the calls of all campaigns sorted by lead.

use std::collections::BTreeMap;

use super::dial::{Dial, DialFlags, Dials, NO_TIME};
use super::model::{AttemptCount, AttemptFigures};
use super::rate::Rate;
use super::reason::Reason;

/// Highest attempt that has figures. `attempts_per_lead` has all.
const MAX_ATTEMPT: usize = 100;

/// Sums over leads. Those of rates are over leads of campaigns that have calls that were not
/// connected.
#[derive(Debug, Default)]
pub(super) struct LeadSums {
    pub(super) calls_without_lead: u64,
    pub(super) rated: LeadCounts,
    /// Counts over all campaigns. The funnel has them if no campaign is rated.
    pub(super) all: LeadCounts,
    /// By attempt, from the first: its calls.
    attempts: Vec<Attempt>,
    leads_by_attempts: BTreeMap<u64, u64>,
}

/// Number of leads by result.
#[derive(Debug, Default)]
pub(super) struct LeadCounts {
    pub(super) leads: u64,
    pub(super) attempted: u64,
    pub(super) reached: u64,
    pub(super) reached_first: u64,
    pub(super) goals: u64,
    pub(super) exhausted: u64,
}

impl LeadCounts {
    fn add(&mut self, lead: &Lead) {
        self.leads += 1;
        self.attempted += u64::from(lead.calls.iter().any(|dial| dial.flags.is_classed()));
        self.reached += u64::from(lead.reached_at.is_some());
        self.reached_first += u64::from(lead.reached_at == Some(0));
        self.goals += u64::from(
            lead.calls
                .iter()
                .any(|dial| dial.flags.has(DialFlags::GOAL)),
        );
        self.exhausted += u64::from(lead.is_exhausted());
    }
}

/// Sums over the k-th calls of leads.
#[derive(Clone, Debug, Default)]
struct Attempt {
    connected: u64,
    classed: u64,
    /// Leads that had the chance of k attempts, and those of them that were reached.
    chances: u64,
    reached: u64,
}

/// The calls of one lead, in the order of its attempts.
struct Lead<'d> {
    calls: &'d [Dial],
    /// Index of the first connected call.
    reached_at: Option<usize>,
    /// The most calls that the campaign makes, by the last call.
    max_attempts: Option<u64>,
}

impl<'d> Lead<'d> {
    fn new(calls: &'d [Dial], dials: &Dials) -> Self {
        let mut all = calls.iter();
        let last = calls.last().expect("a lead has a call");
        Self {
            calls,
            reached_at: all.position(|dial| dial.flags.has(DialFlags::CONNECTED)),
            max_attempts: dials.settings(last).campaign.max_attempts(),
        }
    }

    /// True if the lead had all attempts that its campaign allows, by its last call.
    fn is_exhausted(&self) -> bool {
        let last = self.calls.last().expect("a lead has a call");
        let attempts = self.calls.len() as u64;
        last.flags.has(DialFlags::MAX_RETRIES)
            || (self.max_attempts).is_some_and(|allowed| attempts >= allowed)
    }

    /// Time of the first call; `None` if it is unreadable.
    fn start(&self) -> Option<i64> {
        Some(self.calls[0].time).filter(|time| *time != NO_TIME)
    }
}

impl LeadSums {
    /// Adds up calls that are sorted by lead. `is_rated` is true for the index of a campaign that
    /// has calls that were not connected.
    pub(super) fn new(dials: &Dials, is_rated: impl Fn(u32) -> bool) -> Self {
        let mut sums = Self::default();
        for campaign in dials.calls.chunk_by(|a, b| a.campaign == b.campaign) {
            let leads = campaign.chunk_by(Dial::has_same_lead);
            let (leads, without): (Vec<&[Dial]>, Vec<_>) =
                leads.partition(|calls| !calls[0].flags.has(DialFlags::NO_LEAD));
            let without = without.into_iter().map(|calls| calls.len() as u64);
            sums.calls_without_lead += without.sum::<u64>();
            let leads = leads.into_iter().map(|calls| Lead::new(calls, dials));
            let leads: Vec<Lead> = leads.collect();
            for lead in &leads {
                sums.all.add(lead);
                *(sums.leads_by_attempts)
                    .entry(lead.calls.len() as u64)
                    .or_default() += 1;
            }
            if is_rated(campaign[0].campaign) {
                sums.add_rated(&leads);
            }
        }
        sums
    }

    /// Adds the leads of one campaign to the rates.
    fn add_rated(&mut self, leads: &[Lead]) {
        let newest = newest_starts(leads);
        if self.attempts.len() < newest.len() {
            self.attempts.resize(newest.len(), Attempt::default());
        }
        for lead in leads {
            self.rated.add(lead);
            for (dial, attempt) in lead.calls.iter().zip(&mut self.attempts) {
                attempt.connected += u64::from(dial.flags.has(DialFlags::CONNECTED));
                attempt.classed += u64::from(dial.flags.is_classed());
            }
            let Some(start) = lead.start() else {
                continue;
            };
            let attempts = self.attempts.iter_mut().zip(&newest).enumerate();
            for (index, (attempt, newest)) in attempts {
                if newest.is_some_and(|newest| start <= newest) {
                    attempt.chances += 1;
                    attempt.reached += u64::from(lead.reached_at.is_some_and(|at| at <= index));
                }
            }
        }
    }

    pub(super) fn attempt_figures(&self) -> Vec<AttemptFigures> {
        let attempts = (1..).zip(&self.attempts);
        let figures = attempts.map(|(attempt, sums)| AttemptFigures {
            attempt,
            answered: Rate::new(sums.connected, sums.classed, Reason::NoFinishedCalls),
            reached_within: Rate::new(sums.reached, sums.chances, Reason::NoChance),
        });
        figures.collect()
    }

    pub(super) fn attempts_per_lead(&self) -> Vec<AttemptCount> {
        let counts = self.leads_by_attempts.iter();
        let counts = counts.map(|(attempts, leads)| AttemptCount {
            attempts: *attempts,
            leads: *leads,
        });
        counts.collect()
    }
}

/// For each number of attempts, when the newest lead of the campaign that has had as many was first
/// called. Leads first called later had no time for them, whether they were reached or not.
fn newest_starts(leads: &[Lead]) -> Vec<Option<i64>> {
    let most = leads.iter().map(|lead| lead.calls.len()).max();
    let mut newest = vec![None; most.unwrap_or_default().min(MAX_ATTEMPT)];
    for lead in leads {
        let Some(start) = lead.start() else {
            continue;
        };
        for newest in newest.iter_mut().take(lead.calls.len()) {
            *newest = (*newest).max(Some(start));
        }
    }
    newest
}
