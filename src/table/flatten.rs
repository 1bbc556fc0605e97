//! Bodies in, rows out, one row a call: every member finds its column, documented or not, and nothing is left behind.

use super::column::Columns;
use super::row::{Cell, Rows};
use crate::call::campaign::Campaign;
use crate::call::variables::{self, Variable};
use crate::contract::{FIELDS, Type, field};
use crate::json::{Json, Object};
use crate::pointer;

/// The rows of one batch, with the columns that they brought.
#[derive(Debug, Default)]
pub struct CallRows {
    /// The columns that `rows` use.
    pub columns: Columns,
    /// The rows.
    pub rows: Rows,
    campaign_is_inside_lead: bool,
}

impl CallRows {
    /// Adds a call with all that its body holds.
    pub fn push_call(&mut self, members: &Object) {
        // A known variant: then it has the campaign's columns, which the body's own does not need.
        self.campaign_is_inside_lead =
            Campaign::of_body(members).is_some_and(|campaign| campaign.pointer == "/lead/campaign");
        self.push_members("", FIELDS.len(), members);
        self.rows.end_row();
    }

    /// Adds a call with its id and the variables at `pointer` only.
    pub fn push_variables(&mut self, members: &Object, pointer: &'static str) {
        for (index, field) in FIELDS.iter().enumerate() {
            if field.pointer == "/id" || field.pointer == pointer {
                self.push_field(index, members.get(field.name));
            }
        }
        self.rows.end_row();
    }

    /// Adds the members of the object at `parent`; undocumented ones stand behind field `last`.
    fn push_members(&mut self, parent: &str, last: usize, members: &Object) {
        for member in members.effective() {
            let name = &member.name();
            if let Some(known) = field(parent, name) {
                self.push_field(index_of(known.pointer), Some(member.value()));
            } else if parent == "/lead" && name == "campaign" && self.campaign_is_inside_lead {
                self.push_field(index_of("/campaign"), Some(member.value()));
            } else {
                self.push_extras(last, &pointer::child(parent, name), member.value());
            }
        }
    }

    fn push_field(&mut self, index: usize, value: Option<Json>) {
        let field = &FIELDS[index];
        let Some(value) = value.filter(|value| !value.is_null()) else {
            return;
        };
        if field.kind == Type::Object {
            match value.members() {
                Some(members) if !field.holds_variables() => {
                    let last = FIELDS
                        .iter()
                        .rposition(|other| other.parent == field.pointer);
                    self.push_members(field.pointer, last.unwrap_or(index), &members);
                }
                _ if value.is_empty_container() => {}
                _ => self.push_extras(index, field.pointer, value),
            }
        } else if let Some(cell) = Cell::from_json(value) {
            self.rows.push(index, &cell);
        }
    }

    /// Adds the value at `pointer`, flat, in columns behind field `behind`.
    fn push_extras(&mut self, behind: usize, pointer: &str, value: Json) {
        for Variable {
            pointer: below,
            value,
            ..
        } in variables::flat(value)
        {
            let column = self.columns.number(behind, format!("{pointer}{below}"));
            if let Some(cell) = Cell::from_json(value) {
                self.rows.push(column, &cell);
            }
        }
    }
}

fn index_of(pointer: &str) -> usize {
    FIELDS
        .iter()
        .position(|field| field.pointer == pointer)
        .expect("the pointer was taken from the table")
}
