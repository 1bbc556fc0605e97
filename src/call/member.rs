//! Members and their values, read without knowing the type that they should have.

use crate::json::{Json, Object};
use crate::time::timestamp::Timestamp;

/// The value of the member `name`, if it is present and not null.
pub(super) fn non_null_member<'a>(members: &Object<'a>, name: &str) -> Option<Json<'a>> {
    members.get(name).filter(|value| !value.is_null())
}

/// The value of the documented field at JSON Pointer `pointer` below the object with these
/// `members`.
#[must_use]
pub(crate) fn value_at<'a>(members: &Object<'a>, pointer: &str) -> Option<Json<'a>> {
    // The names in documented pointers contain no escapes.
    let mut names = pointer.split('/').skip(1);
    let first = members.get(names.next()?)?;
    names.try_fold(first, |value, name| value.members()?.get(name))
}

/// True if the value is an empty string, array or object.
#[must_use]
pub(crate) fn is_empty_value(value: Json) -> bool {
    value.text() == "\"\"" || value.is_empty_container()
}

/// Parses a value as a timestamp; `None` if it is not a string in a known spelling.
#[must_use]
pub fn read_timestamp(value: Json) -> Option<Timestamp> {
    parse_string(value, Timestamp::read)
}

/// Parses a string with `parse`, which must reject every text with a backslash: then the string
/// needs to be unescaped only if its raw text is rejected.
pub(crate) fn parse_string<T>(value: Json, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
    let raw = value.text().strip_prefix('"')?.strip_suffix('"')?;
    let unescaped = || raw.contains('\\').then(|| value.as_str()).flatten();
    parse(raw).or_else(|| parse(&unescaped()?))
}
