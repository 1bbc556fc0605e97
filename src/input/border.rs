//! Where one value ends and the next begins, told from brackets, quotes and line breaks alone. It has to be right for well-formed JSON, and
//! to do little harm where JSON is broken: damage should not reach beyond the line, the element or the value that it is in.

/// What may stand between documents besides JSON's white space: a byte order mark, where files were joined, and the record separator of
/// JSON text sequences (RFC 7464).
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
const RECORD_SEPARATOR: u8 = 0x1e;

/// A place at which a source can be cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    /// Only whole values come before this offset.
    pub end: usize,
    /// In the midst of a top-level array: the index of the element that follows.
    pub element: Option<u64>,
    /// Whether what comes before is no JSON, and what follows may not be either.
    pub in_other_text: bool,
}

/// Where `bytes` can be cut, if anywhere; they begin with element `element` of a top-level array, or between values. `eager` is for input that
/// comes slowly: then as many values as possible come before the cut, also the one at the very end.
pub(super) fn cut(bytes: &[u8], mut element: Option<u64>, eager: bool) -> Option<Cut> {
    let mut border = None;
    let mut found = None;
    let mut at = 0;
    loop {
        at += leading_space(&bytes[at..]);
        let Some(first) = bytes.get(at).copied() else {
            return found;
        };
        let end = match (element, first) {
            (None, b'{') => {
                let border = *border.get_or_insert_with(|| last_border(bytes));
                match border.filter(|end| *end > at) {
                    Some(end) if eager => Some(end),
                    Some(end) => return Some(between_values(end)),
                    // No line break tells: brackets and quotes do.
                    None => value_end(bytes, at),
                }
            }
            (None, b'[') | (Some(_), _) => match scan_array(bytes, at, element) {
                Scan::Ended(end) if eager && !is_followed_by_value(bytes, end) => return found,
                Scan::Ended(end) => Some(end),
                // Nobody waits for an element before the array is complete, and the more is there, the less a slip can mislead.
                Scan::Open(_) if eager => return found,
                Scan::Open(cut) => return cut.or(found),
            },
            (None, _) => match next_value_line(bytes, at, b"") {
                Some(line) => Some(line),
                None => return found.or_else(|| after_last_line(bytes)),
            },
        };
        let Some(end) = end else {
            return found;
        };
        (at, element) = (end, None);
        found = Some(between_values(end));
        if at >= bytes.len() {
            return found;
        }
    }
}

/// Whether nothing follows, or another value does: where a slip has misled us, something else follows.
pub(super) fn is_followed_by_value(bytes: &[u8], end: usize) -> bool {
    let next = bytes.get(end + leading_space(&bytes[end..]));
    next.is_none_or(|next| matches!(next, b'{' | b'['))
}

fn between_values(end: usize) -> Cut {
    Cut {
        end,
        element: None,
        in_other_text: false,
    }
}

fn after_last_line(bytes: &[u8]) -> Option<Cut> {
    memchr::memrchr(b'\n', bytes).map(|newline| Cut {
        end: newline + 1,
        element: None,
        in_other_text: true,
    })
}

/// How many bytes of white space, and of what else may stand between documents, `bytes` begin with.
pub(super) fn leading_space(bytes: &[u8]) -> usize {
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

/// Right after the last line break that stands between two values for certain.
fn last_border(bytes: &[u8]) -> Option<usize> {
    let mut end = bytes.len();
    while let Some(newline) = memchr::memrchr(b'\n', &bytes[..end]) {
        if is_border(bytes, newline) {
            return Some(newline + 1);
        }
        // The other line breaks of the same white space are none either.
        end = bytes[..newline].trim_ascii_end().len();
    }
    None
}

/// Whether the line break at `newline` has `}` or `]` before it and `{` or `[` after it. Within one value none stands so: a comma or a colon
/// would have to come between, and strings hold no raw line breaks (RFC 8259 §7).
fn is_border(bytes: &[u8], newline: usize) -> bool {
    let before = bytes[..newline].trim_ascii_end().last();
    let after = bytes[newline..].trim_ascii_start().first();
    matches!(before, Some(b'}' | b']')) && matches!(after, Some(b'{' | b'['))
}

enum Scan {
    /// The array ends before this offset.
    Ended(usize),
    /// It goes on; it can be cut there, if it has a whole element.
    Open(Option<Cut>),
}

/// Looks through a top-level array for its end or its last whole element.
fn scan_array(bytes: &[u8], from: usize, element: Option<u64>) -> Scan {
    let mut index = element.unwrap_or(0);
    let mut depth = usize::from(element.is_some());
    let mut last = None;
    // What the line of an element begins with, once one was seen to begin a line.
    let mut indent: Option<&[u8]> = None;
    let mut at = from;
    while let Some(byte) = bytes.get(at) {
        let mut ends_element = false;
        match byte {
            b'"' => match string_end(bytes, at) {
                Some(end) if bytes[end] == b'"' => at = end,
                // The line break may be one between elements.
                Some(end) => {
                    at = end;
                    continue;
                }
                None => break,
            },
            b'{' | b'[' => {
                if depth == 1 && indent.is_none() {
                    indent = indent_of(bytes, at);
                }
                depth += 1;
            }
            // Among the elements a `}` can only be one too many.
            b'}' if depth > 1 => depth -= 1,
            b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Scan::Ended(at + 1);
                }
            }
            b',' => ends_element = depth == 1,
            b'\n' if depth > 1 => {
                // An element with a bracket too few; a line that begins like the other elements', behind a comma, is the next one.
                ends_element = indent.is_some_and(|indent| {
                    !indent.is_empty()
                        && begins_value(&bytes[at + 1..], indent)
                        && bytes[..at].trim_ascii_end().ends_with(b",")
                });
            }
            _ => {}
        }
        at += 1;
        if ends_element {
            depth = 1;
            index += 1;
            last = Some(Cut {
                end: at,
                element: Some(index),
                in_other_text: false,
            });
        }
    }
    Scan::Open(last)
}

/// The end of the value that begins with the bracket at `start`; none where it does not end.
pub(super) fn value_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut open = Vec::new();
    let mut at = start;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => match string_end(bytes, at)? {
                end if bytes[end] == b'"' => at = end,
                _ => return None,
            },
            b'{' => open.push(b'}'),
            b'[' => open.push(b']'),
            b'}' | b']' => {
                if open.pop() != Some(*byte) {
                    return None;
                }
                if open.is_empty() {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// The index of the quote that closes the string opened at `open`, or of the line break before which it should have been closed.
pub(super) fn string_end(bytes: &[u8], open: usize) -> Option<usize> {
    let mut at = open + 1;
    loop {
        at += memchr::memchr3(b'"', b'\\', b'\n', bytes.get(at..)?)?;
        if bytes[at] != b'\\' {
            return Some(at);
        }
        at += 2;
    }
}

/// The white space that the line of `start` begins with, if nothing else stands before `start`.
fn indent_of(bytes: &[u8], start: usize) -> Option<&[u8]> {
    let indent = line_before(bytes, start);
    indent.trim_ascii().is_empty().then_some(indent)
}

/// What stands before `start` in its line.
pub(super) fn line_before(bytes: &[u8], start: usize) -> &[u8] {
    let line = memchr::memrchr(b'\n', &bytes[..start]).map_or(0, |newline| newline + 1);
    &bytes[line..start]
}

fn begins_value(line: &[u8], indent: &[u8]) -> bool {
    line.strip_prefix(indent)
        .is_some_and(|rest| matches!(rest.first(), Some(b'{' | b'[')))
}

/// The first place after `start` at which a line begins with `indent` and a bracket.
pub(super) fn next_value_line(bytes: &[u8], start: usize, indent: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b'\n', &bytes[start..])
        .map(|newline| start + newline + 1)
        .find(|line| begins_value(&bytes[*line..], indent))
        .map(|line| line + indent.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut_at(text: &str) -> Option<(&str, Option<u64>)> {
        cut(text.as_bytes(), None, false).map(|cut| (&text[..cut.end], cut.element))
    }

    #[test]
    fn sources_are_cut_between_values() {
        assert_eq!(
            cut_at("{\"a\":1}\n{\"a\":2}\n{\"a\""),
            Some(("{\"a\":1}\n{\"a\":2}\n", None))
        );
        assert_eq!(
            cut_at("{\n  \"a\": {\n  }\n}\n\n{\n  \"a\""),
            Some(("{\n  \"a\": {\n  }\n}\n\n", None))
        );
        assert_eq!(
            cut_at("{\"a\":\"}{\"}{\"b\":1}{\"c\""),
            Some(("{\"a\":\"}{\"}{\"b\":1}", None))
        );
        assert_eq!(cut_at("{\"a\":[1,2"), None);
        assert_eq!(
            cut_at("null\n{\"a\":1}{\"b"),
            Some(("null\n{\"a\":1}", None))
        );
        assert_eq!(cut_at("some\ntext\nonly"), Some(("some\ntext\n", None)));
    }

    #[test]
    fn slow_input_is_cut_behind_its_last_whole_value() {
        let text = b"{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n";
        assert_eq!(cut(text, None, true).map(|cut| cut.end), Some(23));
        assert_eq!(cut(&text[..20], None, true).map(|cut| cut.end), Some(16));
    }

    #[test]
    fn arrays_are_cut_between_elements() {
        assert_eq!(
            cut_at("[{\"a\":[1,2]},{\"a\":\",\"},{\"a"),
            Some(("[{\"a\":[1,2]},{\"a\":\",\"},", Some(2)))
        );
        assert_eq!(cut_at("[1]\n[2]\n[3"), Some(("[1]\n[2]", None)));
        assert_eq!(cut_at("[{\"a\":1"), None);
        assert_eq!(
            cut_at("[\n {\"a\":{\"b\":1},\n {\"a\":2},\n {"),
            Some(("[\n {\"a\":{\"b\":1},\n {\"a\":2},", Some(2)))
        );
    }
}
