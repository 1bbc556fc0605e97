//! JSON arrays of byte values (0 to 255), such as the `data` of a Node.js `Buffer`, or a binary
//! message of journald.

use super::decoder::{DecodedPiece, Decoder, Detection, MIN_BODY_LEN, PieceContext, PieceKind};
use crate::capture::location::coding::Coding;

pub(super) const DECODER: Decoder = Decoder {
    name: "byte array",
    detect,
    decode: |_, detection, _| vec![DecodedPiece::opaque(detection, Coding::ByteArray)],
};

/// Certain if all elements are bytes, and enough for a body.
fn detect(bytes: &[u8], context: &PieceContext) -> Option<Detection> {
    if !matches!(context.kind, PieceKind::Array) {
        return None;
    }
    let elements = bytes.strip_prefix(b"[")?.strip_suffix(b"]")?;
    if !elements.trim_ascii_start().first()?.is_ascii_digit() {
        return None;
    }
    let elements = elements.split(|byte| *byte == b',');
    let bytes: Option<Vec<u8>> = elements.map(parse_byte).collect();
    bytes
        .filter(|bytes| bytes.len() >= MIN_BODY_LEN)
        .map(Detection::Bytes)
}

fn parse_byte(element: &[u8]) -> Option<u8> {
    let digits = std::str::from_utf8(element.trim_ascii()).ok()?;
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(array: &str) -> Option<Vec<u8>> {
        let context = PieceContext {
            kind: PieceKind::Array,
            pointer: "",
        };
        match detect(array.as_bytes(), &context)? {
            Detection::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    #[test]
    fn only_bytes_are_decoded() {
        let array = |element: &str| format!("[ {element}{} ]", ", 255".repeat(40));
        let bytes = decode(&array("123")).expect("bytes");
        assert_eq!((bytes[0], bytes[40]), (b'{', 255));
        for other in ["256", "-1", "1.5", "\"1\"", "[1]", "null"] {
            assert_eq!(decode(&array(other)), None, "{other}");
        }
        assert_eq!(decode("[1,2]"), None);
        assert_eq!(decode("[]"), None);
    }
}
