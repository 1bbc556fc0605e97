//! The apostrophes that `export` puts before operators that could begin a formula in a spreadsheet,
//! and how a reader of its tables finds them again.

use crate::text::cell_start::{SEPARATORS, is_skipped};
use crate::text::operator::is_operator;

/// Character that is put before an operator.
pub(crate) const GUARD: char = '\'';

/// Offsets of the guards in `cell`: the apostrophes directly before an operator that begins a cell
/// for some reader. `delimiter` is that of the file.
#[must_use]
pub(crate) fn guard_offsets(cell: &str, delimiter: u8) -> Vec<usize> {
    let is_separator = |character: char| {
        u8::try_from(character).is_ok_and(|byte| byte == delimiter || SEPARATORS.contains(&byte))
    };
    let mut offsets = Vec::new();
    let mut begins_cell = true;
    let mut previous = None;
    for (offset, character) in cell.char_indices() {
        if begins_cell && previous == Some(GUARD) && is_operator(character) {
            offsets.push(offset - GUARD.len_utf8());
        }
        begins_cell = is_separator(character) || begins_cell && is_skipped(character);
        previous = Some(character);
    }
    offsets
}
