//! The contract as JSON Schema 2020-12. It says what `validate` says at the rules' own levels (errors only) or under `--strict` (warnings too),
//! as far as a schema can: [`crate::rules::Rule::in_schema`] tells for each rule. `tests/schema.rs` holds the two together.

use serde_json::{Map, Value, json};

use crate::contract::{
    CALL_STATUSES, CAMPAIGN_STATUSES, CONNECTED_STATUSES, DEFAULT_VARIABLES, FIELDS, Field, Format,
    KNOWN_EXTRAS, LARGEST_EXACT_INTEGER, LEAD_STATUSES, Source, TEST_PREFIX, Type,
    UNCONNECTED_STATUSES, WEEKDAYS, fields_of,
};
use crate::input::envelope::TRANSPORT_PREFIX;
use crate::input::neighbour::{CHAT_MEMBERS, REST_CALL_MEMBERS};
use crate::rules::{BOOLEANS_IN_QUOTES, NOTHING};
use crate::settings::variables::{DeclaredVariables, VariableType};

/// What the schema is to say.
#[derive(Clone, Copy, Debug)]
pub struct Options<'v> {
    /// Refuse what is only warned of.
    pub strict: bool,
    /// The assistant's post-call schema.
    pub variables: Option<&'v DeclaredVariables>,
}

/// The schema of a body.
#[must_use]
pub fn schema(options: Options) -> Value {
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Post-call webhook body",
        "description": "What the Famulor voice-AI platform posts after a call: the call, the variables that the AI extracted, the transcript, and for \
                        campaign calls the lead and the campaign.",
    });
    let root = members(&mut schema);
    root.insert("type".to_owned(), json!("object"));
    extend(root, object("", options));
    let conditions = conditions(options);
    if !conditions.is_empty() {
        root.insert("allOf".to_owned(), json!(conditions));
    }
    root.insert("$defs".to_owned(), definitions(options));
    schema
}

fn members(value: &mut Value) -> &mut Map<String, Value> {
    value.as_object_mut().expect("it was made as an object")
}

fn extend(members: &mut Map<String, Value>, more: Value) {
    if let Value::Object(more) = more {
        members.extend(more);
    }
}

/// The members of the object that the contract documents at `pointer`.
fn object(pointer: &str, options: Options) -> Value {
    let fields = || fields_of(pointer);
    let mut properties: Map<String, Value> = fields()
        .map(|field| (field.name.to_owned(), property(field, options)))
        .collect();
    if pointer.is_empty() && options.strict {
        let extras = KNOWN_EXTRAS.iter();
        properties
            .extend(extras.map(|name| ((*name).to_owned(), json!({"$ref": "#/$defs/exact"}))));
    }
    if pointer == "/lead" && !options.strict {
        // A known variant.
        let campaign = json!({"if": {"type": "object"}, "then": {"$ref": "#/$defs/campaign"}});
        properties.insert("campaign".to_owned(), campaign);
    }
    let required: Vec<&str> = fields()
        .filter(|field| field.required)
        .map(|field| field.name)
        .collect();
    let mut schema = json!({"properties": properties});
    if pointer == "/campaign" && !options.strict {
        let brief = json!({"maxProperties": 2, "required": ["id", "name"]});
        extend(
            members(&mut schema),
            json!({"if": {"not": brief}, "then": {"required": required}}),
        );
    } else {
        extend(members(&mut schema), json!({"required": required}));
    }
    if options.strict {
        extend(members(&mut schema), json!({"additionalProperties": false}));
    }
    if pointer.is_empty() {
        let transport = format!("^{TRANSPORT_PREFIX}");
        // What Make adds is no part of the body; and some other payloads have much in common with a call.
        extend(
            members(&mut schema),
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

fn property(field: &Field, options: Options) -> Value {
    let mut schema = json!({
        "title": title(field.name),
        "description": field.meaning,
        "type": types(field, options.strict),
    });
    let strict = options.strict;
    let this = members(&mut schema);
    match field.kind {
        Type::Integer if strict => {
            extend(
                this,
                json!({"minimum": 0, "maximum": LARGEST_EXACT_INTEGER}),
            );
        }
        Type::Object => {
            if !strict {
                // `[]` for `{}`.
                extend(this, json!({"maxItems": 0}));
            }
            extend(
                this,
                match field.pointer {
                    "/campaign" => json!({"$ref": "#/$defs/campaign"}),
                    "/extracted_variables" => extracted(options),
                    _ if field.holds_variables() => variables(strict),
                    pointer => object(pointer, options),
                },
            );
        }
        _ => {}
    }
    extend(this, format(field, strict));
    if strict {
        let known = match field.pointer {
            "/status" => Some(CALL_STATUSES),
            "/lead/status" => Some(LEAD_STATUSES),
            "/campaign/status" => Some(CAMPAIGN_STATUSES),
            _ => None,
        };
        if let Some(known) = known {
            extend(this, json!({"enum": known}));
        }
        if field.pointer == "/transcript" {
            extend(this, no_sample());
        }
    }
    schema
}

/// `customer_phone` as `Customer phone`, `recording_url` as `Recording URL`.
fn title(name: &str) -> String {
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

fn types(field: &Field, strict: bool) -> Value {
    let mut types = vec![field.kind.name()];
    let has_list_variant = field.kind == Type::Object || field.pointer == "/transcript";
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

fn format(field: &Field, strict: bool) -> Value {
    match field.format {
        Some((_, Source::Example)) if !strict => json!({}),
        None => json!({}),
        Some((Format::Phone, _)) => json!({"pattern": r"^\+[1-9][0-9]{1,14}$"}),
        Some((Format::Timestamp, _)) => json!({"pattern": timestamp_pattern(strict)}),
        Some((Format::TimeOfDay, _)) => {
            json!({"pattern": "^(?:(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?|24:00(?::00)?)$"})
        }
        Some((Format::Weekdays, _)) => json!({"minItems": 1, "items": {"enum": WEEKDAYS}}),
        Some((Format::Url, _)) => {
            let secure = if strict { "[Ss]" } else { "[Ss]?" };
            let pattern =
                format!(r"^[Hh][Tt][Tt][Pp]{secure}://[^\x00-\x20\x7f/?#][^\x00-\x20\x7f]*$");
            json!({"pattern": pattern})
        }
    }
}

/// Times as [`crate::call::timestamp::Timestamp::read`] reads them: ISO 8601 with an offset or, unless `strict`, its known variants.
fn timestamp_pattern(strict: bool) -> String {
    const LEAP_YEAR: &str =
        "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)";
    let date = |dash: &str| {
        format!(
            "(?:[0-9]{{4}}{dash}(?:(?:0[13578]|1[02]){dash}(?:0[1-9]|[12][0-9]|3[01])\
             |(?:0[469]|11){dash}(?:0[1-9]|[12][0-9]|30)\
             |02{dash}(?:0[1-9]|1[0-9]|2[0-8]))\
             |{LEAP_YEAR}{dash}02{dash}29)"
        )
    };
    let time = |colon: &str| {
        format!(
            "(?:(?:[01][0-9]|2[0-3]){colon}[0-5][0-9](?:{colon}(?:[0-5][0-9]|60)(?:[.,][0-9]+)?)?\
             |24{colon}00(?:{colon}00(?:[.,]0+)?)?)"
        )
    };
    let (separator, zulu, optional) = if strict {
        ("T", "Z", "")
    } else {
        ("[Tt ]", "[Zz]", "?")
    };
    format!(
        "^(?:{}{separator}{}|{}{separator}{})(?:{zulu}|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?){optional}$",
        date("-"),
        time(":"),
        date(""),
        time(""),
    )
}

/// Variables whose names nobody has declared.
fn variables(strict: bool) -> Value {
    if strict {
        json!({"additionalProperties": {"$ref": "#/$defs/variable"}})
    } else {
        json!({})
    }
}

fn extracted(options: Options) -> Value {
    let Some(declared) = options.variables else {
        return variables(options.strict);
    };
    let mut properties = Map::new();
    if options.strict {
        let names = DEFAULT_VARIABLES.iter();
        properties
            .extend(names.map(|name| ((*name).to_owned(), json!({"$ref": "#/$defs/variable"}))));
    }
    for variable in &declared.0 {
        let mut schema = json!({});
        if let Some(description) = &variable.description {
            extend(members(&mut schema), json!({"description": description}));
        }
        extend(
            members(&mut schema),
            variable_type(variable.kind, options.strict),
        );
        properties.insert(variable.name.clone(), schema);
    }
    let mut schema = json!({"properties": properties});
    if options.strict {
        extend(members(&mut schema), json!({"additionalProperties": false}));
    }
    schema
}

fn variable_type(kind: VariableType, strict: bool) -> Value {
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
        VariableType::Number => NOTHING.to_vec(),
        VariableType::Bool => [NOTHING, BOOLEANS_IN_QUOTES].concat(),
    };
    json!({"anyOf": [{"type": [name, "null"]}, {"enum": loose}]})
}

/// What depends on several members.
fn conditions(options: Options) -> Vec<Value> {
    let mut conditions = Vec::new();
    if let Some(declared) = options.variables {
        let names: Vec<&str> = declared
            .0
            .iter()
            .map(|variable| variable.name.as_str())
            .collect();
        if !names.is_empty() {
            let all = json!({"type": "object", "required": names});
            conditions.push(json!({
                "if": {"$ref": "#/$defs/never-connected"},
                "else": {"properties": {"extracted_variables": all}},
            }));
        }
    }
    if options.strict {
        for (one, other) in [("lead", "campaign"), ("campaign", "lead")] {
            conditions.push(json!({
                "if": {"properties": {one: {"type": "object"}}, "required": [one]},
                "then": {"properties": {other: {"type": "object"}}, "required": [other]},
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

fn definitions(options: Options) -> Value {
    let campaign_field = FIELDS.iter().find(|field| field.pointer == "/campaign");
    let mut campaign = json!({"description": campaign_field.map(|field| field.meaning)});
    extend(members(&mut campaign), object("/campaign", options));
    let mut definitions = json!({
        "campaign": campaign,
        "never-connected": {
            "description": "Nobody picked up, or the call failed before a second was talked.",
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
        let mut variable = json!({"description": "A variable of a call that is no test delivery.", "$ref": "#/$defs/exact"});
        extend(members(&mut variable), no_sample());
        extend(
            members(&mut definitions),
            json!({
                "exact": {
                    "description": "A value whose numbers every reader reads exactly (RFC 7493).",
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

fn no_sample() -> Value {
    json!({"not": {"type": "string", "pattern": format!("^{TEST_PREFIX}")}})
}
