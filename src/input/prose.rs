//! Text that is no JSON but has JSON in it: log lines, HTTP messages, CSV, event streams. What is JSON in it is told from the text alone, by what
//! JSON looks like raw, in a CSV cell, in a string, or behind marks on each line.

use std::ops::Range;

use super::border::string_end;
use super::http::{Content, next_head};
use super::inner::{Inner, of_csv_cell, of_json_string, of_parts};
use super::marked_lines::{Marked, line_end, marked_lines};
use super::mistake::Mistake;
use super::printed::{Printer, printed_by, printer_of};
use super::syntax::skip_one;
use super::unpack::UnpackLimit;

/// What is found in text.
#[derive(Debug)]
pub(super) enum Piece {
    /// A well-formed JSON object or array.
    Value(Range<usize>),
    /// Text that was decoded from a part of this one, and may hold JSON.
    Inner(Inner),
    /// What should have been a call, and is broken at this offset.
    Broken {
        offset: usize,
        problem: String,
        help: Option<String>,
    },
}

/// Goes through text, from one piece of JSON to the next.
pub(super) struct Pieces<'a> {
    bytes: &'a [u8],
    limit: UnpackLimit,
    at: usize,
    /// Whether nothing follows the text.
    is_whole: bool,
    /// Where something begins that is not whole, when the text goes on.
    unfinished: Option<usize>,
    /// The next HTTP head.
    head: NextHead,
    /// Whether the request before had JSON: then the response to it says nothing new.
    is_answered: bool,
    /// What looked like JSON and is not, until the end of its line.
    doubtful: Option<Doubt>,
    /// Bytes that were read more than once.
    wasted: usize,
    /// The line that is looked at.
    line: Range<usize>,
    /// Where the last piece stands.
    piece: Range<usize>,
}

enum NextHead {
    Unknown,
    At(super::http::Head),
    None,
}

struct Doubt {
    start: usize,
    mistake: Mistake,
    until: usize,
}

/// Text that only looks like JSON may make us read every byte so many times more.
const WASTE_PER_BYTE: usize = 8;

/// What a call that broke off is known by.
const NAMES: &[&[u8]] = &[
    b"\"customer_phone\"",
    b"\"assistant_phone\"",
    b"\"extracted_variables\"",
    b"\"input_variables\"",
    b"\"finished_at\"",
    b"\"recording_url\"",
];

/// The member by which printed calls are found.
const PRINTED: &[u8] = b"customer_phone";

/// How much of a line is looked at to tell whether it begins a record.
const LINE_LOOK: usize = 256;

/// How much round a place is looked at to tell what it is.
const LOOK_BYTES: usize = 64 * 1024;

impl<'a> Pieces<'a> {
    /// The pieces of `bytes`; `is_whole` says that no more of the text follows.
    pub(super) fn new(bytes: &'a [u8], is_whole: bool, limit: UnpackLimit) -> Self {
        Self {
            bytes,
            limit,
            at: 0,
            is_whole,
            unfinished: None,
            head: NextHead::Unknown,
            is_answered: false,
            doubtful: None,
            wasted: 0,
            line: 0..0,
            piece: 0..0,
        }
    }

    /// Looks at the next bracket or head; none at the end of the text.
    fn step(&mut self) -> Option<Step> {
        if matches!(self.head, NextHead::Unknown) {
            self.head = match next_head(self.bytes, self.at) {
                Ok(Some(head)) => NextHead::At(head),
                Ok(None) => NextHead::None,
                Err(_) if self.is_whole => NextHead::None,
                Err(start) => {
                    self.unfinished = Some(start);
                    NextHead::None
                }
            };
        }
        let end = self.unfinished.unwrap_or(self.bytes.len());
        let bracket =
            memchr::memchr2(b'{', b'[', self.bytes.get(self.at..end)?).map(|found| self.at + found);
        match &self.head {
            NextHead::At(head) if bracket.is_none_or(|bracket| head.start <= bracket) => {
                Some(Step::Head)
            }
            _ => Some(bracket.map_or(Step::End(end), Step::Bracket)),
        }
    }

    /// Reads what is behind a head.
    fn behind_head(&mut self) -> Option<Piece> {
        let NextHead::At(head) = std::mem::replace(&mut self.head, NextHead::Unknown) else {
            return None;
        };
        if head.is_response && self.is_answered {
            // Its text says nothing new: on to the next request.
            self.at = match next_head(self.bytes, head.end) {
                Ok(Some(next)) => next.start.max(head.end),
                Ok(None) => self.bytes.len(),
                Err(start) => start.max(head.end),
            };
            return None;
        }
        if !head.is_response {
            self.is_answered = false;
        }
        self.at = head.end.max(self.at);
        match head.content(self.bytes, self.is_whole, self.limit) {
            Content::Plain => None,
            Content::Coded(inner, end) => {
                self.at = end;
                self.is_answered = true;
                Some(Piece::Inner(inner))
            }
            Content::Unfinished => {
                self.unfinished = Some(head.start);
                None
            }
        }
    }

    /// Reads what begins with the bracket at `start`.
    fn at_bracket(&mut self, start: usize) -> Option<Piece> {
        let bytes = self.bytes;
        let inside = start + 1 + space(&bytes[start + 1..]);
        let next = &bytes[inside.min(bytes.len())..];
        // In a cell quotes are doubled, escaped or not; `{"":` is an empty name.
        let quotes = &next[next.iter().take_while(|byte| **byte == b'\\').count()..];
        if let [b'"', b'"', third, ..] = quotes
            && *third != b':'
            && !third.is_ascii_whitespace()
        {
            return self.csv_cell(start);
        }
        if next.starts_with(b"\\") {
            return self.json_string(start);
        }
        let is_plausible = match (bytes[start], next.first()) {
            (b'{', Some(b'"')) | (b'[', Some(b'{' | b'[')) => true,
            (_, None) if !self.is_whole => {
                self.unfinished = Some(start);
                return None;
            }
            _ => false,
        };
        if !is_plausible {
            let ends_line = inside < bytes.len() && bytes[start..inside].contains(&b'\n');
            return if ends_line {
                self.no_value(start, Mistake::new(0, ""))
            } else {
                self.at = start + 1;
                None
            };
        }
        match skip_one(&bytes[start..]) {
            Ok(length) => {
                self.at = start + length;
                self.is_answered = true;
                self.doubtful
                    .take_if(|_| mentions_call(&bytes[start..start + length]));
                Some(Piece::Value(start..self.at))
            }
            Err(mistake) if mistake.is_cut && !self.is_whole => {
                self.unfinished = Some(start);
                None
            }
            Err(mistake) => self.no_value(start, mistake),
        }
    }

    /// What begins at `start` is no JSON: it may go on in lines that begin alike, be broken, or be something else.
    fn no_value(&mut self, start: usize, mistake: Mistake) -> Option<Piece> {
        let stopped = start + mistake.stopped;
        let line = self.line_of(start);
        // At a line break in a string the parser stops at the character before.
        let ends_line = stopped + 2 >= line.end || mistake.stopped == 0;
        if ends_line && !self.is_exhausted() {
            match marked_lines(self.bytes, line.start, start, self.is_whole) {
                Marked::Lines(parts, end) => {
                    self.at = end;
                    self.is_answered = true;
                    return Some(Piece::Inner(of_parts(self.bytes, &parts)));
                }
                Marked::Unfinished => {
                    self.unfinished = Some(line.start);
                    return None;
                }
                Marked::No(looked_at) => {
                    self.at = start + 1;
                    self.waste(looked_at, stopped);
                }
            }
        }
        self.at = self.at.max(start + 1);
        if is_call_itself(&self.bytes[start..stopped.min(self.bytes.len())]) {
            // What it holds is no call of its own.
            self.at = self.at.max(stopped);
        }
        self.waste(stopped.saturating_sub(start), stopped);
        // A record that stands on one line ends with it.
        let is_cut = stopped >= line.end
            && self.bytes[start..line.end.min(start + LINE_LOOK)].contains(&b':');
        let mistake = if is_cut {
            let length = self.bytes[start..line.end].trim_ascii_end().len();
            Mistake::new(length, "the end of the line in the middle of the value")
        } else {
            mistake
        };
        let until = self.line_of(start + mistake.offset).end;
        self.doubtful.get_or_insert(Doubt {
            start,
            mistake,
            until,
        });
        None
    }

    /// The line of `at`; remembered, for lines can be long.
    fn line_of(&mut self, at: usize) -> Range<usize> {
        let at = at.min(self.bytes.len());
        if !self.line.contains(&at) {
            let start = memchr::memrchr(b'\n', &self.bytes[..at]).map_or(0, |newline| newline + 1);
            self.line = start..line_end(self.bytes, at);
        }
        self.line.clone()
    }

    fn is_exhausted(&self) -> bool {
        self.wasted > WASTE_PER_BYTE * self.bytes.len()
    }

    /// So many bytes were read in vain. If that has come about too often, they are not read again.
    fn waste(&mut self, bytes: usize, until: usize) {
        self.wasted += bytes;
        if self.is_exhausted() {
            self.at = self.at.max(until.min(self.bytes.len()));
        }
    }

    /// The rest of a quoted cell of a CSV line, from `start` on.
    fn csv_cell(&mut self, start: usize) -> Option<Piece> {
        let mut at = start;
        let end = loop {
            let Some(quote) = memchr::memchr(b'"', self.bytes.get(at..).unwrap_or_default()) else {
                break None;
            };
            at += quote;
            if self.bytes.get(at + 1) != Some(&b'"') {
                break Some(at);
            }
            at += 2;
        };
        let is_cut = end.is_none_or(|end| end + 1 == self.bytes.len()) && !self.is_whole;
        if is_cut {
            self.unfinished = Some(start);
            return None;
        }
        let end = end.unwrap_or(self.bytes.len());
        self.at = (end + 1).min(self.bytes.len());
        Some(Piece::Inner(of_csv_cell(&self.bytes[start..end], start)))
    }

    /// The rest of a JSON string, from `start` on.
    fn json_string(&mut self, start: usize) -> Option<Piece> {
        self.at = start + 1;
        let end = string_end(self.bytes, start).unwrap_or(self.bytes.len());
        let is_closed = self.bytes.get(end) == Some(&b'"');
        let text = self.bytes.get(start..end).filter(|_| is_closed);
        let Some(text) = text.and_then(|text| std::str::from_utf8(text).ok()) else {
            self.waste(end - start, end);
            return None;
        };
        self.at = end + 1;
        Some(Piece::Inner(of_json_string(text, start)))
    }

    /// What is wrong before `until`, if a call should have been there.
    fn trouble(&mut self, until: usize) -> Option<Piece> {
        if let Some(doubt) = self.doubtful.take_if(|doubt| doubt.until <= until) {
            let line = &self.bytes[doubt.start..doubt.until.min(doubt.start + LOOK_BYTES)];
            if mentions_call(line) {
                let printer = printed_by(line);
                return Some(Piece::Broken {
                    offset: doubt.start + doubt.mistake.offset,
                    problem: printer.map_or(doubt.mistake.problem, Printer::problem),
                    help: printer
                        .map(Printer::help)
                        .or_else(|| doubt.mistake.help.map(str::to_owned)),
                });
            }
        }
        None
    }

    /// A call that was printed for people, before `until`.
    fn printed(&self, until: usize) -> Option<Piece> {
        let gap = self.bytes.get(self.at..until)?;
        let found = self.at + memchr::memmem::find(gap, PRINTED)?;
        let name = found..found + PRINTED.len();
        if let Some(printer) = printer_of(self.bytes, name.clone()) {
            return Some(Piece::Broken {
                offset: found,
                problem: printer.problem(),
                help: Some(printer.help()),
            });
        }
        let behind = self.bytes[name.end..].strip_prefix(b"\"")?;
        let is_member = behind.trim_ascii_start().starts_with(b":")
            && self.bytes[..found].ends_with(b"\"")
            && self
                .doubtful
                .as_ref()
                .is_none_or(|doubt| found >= doubt.until);
        is_member.then(|| Piece::Broken {
            offset: found,
            problem: "a part of a call, but not all of it".to_owned(),
            help: Some("other lines may have come between, or some may be missing".to_owned()),
        })
    }
}

enum Step {
    Head,
    Bracket(usize),
    End(usize),
}

impl Iterator for Pieces<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        loop {
            let step = self.step()?;
            let place = match (&step, &self.head) {
                (Step::Bracket(place) | Step::End(place), _) => *place,
                (Step::Head, NextHead::At(head)) => head.start.max(self.at),
                (Step::Head, _) => self.at,
            };
            if let Some(trouble) = self.trouble(place) {
                return Some(trouble);
            }
            if let Some(printed) = self.printed(place) {
                if let Piece::Broken { offset, .. } = &printed {
                    self.at = offset + PRINTED.len();
                }
                return Some(printed);
            }
            let found = match step {
                Step::Head => self.behind_head(),
                Step::Bracket(start) => self.at_bracket(start),
                Step::End(end) => {
                    self.at = end;
                    return None;
                }
            };
            if found.is_some() {
                self.piece = place..self.at;
                return found;
            }
            if self.unfinished.is_some_and(|start| start <= self.at) {
                return None;
            }
        }
    }
}

impl Pieces<'_> {
    /// Whether a line ends between `from` and the last piece.
    pub(super) fn is_on_new_line(&self, from: usize) -> bool {
        let gap = self.bytes.get(from..self.piece.start).unwrap_or_default();
        memchr::memchr(b'\n', gap).is_some()
    }

    /// Where the last piece ends.
    pub(super) fn end(&self) -> usize {
        self.piece.end
    }
}

/// Where `bytes`, which are other text that goes on, can be cut, if anywhere: behind a line, and not inside JSON. HTTP messages stay whole.
pub(super) fn cut(bytes: &[u8], limit: UnpackLimit) -> Option<usize> {
    /// What begins and has not ended in so many bytes is no call.
    const MOST_BYTES: usize = 64 * 1024 * 1024;
    let mut pieces = Pieces::new(bytes, false, limit);
    pieces.by_ref().for_each(drop);
    let end = match pieces.unfinished {
        Some(start) if bytes.len() < MOST_BYTES => start,
        _ => bytes.len(),
    };
    let after_line =
        |end: usize| memchr::memrchr(b'\n', &bytes[..end]).map_or(0, |newline| newline + 1);
    let mut line = after_line(end);
    if pieces.piece.contains(&line) {
        // The last line break is one of the last piece, which is not ended by a line break yet.
        line = after_line(pieces.piece.start);
    }
    let mut cut = line;
    let mut from = 0;
    let mut last_request = None;
    while let Ok(Some(head)) = next_head(bytes, from) {
        if head.start > line {
            break;
        }
        if !head.is_response {
            last_request = Some(head.start);
        }
        from = head.end.max(head.start + 1);
        cut = last_request.unwrap_or(line);
    }
    if cut == 0 && bytes.len() >= MOST_BYTES {
        cut = line;
    }
    (cut > 0).then_some(cut)
}

/// Whether text that is no JSON was meant to be a call.
fn mentions_call(text: &[u8]) -> bool {
    const ENOUGH: usize = 2;
    let mut found = NAMES
        .iter()
        .filter(|name| memchr::memmem::find(text, name).is_some());
    found.nth(ENOUGH - 1).is_some()
}

/// Whether an object that breaks off, `text`, has members of a call itself, not only in what it holds.
pub(super) fn is_call_itself(text: &[u8]) -> bool {
    const ENOUGH: usize = 2;
    let mut depth = 0_usize;
    let mut found = 0;
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => {
                let end = string_end(text, at).unwrap_or(text.len());
                if depth == 1 && NAMES.contains(&&text[at..(end + 1).min(text.len())]) {
                    found += 1;
                }
                at = end;
            }
            _ => {}
        }
        at += 1;
    }
    found >= ENOUGH
}

fn space(bytes: &[u8]) -> usize {
    bytes.len() - bytes.trim_ascii_start().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values as they stand, decoded text in `<>`, broken ones as `!offset`.
    fn pieces(text: &str) -> Vec<String> {
        Pieces::new(text.as_bytes(), true, UnpackLimit::default())
            .map(|piece| match piece {
                Piece::Value(range) => text[range].to_owned(),
                Piece::Inner(inner) => format!("<{}>", String::from_utf8_lossy(&inner.bytes)),
                Piece::Broken { offset, .. } => format!("!{offset}"),
            })
            .collect()
    }

    #[test]
    fn json_is_found_behind_and_between_words() {
        assert_eq!(
            pieces(
                "[web] got {\"a\":{}} and [{\"b\":1}] {not} [1]\n\u{1b}[32m{\n\"c\":2}\u{1b}[0m\n"
            ),
            ["{\"a\":{}}", "[{\"b\":1}]", "{\n\"c\":2}"]
        );
    }

    #[test]
    fn cells_strings_and_marked_lines_are_decoded() {
        assert_eq!(
            pieces("id,body\n1,\"{\"\"a\"\": \"\"b\"\"}\",x\n"),
            ["<{\"a\": \"b\"}>"]
        );
        assert_eq!(pieces("p=\"{\\\"a\\\":1}\" x"), ["<{\"a\":1}>"]);
        assert_eq!(
            pieces("event: x\ndata: {\ndata: \"a\":1}\n\ndata: {\"b\":2}\n"),
            ["<{\n\"a\":1}\n>", "{\"b\":2}"]
        );
        assert_eq!(
            pieces("2024-01-15T10:30:00Z stdout P got {\"a\":\n2024-01-15T10:30:01Z stdout F 1}\n"),
            ["<{\"a\":1}\n>"]
        );
    }

    #[test]
    fn broken_and_printed_calls_are_told() {
        let cut = "x {\"customer_phone\":\"+49\",\"assistant_phone\":\n2024 next {\"a\":1}\n";
        assert_eq!(
            pieces(cut),
            [
                format!("!{}", cut.find('\n').expect("it is there")),
                "{\"a\":1}".to_owned()
            ]
        );
        assert_eq!(pieces("got { id: 1,\n  customer_phone: '+49' }\n"), ["!15"]);
        assert_eq!(pieces("{ nothing } like [it]\n"), Vec::<String>::new());
    }

    #[test]
    fn lines_of_others_may_come_between() {
        let lines = "web-1  | {\nweb-1  |   \"a\": 1,\napi-1  | GET /h 200\nweb-1  |   \"b\": 2\nweb-1  | }\n";
        assert_eq!(pieces(lines), ["<{\n  \"a\": 1,\n  \"b\": 2\n}\n>"]);
        let mixed = "web-1  | {\napi-1  | {\nweb-1  |   \"customer_phone\": \"+49\",\n";
        assert_eq!(
            pieces(mixed),
            [format!("!{}", mixed.find("customer").expect("there"))]
        );
    }

    #[test]
    fn responses_to_calls_are_not_read() {
        let post = "POST /a HTTP/1.1\nHost: x\n\n{\"a\":1}\n";
        let answer = "HTTP/1.1 200 OK\n\n{\"b\":2}\n";
        let get = "GET /a HTTP/1.1\nHost: x\n\n";
        assert_eq!(
            pieces(&format!("{post}{answer}{post}{get}{answer}")),
            ["{\"a\":1}", "{\"a\":1}", "{\"b\":2}"]
        );
    }

    #[test]
    fn text_is_cut_behind_lines_and_not_inside_json() {
        let at = |text: &str| {
            cut(text.as_bytes(), UnpackLimit::default()).map(|end| text[..end].to_owned())
        };
        assert_eq!(at("a\nb\nc").as_deref(), Some("a\nb\n"));
        assert_eq!(at("a\nb {\"c\":\n1,\n").as_deref(), Some("a\n"));
        assert_eq!(at("a\n1,\"{\"\"b\"\":\n1").as_deref(), Some("a\n"));
        assert_eq!(
            at("POST /a HTTP/1.1\n\n{}\nPOST /b HTTP/1.1\n\n{}\n").as_deref(),
            Some("POST /a HTTP/1.1\n\n{}\n")
        );
        assert_eq!(at("{\"a\":1"), None);
        assert_eq!(at("a\nb {\n\"c\":1}").as_deref(), Some("a\n"));
    }

    #[test]
    fn hostile_nesting_is_not_read_again_and_again() {
        for line in [
            "x {\"a\":[{",
            "{\"a\":",
            "[[[[",
            "\"{\"\"",
            "> {\n",
            "data: {\"\n",
        ] {
            let text = line.repeat(6_000);
            let found = pieces(&text).len();
            assert!(found <= text.len());
        }
    }
}
