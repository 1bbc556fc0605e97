//! The declaration as the vendor's `post_call_schema`: a JSON list for the API.

use anyhow::Context as _;
use serde_json::{Value, json};

use super::changes::Changes;
use super::evidence::InferredVariable;
use crate::contract::declared_variables::{DECLARATION_MEMBERS, is_vendor_name};
use crate::text::safe_text;

/// Formats a list of these variables, without those whose names the vendor does not accept.
pub(crate) fn format_list(variables: &[InferredVariable]) -> anyhow::Result<String> {
    let accepted = variables.iter();
    let accepted = accepted.filter(|variable| is_vendor_name(variable.name));
    let list: Vec<Value> = accepted.map(element).collect();
    to_text(&list)
}

/// Writes the changes into an existing list with this text. Descriptions and other members stay.
pub(crate) fn merge(text: &str, changes: &Changes) -> anyhow::Result<String> {
    let mut list: Vec<Value> = serde_json::from_str(text).context("not a list of declarations")?;
    let [name, kind, _] = DECLARATION_MEMBERS;
    for retyped in &changes.retyped {
        let is_retyped = |element: &&mut Value| element[name] == retyped.inferred.name;
        if let Some(element) = list.iter_mut().find(is_retyped) {
            element[kind] = retyped.inferred.kind.name().into();
        }
    }
    let new = changes.new.iter();
    let new = new.filter(|variable| is_vendor_name(variable.name));
    list.extend(new.map(element));
    to_text(&list)
}

/// A declaration. Its description is the name in words: the vendor requires one, and only people
/// know what the AI is to extract.
fn element(variable: &InferredVariable) -> Value {
    let [name, kind, description] = DECLARATION_MEMBERS;
    json!({
        name: variable.name,
        kind: variable.kind.name(),
        description: variable.name.replace('_', " ").trim(),
    })
}

fn to_text(list: &[Value]) -> anyhow::Result<String> {
    let text = serde_json::to_string_pretty(list)?;
    Ok(format!("{}\n", safe_text::json(&text)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::declared_variables::DeclaredVariables;
    use crate::infer::evidence::{Variable, infer};
    use crate::infer::test_calls::observe;

    const VARIABLES: &str = r#"{"nps_score":9,"a.b":1,"ä":1,"":1,"done":true,"old":"x"}"#;

    #[test]
    fn a_list_has_the_names_that_the_vendor_accepts() {
        let observed = observe(&[VARIABLES], &[]);
        let variables: Vec<InferredVariable> = infer(&observed)
            .filter_map(|variable| match variable {
                Variable::Declarable(variable) => Some(variable),
                Variable::Undeclarable(_) => None,
            })
            .collect();
        let list = format_list(&variables).expect("JSON");
        let declared = DeclaredVariables::from_list(&list).expect("a declaration");
        let declared: Vec<_> = declared
            .iter()
            .map(|variable| {
                (
                    &*variable.name,
                    variable.kind.name(),
                    variable.description.as_deref(),
                )
            })
            .collect();
        let expected = [
            ("nps_score", "number", Some("nps score")),
            ("done", "bool", Some("done")),
            ("old", "string", Some("old")),
        ];
        assert_eq!(declared, expected);
    }

    #[test]
    fn other_members_of_a_list_stay() {
        let text = r#"[{"type":"bool","name":"old","description":"Say why","enum":["a"]}, {"name":"gone","type":"bool"}]"#;
        let declared = DeclaredVariables::from_list(text).expect("a declaration");
        let observed = observe(&[VARIABLES], &[]);
        let list = merge(text, &Changes::find(&declared, &observed)).expect("JSON");
        let list: Value = serde_json::from_str(&list).expect("JSON");
        assert_eq!(
            list,
            json!([
                {"type": "string", "name": "old", "description": "Say why", "enum": ["a"]},
                {"name": "gone", "type": "bool"},
                {"name": "nps_score", "type": "number", "description": "nps score"},
                {"name": "done", "type": "bool", "description": "done"},
            ])
        );
    }
}
