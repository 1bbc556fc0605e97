//! One compact record per campaign call. Attempts, leads and answer rates need all calls of a lead,
//! or know only at the end of the input whether a campaign has calls that were not connected.

use std::cmp::Ordering;
use std::collections::HashMap;

use indexmap::IndexSet;

use super::dial_settings::{CampaignSettings, DialSettings};
use super::facts::{CallFacts, Class};
use super::groups::NewIndices;
use crate::call::Call;
use crate::call::campaign::Campaign;
use crate::call::lead::Lead;
use crate::call::phone::comparison_key;
use crate::json::{Json, plain_text};
use crate::time::timestamp::Timestamp;

/// A call of a campaign. 48 bytes, because there may be millions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dial {
    /// Microseconds since 1970, or [`NO_TIME`].
    pub(super) time: i64,
    /// The id of the call; `u64::MAX` if it has none that is an integer.
    pub(super) id: u64,
    /// The lead's id, or the index of its text.
    pub(super) lead: u64,
    /// The position of the call among all campaign calls of the input.
    pub(super) number: u32,
    /// Index of the campaign, of the assistant's number and of the group.
    pub(super) campaign: u32,
    pub(super) phone: u32,
    pub(super) group: u32,
    /// Index of the settings of the campaign in the body of the call.
    settings: u32,
    /// Talk time in seconds, or the greatest number.
    pub(super) seconds: u16,
    pub(super) flags: DialFlags,
}

const _: () = assert!(
    size_of::<Dial>() <= 48,
    "the documented memory per campaign call"
);

/// The time of a call without a readable one: later than all others.
pub(super) const NO_TIME: i64 = i64::MAX;

/// Properties of a call, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct DialFlags(u16);

impl DialFlags {
    pub(super) const CONNECTED: Self = Self(1);
    pub(super) const NOT_CONNECTED: Self = Self(1 << 1);
    /// The goal was reached in a connected call.
    pub(super) const GOAL: Self = Self(1 << 2);
    /// The lead's status is `reached-max-retries`.
    pub(super) const MAX_RETRIES: Self = Self(1 << 3);
    /// The lead is identified by the index of a text, not by an integer.
    pub(super) const LEAD_TEXT: Self = Self(1 << 4);
    /// The call has neither a lead nor a number of the customer.
    pub(super) const NO_LEAD: Self = Self(1 << 5);
    /// Set by the audit: more calls at a time than the campaign allows.
    pub(super) const IN_PARALLEL: Self = Self(1 << 6);

    pub(super) fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    pub(super) fn set(&mut self, other: Self, is_set: bool) {
        self.0 |= if is_set { other.0 } else { 0 };
    }

    /// True for a call that counts in answer rates.
    pub(super) fn is_classed(self) -> bool {
        self.has(Self::CONNECTED) || self.has(Self::NOT_CONNECTED)
    }
}

/// The indices of the values that a call is grouped by.
#[derive(Clone, Copy, Debug)]
pub(super) struct DialGroups {
    pub(super) campaign: u32,
    pub(super) phone: u32,
    pub(super) group: u32,
}

/// The calls of all campaigns, in input order.
#[derive(Clone, Debug, Default)]
pub(super) struct Dials {
    pub(super) calls: Vec<Dial>,
    /// Leads that are not identified by an integer: ids, and numbers of customers.
    texts: IndexSet<Box<str>>,
    settings: IndexSet<DialSettings>,
    /// Settings by the JSON of the campaign, which most calls of a batch have in common. A hash of
    /// it takes a fifth of the time of reading it.
    known_campaigns: HashMap<Box<str>, CampaignSettings>,
}

impl Dials {
    /// Adds a call. `time` is its time with its local offset.
    pub(super) fn add(
        &mut self,
        call: &Call,
        facts: &CallFacts,
        groups: DialGroups,
        time: Option<Timestamp>,
    ) {
        let mut flags = DialFlags::default();
        flags.set(DialFlags::CONNECTED, facts.class == Class::Connected);
        flags.set(DialFlags::NOT_CONNECTED, facts.class == Class::NotConnected);
        flags.set(DialFlags::GOAL, facts.has_reached_goal());
        let status = call.lead.as_ref().and_then(Lead::status);
        let is_exhausted = |status| plain_text(status) == "reached-max-retries";
        flags.set(DialFlags::MAX_RETRIES, status.is_some_and(is_exhausted));
        let lead = self.lead_of(call, &mut flags);
        let campaign = call.campaign.as_ref();
        let settings = DialSettings {
            offset: time.map_or(0, |time| time.time.offset().local_minus_utc()),
            campaign: campaign
                .map(|campaign| self.campaign_settings(campaign))
                .unwrap_or_default(),
        };
        self.calls.push(Dial {
            time: time.map_or(NO_TIME, |time| time.time.timestamp_micros()),
            id: call.id().and_then(Json::as_u64).unwrap_or(u64::MAX),
            lead,
            number: to_u32(self.calls.len()),
            campaign: groups.campaign,
            phone: groups.phone,
            group: groups.group,
            settings: to_u32(self.settings.insert_full(settings).0),
            seconds: facts.seconds.unwrap_or(0).try_into().unwrap_or(u16::MAX),
            flags,
        });
    }

    fn campaign_settings(&mut self, campaign: &Campaign) -> CampaignSettings {
        let text = campaign.object.value.text();
        if let Some(known) = self.known_campaigns.get(text) {
            return *known;
        }
        let settings = CampaignSettings::read(campaign);
        self.known_campaigns.insert(text.into(), settings);
        settings
    }

    /// The lead of a call: its id, else the number of the customer.
    fn lead_of(&mut self, call: &Call, flags: &mut DialFlags) -> u64 {
        let id = call.lead.as_ref().and_then(Lead::id);
        let text = id.map(plain_text).filter(|text| !text.is_empty());
        let text = if let Some(text) = text {
            // An integer in quotes is the same lead.
            let number = || text.parse().ok().filter(|id: &u64| id.to_string() == *text);
            if let Some(number) = id.and_then(Json::as_u64).or_else(number) {
                return number;
            }
            format!("id {text}")
        } else {
            let lead_phone = call.lead.as_ref().and_then(Lead::phone_number);
            let phone = call.customer_phone().or(lead_phone).map(plain_text);
            let Some(phone) = phone.filter(|phone| !phone.is_empty()) else {
                flags.set(DialFlags::NO_LEAD, true);
                return 0;
            };
            format!("phone {}", comparison_key(&phone))
        };
        flags.set(DialFlags::LEAD_TEXT, true);
        self.texts.insert_full(text.into()).0 as u64
    }

    /// Adds the calls of a later part of the input, with the new indices of their groups.
    pub(super) fn merge(
        &mut self,
        later: Self,
        campaigns: &NewIndices,
        phones: &NewIndices,
        groups: &NewIndices,
    ) {
        let texts: Vec<u64> = later
            .texts
            .into_iter()
            .map(|text| self.texts.insert_full(text).0 as u64)
            .collect();
        let settings: Vec<u32> = later
            .settings
            .into_iter()
            .map(|settings| to_u32(self.settings.insert_full(settings).0))
            .collect();
        let needed = self.calls.len() + later.calls.len();
        if needed > self.calls.capacity() {
            // Doubling would waste up to half of the memory.
            self.calls.reserve_exact(later.calls.len() + needed / 8);
        }
        let start = to_u32(self.calls.len());
        self.calls.extend(later.calls.into_iter().map(|dial| Dial {
            number: start.saturating_add(dial.number),
            campaign: campaigns.get(dial.campaign),
            phone: phones.get(dial.phone),
            group: groups.get(dial.group),
            settings: settings[dial.settings as usize],
            lead: if dial.flags.has(DialFlags::LEAD_TEXT) {
                texts[usize::try_from(dial.lead).expect("it is an index")]
            } else {
                dial.lead
            },
            ..dial
        }));
    }

    /// Sorts the calls by campaign, and those of a campaign in the order of their times.
    pub(super) fn sort_by_time(&mut self) {
        self.calls
            .sort_unstable_by_key(|dial| (dial.campaign, dial.attempt_key()));
    }

    /// The settings that judge a call.
    pub(super) fn settings(&self, dial: &Dial) -> &DialSettings {
        &self.settings[dial.settings as usize]
    }

    /// The local time of a call in seconds since 1970; `None` without a time.
    pub(super) fn local_seconds(&self, dial: &Dial) -> Option<i64> {
        Some(dial.start()? + i64::from(self.settings(dial).offset))
    }

    /// Sorts the calls by campaign and lead, and those of a lead in the order of its attempts.
    pub(super) fn sort_by_lead(&mut self) {
        self.calls
            .sort_unstable_by_key(|dial| (dial.campaign, dial.lead_key(), dial.attempt_key()));
    }
}

impl Dial {
    /// Identifies the lead within its campaign.
    fn lead_key(&self) -> (bool, u64) {
        (self.flags.has(DialFlags::LEAD_TEXT), self.lead)
    }

    /// The order of attempts: by time, then by id, then by position in the input.
    fn attempt_key(&self) -> (i64, u64, u32) {
        (self.time, self.id, self.number)
    }

    /// The time of the call in seconds since 1970; `None` without a time.
    pub(super) fn start(&self) -> Option<i64> {
        (self.time != NO_TIME).then(|| self.time.div_euclid(1_000_000))
    }

    /// True if both calls are for one lead of one campaign.
    pub(super) fn has_same_lead(&self, other: &Self) -> bool {
        let key = |dial: &Self| (dial.campaign, dial.lead_key());
        key(self).cmp(&key(other)) == Ordering::Equal
    }
}

/// Positions and indices: an input with more calls would not fit into memory.
fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
