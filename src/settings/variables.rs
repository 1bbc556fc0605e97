//! The assistant's post-call schema: which variables the AI is to extract, and of which types. It is read from the JSON that the vendor's API
//! shows, or from any JSON that holds it.

use std::collections::VecDeque;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail, ensure};

use crate::call::plain_text;
use crate::contract::DEFAULT_VARIABLES;
use crate::input::source::reason;
use crate::json::{Json, Kind};

/// The member that holds the declarations in an assistant object of the vendor's API.
const MEMBER: &str = "post_call_schema";

/// How deep a [`MEMBER`] is looked for: an assistant, a list of them, a page of such a list.
const MAX_DEPTH: usize = 6;

/// The type that a variable is declared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VariableType {
    /// `string`
    String,
    /// `number`
    Number,
    /// `bool`
    Bool,
}

/// The types by their names in the vendor's API.
const TYPES: &[(&str, VariableType)] = &[
    ("string", VariableType::String),
    ("number", VariableType::Number),
    ("bool", VariableType::Bool),
];

impl VariableType {
    /// What a value of this type is called in messages.
    #[must_use]
    pub fn in_words(self) -> &'static str {
        match self {
            Self::String => "a string",
            Self::Number => "a number",
            Self::Bool => "true or false",
        }
    }

    /// Whether `value` is of this type.
    #[must_use]
    pub fn admits(self, value: Json) -> bool {
        value.kind()
            == match self {
                Self::String => Kind::String,
                Self::Number => Kind::Number,
                Self::Bool => Kind::Boolean,
            }
    }
}

/// One declared variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredVariable {
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: VariableType,
    /// What it is for, if the declaration says so.
    pub description: Option<String>,
}

/// The variables that an assistant declares, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeclaredVariables(pub Vec<DeclaredVariable>);

impl DeclaredVariables {
    /// Reads the declarations that the file at `path` holds.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let name = path.display();
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) => bail!("{name}: {}", reason(&error)),
        };
        let text = String::from_utf8(bytes).with_context(|| format!("{name}: not UTF-8"))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        Self::from_json(text).with_context(|| name.to_string())
    }

    fn from_json(text: &str) -> anyhow::Result<Self> {
        let value: Json = serde_json::from_str(text).context("no JSON")?;
        let Some(list) = find(value)? else {
            bail!(
                "no `{MEMBER}` in it; it is a list such as [{{\"name\": \"budget\", \"type\": \"number\"}}], or a JSON that contains one"
            );
        };
        let elements = list.elements().unwrap_or_default();
        let declared = elements.into_iter().enumerate().map(declared);
        let variables = declared.collect::<anyhow::Result<Vec<_>>>()?;
        for (index, variable) in variables.iter().enumerate() {
            let before = &variables[..index];
            ensure!(
                before.iter().all(|other| other.name != variable.name),
                "the variable `{}` is declared twice",
                variable.name
            );
        }
        Ok(Self(variables))
    }

    /// The declaration of `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&DeclaredVariable> {
        self.0.iter().find(|variable| variable.name == name)
    }

    /// Whether a variable of this name may come: it is declared, or every assistant has it.
    #[must_use]
    pub fn expects(&self, name: &str) -> bool {
        DEFAULT_VARIABLES.contains(&name) || self.get(name).is_some()
    }
}

/// The list of declarations: the value itself, or the one `post_call_schema` in it.
fn find(value: Json<'_>) -> anyhow::Result<Option<Json<'_>>> {
    if is_list_of_declarations(value) {
        return Ok(Some(value));
    }
    let mut found = None;
    let mut waiting = VecDeque::from([(value, 0)]);
    while let Some((value, depth)) = waiting.pop_front() {
        if depth > MAX_DEPTH {
            continue;
        }
        for member in value.members().unwrap_or_default().effective() {
            if member.name() == MEMBER && member.value().kind() == Kind::Array {
                ensure!(
                    found.is_none_or(|found| found == member.value()),
                    "it holds several assistants with a `{MEMBER}` each; save the one that these calls are of"
                );
                found = Some(member.value());
            } else {
                waiting.push_back((member.value(), depth + 1));
            }
        }
        waiting.extend(
            value
                .elements()
                .unwrap_or_default()
                .into_iter()
                .map(|element| (element, depth + 1)),
        );
    }
    Ok(found)
}

fn is_list_of_declarations(value: Json) -> bool {
    value.elements().is_some_and(|elements| {
        elements.iter().all(|element| {
            let members = element.members();
            members.is_some_and(|members| {
                members.get("name").is_some() && members.get("type").is_some()
            })
        })
    })
}

fn declared((index, element): (usize, Json)) -> anyhow::Result<DeclaredVariable> {
    let members = element.members().unwrap_or_default();
    let text = |name: &str| members.get(name).and_then(Json::as_str);
    let (Some(name), Some(kind)) = (text("name"), text("type")) else {
        bail!("variable {} has no `name` and `type`", index + 1);
    };
    let Some((_, kind)) = TYPES.iter().find(|(known, _)| *known == kind) else {
        let known = TYPES.iter().map(|(known, _)| *known).collect::<Vec<_>>();
        bail!(
            "variable `{name}` has the unknown type `{kind}`; known are {}",
            known.join(", ")
        );
    };
    Ok(DeclaredVariable {
        name: name.into_owned(),
        kind: *kind,
        description: members
            .get("description")
            .filter(|description| !description.is_null())
            .map(|description| plain_text(description).into_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = r#"[{"name":"status","type":"bool","description":"reached?"},{"name":"budget","type":"number"}]"#;

    fn read(text: &str) -> Result<Vec<String>, String> {
        let variables = DeclaredVariables::from_json(text).map_err(|error| format!("{error:#}"))?;
        Ok(variables
            .0
            .into_iter()
            .map(|variable| variable.name)
            .collect())
    }

    #[test]
    fn declarations_are_found_wherever_they_lie() {
        let expected = Ok(vec!["status".to_owned(), "budget".to_owned()]);
        assert_eq!(read(LIST), expected);
        assert_eq!(
            read(&format!(r#"{{"id":1,"post_call_schema":{LIST}}}"#)),
            expected
        );
        assert_eq!(
            read(&format!(r#"{{"data":[{{"post_call_schema":{LIST}}}]}}"#)),
            expected
        );
        assert_eq!(read("[]"), Ok(Vec::new()));
    }

    #[test]
    fn what_can_not_be_used_is_said() {
        let fails = |text: &str, why: &str| {
            let error = read(text).expect_err(text);
            assert!(error.contains(why), "{error}");
        };
        fails("{}", "no `post_call_schema`");
        fails("{", "no JSON");
        fails(r#"[{"name":"a","type":"date"}]"#, "unknown type `date`");
        fails(
            r#"[{"name":"a","type":"bool"},{"name":"a","type":"bool"}]"#,
            "twice",
        );
        fails(
            r#"[{"post_call_schema":[{"name":"a","type":"bool"}]},{"post_call_schema":[]}]"#,
            "several assistants",
        );
    }
}
