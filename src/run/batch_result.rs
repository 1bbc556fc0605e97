//! Runs a command on one batch, in a worker thread. The result holds the command's output, the
//! problems found, and the problems that are deferred until the source is understood. The result of
//! a batch with many items is passed on in parts.

use std::ops::ControlFlow;

use super::problem::Problem;
use crate::capture::find::deferred::DeferredItem;
use crate::capture::find::item::{Body, Item, NonCall, NonCallKind};
use crate::capture::source::source_name::SourceName;
use crate::capture::split::batch::{Batch, MAX_PART_ITEMS};
use crate::json::Json;
use crate::select::counts::Counts;
use crate::select::selection::Selection;

/// The result of processing one batch, or a part of it.
pub(crate) struct BatchResult<T> {
    /// The command's output.
    pub(crate) output: T,
    /// Number of items of each kind in this part of the batch.
    pub(crate) counts: Counts,
    /// `Break` if the selection is complete and no further batch need be read. Only the last part
    /// of a batch has it.
    pub(crate) flow: ControlFlow<()>,
    /// Name of the source, and true if it may hold no call: a file found in a folder whose name
    /// does not suggest calls.
    pub(crate) source: Option<(SourceName, bool)>,
    /// The ids of the selected calls, if they are requested.
    pub(crate) ids: Vec<u64>,
    /// True if some of the data was bad, even if no problem is reported for it.
    pub(crate) has_bad_data: bool,
    /// Problems to report on standard error, some of them only if the calls of the source are not
    /// wrapped in envelopes.
    pub(crate) problems: Vec<DeferredItem<Problem>>,
}

impl<T> BatchResult<T> {
    /// A result without counts and problems.
    pub(crate) fn new(output: T) -> Self {
        Self {
            output,
            counts: Counts::default(),
            flow: ControlFlow::Continue(()),
            source: None,
            ids: Vec::new(),
            has_bad_data: false,
            problems: Vec::new(),
        }
    }
}

/// The optional parts of a batch's result.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ResultParts {
    /// The ids of the selected calls.
    pub(crate) ids: bool,
    /// In each problem, the bytes of its record.
    pub(crate) records: bool,
    /// The text of the input in messages about it.
    pub(crate) quotes: bool,
}

impl ResultParts {
    /// Only messages.
    pub(super) const MESSAGES: Self = Self {
        ids: false,
        records: false,
        quotes: true,
    };
}

/// Calls `handle` for each selected call in `batch`, and passes the parts of the result to `emit`.
/// Every other item becomes a problem, except known payloads that are not calls. Values and text
/// without a call become deferred problems.
pub(crate) fn process_calls<T: Default>(
    batch: &Batch,
    selection: &Selection,
    parts: ResultParts,
    handle: impl Fn(&Body, &mut T),
    emit: &mut dyn FnMut(BatchResult<T>),
) {
    let add = |item: &Item, result: &mut BatchResult<T>| match item {
        Item::Call(body) => {
            let id = body.id().filter(|_| parts.ids);
            result.ids.extend(id.and_then(Json::as_u64));
            handle(body, &mut result.output);
        }
        Item::NonCall(other) => match other.kind {
            NonCallKind::OtherPayload(_) => {}
            // It is counted, and the call is read.
            NonCallKind::Repaired => result.has_bad_data = true,
            kind => {
                result.has_bad_data |= kind.is_bad_data();
                result.problems.push(problem_item(other, parts));
            }
        },
    };
    process(batch, selection, add, emit);
}

/// Calls `handle` for each selected call and for every other item in `batch`, except text without
/// a call: that becomes a deferred problem. Passes the parts of the result to `emit`.
pub(crate) fn process_items<T: Default>(
    batch: &Batch,
    selection: &Selection,
    handle: impl Fn(&Item, &mut T),
    emit: &mut dyn FnMut(BatchResult<T>),
) {
    let add = |item: &Item, result: &mut BatchResult<T>| {
        if let Item::NonCall(other) = item {
            result.has_bad_data |= other.kind.is_bad_data();
            if matches!(other.kind, NonCallKind::Text | NonCallKind::Windows1252) {
                result
                    .problems
                    .push(problem_item(other, ResultParts::MESSAGES));
                return;
            }
        }
        handle(item, &mut result.output);
    };
    process(batch, selection, add, emit);
}

/// Calls `handle` for each selected call and for every other item in `batch`, with the
/// part of the result to add to. Passes each part to `emit`, its problems in input order.
fn process<T: Default>(
    batch: &Batch,
    selection: &Selection,
    handle: impl Fn(&Item, &mut BatchResult<T>),
    emit: &mut dyn FnMut(BatchResult<T>),
) {
    let start_part = || BatchResult {
        source: Some((batch.source.clone(), batch.may_lack_calls)),
        ..BatchResult::new(T::default())
    };
    let mut result = start_part();
    let mut items = 0;
    let locator = batch.locator();
    let mut counts = Counts::default();
    let flow = selection.for_each_item(batch, &locator, &mut counts, &mut |item, counts| {
        handle(&item, &mut result);
        items += 1;
        if items == MAX_PART_ITEMS {
            items = 0;
            let counts = std::mem::take(counts);
            let mut part = std::mem::replace(&mut result, start_part());
            part.problems.sort_by_key(|problem| problem.offset);
            emit(BatchResult { counts, ..part });
        }
    });
    result.problems.sort_by_key(|problem| problem.offset);
    emit(BatchResult {
        counts,
        flow,
        ..result
    });
}

/// The problem with `other`, and when it is reported.
fn problem_item(other: &NonCall, parts: ResultParts) -> DeferredItem<Problem> {
    DeferredItem {
        value: if parts.quotes {
            Problem::new(other, parts.records)
        } else {
            Problem::without_text(other)
        },
        condition: other.kind.report_condition(),
        bytes: if parts.records { other.record.len() } else { 0 },
        offset: other.locator.offset_in_batch(other.offset),
    }
}
