//! Finds the offset at which parsing resumes after a broken value, so that damage does not spread
//! beyond its line, element or value.

use crate::capture::split::boundary::{
    is_followed_by_value, leading_separators, line_before, next_value_line, string_end, value_end,
};

/// The offset at which parsing resumes after a broken value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ResumePoint {
    /// End of the broken value, according to its brackets.
    After(usize),
    /// Start of the next value, on a line of its own.
    AtLine(usize),
    /// Start of the next element, in the middle of a line.
    At(usize),
    /// No further value was found.
    Nowhere,
}

/// Finds the offset at which parsing resumes after the value that starts at `start` and has a
/// syntax error at `offset`. In order of preference, that is after its closing bracket, at the next
/// line that starts a value with the indentation of its line, or, among elements on one line, after
/// the next `},`.
pub(crate) fn find_resume_point(
    bytes: &[u8],
    start: usize,
    offset: usize,
    in_array: bool,
) -> ResumePoint {
    let before = line_before(bytes, start);
    let indent = &before[..before.len() - before.trim_ascii_start().len()];
    let line = next_value_line(bytes, start, indent);
    let until_line = &bytes[..line.unwrap_or(bytes.len())];
    let end = match until_line.get(start) {
        Some(b'{' | b'[') => value_end(until_line, start),
        // An element that is a bare word ends at the next comma.
        Some(_) if in_array => {
            memchr::memchr3(b',', b']', b'\n', &until_line[start..]).map(|end| start + end)
        }
        _ => None,
    };
    // A misplaced quote makes the brackets unreliable: do not trust an end that is followed by
    // something unexpected.
    let end = end.filter(|end| {
        let next = bytes.get(end + leading_separators(&bytes[*end..]));
        let ends_element = in_array && next.is_some_and(|next| matches!(next, b',' | b']'));
        let after = bytes[*end..]
            .iter()
            .find(|byte| !matches!(byte, b' ' | b'\t'));
        let ends_line = matches!(after, Some(b'\r' | b'\n'));
        ends_element
            || (!in_array && (ends_line || is_followed_by_value(bytes, *end)))
            || next.is_none()
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
        assert_eq!(find_resume_point(text, 3, 9, true), ResumePoint::AtLine(25));
    }
}
