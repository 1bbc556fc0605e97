//! Excerpts of the line around a location, cut to a readable length, because a body is often a
//! single long line.

use crate::text::windows_1252;

/// Limit, in characters, on the marked text and on the text on each side of it.
const MAX_CHARACTERS: usize = 160;

/// The line that contains a location, or the part of it around the location. The text is raw and
/// may contain control characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Excerpt {
    /// Text before the marked text.
    pub(crate) before: String,
    /// The marked text, at most to the end of its first line.
    pub(crate) marked: String,
    /// Text after the marked text on the same line.
    pub(crate) after: String,
    /// True if the line starts further left.
    pub(crate) is_cut_left: bool,
    /// True if the line, or the marked text on it, continues further right.
    pub(crate) is_cut_right: bool,
}

impl Excerpt {
    /// Extracts the line around `bytes[start..end]`.
    #[must_use]
    pub(crate) fn around(bytes: &[u8], start: usize, end: usize) -> Self {
        let (before, is_cut_left) = line_before(&bytes[..start]);
        // Editors do not show the byte order mark.
        let before = before.strip_prefix(b"\xef\xbb\xbf").unwrap_or(before);
        let (marked, marked_is_cut) = line_after(&bytes[start..end]);
        let marked_continues = start + marked.len() < end;
        let (after, after_is_cut) = if marked_continues {
            (&[][..], marked_is_cut)
        } else {
            line_after(&bytes[end..])
        };
        Self {
            before: decode(before),
            marked: decode(marked),
            after: decode(after),
            is_cut_left,
            is_cut_right: after_is_cut,
        }
    }
}

/// Decodes UTF-8. Bytes that are not UTF-8 are shown as in Windows-1252.
fn decode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().copied().map(windows_1252::character));
    }
    text
}

/// Last characters of the line at the end of `bytes`, and true if the line has more.
fn line_before(bytes: &[u8]) -> (&[u8], bool) {
    let window = bytes.len().saturating_sub(MAX_CHARACTERS * 4);
    let line = match memchr::memrchr(b'\n', &bytes[window..]) {
        Some(newline) => &bytes[window + newline + 1..],
        None => &bytes[window..],
    };
    let is_line_cut = line.len() == bytes.len() - window && window > 0;
    let mut starts = line
        .iter()
        .enumerate()
        .rev()
        .filter(|(_, b)| is_character_start(**b));
    match starts.nth(MAX_CHARACTERS - 1) {
        Some((at, _)) => (&line[at..], at > 0 || is_line_cut),
        None => (line, is_line_cut),
    }
}

/// First characters of the line at the start of `bytes`, without its line break, and true if the
/// line has more.
fn line_after(bytes: &[u8]) -> (&[u8], bool) {
    let window = &bytes[..bytes.len().min(MAX_CHARACTERS * 4 + 4)];
    let line = match memchr::memchr(b'\n', window) {
        Some(newline) => &window[..newline],
        None => window,
    };
    let mut starts = line
        .iter()
        .enumerate()
        .filter(|(_, b)| is_character_start(**b));
    match starts.nth(MAX_CHARACTERS) {
        Some((at, _)) => (&line[..at], true),
        None => (line.strip_suffix(b"\r").unwrap_or(line), false),
    }
}

/// True if a UTF-8 character starts with this byte.
fn is_character_start(byte: u8) -> bool {
    byte & 0xc0 != 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(text: &str, marked: &str) -> (String, String, String, bool, bool) {
        let start = text.find(marked).expect("it is there");
        let excerpt = Excerpt::around(text.as_bytes(), start, start + marked.len());
        (
            excerpt.before,
            excerpt.marked,
            excerpt.after,
            excerpt.is_cut_left,
            excerpt.is_cut_right,
        )
    }

    #[test]
    fn a_short_line_is_kept_whole() {
        let (before, marked, after, left, right) = around("{\r\n \"ä\": 1,\r\n}", "1");
        assert_eq!(
            (before.as_str(), marked.as_str(), after.as_str()),
            (" \"ä\": ", "1", ",")
        );
        assert!(!left && !right);
    }

    #[test]
    fn a_long_line_is_cut_on_both_sides_between_characters() {
        let text = format!("{}X{}", "ä".repeat(5_000), "€".repeat(5_000));
        let (before, marked, after, left, right) = around(&text, "X");
        assert_eq!(before, "ä".repeat(MAX_CHARACTERS));
        assert_eq!(marked, "X");
        assert_eq!(after, "€".repeat(MAX_CHARACTERS));
        assert!(left && right);
    }

    #[test]
    fn a_marked_text_of_many_lines_ends_with_its_first() {
        let (before, marked, after, left, right) = around("a {\n1}\n", "{\n1}");
        assert_eq!(
            (before.as_str(), marked.as_str(), after.as_str()),
            ("a ", "{", "")
        );
        assert!(!left && !right);
    }

    #[test]
    fn the_end_of_the_text_can_be_marked() {
        let excerpt = Excerpt::around(b"ab\n", 3, 3);
        assert_eq!(excerpt, Excerpt::default());
    }
}
