//! JSON in logs of `HAProxy`, with bytes as `#HH`.
//!
//! The log decides where a value ends. So [`haproxy`] in `split` finds it, and it is only decoded
//! here.
//!
//! [`haproxy`]: crate::capture::split::text::haproxy

use super::decoder::{DecodedPiece, Decoder, Detection, PieceContext, PieceKind};
use crate::capture::find::nested_text::{NestedText, NestedTextBuilder};
use crate::capture::split::text::haproxy::{HaproxyLexeme, lexeme};

pub(super) const DECODER: Decoder = Decoder {
    name: "log of HAProxy",
    detect,
    decode: |_, detection, _| DecodedPiece::detected(detection),
};

fn detect(bytes: &[u8], context: &PieceContext) -> Option<Detection> {
    matches!(context.kind, PieceKind::Haproxy).then(|| Detection::Text(unescape(bytes)))
}

fn unescape(bytes: &[u8]) -> NestedText {
    let mut text = NestedTextBuilder::with_capacity(bytes.len());
    let is_capture = bytes.starts_with(b"#");
    let mut at = 0;
    while at < bytes.len() {
        at = match lexeme(bytes, at, is_capture) {
            HaproxyLexeme::Plain(next) => {
                text.add(at, &bytes[at..next]);
                next
            }
            HaproxyLexeme::Byte(byte, next) => {
                text.add_escaped_byte(at, byte);
                next
            }
            HaproxyLexeme::End | HaproxyLexeme::Invalid => break,
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
        let bytes = b"#7B#22a#22:#22#C3#BC #23#22#7D";
        let text = unescape(bytes);
        assert_eq!(text.bytes, r#"{"a":"ü #"}"#.as_bytes());
        assert_eq!(outer_offset(&text, "ü"), 14);
        assert_eq!(unescape(b"{#22a#22:1}").bytes, br#"{"a":1}"#);
    }
}
