//! Guards text that a spreadsheet would run as a formula by putting an apostrophe before it.
//!
//! Source: OWASP, "CSV Injection", which names `=`, `+`, `-`, `@`, tab, carriage return, line feed,
//! and the full-width forms that some spreadsheets fold to the plain characters. In addition, white
//! space and invisible characters before one of these do not hide it.
//!
//! Text of dashes only, which people write for an empty value, is not a formula. Neither is a phone
//! number in E.164 form.
//!
//! The guard is reversible. If a cell starts with apostrophes that are followed, after optional
//! white space, by one of these characters, remove one apostrophe. Text that starts like this
//! before guarding therefore gets another apostrophe.

use std::borrow::Cow;

use crate::call::phone::is_e164;

/// Character that is put before the text.
const GUARD: char = '\'';

/// Returns the text guarded if a spreadsheet could run it as a formula, else unchanged.
#[must_use]
pub(crate) fn guard_formula(text: &str) -> Cow<'_, str> {
    if could_be_formula(text) && !is_e164(text) {
        Cow::Owned(format!("{GUARD}{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Fast path for most text: true only if text with this first byte is no formula and needs no
/// guard. False means that the whole text has to be checked. Saves 1 % of the instructions of
/// `export`.
#[inline]
#[must_use]
pub(super) fn is_harmless_start(first: u8) -> bool {
    first.is_ascii_alphanumeric()
}

/// True if the text starts like a formula, after any number of guards.
fn could_be_formula(text: &str) -> bool {
    let Some(first) = text.bytes().next() else {
        return false;
    };
    if is_harmless_start(first) {
        return false;
    }
    let text = text.trim_start_matches(GUARD);
    if text.starts_with(['\t', '\r', '\n']) {
        return true;
    }
    if text.trim_matches('-').is_empty() {
        return false;
    }
    let is_ignored = |c: char| c.is_whitespace() || c.is_control() || is_format_character(c);
    text.trim_start_matches(is_ignored).starts_with(is_operator)
}

fn is_operator(character: char) -> bool {
    matches!(
        character,
        // Plain, full-width (from U+FF01), small (from U+FE50), and the minus sign.
        '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '﹦' | '﹢' | '﹣' | '﹫' | '−'
    )
}

/// True for invisible characters that only control the layout (of Unicode's general category Cf),
/// because programs may drop them. Letters and marks that are merely drawn blank do not count: the
/// set differs from that of `lint::describe`, which is about text that looks equal.
fn is_format_character(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reverses [`guard_formula`].
    fn strip_guard(cell: &str) -> &str {
        match cell.strip_prefix(GUARD) {
            Some(text) if could_be_formula(text) => text,
            _ => cell,
        }
    }

    #[test]
    fn a_formula_is_guarded_reversibly() {
        for text in [
            "=1+1",
            "+1 555 0100",
            "-2+3",
            "--x",
            "@SUM(A1)",
            "\t=1",
            "\rx",
            "\nx",
            "＝1+1",
            "＋1",
            "－1",
            "＠x",
            " =1",
            "\u{feff}=1",
            "\u{200b}\u{a0}@x",
            "'=1",
            "''-1",
            "+0491512345",
            "+1234567890123456",
        ] {
            let cell = guard_formula(text);
            assert_eq!(cell, format!("'{text}"), "{text:?}");
            assert_eq!(strip_guard(&cell), text);
        }
    }

    #[test]
    fn plain_text_is_unchanged() {
        for text in [
            "",
            "'",
            "-",
            "--",
            "'-",
            "'quoted'",
            "a=b",
            "1-2",
            "+4915123456789",
            "ü",
            "–",
            " x",
            "{\"a\":1}",
        ] {
            assert_eq!(guard_formula(text), text);
            assert_eq!(strip_guard(text), text);
        }
    }

    #[test]
    fn a_phone_number_after_an_apostrophe_round_trips() {
        let text = "'+4915123456789";
        assert_eq!(guard_formula(text), "''+4915123456789");
        assert_eq!(strip_guard("''+4915123456789"), text);
        assert_eq!(strip_guard("+4915123456789"), "+4915123456789");
    }
}
