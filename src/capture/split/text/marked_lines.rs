//! Finds the lines of JSON that was printed over several lines with a prefix on each line, such as
//! `data:` of an event stream, `>` of a quotation, a container name, or a time. Also finds the
//! parts of long lines split by a container runtime (CRI log format). Nothing is copied here: the
//! decoder `capture/find/decode/marked_lines.rs` joins the lines.

use std::ops::Range;

use crate::capture::split::boundary::string_end;
use crate::capture::split::lines::line_end;

/// Result of the search for the lines of a value with a common prefix.
pub(crate) enum MarkedText {
    /// Ranges of the lines without their prefix, and the offset after the last line.
    Lines(Vec<Range<usize>>, usize),
    /// The value may continue after the end of the text, which is not the whole source.
    Unfinished,
    /// No value found. Holds the number of bytes read.
    NotFound(usize),
}

/// Limit on the unrelated lines between two lines of a value.
const MAX_FOREIGN_LINES: usize = 20;

/// Limit on the lines of a value: longer values are not calls.
const MAX_LINES: usize = 20_000;

/// Finds the lines of the value at `start`, in the line that starts at `line`, and returns their
/// ranges in `bytes`. Continuation lines must start with a similar prefix. `is_whole` is true if
/// `bytes` end with the source, so that a value that is incomplete there has no more lines.
pub(crate) fn find_marked_lines(
    bytes: &[u8],
    line: usize,
    start: usize,
    is_whole: bool,
) -> MarkedText {
    let before = &bytes[line..start];
    if before.trim_ascii().is_empty() {
        return MarkedText::NotFound(0);
    }
    if let Some(mark) = CriMark::parse(before)
        && mark.is_partial
    {
        return find_split_line(bytes, start, mark.stream, is_whole);
    }
    let first = start..line_end(bytes, start);
    let Some(mut depth) = depth_change(&bytes[first.clone()]) else {
        return MarkedText::NotFound(first.len());
    };
    let mut at = first.end;
    let mut parts = Vec::from([first]);
    // Common prefix of all lines. Set from the second line, because the first one may have more
    // text before the value.
    let mut mark = before;
    let mut foreign_lines = 0;
    while depth > 0 && at < bytes.len() && parts.len() < MAX_LINES {
        let line = &bytes[at..line_end(bytes, at)];
        let length = matching_mark_length(mark, line);
        let rest = &line[length..];
        // Lines with a whole value each have members in common, which are not a mark.
        let has_members = memchr::memmem::find(&line[..length], b"\":").is_some();
        // A number of the value is not one of the mark.
        let is_number = line[..length].iter().all(|byte| is_part_of_number(*byte))
            && matching_mark_length(&line[..length], mark) < mark.len();
        let is_marked = !has_members && !is_number && !line[..length].trim_ascii().is_empty();
        if is_marked && can_continue_json(rest) {
            let Some(change) = depth_change(rest) else {
                return MarkedText::NotFound(at - start);
            };
            depth += change;
            if parts.len() == 1 {
                mark = &line[..length];
            }
            parts.push(at + length..at + line.len());
            foreign_lines = 0;
        } else {
            // Lines of another program may come between. A line with a brace may be a separate
            // value, and one with a member may be a line of this value that lacks the mark.
            foreign_lines += 1;
            if foreign_lines > MAX_FOREIGN_LINES
                || memchr::memchr(b'{', line).is_some()
                || is_member(line)
            {
                return MarkedText::NotFound(at - start);
            }
        }
        at += line.len();
    }
    match depth {
        1.. if at >= bytes.len() && !is_whole => MarkedText::Unfinished,
        0 if parts.len() > 1 => MarkedText::Lines(parts, at),
        _ => MarkedText::NotFound(at - start),
    }
}

/// Length of the start of `line` that matches `before`: equal characters, and any number matches
/// any other.
pub(super) fn matching_mark_length(before: &[u8], line: &[u8]) -> usize {
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (mut known, mut at) = (0, 0);
    while let (Some(expected), Some(found)) = (before.get(known), line.get(at)) {
        if expected.is_ascii_digit() && found.is_ascii_digit() {
            known += digits(&before[known..]);
            at += digits(&line[at..]);
        } else if expected == found {
            known += 1;
            at += 1;
        } else {
            break;
        }
    }
    at
}

/// True for a character of a number, or white space before it.
fn is_part_of_number(byte: u8) -> bool {
    byte.is_ascii_digit() || byte.is_ascii_whitespace() || b".,+-eE".contains(&byte)
}

/// True for a line with a member of JSON: `"duration": 95,`.
fn is_member(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    let name = line.strip_prefix(b"\"").and_then(|name| {
        let end = memchr::memchr(b'"', name)?;
        Some(&name[end + 1..])
    });
    name.is_some_and(|after| after.trim_ascii_start().starts_with(b":"))
}

/// True if the line can be a continuation line of a JSON value.
fn can_continue_json(line: &[u8]) -> bool {
    let first = line.trim_ascii_start().first();
    first.is_none_or(|first| {
        matches!(
            first,
            b'"' | b'{' | b'}' | b'[' | b']' | b',' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n'
        )
    })
}

/// Number of opening minus closing brackets, outside of strings. `None` if a string is not closed:
/// programs that print a value over several lines do not break its strings.
fn depth_change(line: &[u8]) -> Option<i64> {
    let mut depth = 0;
    let mut at = 0;
    while let Some(byte) = line.get(at) {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            b'"' => at = string_end(line, at).filter(|end| line[*end] == b'"')?,
            _ => {}
        }
        at += 1;
    }
    Some(depth)
}

/// Finds the parts of a line that the container runtime has split. Lines of other streams are
/// skipped, unless they may have values.
fn find_split_line(bytes: &[u8], start: usize, stream: &[u8], is_whole: bool) -> MarkedText {
    let mut end = line_end(bytes, start);
    let first = start..end_without_line_break(bytes, start..end);
    let mut parts = Vec::from([first]);
    while end < bytes.len() {
        let line = end..line_end(bytes, end);
        end = line.end;
        let Some(mark) = CriMark::parse(&bytes[line.clone()]) else {
            break;
        };
        if mark.stream != stream {
            // A value in a line between would not be read.
            if memchr::memchr(b'{', &bytes[line]).is_some() {
                return MarkedText::NotFound(end - start);
            }
            continue;
        }
        let text = line.start + mark.length..line.end;
        if !mark.is_partial {
            parts.push(text);
            return MarkedText::Lines(parts, end);
        }
        parts.push(text.start..end_without_line_break(bytes, text));
    }
    if is_whole {
        MarkedText::NotFound(end - start)
    } else {
        MarkedText::Unfinished
    }
}

/// End of the line without its line break.
pub(super) fn end_without_line_break(bytes: &[u8], line: Range<usize>) -> usize {
    let text = &bytes[line.clone()];
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    line.start + text.strip_suffix(b"\r").unwrap_or(text).len()
}

/// The CRI prefix of a container log line: time, stream, and a tag. The tag is `P` (partial) if the
/// line continues in the next one, else `F` (full).
struct CriMark<'a> {
    stream: &'a [u8],
    is_partial: bool,
    /// Length in bytes, including the space after it.
    length: usize,
}

impl<'a> CriMark<'a> {
    fn parse(line: &'a [u8]) -> Option<Self> {
        const MAX_MARK_BYTES: usize = 80;
        let line = &line[..line.len().min(MAX_MARK_BYTES)];
        let mut words = line.splitn(4, |byte| *byte == b' ');
        let (time, stream, tag) = (words.next()?, words.next()?, words.next()?);
        let is_mark = time.first().is_some_and(u8::is_ascii_digit)
            && matches!(stream, b"stdout" | b"stderr")
            && matches!(tag, b"P" | b"F");
        is_mark.then(|| Self {
            stream,
            is_partial: tag == b"P",
            length: (time.len() + stream.len() + tag.len() + 3).min(line.len()),
        })
    }
}
