//! Checks a batch against the rules, in any thread.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::call_ids::{CallId, ItemOrder, call_id};
use super::checker::Checker;
use super::collector::{Collector, FindingLimits, Tally};
use super::finding::{CheckedBody, Finding};
use super::rule_data::Level;
use super::rules::{DUPLICATE_CALL, describe_non_call};
use crate::call::Call;
use crate::capture::find::deferred::{DeferredItem, ReportCondition};
use crate::capture::find::item::{Body, Item, NonCall};
use crate::capture::split::batch::{Batch, MAX_PART_ITEMS};
use crate::json::{Json, Kind};
use crate::select::counts::Counts;
use crate::select::selection::Selection;

/// Checks batches, in any thread.
pub(crate) struct BatchChecker {
    pub(crate) checker: Checker,
    /// Which calls are checked.
    pub(crate) selection: Selection,
    pub(crate) limits: FindingLimits,
    /// True if a report lists bodies without findings too.
    pub(crate) needs_every_body: bool,
    /// True once every report has reached its limit of findings.
    pub(crate) is_full: AtomicBool,
}

/// One batch, or a part of it, with its findings.
pub(crate) struct CheckedBatch {
    pub(crate) batch: Arc<Batch>,
    pub(crate) counts: Counts,
    pub(crate) tally: Tally,
    /// Items to report, in order of the text.
    pub(crate) items: Vec<CheckedItem>,
    /// Items to report only if the calls of the source are not wrapped in envelopes.
    pub(crate) deferred: Vec<DeferredItem<CheckedItem>>,
    /// The ids of the calls, in order of the text.
    pub(crate) ids: Vec<CallId>,
}

/// A call, or an item that is not a call, with its findings.
pub(crate) struct CheckedItem {
    pub(crate) order: ItemOrder,
    pub(crate) body: CheckedBody,
    /// True if the tally of the batch has its findings.
    pub(crate) is_counted: bool,
}

impl CheckedBatch {
    /// A part of `batch` without items.
    fn new(batch: &Arc<Batch>) -> Self {
        Self {
            batch: Arc::clone(batch),
            counts: Counts::default(),
            tally: Tally::default(),
            items: Vec::new(),
            deferred: Vec::new(),
            ids: Vec::new(),
        }
    }
}

impl BatchChecker {
    /// Limits of the findings to keep per body. Once all reports are full, none is kept, but all
    /// are still counted.
    pub(crate) fn current_limits(&self) -> FindingLimits {
        if self.is_full.load(Ordering::Relaxed) {
            return FindingLimits {
                max_per_body: 0,
                ..self.limits
            };
        }
        self.limits
    }

    /// Checks the calls of the batch. Passes each full part of the result to `emit` and returns the
    /// last one. `Break` means that no further batch is selected.
    pub(crate) fn check_batch(
        &self,
        batch: Batch,
        emit: &mut dyn FnMut(CheckedBatch),
    ) -> (CheckedBatch, ControlFlow<()>) {
        let batch = &Arc::new(batch);
        let locator = batch.locator();
        let with_ids = self.checker.levels().can_report(&DUPLICATE_CALL.rule);
        let mut counts = Counts::default();
        let mut part = CheckedBatch::new(batch);
        let (mut index, mut part_size) = (0, 0);
        let mut check_item = |item: Item, counts: &mut Counts| {
            let order = ItemOrder {
                offset: item.offset_in_batch(),
                index,
            };
            match item {
                Item::Call(body) => {
                    let call = Call::read(body.object);
                    if with_ids {
                        part.ids.extend(call_id(order, &body, &call));
                    }
                    let body = self.check_call(&body, &call, &mut part.tally);
                    part_size += body.as_ref().map_or(0, |body| body.findings.len());
                    part.items.extend(body.map(|body| CheckedItem {
                        order,
                        body,
                        is_counted: true,
                    }));
                }
                Item::NonCall(other) => {
                    if let Some(body) = self.check_other(&other) {
                        let condition = other.kind.report_condition();
                        let is_counted = condition == ReportCondition::Always;
                        if is_counted {
                            count_findings(&body, &mut part.tally);
                        }
                        let value = CheckedItem {
                            order,
                            body,
                            is_counted,
                        };
                        if is_counted {
                            part.items.push(value);
                        } else {
                            part.deferred.push(DeferredItem {
                                value,
                                condition,
                                bytes: 0,
                                offset: order.offset,
                            });
                        }
                    }
                }
            }
            index += 1;
            part_size += 1;
            if part_size >= MAX_PART_ITEMS {
                part_size = 0;
                let counts = std::mem::take(counts);
                let mut full = std::mem::replace(&mut part, CheckedBatch::new(batch));
                full.items.sort_by_key(|item| item.order);
                emit(CheckedBatch { counts, ..full });
            }
        };
        let flow = self
            .selection
            .for_each_item(batch, &locator, &mut counts, &mut check_item);
        part.items.sort_by_key(|item| item.order);
        (CheckedBatch { counts, ..part }, flow)
    }

    /// Checks a call and adds its findings to `tally`. `None` if there is nothing to report.
    fn check_call(&self, body: &Body, call: &Call, tally: &mut Tally) -> Option<CheckedBody> {
        let collector = self.checker.check(body, call, self.current_limits());
        *tally += collector.tally();
        if !self.needs_every_body && collector.is_empty() {
            return None;
        }
        Some(checked_body(body, call, collector))
    }

    /// The finding on an item that is not a call; `None` if its rule is allowed.
    fn check_other(&self, other: &NonCall) -> Option<CheckedBody> {
        let (rule, message) = describe_non_call(other);
        let level = self.checker.levels().level_of(rule, "", &other.pointer)?;
        let length = other.locator.character_length(other.offset);
        let mark = other
            .locator
            .mark(other.offset, length, self.limits.with_excerpts);
        Some(CheckedBody {
            source: other.source.clone(),
            position: mark.span.start,
            pointer: other.pointer.clone(),
            id: None,
            errors: u64::from(level == Level::Error),
            findings: vec![Finding::at(mark, String::new(), rule, level, message)],
        })
    }
}

/// Returns the result of checking `body`: its findings, which `collector` has.
pub(crate) fn checked_body(body: &Body, call: &Call, collector: Collector) -> CheckedBody {
    CheckedBody {
        source: body.source.clone(),
        position: body.position(),
        pointer: body.pointer.clone(),
        id: call.id().and_then(number_text),
        errors: collector.tally().count(Level::Error),
        findings: collector.into_findings(body.locator),
    }
}

/// Adds the findings that `body` keeps to `tally`.
pub(crate) fn count_findings(body: &CheckedBody, tally: &mut Tally) {
    for finding in &body.findings {
        tally.add(finding.rule, finding.level);
    }
}

/// The id as written, if it is a number of reasonable length. Other values are not ids and could
/// have any length.
fn number_text(id: Json) -> Option<String> {
    const MAX_LENGTH: usize = 40;
    let is_shown = id.kind() == Kind::Number && id.text().len() <= MAX_LENGTH;
    is_shown.then(|| id.text().to_owned())
}
