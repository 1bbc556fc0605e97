//! Batches in, documents out: each JSON value with its members, or what is broken about it and where. One broken value never
//! takes the next ones with it.

use super::batch::Batch;
use super::border::{leading_space, next_value_line};
use super::form::{self, Form};
use super::mistake::Mistake;
use super::recovery::{Resume, resume};
use super::syntax::{begins_value, read_one};
use crate::call::object_contract::EXPECTED;
use crate::json::{Json, Kind, Members, Node, Object, outline};

/// One whole JSON value of a source.
#[derive(Debug)]
pub struct Document<'a> {
    /// The value. Where it is an object, [`Documents`] knows where its members are until the next one is read.
    pub value: Json<'a>,
    /// Its index, where it is an element of a top-level array.
    pub element: Option<u64>,
}

/// Text that should have been a JSON value and is none.
#[derive(Debug, PartialEq, Eq)]
pub struct Broken {
    /// Where in the batch the value begins.
    pub start: usize,
    /// Where in the batch the mistake shows.
    pub offset: usize,
    /// Its index, where it should have been an element of a top-level array.
    pub element: Option<u64>,
    /// What is wrong, as a phrase without a full stop.
    pub problem: String,
    /// What to do about it, if there is more to say.
    pub help: Option<&'static str>,
    /// Where reading goes on.
    pub end: usize,
    /// Whether it is text between values, which only looks out of place if nothing of it is a call.
    pub is_text: bool,
    /// Whether the text before it was of that kind too: one message is enough.
    pub is_told: bool,
}

/// Reads one batch. Values may follow each other with or without white space between them; the elements of a top-level array are
/// documents of their own.
pub struct Documents<'a> {
    batch: &'a Batch,
    /// The longest piece of UTF-8 text from `text_start` on.
    text: &'a str,
    text_start: usize,
    at: usize,
    /// In a top-level array: the index of the next element.
    element: Option<u64>,
    expected: Expected,
    /// Bytes that were read more than once, because of broken values.
    wasted: usize,
    /// Whether the text before was no JSON, which has been told.
    other_text_is_told: bool,
    /// Where the members are of the document that came last.
    nodes: Vec<Node>,
}

/// Broken values may make us read every byte so many times more; beyond that somebody wants to keep us busy.
const WASTE_PER_BYTE: usize = 8;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Expected {
    Value,
    /// After `[`.
    ValueOrEnd,
    /// After an element.
    CommaOrEnd,
}

impl<'a> Documents<'a> {
    /// The documents of `batch`.
    #[must_use]
    pub fn new(batch: &'a Batch) -> Self {
        let mut documents = Self {
            batch,
            text: "",
            text_start: 0,
            at: 0,
            element: batch.element,
            expected: Expected::Value,
            wasted: 0,
            other_text_is_told: batch.goes_on_with_other_text,
            nodes: Vec::new(),
        };
        documents.decode_from(0);
        documents
    }

    /// The document that came last, with its members at hand until the next one is read.
    #[must_use]
    pub fn with_members<'d>(&'d self, document: &Document<'a>) -> Json<'d> {
        match document.value.kind() {
            Kind::Object => document.value.outlined(&self.nodes),
            _ => document.value,
        }
    }

    /// The members of the document that came last, where it is an object.
    pub fn take_members(&mut self, document: &Document<'a>) -> Option<Object<'a>> {
        let is_object = document.value.kind() == Kind::Object;
        is_object.then(|| Object::new(document.value.text(), std::mem::take(&mut self.nodes)))
    }

    fn bytes(&self) -> &'a [u8] {
        &self.batch.bytes
    }

    /// Makes the longest UTF-8 text from `start` on the one that is read.
    fn decode_from(&mut self, start: usize) {
        let bytes = &self.bytes()[start..];
        self.text_start = start;
        self.text = match simdutf8::compat::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default(),
        };
    }

    fn text_end(&self) -> usize {
        self.text_start + self.text.len()
    }

    fn skip_white_space(&mut self) {
        self.at += leading_space(&self.bytes()[self.at..]);
    }

    /// Reads the punctuation of a top-level array; true when a value must follow.
    fn enter_or_leave_array(&mut self, byte: u8) -> Result<bool, Broken> {
        match (self.element, self.expected, byte) {
            (None, _, b'[') => {
                self.element = Some(0);
                self.expected = Expected::ValueOrEnd;
            }
            (Some(_), Expected::ValueOrEnd | Expected::CommaOrEnd, b']') => {
                self.element = None;
                self.expected = Expected::Value;
            }
            (Some(index), Expected::CommaOrEnd, b',') => {
                self.element = Some(index + 1);
                self.expected = Expected::Value;
            }
            (Some(_), Expected::CommaOrEnd, b'}') => {
                self.at += 1;
                return Err(self.broken(self.at - 1, "a `}` too many"));
            }
            (Some(_), Expected::CommaOrEnd, _) => {
                self.expected = Expected::Value;
                return Err(self.broken(self.at, "an element without `,` or `]` behind it"));
            }
            _ => return Ok(true),
        }
        self.at += 1;
        Ok(false)
    }

    fn broken(&self, offset: usize, problem: impl Into<String>) -> Broken {
        Broken {
            start: offset.min(self.bytes().len()),
            offset: offset.min(self.bytes().len()),
            element: None,
            problem: problem.into(),
            help: None,
            end: offset.min(self.bytes().len()),
            is_text: false,
            is_told: false,
        }
    }

    /// Whether a log line or other text begins here, between values.
    fn is_at_text(&self, first: u8) -> bool {
        self.element.is_none()
            && !matches!(first, b'{' | b'}' | b']' | b',' | b':')
            && form::tell(&self.bytes()[self.at..], true) == Some(Form::Text)
    }

    /// Steps over the text that begins here, to the next line that begins a value.
    fn text_line(&mut self) -> Broken {
        let start = self.at;
        self.at = next_value_line(self.bytes(), start, b"").unwrap_or(self.bytes().len());
        if self.at > self.text_end() {
            self.decode_from(self.at);
        }
        let is_told = std::mem::replace(&mut self.other_text_is_told, true);
        Broken {
            end: self.at,
            is_text: true,
            is_told,
            ..self.broken(start, "text that is no JSON value")
        }
    }

    /// Reads the value at the present place and steps behind it.
    fn value(&mut self, first: u8) -> Result<Document<'a>, Broken> {
        let start = self.at;
        if start >= self.text_end() {
            self.decode_from(start);
        }
        let text = &self.text[start - self.text_start..];
        let element = self.element;
        let read = if first == b'{' {
            self.object(text)
        } else {
            read_one::<Json>(text).map(|(_, end)| end)
        };
        match read {
            Ok(end) => {
                self.at = start + end;
                if element.is_some() {
                    self.expected = Expected::CommaOrEnd;
                }
                Ok(Document {
                    value: Json::from_well_formed(&text[..end]),
                    element,
                })
            }
            Err(mistake) => {
                let mistake = if mistake.is_cut && self.text_end() < self.bytes().len() {
                    not_utf8(self.bytes(), self.text_end() - start)
                } else if mistake.is_cut {
                    // Behind the last of it, not on an empty line below.
                    Mistake {
                        offset: text.trim_ascii_end().len(),
                        stopped: text.trim_ascii_end().len(),
                        ..mistake
                    }
                } else {
                    mistake
                };
                Err(self.recover(start, &mistake))
            }
        }
    }

    /// Reads the object that `text` begins with; its end.
    fn object(&mut self, text: &str) -> Result<usize, Mistake> {
        if let Some(end) = outline(text, &EXPECTED, &mut self.nodes) {
            return Ok(end);
        }
        // It is broken, or too deep for that.
        let (members, end) = read_one::<Members>(text)?;
        self.nodes = members.nodes(&text[..end]);
        Ok(end)
    }

    /// Steps to where the next value seems to begin, after the one at `start` turned out to be broken at `offset`.
    fn recover(&mut self, start: usize, mistake: &Mistake) -> Broken {
        let (offset, problem) = (start + mistake.stopped, &mistake.problem);
        let bytes = self.bytes();
        let in_array = self.element.is_some();
        let resume = resume(bytes, start, offset, in_array);
        self.expected = Expected::Value;
        let mut is_cut_off = false;
        match resume {
            Resume::After(end) => {
                self.at = end;
                if in_array {
                    self.expected = Expected::CommaOrEnd;
                }
            }
            Resume::AtLine(next) | Resume::At(next) => {
                self.at = next;
                self.element = self.element.map(|index| index + 1);
                is_cut_off = resume == Resume::AtLine(next)
                    && begins_value(bytes[start])
                    && mistake.offset > 0
                    && bytes[(offset + 1).min(next)..next].trim_ascii().is_empty();
            }
            Resume::Nowhere => {
                self.give_up();
                if !bytes[(offset + 1).min(bytes.len())..]
                    .trim_ascii()
                    .is_empty()
                    && begins_value(bytes[start])
                {
                    return Broken {
                        help: mistake.help,
                        ..self.broken(
                            start + mistake.offset,
                            format!("{problem}; what follows was not looked at"),
                        )
                    };
                }
            }
        }
        self.wasted += (offset + 1).saturating_sub(self.at);
        if self.wasted > WASTE_PER_BYTE * bytes.len() {
            self.give_up();
            return self.broken(
                start,
                "too much broken text: the rest of it was not looked at",
            );
        }
        if self.at > self.text_end() {
            self.decode_from(self.at);
        }
        if is_cut_off {
            let last = start + bytes[start..self.at].trim_ascii_end().len();
            return self.broken(last, "the end of the line in the middle of the value");
        }
        Broken {
            help: mistake.help,
            ..self.broken(start + mistake.offset, problem)
        }
    }

    /// Leaves the rest of the batch alone.
    fn give_up(&mut self) {
        self.at = self.bytes().len();
        self.element = None;
    }
}

impl<'a> Iterator for Documents<'a> {
    type Item = Result<Document<'a>, Broken>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            self.skip_white_space();
            let Some(first) = self.bytes().get(self.at).copied() else {
                let is_open = self.batch.last && self.element.take().is_some();
                return is_open.then(|| {
                    Err(self.broken(
                        self.at,
                        "the end of the text in an array that is not closed",
                    ))
                });
            };
            if self.is_at_text(first) {
                return Some(Err(self.text_line()));
            }
            match self.enter_or_leave_array(first) {
                Ok(true) => {}
                Ok(false) => continue,
                Err(broken) => return Some(Err(broken)),
            }
            let (start, element) = (self.at, self.element);
            let value = self.value(first);
            self.other_text_is_told = false;
            return Some(value.map_err(|broken| Broken {
                start,
                element,
                end: self.at,
                ..broken
            }));
        }
    }
}

/// Bytes at `offset` from a value's begin that are not UTF-8, in `bytes`.
fn not_utf8(bytes: &[u8], offset: usize) -> Mistake {
    if bytes.iter().take(1024).any(|byte| *byte == 0) {
        return Mistake::new(offset, "binary data");
    }
    Mistake {
        help: Some("`iconv -f latin1 -t utf-8` converts what old programs write"),
        ..Mistake::new(offset, "bytes that are not UTF-8")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::place::Position;
    use crate::input::unpack::UnpackLimit;

    fn batch(text: &[u8]) -> Batch {
        Batch {
            source: "test".into(),
            number: 0,
            bytes: text.to_vec().into(),
            form: Form::Json,
            coding: None,
            limit: UnpackLimit::default(),
            is_maybe: false,
            start: Position::START,
            element: None,
            goes_on_with_other_text: false,
            last: true,
        }
    }

    /// Each document as its text, each broken one as `!offset`.
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
    fn a_cut_line_does_not_take_the_next_one_with_it() {
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
    fn a_broken_element_does_not_take_the_next_one_with_it() {
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
    fn text_that_is_no_json_is_told_once() {
        assert_eq!(read(b"id,phone\n1,2\n3,4\n{}\n"), ["!0", "{}"]);
    }

    #[test]
    fn what_stands_where_files_were_joined_is_no_text() {
        assert_eq!(
            read(b"\xef\xbb\xbf{}\n\xef\xbb\xbf{}\x1e{}"),
            ["{}", "{}", "{}"]
        );
    }

    #[test]
    fn hostile_nesting_is_not_read_again_and_again() {
        for line in ["{\"a\":[\n", "{\n", "{\"a\":\"\n", "[{\"a\":\n"] {
            let text = line.repeat(30_000);
            assert!(!read(text.as_bytes()).is_empty(), "{line:?}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_spoil_one_value_only() {
        assert_eq!(
            read(b"{\"a\":\"\xfc\"}\n{\"a\":\"\xc3\xbc\"}\n"),
            ["!6", "{\"a\":\"ü\"}"]
        );
    }
}
