//! The JSON Schema of the table `rules` in `postcall.toml`.

use schemars::generate::SchemaGenerator;
use schemars::{Schema, json_schema};
use serde_json::{Map, Value, json};

use crate::lint::levels::{ALL_RULES, Verdict};
use crate::lint::rule_data::Family;
use crate::lint::rules::registry;

/// The schema of the table: a key is a rule, a family or `all`, and may be followed by `:`
/// and a glob for JSON Pointers, which starts with `/` or `*`.
pub(super) fn rules_schema(generator: &mut SchemaGenerator) -> Schema {
    let verdict = generator.subschema_for::<Verdict>();
    let rules = registry().map(|rule| (rule.id, rule.summary.to_owned()));
    let families = Family::ALL.into_iter().map(Family::name);
    let families = families.map(|name| (name, format!("all rules of the family `{name}`")));
    let names = [(ALL_RULES, "all rules".to_owned())].into_iter();
    let names: Vec<(&str, String)> = names.chain(families).chain(rules).collect();
    let pattern: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
    let pattern = format!("^({}):[/*]", pattern.join("|"));
    let properties: Map<String, Value> = names
        .into_iter()
        .map(|(name, description)| {
            let schema = json!({"description": description, "allOf": [&verdict]});
            (name.to_owned(), schema)
        })
        .collect();
    json_schema!({
        "type": "object",
        "properties": properties,
        "patternProperties": {pattern: verdict},
        "additionalProperties": false,
    })
}
