//! The state of a search, and how it passes items to its caller with location and description.

use super::cursor::{Cursor, MAX_DEPTH, SearchOutcome};
use super::decode::{DecodedPiece, PieceContext, PieceKind, decode};
use super::deferred::CallNesting;
use super::envelope::without_transport;
use super::flat_body::nest;
use super::item::{Body, Item, NonCall, NonCallKind, describe_value};
use super::nested_text::NestedText;
use super::search::Search;
use crate::call::contract_object::ContractObject;
use crate::call::object_fields::BODY_HINTS;
use crate::capture::location::position::Locator;
use crate::capture::source::source_name::SourceName;
use crate::capture::source::unpack_limit::UnpackLimit;
use crate::capture::split::batch::Batch;
use crate::capture::split::text::call_members::{MAX_SEARCHED_BYTES, mentions_call};
use crate::contract::naming_style::find_renamed_member;
use crate::json::{Json, Member, Object};

/// Searches one batch for bodies and passes every item found to a callback.
pub(crate) struct Finder<'f> {
    pub(super) source: &'f SourceName,
    pub(super) search: &'f Search,
    pub(super) limit: UnpackLimit,
    pub(super) visit: &'f mut dyn FnMut(Item<'_>),
    /// False while a broken document is searched: its first error has already been reported.
    pub(super) reports_broken: bool,
    /// True while a row of a table is visited.
    pub(super) is_in_row: bool,
    pub(super) reported: ReportFlags,
    /// Number of values that were reported because of their encoding.
    pub(super) refused_values: usize,
    /// Number of bodies whose values are damaged.
    pub(super) damaged_bodies: usize,
}

/// Properties of the input that are reported once.
#[derive(Default)]
pub(super) struct ReportFlags {
    /// An encoding other than UTF-8.
    pub(super) encoding: bool,
    /// A body whose objects are flat.
    pub(super) flat_body: bool,
}

/// A value without a call, with its JSON Pointer.
pub(super) type ValueWithoutCall<'a> = (Json<'a>, String);

/// Why a part of the input is not a call.
pub(super) struct Reason {
    pub(crate) kind: NonCallKind,
    /// See [`NonCall::description`].
    pub(crate) description: String,
    /// Advice for the user, if there is any.
    pub(crate) help: Option<String>,
}

impl Reason {
    /// A reason without advice.
    pub(super) fn new(kind: NonCallKind, description: String) -> Self {
        Self {
            kind,
            description,
            help: None,
        }
    }

    /// A value without a call.
    pub(super) fn no_call(value: Json) -> Self {
        let members = value.members();
        Self {
            kind: NonCallKind::Json,
            description: describe_value(value, members.as_ref()),
            help: members.as_ref().and_then(renaming_help),
        }
    }
}

impl<'f> Finder<'f> {
    /// Prepares a search of `batch` that passes the items found to `visit`.
    pub(super) fn new(
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
            is_in_row: false,
            reported: ReportFlags::default(),
            refused_values: 0,
            damaged_bodies: 0,
        }
    }

    /// Visits a body at `pointer`, in the text of `locator`. Typed values become plain ones before.
    pub(super) fn visit_call(
        &mut self,
        object: &ContractObject,
        pointer: String,
        locator: &Locator,
        calls: CallNesting,
    ) {
        if object.may_have_typed_values && self.visit_typed_call(object, &pointer, locator, calls) {
            return;
        }
        if object.has_undocumented
            && !self.is_in_row
            && let Some(text) = nest(object)
        {
            self.visit_flat_call(text, (object, pointer), locator, calls);
            return;
        }
        self.visit_plain_call(object, pointer, locator, calls);
    }

    /// Visits a body whose objects were flat. `text` is the body with objects.
    fn visit_flat_call(
        &mut self,
        mut text: NestedText,
        (flat, pointer): (&ContractObject, String),
        locator: &Locator,
        calls: CallNesting,
    ) {
        let body = flat.value.text();
        let start = locator.offset_of(body);
        if !std::mem::replace(&mut self.reported.flat_body, true) {
            let description = "read as a flat row: a name such as `lead.id` is a path".to_owned();
            let reason = Reason::new(NonCallKind::Table, description);
            self.visit_non_call(reason, (start, &[]), &Cursor::top(locator).at(&pointer));
        }
        text.source_map.shift(start);
        let locator = &text.locator(locator);
        let value = Json::from_well_formed(str::from_utf8(&text.bytes).unwrap_or_default());
        let members = value.members_with_hints(&BODY_HINTS).unwrap_or_default();
        let object = ContractObject::read("", value, members);
        self.visit_plain_call(&object, pointer, locator, calls);
    }

    /// Visits a body with typed values. Returns false if all its values are plain.
    fn visit_typed_call(
        &mut self,
        object: &ContractObject,
        pointer: &str,
        locator: &Locator,
        calls: CallNesting,
    ) -> bool {
        let body = object.value.text();
        let start = locator.offset_of(body);
        let context = PieceContext {
            kind: PieceKind::Body(object),
            pointer,
        };
        let Some(pieces) = decode(body.as_bytes(), start, &context, self.limit) else {
            return false;
        };
        for DecodedPiece { text, .. } in pieces {
            let cursor = Cursor::top(locator);
            if let Some(damage) = &text.damage {
                self.damaged_bodies += 1;
                let reason = Reason::new(NonCallKind::Broken, damage.clone());
                self.visit_non_call(reason, (start, body.as_bytes()), &cursor.at(pointer));
                continue;
            }
            let plain = std::str::from_utf8(&text.bytes).unwrap_or_default();
            let value = Json::from_well_formed(plain);
            let members = value.members_with_hints(&BODY_HINTS).unwrap_or_default();
            let object = ContractObject::read("", value, members);
            let locator = text.locator(locator);
            self.visit_plain_call(&object, pointer.to_owned(), &locator, calls);
        }
        true
    }

    fn visit_plain_call(
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
            is_row: self.is_in_row,
        }));
    }

    /// Visits a part of the input that is not a call: `record` has its offset and its bytes in the
    /// cursor's text, see [`NonCall`].
    pub(super) fn visit_non_call(
        &mut self,
        reason: Reason,
        (offset, record): (usize, &[u8]),
        cursor: &Cursor,
    ) {
        let is_broken = matches!(reason.kind, NonCallKind::Broken | NonCallKind::Repaired);
        if is_broken && !self.reports_broken {
            return;
        }
        (self.visit)(Item::NonCall(NonCall {
            source: self.source,
            offset,
            record,
            pointer: cursor.pointer.to_owned(),
            kind: reason.kind,
            description: reason.description,
            help: reason.help,
            locator: cursor.locator,
        }));
    }

    /// Reports the `text` at `offset` of the cursor's text, which is nested too deeply to be
    /// searched, if it seems to have a call.
    pub(super) fn report_too_deep(
        &mut self,
        offset: usize,
        text: &[u8],
        cursor: &Cursor,
    ) -> SearchOutcome {
        if !mentions_call(&text[..text.len().min(MAX_SEARCHED_BYTES)]) {
            return SearchOutcome::default();
        }
        let reason = Reason {
            kind: NonCallKind::TooDeep,
            description: format!("a call that is nested more than {MAX_DEPTH} levels deep"),
            help: Some("name its place with --at, or unwrap it with jq".to_owned()),
        };
        self.visit_non_call(reason, (offset, text), cursor);
        SearchOutcome::reported()
    }

    /// Visits a value that is not a call.
    pub(super) fn visit_value(&mut self, value: Json, reason: Reason, cursor: &Cursor) {
        let record = value.text();
        let record = (cursor.locator.offset_of(record), record.as_bytes());
        self.visit_non_call(reason, record, cursor);
    }

    /// Visits a value that contains no call, with this description.
    pub(super) fn visit_json(&mut self, value: Json, description: String, cursor: &Cursor) {
        self.visit_value(value, Reason::new(NonCallKind::Json, description), cursor);
    }

    /// Visits values in the cursor's text.
    pub(super) fn visit_values_without_call(
        &mut self,
        no_calls: Vec<ValueWithoutCall>,
        cursor: &Cursor,
    ) {
        for (value, pointer) in no_calls {
            self.visit_value(value, Reason::no_call(value), &cursor.at(&pointer));
        }
    }
}

/// Advice for an object that would be a body if its members had the documented names.
fn renaming_help(members: &Object) -> Option<String> {
    let names: Vec<_> = members.into_iter().map(Member::name).collect();
    let (name, documented) = find_renamed_member(&names)?;
    Some(format!(
        "rename its members: `{name}` to `{documented}`, and so on"
    ))
}

/// Describes a source without a call, judging by its first bytes. `head` is the start of the
/// source.
pub(super) fn describe_bytes(head: &[u8]) -> &'static str {
    /// Signatures of file formats that are not read, with a description and, where the user can
    /// convert the file, the command for it.
    const SIGNATURES: &[(&[u8], &str)] = &[
        (b"BZh", "bzip2 data (decompress it with bzip2 -dc)"),
        (b"%PDF", "PDF document"),
    ];
    let known = SIGNATURES.iter().find(|(magic, _)| head.starts_with(magic));
    match (known, head.trim_ascii_start().first()) {
        (Some((_, name)), _) => name,
        (None, Some(b'<')) => "HTML or XML",
        _ if head.contains(&0) => "binary data",
        _ => "plain text",
    }
}
