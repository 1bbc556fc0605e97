//! The check of the whole input: duplicate calls, items that depend on the rest of their source,
//! and the checked bodies in input order.

use std::collections::HashMap;

use super::call_ids::IdLocation;
use super::checked_batch::{BatchChecker, CheckedBatch, CheckedItem, count_findings};
use super::collector::Tally;
use super::finding::{CheckedBody, Finding};
use super::rule_data::Level;
use super::rules::{DUPLICATE_CALL, repeated_call};
use crate::capture::find::deferred::{Deferred, DeferredItem};
use crate::capture::source::source_name::SourceName;
use crate::select::id_set::IdSet;

/// The state of a check of the whole input, where the checked batches arrive in input order.
#[derive(Default)]
pub(crate) struct Validation {
    /// Number of selected calls so far.
    pub(crate) calls: u64,
    /// Number of findings so far.
    pub(crate) tally: Tally,
    /// Items that depend on the rest of their source. It counts those that were dropped.
    pub(crate) deferred: Deferred<CheckedItem>,
    /// The ids of the calls so far.
    ids: IdSet,
    /// The sources of these calls, if a report needs those of first deliveries.
    first_sources: Option<FirstSources>,
}

impl Validation {
    /// Starts a check. With `needs_first_sources`, findings of duplicate calls have the source of
    /// the first delivery, which takes 20 to 40 bytes of memory per call.
    pub(crate) fn new(needs_first_sources: bool) -> Self {
        Self {
            first_sources: needs_first_sources.then(FirstSources::default),
            ..Self::default()
        }
    }

    /// Adds the next batch and returns the bodies to report, in input order.
    pub(crate) fn add_batch(
        &mut self,
        checker: &BatchChecker,
        mut batch: CheckedBatch,
    ) -> Vec<CheckedBody> {
        self.find_duplicates(checker, &mut batch);
        self.calls += batch.counts.selected();
        self.tally += &batch.tally;
        let source = &batch.batch.source;
        let context = batch.counts.part_context();
        let mut items = self.deferred.set_source(source, batch.batch.may_lack_calls);
        if batch.deferred.is_empty() && !self.deferred.is_holding() {
            self.deferred.add_part(context, Vec::new());
            items.extend(batch.items);
        } else {
            let settled = batch.items.into_iter();
            let settled = settled.map(|item| {
                let offset = item.order.offset;
                DeferredItem::settled(item, offset)
            });
            let mut part: Vec<_> = settled.chain(batch.deferred).collect();
            part.sort_by_key(|item| item.value.order);
            items.extend(self.deferred.add_part(context, part));
        }
        self.count_items(items)
    }

    /// Returns the deferred bodies to report after the last batch.
    pub(crate) fn finish(&mut self) -> Vec<CheckedBody> {
        let items = self.deferred.finish_source();
        self.count_items(items)
    }

    /// Counts the findings of items that were deferred, and returns the bodies of all `items`.
    fn count_items(&mut self, items: Vec<CheckedItem>) -> Vec<CheckedBody> {
        for item in items.iter().filter(|item| !item.is_counted) {
            count_findings(&item.body, &mut self.tally);
        }
        items.into_iter().map(|item| item.body).collect()
    }

    /// Adds a finding to each call whose id occurred before, in this batch or an earlier one.
    fn find_duplicates(&mut self, checker: &BatchChecker, batch: &mut CheckedBatch) {
        const POINTER: &str = "/id";
        // A locator passes over the bytes once if offsets ascend, so ids and bodies have one each.
        let bodies = batch.batch.locator();
        let values = bodies.clone();
        let limits = checker.current_limits();
        for call in std::mem::take(&mut batch.ids) {
            if self.ids.insert(call.id) {
                if let Some(sources) = &mut self.first_sources {
                    sources.add(call.id, &batch.batch.source);
                }
                continue;
            }
            let levels = checker.checker.levels();
            let Some(level) = levels.level_of(&DUPLICATE_CALL.rule, POINTER, &call.pointer) else {
                continue;
            };
            batch.tally.add(&DUPLICATE_CALL.rule, level);
            let item_index = batch
                .items
                .binary_search_by_key(&call.order, |item| item.order);
            if level < limits.min_level || limits.max_per_body == 0 {
                if let Ok(item_index) = item_index {
                    batch.items[item_index].body.errors += u64::from(level == Level::Error);
                }
                continue;
            }
            let (mark, text, position) = match call.location {
                IdLocation::Decoded(decoded) => *decoded,
                IdLocation::InBatch((offset, length), body) => (
                    values.mark(offset, length, limits.with_excerpts),
                    String::from_utf8_lossy(&batch.batch.bytes[offset..offset + length])
                        .into_owned(),
                    bodies.position(body),
                ),
            };
            let mut finding = Finding::at(
                mark,
                POINTER.to_owned(),
                &DUPLICATE_CALL.rule,
                level,
                repeated_call(&text),
            );
            finding.first_source = self
                .first_sources
                .as_ref()
                .and_then(|sources| sources.get(call.id));
            let item_index = item_index.unwrap_or_else(|item_index| {
                let body = CheckedBody {
                    source: batch.batch.source.clone(),
                    position,
                    pointer: call.pointer,
                    id: Some(text),
                    errors: 0,
                    findings: Vec::new(),
                };
                let item = CheckedItem {
                    order: call.order,
                    body,
                    is_counted: true,
                };
                batch.items.insert(item_index, item);
                item_index
            });
            add_finding(finding, &mut batch.items[item_index].body);
        }
    }
}

/// The source of the first call with each id.
#[derive(Default)]
struct FirstSources {
    names: Vec<SourceName>,
    /// Indexes in `names` by id.
    by_id: HashMap<u64, u32>,
}

impl FirstSources {
    /// Adds the first call with the id.
    fn add(&mut self, id: u64, source: &SourceName) {
        let is_last = |last: &SourceName| last.is_clone_of(source);
        if !self.names.last().is_some_and(is_last) {
            self.names.push(source.clone());
        }
        // More than 2³² sources do not fit in memory.
        let index = u32::try_from(self.names.len() - 1).unwrap_or(u32::MAX);
        self.by_id.insert(id, index);
    }

    /// The source of the first call with the id.
    fn get(&self, id: u64) -> Option<SourceName> {
        let index = usize::try_from(*self.by_id.get(&id)?).ok()?;
        self.names.get(index).cloned()
    }
}

/// Adds a finding to the findings of a body, which are in order of their positions.
fn add_finding(finding: Finding, body: &mut CheckedBody) {
    body.errors += u64::from(finding.level == Level::Error);
    let at = body
        .findings
        .partition_point(|other| other.span.start <= finding.span.start);
    body.findings.insert(at, finding);
}
