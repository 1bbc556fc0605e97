//! Formats JSON values for people.

use std::ops::{ControlFlow, Range};

use crate::call::variable_value::VariableValue;
use crate::call::variables::for_each_scalar;
use crate::json::{Json, Kind, plain_text};
use crate::text::search::TextSearch;
use crate::text::symbols::Symbols;
use crate::text::tone::Tone;

/// Formats a value: the name of its kind, its text, and the tone of the text.
pub(crate) fn format_value(value: Json, symbols: Symbols) -> (&'static str, String, Tone) {
    let verbatim = || ("text", plain_text(value).into_owned(), Tone::Plain);
    if value.kind() == Kind::String {
        return verbatim();
    }
    match VariableValue::read(value) {
        VariableValue::Nothing => ("null", symbols.dash().to_owned(), Tone::Faint),
        VariableValue::Boolean(true) => ("boolean", symbols.marked(true, "true"), Tone::Good),
        VariableValue::Boolean(false) => ("boolean", symbols.marked(false, "false"), Tone::Bad),
        VariableValue::Number(text) => ("number", text.into_owned(), Tone::Plain),
        VariableValue::Object(value) => ("object", value.compact().into_owned(), Tone::Plain),
        VariableValue::List(list) => ("list", format_list(list, symbols), Tone::Plain),
        VariableValue::Day(_) | VariableValue::Time(_) | VariableValue::Text(_) => verbatim(),
    }
}

/// Returns the ranges of `text`, the formatted `value`, that match `search`. Each scalar is
/// searched by itself.
pub(crate) fn ranges_in_value(value: Json, text: &str, search: &TextSearch) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    if search.is_empty() {
        return found;
    }
    let mut end = 0;
    let _ = for_each_scalar(value, &mut |scalar| {
        // Inside deeply nested values, a string may be shown with escapes: then the rest has no
        // marks.
        let Some(offset) = text[end..].find(scalar) else {
            return ControlFlow::Break(());
        };
        let start = end + offset;
        let ranges = search.ranges(scalar).into_iter();
        found.extend(ranges.map(|range| start + range.start..start + range.end));
        end = start + scalar.len();
        ControlFlow::Continue(())
    });
    found
}

/// Formats scalar elements separated by commas. A list that contains objects or lists has one
/// element per line.
fn format_list(list: Json, symbols: Symbols) -> String {
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
        .map(|element| format!("{} {}", symbols.bullet(), format_on_one_line(*element)))
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
