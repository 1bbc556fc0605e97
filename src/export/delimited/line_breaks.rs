//! Line breaks in cells (`--line-breaks`). Programs that read a table line by line, such as `pipe`
//! of Spark, would tear its rows at them.

use std::borrow::Cow;
use std::fmt::Write as _;

/// How line breaks in cells are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[serde(rename_all = "kebab-case")]
pub(crate) enum LineBreaks {
    /// Unchanged, in quotes
    #[default]
    Keep,
    /// As in JSON strings: \n, \r, and \\ for a backslash
    Escape,
    /// As one space
    Space,
}

impl LineBreaks {
    /// Returns the text without line breaks, unless they are kept. An escaped text can be restored.
    #[must_use]
    pub(super) fn replace(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::Escape if text.contains(|char| char == '\\' || is_line_break(char)) => {
                Cow::Owned(escape(text))
            }
            Self::Space if text.contains(is_line_break) => Cow::Owned(with_spaces(text)),
            _ => Cow::Borrowed(text),
        }
    }

    /// Like [`Self::replace`], but backslashes are kept, because the user chose the text: databases
    /// know `\N` as a missing value, and no escaped text is equal to that.
    #[must_use]
    pub(super) fn replace_in_word(self, word: &str) -> Cow<'_, str> {
        if self != Self::Escape || !word.contains('\\') {
            return self.replace(word);
        }
        let parts = word.split('\\').map(|part| self.replace(part));
        Cow::Owned(parts.collect::<Vec<_>>().join("\\"))
    }

    /// Fast path for most JSON strings: true only if replacing would not change the string with
    /// this text.
    #[must_use]
    pub(super) fn keeps_json(self, string: &str) -> bool {
        // JSON escapes all line breaks that are control characters (RFC 8259 §7); U+0085, U+2028
        // and U+2029 start with these two bytes in UTF-8.
        self == Self::Keep || memchr::memchr3(b'\\', 0xc2, 0xe2, string.as_bytes()).is_none()
    }
}

/// True for the characters at which programs end a line. These are the line boundaries of Python's
/// `str.splitlines`, which include those of Unicode (UAX #14, classes BK, CR, LF and NL).
pub(super) fn is_line_break(character: char) -> bool {
    matches!(
        character,
        '\n'..='\r' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// Escapes line breaks and backslashes as JSON does (RFC 8259 §7).
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + text.len() / 8);
    for character in text.chars() {
        match character {
            '\\' => escaped.push_str(r"\\"),
            '\n' => escaped.push_str(r"\n"),
            '\r' => escaped.push_str(r"\r"),
            '\u{c}' => escaped.push_str(r"\f"),
            _ if is_line_break(character) => {
                let code = u32::from(character);
                write!(escaped, "\\u{code:04x}").expect("a String takes every write");
            }
            _ => escaped.push(character),
        }
    }
    escaped
}

/// Replaces each run of line breaks by one space.
fn with_spaces(text: &str) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut is_in_run = false;
    for character in text.chars() {
        let is_break = is_line_break(character);
        if !is_break {
            replaced.push(character);
        } else if !is_in_run {
            replaced.push(' ');
        }
        is_in_run = is_break;
    }
    replaced
}

/// Joins the guards of two copies of one text, each of which has apostrophes before some of its
/// operators.
#[must_use]
pub(super) fn join_guards(left: &str, right: &str) -> String {
    let mut joined = String::with_capacity(left.len().max(right.len()));
    let (mut left, mut right) = (left.chars().peekable(), right.chars().peekable());
    loop {
        // The copies differ only where one of them has an apostrophe more.
        let next = match (left.peek(), right.peek()) {
            (None, None) => return joined,
            (first, second) if first == second => {
                right.next();
                left.next()
            }
            (Some('\''), _) => left.next(),
            _ => right.next(),
        };
        joined.extend(next);
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Undoes [`escape`] with another program: each escape is one of JSON.
    pub(in super::super) fn restore(escaped: &str) -> String {
        let quoted: String = escaped
            .chars()
            .map(|character| match character {
                '"' | '\0'..' ' => format!("\\u{:04x}", u32::from(character)),
                _ => character.to_string(),
            })
            .collect();
        serde_json::from_str(&format!("\"{quoted}\"")).expect("escapes of JSON")
    }

    #[test]
    fn line_breaks_are_escaped_and_restored() {
        for (text, escaped) in [
            ("", ""),
            ("a b", "a b"),
            ("a\r\nb", r"a\r\nb"),
            (r"a\nb", r"a\\nb"),
            ("\\\n", r"\\\n"),
            ("\u{b}\u{c}\u{1c}\u{1e}", r"\u000b\f\u001c\u001e"),
            ("ü\u{85}\u{2028}\u{2029}", r"ü\u0085\u2028\u2029"),
            ("\"\t\u{1f}\u{2027}", "\"\t\u{1f}\u{2027}"),
        ] {
            assert_eq!(LineBreaks::Escape.replace(text), escaped);
            assert_eq!(restore(escaped), text);
            assert_eq!(LineBreaks::Keep.replace(text), text);
        }
    }

    #[test]
    fn a_run_of_line_breaks_is_one_space() {
        for (text, replaced) in [
            ("a\r\nb", "a b"),
            ("\n\na\u{2028}\r", " a "),
            ("a \n b", "a   b"),
            (r"a\nb", r"a\nb"),
        ] {
            assert_eq!(LineBreaks::Space.replace(text), replaced);
        }
    }

    #[test]
    fn words_of_the_user_keep_their_backslashes() {
        let escape = |word| LineBreaks::Escape.replace_in_word(word);
        assert_eq!(escape(r"\N"), r"\N");
        assert_eq!(escape("\\a\n\\"), r"\a\n\");
        assert_eq!(LineBreaks::Space.replace_in_word("\\\n"), "\\ ");
    }

    #[test]
    fn guards_of_both_copies_are_kept() {
        assert_eq!(join_guards("'=1;-5", "=1;'-5"), "'=1;'-5");
        assert_eq!(join_guards("''=1", "'=1"), "''=1");
        assert_eq!(join_guards("a'b", "a'b"), "a'b");
        assert_eq!(join_guards("", ""), "");
    }
}
