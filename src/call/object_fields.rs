//! The contract by object, with the lookup tables that index an object's members in one pass.

use std::num::NonZeroU8;
use std::sync::LazyLock;

use crate::contract::{FIELDS, Field, FieldSet, FieldType, fields_of};
use crate::json::{Member, NameHint, NameHints, bytes_equal};

/// The index that stands for undocumented members.
const NO_FIELD: u8 = u8::MAX;

/// The number of possible field numbers, see [`field_number`].
const NUMBER_COUNT: usize = 1 << u8::BITS;

const _: () = assert!(
    FIELDS.len() < NUMBER_COUNT,
    "wider field numbers are needed"
);

/// The documented fields of one object.
#[derive(Debug)]
pub(crate) struct ObjectFields {
    /// JSON Pointer to the object within a body.
    pointer: &'static str,
    /// The fields, in documented order.
    pub(crate) fields: Vec<&'static Field>,
    /// The index of each field in [`FIELDS`].
    pub(crate) indices: Vec<usize>,
    /// The fields that are objects.
    objects: FieldSet,
    /// The fields that hold variables.
    pub(crate) variables: FieldSet,
    pub(crate) required: FieldSet,
    /// Maps field numbers to indices in `fields`; [`NO_FIELD`] if the object has no such field.
    index_by_number: [u8; NUMBER_COUNT],
}

static CONTRACTS: LazyLock<Vec<ObjectFields>> = LazyLock::new(|| {
    let mut contracts: Vec<ObjectFields> = Vec::new();
    for Field { parent, .. } in FIELDS {
        if contracts.iter().all(|known| known.pointer != *parent) {
            let all = FIELDS.iter().enumerate();
            let children = all.filter(|(_, field)| field.parent == *parent);
            let (indices, fields): (Vec<usize>, Vec<&Field>) = children.unzip();
            let mut index_by_number = [NO_FIELD; NUMBER_COUNT];
            for (index, field) in (0..).zip(&fields) {
                index_by_number[usize::from(field_number(field.name).get())] = index;
            }
            let fields_with = |predicate: fn(&Field) -> bool| {
                let matching = (0..).zip(&fields).filter(|(_, field)| predicate(field));
                matching.fold(0, |set, (index, _)| set | 1 << index)
            };
            contracts.push(ObjectFields {
                pointer: parent,
                objects: fields_with(|field| field.kind == FieldType::Object),
                variables: fields_with(Field::holds_variables),
                required: fields_with(|field| field.required),
                indices,
                fields,
                index_by_number,
            });
        }
    }
    contracts
});

/// Name hints for parsing a body: the names of its documented members and of those in its nested
/// objects.
pub(crate) static BODY_HINTS: LazyLock<NameHints> = LazyLock::new(|| name_hints(""));

fn name_hints(pointer: &str) -> NameHints {
    let member = |field: &Field| {
        NameHint::new(
            field.name,
            field_number(field.name),
            name_hints(field.pointer),
        )
    };
    // Longer names are found without a hint.
    let is_short = |field: &&Field| field.name.len() <= NameHint::MAX_LENGTH;
    fields_of(pointer).filter(is_short).map(member).collect()
}

/// The number that identifies a documented name: the 1-based row of the first field with that name
/// in [`FIELDS`]. Fields with equal names in different objects share a number.
fn field_number(name: &str) -> NonZeroU8 {
    let mut numbers = (1..).zip(FIELDS);
    let number = numbers.find_map(|(number, field)| (field.name == name).then_some(number));
    number.and_then(NonZeroU8::new).expect("it is documented")
}

/// An object without documented fields.
static NO_FIELDS: ObjectFields = ObjectFields {
    pointer: "",
    fields: Vec::new(),
    indices: Vec::new(),
    objects: 0,
    variables: 0,
    required: 0,
    index_by_number: [NO_FIELD; NUMBER_COUNT],
};

impl ObjectFields {
    /// The documented fields of the object at JSON Pointer `pointer`.
    pub(crate) fn of(pointer: &str) -> &'static Self {
        let has_pointer = |known: &&Self| bytes_equal(known.pointer.as_bytes(), pointer.as_bytes());
        CONTRACTS.iter().find(has_pointer).unwrap_or(&NO_FIELDS)
    }

    /// True if the field at `index` is documented as an object.
    pub(crate) fn is_object_field(&self, index: usize) -> bool {
        self.objects & 1 << index != 0
    }

    /// The index of a member among the documented fields, or an index past the last field if the
    /// member is not documented.
    #[inline]
    pub(crate) fn field_index(&self, member: Member) -> usize {
        match member.number() {
            Some(number) => usize::from(self.index_by_number[usize::from(number.get())]),
            None => self
                .find_by_name(&member.name())
                .unwrap_or(usize::from(NO_FIELD)),
        }
    }

    /// Looks a member up by name. This is rare: the parser assigns numbers to nearly all documented
    /// members.
    #[cold]
    fn find_by_name(&self, name: &str) -> Option<usize> {
        let has_name = |field: &&Field| bytes_equal(field.name.as_bytes(), name.as_bytes());
        self.fields.iter().position(has_name)
    }
}
