//! The key `variables` of `postcall.toml`: a file name, or a table with the type of each variable.

use std::fmt;
use std::path::PathBuf;

use schemars::generate::SchemaGenerator;
use schemars::{Schema, json_schema};
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use crate::contract::declared_variables::{DeclaredVariables, VariableType};

/// The declaration of the variables.
#[derive(Debug)]
pub(super) enum VariablesSetting {
    /// A JSON file, relative to the settings file.
    File(PathBuf),
    /// Names and types, in no particular order.
    Table(Vec<(Spanned<String>, Spanned<TypeName>)>),
}

impl<'de> Deserialize<'de> for VariablesSetting {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SettingVisitor)
    }
}

struct SettingVisitor;

impl<'de> Visitor<'de> for SettingVisitor {
    type Value = VariablesSetting;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("the name of a JSON file, or a table with the type of each variable")
    }

    fn visit_str<E: Error>(self, path: &str) -> Result<VariablesSetting, E> {
        Ok(VariablesSetting::File(path.into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<VariablesSetting, A::Error> {
        let mut types = Vec::new();
        while let Some(entry) = map.next_entry()? {
            types.push(entry);
        }
        Ok(VariablesSetting::Table(types))
    }
}

/// The name of a type, which may be unknown.
#[derive(Debug)]
pub(super) struct TypeName(String);

impl<'de> Deserialize<'de> for TypeName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TypeVisitor)
    }
}

struct TypeVisitor;

impl Visitor<'_> for TypeVisitor {
    type Value = TypeName;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        let names: Vec<String> = VariableType::names()
            .map(|name| format!("{name:?}"))
            .collect();
        write!(formatter, "a type: {}", names.join(", "))
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<TypeName, E> {
        Ok(TypeName(name.to_owned()))
    }
}

/// The declaration of a table, in the order of the file. An error is a byte offset and a message.
pub(super) fn declare(
    mut types: Vec<(Spanned<String>, Spanned<TypeName>)>,
) -> Result<DeclaredVariables, (usize, String)> {
    // The `toml` crate sorts keys by name.
    types.sort_by_key(|(name, _)| name.span().start);
    let types = types.into_iter().map(|(name, kind)| {
        let name = name.into_inner();
        match VariableType::parse(&name, &kind.get_ref().0) {
            Ok(kind) => Ok((name, kind)),
            Err(problem) => Err((kind.span().start, problem)),
        }
    });
    let types: Vec<_> = types.collect::<Result<_, _>>()?;
    Ok(DeclaredVariables::from_types(types))
}

/// The schema of both forms.
pub(super) fn variables_schema(_: &mut SchemaGenerator) -> Schema {
    let names: Vec<&str> = VariableType::names().collect();
    json_schema!({
        "anyOf": [
            {"type": "string"},
            {"type": "object", "additionalProperties": {"type": "string", "enum": names}},
        ],
    })
}
