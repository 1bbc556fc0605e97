//! The line round a place in a source, cut to what people look at: bodies often stand on one line of any length.

/// Characters that are kept on each side of the marked text, and of the marked text itself.
const KEPT: usize = 160;

/// The line that a place begins in, or the stretch of it round the place. Raw: it may hold control characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excerpt {
    /// What stands before the marked text.
    pub before: String,
    /// The marked text, to the end of its first line at most.
    pub marked: String,
    /// What stands behind it on the same line.
    pub after: String,
    /// Whether the line begins further left.
    pub is_cut_left: bool,
    /// Whether the line, or the marked text on it, goes on further right.
    pub is_cut_right: bool,
}

impl Excerpt {
    /// The line round `bytes[start..end]`.
    #[must_use]
    pub fn around(bytes: &[u8], start: usize, end: usize) -> Self {
        let (before, is_cut_left) = line_before(&bytes[..start]);
        // No editor shows the byte order mark.
        let before = before.strip_prefix(b"\xef\xbb\xbf").unwrap_or(before);
        let (marked, marked_is_cut) = line_after(&bytes[start..end]);
        let goes_on = start + marked.len() < end;
        let (after, after_is_cut) = if goes_on {
            (&[][..], marked_is_cut)
        } else {
            line_after(&bytes[end..])
        };
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self {
            before: text(before),
            marked: text(marked),
            after: text(after),
            is_cut_left,
            is_cut_right: after_is_cut,
        }
    }
}

/// The last characters of the line that `bytes` end in, and whether there are more.
fn line_before(bytes: &[u8]) -> (&[u8], bool) {
    let window = bytes.len().saturating_sub(KEPT * 4);
    let line = match memchr::memrchr(b'\n', &bytes[window..]) {
        Some(newline) => &bytes[window + newline + 1..],
        None => &bytes[window..],
    };
    let is_begun = line.len() == bytes.len() - window && window > 0;
    let mut starts = line.iter().enumerate().rev().filter(|(_, b)| is_start(**b));
    match starts.nth(KEPT - 1) {
        Some((at, _)) => (&line[at..], at > 0 || is_begun),
        None => (line, is_begun),
    }
}

/// The first characters of the line that `bytes` begin with, without its end, and whether there are more.
fn line_after(bytes: &[u8]) -> (&[u8], bool) {
    let window = &bytes[..bytes.len().min(KEPT * 4 + 4)];
    let line = match memchr::memchr(b'\n', window) {
        Some(newline) => &window[..newline],
        None => window,
    };
    let mut starts = line.iter().enumerate().filter(|(_, b)| is_start(**b));
    match starts.nth(KEPT) {
        Some((at, _)) => (&line[..at], true),
        None => (line.strip_suffix(b"\r").unwrap_or(line), false),
    }
}

/// Whether a byte begins a UTF-8 character.
fn is_start(byte: u8) -> bool {
    byte & 0xc0 != 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(text: &str, marked: &str) -> (String, String, String, bool, bool) {
        let start = text.find(marked).expect("it is there");
        let it = Excerpt::around(text.as_bytes(), start, start + marked.len());
        (
            it.before,
            it.marked,
            it.after,
            it.is_cut_left,
            it.is_cut_right,
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
        assert_eq!(before, "ä".repeat(KEPT));
        assert_eq!(marked, "X");
        assert_eq!(after, "€".repeat(KEPT));
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
        let it = Excerpt::around(b"ab\n", 3, 3);
        assert_eq!(it, Excerpt::default());
    }
}
