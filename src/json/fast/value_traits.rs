//! Facts about values that the scanner records, so that callers can skip values.

use std::ops::BitOrAssign;

/// Facts about a value, or about several values together, that the scanner records so that callers
/// can skip values. A clear flag is definite: the value has no such part. A set flag means only
/// that it may. Without them, the rules search every value: 47 % more instructions in `validate`.
/// The flags are bits of one byte: as three booleans they cost 3 % of `validate`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ValueTraits(u8);

impl ValueTraits {
    pub(super) const OBJECTS: Self = Self(1);
    pub(super) const LARGE_NUMBERS: Self = Self(2);
    pub(super) const TYPE_NAMES: Self = Self(4);
    pub(super) const ESCAPED_CODES: Self = Self(8);
    /// Traits of a value that was not scanned: everything is possible.
    pub(crate) const UNKNOWN: Self = Self(u8::MAX);

    /// True if the value may be or contain a non-empty object.
    pub(crate) fn may_have_objects(self) -> bool {
        self.0 & Self::OBJECTS.0 != 0
    }

    /// True if the value may be or contain a number of 10^15 or more.
    pub(crate) fn may_have_large_numbers(self) -> bool {
        self.0 & Self::LARGE_NUMBERS.0 != 0
    }

    /// True if the value may be or contain an object whose first name may name a type:
    /// `{"$date": …}`.
    pub(crate) fn may_have_type_names(self) -> bool {
        self.0 & Self::TYPE_NAMES.0 != 0
    }

    /// True if the value may be or contain a text with the escapes `\\` or `\u00fc`.
    pub(crate) fn may_have_escaped_codes(self) -> bool {
        self.0 & Self::ESCAPED_CODES.0 != 0
    }

    /// These traits if `is_set`, else none.
    pub(super) fn only_if(self, is_set: bool) -> Self {
        Self(self.0 * u8::from(is_set))
    }
}

impl BitOrAssign for ValueTraits {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}
