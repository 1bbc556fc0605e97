//! Base64 (RFC 4648) in strings, in the standard or the URL-safe alphabet.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::decoder::{DecodedPiece, Decoder, Detection, PieceContext, PieceKind};
use super::hex::is_hex_string;
use super::json_string::unescape;
use crate::capture::location::coding::Coding;

pub(super) const DECODER: Decoder = Decoder {
    name: "base64",
    detect,
    decode: |_, detection, _| vec![DecodedPiece::opaque(detection, Coding::Base64)],
};

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

fn detect(bytes: &[u8], context: &PieceContext) -> Option<Detection> {
    if !matches!(context.kind, PieceKind::String) {
        return None;
    }
    let start = &bytes[..bytes.len().min(CHECKED_ESCAPES)];
    let unescaped_start = memchr::memchr(b'\\', start).map(|_| unescape(start).bytes);
    let start = unescaped_start.as_deref().unwrap_or(start);
    if !looks_like_base64(start, context.member()) || is_hex_string(bytes) {
        return None;
    }
    let decoded = if memchr::memchr(b'\\', bytes).is_some() {
        decode(&unescape(bytes).bytes)
    } else {
        decode(bytes)
    };
    decoded.map(Detection::Bytes)
}

/// Number of digits that are checked before a text is decoded.
const CHECKED_DIGITS: usize = 32;

/// Number of bytes that hold these digits, even if all are escaped, as in `\u0065`.
const CHECKED_ESCAPES: usize = 6 * CHECKED_DIGITS;

/// True if `text`, the start of the value of `member`, may be base64: its first 32 characters are
/// base64 digits, and either its member name or its prefix is typical of encoded payloads.
fn looks_like_base64(text: &[u8], member: &str) -> bool {
    let is_digit =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_');
    let has_prefix = || {
        BASE64_PREFIXES
            .iter()
            .any(|prefix| text.starts_with(prefix.as_bytes()))
    };
    text.iter().take(CHECKED_DIGITS).all(is_digit)
        && (BASE64_NAMES.contains(&member) || has_prefix())
}

/// Both alphabets, with or without padding.
const BASE64: [GeneralPurpose; 2] = [
    base64_engine(&alphabet::STANDARD),
    base64_engine(&alphabet::URL_SAFE),
];

const fn base64_engine(alphabet: &alphabet::Alphabet) -> GeneralPurpose {
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    GeneralPurpose::new(alphabet, config)
}

/// Decodes base64 with or without line breaks. Returns `None` if `text` is not base64.
fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let joined_lines: Vec<u8>;
    let text = if text.iter().any(u8::is_ascii_whitespace) {
        let digits = text.iter().filter(|byte| !byte.is_ascii_whitespace());
        joined_lines = digits.copied().collect();
        &joined_lines
    } else {
        text
    };
    BASE64.iter().find_map(|engine| engine.decode(text).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// PHP escapes each slash, and some writers escape every character.
    #[test]
    fn digits_may_be_escaped() {
        let context = PieceContext {
            kind: PieceKind::String,
            pointer: "/payload",
        };
        for text in [
            r"eyJhIjoiPz8\/Pz8\/Pz8\/Pz4+Pj4+Pj4+Pj4\/Pz8\/Pz8\/Pz8\/In0=",
            r"\u0065yJhIjoiPz8/Pz8/Pz8/Pz4+Pj4+Pj4+Pj4/Pz8/Pz8/Pz8/In0=",
            concat!(
                r"\u0065\u0079\u004a\u0068\u0049\u006a\u006f\u0069\u0050\u007a\u0038\u002f\u0050\u007a",
                r"\u0038\u002f\u0050\u007a\u0038\u002f\u0050\u007a\u0034\u002b\u0050\u006a\u0034\u002b",
                r"\u0050\u006a\u0034\u002b\u0050\u006a\u0034\u002f\u0050\u007a\u0038\u002fPz8/Pz8/In0=",
            ),
        ] {
            let Some(Detection::Bytes(bytes)) = detect(text.as_bytes(), &context) else {
                panic!("{text}");
            };
            assert!(bytes.starts_with(br#"{"a":"??????????>"#), "{text}");
        }
        for text in [r"\u0020eyJhIjoi", "ey \\", r"eyJh\"] {
            assert!(detect(text.as_bytes(), &context).is_none(), "{text}");
        }
    }

    #[test]
    fn base64_is_decoded_in_both_alphabets() {
        for text in ["eyJhIjoiPz8_In0", "eyJhIjoiPz8/In0=", "eyJhIjoi\nPz8/In0="] {
            let decoded = decode(text.as_bytes()).expect("base64");
            assert_eq!(decoded, br#"{"a":"???"}"#);
        }
        assert!(decode(b"not base64!").is_none());
    }
}
