//! The typed values of databases: objects such as `{"S": "text"}` that name the type of a value.

use chrono::{DateTime, SecondsFormat};

use crate::json::{Json, Kind, Member, Object, plain_text};

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
    /// A number without a fraction, or its digits in a string.
    Integer,
    /// 24 hexadecimal digits.
    ObjectId,
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
    /// A value without the name of its type.
    Untyped,
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
    /// A value that may be a number or text.
    Untyped,
}

use TypedKind::{
    Binary, Boolean, Date, Fields, Integer, List, Map, NotJson, Null, Number, Numbers, ObjectId,
    Plain, Text, Texts, Untyped, Values,
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
        ("integerValue", Integer),
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

/// Values of version 2 of the AWS SDK, as Go writes them: the names of the types are missing, so
/// that numbers and text cannot be distinguished.
static UNTYPED: Dialect = Dialect {
    name: "DynamoDB values of the AWS SDK for Go",
    is_strict: true,
    types: &[("Value", Untyped)],
    attributes: &[],
};

/// The timestamps of Firestore's client libraries, beside plain values.
static FIRESTORE: Dialect = Dialect {
    name: "Firestore data",
    is_strict: false,
    types: &[],
    attributes: &[],
};

/// `MongoDB` Extended JSON, versions 1 and 2, canonical and relaxed, and the tagged values of
/// Fauna. Plain values occur beside them.
static TAGGED: Dialect = Dialect {
    name: "Extended JSON",
    is_strict: false,
    types: &[
        ("$oid", ObjectId),
        ("$date", Date),
        ("$numberInt", Integer),
        ("$numberLong", Integer),
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
        ("@int", Integer),
        ("@long", Integer),
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
pub(super) const STRICT_DIALECTS: &[&Dialect] = &[&DYNAMODB, &GOOGLE, &UNTYPED];

/// The dialects in which typed values occur beside plain ones.
pub(super) const MIXED_DIALECTS: &[&Dialect] = &[&TAGGED, &FIRESTORE];

/// True for a member that only documents of `MongoDB` and objects of Json.NET have, and for a type
/// whose object was damaged.
pub(super) fn is_root(name: &str, value: Json) -> bool {
    match name {
        "_id" => value.members().is_some_and(|id| id.get("$oid").is_some()),
        "$id" => value.kind() == Kind::String,
        _ => TAGGED.is_tag(name),
    }
}

impl Dialect {
    /// True for the name of a type in Extended JSON, such as `$numberLong`: an object has no other
    /// members beside it. Parsers must reject them, says the corpus of the BSON specification.
    pub(super) fn is_tag(&self, name: &str) -> bool {
        let mut types = self.types.iter();
        name.starts_with('$')
            && types.any(|(known, kind)| *known == name && !matches!(kind, NotJson | List))
    }

    /// Describes the first of these members, of which there are several, that names a type.
    pub(super) fn find_tag(&self, members: &Object) -> Option<String> {
        let mut names = members.iter().map(Member::name);
        let name = names.find(|name| self.is_tag(name))?;
        Some(format!("`{name}` beside other members"))
    }

    /// Reads an object with these members as a typed value. Returns `None` if it is not one, and an
    /// error if its value does not fit its type.
    pub(super) fn read<'a>(&self, members: &Object<'a>) -> Option<Result<PlainValue<'a>, String>> {
        if self.types.is_empty() {
            return read_timestamp(members).map(Ok);
        }
        let mut typed = None;
        // The AWS SDK for Go writes all types of a value, null except for one.
        let has_nulls = self.is_strict && members.len() > 1;
        for member in members {
            let name = member.name();
            if has_nulls && member.value().kind() == Kind::Null {
                self.types.iter().find(|(known, _)| *known == name)?;
                continue;
            }
            if let Some((name, kind)) = self.types.iter().find(|(known, _)| *known == name) {
                // Two types in one object are no typed value.
                if typed.replace((*name, *kind, member.value())).is_some() {
                    return self.find_tag(members).map(Err);
                }
            } else if !self.attributes.contains(&&*name) {
                return self.find_tag(members).map(Err);
            }
        }
        let (name, kind, value) = typed?;
        let plain = read_plain(kind, value);
        Some(plain.ok_or_else(|| format!("`{name}` {}", describe_misfit(kind))))
    }
}

/// Describes a value that does not fit its type.
fn describe_misfit(kind: TypedKind) -> &'static str {
    match kind {
        Text => "that is not a string",
        Number => "that is not a number",
        Integer => "that is not a whole number",
        ObjectId => "that is not 24 hexadecimal digits",
        Boolean => "that is not true or false",
        Null => "that is not null",
        Map | Fields => "without an object of typed values",
        List | Values | Texts | Numbers => "without a list",
        Date => "that is not a time",
        Binary => "without text in base64",
        Plain | NotJson | Untyped => "without a plain JSON value",
    }
}

/// A timestamp of Firestore's client libraries, as they serialize it: for the server with `_`
/// before its names, for browsers without.
fn read_timestamp<'a>(members: &Object<'a>) -> Option<PlainValue<'a>> {
    let number = |name: &str| {
        let value = members.get(name).or_else(|| members.get(&name[1..]));
        value.and_then(Json::as_u64)
    };
    let seconds = number("_seconds")?;
    let nanoseconds = number("_nanoseconds")?;
    let time = DateTime::from_timestamp(
        i64::try_from(seconds).ok()?,
        u32::try_from(nanoseconds).ok()?,
    )?;
    let is_type = |value: Json| {
        value
            .as_str()
            .is_some_and(|name| name.starts_with("firestore/"))
    };
    let has_type = members.get("type").is_some_and(is_type);
    let is_whole = members.len() == 2 + usize::from(has_type);
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
        Integer => read_number(value).filter(|_| {
            let digits = value.as_str();
            let digits = digits.as_deref().unwrap_or(value.text());
            let digits = digits.strip_prefix('-').unwrap_or(digits);
            digits.bytes().all(|byte| byte.is_ascii_digit())
        }),
        ObjectId => {
            let digits = value.as_str()?;
            let is_id = digits.len() == 24 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
            is_id.then_some(PlainValue::Verbatim(value))
        }
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
            // An entity of Datastore also has its key.
            let is_known = |name: &str| matches!(name, "fields" | "properties" | "key");
            let is_whole = members.iter().all(|member| is_known(&member.name()));
            (is_whole && fields.kind() == Kind::Object).then_some(PlainValue::Map(fields))
        }
        List => (value.kind() == Kind::Array).then_some(PlainValue::List(value)),
        Values if empty_object() => Some(PlainValue::Computed("[]".to_owned())),
        Values => {
            let members = value.members()?;
            let values = members.get("values").filter(|_| members.len() == 1)?;
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
        Untyped => Some(PlainValue::Untyped),
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
        Kind::String => {
            let text = value.as_str()?;
            // Old versions write the offset without a colon.
            let is_time = DateTime::parse_from_rfc3339(&text).is_ok()
                || DateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M:%S%.f%z").is_ok();
            return is_time.then_some(PlainValue::Verbatim(value));
        }
        Kind::Object => value.members()?.get("$numberLong")?,
        _ => value,
    };
    let milliseconds = plain_text(milliseconds).parse().ok()?;
    let time = DateTime::from_timestamp_millis(milliseconds)?;
    let time = time.to_rfc3339_opts(SecondsFormat::Millis, true);
    Some(PlainValue::Computed(format!("\"{time}\"")))
}
