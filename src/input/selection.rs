//! Batches in, the calls asked for out, with all that is no call: the search for bodies, the filter, and what depends on the calls before.

use std::ops::ControlFlow;

use super::batch::Batch;
use super::envelope::{Body, Item, Search, for_each_item};
use super::filter::Filter;
use super::place::Locator;
use super::seen::Seen;
use super::turnstile::{Candidate, Turnstile};
use crate::json::Json;

/// Which calls are asked for.
#[derive(Debug)]
pub struct Selection {
    search: Search,
    /// None admits all.
    filter: Option<Filter>,
    /// None chooses all that are admitted.
    turnstile: Option<Turnstile>,
}

impl Selection {
    /// Looks for bodies as `search` says, and takes those that `filter` admits.
    #[must_use]
    pub fn new(search: Search, filter: Filter) -> Self {
        Self {
            search,
            filter: (!filter.is_empty()).then_some(filter),
            turnstile: None,
        }
    }

    /// Takes of these the ones that `turnstile` chooses.
    #[must_use]
    pub fn with_turnstile(self, turnstile: Turnstile) -> Self {
        Self {
            turnstile: Some(turnstile),
            ..self
        }
    }

    /// Shows `meet` what is found in `batch`, in order, without the calls that are not asked for, each with what was seen up to it; `locator` is for
    /// its bytes, and `seen` counts all of it. Each batch has to come once, and be taken up in input order, by whatever thread. It breaks off where that is all that was asked
    /// for: what follows need not be read.
    pub fn for_each_item(
        &self,
        batch: &Batch,
        locator: &Locator<'_>,
        seen: &mut Seen,
        meet: &mut dyn FnMut(Item<'_>, &Seen),
    ) -> ControlFlow<()> {
        if let Some(turnstile) = &self.turnstile {
            return self.choose(turnstile, batch, locator, seen, meet);
        }
        for_each_item(batch, locator, &self.search, &mut |item| match &item {
            Item::Call(body) if !self.admits(body) => seen.pass_over(body),
            _ => {
                seen.add(&item);
                meet(item, seen);
            }
        });
        ControlFlow::Continue(())
    }

    /// Looks twice: what is found must be known before it is this batch's turn, and what is chosen before the work on it begins.
    fn choose(
        &self,
        turnstile: &Turnstile,
        batch: &Batch,
        locator: &Locator<'_>,
        seen: &mut Seen,
        meet: &mut dyn FnMut(Item<'_>, &Seen),
    ) -> ControlFlow<()> {
        let ticket = turnstile.ticket(batch.number);
        let mut candidates = Vec::new();
        if !ticket.is_over() {
            self.for_each_call(batch, locator, &mut |body, is_admitted| {
                let id = body.members().get("id").and_then(Json::as_u64);
                candidates.push(Candidate { is_admitted, id });
            });
        }
        let Some(choice) = ticket.pass(&candidates) else {
            return ControlFlow::Continue(());
        };
        let mut calls = choice.calls.into_iter();
        let mut is_over = false;
        for_each_item(batch, locator, &self.search, &mut |item| {
            if is_over {
                return;
            }
            if let Item::Call(body) = &item {
                let is_chosen = calls.next().unwrap_or_default();
                is_over = choice.is_enough && calls.len() == 0;
                if !is_chosen {
                    seen.pass_over(body);
                    return;
                }
            }
            seen.add(&item);
            meet(item, seen);
        });
        if choice.is_enough {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }

    /// The ids of the calls that are admitted, as far as they can be compared.
    #[must_use]
    pub fn ids(&self, batch: &Batch) -> Vec<u64> {
        let locator = Locator::new(&batch.bytes, batch.start, batch.coding);
        let mut ids = Vec::new();
        self.for_each_call(batch, &locator, &mut |body, is_admitted| {
            let id = body.members().get("id").filter(|_| is_admitted);
            ids.extend(id.and_then(Json::as_u64));
        });
        ids
    }

    fn for_each_call(
        &self,
        batch: &Batch,
        locator: &Locator<'_>,
        meet: &mut dyn FnMut(&Body, bool),
    ) {
        for_each_item(batch, locator, &self.search, &mut |item| {
            if let Item::Call(body) = item {
                meet(&body, self.admits(&body));
            }
        });
    }

    fn admits(&self, body: &Body) -> bool {
        self.filter
            .as_ref()
            .is_none_or(|filter| filter.admits(body.members()))
    }
}
