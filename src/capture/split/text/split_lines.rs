//! Finds long values that a logger has split into several lines with one prefix, as Heroku does
//! after 10,000 characters.

use super::call_members::mentions_call;
use super::marked_lines::{MarkedText, end_without_line_break, matching_mark_length};
use crate::capture::split::lines::{line_end, line_start};

/// Loggers do not split shorter lines.
const MIN_SPLIT_BYTES: usize = 1000;

/// Limit on the lines of a value.
const MAX_PIECES: usize = 1000;

/// Finds the lines of the value at `start`, in the line that starts at `line`. All lines have the
/// same prefix, apart from the digits in it, and all but the last one have the same length.
pub(super) fn find_split_lines(
    bytes: &[u8],
    line: usize,
    start: usize,
    is_whole: bool,
) -> MarkedText {
    let first_end = line_end(bytes, start);
    if first_end - line < MIN_SPLIT_BYTES {
        return MarkedText::NotFound(0);
    }
    let mut open = OpenValue::default();
    let first = start..end_without_line_break(bytes, start..first_end);
    let mut parts = Vec::from([first]);
    open.read(&bytes[parts[0].clone()]);
    // The prefix is known from the second line. The first one may have more text before the value.
    let mut prefix = &bytes[line..start];
    let mut piece_length = None;
    let mut at = first_end;
    while at < bytes.len() && parts.len() < MAX_PIECES {
        let next = &bytes[at..line_end(bytes, at)];
        let matching = &next[..matching_mark_length(prefix, next)];
        let length = memchr::memrchr2(b' ', b'\t', matching).map_or(0, |space| space + 1);
        let is_prefix = length > 1
            && (parts.len() == 1 || length == prefix.len())
            && has_equal_words(&prefix[..length.min(prefix.len())], &next[..length]);
        if !is_prefix {
            return MarkedText::NotFound(at - start);
        }
        if parts.len() == 1 {
            prefix = &next[..length];
            let first = Length::of(&bytes[line + length..parts[0].end]);
            if follows_piece(bytes, line, prefix, first) {
                return MarkedText::NotFound(at - start);
            }
            piece_length = Some(first);
        }
        let piece = end_without_line_break(bytes, at..at + next.len());
        let piece = at + length..piece;
        let is_complete = open.read(&bytes[piece.clone()]);
        let expected = piece_length.unwrap_or_default();
        let actual = Length::of(&bytes[piece.clone()]);
        parts.push(piece);
        at += next.len();
        if is_complete {
            let is_shorter =
                actual.bytes <= expected.bytes || actual.characters <= expected.characters;
            return if is_shorter {
                MarkedText::Lines(parts, at)
            } else {
                MarkedText::NotFound(at - start)
            };
        }
        if actual.bytes != expected.bytes && actual.characters != expected.characters {
            return MarkedText::NotFound(at - start);
        }
    }
    if is_whole || parts.len() >= MAX_PIECES {
        MarkedText::NotFound(at - start)
    } else {
        MarkedText::Unfinished
    }
}

/// True if the line before the one that starts at `line` has this prefix and length: its value goes
/// on too, so that the next lines may belong to either.
fn follows_piece(bytes: &[u8], line: usize, prefix: &[u8], length: Length) -> bool {
    let Some(end) = line.checked_sub(1) else {
        return false;
    };
    let start = line_start(bytes, end);
    let before = &bytes[start..end_without_line_break(bytes, start..line)];
    let matching = matching_mark_length(prefix, before);
    let piece = Length::of(&before[matching..]);
    has_equal_words(prefix, &before[..matching])
        && (piece.bytes == length.bytes || piece.characters == length.characters)
}

/// True if two prefixes differ in their times only, not in the number of a process.
fn has_equal_words(left: &[u8], right: &[u8]) -> bool {
    let is_time = |word: &[u8]| {
        let is_mark = |byte: &u8| matches!(byte, b':' | b'-');
        word.first().is_some_and(u8::is_ascii_digit) && word.iter().any(is_mark)
    };
    let left = left.split(|byte| *byte == b' ');
    let right = right.split(|byte| *byte == b' ');
    left.clone().count() == right.clone().count()
        && left
            .zip(right)
            .all(|(left, right)| left == right || is_time(left) && is_time(right))
}

/// The length of a text. Loggers count one or the other.
#[derive(Clone, Copy, Default)]
struct Length {
    bytes: usize,
    characters: usize,
}

impl Length {
    fn of(text: &[u8]) -> Self {
        let is_start = |byte: &&u8| **byte & 0xc0 != 0x80;
        Self {
            bytes: text.len(),
            characters: text.iter().filter(is_start).count(),
        }
    }
}

/// A value whose text arrives in pieces.
#[derive(Default)]
struct OpenValue {
    depth: usize,
    is_in_string: bool,
    is_escaped: bool,
}

impl OpenValue {
    /// Reads the next piece. Returns true if the value ends in it.
    fn read<'b>(&mut self, piece: impl IntoIterator<Item = &'b u8>) -> bool {
        for byte in piece {
            if self.is_in_string {
                match byte {
                    _ if self.is_escaped => self.is_escaped = false,
                    b'\\' => self.is_escaped = true,
                    b'"' => self.is_in_string = false,
                    _ => {}
                }
                continue;
            }
            match byte {
                b'"' => self.is_in_string = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return true;
                    }
                }
                _ => {}
            }
        }
        false
    }
}

/// Limits at which loggers cut lines, in bytes or characters.
const LINE_LIMITS: &[usize] = &[
    1024, 2000, 2048, 4000, 4096, 8000, 8192, 10_000, 16_384, 32_768, 49_152, 65_536, 100_000,
    131_072, 256_000, 262_144,
];

/// Describes the cut of the value at `start` if it does not end in its line, and the line has a
/// length at which loggers cut. Returns the problem and advice.
pub(crate) fn describe_cut(bytes: &[u8], start: usize) -> Option<(String, &'static str)> {
    // A line may have many values: only those that do not end in it need all of it.
    let mut value = OpenValue::default();
    let rest = bytes[start..].iter().take_while(|byte| **byte != b'\n');
    if value.read(rest) || value.depth == 0 {
        return None;
    }
    let line = line_start(bytes, start);
    let end = end_without_line_break(bytes, line..line_end(bytes, start)).max(start);
    let (limit, unit) = line_limit(&bytes[line..end], start - line)?;
    if !mentions_call(&bytes[start..end]) {
        return None;
    }
    Some((
        format!("cut by the logger at {limit} {unit}"),
        "raise the limit for the length of lines, or save bodies in files",
    ))
}

/// The limit at which a logger has cut the value at `value` in this line, and its unit. `line` has
/// no line break.
fn line_limit(line: &[u8], value: usize) -> Option<(usize, &'static str)> {
    if line.len() + 1 < LINE_LIMITS[0] {
        return None;
    }
    // The limit applies to the line, to the message in it, or to the value.
    let message = memchr::memmem::rfind(&line[..value], b": ").map_or(0, |colon| colon + 2);
    [0, message, value].into_iter().find_map(|start| {
        let Length { bytes, characters } = Length::of(&line[start..]);
        let limit = |length: usize| {
            LINE_LIMITS
                .iter()
                .find(|limit| length.abs_diff(**limit) <= 1)
        };
        (limit(bytes).map(|limit| (*limit, "bytes")))
            .or_else(|| limit(characters).map(|limit| (*limit, "characters")))
    })
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::*;

    fn join(text: &str) -> Option<String> {
        let start = text.find('{').expect("a value");
        match find_split_lines(text.as_bytes(), 0, start, true) {
            MarkedText::Lines(parts, _) => Some(
                parts
                    .into_iter()
                    .map(|part: Range<usize>| &text[part])
                    .collect(),
            ),
            _ => None,
        }
    }

    #[test]
    fn pieces_with_one_prefix_are_joined() {
        let value = format!("{{\"a\":\"{}\\\"}} ä\"}}", "x y ".repeat(700));
        let log = |lines: &[&str]| -> String {
            let lines = lines.iter().enumerate();
            let line = |(index, line)| format!("2025-03-30T01:00:0{index} app[web.1]: {line}\n");
            lines.map(line).collect::<Vec<_>>().concat()
        };
        let message = format!("got {value}");
        let (first, rest) = message.split_at(1200);
        let (second, third) = rest.split_at(1200);
        assert_eq!(join(&log(&[first, second, third])), Some(value.clone()));
        assert_eq!(join(&log(&[first, rest])), None);
        let short = log(&["{\"a\":", "1}"]);
        assert_eq!(join(&short), None);
        // The pieces of two values alternate.
        let other = format!("got {{{}", &value[..1195]);
        let mixed = log(&[&other, first, second, third]);
        let start = mixed.rfind("got {").expect("a value") + 4;
        let line = mixed[..start].rfind('\n').expect("a line") + 1;
        let found = find_split_lines(mixed.as_bytes(), line, start, true);
        assert!(matches!(found, MarkedText::NotFound(_)));
        let foreign = log(&[first]) + "2025-03-30T01:00:00 app[web.2]: " + rest;
        assert_eq!(join(&foreign), None);
    }

    #[test]
    fn limits_of_loggers_are_recognized() {
        let line = format!("x: {{{}{}", "ü".repeat(1000), "x".repeat(3095));
        assert_eq!(line_limit(line.as_bytes(), 3), Some((4096, "characters")));
        let line = format!("got {{{}", "x".repeat(1019));
        assert_eq!(line_limit(line.as_bytes(), 4), Some((1024, "bytes")));
        assert_eq!(line_limit(&line.as_bytes()[..500], 4), None);
    }
}
