//! The fast path from a JSON value to a field, without a cell in between.

use super::dialect::Dialect;
use super::field::{QUOTE, needs_quotes_always};
use crate::call::phone::is_e164;
use crate::export::copy::{CHUNK_BYTES, copy_short, copy_until_any, match_mask, suffix_from};
use crate::guard;
use crate::json::{Json, Kind};
use crate::table::row::Cell;

impl Dialect {
    /// Appends the cell of a value, without a delimiter. `within` is the text that contains the
    /// value, usually the body. The result equals that of [`Cell::from_json`] and
    /// [`Dialect::push_cell`], but in most cases no cell has to be created: `export` executes 12 %
    /// fewer instructions.
    pub fn push_value(&self, value: Json, within: &str, text: &mut Vec<u8>, guards: &mut u64) {
        // Copying is faster if it may read past the end of the value.
        let from = suffix_from(within, value.text());
        let is_done = self.program.is_none()
            && match value.kind() {
                Kind::String if self.line_breaks.keeps_json(value.text()) => {
                    self.push_string(value.text(), from, text, guards)
                }
                Kind::Number => self.push_number(value.text(), from, text),
                _ => false,
            };
        if !is_done {
            self.push_cell(Cell::from_json(value).as_ref(), text, guards);
        }
    }

    /// Appends the JSON number at the start of `from`. Returns false and appends nothing if the
    /// number could contain the delimiter.
    fn push_number(&self, number: &str, from: &[u8], text: &mut Vec<u8>) -> bool {
        let is_harmless =
            !self.delimiter.is_ascii_alphanumeric() && !b"+-.".contains(&self.delimiter);
        if is_harmless {
            copy_short(from, number.len(), text);
        }
        is_harmless
    }

    /// Appends the cell of the JSON string (with its quotes) at the start of `from`. Returns false
    /// and appends nothing if the slow path, [`Self::push_cell`], has to do it: because the first
    /// character may begin a formula, or because of an escape that is not one character.
    fn push_string(&self, string: &str, from: &[u8], text: &mut Vec<u8>, guards: &mut u64) -> bool {
        let is_harmless = match from[1] {
            // The string is empty.
            QUOTE => true,
            // Phone numbers are common, and the only text after `+` that needs no guard.
            b'+' => is_e164(&string[1..string.len() - 1]),
            first => guard::is_harmless_start(first) || !self.guard && first != b'\\',
        };
        if !is_harmless {
            return false;
        }
        // In JSON, quotes and line breaks are escaped (RFC 8259 §7), so no other stops are needed.
        let content = &string[1..];
        match self.delimiter {
            b',' | b';' | b'\t' => {
                self.copy_string(*b"\"\\,;", content.len(), &from[1..], text, guards)
            }
            other => {
                let stops = [QUOTE, b'\\', b',', b';', other];
                self.copy_string(stops, content.len(), &from[1..], text, guards)
            }
        }
    }

    /// Appends the field of the JSON string whose content, with its closing quote, is the first
    /// `length` bytes of `from`. `stops` are the bytes that need special handling. Returns false
    /// and appends nothing if the slow path has to do it.
    fn copy_string<const N: usize>(
        &self,
        stops: [u8; N],
        length: usize,
        from: &[u8],
        text: &mut Vec<u8>,
        guards: &mut u64,
    ) -> bool {
        let start = text.len();
        let mut rest = from;
        // The first character begins no formula, so only those after separators can.
        let mut may_hold_formula = false;
        let needs_quotes = loop {
            rest = &rest[copy_until_any(stops, rest, text)..];
            let (character, length) = match rest {
                [QUOTE, ..] | [] => break false,
                [b'\\', escape, ..] => (unescape(*escape), 2),
                [separator, ..] => (Some(*separator), 1),
            };
            let Some(character) = character else {
                text.truncate(start);
                return false;
            };
            if character == self.delimiter || needs_quotes_always(character) {
                break true;
            }
            text.push(character);
            rest = &rest[length..];
            may_hold_formula |= !guard::is_harmless_json(rest);
        };
        if needs_quotes {
            text.insert(start, QUOTE);
            let length = length - (from.len() - rest.len());
            let Some(copied) = copy_quoted(stops, length, rest, text) else {
                text.truncate(start);
                return false;
            };
            may_hold_formula |= copied.may_hold_formula;
        }
        if may_hold_formula && self.guard && guard::guard_field(text, start, self.delimiter) {
            *guards += 1;
        }
        if needs_quotes {
            text.push(QUOTE);
        }
        true
    }
}

/// The character that an escape of two bytes stands for, given its second byte. `None` for escapes
/// that are rare in text.
fn unescape(escape: u8) -> Option<u8> {
    match escape {
        b'n' => Some(b'\n'),
        b't' => Some(b'\t'),
        b'r' => Some(b'\r'),
        QUOTE | b'\\' | b'/' => Some(escape),
        _ => None,
    }
}

/// Result of [`copy_quoted`].
struct CopiedText {
    /// True if an operator could begin a cell in it.
    may_hold_formula: bool,
}

/// Appends the part of a JSON string that is the first `length` bytes of `from`, up to and without
/// its closing quote, as it is written inside quotes. `stops` are quote, backslash and the
/// separators that are not escaped in JSON. Returns `None` if the part has another escape than
/// those of [`unescape`]; what was appended then is unspecified.
///
/// Long texts have many line breaks. Writing to a slice instead of the end of `text` saves 2 % of
/// the instructions of `export`.
fn copy_quoted<const N: usize>(
    stops: [u8; N],
    length: usize,
    from: &[u8],
    text: &mut Vec<u8>,
) -> Option<CopiedText> {
    let padded;
    let from = if from.len() < length + CHUNK_BYTES {
        padded = [from, &[QUOTE; CHUNK_BYTES]].concat();
        &padded
    } else {
        from
    };
    let start = text.len();
    // The text is never longer than in JSON.
    text.resize(start + length + CHUNK_BYTES, 0);
    let to = &mut text[start..];
    let (mut read, mut written) = (0, 0);
    let mut may_hold_formula = false;
    'escapes: loop {
        let rest = &from[read..];
        let (chunks, _) = rest.as_chunks();
        let (copies, _) = to[written..].as_chunks_mut();
        for (number, (chunk, copy)) in chunks.iter().zip(copies).enumerate() {
            *copy = *chunk;
            let mut found = match_mask(stops, chunk);
            while found != 0 {
                let index = number * CHUNK_BYTES + found.trailing_zeros() as usize;
                let after = &rest[index + 1..];
                match rest[index] {
                    QUOTE => {
                        written += index;
                        break 'escapes;
                    }
                    b'\\' => {
                        let character = unescape(*after.first()?)?;
                        read += index + 2;
                        written += index;
                        to[written] = character;
                        written += 1;
                        if character == QUOTE {
                            to[written] = QUOTE;
                            written += 1;
                        } else {
                            may_hold_formula |= !guard::is_harmless_json(&after[1..]);
                        }
                        continue 'escapes;
                    }
                    _ => may_hold_formula |= !guard::is_harmless_json(after),
                }
                found &= found - 1;
            }
        }
        return None;
    }
    text.truncate(start + written);
    Some(CopiedText { may_hold_formula })
}
