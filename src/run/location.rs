//! Text of a location for messages and lists.

use crate::capture::location::coding::Coding;
use crate::capture::location::position::{Locator, Position};

/// The position of `offset` as `line:column`. If these count in decoded text instead of the file,
/// the coding is named too: `3:14 in base64`.
#[must_use]
pub(crate) fn format_location(locator: &Locator, offset: usize) -> String {
    let position = format_position(locator.position(offset));
    match location_coding(locator) {
        Some(coding) => format!("{position} in {coding}"),
        None => position,
    }
}

/// Name of the coding in whose text lines and columns count, such as `base64`; `None` if they
/// count in the file.
#[must_use]
pub(crate) fn location_coding(locator: &Locator) -> Option<&'static str> {
    let coding = locator.coding().filter(|coding| coding.shifts_positions());
    coding.map(Coding::name)
}

/// Formats a position as `line:column`.
#[must_use]
pub(crate) fn format_position(position: Position) -> String {
    format!("{}:{}", position.line, position.column)
}
