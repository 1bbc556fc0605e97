//! Finds the offset at which parsing resumes after a broken value, so that damage does not spread
//! beyond its line, element or value.

use std::collections::HashMap;
use std::ops::Range;

use crate::capture::split::boundary::{
    is_followed_by_value, leading_separators, mark_length, match_brackets, string_end,
};

/// The offset at which parsing resumes after a broken value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ResumePoint {
    /// End of the broken value, according to its brackets.
    After(usize),
    /// Start of the next value, on a line of its own.
    AtLine(usize),
    /// Start of the next element, in the middle of a line.
    At(usize),
    /// No further value was found.
    Nowhere,
}

/// Finds where parsing resumes after the broken values of one text, at offsets that grow.
pub(super) struct Recovery<'a> {
    text: &'a [u8],
    line: LineStart,
    /// The lines that start with a bracket, once they are needed.
    value_lines: Option<ValueLines<'a>>,
    /// Bytes in which the brackets of a broken value did not show its end.
    unmatched: usize,
}

/// Limit on the bytes in which brackets are matched without result, as a multiple of the length of
/// the text. Beyond it, ends of values are no longer searched by their brackets.
const MAX_UNMATCHED_PER_BYTE: usize = 8;

impl<'a> Recovery<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self {
            text,
            line: LineStart::default(),
            value_lines: None,
            unmatched: 0,
        }
    }

    /// Finds the offset at which parsing resumes after the value that starts at `start` and has a
    /// syntax error at `offset`, at most at `limit`. In order of preference, that is after its
    /// closing bracket, at the next line that starts a value with the indentation of its line, or,
    /// among elements on one line, after the next `},`.
    pub(super) fn find_resume_point(
        &mut self,
        limit: usize,
        (start, offset): (usize, usize),
        in_array: bool,
    ) -> ResumePoint {
        let indent = &self.text[self.line.indent_before(self.text, start)];
        let bytes = &self.text[..limit];
        let value_lines = self
            .value_lines
            .get_or_insert_with(|| ValueLines::of(self.text));
        let line = value_lines.next(start, indent).filter(|line| *line < limit);
        let until_line = &bytes[..line.unwrap_or(limit)];
        let end = self.value_end(until_line, start, in_array);
        // A misplaced quote makes the brackets unreliable: do not trust an end that is followed by
        // something unexpected.
        let end = end.filter(|end| {
            let next = bytes.get(end + leading_separators(&bytes[*end..]));
            let ends_element = in_array && next.is_some_and(|next| matches!(next, b',' | b']'));
            let after = bytes[*end..]
                .iter()
                .find(|byte| !matches!(byte, b' ' | b'\t'));
            let ends_line = matches!(after, Some(b'\r' | b'\n'));
            let is_expected = ends_element
                || (!in_array && (ends_line || is_followed_by_value(bytes, *end)))
                || next.is_none();
            if !is_expected {
                self.unmatched += end - start;
            }
            is_expected
        });
        if let Some(next) = swallowed_boundary(until_line, start, offset).filter(|_| in_array) {
            return ResumePoint::At(next);
        }
        match (end, line) {
            (Some(end), _) => ResumePoint::After(end),
            (None, Some(line)) => ResumePoint::AtLine(line),
            (None, None) if in_array => {
                next_element(bytes, offset.max(start)).map_or(ResumePoint::Nowhere, ResumePoint::At)
            }
            (None, None) => ResumePoint::Nowhere,
        }
    }

    /// End of the broken value at `start`, by its brackets.
    fn value_end(&mut self, bytes: &[u8], start: usize, in_array: bool) -> Option<usize> {
        match bytes.get(start)? {
            b'{' | b'[' if self.unmatched > MAX_UNMATCHED_PER_BYTE * self.text.len() => None,
            b'{' | b'[' => match match_brackets(bytes, start) {
                Ok(end) => Some(end),
                Err(read_to) => {
                    self.unmatched += read_to - start;
                    None
                }
            },
            // An element that is a bare word ends at the next comma.
            _ if in_array => {
                let end = memchr::memchr3(b',', b']', b'\n', &bytes[start..]);
                end.map(|end| start + end)
            }
            _ => None,
        }
    }
}

/// The line of an offset that grows. Lines may be long: each byte is searched for a line break only
/// once.
#[derive(Default)]
struct LineStart {
    start: usize,
    /// End of the white space at the start of the line.
    indent_end: usize,
    /// Offset up to which line breaks were searched.
    searched: usize,
}

impl LineStart {
    /// The white space at the start of the line of `offset`, which is not below that of an earlier
    /// call.
    fn indent_before(&mut self, text: &[u8], offset: usize) -> Range<usize> {
        let mut from = self.searched;
        if let Some(newline) = memchr::memrchr(b'\n', &text[from..offset]) {
            from += newline + 1;
            (self.start, self.indent_end) = (from, from);
        }
        if self.indent_end == from {
            self.indent_end = offset - text[from..offset].trim_ascii_start().len();
        }
        self.searched = offset;
        self.start..self.indent_end
    }
}

/// The offsets of the brackets that start the lines of a text, by the white space before them. A
/// byte order mark or a record separator may come before a bracket without white space.
struct ValueLines<'a>(HashMap<&'a [u8], Vec<usize>>);

impl<'a> ValueLines<'a> {
    fn of(text: &'a [u8]) -> Self {
        let mut lines: HashMap<&[u8], Vec<usize>> = HashMap::new();
        for newline in memchr::memchr_iter(b'\n', text) {
            let line = &text[newline + 1..];
            let is_indent = |byte: &&u8| byte.is_ascii_whitespace() && **byte != b'\n';
            let length = line.iter().take_while(is_indent).count();
            let bracket = match length {
                0 => mark_length(line),
                indent => indent,
            };
            if let Some(b'{' | b'[') = line.get(bracket) {
                let offsets = lines.entry(&line[..length]).or_default();
                offsets.push(newline + 1 + bracket);
            }
        }
        Self(lines)
    }

    /// Offset of the bracket of the first line after `start` with this white space.
    fn next(&self, start: usize, indent: &[u8]) -> Option<usize> {
        let brackets = self.0.get(indent)?;
        let next = brackets.partition_point(|bracket| bracket - indent.len() <= start);
        brackets.get(next).copied()
    }
}

/// Finds the `{` of the next element if an unclosed string has swallowed the boundary to it. That
/// is a string before `offset` that ends with `}, {`: its supposed closing quote opens the first
/// name of the next element.
fn swallowed_boundary(bytes: &[u8], start: usize, offset: usize) -> Option<usize> {
    let mut at = start;
    loop {
        let open = at + memchr::memchr(b'"', bytes.get(at..offset)?)?;
        let end = string_end(bytes, open)?;
        let text = bytes[open..end].trim_ascii_end();
        if let Some(before) = text.strip_suffix(b"{")
            && let Some(before) = before.trim_ascii_end().strip_suffix(b",")
            && before.trim_ascii_end().ends_with(b"}")
        {
            return Some(open + text.len() - 1);
        }
        at = end + 1;
    }
}

/// Finds the `{` of the next `}, {` after `from`, which is most likely a boundary between two
/// elements.
fn next_element(bytes: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    memchr::memchr_iter(b'}', rest).find_map(|brace| {
        let comma = brace + 1 + leading_separators(&rest[brace + 1..]);
        let next = comma + 1 + leading_separators(rest.get(comma + 1..)?);
        (rest[comma] == b',' && rest.get(next) == Some(&b'{')).then_some(from + next)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_element_on_one_line_is_found() {
        assert_eq!(next_element(b"x}, {1}", 0), Some(4));
        assert_eq!(next_element(b"x},", 0), None);
        assert_eq!(next_element(b"x}", 0), None);
    }

    #[test]
    fn after_an_unclosed_string_parsing_resumes_at_the_next_line() {
        let text = b"[\n {\"a\": x\", \"b\": \"}\"},\n {\"c\": 1}\n]";
        let resume = Recovery::new(text).find_resume_point(text.len(), (3, 9), true);
        assert_eq!(resume, ResumePoint::AtLine(25));
    }

    #[test]
    fn lines_are_found_by_their_white_space() {
        let text = b"x [\n  {\n \t[\n\n{\n  x {\n  [\n\x1e{";
        let lines = ValueLines::of(text);
        let next = |start, indent: &[u8]| lines.next(start, indent);
        assert_eq!(
            [
                next(0, b"  "),
                next(4, b"  "),
                next(0, b" \t"),
                next(0, b"")
            ],
            [Some(6), Some(23), Some(10), Some(13)]
        );
        assert_eq!(
            [next(13, b""), next(26, b""), next(0, b"   ")],
            [Some(26), None, None]
        );
        let mut line = LineStart::default();
        let indents = [0, 2, 6, 19, 23].map(|offset| line.indent_before(text, offset));
        assert_eq!(indents, [0..0, 0..0, 4..6, 15..17, 21..23]);
    }
}
