//! Documents in, bodies out: which document is a call, and what the others are. (Bodies inside the envelopes of capturing
//! tools are found here too once that is built; the pointer of the body has its place already.)

use super::batch::Batch;
use super::document::Document;
use super::place::offset_in;
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
    /// The batch in which it stands.
    pub batch: &'a Batch,
    /// The object.
    pub value: Json<'a>,
    /// Its members.
    pub members: Object<'a>,
    /// Where it stands in what was captured, as a JSON Pointer: `/3` in an array, empty when it stands alone.
    pub pointer: String,
}

impl Body<'_> {
    /// Where in the batch `text`, a part of this body, begins.
    #[must_use]
    pub fn offset_of(&self, text: &str) -> usize {
        offset_in(&self.batch.bytes, text.as_bytes())
    }
}

/// A document without a call.
#[derive(Debug)]
pub struct NoBody {
    /// Where in the batch it begins.
    pub offset: usize,
    /// What it is, in words: `an array`, `an object with the members a, b`.
    pub description: String,
}

/// The body that `document` is.
pub fn body<'a>(batch: &'a Batch, document: Document<'a>) -> Result<Body<'a>, NoBody> {
    match document.members {
        Some(members) if is_body(&members) => Ok(Body {
            batch,
            value: document.value,
            members,
            pointer: document
                .element
                .map(|index| pointer::child("", &index.to_string()))
                .unwrap_or_default(),
        }),
        members => Err(NoBody {
            offset: offset_in(&batch.bytes, document.value.text().as_bytes()),
            description: describe(document.value, members.as_ref()),
        }),
    }
}

fn is_body(members: &Object) -> bool {
    let count = |names: &[&str]| {
        names
            .iter()
            .filter(|name| members.get(name).is_some())
            .count()
    };
    let telling = count(TELLING);
    telling > 0 && telling + count(SUPPORTING) >= NEEDED
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
