//! Reads the rest of a quoted CSV cell or of a JSON string, from a bracket in it.

use super::call_members::mentions_call;
use super::scanner::TextScanner;
use super::text_part::{Scanned, TextPart};
use crate::capture::split::boundary::string_end;
use crate::capture::split::lines::line_start;

impl TextScanner<'_> {
    /// Reads the rest of a quoted CSV cell, from `start`. If it starts in an earlier line, the text
    /// before the value belongs to it.
    pub(super) fn read_csv_cell(&mut self, start: usize) -> Scanned {
        let mut at = start;
        let line = self.line_at(start).start.max(self.layers_end).min(start);
        let starts_earlier = memchr::memchr(b'"', &self.bytes[line..start]).is_none();
        if starts_earlier && self.bytes[..start].ends_with(b"\t") {
            // The quote before the value is missing, or this is a row of another table in a cell.
            let end = self.line_at(start).end;
            if mentions_call(&self.bytes[start..end]) {
                return self.refuse_layers(start..end);
            }
        }
        let start = if starts_earlier { line } else { start };
        let end = loop {
            let Some(quote) = memchr::memchr(b'"', self.bytes.get(at..).unwrap_or_default()) else {
                break None;
            };
            at += quote;
            if self.bytes.get(at + 1) != Some(&b'"') {
                break Some(at);
            }
            at += 2;
        };
        let is_cut = end.is_none_or(|end| end + 1 == self.bytes.len()) && !self.is_whole;
        if is_cut {
            return self.stop_before(start);
        }
        // A quote with text behind it opens another cell.
        let is_opening =
            end.is_some_and(|end| self.bytes.get(end + 1).copied().is_some_and(is_word));
        let end = end.unwrap_or(self.bytes.len());
        let after_quote = (end + 1).min(self.bytes.len());
        let is_damaged = is_opening || has_other_cell(&self.bytes[start..end]);
        if is_damaged && self.mentions_call(start..end) {
            // The quote shows the damage: without it, the input must not be cut before it.
            return self.refuse_layers(start..after_quote);
        }
        self.at = after_quote;
        Scanned::Part(TextPart::Cell(start..end))
    }

    /// Reads the rest of a JSON string, from `start`.
    pub(super) fn read_json_string(&mut self, start: usize) -> Scanned {
        self.at = start + 1;
        let end = string_end(self.bytes, start).unwrap_or(self.bytes.len());
        let is_closed = self.bytes.get(end) == Some(&b'"');
        let text = self.bytes.get(start..end).filter(|_| is_closed);
        if !text.is_some_and(has_json_escapes) {
            self.count_rescanned(end - start, end);
            return Scanned::Nothing;
        }
        self.at = end + 1;
        Scanned::Part(TextPart::StringRest(start..end))
    }
}

/// True if each backslash starts an escape of JSON, or `\'`. Other escapes are not dropped or kept:
/// after another backslash, even one that is kept changes the value.
fn has_json_escapes(string: &[u8]) -> bool {
    let mut at = 0;
    while let Some(slash) = memchr::memchr(b'\\', string.get(at..).unwrap_or_default()) {
        at += slash + 2;
        let letter = string.get(at - 1);
        if !letter.is_some_and(|letter| b"\"\\/bfnrtu'".contains(letter)) {
            return false;
        }
    }
    true
}

/// True if `byte` starts a value or is part of a word.
fn is_word(byte: u8) -> bool {
    matches!(byte, b'{' | b'[' | b'_' | b'\\') || byte.is_ascii_alphanumeric() || !byte.is_ascii()
}

/// True if a tab in a cell may end it, or start another one whose first quote is missing: the last
/// quote of the cell is missing too.
fn has_other_cell(cell: &[u8]) -> bool {
    let starts_value = |at: usize| !cell[line_start(cell, at)..at].trim_ascii().is_empty();
    memchr::memmem::find(cell, b"}\t").is_some()
        || memchr::memmem::find_iter(cell, b"\t{\"\"").any(starts_value)
}
