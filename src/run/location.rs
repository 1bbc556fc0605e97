//! Text of a location for messages about records and for lists of items.

use crate::capture::location::coding::position_coding;
use crate::capture::location::position::Locator;

/// The position of byte `offset` of the locator's text as `line:column`: `3:14`. If line and column
/// are those of decoded text, not of the file, its coding follows: `3:14 in base64`. Findings name
/// the coding in a longer form, see the module `report`.
#[must_use]
pub(crate) fn format_location(locator: &Locator, offset: usize) -> String {
    let position = locator.position(offset);
    match position_coding(locator.coding()) {
        Some(coding) => format!("{position} in {}", coding.name()),
        None => position.to_string(),
    }
}
