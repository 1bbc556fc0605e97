//! Reads a JSON value in quoted or escaped text, by one [`Convention`], up to its last bracket.

use std::ops::Range;

use super::convention::Convention;
use super::lexeme::Lexeme;
use crate::json::syntax::skip_value;
use crate::text::windows_1252;

/// A JSON value, decoded from quoted text.
pub(super) struct Reading {
    pub(super) convention: &'static Convention,
    /// The decoded value: one object or array.
    pub(super) text: String,
    /// Offset after the value in the quoted text.
    pub(super) end: usize,
    /// True if all escapes mean the same in every convention that has backslashes.
    pub(super) is_common: bool,
}

/// Why a value cannot be read by a convention.
pub(super) enum ReadingError {
    /// The text ends inside of the value.
    Truncated,
    Invalid(InvalidText),
}

/// Quoted text that is not a JSON value.
pub(super) struct InvalidText {
    /// Offset of the error in the quoted text.
    pub(super) offset: usize,
    pub(super) problem: String,
    /// Offset up to which the quoted text was read.
    pub(super) read_to: usize,
    /// True if the text may be valid, but has a variable, or a `^` of cmd, with an unknown value.
    pub(super) has_variable: bool,
}

impl ReadingError {
    /// An error at `offset`, where reading has stopped.
    fn invalid_at(offset: usize, problem: impl Into<String>) -> Self {
        Self::Invalid(InvalidText {
            offset,
            problem: problem.into(),
            read_to: offset,
            has_variable: false,
        })
    }
}

/// Reads the value whose first bracket is at `start` of `bytes`, in text that `quote` closes.
pub(super) fn read_value(
    bytes: &[u8],
    start: usize,
    convention: &'static Convention,
    quote: Option<u8>,
) -> Result<Reading, ReadingError> {
    let mut text = Vec::new();
    let mut extent = ValueExtent::default();
    let mut is_common = true;
    let mut languages = EscapeLanguages::default();
    let mut quotes = DoubleQuotes::default();
    let mut at = start;
    while !extent.is_closed {
        if at >= bytes.len() {
            return Err(ReadingError::Truncated);
        }
        let lexeme = convention.lexeme(bytes, at, quote);
        let mut utf8 = [0; 4];
        let Some((decoded, next)) = lexeme.decoded(bytes, at, &mut utf8) else {
            return Err(match lexeme {
                Lexeme::End if convention.may_be_joined(&bytes[at..]) => ReadingError::Truncated,
                Lexeme::End => {
                    let problem = "the quoted text ends in the middle of the value";
                    ReadingError::invalid_at(at, problem)
                }
                _ => ReadingError::Invalid(InvalidText {
                    offset: at,
                    problem: unknown_escape(bytes, at),
                    read_to: at,
                    has_variable: matches!(bytes[at], b'$' | b'%' | b'^'),
                }),
            });
        };
        is_common &= matches!(lexeme, Lexeme::Plain(_) | Lexeme::Common(..));
        if let Lexeme::Character(..) = lexeme
            && languages.add(&bytes[at..])
        {
            return Err(ReadingError::invalid_at(at, "escapes of two languages"));
        }
        if quotes.add(&lexeme, decoded) {
            let problem = "double quotes with and without a backslash";
            return Err(ReadingError::invalid_at(at, problem));
        }
        at = extent
            .add_decoded(decoded, at..next, &mut text)
            .map_err(|(at, problem)| ReadingError::invalid_at(at, problem))?;
    }
    let invalid = |offset: usize, problem: String| {
        ReadingError::Invalid(InvalidText {
            offset: quoted_offset(bytes, start, convention, quote, offset),
            problem,
            read_to: at,
            has_variable: false,
        })
    };
    let text = String::from_utf8(text).or_else(|error| {
        if str::from_utf8(&bytes[start..at]).is_err()
            && let Ok(text) = windows_1252::decode(error.as_bytes())
        {
            return Ok(text);
        }
        let problem = "the escaped bytes are not valid UTF-8".to_owned();
        Err(invalid(error.utf8_error().valid_up_to(), problem))
    })?;
    skip_value(text.as_bytes()).map_err(|error| {
        if extent.depth > 0 {
            // The last byte is a bracket behind an unclosed value.
            ReadingError::invalid_at(at - 1, error.problem)
        } else {
            invalid(error.offset, error.problem)
        }
    })?;
    Ok(Reading {
        convention,
        text,
        end: at,
        is_common,
    })
}

/// The languages whose escapes a text has.
#[derive(Default)]
struct EscapeLanguages {
    /// `\/`, `` \` `` or `\#`, as in JavaScript, PHP or Ruby.
    has_escaped_marks: bool,
    /// `\UHHHHHHHH`, as in Python, C or Go, which have none of the others.
    has_long_numbers: bool,
}

impl EscapeLanguages {
    /// Adds the escape at the start of `text`. Returns true if no language has all the escapes.
    fn add(&mut self, text: &[u8]) -> bool {
        match text {
            [b'\\', b'/' | b'`' | b'#', ..] => self.has_escaped_marks = true,
            [b'\\', b'U', ..] => self.has_long_numbers = true,
            _ => {}
        }
        self.has_escaped_marks && self.has_long_numbers
    }
}

/// How the double quotes of a text are written. A program that escapes one escapes all of them: a
/// single `\"` among other quotes is damage, and no sign of `MySQL`.
#[derive(Default)]
struct DoubleQuotes {
    has_plain: bool,
    has_escaped: bool,
}

impl DoubleQuotes {
    /// Adds a unit of the text. Returns true if some quotes are escaped and others are not.
    fn add(&mut self, lexeme: &Lexeme, decoded: &[u8]) -> bool {
        match lexeme {
            Lexeme::Plain(_) => self.has_plain |= memchr::memchr(b'"', decoded).is_some(),
            _ => self.has_escaped |= decoded == b"\"",
        }
        self.has_plain && self.has_escaped
    }
}

/// Why a decoded text ends.
pub(super) enum TextEnd {
    /// At its closing quote, or at the end of its cell.
    Closed,
    /// At an escape that the convention does not have.
    Invalid,
    /// At the end of the bytes.
    Bytes,
}

/// Decodes text from `start` by `convention`, to its end. Returns the decoded text, and the offset
/// and the kind of its end.
pub(super) fn decode_text(
    bytes: &[u8],
    start: usize,
    convention: &Convention,
    quote: Option<u8>,
) -> (Vec<u8>, usize, TextEnd) {
    let mut text = Vec::new();
    let mut at = start;
    while at < bytes.len() {
        let lexeme = convention.lexeme(bytes, at, quote);
        let mut utf8 = [0; 4];
        let Some((decoded, next)) = lexeme.decoded(bytes, at, &mut utf8) else {
            let end = match lexeme {
                Lexeme::End => TextEnd::Closed,
                _ => TextEnd::Invalid,
            };
            return (text, at, end);
        };
        text.extend_from_slice(decoded);
        at = next;
    }
    (text, at, TextEnd::Bytes)
}

/// Decodes text by `convention`, up to its end.
pub(super) fn decode(bytes: &[u8], convention: &Convention, quote: Option<u8>) -> Vec<u8> {
    decode_text(bytes, 0, convention, quote).0
}

/// The end of quoted text.
pub(super) enum QuotedText {
    /// All conventions give this text, up to this offset. The first of them.
    Same(Vec<u8>, usize, &'static Convention),
    /// They differ, or none of them can read the text.
    None,
    /// The text ends before its closing quote.
    Truncated,
}

/// Reads quoted text from `start` to its end by each convention, whether it is JSON or not. Also
/// returns the offset up to which the text was read.
pub(super) fn read_quoted_text(
    bytes: &[u8],
    start: usize,
    conventions: &[&'static Convention],
    quote: Option<u8>,
) -> (QuotedText, usize) {
    let mut read_to = start;
    let mut first: Option<(Vec<u8>, usize, &'static Convention)> = None;
    for convention in conventions {
        let (text, at, end) = decode_text(bytes, start, convention, quote);
        let is_valid = match end {
            TextEnd::Closed => true,
            TextEnd::Bytes if convention.is_cell() => true,
            TextEnd::Bytes => return (QuotedText::Truncated, bytes.len()),
            TextEnd::Invalid => false,
        };
        read_to = read_to.max(at);
        match &first {
            _ if !is_valid => {}
            None => first = Some((text, at, convention)),
            Some((other, end, _)) if *other == text && *end == at => {}
            Some(_) => return (QuotedText::None, read_to),
        }
    }
    let text = match first {
        Some((text, end, convention)) => QuotedText::Same(text, end, convention),
        None => QuotedText::None,
    };
    (text, read_to)
}

/// Offset in the quoted text of the byte at `decoded_offset` of the value that starts at `start`.
fn quoted_offset(
    bytes: &[u8],
    start: usize,
    convention: &Convention,
    quote: Option<u8>,
    decoded_offset: usize,
) -> usize {
    let (mut at, mut decoded) = (start, 0);
    while at < bytes.len() {
        let mut utf8 = [0; 4];
        let lexeme = convention.lexeme(bytes, at, quote);
        let Some((text, next)) = lexeme.decoded(bytes, at, &mut utf8) else {
            break;
        };
        let length = text.len();
        if decoded + length > decoded_offset {
            // Only plain bytes have offsets of their own.
            let is_plain = length == next - at;
            return at
                + if is_plain {
                    decoded_offset - decoded
                } else {
                    0
                };
        }
        (at, decoded) = (next, decoded + length);
    }
    at
}

/// Describes the text at `at`, which the convention does not have.
fn unknown_escape(bytes: &[u8], at: usize) -> String {
    let rest = String::from_utf8_lossy(&bytes[at..bytes.len().min(at + 5)]);
    let mut characters = rest.chars();
    match characters.next() {
        Some('$' | '%') => "a variable of a shell, whose value is unknown".to_owned(),
        Some('"') => "a quote that is not escaped".to_owned(),
        Some('^') => "a `^`, which cmd removes outside of quotes".to_owned(),
        Some(mark @ ('\\' | '`')) => {
            let letter = characters.next().unwrap_or_default();
            format!("unknown escape `{mark}{letter}`")
        }
        _ => "a curly quote, which PowerShell reads as the end of the text".to_owned(),
    }
}

/// Finds the end of a JSON value in text that is given piece by piece, and most text that is not
/// JSON. The value is then parsed as a whole.
#[derive(Default)]
pub(super) struct ValueExtent {
    depth: usize,
    /// A bit for each open bracket, the innermost one last: 1 for an array, 0 for an object.
    arrays: u128,
    /// The last byte outside of a string that is not white space: a quote for a string.
    last: Option<u8>,
    is_in_string: bool,
    is_escaped: bool,
    /// True after the last bracket of the value, and after a bracket that shows that it is invalid:
    /// text behind an unclosed value is not read, and the parser explains the error.
    is_closed: bool,
}

/// The parser reads no value that is nested deeper.
pub(super) const MAX_DEPTH: usize = 128;

impl ValueExtent {
    /// True if the value is complete, or certainly invalid.
    pub(super) fn is_closed(&self) -> bool {
        self.is_closed
    }

    /// Adds text. Returns the number of bytes that belong to the value, or the offset and the
    /// description of an error.
    pub(super) fn add(&mut self, text: &[u8]) -> Result<usize, (usize, &'static str)> {
        for (at, byte) in text.iter().enumerate() {
            if self.is_in_string {
                match byte {
                    _ if *byte < b' ' => {
                        return Err((at, "unescaped line break or tab in a string"));
                    }
                    _ if self.is_escaped => self.is_escaped = false,
                    b'\\' => self.is_escaped = true,
                    b'"' => self.is_in_string = false,
                    _ => {}
                }
                continue;
            }
            match byte {
                b'"' => self.is_in_string = true,
                b'{' | b'[' => self.open(*byte),
                b'}' | b']' => self.close(),
                // White space, numbers and the letters of `true`, `false` and `null`.
                _ if byte.is_ascii_digit() || b" \t\r\n:,+-.Eaeflnrstu".contains(byte) => {}
                _ => return Err((at, "text that is not JSON")),
            }
            if self.is_closed {
                return Ok(at + 1);
            }
            if !byte.is_ascii_whitespace() {
                self.last = Some(*byte);
            }
        }
        Ok(text.len())
    }

    /// Adds text that was decoded from the bytes at `range`. Appends the part that belongs to the
    /// value to `value`, and returns the offset after its bytes, or the offset and the description
    /// of an error.
    pub(super) fn add_decoded(
        &mut self,
        decoded: &[u8],
        range: Range<usize>,
        value: &mut Vec<u8>,
    ) -> Result<usize, (usize, &'static str)> {
        let used = self
            .add(decoded)
            .map_err(|(at, problem)| (range.start + at, problem))?;
        value.extend_from_slice(&decoded[..used]);
        // An escape is a whole; only plain bytes may go on behind the value.
        Ok(if used < decoded.len() {
            range.start + used
        } else {
            range.end
        })
    }

    fn open(&mut self, bracket: u8) {
        let is_value = match self.last {
            None | Some(b':') => true,
            Some(b',' | b'[') => self.arrays & 1 == 1,
            Some(_) => false,
        };
        self.is_closed = !is_value || self.depth == MAX_DEPTH;
        self.depth += 1;
        self.arrays = self.arrays << 1 | u128::from(bracket == b'[');
    }

    fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.arrays >>= 1;
        self.is_closed = self.depth == 0;
    }
}
