//! Finds the bodies in a batch of captured documents, and classifies everything that is not a call.

use std::str::FromStr;
use std::sync::Arc;

use super::deferred::CallNesting;
use super::finder::Finder;
use crate::call::contract_object::ContractObject;
use crate::capture::location::position::{Locator, Position};
use crate::capture::split::batch::Batch;
use crate::contract::recognition::{TRANSPORT_PREFIX, has_fields_of_body};
use crate::contract::{field_index, other_payloads};
use crate::json::{Json, Kind, Member, Object};

/// The JSON object that the vendor posted: one call.
#[derive(Debug)]
pub struct Body<'a> {
    /// Name of the source.
    pub source: &'a Arc<str>,
    /// The object, without the members that a transport added (see [`TRANSPORT_PREFIX`]).
    pub object: &'a ContractObject<'a>,
    /// JSON Pointer to the body within the captured document: `/3` in an array, empty for a bare
    /// body. The path continues inside strings that contain JSON: `/body/Message` may be a member
    /// of the JSON in the string `/body`.
    pub pointer: String,
    /// Maps parts of the body to locations in the source.
    pub locator: &'a Locator<'a>,
    /// Bare or wrapped in an envelope.
    pub calls: CallNesting,
}

impl<'a> Body<'a> {
    /// The JSON object of the body.
    #[must_use]
    pub fn value(&self) -> Json<'a> {
        self.object.value
    }

    /// The members of the body, without those that a transport added.
    #[must_use]
    pub fn members(&self) -> &Object<'a> {
        &self.object.members
    }

    /// The value of the body's member `id`.
    #[must_use]
    pub fn id(&self) -> Option<Json<'a>> {
        self.object.get(const { field_index("/id") })
    }

    /// Position of the start of the body in the source.
    #[must_use]
    pub fn position(&self) -> Position {
        self.locator.position_of(self.value().text())
    }
}

/// The kind of an input part that is not a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NonCallKind {
    /// Broken text that should be JSON or a call.
    Broken,
    /// Text without a call. It is reported only if the whole source contains no call.
    Text,
    /// JSON without a call. Sources whose calls are wrapped in envelopes usually contain some.
    Json,
    /// Another known payload of the vendor, by name, that is not a post-call body.
    OtherPayload(&'static str),
    /// An envelope whose body was lost before or during the capture.
    LostBody,
}

/// An input part that is not a call.
#[derive(Debug)]
pub struct NonCall<'a> {
    /// Name of the source.
    pub source: &'a Arc<str>,
    /// Offset of its start in the locator's text, or of the syntax error.
    pub offset: usize,
    /// The verbatim bytes from the locator's text; empty if the part does not correspond to one
    /// record.
    pub record: &'a [u8],
    /// JSON Pointer to it within the captured document.
    pub pointer: String,
    /// The kind of the part.
    pub kind: NonCallKind,
    /// A description (`an array`, `an object with the members a, b`) or the syntax error.
    pub description: String,
    /// Advice for the user, if there is any.
    pub help: Option<String>,
    /// Maps offsets to locations in the source.
    pub locator: &'a Locator<'a>,
}

/// One item found in the input, in input order.
#[derive(Debug)]
pub enum Item<'a> {
    /// A call.
    Call(Body<'a>),
    /// Anything that is not a call.
    NonCall(NonCall<'a>),
}

/// The part of the input in which bodies are searched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Search {
    /// Anywhere in the input.
    #[default]
    Everywhere,
    /// Only at this path below each top-level value. Every value there is a body.
    At(Vec<PathStep>),
}

/// One step of a JSON Pointer with wildcards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathStep {
    /// The member with this name, or the element with this index.
    Name(String),
    /// Every member or element.
    Every,
}

impl FromStr for Search {
    type Err = String;

    /// Parses a JSON Pointer (RFC 6901) in which `*` means every element or member.
    fn from_str(pointer: &str) -> Result<Self, String> {
        if pointer.is_empty() {
            return Ok(Self::At(Vec::new()));
        }
        let Some(steps) = pointer.strip_prefix('/') else {
            return Err(format!("a JSON Pointer begins with a slash: /{pointer}"));
        };
        let step = |step: &str| match step {
            "*" => PathStep::Every,
            name => PathStep::Name(name.replace("~1", "/").replace("~0", "~")),
        };
        Ok(Self::At(steps.split('/').map(step).collect()))
    }
}

/// Calls `visit` for every item in `batch`, in input order. `locator` maps the batch's bytes.
pub fn for_each_item(
    batch: &Batch,
    locator: &Locator<'_>,
    search: &Search,
    visit: &mut dyn FnMut(Item<'_>),
) {
    Finder::new(batch, search, visit).search_batch(batch, locator);
}

/// True if `object` is a body: it has enough of the typical members and is not one of the other
/// payloads that resemble a call.
pub(crate) fn is_body(object: &ContractObject) -> bool {
    has_fields_of_body(object.present())
        // The payloads that resemble a call all have members that are not documented for one.
        && !(object.has_undocumented && other_payloads::resembles_call(&object.members))
}

/// A copy of `object` without the members that a transport added; `None` if it has none.
pub(crate) fn without_transport<'a>(object: &ContractObject<'a>) -> Option<ContractObject<'a>> {
    let is_transport = |name: &str| name.starts_with(TRANSPORT_PREFIX);
    let mut members = object.members.iter();
    let has_transport =
        object.has_undocumented && members.any(|member| is_transport(&member.name()));
    has_transport
        .then(|| ContractObject::read("", object.value, object.members.without(is_transport)))
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
        .map(Member::name)
        .take(MAX_NAMES)
        .collect();
    match names.as_slice() {
        [] => "an empty object".to_owned(),
        [name] => format!("an object with the member {name}"),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asterisk_in_a_pointer_is_a_wildcard() {
        assert_eq!(
            "/a~1b/*/0".parse(),
            Ok(Search::At(vec![
                PathStep::Name("a/b".to_owned()),
                PathStep::Every,
                PathStep::Name("0".to_owned())
            ]))
        );
        assert!("a".parse::<Search>().is_err());
    }
}
