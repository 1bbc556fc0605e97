//! JSON in literals of SQL, programming languages and shells, in tab-separated cells, and in other
//! text with escapes.
//!
//! The text around a value decides how it is escaped, and where it ends. So [`literal`] in `split`
//! finds the value and its [`Convention`], and it is only decoded here.
//!
//! [`Convention`]: crate::capture::split::text::convention::Convention
//! [`literal`]: crate::capture::split::text::literal

use super::decoder::{DecodedPiece, Decoder, Detection, PieceContext, PieceKind};
use crate::capture::find::nested_text::{NestedText, NestedTextBuilder};
use crate::capture::split::text::convention::Convention;
use crate::capture::split::text::lexeme::Lexeme;

pub(super) const DECODER: Decoder = Decoder {
    name: "literal",
    detect,
    decode: |_, detection, _| DecodedPiece::detected(detection),
};

fn detect(bytes: &[u8], context: &PieceContext) -> Option<Detection> {
    match context.kind {
        PieceKind::Literal(convention, quote) => {
            Some(Detection::Text(unescape(bytes, convention, quote)))
        }
        _ => None,
    }
}

/// Decodes text that is escaped by `convention`, up to its end.
fn unescape(bytes: &[u8], convention: &Convention, quote: Option<u8>) -> NestedText {
    let mut text = NestedTextBuilder::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let lexeme = convention.lexeme(bytes, at, quote);
        let mut utf8 = [0; 4];
        let Some((decoded, end)) = lexeme.decoded(bytes, at, &mut utf8) else {
            break;
        };
        match lexeme {
            Lexeme::Plain(_) => text.add(at, decoded),
            _ => text.add_generated(at, decoded),
        }
        at = end;
    }
    text.finish(at)
}
