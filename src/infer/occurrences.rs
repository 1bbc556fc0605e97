//! The occurrences of a name or of a kind of value: how many, the first and the last.

use super::location::Location;
use crate::capture::find::item::Body;

/// One occurrence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Occurrence {
    /// Index of the call among those with variables, from 0.
    pub(crate) call: u64,
    pub(crate) location: Location,
}

/// At least one occurrence, in input order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Occurrences {
    pub(crate) count: u64,
    pub(crate) first: Occurrence,
    pub(crate) last: Occurrence,
}

impl Occurrences {
    /// The occurrence at `text`, a part of `body`, which has the index `call`.
    #[must_use]
    pub(super) fn new(call: u64, body: &Body, text: &str) -> Self {
        let occurrence = Occurrence {
            call,
            location: Location::of(body, text),
        };
        Self {
            count: 1,
            first: occurrence.clone(),
            last: occurrence,
        }
    }

    /// Adds a later occurrence.
    pub(super) fn add(&mut self, call: u64, body: &Body, text: &str) {
        self.count += 1;
        self.last.call = call;
        self.last.location.set(body, text);
    }

    /// Adds those of a later part of the input, whose first call has the index `offset`.
    pub(super) fn append(&mut self, later: Self, offset: u64) {
        let later = later.shifted(offset);
        self.count += later.count;
        self.last = later.last;
    }

    /// Adds `offset` to the indices of the calls.
    #[must_use]
    pub(super) fn shifted(mut self, offset: u64) -> Self {
        self.first.call += offset;
        self.last.call += offset;
        self
    }

    /// The occurrences of both, which may alternate.
    #[must_use]
    pub(super) fn union(&self, other: &Self) -> Self {
        let first = if other.first.call < self.first.call {
            &other.first
        } else {
            &self.first
        };
        let last = if other.last.call > self.last.call {
            &other.last
        } else {
            &self.last
        };
        Self {
            count: self.count + other.count,
            first: first.clone(),
            last: last.clone(),
        }
    }
}
