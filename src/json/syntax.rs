//! Parses one JSON value at the start of a text. Errors of `serde_json` become [`SyntaxError`]s.

use serde::de::IgnoredAny;
use serde_json::error::Category;

use super::syntax_error::{SyntaxError, explain};
use super::{Json, container_length};

/// True if a value can start with this byte (RFC 8259 §3).
pub(crate) fn can_start_value(first: u8) -> bool {
    matches!(
        first,
        b'{' | b'[' | b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n'
    )
}

/// Parses the object or array that is the whole text. `None` for any other text.
#[must_use]
pub(crate) fn parse_container(text: &str) -> Option<Json<'_>> {
    let trimmed = text.trim();
    if !trimmed.starts_with(['{', '[']) || !trimmed.ends_with(['}', ']']) {
        return None;
    }
    let (json, length) = parse_value::<Json>(trimmed).ok()?;
    (length == trimmed.len()).then_some(json)
}

/// Parses the value at the start of `text`. Returns the value and its length in bytes.
pub(crate) fn parse_value<'a, T: serde::Deserialize<'a>>(
    text: &'a str,
) -> Result<(T, usize), SyntaxError> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<T>();
    match values.next() {
        Some(Ok(value)) => Ok((value, values.byte_offset())),
        Some(Err(error)) => Err(syntax_error(&error, text.as_bytes())),
        None => Err(SyntaxError {
            is_truncated: true,
            ..SyntaxError::new(0, "missing value")
        }),
    }
}

/// Returns the length of the value at the start of `bytes`. Does not check strings for valid UTF-8.
pub(crate) fn skip_value(bytes: &[u8]) -> Result<usize, SyntaxError> {
    match container_length(bytes) {
        Some(length) => Ok(length),
        None => skip_any_value(bytes),
    }
}

/// [`skip_value`] with `serde_json`: for broken values, deep nesting and scalars.
fn skip_any_value(bytes: &[u8]) -> Result<usize, SyntaxError> {
    let mut values = serde_json::Deserializer::from_slice(bytes).into_iter::<IgnoredAny>();
    match values.next() {
        Some(Err(error)) => Err(syntax_error(&error, bytes)),
        _ => Ok(values.byte_offset()),
    }
}

/// Converts an error of `serde_json`.
fn syntax_error(error: &serde_json::Error, bytes: &[u8]) -> SyntaxError {
    let text = error.to_string();
    let message = text
        .rfind(" at line ")
        .map_or(text.as_str(), |at| &text[..at]);
    let stop_offset = error_offset(error, bytes);
    SyntaxError {
        stop_offset,
        is_truncated: error.classify() == Category::Eof,
        ..explain(bytes, stop_offset, message)
    }
}

/// Byte offset of a `serde_json` error. Lines and columns start at 1, and columns count bytes.
fn error_offset(error: &serde_json::Error, bytes: &[u8]) -> usize {
    let line_start = match error.line() {
        0 | 1 => 0,
        line => memchr::memchr_iter(b'\n', bytes)
            .nth(line - 2)
            .map_or(0, |newline| newline + 1),
    };
    (line_start + error.column().saturating_sub(1)).min(bytes.len())
}
