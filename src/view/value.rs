//! Formats JSON values for people.

use super::theme::Tone;
use crate::call::plain_text;
use crate::json::{Json, Kind};

/// Formats a value: the name of its kind, its text, and the tone of the text.
pub(crate) fn format_value(value: Json) -> (&'static str, String, Tone) {
    match value.kind() {
        Kind::Null => ("null", "–".to_owned(), Tone::Faint),
        Kind::Boolean if value.as_bool() == Some(true) => {
            ("boolean", "✓ true".to_owned(), Tone::Good)
        }
        Kind::Boolean => ("boolean", "✗ false".to_owned(), Tone::Bad),
        Kind::Number => ("number", value.text().to_owned(), Tone::Plain),
        Kind::String => ("text", plain_text(value).into_owned(), Tone::Plain),
        Kind::Object => ("object", value.compact().into_owned(), Tone::Plain),
        Kind::Array => ("list", format_list(value), Tone::Plain),
    }
}

/// Formats scalar elements separated by commas. A list that contains objects or lists has one
/// element per line.
fn format_list(list: Json) -> String {
    let elements = list.elements().unwrap_or_default();
    let is_nested = |element: &Json| matches!(element.kind(), Kind::Array | Kind::Object);
    if elements.is_empty() {
        return "(empty)".to_owned();
    }
    if !elements.iter().any(is_nested) {
        return join_with_commas(&elements);
    }
    let lines: Vec<String> = elements
        .iter()
        .map(|element| format!("• {}", format_on_one_line(*element)))
        .collect();
    lines.join("\n")
}

/// Formats an object as `name: value, name: value` and a list separated by commas. Deeper values
/// stay JSON.
fn format_on_one_line(value: Json) -> String {
    if let Some(elements) = value.elements() {
        return join_with_commas(&elements);
    }
    match value.members() {
        Some(members) => {
            let parts = members.effective().into_iter();
            let parts: Vec<String> = parts
                .map(|m| format!("{}: {}", m.name(), plain_text(m.value())))
                .collect();
            parts.join(", ")
        }
        None => plain_text(value).into_owned(),
    }
}

fn join_with_commas(elements: &[Json]) -> String {
    let texts: Vec<_> = elements.iter().copied().map(plain_text).collect();
    texts.join(", ")
}
