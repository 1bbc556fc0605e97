//! Text with escape sequences of terminals, such as colours, between and inside values.

use super::decoder::{DecodedPiece, Decoder, Detection, PieceContext, PieceKind};
use crate::capture::source::unpack::detect_coding;
use crate::capture::split::text::ansi::plain_parts;

pub(super) const DECODER: Decoder = Decoder {
    name: "terminal output",
    detect,
    decode: |bytes, detection, _| vec![DecodedPiece::joined(bytes, detection)],
};

fn detect(bytes: &[u8], context: &PieceContext) -> Option<Detection> {
    let may_be_printed = match context.kind {
        PieceKind::Text => detect_coding(bytes).is_none(),
        PieceKind::Printed => true,
        _ => false,
    };
    if !may_be_printed {
        return None;
    }
    plain_parts(bytes).map(Detection::Parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::find::decode::tests::outer_offset;

    #[test]
    fn sequences_are_removed_and_map_to_outer_offsets() {
        let bytes = b"\x1b[32m{\x1b[34m\"a\"\x1b[0m:1}";
        let context = PieceContext {
            kind: PieceKind::Text,
            pointer: "",
        };
        let detection = detect(bytes, &context).expect("colours");
        let text = DecodedPiece::joined(bytes, detection).text;
        assert_eq!(text.bytes, b"{\"a\":1}");
        assert_eq!(bytes[outer_offset(&text, "a")], b'a');
        assert_eq!(bytes[outer_offset(&text, "1")], b'1');
    }
}
