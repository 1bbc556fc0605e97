//! Values and names of a body in the messages of findings.

use std::borrow::Cow;

use crate::json::{Json, Kind};

/// The part of a value's text that a finding marks: the whole text, except for an object or array,
/// where it is the opening bracket.
pub(crate) fn marked_text(value: Json<'_>) -> &str {
    match value.kind() {
        Kind::Object | Kind::Array => &value.text()[..1],
        _ => value.text(),
    }
}

/// Describes a value as a noun phrase for messages: `the string "180"`, `an object`. Texts longer
/// than 60 characters are truncated.
pub(crate) fn describe(value: Json) -> String {
    const SHOWN: usize = 60;
    match value.kind() {
        Kind::Null | Kind::Boolean => value.text().to_owned(),
        Kind::Array if value.is_empty_container() => "an empty array".to_owned(),
        Kind::Array => "an array".to_owned(),
        Kind::Object => "an object".to_owned(),
        kind @ (Kind::Number | Kind::String) => match value.text().char_indices().nth(SHOWN) {
            Some((end, _)) => format!(
                "the {} {}…",
                kind.name(),
                escape_blank(&value.text()[..end])
            ),
            None => format!("the {} {}", kind.name(), escape_blank(value.text())),
        },
    }
}

/// A member name for messages, truncated to 60 characters.
pub(crate) fn shorten(name: &str) -> Cow<'_, str> {
    const SHOWN: usize = 60;
    match name.char_indices().nth(SHOWN) {
        Some((end, _)) => Cow::Owned(format!("{}…", escape_blank(&name[..end]))),
        None => escape_blank(name),
    }
}

/// Writes characters that look like nothing or like a space as escapes such as `\u{200b}`.
/// Otherwise a message could show two different values that look equal.
fn escape_blank(text: &str) -> Cow<'_, str> {
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
