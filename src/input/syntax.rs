//! One JSON value off the beginning of a text, or what is wrong with it, in our words, and where.

use serde::de::IgnoredAny;
use serde_json::error::Category;

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
) -> Result<(T, usize), (usize, String, Category)> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<T>();
    match values.next() {
        Some(Ok(value)) => Ok((value, values.byte_offset())),
        Some(Err(error)) => Err(complaint(&error, text.as_bytes())),
        None => Err((
            0,
            "nothing where a value should be".to_owned(),
            Category::Eof,
        )),
    }
}

/// The length of the value that `bytes` begin with, or where it breaks and why. Whether its strings are UTF-8 is not looked at.
pub(super) fn skip_one(bytes: &[u8]) -> Result<usize, (usize, String, Category)> {
    let mut values = serde_json::Deserializer::from_slice(bytes).into_iter::<IgnoredAny>();
    match values.next() {
        Some(Err(error)) => Err(complaint(&error, bytes)),
        _ => Ok(values.byte_offset()),
    }
}

fn complaint(error: &serde_json::Error, bytes: &[u8]) -> (usize, String, Category) {
    (offset_of(error, bytes), problem(error), error.classify())
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

/// What `serde_json` complains of, as what was found instead of well-formed JSON.
fn problem(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let complaint = text
        .rfind(" at line ")
        .map_or(text.as_str(), |at| &text[..at]);
    if let Some(what) = complaint.strip_prefix("EOF while parsing ") {
        return format!("the end of the text in the middle of {what}");
    }
    let found = match complaint {
        "expected value" | "expected ident" => "text that is no JSON value",
        "trailing comma" => "a comma after the last member",
        "trailing characters" => "more text right after the value",
        "key must be a string" => "a member name without quotes",
        "expected `:`" => "a member name without `:` behind it",
        "expected `,` or `}`" => "a member without `,` or `}` behind it",
        "expected `,` or `]`" => "an element without `,` or `]` behind it",
        "invalid escape" => "an escape in a string that JSON does not know",
        "invalid number" => "a number that is not written as JSON wants it",
        control if control.starts_with("control character") => {
            "a raw control character in a string; JSON wants it escaped (a line break as \\n)"
        }
        other => other,
    };
    found.to_owned()
}
