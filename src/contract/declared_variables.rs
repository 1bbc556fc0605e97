//! The assistant's post-call schema: names and types of the variables that the AI extracts. It is
//! read from the JSON that the vendor's API returns, or from any JSON that contains it. A table of
//! `postcall.toml` is such a declaration, too.

use std::collections::VecDeque;

use anyhow::{Context as _, bail, ensure};
use indexmap::IndexMap;

use super::DEFAULT_VARIABLES;
use crate::json::{Json, Kind, plain_text};
use crate::text::shorten::shorten;
use crate::text::similar::similar;

/// Name of the member that holds the declarations in an assistant object of the vendor's API.
const DECLARATIONS_MEMBER: &str = "post_call_schema";

/// Names of the members of a declaration: name, type and description. The vendor requires all three
/// (<https://docs.famulor.io/api-reference/assistants/create-assistant>, read in November 2026).
pub(crate) const DECLARATION_MEMBERS: [&str; 3] = ["name", "type", "description"];

/// True if the vendor accepts the name in a `post_call_schema`: "alphanumeric characters and
/// underscores only", says the page of [`DECLARATION_MEMBERS`]. It documents no maximum length, and
/// none for the description or for the number of variables.
#[must_use]
pub(crate) fn is_vendor_name(name: &str) -> bool {
    let is_accepted = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    !name.is_empty() && name.bytes().all(is_accepted)
}

/// Maximum depth at which [`DECLARATIONS_MEMBER`] is searched for. This covers an assistant, a
/// list of assistants and a page of such a list.
const MAX_DEPTH: usize = 6;

/// Declared type of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VariableType {
    /// `string`
    String,
    /// `number`
    Number,
    /// `bool`
    Bool,
}

/// Types with their names in the vendor's API.
const TYPE_NAMES: &[(&str, VariableType)] = &[
    ("string", VariableType::String),
    ("number", VariableType::Number),
    ("bool", VariableType::Bool),
];

impl VariableType {
    /// The names of all types in the vendor's API.
    pub(crate) fn names() -> impl Iterator<Item = &'static str> {
        TYPE_NAMES.iter().map(|(name, _)| *name)
    }

    /// The name of the type in the vendor's API.
    #[must_use]
    pub(crate) fn name(self) -> &'static str {
        let entry = TYPE_NAMES.iter().find(|(_, kind)| *kind == self);
        entry.map(|(name, _)| *name).expect("every type has a name")
    }

    /// The type that the declaration of `variable` names as `kind`. The error is a message for the
    /// user that names the variable, the known types, and the nearest one.
    pub(crate) fn parse(variable: &str, kind: &str) -> Result<Self, String> {
        if let Some((_, kind)) = TYPE_NAMES.iter().find(|(known, _)| *known == kind) {
            return Ok(*kind);
        }
        let hint = similar(&kind.to_lowercase(), Self::names());
        let hint = hint.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
        Err(format!(
            "variable `{}` has an unknown type `{}` (known types: {}){hint}",
            shorten(variable),
            shorten(kind),
            Self::names().collect::<Vec<_>>().join(", ")
        ))
    }

    /// Noun phrase for a value of this type, for messages.
    #[must_use]
    pub(crate) fn describe(self) -> &'static str {
        match self {
            Self::String => "a string",
            Self::Number => "a number",
            Self::Bool => "true or false",
        }
    }

    /// True if `value` has this type.
    #[must_use]
    pub(crate) fn admits(self, value: Json) -> bool {
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
pub(crate) struct DeclaredVariable {
    /// Name of the variable.
    pub(crate) name: String,
    pub(crate) kind: VariableType,
    /// Purpose of the variable, if the declaration has one.
    pub(crate) description: Option<String>,
}

/// Variables that an assistant declares, in order of declaration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct DeclaredVariables(IndexMap<String, DeclaredVariable>);

impl DeclaredVariables {
    /// Reads the declarations from JSON text. It is an error if the text is not JSON or does not
    /// contain exactly one valid list of declarations.
    pub(crate) fn from_json(text: &str) -> anyhow::Result<Self> {
        let value: Json = serde_json::from_str(text).context("not JSON")?;
        let Some(list) = find_declarations(value)? else {
            bail!(
                "no `{DECLARATIONS_MEMBER}` found: expected a list such as [{{\"name\": \"budget\", \"type\": \"number\"}}], or JSON that contains one"
            );
        };
        let elements = list.elements().unwrap_or_default();
        let declared = elements.into_iter().enumerate().map(parse_declaration);
        let mut variables = IndexMap::new();
        for variable in declared {
            let variable = variable?;
            if let Some(first) = variables.insert(variable.name.clone(), variable) {
                bail!("the variable `{}` is declared twice", shorten(&first.name));
            }
        }
        Ok(Self(variables))
    }

    /// The declarations of a table of `postcall.toml`: names, which all differ, and types.
    pub(crate) fn from_types(types: impl IntoIterator<Item = (String, VariableType)>) -> Self {
        let variables = types.into_iter().map(|(name, kind)| {
            let variable = DeclaredVariable {
                name: name.clone(),
                kind,
                description: None,
            };
            (name, variable)
        });
        Self(variables.collect())
    }

    /// Like [`Self::from_json`], but the text must be the list itself, and nothing else.
    pub(crate) fn from_list(text: &str) -> anyhow::Result<Self> {
        let value: Json = serde_json::from_str(text).context("not JSON")?;
        ensure!(
            is_list_of_declarations(value),
            "it is not a list of declarations such as [{{\"name\": \"budget\", \"type\": \"number\"}}]"
        );
        Self::from_json(text)
    }

    /// The variables, in order of declaration.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &DeclaredVariable> + Clone {
        self.0.values()
    }

    /// Returns the declaration of `name`.
    #[must_use]
    pub(crate) fn get(&self, name: &str) -> Option<&DeclaredVariable> {
        self.0.get(name)
    }

    /// True if a variable of this name may occur: it is declared, or every assistant extracts it.
    #[must_use]
    pub(crate) fn expects(&self, name: &str) -> bool {
        DEFAULT_VARIABLES.contains(&name) || self.get(name).is_some()
    }
}

/// Finds the list of declarations: `value` itself, or the only `post_call_schema` in it. Several
/// equal lists count as one.
fn find_declarations(value: Json<'_>) -> anyhow::Result<Option<Json<'_>>> {
    if is_list_of_declarations(value) {
        return Ok(Some(value));
    }
    let mut found = None;
    let mut queue = VecDeque::from([(value, 0)]);
    while let Some((value, depth)) = queue.pop_front() {
        if depth > MAX_DEPTH {
            continue;
        }
        for member in value.members().unwrap_or_default().effective() {
            if member.name() == DECLARATIONS_MEMBER && member.value().kind() == Kind::Array {
                ensure!(
                    found.is_none_or(|found| found == member.value()),
                    "more than one `{DECLARATIONS_MEMBER}` found: save only the schema of the assistant that made these calls"
                );
                found = Some(member.value());
            } else {
                queue.push_back((member.value(), depth + 1));
            }
        }
        queue.extend(
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

fn parse_declaration((index, element): (usize, Json)) -> anyhow::Result<DeclaredVariable> {
    let members = element.members().unwrap_or_default();
    let text = |name: &str| members.get(name).and_then(Json::as_str);
    let (Some(name), Some(kind)) = (text("name"), text("type")) else {
        bail!("variable {} needs a `name` and a `type`", index + 1);
    };
    let kind = VariableType::parse(&name, &kind).map_err(anyhow::Error::msg)?;
    Ok(DeclaredVariable {
        name: name.into_owned(),
        kind,
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
        let names = variables.iter().map(|variable| variable.name.clone());
        Ok(names.collect())
    }

    #[test]
    fn declarations_are_found_at_any_level() {
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
    fn unusable_declarations_are_refused_with_a_reason() {
        let fails = |text: &str, why: &str| {
            let error = read(text).expect_err(text);
            assert!(error.contains(why), "{error}");
        };
        fails("{}", "no `post_call_schema`");
        fails("{", "not JSON");
        fails(r#"[{"name":"a","type":"date"}]"#, "unknown type `date`");
        fails(r#"[{"name":"a","type":"Boolean"}]"#, "did you mean `bool`?");
        fails(
            r#"[{"name":"a","type":"bool"},{"name":"a","type":"bool"}]"#,
            "twice",
        );
        fails(
            r#"[{"post_call_schema":[{"name":"a","type":"bool"}]},{"post_call_schema":[]}]"#,
            "more than one `post_call_schema`",
        );
    }
}
