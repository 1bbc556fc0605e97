//! The state of a search: the cursor on the way down and the outcome on the way up.

use std::borrow::Cow;
use std::collections::HashSet;
use std::hash::{BuildHasher as _, Hash as _, Hasher as _};

use encoding_rs::Encoding;
use foldhash::quality::FixedState;

use super::deferred::CallNesting;
use crate::call::contract_object::ContractObject;
use crate::capture::location::position::Locator;
use crate::contract::{CALL_ID, field_index};
use crate::json::exact_number::Number;
use crate::json::{Json, Kind, plain_text, push_string};

/// The maximum nesting depth of the search. n8n's execution data has bodies at depth 11, and in its
/// database inside of an array in a string in a cell.
pub(super) const MAX_DEPTH: usize = 24;

/// The position of a search: the text and the pointer of the value that is being searched, its
/// nesting depth, and the calls already found beside it.
#[derive(Clone, Copy)]
pub(crate) struct Cursor<'c> {
    /// Maps the text that contains the value.
    pub(crate) locator: &'c Locator<'c>,
    /// JSON Pointer to the value within the captured document.
    pub(crate) pointer: &'c str,
    /// Number of nesting levels above the value, from 0.
    pub(crate) depth: usize,
    /// The encoding that an HTTP head declares for the text, unless it is UTF-8.
    pub(crate) charset: Option<&'static Encoding>,
    earlier: Option<&'c EarlierCalls<'c>>,
}

/// The calls found in earlier siblings of a value, at every level above it.
///
/// A call that occurs in two members of one object was captured twice and counts as one call.
pub(crate) struct EarlierCalls<'c> {
    /// Fingerprints of the calls, see [`call_fingerprint`].
    pub(crate) calls: &'c HashSet<u64>,
    /// The earlier calls beside the enclosing value.
    pub(crate) outer: Option<&'c EarlierCalls<'c>>,
}

impl<'c> Cursor<'c> {
    /// A cursor at the top level of the text of `locator`.
    pub(crate) fn top(locator: &'c Locator<'c>) -> Self {
        Self {
            locator,
            pointer: "",
            depth: 0,
            charset: None,
            earlier: None,
        }
    }

    /// This cursor at another pointer.
    pub(crate) fn at<'n>(&self, pointer: &'n str) -> Cursor<'n>
    where
        'c: 'n,
    {
        Cursor { pointer, ..*self }
    }

    /// This cursor in a text that was decoded from a part of its text.
    pub(crate) fn within<'n>(&self, locator: &'n Locator<'n>) -> Cursor<'n>
    where
        'c: 'n,
    {
        Cursor { locator, ..*self }
    }

    /// This cursor in a text with this declared encoding.
    pub(crate) fn in_charset(&self, charset: Option<&'static Encoding>) -> Self {
        Self { charset, ..*self }
    }

    /// This cursor one nesting level deeper.
    pub(crate) fn deeper(&self) -> Self {
        Self {
            depth: self.depth + 1,
            ..*self
        }
    }

    /// Adds `calls`, found beside the value, to the earlier calls.
    pub(crate) fn earlier_with<'n>(&self, calls: &'n HashSet<u64>) -> EarlierCalls<'n>
    where
        'c: 'n,
    {
        EarlierCalls {
            calls,
            outer: self.earlier,
        }
    }

    /// This cursor behind `earlier` calls.
    pub(crate) fn with_earlier<'n>(&self, earlier: &'n EarlierCalls<'n>) -> Cursor<'n>
    where
        'c: 'n,
    {
        Cursor {
            earlier: Some(earlier),
            ..*self
        }
    }

    /// This cursor one nesting level deeper, behind `earlier` calls.
    pub(crate) fn behind<'n>(&self, earlier: &'n EarlierCalls<'n>) -> Cursor<'n>
    where
        'c: 'n,
    {
        self.with_earlier(earlier).deeper()
    }

    /// Nesting of a call at this cursor.
    pub(crate) fn nesting(&self) -> CallNesting {
        match self.depth {
            0 => CallNesting::Bare,
            _ => CallNesting::Wrapped,
        }
    }

    /// True if the value is nested too deeply to be searched.
    pub(crate) fn is_too_deep(&self) -> bool {
        self.depth > MAX_DEPTH
    }

    /// True if an earlier sibling, at this level or above, contains the call with this fingerprint.
    pub(crate) fn is_behind_call(&self, call: u64) -> bool {
        let mut earlier = self.earlier;
        while let Some(siblings) = earlier {
            if siblings.calls.contains(&call) {
                return true;
            }
            earlier = siblings.outer;
        }
        false
    }
}

/// The outcome of searching one value and everything nested in it.
#[derive(Default)]
pub(crate) struct SearchOutcome {
    /// Fingerprints of the calls found, see [`call_fingerprint`].
    pub(crate) calls: Vec<u64>,
    /// True if something other than a call was reported.
    pub(crate) has_reported: bool,
}

impl SearchOutcome {
    /// The outcome if no call was found, but something else was reported.
    pub(crate) fn reported() -> Self {
        Self {
            calls: Vec::new(),
            has_reported: true,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.calls.is_empty() && !self.has_reported
    }

    pub(crate) fn merge(&mut self, outcome: Self) {
        if self.calls.is_empty() {
            self.calls = outcome.calls;
        } else {
            self.calls.extend(outcome.calls);
        }
        self.has_reported |= outcome.has_reported;
    }
}

/// The fields that distinguish the calls in one envelope, also those without an id.
const IDENTIFYING_FIELDS: [usize; 7] = [
    field_index("/id"),
    field_index("/customer_phone"),
    field_index("/assistant_phone"),
    field_index("/transcript"),
    field_index("/duration"),
    field_index("/status"),
    field_index("/finished_at"),
];

/// A hash that distinguishes calls captured in the same envelope. It covers the id, both phone
/// numbers and the transcript, so that calls without an id are distinguished too, and what an
/// update of a call changes: duration, status and time of the end. A tool may have written the
/// numbers of one of two copies in another way.
pub(crate) fn call_fingerprint(object: &ContractObject) -> u64 {
    // With the hasher of the standard library, and with texts that are unescaped, `list` of n8n's
    // arrays takes a tenth longer.
    let mut hasher = FixedState::default().build_hasher();
    let fields = IDENTIFYING_FIELDS.iter().map(|index| object.get(*index));
    for value in fields.chain([object.members.get(CALL_ID)]) {
        let Some(value) = value else {
            0_u8.hash(&mut hasher);
            continue;
        };
        let text = escaped_text(value);
        // Most texts are no numbers, and transcripts are long.
        let is_number = text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'E' | b'e'));
        let number = is_number.then(|| Number::parse(&text).to_spreadsheet_number());
        match number.flatten() {
            Some(number) => number.to_bits().hash(&mut hasher),
            None => text.hash(&mut hasher),
        }
    }
    hasher.finish()
}

/// The value as text (see [`plain_text`]), with the escapes of JSON: the same for equal texts. Most
/// texts need no new escapes, which is faster than to unescape them all.
fn escaped_text(value: Json<'_>) -> Cow<'_, str> {
    let text = value.text();
    let may_differ = |slash: usize| matches!(text.as_bytes()[slash + 1], b'u' | b'/');
    match value.kind() {
        Kind::String if !memchr::memchr_iter(b'\\', text.as_bytes()).any(may_differ) => {
            Cow::Borrowed(&text[1..text.len() - 1])
        }
        Kind::String | Kind::Array | Kind::Object => {
            let mut quoted = String::new();
            push_string(&plain_text(value), &mut quoted);
            Cow::Owned(quoted[1..quoted.len() - 1].to_owned())
        }
        _ => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_equal_in_any_spelling() {
        let fingerprint = |transcript: &str| {
            let body = format!("{{\"id\":1,\"transcript\":{transcript}}}");
            let value = Json::from_well_formed(&body);
            let members = value.members().expect("an object");
            call_fingerprint(&ContractObject::read("", value, members))
        };
        for (equal, other) in [
            (
                [r#""ü/\n""#, r#""\u00fc\/\u000a""#, r#""\u00FC\u002f\n""#],
                r#""ü/n""#,
            ),
            (
                [r#""\\u00fc""#, r#""\u005cu00fc""#, r#""\u005Cu00fc""#],
                r#""ü""#,
            ),
            (["1.50", r#""1.5""#, r#""\u0031.5""#], "1.51"),
            (
                [r#"[ {"a":"b"} ]"#, r#""[{\"a\":\"b\"}]""#, r#"[{"a":"b"}]"#],
                r#"[{"a":"c"}]"#,
            ),
            (["true", r#""true""#, r#""tru\u0065""#], "null"),
        ] {
            for transcript in equal {
                assert_eq!(
                    fingerprint(transcript),
                    fingerprint(equal[0]),
                    "{transcript}"
                );
            }
            assert_ne!(fingerprint(other), fingerprint(equal[0]), "{other}");
        }
    }
}
