//! Values over several lines that have a common prefix: the `data:` of an event stream, the `>` of
//! a quotation, the name of a container, a time; and long lines that a container runtime has split.
//!
//! The prefix is known only from several lines, and the lines that belong together decide where a
//! batch may end. So [`marked_lines`] in `split` finds the lines, and they are only joined here.
//!
//! [`marked_lines`]: crate::capture::split::text::marked_lines

use super::decoder::{DecodedPiece, Decoder, Detection, PieceContext, PieceKind};

pub(super) const DECODER: Decoder = Decoder {
    name: "marked lines",
    detect,
    decode: |bytes, detection, _| vec![DecodedPiece::joined(bytes, detection)],
};

fn detect(_: &[u8], context: &PieceContext) -> Option<Detection> {
    match context.kind {
        PieceKind::MarkedLines(lines) => Some(Detection::Parts(lines.to_vec())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::find::decode::tests::outer_offset;

    #[test]
    fn lines_are_joined_and_map_to_outer_offsets() {
        let bytes = b"> {\n> \"a\": 1}";
        let text = DecodedPiece::joined(bytes, Detection::Parts(vec![2..4, 6..13])).text;
        assert_eq!(text.bytes, b"{\n\"a\": 1}");
        assert_eq!(outer_offset(&text, "1"), 11);
    }
}
