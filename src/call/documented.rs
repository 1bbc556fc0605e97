//! An object of the contract, its members told apart by what the contract says of them, in one pass.

use super::object_contract::{ObjectContract, Places};
use crate::contract::Field;
use crate::json::{Json, Kind, Object, Traits};

/// So many fields an object documents at most.
const MOST_FIELDS: usize = 13;

/// Makes a method of each of these fields of the object that the contract documents at `$pointer`, for what has one as `object`.
macro_rules! fields {
    ($pointer:literal: $($name:ident)*) => {
        $(
            #[doc = concat!("`", $pointer, "/", stringify!($name), "`, where it is there and not null.")]
            #[inline]
            #[must_use]
            pub fn $name(&self) -> Option<$crate::json::Json<'a>> {
                self.object.present(const { $crate::contract::place_of($pointer, stringify!($name)) })
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
    contract: &'static ObjectContract,
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
            contract: ObjectContract::of(pointer),
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

    /// The documented members, in documented order, each with the index of its field in [`FIELDS`](crate::contract::FIELDS).
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
    use crate::contract::{FIELDS, fields_of};

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
