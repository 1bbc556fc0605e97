//! JSON that was printed over several lines, each of which got something before it: `data:` of an event stream, `>` of a quotation, the name of a
//! container, a time. And lines that were split: a container's log (CRI) does that to long ones.

use std::ops::Range;

/// What the lines from a place on are.
pub(super) enum Marked {
    /// The value without what stands before each of its lines, and where its last line ends.
    Lines(Vec<Range<usize>>, usize),
    /// It may go on behind the text.
    Unfinished,
    /// There is none; so many bytes were looked at.
    No(usize),
}

/// So many lines of others may come between two of a value.
const MOST_FOREIGN_LINES: usize = 20;

/// More lines make no call.
const MOST_LINES: usize = 20_000;

/// The value that begins at `start` in the line that begins at `line`, and goes on in lines that begin alike.
pub(super) fn marked_lines(bytes: &[u8], line: usize, start: usize, is_whole: bool) -> Marked {
    let before = &bytes[line..start];
    if before.trim_ascii().is_empty() {
        return Marked::No(0);
    }
    if let Some(mark) = ContainerMark::of(before)
        && mark.goes_on
    {
        return split_line(bytes, start, mark.stream, is_whole);
    }
    let first = start..line_end(bytes, start);
    let mut depth = depth_change(&bytes[first.clone()]);
    let mut at = first.end;
    let mut parts = Vec::from([first]);
    // What all lines of the value begin with: not more than the second.
    let mut mark = before;
    let mut foreign = 0;
    while depth > 0 && at < bytes.len() && parts.len() < MOST_LINES {
        let line = &bytes[at..line_end(bytes, at)];
        let length = alike(mark, line);
        let rest = &line[length..];
        let is_marked = !line[..length].trim_ascii().is_empty();
        if is_marked && goes_on_with_json(rest) {
            depth += depth_change(rest);
            if parts.len() == 1 {
                mark = &line[..length];
            }
            parts.push(at + length..at + line.len());
            foreign = 0;
        } else {
            // Somebody else's line may come between; one with brackets may be a value of its own.
            foreign += 1;
            if foreign > MOST_FOREIGN_LINES || memchr::memchr(b'{', line).is_some() {
                return Marked::No(at - start);
            }
        }
        at += line.len();
    }
    match depth {
        1.. if at >= bytes.len() && !is_whole => Marked::Unfinished,
        0 if parts.len() > 1 => Marked::Lines(parts, at),
        _ => Marked::No(at - start),
    }
}

/// How much of `line` looks like the beginning of `before`: the same characters, any number for a number.
fn alike(before: &[u8], line: &[u8]) -> usize {
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

/// Whether a line can be one of a value that was printed over several.
fn goes_on_with_json(line: &[u8]) -> bool {
    let first = line.trim_ascii_start().first();
    first.is_none_or(|first| {
        matches!(
            first,
            b'"' | b'{' | b'}' | b'[' | b']' | b',' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n'
        )
    })
}

/// How many brackets more are opened than closed, outside of strings.
fn depth_change(line: &[u8]) -> i64 {
    let mut depth = 0;
    let mut at = 0;
    while let Some(byte) = line.get(at) {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            b'"' => match super::border::string_end(line, at) {
                Some(end) => at = end,
                None => break,
            },
            _ => {}
        }
        at += 1;
    }
    depth
}

/// A line that was split into several: the parts of it, which are those of its stream.
fn split_line(bytes: &[u8], start: usize, stream: &[u8], is_whole: bool) -> Marked {
    let mut end = line_end(bytes, start);
    let first = start..without_break(bytes, start..end);
    let mut parts = Vec::from([first]);
    while end < bytes.len() {
        let line = end..line_end(bytes, end);
        end = line.end;
        let Some(mark) = ContainerMark::of(&bytes[line.clone()]) else {
            break;
        };
        if mark.stream != stream {
            continue;
        }
        let text = line.start + mark.length..line.end;
        if !mark.goes_on {
            parts.push(text);
            return Marked::Lines(parts, end);
        }
        parts.push(text.start..without_break(bytes, text));
    }
    if is_whole {
        Marked::No(end - start)
    } else {
        Marked::Unfinished
    }
}

/// Where the line of `from` ends, its line break included.
pub(super) fn line_end(bytes: &[u8], from: usize) -> usize {
    memchr::memchr(b'\n', &bytes[from..]).map_or(bytes.len(), |newline| from + newline + 1)
}

/// The end of a line without its break.
fn without_break(bytes: &[u8], line: Range<usize>) -> usize {
    let text = &bytes[line.clone()];
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    line.start + text.strip_suffix(b"\r").unwrap_or(text).len()
}

/// What a container's log has before each line: time, stream, and `P` if the line goes on in the next one, or `F` if it is full.
struct ContainerMark<'a> {
    stream: &'a [u8],
    goes_on: bool,
    /// Its length, with the space behind it.
    length: usize,
}

impl<'a> ContainerMark<'a> {
    fn of(line: &'a [u8]) -> Option<Self> {
        const LONGEST: usize = 80;
        let line = &line[..line.len().min(LONGEST)];
        let mut words = line.splitn(4, |byte| *byte == b' ');
        let (time, stream, tag) = (words.next()?, words.next()?, words.next()?);
        let is_mark = time.first().is_some_and(u8::is_ascii_digit)
            && matches!(stream, b"stdout" | b"stderr")
            && matches!(tag, b"P" | b"F");
        is_mark.then(|| Self {
            stream,
            goes_on: tag == b"P",
            length: (time.len() + stream.len() + tag.len() + 3).min(line.len()),
        })
    }
}
