//! Marks at the beginning of lines that belong together: `data:` of an event stream, `>` of a quotation, the head of a container's log line.

use std::ops::Range;

/// What the lines from a place on are.
pub(super) enum Marked {
    /// The lines without their marks, and where the last one ends.
    Lines(Vec<Range<usize>>, usize),
    /// They may go on behind the text; where the first one begins.
    Unfinished(usize),
    No,
}

/// What stands at the beginning of each line of what was cut into lines: of an event stream, a quotation, a container's log (CRI).
pub(super) fn marked_lines(bytes: &[u8], start: usize, is_whole: bool) -> Marked {
    let line = memchr::memrchr(b'\n', &bytes[..start]).map_or(0, |newline| newline + 1);
    let Some(mark) = Mark::of(&bytes[line..start]) else {
        return Marked::No;
    };
    let first = start..line_end(bytes, start);
    let mut parts = Vec::from([first]);
    let mut goes_on = mark.goes_on(&bytes[line..start]);
    let mut at = parts[0].end;
    while goes_on && at < bytes.len() {
        let Some(length) = mark.length(&bytes[at..]) else {
            break;
        };
        goes_on = mark.goes_on(&bytes[at..at + length]);
        let mut text = at + length..line_end(bytes, at);
        if matches!(mark, Mark::Container) {
            // The break between two pieces of one line is none of its own.
            if let Some(before) = parts.last_mut() {
                before.end = trim_line_end(bytes, before);
            }
        }
        text.start = text.start.min(text.end);
        at = text.end;
        parts.push(text);
    }
    if at >= bytes.len() && goes_on && !is_whole {
        return Marked::Unfinished(line);
    }
    if parts.len() < 2 {
        return Marked::No;
    }
    Marked::Lines(parts, at)
}

/// Where the line of `from` ends, its line break included.
pub(super) fn line_end(bytes: &[u8], from: usize) -> usize {
    memchr::memchr(b'\n', &bytes[from..]).map_or(bytes.len(), |newline| from + newline + 1)
}

fn trim_line_end(bytes: &[u8], part: &Range<usize>) -> usize {
    part.start + bytes[part.clone()].trim_ascii_end().len()
}

/// What lines begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    /// `data:` of server-sent events.
    Event,
    /// `>` of a quotation.
    Quotation,
    /// `2024-01-15T10:30:00Z stdout P `: `P` means that the line goes on in the next one, `F` that it ends.
    Container,
}

impl Mark {
    /// The mark that is all that stands in a line before its text.
    fn of(before: &[u8]) -> Option<Self> {
        match before.trim_ascii_end() {
            b"data:" => Some(Self::Event),
            b">" => Some(Self::Quotation),
            mark if container_mark(mark).is_some_and(|length| length == mark.len()) => {
                Some(Self::Container)
            }
            // The text of a container's line may have a prefix of its own.
            mark if container_mark(mark).is_some() => Some(Self::Container),
            _ => None,
        }
    }

    /// Its length at the beginning of `line`.
    fn length(self, line: &[u8]) -> Option<usize> {
        let mark: &[u8] = match self {
            Self::Event => b"data:",
            Self::Quotation => b">",
            Self::Container => {
                let length = container_mark(line)?;
                return Some(length + usize::from(line.get(length) == Some(&b' ')));
            }
        };
        line.starts_with(mark)
            .then(|| mark.len() + usize::from(line.get(mark.len()) == Some(&b' ')))
    }

    /// Whether a line with this beginning is followed by another one.
    fn goes_on(self, before: &[u8]) -> bool {
        match self {
            Self::Event | Self::Quotation => true,
            Self::Container => {
                let tag = container_mark(before).and_then(|length| before.get(length - 1));
                tag == Some(&b'P')
            }
        }
    }
}

/// The length of a container log's mark at the beginning of `line`: time, stream, tag.
fn container_mark(line: &[u8]) -> Option<usize> {
    let line = &line[..line.len().min(80)];
    let mut words = line.split(|byte| *byte == b' ');
    let (time, stream, tag) = (words.next()?, words.next()?, words.next()?);
    let is_mark = time.first().is_some_and(u8::is_ascii_digit)
        && matches!(stream, b"stdout" | b"stderr")
        && matches!(tag, b"P" | b"F");
    is_mark.then(|| time.len() + stream.len() + tag.len() + 2)
}
