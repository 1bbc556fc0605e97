//! The declaration as the vendor's `post_call_schema`: a JSON list for the API.

use std::ops::Range;

use anyhow::Context as _;
use serde_json::{Value, json};

use super::changes::Changes;
use super::evidence::InferredVariable;
use super::text_edits::{TextEdits, indentation_at, line_start, newline_at};
use crate::capture::location::position::offset_in;
use crate::contract::declared_variables::{DECLARATION_MEMBERS, is_vendor_name};
use crate::json::Json;
use crate::text::safe_text;

/// Formats a list of these variables, without those whose names the vendor does not accept.
pub(crate) fn format_list(variables: &[InferredVariable]) -> anyhow::Result<String> {
    let accepted = variables.iter();
    let accepted = accepted.filter(|variable| is_vendor_name(variable.name));
    let list: Vec<Value> = accepted.map(element).collect();
    to_text(&list)
}

/// Writes the changes into an existing list with this text. Everything else stays as it is.
pub(crate) fn merge(text: &str, changes: &Changes) -> anyhow::Result<String> {
    const EXPECTED: &str = "not a list of declarations";
    let list: Json = serde_json::from_str(text).context(EXPECTED)?;
    let elements = list.elements().context(EXPECTED)?;
    let mut edits = TextEdits::default();
    let [name, kind, _] = DECLARATION_MEMBERS;
    for retyped in &changes.retyped {
        let types = elements.iter().filter_map(|element| {
            let members = element.members()?;
            let is_retyped = members.get(name)?.is_one_of(&[retyped.inferred.name]);
            members.get(kind).filter(|_| is_retyped)
        });
        for declared in types {
            let found = retyped.inferred.kind.name();
            edits.replace(range_of(declared, text), format!("\"{found}\""));
        }
    }
    let new: Vec<Value> = changes.new.iter().map(element).collect();
    if !new.is_empty() {
        extend_list(text, list, elements.last().copied(), &new, &mut edits)?;
    }
    Ok(edits.apply(text))
}

/// Adds elements in the layout of `model`, the last one: on one line or on several.
fn extend_list(
    text: &str,
    list: Json,
    model: Option<Json>,
    new: &[Value],
    edits: &mut TextEdits,
) -> anyhow::Result<()> {
    let Some(model) = model else {
        let range = range_of(list, text);
        let list = serde_json::to_string_pretty(new)?;
        edits.replace(
            range.clone(),
            list.replace('\n', newline_at(text, range.start)),
        );
        return Ok(());
    };
    let range = range_of(model, text);
    let has_own_line = text[line_start(text, range.start)..range.start]
        .trim()
        .is_empty();
    let indentation = indentation_at(text, range.start);
    let newline = format!("{}{indentation}", newline_at(text, range.start));
    for element in new {
        let element = if model.text().contains('\n') {
            serde_json::to_string_pretty(element)?.replace('\n', &newline)
        } else {
            element.to_string()
        };
        let separator = if has_own_line { &newline } else { " " };
        edits.insert(range.end, format!(",{separator}{element}"));
    }
    Ok(())
}

/// The bytes of `value`, which was read from `text`.
fn range_of(value: Json, text: &str) -> Range<usize> {
    let start = offset_in(text.as_bytes(), value.text().as_bytes());
    start..start + value.text().len()
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

    /// The list after the changes of two calls with [`VARIABLES`].
    fn merged(text: &str) -> String {
        let declared = DeclaredVariables::from_list(text).expect("a declaration");
        let observed = observe(&[VARIABLES, VARIABLES], &[]);
        let changes = Changes::find(&declared, &observed).without_refused_names();
        let list = merge(text, &changes).expect("JSON");
        assert!(DeclaredVariables::from_list(&list).is_ok(), "{list}");
        list
    }

    #[test]
    fn everything_else_in_a_list_stays() {
        let old = r#"{"type" : "number","name":"ol\u0064", "extra": 1.10, "a":1,"a":2, "enum": [ "a\u202e"]}"#;
        let retyped = old.replace("\"number\"", "\"string\"");
        let nps = r#"{"name":"nps_score","type":"number","description":"nps score"}"#;
        let done = r#"{"name":"done","type":"bool","description":"done"}"#;
        for (text, expected) in [
            (format!("[{old}]"), format!("[{retyped}, {nps}, {done}]")),
            (
                format!("[\r\n\t{{\"name\":\"x\",\"type\":\"bool\"}},\r\n\t{old}\r\n]\n"),
                format!(
                    "[\r\n\t{{\"name\":\"x\",\"type\":\"bool\"}},\r\n\t{retyped},\r\n\t{nps},\r\n\t{done}\r\n]\n"
                ),
            ),
        ] {
            assert_eq!(merged(&text), expected);
        }
    }

    #[test]
    fn new_declarations_have_the_layout_of_the_list() {
        let done = "[\n  {\n    \"name\": \"done\",\n    \"type\": \"bool\"\n  }\n]";
        let expected = "[\n  {\n    \"name\": \"done\",\n    \"type\": \"bool\"\n  },\n  \
            {\n    \"name\": \"nps_score\",\n    \"type\": \"number\",\n    \"description\": \"nps score\"\n  },\n  \
            {\n    \"name\": \"old\",\n    \"type\": \"string\",\n    \"description\": \"old\"\n  }\n]";
        assert_eq!(merged(done), expected);
        let observed = observe(&[VARIABLES], &[]);
        let list = format_list(
            &infer(&observed)
                .filter_map(|variable| match variable {
                    Variable::Declarable(variable) => Some(variable),
                    Variable::Undeclarable(_) => None,
                })
                .collect::<Vec<_>>(),
        );
        assert_eq!(merged("[ ]\n"), list.expect("JSON"));
    }
}
