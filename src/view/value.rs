//! Formats JSON values for people.

use crate::call::variable_value::VariableValue;
use crate::json::{Json, Kind, plain_text};
use crate::text::tone::Tone;

/// Mark for true.
pub(crate) const YES: &str = "✓";

/// Mark for false.
pub(crate) const NO: &str = "✗";

/// Formats a value: the name of its kind, its text, and the tone of the text.
pub(crate) fn format_value(value: Json) -> (&'static str, String, Tone) {
    let verbatim = || ("text", plain_text(value).into_owned(), Tone::Plain);
    if value.kind() == Kind::String {
        return verbatim();
    }
    match VariableValue::read(value) {
        VariableValue::Nothing => ("null", "–".to_owned(), Tone::Faint),
        VariableValue::Boolean(true) => ("boolean", format!("{YES} true"), Tone::Good),
        VariableValue::Boolean(false) => ("boolean", format!("{NO} false"), Tone::Bad),
        VariableValue::Number(text) => ("number", text.into_owned(), Tone::Plain),
        VariableValue::Object(value) => ("object", value.compact().into_owned(), Tone::Plain),
        VariableValue::List(list) => ("list", format_list(list), Tone::Plain),
        VariableValue::Day(_) | VariableValue::Time(_) | VariableValue::Text(_) => verbatim(),
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
