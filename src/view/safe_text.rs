//! Text of strangers, made safe for a terminal: nothing in it can move the cursor, change colours or reverse the reading order.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

/// Whether a terminal may do something else with `character` than draw it: C0 and C1 controls, DEL, bidirectional controls
/// (UAX #9 §2), line and paragraph separators, the byte order mark, interlinear annotation and tag characters.
#[must_use]
pub fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2066}'..='\u{2069}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// Whether all bytes of the text are such. All of them are looked at, for that is quicker than to stop.
fn are_all(text: &str, are_such: impl Fn(u8) -> bool) -> bool {
    (text.bytes()).fold(true, |are_all, byte| are_all & are_such(byte))
}

/// Whether no unsafe character has this byte, which is so of most of ASCII, and of most letters.
fn is_plain(byte: u8) -> bool {
    let is_control = byte < b' ' || byte == 0x7f;
    // The first bytes of characters from U+0080, U+0600, U+2000, U+F000 and U+C0000.
    let may_begin_one = matches!(byte, 0xc2 | 0xd8 | 0xe2 | 0xef | 0xf3);
    !(is_control || may_begin_one)
}

/// The text on one line: line breaks and tabs become spaces, other unsafe characters show as `\u{1b}`.
#[must_use]
pub fn one_line(text: &str) -> Cow<'_, str> {
    make_safe(text, |character| match character {
        '\n' | '\t' => Some(" "),
        '\r' => Some(""),
        _ => None,
    })
}

/// The text with its line breaks; tabs become spaces, other unsafe characters show as `\u{1b}`.
#[must_use]
pub fn lines(text: &str) -> Cow<'_, str> {
    make_safe(text, |character| match character {
        '\n' => Some("\n"),
        '\t' => Some(" "),
        '\r' => Some(""),
        _ => None,
    })
}

fn make_safe(text: &str, keep: impl Fn(char) -> Option<&'static str>) -> Cow<'_, str> {
    if are_all(text, is_plain) || !text.contains(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match keep(character) {
            Some(instead) if is_unsafe(character) => safe.push_str(instead),
            _ if is_unsafe(character) => write!(safe, "\\u{{{:x}}}", u32::from(character))
                .expect("a String takes every write"),
            _ => safe.push(character),
        }
    }
    Cow::Owned(safe)
}

/// Unsafe, and no white space of JSON (RFC 8259 §2).
fn is_unsafe_in_json(character: char) -> bool {
    is_unsafe(character) && !matches!(character, '\n' | '\r' | '\t')
}

/// Whether nothing in the text is unsafe but what JSON takes for white space.
#[must_use]
pub fn is_safe_in_json(text: &str) -> bool {
    let is_safe = |byte| is_plain(byte) || matches!(byte, b'\n' | b'\r' | b'\t');
    are_all(text, is_safe) || !text.contains(is_unsafe_in_json)
}

/// JSON text in which unsafe characters are escaped. It stands for the same value: they occur in strings only.
#[must_use]
pub fn json(text: &str) -> Cow<'_, str> {
    if is_safe_in_json(text) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_unsafe_in_json(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(safe, "\\u{unit:04x}").expect("a String takes every write");
            }
        } else {
            safe.push(character);
        }
    }
    Cow::Owned(safe)
}

/// Passes data formats on to a terminal with unsafe characters shown as `\u{1b}`; line breaks and tabs go through.
pub struct TerminalGuard<W: Write> {
    inner: W,
    /// The bytes of a character whose rest comes with the next write.
    rest: Vec<u8>,
}

impl<W: Write> TerminalGuard<W> {
    /// Guards `inner`.
    pub fn new(inner: W) -> Self {
        Self {
            inner,
            rest: Vec::new(),
        }
    }
}

impl<W: Write> Write for TerminalGuard<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.rest.extend_from_slice(bytes);
        let end = match std::str::from_utf8(&self.rest) {
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            _ => self.rest.len(),
        };
        let text = String::from_utf8_lossy(&self.rest[..end]).replace("\r\n", "\n");
        let safe = make_safe(&text, |character| match character {
            '\n' => Some("\n"),
            '\t' => Some("\t"),
            _ => None,
        });
        self.inner.write_all(safe.as_bytes())?;
        self.rest.drain(..end);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "a\u{1b}[31mb\u{9b}c\u{202e}d\te\nf\r";

    #[test]
    fn unsafe_characters_are_shown_not_sent() {
        assert_eq!(one_line(HOSTILE), "a\\u{1b}[31mb\\u{9b}c\\u{202e}d e f");
        assert_eq!(lines(HOSTILE), "a\\u{1b}[31mb\\u{9b}c\\u{202e}d e\nf");
        assert!(matches!(one_line("Grüße 👩‍👧 +49"), Cow::Borrowed(_)));
    }

    #[test]
    fn nothing_unsafe_is_plain() {
        for character in ('\0'..=char::MAX).filter(|character| is_unsafe(*character)) {
            assert!(!are_all(&character.to_string(), is_plain), "{character:?}");
        }
        assert!(are_all("Grüße aus Łódź, 👍", is_plain));
    }

    #[test]
    fn json_stays_the_same_value() {
        let text = "\"a\u{9b}\u{202e}\u{e0041}\u{7f}\"";
        assert_eq!(json(text), r#""a\u009b\u202e\udb40\udc41\u007f""#);
        let before: String = serde_json::from_str(text).expect("well-formed");
        let after: String = serde_json::from_str(&json(text)).expect("well-formed");
        assert_eq!(before, after);
    }

    #[test]
    fn the_guard_waits_for_split_characters() {
        let mut shown = Vec::new();
        let mut guard = TerminalGuard::new(&mut shown);
        for byte in "ü\u{9b},\u{1b}\r\n".bytes() {
            guard.write_all(&[byte]).expect("a Vec takes every write");
        }
        assert_eq!(String::from_utf8_lossy(&shown), "ü\\u{9b},\\u{1b}\\u{d}\n");
    }
}
