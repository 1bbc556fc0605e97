//! The contract as JSON Schema 2020-12. The schema refuses a body that has errors at the default
//! levels, and with `strict` also one that has warnings, as far as a schema can express the rule:
//! rules have a member `in_schema`. `tests/schema.rs` compares the schema with `validate`.

use serde_json::{Map, Value, json};

use crate::contract::declared_variables::{DeclaredVariables, VariableType};
use crate::contract::other_payloads::{CHAT_MEMBERS, REST_CALL_MEMBERS};
use crate::contract::recognition::{CAMPAIGN_NAME, TRANSPORT_PREFIX, is_campaign_inside_lead};
use crate::contract::{
    BOOLEANS_IN_QUOTES, CALL_STATUSES, CAMPAIGN_STATUSES, CONNECTED_STATUSES, DEFAULT_VARIABLES,
    EMPTY_MARKERS, FIELDS, Field, FieldSource, FieldType, KNOWN_EXTRAS, LEAD_STATUSES, TEST_PREFIX,
    UNCONNECTED_STATUSES, fields_of,
};
use crate::json::LARGEST_EXACT_INTEGER;

/// Options of the schema.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SchemaOptions<'v> {
    /// Refuse bodies that only have warnings, too.
    pub(crate) strict: bool,
    /// The assistant's post-call schema, if the extracted variables are to be checked against it.
    pub(crate) variables: Option<&'v DeclaredVariables>,
}

/// The name of the schema. It is not an address, because the schema is published nowhere.
const ID: &str = "urn:postcall:schema:post-call";

/// The name of the schema with these options. With declared variables, it has none, because it is
/// another schema for each declaration.
fn schema_id(options: SchemaOptions) -> Option<String> {
    match (options.strict, options.variables) {
        (false, None) => Some(ID.to_owned()),
        (true, None) => Some(format!("{ID}:strict")),
        (_, Some(_)) => None,
    }
}

/// Builds the schema of a body.
#[must_use]
pub(crate) fn build_schema(options: SchemaOptions) -> Value {
    let mut schema = json!({"$schema": "https://json-schema.org/draft/2020-12/schema"});
    let root = members_mut(&mut schema);
    root.extend(schema_id(options).map(|id| ("$id".to_owned(), json!(id))));
    extend(
        root,
        json!({
            "title": "Post-call webhook body",
            "description": "The body that the Famulor voice-AI platform posts after a call: the call, the variables that the AI extracted, the transcript, and for \
                            campaign calls the lead and the campaign.",
            "type": "object",
        }),
    );
    extend(root, object_schema("", options));
    let conditions = cross_field_conditions(options);
    if !conditions.is_empty() {
        root.insert("allOf".to_owned(), json!(conditions));
    }
    root.insert("$defs".to_owned(), definitions(options));
    schema
}

fn members_mut(value: &mut Value) -> &mut Map<String, Value> {
    value.as_object_mut().expect("it was made as an object")
}

/// Adds the members of the object `more` to `members`.
fn extend(members: &mut Map<String, Value>, more: Value) {
    if let Value::Object(more) = more {
        members.extend(more);
    }
}

/// Schema keywords for the object that the contract documents at `pointer`.
fn object_schema(pointer: &str, options: SchemaOptions) -> Value {
    let fields = || fields_of(pointer);
    let mut properties: Map<String, Value> = fields()
        .map(|field| (field.name.to_owned(), property_schema(field, options)))
        .collect();
    if pointer.is_empty() && options.strict {
        let extras = KNOWN_EXTRAS.iter();
        properties
            .extend(extras.map(|name| ((*name).to_owned(), json!({"$ref": "#/$defs/exact"}))));
    }
    if is_campaign_inside_lead(pointer, CAMPAIGN_NAME) && !options.strict {
        // A known variant of the vendor (rule `campaign-inside-lead`).
        let campaign = json!({"if": {"type": "object"}, "then": {"$ref": "#/$defs/campaign"}});
        properties.insert(CAMPAIGN_NAME.to_owned(), campaign);
    }
    let required: Vec<&str> = fields()
        .filter(|field| field.required)
        .map(|field| field.name)
        .collect();
    let mut schema = json!({"properties": properties});
    if pointer == "/campaign" && !options.strict {
        let brief = json!({"maxProperties": 2, "required": ["id", "name"]});
        extend(
            members_mut(&mut schema),
            json!({"if": {"not": brief}, "then": {"required": required}}),
        );
    } else {
        extend(members_mut(&mut schema), json!({"required": required}));
    }
    if options.strict {
        extend(
            members_mut(&mut schema),
            json!({"additionalProperties": false}),
        );
    }
    if pointer.is_empty() {
        let transport = format!("^{TRANSPORT_PREFIX}");
        // Members that Make adds are not part of the body. Some other payloads of the vendor
        // resemble a call, so they are excluded by name.
        extend(
            members_mut(&mut schema),
            json!({
                "patternProperties": {transport: true},
                "not": {"anyOf": [
                    {"required": CHAT_MEMBERS},
                    {"required": REST_CALL_MEMBERS},
                    {"required": ["event"], "properties": {"event": {"const": "message_status"}}},
                ]},
            }),
        );
    }
    schema
}

/// The schema of a documented field.
fn property_schema(field: &Field, options: SchemaOptions) -> Value {
    let mut schema = json!({
        "title": display_title(field.name),
        "description": field.meaning,
        "type": json_types(field, options.strict),
    });
    let strict = options.strict;
    let members = members_mut(&mut schema);
    match field.kind {
        FieldType::Integer if strict => {
            extend(
                members,
                json!({"minimum": 0, "maximum": LARGEST_EXACT_INTEGER}),
            );
        }
        FieldType::Object => {
            if !strict {
                // A known variant of the vendor: `[]` for `{}`.
                extend(members, json!({"maxItems": 0}));
            }
            extend(
                members,
                match field.pointer {
                    "/campaign" => json!({"$ref": "#/$defs/campaign"}),
                    "/extracted_variables" => extracted_schema(options),
                    _ if field.holds_variables() => variables_schema(strict),
                    pointer => object_schema(pointer, options),
                },
            );
        }
        _ => {}
    }
    extend(members, format_schema(field, strict));
    if strict {
        let known = match field.pointer {
            "/status" => Some(CALL_STATUSES),
            "/lead/status" => Some(LEAD_STATUSES),
            "/campaign/status" => Some(CAMPAIGN_STATUSES),
            _ => None,
        };
        if let Some(known) = known {
            extend(members, json!({"enum": known}));
        }
        if field.pointer == "/transcript" {
            extend(members, not_a_sample());
        }
    }
    schema
}

/// Title of a field: `Customer phone` for `customer_phone`, `Recording URL` for `recording_url`.
fn display_title(name: &str) -> String {
    let words = name
        .split('_')
        .enumerate()
        .map(|(index, word)| match (word, index) {
            ("id" | "url", _) => word.to_uppercase(),
            (_, 0) => word[..1].to_uppercase() + &word[1..],
            _ => word.to_owned(),
        });
    words.collect::<Vec<_>>().join(" ")
}

/// The `type` of a field in the schema: one name, or a list of names. Unless `strict`, known
/// variants are accepted: an array instead of the transcript's text or of an object.
fn json_types(field: &Field, strict: bool) -> Value {
    let mut types = vec![field.kind.name()];
    let has_list_variant = field.kind == FieldType::Object || field.pointer == "/transcript";
    if has_list_variant && !strict {
        types.push("array");
    }
    if field.nullable {
        types.push("null");
    }
    match types.as_slice() {
        [kind] => json!(kind),
        _ => json!(types),
    }
}

/// Schema keywords for the format of a field. A format that only the example on the page has counts
/// if `strict`.
fn format_schema(field: &Field, strict: bool) -> Value {
    match field.format {
        Some((_, FieldSource::Example)) if !strict => json!({}),
        Some((format, _)) => format.schema(strict),
        None => json!({}),
    }
}

/// Schema keywords for an object of variables without declared names.
fn variables_schema(strict: bool) -> Value {
    if strict {
        json!({"additionalProperties": {"$ref": "#/$defs/variable"}})
    } else {
        json!({})
    }
}

/// Schema keywords for `extracted_variables`: those of the declared variables, if there are any.
fn extracted_schema(options: SchemaOptions) -> Value {
    let Some(declared) = options.variables else {
        return variables_schema(options.strict);
    };
    let mut properties = Map::new();
    if options.strict {
        let names = DEFAULT_VARIABLES.iter();
        properties
            .extend(names.map(|name| ((*name).to_owned(), json!({"$ref": "#/$defs/variable"}))));
    }
    for variable in declared.iter() {
        let mut schema = json!({});
        if let Some(description) = &variable.description {
            extend(
                members_mut(&mut schema),
                json!({"description": description}),
            );
        }
        extend(
            members_mut(&mut schema),
            variable_schema(variable.kind, options.strict),
        );
        properties.insert(variable.name.clone(), schema);
    }
    let mut schema = json!({"properties": properties});
    if options.strict {
        extend(
            members_mut(&mut schema),
            json!({"additionalProperties": false}),
        );
    }
    schema
}

/// The schema of a variable declared with this type. Unless `strict`, known variants are accepted
/// too.
fn variable_schema(kind: VariableType, strict: bool) -> Value {
    let name = match kind {
        VariableType::String => "string",
        VariableType::Number => "number",
        VariableType::Bool => "boolean",
    };
    if strict {
        return json!({"type": name, "$ref": "#/$defs/variable"});
    }
    let loose = match kind {
        VariableType::String => return json!({"type": [name, "null"]}),
        VariableType::Number => EMPTY_MARKERS.to_vec(),
        VariableType::Bool => [EMPTY_MARKERS, BOOLEANS_IN_QUOTES].concat(),
    };
    json!({"anyOf": [{"type": [name, "null"]}, {"enum": loose}]})
}

/// Conditions that involve several members.
fn cross_field_conditions(options: SchemaOptions) -> Vec<Value> {
    let mut conditions = Vec::new();
    if let Some(declared) = options.variables {
        let names = declared.iter().map(|variable| &*variable.name);
        let names: Vec<&str> = names.collect();
        if !names.is_empty() {
            let all = json!({"type": "object", "required": names});
            conditions.push(json!({
                "if": {"$ref": "#/$defs/never-connected"},
                "else": {"properties": {"extracted_variables": all}},
            }));
        }
    }
    if options.strict {
        for (present, required) in [("lead", "campaign"), ("campaign", "lead")] {
            conditions.push(json!({
                "if": {"properties": {present: {"type": "object"}}, "required": [present]},
                "then": {"properties": {required: {"type": "object"}}, "required": [required]},
            }));
        }
        conditions.push(json!({
            "if": {"$ref": "#/$defs/never-connected"},
            "then": {"properties": {"transcript": {"const": ""}, "recording_url": {"type": "null"}}},
        }));
        conditions.push(json!({
            "if": {"properties": {
                "status": {"enum": CONNECTED_STATUSES},
                "duration": {"exclusiveMinimum": 0},
            }},
            "then": {"properties": {"transcript": {"minLength": 1}}},
        }));
    }
    conditions
}

fn definitions(options: SchemaOptions) -> Value {
    let campaign_field = FIELDS.iter().find(|field| field.pointer == "/campaign");
    let mut campaign = json!({"description": campaign_field.map(|field| field.meaning)});
    extend(
        members_mut(&mut campaign),
        object_schema("/campaign", options),
    );
    let mut definitions = json!({
        "campaign": campaign,
        "never-connected": {
            "description": "The call was not answered, or failed with a talk time of 0 seconds.",
            "required": ["status"],
            "anyOf": [
                {"properties": {"status": {"enum": UNCONNECTED_STATUSES}}},
                {
                    "properties": {"status": {"const": "failed"}, "duration": {"const": 0}},
                    "required": ["duration"],
                },
            ],
        },
    });
    if options.strict {
        let mut variable = json!({"description": "A variable of a call that is not a test delivery.", "$ref": "#/$defs/exact"});
        extend(members_mut(&mut variable), not_a_sample());
        extend(
            members_mut(&mut definitions),
            json!({
                "exact": {
                    "description": "A value whose numbers all programs read exactly (RFC 7493).",
                    "minimum": 0_i64.saturating_sub_unsigned(LARGEST_EXACT_INTEGER),
                    "maximum": LARGEST_EXACT_INTEGER,
                    "items": {"$ref": "#/$defs/exact"},
                    "additionalProperties": {"$ref": "#/$defs/exact"},
                },
                "variable": variable,
            }),
        );
    }
    definitions
}

fn not_a_sample() -> Value {
    json!({"not": {"type": "string", "pattern": format!("^{TEST_PREFIX}")}})
}
