//! Values with types, as databases write them, and n8n's `flatted`.

use serde_json::{Map, Value, json};

use super::form::first_value;

/// The text of a body with its members encoded.
fn encode_members(text: &str, encode: fn(&Value) -> Value) -> String {
    let body: Value = serde_json::from_str(text).expect("a body is JSON");
    let members = body.as_object().expect("a body is an object");
    Value::Object(map(members, encode)).to_string()
}

fn map(members: &Map<String, Value>, encode: impl Fn(&Value) -> Value) -> Map<String, Value> {
    let members = members.iter();
    members
        .map(|(name, value)| (name.clone(), encode(value)))
        .collect()
}

/// The text of a body with its members decoded. `None` if one of them is not valid.
fn decode_members(text: &str, decode: fn(&Value) -> Option<Value>) -> Option<String> {
    let body = first_value(text)?;
    Some(try_map(body.as_object()?, decode)?.to_string())
}

fn try_map(
    members: &Map<String, Value>,
    decode: impl Fn(&Value) -> Option<Value>,
) -> Option<Value> {
    let members = members.iter();
    let members = members.map(|(name, value)| Some((name.clone(), decode(value)?)));
    members.collect::<Option<_>>().map(Value::Object)
}

/// The name and the value of an object's only member.
fn only_member(value: &Value) -> Option<(&str, &Value)> {
    let members = value.as_object().filter(|members| members.len() == 1)?;
    members.iter().next().map(|(name, value)| (&**name, value))
}

fn number(text: &Value) -> Option<Value> {
    let number = serde_json::from_str(text.as_str()?).ok()?;
    Some(Value::Number(number))
}

pub(crate) fn encode_dynamodb(text: &str) -> String {
    encode_members(text, to_dynamodb)
}

fn to_dynamodb(value: &Value) -> Value {
    match value {
        Value::Null => json!({"NULL": true}),
        Value::Bool(value) => json!({"BOOL": value}),
        Value::Number(number) => json!({"N": number.to_string()}),
        Value::String(text) => json!({"S": text}),
        Value::Array(elements) => {
            json!({"L": elements.iter().map(to_dynamodb).collect::<Vec<_>>()})
        }
        Value::Object(members) => json!({"M": map(members, to_dynamodb)}),
    }
}

pub(crate) fn decode_dynamodb(text: &str) -> Option<String> {
    decode_members(text, of_dynamodb)
}

fn of_dynamodb(value: &Value) -> Option<Value> {
    match only_member(value)? {
        ("NULL", Value::Bool(true)) => Some(Value::Null),
        // Binary data is left as base64. Old SDKs write the names of types in lower case.
        ("BOOL", value @ Value::Bool(_)) | ("S" | "s" | "B" | "b", value @ Value::String(_)) => {
            Some(value.clone())
        }
        ("N" | "n", text) => number(text),
        ("L", Value::Array(elements)) => elements.iter().map(of_dynamodb).collect(),
        ("M", Value::Object(members)) => try_map(members, of_dynamodb),
        _ => None,
    }
}

pub(crate) fn encode_firestore(text: &str) -> String {
    encode_members(text, to_firestore)
}

fn to_firestore(value: &Value) -> Value {
    match value {
        Value::Null => json!({"nullValue": null}),
        Value::Bool(value) => json!({"booleanValue": value}),
        Value::Number(number) if number.is_i64() => json!({"integerValue": number.to_string()}),
        Value::Number(number) => json!({"doubleValue": number}),
        Value::String(text) => json!({"stringValue": text}),
        Value::Array(elements) => {
            let elements: Vec<_> = elements.iter().map(to_firestore).collect();
            json!({"arrayValue": {"values": elements}})
        }
        Value::Object(members) if members.is_empty() => json!({"mapValue": {}}),
        Value::Object(members) => json!({"mapValue": {"fields": map(members, to_firestore)}}),
    }
}

pub(crate) fn decode_firestore(text: &str) -> Option<String> {
    decode_members(text, of_firestore)
}

fn of_firestore(value: &Value) -> Option<Value> {
    match only_member(value)? {
        ("nullValue", Value::Null) => Some(Value::Null),
        ("booleanValue", value @ Value::Bool(_))
        | ("doubleValue", value @ Value::Number(_))
        | ("stringValue", value @ Value::String(_)) => Some(value.clone()),
        ("integerValue", text) => number(text),
        ("arrayValue", list) => match only_member(list)? {
            ("values", Value::Array(elements)) => elements.iter().map(of_firestore).collect(),
            _ => None,
        },
        ("mapValue", Value::Object(members)) if members.is_empty() => Some(json!({})),
        ("mapValue", members) => match only_member(members)? {
            ("fields", Value::Object(members)) => try_map(members, of_firestore),
            _ => None,
        },
        _ => None,
    }
}

/// Extended JSON, in which only numbers have types.
pub(crate) fn encode_mongodb(text: &str) -> String {
    encode_members(text, to_mongodb)
}

fn to_mongodb(value: &Value) -> Value {
    match value {
        Value::Number(number) if number.is_i64() => json!({"$numberLong": number.to_string()}),
        Value::Number(number) => json!({"$numberDouble": number.to_string()}),
        Value::Array(elements) => elements.iter().map(to_mongodb).collect(),
        Value::Object(members) => Value::Object(map(members, to_mongodb)),
        plain => plain.clone(),
    }
}

pub(crate) fn decode_mongodb(text: &str) -> Option<String> {
    decode_members(text, of_mongodb)
}

fn of_mongodb(value: &Value) -> Option<Value> {
    match (value, only_member(value)) {
        (_, Some(("$numberLong" | "$numberDouble", text))) => number(text),
        (Value::Array(elements), _) => elements.iter().map(of_mongodb).collect(),
        (Value::Object(members), _) => try_map(members, of_mongodb),
        (plain, _) => Some(plain.clone()),
    }
}

/// An array with the value, and then its objects, arrays and strings. In each of them, strings are
/// the indexes of elements.
pub(crate) fn encode_flatted(text: &str) -> String {
    let body: Value = serde_json::from_str(text).expect("a body is JSON");
    let mut elements = vec![body];
    let mut at = 0;
    while let Some(element) = elements.get_mut(at) {
        let mut element = element.take();
        match &mut element {
            Value::Array(values) => {
                for value in values {
                    move_to_end(value, &mut elements);
                }
            }
            Value::Object(members) => {
                for value in members.values_mut() {
                    move_to_end(value, &mut elements);
                }
            }
            _ => {}
        }
        elements[at] = element;
        at += 1;
    }
    Value::Array(elements).to_string()
}

/// Moves a string, an object or an array to the end of the elements, and replaces it by its index.
fn move_to_end(value: &mut Value, elements: &mut Vec<Value>) {
    if value.is_string() || value.is_object() || value.is_array() {
        let index = Value::String(elements.len().to_string());
        elements.push(std::mem::replace(value, index));
    }
}

pub(crate) fn decode_flatted(text: &str) -> Option<String> {
    let array = first_value(text)?;
    let elements = array.as_array()?;
    Some(resolve(elements.first()?, elements, 0)?.to_string())
}

fn resolve(element: &Value, elements: &[Value], depth: usize) -> Option<Value> {
    const MAX_DEPTH: usize = 16;
    if depth > MAX_DEPTH {
        return None;
    }
    let value = |value: &Value| match value {
        Value::String(index) => match elements.get(index.parse::<usize>().ok()?)? {
            text @ Value::String(_) => Some(text.clone()),
            element => resolve(element, elements, depth + 1),
        },
        plain => Some(plain.clone()),
    };
    match element {
        Value::Array(values) => values.iter().map(value).collect(),
        Value::Object(members) => try_map(members, value),
        plain => Some(plain.clone()),
    }
}
