//! What a new inference changes in a declaration: `infer --check` prints it, `infer -o` writes it.

use std::collections::HashSet;

use super::evidence::{InferredVariable, Variable, infer};
use super::observed::ObservedVariables;
use super::occurrences::Occurrence;
use crate::contract::declared_variables::{DeclaredVariables, VariableType, is_vendor_name};

/// Values without the declared type from which a variable can be retyped: a single bad value does
/// not change a declaration.
const MIN_MISFITS: u64 = 2;

/// A declared variable whose values have another type.
#[derive(Clone, Debug)]
pub(crate) struct RetypedVariable<'o> {
    pub(crate) declared: VariableType,
    pub(crate) inferred: InferredVariable<'o>,
    /// The first value that does not have the declared type.
    first: Occurrence,
}

impl RetypedVariable<'_> {
    /// `from number to string, first in calls.jsonl:17:45`
    #[must_use]
    pub(crate) fn description(&self) -> String {
        let (declared, found) = (self.declared.name(), self.inferred.kind.name());
        let first = &self.first.location;
        format!("from {declared} to {found}, first in {first}")
    }
}

/// The differences between a declaration and the variables of the input.
#[derive(Clone, Debug, Default)]
pub(crate) struct Changes<'o> {
    /// Variables without a declaration, in order of appearance. Those that every assistant extracts
    /// need none.
    pub(crate) new: Vec<InferredVariable<'o>>,
    /// Variables of another type, in order of appearance.
    pub(crate) retyped: Vec<RetypedVariable<'o>>,
    /// Names that are declared and not in the input, in order of declaration. They are no change: a
    /// day without the calls of an assistant does not change its variables.
    pub(crate) vanished: Vec<String>,
}

impl<'o> Changes<'o> {
    /// Compares `declared` with the variables of the input. A variable that has no value in the
    /// input, or mostly lists and objects, is not retyped, and neither is one whose declared type
    /// is good enough: see [`keeps_type`].
    #[must_use]
    pub(crate) fn find(declared: &DeclaredVariables, observed: &'o ObservedVariables) -> Self {
        let mut changes = Self::default();
        for variable in infer(observed) {
            let Variable::Declarable(inferred) = variable else {
                continue;
            };
            match declared.get(inferred.name) {
                None if declared.expects(inferred.name) => {}
                None => changes.new.push(inferred),
                Some(known) if keeps_type(known.kind, &inferred) => {}
                Some(known) => {
                    let misfits = inferred.misfits(known.kind);
                    let misfits = misfits.expect("the type differs because of some value");
                    changes.retyped.push(RetypedVariable {
                        declared: known.kind,
                        inferred,
                        first: misfits.first,
                    });
                }
            }
        }
        let names: HashSet<&str> = observed.variables.keys().map(|name| &**name).collect();
        let vanished = declared.iter().map(|variable| &variable.name);
        let vanished = vanished.filter(|name| !names.contains(name.as_str()));
        changes.vanished = vanished.cloned().collect();
        changes
    }

    /// The changes of a JSON declaration, which cannot have names that the vendor does not accept.
    #[must_use]
    pub(crate) fn without_refused_names(mut self) -> Self {
        self.new.retain(|variable| is_vendor_name(variable.name));
        self
    }

    /// True if the declaration would stay the same.
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        self.new.is_empty() && self.retyped.is_empty()
    }
}

/// True if a variable of the type `declared` is not retyped. A string is never retyped, because it
/// holds any value. Other types are kept if at least half of the values have them, or if fewer than
/// [`MIN_MISFITS`] do not.
fn keeps_type(declared: VariableType, inferred: &InferredVariable) -> bool {
    if declared == VariableType::String || declared == inferred.kind {
        return true;
    }
    let misfits = inferred.misfits(declared);
    misfits
        .is_none_or(|misfits| misfits.count < MIN_MISFITS || misfits.count * 2 <= inferred.filled())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::infer::test_calls::{observe, observe_values};

    #[test]
    fn only_new_and_retyped_variables_are_changes() {
        let declared = r#"[{"name":"n","type":"number"},{"name":"s","type":"string"},
            {"name":"empty","type":"bool"},{"name":"list","type":"string"},
            {"name":"old","type":"bool"},{"name":"summary","type":"number"}]"#;
        let declared = DeclaredVariables::from_json(declared).expect("a declaration");
        let observed = observe(
            &[
                r#"{"n":1,"s":"a","empty":null,"list":[],"status":true}"#,
                r#"{"n":"x","summary":"text","new":2,"empty":"-"}"#,
                r#"{"n":"y","s":2,"summary":"-"}"#,
                r#"{"summary":true,"s":3}"#,
            ],
            &[],
        );
        let changes = Changes::find(&declared, &observed);
        let new: Vec<&str> = changes.new.iter().map(|variable| variable.name).collect();
        assert_eq!(new, ["new"]);
        let retyped = changes.retyped.iter();
        let retyped: Vec<String> = retyped
            .map(|retyped| format!("{}: {}", retyped.inferred.name, retyped.description()))
            .collect();
        let expected = [
            "n: from number to string, first in a.jsonl:2:29",
            "summary: from number to string, first in a.jsonl:2:43",
        ];
        assert_eq!(retyped, expected);
        assert_eq!(changes.vanished, ["old"]);
        assert!(!changes.is_empty());
        let observed = observe(&[r#"{"n":1,"status":false}"#], &[]);
        let same = Changes::find(&declared, &observed);
        assert!(same.is_empty() && same.vanished.len() == 5, "{same:?}");
    }

    #[test]
    fn a_variable_is_retyped_only_if_most_values_have_other_types() {
        for (declared, values, expected) in [
            // A single value is never enough.
            ("number", &["\"a\""][..], None),
            ("number", &["1", "\"a\""], None),
            ("number", &["\"a\"", "\"b\""], Some("string")),
            ("number", &["1", "2", "\"a\"", "\"b\""], None),
            ("number", &["1", "\"a\"", "\"b\"", "null"], Some("string")),
            ("number", &["1", "12345678901234567"], None),
            (
                "number",
                &["12345678901234567", "12345678901234568"],
                Some("string"),
            ),
            ("bool", &["true", "1", "2", "false"], None),
            ("bool", &["1", "2"], Some("number")),
            // A string holds any value.
            ("string", &["1", "2", "3"], None),
            ("string", &["true", "false"], None),
        ] {
            let text = format!(r#"[{{"name":"v","type":"{declared}"}}]"#);
            let declaration = DeclaredVariables::from_json(&text).expect("a declaration");
            let observed = observe_values(values);
            let changes = Changes::find(&declaration, &observed);
            let retyped = changes.retyped.first();
            let retyped = retyped.map(|retyped| retyped.inferred.kind.name());
            assert_eq!(retyped, expected, "{declared} {values:?}");
        }
    }

    #[test]
    fn names_that_the_vendor_refuses_are_no_change_of_a_json_declaration() {
        let declared = r#"[{"name":"it's","type":"number"}]"#;
        let declared = DeclaredVariables::from_json(declared).expect("a declaration");
        let observed = observe(&[r#"{"a.b":1,"it's":"x"}"#, r#"{"it's":"x"}"#], &[]);
        let changes = Changes::find(&declared, &observed);
        assert_eq!(changes.new.len(), 1);
        let changes = changes.without_refused_names();
        assert_eq!((changes.new.len(), changes.retyped.len()), (0, 1));
        let observed = observe(&[r#"{"a.b":1}"#], &[]);
        let changes = Changes::find(&declared, &observed).without_refused_names();
        assert!(changes.is_empty());
    }
}
