//! Columns: the documented ones, always there, and those that the input brings, gathered over the whole of it.

use std::collections::{HashMap, HashSet};

use crate::contract::FIELDS;

/// A column that the input brings: a variable, or a member that the contract does not document.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Extra {
    /// It stands behind this field of [`FIELDS`], or at the very end where there is no such field.
    pub behind: usize,
    /// Its pointer in the body.
    pub pointer: String,
}

/// Columns in the order in which they first appeared, each with a number. The documented ones have their index in [`FIELDS`].
#[derive(Debug, Default)]
pub struct Columns {
    extras: Vec<Extra>,
    /// Pointer to number.
    numbers: HashMap<String, usize>,
}

impl Columns {
    /// The number of a column, known or new.
    pub fn number(&mut self, behind: usize, pointer: String) -> usize {
        if let Some(number) = self.numbers.get(&pointer) {
            return *number;
        }
        let number = FIELDS.len() + self.extras.len();
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
        FIELDS.len() + self.extras.len()
    }

    /// The numbers of all columns in the order of DESIGN "Columns": documented order, extras behind their field. Objects are columns only
    /// through their members.
    #[must_use]
    pub fn in_order(&self) -> Vec<usize> {
        let documented = (0..FIELDS.len())
            .filter(|index| is_column(*index))
            .map(|index| (index, false, index));
        let extras = self.extras.iter().enumerate();
        let extras = extras.map(|(index, extra)| (extra.behind, true, FIELDS.len() + index));
        let mut order: Vec<_> = documented.chain(extras).collect();
        order.sort_unstable();
        order.into_iter().map(|(_, _, number)| number).collect()
    }

    /// The pointer of a column.
    #[must_use]
    pub fn pointer(&self, number: usize) -> &str {
        match number.checked_sub(FIELDS.len()) {
            Some(extra) => &self.extras[extra].pointer,
            None => FIELDS[number].pointer,
        }
    }

    /// The names of columns, in the order given: those of the pointer joined with dots, from the one at depth `from` on. Where two would
    /// read alike (`{"a.b":1}` and `{"a":{"b":1}}`), the later one is named by its pointer.
    #[must_use]
    pub fn names(&self, numbers: &[usize], from: usize) -> Vec<String> {
        let mut taken = HashSet::new();
        numbers
            .iter()
            .map(|number| {
                let pointer = self.pointer(*number);
                let name = if pointer.matches('/').count() > from {
                    joined(pointer, from)
                } else {
                    NO_OBJECT.to_owned()
                };
                if taken.insert(name.clone()) {
                    name
                } else {
                    pointer.to_owned()
                }
            })
            .collect()
    }
}

/// Names a value that stands where an object with variables belongs.
pub const NO_OBJECT: &str = "(no object)";

/// Whether a documented field is a column itself: all but the objects.
#[must_use]
pub fn is_column(index: usize) -> bool {
    FIELDS[index].kind != crate::contract::Type::Object
}

fn joined(pointer: &str, from: usize) -> String {
    let names: Vec<String> = pointer
        .split('/')
        .skip(1 + from)
        .map(|name| name.replace("~1", "/").replace("~0", "~"))
        .collect();
    names.join(".")
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
        let names = columns.names(&order, 0);
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
        assert_eq!(order.last(), Some(&late));
        assert_eq!(&order[5..8], [first, second, third]);
    }
}
