//! Splits a batch into documents: JSON values with their members, or broken values, each described
//! with its location. A broken value does not affect the values after it.

use super::broken_value::{BrokenValue, foreign_space, misplaced_space, trailing_comma};
use super::resume_point::Recovery;
use crate::call::object_fields::BODY_HINTS;
use crate::capture::split::batch::Batch;
use crate::capture::split::boundary::{leading_separators, next_value_line};
use crate::capture::split::flatted::{flatted_elements, may_be_flatted};
use crate::capture::split::sniff::{self, TextForm};
use crate::capture::split::text::call_members::mentions_call;
use crate::json::syntax::parse_value;
use crate::json::syntax_error::SyntaxError;
use crate::json::white_space::foreign_space_length;
use crate::json::{Json, Kind, Node, Object, RawMembers, outline, take_nodes};
use crate::text::utf8::longest_valid;

/// One complete JSON value of a source.
#[derive(Debug)]
pub struct Document<'a> {
    /// The value. For an object, [`Documents`] holds the member index until it reads the next
    /// document.
    pub value: Json<'a>,
    /// Index in the top-level array, from 0; `None` outside an array.
    pub(crate) element: Option<u64>,
}

/// Iterator over the documents of one batch. Values may follow each other with or without white
/// space. Each element of a top-level array is a document.
pub struct Documents<'a> {
    pub(super) batch: &'a Batch,
    /// The longest valid UTF-8 text that starts at `text_start`.
    pub(super) text: &'a str,
    pub(super) text_start: usize,
    pub(super) at: usize,
    /// Index of the next element; `None` outside a top-level array.
    pub(super) element: Option<u64>,
    pub(super) state: ParserState,
    /// Offset of the next boundary, if it was looked up and is not behind.
    pub(super) boundary: Option<usize>,
    /// Bytes read more than once because of broken values.
    pub(super) rescanned: usize,
    /// Bytes in which the end of a value that is not UTF-8 was not found.
    pub(super) unclosed: usize,
    pub(super) recovery: Recovery<'a>,
    /// True if the preceding text was not JSON and has been reported.
    is_text_reported: bool,
    /// Member index of the last document.
    nodes: Vec<Node>,
}

/// Limit on the bytes reread because of broken values, as a multiple of the batch's length. Beyond
/// it, the input is assumed to be hostile.
pub(super) const MAX_RESCANS_PER_BYTE: usize = 8;

/// The byte with which programs of DOS end a text.
const END_OF_FILE: u8 = 0x1a;

/// True if `text` has only comments without a call, white space, and NUL and end-of-file bytes.
fn is_padding(text: &[u8]) -> bool {
    let is_space = |byte: &u8| byte.is_ascii_whitespace() || matches!(*byte, 0 | END_OF_FILE);
    let mut lines = text.split(|byte| *byte == b'\n');
    let has_no_values = lines.all(|line| {
        let start = line.iter().position(|byte| !is_space(byte));
        let line = &line[start.unwrap_or(line.len())..];
        line.is_empty() || line.starts_with(b"//") || line.starts_with(b"#")
    });
    has_no_values && !mentions_call(text)
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ParserState {
    Value,
    /// After `[`.
    ValueOrEnd,
    /// After an element.
    CommaOrEnd,
}

impl<'a> Documents<'a> {
    /// Creates an iterator over the documents of `batch`.
    #[must_use]
    pub fn new(batch: &'a Batch) -> Self {
        let mut documents = Self {
            batch,
            text: "",
            text_start: 0,
            at: 0,
            element: batch.element,
            state: ParserState::Value,
            boundary: None,
            rescanned: 0,
            unclosed: 0,
            recovery: Recovery::new(&batch.bytes),
            is_text_reported: batch.continues_non_json,
            nodes: Vec::new(),
        };
        documents.decode_from(0);
        documents
    }

    /// Returns the value of the last document with its member index attached. Call it before
    /// reading the next document.
    #[must_use]
    pub(crate) fn with_members<'d>(&'d self, document: &Document<'a>) -> Json<'d> {
        match document.value.kind() {
            Kind::Object => document.value.with_nodes(&self.nodes),
            _ => document.value,
        }
    }

    /// Takes the members out of the last document; `None` if it is not an object.
    pub(crate) fn take_members(&mut self, document: &Document<'a>) -> Option<Object<'a>> {
        let is_object = document.value.kind() == Kind::Object;
        is_object.then(|| Object::new(document.value.text(), take_nodes(&mut self.nodes)))
    }

    pub(super) fn bytes(&self) -> &'a [u8] {
        &self.batch.bytes
    }

    /// Sets `text` to the longest valid UTF-8 text that starts at `start`.
    pub(super) fn decode_from(&mut self, start: usize) {
        self.text_start = start;
        self.text = longest_valid(&self.bytes()[start..]);
    }

    /// Offset in the batch of the end of `text`: the first invalid UTF-8, or the end of the batch.
    pub(super) fn text_end(&self) -> usize {
        self.text_start + self.text.len()
    }

    fn skip_white_space(&mut self) {
        self.at += leading_separators(&self.bytes()[self.at..]);
    }

    /// Consumes `byte` and returns false if it is punctuation of a top-level array. Returns true if
    /// a value must start here.
    fn read_array_punctuation(&mut self, byte: u8) -> Result<bool, BrokenValue> {
        match (self.element, self.state, byte) {
            (None, _, b'[') if self.is_at_flatted() => return Ok(true),
            (None, _, b'[') => {
                self.element = Some(0);
                self.state = ParserState::ValueOrEnd;
            }
            (Some(_), ParserState::ValueOrEnd | ParserState::CommaOrEnd, b']') => {
                self.element = None;
                self.state = ParserState::Value;
            }
            (Some(index), ParserState::CommaOrEnd, b',') => {
                self.element = Some(index + 1);
                self.state = ParserState::Value;
            }
            (Some(_), ParserState::CommaOrEnd, b'}') => {
                self.at += 1;
                return Err(self.broken_at(self.at - 1, "unmatched `}`"));
            }
            (Some(_), ParserState::CommaOrEnd, _) => {
                self.state = ParserState::Value;
                return Err(self.broken_at(self.at, "missing `,` or `]` after this element"));
            }
            _ => return Ok(true),
        }
        self.at += 1;
        Ok(false)
    }

    /// True at an array whose elements are parts of one value, or would be if it were well-formed.
    fn is_at_flatted(&mut self) -> bool {
        if may_be_flatted(&self.bytes()[self.at..]) != Some(true) {
            return false;
        }
        if self.at >= self.text_end() {
            self.decode_from(self.at);
        }
        match parse_value::<Json>(&self.text[self.at - self.text_start..]) {
            Ok((array, _)) => flatted_elements(array).is_some(),
            Err(error) => error.is_truncated,
        }
    }

    /// Skips punctuation of a top-level array that JSON does not allow but that has no meaning.
    fn skip_array_noise(&mut self, byte: u8) -> Option<BrokenValue> {
        let element = self.element?;
        let is_after_comma = element != 0 && self.state == ParserState::Value;
        let broken = if byte == b']' && is_after_comma {
            self.state = ParserState::CommaOrEnd;
            trailing_comma(self.at)
        } else {
            misplaced_space(self.bytes(), self.at)?
        };
        self.at = broken.end;
        Some(BrokenValue {
            element: Some(element),
            ..broken
        })
    }

    /// Skips white space between two values that JSON does not allow.
    fn skip_foreign_space(&mut self) -> BrokenValue {
        let start = self.at;
        loop {
            match foreign_space_length(&self.bytes()[self.at..]) {
                0 => break,
                length => self.at += length,
            }
            self.skip_white_space();
        }
        if self.at > self.text_end() {
            self.decode_from(self.at);
        }
        foreign_space(start, self.at)
    }

    /// A broken value with this problem at `offset` of the batch, or at its end.
    pub(super) fn broken_at(&self, offset: usize, problem: impl Into<String>) -> BrokenValue {
        BrokenValue::new(offset.min(self.bytes().len()), problem)
    }

    /// True if only comments, and bytes that pad a file, follow to the end of the source.
    fn is_at_end_of_values(&self) -> bool {
        let rest = &self.bytes()[self.at..];
        let is_after_value = self.at > 0 || self.batch.start.offset > 0;
        self.element.is_none() && is_after_value && self.batch.is_last && is_padding(rest)
    }

    /// True if a log line or other text starts here, between values.
    fn is_at_text(&self, first: u8) -> bool {
        self.element.is_none()
            && !matches!(first, b'{' | b'}' | b']' | b',' | b':')
            && sniff::sniff(&self.bytes()[self.at..], true) == Some(TextForm::Text)
    }

    /// Skips the text up to the next line that starts a value.
    fn skip_text(&mut self) -> BrokenValue {
        let start = self.at;
        self.at = next_value_line(self.bytes(), start).unwrap_or(self.bytes().len());
        if self.at > self.text_end() {
            self.decode_from(self.at);
        }
        let is_reported = std::mem::replace(&mut self.is_text_reported, true);
        BrokenValue {
            end: self.at,
            is_text: true,
            is_reported,
            ..self.broken_at(start, "text that is not JSON")
        }
    }

    /// Parses the value at the current offset and moves past it.
    fn read_value(&mut self, first: u8) -> Result<Document<'a>, BrokenValue> {
        let start = self.at;
        if start >= self.text_end() {
            self.decode_from(start);
        }
        let text = &self.text[start - self.text_start..];
        let element = self.element;
        let parsed = if first == b'{' {
            self.parse_object(text)
        } else {
            parse_value::<Json>(text).map(|(_, end)| end)
        };
        match parsed {
            Ok(end) => {
                self.at = start + end;
                if element.is_some() {
                    self.state = ParserState::CommaOrEnd;
                }
                Ok(Document {
                    value: Json::from_well_formed(&text[..end]),
                    element,
                })
            }
            Err(error) => Err(self.repair_or_recover(start, first, error)),
        }
    }

    /// Parses the object at the start of `text`: replaces `nodes` by its outline and returns its
    /// end.
    fn parse_object(&mut self, text: &str) -> Result<usize, SyntaxError> {
        if let Some(end) = outline(text.as_bytes(), &BODY_HINTS, &mut self.nodes) {
            return Ok(end);
        }
        // The object is broken, or too deeply nested for the scanner.
        let (members, end) = parse_value::<RawMembers>(text)?;
        self.nodes = members.into_nodes(&text[..end]);
        Ok(end)
    }

    /// Ends the iteration: moves behind the last byte of the batch, and out of an open array, which
    /// is then not reported as not closed.
    pub(super) fn skip_rest(&mut self) {
        self.at = self.bytes().len();
        self.element = None;
    }
}

impl<'a> Iterator for Documents<'a> {
    type Item = Result<Document<'a>, BrokenValue>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            self.skip_white_space();
            let Some(first) = self.bytes().get(self.at).copied() else {
                let is_open = self.batch.is_last && self.element.take().is_some();
                return is_open
                    .then(|| Err(self.broken_at(self.at, "the text ends in an unclosed array")));
            };
            if self.element.is_none() && foreign_space_length(&self.bytes()[self.at..]) > 0 {
                return Some(Err(self.skip_foreign_space()));
            }
            if matches!(first, 0 | END_OF_FILE | b'/' | b'#') && self.is_at_end_of_values() {
                self.skip_rest();
                return None;
            }
            if self.is_at_text(first) {
                return Some(Err(self.skip_text()));
            }
            if let Some(broken) = self.skip_array_noise(first) {
                return Some(Err(broken));
            }
            match self.read_array_punctuation(first) {
                Ok(true) => {}
                Ok(false) => continue,
                Err(broken) => return Some(Err(broken)),
            }
            let (start, element) = (self.at, self.element);
            let value = self.read_value(first);
            self.is_text_reported = false;
            return Some(value.map_err(|broken| BrokenValue {
                start,
                element,
                end: self.at,
                ..broken
            }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::location::position::Position;
    use crate::capture::source::unpack_limit::UnpackLimit;

    fn batch(text: &[u8]) -> Batch {
        Batch {
            source: "test".into(),
            number: 0,
            bytes: text.to_vec().into(),
            form: TextForm::Json,
            table: None,
            coding: None,
            limit: UnpackLimit::default(),
            may_lack_calls: false,
            start: Position::START,
            element: None,
            continues_non_json: false,
            is_last: true,
            part: None,
            scan: None,
        }
    }

    /// Returns the text of each document, or `!offset` for a broken one.
    fn read(text: &[u8]) -> Vec<String> {
        Documents::new(&batch(text))
            .map(|document| match document {
                Ok(document) => document.value.text().to_owned(),
                Err(broken) => format!("!{}", broken.offset),
            })
            .collect()
    }

    #[test]
    fn values_follow_each_other_in_any_way() {
        assert_eq!(
            read(b"{\"a\":1}{\"a\":2} \r\n\r\n{\n\"a\":\n3}\n"),
            ["{\"a\":1}", "{\"a\":2}", "{\n\"a\":\n3}"]
        );
        assert_eq!(read(b"[{}, {}]\n[{}]"), ["{}", "{}", "{}"]);
        assert_eq!(read(b"[]"), Vec::<String>::new());
    }

    #[test]
    fn only_objects_have_members_whatever_came_before() {
        let batch = batch(b"{\"a\":1} \"x\" [1]");
        let mut documents = Documents::new(&batch);
        let mut counts = Vec::new();
        while let Some(Ok(document)) = documents.next() {
            let members = documents.with_members(&document).members();
            counts.push(members.map(|members| members.len()));
        }
        assert_eq!(counts, [Some(1), None, None]);
    }

    #[test]
    fn a_truncated_line_does_not_break_the_next_one() {
        let good = "{\"id\":1,\"t\":\"a b\",\"l\":{\"x\":[1,2]}}";
        for cut in 1..good.len() {
            let text = format!("{good}\n{}\n{good}\n{good}\n", &good[..cut]);
            let read = read(text.as_bytes());
            assert_eq!(read.len(), 4, "cut at {cut}: {read:?}");
            assert!(read[1].starts_with('!'), "cut at {cut}: {read:?}");
            assert_eq!(
                [&read[0], &read[2], &read[3]],
                [good, good, good],
                "cut at {cut}"
            );
        }
    }

    #[test]
    fn a_broken_element_does_not_break_the_next_one() {
        assert_eq!(read(b"[{\"a\" 1}, {\"a\":2}]"), ["!4", "{\"a\":2}"]);
        assert_eq!(
            read(b"[{\"a\":1}},{\"a\":2}]"),
            ["{\"a\":1}", "!8", "{\"a\":2}"]
        );
        assert_eq!(read(b"[\n{\"a\":1}},\n{\"a\":2},\n{\"a\":3}]").len(), 4);
        assert_eq!(read(b"[{\"a\":x\"},{\"a\":2}]"), ["!6", "{\"a\":2}"]);
        assert_eq!(
            read(b"[\n  {\"a\": {\"b\": 1},\n  {\"a\":2}\n]"),
            ["!19", "{\"a\":2}"]
        );
        assert_eq!(read(b"[1,,2,]"), ["1", "!3", "2", "!6"]);
        assert_eq!(read(b"[{}, {}"), ["{}", "{}", "!7"]);
    }

    #[test]
    fn commas_around_elements_are_explained() {
        let problems = |text: &str| -> Vec<String> {
            let batch = batch(text.as_bytes());
            let broken = Documents::new(&batch).filter_map(Result::err);
            broken.map(|broken| broken.problem).collect()
        };
        assert_eq!(problems("[1,,2]"), ["two commas in a row"]);
        assert_eq!(problems("[1,]"), ["trailing comma"]);
        assert_eq!(problems("{},{}"), ["comma between two values"]);
    }

    #[test]
    fn text_that_is_not_json_is_reported_once() {
        assert_eq!(read(b"id,phone\n1,2\n3,4\n{}\n"), ["!0", "{}"]);
    }

    #[test]
    fn separators_between_joined_files_are_not_text() {
        assert_eq!(
            read(b"\xef\xbb\xbf{}\n\xef\xbb\xbf{}\x1e{}"),
            ["{}", "{}", "{}"]
        );
    }

    #[test]
    fn a_mark_before_a_value_hides_none_after_damage() {
        for mark in ["\u{1e}", "\u{feff}"] {
            for (damaged, offset) in [("x y", 3), ("{\"a\":x", 8)] {
                let text = format!("{{}}\n{damaged}\n{mark}{{\"b\":2}}\n");
                let expected = [
                    "{}".to_owned(),
                    format!("!{offset}"),
                    "{\"b\":2}".to_owned(),
                ];
                assert_eq!(read(text.as_bytes()), expected, "{text:?}");
            }
        }
    }

    #[test]
    fn hostile_nesting_is_not_rescanned_without_limit() {
        for line in ["{\"a\":[\n", "{\n", "{\"a\":\"\n", "[{\"a\":\n"] {
            let text = line.repeat(30_000);
            assert!(!read(text.as_bytes()).is_empty(), "{line:?}");
        }
    }

    #[test]
    fn invalid_utf8_breaks_one_value_only() {
        assert_eq!(
            read(b"{\"a\":\"\xfc\"}\n{\"a\":\"\xc3\xbc\"}\n"),
            ["!6", "{\"a\":\"ü\"}"]
        );
    }
}
