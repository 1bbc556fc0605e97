//! Finds boundaries between JSON values by brackets, quotes and line breaks, without parsing. The
//! result is exact for well-formed JSON. In broken JSON, an error should affect only its own line,
//! element or value.

use super::flatted::may_be_flatted;
use crate::capture::split::lines::line_start;
use crate::json::container_length;

/// U+FEFF in UTF-8. It occurs between documents where files with a byte order mark were joined.
pub(in crate::capture::split) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// Starts each document of a JSON text sequence (RFC 7464).
const RECORD_SEPARATOR: u8 = 0x1e;

/// An offset at which a source can be cut into batches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cut {
    /// The offset. All values before it are whole.
    pub(crate) end: usize,
    /// Index of the element that follows, if the cut is inside a top-level array.
    pub(crate) element: Option<u64>,
    /// True if the text before the cut is not JSON, so the text after it might not be JSON either.
    pub(crate) is_in_non_json: bool,
}

impl Cut {
    /// The cut at `end`, between two values and outside of an array.
    pub(super) fn between_values(end: usize) -> Self {
        Self {
            end,
            element: None,
            is_in_non_json: false,
        }
    }
}

/// Finds an offset at which `bytes` can be cut, or returns `None` if there is none. `bytes` start
/// at the element with index `element` of a top-level array; if that is `None`, between two values.
pub(crate) fn find_cut(bytes: &[u8], mut element: Option<u64>) -> Option<Cut> {
    let mut found = None;
    let mut at = 0;
    loop {
        at += leading_separators(&bytes[at..]);
        let Some(first) = bytes.get(at).copied() else {
            return found;
        };
        let end = match (element, first) {
            (None, b'{') => {
                // Searching for one line break from the end saves matching the brackets of all
                // values, which would add 39 % to the instructions of `validate`.
                if at == leading_separators(bytes)
                    && let Some(end) = last_certain_boundary(bytes)
                {
                    return Some(Cut::between_values(end));
                }
                // No line break is certain to be a boundary: match brackets and quotes instead.
                value_end(bytes, at)
            }
            // The elements of a flatted array belong together.
            (None, b'[') if may_be_flatted(&bytes[at..]) != Some(false) => {
                let is_decided = may_be_flatted(&bytes[at..]).is_some();
                value_end(bytes, at).filter(|_| is_decided)
            }
            (None, b'[') | (Some(_), _) => match scan_array(bytes, at, element) {
                ArrayScan::Ended(end) => Some(end),
                ArrayScan::Open(cut) => return cut.or(found),
            },
            (None, _) => match next_value_line(bytes, at) {
                Some(line) => Some(line),
                None => return found.or_else(|| cut_after_last_line(bytes)),
            },
        };
        let Some(end) = end else {
            return found;
        };
        (at, element) = (end, None);
        found = Some(Cut::between_values(end));
        if at >= bytes.len() {
            return found;
        }
    }
}

/// Returns the end of the top-level array whose element with the index `element` starts `bytes`, if
/// a line break follows it.
pub(super) fn array_line_end(bytes: &[u8], element: u64) -> Option<usize> {
    let ArrayScan::Ended(end) = scan_array(bytes, 0, Some(element)) else {
        return None;
    };
    let separators = leading_separators(&bytes[end..]);
    let newline = memchr::memchr(b'\n', &bytes[end..end + separators])?;
    is_followed_by_value(bytes, end).then_some(end + newline + 1)
}

/// Finds the last cut among the elements that start `bytes`, the first one with the index
/// `element`. At the end of the array, the cut follows its bracket and has no element.
pub(super) fn find_element_cut(bytes: &[u8], element: u64) -> Option<Cut> {
    match scan_array(bytes, 0, Some(element)) {
        ArrayScan::Ended(end) => Some(Cut::between_values(end)),
        ArrayScan::Open(cut) => cut,
    }
}

/// Returns the end of the array whose element with the index `element` starts `bytes`. It is the
/// same whatever follows `bytes`.
pub(super) fn array_end(bytes: &[u8], element: u64) -> Option<usize> {
    match match_array_brackets(bytes, 0, Some(element), false) {
        ArrayScan::Ended(end) => Some(end),
        ArrayScan::Open(_) => None,
    }
}

/// Returns true if another value or nothing follows at `end`. Anything else shows that a syntax
/// error has misled the scan.
pub(crate) fn is_followed_by_value(bytes: &[u8], end: usize) -> bool {
    let next = bytes.get(end + leading_separators(&bytes[end..]));
    next.is_none_or(|next| matches!(next, b'{' | b'['))
}

/// The cut after the last line break, for text that is not JSON; `None` without a line break.
fn cut_after_last_line(bytes: &[u8]) -> Option<Cut> {
    memchr::memrchr(b'\n', bytes).map(|newline| Cut {
        end: newline + 1,
        element: None,
        is_in_non_json: true,
    })
}

/// Returns the number of leading bytes that may separate documents: white space, byte order marks
/// and record separators.
pub(crate) fn leading_separators(bytes: &[u8]) -> usize {
    let mut rest = bytes;
    loop {
        rest = match rest {
            [b' ' | b'\t' | b'\r' | b'\n' | RECORD_SEPARATOR, rest @ ..] => rest,
            _ => match rest.strip_prefix(BYTE_ORDER_MARK) {
                Some(rest) => rest,
                None => return bytes.len() - rest.len(),
            },
        };
    }
}

/// Returns the last boundary in `bytes`, which start with an object. Returns `None` if there is no
/// boundary, or if a top-level array may start before it: a missing comma between two elements
/// looks like a boundary.
pub(super) fn last_certain_boundary(bytes: &[u8]) -> Option<usize> {
    let boundary = last_boundary(bytes)?;
    let may_hold_array = memchr::memchr_iter(b'[', &bytes[..boundary]).any(|bracket| {
        let starts_line = bracket > 0 && bytes[bracket - 1] == b'\n';
        let before = bytes[..bracket].trim_ascii_end().last();
        starts_line || matches!(before, Some(b'}' | b']'))
    });
    (!may_hold_array).then_some(boundary)
}

/// Returns the offset after the last line break that is a boundary.
pub(super) fn last_boundary(bytes: &[u8]) -> Option<usize> {
    let mut end = bytes.len();
    while let Some(newline) = memchr::memrchr(b'\n', &bytes[..end]) {
        if is_boundary(bytes, newline) {
            return Some(newline + 1);
        }
        // The other line breaks in this white space are not boundaries either.
        end = bytes[..newline].trim_ascii_end().len();
    }
    None
}

/// Returns the offset after the first line break at or after `from` that is a boundary.
pub(crate) fn next_boundary(bytes: &[u8], from: usize) -> Option<usize> {
    memchr::memchr_iter(b'\n', &bytes[from..])
        .map(|newline| from + newline)
        .find(|newline| is_boundary(bytes, *newline))
        .map(|newline| newline + 1)
}

/// Returns true if the line break at `newline` follows `}` or `]`, and the next line starts with an
/// object or with an array of objects, arrays or strings, perhaps after a byte order mark or a
/// record separator. Outside of arrays, this is a boundary between two values. A line break within
/// a value never is: a comma or a colon would have to stand between the two brackets, and strings
/// contain no raw line breaks (RFC 8259 §7). A broken value ends here too.
fn is_boundary(bytes: &[u8], newline: usize) -> bool {
    let after = &bytes[newline + 1..];
    let value = &after[mark_length(after)..];
    let starts_value = matches!(value, [b'{', ..] | [b'[', b'{' | b'[' | b']' | b'"', ..]);
    starts_value && {
        let before = bytes[..newline].trim_ascii_end().last();
        matches!(before, Some(b'}' | b']'))
    }
}

enum ArrayScan {
    /// The array ends before this offset.
    Ended(usize),
    /// The array does not end. The cut follows its last whole element, if it has one.
    Open(Option<Cut>),
}

/// Scans a top-level array for its end or its last whole element. The scan starts at `from`: at the
/// `[`, or at the element with the index `element`.
fn scan_array(bytes: &[u8], from: usize, element: Option<u64>) -> ArrayScan {
    // Lines only decide where brackets do not: in well-formed JSON, an element may hold lines that
    // look like elements.
    match match_array_brackets(bytes, from, element, false) {
        ArrayScan::Open(None) => match_array_brackets(bytes, from, element, true),
        scan => scan,
    }
}

/// Scans a top-level array by its brackets. If `recovers` is true, an element that lacks a closing
/// bracket ends before the line that starts the next element.
fn match_array_brackets(
    bytes: &[u8],
    from: usize,
    element: Option<u64>,
    recovers: bool,
) -> ArrayScan {
    let mut index = element.unwrap_or(0);
    let mut depth = usize::from(element.is_some());
    let mut last = None;
    // Indentation of the elements, once an element has started a line.
    let mut indent: Option<&[u8]> = None;
    let mut is_flat = false;
    let mut at = from;
    while let Some(byte) = bytes.get(at) {
        let mut ends_element = false;
        match byte {
            b'"' => match string_end(bytes, at) {
                Some(end) if bytes[end] == b'"' => at = end,
                // The string is unclosed: look at its line break again, as it may end an element.
                Some(end) => {
                    at = end;
                    continue;
                }
                None => break,
            },
            b'{' | b'[' => {
                // The brackets of a valid element match.
                if depth == 1
                    && !recovers
                    && let Some(length) = container_length(&bytes[at..])
                {
                    at += length;
                    continue;
                }
                if depth == 1 && recovers && indent.is_none() {
                    indent = indent_of(bytes, at);
                }
                depth += 1;
            }
            // Between elements, a `}` is a surplus bracket.
            b'}' if depth > 1 => depth -= 1,
            b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return ArrayScan::Ended(at + 1);
                }
            }
            b',' => ends_element = depth == 1,
            b'\n' if recovers && depth > 1 && !is_flat => {
                // The line follows a comma and starts a value with the indentation of the elements.
                // In an element with other lines of this indentation, that means nothing.
                let line = &bytes[at + 1..];
                if let Some(indent) = indent.filter(|indent| !indent.is_empty()) {
                    ends_element =
                        starts_value(line, indent) && bytes[..at].trim_ascii_end().ends_with(b",");
                    is_flat = !ends_element && starts_member(line, indent);
                }
            }
            _ => {}
        }
        at += 1;
        if ends_element {
            (depth, is_flat) = (1, false);
            index += 1;
            last = Some(Cut {
                end: at,
                element: Some(index),
                is_in_non_json: false,
            });
        }
    }
    ArrayScan::Open(last)
}

/// Returns the offset after the object or array that starts at `start`, or `None` if its brackets
/// do not match or are not closed.
pub(crate) fn value_end(bytes: &[u8], start: usize) -> Option<usize> {
    match_brackets(bytes, start).ok()
}

/// Returns the offset after the object or array that starts at `start`. Returns `Err` with the
/// offset up to which it was read if its brackets do not match or are not closed.
pub(crate) fn match_brackets(bytes: &[u8], start: usize) -> Result<usize, usize> {
    match_open_brackets(bytes, start, Vec::new())
}

/// Like [`match_brackets`], in text before which brackets were opened. They are closed by the bytes
/// in `open`, the last one first.
pub(super) fn match_open_brackets(
    bytes: &[u8],
    start: usize,
    mut open: Vec<u8>,
) -> Result<usize, usize> {
    let mut at = start;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => match string_end(bytes, at) {
                Some(end) if bytes[end] == b'"' => at = end,
                Some(end) => return Err(end),
                None => return Err(bytes.len()),
            },
            b'{' => open.push(b'}'),
            b'[' => open.push(b']'),
            b'}' | b']' => {
                if open.pop() != Some(*byte) {
                    return Err(at);
                }
                if open.is_empty() {
                    return Ok(at + 1);
                }
            }
            _ => {}
        }
        at += 1;
    }
    Err(bytes.len())
}

/// Returns the offset of the quote that closes the string opened at `open`, or of the line break
/// before which it should have been closed. Returns `None` at the end of `bytes`.
pub(crate) fn string_end(bytes: &[u8], open: usize) -> Option<usize> {
    let mut at = open + 1;
    loop {
        at += memchr::memchr3(b'"', b'\\', b'\n', bytes.get(at..)?)?;
        if bytes[at] != b'\\' {
            return Some(at);
        }
        at += 2;
    }
}

/// Returns the indentation of the line of `start`, or `None` if other text precedes `start` in its
/// line.
fn indent_of(bytes: &[u8], start: usize) -> Option<&[u8]> {
    let indent = line_before(bytes, start);
    indent.trim_ascii().is_empty().then_some(indent)
}

/// Returns the text before `start` in its line.
fn line_before(bytes: &[u8], start: usize) -> &[u8] {
    let line = line_start(bytes, start);
    &bytes[line..start]
}

/// True if `line` starts with `indent` and an opening bracket.
fn starts_value(line: &[u8], indent: &[u8]) -> bool {
    line.strip_prefix(indent)
        .is_some_and(|rest| matches!(rest.first(), Some(b'{' | b'[')))
}

/// True if `line` starts with `indent` and neither white space nor a closing bracket.
fn starts_member(line: &[u8], indent: &[u8]) -> bool {
    let next = line.strip_prefix(indent).and_then(|rest| rest.first());
    next.is_some_and(|next| !next.is_ascii_whitespace() && !matches!(next, b'}' | b']'))
}

/// Length of the byte order mark or record separator at the start of `line`.
pub(crate) fn mark_length(line: &[u8]) -> usize {
    match line {
        [RECORD_SEPARATOR, ..] => 1,
        _ if line.starts_with(BYTE_ORDER_MARK) => BYTE_ORDER_MARK.len(),
        _ => 0,
    }
}

/// Finds the first line after `start` that starts with a bracket, perhaps after a byte order mark
/// or a record separator, and returns the offset of the bracket.
pub(crate) fn next_value_line(bytes: &[u8], start: usize) -> Option<usize> {
    memchr::memchr_iter(b'\n', &bytes[start..]).find_map(|newline| {
        let line = start + newline + 1;
        let value = line + mark_length(&bytes[line..]);
        matches!(bytes.get(value), Some(b'{' | b'[')).then_some(value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut_text(text: &str) -> Option<(&str, Option<u64>)> {
        find_cut(text.as_bytes(), None).map(|cut| (&text[..cut.end], cut.element))
    }

    #[test]
    fn sources_are_cut_between_values() {
        assert_eq!(
            cut_text("{\"a\":1}\n{\"a\":2}\n{\"a\""),
            Some(("{\"a\":1}\n{\"a\":2}\n", None))
        );
        assert_eq!(
            cut_text("{\n  \"a\": {\n  }\n}\n\n{\n  \"a\""),
            Some(("{\n  \"a\": {\n  }\n}\n\n", None))
        );
        assert_eq!(
            cut_text("{\"a\":\"}{\"}{\"b\":1}{\"c\""),
            Some(("{\"a\":\"}{\"}{\"b\":1}", None))
        );
        assert_eq!(cut_text("{\"a\":[1,2"), None);
        assert_eq!(
            cut_text("null\n{\"a\":1}{\"b"),
            Some(("null\n{\"a\":1}", None))
        );
        assert_eq!(cut_text("some\ntext\nonly"), Some(("some\ntext\n", None)));
    }

    #[test]
    fn marks_before_a_value_hide_no_boundary() {
        for mark in ["", "\u{1e}", "\u{feff}"] {
            let text = format!("{{\"a\":1}}\n{mark}{{\"a\":2}}");
            assert_eq!(next_boundary(text.as_bytes(), 0), Some(8), "{text:?}");
        }
    }

    #[test]
    fn arrays_are_cut_between_elements() {
        assert_eq!(
            cut_text("[{\"a\":[1,2]},{\"a\":\",\"},{\"a"),
            Some(("[{\"a\":[1,2]},{\"a\":\",\"},", Some(2)))
        );
        assert_eq!(cut_text("[1]\n[2]\n[3"), Some(("[1]\n[2]", None)));
        assert_eq!(cut_text("[{\"a\":1"), None);
        assert_eq!(
            cut_text("[\n {\"a\":{\"b\":1},\n {\"a\":2},\n {"),
            Some(("[\n {\"a\":{\"b\":1},\n {\"a\":2},", Some(2)))
        );
    }

    #[test]
    fn a_line_that_looks_like_an_element_does_not_end_one() {
        let first = "[\n {\n \"a\":[\n {\"b\":1},\n {\"b\":2}\n ]\n }";
        let whole = format!("{first},\n {{\n \"a\":[\n {{\"b\":1}},\n {{\"b\":2}}");
        let cut = format!("{first},");
        assert_eq!(cut_text(&whole), Some((cut.as_str(), Some(1))));
        assert_eq!(cut_text(first.trim_end_matches([' ', '}'])), None);
        let inline = "[\n {\"a\":[{\"b\":1},\n {\"b\":2}]},";
        assert_eq!(cut_text(inline), Some((inline, Some(1))));
    }
}
