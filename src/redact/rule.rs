//! What happens to a value, by its place in the contract.

use std::sync::LazyLock;

use super::pseudonyms::IdKind;
use crate::call::transcript::{is_speaker_member, is_time_member};
use crate::contract::naming_style::documented_name;
use crate::contract::recognition::{CAMPAIGN_POINTER, is_campaign_inside_lead};
use crate::contract::{
    ASSISTANT_NAME, CALL_ID, CAMPAIGN_STATUSES, FIELDS, FORMATTED_TRANSCRIPT, Field, FieldType,
    KNOWN_EXTRAS, LEAD_STATUSES, ValueFormat, field, fields_of,
};
use crate::json::bytes_equal;

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
    /// A variable, or a part of one.
    Variable,
    /// An undocumented member.
    Other,
    /// Named by `--keep`.
    Kept,
}

/// The documented members of one object, with their rules, in documented order.
pub(super) struct DocumentedMembers {
    pointer: &'static str,
    members: Vec<(&'static str, ValueRule)>,
}

static DOCUMENTED: LazyLock<Vec<DocumentedMembers>> = LazyLock::new(|| {
    let mut objects: Vec<DocumentedMembers> = Vec::new();
    for field in FIELDS {
        let pointer = field.parent;
        if objects.iter().all(|object| object.pointer != pointer) {
            let rule = |field: &'static Field| (field.name, ValueRule::of_field(field));
            let members = fields_of(pointer).map(rule).collect();
            objects.push(DocumentedMembers { pointer, members });
        }
    }
    objects
});

impl DocumentedMembers {
    /// The members of the object at JSON Pointer `pointer`; `None` if none are documented.
    pub(super) fn of(pointer: &str) -> Option<&'static Self> {
        DOCUMENTED.iter().find(|object| object.pointer == pointer)
    }

    /// The rule for the member with this name, which is not escaped. `next` is the index of the
    /// member that probably follows, and then of the one behind the found one.
    pub(super) fn find(&self, name: &str, next: &mut usize) -> Option<ValueRule> {
        let is_named = |(known, _): &(&str, _)| bytes_equal(known.as_bytes(), name.as_bytes());
        // Members are mostly in documented order, so that one comparison finds each.
        let index = match self.members.get(*next) {
            Some(member) if is_named(member) => *next,
            _ => self.members.iter().position(is_named)?,
        };
        *next = index + 1;
        Some(self.members[index].1)
    }
}

/// The rule for the member `name` of the documented object at `pointer`, and true if its name is
/// documented, perhaps in another naming style.
pub(super) fn rule_of_member(pointer: &'static str, name: &str) -> (ValueRule, bool) {
    if field(pointer, name).is_some() || pointer.is_empty() && KNOWN_EXTRAS.contains(&name) {
        return (ValueRule::of_member(pointer, name), true);
    }
    match documented_name(pointer, name) {
        Some(documented) => (ValueRule::of_member(pointer, documented), name.is_ascii()),
        None => (ValueRule::of_member(pointer, name), false),
    }
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
            Self::Variables(_) => Self::Variable,
            Self::Object(_) => Self::Other,
            rule => rule,
        }
    }

    /// True for values whose place says nothing about them.
    pub(super) fn is_free(self) -> bool {
        matches!(self, Self::Variable | Self::Other)
    }

    /// The rule for the member `name` of an object that is not documented at its place.
    pub(super) fn of_undocumented_member(self, name: &str) -> Self {
        match self {
            Self::Kept | Self::Phone | Self::Variable => self,
            Self::Variables(_) => Self::Variable,
            Self::Transcript if is_speaker_member(name) => Self::Speaker,
            Self::Transcript if is_time_member(name) => Self::TurnTime,
            Self::Transcript => Self::Transcript,
            _ => Self::Other,
        }
    }
}
