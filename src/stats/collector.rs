//! The sums over calls. A worker adds the calls of a batch; the batches are merged in input order.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use chrono::{DateTime, Datelike as _, FixedOffset};

use super::conversation::ConversationSums;
use super::dial::{DialGroups, Dials};
use super::facts::{CallFacts, Class};
use super::goal::GoalState;
use super::groups::{Groups, NO_VALUE};
use super::request::StatsRequest;
use super::review_sums::{ReviewFacts, ReviewSums};
use super::section::StatsSection;
use super::sums::{Classes, Sums};
use super::talk::TalkHistogram;
use super::variables::VariableSums;
use super::zone_hint::ZoneFacts;
use crate::call::campaign::Campaign;
use crate::call::contract_object::ContractObject;
use crate::call::phone::to_e164;
use crate::call::{Call, read_timestamp};
use crate::contract::documented_status;
use crate::json::plain_text;
use crate::time::timestamp::Timestamp;

/// Sums over calls.
#[derive(Clone, Debug, Default)]
pub(crate) struct Collector {
    pub(super) totals: Sums,
    /// Calls by status, as documented, and class.
    pub(super) outcomes: Groups<Classes>,
    pub(super) talk: TalkHistogram,
    /// First and last call, in local time.
    pub(super) period: Option<(DateTime<FixedOffset>, DateTime<FixedOffset>)>,
    /// Calls by local day, counted from 1 January of the year 1.
    pub(super) days: BTreeMap<i32, DayCalls>,
    pub(super) calls_without_time: u64,
    pub(super) test_deliveries: u64,
    pub(super) campaigns: Groups<CampaignSums>,
    /// Calls by the number of the assistant.
    pub(super) numbers: Groups<Sums>,
    /// Calls by the field of the request.
    pub(super) groups: Groups<Sums>,
    pub(super) dials: Dials,
    pub(super) conversations: ConversationSums,
    pub(super) variables: VariableSums,
    pub(super) zones: ZoneFacts,
    /// Calls to look at, if the request has them.
    pub(super) review: ReviewSums,
    /// True if a call has the variable of the goal.
    pub(super) has_goal: bool,
}

/// Calls of one local day.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct DayCalls {
    pub(crate) calls: u64,
    pub(crate) connected: u64,
}

/// Sums over the calls of a campaign.
#[derive(Clone, Debug, Default)]
pub(crate) struct CampaignSums {
    pub(super) sums: Sums,
    /// The name as last seen.
    pub(super) name: Option<Box<str>>,
}

impl AddAssign for CampaignSums {
    fn add_assign(&mut self, later: Self) {
        self.sums += later.sums;
        if later.name.is_some() {
            self.name = later.name;
        }
    }
}

impl Collector {
    /// Adds a call. Test deliveries are only counted. `review` is there if the request has the
    /// calls to look at.
    pub(crate) fn add(
        &mut self,
        body: &ContractObject,
        review: Option<ReviewFacts>,
        request: &StatsRequest,
    ) {
        let call = Call::read(body);
        if call.sample_value().is_some() {
            self.test_deliveries += 1;
            return;
        }
        let zone = &request.zone;
        let status = call.status_text();
        let status = status
            .as_deref()
            .map(|text| documented_status(text).unwrap_or(text));
        let facts = CallFacts::read(&call, status, body, request);
        self.has_goal |= facts.goal != GoalState::Absent;
        self.totals.add(&facts);
        if let Some(review) = review {
            self.review.add(review, &facts, call.campaign.is_some());
        }
        if facts.class == Class::Connected {
            if request.sections.contains(StatsSection::Conversations) {
                self.conversations.add(&facts);
            }
            if request.sections.contains(StatsSection::Variables) {
                self.variables.add(&call);
            }
        }
        let outcome = self
            .outcomes
            .index_of(status.filter(|status| !status.trim().is_empty()));
        self.outcomes.at(outcome).add(facts.class);
        if let (Class::Connected, Some(seconds)) = (facts.class, facts.seconds) {
            self.talk.add(seconds);
        }
        let time = call
            .created_at()
            .and_then(read_timestamp)
            .map(|time| Timestamp {
                time: zone.localize(time),
                ..time
            });
        self.add_time(&call, facts.class, time);
        self.add_to_groups(&call, body, &facts, request, time);
    }

    fn add_time(&mut self, call: &Call, class: Class, time: Option<Timestamp>) {
        let Some(time) = time else {
            self.calls_without_time += 1;
            return;
        };
        self.zones.add(call, time);
        let local = time.time;
        self.add_period((local, local));
        let day = self
            .days
            .entry(local.date_naive().num_days_from_ce())
            .or_default();
        day.calls += 1;
        day.connected += u64::from(class == Class::Connected);
    }

    fn add_period(&mut self, (first, last): (DateTime<FixedOffset>, DateTime<FixedOffset>)) {
        let known = self.period.unwrap_or((first, last));
        self.period = Some((known.0.min(first), known.1.max(last)));
    }

    /// Adds the call to its campaign, the number of its assistant, and its group.
    fn add_to_groups(
        &mut self,
        call: &Call,
        body: &ContractObject,
        facts: &CallFacts,
        request: &StatsRequest,
        time: Option<Timestamp>,
    ) {
        let phone = call.assistant_phone().map(plain_text);
        let phone = phone.filter(|phone| !phone.trim().is_empty());
        let e164 = phone.as_deref().and_then(to_e164);
        let phone = self.numbers.index_of(e164.as_deref().or(phone.as_deref()));
        self.numbers.at(phone).add(facts);
        let key = call.campaign.as_ref().map(Campaign::key);
        let group = request.by.as_ref().map_or(NO_VALUE, |by| {
            let local = time.map(|time| time.time);
            let value = by.value(call, body, local, key.as_deref());
            let group = self.groups.index_of(value.as_deref());
            self.groups.at(group).add(facts);
            group
        });
        let (Some(key), Some(campaign)) = (key, &call.campaign) else {
            return;
        };
        let index = self.campaigns.index_of(Some(&key));
        let sums = self.campaigns.at(index);
        sums.sums.add(facts);
        if let Some(name) = campaign.name().filter(|_| campaign.id().is_some()) {
            let name = plain_text(name);
            if sums.name.as_deref() != Some(&*name) {
                sums.name = Some(name.into());
            }
        }
        let groups = DialGroups {
            campaign: index,
            phone,
            group,
        };
        self.dials.add(call, facts, groups, time);
    }

    /// Adds the sums of a later part of the input.
    pub(crate) fn merge(&mut self, later: Self) {
        self.totals += later.totals;
        self.outcomes.merge(later.outcomes);
        self.talk.merge(later.talk);
        if let Some(period) = later.period {
            self.add_period(period);
        }
        for (day, added) in later.days {
            let calls = self.days.entry(day).or_default();
            calls.calls += added.calls;
            calls.connected += added.connected;
        }
        self.calls_without_time += later.calls_without_time;
        self.test_deliveries += later.test_deliveries;
        self.conversations.merge(later.conversations);
        self.variables.merge(later.variables);
        self.zones.merge(&later.zones);
        self.review.merge(later.review);
        self.has_goal |= later.has_goal;
        let campaigns = self.campaigns.merge(later.campaigns);
        let phones = self.numbers.merge(later.numbers);
        let groups = self.groups.merge(later.groups);
        self.dials.merge(later.dials, &campaigns, &phones, &groups);
    }
}
