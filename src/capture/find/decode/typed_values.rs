//! The typed values of databases: objects such as `{"S": "text"}` that name the type of a value.

use chrono::{DateTime, SecondsFormat};

use crate::json::{Json, Kind, Object, plain_text};

/// One way of writing typed values.
#[derive(Debug)]
pub(super) struct Dialect {
    /// Name for messages.
    pub(super) name: &'static str,
    /// True if every value in a body is typed. Otherwise values without a type are plain JSON.
    pub(super) is_strict: bool,
    /// The names of the types.
    types: &'static [(&'static str, TypedKind)],
    /// Members beside the type that do not belong to the value.
    attributes: &'static [&'static str],
}

/// How the value of a type is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TypedKind {
    Text,
    /// A number, or its digits in a string.
    Number,
    Boolean,
    Null,
    /// An object whose members are typed.
    Map,
    /// An object with such an object in `fields` or `properties`.
    Fields,
    /// An array of typed values.
    List,
    /// An object with such an array in `values`.
    Values,
    /// An array of strings.
    Texts,
    /// An array of strings with digits.
    Numbers,
    /// ISO 8601, or milliseconds since 1970.
    Date,
    /// Base64, in a string or in the member `base64`.
    Binary,
    /// Plain JSON.
    Plain,
    /// A value that JSON cannot represent.
    NotJson,
}

/// The plain JSON value that a typed value represents.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum PlainValue<'a> {
    /// This value, verbatim.
    Verbatim(Json<'a>),
    /// The number in this string.
    Digits(Json<'a>),
    /// JSON that the text does not contain.
    Computed(String),
    /// An object whose members are typed.
    Map(Json<'a>),
    /// An array of typed values.
    List(Json<'a>),
    /// An array of strings with digits.
    Numbers(Json<'a>),
}

use TypedKind::{
    Binary, Boolean, Date, Fields, List, Map, NotJson, Null, Number, Numbers, Plain, Text, Texts,
    Values,
};

/// Amazon `DynamoDB`: its API, its streams and its exports. The names in lower case are those of
/// AWS Data Pipeline.
static DYNAMODB: Dialect = Dialect {
    name: "DynamoDB JSON",
    is_strict: true,
    types: &[
        ("S", Text),
        ("N", Number),
        ("BOOL", Boolean),
        ("NULL", Null),
        ("M", Map),
        ("L", List),
        ("SS", Texts),
        ("NS", Numbers),
        ("B", Text),
        ("BS", Texts),
        ("s", Text),
        ("n", Number),
        ("bOOL", Boolean),
        ("nULLValue", Null),
        ("m", Map),
        ("l", List),
        ("sS", Texts),
        ("nS", Numbers),
        ("b", Text),
        ("bS", Texts),
    ],
    attributes: &[],
};

/// The REST APIs of Firestore and Datastore, and `google.protobuf.Value` with its field names.
static GOOGLE: Dialect = Dialect {
    name: "typed JSON of Google",
    is_strict: true,
    types: &[
        ("stringValue", Text),
        ("integerValue", Number),
        ("doubleValue", Number),
        ("numberValue", Number),
        ("booleanValue", Boolean),
        ("boolValue", Boolean),
        ("nullValue", Null),
        ("timestampValue", Text),
        ("mapValue", Fields),
        ("entityValue", Fields),
        ("structValue", Fields),
        ("arrayValue", Values),
        ("listValue", Values),
        ("bytesValue", Text),
        ("blobValue", Text),
        ("referenceValue", Text),
        ("geoPointValue", Plain),
    ],
    attributes: &["excludeFromIndexes", "meaning", "kind"],
};

/// `MongoDB` Extended JSON, versions 1 and 2, canonical and relaxed, and the tagged values of Fauna
/// and Firestore's client libraries. Plain values occur beside them.
static TAGGED: Dialect = Dialect {
    name: "Extended JSON",
    is_strict: false,
    types: &[
        ("$oid", Text),
        ("$date", Date),
        ("$numberInt", Number),
        ("$numberLong", Number),
        ("$numberDouble", Number),
        ("$numberDecimal", Number),
        ("$uuid", Text),
        ("$symbol", Text),
        ("$binary", Binary),
        ("$undefined", Null),
        ("$values", List),
        ("$timestamp", NotJson),
        ("$regularExpression", NotJson),
        ("$regex", NotJson),
        ("$code", NotJson),
        ("$dbPointer", NotJson),
        ("$minKey", NotJson),
        ("$maxKey", NotJson),
        ("$ref", NotJson),
        ("$reql_type$", NotJson),
        ("@int", Number),
        ("@long", Number),
        ("@double", Number),
        ("@date", Text),
        ("@time", Text),
        ("@ts", Text),
        ("@object", Map),
        ("@ref", NotJson),
        ("@set", NotJson),
        ("@query", NotJson),
    ],
    attributes: &[
        "$type",
        "$options",
        "$scope",
        "$db",
        "$id",
        "epoch_time",
        "timezone",
    ],
};

/// The dialects in which every value of a body is typed.
pub(super) const STRICT_DIALECTS: &[&Dialect] = &[&DYNAMODB, &GOOGLE];

/// The dialect in which typed values occur beside plain ones.
pub(super) const MIXED_DIALECT: &Dialect = &TAGGED;

impl Dialect {
    /// Reads an object with these members as a typed value. Returns `None` if it is not one, and an
    /// error if its value does not fit its type.
    pub(super) fn read<'a>(&self, members: &Object<'a>) -> Option<Result<PlainValue<'a>, String>> {
        if let Some(time) = read_timestamp(members).filter(|_| !self.is_strict) {
            return Some(Ok(time));
        }
        let mut typed = None;
        for member in members {
            let name = member.name();
            if let Some((name, kind)) = self.types.iter().find(|(known, _)| *known == name) {
                // Two types in one object are no typed value.
                if typed.replace((*name, *kind, member.value())).is_some() {
                    return None;
                }
            } else if !self.attributes.contains(&&*name) {
                return None;
            }
        }
        let (name, kind, value) = typed?;
        let plain = read_plain(kind, value);
        Some(plain.ok_or_else(|| format!("`{name}` without a plain JSON value")))
    }
}

/// A timestamp of Firestore's client libraries, as they serialize it.
fn read_timestamp<'a>(members: &Object<'a>) -> Option<PlainValue<'a>> {
    let seconds = members.get("_seconds").and_then(Json::as_u64)?;
    let nanoseconds = members.get("_nanoseconds").and_then(Json::as_u64)?;
    let time = DateTime::from_timestamp(
        i64::try_from(seconds).ok()?,
        u32::try_from(nanoseconds).ok()?,
    )?;
    let is_whole = members.len() == 2;
    is_whole.then(|| PlainValue::Computed(quote_time(time)))
}

fn quote_time(time: DateTime<chrono::Utc>) -> String {
    format!("\"{}\"", time.to_rfc3339_opts(SecondsFormat::AutoSi, true))
}

/// The plain value of a type; `None` if the value does not fit the type.
fn read_plain(kind: TypedKind, value: Json) -> Option<PlainValue> {
    let empty_object = || value.is_empty_container() && value.kind() == Kind::Object;
    match kind {
        Text => (value.kind() == Kind::String).then_some(PlainValue::Verbatim(value)),
        Number => read_number(value),
        Boolean => (value.kind() == Kind::Boolean).then_some(PlainValue::Verbatim(value)),
        Null => {
            let is_null = matches!(value.text(), "true" | "null" | "0" | "\"NULL_VALUE\"");
            is_null.then(|| PlainValue::Computed("null".to_owned()))
        }
        Map => (value.kind() == Kind::Object).then_some(PlainValue::Map(value)),
        Fields if empty_object() => Some(PlainValue::Verbatim(value)),
        Fields => {
            let members = value.members()?;
            let fields = members
                .get("fields")
                .or_else(|| members.get("properties"))?;
            (fields.kind() == Kind::Object).then_some(PlainValue::Map(fields))
        }
        List => (value.kind() == Kind::Array).then_some(PlainValue::List(value)),
        Values if empty_object() => Some(PlainValue::Computed("[]".to_owned())),
        Values => {
            let values = value.members()?.get("values")?;
            (values.kind() == Kind::Array).then_some(PlainValue::List(values))
        }
        Texts => {
            let elements = value.elements()?;
            let are_texts = elements.iter().all(|text| text.kind() == Kind::String);
            are_texts.then_some(PlainValue::Verbatim(value))
        }
        Numbers => (value.kind() == Kind::Array).then_some(PlainValue::Numbers(value)),
        Date => read_date(value),
        Binary => {
            let text = match value.members() {
                Some(members) => members.get("base64")?,
                None => value,
            };
            (text.kind() == Kind::String).then_some(PlainValue::Verbatim(text))
        }
        Plain => Some(PlainValue::Verbatim(value)),
        NotJson => None,
    }
}

/// Reads a number, or the digits of one in a string. JSON has no number for infinity and NaN, which
/// JSON writers replace by null.
pub(super) fn read_number(value: Json) -> Option<PlainValue> {
    if value.kind() == Kind::Number {
        return Some(PlainValue::Verbatim(value));
    }
    let text = value.as_str()?;
    if matches!(&*text, "NaN" | "Infinity" | "-Infinity") {
        return Some(PlainValue::Computed("null".to_owned()));
    }
    let number: Json = serde_json::from_str(&text).ok()?;
    let is_number = number.kind() == Kind::Number && value.text().len() == number.text().len() + 2;
    is_number.then_some(PlainValue::Digits(value))
}

fn read_date(value: Json) -> Option<PlainValue> {
    let milliseconds = match value.kind() {
        Kind::String => return Some(PlainValue::Verbatim(value)),
        Kind::Object => value.members()?.get("$numberLong")?,
        _ => value,
    };
    let milliseconds = plain_text(milliseconds).parse().ok()?;
    let time = DateTime::from_timestamp_millis(milliseconds)?;
    let time = time.to_rfc3339_opts(SecondsFormat::Millis, true);
    Some(PlainValue::Computed(format!("\"{time}\"")))
}
