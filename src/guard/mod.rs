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

mod cell_end;
mod harmless;
pub(crate) mod offsets;
mod operators;

use std::borrow::Cow;

use self::cell_end::CellEnd;
use self::harmless::CellJudge;
use self::offsets::GUARD;
pub(crate) use self::operators::may_hold_formula;
use self::operators::operators;
use crate::call::phone::is_e164;
use crate::text::cell_start::{SEPARATORS, is_skipped};

/// Returns the text with a guard before each operator that could begin a formula, or unchanged if
/// there is none. `delimiter` is that of the file.
#[must_use]
pub(crate) fn guard_formulas(text: &str, delimiter: u8) -> Cow<'_, str> {
    if is_e164(text) || !may_hold_formula(text.as_bytes(), 0, delimiter) {
        return Cow::Borrowed(text);
    }
    let mut guarded = String::new();
    let mut rest = 0;
    let mut search = FormulaSearch::new(text, delimiter);
    for (operator, character) in operators(text) {
        if !search.needs_guard(operator, character) {
            continue;
        }
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

/// Guards the field from byte `start` of `output` on, which may have quotes doubled and an opening
/// quote, but no closing one. Returns true if there was something to guard.
pub(crate) fn guard_field(output: &mut Vec<u8>, start: usize, delimiter: u8) -> bool {
    if !may_hold_formula(output, start, delimiter) {
        return false;
    }
    // The guards of a text do not depend on the number of its quotes.
    let guarded = match guard_formulas(&String::from_utf8_lossy(&output[start..]), delimiter) {
        Cow::Owned(guarded) => guarded,
        Cow::Borrowed(_) => return false,
    };
    output.truncate(start);
    output.extend_from_slice(guarded.as_bytes());
    true
}

/// Fast path for most text: true only if this first byte of a cell is neither an operator nor
/// skipped before one. False means that the whole text has to be checked. Saves 1 % of the
/// instructions of `export`.
#[inline]
#[must_use]
pub(crate) const fn is_harmless_start(first: u8) -> bool {
    first.is_ascii_alphanumeric()
}

/// Fast path for most text: true only if no operator begins the content of a cell at the start of
/// this part of a JSON string.
#[inline]
#[must_use]
pub(crate) fn is_harmless_json(cell: &[u8]) -> bool {
    match cell {
        [first, ..] if IS_HARMLESS_START[usize::from(*first)] => true,
        [b' ', second, ..] if IS_HARMLESS_START[usize::from(*second)] => true,
        // A quote ends the string, an escaped separator the cell.
        [b'"', ..] | [b'\\', b'n' | b'r' | b't', ..] | [] => true,
        _ => false,
    }
}

/// For each first byte of a character, the result of [`is_harmless_start`], or true for the letters
/// from U+00C0 to U+00FF.
static IS_HARMLESS_START: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = u8::MAX;
    while byte > 0 {
        table[byte as usize] = is_harmless_start(byte) || byte == 0xc3;
        byte -= 1;
    }
    table
};

/// Decides which operators need a guard, in their order. The time is linear in the length of the
/// text.
struct FormulaSearch<'t> {
    text: &'t str,
    delimiter: u8,
    /// End of the previous operator.
    position: usize,
    judge: CellJudge<'t>,
}

impl<'t> FormulaSearch<'t> {
    fn new(text: &'t str, delimiter: u8) -> Self {
        Self {
            text,
            delimiter,
            position: 0,
            judge: CellJudge::new(text, delimiter),
        }
    }

    /// True if `character`, the next operator, which is at offset `operator`, could begin a
    /// formula.
    fn needs_guard(&mut self, operator: usize, character: char) -> bool {
        let next = operator + character.len_utf8();
        let previous = std::mem::replace(&mut self.position, next);
        self.cell_end(previous, operator).is_some_and(|end| {
            self.text[..operator].ends_with(GUARD) || !self.judge.is_harmless(operator, end)
        })
    }

    /// The end of the cell that begins with the operator at offset `operator`, or `None` if a cell
    /// cannot begin there. `previous` is the end of the previous operator.
    fn cell_end(&self, previous: usize, operator: usize) -> Option<CellEnd> {
        let is_separator = |byte: u8| byte == self.delimiter || SEPARATORS.contains(&byte);
        let before = &self.text[previous..operator];
        let content = before.trim_end_matches(|character| {
            is_skipped(character) || u8::try_from(character).is_ok_and(is_separator)
        });
        let skipped = &before[content.len()..];
        let first = (skipped.len() == operator).then_some(CellEnd::Text);
        let separators = skipped.bytes().filter(|byte| is_separator(*byte));
        separators.fold(first, |end, separator| Some(CellEnd::after(separator, end)))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::harmless::{is_punctuation, last_code};
    use super::*;
    use crate::guard::offsets::guard_offsets;
    use crate::text::operator::is_operator;

    /// Reverses [`guard_formulas`].
    pub(crate) fn strip_guards(cell: &str, delimiter: char) -> String {
        let delimiter = u8::try_from(delimiter).expect("it is ASCII");
        let guards = guard_offsets(cell, delimiter);
        let characters = cell.char_indices();
        let kept = characters.filter(|(offset, _)| guards.binary_search(offset).is_err());
        kept.map(|(_, character)| character).collect()
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
    fn words_that_the_next_field_could_continue_are_guarded() {
        assert_eq!(guard_formulas("- cmd", b'|'), "'- cmd");
        assert_eq!(guard_formulas("a;- cmd", b'|'), "a;'- cmd");
        assert_eq!(guard_formulas("- a\n- b", b'|'), "'- a\n'- b");
        assert_eq!(guard_formulas("a;- b;c\n- a\nb", b'|'), "a;- b;c\n- a\nb");
        for delimiter in b",;\t" {
            assert_eq!(guard_formulas("a;- cmd", *delimiter), "a;- cmd");
        }
    }

    #[test]
    fn the_search_takes_linear_time() {
        let cells = ",- a,+4915123456789 b,-5 ,--,'-\t- a\n- a\n\n- a";
        for text in [cells, "\n\r- a", "\n\r-5", "\n\r--", "\n\r-5\t- a (\""] {
            let text = format!("{}\n'-", text.repeat(100_000));
            assert!(guard(&text).len() > text.len());
        }
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
        fn a_field_is_guarded_like_its_text(text in text(), delimiter in select(&b",;\t| "[..])) {
            // Of text that begins otherwise, the field is not written before it is guarded.
            let text = format!("a{text}");
            let field = |text: &str| format!("\"{}", text.replace('"', "\"\""));
            let guarded = guard_formulas(&text, delimiter);
            let mut output = field(&text).into_bytes();
            let is_guarded = guard_field(&mut output, 0, delimiter);
            prop_assert_eq!(is_guarded, guarded != text);
            prop_assert_eq!(String::from_utf8_lossy(&output), field(&guarded));
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
    pub(crate) fn is_formula(cell: &str) -> bool {
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
