//! Checks the whole input against the rules and writes the findings as reports.

use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

use roaring::RoaringTreemap;

use super::checked_batch::{BatchChecker, CheckedBatch, CheckedItem, count_findings};
use super::read_plan::ReadOptions;
use super::reports::Outputs;
use super::session::Session;
use crate::capture::find::deferred::Deferred;
use crate::capture::location::position::Locator;
use crate::exit::Exit;
use crate::lint::call_ids::IdLocation;
use crate::lint::checker::Checker;
use crate::lint::finding::{CheckedBody, Finding};
use crate::lint::rule::Level;
use crate::lint::rules::{DUPLICATE_CALL, repeated_call};
use crate::report::Summary;

/// The state of a check of the whole input, where the checked batches arrive in input order.
pub(crate) struct Validation {
    pub(crate) outputs: Outputs,
    pub(crate) summary: Summary,
    /// Items that depend on the rest of their source. It counts those that were dropped.
    pub(crate) deferred: Deferred<CheckedItem>,
    /// The ids of the calls so far.
    ids: RoaringTreemap,
}

impl Validation {
    /// Checks the input and writes all bodies to the reports. Sets the exit code of the session.
    pub(crate) fn run(
        read: &ReadOptions,
        checker: Checker,
        outputs: Outputs,
        session: &mut Session,
    ) -> anyhow::Result<Self> {
        let checker = BatchChecker {
            limits: outputs.limits(),
            needs_every_body: outputs.needs_every_body(),
            is_full: AtomicBool::new(false),
            plan: session.plan(read)?,
            checker,
        };
        let mut validation = Self {
            outputs,
            summary: Summary::default(),
            deferred: Deferred::default(),
            ids: RoaringTreemap::new(),
        };
        let result = session.for_each_batch(
            &checker.plan,
            |batch| checker.check_batch(batch),
            |out, batch| validation.add_batch(&checker, batch, out),
            |_| Ok(()),
        );
        let result = result.and_then(|()| {
            let items = validation.deferred.finish_source();
            validation.write_items(items, &mut session.out)
        });
        // Set before returning an error: the exit code must be right for a closed pipe too.
        if validation.summary.tally.count(Level::Error) > 0 {
            session.fail(Exit::BadData);
        }
        result.map(|()| validation)
    }

    fn add_batch(
        &mut self,
        checker: &BatchChecker,
        mut batch: CheckedBatch,
        out: &mut dyn Write,
    ) -> anyhow::Result<()> {
        self.find_duplicates(checker, &mut batch);
        self.summary.calls += batch.counts.selected();
        self.summary.tally += &batch.tally;
        let source = &batch.batch.source;
        let before = self.deferred.set_source(source, batch.batch.may_lack_calls);
        self.write_items(before, out)?;
        let mut released = self
            .deferred
            .add_part(batch.counts.source_context(), batch.deferred);
        // Items that were deferred in earlier batches come before the items of this batch.
        let here = released.partition_point(|item| item.body.position < batch.batch.start);
        let mut items = released.split_off(here);
        self.write_items(released, out)?;
        for CheckedItem { body, .. } in &items {
            count_findings(body, &mut self.summary.tally);
        }
        items.extend(batch.items);
        items.sort_by_key(|item| item.index);
        for CheckedItem { body, .. } in &items {
            self.outputs.write_body(body, out)?;
        }
        let is_full = self.outputs.remaining() == 0;
        checker.is_full.store(is_full, Ordering::Relaxed);
        Ok(())
    }

    /// Adds a finding to each call whose id occurred before, in this batch or an earlier one.
    fn find_duplicates(&mut self, checker: &BatchChecker, batch: &mut CheckedBatch) {
        const POINTER: &str = "/id";
        // A locator passes over the bytes once if offsets ascend, so ids and bodies have one each.
        let bodies = Locator::new(&batch.batch.bytes, batch.batch.start, batch.batch.coding);
        let values = bodies.clone();
        let limits = checker.current_limits();
        for call in std::mem::take(&mut batch.ids) {
            if self.ids.insert(call.id) {
                continue;
            }
            let levels = checker.checker.levels();
            let Some(level) = levels.level_of(&DUPLICATE_CALL.rule, POINTER, &call.pointer) else {
                continue;
            };
            batch.tally.add(&DUPLICATE_CALL.rule, level);
            let item_index = batch
                .items
                .binary_search_by_key(&call.index, |item| item.index);
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
            let finding = Finding::at(
                mark,
                POINTER.to_owned(),
                &DUPLICATE_CALL.rule,
                level,
                repeated_call(&text),
            );
            let item_index = item_index.unwrap_or_else(|item_index| {
                let body = CheckedBody {
                    source: batch.batch.source.clone(),
                    position,
                    pointer: call.pointer,
                    id: Some(text),
                    errors: 0,
                    findings: Vec::new(),
                };
                let index = call.index;
                batch.items.insert(item_index, CheckedItem { index, body });
                item_index
            });
            add_finding(finding, &mut batch.items[item_index].body);
        }
    }

    /// Counts the findings of items that were deferred, and writes the items to all reports.
    fn write_items(&mut self, items: Vec<CheckedItem>, out: &mut dyn Write) -> anyhow::Result<()> {
        for CheckedItem { body, .. } in items {
            count_findings(&body, &mut self.summary.tally);
            self.outputs.write_body(&body, out)?;
        }
        Ok(())
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
