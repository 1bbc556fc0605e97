//! The encoded forms that text can have inside of other text. Each form has one file here with a
//! [`Decoder`], and its line in [`DECODERS`].
//!
//! To add a form, write its file, add its module and its line in the list, and save a sample with
//! it in `samples/captures/`. A decoder gets one piece: a string, a cell, an array, a body, a
//! message body or a decoded text. The search decodes the result again, to a fixed depth, so that a
//! decoder removes one coding only. Text that is not one of these pieces also needs a `TextPart` in
//! `src/capture/split/text/scanner.rs`, and its kind of piece in `src/capture/find/texts.rs`.
//!
//! For a form of text that may contain `{`, detect [`PieceKind::Text`], not [`PieceKind::String`]:
//! `json_string` is certain of every string with a brace, and removes its escapes first. Copy the
//! decoded text with a [`NestedTextBuilder`], which maps its offsets to the piece.
//!
//! [`NestedTextBuilder`]: crate::capture::find::nested_text::NestedTextBuilder
//!
//! Detection is certain or negative, never a guess, and at most one decoder is certain for any
//! piece.
//!
//! These forms are decoded elsewhere:
//!
//! - Compressed files are unpacked as a stream, because they may be larger than memory: see
//!   [`unpack`](crate::capture::source::unpack).
//! - A part of a mail message has up to three encodings, and its head declares them: see [`mail`].
//! - A value that is not UTF-8 may be Windows-1252. That is decided before it is parsed: see
//!   [`encoding`](super::encoding).
//! - Docker and journald split a value into several records. The search joins them, because a
//!   decoder gets one piece only: see [`record_runs`](super::record_runs).

mod ansi;
mod base64;
mod byte_array;
mod chunked;
mod compressed;
mod csv_cell;
mod decoder;
mod flatted;
mod haproxy;
mod hex;
mod html;
pub(crate) mod json_string;
mod literal;
pub(crate) mod mail;
mod marked_lines;
pub(crate) mod percent;
mod rewriter;
mod slack;
mod typed_json;
mod typed_values;

use crate::capture::source::unpack_limit::UnpackLimit;
use decoder::Decoder;
pub(crate) use decoder::{DecodedPiece, MIN_BODY_LEN, PieceContext, PieceKind};

/// All decoders. The order does not matter.
const DECODERS: &[Decoder] = &[
    json_string::DECODER,
    ansi::DECODER,
    base64::DECODER,
    byte_array::DECODER,
    compressed::DECODER,
    csv_cell::DECODER,
    chunked::DECODER,
    literal::DECODER,
    marked_lines::DECODER,
    percent::DECODER,
    haproxy::DECODER,
    hex::DECODER,
    html::DECODER,
    slack::DECODER,
    flatted::DECODER,
    typed_json::DECODER,
];

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
