//! An object of the contract, its members told apart by what the contract says of them, in one pass.

use std::num::NonZeroU8;
use std::sync::LazyLock;

use crate::contract::{FIELDS, Field, Type, fields_of, place_of};
use crate::json::{Expected, ExpectedMember, Json, Kind, Member, Object, Traits, are_same};

/// So many fields an object documents at most.
const MOST_FIELDS: usize = 13;

/// The place of what is no field.
const NO_PLACE: u8 = u8::MAX;

/// So many numbers there are to tell names by.
const NUMBERS: usize = 1 << u8::BITS;

/// Places among the fields of one object: a bit for each, the lowest for the first.
type Places = u16;

/// The places of these fields among those of the object at `pointer`.
#[must_use]
pub const fn places_of(pointer: &str, names: &[&str]) -> Places {
    let mut places = 0;
    let mut at = 0;
    while at < names.len() {
        places |= 1 << place_of(pointer, names[at]).expect("it is documented");
        at += 1;
    }
    places
}

/// An object that documents some fields.
#[derive(Debug)]
struct Contract {
    /// Where the object stands in a body, as a JSON Pointer.
    pointer: &'static str,
    /// Its fields, in documented order.
    fields: Vec<&'static Field>,
    /// Their indices in [`FIELDS`].
    indices: Vec<usize>,
    /// A bit for each that is an object.
    objects: Places,
    /// A bit for each that must be there.
    required: Places,
    /// By what a name is told by: the place among its fields of the one of that name.
    places: [u8; NUMBERS],
}

static CONTRACTS: LazyLock<Vec<Contract>> = LazyLock::new(|| {
    let mut contracts: Vec<Contract> = Vec::new();
    for Field { parent, .. } in FIELDS {
        if contracts.iter().all(|known| known.pointer != *parent) {
            let all = FIELDS.iter().enumerate();
            let own = all.filter(|(_, field)| field.parent == *parent);
            let (indices, fields): (Vec<usize>, Vec<&Field>) = own.unzip();
            let mut places = [NO_PLACE; NUMBERS];
            for field in FIELDS {
                let place = fields.iter().position(|own| own.name == field.name);
                let place = place.and_then(|place| u8::try_from(place).ok());
                places[usize::from(number_of(field.name).get())] = place.unwrap_or(NO_PLACE);
            }
            let those = |is_it: fn(&Field) -> bool| {
                let places = (0..).zip(&fields).filter(|(_, field)| is_it(field));
                places.fold(0, |places, (place, _)| places | 1 << place)
            };
            contracts.push(Contract {
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
static NOTHING: Contract = Contract {
    pointer: "",
    fields: Vec::new(),
    indices: Vec::new(),
    objects: 0,
    required: 0,
    places: [NO_PLACE; NUMBERS],
};

impl Contract {
    /// What the contract says of the object at `pointer`.
    fn of(pointer: &str) -> &'static Self {
        let is_it = |known: &&Self| are_same(known.pointer.as_bytes(), pointer.as_bytes());
        CONTRACTS.iter().find(is_it).unwrap_or(&NOTHING)
    }

    /// Whether the field in this place is an object.
    fn has_object_at(&self, place: usize) -> bool {
        self.objects & 1 << place != 0
    }

    /// The place of a member among the documented fields; behind all of them, if it is none.
    #[inline]
    fn place_of(&self, member: Member) -> usize {
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

/// Makes a method of each of these fields of the object that the contract documents at `$pointer`, for what has one as `object`.
macro_rules! fields {
    ($pointer:literal: $($name:ident)*) => {
        $(
            #[doc = concat!("`", $pointer, "/", stringify!($name), "`, where it is there and not null.")]
            #[inline]
            #[must_use]
            pub fn $name(&self) -> Option<$crate::json::Json<'a>> {
                const PLACE: usize = $crate::contract::place_of($pointer, stringify!($name)).unwrap();
                self.object.present(PLACE)
            }
        )*
    };
}
pub(super) use fields;

/// An object of a body, and which of its members the contract documents.
#[derive(Clone, Debug)]
pub struct Documented<'a> {
    /// The object.
    pub value: Json<'a>,
    /// All of its members.
    pub members: Object<'a>,
    contract: &'static Contract,
    /// Which fields are there.
    there: Places,
    /// For each field, in documented order, the value of the last member of that name.
    values: [Option<Json<'a>>; MOST_FIELDS],
    /// Whether there are members that the contract does not know.
    pub has_others: bool,
    /// Whether a documented member is there more than once.
    pub repeats: bool,
    /// What is known of its members together, without those that are documented objects.
    pub traits: Traits,
}

impl<'a> Documented<'a> {
    /// Reads the object `value` with these members along what the contract says of the object at `pointer`.
    #[expect(
        clippy::inline_always,
        reason = "what it makes is large, and would be moved"
    )]
    #[inline(always)]
    #[must_use]
    pub fn read(pointer: &str, value: Json<'a>, members: Object<'a>) -> Self {
        let mut this = Self::without_values(pointer, value, members);
        this.tell_members_apart();
        this
    }

    /// Reads the same of a value that should be an object; one that is none is taken for its field at `place`.
    #[expect(clippy::inline_always, reason = "the same")]
    #[inline(always)]
    #[must_use]
    pub fn read_or_take(pointer: &str, value: Json<'a>, place: usize) -> Self {
        let members = value.members();
        let is_object = members.is_some();
        let mut this = Self::without_values(pointer, value, members.unwrap_or_default());
        if is_object {
            this.tell_members_apart();
        } else {
            this.put(place, value);
        }
        this
    }

    /// One whose first fields have these values, and that stands nowhere.
    #[must_use]
    pub fn with_values<const N: usize>(pointer: &str, values: [Option<Json<'a>>; N]) -> Self {
        let mut this =
            Self::without_values(pointer, Json::from_well_formed("{}"), Object::default());
        for (place, value) in values.into_iter().enumerate() {
            if let Some(value) = value {
                this.put(place, value);
            }
        }
        this
    }

    #[expect(clippy::inline_always, reason = "the same")]
    #[inline(always)]
    fn without_values(pointer: &str, value: Json<'a>, members: Object<'a>) -> Self {
        Self {
            value,
            members,
            contract: Contract::of(pointer),
            there: 0,
            values: [None; MOST_FIELDS],
            has_others: false,
            repeats: false,
            traits: Traits::default(),
        }
    }

    fn put(&mut self, place: usize, value: Json<'a>) {
        self.there |= 1 << place;
        self.values[place] = Some(value);
    }

    /// Fills in all that is told by the members.
    #[inline(never)]
    fn tell_members_apart(&mut self) {
        let (mut has_others, mut traits) = (false, Traits::default());
        let (mut there, mut again): (Places, Places) = (0, 0);
        for member in &self.members {
            let place = self.contract.place_of(member);
            let Some(field) = self.values.get_mut(place) else {
                has_others = true;
                traits |= member.traits();
                continue;
            };
            let value = member.value();
            *field = Some(value);
            again |= there & 1 << place;
            there |= 1 << place;
            if !self.contract.has_object_at(place) || value.kind() != Kind::Object {
                traits |= member.traits();
            }
        }
        self.has_others = has_others;
        self.there = there;
        self.repeats = again != 0;
        // Of members that are there more than once, the earlier ones are no documented objects.
        self.traits = if self.repeats {
            Traits::UNKNOWN
        } else {
            traits
        };
    }

    /// The fields that the contract documents for it, in documented order.
    #[must_use]
    pub fn fields(&self) -> &'static [&'static Field] {
        &self.contract.fields
    }

    /// The values of the fields, in documented order.
    #[inline]
    #[must_use]
    pub fn values(&self) -> &[Option<Json<'a>>] {
        &self.values
    }

    /// Whether the field that is the `place`th of its object is there.
    #[must_use]
    pub fn has(&self, place: usize) -> bool {
        self.there & 1 << place != 0
    }

    /// Whether it has all that the contract requires of it.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.there & self.contract.required == self.contract.required
    }

    /// How many of the fields in these places are there.
    #[must_use]
    pub fn count_of(&self, places: Places) -> usize {
        (self.there & places).count_ones() as usize
    }

    /// How many of the fields are there.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count_of(Places::MAX)
    }

    /// The documented members, in documented order, each with the index of its field in [`FIELDS`].
    pub fn by_field(&self) -> impl Iterator<Item = (usize, &Json<'a>)> {
        let values = self.values.iter().zip(&self.contract.indices);
        values.filter_map(|(value, index)| Some((*index, value.as_ref()?)))
    }

    /// The documented objects in it: the values of the fields that should be one, and are.
    pub fn objects(&self) -> impl Iterator<Item = Json<'a>> {
        let values = (0..).zip(&self.values);
        let objects = values
            .filter_map(|(place, value)| value.filter(|_| self.contract.has_object_at(place)));
        objects.filter(|value| value.kind() == Kind::Object)
    }

    /// The value of the field that is the `place`th of its object; null counts as absent.
    #[inline]
    #[must_use]
    pub fn present(&self, place: usize) -> Option<Json<'a>> {
        self.values[place].filter(|value| !value.is_null())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_object_has_more_fields_than_there_is_room_for() {
        for field in FIELDS {
            assert!(fields_of(field.parent).count() <= MOST_FIELDS);
        }
    }

    #[test]
    fn members_are_told_apart_in_any_order() {
        let value: Json =
            serde_json::from_str(r#"{"status":"x","id":1,"\u0069d":2,"variables":null}"#)
                .expect("the test's own JSON is well-formed");
        let read = |pointer| Documented::read(pointer, value, value.members().unwrap_or_default());
        let lead = read("/lead");
        let texts: [_; 4] = std::array::from_fn(|place| lead.present(place).map(Json::text));
        assert_eq!(texts, [Some("2"), None, None, Some("\"x\"")]);
        assert!(lead.values()[2].is_some_and(Json::is_null));
        assert!(lead.repeats && !lead.has_others);
        assert!(read("/lead/variables").has_others);
    }
}
