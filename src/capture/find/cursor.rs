//! The state of a search: the cursor on the way down and the outcome on the way up.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use encoding_rs::Encoding;

use crate::capture::location::position::Locator;
use crate::contract::recognition::IDENTIFYING_NAMES;
use crate::json::exact_number::Number;
use crate::json::{Object, plain_text};

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

    /// This cursor one nesting level deeper, behind `earlier` calls.
    pub(crate) fn behind<'n>(&self, earlier: &'n EarlierCalls<'n>) -> Cursor<'n>
    where
        'c: 'n,
    {
        Cursor {
            depth: self.depth + 1,
            earlier: Some(earlier),
            ..*self
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
        self.calls.extend(outcome.calls);
        self.has_reported |= outcome.has_reported;
    }
}

/// A hash that distinguishes calls captured in the same envelope. It covers the id, both phone
/// numbers and the transcript, so that calls without an id are distinguished too, and what an
/// update of a call changes: duration, status and time of the end. A tool may have written the
/// numbers of one of two copies in another way.
pub(crate) fn call_fingerprint(members: &Object) -> u64 {
    let mut hasher = DefaultHasher::new();
    for name in IDENTIFYING_NAMES {
        let Some(value) = members.get(name) else {
            0_u8.hash(&mut hasher);
            continue;
        };
        let text = plain_text(value);
        // Most texts are no numbers, and transcripts are long.
        let is_number = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+'));
        let number = is_number.then(|| Number::parse(&text).to_spreadsheet_number());
        match number.flatten() {
            Some(number) => number.to_bits().hash(&mut hasher),
            None => text.hash(&mut hasher),
        }
    }
    hasher.finish()
}
