//! The items that the search finds: bodies, and input that is not a call.

use super::deferred::{CallNesting, ReportCondition};
use crate::call::contract_object::ContractObject;
use crate::capture::location::position::{Locator, Position};
use crate::capture::source::source_name::SourceName;
use crate::json::{Json, Kind, Object};
use crate::text::shorten::shorten;

/// The JSON object that the vendor posted: one call.
#[derive(Debug)]
pub struct Body<'a> {
    /// Name of the source.
    pub source: &'a SourceName,
    /// The object, without the members that a transport added (see `TRANSPORT_PREFIX`).
    pub object: &'a ContractObject<'a>,
    /// JSON Pointer to the body within the captured document: `/3` in an array, empty for a bare
    /// body. The path continues inside strings that contain JSON: `/body/Message` may be a member
    /// of the JSON in the string `/body`.
    pub pointer: String,
    /// Maps parts of the body to locations in the source.
    pub locator: &'a Locator<'a>,
    /// Bare or wrapped in an envelope.
    pub calls: CallNesting,
    /// True for a row of a table: it has the values of a call, but its body is not there to check.
    pub is_row: bool,
}

impl<'a> Body<'a> {
    /// The JSON object of the body.
    #[must_use]
    pub fn value(&self) -> Json<'a> {
        self.object.value
    }

    /// The members of the body, without those that a transport added.
    #[must_use]
    pub(crate) fn members(&self) -> &Object<'a> {
        &self.object.members
    }

    /// The id of the call.
    #[must_use]
    pub(crate) fn id(&self) -> Option<Json<'a>> {
        self.object.call_id()
    }

    /// Offset of the body in its batch, for sorting.
    #[must_use]
    pub(crate) fn offset_in_batch(&self) -> usize {
        let offset = self.locator.offset_of(self.value().text());
        self.locator.offset_in_batch(offset)
    }

    /// Position of the start of the body, in the source or in text decoded from it.
    #[must_use]
    pub(crate) fn position(&self) -> Position {
        self.locator.position_of(self.value().text())
    }
}

/// The kind of an input part that is not a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NonCallKind {
    /// Broken text that should be JSON or a call.
    Broken,
    /// A row of a table of calls that does not fit its headings.
    BrokenRow,
    /// A source that is a table of calls. Its rows are read.
    Table,
    /// Text that is not UTF-8 and is read as Windows-1252.
    Windows1252,
    /// Broken JSON of which a repair that can change no value has found a call.
    Repaired,
    /// Text without a call. It is reported only if the whole source contains no call.
    Text,
    /// JSON without a call. Sources whose calls are wrapped in envelopes usually contain some.
    Json,
    /// Another known payload of the vendor, by name, that is not a post-call body.
    OtherPayload(&'static str),
    /// A value that seems to have a call, below the depth of the search.
    TooDeep,
    /// An envelope whose body was lost before or during the capture.
    LostBody,
}

impl NonCallKind {
    /// The kind in messages, before the description.
    #[must_use]
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Broken | Self::Repaired => "broken JSON",
            Self::BrokenRow => "row not read",
            Self::Table => "table",
            Self::Windows1252 => "encoding",
            Self::Text => "no call found",
            Self::Json | Self::OtherPayload(_) => "not a call",
            Self::TooDeep => "not searched",
            Self::LostBody => "body lost",
        }
    }

    /// True if the data is bad, so that the run cannot end with success.
    #[must_use]
    pub(crate) fn is_bad_data(self) -> bool {
        matches!(
            self,
            Self::Broken | Self::BrokenRow | Self::Repaired | Self::TooDeep | Self::LostBody
        )
    }

    /// When a part of this kind is reported.
    #[must_use]
    pub(crate) fn report_condition(self) -> ReportCondition {
        match self {
            Self::Broken
            | Self::BrokenRow
            | Self::Table
            | Self::Repaired
            | Self::TooDeep
            | Self::LostBody
            | Self::OtherPayload(_) => ReportCondition::Always,
            Self::Windows1252 => ReportCondition::OncePerSource,
            Self::Json => ReportCondition::UnlessWrapped,
            Self::Text => ReportCondition::UnlessExplained,
        }
    }
}

/// An input part that is not a call.
#[derive(Debug)]
pub struct NonCall<'a> {
    /// Name of the source.
    pub(crate) source: &'a SourceName,
    /// Offset of its start in the locator's text, or of the syntax error.
    pub(crate) offset: usize,
    /// The verbatim bytes from the locator's text; empty if the part does not correspond to one
    /// record, or if the part before has the same record.
    pub(crate) record: &'a [u8],
    /// JSON Pointer to it within the captured document.
    pub(crate) pointer: String,
    /// The kind of the part.
    pub(crate) kind: NonCallKind,
    /// A description (`an array`, `an object with the members a, b`) or the syntax error.
    pub(crate) description: String,
    /// Advice for the user, if there is any.
    pub(crate) help: Option<String>,
    /// Maps offsets to locations in the source.
    pub(crate) locator: &'a Locator<'a>,
}

/// One item found in the input, in input order.
#[derive(Debug)]
pub enum Item<'a> {
    /// A call.
    Call(Body<'a>),
    /// Anything that is not a call.
    NonCall(NonCall<'a>),
}

impl Item<'_> {
    /// Offset of the item in its batch, for sorting. Items are found in another order where the end
    /// of a value shows what it is.
    #[must_use]
    pub(crate) fn offset_in_batch(&self) -> usize {
        match self {
            Self::Call(body) => body.offset_in_batch(),
            Self::NonCall(other) => other.locator.offset_in_batch(other.offset),
        }
    }
}

/// The maximum number of member names in a description.
const MAX_NAMES: usize = 6;

/// Describes a value for messages: `null`, `an array`, `an object with the members a, b`.
pub(crate) fn describe_value(value: Json, members: Option<&Object>) -> String {
    let Some(members) = members else {
        return match value.kind() {
            Kind::Null => "null".to_owned(),
            Kind::Array => "an array".to_owned(),
            kind => format!("a {}", kind.name()),
        };
    };
    let effective = members.effective();
    let names: Vec<_> = effective
        .iter()
        .copied()
        .map(|member| shorten(&member.name()).into_owned())
        .take(MAX_NAMES)
        .collect();
    match names.as_slice() {
        [] => "an empty object".to_owned(),
        [name] => format!("an object with the member `{name}`"),
        _ => {
            let more = if members.len() > MAX_NAMES {
                ", …"
            } else {
                ""
            };
            format!("an object with the members {}{more}", names.join(", "))
        }
    }
}
