//! Finds escape sequences of terminals (ECMA-48), such as colours, in text. JSON has no raw escape
//! characters, so they were added when the text was printed.

use std::ops::Range;

const ESCAPE: u8 = 0x1b;
const BELL: u8 = 0x07;

/// Limit on the length of a sequence with text in it, such as a link.
const MAX_STRING_BYTES: usize = 4096;

/// The parts of `bytes` between escape sequences. `None` if there are none.
pub(crate) fn plain_parts(bytes: &[u8]) -> Option<Vec<Range<usize>>> {
    let mut parts = Vec::new();
    let (mut start, mut at) = (0, 0);
    // In ISO-2022-JP, `ESC $ B` and `ESC ( B` enclose Japanese text.
    let mut is_in_iso_2022 = false;
    while let Some(found) = memchr::memchr(ESCAPE, &bytes[at..]) {
        at += found;
        let is_end = bytes.get(at + 1) == Some(&b'(') && is_in_iso_2022;
        is_in_iso_2022 = !is_end && (is_in_iso_2022 || bytes.get(at + 1) == Some(&b'$'));
        match sequence_length(&bytes[at..]).filter(|_| !is_end) {
            Some(length) => {
                parts.push(start..at);
                at += length;
                start = at;
            }
            None => at += 1,
        }
    }
    if parts.is_empty() {
        return None;
    }
    parts.push(start..bytes.len());
    Some(parts)
}

/// What an escape sequence does to the position of the text after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Motion {
    None,
    /// Skips this number of columns.
    Forward(usize),
    /// Moves elsewhere.
    Other,
}

/// Limit on the number of columns.
const MAX_COLUMNS: usize = 1000;

/// The motion of `sequence`, a whole escape sequence.
pub(crate) fn motion(sequence: &[u8]) -> Motion {
    let [_, introducer, .., last] = sequence else {
        return Motion::None;
    };
    match (introducer, last) {
        (b'[', b'C' | b'a') => {
            let parameter = &sequence[2..sequence.len() - 1];
            let count = str::from_utf8(parameter).unwrap_or_default();
            match count.parse().unwrap_or(usize::from(count.is_empty())) {
                // Zero means one.
                count @ 0..=MAX_COLUMNS => Motion::Forward(count.max(1)),
                _ => Motion::Other,
            }
        }
        (
            b'[',
            b'A'
            | b'B'
            | b'D'..=b'I'
            | b'P'
            | b'X'
            | b'Z'
            | b'@'
            | b'`'
            | b'b'
            | b'd'
            | b'e'
            | b'f',
        ) => Motion::Other,
        _ => Motion::None,
    }
}

/// Length of the escape sequence that starts `bytes`. Only those that programs print are known:
/// other text behind an escape character may be a value.
fn sequence_length(bytes: &[u8]) -> Option<usize> {
    match bytes.get(1)? {
        b'[' => control_length(bytes),
        b']' | b'P' | b'X' | b'^' | b'_' => string_length(bytes),
        // A character set, such as `ESC ( B`.
        b'(' | b')' | b'*' | b'+' | b'#' | b'%' => {
            bytes.get(2).filter(|byte| byte.is_ascii_alphanumeric())?;
            Some(3)
        }
        b'7' | b'8' | b'=' | b'>' | b'D' | b'E' | b'H' | b'M' | b'c' => Some(2),
        _ => None,
    }
}

/// Length of a control sequence: `ESC [`, parameters, intermediate bytes and a final byte.
fn control_length(bytes: &[u8]) -> Option<usize> {
    let rest = &bytes[2..];
    let parameters = rest.iter().take_while(|byte| matches!(byte, 0x30..=0x3f));
    let parameters = parameters.count();
    let others = rest[parameters..]
        .iter()
        .take_while(|byte| matches!(byte, 0x20..=0x2f));
    let length = parameters + others.count();
    matches!(rest.get(length), Some(0x40..=0x7e)).then_some(2 + length + 1)
}

/// Length of a sequence with text, up to its terminator in the same line: BEL or `ESC \`.
fn string_length(bytes: &[u8]) -> Option<usize> {
    let text = &bytes[..bytes.len().min(MAX_STRING_BYTES)];
    let end = 2 + text[2..]
        .iter()
        .position(|byte| matches!(*byte, BELL | ESCAPE | b'\n'))?;
    match &bytes[end..] {
        [BELL, ..] => Some(end + 1),
        [ESCAPE, b'\\', ..] => Some(end + 2),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The end of Japanese text was removed, because terminals have the same sequence.
    #[test]
    fn text_in_iso_2022_jp_is_not_changed() {
        assert_eq!(
            plain_parts(b"{\"a\":\"\x1b$BI=\x1b(B \x1b$BI=\x1b(B\"}"),
            None
        );
        let parts = plain_parts(b"\x1b$BI=\x1b(B\x1b(Ba").expect("a sequence");
        assert_eq!(parts, [0..8, 11..12]);
    }

    fn plain(text: &str) -> String {
        let parts = plain_parts(text.as_bytes()).into_iter().flatten();
        parts.map(|part| &text[part]).collect()
    }

    #[test]
    fn sequences_are_removed() {
        for (text, expected) in [
            ("\x1b[32m{\x1b[1;34m\"a\"\x1b[0m: 1}\x1b[K", "{\"a\": 1}"),
            ("\x1b[38;2;1;2;3m\x1b[4:3mx\x1b[39m", "x"),
            ("\x1b]8;;https://example.org\x1b\\x\x1b]8;;\x07y", "xy"),
            ("\x1b(B\x1b[mx\x1b7", "x"),
            ("\x1b[?25lx\x1b[ qy", "xy"),
        ] {
            assert_eq!(plain(text), expected, "{text:?}");
        }
    }

    #[test]
    fn other_text_is_kept() {
        for text in [
            "",
            "x",
            "\x1b",
            "x\x1b[",
            "\x1b[3",
            "\x1b]8;;x\n",
            "\x1b\"a\"",
            "\x1bz",
        ] {
            assert_eq!(plain_parts(text.as_bytes()), None, "{text:?}");
        }
    }
}
