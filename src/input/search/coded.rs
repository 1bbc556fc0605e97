//! What text that is coded looks like: base64, strings in strings, arrays of bytes.

use crate::json::{Json, Kind};

/// Text shorter than this holds no body.
pub(super) const SHORTEST: usize = 40;

/// What the first bytes of text look like as base64: `{`, `[`, an HTTP request, gzip, zstd.
const BASE64_HEADS: &[&str] = &[
    "ey", "ewo", "ewk", "ew0", "W3", "Ww", "UE9TV", "R0VUI", "UFVUI", "H4sI", "KLUv",
];

/// Members that hold base64 in many envelopes, flagged by a sibling or not.
const BASE64_NAMES: &[&str] = &[
    "body",
    "content",
    "$content",
    "data",
    "data_base64",
    "message",
    "payload",
    "raw",
    "rawBody",
    "raw_body",
    "text",
    "value",
];

/// Whether the `text` of a string at `pointer` may be base64: its first characters are.
pub(super) fn seems_base64(text: &str, pointer: &str) -> bool {
    const LOOK: usize = 32;
    let is_digit =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_');
    let name = pointer.rsplit('/').next().unwrap_or_default();
    let has_head = || BASE64_HEADS.iter().any(|head| text.starts_with(head));
    text.bytes().take(LOOK).all(|byte| is_digit(&byte))
        && (BASE64_NAMES.contains(&name) || has_head())
}

/// The JSON string that `bytes` are, if they are nothing else.
pub(super) fn whole_string(bytes: &[u8]) -> Option<Json<'_>> {
    let text = bytes.trim_ascii();
    if text.first() != Some(&b'"') {
        return None;
    }
    serde_json::from_slice(text).ok()
}

/// The bytes that an array of numbers stands for, if they can be text with a body in it.
pub(super) fn bytes_of(elements: &[Json]) -> Option<Vec<u8>> {
    if elements.len() < SHORTEST || elements[0].kind() != Kind::Number {
        return None;
    }
    let bytes = elements.iter().map(|element| element.text().parse().ok());
    bytes.collect()
}
