//! Batches in, out what became of each: what the command wants of it, what is wrong with it, and what is doubtful. Worker threads make it.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::complaint::Complaint;
use crate::input::batch::Batch;
use crate::input::doubts::Doubt;
use crate::input::envelope::{Body, Item, Other, OtherKind};
use crate::input::place::Locator;
use crate::input::seen::Seen;
use crate::input::selection::Selection;

/// What became of one batch.
pub struct Made<T> {
    /// What the command wants of it.
    pub result: T,
    /// What was met in it.
    pub seen: Seen,
    /// Whether to go on: it breaks where that is all that was asked for.
    pub flow: ControlFlow<()>,
    /// The source, and whether nobody asked for it by name.
    pub source: Option<(Arc<str>, bool)>,
    /// Whether some of it was bad, said or not.
    pub is_bad: bool,
    /// What is wrong with it, to be said on standard error.
    pub complaints: Vec<Complaint>,
    /// What is wrong if the calls of the source do not stand in envelopes.
    pub doubtful: Vec<Doubt<Complaint>>,
}

impl<T> Made<T> {
    /// What the command wants, of a batch of which there is nothing else to say yet.
    pub fn new(result: T) -> Self {
        Self {
            result,
            seen: Seen::default(),
            flow: ControlFlow::Continue(()),
            source: None,
            is_bad: false,
            complaints: Vec::new(),
            doubtful: Vec::new(),
        }
    }
}

/// Makes something of the calls in `batch`; the others are told.
pub(super) fn made_of_calls<T: Default>(
    batch: &Batch,
    selection: &Selection,
    with_records: bool,
    work: impl Fn(&Body, &mut T),
) -> Made<T> {
    made_of(batch, selection, |item, seen, made| match item {
        Item::Call(body) => work(body, &mut made.result),
        Item::Other(other) => match other.kind {
            OtherKind::Neighbour(_) => {}
            OtherKind::Broken | OtherKind::Empty => {
                made.complaints.push(Complaint::new(other, with_records));
            }
            OtherKind::NoCall | OtherKind::Text => {
                made.doubtful.push(doubt(other, seen, with_records));
            }
        },
    })
}

/// Makes something of all items in `batch`; told is only that it is text without a call.
pub(super) fn made_of_items<T: Default>(
    batch: &Batch,
    selection: &Selection,
    work: impl Fn(&Item, &mut T),
) -> Made<T> {
    made_of(batch, selection, |item, seen, made| {
        if let Item::Other(other) = item {
            made.is_bad |= matches!(other.kind, OtherKind::Broken | OtherKind::Empty);
            if other.kind == OtherKind::Text {
                made.doubtful.push(doubt(other, seen, false));
                return;
            }
        }
        work(item, &mut made.result);
    })
}

fn made_of<T: Default>(
    batch: &Batch,
    selection: &Selection,
    take: impl Fn(&Item, &Seen, &mut Made<T>),
) -> Made<T> {
    let mut made = Made::new(T::default());
    made.source = Some((Arc::clone(&batch.source), batch.is_maybe));
    let locator = Locator::new(&batch.bytes, batch.start, batch.coding);
    let mut seen = Seen::default();
    let flow = selection.for_each_item(batch, &locator, &mut seen, &mut |item, seen| {
        take(&item, seen, &mut made);
    });
    Made { seen, flow, ..made }
}

fn doubt(other: &Other, seen: &Seen, with_record: bool) -> Doubt<Complaint> {
    Doubt {
        told: Complaint::new(other, with_record),
        counts: other.kind != OtherKind::Text,
        bytes: if with_record { other.record.len() } else { 0 },
        met: seen.met(),
    }
}
