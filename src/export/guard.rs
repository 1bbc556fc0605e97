//! Guards text that a spreadsheet would run as a formula by putting an apostrophe before the
//! operator that begins it.
//!
//! Source: OWASP, "CSV Injection", which names `=`, `+`, `-`, `@`, and the full-width forms that
//! some spreadsheets fold to the plain characters. White space, quotes and invisible characters
//! before one of these do not hide it.
//!
//! A reader with another delimiter finds cells inside a text, and does not respect quotes that
//! begin in the middle of its cells. In `gern;=1+1`, written by us between commas, a reader with
//! semicolons finds the cell `=1+1`. So a cell may begin at the start of the text and after each
//! comma, semicolon, tab, line feed, carriage return and delimiter of the file.
//!
//! `+` and `-` also begin phone numbers, other numbers and items of lists. These stay as they are
//! if the whole cell is harmless, wherever the reader ends it.
//!
//! The guard is reversible. If an operator begins a cell and has apostrophes directly before it,
//! remove one of them. Text that had this form before guarding therefore gets one more apostrophe,
//! even if its operator is harmless.

use std::borrow::Cow;
use std::cell::OnceCell;

use memchr::memchr3_iter;
use wide::u8x32;

use super::copy::find_any;
use crate::call::phone::is_e164;
use crate::text::invisible::is_invisible;
use crate::text::operator::is_operator;

/// Character that is put before an operator.
const GUARD: char = '\'';

/// Number of bytes at which readers may split the text: those of [`SEPARATORS`] and the delimiter
/// of the file.
const SEPARATOR_COUNT: usize = SEPARATORS.len() + 1;

/// Delimiters that spreadsheets offer, and line breaks.
const SEPARATORS: [u8; 5] = *b",;\t\n\r";

/// Returns the text with a guard before each operator that could begin a formula, or unchanged if
/// there is none. `delimiter` is that of the file.
#[must_use]
pub(crate) fn guard_formulas(text: &str, delimiter: u8) -> Cow<'_, str> {
    if is_e164(text) || !may_hold_formula(text.as_bytes(), delimiter) {
        return Cow::Borrowed(text);
    }
    let mut guarded = String::new();
    let mut rest = 0;
    for operator in FormulaSearch::new(text, delimiter) {
        guarded.push_str(&text[rest..operator]);
        guarded.push(GUARD);
        rest = operator;
    }
    if guarded.is_empty() {
        return Cow::Borrowed(text);
    }
    guarded.push_str(&text[rest..]);
    Cow::Owned(guarded)
}

/// Fast path for most text: true only if this first byte of a cell is neither an operator nor
/// skipped before one. False means that the whole text has to be checked. Saves 1 % of the
/// instructions of `export`.
#[inline]
#[must_use]
pub(super) fn is_harmless_start(first: u8) -> bool {
    first.is_ascii_alphanumeric()
}

/// Fast path for most text: true if an operator could begin a cell in `text`. False positives are
/// possible. `text` may have quotes doubled.
#[must_use]
pub(super) fn may_hold_formula(text: &[u8], delimiter: u8) -> bool {
    let begins_cell = |index: usize| {
        let (before, operator) = text.split_at(index);
        starts_with_operator(operator) && may_begin_cell(before, delimiter)
    };
    if text.len() <= OperatorMask::CHUNK_BYTES {
        // `memchr` is slow for short texts.
        let mut chunk = [0; OperatorMask::CHUNK_BYTES];
        chunk[..text.len()].copy_from_slice(text);
        return OperatorMask::new(&chunk).any(begins_cell);
    }
    memchr3_iter(b'=', b'+', b'-', text).any(begins_cell)
        || memchr3_iter(b'@', 0xe2, 0xef, text).any(begins_cell)
}

/// True if `text`, which starts with a byte of an operator, may start with the operator.
fn starts_with_operator(text: &[u8]) -> bool {
    match text {
        [0xe2, rest @ ..] => rest.starts_with(&"−".as_bytes()[1..]),
        // Full-width and small forms.
        [0xef, second, ..] => matches!(second, 0xb9 | 0xbc),
        _ => true,
    }
}

/// True if a cell could begin after `before`.
fn may_begin_cell(before: &[u8], delimiter: u8) -> bool {
    let blanks = before.iter().rev().take_while(|byte| **byte == b' ');
    let blanks = if delimiter == b' ' { 0 } else { blanks.count() };
    match before[..before.len() - blanks] {
        // A letter from U+00C0 to U+00FF.
        [.., 0xc3, second] if !second.is_ascii() => false,
        [.., byte] => !byte.is_ascii_graphic() || b"\"'`,;".contains(&byte) || byte == delimiter,
        [] => true,
    }
}

/// Iterates over the indexes of bytes in a chunk that may start an operator.
struct OperatorMask(u32);

impl OperatorMask {
    const CHUNK_BYTES: usize = 32;

    fn new(chunk: &[u8; Self::CHUNK_BYTES]) -> Self {
        let bytes = u8x32::new(*chunk);
        let is = |bytes: u8x32, byte| bytes.simd_eq(u8x32::splat(byte));
        // `-` and `=` differ in one bit. The others start with 0xE2 or 0xEF, as do some letters.
        let ascii = is(bytes | u8x32::splat(b'=' ^ b'-'), b'=') | is(bytes, b'+') | is(bytes, b'@');
        let others = is(bytes & u8x32::splat(0xf2), 0xe2);
        Self((ascii | others).to_bitmask())
    }
}

impl Iterator for OperatorMask {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        let index = self.0.trailing_zeros();
        (self.0 != 0).then(|| {
            self.0 &= self.0 - 1;
            index as usize
        })
    }
}

/// True for characters that a reader may drop from the start of a cell.
fn is_skipped(character: char) -> bool {
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

/// Where a cell that begins inside a text ends in every reader that begins one there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CellEnd {
    /// At the end of the text: one of the readers has our delimiter, or several separators precede.
    Text,
    /// At the next CR LF: CR, LF or both precede.
    Line,
    /// At the next separator of this kind.
    Separator(u8),
}

impl CellEnd {
    /// The end of a cell that begins after `separator`. `before` is the end of the cell that
    /// consists of the separator and blanks before it, if there is one.
    fn after(separator: u8, before: Option<Self>) -> Self {
        match (before, separator) {
            (Some(Self::Separator(before)), _) if before == separator => Self::Separator(separator),
            (Some(Self::Line | Self::Separator(b'\n' | b'\r')), b'\n' | b'\r') => Self::Line,
            (Some(_), _) if is_skipped(char::from(separator)) => Self::Text,
            _ => Self::Separator(separator),
        }
    }

    /// The start of `text` up to the end of the cell.
    fn cut(self, text: &str) -> &str {
        let end = match self {
            Self::Text => None,
            Self::Line => text.find("\r\n"),
            Self::Separator(separator) => text.find(char::from(separator)),
        };
        &text[..end.unwrap_or(text.len())]
    }

    /// True if the cell has only blanks at the start of `text`. A bracket that closes nothing ends
    /// it too: no formula has one, but numbers in JSON do.
    fn is_reached_by(self, text: &str) -> bool {
        let content = self.cut(text).trim_start_matches(is_skipped);
        content.is_empty() || content.starts_with([']', '}'])
    }
}

/// Iterates over the offsets of the operators that need a guard. The time is linear in the length
/// of the text.
struct FormulaSearch<'t> {
    text: &'t str,
    separators: [u8; SEPARATOR_COUNT],
    /// Offset from which the search continues.
    position: usize,
    /// End of the cell that begins at `position`, if one does.
    cell: Option<CellEnd>,
    /// Offset of the last code in the text, if that was searched for.
    last_code: OnceCell<Option<usize>>,
}

impl<'t> FormulaSearch<'t> {
    fn new(text: &'t str, delimiter: u8) -> Self {
        let mut separators = [delimiter; SEPARATOR_COUNT];
        separators[..SEPARATORS.len()].copy_from_slice(&SEPARATORS);
        Self {
            text,
            separators,
            position: 0,
            cell: Some(CellEnd::Text),
            last_code: OnceCell::new(),
        }
    }

    /// Moves behind the next separator. Returns false if there is none.
    fn skip_to_cell(&mut self) -> bool {
        let rest = &self.text.as_bytes()[self.position..];
        let Some(index) = find_any(self.separators, rest) else {
            return false;
        };
        self.cell = Some(CellEnd::after(rest[index], None));
        self.position += index + 1;
        true
    }

    /// Moves to the first character of the cell that is not skipped, and returns it with the end of
    /// the cell. Other cells may begin on the way there.
    fn skip_to_content(&mut self, mut end: CellEnd) -> Option<(char, CellEnd)> {
        for character in self.text[self.position..].chars() {
            let separator = u8::try_from(character).ok();
            let separator = separator.filter(|byte| self.separators.contains(byte));
            match separator {
                Some(separator) => end = CellEnd::after(separator, Some(end)),
                None if is_skipped(character) => {}
                None => return Some((character, end)),
            }
            self.position += character.len_utf8();
        }
        None
    }

    /// True if the cell from the operator at `start` on cannot run code, wherever a reader ends it.
    fn is_harmless(&self, start: usize, end: CellEnd) -> bool {
        let cell = &self.text[start..];
        let Some(rest) = cell.strip_prefix(['+', '-']) else {
            return false;
        };
        let digits = count_digits(rest);
        if digits == 0 {
            let is_dash = cell.starts_with('-') && end.is_reached_by(rest.trim_start_matches('-'));
            return is_dash || starts_with_words(rest) && !self.has_code(start, end);
        }
        let is_number = [false, true].into_iter().any(|has_decimal_comma| {
            end.is_reached_by(&rest[number_length(rest, has_decimal_comma)..])
        });
        let is_phone_before_words = || {
            let rest = &rest[digits..];
            is_e164(&cell[..=digits])
                && starts_with_words(rest.strip_prefix(is_punctuation).unwrap_or(rest))
        };
        is_number || is_phone_before_words() && !self.has_code(start, end)
    }

    /// True if a formula could call a function or another program between `start` and `end`.
    fn has_code(&self, start: usize, end: CellEnd) -> bool {
        if end != CellEnd::Text {
            return last_code(end.cut(&self.text[start..])).is_some();
        }
        let last = self.last_code.get_or_init(|| last_code(self.text));
        last.is_some_and(|last| last > start)
    }
}

impl Iterator for FormulaSearch<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        loop {
            let Some(end) = self.cell.take() else {
                if !self.skip_to_cell() {
                    return None;
                }
                continue;
            };
            let rest = self.text.as_bytes().get(self.position..);
            if rest
                .and_then(<[u8]>::first)
                .copied()
                .is_some_and(is_harmless_start)
            {
                continue;
            }
            let (character, end) = self.skip_to_content(end)?;
            if !is_operator(character) {
                continue;
            }
            let operator = self.position;
            self.position += character.len_utf8();
            if self.text[..operator].ends_with(GUARD) || !self.is_harmless(operator, end) {
                return Some(operator);
            }
        }
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

fn is_punctuation(character: char) -> bool {
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
fn last_code(text: &str) -> Option<usize> {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    /// Reverses [`guard_formulas`], by a plain loop.
    fn strip_guards(cell: &str, delimiter: char) -> String {
        let mut text = String::new();
        let mut begins_cell = true;
        for character in cell.chars() {
            if is_operator(character) && begins_cell && text.ends_with(GUARD) {
                text.pop();
            }
            let is_separator = ",;\t\r\n".contains(character) || character == delimiter;
            begins_cell = is_separator || begins_cell && is_skipped(character);
            text.push(character);
        }
        text
    }

    fn guard(text: &str) -> Cow<'_, str> {
        let guarded = guard_formulas(text, b',');
        assert_eq!(strip_guards(&guarded, ','), text);
        guarded
    }

    /// Checks that the text without `^` gets guards where `^` is.
    fn assert_guards(marked: &str) {
        let guarded = marked.replace('^', "'");
        assert_eq!(guard(&marked.replace('^', "")), guarded);
    }

    #[test]
    fn a_formula_is_guarded_for_a_reader_with_any_delimiter() {
        for marked in [
            "^=1+1",
            "^+1 555 0100",
            "^-2+3",
            "^--x",
            "^@SUM(A1)",
            "\t^=1",
            "\r\n^=1",
            "^＝1+1",
            "^＋1",
            "^－1",
            "^＠x",
            "^− x",
            "^﹣1",
            " ^=1",
            "\u{feff}^=1",
            "\u{200b}\u{a0}^@x",
            "'^=1",
            "''^-1",
            "\"^=1",
            "“'^=1",
            "\0^=1",
            "gern;^=1+1;x",
            "gern,^=1+1",
            "gern\t^=1+1",
            "Kunde: ja\n^=1+1",
            "Kunde: ja\r^=1+1",
            "Kunde: ja\r\n^=1+1",
            "gern; ^= 1+1",
            "gern; \"\"^=1+1\"\"",
            "gern;\u{85}\u{2028}\u{61c}\u{34f}\u{115f}\u{3164}\u{2800}\u{fe0f}\u{fff9}\u{e0001}^=1",
            "a;^=1;^+a;^-a;^@a,^=1\n^=1\t^=1\r^=1",
            ";;\t,\n^=1",
            "gern;^-1+cmd|' /C calc'!A0",
            "gern;^- cmd|' /C calc'!A0",
            "gern;^- WEBSERVICE(A1)",
            "gern;^- WEBSERVICE (\"http://evil.example\")",
            "gern;^+4915123456789+cmd|' /C calc'!A0",
            "gern;^+4915123456789 cmd|' /C calc'!A0",
            "gern;^-5*cmd|' /C calc'!A0",
            "gern;^= b",
            "gern;^@ b",
        ] {
            assert_guards(marked);
        }
    }

    #[test]
    fn an_unguarded_cell_is_harmless_wherever_a_reader_ends_it() {
        for marked in [
            // A reader with our delimiter sees the whole text as one cell.
            "^-5;*cmd|' /C calc'!A0",
            "^-5\n*cmd|' /C calc'!A0",
            "^--\n*cmd|' /C calc'!A0",
            "^- a\n*cmd|' /C calc'!A0",
            "\t^-5\t*cmd|' /C calc'!A0",
            // After a line break, cells end at line breaks of the same kind only.
            "a\n^-5\r*cmd|' /C calc'!A0",
            "a\r\n^-5\n*cmd|' /C calc'!A0",
            "a\r\n^- a\r*cmd|' /C calc'!A0",
            "a\n^-5;*cmd|' /C calc'!A0",
            "a\n^-5\t*cmd|' /C calc'!A0",
            // After a semicolon, cells end at semicolons only.
            "a;^-5,*cmd|' /C calc'!A0",
            "a;^-5\t*cmd|' /C calc'!A0",
            "a;^- a,*cmd|' /C calc'!A0",
            "a;^-5\n*cmd|' /C calc'!A0",
            "a;\n^-5\n*cmd|' /C calc'!A0",
            "a,\t^-5\t*cmd|' /C calc'!A0",
        ] {
            assert_guards(marked);
        }
        for text in ["a;-5;*cmd|' /C calc'!A0", "a\n- a\n*cmd|' /C calc'!A0"] {
            assert_eq!(guard(text), text);
        }
    }

    #[test]
    fn plain_text_is_unchanged() {
        for text in [
            "",
            "'",
            "-",
            "--",
            "'quoted'",
            "a=b",
            "1-2",
            "+4915123456789",
            "-5",
            "+3.2",
            "-5,50",
            "-1.234,56",
            "-1e-5",
            "gern;-5;x",
            "gern, -5",
            "gern; +3.2 \n",
            "gern, -, x",
            "gern; --",
            "gern\n-5\n\n-6\n",
            "gern\r\n-5\r\n\r\n-6\r\n",
            "- Termin am Montag",
            "Notizen:\n- Termin am Montag\r\n+ Rückruf (dringend)\n\n- Ende",
            "- Termin (Montag), 10 Uhr; + Rückruf",
            "Nummer, +4915123456789",
            "Nummer; +4915123456789, bitte",
            "+4915123456789 ist meine Nummer.",
            "Meine Nummer:\n+4915123456789. Danke",
            "[\"a\",-5,-6.5e-7,[-1]]",
            "{\"a\":[1,-5],\"b\":-5}",
            "[1,\"-5\"]",
            "ü",
            "–",
            " x",
            "{\"a\":1}",
        ] {
            assert_eq!(guard(text), text);
        }
    }

    #[test]
    fn text_that_looks_guarded_gets_one_more_guard() {
        for marked in ["^'+4915123456789", "^'-", "a;^'-5", "a;' ^'- b"] {
            assert_guards(marked);
        }
    }

    #[test]
    fn the_delimiter_of_the_file_separates_too() {
        assert_eq!(guard_formulas("a|=1", b'|'), "a|'=1");
        assert_eq!(guard_formulas("a|=1", b','), "a|=1");
        assert_eq!(guard_formulas("a =1, =2", b' '), "a '=1, '=2");
    }

    #[test]
    fn the_search_takes_linear_time() {
        let text = ",- a,+4915123456789 b,-5 ,--,'-\t- a\n- a".repeat(50_000);
        assert!(guard(&text).len() > text.len());
    }

    /// Text of characters that matter.
    fn text() -> impl Strategy<Value = String> {
        const PIECES: &[&str] = &[
            "=", "+", "-", "@", "＝", "−", "'", "\"", ",", ";", "\t", "\n", "\r", "|", " ",
            "\u{a0}", "\u{200b}", "\u{feff}", "\u{2028}", "a", "ä", "5", "49", "1.5", "1e5", ".",
            "(", ")", "]", "!", "\0",
        ];
        proptest::collection::vec(select(PIECES), 0..24).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..<_>::default() })]

        #[test]
        fn guards_are_undone_exactly(text in text(), delimiter in select(&b",;\t| "[..])) {
            let guarded = guard_formulas(&text, delimiter);
            prop_assert_eq!(strip_guards(&guarded, char::from(delimiter)), text);
        }

        #[test]
        fn no_reader_finds_a_formula(text in text(), delimiter in select(&b",;\t|"[..])) {
            let guarded = guard_formulas(&text, delimiter);
            let separators = [',', ';', '\t', '\n', '\r', char::from(delimiter)];
            let cells = separators.iter().flat_map(|separator| guarded.split(*separator));
            for cell in cells.chain([&*guarded]) {
                prop_assert!(!is_formula(cell), "{:?} in {:?}", cell, guarded);
            }
        }
    }

    /// True if a reader could run the cell as a formula. Simpler than the search, and independent
    /// of it.
    fn is_formula(cell: &str) -> bool {
        let start = cell
            .find(|character| !is_skipped(character))
            .unwrap_or(cell.len());
        let (before, content) = cell.split_at(start);
        if !content.starts_with(is_operator) || before.ends_with(GUARD) {
            return false;
        }
        let Some(value) = content.strip_prefix(['+', '-']) else {
            return true;
        };
        // A formula has no bracket that closes nothing.
        let value = value.split([']', '}']).next().unwrap_or_default();
        let value = value.trim_end_matches(is_skipped);
        let is_number = value.starts_with(|character: char| character.is_ascii_digit())
            && value
                .chars()
                .all(|character| ".,eE".contains(character) || character.is_ascii_digit());
        let is_dash = content.starts_with('-') && value.bytes().all(|byte| byte == b'-');
        let words = value.trim_start_matches(|character: char| character.is_ascii_digit());
        let words = words.trim_start_matches(is_punctuation);
        let has_words =
            words.starts_with(' ') && words.trim_start().starts_with(char::is_alphabetic);
        !(is_number || is_dash || has_words && last_code(content).is_none())
    }
}
