//! Recognises encoded text: base64, JSON strings inside strings, and arrays of byte values.

use crate::json::{Json, Kind};

/// The minimum length in bytes of a text that can contain a body.
pub(crate) const MIN_BODY_LEN: usize = 40;

/// The base64 forms of the first bytes of JSON objects and arrays, HTTP requests, gzip and zstd.
const BASE64_PREFIXES: &[&str] = &[
    "ey", "ewo", "ewk", "ew0", "W3", "Ww", "UE9TV", "R0VUI", "UFVUI", "H4sI", "KLUv",
];

/// Names of members that hold base64 in many envelopes. Some envelopes flag the encoding in a
/// sibling member, others do not.
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

/// True if the string `text` at `pointer` may be base64: its first 32 characters are base64
/// digits, and either its member name or its prefix is typical of encoded payloads.
pub(crate) fn looks_like_base64(text: &str, pointer: &str) -> bool {
    const CHECKED_CHARACTERS: usize = 32;
    let is_digit =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_');
    let name = pointer.rsplit('/').next().unwrap_or_default();
    let has_prefix = || {
        BASE64_PREFIXES
            .iter()
            .any(|prefix| text.starts_with(prefix))
    };
    text.bytes()
        .take(CHECKED_CHARACTERS)
        .all(|byte| is_digit(&byte))
        && (BASE64_NAMES.contains(&name) || has_prefix())
}

/// Parses `bytes` as a single JSON string; `None` if they contain anything else.
pub(crate) fn as_json_string(bytes: &[u8]) -> Option<Json<'_>> {
    let text = bytes.trim_ascii();
    if text.first() != Some(&b'"') {
        return None;
    }
    serde_json::from_slice(text).ok()
}

/// Decodes an array of byte values (0 to 255), such as the `data` of a Node.js `Buffer`. Returns
/// `None` if an element is not a byte or the array is too short to contain a body.
pub(crate) fn as_byte_array(elements: &[Json]) -> Option<Vec<u8>> {
    if elements.len() < MIN_BODY_LEN || elements[0].kind() != Kind::Number {
        return None;
    }
    let bytes = elements.iter().map(|element| element.text().parse().ok());
    bytes.collect()
}
