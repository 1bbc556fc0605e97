//! Reads JSON in logs of `HAProxy`, which writes bytes as `#HH`: `{#22id#22:480601}` in variables,
//! and `#7B#22id#22:480601#7D` in captures of headers and bodies, between `{`, `|` and `}`.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::reading::ValueExtent;
use super::refusal::Refusal;
use crate::json::syntax::skip_value;

/// One unit of text in a log of `HAProxy`, and its end.
pub(crate) enum HaproxyLexeme {
    /// Bytes that mean themselves.
    Plain(usize),
    Byte(u8, usize),
    /// The capture ends.
    End,
    Invalid,
}

/// The unit at `at`, which is inside of `bytes`. `is_capture` is true if brackets are encoded.
pub(crate) fn lexeme(bytes: &[u8], at: usize, is_capture: bool) -> HaproxyLexeme {
    let digit = |at: usize| char::from(*bytes.get(at)?).to_digit(16);
    match bytes[at] {
        b'#' => match (digit(at + 1), digit(at + 2)) {
            (Some(high), Some(low)) => match u8::try_from(high * 16 + low) {
                Ok(byte) => HaproxyLexeme::Byte(byte, at + 3),
                Err(_) => HaproxyLexeme::Invalid,
            },
            _ => HaproxyLexeme::Invalid,
        },
        b'{' | b'|' | b'}' if is_capture => HaproxyLexeme::End,
        b'"' | ..b' ' | 0x7f.. => HaproxyLexeme::End,
        _ => HaproxyLexeme::Plain(at + 1),
    }
}

/// Searches for the first bytes of an object. Building a searcher costs more than searching a line.
static OBJECT: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("#7B#22"));

/// Limit on the bytes of the captures before the one with a value.
const MAX_CAPTURE_BYTES: usize = 512;

/// Offset of the value that a `{` at `start` encloses or begins.
pub(super) fn find_value(bytes: &[u8], start: usize) -> Option<usize> {
    if bytes[start + 1..].starts_with(b"#22") {
        return Some(start);
    }
    let rest = &bytes[start + 1..];
    let rest = &rest[..rest.len().min(MAX_CAPTURE_BYTES)];
    let end = memchr::memchr3(b'}', b'\n', b'"', rest).unwrap_or(rest.len());
    let mut codes = OBJECT.find_iter(&rest[..end]);
    let is_start = |at: &usize| *at == 0 || rest[at - 1] == b'|';
    codes.find(is_start).map(|at| start + 1 + at)
}

/// Reads the value at `start`. Returns its end.
pub(super) fn read_value(bytes: &[u8], start: usize) -> Result<usize, Refusal> {
    let is_capture = bytes[start] == b'#';
    let mut text = Vec::new();
    let mut extent = ValueExtent::default();
    let mut at = start;
    let refusal = |offset: usize, problem: String, help| Refusal {
        offset,
        problem,
        help,
        range: start..damaged_end(bytes, offset.max(start + 1), is_capture),
        may_be_plain: false,
    };
    let cut = "HAProxy has cut the text in the middle of the value";
    let longer = "capture more bytes: http-request capture req.body len 65535";
    while !extent.is_closed() {
        if at >= bytes.len() {
            return Err(refusal(at, cut.to_owned(), Some(longer)));
        }
        let (byte, next) = match lexeme(bytes, at, is_capture) {
            HaproxyLexeme::Plain(next) => (bytes[at], next),
            HaproxyLexeme::Byte(byte, next) => (byte, next),
            HaproxyLexeme::End => return Err(refusal(at, cut.to_owned(), Some(longer))),
            HaproxyLexeme::Invalid => {
                return Err(refusal(at, "unknown escape `#`".to_owned(), None));
            }
        };
        let added = extent.add(&[byte]);
        added.map_err(|(_, problem)| refusal(at, problem.to_owned(), None))?;
        text.push(byte);
        at = next;
    }
    if str::from_utf8(&text).is_err() {
        let problem = "the escaped bytes are not valid UTF-8".to_owned();
        return Err(refusal(at, problem, None));
    }
    match skip_value(&text) {
        Ok(_) => Ok(at),
        Err(error) => Err(refusal(at, error.problem, error.help)),
    }
}

/// End of the text that belongs to a value with an error at `offset`: objects in it are not values.
/// No capture has a `{`, so that one in it is damage too.
fn damaged_end(bytes: &[u8], offset: usize, is_capture: bool) -> usize {
    let is_part = |byte: &&u8| match byte {
        b'|' | b'}' => !is_capture,
        b'"' | ..=b' ' | 0x7f.. => false,
        _ => true,
    };
    let rest = bytes.get(offset..).unwrap_or_default();
    offset + rest.iter().take_while(is_part).count()
}
