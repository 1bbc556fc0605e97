//! Documents in, bodies out: which document is a call, and what the others are. (Bodies inside the envelopes of capturing
//! tools are found here too once that is built; the pointer of the body has its place already.)

use std::sync::Arc;

use super::batch::Batch;
use super::document::Documents;
use super::neighbour;
use super::place::{Locator, Position};
use crate::json::{Json, Kind, Object};
use crate::pointer;

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

/// The JSON object that the vendor posted: one call.
#[derive(Debug)]
pub struct Body<'a> {
    /// The source's name.
    pub source: &'a Arc<str>,
    /// The object.
    pub value: Json<'a>,
    /// Its members.
    pub members: Object<'a>,
    /// Where it stands in what was captured, as a JSON Pointer: `/3` in an array, empty when it stands alone.
    pub pointer: String,
    locator: &'a Locator<'a>,
}

impl Body<'_> {
    /// Where in the source `text`, a part of this body, begins.
    #[must_use]
    pub fn position_of(&self, text: &str) -> Position {
        self.locator.position_of(text)
    }

    /// What finds the places of the body's parts.
    #[must_use]
    pub fn locator(&self) -> &Locator<'_> {
        self.locator
    }
}

/// Something in the input that is no call.
#[derive(Debug)]
pub struct Other {
    /// The source's name.
    pub source: Arc<str>,
    /// The byte of the batch at which it begins, or at which its mistake shows.
    pub offset: usize,
    /// Where it stands in what was captured, as a JSON Pointer.
    pub pointer: String,
    /// What it is, in words: `an array`, `an object with the members a, b`; or what is wrong with it.
    pub description: String,
    /// Whether it is a known payload of the vendor's that is no post-call body.
    pub is_neighbour: bool,
}

/// What is found in the input.
#[derive(Debug)]
pub enum Item<'a> {
    /// A call.
    Call(Body<'a>),
    /// JSON that is no call.
    NoCall(Other),
    /// Text that is no JSON.
    Broken(Other),
}

/// The items of `batch`, in order; `locator` is for its bytes.
pub fn items<'a>(batch: &'a Batch, locator: &'a Locator<'a>) -> impl Iterator<Item = Item<'a>> {
    Documents::new(batch).map(move |document| {
        let document = match document {
            Ok(document) => document,
            Err(broken) => {
                return Item::Broken(Other {
                    source: batch.source.clone(),
                    offset: broken.offset,
                    pointer: pointer_of(broken.element),
                    description: broken.problem,
                    is_neighbour: false,
                });
            }
        };
        let pointer = pointer_of(document.element);
        match document.members {
            Some(members) if is_body(&members) => Item::Call(Body {
                source: &batch.source,
                value: document.value,
                members,
                pointer,
                locator,
            }),
            members => {
                let neighbour = members.as_ref().and_then(neighbour::recognise);
                let describe = || describe(document.value, members.as_ref());
                Item::NoCall(Other {
                    source: batch.source.clone(),
                    offset: locator.offset_of(document.value.text()),
                    pointer,
                    description: neighbour.map_or_else(describe, str::to_owned),
                    is_neighbour: neighbour.is_some(),
                })
            }
        }
    })
}

fn pointer_of(element: Option<u64>) -> String {
    element.map_or(String::new(), |index| {
        pointer::child("", &index.to_string())
    })
}

fn is_body(members: &Object) -> bool {
    let count = |names: &[&str]| {
        names
            .iter()
            .filter(|name| members.get(name).is_some())
            .count()
    };
    let telling = count(TELLING);
    telling > 0 && telling + count(SUPPORTING) >= NEEDED && !neighbour::is_chat(members)
}

/// Members that a description names.
const SHOWN: usize = 6;

fn describe(value: Json, members: Option<&Object>) -> String {
    let Some(members) = members else {
        return match value.kind() {
            Kind::Null => "null".to_owned(),
            Kind::Array => "an array".to_owned(),
            kind => format!("a {}", kind.name()),
        };
    };
    let names: Vec<&str> = members
        .effective()
        .into_iter()
        .take(SHOWN)
        .map(|member| member.name.as_ref())
        .collect();
    match names.as_slice() {
        [] => "an empty object".to_owned(),
        [name] => format!("an object with the member {name}"),
        _ => {
            let more = if members.0.len() > SHOWN { ", …" } else { "" };
            format!("an object with the members {}{more}", names.join(", "))
        }
    }
}
