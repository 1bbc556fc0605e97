//! The parts of a text that the search for a cut has found. With them, the search for calls does
//! not scan the text again.

use std::ops::Range;

use super::convention::Convention;
use super::stop::{Stop, StopKind};
use super::text_part::TextPart;

/// The stops of a text, in order, with the part at each. They are those of a scanner of the whole
/// text. Without them, `list` of a log takes a fifth longer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TextScan(pub(super) Vec<KnownStop>);

/// A stop, and the part that is read there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct KnownStop {
    pub(super) offset: usize,
    pub(super) kind: StopKind,
    /// Offset up to which the text has been read then.
    pub(super) end: usize,
    pub(super) part: Option<KnownPart>,
}

/// The parts whose reading does not depend on the text behind their line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum KnownPart {
    Value(Range<usize>),
    Cell(Range<usize>),
    StringRest(Range<usize>),
    Literal(Range<usize>, &'static Convention, Option<u8>),
    MessageBody(Range<usize>, bool),
}

impl KnownPart {
    pub(super) fn of(part: &TextPart) -> Option<Self> {
        Some(match part {
            TextPart::Value(range) => Self::Value(range.clone()),
            TextPart::Cell(range) => Self::Cell(range.clone()),
            TextPart::StringRest(range) => Self::StringRest(range.clone()),
            TextPart::Literal {
                range,
                convention,
                quote,
            } => Self::Literal(range.clone(), convention, *quote),
            TextPart::MessageBody { range, is_chunked } => {
                Self::MessageBody(range.clone(), *is_chunked)
            }
            _ => return None,
        })
    }

    fn to_part(&self) -> TextPart {
        match self.clone() {
            Self::Value(range) => TextPart::Value(range),
            Self::Cell(range) => TextPart::Cell(range),
            Self::StringRest(range) => TextPart::StringRest(range),
            Self::Literal(range, convention, quote) => TextPart::Literal {
                range,
                convention,
                quote,
            },
            Self::MessageBody(range, is_chunked) => TextPart::MessageBody { range, is_chunked },
        }
    }
}

impl KnownStop {
    pub(super) fn stop(&self) -> Stop {
        Stop {
            offset: self.offset,
            kind: self.kind,
        }
    }

    pub(super) fn part(&self) -> Option<TextPart> {
        self.part.as_ref().map(KnownPart::to_part)
    }
}
