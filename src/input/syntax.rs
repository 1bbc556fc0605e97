//! One JSON value off the beginning of a text, or what is wrong with it, in our words, and where.

use serde::de::IgnoredAny;
use serde_json::error::Category;

use super::mistake::{self, Mistake};

/// Whether a value can begin with this byte (RFC 8259 §3).
pub(super) fn begins_value(first: u8) -> bool {
    matches!(
        first,
        b'{' | b'[' | b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n'
    )
}

/// Reads the value that `text` begins with: it and its length, or where it breaks and why.
pub(super) fn read_one<'a, T: serde::Deserialize<'a>>(
    text: &'a str,
) -> Result<(T, usize), Mistake> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<T>();
    match values.next() {
        Some(Ok(value)) => Ok((value, values.byte_offset())),
        Some(Err(error)) => Err(mistake(&error, text.as_bytes())),
        None => Err(Mistake {
            is_cut: true,
            ..Mistake::new(0, "nothing where a value should be")
        }),
    }
}

/// The length of the value that `bytes` begin with, or where it breaks and why. Whether its strings are UTF-8 is not looked at.
pub(super) fn skip_one(bytes: &[u8]) -> Result<usize, Mistake> {
    let mut values = serde_json::Deserializer::from_slice(bytes).into_iter::<IgnoredAny>();
    match values.next() {
        Some(Err(error)) => Err(mistake(&error, bytes)),
        _ => Ok(values.byte_offset()),
    }
}

/// What `serde_json` complains of, in our words.
fn mistake(error: &serde_json::Error, bytes: &[u8]) -> Mistake {
    let text = error.to_string();
    let complaint = text
        .rfind(" at line ")
        .map_or(text.as_str(), |at| &text[..at]);
    let stopped = offset_of(error, bytes);
    Mistake {
        stopped,
        is_cut: error.classify() == Category::Eof,
        ..mistake::explain(bytes, stopped, complaint)
    }
}

/// The byte that a `serde_json` error means: its lines and columns count from 1, columns in bytes.
fn offset_of(error: &serde_json::Error, bytes: &[u8]) -> usize {
    let line_start = match error.line() {
        0 | 1 => 0,
        line => memchr::memchr_iter(b'\n', bytes)
            .nth(line - 2)
            .map_or(0, |newline| newline + 1),
    };
    (line_start + error.column().saturating_sub(1)).min(bytes.len())
}
