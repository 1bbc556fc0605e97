//! Values as people read them.

use super::theme::Tone;
use crate::call::plain_text;
use crate::json::{Json, Kind};

/// A value as people read it: its kind in a word, its text, and the tone of that.
pub(super) fn for_people(value: Json) -> (&'static str, String, Tone) {
    match value.kind() {
        Kind::Null => ("null", "–".to_owned(), Tone::Faint),
        Kind::Boolean if value.as_bool() == Some(true) => {
            ("boolean", "✓ true".to_owned(), Tone::Good)
        }
        Kind::Boolean => ("boolean", "✗ false".to_owned(), Tone::Bad),
        Kind::Number => ("number", value.text().to_owned(), Tone::Plain),
        Kind::String => ("text", plain_text(value).into_owned(), Tone::Plain),
        Kind::Object => ("object", value.compact().into_owned(), Tone::Plain),
        Kind::Array => ("list", list_for_people(value), Tone::Plain),
    }
}

/// Plain elements with commas; a list that holds objects or lists, an element a line.
fn list_for_people(list: Json) -> String {
    let elements = list.elements().unwrap_or_default();
    let is_nested = |element: &Json| matches!(element.kind(), Kind::Array | Kind::Object);
    if elements.is_empty() {
        return "(empty)".to_owned();
    }
    if !elements.iter().any(is_nested) {
        return comma_separated(&elements);
    }
    let lines: Vec<String> = elements
        .iter()
        .map(|element| format!("• {}", in_one_line(*element)))
        .collect();
    lines.join("\n")
}

/// `name: value, name: value` for an object, commas for a list; what is nested deeper stays JSON.
fn in_one_line(value: Json) -> String {
    if let Some(elements) = value.elements() {
        return comma_separated(&elements);
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

fn comma_separated(elements: &[Json]) -> String {
    let texts: Vec<_> = elements.iter().copied().map(plain_text).collect();
    texts.join(", ")
}
