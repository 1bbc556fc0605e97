//! Escapes of SQL, programming languages and loggers.

use std::borrow::Cow;
use std::fmt::Write as _;

use encoding_rs::WINDOWS_1252;

use super::form::first_value;

/// The bytes of an escape at the start of the text, and its length.
pub(crate) type Escape = dyn Fn(&str) -> Option<(Vec<u8>, usize)>;

/// Decodes text up to `quote`, which may be doubled.
pub(crate) fn decode(text: &str, quote: char, is_doubled: bool, escape: &Escape) -> Option<String> {
    let mut decoded = Vec::new();
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        if character == '\\' {
            let (bytes, length) = escape(rest)?;
            decoded.extend(bytes);
            rest = rest.get(length..)?;
            continue;
        }
        if character == quote {
            rest = &rest[1..];
            if !is_doubled {
                break;
            }
            if let Some(next) = joined_literal(rest, quote) {
                rest = next;
                continue;
            }
            if !rest.starts_with(quote) {
                break;
            }
        }
        decoded.extend(character.to_string().bytes());
        rest = &rest[character.len_utf8()..];
    }
    String::from_utf8(decoded).ok()
}

/// The text in UTF-8, or else in Windows-1252, which the program reads with a warning.
pub(crate) fn text_of(bytes: &[u8]) -> Cow<'_, str> {
    match str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

/// The text of the literal of SQL that is joined to the one before `rest`: `'a' + 'b'`.
fn joined_literal(rest: &str, quote: char) -> Option<&str> {
    let next = rest.trim_start();
    let next = next.strip_prefix('+').or_else(|| next.strip_prefix("||"))?;
    next.trim_start().strip_prefix(quote)
}

#[expect(clippy::unnecessary_wraps, reason = "the type of a reader of escapes")]
pub(crate) fn verbatim(_: &str) -> Option<(Vec<u8>, usize)> {
    Some((b"\\".to_vec(), 1))
}

/// The character after the backslash, or that which it means, and the length of both.
pub(crate) fn simple(text: &str, meanings: &[(char, char)]) -> Option<(Vec<u8>, usize)> {
    let letter = text.chars().nth(1)?;
    let known = meanings.iter().find(|(known, _)| *known == letter);
    let character = known.map_or(letter, |(_, meaning)| *meaning);
    Some((character.to_string().into_bytes(), 1 + letter.len_utf8()))
}

pub(crate) fn code(text: &str, at: usize, length: usize) -> Option<u32> {
    u32::from_str_radix(text.get(at..at + length)?, 16).ok()
}

/// Escapes the bytes that are not printable ASCII, and `special` ones with a backslash.
pub(crate) fn encode_bytes(text: &str, special: &[u8], hex: fn(u8) -> String) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'\n' => encoded.push_str("\\n"),
            b'\t' => encoded.push_str("\\t"),
            _ if special.contains(&byte) => encoded.extend(['\\', char::from(byte)]),
            b' '..=b'~' => encoded.push(char::from(byte)),
            _ => encoded.push_str(&hex(byte)),
        }
    }
    encoded
}

pub(crate) fn copy_escape(text: &str) -> Option<(Vec<u8>, usize)> {
    simple(
        text,
        &[
            ('n', '\n'),
            ('t', '\t'),
            ('r', '\r'),
            ('b', '\u{8}'),
            ('f', '\u{c}'),
            ('v', '\u{b}'),
        ],
    )
}

pub(crate) fn encode_copy(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('\n', "\\n");
    text.replace('\t', "\\t")
}

pub(crate) fn mysql_escape(text: &str) -> Option<(Vec<u8>, usize)> {
    simple(
        text,
        &[
            ('n', '\n'),
            ('t', '\t'),
            ('r', '\r'),
            ('b', '\u{8}'),
            ('0', '\0'),
            ('Z', '\u{1a}'),
        ],
    )
}

pub(crate) fn encode_mysql(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    text.replace('\'', "\\'").replace('\n', "\\n")
}

pub(crate) fn postgres_escape(text: &str) -> Option<(Vec<u8>, usize)> {
    match text.chars().nth(1)? {
        'x' => redis_escape(text),
        'u' | 'U' => python_escape(text),
        _ => mysql_escape(text),
    }
}

pub(crate) fn unistr_escape(text: &str) -> Option<(Vec<u8>, usize)> {
    match text.chars().nth(1)? {
        '\\' => Some((b"\\".to_vec(), 2)),
        'u' => python_escape(text),
        _ => {
            let unit = u16::try_from(code(text, 1, 4)?).ok()?;
            let pair = text[5..]
                .strip_prefix('\\')
                .and_then(|rest| code(rest, 0, 4));
            let low = pair.and_then(|low| u16::try_from(low).ok());
            let (units, length) = match unit {
                0xd800..0xdc00 => (vec![unit, low?], 10),
                _ => (vec![unit], 5),
            };
            Some((String::from_utf16(&units).ok()?.into_bytes(), length))
        }
    }
}

pub(crate) fn python_bytes_escape(text: &str) -> Option<(Vec<u8>, usize)> {
    match text.chars().nth(1)? {
        '\\' | '\'' | '"' | 'n' | 't' | 'r' | 'x' => redis_escape(text),
        _ => verbatim(text),
    }
}

pub(crate) fn python_escape(text: &str) -> Option<(Vec<u8>, usize)> {
    let character = |at, length| Some(char::from_u32(code(text, at, length)?)?.to_string());
    match text.chars().nth(1)? {
        'x' => Some((character(2, 2)?.into_bytes(), 4)),
        'u' => Some((character(2, 4)?.into_bytes(), 6)),
        'U' => Some((character(2, 8)?.into_bytes(), 10)),
        _ => python_bytes_escape(text),
    }
}

/// `repr` of Python: characters that are not printable are escaped as code points.
pub(crate) fn encode_python(text: &str) -> String {
    let mut encoded = String::new();
    for character in text.chars() {
        match character {
            '\\' | '\'' => encoded.extend(['\\', character]),
            '\n' => encoded.push_str("\\n"),
            '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{a0}' | '\u{ad}' => {
                write!(encoded, "\\x{:02x}", u32::from(character)).expect("a String");
            }
            '\u{2028}' => encoded.push_str("\\u2028"),
            '\u{e0001}' => encoded.push_str("\\U000e0001"),
            _ => encoded.push(character),
        }
    }
    encoded
}

/// `ascii` of Python: all characters that are not ASCII are escaped as code points.
pub(crate) fn encode_ascii(text: &str) -> String {
    let mut encoded = String::new();
    for character in encode_python(text).chars() {
        match u32::from(character) {
            0..0x80 => encoded.push(character),
            code @ 0x80..0x100 => write!(encoded, "\\x{code:02x}").expect("a String"),
            code @ 0x100..0x1_0000 => write!(encoded, "\\u{code:04x}").expect("a String"),
            code => write!(encoded, "\\U{code:08x}").expect("a String"),
        }
    }
    encoded
}

/// Decodes a string of Python or C, or of JavaScript if it is not valid JSON in them: both
/// languages print `'body': '…'`.
pub(crate) fn decode_string(text: &str, quote: char) -> Option<String> {
    let python = decode(text, quote, false, &python_escape);
    let is_json = |text: &String| first_value(text).is_some();
    python
        .filter(is_json)
        .or_else(|| decode(text, quote, false, &javascript_escape))
}

/// In JavaScript, an unknown escape is the character itself.
pub(crate) fn javascript_escape(text: &str) -> Option<(Vec<u8>, usize)> {
    match text.chars().nth(1)? {
        'x' | 'u' | '\\' | '\'' | '"' | 'n' | 't' | 'r' => python_escape(text),
        other => Some((other.to_string().into_bytes(), 1 + other.len_utf8())),
    }
}

pub(crate) fn redis_escape(text: &str) -> Option<(Vec<u8>, usize)> {
    match text.chars().nth(1)? {
        'x' => Some((vec![u8::try_from(code(text, 2, 2)?).ok()?], 4)),
        _ => simple(
            text,
            &[
                ('n', '\n'),
                ('t', '\t'),
                ('r', '\r'),
                ('a', '\u{7}'),
                ('b', '\u{8}'),
            ],
        ),
    }
}

pub(crate) fn shell_escape(text: &str) -> Option<(Vec<u8>, usize)> {
    match text.chars().nth(1)? {
        'u' => python_escape(text),
        '\\' | '\'' | '"' | '?' | 'n' | 't' | 'r' | 'x' => redis_escape(text),
        _ => verbatim(text),
    }
}

pub(crate) fn shell_double_escape(text: &str) -> Option<(Vec<u8>, usize)> {
    match text.chars().nth(1)? {
        '\\' | '"' | '$' | '`' => simple(text, &[]),
        _ => verbatim(text),
    }
}
