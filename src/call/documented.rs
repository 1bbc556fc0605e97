//! An object of the contract, its members told apart by what the contract says of them, in one pass.

use std::sync::LazyLock;

use crate::contract::{FIELDS, Field, Type, fields_of};
use crate::json::{Json, Kind, Object, Place, Traits};

/// So many fields an object documents at most.
const MOST_FIELDS: usize = 13;

/// An object that documents some fields.
#[derive(Debug)]
struct Contract {
    /// Where the object stands in a body, as a JSON Pointer.
    pointer: &'static str,
    /// Its fields, in documented order.
    fields: Vec<&'static Field>,
    /// Their indices in [`FIELDS`].
    indices: Vec<usize>,
    /// The places of those among them that are objects.
    objects: Vec<usize>,
}

static CONTRACTS: LazyLock<Vec<Contract>> = LazyLock::new(|| {
    let mut contracts: Vec<Contract> = Vec::new();
    for Field { parent, .. } in FIELDS {
        if contracts.iter().all(|known| known.pointer != *parent) {
            let all = FIELDS.iter().enumerate();
            let own = all.filter(|(_, field)| field.parent == *parent);
            let (indices, fields): (Vec<usize>, Vec<&Field>) = own.unzip();
            let is_object = |place: &usize| fields[*place].kind == Type::Object;
            contracts.push(Contract {
                pointer: parent,
                objects: (0..fields.len()).filter(is_object).collect(),
                indices,
                fields,
            });
        }
    }
    contracts
});

/// The place of the field `name` among those of the object at `parent`.
#[must_use]
pub fn place_of(parent: &str, name: &str) -> Option<usize> {
    fields_of(parent).position(|field| field.name == name)
}

/// An object of a body, and which of its members the contract documents.
#[derive(Clone, Debug)]
pub struct Documented<'a> {
    /// The object.
    pub value: Json<'a>,
    /// All of its members.
    pub members: Object<'a>,
    contract: Option<&'static Contract>,
    /// For each field, in documented order, which of the members is the last of that name.
    places: [Option<Place>; MOST_FIELDS],
    /// Whether there are members that the contract does not know.
    pub has_others: bool,
    /// Whether a documented member is there more than once.
    pub repeats: bool,
    /// What is known of its members together, without those that are documented objects.
    pub traits: Traits,
}

impl<'a> Documented<'a> {
    /// Reads the object `value` with these members along what the contract says of the object at `pointer`.
    #[must_use]
    pub fn read(pointer: &str, value: Json<'a>, members: Object<'a>) -> Self {
        let contract = CONTRACTS.iter().find(|known| known.pointer == pointer);
        let fields = contract.map_or(&[][..], |contract| &contract.fields);
        let mut places = [None; MOST_FIELDS];
        let (mut has_others, mut repeats) = (false, false);
        let mut traits = Traits::default();
        // Mostly they come in documented order.
        let mut next = 0;
        for (at, name) in members.names() {
            let is_it = |field: &&Field| name.is(field.name);
            let place = if fields.get(next).is_some_and(is_it) {
                Some(next)
            } else {
                fields.iter().position(is_it)
            };
            let Some(place) = place else {
                has_others = true;
                traits |= name.traits();
                continue;
            };
            next = place + 1;
            repeats |= places[place].replace(at).is_some();
            let is_documented_object = fields[place].kind == Type::Object;
            if !is_documented_object || members.value_at(at).kind() != Kind::Object {
                traits |= name.traits();
            }
        }
        if repeats {
            // The earlier ones are no documented objects.
            traits = Traits::UNKNOWN;
        }
        Self {
            value,
            members,
            contract,
            places,
            has_others,
            repeats,
            traits,
        }
    }

    /// The fields that the contract documents for it, in documented order.
    #[must_use]
    pub fn fields(&self) -> &'static [&'static Field] {
        self.contract.map_or(&[], |contract| &contract.fields)
    }

    /// The value of the field that is the `place`th of its object, from 0.
    #[inline]
    #[must_use]
    pub fn value(&self, place: usize) -> Option<Json<'a>> {
        self.places[place].map(|place| self.members.value_at(place))
    }

    /// Whether the field that is the `place`th of its object is there.
    #[must_use]
    pub fn has(&self, place: usize) -> bool {
        self.places[place].is_some()
    }

    /// How many of the fields are there.
    #[must_use]
    pub fn count(&self) -> usize {
        self.places.iter().flatten().count()
    }

    /// The documented members, in documented order, each with the index of its field in [`FIELDS`].
    pub fn by_field(&self) -> impl Iterator<Item = (usize, Json<'a>)> {
        let indices = self.contract.map_or(&[][..], |contract| &contract.indices);
        let places = self.places.iter().zip(indices);
        places.filter_map(|(place, index)| Some((*index, self.members.value_at((*place)?))))
    }

    /// The documented objects in it: the values of the fields that should be one, and are.
    pub fn objects(&self) -> impl Iterator<Item = Json<'a>> {
        let places = self.contract.map_or(&[][..], |contract| &contract.objects);
        let values = places.iter().filter_map(|place| self.value(*place));
        values.filter(|value| value.kind() == Kind::Object)
    }

    /// The values of the first fields, in documented order; null counts as absent.
    #[must_use]
    pub fn present<const N: usize>(&self) -> [Option<Json<'a>>; N] {
        std::array::from_fn(|place| self.value(place).filter(|value| !value.is_null()))
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
        let texts =
            |values: [Option<Json>; 4]| values.map(|value| value.map(|v| v.text().to_owned()));
        let [id, phone, variables, status] = texts(lead.present());
        assert_eq!(
            (id.as_deref(), status.as_deref()),
            (Some("2"), Some("\"x\""))
        );
        assert_eq!((phone, variables), (None, None));
        assert!(lead.value(2).is_some_and(Json::is_null));
        assert!(lead.repeats && !lead.has_others);
        assert!(read("/lead/variables").has_others);
    }
}
