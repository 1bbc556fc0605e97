//! Searches JSON values: objects, arrays and strings.

use std::collections::HashSet;

use encoding_rs::Encoding;

use super::cursor::{Cursor, SearchOutcome, call_fingerprint};
use super::decode::json_string::unescape;
use super::decode::{MIN_BODY_LEN, PieceKind};
use super::deferred::CallNesting;
use super::envelope::is_body;
use super::finder::{Finder, Reason};
use super::headers::find_header;
use super::item::NonCallKind;
use super::lost_body;
use super::record_runs::RecordRuns;
use crate::call::contract_object::ContractObject;
use crate::call::object_fields::BODY_HINTS;
use crate::capture::split::text::charset::declared_charset;
use crate::contract::other_payloads;
use crate::json::pointer;
use crate::json::{Json, Kind, Member, Object};

/// The encoding in the content type of an envelope with these members, unless it is UTF-8.
fn charset_of_headers(members: &Object) -> Option<&'static Encoding> {
    declared_charset(find_header(members.get("headers")?, "content-type")?.as_bytes())
}

impl Finder<'_> {
    /// Searches a value. `members` are those of an object, if they are known.
    pub(super) fn search_value<'a>(
        &mut self,
        value: Json<'a>,
        members: Option<Object<'a>>,
        cursor: &Cursor,
    ) -> SearchOutcome {
        if value.text().len() < MIN_BODY_LEN && cursor.depth > 0 {
            return SearchOutcome::default();
        }
        if cursor.is_too_deep() {
            let offset = cursor.locator.offset_of(value.text());
            return self.report_too_deep(offset, value.text().as_bytes(), cursor);
        }
        match value.kind() {
            Kind::Object => {
                let Some(members) = members.or_else(|| value.members()) else {
                    return SearchOutcome::default();
                };
                let object = ContractObject::read("", value, members.borrowed());
                if is_body(&object) {
                    self.visit_body(&object, cursor)
                } else {
                    self.search_object(value, &members, cursor)
                }
            }
            Kind::Array => self.search_array(value, cursor),
            Kind::String => self.search_string(value, cursor),
            _ => SearchOutcome::default(),
        }
    }

    fn visit_body(&mut self, object: &ContractObject, cursor: &Cursor) -> SearchOutcome {
        let call = call_fingerprint(object);
        if !cursor.is_behind_call(call) {
            let pointer = cursor.pointer.to_owned();
            self.visit_call(object, pointer, cursor.locator, CallNesting::Wrapped);
        }
        SearchOutcome {
            calls: vec![call],
            has_reported: false,
        }
    }

    fn search_object(&mut self, value: Json, members: &Object, cursor: &Cursor) -> SearchOutcome {
        let mut outcome = SearchOutcome::default();
        // The calls in the members before one that is searched.
        let (mut earlier, mut earlier_count) = (HashSet::new(), 0);
        let context = ObjectContext::read(members, cursor);
        let cursor = &cursor.in_charset(context.charset);
        let members = members.borrowed();
        for member in &members {
            if !context.is_searched(member) {
                continue;
            }
            earlier.extend(&outcome.calls[earlier_count..]);
            earlier_count = outcome.calls.len();
            let nested = self.search_member(member, &context, &earlier, cursor);
            outcome.merge(nested);
        }
        if outcome.is_empty()
            && let Some(reason) = explain_missing_call(&members)
        {
            self.visit_value(value, reason, cursor);
            return SearchOutcome::reported();
        }
        outcome
    }

    /// Searches a member of the object at the cursor, behind these `earlier` calls in it. Call it
    /// only if [`ObjectContext::is_searched`] says so.
    pub(super) fn search_member(
        &mut self,
        member: Member,
        context: &ObjectContext,
        earlier: &HashSet<u64>,
        cursor: &Cursor,
    ) -> SearchOutcome {
        let name = member.name();
        let pointer = pointer::child(cursor.pointer, &name);
        let siblings = cursor.earlier_with(earlier);
        let nested_cursor = cursor.at(&pointer).behind(&siblings);
        let mut nested = if context.is_slack && matches!(&*name, "text" | "fallback") {
            self.search_slack_text(member.value(), &nested_cursor)
        } else {
            self.search_value(member.value(), None, &nested_cursor)
        };
        if is_body_in_name(&name) {
            // A JSON body that was parsed as an HTML form ends up as a member's name.
            let name = Json::from_well_formed(member.name_text());
            nested.merge(self.search_string(name, &nested_cursor));
        }
        nested
    }

    fn search_array(&mut self, value: Json, cursor: &Cursor) -> SearchOutcome {
        let nested_cursor = cursor.deeper();
        let text = value.text();
        let start = cursor.locator.offset_of(text);
        let decoded = self.search_encoded(text.as_bytes(), start, PieceKind::Array, &nested_cursor);
        if let Some(outcome) = decoded {
            return outcome;
        }
        let mut outcome = SearchOutcome::default();
        let mut runs = RecordRuns::default();
        let mut no_calls = Vec::new();
        let elements = value.elements().unwrap_or_default();
        for (index, element) in elements.into_iter().enumerate() {
            let pointer = pointer::child(cursor.pointer, &index.to_string());
            let members = element.members_with_hints(&BODY_HINTS);
            let (nested, nested_no_calls) =
                self.search_in_sequence(&mut runs, element, members, &nested_cursor.at(&pointer));
            no_calls.extend(nested_no_calls);
            outcome.merge(nested);
        }
        let (nested, nested_no_calls) = self.finish_runs(&mut runs, &nested_cursor);
        no_calls.extend(nested_no_calls);
        outcome.merge(nested);
        if !outcome.calls.is_empty() {
            // Objects beside calls are requests that were captured with them but contain no call.
            no_calls.retain(|(element, _)| element.kind() == Kind::Object);
            self.visit_values_without_call(no_calls, cursor);
        }
        outcome
    }

    /// Searches the text of a message in Slack.
    fn search_slack_text(&mut self, value: Json, cursor: &Cursor) -> SearchOutcome {
        let text = value.text();
        let content = &text[1..text.len() - 1];
        let mut inner = unescape(content.as_bytes());
        inner.source_map.shift(cursor.locator.offset_of(content));
        let locator = inner.locator(cursor.locator);
        let cursor = &cursor.within(&locator).deeper();
        let decoded = self.search_encoded(&inner.bytes, 0, PieceKind::SlackText, cursor);
        decoded.unwrap_or_default()
    }

    /// Searches a string for encoded text.
    pub(super) fn search_string(&mut self, value: Json, cursor: &Cursor) -> SearchOutcome {
        let text = value.text();
        let content = &text[1..text.len() - 1];
        let start = cursor.locator.offset_of(content);
        let decoded = self.search_encoded(
            content.as_bytes(),
            start,
            PieceKind::String,
            &cursor.deeper(),
        );
        decoded.unwrap_or_default()
    }
}

/// True for a name that may be the text of a body.
fn is_body_in_name(name: &str) -> bool {
    name.len() >= MIN_BODY_LEN && name.starts_with('{')
}

/// How the members of an object are read because of other members of it.
pub(super) struct ObjectContext {
    has_request: bool,
    is_slack: bool,
    /// The encoding that the object declares, or the text around it, unless it is UTF-8.
    pub(super) charset: Option<&'static Encoding>,
}

impl ObjectContext {
    /// Reads it from the `members` of the object at the cursor.
    pub(super) fn read(members: &Object, cursor: &Cursor) -> Self {
        Self {
            has_request: members.get("request").is_some(),
            is_slack: is_slack_message(members, cursor.pointer),
            charset: charset_of_headers(members).or(cursor.charset),
        }
    }

    /// True if a call may be in `member` or in its name.
    pub(super) fn is_searched(&self, member: Member) -> bool {
        let name = member.name();
        // The receiver's response is not a delivery, even if it echoes the body.
        (!self.has_request || name != "response")
            && (member.value().text().len() >= MIN_BODY_LEN || is_body_in_name(&name))
    }
}

/// True for a message in an export or an event of Slack, for an attachment of one, and for a part
/// of one in Slack's markup. `pointer` is that of the object.
fn is_slack_message(members: &Object, pointer: &str) -> bool {
    let is_string = |name| {
        members
            .get(name)
            .is_some_and(|value| value.kind() == Kind::String)
    };
    if !is_string("text") {
        return false;
    }
    let has_type = |name: &str| {
        let value = members.get("type").and_then(Json::as_str);
        value.is_some_and(|value| value == name)
    };
    let is_attachment = || {
        let list = pointer.rsplit_once('/').map(|(list, _)| list);
        is_string("fallback") && list.is_some_and(|list| list.ends_with("/attachments"))
    };
    has_type("message") && is_string("ts") || has_type("mrkdwn") || is_attachment()
}

/// Explains why the object with these members, in which no call was found, should have had one.
pub(super) fn explain_missing_call(members: &Object) -> Option<Reason> {
    if let Some(payload_name) = other_payloads::recognize(members) {
        let kind = NonCallKind::OtherPayload(payload_name);
        return Some(Reason::new(kind, payload_name.to_owned()));
    }
    let lost = lost_body::find_lost_body(members)?;
    Some(Reason {
        kind: NonCallKind::LostBody,
        description: lost.problem.to_owned(),
        help: Some(lost.help.to_owned()),
    })
}
