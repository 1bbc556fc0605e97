//! Searches values that are not UTF-8.

use std::ops::Range;

use encoding_rs::{Encoding, WINDOWS_1252};

use super::cursor::{Cursor, SearchOutcome};
use super::finder::{Finder, Reason};
use super::item::NonCallKind;
use super::nested_text::{NestedText, NestedTextBuilder, UNKNOWN_TEXT};
use super::search::Search;
use crate::capture::location::source_map::SourceMap;
use crate::capture::parse::broken_value::BrokenValue;
use crate::capture::parse::document::Document;
use crate::capture::split::text::call_members::{has_call_members, mentions_call};
use crate::capture::split::text::charset::describe_unread;
use crate::json::Json;
use crate::json::syntax::parse_value;
use crate::text::windows_1252;

impl Finder<'_> {
    /// Searches the whole value `broken`, which is not UTF-8, at the cursor.
    pub(super) fn search_not_utf8(
        &mut self,
        bytes: &[u8],
        broken: &BrokenValue,
        cursor: &Cursor,
    ) -> SearchOutcome {
        let range = broken.start..broken.end;
        let Some(text) = self.decode_not_utf8(bytes, &range, cursor) else {
            return SearchOutcome::reported();
        };
        let locator = text.locator(cursor.locator);
        let cursor = &cursor.within(&locator);
        let decoded = str::from_utf8(&text.bytes).unwrap_or_default();
        let value = match parse_value::<Json>(decoded) {
            Ok((value, _)) => value,
            Err(error) => {
                let reason = Reason {
                    kind: NonCallKind::Broken,
                    description: error.problem,
                    help: error.help.map(str::to_owned),
                };
                self.visit_non_call(reason, (error.offset, decoded.as_bytes()), cursor);
                return SearchOutcome::reported();
            }
        };
        let element = broken.element;
        if let Search::At(steps) = self.search {
            self.search_at(steps, &Document { value, element }, cursor);
            return SearchOutcome::reported();
        }
        if let Some(members) = value.members()
            && self.visit_if_bare_body(value, members, cursor)
        {
            return SearchOutcome::reported();
        }
        let outcome = self.search_value(value, None, cursor);
        if outcome.is_empty() {
            self.visit_values_without_call(vec![(value, cursor.pointer.to_owned())], cursor);
            return SearchOutcome::reported();
        }
        outcome
    }

    /// Searches a value in text that is not UTF-8.
    pub(super) fn search_not_utf8_in_text(
        &mut self,
        bytes: &[u8],
        range: &Range<usize>,
        cursor: &Cursor,
    ) -> SearchOutcome {
        let value = &bytes[range.clone()];
        let mut outcome = SearchOutcome::default();
        if *self.search == Search::Everywhere
            && windows_1252::check(value).is_err()
            && !has_call_members(value)
        {
            // Calls in it may be intact. One that is not is reported itself, and not again as a
            // part of this value.
            let refused_values = self.refused_values;
            outcome = self.search_part(range.start + 1, &value[1..], cursor);
            if self.refused_values > refused_values {
                return outcome;
            }
        }
        if let Some(text) = self.decode_not_utf8(bytes, range, cursor) {
            let locator = text.locator(cursor.locator);
            return self.search_prose(&text.bytes, None, &cursor.within(&locator));
        }
        outcome.has_reported = true;
        outcome
    }

    /// Searches a value in text for which an HTTP head declares this encoding.
    pub(super) fn search_in_charset(
        &mut self,
        bytes: &[u8],
        range: &Range<usize>,
        charset: &'static Encoding,
        cursor: &Cursor,
    ) -> SearchOutcome {
        let value = &bytes[range.clone()];
        let name = charset.name();
        let mut help = "save it as UTF-8";
        let problem = if !charset.is_single_byte() {
            describe_unread(charset)
        } else if str::from_utf8(value).is_ok() {
            help = "correct the charset in the head, or remove it";
            format!("text with two meanings: its head declares {name}, but it is valid UTF-8")
        } else if let Some(mut text) = decode(value, charset) {
            text.source_map.shift(range.start);
            let locator = text.locator(cursor.locator);
            let cursor = cursor.within(&locator).in_charset(None);
            return self.search_prose(&text.bytes, None, &cursor);
        } else {
            format!("text that is not {name}, as its head declares")
        };
        if !mentions_call(value) {
            return SearchOutcome::default();
        }
        let reason = Reason {
            kind: NonCallKind::Broken,
            description: problem,
            help: Some(help.to_owned()),
        };
        self.visit_non_call(reason, (range.start, value), cursor);
        SearchOutcome::reported()
    }

    /// Decodes the value at `range`, which is not UTF-8, and reports its encoding. `None` if it is
    /// refused, which is reported too.
    pub(super) fn decode_not_utf8(
        &mut self,
        bytes: &[u8],
        range: &Range<usize>,
        cursor: &Cursor,
    ) -> Option<NestedText> {
        const HELP: &str = "if umlauts look wrong, it is another encoding: save the file as UTF-8";
        let value = &bytes[range.clone()];
        match windows_1252::check(value) {
            Ok(()) => {
                let mut text = decode(value, WINDOWS_1252)?;
                text.source_map.shift(range.start);
                let first = value.utf8_chunks().next();
                let at = first.map_or(0, |chunk| chunk.valid().len());
                let reason = Reason {
                    kind: NonCallKind::Windows1252,
                    description: "not UTF-8, read as Windows-1252".to_owned(),
                    help: Some(HELP.to_owned()),
                };
                if !std::mem::replace(&mut self.reported.encoding, true) {
                    let locator = text.locator(cursor.locator);
                    self.visit_non_call(reason, (at, &[]), &cursor.within(&locator));
                }
                Some(text)
            }
            Err((offset, problem)) => {
                self.refused_values += 1;
                let unknown = memchr::memmem::find(value, UNKNOWN_TEXT);
                let description = match unknown {
                    Some(_) => "a reference, a mention or a cursor movement whose text is unknown",
                    None => problem,
                };
                let help = unknown.is_none().then(|| "save it as UTF-8".to_owned());
                let offset = unknown.unwrap_or(offset);
                let reason = Reason {
                    kind: NonCallKind::Broken,
                    description: description.to_owned(),
                    help,
                };
                self.visit_non_call(reason, (range.start + offset, value), cursor);
                None
            }
        }
    }
}

/// Decodes text in an encoding with one byte per character. `None` if a byte has no character.
fn decode(bytes: &[u8], charset: &'static Encoding) -> Option<NestedText> {
    let mut text = NestedTextBuilder::with_capacity(bytes.len() * 9 / 8);
    let mut at = 0;
    while at < bytes.len() {
        let other = bytes[at..].iter().position(|byte| !byte.is_ascii());
        let end = other.map_or(bytes.len(), |length| at + length);
        text.add(at, &bytes[at..end]);
        at = end;
        if let Some(byte) = bytes.get(at) {
            let byte = [*byte];
            let (decoded, has_errors) = charset.decode_without_bom_handling(&byte);
            let character = decoded.chars().next().filter(|_| !has_errors)?;
            text.add_escaped(at, character);
            at += 1;
        }
    }
    let mut text = text.finish(bytes.len());
    if let SourceMap::Mapped(map) = text.source_map {
        text.source_map = SourceMap::Recoded(map);
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_those_of_the_bytes() {
        let text = decode(b"\x96 \xfcx", WINDOWS_1252).expect("defined bytes");
        let SourceMap::Recoded(map) = &text.source_map else {
            panic!("lines and columns are those of the file");
        };
        assert_eq!(text.bytes, "– üx".as_bytes());
        assert_eq!([0, 4, 6].map(|at| map.outer_offset(at)), [0, 2, 3]);
    }
}
