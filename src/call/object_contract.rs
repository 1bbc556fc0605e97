//! What the contract says of the members of one object, prepared for many objects that are read along it.

use std::num::NonZeroU8;
use std::sync::LazyLock;

use crate::contract::{FIELDS, Field, Type, fields_of, place_of};
use crate::json::{Expected, ExpectedMember, Member, are_same};

/// The place of what is no field.
const NO_PLACE: u8 = u8::MAX;

/// So many numbers there are to tell names by.
const NUMBERS: usize = 1 << u8::BITS;

/// Places among the fields of one object: a bit for each, the lowest for the first.
pub type Places = u16;

/// The places of these fields among those of the object at `pointer`.
#[must_use]
pub const fn places_of(pointer: &str, names: &[&str]) -> Places {
    let mut places = 0;
    let mut at = 0;
    while at < names.len() {
        places |= 1 << place_of(pointer, names[at]);
        at += 1;
    }
    places
}

/// An object that documents some fields.
#[derive(Debug)]
pub(super) struct ObjectContract {
    /// Where the object stands in a body, as a JSON Pointer.
    pointer: &'static str,
    /// Its fields, in documented order.
    pub(super) fields: Vec<&'static Field>,
    /// Their indices in [`FIELDS`].
    pub(super) indices: Vec<usize>,
    /// A bit for each that is an object.
    objects: Places,
    /// A bit for each that must be there.
    pub(super) required: Places,
    /// By what a name is told by: the place among its fields of the one of that name.
    places: [u8; NUMBERS],
}

static CONTRACTS: LazyLock<Vec<ObjectContract>> = LazyLock::new(|| {
    let mut contracts: Vec<ObjectContract> = Vec::new();
    for Field { parent, .. } in FIELDS {
        if contracts.iter().all(|known| known.pointer != *parent) {
            let all = FIELDS.iter().enumerate();
            let own = all.filter(|(_, field)| field.parent == *parent);
            let (indices, fields): (Vec<usize>, Vec<&Field>) = own.unzip();
            let mut places = [NO_PLACE; NUMBERS];
            for (place, field) in (0..).zip(&fields) {
                places[usize::from(number_of(field.name).get())] = place;
            }
            let those = |is_it: fn(&Field) -> bool| {
                let places = (0..).zip(&fields).filter(|(_, field)| is_it(field));
                places.fold(0, |places, (place, _)| places | 1 << place)
            };
            contracts.push(ObjectContract {
                pointer: parent,
                objects: those(|field| field.kind == Type::Object),
                required: those(|field| field.required),
                indices,
                fields,
                places,
            });
        }
    }
    contracts
});

/// What is expected of a body while it is read: its documented members, and those of the objects in it.
pub static EXPECTED: LazyLock<Expected> = LazyLock::new(|| expected(""));

fn expected(pointer: &str) -> Expected {
    let member = |field: &Field| {
        ExpectedMember::new(field.name, number_of(field.name), expected(field.pointer))
    };
    fields_of(pointer).map(member).collect()
}

/// What a documented name is told by: the number of the first field of that name, from 1.
fn number_of(name: &str) -> NonZeroU8 {
    let mut numbers = (1..).zip(FIELDS);
    let number = numbers.find_map(|(number, field)| (field.name == name).then_some(number));
    number.and_then(NonZeroU8::new).expect("it is documented")
}

/// An object that documents none.
static NOTHING: ObjectContract = ObjectContract {
    pointer: "",
    fields: Vec::new(),
    indices: Vec::new(),
    objects: 0,
    required: 0,
    places: [NO_PLACE; NUMBERS],
};

impl ObjectContract {
    /// What the contract says of the object at `pointer`.
    pub(super) fn of(pointer: &str) -> &'static Self {
        let is_it = |known: &&Self| are_same(known.pointer.as_bytes(), pointer.as_bytes());
        CONTRACTS.iter().find(is_it).unwrap_or(&NOTHING)
    }

    /// Whether the field in this place is an object.
    pub(super) fn has_object_at(&self, place: usize) -> bool {
        self.objects & 1 << place != 0
    }

    /// The place of a member among the documented fields; behind all of them, if it is none.
    #[inline]
    pub(super) fn place_of(&self, member: Member) -> usize {
        match member.number() {
            Some(number) => usize::from(self.places[usize::from(number.get())]),
            None => self
                .look_for(&member.name())
                .unwrap_or(usize::from(NO_PLACE)),
        }
    }

    /// The same by its name: few are not told by their numbers.
    #[cold]
    fn look_for(&self, name: &str) -> Option<usize> {
        let is_it = |field: &&Field| are_same(field.name.as_bytes(), name.as_bytes());
        self.fields.iter().position(is_it)
    }
}
