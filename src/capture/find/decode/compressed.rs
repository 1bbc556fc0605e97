//! Gzip, zstd and UTF-16, by their first bytes, as in files.

use super::decoder::{DecodedPiece, Decoder, Detection, PieceContext, PieceKind};
use crate::capture::find::nested_text::NestedText;
use crate::capture::location::coding::Coding;
use crate::capture::location::source_map::SourceMap;
use crate::capture::source::unpack::{detect_coding, unpack};
use crate::capture::source::unpack_limit::UnpackLimit;

pub(super) const DECODER: Decoder = Decoder {
    name: "compression",
    detect,
    decode: |bytes, _, limit| decompress(bytes, limit).into_iter().collect(),
};

fn detect(bytes: &[u8], context: &PieceContext) -> Option<Detection> {
    let may_be_compressed = match context.kind {
        PieceKind::Text => true,
        PieceKind::MessageBody { is_chunked } => !is_chunked,
        _ => false,
    };
    (may_be_compressed && detect_coding(bytes).is_some()).then_some(Detection::Whole)
}

/// Decompresses `bytes`, or converts them from UTF-16. Data before an error is kept.
fn decompress(bytes: &[u8], limit: UnpackLimit) -> Option<DecodedPiece> {
    let unpacked = unpack(Box::new(bytes), limit).ok()?;
    let coding = unpacked.coding?;
    let mut reader = unpacked.reader;
    let mut text = Vec::new();
    let mut buffer = vec![0; 64 * 1024];
    let damage = loop {
        match std::io::Read::read(&mut reader, &mut buffer) {
            Ok(0) => break None,
            Ok(read) => text.extend_from_slice(&buffer[..read]),
            Err(error) => break Some(error.to_string()),
        }
        if let Some(error) = limit.check_value(text.len() as u64, Some(coding)) {
            break Some(error.to_string());
        }
    };
    let is_decoded = coding != Coding::Utf16 || !text.is_empty();
    is_decoded.then(|| {
        DecodedPiece::new(NestedText {
            damage,
            ..NestedText::new(text, SourceMap::Opaque(0, coding))
        })
    })
}
