//! Ids of calls with their locations. `validate` compares them across batches: a repeated id means
//! that one call was delivered twice.

use crate::call::Call;
use crate::capture::find::item::Body;
use crate::capture::location::position::{Mark, Position};

/// Order of the items of one batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ItemOrder {
    /// Offset in the batch.
    pub(crate) offset: usize,
    /// How many items were found before it.
    pub(crate) index: usize,
}

/// The id of one call, with its location.
pub(crate) struct CallId {
    /// The id as a number.
    pub(crate) id: u64,
    /// Order of the call among the items of its batch.
    pub(crate) order: ItemOrder,
    /// JSON Pointer of the body in its document.
    pub(crate) pointer: String,
    /// Location of the id and of its body.
    pub(crate) location: IdLocation,
}

/// Location of an id and of its body.
pub(crate) enum IdLocation {
    /// In the bytes of the batch: offset and length of the id, then the offset of the body.
    InBatch((usize, usize), usize),
    /// In decoded text, which is rare: mark and text of the id, then the position of the body.
    Decoded(Box<(Mark, String, Position)>),
}

/// The id of the call at `order` among the items of its batch; `None` if it has no id that fits a
/// `u64`.
pub(crate) fn call_id(order: ItemOrder, body: &Body, call: &Call) -> Option<CallId> {
    let id = call.id()?;
    let locator = body.locator;
    let (offset, length) = (locator.offset_of(id.text()), id.text().len());
    let body_start = locator.offset_of(body.value().text());
    let location = match locator.source_range(offset, length) {
        Some(range) => IdLocation::InBatch(range, locator.offset_in_batch(body_start)),
        None => IdLocation::Decoded(Box::new((
            locator.mark(offset, length, true),
            id.text().to_owned(),
            body.position(),
        ))),
    };
    Some(CallId {
        id: id.as_u64()?,
        order,
        pointer: body.pointer.clone(),
        location,
    })
}
