//! Where to go on after a broken value: damage should not reach beyond the line, the element or the value that it is in.

use super::border::{
    is_followed_by_value, leading_space, line_before, next_value_line, string_end, value_end,
};

/// Where to go on after a broken value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Resume {
    /// The broken value ends here, by its brackets.
    After(usize),
    /// The next value begins here, on a line of its own.
    AtLine(usize),
    /// The next value begins here.
    At(usize),
    /// Nothing can be told from the rest.
    Nowhere,
}

/// Where to go on after the value that begins at `start` and shows itself broken at `offset`: after its closing bracket; else at the next line
/// that opens a value as far in as its own line; else, among elements on one line, behind the next `},`.
pub(super) fn resume(bytes: &[u8], start: usize, offset: usize, in_array: bool) -> Resume {
    let before = line_before(bytes, start);
    let indent = &before[..before.len() - before.trim_ascii_start().len()];
    let line = next_value_line(bytes, start, indent);
    let own = &bytes[..line.unwrap_or(bytes.len())];
    let end = match own.get(start) {
        Some(b'{' | b'[') => value_end(own, start),
        // A word where an element should be: the comma behind it ends it.
        Some(_) if in_array => {
            memchr::memchr3(b',', b']', b'\n', &own[start..]).map(|end| start + end)
        }
        _ => None,
    };
    // A misplaced quote makes brackets lie: then something odd follows.
    let end = end.filter(|end| {
        let next = bytes.get(end + leading_space(&bytes[*end..]));
        let ends_element = in_array && next.is_some_and(|next| matches!(next, b',' | b']'));
        let behind = bytes[*end..]
            .iter()
            .find(|byte| !matches!(byte, b' ' | b'\t'));
        let ends_line = matches!(behind, Some(b'\r' | b'\n'));
        ends_element
            || (!in_array && (ends_line || is_followed_by_value(bytes, *end)))
            || next.is_none()
    });
    if let Some(next) = swallowed_border(own, start, offset).filter(|_| in_array) {
        return Resume::At(next);
    }
    match (end, line) {
        (Some(end), _) => Resume::After(end),
        (None, Some(line)) => Resume::AtLine(line),
        (None, None) if in_array => {
            next_element(bytes, offset.max(start)).map_or(Resume::Nowhere, Resume::At)
        }
        (None, None) => Resume::Nowhere,
    }
}

/// The `{` of the next element, if a string without its closing quote has swallowed the border to it: a string before `offset` that ends with
/// `}, {`, for the quote behind it opens the next element's first name.
fn swallowed_border(bytes: &[u8], start: usize, offset: usize) -> Option<usize> {
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

/// The `{` of the next `}, {` after `from`: most likely a border between two elements.
fn next_element(bytes: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    memchr::memchr_iter(b'}', rest).find_map(|brace| {
        let comma = brace + 1 + leading_space(&rest[brace + 1..]);
        let next = comma + 1 + leading_space(rest.get(comma + 1..)?);
        (rest[comma] == b',' && rest.get(next) == Some(&b'{')).then_some(from + next)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_on_one_line_are_found_again() {
        assert_eq!(next_element(b"x}, {1}", 0), Some(4));
        assert_eq!(next_element(b"x},", 0), None);
        assert_eq!(next_element(b"x}", 0), None);
    }

    #[test]
    fn a_value_with_an_open_string_is_left_at_the_next_line() {
        let text = b"[\n {\"a\": x\", \"b\": \"}\"},\n {\"c\": 1}\n]";
        assert_eq!(resume(text, 3, 9, true), Resume::AtLine(25));
    }
}
