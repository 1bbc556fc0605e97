//! The characters at the start of a cell, before its content.

use crate::text::invisible::is_invisible;

/// Delimiters that spreadsheets offer, and line breaks. Readers may split a text at them, and at
/// the delimiter of the file.
pub(crate) const SEPARATORS: [u8; 5] = *b",;\t\n\r";

/// True for characters that a reader may drop from the start of a cell.
pub(crate) fn is_skipped(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || is_quote(character)
        || is_invisible(character)
}

/// Quotes of CSV, of programs, and those that programs replace them with.
fn is_quote(character: char) -> bool {
    matches!(
        character,
        '"' | '\'' | '`' | '´' | '«' | '»' | '‘'..='‟' | '‹' | '›' | '＂' | '＇'
    )
}
