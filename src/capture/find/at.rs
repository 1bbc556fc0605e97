//! The search with `--at`: every value at the given path is a body, whatever its members are.

use super::cursor::{Cursor, SearchOutcome};
use super::decode::json_string::unescape;
use super::deferred::CallNesting;
use super::finder::Finder;
use super::item::describe_value;
use super::search::PathStep;
use super::text_pieces::{TextPiece, TextPieces};
use crate::call::contract_object::ContractObject;
use crate::capture::parse::document::Document;
use crate::capture::split::text::text_part::TextPart;
use crate::json::pointer;
use crate::json::{Json, Kind};

impl Finder<'_> {
    /// Visits the values at the path `steps` below a top-level value as bodies. Reports the
    /// document if the path matches nothing in it.
    pub(crate) fn search_at(&mut self, steps: &[PathStep], document: &Document, cursor: &Cursor) {
        let steps = match (document.element, steps) {
            // The elements of a top-level array arrive as separate documents, so the first step
            // is compared with the element's index.
            (Some(index), [first, rest @ ..]) => {
                let is_match = match first {
                    PathStep::Every => true,
                    PathStep::Name(name) => *name == index.to_string(),
                };
                if !is_match {
                    return;
                }
                rest
            }
            (_, steps) => steps,
        };
        let outcome = self.search_path(steps, document.value, cursor);
        if outcome.is_empty() {
            let description = "no value at the --at pointer".to_owned();
            self.visit_json(document.value, description, cursor);
        }
    }

    /// Follows the remaining `steps` of the path from `value`. A string is parsed as JSON without
    /// consuming a step.
    pub(crate) fn search_path(
        &mut self,
        steps: &[PathStep],
        value: Json,
        cursor: &Cursor,
    ) -> SearchOutcome {
        let Some((step, rest)) = steps.split_first() else {
            return self.visit_as_body(value, cursor);
        };
        let mut outcome = SearchOutcome::default();
        match value.kind() {
            Kind::Object => {
                let members = value.members().unwrap_or_default();
                for member in members.effective() {
                    if *step == PathStep::Every
                        || *step == PathStep::Name(member.name().into_owned())
                    {
                        let pointer = pointer::child(cursor.pointer, &member.name());
                        let cursor = cursor.at(&pointer);
                        outcome.merge(self.search_path(rest, member.value(), &cursor));
                    }
                }
            }
            Kind::Array => {
                for (index, element) in value.elements().unwrap_or_default().into_iter().enumerate()
                {
                    let index = index.to_string();
                    if *step == PathStep::Every || *step == PathStep::Name(index.clone()) {
                        let pointer = pointer::child(cursor.pointer, &index);
                        outcome.merge(self.search_path(rest, element, &cursor.at(&pointer)));
                    }
                }
            }
            Kind::String => {
                let text = &value.text()[1..value.text().len() - 1];
                let mut inner = unescape(text.as_bytes());
                inner.source_map.shift(cursor.locator.offset_of(text));
                let locator = inner.locator(cursor.locator);
                for piece in TextPieces::new(&inner.bytes, None) {
                    if let TextPiece::Part(TextPart::Value(range)) = piece
                        && let Ok(text) = std::str::from_utf8(&inner.bytes[range])
                    {
                        let value = Json::from_well_formed(text);
                        outcome.merge(self.search_path(steps, value, &cursor.within(&locator)));
                    }
                }
            }
            _ => {}
        }
        outcome
    }

    /// Visits `value` as a body, without checking its members. A string is searched for bodies;
    /// any other value that is not an object is reported.
    fn visit_as_body(&mut self, value: Json, cursor: &Cursor) -> SearchOutcome {
        match value.kind() {
            Kind::Object => {
                let members = value.members().unwrap_or_default();
                let object = ContractObject::read("", value, members);
                let pointer = cursor.pointer.to_owned();
                self.visit_call(&object, pointer, cursor.locator, CallNesting::Wrapped);
                SearchOutcome::reported()
            }
            Kind::String => {
                let outcome = self.search_string(value, cursor);
                if outcome.is_empty() {
                    self.visit_json(value, "a string".to_owned(), cursor);
                }
                SearchOutcome::reported()
            }
            _ => {
                self.visit_json(value, describe_value(value, None), cursor);
                SearchOutcome::reported()
            }
        }
    }
}
