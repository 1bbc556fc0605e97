//! The parts of a text that are JSON, contain it, or look like it.

use std::ops::Range;

use super::convention::Convention;
use super::mail::MailPart;
use super::percent::PercentEncoded;
use super::refusal::Refusal;
use crate::json::repair::RepairedValue;
use crate::json::syntax_error::SyntaxError;

/// A part of a text that is JSON or contains it. Ranges are offsets in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TextPart {
    /// A well-formed JSON object or array.
    Value(Range<usize>),
    /// The rest of a quoted CSV cell, from its first bracket to its closing quote.
    Cell(Range<usize>),
    /// The rest of a JSON string, from its first bracket to its closing quote. It has only escapes
    /// of JSON.
    StringRest(Range<usize>),
    /// A JSON value in quoted or escaped text.
    Literal {
        /// From its first to its last bracket.
        range: Range<usize>,
        convention: &'static Convention,
        /// The quote around it, if there is one.
        quote: Option<u8>,
    },
    /// A percent-encoded JSON value, or one that is encoded several times.
    Percent(PercentEncoded),
    /// A JSON value in a log of `HAProxy`, with bytes as `#HH`.
    Haproxy(Range<usize>),
    /// Text or compressed data as hexadecimal digits.
    Hex(Range<usize>),
    /// A JSON value in which quotes are character references of HTML.
    Markup(Range<usize>),
    /// An encoded part of a mail message.
    Mail(MailPart),
    /// A value that was repaired, with the error in it.
    Repaired(Box<RepairedPart>),
    /// The lines of a value, without their common prefix.
    MarkedLines(Vec<Range<usize>>),
    /// The body of an HTTP message, which is chunked or compressed.
    MessageBody {
        /// The encoded body.
        range: Range<usize>,
        /// True if it is chunked.
        is_chunked: bool,
    },
}

impl TextPart {
    /// True if the text behind the line of the part does not change how it is read.
    pub(super) fn ends_with_line(&self) -> bool {
        matches!(
            self,
            Self::Value(_)
                | Self::Cell(_)
                | Self::StringRest(_)
                | Self::Literal { .. }
                | Self::MessageBody { .. }
        )
    }
}

/// A repaired value in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RepairedPart {
    /// Offset of the value.
    pub(crate) start: usize,
    pub(crate) value: RepairedValue,
    /// The error, relative to `start`.
    pub(crate) error: SyntaxError,
}

/// The result of reading on from one [`Stop`](super::stop::Stop).
pub(crate) enum Scanned {
    /// A part with JSON.
    Part(TextPart),
    /// Text that looks like JSON but is not valid.
    Invalid(SyntaxSuspect),
    /// Quoted text with a call that is not read.
    Refused(Refusal),
    /// Other text.
    Nothing,
}

/// Invalid text that looked like JSON.
pub(crate) struct SyntaxSuspect {
    /// Offset of its first bracket.
    pub(crate) start: usize,
    /// The error, relative to `start`.
    pub(crate) error: SyntaxError,
    /// End of the line with the error.
    pub(crate) line_end: usize,
    /// Offset up to which text decides the error.
    pub(crate) end: usize,
}
