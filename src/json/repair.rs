//! Repairs JSON where only one reading is possible: raw line breaks and tabs in strings, trailing
//! commas, comments, white space that JSON does not know, and NaN or infinity, which become null.
//! Everything else that is invalid is left as it is, because a guess could change a value.

use std::collections::HashSet;

use super::Json;
use super::scalar::is_no_number;
use super::syntax::skip_value;
use super::white_space::lenient_space_length;

/// A repaired value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RepairedValue {
    /// The well-formed JSON.
    pub(crate) text: String,
    /// Start in `text`, and in the invalid text, of each run of bytes that both have in common.
    pub(crate) runs: Vec<(usize, usize)>,
    /// Length in bytes of the invalid text.
    pub(crate) length: usize,
}

/// Why a value cannot be repaired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotRepaired {
    /// True if the text ends before the value does.
    pub(crate) is_truncated: bool,
    /// Number of bytes read.
    pub(crate) read: usize,
}

/// The next token of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    Value,
    /// A value, or the end of the array.
    ElementOrEnd,
    /// A name, or the end of the object.
    NameOrEnd,
    Colon,
    CommaOrEnd,
}

/// Repairs the value at the start of `bytes`. More text may follow it.
pub(crate) fn repair(bytes: &[u8]) -> Result<RepairedValue, NotRepaired> {
    let mut repairer = Repairer {
        bytes,
        at: 0,
        text: Vec::new(),
        runs: Vec::new(),
        has_line_breaks: false,
    };
    let is_repaired = repairer.read_value();
    let failed = NotRepaired {
        is_truncated: is_repaired.is_none() && repairer.at >= bytes.len(),
        read: repairer.at.min(bytes.len()),
    };
    is_repaired
        .filter(|is_repaired| *is_repaired)
        .ok_or(failed)?;
    let text = String::from_utf8(repairer.text).map_err(|_| failed)?;
    if repairer.has_line_breaks && has_repeated_name(&text) {
        return Err(failed);
    }
    // A last check by the parser that reads all other JSON.
    match skip_value(text.as_bytes()) {
        Ok(length) if length == text.len() => Ok(RepairedValue {
            text,
            runs: repairer.runs,
            length: repairer.at,
        }),
        _ => Err(failed),
    }
}

/// True if an object has two members with the same name. If a string in it has a line break, the
/// text may be that of two objects: the first is cut, and the second lacks its start.
fn has_repeated_name(text: &str) -> bool {
    let mut names = HashSet::new();
    let members = Json::from_well_formed(text).members().unwrap_or_default();
    let mut members = members.iter();
    members.any(|member| !names.insert(member.name_text()))
}

/// True if a string is a number, such as that of a phone, or a time, apart from its line breaks.
/// They have none: the first line was cut, and the second one lacks its start.
fn is_broken_number(string: &[u8]) -> bool {
    let is_part = |byte: &u8| {
        byte.is_ascii_digit() || byte.is_ascii_whitespace() || b"+-./:()TZ".contains(byte)
    };
    string.contains(&b'\n') && string.iter().all(is_part) && string.iter().any(u8::is_ascii_digit)
}

struct Repairer<'a> {
    bytes: &'a [u8],
    at: usize,
    text: Vec<u8>,
    runs: Vec<(usize, usize)>,
    /// True if a string has a raw line break.
    has_line_breaks: bool,
}

impl Repairer<'_> {
    /// Reads the value at the current offset. Returns `None` if it cannot be repaired; the offset
    /// is then past the end if more text could complete it. Returns false if nothing was repaired.
    fn read_value(&mut self) -> Option<bool> {
        let mut is_repaired = false;
        let mut open = Vec::new();
        let mut expected = Expected::Value;
        // Offset in the repaired text of a comma that no value has followed yet.
        let mut comma = None;
        loop {
            is_repaired |= self.skip_space()?;
            let byte = self.peek()?;
            let ends = matches!(byte, b'}' | b']');
            if ends && let Some(comma) = comma {
                self.text[comma] = b' ';
                is_repaired = true;
            }
            expected = match (expected, byte) {
                (Expected::NameOrEnd, b'"') => {
                    // No documented name has a line break: the lines were wrapped.
                    if self.read_string()? {
                        return None;
                    }
                    Expected::Colon
                }
                (Expected::Colon, b':') => {
                    self.copy(1);
                    Expected::Value
                }
                (Expected::CommaOrEnd, b',') => {
                    comma = Some(self.text.len());
                    self.copy(1);
                    match open.last()? {
                        b'}' => Expected::NameOrEnd,
                        _ => Expected::ElementOrEnd,
                    }
                }
                (Expected::NameOrEnd | Expected::ElementOrEnd | Expected::CommaOrEnd, _)
                    if ends =>
                {
                    if open.pop() != Some(byte) {
                        return None;
                    }
                    self.copy(1);
                    if open.is_empty() {
                        return Some(is_repaired);
                    }
                    Expected::CommaOrEnd
                }
                (Expected::Value | Expected::ElementOrEnd, b'{') => {
                    open.push(b'}');
                    self.copy(1);
                    Expected::NameOrEnd
                }
                (Expected::Value | Expected::ElementOrEnd, b'[') => {
                    open.push(b']');
                    self.copy(1);
                    Expected::ElementOrEnd
                }
                (Expected::Value | Expected::ElementOrEnd, _) if !open.is_empty() => {
                    is_repaired |= match byte {
                        b'"' => self.read_string()?,
                        _ => self.read_word()?,
                    };
                    Expected::CommaOrEnd
                }
                _ => return None,
            };
            if byte != b',' {
                comma = None;
            }
        }
    }

    /// The byte at the current offset. `None` at the end of the text.
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Sets the offset to the end of the text, because the value may continue after it.
    fn truncated<T>(&mut self) -> Option<T> {
        self.at = self.bytes.len();
        None
    }

    /// Writes bytes in place of those at `offset`.
    fn write(&mut self, offset: usize, bytes: &[u8]) {
        let is_contiguous = self
            .runs
            .last()
            .is_some_and(|(start, at)| at + (self.text.len() - start) == offset);
        if !is_contiguous {
            self.runs.push((self.text.len(), offset));
        }
        self.text.extend_from_slice(bytes);
    }

    /// Copies the next bytes.
    fn copy(&mut self, length: usize) {
        let end = self.at + length;
        let bytes = self.bytes;
        self.write(self.at, &bytes[self.at..end]);
        self.at = end;
    }

    /// Reads white space and comments. Those that JSON does not allow become spaces, so that the
    /// length stays. Returns true if there are any.
    fn skip_space(&mut self) -> Option<bool> {
        let rest = &self.bytes[self.at..];
        let Some(length) = lenient_space_length(rest) else {
            return self.truncated();
        };
        let is_json = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
        let space = &rest[..length];
        if space.iter().all(is_json) {
            self.copy(length);
            return Some(false);
        }
        let space: Vec<u8> = space
            .iter()
            .map(|byte| if is_json(byte) { *byte } else { b' ' })
            .collect();
        self.write(self.at, &space);
        self.at += length;
        Some(true)
    }

    /// Reads a string. Returns true if it has raw control characters, which are escaped.
    fn read_string(&mut self) -> Option<bool> {
        let mut is_repaired = false;
        self.copy(1);
        let start = self.at;
        loop {
            let rest = &self.bytes[self.at..];
            let is_plain = |byte: &u8| !matches!(byte, b'"' | b'\\' | 0..=0x1f);
            let Some(plain) = rest.iter().position(|byte| !is_plain(byte)) else {
                return self.truncated();
            };
            self.copy(plain);
            match rest[plain] {
                b'"' => {
                    if is_repaired && is_broken_number(&self.bytes[start..self.at]) {
                        return None;
                    }
                    self.copy(1);
                    return Some(is_repaired);
                }
                b'\\' => match rest.get(plain + 1) {
                    None => return self.truncated(),
                    // The parser checks the digits of `\u`.
                    Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' | b'u') => {
                        self.copy(2);
                    }
                    Some(_) => return None,
                },
                control => {
                    is_repaired = true;
                    self.has_line_breaks |= control == b'\n';
                    let escape = match control {
                        b'\n' => "\\n".to_owned(),
                        b'\r' => "\\r".to_owned(),
                        b'\t' => "\\t".to_owned(),
                        0 => return None,
                        // A text in ISO-2022-JP, in which other bytes mean letters.
                        0x1b if matches!(rest.get(plain + 1), Some(b'$' | b'(')) => return None,
                        other => format!("\\u{other:04x}"),
                    };
                    self.runs.push((self.text.len(), self.at));
                    self.text.extend_from_slice(escape.as_bytes());
                    self.at += 1;
                }
            }
        }
    }

    /// Reads a number or a literal. Returns true if it is no number, which becomes null.
    fn read_word(&mut self) -> Option<bool> {
        let rest = &self.bytes[self.at..];
        let is_part = |byte: &u8| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.' | b'_' | b'$')
        };
        let Some(length) = rest.iter().position(|byte| !is_part(byte)) else {
            return self.truncated();
        };
        let word = &rest[..length];
        if skip_value(word) == Ok(length) && length > 0 {
            self.copy(length);
            return Some(false);
        }
        if !std::str::from_utf8(word).is_ok_and(is_no_number) {
            return None;
        }
        self.write(self.at, b"null");
        self.at += length;
        Some(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Json;

    #[test]
    fn unambiguous_faults_are_repaired() {
        for (text, repaired) in [
            (
                "{\"a\":\"b\nc\td\r\u{1b}[0m\"}",
                r#"{"a":"b\nc\td\r\u001b[0m"}"#,
            ),
            ("{\"a\":[1,2,],}", "{\"a\":[1,2]}"),
            (
                "{\"a\":1, // x }\n/* y, */ \"b\" /* z */ : 2 # end\n}",
                "{\"a\":1,\"b\":2}",
            ),
            ("[1,\n // x\n]", "[1]"),
            (
                "{\u{a0}\"a\":\u{2003}1\u{feff},\u{2028}\"b\":\u{b}2\u{85}\u{200f}\u{ad}}",
                "{\"a\":1,\"b\":2}",
            ),
            (
                "{\"a\":NaN,\"b\":-Infinity,\"c\":[nan,inf]}",
                "{\"a\":null,\"b\":null,\"c\":[null,null]}",
            ),
            ("{\"a\":\"b\n,\"}, {", r#"{"a":"b\n,"}"#),
            ("{\"a//b\":\"/* c */ # d\",}", r#"{"a//b":"/* c */ # d"}"#),
            ("[{\"a\":true},]", "[{\"a\":true}]"),
            ("{\"a\":\"b\n1\",\"c\":\"\n\"}", r#"{"a":"b\n1","c":"\n"}"#),
        ] {
            let value = repair(text.as_bytes()).expect(text);
            let compact = Json::from_well_formed(&value.text).compact();
            assert_eq!(compact, repaired);
            // Each run has bytes in common, except where a character is written as an escape.
            for (start, outer) in &value.runs {
                let (written, original) = (&value.text[*start..], &text[*outer..]);
                assert!(
                    written.starts_with(['\\', 'n', ' '])
                        || written.as_bytes()[0] == original.as_bytes()[0],
                    "{text}: {written} from {original}"
                );
            }
        }
    }

    #[test]
    fn ambiguous_faults_are_not_repaired() {
        for text in [
            "{\"a\":1}",
            "{'a':1}",
            "{a:1}",
            "{\"a\":1 \"b\":2}",
            "{\"a\":\"b}\n{\"c\":\"d\"}",
            "{\"a\":\"b,\n \"c\":\"d\"}",
            "{\"a\":\"b \"c\" d\",}",
            "{\"a\":\"b\\x\",}",
            "{\"a\":\"b\\ud800\\x\",}",
            "{\"a\":,}",
            "{,}",
            "[,]",
            "[1,,2,]",
            "{\"a\":1,,}",
            "{\"a\nb\":1}",
            "{\"a\":+49,}",
            "{\"a\":007,}",
            "{\"a\":1.#QNAN,}",
            "[1,\n#N/A\n]",
            "{\"a\":undefined,}",
            "{\"a\":None,}",
            "{\"a\":[1,},}",
            "{\"a\":\"\0\"}",
            "{\"a\" \"b\",}",
            "{\"a\":\"+49151\n234\"}",
            "{\"a\":{\"b\":\"\n12\"}}",
            "{\"a\":\"2024-01-15T10:30\r\n:00Z\"}",
            "1",
        ] {
            let failed = repair(text.as_bytes()).expect_err(text);
            assert!(!failed.is_truncated, "{text}");
        }
    }

    #[test]
    fn a_value_that_may_continue_is_truncated() {
        let text = "{\"a\":[1, NaN,], // x\n \"b\\n\": \"c\nd\",}";
        for end in 1..text.len() {
            let failed = repair(&text.as_bytes()[..end]).expect_err("it is cut");
            assert!(failed.is_truncated, "{}", &text[..end]);
        }
        assert_eq!(
            repair(b"{\"a\":\"\xff\n\"}").map_err(|e| e.is_truncated),
            Err(false)
        );
    }
}
