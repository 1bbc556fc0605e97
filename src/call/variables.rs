//! Variables: the objects whose members the user named. Read flat: a nested object's members become variables of their own.

use crate::json::{Json, Kind, Member, Object};
use crate::pointer;

/// How deep objects are flattened; deeper ones stay JSON text, so that hostile nesting costs nothing.
pub const MAX_DEPTH: usize = 16;

/// The variables of one object.
#[derive(Debug, Default)]
pub struct Variables<'a> {
    value: Option<Json<'a>>,
}

/// One variable, or one member of a nested one.
#[derive(Debug)]
pub struct Variable<'a> {
    /// Its place below the object, as a JSON Pointer: `/address/city`.
    pub pointer: String,
    /// The names on the way, joined with dots: `address.city`.
    pub name: String,
    /// Its value; an object only where it is empty or too deep.
    pub value: Json<'a>,
}

impl<'a> Variables<'a> {
    /// The variables that `value` holds.
    #[must_use]
    pub fn read(value: Option<Json<'a>>) -> Self {
        Self { value }
    }

    /// What stands there.
    #[must_use]
    pub fn value(&self) -> Option<Json<'a>> {
        self.value
    }

    /// The members, where it is an object.
    #[must_use]
    pub fn members(&self) -> Option<Object<'a>> {
        self.value.and_then(Json::members)
    }

    /// The variables, flat, in the order of the body; of repeated names the last. A value that is no object, and holds something, is
    /// one variable without a name.
    #[must_use]
    pub fn flat(&self) -> Vec<Variable<'a>> {
        match self.value {
            Some(value) if !value.is_empty_container() => flat(value),
            _ => Vec::new(),
        }
    }
}

/// The value's own members, flat, where it is an object with some; anything else as the one variable without a name.
#[must_use]
pub fn flat(value: Json<'_>) -> Vec<Variable<'_>> {
    let mut variables = Vec::new();
    for_each_flat(value, &mut String::new(), &mut |parent, name, value| {
        let pointer = name.map_or_else(|| parent.to_owned(), |name| pointer::child(parent, name));
        variables.push(Variable {
            name: pointer::names(&pointer).join("."),
            pointer,
            value: *value,
        });
    });
    variables
}

/// Shows `each` the same for a value that stands at `pointer`, each with the pointer of the object that it is a member of, and its name there; a value
/// that has no members with its own pointer and no name.
pub fn for_each_flat<'a>(
    value: Json<'a>,
    pointer: &mut String,
    each: &mut impl FnMut(&str, Option<&str>, &Json<'a>),
) {
    match members_of(value) {
        Some(members) => go_into(&members, pointer, 1, each),
        None => each(pointer, None, &value),
    }
}

/// The members of an object with some.
fn members_of(value: Json<'_>) -> Option<Object<'_>> {
    let has_members = value.kind() == Kind::Object && !value.is_empty_container();
    has_members.then(|| value.members()).flatten()
}

/// The same of an object, its members being `depth` objects deep.
fn go_into<'a>(
    members: &Object<'a>,
    pointer: &mut String,
    depth: usize,
    each: &mut impl FnMut(&str, Option<&str>, &Json<'a>),
) {
    let mut below = |member: Member<'_, 'a>| {
        let (name, value) = (member.name(), member.value());
        let inner = (depth < MAX_DEPTH).then(|| members_of(value)).flatten();
        let Some(inner) = inner else {
            each(pointer, Some(&name), &value);
            return;
        };
        let here = pointer.len();
        pointer::push(pointer, &name);
        go_into(&inner, pointer, depth + 1, each);
        pointer.truncate(here);
    };
    if members.repeats_names() {
        members.effective().into_iter().for_each(&mut below);
    } else {
        members.iter().for_each(&mut below);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat(text: &str) -> Vec<(String, String)> {
        let value: Json = serde_json::from_str(text).expect("the test's own JSON is well-formed");
        Variables::read(Some(value))
            .flat()
            .into_iter()
            .map(|variable| (variable.name, variable.value.text().to_owned()))
            .collect()
    }

    #[test]
    fn nested_objects_flatten_and_lists_stay() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            flat(r#"{"a":{"b":1.10,"c":{}},"d":[1],"e":null}"#),
            [
                pair("a.b", "1.10"),
                pair("a.c", "{}"),
                pair("d", "[1]"),
                pair("e", "null")
            ]
        );
        assert_eq!(flat("[]"), []);
        assert_eq!(flat("\"text\""), [pair("", "\"text\"")]);
    }

    #[test]
    fn hostile_nesting_is_kept_as_text() {
        let deep = format!("{}1{}", "{\"a\":".repeat(50_000), "}".repeat(50_000));
        let variables = flat(&deep);
        assert_eq!(variables.len(), 1);
        assert_eq!(variables[0].0.len(), 2 * MAX_DEPTH - 1);
    }
}
