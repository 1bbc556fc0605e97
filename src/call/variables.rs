//! Variables: objects whose members are named by the user. Nested objects are flattened, so that
//! each of their members becomes a variable.

use std::ops::ControlFlow;

use crate::json::pointer;
use crate::json::{Json, Kind, Member, Object, plain_text};

/// The maximum depth to which objects are flattened. Deeper objects remain JSON text, which bounds
/// the cost of hostile nesting.
pub(crate) const MAX_DEPTH: usize = 16;

/// The variables of one object.
#[derive(Debug, Default)]
pub(crate) struct Variables<'a> {
    value: Option<Json<'a>>,
}

/// One flattened variable.
#[derive(Debug)]
pub(crate) struct Variable<'a> {
    /// The names of the objects and of the variable, joined with dots: `address.city`.
    pub(crate) name: String,
    /// The value. It is an object only if that is empty or nested too deeply.
    pub(crate) value: Json<'a>,
}

impl<'a> Variables<'a> {
    /// Wraps the value of a variables member, usually an object.
    #[must_use]
    pub(crate) fn read(value: Option<Json<'a>>) -> Self {
        Self { value }
    }

    /// The raw value.
    #[must_use]
    pub(crate) fn value(&self) -> Option<Json<'a>> {
        self.value
    }

    /// The flattened variables, in the order of the body. Of duplicate names, the last counts. A
    /// non-empty value that is not an object becomes one variable without a name.
    #[must_use]
    pub(crate) fn flatten(&self) -> Vec<Variable<'a>> {
        match self.value {
            Some(value) if !value.is_empty_container() => flatten(value),
            _ => Vec::new(),
        }
    }
}

/// Flattens the members of a non-empty object. Any other value becomes one variable without a name.
#[must_use]
pub(crate) fn flatten(value: Json<'_>) -> Vec<Variable<'_>> {
    let mut variables = Vec::new();
    for_each_leaf(value, &mut String::new(), &mut |parent, name, value| {
        let pointer = name.map_or_else(|| parent.to_owned(), |name| pointer::child(parent, name));
        variables.push(Variable {
            name: pointer::names(&pointer).join("."),
            value: *value,
        });
    });
    variables
}

/// Calls `visit` for every leaf of the flattened `value`, whose JSON Pointer is `pointer`. The
/// arguments are the pointer of the containing object, the member's name and the value.
///
/// If `value` is not a non-empty object, it is the only leaf, with its own pointer and no name.
pub(crate) fn for_each_leaf<'a>(
    value: Json<'a>,
    pointer: &mut String,
    visit: &mut impl FnMut(&str, Option<&str>, &Json<'a>),
) {
    match nonempty_members(value) {
        Some(members) => visit_members(&members, pointer, 1, visit),
        None => visit(pointer, None, &value),
    }
}

/// The members of a non-empty object.
fn nonempty_members(value: Json<'_>) -> Option<Object<'_>> {
    let has_members = value.kind() == Kind::Object && !value.is_empty_container();
    has_members.then(|| value.members()).flatten()
}

/// Calls `visit` for every leaf below `members`, which are nested `depth` objects deep, from 1.
fn visit_members<'a>(
    members: &Object<'a>,
    pointer: &mut String,
    depth: usize,
    visit: &mut impl FnMut(&str, Option<&str>, &Json<'a>),
) {
    let mut visit_member = |member: Member<'_, 'a>| {
        let (name, value) = (member.name(), member.value());
        let nested = (depth < MAX_DEPTH)
            .then(|| nonempty_members(value))
            .flatten();
        let Some(nested) = nested else {
            visit(pointer, Some(&name), &value);
            return;
        };
        let parent_length = pointer.len();
        pointer::push(pointer, &name);
        visit_members(&nested, pointer, depth + 1, visit);
        pointer.truncate(parent_length);
    };
    if members.has_duplicate_names() {
        members.effective().into_iter().for_each(&mut visit_member);
    } else {
        members.iter().for_each(&mut visit_member);
    }
}

/// Calls `visit` with the text of every string, number and boolean in `value`, in order. Values
/// that are nested too deeply are visited as JSON text. Ends with the first `Break`.
pub(crate) fn for_each_scalar(
    value: Json,
    visit: &mut dyn FnMut(&str) -> ControlFlow<()>,
) -> ControlFlow<()> {
    fn visit_at(
        value: Json,
        depth: usize,
        visit: &mut dyn FnMut(&str) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let inner = match value.kind() {
            Kind::Null => return ControlFlow::Continue(()),
            Kind::Array if depth < MAX_DEPTH => value.elements(),
            Kind::Object if depth < MAX_DEPTH => value.members().map(|members| {
                let members = members.effective().into_iter();
                members.map(Member::value).collect()
            }),
            _ => None,
        };
        match inner {
            Some(inner) => inner
                .into_iter()
                .try_for_each(|value| visit_at(value, depth + 1, visit)),
            None => visit(&plain_text(value)),
        }
    }
    visit_at(value, 0, visit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat(text: &str) -> Vec<(String, String)> {
        let value: Json = serde_json::from_str(text).expect("the test's own JSON is well-formed");
        Variables::read(Some(value))
            .flatten()
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
    fn scalars_are_visited_one_by_one() {
        let value = Json::from_well_formed(
            r#"{"a":{"b":1.10,"c":{}},"d":["x\n",[true,null],{"e":"y"}],"e":"old","e":""}"#,
        );
        let mut texts = Vec::new();
        let flow = for_each_scalar(value, &mut |text| {
            texts.push(text.to_owned());
            ControlFlow::Continue(())
        });
        assert!(flow.is_continue());
        assert_eq!(texts, ["1.10", "x\n", "true", "y", ""]);
        let deep = format!("{}1{}", "[".repeat(50_000), "]".repeat(50_000));
        let value = Json::from_well_formed(&deep);
        let is_long = |text: &str| match text.len() {
            ..1000 => ControlFlow::Continue(()),
            _ => ControlFlow::Break(()),
        };
        assert!(for_each_scalar(value, &mut { is_long }).is_break());
    }

    #[test]
    fn hostile_nesting_is_kept_as_text() {
        let deep = format!("{}1{}", "{\"a\":".repeat(50_000), "}".repeat(50_000));
        let variables = flat(&deep);
        assert_eq!(variables.len(), 1);
        assert_eq!(variables[0].0.len(), 2 * MAX_DEPTH - 1);
    }
}
