//! The typed view of a body: what each member means, read as far as it can be. It borrows from the body and judges nothing:
//! that is the rules' work.

pub mod campaign;
pub mod documented;
pub mod lead;
pub mod object_contract;
pub mod phone;
pub mod talk_time;
pub mod timestamp;
pub mod transcript;
pub mod variables;
pub mod zone;

use std::borrow::Cow;

use crate::contract::place_of;
use crate::json::{Json, Object};
use campaign::Campaign;
use documented::{Documented, fields};
use lead::Lead;
use talk_time::TalkTime;
use timestamp::Timestamp;
use transcript::Transcript;
use variables::Variables;

/// One call. What is absent or null is `None`; what has an unexpected type is kept as it stood.
#[derive(Debug)]
pub struct Call<'a> {
    object: &'a Documented<'a>,
    /// `/lead`
    pub lead: Option<Lead<'a>>,
    /// `/campaign`, or the variant `/lead/campaign`
    pub campaign: Option<Campaign<'a>>,
}

impl<'a> Call<'a> {
    fields! { "":
        id
        customer_phone
        assistant_phone
        duration
        status
        recording_url
        created_at
        finished_at
    }

    /// Reads a body.
    #[inline]
    #[must_use]
    pub fn read(body: &'a Documented<'a>) -> Self {
        let lead = body.present(const { place_of("", "lead") });
        let campaign = body.present(const { place_of("", "campaign") });
        Self {
            object: body,
            lead: lead.and_then(Lead::read),
            campaign: Campaign::of(campaign, lead),
        }
    }

    /// `/extracted_variables`
    #[inline]
    #[must_use]
    pub fn extracted(&self) -> Variables<'a> {
        Variables::read(
            self.object
                .present(const { place_of("", "extracted_variables") }),
        )
    }

    /// `/input_variables`
    #[inline]
    #[must_use]
    pub fn input(&self) -> Variables<'a> {
        Variables::read(
            self.object
                .present(const { place_of("", "input_variables") }),
        )
    }

    /// `/transcript`
    #[inline]
    #[must_use]
    pub fn transcript(&self) -> Transcript<'a> {
        Transcript::read(self.object.present(const { place_of("", "transcript") }))
    }

    /// The talk time in whole seconds, read from a number or from a number in a string.
    #[must_use]
    pub fn talk_time(&self) -> Option<TalkTime> {
        TalkTime::read(self.duration()?)
    }

    /// The status as text, whatever type it has.
    #[must_use]
    pub fn status_text(&self) -> Option<Cow<'a, str>> {
        self.status().map(plain_text)
    }
}

/// The value of member `name`, where it is there and not null.
pub(crate) fn present<'a>(members: &Object<'a>, name: &str) -> Option<Json<'a>> {
    members.get(name).filter(|value| !value.is_null())
}

/// Whether a text, a list or an object is empty.
#[must_use]
pub fn says_nothing(value: Json) -> bool {
    value.text() == "\"\"" || value.is_empty_container()
}

/// A value as plain text: a string without its quotes, anything else as it stood, without white space between its tokens.
#[must_use]
pub fn plain_text(value: Json<'_>) -> Cow<'_, str> {
    value.as_str().unwrap_or_else(|| value.compact())
}

/// The time that a value tells, where it is a string that can be read as one.
#[must_use]
pub fn timestamp(value: Json) -> Option<Timestamp> {
    let raw = value.text().strip_prefix('"')?.strip_suffix('"')?;
    // With an escape in it, no text is a time before it is unescaped.
    let unescaped = || raw.contains('\\').then(|| value.as_str()).flatten();
    Timestamp::read(raw).or_else(|| Timestamp::read(&unescaped()?))
}
