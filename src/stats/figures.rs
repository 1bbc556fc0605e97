//! Computes the figures from the sums.

use chrono::{DateTime, FixedOffset, SecondsFormat};

use super::billing::billing;
use super::collector::Collector;
use super::context::{Context, readable_rate};
use super::facts::Class;
use super::groups::Groups;
use super::model::{
    CallFigures, CallFunnel, LeadFigures, LeadFunnel, Outcome, RateFigures, Ratio, Sections,
};
use super::rate::{Rate, to_f64};
use super::reason::Reason;
use super::request::StatsRequest;
use super::section::StatsSection;
use super::sums::Classes;
use super::time_figures::{day_count, day_range};

impl Collector {
    /// Computes the figures of the requested sections. Only a window that `is_current` has calls to
    /// look at.
    #[must_use]
    pub(super) fn into_sections(mut self, request: &StatsRequest, is_current: bool) -> Sections {
        use StatsSection as S;
        let has = |section| request.sections.contains(section);
        let has_review = is_current && has(S::Review);
        if has(S::Audit) || has_review {
            self.dials.mark_parallel_calls();
        }
        self.dials.sort_by_lead();
        let context = Context::new(&self, request);
        let connected = self.totals.calls.classes.connected;
        Sections {
            calls: has(S::Calls).then(|| context.calls()),
            rates: has(S::Rates).then(|| context.rates()),
            leads: has(S::Leads).then(|| context.leads()),
            numbers: has(S::Numbers).then(|| context.numbers()),
            groups: (has(S::Groups) && request.by.is_some()).then(|| context.groups()),
            conversations: has(S::Conversations).then(|| self.conversations.figures(&self.totals)),
            billing: has(S::Billing).then(|| billing(&self.totals, request.price)),
            audit: has(S::Audit).then(|| context.audit()),
            variables: has(S::Variables).then(|| self.variables.figures(connected)),
            days: has(S::Days).then(|| context.days()),
            week: has(S::Week).then(|| context.week()),
            review: has_review.then(|| context.review()),
        }
    }
}

impl Context<'_> {
    fn calls(&self) -> CallFigures {
        let Collector { totals, days, .. } = self.sums;
        let classes = totals.calls.classes;
        let campaign_calls = self.sums.dials.calls.len() as u64;
        let time = |time: DateTime<FixedOffset>| time.to_rfc3339_opts(SecondsFormat::Secs, true);
        let period = self
            .sums
            .period
            .map(|(first, last)| (time(first), time(last)));
        let (first, last) = period.unzip();
        CallFigures {
            calls: totals.calls.count,
            campaign_calls,
            other_calls: totals.calls.count - campaign_calls,
            connected: classes.connected,
            not_connected: classes.not_connected,
            open: classes.open,
            unclassed: classes.unclassed,
            outcomes: outcomes(&self.sums.outcomes),
            first,
            last,
            days: day_range(days).map_or(0, |range| day_count(&range)),
            days_with_calls: days.len() as u64,
            calls_without_time: self.sums.calls_without_time,
            talk_time: self.sums.talk.figures(classes.connected),
        }
    }

    fn rates(&self) -> RateFigures {
        let totals = &self.sums.totals;
        let connected = totals.calls.classes.connected;
        RateFigures {
            answered: self.answered(),
            two_way: readable_rate(totals, totals.two_way),
            conversations: readable_rate(totals, totals.conversations),
            goals_of_conversations: self.goal_rate(
                totals.goal_conversations,
                totals.conversations,
                Reason::NoConversations,
            ),
            goals_of_connected: self.goal_rate(totals.goals, connected, Reason::NoConnectedCalls),
            goals_of_leads: self.lead_rate(self.leads.rated.goals, true),
            goals_missed: totals.goals_missed,
            goals_not_said: connected - totals.goals - totals.goals_missed,
            call_funnel: self.call_funnel(),
            lead_funnel: self.lead_funnel(),
            calls_of_campaigns_without_misses: self.all_campaigns.calls.count
                - self.rated.calls.count,
            campaigns_without_misses: self.unrated_campaigns,
        }
    }

    /// The funnel of the calls that count in answer rates. If there are none, that of all campaign
    /// calls, without the dials.
    fn call_funnel(&self) -> CallFunnel {
        let (calls, dials) = match self.unrated {
            None => (&self.rated, Some(self.rated.calls.classes.decided())),
            Some(_) => (&self.all_campaigns, None),
        };
        CallFunnel {
            dials,
            connected: calls.calls.classes.connected,
            two_way: calls.two_way,
            conversations: calls.conversations,
            goals: self.known_goals(calls.goal_conversations),
        }
    }

    /// The funnel of the leads of campaigns that show an answer rate. If there are none, that of
    /// all leads, without the attempted ones.
    fn lead_funnel(&self) -> LeadFunnel {
        let (leads, attempted) = match self.unrated {
            None => (&self.leads.rated, Some(self.leads.rated.attempted)),
            Some(_) => (&self.leads.all, None),
        };
        LeadFunnel {
            leads: leads.leads,
            attempted,
            reached: leads.reached,
            goals: self.known_goals(leads.goals),
        }
    }

    /// The number of goals; `None` if the calls do not show it.
    fn known_goals(&self, goals: u64) -> Option<u64> {
        self.goal_reason().is_none().then_some(goals)
    }

    /// A rate over the leads of campaigns that have calls that were not connected.
    fn lead_rate(&self, numerator: u64, is_goal: bool) -> Rate {
        match &self.unrated {
            Some(reason) => Rate::unknown(reason.clone()),
            None if is_goal => self.goal_rate(numerator, self.leads.rated.leads, Reason::NoLeads),
            None => Rate::new(numerator, self.leads.rated.leads, Reason::NoLeads),
        }
    }

    fn leads(&self) -> LeadFigures {
        let rated = &self.leads.rated;
        let no_goals = self.goal_reason().unwrap_or(Reason::NoGoals);
        let per_goal = |sum, goals| Ratio::new(sum, goals, no_goals.clone());
        let (calls_per_goal, talk_time_per_goal) = match &self.unrated {
            None => {
                let (calls, goals) = (&self.rated.calls, self.rated.goals);
                (
                    per_goal(calls.classes.decided(), goals),
                    per_goal(calls.seconds, goals),
                )
            }
            // All calls with a result are connected: how many were made is not known.
            Some(reason) => {
                let all = &self.all_campaigns;
                (
                    Ratio::unknown(reason.clone()),
                    per_goal(all.calls.seconds, all.goals),
                )
            }
        };
        LeadFigures {
            leads: self.leads.all.leads,
            calls_without_lead: self.leads.calls_without_lead,
            reached: self.lead_rate(rated.reached, false),
            reached_at_first_attempt: self.lead_rate(rated.reached_first, false),
            exhausted: self.lead_rate(rated.exhausted, false),
            attempts: self.leads.attempt_figures(),
            attempts_per_lead: self.leads.attempts_per_lead(),
            calls_per_goal,
            talk_time_per_goal,
        }
    }
}

impl Ratio {
    /// The ratio `numerator` ÷ `denominator`. If that is 0, `reason` says what is missing.
    pub(super) fn new(numerator: u64, denominator: u64, reason: Reason) -> Self {
        let is_known = denominator > 0;
        Self {
            numerator: Some(numerator),
            denominator: Some(denominator),
            value: is_known.then(|| to_f64(numerator) / to_f64(denominator)),
            reason: (!is_known).then_some(reason),
        }
    }

    fn unknown(reason: Reason) -> Self {
        Self {
            numerator: None,
            denominator: None,
            value: None,
            reason: Some(reason),
        }
    }
}

/// The calls by status, in the order of the classes, those with the most calls first.
fn outcomes(outcomes: &Groups<Classes>) -> Vec<Outcome> {
    let mut list = Vec::new();
    for index in outcomes.indices() {
        let classes = outcomes.get(index).copied().unwrap_or_default();
        for (class, calls) in [
            (Class::Connected, classes.connected),
            (Class::NotConnected, classes.not_connected),
            (Class::Open, classes.open),
            (Class::Unclassed, classes.unclassed),
        ] {
            if calls > 0 {
                let status = outcomes.value(index).map(str::to_owned);
                list.push(Outcome {
                    status,
                    class,
                    calls,
                });
            }
        }
    }
    list.sort_by(|a, b| {
        let order = (a.class, b.calls).cmp(&(b.class, a.calls));
        order.then_with(|| a.status.cmp(&b.status))
    });
    list
}
