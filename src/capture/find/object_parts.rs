//! Searches the parts of an object that is split, see [`split::object_parts`]. The pointers, the
//! locations and the reports are those of a search of the whole object, as `values` does it.
//!
//! [`split::object_parts`]: crate::capture::split::object_parts

use std::collections::HashSet;

use super::cursor::{Cursor, SearchOutcome};
use super::envelope::is_body;
use super::finder::{Finder, Reason};
use super::item::NonCallKind;
use super::nested_text::repaired_text;
use super::search::Search;
use super::values::{ObjectContext, explain_missing_call};
use crate::call::contract_object::ContractObject;
use crate::capture::location::position::Locator;
use crate::capture::parse::broken_value::BrokenValue;
use crate::capture::parse::document::Documents;
use crate::capture::split::batch::Batch;
use crate::capture::split::object_parts::{
    ElementsWithoutCall, HeadFindings, HeldElements, ObjectPart, PartKind,
};
use crate::json::{Json, pointer};

impl Finder<'_> {
    /// Searches the `batch` that is this `part` of an object.
    pub(super) fn search_object_part(&mut self, batch: &Batch, part: &ObjectPart, cursor: &Cursor) {
        match part.kind {
            PartKind::Head => self.search_head(batch, part, cursor),
            PartKind::Elements => self.search_elements(batch, part, cursor),
            PartKind::Tail => self.search_tail(batch, part, cursor),
        }
    }

    fn search_head(&mut self, batch: &Batch, part: &ObjectPart, cursor: &Cursor) {
        let mut found = HeadFindings::default();
        if let Some(Ok(document)) = Documents::new(batch).next() {
            self.search_before_array(&part.object.path, document.value, cursor, &mut found);
        }
        part.finish_head(found);
    }

    /// Searches the members before the array in the objects that `path` leads through, the first of
    /// which is `object`.
    fn search_before_array(
        &mut self,
        path: &[usize],
        object: Json,
        cursor: &Cursor,
        found: &mut HeadFindings,
    ) {
        let Some(((index, path), members)) = path.split_first().zip(object.members()) else {
            return;
        };
        let context = ObjectContext::read(&members, cursor);
        let cursor = &cursor.in_charset(context.charset);
        found.charset = context.charset;
        let mut has_items = false;
        let before = members.iter().take(*index);
        for member in before.filter(|member| context.is_searched(*member)) {
            // A call in a member counts once, at whatever level.
            let nested = self.search_member(member, &context, &found.calls, cursor);
            has_items |= !nested.is_empty();
            found.calls.extend(nested.calls);
        }
        found.has_items.push(has_items);
        if let Some(member) = members.iter().nth(*index) {
            let pointer = pointer::child(cursor.pointer, &member.name());
            let cursor = &cursor.deeper().at(&pointer);
            self.search_before_array(path, member.value(), cursor, found);
        }
    }

    /// Searches elements as [`Finder::search_value`] searches those of an array.
    fn search_elements(&mut self, batch: &Batch, part: &ObjectPart, cursor: &Cursor) {
        let head = part.wait_for_head();
        let earlier = cursor.earlier_with(&head.calls);
        // The array is one level deeper than the object around it, and so are its elements.
        let objects = part.object.path.len();
        let cursor = (0..objects).fold(cursor.behind(&earlier), |cursor, _| cursor.deeper());
        let cursor = cursor.at(&part.object.pointer).in_charset(head.charset);
        let found = self.search_documents(batch, &cursor);
        let (outcome, no_calls) = (&found.outcome, found.objects_without_call);
        let hold = |held: &mut HeldElements| {
            for (element, pointer) in &no_calls {
                let text = element.text();
                held.add(text, pointer, || cursor.locator.position_of(text));
            }
        };
        let verdict = part.finish_elements(&outcome.calls, !outcome.is_empty(), hold);
        if let ElementsWithoutCall::Reported(held) = verdict {
            self.visit_held_elements(batch, &held);
            self.visit_values_without_call(no_calls, &cursor);
        }
    }

    /// Visits elements without a call that were held. They are in earlier batches than `batch`.
    fn visit_held_elements(&mut self, batch: &Batch, held: &HeldElements) {
        let mut last = None;
        for element in &held.elements {
            let locator = Locator::new(element.text.as_bytes(), element.position, batch.coding);
            let value = Json::from_well_formed(&element.text);
            let no_call = vec![(value, element.pointer.clone())];
            self.visit_values_without_call(no_call, &Cursor::top(&locator));
            last = Some(element);
        }
        if let Some(element) = last.filter(|_| held.omitted > 0) {
            let locator = Locator::new(&[], element.position, batch.coding);
            let description = format!("{} more elements, up to the first call", held.omitted);
            let reason = Reason::new(NonCallKind::Json, description);
            let cursor = Cursor::top(&locator);
            self.visit_non_call(reason, (0, &[]), &cursor.at(&element.pointer));
        }
    }

    /// Searches the members behind the array.
    fn search_tail(&mut self, batch: &Batch, part: &ObjectPart, cursor: &Cursor) {
        let (head, calls, has_items) = part.wait_for_elements();
        if *self.search != Search::Everywhere {
            return;
        }
        let earlier = cursor.earlier_with(&head.calls);
        let cursor = cursor.with_earlier(&earlier);
        let earlier = cursor.earlier_with(&calls);
        let cursor = &cursor.with_earlier(&earlier);
        let mut tail = TailSearch {
            head_has_items: &head.has_items,
            elements_have_items: has_items,
            calls: HashSet::new(),
        };
        match Documents::new(batch).next() {
            Some(Ok(document)) => {
                self.search_whole_object(part, document.value, cursor, &mut tail);
            }
            Some(Err(mut broken)) => match broken.repaired.take() {
                Some(repaired) if !repaired.text.is_empty() => {
                    let text = repaired_text(broken.start, *repaired);
                    let locator = text.locator(cursor.locator);
                    let value = str::from_utf8(&text.bytes).unwrap_or_default();
                    let value = Json::from_well_formed(value);
                    let nested_cursor = &cursor.within(&locator);
                    self.reports_broken = false;
                    self.search_whole_object(part, value, nested_cursor, &mut tail);
                    self.reports_broken = true;
                    self.report_broken_tail(broken, NonCallKind::Repaired, &[], cursor);
                }
                _ => {
                    let start = part.gap.map_or(0, |gap| gap.end);
                    let text = &batch.bytes[start..];
                    self.report_broken_tail(broken, NonCallKind::Broken, text, cursor);
                    self.reports_broken = false;
                    self.search_part(start, text, cursor);
                    self.reports_broken = true;
                }
            },
            None => {}
        }
    }

    /// Reports that the text behind the array is broken. `record` is that text, if it is not
    /// repaired.
    fn report_broken_tail(
        &mut self,
        broken: BrokenValue,
        kind: NonCallKind,
        record: &[u8],
        cursor: &Cursor,
    ) {
        let reason = Reason {
            kind,
            description: broken.problem,
            help: broken.help.map(str::to_owned),
        };
        self.visit_non_call(reason, (broken.offset, record.trim_ascii_end()), cursor);
    }

    /// Searches the rest of `object`, which is whole except for the elements of its array. Reports
    /// it if it has no call.
    fn search_whole_object(
        &mut self,
        part: &ObjectPart,
        object: Json,
        cursor: &Cursor,
        tail: &mut TailSearch,
    ) {
        if !self.search_behind_array(&part.object.path, object, cursor, tail) {
            let reason = Reason::no_call(object);
            self.visit_without_record(object, reason, cursor);
        }
    }

    /// Searches the members behind the array in the objects that `path` leads through, the inner
    /// ones first. The first one is `object`. Returns true if it has a call or anything in it was
    /// reported.
    fn search_behind_array(
        &mut self,
        path: &[usize],
        object: Json,
        cursor: &Cursor,
        tail: &mut TailSearch,
    ) -> bool {
        let Some(((index, path), members)) = path.split_first().zip(object.members()) else {
            return tail.elements_have_items;
        };
        if is_body(&ContractObject::read("", object, members.borrowed())) {
            let description = "a call around an array of several megabytes".to_owned();
            let reason = Reason::new(NonCallKind::TooDeep, description);
            self.visit_without_record(object, reason, cursor);
            return true;
        }
        let level = tail.head_has_items.len().saturating_sub(path.len() + 1);
        let mut has_items = tail.head_has_items.get(level) == Some(&true);
        let context = ObjectContext::read(&members, cursor);
        let cursor = &cursor.in_charset(context.charset);
        if let Some(member) = members.iter().nth(*index) {
            let pointer = pointer::child(cursor.pointer, &member.name());
            let cursor = &cursor.deeper().at(&pointer);
            has_items |= self.search_behind_array(path, member.value(), cursor, tail);
        }
        let behind = members.iter().skip(*index + 1);
        for member in behind.filter(|member| context.is_searched(*member)) {
            let nested = self.search_member(member, &context, &tail.calls, cursor);
            has_items |= !nested.is_empty();
            tail.calls.extend(nested.calls);
        }
        if !has_items && let Some(reason) = explain_missing_call(&members) {
            self.visit_without_record(object, reason, cursor);
            return true;
        }
        has_items
    }

    /// Visits an object that is not a call. Its bytes are not in one batch.
    fn visit_without_record(&mut self, object: Json, reason: Reason, cursor: &Cursor) {
        let offset = cursor.locator.offset_of(object.text());
        self.visit_non_call(reason, (offset, &[]), cursor);
    }
}

/// The state of the search of the members behind the array.
struct TailSearch<'t> {
    /// See [`HeadFindings::has_items`].
    head_has_items: &'t [bool],
    /// True if something was found in an element.
    elements_have_items: bool,
    /// Fingerprints of the calls behind the array.
    calls: HashSet<u64>,
}

/// The findings in the documents of a batch.
#[derive(Default)]
pub(super) struct DocumentFindings<'a> {
    pub(super) outcome: SearchOutcome,
    /// The objects without a call in an array that is split. They are not visited yet.
    pub(super) objects_without_call: Vec<(Json<'a>, String)>,
}
