//! The search for bodies, with one rule for all capturing tools. A value that is a body ends the
//! descent. Any other value is searched further, through objects, arrays, strings with JSON in
//! them, base64 and compression, down to a maximum depth.

use std::collections::HashSet;
use std::sync::Arc;

use super::deferred::CallNesting;
use super::encoded::{MIN_BODY_LEN, as_byte_array, as_json_string, looks_like_base64};
use super::envelope::{is_body, without_transport};
use super::item::{Body, Item, NonCall, NonCallKind, describe_value};
use super::lost_body;
use super::nested_text::{NestedText, decode_base64, decode_json_string, decompress};
use super::records::{LogRecord, RecordRuns, join_run};
use super::search::Search;
use super::text_pieces::{TextPiece, TextPieces, has_call_members};
use super::trail::{SearchOutcome, Trail, call_fingerprint};
use crate::call::contract_object::ContractObject;
use crate::call::object_fields::BODY_HINTS;
use crate::capture::location::coding::Coding;
use crate::capture::location::position::Locator;
use crate::capture::location::source_map::{OffsetMap, SourceMap};
use crate::capture::parse::debug_print::{DebugPrinter, find_printer};
use crate::capture::parse::document::{BrokenValue, Documents};
use crate::capture::source::unpack::UnpackLimit;
use crate::capture::split::batch::Batch;
use crate::capture::split::sniff::TextForm;
use crate::contract::other_payloads;
use crate::json::pointer;
use crate::json::{Json, Kind, Object};

/// The maximum nesting depth of the search. n8n's execution data has bodies at depth 11.
const MAX_DEPTH: usize = 16;

/// A value without a call, with its JSON Pointer.
type ValueWithoutCall<'a> = (Json<'a>, String);

/// Searches one batch for bodies and passes every item found to a callback.
pub(crate) struct Finder<'f> {
    source: &'f Arc<str>,
    search: &'f Search,
    pub(crate) limit: UnpackLimit,
    visit: &'f mut dyn FnMut(Item<'_>),
    /// False while a broken document is searched: its first error is already reported.
    reports_broken: bool,
}

/// Calls `visit` for every item in `batch`, in input order. `locator` maps the batch's bytes.
pub fn for_each_item(
    batch: &Batch,
    locator: &Locator<'_>,
    search: &Search,
    visit: &mut dyn FnMut(Item<'_>),
) {
    Finder::new(batch, search, visit).search_batch(batch, locator);
}

impl<'f> Finder<'f> {
    /// Prepares a search of `batch` that passes the items found to `visit`.
    pub(crate) fn new(
        batch: &'f Batch,
        search: &'f Search,
        visit: &'f mut dyn FnMut(Item<'_>),
    ) -> Self {
        Self {
            source: &batch.source,
            search,
            limit: batch.limit,
            visit,
            reports_broken: true,
        }
    }

    /// Searches the whole `batch`. `locator` maps the batch's bytes.
    pub(crate) fn search_batch(&mut self, batch: &Batch, locator: &Locator) {
        if batch.form == TextForm::Json {
            self.search_documents(batch, locator);
            return;
        }
        if batch.start.offset == 0 {
            self.report_text(batch, locator);
        }
        self.search_prose(&batch.bytes, locator, "", &Trail::TOP);
    }

    /// Reports that the source is text and not JSON. The report is dropped later if the source
    /// contains a call.
    fn report_text(&mut self, batch: &Batch, locator: &Locator) {
        let start = batch.bytes.len() - batch.bytes.trim_ascii_start().len();
        let head = &batch.bytes[..batch.bytes.len().min(64 * 1024)];
        let printer = find_printer(head);
        self.visit_non_call(
            NonCallKind::Text,
            (start, &[]),
            String::new(),
            printer.map_or_else(|| describe_bytes(head).to_owned(), DebugPrinter::problem),
            printer.map(DebugPrinter::help),
            locator,
        );
    }

    fn search_documents(&mut self, batch: &Batch, locator: &Locator) {
        let mut runs = RecordRuns::default();
        let mut documents = Documents::new(batch);
        while let Some(document) = documents.next() {
            let document = match document {
                Ok(document) => document,
                Err(broken) => {
                    self.search_broken(batch, broken, locator);
                    continue;
                }
            };
            let pointer = element_pointer(document.element);
            if let Search::At(steps) = self.search {
                self.search_at(steps, &document, pointer, locator);
                continue;
            }
            let value = documents.with_members(&document);
            if let Some(members) = value.members() {
                let object = ContractObject::read("", value, members);
                if is_body(&object) {
                    self.visit_call(&object, pointer, locator, CallNesting::Bare);
                    continue;
                }
            }
            let members = documents.take_members(&document);
            let value = document.value;
            let (_, no_calls) =
                self.search_in_sequence(&mut runs, value, members, &pointer, locator, &Trail::TOP);
            self.visit_values_without_call(no_calls, locator);
        }
        let (_, no_calls) = self.finish_runs(&mut runs, locator, &Trail::TOP);
        self.visit_values_without_call(no_calls, locator);
    }

    /// Reports a broken document, and searches it for calls that are intact.
    fn search_broken(&mut self, batch: &Batch, broken: BrokenValue, locator: &Locator) {
        let text = &batch.bytes[broken.start.min(broken.end)..broken.end];
        if broken.is_text {
            let outcome = self.search_part(broken.start, text, locator, &Trail::TOP);
            if outcome.is_empty() && !broken.is_reported {
                let record = (broken.offset, text);
                self.visit_non_call(
                    NonCallKind::Text,
                    record,
                    String::new(),
                    broken.problem,
                    None,
                    locator,
                );
            }
            return;
        }
        let printer = find_printer(&text[..text.len().min(4096)]);
        self.visit_non_call(
            NonCallKind::Broken,
            (broken.offset, text.trim_ascii_end()),
            element_pointer(broken.element),
            printer.map_or(broken.problem, DebugPrinter::problem),
            printer
                .map(DebugPrinter::help)
                .or_else(|| broken.help.map(str::to_owned)),
            locator,
        );
        let read = broken.offset.clamp(broken.start, broken.end) - broken.start;
        if !text.is_empty() && !has_call_members(&text[..read]) {
            // The envelope is broken, but the calls in it may be intact. Further errors in it are
            // not reported because the document already has one report.
            self.reports_broken = false;
            self.search_part(broken.start, text, locator, &Trail::TOP);
            self.reports_broken = true;
        }
    }

    /// Searches `text`, the part of the locator's text that starts at offset `start`.
    fn search_part(
        &mut self,
        start: usize,
        text: &[u8],
        locator: &Locator,
        trail: &Trail,
    ) -> SearchOutcome {
        if trail.depth > MAX_DEPTH {
            return SearchOutcome::default();
        }
        let whole = start..start + text.len();
        let inner = NestedText::new(text.to_vec(), SourceMap::Mapped(OffsetMap::of_range(whole)));
        let nested_locator = inner.locator(locator);
        self.search_prose(&inner.bytes, &nested_locator, "", trail)
    }

    /// Searches one value of a sequence. Log records are held in `runs` until their run is
    /// complete.
    ///
    /// Returns the outcome for this value and for the runs that it completes, and those of these
    /// values that contain no call.
    fn search_in_sequence<'a>(
        &mut self,
        runs: &mut RecordRuns<'a>,
        value: Json<'a>,
        members: Option<Object<'a>>,
        pointer: &str,
        locator: &Locator,
        trail: &Trail,
    ) -> (SearchOutcome, Vec<ValueWithoutCall<'a>>) {
        let record = members
            .as_ref()
            .and_then(|members| LogRecord::read(value, members, pointer));
        let Some(record) = record else {
            let (mut outcome, mut no_calls) = self.finish_runs(runs, locator, trail);
            let nested = self.search_value(value, members, pointer, locator, trail);
            if nested.is_empty() {
                no_calls.push((value, pointer.to_owned()));
            }
            outcome.merge(nested);
            return (outcome, no_calls);
        };
        let Some(record) = runs.continue_run(record) else {
            return (SearchOutcome::default(), Vec::new());
        };
        let before = runs.take_run(&record);
        let (mut outcome, no_calls) = before.map_or_else(
            || (SearchOutcome::default(), Vec::new()),
            |run| self.search_run(&run, locator, trail),
        );
        if record.is_partial_line() {
            runs.start_run(record);
            return (outcome, no_calls);
        }
        let nested = self.search_value(value, members, pointer, locator, trail);
        if nested.is_empty() {
            runs.start_run(record);
        }
        outcome.merge(nested);
        (outcome, no_calls)
    }

    fn finish_runs<'a>(
        &mut self,
        runs: &mut RecordRuns<'a>,
        locator: &Locator,
        trail: &Trail,
    ) -> (SearchOutcome, Vec<ValueWithoutCall<'a>>) {
        let mut all = (SearchOutcome::default(), Vec::new());
        for run in runs.take_all_runs() {
            let (outcome, no_calls) = self.search_run(&run, locator, trail);
            all.0.merge(outcome);
            all.1.extend(no_calls);
        }
        all
    }

    /// Searches the joined text of the log records of one run. Returns the records as values
    /// without a call if nothing is found.
    fn search_run<'a>(
        &mut self,
        run: &[LogRecord<'a>],
        locator: &Locator,
        trail: &Trail,
    ) -> (SearchOutcome, Vec<ValueWithoutCall<'a>>) {
        let mut outcome = SearchOutcome::default();
        let is_complete_record = run.len() == 1 && !run[0].is_partial_line();
        if !is_complete_record {
            let text = join_run(run, locator);
            outcome = self.search_nested(&text, locator, &run[0].text_pointer(), &trail.deeper());
        }
        if !outcome.is_empty() {
            return (outcome, Vec::new());
        }
        let no_calls = run
            .iter()
            .map(|record| (record.value, record.pointer.clone()));
        (outcome, no_calls.collect())
    }

    pub(crate) fn visit_call(
        &mut self,
        object: &ContractObject,
        pointer: String,
        locator: &Locator,
        calls: CallNesting,
    ) {
        let stripped = without_transport(object);
        (self.visit)(Item::Call(Body {
            source: self.source,
            object: stripped.as_ref().unwrap_or(object),
            pointer,
            locator,
            calls,
        }));
    }

    fn visit_values_without_call(&mut self, no_calls: Vec<ValueWithoutCall>, locator: &Locator) {
        for (value, pointer) in no_calls {
            let description = describe_value(value, value.members().as_ref());
            self.visit_json(value, pointer, description, locator);
        }
    }

    pub(crate) fn visit_json(
        &mut self,
        value: Json,
        pointer: String,
        description: String,
        locator: &Locator,
    ) {
        let record = (locator.offset_of(value.text()), value.text().as_bytes());
        self.visit_non_call(
            NonCallKind::Json,
            record,
            pointer,
            description,
            None,
            locator,
        );
    }

    fn visit_non_call(
        &mut self,
        kind: NonCallKind,
        (offset, record): (usize, &[u8]),
        pointer: String,
        description: String,
        help: Option<String>,
        locator: &Locator,
    ) {
        if kind == NonCallKind::Broken && !self.reports_broken {
            return;
        }
        (self.visit)(Item::NonCall(NonCall {
            source: self.source,
            offset,
            record,
            pointer,
            kind,
            description,
            help,
            locator,
        }));
    }

    fn search_value<'a>(
        &mut self,
        value: Json<'a>,
        members: Option<Object<'a>>,
        pointer: &str,
        locator: &Locator,
        trail: &Trail,
    ) -> SearchOutcome {
        if value.text().len() < MIN_BODY_LEN && trail.depth > 0 || trail.depth > MAX_DEPTH {
            return SearchOutcome::default();
        }
        match value.kind() {
            Kind::Object => {
                let Some(members) = members.or_else(|| value.members()) else {
                    return SearchOutcome::default();
                };
                let object = ContractObject::read("", value, members.borrowed());
                if is_body(&object) {
                    self.visit_body(&object, pointer, locator, trail)
                } else {
                    self.search_object(value, &members, pointer, locator, trail)
                }
            }
            Kind::Array => self.search_array(value, pointer, locator, trail),
            Kind::String => self.search_string(value, pointer, locator, trail),
            _ => SearchOutcome::default(),
        }
    }

    fn visit_body(
        &mut self,
        object: &ContractObject,
        pointer: &str,
        locator: &Locator,
        trail: &Trail,
    ) -> SearchOutcome {
        let call = call_fingerprint(&object.members);
        if !trail.contains(call) {
            self.visit_call(object, pointer.to_owned(), locator, CallNesting::Wrapped);
        }
        SearchOutcome {
            calls: vec![call],
            has_reported: false,
        }
    }

    fn search_object(
        &mut self,
        value: Json,
        members: &Object,
        pointer: &str,
        locator: &Locator,
        trail: &Trail,
    ) -> SearchOutcome {
        let mut outcome = SearchOutcome::default();
        let mut earlier = HashSet::new();
        let has_request = members.get("request").is_some();
        let members = members.borrowed();
        for member in &members {
            // The receiver's response is not a delivery, even if it echoes the body.
            if has_request && member.name() == "response" {
                continue;
            }
            let nested_trail = Trail {
                depth: trail.depth + 1,
                earlier: Some((&earlier, trail)),
            };
            let name = member.name();
            let pointer = pointer::child(pointer, &name);
            let mut nested =
                self.search_value(member.value(), None, &pointer, locator, &nested_trail);
            if name.len() >= MIN_BODY_LEN && name.starts_with('{') {
                // A JSON body that was parsed as an HTML form ends up as a member's name.
                let name = Json::from_well_formed(member.name_text());
                nested.merge(self.search_string(name, &pointer, locator, &nested_trail));
            }
            earlier.extend(&nested.calls);
            outcome.merge(nested);
        }
        if outcome.is_empty() {
            let record = (locator.offset_of(value.text()), value.text().as_bytes());
            if let Some(payload_name) = other_payloads::recognise(&members) {
                self.visit_non_call(
                    NonCallKind::OtherPayload(payload_name),
                    record,
                    pointer.to_owned(),
                    payload_name.to_owned(),
                    None,
                    locator,
                );
                return SearchOutcome::reported();
            }
            if let Some(lost) = lost_body::find_lost_body(&members) {
                self.visit_non_call(
                    NonCallKind::LostBody,
                    record,
                    pointer.to_owned(),
                    lost.problem.to_owned(),
                    Some(lost.help.to_owned()),
                    locator,
                );
                return SearchOutcome::reported();
            }
        }
        outcome
    }

    fn search_array(
        &mut self,
        value: Json,
        pointer: &str,
        locator: &Locator,
        trail: &Trail,
    ) -> SearchOutcome {
        let mut outcome = SearchOutcome::default();
        let elements = value.elements().unwrap_or_default();
        if let Some(bytes) = as_byte_array(&elements) {
            let source_map = SourceMap::Opaque(locator.offset_of(value.text()), Coding::ByteArray);
            let inner = NestedText::new(bytes, source_map);
            return self.search_nested(&inner, locator, pointer, &trail.deeper());
        }
        let mut runs = RecordRuns::default();
        let mut no_calls = Vec::new();
        let nested_trail = trail.deeper();
        for (index, element) in elements.into_iter().enumerate() {
            let pointer = pointer::child(pointer, &index.to_string());
            let members = element.members_with_hints(&BODY_HINTS);
            let (nested, nested_no_calls) = self.search_in_sequence(
                &mut runs,
                element,
                members,
                &pointer,
                locator,
                &nested_trail,
            );
            no_calls.extend(nested_no_calls);
            outcome.merge(nested);
        }
        let (nested, nested_no_calls) = self.finish_runs(&mut runs, locator, &nested_trail);
        no_calls.extend(nested_no_calls);
        outcome.merge(nested);
        if !outcome.calls.is_empty() {
            // Objects beside calls are requests that were captured with them but contain no call.
            no_calls.retain(|(element, _)| element.kind() == Kind::Object);
            self.visit_values_without_call(no_calls, locator);
        }
        outcome
    }

    pub(crate) fn search_string(
        &mut self,
        value: Json,
        pointer: &str,
        locator: &Locator,
        trail: &Trail,
    ) -> SearchOutcome {
        let text = value.text();
        let start = locator.offset_of(text);
        let content = &text[1..text.len() - 1];
        if memchr::memchr(b'{', content.as_bytes()).is_some() {
            let inner = decode_json_string(content, start + 1);
            return self.search_nested(&inner, locator, pointer, &trail.deeper());
        }
        if looks_like_base64(content, pointer) {
            let unescaped;
            let content = if content.contains('\\') {
                unescaped = value.as_str().unwrap_or_default();
                &*unescaped
            } else {
                content
            };
            if let Some(inner) = decode_base64(content.as_bytes(), start) {
                return self.search_nested(&inner, locator, pointer, &trail.deeper());
            }
        }
        SearchOutcome::default()
    }

    /// Searches text that was decoded from a part of the locator's text: a string, base64, a byte
    /// array or compressed data. `pointer` is the JSON Pointer of that part.
    fn search_nested(
        &mut self,
        inner: &NestedText,
        locator: &Locator,
        pointer: &str,
        trail: &Trail,
    ) -> SearchOutcome {
        if trail.depth > MAX_DEPTH {
            return SearchOutcome::default();
        }
        let nested_locator = inner.locator(locator);
        let mut outcome = if let Some(unpacked) = decompress(&inner.bytes, 0, self.limit) {
            self.search_nested(&unpacked, &nested_locator, pointer, &trail.deeper())
        } else if let Some(string) = as_json_string(&inner.bytes) {
            self.search_string(string, pointer, &nested_locator, &trail.deeper())
        } else {
            self.search_prose(&inner.bytes, &nested_locator, pointer, trail)
        };
        if let Some(damage) = &inner.damage {
            let record = (inner.bytes.len(), &[][..]);
            let pointer = pointer.to_owned();
            self.visit_non_call(
                NonCallKind::Broken,
                record,
                pointer,
                damage.clone(),
                None,
                &nested_locator,
            );
            outcome.has_reported = true;
        }
        outcome
    }

    /// Searches text that contains JSON values between other text, such as a log.
    fn search_prose(
        &mut self,
        bytes: &[u8],
        locator: &Locator,
        pointer: &str,
        trail: &Trail,
    ) -> SearchOutcome {
        let mut outcome = SearchOutcome::default();
        let mut runs = RecordRuns::default();
        // A call that occurs twice in one line, such as in two columns, counts once.
        let mut on_line = HashSet::new();
        let mut end = 0;
        let mut pieces = TextPieces::new(bytes, true, self.limit);
        while let Some(piece) = pieces.next() {
            if pieces.starts_on_new_line(end) {
                on_line.clear();
            }
            end = pieces.end();
            let nested_trail = Trail {
                depth: trail.depth + 1,
                earlier: Some((&on_line, trail)),
            };
            let call_count = outcome.calls.len();
            match piece {
                TextPiece::Value(range) => match std::str::from_utf8(&bytes[range.clone()]) {
                    Ok(text) => {
                        let value = Json::from_well_formed(text);
                        let nested = match self.search {
                            Search::At(steps) if trail.depth == 0 => {
                                self.search_path(steps, value, String::new(), locator)
                            }
                            _ => {
                                let members = value.members_with_hints(&BODY_HINTS);
                                self.search_in_sequence(
                                    &mut runs,
                                    value,
                                    members,
                                    pointer,
                                    locator,
                                    &nested_trail,
                                )
                                .0
                            }
                        };
                        outcome.merge(nested);
                    }
                    Err(error) => {
                        self.visit_non_call(
                            NonCallKind::Broken,
                            (range.start + error.valid_up_to(), &bytes[range.clone()]),
                            pointer.to_owned(),
                            "bytes that are not UTF-8".to_owned(),
                            Some("iconv converts them".to_owned()),
                            locator,
                        );
                        let text = &bytes[range.clone()];
                        if *self.search == Search::Everywhere && !has_call_members(text) {
                            // The value is broken, but the calls in it may be intact.
                            outcome.merge(self.search_part(
                                range.start + 1,
                                &text[1..],
                                locator,
                                &nested_trail,
                            ));
                        }
                        outcome.has_reported = true;
                    }
                },
                TextPiece::Nested(inner) => {
                    outcome.merge(self.search_nested(&inner, locator, pointer, &nested_trail));
                }
                TextPiece::Broken {
                    offset,
                    problem,
                    help,
                } => {
                    let record = (offset, lines_around(bytes, offset, end));
                    let pointer = pointer.to_owned();
                    self.visit_non_call(
                        NonCallKind::Broken,
                        record,
                        pointer,
                        problem,
                        help,
                        locator,
                    );
                    outcome.has_reported = true;
                }
            }
            on_line.extend(&outcome.calls[call_count..]);
        }
        outcome.merge(self.finish_runs(&mut runs, locator, &trail.deeper()).0);
        outcome
    }
}

/// Describes a source without a call by its first bytes. `head` is the start of the source.
fn describe_bytes(head: &[u8]) -> &'static str {
    /// Signatures of file formats that are not read, with a description and, where the user can
    /// convert the file, the command for it.
    const SIGNATURES: &[(&[u8], &str)] = &[
        (b"\xfd7zXZ\0", "xz data (xz -dc unpacks it)"),
        (b"BZh", "bzip2 data (bzip2 -dc unpacks it)"),
        (b"PK\x03\x04", "a zip archive (unzip unpacks it)"),
        (b"\xff\xfe\0\0", "UTF-32 text (iconv converts it)"),
        (b"\0\0\xfe\xff", "UTF-32 text (iconv converts it)"),
        (b"%PDF", "a PDF document"),
    ];
    let known = SIGNATURES.iter().find(|(magic, _)| head.starts_with(magic));
    match (known, head.trim_ascii_start().first()) {
        (Some((_, name)), _) => name,
        (None, Some(b'<')) => "HTML or XML without a call in it",
        _ if head.contains(&0) => "binary data",
        _ => "text without a call in it",
    }
}

/// The whole lines from the one that contains `offset` to the one that contains `end`, without
/// trailing white space.
fn lines_around(bytes: &[u8], offset: usize, end: usize) -> &[u8] {
    let start = memchr::memrchr(b'\n', &bytes[..offset]).map_or(0, |newline| newline + 1);
    let last = end.clamp(offset, bytes.len());
    let stop = memchr::memchr(b'\n', &bytes[last..]).map_or(bytes.len(), |newline| last + newline);
    bytes[start..stop].trim_ascii_end()
}

fn element_pointer(element: Option<u64>) -> String {
    element.map_or(String::new(), |index| {
        pointer::child("", &index.to_string())
    })
}
