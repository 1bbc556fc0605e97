//! What was met in the input, counted.

use std::collections::BTreeMap;

use super::doubts::Met;
use super::envelope::{Body, Item, OtherKind};

/// What was met in the input.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Calls, those included that were passed over.
    pub calls: u64,
    /// Calls that were not asked for.
    pub passed_over: u64,
    /// Text that is no JSON.
    pub broken: u64,
    /// JSON that is no call.
    pub others: u64,
    /// Envelopes whose body was lost.
    pub empty: u64,
    /// Known payloads that are no calls.
    pub neighbours: BTreeMap<&'static str, u64>,
    /// How the calls stand in their source.
    stand: Met,
}

impl Seen {
    /// Counts one more item.
    pub fn add(&mut self, item: &Item) {
        match item {
            Item::Call(body) => self.add_call(body),
            Item::Other(other) => match other.kind {
                OtherKind::Broken => self.broken += 1,
                OtherKind::Neighbour(name) => *self.neighbours.entry(name).or_default() += 1,
                OtherKind::Empty => self.empty += 1,
                OtherKind::NoCall | OtherKind::Text => self.others += 1,
            },
        }
    }

    /// Counts a call that is not asked for. Where it stands still tells what may stand beside it.
    pub(super) fn pass_over(&mut self, body: &Body) {
        self.add_call(body);
        self.passed_over += 1;
    }

    fn add_call(&mut self, body: &Body) {
        self.calls += 1;
        self.stand.add(Met::of_call(body.calls));
    }

    /// The calls that were asked for.
    #[must_use]
    pub fn chosen(&self) -> u64 {
        self.calls - self.passed_over
    }

    /// What says whether doubts matter.
    #[must_use]
    pub fn met(&self) -> Met {
        Met {
            others: self.has_told_others(),
            ..self.stand
        }
    }

    /// Whether something was met that is told in any case, and is no call.
    #[must_use]
    pub fn has_told_others(&self) -> bool {
        self.broken > 0 || self.empty > 0 || !self.neighbours.is_empty()
    }
}

impl std::ops::AddAssign for Seen {
    fn add_assign(&mut self, other: Self) {
        self.calls += other.calls;
        self.passed_over += other.passed_over;
        self.broken += other.broken;
        self.others += other.others;
        self.empty += other.empty;
        for (name, count) in other.neighbours {
            *self.neighbours.entry(name).or_default() += count;
        }
    }
}
