//! Defers items without a call until the rest of the source shows whether they matter. Other data
//! is often captured beside calls in envelopes, and plain text is no problem if it contains a call.

use std::sync::Arc;

/// Nesting of a call in its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CallNesting {
    /// A top-level value, or an element of a top-level array.
    Bare,
    /// Inside an envelope.
    Wrapped,
}

/// Facts about a source that decide if its deferred items matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct SourceContext {
    /// Nesting of the first call.
    pub(crate) first_call: Option<CallNesting>,
    /// Nesting of all calls: wrapped if at least one is.
    pub(crate) nesting: Option<CallNesting>,
    /// True if an item that is not a call was reported immediately, not deferred. A message that
    /// the source is not JSON is then redundant.
    pub(crate) has_reported_others: bool,
}

impl SourceContext {
    /// Context with a single call.
    pub(crate) fn of_call(nesting: CallNesting) -> Self {
        Self {
            first_call: Some(nesting),
            nesting: Some(nesting),
            has_reported_others: false,
        }
    }

    /// Adds the context of the text that follows.
    pub(crate) fn merge(&mut self, later: Self) {
        self.first_call = self.first_call.or(later.first_call);
        self.nesting = self.nesting.max(later.nesting);
        self.has_reported_others |= later.has_reported_others;
    }
}

/// Items of the current source that are held back. The result depends on the order of the items,
/// but not on how the source is split into parts.
#[derive(Debug)]
pub(crate) struct Deferred<T> {
    source: Option<Arc<str>>,
    may_lack_calls: bool,
    /// Context of the current source so far.
    context: SourceContext,
    items: Vec<DeferredItem<T>>,
    /// Number of input bytes that `items` hold.
    item_bytes: usize,
    dropped: u64,
    dropped_sources: u64,
}

/// An item that is held back.
#[derive(Clone, Debug)]
pub(crate) struct DeferredItem<T> {
    /// The output for the item if it is released.
    pub(crate) value: T,
    /// True if the item counts as a value that is not a call; false for the item that reports a
    /// source without JSON.
    pub(crate) is_non_call: bool,
    /// Number of input bytes that the item holds.
    pub(crate) bytes: usize,
    /// Context of the text before the item in its part of the source.
    pub(crate) context: SourceContext,
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
    pub(crate) fn set_source(&mut self, source: &Arc<str>, may_lack_calls: bool) -> Vec<T> {
        if self
            .source
            .as_ref()
            .is_some_and(|before| Arc::ptr_eq(before, source))
        {
            return Vec::new();
        }
        let released = self.finish_source();
        self.source = Some(Arc::clone(source));
        self.may_lack_calls = may_lack_calls;
        released
    }

    /// Adds the next part of the source: its deferred items, in order, and the context of the whole
    /// part. Returns the items released now.
    pub(crate) fn add_part(
        &mut self,
        context: SourceContext,
        items: Vec<DeferredItem<T>>,
    ) -> Vec<T> {
        let mut released = Vec::new();
        for item in items {
            self.add_context(item.context, &mut released);
            if !item.is_non_call && self.context.has_reported_others {
                continue;
            }
            match self.context.nesting {
                Some(CallNesting::Wrapped) => self.dropped += u64::from(item.is_non_call),
                Some(CallNesting::Bare) => released.push(item.value),
                None => {
                    self.item_bytes += item.bytes;
                    self.items.push(item);
                    if self.items.len() > MAX_ITEMS || self.item_bytes > MAX_BYTES {
                        self.add_context(SourceContext::of_call(CallNesting::Bare), &mut released);
                    }
                }
            }
        }
        self.add_context(context, &mut released);
        released
    }

    /// Merges `context`, and releases or drops the items that it settles.
    fn add_context(&mut self, context: SourceContext, released: &mut Vec<T>) {
        let before = self.context;
        self.context.merge(context);
        if self.context == before {
            return;
        }
        if self.context.has_reported_others {
            self.items.retain(|item| item.is_non_call);
            self.item_bytes = self.items.iter().map(|item| item.bytes).sum();
        }
        // No items are held after the first call, so the first call alone decides.
        match self.context.first_call {
            Some(CallNesting::Wrapped) => {
                let non_calls = self.items.drain(..).filter(|item| item.is_non_call);
                self.dropped += non_calls.count() as u64;
            }
            Some(CallNesting::Bare) => released.extend(self.release()),
            None => {}
        }
    }

    /// Ends the current source and returns its released items.
    pub(crate) fn finish_source(&mut self) -> Vec<T> {
        let items = self.release();
        let has_no_call = std::mem::take(&mut self.context).nesting.is_none();
        self.source = None;
        if self.may_lack_calls && has_no_call && !items.is_empty() {
            self.dropped_sources += 1;
            return Vec::new();
        }
        items
    }

    /// Removes and returns all held items, which are to be reported.
    fn release(&mut self) -> Vec<T> {
        self.item_bytes = 0;
        self.items.drain(..).map(|item| item.value).collect()
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

    const NOTHING: SourceContext = SourceContext {
        first_call: None,
        nesting: None,
        has_reported_others: false,
    };
    const REPORTED_OTHER: SourceContext = SourceContext {
        has_reported_others: true,
        ..NOTHING
    };

    /// One item of a source.
    #[derive(Clone, Copy, Debug)]
    enum SourceItem {
        Context(SourceContext),
        /// A value that is not a call, by its number.
        NonCall(u8),
        /// Text that is not JSON, by its number.
        Text(u8),
    }
    use SourceItem::{NonCall, Text};

    /// Splits a source with these items into parts. Returns the released items and the number of
    /// dropped ones.
    fn release_all(may_lack_calls: bool, items: &[SourceItem], part_size: usize) -> (Vec<u8>, u64) {
        let mut deferred = Deferred::default();
        let mut released = deferred.set_source(&"a".into(), may_lack_calls);
        for items in items.chunks(part_size) {
            let mut context = SourceContext::default();
            let mut deferred_items = Vec::new();
            for item in items {
                match *item {
                    SourceItem::Context(more) => context.merge(more),
                    NonCall(value) | Text(value) => deferred_items.push(DeferredItem {
                        value,
                        is_non_call: matches!(item, NonCall(_)),
                        bytes: 0,
                        context,
                    }),
                }
            }
            released.extend(deferred.add_part(context, deferred_items));
        }
        released.extend(deferred.finish_source());
        (released, deferred.dropped())
    }

    #[test]
    fn non_calls_beside_wrapped_calls_are_dropped_for_any_split_into_parts() {
        let [bare, wrapped] = [CallNesting::Bare, CallNesting::Wrapped]
            .map(|calls| SourceItem::Context(SourceContext::of_call(calls)));
        let other = SourceItem::Context(REPORTED_OTHER);
        let cases: [(&[SourceItem], &[u8], u64); 11] = [
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
            release_all(
                true,
                &[
                    NonCall(1),
                    SourceItem::Context(SourceContext::of_call(CallNesting::Bare))
                ],
                1
            )
            .0,
            [1]
        );
    }

    #[test]
    fn the_number_of_held_items_is_limited() {
        let mut deferred = Deferred::default();
        let item = DeferredItem {
            value: 0,
            is_non_call: true,
            bytes: 0,
            context: NOTHING,
        };
        let many = vec![item.clone(); MAX_ITEMS];
        assert!(deferred.add_part(NOTHING, many).is_empty());
        let released = deferred.add_part(NOTHING, vec![item.clone()]);
        assert_eq!(released.len(), MAX_ITEMS + 1);
        assert_eq!(deferred.add_part(NOTHING, vec![item]).len(), 1);
    }
}
