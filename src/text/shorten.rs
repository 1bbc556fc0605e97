//! Names of any length and content, shortened for messages.

use std::borrow::Cow;

/// Maximum number of characters of a name in a message.
const MAX_CHARACTERS: usize = 60;

/// Truncates a name to 60 characters, and escapes those that look like nothing or like a space.
#[must_use]
pub(crate) fn shorten(name: &str) -> Cow<'_, str> {
    match name.char_indices().nth(MAX_CHARACTERS) {
        Some((end, _)) => Cow::Owned(format!("{}…", escape_blank(&name[..end]))),
        None => escape_blank(name),
    }
}

/// Cuts the middle out of a long message or path, and keeps its first 120 and last 200 characters.
#[must_use]
pub(crate) fn shorten_middle(text: &str) -> Cow<'_, str> {
    cut_middle(text, 120, 200)
}

/// Cuts the middle out of a text, and keeps its first `first` and its last `last` characters, which
/// must not be 0.
#[must_use]
pub(crate) fn cut_middle(text: &str, first: usize, last: usize) -> Cow<'_, str> {
    let start = text.char_indices().nth(first);
    let end = text.char_indices().nth_back(last - 1);
    match (start, end) {
        (Some((start, _)), Some((end, _))) if start < end => {
            Cow::Owned(format!("{}…{}", &text[..start], &text[end..]))
        }
        _ => Cow::Borrowed(text),
    }
}

/// Length in bytes up to which a word of a message can be the path of a file (`PATH_MAX`).
const MAX_WORD_BYTES: usize = 4096;

/// Maximum length of a message in bytes.
const MAX_MESSAGE_BYTES: usize = 4 * MAX_WORD_BYTES;

/// Shortens words that are longer than any path, and the middle of a message that is still long.
/// Messages shorten names by themselves; this is for those that do not, such as errors of
/// libraries.
#[must_use]
pub(crate) fn shorten_message(message: &str) -> Cow<'_, str> {
    if message.len() <= MAX_WORD_BYTES {
        return Cow::Borrowed(message);
    }
    let words = message
        .split_inclusive(char::is_whitespace)
        .map(shorten_word);
    let message: String = words.collect();
    if message.len() <= MAX_MESSAGE_BYTES {
        return Cow::Owned(message);
    }
    Cow::Owned(shorten_middle(&message).into_owned())
}

/// Shortens a word that is too long. The punctuation at its end is kept.
fn shorten_word(word: &str) -> Cow<'_, str> {
    if word.len() <= MAX_WORD_BYTES {
        return Cow::Borrowed(word);
    }
    let is_end = |end: char| end.is_whitespace() || end.is_ascii_punctuation() && end != '/';
    let text = word.trim_end_matches(is_end);
    Cow::Owned(format!("{}{}", shorten(text), &word[text.len()..]))
}

/// Writes characters that look like nothing or like a space as escapes such as `\u{200b}`.
/// Otherwise a message could show two different values that look equal.
pub(crate) fn escape_blank(text: &str) -> Cow<'_, str> {
    // Characters that reorder text (U+202A to U+202E, U+2066 to U+2069) are missing here, because
    // each report escapes them (`safe_text`). Letters that are drawn blank, such as U+3164, are
    // listed here but not in `guard`, which skips characters that programs drop.
    let is_blank = |character: char| {
        matches!(
            character,
            '\u{a0}'
                | '\u{ad}'
                | '\u{34f}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180e}'
                | '\u{2000}'..='\u{200f}'
                | '\u{202f}'
                | '\u{205f}'..='\u{2064}'
                | '\u{3000}'
                | '\u{3164}'
                | '\u{feff}'
                | '\u{ffa0}'
        )
    };
    if !text.contains(is_blank) {
        return Cow::Borrowed(text);
    }
    let shown = text.chars().map(|character| {
        if is_blank(character) {
            format!("\\u{{{:x}}}", u32::from(character))
        } else {
            character.to_string()
        }
    });
    Cow::Owned(shown.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_shortened_but_keep_the_reason() {
        let path = "ü/".repeat(1000);
        let message = format!("{path}: File name too long");
        assert_eq!(shorten_message(&message), message);
        let message = format!("{}: File name too long", path.repeat(10));
        let short = format!("{}…: File name too long", "ü/".repeat(30));
        assert_eq!(shorten_message(&message), short);
        let message = format!("{}: File name too long", "ü ".repeat(100_000));
        let short = shorten_message(&message);
        assert!(short.len() < 1000, "{short}");
        assert!(short.contains('…') && short.ends_with(" ü : File name too long"));
    }
}
