//! Members of a body in, whether the call is one of those asked for out. What is asked is data; of different kinds all must hold, of several
//! statuses, numbers or campaigns one.

mod moment;
mod names;
mod variable;

use clap::ValueEnum;

use crate::call::campaign::Campaign;
use crate::call::talk_time::TalkTime;
use crate::call::zone::Zone;
use crate::call::{present, says_nothing, timestamp};
use crate::json::{Json, Object};

pub use moment::Moment;
pub use names::{CampaignName, Phone, Status};
pub use variable::VariableTest;

/// Which calls are asked for: all, unless something is said.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// With one of these statuses.
    pub statuses: Vec<Status>,
    /// With one of these numbers: the customer's, the assistant's or the lead's.
    pub phones: Vec<Phone>,
    /// Of one of these campaigns.
    pub campaigns: Vec<CampaignName>,
    /// Created then or later.
    pub since: Option<Moment>,
    /// Created then or earlier.
    pub until: Option<Moment>,
    /// What dates and clocks mean.
    pub zone: Zone,
    /// With at least so much talk time.
    pub min_duration: Option<TalkTime>,
    /// With at most so much talk time.
    pub max_duration: Option<TalkTime>,
    /// With all of these parts.
    pub has: Vec<Part>,
    /// With variables of which all of this holds.
    pub variables: Vec<VariableTest>,
}

/// A part that not every call has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// A lead
    Lead,
    /// A campaign, in the body or in its lead
    Campaign,
    /// A link to a recording
    Recording,
    /// Something that was said
    Transcript,
}

impl Part {
    /// Whether it is there and says something.
    fn is_in(self, members: &Object) -> bool {
        let is_there = |name| present(members, name).is_some_and(|value| !says_nothing(value));
        match self {
            Self::Lead => is_there("lead"),
            Self::Campaign => {
                let is_named = |campaign: Campaign| {
                    let mut values = campaign.values().into_iter().flatten();
                    values.any(|value| !says_nothing(value))
                };
                Campaign::of_body(members).is_some_and(is_named)
            }
            Self::Recording => is_there("recording_url"),
            Self::Transcript => is_there("transcript"),
        }
    }
}

impl Filter {
    /// Whether nothing is said: then all calls are asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        // Named one by one, so that none is forgotten.
        let Self {
            statuses,
            phones,
            campaigns,
            since,
            until,
            zone: _,
            min_duration,
            max_duration,
            has,
            variables,
        } = self;
        statuses.is_empty()
            && phones.is_empty()
            && campaigns.is_empty()
            && since.is_none()
            && until.is_none()
            && min_duration.is_none()
            && max_duration.is_none()
            && has.is_empty()
            && variables.is_empty()
    }

    /// What is wrong with it if no call can be what it asks for, in the words of the command line.
    #[must_use]
    pub fn contradiction(&self) -> Option<&'static str> {
        let durations = self.min_duration.zip(self.max_duration);
        let moments = self.since.zip(self.until);
        if durations.is_some_and(|(least, most)| least > most) {
            Some("--min-duration is longer than --max-duration: no call can be both")
        } else if moments.is_some_and(|(since, until)| since.is_behind(&until)) {
            Some("--since is later than --until: no call can be both")
        } else {
            None
        }
    }

    /// Whether the call with these members is asked for.
    #[must_use]
    pub fn admits(&self, members: &Object) -> bool {
        self.admits_status(members)
            && self.admits_time(members)
            && self.admits_duration(members)
            && self.has.iter().all(|part| part.is_in(members))
            && (self.phones.is_empty() || self.phones.iter().any(|phone| phone.is_of(members)))
            && self.admits_campaign(members)
            && self
                .variables
                .iter()
                .all(|test| test.holds(members, &self.zone))
    }

    fn admits_status(&self, members: &Object) -> bool {
        let is = |value: Json| self.statuses.iter().any(|status| status.is(value));
        self.statuses.is_empty() || present(members, "status").is_some_and(is)
    }

    fn admits_campaign(&self, members: &Object) -> bool {
        let is = |campaign: Campaign| self.campaigns.iter().any(|name| name.is(&campaign));
        self.campaigns.is_empty() || Campaign::of_body(members).is_some_and(is)
    }

    fn admits_time(&self, members: &Object) -> bool {
        if self.since.is_none() && self.until.is_none() {
            return true;
        }
        let Some(time) = members.get("created_at").and_then(timestamp) else {
            return false;
        };
        let zone = &self.zone;
        self.since.is_none_or(|since| since.has_begun(time, zone))
            && self.until.is_none_or(|until| until.is_not_over(time, zone))
    }

    fn admits_duration(&self, members: &Object) -> bool {
        if self.min_duration.is_none() && self.max_duration.is_none() {
            return true;
        }
        let Some(time) = present(members, "duration").and_then(TalkTime::read) else {
            return false;
        };
        self.min_duration.is_none_or(|least| time >= least)
            && self.max_duration.is_none_or(|most| time <= most)
    }
}
