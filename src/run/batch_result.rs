//! Runs a command on one batch, in a worker thread. The result holds the command's output, the
//! problems found, and the problems that are deferred until the source is understood.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::problem::Problem;
use crate::capture::find::deferred::DeferredItem;
use crate::capture::find::item::{Body, Item, NonCall, NonCallKind};
use crate::capture::location::position::Locator;
use crate::capture::split::batch::Batch;
use crate::select::counts::Counts;
use crate::select::selection::Selection;

/// The result of processing one batch.
pub(crate) struct BatchResult<T> {
    /// The command's output.
    pub(crate) output: T,
    /// Number of items of each kind in the batch.
    pub(crate) counts: Counts,
    /// `Break` if the selection is complete and no further batch need be read.
    pub(crate) flow: ControlFlow<()>,
    /// Name of the source, and true if it may hold no call: a file found in a folder whose name
    /// does not suggest calls.
    pub(crate) source: Option<(Arc<str>, bool)>,
    /// True if some of the data was bad, even if no problem is reported for it.
    pub(crate) has_bad_data: bool,
    /// Problems to report on standard error.
    pub(crate) problems: Vec<Problem>,
    /// Problems to report only if the calls of the source are not wrapped in envelopes.
    pub(crate) deferred: Vec<DeferredItem<Problem>>,
}

impl<T> BatchResult<T> {
    /// A result without counts and problems.
    pub(crate) fn new(output: T) -> Self {
        Self {
            output,
            counts: Counts::default(),
            flow: ControlFlow::Continue(()),
            source: None,
            has_bad_data: false,
            problems: Vec::new(),
            deferred: Vec::new(),
        }
    }
}

/// Calls `handle` for each selected call in `batch`. Every other item becomes a problem, except
/// known payloads that are not calls. Values and text without a call become deferred problems.
/// `with_records` keeps the bytes of the record in the problem.
pub(crate) fn process_calls<T: Default>(
    batch: &Batch,
    selection: &Selection,
    with_records: bool,
    handle: impl Fn(&Body, &mut T),
) -> BatchResult<T> {
    process(batch, selection, |item, counts, result| match item {
        Item::Call(body) => handle(body, &mut result.output),
        Item::NonCall(other) => match other.kind {
            NonCallKind::OtherPayload(_) => {}
            NonCallKind::Broken | NonCallKind::LostBody => {
                result.problems.push(Problem::new(other, with_records));
            }
            NonCallKind::Json | NonCallKind::Text => {
                result
                    .deferred
                    .push(defer_problem(other, counts, with_records));
            }
        },
    })
}

/// Calls `handle` for each selected call and for every other item in `batch`, except text without
/// a call: that becomes a deferred problem.
pub(crate) fn process_items<T: Default>(
    batch: &Batch,
    selection: &Selection,
    handle: impl Fn(&Item, &mut T),
) -> BatchResult<T> {
    process(batch, selection, |item, counts, result| {
        if let Item::NonCall(other) = item {
            result.has_bad_data |=
                matches!(other.kind, NonCallKind::Broken | NonCallKind::LostBody);
            if other.kind == NonCallKind::Text {
                result.deferred.push(defer_problem(other, counts, false));
                return;
            }
        }
        handle(item, &mut result.output);
    })
}

/// Calls `handle` for each selected call and for every other item in `batch`, with the counts up to
/// and including the item, and the result to add to.
fn process<T: Default>(
    batch: &Batch,
    selection: &Selection,
    handle: impl Fn(&Item, &Counts, &mut BatchResult<T>),
) -> BatchResult<T> {
    let mut result = BatchResult::new(T::default());
    result.source = Some((Arc::clone(&batch.source), batch.may_lack_calls));
    let locator = Locator::new(&batch.bytes, batch.start, batch.coding);
    let mut counts = Counts::default();
    let flow = selection.for_each_item(batch, &locator, &mut counts, &mut |item, counts| {
        handle(&item, counts, &mut result);
    });
    BatchResult {
        counts,
        flow,
        ..result
    }
}

/// The problem with `other`, to be reported only if the rest of its source shows that it matters.
fn defer_problem(other: &NonCall, counts: &Counts, with_record: bool) -> DeferredItem<Problem> {
    DeferredItem {
        value: Problem::new(other, with_record),
        is_non_call: other.kind != NonCallKind::Text,
        bytes: if with_record { other.record.len() } else { 0 },
        context: counts.source_context(),
    }
}
