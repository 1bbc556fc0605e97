//! Searches tables of calls: each row is a call.

use std::fmt::Write as _;

use super::cursor::Cursor;
use super::deferred::CallNesting;
use super::finder::{Finder, Reason};
use super::item::NonCallKind;
use super::search::Search;
use super::table_row::{RowFault, body_of_row};
use crate::call::contract_object::ContractObject;
use crate::call::object_fields::BODY_HINTS;
use crate::capture::parse::document::Document;
use crate::capture::split::batch::Batch;
use crate::capture::split::table::cells::row_end;
use crate::capture::split::table::head::{TableHead, mentions_body};
use crate::capture::split::table::sample::Guards;
use crate::json::Json;
use crate::text::plural::format_count;
use crate::text::shorten::shorten;

/// Number of headings that a message lists.
const MAX_HEADINGS: usize = 6;

impl Finder<'_> {
    /// Searches `batch`, a part of the table with the headings `head`.
    pub(super) fn search_table(&mut self, batch: &Batch, head: &TableHead, cursor: &Cursor) {
        let bytes = &batch.bytes;
        let mut is_first = batch.start.offset == 0;
        let mut at = 0;
        if is_first {
            self.report_table(head, cursor);
            at = head.length;
        }
        while at < bytes.len() {
            let end = row_end(bytes, at, head.syntax);
            let range = at..end.content.max(at);
            let is_complete = end.next.is_some();
            at = end.next.unwrap_or(bytes.len());
            let row = &bytes[range.clone()];
            if row.trim_ascii().is_empty() {
                continue;
            }
            let is_first = std::mem::take(&mut is_first);
            if let Ok(text) = std::str::from_utf8(row) {
                self.search_row(text, range.start, head, [is_first, is_complete], cursor);
            } else if let Some(text) = self.decode_not_utf8(bytes, &range, cursor) {
                let locator = text.locator(cursor.locator);
                let decoded = std::str::from_utf8(&text.bytes).unwrap_or_default();
                self.search_row(
                    decoded,
                    0,
                    head,
                    [is_first, is_complete],
                    &cursor.within(&locator),
                );
            }
        }
    }

    /// Reports that the source is read as a table.
    fn report_table(&mut self, head: &TableHead, cursor: &Cursor) {
        let names = head.undocumented.iter().take(MAX_HEADINGS);
        let names: Vec<_> = names.map(|name| shorten(name)).collect();
        let more = if head.undocumented.len() > MAX_HEADINGS {
            ", …"
        } else {
            ""
        };
        let undocumented = if names.is_empty() {
            String::new()
        } else {
            let names = names.join(", ");
            format!("; columns that the contract does not have: {names}{more}")
        };
        let description = format!(
            "read as a table of calls with a column per field{}{undocumented}",
            describe_table(head)
        );
        let reason = Reason::new(NonCallKind::Table, description);
        self.visit_non_call(reason, (0, &[]), cursor);
    }

    /// Searches `row`, which starts at `start` in the cursor's text. `is_first` is true for the
    /// first row of the table, `is_complete` if the row has a line end.
    fn search_row(
        &mut self,
        row: &str,
        start: usize,
        head: &TableHead,
        [is_first, is_complete]: [bool; 2],
        cursor: &Cursor,
    ) {
        if mentions_body(row.as_bytes())
            && !self.search_part(start, row.as_bytes(), cursor).is_empty()
        {
            return;
        }
        let text = match body_of_row(row, start, head, is_first, is_complete) {
            Ok(Some(text)) => text,
            Ok(None) => return,
            Err(RowFault {
                offset,
                problem,
                help,
            }) => {
                let reason = Reason {
                    kind: NonCallKind::BrokenRow,
                    description: problem,
                    help: help.map(str::to_owned),
                };
                return self.visit_non_call(reason, (offset, row.as_bytes()), cursor);
            }
        };
        let locator = text.locator(cursor.locator);
        let body = std::str::from_utf8(&text.bytes).unwrap_or("{}");
        let value = Json::from_well_formed(body);
        let cursor = &cursor.within(&locator);
        self.is_in_row = true;
        if let Search::At(steps) = self.search {
            let element = None;
            self.search_at(steps, &Document { value, element }, cursor);
        } else {
            let members = value.members_with_hints(&BODY_HINTS).unwrap_or_default();
            let object = ContractObject::read("", value, members);
            self.visit_call(&object, String::new(), &locator, CallNesting::Bare);
        }
        self.is_in_row = false;
    }
}

/// Describes how the cells of a table are read, if they are not verbatim.
fn describe_table(head: &TableHead) -> String {
    let mut text = String::new();
    if head.syntax.null.is_some() {
        text.push_str("; its escapes and nulls are those of `mysql` and `COPY`");
    }
    if head.short_length.is_some() {
        text.push_str("; rows have fewer cells than headings, the missing ones are empty");
    }
    match head.guards {
        Guards::None => {}
        Guards::Removed(count) => {
            let guards = format_count(count as u64, "apostrophe");
            let _ = write!(text, "; {guards} before formulas removed");
        }
        Guards::Kept(count) => {
            let guards = format_count(count as u64, "apostrophe");
            let _ = write!(
                text,
                "; {guards} before operators kept, which may guard formulas"
            );
        }
    }
    text
}
