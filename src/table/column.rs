//! Columns: those that are always there, and those that the input brings, gathered over the whole of it.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::contract::{FIELDS, Field, Format, Type};

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
pub struct Extra {
    /// It stands behind this fixed column, or at the very end where there is no such column.
    pub behind: usize,
    /// Its pointer in the row's object.
    pub pointer: String,
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
#[derive(Debug)]
pub struct Columns {
    fixed: &'static [Fixed],
    extras: Vec<Extra>,
    /// Pointer to number.
    numbers: HashMap<String, usize>,
}

impl Default for Columns {
    /// Those of calls.
    fn default() -> Self {
        Self::fixed(&OF_CALLS)
    }
}

impl Columns {
    /// These columns, to which others may come.
    #[must_use]
    pub fn fixed(fixed: &'static [Fixed]) -> Self {
        Self {
            fixed,
            extras: Vec::new(),
            numbers: HashMap::new(),
        }
    }

    /// The number of a column, known or new.
    pub fn number(&mut self, behind: usize, pointer: String) -> usize {
        if let Some(number) = self.numbers.get(&pointer) {
            return *number;
        }
        let number = self.count();
        self.numbers.insert(pointer.clone(), number);
        self.extras.push(Extra { behind, pointer });
        number
    }

    /// Takes the columns of `other` in; what is returned says for each extra column of `other` which number it has here.
    pub fn merge(&mut self, other: Self) -> Vec<usize> {
        other
            .extras
            .into_iter()
            .map(|extra| self.number(extra.behind, extra.pointer))
            .collect()
    }

    /// How many numbers are given out.
    #[must_use]
    pub fn count(&self) -> usize {
        self.fixed.len() + self.extras.len()
    }

    /// Which of the extra columns a number is; none for a fixed one.
    #[must_use]
    pub fn extra(&self, number: usize) -> Option<usize> {
        number.checked_sub(self.fixed.len())
    }

    /// All columns as they leave, in the order of DESIGN "Columns": documented order, extras behind their field. Objects are columns only
    /// through their members. Where two would read alike (`{"a.b":1}` and `{"a":{"b":1}}`), the later one is named by its pointer.
    #[must_use]
    pub fn in_order(&self) -> Vec<Column> {
        let fixed = self.fixed.iter().enumerate();
        let fixed = fixed
            .filter(|(_, fixed)| !fixed.is_object)
            .map(|(index, _)| (index, false, index));
        let extras = self.extras.iter().enumerate();
        let extras = extras.map(|(index, extra)| (extra.behind, true, self.fixed.len() + index));
        let mut order: Vec<_> = fixed.chain(extras).collect();
        order.sort_unstable();
        let mut taken = HashSet::new();
        order
            .into_iter()
            .map(|(_, _, number)| {
                let (pointer, holds) = match self.extra(number) {
                    Some(extra) => (self.extras[extra].pointer.as_str(), Holds::Anything),
                    None => (self.fixed[number].pointer, self.fixed[number].holds),
                };
                let path = path(pointer);
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

/// Names a value that stands where an object with variables belongs.
pub const NO_OBJECT: &str = "(no object)";

/// The names in a JSON Pointer (RFC 6901 §4).
fn path(pointer: &str) -> Vec<String> {
    pointer
        .split('/')
        .skip(1)
        .map(|name| name.replace("~1", "/").replace("~0", "~"))
        .collect()
}

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
        let late = columns.number(FIELDS.len(), "/assistant_name".to_owned());
        let first = columns.number(extracted, "/extracted_variables/z".to_owned());
        let second = columns.number(extracted, "/extracted_variables/a.b".to_owned());
        let third = columns.number(extracted, "/extracted_variables/a/b".to_owned());
        assert_eq!(
            columns.number(extracted, "/extracted_variables/z".to_owned()),
            first
        );
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
}
