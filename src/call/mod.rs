//! The typed view of a body: what each member means, read as far as it can be. It borrows from the body and judges nothing:
//! that is the rules' work.

pub mod campaign;
pub mod documented;
pub mod lead;
pub mod phone;
pub mod talk_time;
pub mod timestamp;
pub mod transcript;
pub mod variables;
pub mod zone;

use std::borrow::Cow;

use crate::json::{Json, Object};
use campaign::Campaign;
use documented::Documented;
use lead::Lead;
use talk_time::TalkTime;
use timestamp::Timestamp;
use transcript::Transcript;
use variables::Variables;

/// One call. What is absent or null is `None`; what has an unexpected type is kept as it stood.
#[derive(Debug)]
pub struct Call<'a> {
    /// `/id`
    pub id: Option<Json<'a>>,
    /// `/customer_phone`
    pub customer_phone: Option<Json<'a>>,
    /// `/assistant_phone`
    pub assistant_phone: Option<Json<'a>>,
    /// `/duration`, in seconds
    pub duration: Option<Json<'a>>,
    /// `/status`
    pub status: Option<Json<'a>>,
    /// `/extracted_variables`
    pub extracted: Variables<'a>,
    /// `/input_variables`
    pub input: Variables<'a>,
    /// `/transcript`
    pub transcript: Transcript<'a>,
    /// `/recording_url`
    pub recording_url: Option<Json<'a>>,
    /// `/created_at`
    pub created_at: Option<Json<'a>>,
    /// `/finished_at`
    pub finished_at: Option<Json<'a>>,
    /// `/lead`
    pub lead: Option<Lead<'a>>,
    /// `/campaign`, or the variant `/lead/campaign`
    pub campaign: Option<Campaign<'a>>,
}

impl<'a> Call<'a> {
    /// Reads a body.
    #[must_use]
    pub fn read(body: &Documented<'a>) -> Self {
        let [
            id,
            customer_phone,
            assistant_phone,
            duration,
            status,
            extracted,
            input,
            transcript,
            recording_url,
            created_at,
            finished_at,
            lead,
            campaign,
        ] = body.present();
        Self {
            id,
            customer_phone,
            assistant_phone,
            duration,
            status,
            extracted: Variables::read(extracted),
            input: Variables::read(input),
            transcript: Transcript::read(transcript),
            recording_url,
            created_at,
            finished_at,
            lead: lead.and_then(Lead::read),
            campaign: Campaign::of(campaign, lead),
        }
    }

    /// The talk time in whole seconds, read from a number or from a number in a string.
    #[must_use]
    pub fn talk_time(&self) -> Option<TalkTime> {
        TalkTime::read(self.duration?)
    }

    /// The status as text, whatever type it has.
    #[must_use]
    pub fn status_text(&self) -> Option<Cow<'a, str>> {
        self.status.map(plain_text)
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
