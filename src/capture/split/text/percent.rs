//! Finds JSON in percent-encoded text: form fields, and values in URLs.
//!
//! In a form, `+` is a space. In a URL, it is a plus. Both look the same, so the value is read both
//! ways, and if both are valid and differ, the characters that were not encoded decide:
//! `encodeURI` leaves `:` and `,`, forms encode a plus.

use std::ops::Range;

use super::reading::ValueExtent;
use super::refusal::Refusal;
use crate::json::syntax::skip_value;
use crate::text::windows_1252;

/// A percent-encoded value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PercentEncoded {
    /// The encoded value.
    pub(crate) range: Range<usize>,
    /// The name of the field or parameter, still encoded; empty if there is none.
    pub(crate) name: Range<usize>,
    /// True if `+` is a space.
    pub(crate) is_form: bool,
}

/// Result of reading a value that may be percent-encoded.
pub(super) enum PercentText {
    Value(PercentEncoded),
    /// The value may continue after the end of the text.
    Truncated,
    Refused(Refusal),
    /// There is no value.
    NotFound,
}

/// One unit of percent-encoded text, and its end.
pub(crate) enum PercentLexeme {
    Byte(u8, usize),
    /// The text ends, or an escape is not valid.
    End,
    Invalid,
}

const TWO_MEANINGS: &str = "percent-encoded text with two meanings: `+` is a space in forms, but a \
    plus in URLs";
const HELP: &str = "save the bodies as JSON Lines or CSV instead";

/// Limit on the length of the name of a field.
const MAX_NAME_BYTES: usize = 128;

/// How often the bracket at the start of `bytes` is encoded beyond the first time: 0 for `%7B`, 1
/// for `%257B`. `None` if there is none.
pub(crate) fn outer_layers(bytes: &[u8]) -> Option<usize> {
    let mut rest = bytes.strip_prefix(b"%")?;
    let mut layers = 0;
    while let Some(inner) = rest.strip_prefix(b"25") {
        rest = inner;
        layers += 1;
    }
    matches!(rest, [b'7' | b'5', b'B' | b'b', ..]).then_some(layers)
}

/// The unit of percent-encoded text at `at`.
pub(crate) fn lexeme(bytes: &[u8], at: usize, is_form: bool) -> PercentLexeme {
    let digit = |at: usize| char::from(*bytes.get(at)?).to_digit(16);
    match bytes.get(at) {
        Some(b'%') => match (digit(at + 1), digit(at + 2)) {
            (Some(high), Some(low)) => match u8::try_from(high * 16 + low) {
                Ok(byte) => PercentLexeme::Byte(byte, at + 3),
                Err(_) => PercentLexeme::Invalid,
            },
            _ if at + 3 > bytes.len() => PercentLexeme::End,
            _ => PercentLexeme::Invalid,
        },
        Some(b'+') if is_form => PercentLexeme::Byte(b' ', at + 1),
        Some(b'&') if is_form => PercentLexeme::End,
        Some(b'"' | b'<' | b'>' | ..=b' ' | 0x7f) | None => PercentLexeme::End,
        Some(byte) => PercentLexeme::Byte(*byte, at + 1),
    }
}

/// Reads the value whose first bracket is at `start`, encoded or not. `is_declared` is true if the
/// text is declared as a form.
pub(super) fn read_percent(
    bytes: &[u8],
    start: usize,
    is_declared: bool,
    is_whole: bool,
) -> PercentText {
    if !is_plausible(bytes, start) {
        return PercentText::NotFound;
    }
    let (form, url) = (read(bytes, start, true), read(bytes, start, false));
    let value = |reading: &Reading, is_form| {
        PercentText::Value(PercentEncoded {
            range: start..reading.end,
            name: name_before(bytes, start),
            is_form,
        })
    };
    let (error, is_certain) = match (form, url) {
        (Ok(form), Ok(url)) if form.text != url.text => {
            let text = &bytes[start..form.end.max(url.end)];
            match is_form(text, is_declared) {
                Some(false) => return value(&url, false),
                Some(true) => return value(&form, true),
                None => ((start + text.len(), TWO_MEANINGS.to_owned()), false),
            }
        }
        // Forms encode colons and commas, so that the plus is one of a damaged URL.
        (Ok(form), Err(url)) if is_plain_plus(&bytes[start..form.end]) => (url, true),
        (Ok(form), _) => return value(&form, true),
        // A raw `&` ends a field, but is a part of a value in a URL.
        (Err(_), Ok(url)) if is_url(&bytes[start..url.end]) => return value(&url, false),
        (Err(form), Err(url)) if url.0 > form.0 => (url, true),
        (Err(form), _) => (form, true),
    };
    let (end, problem) = error;
    if is_certain && end >= bytes.len() && !is_whole {
        return PercentText::Truncated;
    }
    let end = end.min(bytes.len());
    // What follows the error belongs to the broken value, even if it is valid by itself.
    let is_end = |byte: &u8| matches!(byte, b'"' | b'<' | b'>' | b'&' | ..=b' ' | 0x7f);
    let rest = bytes[end..].iter().position(is_end);
    let text_end = rest.map_or(bytes.len(), |rest| end + rest);
    PercentText::Refused(Refusal {
        offset: if is_certain { end } else { start },
        problem,
        help: (!is_certain).then_some(HELP),
        range: start..text_end.max(start + 1),
        may_be_plain: false,
    })
}

/// True if `text` has characters that only `encodeURI` and its like leave. They leave all of these:
/// a single one among encoded ones is damage.
fn is_url(text: &[u8]) -> bool {
    let is_left = |raw: &str, encoded: &str| {
        has(text, raw) && !has(text, encoded) && !has(text, &encoded.to_ascii_lowercase())
    };
    is_left(":", "%3A") || is_left(",", "%2C")
}

fn has(text: &[u8], part: &str) -> bool {
    memchr::memmem::find(text, part.as_bytes()).is_some()
}

/// True if `text` has a plus that is encoded, as in forms.
fn has_plus(text: &[u8]) -> bool {
    let mut pluses = ["%2B", "%2b"].iter();
    pluses.any(|plus| has(text, plus))
}

/// True if `text` has a plus, and signs of a URL.
fn is_plain_plus(text: &[u8]) -> bool {
    memchr::memchr(b'+', text).is_some() && (is_url(text) || has(text, "%20"))
}

/// True if `text`, which has a plus, is of a form, false if it is of a URL. `None` if it may be
/// both. A URL in which colons and commas are encoded has no plus: `%20` beside one is damage.
pub(super) fn is_form(text: &[u8], is_declared: bool) -> Option<bool> {
    match (is_url(text), has_plus(text), is_declared) {
        (true, false, _) => Some(false),
        (false, _, true) => Some(true),
        (false, true, false) if !has(text, "%20") => Some(true),
        _ => None,
    }
}

/// The refusal of the text at `range`, which may be of a form or of a URL.
pub(super) fn two_meanings(range: Range<usize>) -> Refusal {
    Refusal {
        offset: range.start,
        problem: TWO_MEANINGS.to_owned(),
        help: Some(HELP),
        range,
        may_be_plain: false,
    }
}

/// Start of the field or the part of a URL with the bracket at `start`, if other text is before it.
pub(super) fn field_start(bytes: &[u8], start: usize) -> Option<usize> {
    const MAX_BYTES_BEFORE: usize = 4096;
    let text = &bytes[start.saturating_sub(MAX_BYTES_BEFORE)..start];
    let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || b"%-._~*+!'(),:;$@/".contains(byte);
    let length = text.iter().rev().take_while(is_part).count();
    let text = &text[text.len() - length..];
    let is_encoded = memchr::memchr2(b'%', b'+', text).is_some();
    is_encoded.then_some(start - length)
}

/// Decodes the field that starts at `start`. Also returns where it ends.
pub(super) fn decode_field(bytes: &[u8], start: usize, is_form: bool) -> (Vec<u8>, usize) {
    let mut text = Vec::new();
    let mut at = start;
    while let PercentLexeme::Byte(byte, next) = lexeme(bytes, at, is_form) {
        text.push(byte);
        at = next;
    }
    (text, at)
}

/// True if an object with a quoted name, or an array of objects or arrays, starts at `start`.
fn is_plausible(bytes: &[u8], start: usize) -> bool {
    let mut at = start;
    let mut bracket = None;
    while let PercentLexeme::Byte(byte, next) = lexeme(bytes, at, true) {
        match (bracket, byte) {
            (None, b'{' | b'[') | (Some(b'['), b'{') => bracket = Some(byte),
            (Some(_), b' ' | b'\t' | b'\r' | b'\n') | (Some(b'['), b'[') => {}
            (Some(b'{'), b'"') => return true,
            _ => return false,
        }
        at = next;
    }
    false
}

/// A valid value.
struct Reading {
    text: String,
    end: usize,
}

/// Reads one value. An error has its offset and description.
fn read(bytes: &[u8], start: usize, is_form: bool) -> Result<Reading, (usize, String)> {
    let mut text = Vec::new();
    let mut extent = ValueExtent::default();
    let mut at = start;
    while !extent.is_closed() {
        match lexeme(bytes, at, is_form) {
            PercentLexeme::Byte(byte, next) => {
                let added = extent.add(&[byte]);
                added.map_err(|(_, problem)| (at, problem.to_owned()))?;
                text.push(byte);
                at = next;
            }
            PercentLexeme::End => {
                let problem = "the encoded text ends in the middle of the value";
                return Err((at, problem.to_owned()));
            }
            PercentLexeme::Invalid => {
                let escape = String::from_utf8_lossy(&bytes[at..bytes.len().min(at + 6)]);
                let length = if escape.starts_with("%u") { 6 } else { 3 };
                let escape: String = escape.chars().take(length).collect();
                return Err((at, format!("unknown escape `{escape}`")));
            }
        }
    }
    let invalid =
        |offset: usize, problem: &str| (encoded_offset(bytes, start, offset), problem.to_owned());
    let text = match String::from_utf8(text) {
        Ok(text) => text,
        // Escapes can be in Windows-1252. A byte beside them comes from another, damaged escape.
        Err(error) => match str::from_utf8(&bytes[start..at]) {
            Ok(_) => windows_1252::decode(error.as_bytes())
                .map_err(|(offset, problem)| invalid(offset, problem))?,
            Err(error) => return Err((start + error.valid_up_to(), "invalid UTF-8".to_owned())),
        },
    };
    skip_value(text.as_bytes()).map_err(|error| invalid(error.offset, &error.problem))?;
    Ok(Reading { text, end: at })
}

/// Offset in the encoded text of the byte at `offset` of the value that starts at `start`.
fn encoded_offset(bytes: &[u8], start: usize, offset: usize) -> usize {
    let mut at = start;
    for _ in 0..offset {
        match lexeme(bytes, at, false) {
            PercentLexeme::Byte(_, next) => at = next,
            PercentLexeme::End | PercentLexeme::Invalid => break,
        }
    }
    at
}

/// The encoded text from the bracket at `start`, which is encoded several times. A plus in it is a
/// plus: spaces of the inner text are encoded. It may go on after the value, or end before it does:
/// the inner text shows where the value ends.
pub(super) fn nested_range(bytes: &[u8], start: usize) -> Range<usize> {
    let is_part =
        |byte: &&u8| byte.is_ascii_alphanumeric() || b"%-._~!*'()+:,/?=@$;#".contains(byte);
    let length = bytes[start..].iter().take_while(is_part).count();
    start..start + length
}

/// Range of the name of the field whose value starts at `start`; empty if there is none.
pub(super) fn name_before(bytes: &[u8], start: usize) -> Range<usize> {
    let Some(text) = bytes[..start].strip_suffix(b"=") else {
        return start..start;
    };
    let text = &text[text.len().saturating_sub(MAX_NAME_BYTES)..];
    let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || b"%-._~*[]+$".contains(byte);
    let length = text.iter().rev().take_while(is_part).count();
    start - 1 - length..start - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The value, with `form` or `url`, or the reason why it is refused.
    fn read_value(text: &str, is_declared: bool) -> String {
        let start = text.find(['%', '{', '[']).expect("a bracket");
        match read_percent(text.as_bytes(), start, is_declared, true) {
            PercentText::Value(value) => {
                let Ok(reading) = read(text.as_bytes(), start, value.is_form) else {
                    panic!("a valid value");
                };
                let kind = if value.is_form { "form" } else { "url" };
                let name = &text[value.name];
                format!("{kind} {name} {}", reading.text)
            }
            PercentText::Refused(refusal) => refusal.problem,
            PercentText::Truncated => "truncated".to_owned(),
            PercentText::NotFound => "not found".to_owned(),
        }
    }

    #[test]
    fn a_plus_is_a_space_in_forms_only() {
        for (text, expected) in [
            (
                "a=1&p=%7B%22a%22%3A%22%2B49+x%22%7D&b=2",
                r#"form p {"a":"+49 x"}"#,
            ),
            ("p=%7B%22a%22:%22+49%20x%22%7D", r#"url p {"a":"+49 x"}"#),
            (
                "p=%7B%22a%22:%22+49&x%22%7D&b=%7D",
                r#"url p {"a":"+49&x"}"#,
            ),
            ("/x?p={%22a%22:%22+49%22} HTTP/1.1", r#"url p {"a":"+49"}"#),
            ("%7b%22a%22%3a%22%2b49%20x%22%7d", r#"form  {"a":"+49 x"}"#),
            ("%5B%7B%22a%22%3A+1%7D%5D", r#"form  [{"a": 1}]"#),
            ("%7B%22a%22%3A%22%FC%22%7D", r#"form  {"a":"ü"}"#),
        ] {
            assert_eq!(read_value(text, false), expected);
        }
        let ambiguous = "%7B%22a%22%3A%22x+y%22%7D";
        assert_eq!(read_value(ambiguous, false), TWO_MEANINGS);
        assert_eq!(read_value(ambiguous, true), r#"form  {"a":"x y"}"#);
        assert_eq!(read_value("%7B%22a%22:%22x+y%2B%22%7D", true), TWO_MEANINGS);
    }

    #[test]
    fn damaged_text_is_refused() {
        for (text, expected) in [
            ("%7B%22a%22%3A%22%u00fc%22%7D", "unknown escape `%u00fc`"),
            ("%7B%22a%22%3A%22%zz%22%7D", "unknown escape `%zz`"),
            (
                "%7B%22a%22%3A%22x&b=1",
                "the encoded text ends in the middle of the value",
            ),
            (
                "%7B%22a%22%3A%22%C3%22%7D",
                "UTF-8 that is cut in the middle of a character",
            ),
            ("%5Bstatus%5D=1", "not found"),
            ("%7Bx", "not found"),
        ] {
            assert_eq!(read_value(text, false), expected);
        }
    }

    #[test]
    fn brackets_may_be_encoded_several_times() {
        for (text, layers) in [
            ("%7B", Some(0)),
            ("%5b", Some(0)),
            ("%257B", Some(1)),
            ("%25255B", Some(2)),
            ("%7D", None),
            ("%25", None),
        ] {
            assert_eq!(outer_layers(text.as_bytes()), layers, "{text}");
        }
        let text = b"\"%257B%2522a%2522%253A1%257D\"";
        assert_eq!(nested_range(text, 1), 1..text.len() - 1);
    }
}
