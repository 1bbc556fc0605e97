//! Counts the items found in the input, by kind.

use std::collections::BTreeMap;

use crate::capture::find::deferred::{PartContext, ReportCondition};
use crate::capture::find::item::{Body, Item, NonCallKind};

/// Numbers of items found in the input, by kind. `+=` adds numbers, but not the source context.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    /// Calls, including the excluded ones.
    pub(crate) calls: u64,
    /// Calls excluded by the filter or as duplicates.
    pub(crate) excluded: u64,
    /// Those of them that matched the filter, and were excluded as duplicates.
    pub(crate) copies: u64,
    /// Pieces of broken JSON.
    pub(crate) broken: u64,
    /// Pieces of broken JSON whose calls were read after a repair.
    pub(crate) repaired: u64,
    /// JSON values, and pieces of text, that contain no call.
    pub(crate) non_calls: u64,
    /// Envelopes whose body was lost.
    pub(crate) lost_bodies: u64,
    /// Known payloads of the vendor that are not calls, by their description.
    pub(crate) other_payloads: BTreeMap<&'static str, u64>,
    /// Nesting of the calls in their source, and whether other items are reported. Excluded calls
    /// count as well.
    context: PartContext,
}

impl Counts {
    /// Counts `item`.
    pub(crate) fn add(&mut self, item: &Item) {
        match item {
            Item::Call(body) => self.count_call(body),
            Item::NonCall(other) => {
                match other.kind {
                    NonCallKind::Broken | NonCallKind::BrokenRow | NonCallKind::TooDeep => {
                        self.broken += 1;
                    }
                    NonCallKind::Windows1252 | NonCallKind::Table => {}
                    NonCallKind::Repaired => self.repaired += 1,
                    NonCallKind::OtherPayload(name) => {
                        *self.other_payloads.entry(name).or_default() += 1;
                    }
                    NonCallKind::LostBody => self.lost_bodies += 1,
                    NonCallKind::Json | NonCallKind::Text => self.non_calls += 1,
                }
                if other.kind.report_condition() == ReportCondition::Always {
                    self.context.add_reported_other(item.offset_in_batch());
                }
            }
        }
    }

    /// Counts a call that is not selected. Its nesting still enters the context, because
    /// input that is not a call is judged by the nesting of the calls around it.
    pub(crate) fn add_excluded(&mut self, body: &Body) {
        self.count_call(body);
        self.excluded += 1;
    }

    fn count_call(&mut self, body: &Body) {
        self.calls += 1;
        self.context.add_call(body.calls, body.offset_in_batch());
    }

    /// Returns the number of selected calls.
    #[must_use]
    pub(crate) fn selected(&self) -> u64 {
        self.calls - self.excluded
    }

    /// Returns the context that decides which deferred items are reported.
    #[must_use]
    pub(crate) fn part_context(&self) -> PartContext {
        self.context
    }

    /// Returns true if an item was found that is not a call and is reported in any case.
    #[must_use]
    pub(crate) fn has_reported_others(&self) -> bool {
        self.broken > 0 || self.lost_bodies > 0 || !self.other_payloads.is_empty()
    }
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.calls += other.calls;
        self.excluded += other.excluded;
        self.copies += other.copies;
        self.broken += other.broken;
        self.repaired += other.repaired;
        self.non_calls += other.non_calls;
        self.lost_bodies += other.lost_bodies;
        for (name, count) in other.other_payloads {
            *self.other_payloads.entry(name).or_default() += count;
        }
    }
}
