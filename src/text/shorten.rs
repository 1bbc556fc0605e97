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
    const START: usize = 120;
    const END: usize = 200;
    let start = text.char_indices().nth(START);
    let end = text.char_indices().nth_back(END - 1);
    match (start, end) {
        (Some((start, _)), Some((end, _))) if start < end => {
            Cow::Owned(format!("{}…{}", &text[..start], &text[end..]))
        }
        _ => Cow::Borrowed(text),
    }
}

/// Writes characters that look like nothing or like a space as escapes such as `\u{200b}`.
/// Otherwise a message could show two different values that look equal.
pub(crate) fn escape_blank(text: &str) -> Cow<'_, str> {
    // Characters that reorder text (U+202A to U+202E, U+2066 to U+2069) are missing here, because
    // each report escapes them (`safe_text`). Letters that are drawn blank, such as U+3164, are
    // listed here but not in `export::guard`, which skips characters that programs drop.
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
