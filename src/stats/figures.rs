//! Computes the figures from the sums.

use std::collections::{BTreeMap, HashMap};
use std::ops::RangeInclusive;

use chrono::{DateTime, FixedOffset, NaiveDate, SecondsFormat};

use super::collector::{Classes, Collector, StatsRequest, Sums};
use super::dial::{Dial, DialFlags};
use super::facts::Class;
use super::group_by::weekday_index;
use super::groups::{Groups, NO_VALUE, OTHER_VALUES};
use super::leads::LeadSums;
use super::model::{
    BestHour, CallFigures, CallFunnel, DayFigures, GroupFigures, GroupList, HourFigures,
    InputFigures, LeadFigures, Outcome, RateFigures, Ratio, Stats, VERSION, WeekFigures,
};
use super::rate::{Rate, to_f64};
use crate::contract::WEEKDAYS;

const NO_CAMPAIGN_CALLS: &str = "no campaign calls";
const ALL_CONNECTED: &str = "no campaign has a call that was not connected";
const NO_RATED_CALLS: &str = "no calls of a campaign with calls that were not connected";
const ONLY_COMPLETED: &str = "the webhook sends only completed calls (postcall.toml)";
const NOT_CONNECTED: &str = "no connected calls";
const NO_TRANSCRIPT: &str = "no connected call has a readable transcript";
const NO_CONVERSATION: &str = "no conversations";
const NO_TIME: &str = "no campaign call has a readable time";

/// Days without calls are listed if the period is at most this long.
const MAX_DAYS: u64 = 3_660;

/// Days of a number's answer rate that are compared with those before.
const RECENT_DAYS: i32 = 7;

/// Seconds of a day.
const DAY: i64 = 24 * 60 * 60;

/// Day number of 1 January 1970, where 1 January of the year 1 is day 1.
const EPOCH_DAY: i32 = 719_163;

impl Collector {
    /// Computes all figures of the `request`.
    #[must_use]
    pub(crate) fn into_stats(mut self, request: &StatsRequest, input: InputFigures) -> Stats {
        self.dials.sort_by_lead();
        let context = Context::new(&self, request);
        Stats {
            version: VERSION,
            zone: self.zones.name(&request.zone),
            suggested_zone: self.zones.suggestion(&request.zone),
            goal: request.goal.to_string(),
            input: InputFigures {
                test_deliveries: self.test_deliveries,
                ..input
            },
            calls: Some(context.calls()),
            rates: Some(context.rates()),
            leads: Some(context.leads()),
            numbers: Some(context.numbers()),
            groups: request.by.is_some().then(|| context.groups()),
            days: Some(context.days()),
            week: Some(context.week()),
        }
    }
}

/// Number of connected calls, and of calls that were connected or not, of campaigns that have both.
#[derive(Clone, Copy, Debug, Default)]
struct Answers {
    connected: u64,
    calls: u64,
}

impl Answers {
    fn add(&mut self, dial: &Dial) {
        self.connected += u64::from(dial.flags.has(DialFlags::CONNECTED));
        self.calls += 1;
    }
}

/// The sums, and what is derived from them for several figures.
struct Context<'c> {
    sums: &'c Collector,
    request: &'c StatsRequest,
    leads: LeadSums,
    /// By index of the campaign, true if it has calls that were not connected.
    rated_campaigns: HashMap<u32, bool>,
    /// Why there is no answer rate, if there is none.
    unrated: Option<&'static str>,
    answered: Rate,
    /// Last local day with a campaign call.
    last_day: Option<i32>,
}

impl<'c> Context<'c> {
    fn new(sums: &'c Collector, request: &'c StatsRequest) -> Self {
        let campaigns = sums.campaigns.indices();
        let rated_campaigns: HashMap<u32, bool> = campaigns
            .map(|index| {
                let classes = sums.campaigns.get(index).map(|sums| sums.classes);
                let has_misses = classes.is_some_and(|classes| classes.not_connected > 0);
                (index, has_misses && !request.only_completed)
            })
            .collect();
        let is_rated = |campaign: u32| rated_campaigns[&campaign];
        let calls = &sums.dials.calls;
        let unrated = if calls.is_empty() {
            Some(NO_CAMPAIGN_CALLS)
        } else if request.only_completed {
            Some(ONLY_COMPLETED)
        } else if !rated_campaigns.values().any(|is_rated| *is_rated) {
            Some(ALL_CONNECTED)
        } else {
            None
        };
        let mut answers = Answers::default();
        let rated = calls.iter().filter(|dial| is_rated(dial.campaign));
        rated
            .filter(|dial| dial.flags.is_classed())
            .for_each(|dial| answers.add(dial));
        Self {
            leads: LeadSums::new(calls, is_rated),
            answered: match unrated {
                Some(reason) => Rate::unknown(reason),
                None => Rate::new(answers.connected, answers.calls, NO_CAMPAIGN_CALLS),
            },
            last_day: calls.iter().filter_map(local_day).max(),
            sums,
            request,
            rated_campaigns,
            unrated,
        }
    }

    /// The calls that count in answer rates.
    fn rated_dials(&self) -> impl Iterator<Item = &'c Dial> {
        let dials = self.sums.dials.calls.iter();
        dials.filter(|dial| dial.flags.is_classed() && self.rated_campaigns[&dial.campaign])
    }

    /// An answer rate over some of the calls.
    fn answer_rate(&self, answers: Answers) -> Rate {
        match self.unrated {
            Some(reason) => Rate::unknown(reason),
            None => Rate::new(answers.connected, answers.calls, NO_RATED_CALLS),
        }
    }

    fn calls(&self) -> CallFigures {
        let Collector { totals, days, .. } = self.sums;
        let classes = totals.classes;
        let campaign_calls = self.sums.dials.calls.len() as u64;
        let time = |time: DateTime<FixedOffset>| time.to_rfc3339_opts(SecondsFormat::Secs, true);
        let period = self
            .sums
            .period
            .map(|(first, last)| (time(first), time(last)));
        let (first, last) = period.unzip();
        CallFigures {
            calls: totals.calls,
            campaign_calls,
            other_calls: totals.calls - campaign_calls,
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

    fn goal_reason<'r>(&self, absence: &'r str, reason: &'r str) -> &'r str {
        if self.sums.has_goal || self.sums.totals.calls == 0 {
            reason
        } else {
            absence
        }
    }

    /// The rate of goals; unknown if no call has the variable of the goal.
    fn goal_rate(&self, numerator: u64, denominator: u64, reason: &str) -> Rate {
        let absence = self.request.goal.absence();
        if self.goal_reason(&absence, "").is_empty() {
            Rate::new(numerator, denominator, reason)
        } else {
            Rate::unknown(absence)
        }
    }

    fn rates(&self) -> RateFigures {
        let totals = &self.sums.totals;
        let connected = totals.classes.connected;
        let unrated = self
            .rated_campaigns
            .iter()
            .filter(|(_, is_rated)| !**is_rated);
        let unrated: Vec<u32> = unrated.map(|(index, _)| *index).collect();
        let calls_of = |index: &u32| self.sums.campaigns.get(*index).map(|sums| sums.classes);
        let total = |classes: Classes| {
            classes.connected + classes.not_connected + classes.open + classes.unclassed
        };
        RateFigures {
            answered: self.answered.clone(),
            two_way: readable_rate(totals, totals.two_way),
            conversations: readable_rate(totals, totals.conversations),
            goals_of_conversations: self.goal_rate(
                totals.goal_conversations,
                totals.conversations,
                NO_CONVERSATION,
            ),
            goals_of_connected: self.goal_rate(totals.goals, connected, NOT_CONNECTED),
            goals_of_leads: self.lead_rate(self.leads.rated.goals, true),
            goals_missed: totals.goals_missed,
            goals_not_said: connected - totals.goals - totals.goals_missed,
            call_funnel: self.call_funnel(),
            lead_funnel: match self.unrated {
                None => self.leads.rated.funnel(true),
                Some(_) => self.leads.any.funnel(false),
            },
            calls_of_campaigns_without_misses: unrated.iter().filter_map(calls_of).map(total).sum(),
            campaigns_without_misses: unrated.len() as u64,
        }
    }

    /// The funnel of the calls that count in answer rates. If there are none, that of all campaign
    /// calls, without the dials.
    fn call_funnel(&self) -> CallFunnel {
        let mut funnel = CallFunnel {
            dials: self.unrated.is_none().then_some(0),
            ..CallFunnel::default()
        };
        let mut add = |dial: &Dial| {
            let has = |flag| u64::from(dial.flags.has(flag));
            funnel.dials = funnel.dials.map(|dials| dials + 1);
            funnel.connected += has(DialFlags::CONNECTED);
            funnel.two_way += has(DialFlags::TWO_WAY);
            funnel.conversations += has(DialFlags::CONVERSATION);
            let is_conversation = dial.flags.has(DialFlags::CONVERSATION);
            funnel.goals += has(DialFlags::GOAL) * u64::from(is_conversation);
        };
        if self.unrated.is_none() {
            self.rated_dials().for_each(&mut add);
        } else {
            self.sums.dials.calls.iter().for_each(&mut add);
        }
        funnel
    }

    /// A rate over the leads of campaigns that have calls that were not connected.
    fn lead_rate(&self, numerator: u64, is_goal: bool) -> Rate {
        match self.unrated {
            Some(reason) => Rate::unknown(reason),
            None if is_goal => self.goal_rate(numerator, self.leads.rated.leads, "no leads"),
            None => Rate::new(numerator, self.leads.rated.leads, "no leads"),
        }
    }

    fn leads(&self) -> LeadFigures {
        let rated = &self.leads.rated;
        let campaign_calls = self.sums.dials.calls.iter();
        let goals = campaign_calls
            .filter(|dial| dial.flags.has(DialFlags::GOAL))
            .count() as u64;
        let rated_goals = self
            .rated_dials()
            .filter(|dial| dial.flags.has(DialFlags::GOAL));
        let calls_per_goal = match self.unrated {
            Some(reason) => Ratio::unknown(reason),
            None => Ratio::new(
                self.rated_dials().count() as u64,
                rated_goals.count() as u64,
            ),
        };
        let seconds = self.sums.campaigns.indices();
        let seconds = seconds.filter_map(|index| self.sums.campaigns.get(index));
        let seconds = seconds.map(|sums| sums.seconds).sum();
        LeadFigures {
            leads: self.leads.all_leads,
            calls_without_lead: self.leads.calls_without_lead,
            reached: self.lead_rate(rated.reached, false),
            reached_at_first_attempt: self.lead_rate(rated.reached_first, false),
            exhausted: self.lead_rate(rated.exhausted, false),
            attempts: self.leads.attempt_figures(),
            attempts_per_lead: self.leads.attempts_per_lead(),
            calls_per_goal,
            talk_seconds_per_goal: Ratio::new(seconds, goals),
        }
    }

    fn numbers(&self) -> GroupList {
        self.group_list("assistant_phone", &self.sums.numbers, |dial| dial.phone)
    }

    fn groups(&self) -> GroupList {
        let by = self.request.by.as_ref().expect("it is requested");
        let mut list = self.group_list(&by.to_string(), &self.sums.groups, |dial| dial.group);
        if by.is_campaign() {
            let campaigns = self.sums.campaigns.indices();
            let names: HashMap<&str, &str> = campaigns
                .filter_map(|index| {
                    let name = self.sums.campaigns.get(index)?.name.as_deref()?;
                    Some((self.sums.campaigns.value(index)?, name))
                })
                .collect();
            for group in &mut list.groups {
                let name = group.value.as_deref().and_then(|id| names.get(id));
                group.name = name.map(|name| (*name).to_owned());
            }
        }
        if by.is_chronological() {
            list.is_chronological = true;
            list.groups.sort_by_cached_key(|group| {
                let value = group.value.clone().unwrap_or_else(|| "~".to_owned());
                (weekday_index(&value), value)
            });
        }
        let has_value = list.groups.iter().any(|group| group.value.is_some());
        if !has_value && self.sums.totals.calls > 0 {
            list.groups.clear();
            list.reason = Some(format!("no call has `{by}`"));
        }
        list
    }

    /// The figures of groups, those with the most calls first.
    fn group_list(
        &self,
        by: &str,
        groups: &Groups<Sums>,
        index_of: impl Fn(&Dial) -> u32,
    ) -> GroupList {
        let mut answers: HashMap<u32, [Answers; 3]> = HashMap::new();
        for dial in self.rated_dials() {
            let [all, recent, before] = answers.entry(index_of(dial)).or_default();
            all.add(dial);
            match (local_day(dial), self.last_day) {
                (Some(day), Some(last)) if day > last - RECENT_DAYS => recent.add(dial),
                (Some(_), _) => before.add(dial),
                (None, _) => {}
            }
        }
        let mut list: Vec<GroupFigures> = groups
            .indices()
            .map(|index| {
                let sums = groups.get(index).copied().unwrap_or_default();
                let answers = answers.get(&index).copied().unwrap_or_default();
                GroupFigures {
                    value: groups.value(index).map(str::to_owned),
                    is_rest: index == OTHER_VALUES,
                    ..self.group_figures(&sums, answers)
                }
            })
            .collect();
        // The order of equal groups is that of their values.
        list.sort_by(|a, b| {
            let key = |group: &GroupFigures| (group.is_rest, std::cmp::Reverse(group.calls));
            key(a).cmp(&key(b)).then_with(|| a.value.cmp(&b.value))
        });
        let indices = groups.indices();
        GroupList {
            by: by.to_owned(),
            groups: list,
            distinct: indices
                .filter(|index| *index != NO_VALUE && *index != OTHER_VALUES)
                .count() as u64,
            is_incomplete: groups.is_incomplete(),
            is_chronological: false,
            reason: None,
        }
    }

    fn group_figures(&self, sums: &Sums, [all, recent, before]: [Answers; 3]) -> GroupFigures {
        let is_timed = sums.timed > 0;
        GroupFigures {
            value: None,
            name: None,
            is_rest: false,
            calls: sums.calls,
            connected: sums.classes.connected,
            not_connected: sums.classes.not_connected,
            talk_seconds: sums.seconds,
            mean_talk_seconds: is_timed.then(|| to_f64(sums.seconds) / to_f64(sums.timed)),
            answered: self.answer_rate(all),
            under_10_seconds: Rate::new(sums.short, sums.timed, NOT_CONNECTED),
            two_way: readable_rate(sums, sums.two_way),
            conversations: readable_rate(sums, sums.conversations),
            goals_of_connected: self.goal_rate(sums.goals, sums.classes.connected, NOT_CONNECTED),
            answered_last_7_days: self.answer_rate(recent),
            answered_before: self.answer_rate(before),
        }
    }

    fn days(&self) -> Vec<DayFigures> {
        let mut answers: BTreeMap<i32, Answers> = BTreeMap::new();
        for dial in self.rated_dials() {
            if let Some(day) = local_day(dial) {
                answers.entry(day).or_default().add(dial);
            }
        }
        let days = &self.sums.days;
        let Some(range) = day_range(days) else {
            return Vec::new();
        };
        let is_short = day_count(&range) <= MAX_DAYS;
        let listed: Vec<i32> = if is_short {
            range.collect()
        } else {
            days.keys().copied().collect()
        };
        let figures = listed.into_iter().map(|day| {
            let calls = days.get(&day).copied().unwrap_or_default();
            DayFigures {
                day: format_day(day),
                calls: calls.calls,
                connected: calls.connected,
                answered: self.answer_rate(answers.get(&day).copied().unwrap_or_default()),
            }
        });
        figures.collect()
    }

    fn week(&self) -> WeekFigures {
        let mut hours = [[Answers::default(); 24]; WEEKDAYS.len()];
        let mut by_hour = [Answers::default(); 24];
        for dial in self.rated_dials() {
            if let Some(seconds) = dial.local_seconds() {
                // 1 January 1970 was a Thursday.
                let weekday = (seconds.div_euclid(DAY) + 3).rem_euclid(7);
                let hour = seconds.rem_euclid(DAY) / 3600;
                let index = |number: i64| usize::try_from(number).expect("it is not negative");
                hours[index(weekday)][index(hour)].add(dial);
                by_hour[index(hour)].add(dial);
            }
        }
        let cells = WEEKDAYS.iter().zip(&hours).flat_map(|(weekday, hours)| {
            let hours = (0..).zip(hours).filter(|(_, answers)| answers.calls > 0);
            hours.map(|(hour, answers)| HourFigures {
                weekday,
                hour,
                answered: self.answer_rate(*answers),
            })
        });
        let hours: Vec<HourFigures> = cells.collect();
        let reason = self.unrated.or(hours.is_empty().then_some(NO_TIME));
        WeekFigures {
            hours,
            best_hour: self.best_hour(&by_hour),
            reason: reason.map(str::to_owned),
        }
    }

    /// The hour of the day whose answer rate is certainly better than that of all calls: the lower
    /// end of its interval is above the upper end of theirs.
    fn best_hour(&self, by_hour: &[Answers; 24]) -> Option<BestHour> {
        let all = self.answered.high?;
        let hours = (0..).zip(by_hour).filter(|(_, answers)| answers.calls > 0);
        let rates = hours.map(|(hour, answers)| BestHour {
            hour,
            answered: self.answer_rate(*answers),
        });
        let better = rates.filter(|best| best.answered.low > Some(all));
        // Of equal rates, the first.
        better.reduce(|best, next| {
            if next.answered.low > best.answered.low {
                next
            } else {
                best
            }
        })
    }
}

impl Ratio {
    fn new(numerator: u64, denominator: u64) -> Self {
        let is_known = denominator > 0;
        Self {
            numerator: Some(numerator),
            denominator: Some(denominator),
            value: is_known.then(|| to_f64(numerator) / to_f64(denominator)),
            reason: (!is_known).then(|| "no campaign call reached the goal".to_owned()),
        }
    }

    fn unknown(reason: &str) -> Self {
        Self {
            numerator: None,
            denominator: None,
            value: None,
            reason: Some(reason.to_owned()),
        }
    }
}

/// A rate of the connected calls whose transcript is readable.
fn readable_rate(sums: &Sums, numerator: u64) -> Rate {
    let reason = if sums.classes.connected == 0 {
        NOT_CONNECTED
    } else {
        NO_TRANSCRIPT
    };
    Rate::new(numerator, sums.readable, reason)
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

/// First and last day.
fn day_range<T>(days: &BTreeMap<i32, T>) -> Option<RangeInclusive<i32>> {
    Some(*days.first_key_value()?.0..=*days.last_key_value()?.0)
}

fn day_count(range: &RangeInclusive<i32>) -> u64 {
    u64::from(range.end().abs_diff(*range.start())) + 1
}

/// The local day of a call, counted from 1 January of the year 1; `None` without a time.
fn local_day(dial: &Dial) -> Option<i32> {
    let day = dial.local_seconds()?.div_euclid(DAY) + i64::from(EPOCH_DAY);
    i32::try_from(day).ok()
}

fn format_day(day: i32) -> String {
    let date = NaiveDate::from_num_days_from_ce_opt(day);
    date.map_or_else(String::new, |date| date.to_string())
}
