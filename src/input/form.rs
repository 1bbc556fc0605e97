//! Whether a source is JSON or other text that may have JSON in it, told from its first bytes.

use super::border::{leading_space, string_end};

/// What a source is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// JSON values, one after another, on lines or in an array.
    Json,
    /// Other text: log lines, HTTP messages, CSV, an event stream.
    Text,
}

/// So many bytes are enough to tell.
const HEAD_BYTES: usize = 64 * 1024;

/// The form of the source that begins with `head`; none while more of it is needed. `is_whole` says that there is no more.
pub(super) fn tell(head: &[u8], is_whole: bool) -> Option<Form> {
    let text = &head[leading_space(head)..];
    let is_whole = is_whole || head.len() >= HEAD_BYTES;
    let undecided = is_whole.then_some(Form::Json);
    let Some(first) = text.first() else {
        return undecided;
    };
    match first {
        b'{' => Some(Form::Json),
        b'[' => after_bracket(&text[1..]).map_or(undecided, Some),
        b'"' => match string_end(text, 0) {
            Some(end) if text[end] == b'"' => behind_value(&text[end + 1..], is_whole),
            // A string that breaks off is broken JSON.
            Some(_) => Some(Form::Json),
            None => undecided,
        },
        b'-' | b'0'..=b'9' | b't' | b'f' | b'n' => {
            let end = text.iter().position(|byte| ends_scalar(*byte));
            match end {
                Some(end) if is_scalar(&text[..end]) => behind_value(&text[end..], is_whole),
                None if !is_whole => None,
                None if is_scalar(text) => Some(Form::Json),
                _ => Some(Form::Text),
            }
        }
        _ => Some(Form::Text),
    }
}

/// A `[` may begin an array, or a log line: `[webhook] …`, `[2024-01-15 10:30:00] …`, `[1] …`.
fn after_bracket(text: &[u8]) -> Option<Form> {
    let text = text.trim_ascii_start();
    match text.first()? {
        b'{' | b'[' | b']' | b'"' => Some(Form::Json),
        _ => {
            let end = text.iter().position(|byte| ends_scalar(*byte))?;
            let behind = text[end..].trim_ascii_start();
            let is_element = is_scalar(&text[..end]) && matches!(behind.first()?, b',' | b']');
            if !is_element {
                return Some(Form::Text);
            }
            // `[1] text` is no array with text behind it.
            let close = memchr::memchr2(b']', b'\n', text).filter(|close| text[*close] == b']');
            close.map_or(Some(Form::Json), |close| {
                behind_value(&text[close + 1..], true)
            })
        }
    }
}

/// Behind a whole value, JSON goes on with a line break or the next value.
fn behind_value(text: &[u8], is_whole: bool) -> Option<Form> {
    let next = text.iter().find(|byte| !matches!(byte, b' ' | b'\t'));
    match next {
        Some(b'\r' | b'\n' | b'{' | b'[' | b'"') => Some(Form::Json),
        None => is_whole.then_some(Form::Json),
        Some(_) => Some(Form::Text),
    }
}

fn ends_scalar(byte: u8) -> bool {
    !matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'+' | b'.' | b'_' | b':')
}

fn is_scalar(text: &[u8]) -> bool {
    serde_json::from_slice::<serde::de::IgnoredAny>(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_and_other_text_are_told_apart() {
        for json in [
            "{\"a\"",
            "{ id: 1",
            "[{",
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
            assert_eq!(tell(json.as_bytes(), true), Some(Form::Json), "{json:?}");
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
            "<html>",
            "Array\n(\n",
            "'",
            "12 apples",
            "\"id\": 1,\n",
        ] {
            assert_eq!(tell(text.as_bytes(), true), Some(Form::Text), "{text:?}");
        }
        for unknown in ["", " ", "[", "[1", "12", "\"a"] {
            assert_eq!(tell(unknown.as_bytes(), false), None, "{unknown:?}");
        }
    }
}
