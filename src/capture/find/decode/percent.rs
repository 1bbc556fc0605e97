//! Percent-encoded values in forms (WHATWG URL §5) and URLs (RFC 3986 §2.1).
//!
//! The text around a value decides how `+` is read. So [`percent`] in `split` finds the value, and
//! it is only decoded here.
//!
//! [`percent`]: crate::capture::split::text::percent

use super::decoder::{DecodedPiece, Decoder, Detection, PieceContext, PieceKind};
use crate::capture::find::nested_text::{NestedText, NestedTextBuilder};
use crate::capture::split::text::percent::{PercentLexeme, lexeme};

pub(super) const DECODER: Decoder = Decoder {
    name: "percent-encoded value",
    detect,
    decode: |_, detection, _| DecodedPiece::detected(detection),
};

fn detect(bytes: &[u8], context: &PieceContext) -> Option<Detection> {
    match context.kind {
        PieceKind::Percent { is_form } => Some(Detection::Text(decode(bytes, is_form))),
        _ => None,
    }
}

/// Decodes percent-encoded text, in which `+` is a space if it `is_form`.
pub(crate) fn decode(bytes: &[u8], is_form: bool) -> NestedText {
    let mut text = NestedTextBuilder::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        at = match lexeme(bytes, at, is_form) {
            PercentLexeme::Byte(byte, next) if next == at + 1 => {
                text.add(at, &[byte]);
                next
            }
            PercentLexeme::Byte(byte, next) => {
                text.add_escaped_byte(at, byte);
                next
            }
            PercentLexeme::End | PercentLexeme::Invalid => break,
        };
    }
    text.finish(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::find::decode::tests::outer_offset;

    #[test]
    fn escapes_are_decoded_and_map_to_outer_offsets() {
        let bytes = b"%7B%22a%22%3A%22%2B+%C3%BC%22%7D";
        let text = decode(bytes, true);
        assert_eq!(text.bytes, r#"{"a":"+ ü"}"#.as_bytes());
        for (part, expected) in [("a", "a"), ("+", "%2B"), ("ü", "%C3"), ("}", "%7D")] {
            let at = outer_offset(&text, part);
            assert!(bytes[at..].starts_with(expected.as_bytes()), "{part}");
        }
        assert_eq!(decode(b"a+b%20", false).bytes, b"a+b ");
    }
}
