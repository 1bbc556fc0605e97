//! Quoted CSV cells (RFC 4180), in which two quotes mean one.

use super::decoder::{DecodedPiece, Decoder, Detection, PieceContext, PieceKind};
use crate::capture::find::nested_text::{NestedText, NestedTextBuilder};

pub(super) const DECODER: Decoder = Decoder {
    name: "CSV cell",
    detect,
    decode: |bytes, _, _| vec![DecodedPiece::new(unquote(bytes))],
};

fn detect(_: &[u8], context: &PieceContext) -> Option<Detection> {
    matches!(context.kind, PieceKind::Cell).then_some(Detection::Whole)
}

/// Decodes a cell without its outer quotes.
fn unquote(cell: &[u8]) -> NestedText {
    let mut text = NestedTextBuilder::with_capacity(cell.len());
    let mut at = 0;
    while at < cell.len() {
        // The second of two quotes is skipped.
        at = text.add_through(b'"', cell, at) + 1;
    }
    text.finish(cell.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::find::decode::tests::outer_offset;

    #[test]
    fn two_quotes_become_one() {
        let text = unquote(br#"{""a"":""b""}"#);
        assert_eq!(text.bytes, br#"{"a":"b"}"#);
        assert_eq!(outer_offset(&text, "b"), 9);
    }
}
