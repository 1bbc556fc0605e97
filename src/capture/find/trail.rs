//! The state of a search: the path context on the way down and the outcome on the way up.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use crate::contract::recognition::IDENTIFYING_NAMES;
use crate::json::Object;

/// The context of the value that is being searched: its nesting depth and the calls already found
/// in earlier siblings at every level above it.
///
/// A call that occurs in two members of one object was captured twice and counts as one call.
pub(crate) struct Trail<'t> {
    /// Number of nesting levels above the value, from 0.
    pub depth: usize,
    /// Fingerprints of the calls in earlier siblings, with the trail of the enclosing value.
    pub earlier: Option<(&'t HashSet<u64>, &'t Trail<'t>)>,
}

impl Trail<'_> {
    pub(crate) const TOP: Trail<'static> = Trail {
        depth: 0,
        earlier: None,
    };

    pub(crate) fn deeper(&self) -> Trail<'_> {
        Trail {
            depth: self.depth + 1,
            earlier: self.earlier,
        }
    }

    /// True if an earlier sibling, at this level or above, contains the call with this fingerprint.
    pub(crate) fn contains(&self, call: u64) -> bool {
        let mut trail = self;
        while let Some((calls, parent)) = trail.earlier {
            if calls.contains(&call) {
                return true;
            }
            trail = parent;
        }
        false
    }
}

/// The outcome of searching one value and everything nested in it.
#[derive(Default)]
pub(crate) struct SearchOutcome {
    /// Fingerprints of the calls found, see [`call_fingerprint`].
    pub calls: Vec<u64>,
    /// True if something other than a call was reported.
    pub has_reported: bool,
}

impl SearchOutcome {
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
/// numbers and the transcript, so that calls without an id are distinguished too.
pub(crate) fn call_fingerprint(members: &Object) -> u64 {
    let mut hasher = DefaultHasher::new();
    for name in IDENTIFYING_NAMES {
        match members.get(name) {
            Some(value) => match value.as_str() {
                Some(text) => text.hash(&mut hasher),
                None => value.compact().hash(&mut hasher),
            },
            None => 0_u8.hash(&mut hasher),
        }
    }
    hasher.finish()
}
