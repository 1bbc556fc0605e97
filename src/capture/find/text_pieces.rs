//! Finds JSON in other text: log lines, HTTP messages, CSV, event streams. It needs no knowledge of
//! the format: it recognizes raw JSON, quoted CSV cells, JSON strings, and lines with a common
//! prefix.

use std::ops::Range;

use super::http::{MessageBody, next_head};
use super::marked_lines::{MarkedText, line_end, read_marked_lines};
use super::nested_text::{NestedText, decode_csv_cell, decode_json_string, join_parts};
use crate::capture::parse::debug_print::{DebugPrinter, find_printer, find_printer_of_name};
use crate::capture::parse::syntax::skip_value;
use crate::capture::parse::syntax_error::SyntaxError;
use crate::capture::source::unpack::UnpackLimit;
use crate::capture::split::boundary::string_end;
use crate::contract::recognition::{QUOTED_NAMES, TEXT_NAME};

/// One finding in a text.
#[derive(Debug)]
pub(crate) enum TextPiece {
    /// A well-formed JSON object or array.
    Value(Range<usize>),
    /// Text decoded from a part of this text, which may contain JSON.
    Nested(NestedText),
    /// Text that looks like a call but is broken at this offset.
    Broken {
        offset: usize,
        problem: String,
        help: Option<String>,
    },
}

/// Iterator over the pieces of JSON in a text.
pub(crate) struct TextPieces<'a> {
    bytes: &'a [u8],
    limit: UnpackLimit,
    at: usize,
    /// True if no more text follows.
    is_whole: bool,
    /// Start of an incomplete piece, if more text follows.
    unfinished: Option<usize>,
    /// The next HTTP head.
    next_head: NextHead,
    /// True if JSON was found since the last request head. A response then adds nothing new.
    request_has_json: bool,
    /// Invalid text that looked like JSON. It is kept until the end of its line.
    suspect: Option<SyntaxSuspect>,
    /// Bytes read more than once.
    rescanned: usize,
    /// Range of the last line looked up by `line_at`.
    line: Range<usize>,
    /// Range of the last piece.
    last_piece: Range<usize>,
}

enum NextHead {
    Unknown,
    At(super::http::MessageHead),
    None,
}

struct SyntaxSuspect {
    start: usize,
    error: SyntaxError,
    line_end: usize,
}

/// Limit on how often text that only looks like JSON may cause each byte to be read again.
const MAX_RESCANS_PER_BYTE: usize = 8;

/// Number of bytes from a bracket that are searched for a `:`, which marks the start of a record.
const RECORD_LOOKAHEAD_BYTES: usize = 256;

/// Number of bytes from the start of a suspect that are searched for member names of a call.
const SUSPECT_BYTES: usize = 64 * 1024;

impl<'a> TextPieces<'a> {
    /// Creates an iterator over the pieces of `bytes`. `is_whole` is true if no more text follows.
    pub(crate) fn new(bytes: &'a [u8], is_whole: bool, limit: UnpackLimit) -> Self {
        Self {
            bytes,
            limit,
            at: 0,
            is_whole,
            unfinished: None,
            next_head: NextHead::Unknown,
            request_has_json: false,
            suspect: None,
            rescanned: 0,
            line: 0..0,
            last_piece: 0..0,
        }
    }

    /// Finds the next bracket or HTTP head. Returns `None` at the end of the text.
    fn next_step(&mut self) -> Option<ProseStep> {
        if matches!(self.next_head, NextHead::Unknown) {
            self.next_head = match next_head(self.bytes, self.at) {
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
        match &self.next_head {
            NextHead::At(head) if bracket.is_none_or(|bracket| head.start <= bracket) => {
                Some(ProseStep::Head)
            }
            _ => Some(bracket.map_or(ProseStep::End(end), ProseStep::Bracket)),
        }
    }

    /// Reads the body that follows an HTTP head.
    fn read_message_body(&mut self) -> Option<TextPiece> {
        let NextHead::At(head) = std::mem::replace(&mut self.next_head, NextHead::Unknown) else {
            return None;
        };
        if head.is_response && self.request_has_json {
            // The response adds nothing new: skip to the next request.
            self.at = match next_head(self.bytes, head.end) {
                Ok(Some(next)) => next.start.max(head.end),
                Ok(None) => self.bytes.len(),
                Err(start) => start.max(head.end),
            };
            return None;
        }
        if !head.is_response {
            self.request_has_json = false;
        }
        self.at = head.end.max(self.at);
        match head.body(self.bytes, self.is_whole, self.limit) {
            MessageBody::Plain => None,
            MessageBody::Decoded(inner, end) => {
                self.at = end;
                self.request_has_json = true;
                Some(TextPiece::Nested(inner))
            }
            MessageBody::Unfinished => {
                self.unfinished = Some(head.start);
                None
            }
        }
    }

    /// Reads the text that starts with the bracket at `start`.
    fn read_at_bracket(&mut self, start: usize) -> Option<TextPiece> {
        let bytes = self.bytes;
        let inside = start + 1 + whitespace_length(&bytes[start + 1..]);
        let next = &bytes[inside.min(bytes.len())..];
        // Quotes in a CSV cell are doubled, escaped or not; `{"":` is an empty name.
        let quotes = &next[next.iter().take_while(|byte| **byte == b'\\').count()..];
        if let [b'"', b'"', third, ..] = quotes
            && *third != b':'
            && !third.is_ascii_whitespace()
        {
            return self.read_csv_cell(start);
        }
        if next.starts_with(b"\\") {
            return self.read_json_string(start);
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
                self.handle_invalid_json(start, SyntaxError::new(0, ""))
            } else {
                self.at = start + 1;
                None
            };
        }
        match skip_value(&bytes[start..]) {
            Ok(length) => {
                self.at = start + length;
                self.request_has_json = true;
                self.suspect
                    .take_if(|_| mentions_call(&bytes[start..start + length]));
                Some(TextPiece::Value(start..self.at))
            }
            Err(error) if error.is_truncated && !self.is_whole => {
                self.unfinished = Some(start);
                None
            }
            Err(error) => self.handle_invalid_json(start, error),
        }
    }

    /// Handles text at `start` that is not valid JSON. It may continue in lines with a common
    /// prefix, be broken, or be something else.
    fn handle_invalid_json(&mut self, start: usize, error: SyntaxError) -> Option<TextPiece> {
        let stopped = start + error.stop_offset;
        let line = self.line_at(start);
        // At a line break in a string, the parser stops one character earlier.
        let ends_line = stopped + 2 >= line.end || error.stop_offset == 0;
        if ends_line && !self.has_rescanned_too_much() {
            match read_marked_lines(self.bytes, line.start, start, self.is_whole) {
                MarkedText::Lines(parts, end) => {
                    self.at = end;
                    self.request_has_json = true;
                    return Some(TextPiece::Nested(join_parts(self.bytes, &parts)));
                }
                MarkedText::Unfinished => {
                    self.unfinished = Some(line.start);
                    return None;
                }
                MarkedText::NotFound(looked_at) => {
                    self.at = start + 1;
                    self.count_rescanned(looked_at, stopped);
                }
            }
        }
        self.at = self.at.max(start + 1);
        if has_call_members(&self.bytes[start..stopped.min(self.bytes.len())]) {
            // Objects inside this broken call are parts of it, not calls.
            self.at = self.at.max(stopped);
        }
        self.count_rescanned(stopped.saturating_sub(start), stopped);
        // A record on a single line ends with that line.
        let is_cut = stopped >= line.end
            && self.bytes[start..line.end.min(start + RECORD_LOOKAHEAD_BYTES)].contains(&b':');
        let error = if is_cut {
            let length = self.bytes[start..line.end].trim_ascii_end().len();
            SyntaxError::new(length, "the end of the line in the middle of the value")
        } else {
            error
        };
        let until = self.line_at(start + error.offset).end;
        self.suspect.get_or_insert(SyntaxSuspect {
            start,
            error,
            line_end: until,
        });
        None
    }

    /// Returns the range of the line that contains `at`. The result is cached because lines can be
    /// long.
    fn line_at(&mut self, at: usize) -> Range<usize> {
        let at = at.min(self.bytes.len());
        if !self.line.contains(&at) {
            let start = memchr::memrchr(b'\n', &self.bytes[..at]).map_or(0, |newline| newline + 1);
            self.line = start..line_end(self.bytes, at);
        }
        self.line.clone()
    }

    fn has_rescanned_too_much(&self) -> bool {
        self.rescanned > MAX_RESCANS_PER_BYTE * self.bytes.len()
    }

    /// Counts `bytes` that were read in vain. Once the limit is reached, skips to `until` instead
    /// of reading them again.
    fn count_rescanned(&mut self, bytes: usize, until: usize) {
        self.rescanned += bytes;
        if self.has_rescanned_too_much() {
            self.at = self.at.max(until.min(self.bytes.len()));
        }
    }

    /// Reads the rest of a quoted CSV cell, from `start`.
    fn read_csv_cell(&mut self, start: usize) -> Option<TextPiece> {
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
        Some(TextPiece::Nested(decode_csv_cell(
            &self.bytes[start..end],
            start,
        )))
    }

    /// Reads the rest of a JSON string, from `start`.
    fn read_json_string(&mut self, start: usize) -> Option<TextPiece> {
        self.at = start + 1;
        let end = string_end(self.bytes, start).unwrap_or(self.bytes.len());
        let is_closed = self.bytes.get(end) == Some(&b'"');
        let text = self.bytes.get(start..end).filter(|_| is_closed);
        let Some(text) = text.and_then(|text| std::str::from_utf8(text).ok()) else {
            self.count_rescanned(end - start, end);
            return None;
        };
        self.at = end + 1;
        Some(TextPiece::Nested(decode_json_string(text, start)))
    }

    /// Takes the suspect whose line ends at or before `until`. Returns it as broken if it mentions
    /// member names of a call.
    fn take_broken_call(&mut self, until: usize) -> Option<TextPiece> {
        if let Some(suspect) = self.suspect.take_if(|suspect| suspect.line_end <= until) {
            let line =
                &self.bytes[suspect.start..suspect.line_end.min(suspect.start + SUSPECT_BYTES)];
            if mentions_call(line) {
                let printer = find_printer(line);
                return Some(TextPiece::Broken {
                    offset: suspect.start + suspect.error.offset,
                    problem: printer.map_or(suspect.error.problem, DebugPrinter::problem),
                    help: printer
                        .map(DebugPrinter::help)
                        .or_else(|| suspect.error.help.map(str::to_owned)),
                });
            }
        }
        None
    }

    /// Finds a call printed in a debug format before `until`.
    fn find_printed_call(&self, until: usize) -> Option<TextPiece> {
        let gap = self.bytes.get(self.at..until)?;
        let found = self.at + memchr::memmem::find(gap, TEXT_NAME.as_bytes())?;
        let name = found..found + TEXT_NAME.len();
        if let Some(printer) = find_printer_of_name(self.bytes, name.clone()) {
            return Some(TextPiece::Broken {
                offset: found,
                problem: printer.problem(),
                help: Some(printer.help()),
            });
        }
        let after = self.bytes[name.end..].strip_prefix(b"\"")?;
        let is_member = after.trim_ascii_start().starts_with(b":")
            && self.bytes[..found].ends_with(b"\"")
            && self
                .suspect
                .as_ref()
                .is_none_or(|suspect| found >= suspect.line_end);
        is_member.then(|| TextPiece::Broken {
            offset: found,
            problem: "a part of a call, but not all of it".to_owned(),
            help: Some("other lines may have come between, or some may be missing".to_owned()),
        })
    }
}

enum ProseStep {
    Head,
    Bracket(usize),
    End(usize),
}

impl Iterator for TextPieces<'_> {
    type Item = TextPiece;

    fn next(&mut self) -> Option<TextPiece> {
        loop {
            let step = self.next_step()?;
            let offset = match (&step, &self.next_head) {
                (ProseStep::Bracket(offset) | ProseStep::End(offset), _) => *offset,
                (ProseStep::Head, NextHead::At(head)) => head.start.max(self.at),
                (ProseStep::Head, _) => self.at,
            };
            if let Some(broken) = self.take_broken_call(offset) {
                return Some(broken);
            }
            if let Some(printed) = self.find_printed_call(offset) {
                if let TextPiece::Broken { offset, .. } = &printed {
                    self.at = offset + TEXT_NAME.len();
                }
                return Some(printed);
            }
            let found = match step {
                ProseStep::Head => self.read_message_body(),
                ProseStep::Bracket(start) => self.read_at_bracket(start),
                ProseStep::End(end) => {
                    self.at = end;
                    return None;
                }
            };
            if found.is_some() {
                self.last_piece = offset..self.at;
                return found;
            }
            if self.unfinished.is_some_and(|start| start <= self.at) {
                return None;
            }
        }
    }
}

impl TextPieces<'_> {
    /// True if a line ends between `from` and the last piece.
    pub(crate) fn starts_on_new_line(&self, from: usize) -> bool {
        let gap = self
            .bytes
            .get(from..self.last_piece.start)
            .unwrap_or_default();
        memchr::memchr(b'\n', gap).is_some()
    }

    /// Byte offset where the last piece ends.
    pub(crate) fn end(&self) -> usize {
        self.last_piece.end
    }
}

/// Returns where `bytes`, of which more follows, can be cut: after a line, not inside JSON, and not
/// inside an HTTP message. Returns `None` if there is no such offset.
pub(crate) fn find_text_cut(bytes: &[u8], limit: UnpackLimit) -> Option<usize> {
    /// A piece that is still incomplete after this many bytes is not a call.
    const MAX_UNFINISHED_BYTES: usize = 64 * 1024 * 1024;
    let mut pieces = TextPieces::new(bytes, false, limit);
    pieces.by_ref().for_each(drop);
    let end = match pieces.unfinished {
        Some(start) if bytes.len() < MAX_UNFINISHED_BYTES => start,
        _ => bytes.len(),
    };
    let after_line =
        |end: usize| memchr::memrchr(b'\n', &bytes[..end]).map_or(0, |newline| newline + 1);
    let mut line = after_line(end);
    if pieces.last_piece.contains(&line) {
        // The last line break is inside the last piece, whose own line has not ended yet. Cut
        // before the line on which the piece starts.
        line = after_line(pieces.last_piece.start);
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
    if cut == 0 && bytes.len() >= MAX_UNFINISHED_BYTES {
        cut = line;
    }
    (cut > 0).then_some(cut)
}

/// True if invalid JSON was probably meant to be a call.
fn mentions_call(text: &[u8]) -> bool {
    const MIN_MEMBERS: usize = 2;
    let mut found = QUOTED_NAMES
        .iter()
        .filter(|name| memchr::memmem::find(text, name).is_some());
    found.nth(MIN_MEMBERS - 1).is_some()
}

/// True if the truncated object `text` has member names of a call at its top level, not only in
/// nested objects.
pub(crate) fn has_call_members(text: &[u8]) -> bool {
    const MIN_MEMBERS: usize = 2;
    let mut depth = 0_usize;
    let mut found = 0;
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => {
                let end = string_end(text, at).unwrap_or(text.len());
                if depth == 1 && QUOTED_NAMES.contains(&&text[at..(end + 1).min(text.len())]) {
                    found += 1;
                }
                at = end;
            }
            _ => {}
        }
        at += 1;
    }
    found >= MIN_MEMBERS
}

fn whitespace_length(bytes: &[u8]) -> usize {
    bytes.len() - bytes.trim_ascii_start().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns values verbatim, decoded text in `<>`, and broken pieces as `!offset`.
    fn pieces(text: &str) -> Vec<String> {
        TextPieces::new(text.as_bytes(), true, UnpackLimit::default())
            .map(|piece| match piece {
                TextPiece::Value(range) => text[range].to_owned(),
                TextPiece::Nested(inner) => format!("<{}>", String::from_utf8_lossy(&inner.bytes)),
                TextPiece::Broken { offset, .. } => format!("!{offset}"),
            })
            .collect()
    }

    #[test]
    fn json_is_found_after_and_between_words() {
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
    fn broken_and_printed_calls_are_reported() {
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
    fn foreign_lines_may_come_between() {
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
    fn text_is_cut_after_lines_and_not_inside_json() {
        let at = |text: &str| {
            find_text_cut(text.as_bytes(), UnpackLimit::default()).map(|end| text[..end].to_owned())
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
    fn hostile_nesting_is_not_rescanned_without_limit() {
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
