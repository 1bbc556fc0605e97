//! The ids of calls, kept until all of a run come together: the same id twice is one call that was delivered twice.

use crate::call::Call;
use crate::input::envelope::Body;
use crate::input::place::{Mark, Position};

/// A call with an id.
pub(super) struct CallId {
    /// The id.
    pub id: u64,
    /// The how manieth item of its batch the call is.
    pub item: usize,
    /// Where the body stands in its document.
    pub pointer: String,
    /// Where the id is, and its body.
    pub place: IdPlace,
}

/// Where an id and its body are.
pub(super) enum IdPlace {
    /// In the bytes of the batch: the offset and length of the id, and where the body begins.
    InBatch((usize, usize), usize),
    /// In text that was decoded, which is rare: the id's mark and text, and where the body begins.
    Decoded(Box<(Mark, String, Position)>),
}

/// The id of the call that is item `item` of its batch, if it has one that can be compared.
pub(super) fn call_id(item: usize, body: &Body, call: &Call) -> Option<CallId> {
    let id = call.id()?;
    let locator = body.locator;
    let (offset, length) = (locator.offset_of(id.text()), id.text().len());
    let begin = locator.offset_of(body.value().text());
    let place = match locator.in_source(offset, length) {
        Some(place) => IdPlace::InBatch(place, locator.offset_in_source(begin)),
        None => IdPlace::Decoded(Box::new((
            locator.mark(offset, length, true),
            id.text().to_owned(),
            body.position(),
        ))),
    };
    Some(CallId {
        id: id.as_u64()?,
        item,
        pointer: body.pointer.clone(),
        place,
    })
}
