//! The interface of decoders: what they get, and what they return.

use std::ops::Range;

use crate::call::contract_object::ContractObject;
use crate::capture::find::nested_text::{NestedText, join_parts};
use crate::capture::location::coding::Coding;
use crate::capture::location::source_map::SourceMap;
use crate::capture::source::unpack_limit::UnpackLimit;
use crate::capture::split::text::convention::Convention;

/// The minimum length in bytes of a text that can contain a body.
pub(crate) const MIN_BODY_LEN: usize = 40;

/// Decodes one encoded form.
pub(super) struct Decoder {
    /// Name of the form.
    #[cfg_attr(not(test), expect(dead_code, reason = "only tests name decoders"))]
    pub(super) name: &'static str,
    /// Returns what decoding needs if the piece certainly has this form, else `None`.
    pub(super) detect: fn(&[u8], &PieceContext) -> Option<Detection>,
    /// Decodes a piece that was detected. Offsets in the maps are relative to the piece. Data
    /// beyond the limit is damage of the text, see [`NestedText::damage`].
    pub(super) decode: fn(&[u8], Detection, UnpackLimit) -> Vec<DecodedPiece>,
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
    pub(super) fn member(&self) -> &'a str {
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
    /// A JSON value in text with this convention, which this quote would close.
    Literal(&'static Convention, Option<u8>),
    /// Percent-encoded text, in which `+` is a space if it is a form.
    Percent { is_form: bool },
    /// Text with these lines of one value, given without their common prefix.
    MarkedLines(&'a [Range<usize>]),
    /// The body of an HTTP message, which its head declares as chunked or not.
    MessageBody { is_chunked: bool },
    /// A JSON value with bytes as `#HH`.
    Haproxy,
    /// Hexadecimal digits.
    Hex,
    /// A JSON value in which quotes are character references of HTML.
    Markup,
    /// A page in HTML.
    Html,
    /// The text of a message in Slack.
    SlackText,
    /// Text of a source, in which escape sequences of terminals may be.
    Printed,
    /// The object of a body, which is the whole piece.
    Body(&'a ContractObject<'a>),
    /// A decoded text.
    Text,
}

/// The result of a certain detection, so that decoding need not repeat the work.
pub(super) enum Detection {
    /// The whole piece is encoded.
    Whole,
    /// These ranges of the piece belong together.
    Parts(Vec<Range<usize>>),
    /// The decoded bytes, if only decoding them gives certainty.
    Bytes(Vec<u8>),
    /// The decoded text with its map, if only decoding it gives certainty.
    Text(NestedText),
}

/// A text decoded from a piece.
pub(crate) struct DecodedPiece {
    /// Name of the text if the form has names, such as the fields of a form.
    pub(crate) member: Option<String>,
    pub(crate) text: NestedText,
}

impl DecodedPiece {
    /// A text without a name.
    pub(super) fn new(text: NestedText) -> Self {
        Self { member: None, text }
    }

    /// The bytes that detection has decoded. Their offsets do not map to the piece.
    pub(super) fn opaque(detection: Detection, coding: Coding) -> Self {
        let bytes = match detection {
            Detection::Bytes(bytes) => bytes,
            Detection::Whole | Detection::Parts(_) | Detection::Text(_) => Vec::new(),
        };
        Self::new(NestedText::new(bytes, SourceMap::Opaque(0, coding)))
    }

    /// The parts of `bytes` that detection has found, joined.
    pub(super) fn joined(bytes: &[u8], detection: Detection) -> Self {
        let parts = match detection {
            Detection::Parts(parts) => parts,
            Detection::Whole | Detection::Bytes(_) | Detection::Text(_) => Vec::new(),
        };
        Self::new(join_parts(bytes, &parts))
    }

    /// The text that detection has decoded, if it has.
    pub(super) fn detected(detection: Detection) -> Vec<Self> {
        match detection {
            Detection::Text(text) => vec![Self::new(text)],
            Detection::Whole | Detection::Parts(_) | Detection::Bytes(_) => Vec::new(),
        }
    }
}
