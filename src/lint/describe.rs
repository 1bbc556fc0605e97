//! Values and names of a body in the messages of findings.

use crate::json::{Json, Kind};
use crate::text::shorten::escape_blank;

pub(crate) use crate::text::shorten::shorten;

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
