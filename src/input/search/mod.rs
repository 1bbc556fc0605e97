//! The search for bodies: one rule for all that captures calls. If a value is a body, stop; else go down, through objects, arrays, strings that
//! hold JSON or text with JSON in it, base64 and compression, to a bounded depth.

mod at;
mod coded;
mod trail;

use std::collections::HashSet;
use std::sync::Arc;

use super::batch::Batch;
use super::document::{Broken, Documents};
use super::doubts::Calls;
use super::envelope::{Body, Item, Other, OtherKind, Search, describe, is_body, without_transport};
use super::form::Form;
use super::inner::{Inner, Map, Places, of_base64, of_compressed, of_json_string};
use super::lost;
use super::neighbour;
use super::place::Locator;
use super::printed::{Printer, printed_by};
use super::prose::{Piece, Pieces, is_call_itself};
use super::records::{Record, Runs, text_of};
use super::unpack::{Coding, UnpackLimit};
use crate::call::documented::Documented;
use crate::call::object_contract::EXPECTED;
use crate::json::{Json, Kind, Object};
use crate::pointer;
use coded::{SHORTEST, bytes_of, seems_base64, whole_string};
use trail::{Found, Trail, identity};

/// How deep bodies are looked for: n8n's execution data has them eleven levels down.
const DEPTH: usize = 16;

/// A value without a call, and where it stands.
type Without<'a> = (Json<'a>, String);

/// Looks for bodies in one batch.
pub(super) struct Finder<'f> {
    source: &'f Arc<str>,
    search: &'f Search,
    limit: UnpackLimit,
    meet: &'f mut dyn FnMut(Item<'_>),
    /// Whether what is broken is told.
    tells_broken: bool,
}

impl<'f> Finder<'f> {
    /// Looks in `batch`, and shows what it finds to `meet`.
    pub(super) fn new(
        batch: &'f Batch,
        search: &'f Search,
        meet: &'f mut dyn FnMut(Item<'_>),
    ) -> Self {
        Self {
            source: &batch.source,
            search,
            limit: batch.limit,
            meet,
            tells_broken: true,
        }
    }

    /// Looks in all of `batch`; `locator` is for its bytes.
    pub(super) fn batch(&mut self, batch: &Batch, locator: &Locator) {
        if batch.form == Form::Json {
            self.documents(batch, locator);
            return;
        }
        if batch.start.offset == 0 {
            self.text(batch, locator);
        }
        self.prose(&batch.bytes, locator, "", &Trail::TOP);
    }

    /// Tells that the source is text; what has a call is forgiven for it.
    fn text(&mut self, batch: &Batch, locator: &Locator) {
        let begin = batch.bytes.len() - batch.bytes.trim_ascii_start().len();
        let head = &batch.bytes[..batch.bytes.len().min(64 * 1024)];
        let printer = printed_by(head);
        self.other(
            OtherKind::Text,
            (begin, &[]),
            String::new(),
            printer.map_or_else(|| what_it_is(head).to_owned(), Printer::problem),
            printer.map(Printer::help),
            locator,
        );
    }

    fn documents(&mut self, batch: &Batch, locator: &Locator) {
        let mut runs = Runs::default();
        let mut documents = Documents::new(batch);
        while let Some(document) = documents.next() {
            let document = match document {
                Ok(document) => document,
                Err(broken) => {
                    self.broken(batch, broken, locator);
                    continue;
                }
            };
            let pointer = pointer_of(document.element);
            if let Search::At(steps) = self.search {
                self.at(steps, &document, pointer, locator);
                continue;
            }
            let value = documents.with_members(&document);
            if let Some(members) = value.members() {
                let object = Documented::read("", value, members);
                if is_body(&object) {
                    self.call(&object, pointer, locator, Calls::Bare);
                    continue;
                }
            }
            let members = documents.take_members(&document);
            let value = document.value;
            let (_, without) =
                self.in_sequence(&mut runs, value, members, &pointer, locator, &Trail::TOP);
            self.no_calls(without, locator);
        }
        let (_, without) = self.end_runs(&mut runs, locator, &Trail::TOP);
        self.no_calls(without, locator);
    }

    /// Tells of what is broken, and searches it for what is whole in it.
    fn broken(&mut self, batch: &Batch, broken: Broken, locator: &Locator) {
        let text = &batch.bytes[broken.start.min(broken.end)..broken.end];
        if broken.is_text {
            let found = self.part(broken.start, text, locator, &Trail::TOP);
            if found.is_nothing() && !broken.is_told {
                let place = (broken.offset, text);
                self.other(
                    OtherKind::Text,
                    place,
                    String::new(),
                    broken.problem,
                    None,
                    locator,
                );
            }
            return;
        }
        let printer = printed_by(&text[..text.len().min(4096)]);
        self.other(
            OtherKind::Broken,
            (broken.offset, text.trim_ascii_end()),
            pointer_of(broken.element),
            printer.map_or(broken.problem, Printer::problem),
            printer
                .map(Printer::help)
                .or_else(|| broken.help.map(str::to_owned)),
            locator,
        );
        let read = broken.offset.clamp(broken.start, broken.end) - broken.start;
        if !text.is_empty() && !is_call_itself(&text[..read]) {
            // An envelope is broken; the calls in it may be whole. What else is wrong with it has been told.
            self.tells_broken = false;
            self.part(broken.start, text, locator, &Trail::TOP);
            self.tells_broken = true;
        }
    }

    /// Searches the part `text` of `locator`'s text, which begins at `start`.
    fn part(&mut self, start: usize, text: &[u8], locator: &Locator, trail: &Trail) -> Found {
        if trail.depth > DEPTH {
            return Found::default();
        }
        let whole = start..start + text.len();
        let inner = Inner::new(text.to_vec(), Places::Kept(Map::of_part(whole)));
        let inside = locator.inside(&inner);
        self.prose(&inner.bytes, &inside, "", trail)
    }

    /// Searches one of several values that follow each other; what is found of it and of those before, and which have turned out to hold nothing.
    fn in_sequence<'a>(
        &mut self,
        runs: &mut Runs<'a>,
        value: Json<'a>,
        members: Option<Object<'a>>,
        pointer: &str,
        locator: &Locator,
        trail: &Trail,
    ) -> (Found, Vec<Without<'a>>) {
        let record = members
            .as_ref()
            .and_then(|members| Record::read(value, members, pointer));
        let Some(record) = record else {
            let (mut found, mut without) = self.end_runs(runs, locator, trail);
            let below = self.value(value, members, pointer, locator, trail);
            if below.is_nothing() {
                without.push((value, pointer.to_owned()));
            }
            found.add(below);
            return (found, without);
        };
        let Some(record) = runs.go_on_with(record) else {
            return (Found::default(), Vec::new());
        };
        let before = runs.take_before(&record);
        let (mut found, without) = before.map_or_else(
            || (Found::default(), Vec::new()),
            |run| self.run(&run, locator, trail),
        );
        if record.is_begun() {
            runs.begin(record);
            return (found, without);
        }
        let below = self.value(value, members, pointer, locator, trail);
        if below.is_nothing() {
            runs.begin(record);
        }
        found.add(below);
        (found, without)
    }

    fn end_runs<'a>(
        &mut self,
        runs: &mut Runs<'a>,
        locator: &Locator,
        trail: &Trail,
    ) -> (Found, Vec<Without<'a>>) {
        let mut all = (Found::default(), Vec::new());
        for run in runs.take_all() {
            let (found, without) = self.run(&run, locator, trail);
            all.0.add(found);
            all.1.extend(without);
        }
        all
    }

    /// Searches records that belong together.
    fn run<'a>(
        &mut self,
        run: &[Record<'a>],
        locator: &Locator,
        trail: &Trail,
    ) -> (Found, Vec<Without<'a>>) {
        let mut found = Found::default();
        let is_one = run.len() == 1 && !run[0].is_begun();
        if !is_one {
            let text = text_of(run, locator);
            found = self.inner(&text, locator, &run[0].text_pointer(), &trail.deeper());
        }
        if !found.is_nothing() {
            return (found, Vec::new());
        }
        let without = run
            .iter()
            .map(|record| (record.value, record.pointer.clone()));
        (found, without.collect())
    }

    /// Shows a call.
    fn call(&mut self, object: &Documented, pointer: String, locator: &Locator, calls: Calls) {
        let stripped = without_transport(object);
        (self.meet)(Item::Call(Body {
            source: self.source,
            object: stripped.as_ref().unwrap_or(object),
            pointer,
            locator,
            calls,
        }));
    }

    fn no_calls(&mut self, without: Vec<Without>, locator: &Locator) {
        for (value, pointer) in without {
            let description = describe(value, value.members().as_ref());
            self.no_call(value, pointer, description, locator);
        }
    }

    fn no_call(&mut self, value: Json, pointer: String, description: String, locator: &Locator) {
        let place = (locator.offset_of(value.text()), value.text().as_bytes());
        self.other(
            OtherKind::NoCall,
            place,
            pointer,
            description,
            None,
            locator,
        );
    }

    fn other(
        &mut self,
        kind: OtherKind,
        (offset, record): (usize, &[u8]),
        pointer: String,
        description: String,
        help: Option<String>,
        locator: &Locator,
    ) {
        if kind == OtherKind::Broken && !self.tells_broken {
            return;
        }
        (self.meet)(Item::Other(Other {
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

    /// Searches one value.
    fn value<'a>(
        &mut self,
        value: Json<'a>,
        members: Option<Object<'a>>,
        pointer: &str,
        locator: &Locator,
        trail: &Trail,
    ) -> Found {
        if value.text().len() < SHORTEST && trail.depth > 0 || trail.depth > DEPTH {
            return Found::default();
        }
        match value.kind() {
            Kind::Object => {
                let Some(members) = members.or_else(|| value.members()) else {
                    return Found::default();
                };
                let object = Documented::read("", value, members.borrowed());
                if is_body(&object) {
                    self.body(&object, pointer, locator, trail)
                } else {
                    self.object(value, &members, pointer, locator, trail)
                }
            }
            Kind::Array => self.array(value, pointer, locator, trail),
            Kind::String => self.string(value, pointer, locator, trail),
            _ => Found::default(),
        }
    }

    fn body(
        &mut self,
        object: &Documented,
        pointer: &str,
        locator: &Locator,
        trail: &Trail,
    ) -> Found {
        let call = identity(&object.members);
        if !trail.has_met(call) {
            self.call(object, pointer.to_owned(), locator, Calls::Wrapped);
        }
        Found {
            calls: vec![call],
            other: false,
        }
    }

    fn object(
        &mut self,
        value: Json,
        members: &Object,
        pointer: &str,
        locator: &Locator,
        trail: &Trail,
    ) -> Found {
        let mut found = Found::default();
        let mut earlier = HashSet::new();
        let has_request = members.get("request").is_some();
        let members = members.borrowed();
        for member in &members {
            // What the receiver answered is no delivery.
            if has_request && member.name() == "response" {
                continue;
            }
            let here = Trail {
                depth: trail.depth + 1,
                earlier: Some((&earlier, trail)),
            };
            let name = member.name();
            let pointer = pointer::child(pointer, &name);
            let mut below = self.value(member.value(), None, &pointer, locator, &here);
            if name.len() >= SHORTEST && name.starts_with('{') {
                // The text was taken for a form, and is a member's name now.
                let name = Json::from_well_formed(member.name_text());
                below.add(self.string(name, &pointer, locator, &here));
            }
            earlier.extend(&below.calls);
            found.add(below);
        }
        if found.is_nothing() {
            let place = (locator.offset_of(value.text()), value.text().as_bytes());
            if let Some(neighbour) = neighbour::recognise(&members) {
                self.other(
                    OtherKind::Neighbour(neighbour),
                    place,
                    pointer.to_owned(),
                    neighbour.to_owned(),
                    None,
                    locator,
                );
                return Found::other();
            }
            if let Some(lost) = lost::body(&members) {
                self.other(
                    OtherKind::Empty,
                    place,
                    pointer.to_owned(),
                    lost.what.to_owned(),
                    Some(lost.help.to_owned()),
                    locator,
                );
                return Found::other();
            }
        }
        found
    }

    fn array(&mut self, value: Json, pointer: &str, locator: &Locator, trail: &Trail) -> Found {
        let mut found = Found::default();
        let elements = value.elements().unwrap_or_default();
        if let Some(bytes) = bytes_of(&elements) {
            let place = Places::Lost(locator.offset_of(value.text()), Coding::ByteArray);
            let inner = Inner::new(bytes, place);
            return self.inner(&inner, locator, pointer, &trail.deeper());
        }
        let mut runs = Runs::default();
        let mut without = Vec::new();
        let here = trail.deeper();
        for (index, element) in elements.into_iter().enumerate() {
            let pointer = pointer::child(pointer, &index.to_string());
            let members = element.members_expecting(&EXPECTED);
            let (below, nothing) =
                self.in_sequence(&mut runs, element, members, &pointer, locator, &here);
            without.extend(nothing);
            found.add(below);
        }
        let (below, nothing) = self.end_runs(&mut runs, locator, &here);
        without.extend(nothing);
        found.add(below);
        if !found.calls.is_empty() {
            // Requests that were captured with calls and are none.
            without.retain(|(element, _)| element.kind() == Kind::Object);
            self.no_calls(without, locator);
        }
        found
    }

    fn string(&mut self, value: Json, pointer: &str, locator: &Locator, trail: &Trail) -> Found {
        let text = value.text();
        let start = locator.offset_of(text);
        let inside = &text[1..text.len() - 1];
        if memchr::memchr(b'{', inside.as_bytes()).is_some() {
            let inner = of_json_string(inside, start + 1);
            return self.inner(&inner, locator, pointer, &trail.deeper());
        }
        if seems_base64(inside, pointer) {
            let escaped;
            let inside = if inside.contains('\\') {
                escaped = value.as_str().unwrap_or_default();
                &*escaped
            } else {
                inside
            };
            if let Some(inner) = of_base64(inside.as_bytes(), start) {
                return self.inner(&inner, locator, pointer, &trail.deeper());
            }
        }
        Found::default()
    }

    /// Searches text that was decoded from a part of `locator`'s.
    fn inner(&mut self, inner: &Inner, locator: &Locator, pointer: &str, trail: &Trail) -> Found {
        if trail.depth > DEPTH {
            return Found::default();
        }
        let inside = locator.inside(inner);
        let mut found = if let Some(unpacked) = of_compressed(&inner.bytes, 0, self.limit) {
            self.inner(&unpacked, &inside, pointer, &trail.deeper())
        } else if let Some(string) = whole_string(&inner.bytes) {
            self.string(string, pointer, &inside, &trail.deeper())
        } else {
            self.prose(&inner.bytes, &inside, pointer, trail)
        };
        if let Some(damage) = &inner.damage {
            let place = (inner.bytes.len(), &[][..]);
            let pointer = pointer.to_owned();
            self.other(
                OtherKind::Broken,
                place,
                pointer,
                damage.clone(),
                None,
                &inside,
            );
            found.other = true;
        }
        found
    }

    /// Searches text with JSON in it.
    fn prose(&mut self, bytes: &[u8], locator: &Locator, pointer: &str, trail: &Trail) -> Found {
        let mut found = Found::default();
        let mut runs = Runs::default();
        // The same call in two columns of a line is one.
        let mut on_line = HashSet::new();
        let mut end = 0;
        let mut pieces = Pieces::new(bytes, true, self.limit);
        while let Some(piece) = pieces.next() {
            if pieces.is_on_new_line(end) {
                on_line.clear();
            }
            end = pieces.end();
            let here = Trail {
                depth: trail.depth + 1,
                earlier: Some((&on_line, trail)),
            };
            let before = found.calls.len();
            match piece {
                Piece::Value(range) => match std::str::from_utf8(&bytes[range.clone()]) {
                    Ok(text) => {
                        let value = Json::from_well_formed(text);
                        let below = match self.search {
                            Search::At(steps) if trail.depth == 0 => {
                                self.step(steps, value, String::new(), locator)
                            }
                            _ => {
                                let members = value.members_expecting(&EXPECTED);
                                self.in_sequence(&mut runs, value, members, pointer, locator, &here)
                                    .0
                            }
                        };
                        found.add(below);
                    }
                    Err(error) => {
                        self.other(
                            OtherKind::Broken,
                            (range.start + error.valid_up_to(), &bytes[range.clone()]),
                            pointer.to_owned(),
                            "bytes that are not UTF-8".to_owned(),
                            Some("iconv converts them".to_owned()),
                            locator,
                        );
                        let text = &bytes[range.clone()];
                        if *self.search == Search::Everywhere && !is_call_itself(text) {
                            // The calls in it may be whole.
                            found.add(self.part(range.start + 1, &text[1..], locator, &here));
                        }
                        found.other = true;
                    }
                },
                Piece::Inner(inner) => {
                    found.add(self.inner(&inner, locator, pointer, &here));
                }
                Piece::Broken {
                    offset,
                    problem,
                    help,
                } => {
                    let place = (offset, lines_round(bytes, offset, end));
                    let pointer = pointer.to_owned();
                    self.other(OtherKind::Broken, place, pointer, problem, help, locator);
                    found.other = true;
                }
            }
            on_line.extend(&found.calls[before..]);
        }
        found.add(self.end_runs(&mut runs, locator, &trail.deeper()).0);
        found
    }
}

/// What text, or what is no text, may be in which no call is found.
fn what_it_is(head: &[u8]) -> &'static str {
    /// The first bytes of files that have to be unpacked or converted first.
    const OTHERS: &[(&[u8], &str)] = &[
        (b"\xfd7zXZ\0", "xz data (xz -dc unpacks it)"),
        (b"BZh", "bzip2 data (bzip2 -dc unpacks it)"),
        (b"PK\x03\x04", "a zip archive (unzip unpacks it)"),
        (b"\xff\xfe\0\0", "UTF-32 text (iconv converts it)"),
        (b"\0\0\xfe\xff", "UTF-32 text (iconv converts it)"),
        (b"%PDF", "a PDF document"),
    ];
    let other = OTHERS.iter().find(|(magic, _)| head.starts_with(magic));
    match (other, head.trim_ascii_start().first()) {
        (Some((_, name)), _) => name,
        (None, Some(b'<')) => "HTML or XML without a call in it",
        _ if head.contains(&0) => "binary data",
        _ => "text without a call in it",
    }
}

/// The lines from the one at `offset` to the one before `end`, without the last line break.
fn lines_round(bytes: &[u8], offset: usize, end: usize) -> &[u8] {
    let from = memchr::memrchr(b'\n', &bytes[..offset]).map_or(0, |at| at + 1);
    let last = end.clamp(offset, bytes.len());
    let to = memchr::memchr(b'\n', &bytes[last..]).map_or(bytes.len(), |at| last + at);
    bytes[from..to].trim_ascii_end()
}

fn pointer_of(element: Option<u64>) -> String {
    element.map_or(String::new(), |index| {
        pointer::child("", &index.to_string())
    })
}
