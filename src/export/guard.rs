//! Text that a spreadsheet would run as a formula, kept from running: an apostrophe is put before it.
//!
//! Source: OWASP, "CSV Injection", which names `=`, `+`, `-`, `@`, tab, carriage return, line feed, and the full-width twins that some
//! spreadsheets fold to the plain characters. Beyond that, space and invisible characters before one of them do not hide it.
//!
//! Dashes alone, which people write for nothing, are no formula, nor is a phone number in E.164 form.
//!
//! The guard can be undone by rule: where a cell begins with apostrophes and then, space aside, with one of those characters, one apostrophe
//! is taken away. For this, text that begins so itself gets one more.

use std::borrow::Cow;

use crate::call::phone::is_e164;

/// What is put before.
const GUARD: char = '\'';

/// The text as it may stand in a cell: guarded where it could be taken for a formula.
#[must_use]
pub fn guarded(text: &str) -> Cow<'_, str> {
    if could_run(text) && !is_e164(text) {
        Cow::Owned(format!("{GUARD}{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Whether the text begins, behind any number of guards, as a formula does.
fn could_run(text: &str) -> bool {
    // Most text does not.
    match text.as_bytes().first() {
        None => return false,
        Some(first) if first.is_ascii_alphanumeric() => return false,
        Some(_) => {}
    }
    let text = text.trim_start_matches(GUARD);
    if text.starts_with(['\t', '\r', '\n']) {
        return true;
    }
    if text.trim_matches('-').is_empty() {
        return false;
    }
    let is_hidden = |c: char| c.is_whitespace() || c.is_control() || is_invisible(c);
    text.trim_start_matches(is_hidden).starts_with(is_operator)
}

fn is_operator(character: char) -> bool {
    matches!(
        character,
        // Plain, full-width (U+FF01 ff.), small (U+FE50 ff.), and the minus sign.
        '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '﹦' | '﹢' | '﹣' | '﹫' | '−'
    )
}

/// Characters without width that are no space to Unicode.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text that [`guarded`] made this of.
    fn unguarded(cell: &str) -> &str {
        match cell.strip_prefix(GUARD) {
            Some(text) if could_run(text) => text,
            _ => cell,
        }
    }

    #[test]
    fn what_could_run_is_guarded_and_comes_back() {
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
            let cell = guarded(text);
            assert_eq!(cell, format!("'{text}"), "{text:?}");
            assert_eq!(unguarded(&cell), text);
        }
    }

    #[test]
    fn other_text_stays_as_it_is() {
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
            assert_eq!(guarded(text), text);
            assert_eq!(unguarded(text), text);
        }
    }

    #[test]
    fn a_phone_number_with_a_guard_of_its_own_comes_back() {
        let text = "'+4915123456789";
        assert_eq!(guarded(text), "''+4915123456789");
        assert_eq!(unguarded("''+4915123456789"), text);
        assert_eq!(unguarded("+4915123456789"), "+4915123456789");
    }
}
