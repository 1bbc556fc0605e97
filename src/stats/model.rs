//! The figures of a report. Their JSON form is documented in `docs/stats.md`; a change of it that
//! is not an addition needs a new [`VERSION`].

use std::collections::BTreeMap;

use serde::Serialize;

use super::facts::Class;
use super::rate::Rate;
use super::reason::Reason;
pub(crate) use super::review_figures::{
    FoundCall, ReasonCount, ReviewCall, ReviewFigures, ReviewReason,
};
pub(crate) use super::variable_figures::{
    NumberFigures, TextFigures, ValueCount, VariableFigures, VariableList,
};
use crate::select::filter::WindowEnds;

/// Version of the JSON form.
pub(crate) const VERSION: u32 = 1;

/// What came out of the calls.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Stats {
    pub(crate) version: u32,
    /// The zone of days and hours.
    pub(crate) zone: String,
    /// The zone that the numbers of the customers suggest, if the times are in UTC.
    pub(crate) suggested_zone: Option<&'static str>,
    /// The goal, as `--goal` has it.
    pub(crate) goal: String,
    pub(crate) input: InputFigures,
    /// With `--compare`, the figures of the window before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) compare: Option<Comparison>,
    #[serde(flatten)]
    pub(crate) sections: Sections,
}

/// The window of a report, and the figures of the equally long one before it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Comparison {
    /// The zone of the windows.
    pub(crate) zone: String,
    pub(crate) window: WindowFigures,
    pub(crate) window_before: WindowFigures,
    /// False if the window ends in the future.
    pub(crate) is_over: bool,
    /// The figures of the window before.
    pub(crate) before: Sections,
}

/// A window of time.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct WindowFigures {
    #[serde(flatten)]
    pub(crate) ends: WindowEnds,
    /// Calls in it.
    pub(crate) calls: u64,
}

/// The figures by section. A section that was not requested is `None`.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Sections {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) calls: Option<CallFigures>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rates: Option<RateFigures>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) leads: Option<LeadFigures>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) numbers: Option<GroupList>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) groups: Option<GroupList>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) conversations: Option<ConversationFigures>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) billing: Option<BillingFigures>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) audit: Option<AuditFigures>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) variables: Option<VariableList>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) days: Option<Vec<DayFigures>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) week: Option<WeekFigures>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) review: Option<ReviewFigures>,
}

impl Stats {
    /// Number of calls that the figures count.
    #[must_use]
    pub(crate) fn counted_calls(&self) -> u64 {
        let InputFigures {
            bodies,
            filtered_out,
            copies,
            test_deliveries,
            today_or_later,
            ..
        } = self.input;
        let today_or_later = today_or_later.unwrap_or_default();
        bodies - filtered_out - copies - test_deliveries - today_or_later
    }

    /// A section, and the same section of the window before.
    pub(crate) fn section<T>(
        &self,
        section: fn(&Sections) -> &Option<T>,
    ) -> Option<(&T, Option<&T>)> {
        let before = self.compare.as_ref().map(|compare| &compare.before);
        let before = before.and_then(|before| section(before).as_ref());
        Some((section(&self.sections).as_ref()?, before))
    }
}

/// What was counted, and what was not.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct InputFigures {
    /// Bodies of calls in the input.
    pub(crate) bodies: u64,
    /// Bodies that the filters exclude.
    pub(crate) filtered_out: u64,
    /// Bodies of a call of which a later body counts.
    pub(crate) copies: u64,
    /// Deliveries of the test button in the dashboard.
    pub(crate) test_deliveries: u64,
    /// Calls after the last full day, if `--compare` excludes them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) today_or_later: Option<u64>,
    /// Other payloads of the vendor, by name.
    pub(crate) other_payloads: BTreeMap<&'static str, u64>,
    /// Pieces of broken JSON.
    pub(crate) broken: u64,
    /// Envelopes whose body was lost.
    pub(crate) lost_bodies: u64,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct CallFigures {
    pub(crate) calls: u64,
    pub(crate) campaign_calls: u64,
    pub(crate) other_calls: u64,
    pub(crate) connected: u64,
    pub(crate) not_connected: u64,
    pub(crate) open: u64,
    pub(crate) unclassed: u64,
    pub(crate) outcomes: Vec<Outcome>,
    /// Time of the first and of the last call, in the zone of the report.
    pub(crate) first: Option<String>,
    pub(crate) last: Option<String>,
    /// Days from the first to the last call, and those with a call.
    pub(crate) days: u64,
    pub(crate) days_with_calls: u64,
    pub(crate) calls_without_time: u64,
    pub(crate) talk_time: TalkTimes,
}

/// Number of calls with a status.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Outcome {
    /// `None` for calls without a status, or with one of more than are kept.
    pub(crate) status: Option<String>,
    pub(crate) class: Class,
    pub(crate) calls: u64,
}

/// Talk times in seconds, over the connected calls whose duration is readable.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct TalkTimes {
    pub(crate) seconds: u64,
    pub(crate) calls: u64,
    pub(crate) calls_without_duration: u64,
    pub(crate) mean: Option<f64>,
    pub(crate) median: Option<f64>,
    pub(crate) p90: Option<u32>,
    pub(crate) max: Option<u32>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct RateFigures {
    pub(crate) answered: Rate,
    pub(crate) two_way: Rate,
    pub(crate) conversations: Rate,
    pub(crate) goals_of_conversations: Rate,
    pub(crate) goals_of_connected: Rate,
    pub(crate) goals_of_leads: Rate,
    /// Connected calls in which the goal was missed, and those that do not say.
    pub(crate) goals_missed: u64,
    pub(crate) goals_not_said: u64,
    pub(crate) call_funnel: CallFunnel,
    pub(crate) lead_funnel: LeadFunnel,
    /// Campaigns of which no call failed to connect, and their calls: answer rates exclude them.
    pub(crate) campaigns_without_misses: u64,
    pub(crate) calls_of_campaigns_without_misses: u64,
}

/// Campaign calls by level. Each number includes the ones after it.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct CallFunnel {
    /// Calls that were connected or not. `None` if no campaign has calls that were not connected.
    pub(crate) dials: Option<u64>,
    pub(crate) connected: u64,
    pub(crate) two_way: u64,
    pub(crate) conversations: u64,
    /// `None` if the calls do not show whether the goal was reached.
    pub(crate) goals: Option<u64>,
}

/// Leads by result. Each number includes the ones after it.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct LeadFunnel {
    pub(crate) leads: u64,
    /// Leads with a call that was connected or not. `None` like `dials`.
    pub(crate) attempted: Option<u64>,
    pub(crate) reached: u64,
    /// `None` like [`CallFunnel::goals`].
    pub(crate) goals: Option<u64>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct LeadFigures {
    /// Leads of all campaigns.
    pub(crate) leads: u64,
    pub(crate) calls_without_lead: u64,
    pub(crate) reached: Rate,
    pub(crate) reached_at_first_attempt: Rate,
    /// Leads that had all attempts that their campaign allows.
    pub(crate) exhausted: Rate,
    pub(crate) attempts: Vec<AttemptFigures>,
    /// Number of leads by number of attempts.
    pub(crate) attempts_per_lead: Vec<AttemptCount>,
    /// Campaign calls ÷ goals, and talk time in seconds ÷ goals.
    pub(crate) calls_per_goal: Ratio,
    pub(crate) talk_time_per_goal: Ratio,
}

/// Figures of the k-th calls of leads.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct AttemptFigures {
    pub(crate) attempt: u64,
    pub(crate) answered: Rate,
    /// Leads reached within k attempts, of those that had the chance.
    pub(crate) reached_within: Rate,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct AttemptCount {
    pub(crate) attempts: u64,
    pub(crate) leads: u64,
}

/// A sum per something, which may be greater than 1.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Ratio {
    pub(crate) numerator: Option<u64>,
    pub(crate) denominator: Option<u64>,
    pub(crate) value: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<Reason>,
}

/// Figures by the values of a field.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct GroupList {
    pub(crate) by: String,
    /// In the order of time, or by number of calls, the most first.
    pub(crate) groups: Vec<GroupFigures>,
    /// Number of distinct values; a lower bound if `is_incomplete`.
    pub(crate) distinct: u64,
    /// True if there were more distinct values than are kept: the rest is one group.
    pub(crate) is_incomplete: bool,
    /// True if the groups are in the order of time.
    #[serde(skip)]
    pub(crate) is_chronological: bool,
    /// Why there are no groups.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<Reason>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct GroupFigures {
    /// The value; `None` for the calls without one, and for the values that are not kept.
    pub(crate) value: Option<String>,
    /// The name of a campaign.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    /// True for the group of the values that are not kept.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) is_rest: bool,
    pub(crate) calls: u64,
    pub(crate) connected: u64,
    pub(crate) not_connected: u64,
    pub(crate) talk_time: u64,
    /// Mean talk time over the connected calls whose duration is readable, in seconds.
    pub(crate) mean_talk_time: Option<f64>,
    pub(crate) answered: Rate,
    pub(crate) under_10_seconds: Rate,
    pub(crate) two_way: Rate,
    pub(crate) conversations: Rate,
    pub(crate) goals_of_connected: Rate,
    pub(crate) answered_last_7_days: Rate,
    pub(crate) answered_before: Rate,
}

/// How the connected calls are talked.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ConversationFigures {
    /// Calls in which the customer said nothing, of those with a readable transcript.
    pub(crate) silent: Rate,
    /// Words of the customers of all words.
    pub(crate) words_of_customers: Ratio,
    /// By number of turns, from 1 to at most 20.
    pub(crate) customer_turns: Vec<TurnFigures>,
}

/// Two-way calls in which the customer had at least this many turns.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct TurnFigures {
    pub(crate) turns: u32,
    pub(crate) calls: Rate,
}

/// What the vendor bills for connected calls with a readable duration, estimated.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct BillingFigures {
    pub(crate) calls: u64,
    /// Sum of the durations, each at least 30 seconds.
    pub(crate) seconds: u64,
    pub(crate) minutes: f64,
    /// Connected calls that reached the goal.
    pub(crate) goals: u64,
    /// In the currency of the price, like the costs. `None` without a price.
    pub(crate) price_per_minute: Option<f64>,
    pub(crate) cost: Option<f64>,
    /// `None` without a goal, too.
    pub(crate) cost_per_goal: Option<f64>,
}

/// Calls that the settings of their campaign do not allow, of those that can be judged.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct AuditFigures {
    /// Calls outside the allowed days and hours.
    pub(crate) outside_hours: Rate,
    /// Retries before the interval was over.
    pub(crate) early_retries: Rate,
    /// Calls after the last allowed attempt.
    pub(crate) too_many_attempts: Rate,
    /// Calls that started while too many were running. At least: their ringing is unknown.
    pub(crate) too_many_in_parallel: Rate,
    /// Calls of leads after a call that reached the goal, of all their later calls.
    pub(crate) after_goal: Rate,
    /// Campaigns with different settings in their bodies.
    pub(crate) campaigns_with_changed_settings: Rate,
}

impl AuditFigures {
    /// All figures with their names.
    pub(crate) fn rates(&self) -> [(&'static str, &Rate); 6] {
        [
            ("outside_hours", &self.outside_hours),
            ("early_retries", &self.early_retries),
            ("too_many_attempts", &self.too_many_attempts),
            ("too_many_in_parallel", &self.too_many_in_parallel),
            ("after_goal", &self.after_goal),
            (
                "campaigns_with_changed_settings",
                &self.campaigns_with_changed_settings,
            ),
        ]
    }
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct DayFigures {
    pub(crate) day: String,
    pub(crate) calls: u64,
    pub(crate) connected: u64,
    pub(crate) answered: Rate,
}

/// Answer rates by local hour and weekday.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct WeekFigures {
    /// Only hours with a campaign call that counts.
    pub(crate) hours: Vec<HourFigures>,
    /// Each of these hours, with the calls of all weekdays.
    pub(crate) all_days: Vec<HourOfDay>,
    /// The hour of the day with the best answer rate, if it is certainly better than all.
    pub(crate) best_hour: Option<HourOfDay>,
    /// Why there are no rates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<Reason>,
}

impl WeekFigures {
    /// The hour of one day, if it has calls.
    #[must_use]
    pub(crate) fn find(&self, weekday: &str, hour: u32) -> Option<&HourFigures> {
        let mut hours = self.hours.iter();
        hours.find(|found| found.weekday == weekday && found.hour == hour)
    }

    /// The answer rate of an hour of all days, if it has calls.
    #[must_use]
    pub(crate) fn answered_at(&self, hour: u32) -> Option<&Rate> {
        let found = self.all_days.iter().find(|found| found.hour == hour);
        found.map(|found| &found.answered)
    }
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct HourFigures {
    pub(crate) weekday: &'static str,
    pub(crate) hour: u32,
    pub(crate) answered: Rate,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct HourOfDay {
    pub(crate) hour: u32,
    pub(crate) answered: Rate,
}
