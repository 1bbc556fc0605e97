//! Chunked bodies of HTTP messages (RFC 9112 §7.1).

use super::decoder::{DecodedPiece, Decoder, Detection, PieceContext, PieceKind};
use crate::capture::split::text::http::{ChunkedBody, parse_chunks};

pub(super) const DECODER: Decoder = Decoder {
    name: "chunked body",
    detect,
    decode: |bytes, detection, _| vec![DecodedPiece::joined(bytes, detection)],
};

fn detect(bytes: &[u8], context: &PieceContext) -> Option<Detection> {
    if !matches!(context.kind, PieceKind::MessageBody { is_chunked: true }) {
        return None;
    }
    match parse_chunks(bytes) {
        ChunkedBody::Whole(chunks, _) => Some(Detection::Parts(chunks)),
        ChunkedBody::Unfinished | ChunkedBody::None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::find::decode::tests::outer_offset;

    #[test]
    fn chunks_are_joined_and_map_to_outer_offsets() {
        let body = b"4;x=y\r\n{\"a\"\r\n3\r\n:1}\r\n0\r\n\r\n";
        let context = |is_chunked| PieceContext {
            kind: PieceKind::MessageBody { is_chunked },
            pointer: "",
        };
        let detection = detect(body, &context(true)).expect("chunked");
        let text = DecodedPiece::joined(body, detection).text;
        assert_eq!(text.bytes, b"{\"a\":1}");
        assert_eq!(body[outer_offset(&text, "1")], b'1');
        assert!(detect(body, &context(false)).is_none());
    }
}
