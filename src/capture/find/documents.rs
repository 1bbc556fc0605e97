//! The search for bodies, with one rule for all capturing tools. A value that is a body ends the
//! descent. Any other value is searched further, through objects, arrays, strings with JSON in
//! them, base64 and compression, down to a maximum depth.
//!
//! This file searches the documents of a batch; `values` searches values, `texts` decoded text and
//! text that is not JSON, `sequence` log records, and `at` the path of `--at`.

use super::cursor::{Cursor, SearchOutcome};
use super::decode::{DecodedPiece, PieceContext, PieceKind, decode};
use super::deferred::CallNesting;
use super::envelope::is_body;
use super::finder::{Finder, Reason, ValueWithoutCall, describe_bytes};
use super::item::{Item, NonCallKind};
use super::lost_body::{OBJECT_PLACEHOLDER, SAVE_JSON, has_object_placeholder};
use super::mixed_encodings::mixed_encodings;
use super::nested_text::{NestedText, repaired_text};
use super::object_parts::DocumentFindings;
use super::record_runs::RecordRuns;
use super::search::Search;
use crate::call::contract_object::ContractObject;
use crate::call::object_fields::BODY_HINTS;
use crate::capture::location::position::Locator;
use crate::capture::location::source_map::{OffsetMap, SourceMap};
use crate::capture::parse::broken_value::BrokenValue;
use crate::capture::parse::debug_print::find_printer;
use crate::capture::parse::document::{Document, Documents};
use crate::capture::split::batch::Batch;
use crate::capture::split::lines::{line_end, line_start};
use crate::capture::split::object_parts::PartKind;
use crate::capture::split::sniff::TextForm;
use crate::capture::split::table::head::{Detection, detect};
use crate::capture::split::text::ansi::plain_parts;
use crate::capture::split::text::call_members::has_call_members;
use crate::capture::split::text::split_lines::describe_cut;
use crate::capture::split::text::text_scan::TextScan;
use crate::json::{Json, Kind, Object, pointer};

/// Calls `visit` for every item in `batch`, in input order. `locator` maps the batch's bytes.
pub fn for_each_item(
    batch: &Batch,
    locator: &Locator<'_>,
    search: &Search,
    visit: &mut dyn FnMut(Item<'_>),
) {
    Finder::new(batch, search, visit).search_batch(batch, locator);
}

impl Finder<'_> {
    /// Searches the whole `batch`. `locator` maps the batch's bytes.
    fn search_batch(&mut self, batch: &Batch, locator: &Locator) {
        let cursor = Cursor::top(locator);
        self.report_mixed_encodings(batch, &cursor);
        if let Some(part) = &batch.part {
            self.search_object_part(batch, part, &cursor);
            return;
        }
        if let Some(head) = &batch.table {
            self.search_table(batch, head, &cursor);
            return;
        }
        if batch.form == TextForm::Json {
            self.search_documents(batch, &cursor);
            return;
        }
        if batch.start.offset == 0 {
            self.report_text(batch, &cursor);
        }
        let kind = match batch.form {
            TextForm::Html => PieceKind::Html,
            TextForm::Json | TextForm::Text => PieceKind::Printed,
        };
        self.search_printed(&batch.bytes, batch.scan.as_ref(), kind, &cursor);
    }

    /// Reports calls whose encoding is not that of the text around them, as a program leaves them
    /// that appends to a log in another encoding.
    fn report_mixed_encodings(&mut self, batch: &Batch, cursor: &Cursor) {
        // The tail of an object that is split repeats its head.
        let tail = (batch.part.as_ref()).filter(|part| part.kind == PartKind::Tail);
        let first = tail.and_then(|part| part.gap).map_or(0, |gap| gap.end);
        let found = mixed_encodings(batch).into_iter();
        for (at, description) in found.filter(|(at, _)| *at >= first) {
            let line = line_start(&batch.bytes, at)..line_end(&batch.bytes, at);
            let reason = Reason {
                kind: NonCallKind::Broken,
                description: description.to_owned(),
                help: Some("save the whole file as UTF-8".to_owned()),
            };
            self.visit_non_call(reason, (at, &batch.bytes[line]), cursor);
        }
    }

    /// Reports that the source is text and not JSON. The report is dropped later if the source
    /// contains a call.
    fn report_text(&mut self, batch: &Batch, cursor: &Cursor) {
        let start = batch.bytes.len() - batch.bytes.trim_ascii_start().len();
        let head = &batch.bytes[..batch.bytes.len().min(64 * 1024)];
        if matches!(detect(&batch.bytes, true), Detection::Table(_)) {
            let reason = Reason {
                kind: NonCallKind::Text,
                description: "a table of calls with a column per field".to_owned(),
                help: Some("name the file itself to read it".to_owned()),
            };
            self.visit_non_call(reason, (start, &[]), cursor);
            return;
        }
        let printer = find_printer(head);
        let (description, help) = match printer {
            Some(printer) => (printer.problem(), Some(printer.help())),
            None if has_object_placeholder(head) => {
                (OBJECT_PLACEHOLDER.to_owned(), Some(SAVE_JSON.to_owned()))
            }
            None => (describe_bytes(head).to_owned(), None),
        };
        let reason = Reason {
            kind: NonCallKind::Text,
            description,
            help,
        };
        self.visit_non_call(reason, (start, &[]), cursor);
    }

    /// Searches the documents of a batch. `cursor` is at the top level, or at an array of which the
    /// batch has elements. Visits values without a call only at the top level.
    pub(super) fn search_documents<'a>(
        &mut self,
        batch: &'a Batch,
        cursor: &Cursor,
    ) -> DocumentFindings<'a> {
        let mut found = DocumentFindings::default();
        let mut runs = RecordRuns::default();
        let mut documents = Documents::new(batch);
        while let Some(document) = documents.next() {
            let document = match document {
                Ok(document) => document,
                Err(broken) => {
                    found.outcome.merge(match &broken.repaired {
                        Some(_) => self.search_repaired_value(batch, broken, cursor),
                        None => self.search_broken(batch, broken, cursor),
                    });
                    continue;
                }
            };
            let pointer = element_pointer(document.element, cursor);
            if let Search::At(steps) = self.search {
                self.search_at(steps, &document, &cursor.at(&pointer));
                continue;
            }
            let value = documents.with_members(&document);
            if cursor.nesting() == CallNesting::Bare
                && let Some(members) = value.members()
            {
                let object = ContractObject::read("", value, members);
                if is_body(&object) {
                    if !runs.is_empty() {
                        let sequence = self.finish_runs(&mut runs, cursor);
                        self.add_sequence(sequence, cursor, &mut found);
                    }
                    self.visit_call(&object, pointer, cursor.locator, CallNesting::Bare);
                    continue;
                }
            }
            let members = documents.take_members(&document);
            let sequence =
                self.search_in_sequence(&mut runs, document.value, members, &cursor.at(&pointer));
            self.add_sequence(sequence, cursor, &mut found);
        }
        let sequence = self.finish_runs(&mut runs, cursor);
        self.add_sequence(sequence, cursor, &mut found);
        found
    }

    /// Adds the findings in some values of a sequence to `found`.
    fn add_sequence<'a>(
        &mut self,
        (outcome, mut no_calls): (SearchOutcome, Vec<ValueWithoutCall<'a>>),
        cursor: &Cursor,
        found: &mut DocumentFindings<'a>,
    ) {
        if cursor.nesting() == CallNesting::Bare {
            self.visit_values_without_call(no_calls, cursor);
            return;
        }
        found.outcome.merge(outcome);
        // Objects beside calls are requests that were captured with them but contain no call.
        no_calls.retain(|(element, _)| element.kind() == Kind::Object);
        found.objects_without_call.append(&mut no_calls);
    }

    /// Searches a document that was repaired. `cursor` is at the top level or at the array around
    /// it.
    fn search_repaired_value(
        &mut self,
        batch: &Batch,
        mut broken: BrokenValue,
        cursor: &Cursor,
    ) -> SearchOutcome {
        let repaired = *broken.repaired.take().unwrap_or_default();
        let element = element_pointer(broken.element, cursor);
        let outer_cursor = cursor;
        let cursor = &cursor.at(&element);
        let is_noise = repaired.text.is_empty();
        let damaged_bodies = self.damaged_bodies;
        let text = repaired_text(broken.start, repaired);
        let locator = text.locator(cursor.locator);
        let nested_cursor = cursor.within(&locator);
        let mut outcome = SearchOutcome::reported();
        if !is_noise {
            let text = std::str::from_utf8(&text.bytes).unwrap_or_default();
            let document = Document {
                value: Json::from_well_formed(text),
                element: broken.element,
            };
            match self.search_repaired_document(&document, &nested_cursor) {
                Some(found) => outcome.merge(found),
                None => return self.search_broken(batch, broken, outer_cursor),
            }
        }
        // The repaired text is JSON, but its values may be damaged in another way.
        let kind = if self.damaged_bodies > damaged_bodies {
            NonCallKind::Broken
        } else {
            NonCallKind::Repaired
        };
        let reason = Reason {
            kind,
            description: broken.problem,
            help: broken.help.map(str::to_owned),
        };
        let record = &batch.bytes[broken.start..broken.end];
        self.visit_non_call(reason, (broken.offset, record.trim_ascii_end()), cursor);
        outcome
    }

    /// Searches a document that was repaired. Returns `None` if it has no call.
    fn search_repaired_document(
        &mut self,
        document: &Document,
        cursor: &Cursor,
    ) -> Option<SearchOutcome> {
        let value = document.value;
        if let Search::At(steps) = self.search {
            self.search_at(steps, document, cursor);
            return Some(SearchOutcome::reported());
        }
        let members = value.members_with_hints(&BODY_HINTS);
        if let Some(members) = &members
            && self.visit_if_bare_body(value, members.borrowed(), cursor)
        {
            return Some(SearchOutcome::reported());
        }
        self.reports_broken = false;
        let outcome = self.search_value(value, members, cursor);
        self.reports_broken = true;
        (!outcome.calls.is_empty()).then_some(outcome)
    }

    /// Visits a document with these members if it is a body at the top level. Returns true if so.
    pub(super) fn visit_if_bare_body(
        &mut self,
        value: Json,
        members: Object,
        cursor: &Cursor,
    ) -> bool {
        if cursor.nesting() != CallNesting::Bare {
            return false;
        }
        let object = ContractObject::read("", value, members);
        let is_body = is_body(&object);
        if is_body {
            let pointer = cursor.pointer.to_owned();
            self.visit_call(&object, pointer, cursor.locator, CallNesting::Bare);
        }
        is_body
    }

    /// Reports a broken document, and searches it for calls that are intact. `cursor` is at the top
    /// level or at the array around it.
    fn search_broken(
        &mut self,
        batch: &Batch,
        broken: BrokenValue,
        cursor: &Cursor,
    ) -> SearchOutcome {
        let element = element_pointer(broken.element, cursor);
        if broken.is_not_utf8 {
            return self.search_not_utf8(&batch.bytes, &broken, &cursor.at(&element));
        }
        let text = &batch.bytes[broken.start.min(broken.end)..broken.end];
        let is_printed = is_escaped(text) || plain_parts(text).is_some();
        let is_searched = is_printed || broken.is_text;
        let mut outcome = SearchOutcome::default();
        if is_searched {
            outcome = self.search_part(broken.start, text, cursor);
            if !outcome.is_empty() {
                return outcome;
            }
        }
        outcome.has_reported = true;
        if broken.is_text {
            if !broken.is_reported {
                let reason = Reason::new(NonCallKind::Text, broken.problem);
                self.visit_non_call(reason, (broken.offset, text), cursor);
            }
            return outcome;
        }
        let printer = find_printer(&text[..text.len().min(4096)]);
        // Only the last value of a line can be cut. A line may have many values, and is long then.
        let ends_line = memchr::memchr(b'\n', text).is_some()
            || matches!(batch.bytes.get(broken.end), None | Some(b'\r' | b'\n'));
        let cut = ends_line.then(|| describe_cut(&batch.bytes, broken.start));
        let (description, help) = match (printer, cut.flatten()) {
            (Some(printer), _) => (printer.problem(), Some(printer.help())),
            (None, Some((problem, help))) => (problem, Some(help.to_owned())),
            (None, None) => (broken.problem, broken.help.map(str::to_owned)),
        };
        let reason = Reason {
            kind: NonCallKind::Broken,
            description,
            help,
        };
        let record = (broken.offset, text.trim_ascii_end());
        self.visit_non_call(reason, record, &cursor.at(&element));
        let valid_length = broken.offset.clamp(broken.start, broken.end) - broken.start;
        if !is_searched && !text.is_empty() && !has_call_members(&text[..valid_length]) {
            // The envelope is broken, but the calls in it may be intact. Further errors in it are
            // not reported because the document already has one report.
            self.reports_broken = false;
            outcome.merge(self.search_part(broken.start, text, cursor));
            self.reports_broken = true;
        }
        outcome
    }

    /// Searches `text`, the part of the cursor's text that starts at offset `start`.
    pub(super) fn search_part(
        &mut self,
        start: usize,
        text: &[u8],
        cursor: &Cursor,
    ) -> SearchOutcome {
        if cursor.is_too_deep() {
            return SearchOutcome::default();
        }
        let whole = start..start + text.len();
        let part = NestedText::new(text.to_vec(), SourceMap::Mapped(OffsetMap::of_range(whole)));
        let locator = part.locator(cursor.locator);
        self.search_printed(
            &part.bytes,
            None,
            PieceKind::Printed,
            &cursor.at("").within(&locator),
        )
    }

    /// Searches text that may have colours, or HTML. `scan` is the scan of the text, if there is
    /// one.
    fn search_printed(
        &mut self,
        bytes: &[u8],
        scan: Option<&TextScan>,
        kind: PieceKind,
        cursor: &Cursor,
    ) -> SearchOutcome {
        let context = PieceContext {
            kind,
            pointer: cursor.pointer,
        };
        let Some(pieces) = decode(bytes, 0, &context, self.limit) else {
            return self.search_prose(bytes, scan, cursor);
        };
        let mut outcome = SearchOutcome::default();
        for DecodedPiece { text, .. } in pieces {
            let locator = text.locator(cursor.locator);
            let cursor = &cursor.within(&locator);
            outcome.merge(match kind {
                // A page may have been printed with colours.
                PieceKind::Html => {
                    self.search_printed(&text.bytes, None, PieceKind::Printed, cursor)
                }
                _ => self.search_prose(&text.bytes, None, cursor),
            });
        }
        outcome
    }
}

/// True if the quotes of a broken value are escaped, so that it may be JSON in other text.
fn is_escaped(text: &[u8]) -> bool {
    let mut inner = text.trim_ascii_start().strip_prefix(b"{").into_iter();
    inner.any(|inner| inner.trim_ascii_start().starts_with(b"\\"))
}

/// JSON Pointer to an element of the array at `cursor`, or to the value there.
fn element_pointer(element: Option<u64>, cursor: &Cursor) -> String {
    element.map_or(cursor.pointer.to_owned(), |index| {
        pointer::child(cursor.pointer, &index.to_string())
    })
}
