//! Decides whether a cell that begins with an operator is harmless: a number, a phone number,
//! dashes, or words that call nothing.

use super::cell_end::CellEnd;
use crate::call::phone::is_e164;
use crate::text::cell_start::{SEPARATORS, is_skipped};

/// Judges the cells inside a text, in their order. It remembers how far it searched, so that the
/// time for all cells is linear in the length of the text.
pub(super) struct CellJudge<'t> {
    text: &'t str,
    /// True if words in the last cell can run code together with the next field of the row, as in
    /// `- cmd|' /C calc'!A0` with the delimiter `|`.
    may_continue: bool,
    /// Offset of the next CR LF, or the end of the text, if that was searched for.
    line_end: Option<usize>,
    code_in_text: Option<CodeSearch>,
    code_in_line: Option<CodeSearch>,
}

/// Result of the search for code before `end`.
#[derive(Clone, Copy)]
struct CodeSearch {
    end: usize,
    last_code: Option<usize>,
}

impl<'t> CellJudge<'t> {
    pub(super) fn new(text: &'t str, delimiter: u8) -> Self {
        Self {
            text,
            may_continue: !SEPARATORS.contains(&delimiter),
            line_end: None,
            code_in_text: None,
            code_in_line: None,
        }
    }

    /// True if the cell from the operator at `start` on cannot run code, wherever a reader ends it.
    pub(super) fn is_harmless(&mut self, start: usize, end: CellEnd) -> bool {
        let cell = &self.text[start..];
        let Some(rest) = cell.strip_prefix(['+', '-']) else {
            return false;
        };
        let digits = count_digits(rest);
        if digits == 0 {
            let dashes = cell.len() - cell.trim_start_matches('-').len();
            return dashes > 0 && self.is_end(start + dashes, end)
                || starts_with_words(rest) && !self.has_code(start, end);
        }
        let is_number = [false, true].into_iter().any(|has_decimal_comma| {
            let length = 1 + number_length(rest, has_decimal_comma);
            self.is_end(start + length, end)
        });
        let is_phone_before_words = || {
            let rest = &rest[digits..];
            is_e164(&cell[..=digits])
                && starts_with_words(rest.strip_prefix(is_punctuation).unwrap_or(rest))
        };
        is_number || is_phone_before_words() && !self.has_code(start, end)
    }

    /// True if the cell has only blanks from offset `from` on. A bracket that closes nothing ends
    /// it too: no formula has one, but numbers in JSON do.
    fn is_end(&mut self, from: usize, end: CellEnd) -> bool {
        let rest = &self.text[from..self.end_offset(from, end)];
        let content = rest.trim_start_matches(is_skipped);
        content.is_empty() || content.starts_with([']', '}'])
    }

    /// Offset of the end of the cell that contains offset `from`.
    fn end_offset(&mut self, from: usize, end: CellEnd) -> usize {
        let find = |offset: Option<usize>| offset.map_or(self.text.len(), |offset| from + offset);
        let rest = &self.text[from..];
        match (end, self.line_end) {
            (CellEnd::Text, _) => self.text.len(),
            (CellEnd::Separator(separator), _) => find(rest.find(char::from(separator))),
            (CellEnd::Line, Some(line_end)) if line_end >= from => line_end,
            (CellEnd::Line, _) => *self.line_end.insert(find(rest.find("\r\n"))),
        }
    }

    /// True if a formula could call a function or another program between `start` and `end`.
    fn has_code(&mut self, start: usize, end: CellEnd) -> bool {
        let end_offset = self.end_offset(start, end);
        if self.may_continue && end_offset == self.text.len() {
            return true;
        }
        let cell = &self.text[start..end_offset];
        let search = match end {
            CellEnd::Text => &mut self.code_in_text,
            CellEnd::Line => &mut self.code_in_line,
            CellEnd::Separator(_) => return last_code(cell).is_some(),
        };
        let last_code = match search {
            Some(search) if search.end == end_offset => search.last_code,
            _ => {
                let last_code = last_code(cell).map(|code| start + code);
                *search = Some(CodeSearch {
                    end: end_offset,
                    last_code,
                });
                last_code
            }
        };
        last_code.is_some_and(|code| code > start)
    }
}

fn count_digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// Length of the number at the start of `text`, which starts with a digit: digits in groups, with
/// decimal points, or also with commas, and an exponent.
fn number_length(text: &str, has_decimal_comma: bool) -> usize {
    let mut length = count_digits(text);
    loop {
        let group = match text.as_bytes().get(length) {
            Some(b'.') => count_digits(&text[length + 1..]),
            Some(b',') if has_decimal_comma => count_digits(&text[length + 1..]),
            _ => 0,
        };
        if group == 0 {
            break;
        }
        length += 1 + group;
    }
    let exponent = text[length..].strip_prefix(['e', 'E']);
    let exponent = exponent.map_or("", |rest| rest.strip_prefix(['+', '-']).unwrap_or(rest));
    match count_digits(exponent) {
        0 => length,
        digits => text.len() - exponent.len() + digits,
    }
}

pub(super) fn is_punctuation(character: char) -> bool {
    matches!(character, '.' | ',' | ';' | ':' | '!' | '?')
}

/// True if the text goes on with a blank and a letter, as after a bullet.
fn starts_with_words(text: &str) -> bool {
    let words = text.trim_start_matches(' ');
    words.len() < text.len() && words.starts_with(char::is_alphabetic)
}

/// Offset of the last byte that a formula needs to do harm: `|`, which runs another program (DDE),
/// or the bracket of a function call. A call may have a blank before its bracket, but then
/// text such as `Termin (Montag)` looks like it; it is harmless without a string.
pub(super) fn last_code(text: &str) -> Option<usize> {
    let text = text.as_bytes();
    let mut has_string = false;
    let offsets = 0..text.len();
    offsets.rev().find(|offset| match text[*offset] {
        b'|' => true,
        b'(' => {
            let before = offset.checked_sub(1).map_or(b' ', |before| text[before]);
            has_string
                || !before.is_ascii()
                || before.is_ascii_alphanumeric()
                || b"_.".contains(&before)
        }
        b'"' => {
            has_string = true;
            false
        }
        _ => false,
    })
}
