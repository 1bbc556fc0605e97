//! Selects the calls that a command sees, by filter, duplicate id and limit. Items that are not
//! calls are passed on too.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::counts::Counts;
use super::filter::{Filter, FilterNames};
use super::sequencer::{Candidate, Sequencer};
use crate::capture::find::documents::for_each_item;
use crate::capture::find::item::{Body, Item};
use crate::capture::find::search::Search;
use crate::capture::location::position::Locator;
use crate::capture::split::batch::Batch;
use crate::json::Json;

/// The rules for which calls a command sees.
#[derive(Debug)]
pub(crate) struct Selection {
    search: Search,
    /// `None` matches all calls.
    filter: Option<Filter>,
    /// The names in the filter.
    names: Arc<FilterNames>,
    /// `None` selects all matching calls.
    sequencer: Option<Sequencer>,
}

impl Selection {
    /// Creates a selection of the calls that `search` finds and `filter` matches.
    #[must_use]
    pub(crate) fn new(search: Search, filter: Filter) -> Self {
        Self {
            search,
            names: Arc::new(filter.names()),
            filter: (!filter.is_empty()).then_some(filter),
            sequencer: None,
        }
    }

    /// Restricts the selection to the matching calls that `sequencer` selects.
    #[must_use]
    pub(crate) fn with_sequencer(self, sequencer: Sequencer) -> Self {
        Self {
            sequencer: Some(sequencer),
            ..self
        }
    }

    /// The names in the filter, and whether they occur in the calls that were searched so far.
    #[must_use]
    pub(crate) fn names(&self) -> Arc<FilterNames> {
        Arc::clone(&self.names)
    }

    /// Calls `visit` for each selected call and each item that is not a call in `batch`, in order,
    /// with the counts up to and including that item, which `visit` may take away to start anew.
    /// `locator` must be that of the batch's bytes, and `counts` is updated. Pass each batch
    /// exactly once. Any thread may do it, but threads must take up batches in input order. Returns
    /// `Break` if the limit is reached, so that the rest of the input need not be read.
    pub(crate) fn for_each_item(
        &self,
        batch: &Batch,
        locator: &Locator<'_>,
        counts: &mut Counts,
        visit: &mut dyn FnMut(Item<'_>, &mut Counts),
    ) -> ControlFlow<()> {
        // A sequencer needs a second search, which adds 44 % to the instructions of `validate`.
        if let Some(sequencer) = &self.sequencer {
            return self.for_each_sequenced_item(sequencer, batch, locator, counts, visit);
        }
        for_each_item(batch, locator, &self.search, &mut |item| match &item {
            Item::Call(body) if !self.matches(body) => counts.add_excluded(body),
            _ => {
                counts.add(&item);
                visit(item, counts);
            }
        });
        ControlFlow::Continue(())
    }

    /// Implements [`Self::for_each_item`] for a selection with this `sequencer`. Searches the batch
    /// twice: its calls must be known before the sequencer reaches this batch, and the sequencer's
    /// choice before the first call is visited.
    fn for_each_sequenced_item(
        &self,
        sequencer: &Sequencer,
        batch: &Batch,
        locator: &Locator<'_>,
        counts: &mut Counts,
        visit: &mut dyn FnMut(Item<'_>, &mut Counts),
    ) -> ControlFlow<()> {
        let ticket = sequencer.ticket(batch.number);
        let mut candidates = Vec::new();
        if !ticket.is_finished() {
            self.for_each_call(batch, locator, &mut |body, is_match| {
                let id = body.id().and_then(Json::as_u64);
                candidates.push(Candidate { is_match, id });
            });
        }
        let Some(choice) = ticket.wait_and_select(&candidates) else {
            return ControlFlow::Continue(());
        };
        let matches = candidates.iter().map(|candidate| candidate.is_match);
        let mut calls = choice.selected.into_iter().zip(matches);
        let mut is_done = false;
        for_each_item(batch, locator, &self.search, &mut |item| {
            if is_done {
                return;
            }
            if let Item::Call(body) = &item {
                let (is_selected, is_match) = calls.next().unwrap_or_default();
                is_done = choice.is_limit_reached && calls.len() == 0;
                if !is_selected {
                    counts.add_excluded(body);
                    counts.copies += u64::from(is_match);
                    return;
                }
            }
            counts.add(&item);
            visit(item, counts);
        });
        if choice.is_limit_reached {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }

    /// Returns the ids of the calls that match the filter, in order. Ids that are not a `u64` are
    /// skipped.
    #[must_use]
    pub(crate) fn matching_ids(&self, batch: &Batch) -> Vec<u64> {
        let locator = batch.locator();
        let mut ids = Vec::new();
        self.for_each_call(batch, &locator, &mut |body, is_match| {
            let id = body.id().filter(|_| is_match);
            ids.extend(id.and_then(Json::as_u64));
        });
        ids
    }

    /// Calls `visit` for each call in `batch`, with true if the filter matches it.
    fn for_each_call(
        &self,
        batch: &Batch,
        locator: &Locator<'_>,
        visit: &mut dyn FnMut(&Body, bool),
    ) {
        for_each_item(batch, locator, &self.search, &mut |item| {
            if let Item::Call(body) = item {
                visit(&body, self.matches(&body));
            }
        });
    }

    /// True if the filter matches the call. The sequencer does not count here. Records which names
    /// of the filter the call has.
    fn matches(&self, body: &Body) -> bool {
        let Some(filter) = &self.filter else {
            return true;
        };
        self.names.observe(body.object);
        filter.matches(body.object)
    }
}
