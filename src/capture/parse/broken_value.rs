//! Values that are broken JSON, with the errors that only documents have.

use crate::json::repair::RepairedValue;
use crate::json::syntax_error::SyntaxError;
use crate::json::white_space::lenient_space_length;

/// Text that should be a JSON value but is not.
#[derive(Debug, PartialEq, Eq)]
pub struct BrokenValue {
    /// Byte offset in the batch where the value starts.
    pub(crate) start: usize,
    /// Byte offset in the batch where the error shows.
    pub(crate) offset: usize,
    /// Index in the top-level array, from 0; `None` outside an array.
    pub(crate) element: Option<u64>,
    /// Description of the error: a phrase without a full stop.
    pub(crate) problem: String,
    /// Advice on how to fix it, if there is any.
    pub(crate) help: Option<&'static str>,
    /// Byte offset in the batch where reading continues.
    pub(crate) end: usize,
    /// True for a whole value that is not UTF-8. Its encoding decides if it is broken.
    pub(crate) is_not_utf8: bool,
    /// True for plain text between values. It is only worth reporting if no call is found in it.
    pub(crate) is_text: bool,
    /// True if plain text was already reported and no value came in between: one message is enough.
    pub(crate) is_reported: bool,
    /// The repaired value, if only one repair is possible.
    pub(crate) repaired: Option<Box<RepairedValue>>,
}

impl BrokenValue {
    /// A broken value with this problem at `offset` of the batch. Its start and end are there too.
    pub(super) fn new(offset: usize, problem: impl Into<String>) -> Self {
        Self {
            start: offset,
            offset,
            element: None,
            problem: problem.into(),
            help: None,
            end: offset,
            is_not_utf8: false,
            is_text: false,
            is_reported: false,
            repaired: None,
        }
    }
}

/// The comma before the bracket at `offset` that closes a top-level array.
pub(super) fn trailing_comma(offset: usize) -> BrokenValue {
    BrokenValue {
        help: Some(REMOVE_COMMA),
        repaired: Some(Box::default()),
        ..BrokenValue::new(offset, TRAILING_COMMA)
    }
}

/// The comments, and the white space that JSON does not allow, at `offset` of a top-level array.
pub(super) fn misplaced_space(bytes: &[u8], offset: usize) -> Option<BrokenValue> {
    let length = lenient_space_length(&bytes[offset..]).filter(|length| *length > 0)?;
    let broken = foreign_space(offset, offset + length);
    if !matches!(bytes[offset], b'/' | b'#') {
        return Some(broken);
    }
    Some(BrokenValue {
        problem: "comment".to_owned(),
        help: Some("remove it: JSON has no comments"),
        ..broken
    })
}

/// The white space from `start` to `end` that JSON does not allow.
pub(super) fn foreign_space(start: usize, end: usize) -> BrokenValue {
    BrokenValue {
        help: Some("replace it by spaces"),
        end,
        repaired: Some(Box::default()),
        ..BrokenValue::new(start, "white space that JSON does not allow")
    }
}

const TRAILING_COMMA: &str = "trailing comma";
const REMOVE_COMMA: &str = "remove the comma before `]`";

/// Explains punctuation in place of an element of the top-level array. The text of an element does
/// not show the comma before it.
pub(super) fn explain_element(error: SyntaxError, element: Option<u64>, first: u8) -> SyntaxError {
    let (problem, help) = match (element, first) {
        (Some(_), b',') => ("two commas in a row", "remove one of them"),
        (Some(_), b']') => (TRAILING_COMMA, REMOVE_COMMA),
        _ => return error,
    };
    SyntaxError {
        problem: problem.to_owned(),
        help: Some(help),
        ..error
    }
}

/// Number of bytes at the start of a value in which a NUL means binary data.
const BINARY_HEAD_BYTES: usize = 1024;

/// True if the value is binary data: it has a NUL near its start.
pub(super) fn is_binary(value: &[u8]) -> bool {
    let head = &value[..value.len().min(BINARY_HEAD_BYTES)];
    head.contains(&0)
}

/// The error of a value with invalid UTF-8 at byte `offset_in_value`, counted from the start of the
/// value. `bytes` start with the value: a NUL near the start means binary data, but only up to the
/// end of the line, because the text after it may come in another batch.
pub(super) fn explain_invalid_utf8(bytes: &[u8], offset_in_value: usize) -> SyntaxError {
    let line_end = memchr::memchr(b'\n', &bytes[offset_in_value..]);
    let line_end = line_end.map_or(bytes.len(), |length| offset_in_value + length);
    if is_binary(&bytes[..line_end]) {
        return SyntaxError::new(offset_in_value, "binary data");
    }
    SyntaxError {
        help: Some("save it as UTF-8"),
        ..SyntaxError::new(offset_in_value, "invalid UTF-8")
    }
}
