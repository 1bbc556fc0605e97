//! The encoded forms that text can have inside of other text. Each form has one file here with a
//! [`Decoder`], and its line in [`DECODERS`].
//!
//! To add a form, write its file, add its module and its line in the list, and save a sample with
//! it in `samples/captures/`. A decoder gets one piece: a string, a cell, an array, a message body
//! or a decoded text. The search decodes the result again, to a fixed depth, so that a decoder
//! removes one coding only.
//!
//! Detection is certain or negative, never a guess, and at most one decoder is certain for any
//! piece.
//!
//! These forms are decoded elsewhere:
//!
//! - Compressed files are unpacked as a stream, because they may be larger than memory: see
//!   [`unpack`](crate::capture::source::unpack).
//! - Docker and journald split a value into several records. The search joins them, because a
//!   decoder gets one piece only: see [`record_runs`](super::record_runs).

mod base64;
mod byte_array;
mod chunked;
mod compressed;
mod csv_cell;
pub(crate) mod json_string;
mod marked_lines;

use std::ops::Range;

use super::nested_text::{NestedText, join_parts};
use crate::capture::location::coding::Coding;
use crate::capture::location::source_map::SourceMap;
use crate::capture::source::unpack::UnpackLimit;

/// All decoders. The order does not matter.
const DECODERS: &[Decoder] = &[
    json_string::DECODER,
    base64::DECODER,
    byte_array::DECODER,
    compressed::DECODER,
    csv_cell::DECODER,
    chunked::DECODER,
    marked_lines::DECODER,
];

/// The minimum length in bytes of a text that can contain a body.
pub(crate) const MIN_BODY_LEN: usize = 40;

/// Decodes one encoded form.
struct Decoder {
    /// Name of the form.
    #[cfg_attr(not(test), expect(dead_code, reason = "only tests name decoders"))]
    name: &'static str,
    /// Returns what decoding needs if the piece certainly has this form, else `None`.
    detect: fn(&[u8], &PieceContext) -> Option<Detection>,
    /// Decodes a piece that was detected. Offsets in the maps are relative to the piece. Data
    /// beyond the limit is damage of the text, see [`NestedText::damage`].
    decode: fn(&[u8], Detection, UnpackLimit) -> Vec<DecodedPiece>,
}

/// The surroundings of a piece.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PieceContext<'a> {
    pub(crate) kind: PieceKind<'a>,
    /// JSON Pointer to the value that is or contains the piece.
    pub(crate) pointer: &'a str,
}

impl<'a> PieceContext<'a> {
    /// Name of the member, or index of the element, that is or contains the piece.
    fn member(&self) -> &'a str {
        self.pointer.rsplit('/').next().unwrap_or_default()
    }
}

/// The kind of a piece: how its bytes were delimited.
#[derive(Clone, Copy, Debug)]
pub(crate) enum PieceKind<'a> {
    /// A JSON array, with its brackets.
    Array,
    /// A JSON string, without its quotes.
    String,
    /// The rest of a JSON string in other text, from its first bracket to its closing quote.
    StringRest,
    /// The rest of a quoted CSV cell, from its first bracket to its closing quote.
    Cell,
    /// Text with these lines of one value, given without their common prefix.
    MarkedLines(&'a [Range<usize>]),
    /// The body of an HTTP message, which its head declares as chunked or not.
    MessageBody { is_chunked: bool },
    /// A decoded text.
    Text,
}

/// The result of a certain detection, so that decoding need not repeat the work.
enum Detection {
    /// The whole piece is encoded.
    Whole,
    /// These ranges of the piece belong together.
    Parts(Vec<Range<usize>>),
    /// The decoded bytes, if only decoding them gives certainty.
    Bytes(Vec<u8>),
}

/// A text decoded from a piece.
pub(crate) struct DecodedPiece {
    /// Name of the text if the form has names, such as the fields of a form.
    pub(crate) member: Option<String>,
    pub(crate) text: NestedText,
}

impl DecodedPiece {
    /// A text without a name.
    fn new(text: NestedText) -> Self {
        Self { member: None, text }
    }

    /// The bytes that detection has decoded. Their offsets do not map to the piece.
    fn opaque(detection: Detection, coding: Coding) -> Self {
        let bytes = match detection {
            Detection::Bytes(bytes) => bytes,
            Detection::Whole | Detection::Parts(_) => Vec::new(),
        };
        Self::new(NestedText::new(bytes, SourceMap::Opaque(0, coding)))
    }

    /// The parts of `bytes` that detection has found, joined.
    fn joined(bytes: &[u8], detection: Detection) -> Self {
        let parts = match detection {
            Detection::Parts(parts) => parts,
            Detection::Whole | Detection::Bytes(_) => Vec::new(),
        };
        Self::new(join_parts(bytes, &parts))
    }
}

/// Decodes a piece that starts at `start` in its outer text. Returns `None` if no decoder is
/// certain.
pub(crate) fn decode(
    bytes: &[u8],
    start: usize,
    context: &PieceContext,
    limit: UnpackLimit,
) -> Option<Vec<DecodedPiece>> {
    #[cfg(test)]
    tests::check_piece(bytes, context);
    let (decoder, detection) = DECODERS
        .iter()
        .find_map(|decoder| Some((decoder, (decoder.detect)(bytes, context)?)))?;
    let mut pieces = (decoder.decode)(bytes, detection, limit);
    for piece in &mut pieces {
        piece.text.source_map.shift(start);
    }
    Some(pieces)
}

#[cfg(test)]
mod tests;
