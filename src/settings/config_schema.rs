//! The JSON Schema (draft-07) of `postcall.toml`, for editors. It accepts and rejects the same
//! files as the reader, except that a schema cannot know whether a time zone or a file exists.
//! `tests/config_schema.rs` compares the two.

use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use super::config_file::ConfigFile;

/// The name of the schema. It is not an address, because the schema is published nowhere.
const ID: &str = "urn:postcall:schema:config";

/// Builds the schema. Draft-07 is the version that most editors support.
#[must_use]
pub(crate) fn build_config_schema() -> Value {
    let generator = SchemaSettings::draft07().into_generator();
    let mut schema = generator.into_root_schema_for::<ConfigFile>();
    schema.insert("$id".to_owned(), json!(ID));
    let mut first = |name: &str| (name.to_owned(), schema.remove(name).unwrap_or_default());
    // For people, the names come first.
    let names = ["$schema", "$id", "title", "description"].map(&mut first);
    let rest = schema.as_object_mut().map(std::mem::take);
    let members = names.into_iter().chain(rest.unwrap_or_default());
    let mut schema = Value::Object(members.collect());
    join_lines(&mut schema);
    schema
}

/// Joins the lines of the descriptions, which are wrapped as the doc comments are.
fn join_lines(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::String(text) if name == "description" => *text = text.replace('\n', " "),
                    value => join_lines(value),
                }
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(join_lines),
        _ => {}
    }
}
