//! The typed view of a body. It borrows from the body, interprets each member as far as possible
//! and leaves checking to the rules.

pub(crate) mod campaign;
pub mod contract_object;
mod fake_phone;
pub(crate) mod free_words;
pub(crate) mod lead;
mod member;
pub(crate) mod object_fields;
pub(crate) mod phone;
pub(crate) mod phone_search;
pub(crate) mod transcript;
pub(crate) mod url;
pub(crate) mod variable_value;
pub(crate) mod variables;

use std::borrow::Cow;

use crate::contract::{ASSISTANT_NAME, Field, TEST_PREFIX, field_index};
use crate::json::{Json, plain_text, pointer};
use crate::time::talk_time::TalkTime;
use campaign::Campaign;
use contract_object::{ContractObject, accessors};
use lead::Lead;
pub use member::read_timestamp;
pub(crate) use member::{is_empty_value, parse_string, value_at};
use phone::{country_code, to_e164};
use transcript::Transcript;
use variables::Variables;

/// One call. Absent and null members are `None`; values of an unexpected type are kept verbatim.
#[derive(Debug)]
pub struct Call<'a> {
    object: &'a ContractObject<'a>,
    /// The lead at `/lead`.
    pub(crate) lead: Option<Lead<'a>>,
    /// The campaign at `/campaign`, or at the known variant `/lead/campaign`.
    pub(crate) campaign: Option<Campaign<'a>>,
}

impl<'a> Call<'a> {
    accessors! { "":
        customer_phone
        assistant_phone
        duration
        status
        recording_url
        created_at
        finished_at
    }

    /// Creates the typed view of `body`.
    #[inline]
    #[must_use]
    pub fn read(body: &'a ContractObject<'a>) -> Self {
        let lead = body.non_null(const { field_index("/lead") });
        Self {
            object: body,
            lead: lead.and_then(Lead::read),
            campaign: Campaign::from_body(body),
        }
    }

    /// The id at `/id` or, if that is absent or null, at the known variant `/call_id`.
    #[inline]
    #[must_use]
    pub(crate) fn id(&self) -> Option<Json<'a>> {
        self.object.call_id()
    }

    /// The variables at `/extracted_variables`.
    #[inline]
    #[must_use]
    pub(crate) fn extracted_variables(&self) -> Variables<'a> {
        Variables::read(
            self.object
                .non_null(const { field_index("/extracted_variables") }),
        )
    }

    /// The variables at `/input_variables`.
    #[inline]
    #[must_use]
    pub(crate) fn input_variables(&self) -> Variables<'a> {
        Variables::read(
            self.object
                .non_null(const { field_index("/input_variables") }),
        )
    }

    /// The fields of the body and of its lead that hold variables, each with its value.
    pub(crate) fn all_variables(&self) -> impl Iterator<Item = (&'static Field, Json<'a>)> {
        let lead = self.lead.iter().flat_map(|lead| lead.object.variables());
        self.object.variables().chain(lead)
    }

    /// The transcript at `/transcript`.
    #[inline]
    #[must_use]
    pub(crate) fn transcript(&self) -> Transcript<'a> {
        let value = self.object.non_null(const { field_index("/transcript") });
        let name = (self.object.has_undocumented).then(|| self.object.members.get(ASSISTANT_NAME));
        Transcript::read(value, name.flatten())
    }

    /// The first value that the test button in the vendor's dashboard writes (`sample transcript`),
    /// with its JSON Pointer in the body. A real call has none.
    #[must_use]
    pub(crate) fn sample_value(&self) -> Option<(Json<'a>, String)> {
        let is_sample = |value: &Json| value.starts_with(TEST_PREFIX);
        let transcript = self.transcript().value().filter(is_sample);
        let in_transcript = transcript.map(|value| (value, "/transcript".to_owned()));
        let in_variables = || {
            self.all_variables().find_map(|(field, variables)| {
                let members = variables.members()?;
                let found = members.iter().find(|member| is_sample(&member.value()))?;
                Some((found.value(), pointer::child(field.pointer, &found.name())))
            })
        };
        in_transcript.or_else(in_variables)
    }

    /// The country code of the customer's number, without the `+`; `None` if that is not
    /// international.
    #[must_use]
    pub(crate) fn customer_country(&self) -> Option<String> {
        let phone = to_e164(&plain_text(self.customer_phone()?))?;
        country_code(&phone).map(str::to_owned)
    }

    /// The talk time in whole seconds, from `/duration`: a number, or a number in a string.
    #[must_use]
    pub(crate) fn talk_time(&self) -> Option<TalkTime> {
        TalkTime::read(self.duration()?)
    }

    /// The status as plain text, independent of its type.
    #[must_use]
    pub(crate) fn status_text(&self) -> Option<Cow<'a, str>> {
        self.status().map(plain_text)
    }
}
