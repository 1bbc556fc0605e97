//! What happens to a value, by its place in the contract.

use super::pseudonyms::IdKind;
use crate::call::transcript::{is_speaker_member, is_time_member};
use crate::contract::recognition::{CAMPAIGN_POINTER, is_campaign_inside_lead};
use crate::contract::{
    ASSISTANT_NAME, CALL_ID, CAMPAIGN_STATUSES, FORMATTED_TRANSCRIPT, Field, FieldType,
    LEAD_STATUSES, ValueFormat, field,
};

/// What happens to the values at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ValueRule {
    /// A number of the contract, which identifies no one.
    Number,
    Id(IdKind),
    Phone,
    Time,
    Url,
    CampaignName,
    /// The status of a call.
    CallStatus,
    /// One of these statuses, or another text in its place.
    Status(&'static [&'static str]),
    Weekday,
    TimeOfDay,
    /// The name of the assistant, which may be the label of its turns.
    SpeakerName,
    Transcript,
    /// The speaker or the type of a turn.
    Speaker,
    /// The time of a turn, in the call or since 1970.
    TurnTime,
    /// The object at this pointer, with documented members.
    Object(&'static str),
    /// An object of variables, in the column of this name.
    Variables(&'static str),
    /// A variable or an undocumented member.
    Other,
    /// Named by `--keep`.
    Kept,
}

impl ValueRule {
    /// The rule for the member `name` of the object at JSON Pointer `parent`.
    pub(super) fn of_member(parent: &str, name: &str) -> Self {
        match field(parent, name) {
            Some(field) => Self::of_field(field),
            None if parent.is_empty() && name == ASSISTANT_NAME => Self::SpeakerName,
            None if parent.is_empty() && name == CALL_ID => Self::Id(IdKind::Call),
            None if parent.is_empty() && name == FORMATTED_TRANSCRIPT => Self::Transcript,
            None if is_campaign_inside_lead(parent, name) => Self::Object(CAMPAIGN_POINTER),
            None => Self::Other,
        }
    }

    fn of_field(field: &'static Field) -> Self {
        match field.pointer {
            "/id" => return Self::Id(IdKind::Call),
            "/lead/id" => return Self::Id(IdKind::Lead),
            "/campaign/id" => return Self::Id(IdKind::Campaign),
            "/status" => return Self::CallStatus,
            "/lead/status" => return Self::Status(LEAD_STATUSES),
            "/campaign/status" => return Self::Status(CAMPAIGN_STATUSES),
            "/campaign/name" => return Self::CampaignName,
            "/transcript" => return Self::Transcript,
            _ => {}
        }
        if field.holds_variables() {
            return Self::Variables(field.pointer);
        }
        match (field.format, field.kind) {
            (Some((ValueFormat::Phone, _)), _) => Self::Phone,
            (Some((ValueFormat::Timestamp, _)), _) => Self::Time,
            (Some((ValueFormat::Url, _)), _) => Self::Url,
            (Some((ValueFormat::TimeOfDay, _)), _) => Self::TimeOfDay,
            (Some((ValueFormat::Weekdays, _)), _) => Self::Weekday,
            (None, FieldType::Object) => Self::Object(field.pointer),
            (None, FieldType::Integer) => Self::Number,
            (None, FieldType::String | FieldType::Array) => Self::Other,
        }
    }

    /// The rule for the elements of a list with this rule.
    pub(super) fn of_element(self) -> Self {
        match self {
            Self::Variables(_) | Self::Object(_) => Self::Other,
            rule => rule,
        }
    }

    /// The rule for the member `name` of an object that is not documented at its place.
    pub(super) fn of_undocumented_member(self, name: &str) -> Self {
        match self {
            Self::Kept | Self::Phone => self,
            Self::Transcript if is_speaker_member(name) => Self::Speaker,
            Self::Transcript if is_time_member(name) => Self::TurnTime,
            Self::Transcript => Self::Transcript,
            _ => Self::Other,
        }
    }
}
