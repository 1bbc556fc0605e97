//! What a new inference changes in a declaration: `infer --check` prints it, `infer -o` writes it.

use std::collections::HashSet;

use super::evidence::{InferredVariable, Variable, infer};
use super::observed::ObservedVariables;
use super::occurrences::Occurrence;
use crate::contract::declared_variables::{DeclaredVariables, VariableType};

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
    /// input, or only lists and objects, is not retyped.
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
                Some(known) if known.kind == inferred.kind => {}
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

    /// True if the declaration would stay the same.
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        self.new.is_empty() && self.retyped.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::infer::test_calls::observe;

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
                r#"{"n":"y"}"#,
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
}
