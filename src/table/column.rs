//! Columns: those that are always there, and those that the input brings, gathered over the whole of it.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock};

use crate::contract::{FIELDS, Field, Format, Type};
use crate::json::are_same;
use crate::pointer;

/// What the values of a column mean, as far as that is known before any is seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Holds {
    /// Whatever the body says.
    #[default]
    Anything,
    /// Whole numbers.
    Integers,
    /// Phone numbers.
    Phones,
    /// Points in time.
    Times,
    /// Lengths of time, in seconds.
    Seconds,
    /// Links.
    Links,
}

/// A column that is always there.
#[derive(Clone, Copy, Debug)]
pub struct Fixed {
    /// Where its values stand in a row's object, as a JSON Pointer.
    pub pointer: &'static str,
    /// What they mean.
    pub holds: Holds,
    /// Whether it is a column only through its members, which are columns of their own.
    pub is_object: bool,
}

impl Fixed {
    /// A column of values.
    #[must_use]
    pub const fn new(pointer: &'static str, holds: Holds) -> Self {
        Self {
            pointer,
            holds,
            is_object: false,
        }
    }
}

impl From<&Field> for Fixed {
    fn from(field: &Field) -> Self {
        let holds = match field.format {
            Some((Format::Phone, _)) => Holds::Phones,
            Some((Format::Timestamp, _)) => Holds::Times,
            Some((Format::Url, _)) => Holds::Links,
            _ if field.pointer == "/duration" => Holds::Seconds,
            _ if field.kind == Type::Integer => Holds::Integers,
            _ => Holds::Anything,
        };
        Self {
            is_object: field.kind == Type::Object,
            ..Self::new(field.pointer, holds)
        }
    }
}

/// The columns of a call: the documented fields.
static OF_CALLS: LazyLock<Vec<Fixed>> = LazyLock::new(|| FIELDS.iter().map(Fixed::from).collect());

/// A column that the input brings: a variable, or a member that the contract does not document.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Extra {
    /// It stands behind this fixed column, or at the very end where there is no such column.
    behind: usize,
    /// Its pointer in the row's object.
    pointer: String,
    /// Where in the pointer its own name begins, if that stands there as it is (RFC 6901 §3).
    name: Option<usize>,
}

impl Extra {
    fn new(behind: usize, pointer: &str) -> Self {
        let name = pointer.rfind('/').map(|slash| slash + 1);
        Self {
            behind,
            name: name.filter(|name| !pointer[*name..].contains('~')),
            pointer: pointer.to_owned(),
        }
    }

    /// Whether it is the member `name` of the object at `parent`; no also where that takes a closer look.
    fn is_member(&self, parent: &str, name: &str) -> bool {
        if self.name != Some(parent.len() + 1) {
            return false;
        }
        let (own_parent, own_name) = self.pointer.as_bytes().split_at(parent.len());
        are_same(&own_name[1..], name.as_bytes()) && are_same(own_parent, parent.as_bytes())
    }
}

/// A column as it leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its number in [`Columns`].
    pub number: usize,
    /// What stands at its head.
    pub name: String,
    /// The names of the objects that it stands in, and its own.
    pub path: Vec<String>,
    /// What its values mean.
    pub holds: Holds,
    /// Whether the user named it.
    pub is_renamed: bool,
}

/// Columns in the order in which they first appeared, each with a number. The fixed ones have their index.
#[derive(Clone, Debug)]
pub struct Columns {
    fixed: &'static [Fixed],
    /// Those that were known before, with the same numbers to everybody who knows them.
    known: Arc<Extras>,
    /// Those that came since.
    new: Extras,
    /// Which of the extra columns may be asked for next: variables mostly come in the same order.
    next: usize,
}

/// Columns that the input brought.
#[derive(Clone, Debug, Default)]
struct Extras {
    list: Vec<Extra>,
    /// Pointer to index in `list`.
    places: HashMap<String, usize>,
}

impl Default for Columns {
    /// Those of calls.
    fn default() -> Self {
        Self::fixed(&OF_CALLS)
    }
}

/// So many columns are looked at one by one.
const FEW: usize = 48;

impl Columns {
    /// These columns, to which others may come.
    #[must_use]
    pub fn fixed(fixed: &'static [Fixed]) -> Self {
        Self {
            fixed,
            known: Arc::default(),
            new: Extras::default(),
            next: 0,
        }
    }

    /// The number of the column at `pointer`, known or new.
    pub fn number(&mut self, behind: usize, pointer: &str) -> usize {
        let is_it = |extra: &Extra| extra.pointer == pointer;
        if !self.extra(self.next).is_some_and(is_it) {
            let known = self.known.list.len();
            self.next = if let Some(place) = self.known.places.get(pointer) {
                *place
            } else if let Some(place) = self.new.places.get(pointer) {
                known + place
            } else {
                let place = self.new.list.len();
                self.new.places.insert(pointer.to_owned(), place);
                self.new.list.push(Extra::new(behind, pointer));
                known + place
            };
        }
        self.next += 1;
        self.fixed.len() + self.next - 1
    }

    /// The number of the column of the member `name` of the object at `parent`.
    pub fn number_of_member(&mut self, behind: usize, parent: &str, name: &str) -> usize {
        let is_it = |extra: &Extra| extra.is_member(parent, name);
        if !self.extra(self.next).is_some_and(is_it) {
            // To look at a few takes less time than to hash.
            let first = &self.known.list[..self.known.list.len().min(FEW)];
            let Some(place) = first.iter().position(is_it) else {
                return self.number(behind, &pointer::child(parent, name));
            };
            self.next = place;
        }
        self.next += 1;
        self.fixed.len() + self.next - 1
    }

    /// Takes the columns of `other` in, which may have begun with those that were once known here; what is returned says for each that came to
    /// `other` since which number it has here.
    pub fn merge(&mut self, other: Self) -> Vec<usize> {
        let extras = other.new.list.into_iter();
        extras
            .map(|extra| self.number(extra.behind, &extra.pointer))
            .collect()
    }

    /// The same columns, all of them known.
    #[must_use]
    pub fn settled(&mut self) -> Self {
        let new = std::mem::take(&mut self.new);
        if !new.list.is_empty() {
            let known = Arc::make_mut(&mut self.known);
            let before = known.list.len();
            let places = new.places.into_iter();
            known
                .places
                .extend(places.map(|(pointer, place)| (pointer, before + place)));
            known.list.extend(new.list);
        }
        self.clone()
    }

    /// How many numbers are given out.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count_of_known() + self.new.list.len()
    }

    /// How many of the numbers are those of columns known before.
    #[must_use]
    pub fn count_of_known(&self) -> usize {
        self.fixed.len() + self.known.list.len()
    }

    /// Which of the extra columns a number is; none for a fixed one.
    #[must_use]
    pub fn place_of_extra(&self, number: usize) -> Option<usize> {
        number.checked_sub(self.fixed.len())
    }

    /// Where in the row's object the values of the column of that number stand.
    #[must_use]
    pub fn pointer(&self, number: usize) -> &str {
        let extra = self.place_of_extra(number);
        match extra.and_then(|place| self.extra(place)) {
            Some(extra) => &extra.pointer,
            None => self.fixed[number].pointer,
        }
    }

    fn extra(&self, place: usize) -> Option<&Extra> {
        match place.checked_sub(self.known.list.len()) {
            Some(place) => self.new.list.get(place),
            None => self.known.list.get(place),
        }
    }

    /// All columns as they leave, in the order of DESIGN "Columns": documented order, extras behind their field. Objects are columns only
    /// through their members. Where two would read alike (`{"a.b":1}` and `{"a":{"b":1}}`), the later one is named by its pointer.
    #[must_use]
    pub fn in_order(&self) -> Vec<Column> {
        let fixed = self.fixed.iter().enumerate();
        let fixed = fixed
            .filter(|(_, fixed)| !fixed.is_object)
            .map(|(index, _)| (index, false, index));
        let extras = self.known.list.iter().chain(&self.new.list).enumerate();
        let extras = extras.map(|(index, extra)| (extra.behind, true, self.fixed.len() + index));
        let mut order: Vec<_> = fixed.chain(extras).collect();
        order.sort_unstable();
        let mut taken = HashSet::new();
        order
            .into_iter()
            .map(|(_, _, number)| {
                let pointer = self.pointer(number);
                let holds = match self.place_of_extra(number) {
                    Some(_) => Holds::Anything,
                    None => self.fixed[number].holds,
                };
                let path = pointer::names(pointer);
                let name = path.join(".");
                let name = if taken.insert(name.clone()) {
                    name
                } else {
                    pointer.to_owned()
                };
                Column {
                    number,
                    name,
                    path,
                    holds,
                    is_renamed: false,
                }
            })
            .collect()
    }
}

impl Column {
    /// The name without that of the object that it stands in. A value that stands where an object with variables belongs has none of its own.
    #[must_use]
    pub fn short_name(&self) -> String {
        if self.name.starts_with('/') {
            self.name.clone()
        } else if self.path.len() < 2 {
            NO_OBJECT.to_owned()
        } else {
            self.path[1..].join(".")
        }
    }
}

/// For each column number, of which there are so many, its place in `order`.
#[must_use]
pub fn places(order: &[Column], columns: usize) -> Vec<Option<usize>> {
    let mut places = vec![None; columns];
    for (place, column) in order.iter().enumerate() {
        // A column that was asked for may be one that no row has.
        if let Some(known) = places.get_mut(column.number) {
            *known = Some(place);
        }
    }
    places
}

/// Names a value that stands where an object with variables belongs.
pub const NO_OBJECT: &str = "(no object)";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extras_stand_behind_their_field_in_order_of_appearance() {
        let mut columns = Columns::default();
        let extracted = FIELDS
            .iter()
            .position(|f| f.pointer == "/extracted_variables")
            .expect("documented");
        let late = columns.number(FIELDS.len(), "/assistant_name");
        let first = columns.number(extracted, "/extracted_variables/z");
        let second = columns.number(extracted, "/extracted_variables/a.b");
        let third = columns.number(extracted, "/extracted_variables/a/b");
        assert_eq!(columns.number(extracted, "/extracted_variables/z"), first);
        let order = columns.in_order();
        let names: Vec<_> = order.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(
            names[..5].join(" "),
            "id customer_phone assistant_phone duration status"
        );
        assert_eq!(
            &names[5..8],
            [
                "extracted_variables.z",
                "extracted_variables.a.b",
                "/extracted_variables/a/b"
            ]
        );
        assert_eq!(order[6].short_name(), "a.b");
        assert_eq!(order[6].path, ["extracted_variables", "a.b"]);
        assert_eq!(order.last().map(|column| column.number), Some(late));
        let numbers = order[5..8].iter().map(|column| column.number);
        assert!(numbers.eq([first, second, third]));
    }

    #[test]
    fn members_find_the_columns_of_their_pointers() {
        let known = ["a", "a/b", "a~1b", "a~b", "", "/", "b"];
        let mut columns = Columns::default();
        for parent in ["/extracted_variables", "/extracted_variables/a", ""] {
            for name in known {
                columns.number(1, &pointer::child(parent, name));
            }
        }
        let count = columns.count();
        // After each of them any other may come.
        for before in known {
            for parent in ["/extracted_variables", "/extracted_variables/a", ""] {
                for name in known {
                    columns.number_of_member(1, "/extracted_variables", before);
                    let number = columns.number_of_member(1, parent, name);
                    assert_eq!(number, columns.number(1, &pointer::child(parent, name)));
                }
            }
        }
        assert_eq!(columns.count(), count);
    }
}
