//! Reads the rest of a quoted CSV cell or of a JSON string, from a bracket in it.

use wide::u8x32;

use super::call_members::mentions_call;
use super::scanner::TextScanner;
use super::text_part::{Scanned, TextPart};
use crate::capture::split::boundary::string_end;
use crate::capture::split::lines::line_start;

impl TextScanner<'_> {
    /// Reads the rest of a quoted CSV cell, from `start`. If it starts in an earlier line, the text
    /// before the value belongs to it.
    pub(super) fn read_csv_cell(&mut self, start: usize) -> Scanned {
        let line = self.line_at(start).start.max(self.layers_end).min(start);
        let starts_earlier = memchr::memchr(b'"', &self.bytes[line..start]).is_none();
        if starts_earlier && self.bytes[..start].ends_with(b"\t") {
            // The quote before the value is missing, or this is a row of another table in a cell.
            let end = self.line_at(start).end;
            if mentions_call(&self.bytes[start..end]) {
                return self.refuse_layers(start..end);
            }
        }
        let end = find_single_quote(self.bytes, start);
        let start = if starts_earlier { line } else { start };
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

/// Offset of the first double quote from `from` on that no other one follows: two mean one. With a
/// search for each pair of quotes, `list` of a table takes 6 % longer.
fn find_single_quote(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    while let Some(chunk) = bytes.get(at..)?.first_chunk::<32>() {
        let mut quotes = u8x32::new(*chunk).simd_eq(u8x32::splat(b'"')).to_bitmask();
        at += chunk.len();
        while quotes != 0 {
            let index = quotes.trailing_zeros();
            let quote = at - chunk.len() + index as usize;
            if bytes.get(quote + 1) != Some(&b'"') {
                return Some(quote);
            }
            // The second quote of the last pair may be in the next chunk.
            at = at.max(quote + 2);
            quotes &= !(0b11 << index);
        }
    }
    loop {
        let quote = at + memchr::memchr(b'"', bytes.get(at..)?)?;
        if bytes.get(quote + 1) != Some(&b'"') {
            return Some(quote);
        }
        at = quote + 2;
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
    memchr::memchr_iter(b'\t', cell).any(|tab| {
        cell[..tab].ends_with(b"}") || cell[tab + 1..].starts_with(b"{\"\"") && starts_value(tab)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_quotes_do_not_end_a_cell() {
        for length in 0..70 {
            for pairs in 0..3 {
                let cell = format!("{}{}x", "a".repeat(length), "\"\"".repeat(pairs));
                assert_eq!(find_single_quote(cell.as_bytes(), 0), None, "{cell}");
                for rest in ["", ",", " and some more text with \"\" quotes \" in it"] {
                    let text = format!("{cell}\"{rest}");
                    let found = find_single_quote(text.as_bytes(), 0);
                    assert_eq!(found, Some(cell.len()), "{text}");
                }
            }
        }
    }
}
