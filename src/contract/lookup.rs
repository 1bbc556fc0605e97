//! Finds documented fields. In a `const` block a misspelled name does not compile, and the lookup
//! costs nothing at run time.

use super::fields::{FIELDS, Field};
use super::known_values::SETTING_RANGES;

/// The fields of the object at JSON Pointer `parent`, in documented order.
pub fn fields_of(parent: &str) -> impl Iterator<Item = &'static Field> {
    FIELDS.iter().filter(move |field| field.parent == parent)
}

/// The field `name` of the object at JSON Pointer `parent`.
#[must_use]
pub(crate) fn field(parent: &str, name: &str) -> Option<&'static Field> {
    FIELDS
        .iter()
        .find(|field| field.name == name && field.parent == parent)
}

/// The index in [`FIELDS`] of the field at JSON Pointer `pointer`. Call it in a `const` block.
///
/// # Panics
///
/// Panics if the contract has no such field. In a `const` block this is a compile error.
#[must_use]
pub(crate) const fn row_of(pointer: &str) -> usize {
    let mut row = 0;
    while row < FIELDS.len() {
        if str_eq(FIELDS[row].pointer, pointer) {
            return row;
        }
        row += 1;
    }
    panic!("the field is not documented")
}

/// The member name of the field at JSON Pointer `pointer`. Call it in a `const` block.
///
/// # Panics
///
/// Panics if the contract has no such field. In a `const` block this is a compile error.
#[must_use]
pub(crate) const fn field_name(pointer: &str) -> &'static str {
    FIELDS[row_of(pointer)].name
}

/// The index of the field at JSON Pointer `pointer` among the fields of its object, from 0. Call it
/// in a `const` block.
///
/// # Panics
///
/// Panics if the contract has no such field. In a `const` block this is a compile error.
#[must_use]
pub(crate) const fn field_index(pointer: &str) -> usize {
    let row = row_of(pointer);
    count_before(FIELDS[row].parent, row)
}

/// The number of documented fields of the object at JSON Pointer `parent`.
#[must_use]
pub(crate) const fn field_count(parent: &str) -> usize {
    count_before(parent, FIELDS.len())
}

/// The number of fields that the object at JSON Pointer `parent` must have.
#[must_use]
pub(crate) const fn required_count(parent: &str) -> usize {
    let (mut row, mut count) = (0, 0);
    while row < FIELDS.len() {
        if FIELDS[row].required && str_eq(FIELDS[row].parent, parent) {
            count += 1;
        }
        row += 1;
    }
    count
}

/// The largest number of documented fields in one object.
pub(crate) const MAX_FIELDS: usize = {
    let (mut row, mut most) = (0, 0);
    while row < FIELDS.len() {
        let count = field_count(FIELDS[row].parent);
        if count > most {
            most = count;
        }
        row += 1;
    }
    most
};

/// The number of fields of the object at `parent` in the first `rows` rows of [`FIELDS`].
const fn count_before(parent: &str, rows: usize) -> usize {
    let (mut row, mut count) = (0, 0);
    while row < rows {
        if str_eq(FIELDS[row].parent, parent) {
            count += 1;
        }
        row += 1;
    }
    count
}

/// A set of fields of one object, one bit per field. The lowest bit is the first field.
pub(crate) type FieldSet = u32;

const _: () = assert!(
    MAX_FIELDS <= FieldSet::BITS as usize,
    "a wider set is needed"
);

/// The set of the fields at these JSON Pointers, which are fields of one object. Call it in a
/// `const` block.
///
/// # Panics
///
/// Panics if the contract lacks one of the fields or they belong to different objects. In a `const`
/// block this is a compile error.
#[must_use]
pub(crate) const fn field_set(pointers: &[&str]) -> FieldSet {
    let (mut set, mut at) = (0, 0);
    while at < pointers.len() {
        let same_object = str_eq(parent_of(pointers[at]), parent_of(pointers[0]));
        assert!(same_object, "the fields belong to different objects");
        set |= 1 << field_index(pointers[at]);
        at += 1;
    }
    set
}

const fn parent_of(pointer: &str) -> &'static str {
    FIELDS[row_of(pointer)].parent
}

/// String equality in `const` context, where `==` is not available.
const fn str_eq(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    let mut at = 0;
    while at < left.len() && at < right.len() && left[at] == right[at] {
        at += 1;
    }
    at == left.len() && at == right.len()
}

/// The smallest and the largest value of a campaign's setting, if the vendor limits it.
pub(crate) fn setting_range(field: &Field) -> Option<(u32, u32)> {
    let mut ranges = SETTING_RANGES.iter();
    let range = ranges.find(|(pointer, ..)| *pointer == field.pointer);
    range.map(|(_, smallest, largest)| (*smallest, *largest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_indexed_within_their_object() {
        for (row, field) in FIELDS.iter().enumerate() {
            let siblings: Vec<&str> = fields_of(field.parent).map(|f| f.name).collect();
            assert_eq!(row_of(field.pointer), row);
            assert_eq!(siblings[field_index(field.pointer)], field.name);
            assert_eq!(field_count(field.parent), siblings.len());
            assert!(siblings.len() <= MAX_FIELDS);
        }
        assert_eq!(field_set(&["/lead/id", "/lead/variables"]), 0b101);
    }
}
