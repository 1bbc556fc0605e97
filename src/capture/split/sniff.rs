//! Detects by its first bytes if a source is JSON, or other text that may contain JSON.

use super::boundary::{BYTE_ORDER_MARK, leading_separators, string_end};
use super::text::markup::is_html;
use crate::json::syntax::skip_value;

/// The form of a source's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextForm {
    /// JSON values: concatenated, one per line, or in an array.
    Json,
    /// HTML: a page or a fragment.
    Html,
    /// Other text that may contain JSON: log lines, HTTP messages, CSV, an event stream.
    Text,
}

/// Starts an escape sequence of a terminal.
const ESCAPE: u8 = 0x1b;

/// Number of bytes after which the form is decided in any case.
const MAX_HEAD_BYTES: usize = 64 * 1024;

/// Detects the form of the source that starts with `head`. Returns `None` if more bytes are needed,
/// which cannot happen if `is_whole` says that the source has no more. More bytes never change a
/// form that was detected.
pub(crate) fn sniff(head: &[u8], is_whole: bool) -> Option<TextForm> {
    let is_whole = is_whole || head.len() >= MAX_HEAD_BYTES;
    let head = &head[..head.len().min(MAX_HEAD_BYTES)];
    let text = &head[leading_separators(head)..];
    let undecided = is_whole.then_some(TextForm::Json);
    let Some(first) = text.first() else {
        return undecided;
    };
    if !is_whole && BYTE_ORDER_MARK.starts_with(text) {
        return None;
    }
    match first {
        b'{' => sniff_object(text, is_whole).or(undecided),
        b'[' => sniff_after_bracket(&text[1..], is_whole).or(undecided),
        b'"' if has_foreign_escape(text) => Some(TextForm::Text),
        b'"' => match string_end(text, 0) {
            Some(end) if text[end] == b'"' => sniff_after_value(&text[end + 1..], is_whole),
            // An unclosed string is broken JSON.
            Some(_) => Some(TextForm::Json),
            None => undecided,
        },
        b'-' | b'0'..=b'9' | b't' | b'f' | b'n' => {
            let end = text.iter().position(|byte| is_scalar_end(*byte));
            match end {
                // A row of a database export, with the body in a later cell.
                Some(end) if matches!(&text[end..], [b'\t', b'{' | b'[' | b'"', ..]) => {
                    Some(TextForm::Text)
                }
                Some(end) if is_scalar(&text[..end]) => sniff_after_value(&text[end..], is_whole),
                None if !is_whole => None,
                None if is_scalar(text) => Some(TextForm::Json),
                _ => Some(TextForm::Text),
            }
        }
        b'<' if is_html(text, is_whole)? => Some(TextForm::Html),
        _ => Some(TextForm::Text),
    }
}

/// Detects the form of a `text` that starts with `{`: JSON, unless the quotes are escaped, the
/// first line has colours, or the
/// first line continues after the object and a tab, as in a database export. `is_whole` is true if
/// `text` reaches to the end of the source.
fn sniff_object(text: &[u8], is_whole: bool) -> Option<TextForm> {
    if matches!(*text[1..].trim_ascii_start().first()?, b'\\' | ESCAPE) {
        return Some(TextForm::Text);
    }
    let end = memchr::memchr(b'\n', text).or(is_whole.then_some(text.len()))?;
    let line = &text[..end];
    let is_row = memchr::memmem::find(line, b"}\t").is_some()
        && skip_value(line).is_ok_and(|length| line.get(length) == Some(&b'\t'));
    let has_colours = memchr::memchr(ESCAPE, line).is_some();
    Some(if is_row || has_colours {
        TextForm::Text
    } else {
        TextForm::Json
    })
}

/// True if the string at the start of `text` has an escape that JSON has not, such as `\x` of
/// redis-cli.
fn has_foreign_escape(text: &[u8]) -> bool {
    let end = string_end(text, 0).unwrap_or(text.len());
    let string = &text[..end];
    let mut at = 0;
    while let Some(slash) = memchr::memchr(b'\\', string.get(at..).unwrap_or_default()) {
        at += slash + 2;
        let letter = string.get(at - 1);
        if letter.is_some_and(|letter| !b"\"\\/bfnrtu".contains(letter)) {
            return true;
        }
    }
    false
}

/// Detects the form by the text after a `[`, which may start an array or a log line: `[webhook] …`,
/// `[2024-01-15 10:30:00] …`, `[1] …`. `is_whole` is true if `text` reaches to the end of the
/// source.
fn sniff_after_bracket(text: &[u8], is_whole: bool) -> Option<TextForm> {
    let text = text.trim_ascii_start();
    match text.first()? {
        b'{' if matches!(*text[1..].trim_ascii_start().first()?, b'\\' | ESCAPE) => {
            Some(TextForm::Text)
        }
        b'"' if has_foreign_escape(text) => Some(TextForm::Text),
        b'{' | b'[' | b']' | b'"' => Some(TextForm::Json),
        _ => {
            let end = text.iter().position(|byte| is_scalar_end(*byte))?;
            let next = text[end..].trim_ascii_start();
            let is_element = is_scalar(&text[..end]) && matches!(next.first()?, b',' | b']');
            if !is_element {
                return Some(TextForm::Text);
            }
            // `[1] text` is a log line, not an array followed by text.
            let stop = memchr::memchr2(b']', b'\n', text)?;
            match text[stop] {
                b']' => sniff_after_value(&text[stop + 1..], is_whole),
                _ => Some(TextForm::Json),
            }
        }
    }
}

/// Detects the form of a text that starts with a complete JSON value by the `text` after that: JSON
/// continues with a line break, an object, an array or a string. `is_whole` is true if `text`
/// reaches to the end of the source. Returns `None` if only more text can decide.
fn sniff_after_value(text: &[u8], is_whole: bool) -> Option<TextForm> {
    let next = text.iter().find(|byte| !matches!(byte, b' ' | b'\t'));
    match next {
        Some(b'\r' | b'\n' | b'{' | b'[' | b'"') => Some(TextForm::Json),
        None => is_whole.then_some(TextForm::Json),
        Some(_) => Some(TextForm::Text),
    }
}

/// True if this byte cannot continue a number or a literal such as `true`.
fn is_scalar_end(byte: u8) -> bool {
    !matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'+' | b'.' | b'_' | b':')
}

/// True if the whole text is one JSON value, here a string, number, boolean or null.
fn is_scalar(text: &[u8]) -> bool {
    serde_json::from_slice::<serde::de::IgnoredAny>(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_and_other_text_are_distinguished() {
        for json in [
            "{\"a\"",
            "{\"a\":1} \t{\"a\":2}\n",
            "{ id: 1",
            "[{}",
            "[]",
            "[1, 2]",
            "[\"a\"]",
            "[null]\n",
            "null\n{",
            "1\n2",
            "\"a\"\n",
            "\"cut\n",
            "\u{feff}{",
            "\u{1e}{",
            "",
        ] {
            assert_eq!(
                sniff(json.as_bytes(), true),
                Some(TextForm::Json),
                "{json:?}"
            );
        }
        for text in [
            "[webhook] {",
            "[2024-01-15 10:30:00] x",
            "[1] x",
            "2024-01-15T10:30:00Z {",
            "POST / HTTP/1.1\r\n",
            "data: {",
            "\"id\",\"body\"\n",
            "id,body\n",
            "notice: x",
            "trace {",
            "Array\n(\n",
            "'",
            "{\\\"a\\\":1}",
            "[ {\\\"a\\\":1}]",
            "{\"a\":1}\t2024\t\\N\n",
            "1\t{\"a\":\"x\\\\ny\"}\n",
            "\u{1b}[32m{",
            "{\n\u{1b}[32m",
            "[{\u{1b}[32m",
            "{\"a\":\u{1b}[32m1}",
            "\"{\\\"a\\\":\\\"\\xc3\\xbc\\\"}\"\n",
            "12 apples",
            "\"id\": 1,\n",
        ] {
            assert_eq!(
                sniff(text.as_bytes(), true),
                Some(TextForm::Text),
                "{text:?}"
            );
        }
        assert_eq!(sniff(b"<html>", true), Some(TextForm::Html));
        for unknown in [
            "1\t",
            "<pr",
            "",
            " ",
            "{",
            "{\"a\":1}",
            "[{",
            "[",
            "[1",
            "[1, 2",
            "[1]",
            "12",
            "\"a",
            "\"a\" ",
        ] {
            assert_eq!(sniff(unknown.as_bytes(), false), None, "{unknown:?}");
        }
        assert_eq!(sniff(&BYTE_ORDER_MARK[..2], false), None);
    }
}
