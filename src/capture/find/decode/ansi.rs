//! Text with escape sequences of terminals, such as colours, between and inside values.

use std::ops::Range;

use super::decoder::{DecodedPiece, Decoder, Detection, PieceContext, PieceKind};
use crate::capture::find::nested_text::{NestedText, NestedTextBuilder};
use crate::capture::source::unpack::detect_coding;
use crate::capture::split::text::ansi::{Motion, motion, plain_parts};

pub(super) const DECODER: Decoder = Decoder {
    name: "terminal output",
    detect,
    decode: |_, detection, _| DecodedPiece::detected(detection),
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
    let parts = plain_parts(bytes)?;
    Some(Detection::Text(join(bytes, &parts)))
}

/// Joins the parts between escape sequences. Columns that are skipped become spaces. The text after
/// any other motion inside a string is not known: it is marked, so that its value is reported.
fn join(bytes: &[u8], parts: &[Range<usize>]) -> NestedText {
    let mut text = NestedTextBuilder::with_capacity(bytes.len());
    let mut is_in_string = false;
    let mut end = 0;
    for part in parts {
        match motion(&bytes[end..part.start]) {
            Motion::Forward(columns) => text.add_generated(end, &b" ".repeat(columns)),
            Motion::Other if is_in_string => text.add_unknown(end),
            Motion::None | Motion::Other => {}
        }
        let plain = &bytes[part.clone()];
        text.add_part(part.start, plain);
        is_in_string = ends_in_string(plain, is_in_string);
        end = part.end;
    }
    text.finish(bytes.len())
}

/// True if `text` ends inside a JSON string. It starts inside one if `is_in_string`. A string ends
/// with its line.
fn ends_in_string(text: &[u8], mut is_in_string: bool) -> bool {
    let mut at = 0;
    while let Some(length) = memchr::memchr3(b'"', b'\\', b'\n', text.get(at..).unwrap_or_default())
    {
        at += length;
        match text[at] {
            b'"' => is_in_string = !is_in_string,
            b'\n' => is_in_string = false,
            _ => at += usize::from(is_in_string),
        }
        at += 1;
    }
    is_in_string
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
        let text = DecodedPiece::detected(detection).remove(0).text;
        assert_eq!(text.bytes, b"{\"a\":1}");
        assert_eq!(bytes[outer_offset(&text, "a")], b'a');
        assert_eq!(bytes[outer_offset(&text, "1")], b'1');
    }

    #[test]
    fn columns_are_spaces_and_other_motions_are_unknown_text() {
        let join = |text: &str| {
            let text = text.as_bytes();
            join(text, &plain_parts(text).expect("sequences")).bytes
        };
        assert_eq!(
            join("{\"a\":\"Guten\x1b[5CTag\x1b[C.\"}"),
            b"{\"a\":\"Guten     Tag .\"}"
        );
        assert_eq!(
            join("{\"a\":\"Togab\x1b[2Dag\"}"),
            b"{\"a\":\"Togab\x9d\xffag\"}"
        );
        assert_eq!(
            join("\x1b[2J\x1b[H{\"a\":1}\x1b[1;5H{\"b\":\"\x1b[m\x1b[Kx\"}"),
            b"{\"a\":1}{\"b\":\"x\"}"
        );
    }
}
