//! Batches in, bodies out: which part of what was captured is a call, and what the rest is.

use std::str::FromStr;
use std::sync::Arc;

use super::batch::Batch;
use super::doubts::Calls;
use super::neighbour;
use super::place::{Locator, Position};
use super::search::Finder;
use crate::call::documented::Documented;
use crate::call::object_contract::places_of;
use crate::json::{Json, Kind, Member, Object};

/// Members that tell a body: one of them is needed…
const TELLING: &[&str] = &[
    "customer_phone",
    "assistant_phone",
    "extracted_variables",
    "input_variables",
];

/// …and with these at least [`NEEDED`] together. `id`, `status` and `created_at` prove nothing: every envelope has those.
const SUPPORTING: &[&str] = &[
    "duration",
    "transcript",
    "finished_at",
    "recording_url",
    "lead",
    "campaign",
];

const NEEDED: usize = 3;

/// What Make adds to each bundle that it hands on: it is about the transport, and no part of the body.
pub const TRANSPORT_PREFIX: &str = "__IMT";

/// The JSON object that the vendor posted: one call.
#[derive(Debug)]
pub struct Body<'a> {
    /// The source's name.
    pub source: &'a Arc<str>,
    /// The object, its members without those of a transport.
    pub object: &'a Documented<'a>,
    /// Where it stands in what was captured, as a JSON Pointer: `/3` in an array, empty when it stands alone. A string that holds JSON is gone
    /// into: `/body/Message` may be a member of what the string `/body` says.
    pub pointer: String,
    /// What finds the places of its parts.
    pub locator: &'a Locator<'a>,
    /// Whether it stands alone, or has something wrapped round it.
    pub calls: Calls,
}

impl<'a> Body<'a> {
    /// The object.
    #[must_use]
    pub fn value(&self) -> Json<'a> {
        self.object.value
    }

    /// Its members, without those of a transport.
    #[must_use]
    pub fn members(&self) -> &Object<'a> {
        &self.object.members
    }

    /// Where in the source the body begins.
    #[must_use]
    pub fn position(&self) -> Position {
        self.locator.position_of(self.value().text())
    }
}

/// What something in the input is that is no call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OtherKind {
    /// Text that should have been JSON, or a call, and is broken.
    Broken,
    /// Text without a call, as far as the source has none at all.
    Text,
    /// JSON without a call. Where calls stand in envelopes, others stand beside them.
    NoCall,
    /// A known payload of the vendor's that is no post-call body.
    Neighbour(&'static str),
    /// An envelope whose body was lost on the way.
    Empty,
}

/// Something in the input that is no call.
#[derive(Debug)]
pub struct Other<'a> {
    /// The source's name.
    pub source: &'a Arc<str>,
    /// Where it begins in the locator's text, or where its mistake shows.
    pub offset: usize,
    /// All of it as it stood in the locator's text; empty if it is too much, or too little, to be one record.
    pub record: &'a [u8],
    /// Where it stands in what was captured, as a JSON Pointer.
    pub pointer: String,
    /// What it is.
    pub kind: OtherKind,
    /// What it is, in words: `an array`, `an object with the members a, b`; or what is wrong with it.
    pub description: String,
    /// What to do about it, if that is known.
    pub help: Option<String>,
    /// What finds its place.
    pub locator: &'a Locator<'a>,
}

/// What is found in the input.
#[derive(Debug)]
pub enum Item<'a> {
    /// A call.
    Call(Body<'a>),
    /// Something else.
    Other(Other<'a>),
}

/// Where bodies are looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Search {
    /// Wherever they may be.
    #[default]
    Everywhere,
    /// At this place of each top-level value only: what stands there is a body.
    At(Vec<Step>),
}

/// A step of a pointer with wildcards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The member or element of this name.
    Name(String),
    /// Every member or element.
    Every,
}

impl FromStr for Search {
    type Err = String;

    /// Reads a JSON Pointer (RFC 6901) in which `*` stands for every element or member.
    fn from_str(pointer: &str) -> Result<Self, String> {
        if pointer.is_empty() {
            return Ok(Self::At(Vec::new()));
        }
        let Some(steps) = pointer.strip_prefix('/') else {
            return Err(format!("a JSON Pointer begins with a slash: /{pointer}"));
        };
        let step = |step: &str| match step {
            "*" => Step::Every,
            name => Step::Name(name.replace("~1", "/").replace("~0", "~")),
        };
        Ok(Self::At(steps.split('/').map(step).collect()))
    }
}

/// Shows `meet` what is found in `batch`, in order; `locator` is for its bytes.
pub fn for_each_item(
    batch: &Batch,
    locator: &Locator<'_>,
    search: &Search,
    meet: &mut dyn FnMut(Item<'_>),
) {
    Finder::new(batch, search, meet).batch(batch, locator);
}

/// Whether it is a call.
pub(super) fn is_body(object: &Documented) -> bool {
    let telling = object.count_of(const { places_of("", TELLING) });
    let supporting = object.count_of(const { places_of("", SUPPORTING) });
    telling > 0
        && telling + supporting >= NEEDED
        // Those have members that no call has.
        && !(object.has_others && neighbour::is_like_a_call(&object.members))
}

/// The object without the members of a transport, where it has some.
pub(super) fn without_transport<'a>(object: &Documented<'a>) -> Option<Documented<'a>> {
    let is_transport = |name: &str| name.starts_with(TRANSPORT_PREFIX);
    let mut members = object.members.iter();
    let has_some = object.has_others && members.any(|member| is_transport(&member.name()));
    has_some.then(|| Documented::read("", object.value, object.members.without(is_transport)))
}

/// Members that a description names.
const SHOWN: usize = 6;

/// What a value is, in words.
pub(super) fn describe(value: Json, members: Option<&Object>) -> String {
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
        .take(SHOWN)
        .collect();
    match names.as_slice() {
        [] => "an empty object".to_owned(),
        [name] => format!("an object with the member {name}"),
        _ => {
            let more = if members.len() > SHOWN { ", …" } else { "" };
            format!("an object with the members {}{more}", names.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_have_wildcards() {
        assert_eq!(
            "/a~1b/*/0".parse(),
            Ok(Search::At(vec![
                Step::Name("a/b".to_owned()),
                Step::Every,
                Step::Name("0".to_owned())
            ]))
        );
        assert!("a".parse::<Search>().is_err());
    }
}
