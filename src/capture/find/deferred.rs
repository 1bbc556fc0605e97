//! Defers items without a call until the rest of the source shows whether they matter. Other data
//! is often captured beside calls in envelopes, and plain text is no problem if it contains a call.
//! Items that follow a deferred one wait for it, so that all are reported in input order.

use crate::capture::source::source_name::SourceName;

/// Nesting of a call in its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CallNesting {
    /// A top-level value, or an element of a top-level array.
    Bare,
    /// Inside an envelope.
    Wrapped,
}

/// Offsets of the first items of each kind in a part of a source. They decide if its deferred items
/// matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PartContext {
    bare_call: Option<usize>,
    wrapped_call: Option<usize>,
    /// An item that is not a call and is reported in any case.
    reported_other: Option<usize>,
}

impl PartContext {
    /// Adds a call at `offset`.
    pub(crate) fn add_call(&mut self, nesting: CallNesting, offset: usize) {
        let first = match nesting {
            CallNesting::Bare => &mut self.bare_call,
            CallNesting::Wrapped => &mut self.wrapped_call,
        };
        *first = Some(first.map_or(offset, |first| first.min(offset)));
    }

    /// Adds an item at `offset` that is not a call and is reported in any case.
    pub(crate) fn add_reported_other(&mut self, offset: usize) {
        let first = self
            .reported_other
            .map_or(offset, |first| first.min(offset));
        self.reported_other = Some(first);
    }

    /// The context of the text before `offset`.
    fn before(&self, offset: usize) -> SourceContext {
        let [bare, wrapped, other] = [self.bare_call, self.wrapped_call, self.reported_other]
            .map(|first| first.filter(|first| *first < offset));
        let is_wrapped_first = wrapped.is_some_and(|wrapped| bare.is_none_or(|at| wrapped < at));
        let nesting = |is_wrapped| {
            let wrapped = wrapped.filter(|_| is_wrapped).map(|_| CallNesting::Wrapped);
            wrapped.or(bare.map(|_| CallNesting::Bare))
        };
        let first_call = bare.into_iter().chain(wrapped).min();
        SourceContext {
            first_call: nesting(is_wrapped_first),
            nesting: nesting(true),
            has_reported_others: other.is_some(),
            others_before_calls: other.is_some_and(|other| first_call.is_none_or(|at| other < at)),
        }
    }
}

/// The start of a source, as far as it decides if deferred items matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct SourceContext {
    /// Nesting of the first call.
    first_call: Option<CallNesting>,
    /// Nesting of all calls: wrapped if at least one is.
    nesting: Option<CallNesting>,
    /// True if an item that is not a call was reported immediately, not deferred. A message that
    /// the source is not JSON is then redundant.
    has_reported_others: bool,
    /// True if that was before the first call.
    others_before_calls: bool,
}

impl SourceContext {
    /// Adds the context of the text that follows.
    fn merge(&mut self, later: Self) {
        self.others_before_calls |= self.first_call.is_none() && later.others_before_calls;
        self.first_call = self.first_call.or(later.first_call);
        self.nesting = self.nesting.max(later.nesting);
        self.has_reported_others |= later.has_reported_others;
    }
}

/// Items of the current source that are held back. The result depends on the order of the items,
/// but not on how the source is split into parts.
#[derive(Debug)]
pub(crate) struct Deferred<T> {
    source: Option<SourceName>,
    may_lack_calls: bool,
    /// Context of the current source so far.
    context: SourceContext,
    /// True if an item that is reported once was added.
    has_reported_once: bool,
    /// The deferred items and those behind them.
    items: Vec<DeferredItem<T>>,
    /// Number of input bytes that `items` hold.
    item_bytes: usize,
    dropped: u64,
    dropped_sources: u64,
}

/// When an item is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReportCondition {
    Always,
    /// If it is the first such item of its source.
    OncePerSource,
    /// A value that is not a call: if the calls of its source are not wrapped in envelopes.
    UnlessWrapped,
    /// Text that is not JSON: also, if nothing else is reported that is not a call.
    UnlessExplained,
}

/// An item that may have to wait.
#[derive(Clone, Debug)]
pub(crate) struct DeferredItem<T> {
    /// The output for the item if it is released.
    pub(crate) value: T,
    pub(crate) condition: ReportCondition,
    /// Number of input bytes that the item holds.
    pub(crate) bytes: usize,
    /// Offset of the item in its part of the source.
    pub(crate) offset: usize,
}

impl<T> DeferredItem<T> {
    /// An item at `offset` that is reported in any case.
    pub(crate) fn settled(value: T, offset: usize) -> Self {
        Self {
            value,
            condition: ReportCondition::Always,
            bytes: 0,
            offset,
        }
    }
}

/// Limits on the items held back. Beyond them the items are released as if the source had no
/// wrapped calls.
const MAX_ITEMS: usize = 10_000;
const MAX_BYTES: usize = 16 * 1024 * 1024;

impl<T> Default for Deferred<T> {
    fn default() -> Self {
        Self {
            source: None,
            may_lack_calls: false,
            context: SourceContext::default(),
            has_reported_once: false,
            items: Vec::new(),
            item_bytes: 0,
            dropped: 0,
            dropped_sources: 0,
        }
    }
}

impl<T> Deferred<T> {
    /// Continues with `source`. If it is a new one, returns the items released from the previous
    /// source.
    pub(crate) fn set_source(&mut self, source: &SourceName, may_lack_calls: bool) -> Vec<T> {
        if self
            .source
            .as_ref()
            .is_some_and(|before| before.is_clone_of(source))
        {
            return Vec::new();
        }
        let released = self.finish_source();
        self.source = Some(source.clone());
        self.may_lack_calls = may_lack_calls;
        released
    }

    /// True if items wait.
    pub(crate) fn is_holding(&self) -> bool {
        !self.items.is_empty()
    }

    /// Adds the next part of the source: its items, in order of their offsets, and its context.
    /// Returns the items released now.
    pub(crate) fn add_part(&mut self, context: PartContext, items: Vec<DeferredItem<T>>) -> Vec<T> {
        let mut released = Vec::new();
        for mut item in items {
            if item.condition == ReportCondition::OncePerSource {
                if std::mem::replace(&mut self.has_reported_once, true) {
                    continue;
                }
                item.condition = ReportCondition::Always;
            }
            self.add_context(context.before(item.offset), &mut released);
            match (item.condition, self.context.nesting) {
                (ReportCondition::Always, _) if self.items.is_empty() => released.push(item.value),
                (ReportCondition::UnlessExplained, _) if self.context.has_reported_others => {}
                (ReportCondition::UnlessWrapped, Some(CallNesting::Wrapped)) => self.dropped += 1,
                (ReportCondition::UnlessExplained, Some(CallNesting::Wrapped)) => {}
                (_, Some(_)) => released.push(item.value),
                (_, None) => {
                    self.item_bytes += item.bytes;
                    self.items.push(item);
                    if self.items.len() > MAX_ITEMS || self.item_bytes > MAX_BYTES {
                        let bare = SourceContext {
                            first_call: Some(CallNesting::Bare),
                            nesting: Some(CallNesting::Bare),
                            ..SourceContext::default()
                        };
                        self.add_context(bare, &mut released);
                    }
                }
            }
        }
        self.add_context(context.before(usize::MAX), &mut released);
        released
    }

    /// Merges `context`, and releases or drops the items that it settles.
    fn add_context(&mut self, context: SourceContext, released: &mut Vec<T>) {
        let before = self.context;
        self.context.merge(context);
        if self.context == before {
            return;
        }
        if self.context.others_before_calls {
            self.items
                .retain(|item| item.condition != ReportCondition::UnlessExplained);
            self.item_bytes = self.items.iter().map(|item| item.bytes).sum();
            let deferred = |item: &DeferredItem<T>| item.condition != ReportCondition::Always;
            if !self.items.iter().any(deferred) {
                released.extend(self.release());
            }
        }
        // No items are held after the first call, so the first call alone decides.
        match self.context.first_call {
            Some(CallNesting::Wrapped) => {
                let (settled, dropped) = self.release_settled();
                let is_value =
                    |item: &DeferredItem<T>| item.condition == ReportCondition::UnlessWrapped;
                self.dropped += dropped.into_iter().filter(is_value).count() as u64;
                released.extend(settled);
            }
            Some(CallNesting::Bare) => released.extend(self.release()),
            None => {}
        }
    }

    /// Ends the current source and returns its released items.
    pub(crate) fn finish_source(&mut self) -> Vec<T> {
        let has_no_call = std::mem::take(&mut self.context).nesting.is_none();
        self.source = None;
        self.has_reported_once = false;
        if !(self.may_lack_calls && has_no_call) {
            return self.release();
        }
        let (settled, dropped) = self.release_settled();
        self.dropped_sources += u64::from(!dropped.is_empty());
        settled
    }

    /// Removes and returns all held items, which are to be reported.
    fn release(&mut self) -> Vec<T> {
        self.item_bytes = 0;
        self.items.drain(..).map(|item| item.value).collect()
    }

    /// Removes all held items. Returns those that are reported in any case, and the others.
    fn release_settled(&mut self) -> (Vec<T>, Vec<DeferredItem<T>>) {
        self.item_bytes = 0;
        let (settled, others): (Vec<_>, _) = self
            .items
            .drain(..)
            .partition(|item| item.condition == ReportCondition::Always);
        (settled.into_iter().map(|item| item.value).collect(), others)
    }

    /// Number of values dropped because calls are wrapped.
    #[must_use]
    pub(crate) fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Number of discovered files dropped because they have no call.
    #[must_use]
    pub(crate) fn dropped_sources(&self) -> u64 {
        self.dropped_sources
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One item of a source.
    #[derive(Clone, Copy, Debug)]
    enum SourceItem {
        Call(CallNesting),
        /// An item that is reported elsewhere.
        Other,
        /// A value that is not a call, by its number.
        NonCall(u8),
        /// Text that is not JSON, by its number.
        Text(u8),
        /// Broken JSON, by its number.
        Broken(u8),
    }
    use SourceItem::{Broken, Call, NonCall, Other, Text};

    /// Splits a source with these items into parts. Returns the released items and the number of
    /// dropped ones.
    fn release_all(may_lack_calls: bool, items: &[SourceItem], part_size: usize) -> (Vec<u8>, u64) {
        let mut deferred = Deferred::default();
        let mut released = deferred.set_source(&"a".into(), may_lack_calls);
        for items in items.chunks(part_size) {
            let mut context = PartContext::default();
            let mut part = Vec::new();
            for (offset, item) in items.iter().enumerate() {
                let (value, condition) = match *item {
                    Call(nesting) => {
                        context.add_call(nesting, offset);
                        continue;
                    }
                    Other => {
                        context.add_reported_other(offset);
                        continue;
                    }
                    NonCall(value) => (value, ReportCondition::UnlessWrapped),
                    Text(value) => (value, ReportCondition::UnlessExplained),
                    Broken(value) => {
                        context.add_reported_other(offset);
                        (value, ReportCondition::Always)
                    }
                };
                part.push(DeferredItem {
                    value,
                    condition,
                    bytes: 0,
                    offset,
                });
            }
            released.extend(deferred.add_part(context, part));
        }
        released.extend(deferred.finish_source());
        (released, deferred.dropped())
    }

    #[test]
    fn non_calls_beside_wrapped_calls_are_dropped_for_any_split_into_parts() {
        let [bare, wrapped] = [CallNesting::Bare, CallNesting::Wrapped].map(Call);
        let other = Other;
        let cases: [(&[SourceItem], &[u8], u64); 18] = [
            (&[Text(1), bare, Broken(2)], &[1, 2], 0),
            (&[Text(1), Broken(2), bare], &[2], 0),
            (&[NonCall(1), Broken(2), bare, NonCall(3)], &[1, 2, 3], 0),
            (&[NonCall(1), Broken(2), wrapped, Broken(3)], &[2, 3], 1),
            (&[NonCall(1), Broken(2), NonCall(3)], &[1, 2, 3], 0),
            (&[Text(1), Broken(2), Text(3), Broken(4)], &[2, 4], 0),
            (
                &[bare, NonCall(1), Broken(2), wrapped, Broken(3)],
                &[1, 2, 3],
                0,
            ),
            (&[NonCall(1), bare, wrapped, NonCall(2)], &[1], 1),
            (&[NonCall(1), bare, wrapped, other], &[1], 0),
            (&[NonCall(1), wrapped, NonCall(2), NonCall(3)], &[], 3),
            (&[NonCall(1), bare, NonCall(2), NonCall(3)], &[1, 2, 3], 0),
            (
                &[NonCall(1), bare, NonCall(2), wrapped, NonCall(3)],
                &[1, 2],
                1,
            ),
            (&[NonCall(1), wrapped, bare, NonCall(2)], &[], 2),
            (&[NonCall(1)], &[1], 0),
            (&[Text(1), NonCall(2)], &[1, 2], 0),
            (&[Text(1), wrapped, NonCall(2)], &[], 1),
            (&[Text(1), NonCall(2), other, Text(3)], &[2], 0),
            (&[bare, Text(1), other, NonCall(2), Text(3)], &[1, 2], 0),
        ];
        for (items, expected, forgiven) in cases {
            for part in 1..=items.len() {
                let released = release_all(false, items, part);
                assert_eq!(
                    released,
                    (expected.to_vec(), forgiven),
                    "{items:?} by {part}"
                );
            }
        }
    }

    #[test]
    fn discovered_sources_may_lack_calls() {
        assert!(release_all(true, &[NonCall(1)], 1).0.is_empty());
        assert_eq!(
            release_all(true, &[NonCall(1), Call(CallNesting::Bare)], 1).0,
            [1]
        );
    }

    #[test]
    fn the_number_of_held_items_is_limited() {
        let mut deferred = Deferred::default();
        let item = DeferredItem {
            value: 0,
            condition: ReportCondition::UnlessWrapped,
            bytes: 0,
            offset: 0,
        };
        let many = vec![item.clone(); MAX_ITEMS];
        assert!(deferred.add_part(PartContext::default(), many).is_empty());
        let released = deferred.add_part(PartContext::default(), vec![item.clone()]);
        assert_eq!(released.len(), MAX_ITEMS + 1);
        assert_eq!(
            deferred.add_part(PartContext::default(), vec![item]).len(),
            1
        );
    }
}
