//! Bodies in, rows out, one row a call: every member finds its column, documented or not, and nothing is left behind.

use std::sync::LazyLock;

use super::column::Columns;
use super::column_list::Candidates;
use super::row::{Cell, Rows};
use crate::call::campaign::Campaign;
use crate::call::documented::Documented;
use crate::call::variables::for_each_flat;
use crate::contract::{FIELDS, Field, Type};
use crate::json::{Json, Member, Object};
use crate::pointer;

/// The rows of one batch, with the columns that they brought.
#[derive(Debug, Default)]
pub struct CallRows {
    /// The columns that there are.
    pub columns: Columns,
    /// The rows.
    pub rows: Rows,
    /// Whether the values of a column are needed, by its number.
    needed: Vec<bool>,
}

impl CallRows {
    /// Adds a call with all that its body holds. Values of columns that are no candidates need not be kept.
    pub fn push_call(&mut self, body: &Documented, candidates: &Candidates) {
        let Self {
            columns,
            rows,
            needed,
        } = self;
        // Columns that come with this call are looked at with the next one.
        candidates.tell(columns, 0, needed);
        for_each_value(body, columns, |column, value| {
            if needed.get(column) != Some(&false) {
                push(rows, column, value);
            }
        });
        rows.end_row();
    }

    /// Adds a call with its id and the variables at `pointer` only.
    pub fn push_variables(&mut self, body: &Documented, pointer: &'static str) {
        let Self { columns, rows, .. } = self;
        let mut flattener = Flattener {
            body: &body.members,
            columns,
            pointer: String::with_capacity(LONG_POINTER),
            each: |column, value: &Json| push(rows, column, value),
        };
        for (index, field) in FIELDS.iter().enumerate() {
            if (field.pointer == "/id" || field.pointer == pointer)
                && let Some(value) = body.members.get(field.name)
            {
                flattener.field(index, &value);
            }
        }
        rows.end_row();
    }
}

fn push(rows: &mut Rows, column: usize, value: &Json) {
    if let Some(cell) = Cell::from_json(*value) {
        rows.push(column, &cell);
    }
}

/// Shows `each` the values of a call that have a column, with its number in `columns`, each column at most once. Null values have a column too.
pub fn for_each_value<'a>(
    body: &Documented<'a>,
    columns: &mut Columns,
    each: impl FnMut(usize, &Json<'a>),
) {
    let mut flattener = Flattener {
        body: &body.members,
        columns,
        pointer: String::with_capacity(LONG_POINTER),
        each,
    };
    flattener.object("", FIELDS.len(), body);
}

/// Most pointers are shorter.
const LONG_POINTER: usize = 128;

/// What a documented field holds.
#[derive(Clone, Copy)]
enum Hold {
    /// A value, whatever it is.
    Value,
    /// An object with documented fields, the last of which has this index.
    Fields { last: usize },
    /// An object with any members.
    Variables,
}

/// What each of [`FIELDS`] holds.
static HOLD: LazyLock<Vec<Hold>> = LazyLock::new(|| {
    let hold = |field: &Field| {
        let is_own = |other: &Field| other.parent == field.pointer;
        match FIELDS.iter().rposition(is_own) {
            _ if field.kind != Type::Object => Hold::Value,
            Some(last) => Hold::Fields { last },
            None => Hold::Variables,
        }
    };
    FIELDS.iter().map(hold).collect()
});

struct Flattener<'c, 'a, E> {
    body: &'c Object<'a>,
    columns: &'c mut Columns,
    /// Where the value stands that is looked at.
    pointer: String,
    each: E,
}

impl<'a, E: FnMut(usize, &Json<'a>)> Flattener<'_, 'a, E> {
    /// The members of the object that is documented at `parent`; undocumented ones stand behind field `last`.
    fn object(&mut self, parent: &str, last: usize, object: &Documented<'a>) {
        if object.has_others || object.repeats {
            for member in object.members.effective() {
                self.member(parent, last, member);
            }
            return;
        }
        for (index, value) in object.by_field() {
            self.field(index, value);
        }
    }

    fn member(&mut self, parent: &str, last: usize, member: Member<'_, 'a>) {
        let name = member.name();
        let is_it = |field: &Field| field.parent == parent && field.name == name;
        if let Some(index) = FIELDS.iter().position(is_it) {
            self.field(index, &member.value());
        } else if parent == "/lead" && name == "campaign" && self.campaign_is_inside_lead() {
            let campaign = FIELDS.iter().position(|field| field.pointer == "/campaign");
            self.field(campaign.expect("it is documented"), &member.value());
        } else {
            parent.clone_into(&mut self.pointer);
            pointer::push(&mut self.pointer, &name);
            self.flat(last, member.value());
        }
    }

    /// A known variant: then it has the campaign's columns, which the body's own does not need.
    fn campaign_is_inside_lead(&self) -> bool {
        Campaign::of_body(self.body).is_some_and(|campaign| campaign.pointer == "/lead/campaign")
    }

    fn field(&mut self, index: usize, value: &Json<'a>) {
        if value.is_null() {
            return;
        }
        let last = match HOLD[index] {
            Hold::Value => return (self.each)(index, value),
            Hold::Fields { last } => Some(last),
            Hold::Variables => None,
        };
        let pointer = FIELDS[index].pointer;
        match (last, value.members()) {
            (Some(last), Some(members)) => {
                let object = Documented::read(pointer, *value, members);
                self.object(pointer, last, &object);
            }
            _ if value.is_empty_container() => {}
            _ => {
                pointer.clone_into(&mut self.pointer);
                self.flat(index, *value);
            }
        }
    }

    /// The value at the pointer, flat, in columns behind field `behind`.
    fn flat(&mut self, behind: usize, value: Json<'a>) {
        let Self { columns, each, .. } = self;
        for_each_flat(value, &mut self.pointer, &mut |parent, name, value| {
            let column = match name {
                Some(name) => columns.number_of_member(behind, parent, name),
                None => columns.number(behind, parent),
            };
            each(column, value);
        });
    }
}
