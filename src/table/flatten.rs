//! Flattens bodies into rows, one row per call. Every member, documented or not, goes to a column,
//! so nothing is lost.

use std::sync::LazyLock;

use super::candidate_filter::CandidateFilter;
use super::column::Columns;
use super::row::{Cell, Rows};
use crate::call::campaign::Campaign;
use crate::call::contract_object::ContractObject;
use crate::call::variables::for_each_leaf;
use crate::contract::recognition::is_campaign_inside_lead;
use crate::contract::{CALL_ID, FIELDS, Field, FieldType, row_of};
use crate::json::pointer;
use crate::json::{Json, Member, Object};

/// The rows of one batch and the columns that they use.
#[derive(Debug, Default)]
pub(crate) struct CallRows {
    /// All columns, those of earlier batches included.
    pub(crate) columns: Columns,
    pub(crate) rows: Rows,
    /// Number of values left out by [`CandidateFilter::leaves_out_undeclared`].
    pub(crate) left_out: u64,
    /// True if a column's values are needed, by column number.
    is_needed: Vec<bool>,
}

impl CallRows {
    /// Adds a row with all values of a body. May drop values of columns that are not candidates.
    pub(crate) fn push_call(&mut self, body: &ContractObject, candidates: &CandidateFilter) {
        let Self {
            columns,
            rows,
            left_out,
            is_needed,
        } = self;
        // Columns that this call adds are checked with the next call; until then they are kept.
        candidates.extend_flags(columns, 0, is_needed);
        let mut filled = Vec::new();
        let is_counted = candidates.leaves_out_undeclared();
        for_each_value(body, columns, |column, value| {
            if is_needed.get(column) != Some(&false) {
                push_value(rows, column, value);
            }
            if is_counted && !value.is_null() {
                filled.push(column);
            }
        });
        if is_counted {
            candidates.extend_flags(columns, 0, is_needed);
            filled.retain(|column| columns.is_undeclared(*column) && !is_needed[*column]);
            *left_out += filled.len() as u64;
        }
        rows.end_row();
    }

    /// Adds a row with the call's id and the variables at `pointer` only.
    pub(crate) fn push_variables(&mut self, body: &ContractObject, pointer: &'static str) {
        let Self { columns, rows, .. } = self;
        let mut flattener = Flattener {
            body,
            columns,
            pointer: String::with_capacity(POINTER_CAPACITY),
            visit: |column, value: &Json| push_value(rows, column, value),
        };
        for (index, field) in FIELDS.iter().enumerate() {
            let value = match field.pointer {
                "/id" => body.call_id(),
                field_pointer if field_pointer == pointer => body.members.get(field.name),
                _ => None,
            };
            if let Some(value) = value {
                flattener.visit_field(index, &value);
            }
        }
        rows.end_row();
    }
}

fn push_value(rows: &mut Rows, column: usize, value: &Json) {
    if let Some(cell) = Cell::from_json(*value) {
        rows.push(column, &cell);
    }
}

/// Calls `visit` with each value of a body and the number of its column, at most once per column.
/// Adds new columns to `columns`. Documented fields that are null are skipped; null variables and
/// undocumented members are visited, so that they get a column.
pub fn for_each_value<'a>(
    body: &ContractObject<'a>,
    columns: &mut Columns,
    visit: impl FnMut(usize, &Json<'a>),
) {
    let mut flattener = Flattener {
        body,
        columns,
        pointer: String::with_capacity(POINTER_CAPACITY),
        visit,
    };
    flattener.visit_object("", FIELDS.len(), body);
}

/// Longer than most pointers, so that the buffer rarely grows.
const POINTER_CAPACITY: usize = 128;

/// Kind of a documented field.
#[derive(Clone, Copy)]
enum FieldKind {
    /// A value, written to one column.
    Value,
    /// An object with documented fields. `last` is the index in [`FIELDS`] of the last one.
    Fields { last: usize },
    /// An object with arbitrary members.
    Variables,
}

/// The kind of each of [`FIELDS`].
static FIELD_KINDS: LazyLock<Vec<FieldKind>> = LazyLock::new(|| {
    let kind = |field: &Field| {
        let is_child = |child: &Field| child.parent == field.pointer;
        match FIELDS.iter().rposition(is_child) {
            _ if field.kind != FieldType::Object => FieldKind::Value,
            Some(last) => FieldKind::Fields { last },
            None => FieldKind::Variables,
        }
    };
    FIELDS.iter().map(kind).collect()
});

struct Flattener<'c, 'a, E> {
    body: &'c ContractObject<'a>,
    columns: &'c mut Columns,
    /// Buffer for the JSON Pointer of the current value.
    pointer: String,
    visit: E,
}

impl<'a, E: FnMut(usize, &Json<'a>)> Flattener<'_, 'a, E> {
    /// Visits the members of the object documented at `parent`. Columns of undocumented members
    /// follow field `last`.
    fn visit_object(&mut self, parent: &str, last: usize, object: &ContractObject<'a>) {
        // The general way. If all members are documented, the index of the contract suffices, which
        // saves a fifth of the instructions of `export`.
        if object.has_undocumented || object.has_duplicates {
            for member in object.members.effective() {
                self.visit_member(parent, last, member);
            }
            return;
        }
        for (index, value) in object.by_field() {
            self.visit_field(index, value);
        }
    }

    /// Visits the values of one member of the object documented at `parent`. An undocumented member
    /// gets columns after field `last`.
    fn visit_member(&mut self, parent: &str, last: usize, member: Member<'_, 'a>) {
        let name = member.name();
        let is_match = |field: &Field| field.parent == parent && field.name == name;
        if let Some(index) = FIELDS.iter().position(is_match) {
            self.visit_field(index, &member.value());
        } else if parent.is_empty() && name == CALL_ID && self.is_call_id(member.value()) {
            self.visit_field(const { row_of("/id") }, &member.value());
        } else if is_campaign_inside_lead(parent, &name) && self.campaign_is_inside_lead() {
            self.visit_field(const { row_of("/campaign") }, &member.value());
        } else {
            parent.clone_into(&mut self.pointer);
            pointer::push(&mut self.pointer, &name);
            self.visit_flat(last, member.value());
        }
    }

    /// True for a known variant of the body, whose id is `value` in another member.
    fn is_call_id(&self, value: Json) -> bool {
        self.body
            .call_id()
            .is_some_and(|id| std::ptr::eq(id.text(), value.text()))
    }

    /// True for a known variant of the body, whose campaign is inside `lead`. It then uses the
    /// documented campaign columns, because the body has no other campaign.
    fn campaign_is_inside_lead(&self) -> bool {
        Campaign::from_body(self.body).is_some_and(|campaign| campaign.is_inside_lead())
    }

    /// Visits the values of the documented field at `index` of [`FIELDS`]: `value` itself, or its
    /// members if it is an object.
    fn visit_field(&mut self, index: usize, value: &Json<'a>) {
        if value.is_null() {
            return;
        }
        let last = match FIELD_KINDS[index] {
            FieldKind::Value => return (self.visit)(index, value),
            FieldKind::Fields { last } => Some(last),
            FieldKind::Variables => None,
        };
        let pointer = FIELDS[index].pointer;
        match (last, value.members()) {
            (Some(last), Some(members)) => {
                let object = ContractObject::read(pointer, *value, members);
                self.visit_object(pointer, last, &object);
            }
            _ if value.is_empty_container() => {}
            (None, Some(members)) if self.columns.has_declaration() => {
                self.visit_declared(index, &members);
            }
            _ => {
                pointer.clone_into(&mut self.pointer);
                self.visit_flat(index, *value);
            }
        }
    }

    /// Visits the variables `members` of the documented object at `index` of [`FIELDS`]. A declared
    /// variable is one value, even if that is an object.
    fn visit_declared(&mut self, index: usize, members: &Object<'a>) {
        for member in members.effective() {
            FIELDS[index].pointer.clone_into(&mut self.pointer);
            pointer::push(&mut self.pointer, &member.name());
            if self.columns.is_declared(&self.pointer) {
                let column = self.columns.get_or_add(index, &self.pointer);
                (self.visit)(column, &member.value());
            } else {
                self.visit_flat(index, member.value());
            }
        }
    }

    /// Flattens the value at `self.pointer` and visits its leaves. Their columns follow field
    /// `after`.
    fn visit_flat(&mut self, after: usize, value: Json<'a>) {
        let Self { columns, visit, .. } = self;
        for_each_leaf(value, &mut self.pointer, &mut |parent, name, value| {
            let column = match name {
                Some(name) => columns.get_or_add_member(after, parent, name),
                None => columns.get_or_add(after, parent),
            };
            visit(column, value);
        });
    }
}
