//! An object of a body whose members are indexed by the contract's fields, in one pass.

use super::object_fields::ObjectFields;
use crate::contract::{CALL_ID, Field, FieldSet, MAX_FIELDS, field_index};
use crate::json::{Json, Kind, Object, ValueTraits};

/// Defines one accessor method for each of the named fields of the contract's object at `$pointer`.
/// The type needs a field `object` of type [`ContractObject`].
macro_rules! accessors {
    ($pointer:literal: $($name:ident)*) => {
        $(
            #[doc = concat!("`", $pointer, "/", stringify!($name), "`, if it is present and not null.")]
            #[inline]
            #[must_use]
            pub(crate) fn $name(&self) -> Option<$crate::json::Json<'a>> {
                self.object.non_null(const { $crate::contract::field_index(concat!($pointer, "/", stringify!($name))) })
            }
        )*
    };
}
pub(crate) use accessors;

/// An object of a body, indexed by the contract's fields.
#[derive(Clone, Debug)]
pub struct ContractObject<'a> {
    /// The JSON value of the object.
    pub(crate) value: Json<'a>,
    /// All members, documented or not.
    pub(crate) members: Object<'a>,
    contract: &'static ObjectFields,
    present: FieldSet,
    /// The value of each field, in documented order. Of members with equal names, the last counts.
    values: [Option<Json<'a>>; MAX_FIELDS],
    /// True if the object has members that are not documented.
    pub(crate) has_undocumented: bool,
    /// True if a documented member occurs more than once.
    pub(crate) has_duplicates: bool,
    /// The combined traits of all members except documented objects.
    pub(crate) traits: ValueTraits,
    /// The combined traits of all members.
    pub(crate) all_traits: ValueTraits,
    /// False if all values are certainly plain JSON, without the types of a database and without
    /// references to other text.
    pub(crate) may_have_typed_values: bool,
}

impl<'a> ContractObject<'a> {
    /// Indexes the object `value` with its `members` by the contract's object at JSON Pointer
    /// `pointer`.
    #[expect(
        clippy::inline_always,
        reason = "the result is large and would be moved"
    )]
    #[inline(always)]
    #[must_use]
    pub fn read(pointer: &str, value: Json<'a>, members: Object<'a>) -> Self {
        let mut this = Self::without_values(pointer, value, members);
        this.index_members();
        this
    }

    /// Indexes `value` by the contract's object at JSON Pointer `pointer`, even if it is not an
    /// object: any other value is wrapped in an object as its field at `field_index`.
    #[expect(
        clippy::inline_always,
        reason = "the result is large and would be moved"
    )]
    #[inline(always)]
    #[must_use]
    pub(crate) fn read_or_wrap(pointer: &str, value: Json<'a>, field_index: usize) -> Self {
        let members = value.members();
        let is_object = members.is_some();
        let mut this = Self::without_values(pointer, value, members.unwrap_or_default());
        if is_object {
            this.index_members();
        } else {
            this.set(field_index, value);
        }
        this
    }

    /// An object whose fields have these values, in documented order. It has no members and no
    /// position in a source.
    #[must_use]
    pub(crate) fn with_values(pointer: &str, values: &[Option<Json<'a>>]) -> Self {
        let mut this =
            Self::without_values(pointer, Json::from_well_formed("{}"), Object::default());
        for (field_index, value) in values.iter().enumerate() {
            if let Some(value) = value {
                this.set(field_index, *value);
            }
        }
        this
    }

    /// The object that the contract documents at `pointer`, before its members are indexed: no
    /// field has a value yet.
    #[expect(
        clippy::inline_always,
        reason = "the result is large and would be moved"
    )]
    #[inline(always)]
    fn without_values(pointer: &str, value: Json<'a>, members: Object<'a>) -> Self {
        Self {
            value,
            members,
            contract: ObjectFields::of(pointer),
            present: 0,
            values: [None; MAX_FIELDS],
            has_undocumented: false,
            has_duplicates: false,
            traits: ValueTraits::default(),
            all_traits: ValueTraits::default(),
            may_have_typed_values: false,
        }
    }

    fn set(&mut self, field_index: usize, value: Json<'a>) {
        self.present |= 1 << field_index;
        self.values[field_index] = Some(value);
    }

    /// Fills in everything that follows from the members.
    #[inline(never)]
    fn index_members(&mut self) {
        let (mut has_others, mut traits) = (false, ValueTraits::default());
        let (mut all_traits, mut has_references) = (ValueTraits::default(), false);
        let (mut present, mut duplicates): (FieldSet, FieldSet) = (0, 0);
        for member in &self.members {
            all_traits |= member.traits();
            let field_index = self.contract.field_index(member);
            let Some(field) = self.values.get_mut(field_index) else {
                has_others = true;
                traits |= member.traits();
                has_references |= is_digit_text(member.value());
                continue;
            };
            let value = member.value();
            *field = Some(value);
            duplicates |= present & 1 << field_index;
            present |= 1 << field_index;
            if !self.contract.is_object_field(field_index) {
                traits |= member.traits();
            } else if value.kind() != Kind::Object {
                traits |= member.traits();
                has_references |= matches!(value.kind(), Kind::String | Kind::Number);
            }
        }
        self.has_undocumented = has_others;
        self.present = present;
        self.has_duplicates = duplicates != 0;
        // Documented objects are left out of `traits` because they are examined on their own. Of
        // duplicates only the last one is, so the traits of the earlier ones would be missing.
        self.traits = if self.has_duplicates {
            ValueTraits::UNKNOWN
        } else {
            traits
        };
        self.all_traits = all_traits;
        self.may_have_typed_values =
            all_traits.may_have_type_names() || has_references || self.traits.may_have_objects();
    }

    /// The fields that the contract documents for the object, in documented order.
    #[must_use]
    pub(crate) fn fields(&self) -> &'static [&'static Field] {
        &self.contract.fields
    }

    /// The values of the fields, in documented order. The slice may be longer than
    /// [`fields`](Self::fields).
    #[inline]
    #[must_use]
    pub(crate) fn values(&self) -> &[Option<Json<'a>>] {
        &self.values
    }

    /// True if the field at `field_index` is present, even if it is null.
    #[must_use]
    pub(crate) fn has(&self, field_index: usize) -> bool {
        self.present & 1 << field_index != 0
    }

    /// True if all fields that the contract requires are present.
    #[must_use]
    pub(crate) fn is_complete(&self) -> bool {
        self.present & self.contract.required == self.contract.required
    }

    /// The documented fields that are present, null values included.
    #[inline]
    #[must_use]
    pub(crate) fn present(&self) -> FieldSet {
        self.present
    }

    /// The documented members that are present, in documented order, each with the index of its
    /// field in [`FIELDS`](crate::contract::FIELDS).
    pub(crate) fn by_field(&self) -> impl Iterator<Item = (usize, &Json<'a>)> {
        let values = self.values.iter().zip(&self.contract.indices);
        values.filter_map(|(value, index)| Some((*index, value.as_ref()?)))
    }

    /// The fields that hold variables, each with its value, null included.
    pub(crate) fn variables(&self) -> impl Iterator<Item = (&'static Field, Json<'a>)> {
        let mut remaining = self.present & self.contract.variables;
        std::iter::from_fn(move || {
            let index = remaining.trailing_zeros() as usize;
            // Clears the lowest bit, or ends if no bit is left.
            remaining &= remaining.checked_sub(1)?;
            Some((self.contract.fields[index], self.values[index]?))
        })
    }

    /// The nested documented objects: the values of fields that are documented as objects and are
    /// objects.
    pub(crate) fn objects(&self) -> impl Iterator<Item = Json<'a>> {
        let values = (0..).zip(&self.values);
        let objects = values
            .filter_map(|(index, value)| value.filter(|_| self.contract.is_object_field(index)));
        objects.filter(|value| value.kind() == Kind::Object)
    }

    /// The value of the field at `field_index`, null included.
    #[inline]
    #[must_use]
    pub(crate) fn get(&self, field_index: usize) -> Option<Json<'a>> {
        self.values[field_index]
    }

    /// The call's id: the member `id` or, if that is absent or null, the known variant `call_id`.
    #[inline]
    #[must_use]
    pub(crate) fn call_id(&self) -> Option<Json<'a>> {
        let id = self.non_null(const { field_index("/id") });
        let variant = || self.members.get(CALL_ID).filter(|id| !id.is_null());
        id.or_else(|| self.has_undocumented.then(variant).flatten())
    }

    /// The value of the field at `field_index`, or `None` if it is absent or null.
    #[inline]
    #[must_use]
    pub(crate) fn non_null(&self, field_index: usize) -> Option<Json<'a>> {
        self.get(field_index).filter(|value| !value.is_null())
    }
}

/// True for a string that starts with a digit.
fn is_digit_text(value: Json) -> bool {
    matches!(value.text().as_bytes(), [b'"', b'0'..=b'9', ..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_indexed_in_any_order() {
        let value: Json =
            serde_json::from_str(r#"{"status":"x","id":1,"\u0069d":2,"variables":null}"#)
                .expect("the test's own JSON is well-formed");
        let read =
            |pointer| ContractObject::read(pointer, value, value.members().unwrap_or_default());
        let lead = read("/lead");
        let texts: [_; 4] = std::array::from_fn(|index| lead.non_null(index).map(Json::text));
        assert_eq!(texts, [Some("2"), None, None, Some("\"x\"")]);
        assert!(lead.values()[2].is_some_and(Json::is_null));
        assert!(lead.has_duplicates && !lead.has_undocumented);
        assert!(read("/lead/variables").has_undocumented);
    }
}
