//! Bodies whose values are typed, as databases write them: `{"N": "180"}` in place of `180`. The
//! body becomes plain JSON, in which numbers keep their digits.
//!
//! A body is certain to be typed if one of its documented values is a typed value where the
//! contract has a plain one. If another value in it cannot be read, the whole body is reported.
//! Otherwise the body is plain, and members named like types belong to its variables.

use super::decoder::{DecodedPiece, Decoder, Detection, PieceContext, PieceKind};
use super::rewriter::JsonRewriter;
use super::typed_values::{
    Dialect, MIXED_DIALECTS, PlainValue, STRICT_DIALECTS, is_root, read_number,
};
use crate::call::contract_object::ContractObject;
use crate::contract::{FIELDS, Field, FieldType};
use crate::json::{Json, Kind, Member, Object, pointer};

pub(super) const DECODER: Decoder = Decoder {
    name: "typed JSON",
    detect,
    decode: |_, detection, _| DecodedPiece::detected(detection),
};

/// Values nested deeper are not read.
const MAX_DEPTH: usize = 64;

fn detect(_: &[u8], context: &PieceContext) -> Option<Detection> {
    let PieceKind::Body(body) = context.kind else {
        return None;
    };
    let json = JsonRewriter::new(body.value.text());
    if is_column_oriented(body) {
        let mut text = json.finish();
        text.damage = Some(COLUMN_ORIENTED.to_owned());
        return Some(Detection::Text(text));
    }
    let mut writer = PlainWriter {
        dialect: find_dialect(body)?,
        json,
    };
    let result = match writer.dialect.find_tag(&body.members) {
        Some(reason) => Err(Unreadable::new(reason)),
        None => writer.write_members(body.value, &body.members, 0),
    };
    let mut plain = writer.json.finish();
    if let Err(Unreadable { pointer, reason }) = result {
        let name = writer.dialect.name;
        let place = if pointer.is_empty() { "" } else { " at " };
        plain.damage = Some(format!(
            "{name} that cannot be read: {reason}{place}{pointer}"
        ));
    }
    Some(Detection::Text(plain))
}

const COLUMN_ORIENTED: &str = "an object with a row number per value, as pandas writes tables; \
                               write them with `orient=\"records\"`";

/// True if the object is a table that pandas wrote: its members are columns, and have a member per
/// row: `{"id":{"0":480601},"customer_phone":{"0":"+4915123456789"}}`.
fn is_column_oriented(body: &ContractObject) -> bool {
    let is_column = |value: &Json| {
        value.members().is_some_and(|rows| {
            let mut names = rows.iter().map(Member::name);
            !rows.is_empty() && names.all(|name| name.bytes().all(|byte| byte.is_ascii_digit()))
        })
    };
    let fields = body.by_field();
    let mut values = fields.filter(|(index, _)| FIELDS[*index].kind != FieldType::Object);
    let first = values.next();
    first.is_some_and(|(_, value)| is_column(value)) && values.all(|(_, value)| is_column(value))
}

/// The dialect of a body, if it certainly has one.
fn find_dialect(body: &ContractObject) -> Option<&'static Dialect> {
    find_strict_dialect(body).or_else(|| {
        MIXED_DIALECTS.iter().copied().find(|dialect| {
            let is_typed = |value: Json| {
                let members = value.members();
                members.is_some_and(|members| dialect.read(&members).is_some())
            };
            let mut members = body.members.iter();
            members.any(|member| is_root(&member.name(), member.value()))
                || body.by_field().any(|(index, value)| {
                    FIELDS[index].kind != FieldType::Object && is_typed(*value)
                        || has_typed_field(&FIELDS[index], *value, is_typed)
                })
        })
    })
}

/// True if a value of the object in `field`, such as a lead, is typed where the contract has a
/// plain one.
fn has_typed_field(field: &Field, object: Json, is_typed: impl Fn(Json) -> bool) -> bool {
    let Some(members) = object.members() else {
        return false;
    };
    let mut fields = FIELDS.iter().filter(|inner| {
        let name = inner.pointer.strip_prefix(field.pointer);
        inner.kind != FieldType::Object && name.is_some_and(|name| name.starts_with('/'))
    });
    fields.any(|inner| {
        let name = &inner.pointer[field.pointer.len() + 1..];
        members.get(name).is_some_and(&is_typed)
    })
}

/// The strict dialect of a body, if it certainly has one.
fn find_strict_dialect(body: &ContractObject) -> Option<&'static Dialect> {
    STRICT_DIALECTS.iter().copied().find(|dialect| {
        let mut is_every_member_typed = true;
        for (index, value) in body.by_field() {
            let is_typed = value
                .members()
                .is_some_and(|members| matches!(dialect.read(&members), Some(Ok(_))));
            if is_typed && FIELDS[index].kind != FieldType::Object {
                return true;
            }
            is_every_member_typed &= is_typed;
        }
        is_every_member_typed
    })
}

/// A value that cannot be read.
struct Unreadable {
    /// JSON Pointer to the value within the body.
    pointer: String,
    reason: String,
}

impl Unreadable {
    fn new(reason: impl Into<String>) -> Self {
        Self {
            pointer: String::new(),
            reason: reason.into(),
        }
    }

    /// The error as one of the member or element `name`.
    fn inside(self, name: &str) -> Self {
        Self {
            pointer: pointer::child("", name) + &self.pointer,
            ..self
        }
    }
}

/// Writes a body as plain JSON.
struct PlainWriter<'a> {
    dialect: &'static Dialect,
    json: JsonRewriter<'a>,
}

impl<'a> PlainWriter<'a> {
    /// Writes the value, which is typed or contains typed values.
    fn write_value(&mut self, value: Json<'a>, depth: usize) -> Result<(), Unreadable> {
        if depth > MAX_DEPTH {
            return Err(Unreadable::new("values nested too deeply"));
        }
        match value.kind() {
            Kind::Object => {
                let members = value.members().unwrap_or_default();
                match self.dialect.read(&members) {
                    Some(plain) => self.write_plain(plain.map_err(Unreadable::new)?, value, depth),
                    None if self.dialect.is_strict => {
                        Err(Unreadable::new("a value without a type"))
                    }
                    None => self.write_members(value, &members, depth),
                }
            }
            _ if self.dialect.is_strict => Err(Unreadable::new("a value without a type")),
            Kind::Array => self.write_elements(value, depth),
            _ => {
                self.json.copy(value.text());
                Ok(())
            }
        }
    }

    /// Writes the plain value that `typed` represents.
    fn write_plain(
        &mut self,
        plain: PlainValue<'a>,
        typed: Json<'a>,
        depth: usize,
    ) -> Result<(), Unreadable> {
        match plain {
            PlainValue::Verbatim(value) => self.json.copy(value.text()),
            PlainValue::Digits(value) => self.json.copy(&value.text()[1..value.text().len() - 1]),
            PlainValue::Computed(json) => self.json.replace(typed.text(), &json),
            PlainValue::Map(value) => {
                let members = value.members().unwrap_or_default();
                return self.write_members(value, &members, depth);
            }
            PlainValue::List(value) => return self.write_elements(value, depth),
            PlainValue::Untyped => {
                let reason = "a value whose type is missing (use `attributevalue.UnmarshalMap` \
                              before `json.Marshal`)";
                return Err(Unreadable::new(reason));
            }
            PlainValue::Numbers(value) => {
                return self.write_list(value, |writer, number| {
                    let number = read_number(number)
                        .ok_or_else(|| Unreadable::new("text that is not a number"))?;
                    writer.write_plain(number, value, depth)
                });
            }
        }
        Ok(())
    }

    /// Writes an object with plain values for its members, which are typed or contain typed values.
    fn write_members(
        &mut self,
        object: Json<'a>,
        members: &Object<'a>,
        depth: usize,
    ) -> Result<(), Unreadable> {
        let text = object.text();
        self.json.copy(&text[..1]);
        let mut is_first = true;
        for member in members {
            let value = member.value();
            let name = member.name();
            // Json.NET numbers the objects of a text.
            if !self.dialect.is_strict && name == "$id" && value.kind() == Kind::String {
                continue;
            }
            let name_text = member.name_text();
            if !std::mem::take(&mut is_first) {
                self.json.add_mark(",");
            }
            self.json.copy(name_text);
            self.json.add_mark(":");
            let written = self.write_value(value, depth + 1);
            written.map_err(|error| error.inside(&name))?;
        }
        self.json.close(object);
        Ok(())
    }

    /// Writes an array with plain values for its elements, which are typed or contain typed values.
    fn write_elements(&mut self, array: Json<'a>, depth: usize) -> Result<(), Unreadable> {
        self.write_list(array, |writer, element| {
            writer.write_value(element, depth + 1)
        })
    }

    /// Writes an array, with `write` for its elements.
    fn write_list(
        &mut self,
        array: Json<'a>,
        write: impl Fn(&mut Self, Json<'a>) -> Result<(), Unreadable>,
    ) -> Result<(), Unreadable> {
        let text = array.text();
        self.json.copy(&text[..1]);
        for (index, element) in array.elements().unwrap_or_default().into_iter().enumerate() {
            if index > 0 {
                self.json.add_mark(",");
            }
            let written = write(self, element);
            written.map_err(|error| error.inside(&index.to_string()))?;
        }
        self.json.close(array);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Map, Value, json};

    use super::*;
    use crate::capture::find::decode::tests::outer_offset;
    use crate::capture::find::nested_text::NestedText;

    /// Decodes a body. `None` if it is plain JSON.
    fn decode(body: &str) -> Option<NestedText> {
        let value = Json::from_well_formed(body);
        let members = value.members().expect("an object");
        let context = PieceContext {
            kind: PieceKind::Body(&ContractObject::read("", value, members)),
            pointer: "",
        };
        match detect(body.as_bytes(), &context)? {
            Detection::Text(text) => Some(text),
            _ => None,
        }
    }

    type Encoder = fn(&Value) -> Value;

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

    fn to_firestore(value: &Value) -> Value {
        match value {
            Value::Null => json!({"nullValue": null}),
            Value::Bool(value) => json!({"booleanValue": value}),
            Value::Number(number) if number.is_i64() => json!({"integerValue": number.to_string()}),
            Value::Number(number) => json!({"doubleValue": number}),
            Value::String(text) => json!({"stringValue": text}),
            Value::Array(elements) if elements.is_empty() => json!({"arrayValue": {}}),
            Value::Array(elements) => {
                json!({"arrayValue": {"values": elements.iter().map(to_firestore).collect::<Vec<_>>()}})
            }
            Value::Object(members) if members.is_empty() => json!({"mapValue": {}}),
            Value::Object(members) => json!({"mapValue": {"fields": map(members, to_firestore)}}),
        }
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

    fn map(members: &Map<String, Value>, encode: Encoder) -> Map<String, Value> {
        let members = members.iter();
        members
            .map(|(name, value)| (name.clone(), encode(value)))
            .collect()
    }

    fn value() -> impl Strategy<Value = Value> {
        let scalar = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(Value::from),
            (-1e6..1e6_f64).prop_map(Value::from),
            "[a-z\"\\\\\n+0-9ü]{0,12}".prop_map(Value::String),
            proptest::sample::select(vec!["S", "$date", "NaN", "+4915123456789"])
                .prop_map(Value::from),
        ];
        scalar.prop_recursive(4, 40, 6, |inner| {
            // Names that are also the names of types.
            let name = prop_oneof!["[a-zü\" ]{1,6}", "[SNML]", Just("stringValue".to_owned())];
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
                proptest::collection::btree_map(name, inner, 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

        #[test]
        fn every_encoded_body_has_its_plain_values(variables in value(), extra in value()) {
            let body = json!({
                "id": 480_601, "customer_phone": "+4915123456789", "assistant_phone": null,
                "duration": 95, "extracted_variables": {"a": variables}, "extra": extra,
            });
            let Value::Object(members) = &body else { unreachable!() };
            for (encode, is_pretty) in [
                (to_dynamodb as Encoder, true),
                (to_firestore, false),
                (to_mongodb, true),
            ] {
                let encoded = Value::Object(map(members, encode));
                let encoded = if is_pretty {
                    serde_json::to_string_pretty(&encoded)
                } else {
                    serde_json::to_string(&encoded)
                };
                let plain = decode(&encoded.expect("JSON")).expect("it is typed");
                prop_assert_eq!(plain.damage, None);
                let plain: Value = serde_json::from_slice(&plain.bytes).expect("JSON");
                prop_assert_eq!(&plain, &body);
            }
            // Names of types in a plain body are names of members.
            prop_assert!(decode(&body.to_string()).is_none());
        }
    }

    const DYNAMODB: &str = r#"{"id": {"N": "1"}, "customer_phone": {"S": "+49"}, "duration":{"N":"12"}, "transcript":{"S":"x"}MORE}"#;

    #[test]
    fn plain_values_map_to_the_typed_ones() {
        let body = DYNAMODB.replace(
            "MORE",
            r#","extracted_variables":{"M":{"a":{"NS":["1","2.50"]}}}"#,
        );
        let text = decode(&body).expect("typed");
        assert_eq!(
            String::from_utf8_lossy(&text.bytes),
            r#"{"id":1,"customer_phone":"+49","duration":12,"transcript":"x","extracted_variables":{"a":[1,2.50]}}"#
        );
        for part in ["1,", "\"+49\"", "12,", "\"x\"", "2.50"] {
            let at = outer_offset(&text, part);
            let shown = part.trim_end_matches(',');
            assert!(body[at..].starts_with(shown), "{part} at {at}");
        }
    }

    #[test]
    fn a_value_that_cannot_be_read_is_reported() {
        for (more, reason) in [
            (r#","ttl":5"#, "a value without a type at /ttl"),
            (r#","a":{"S":5}"#, "`S` that is not a string at /a"),
            (r#","a":{"N":"12x"}"#, "`N` that is not a number at /a"),
            (r#","a":{"N":" 1"}"#, "`N` that is not a number at /a"),
            (
                r#","a":{"L":[{"S":"x"},{"S":"y","N":"1"}]}"#,
                "a value without a type at /a/1",
            ),
            (
                r#","a":{"NS":["1","x"]}"#,
                "text that is not a number at /a/1",
            ),
        ] {
            let text = decode(&DYNAMODB.replace("MORE", more)).expect("typed");
            let damage = text.damage.expect(more);
            assert!(damage.ends_with(reason), "{damage}");
        }
    }

    #[test]
    fn extended_json_of_all_versions_is_plain() {
        for (typed, plain) in [
            (
                r#"{"$oid":"65f1c0ffee00000000000001"}"#,
                r#""65f1c0ffee00000000000001""#,
            ),
            (
                r#"{"$date":"2025-03-30T00:58:10Z"}"#,
                r#""2025-03-30T00:58:10Z""#,
            ),
            (
                r#"{"$date":1743296386000}"#,
                r#""2025-03-30T00:59:46.000Z""#,
            ),
            (
                r#"{"$date":{"$numberLong":"-1"}}"#,
                r#""1969-12-31T23:59:59.999Z""#,
            ),
            (r#"{"$numberDecimal":"1200.50"}"#, "1200.50"),
            (r#"{"$numberDouble":"-Infinity"}"#, "null"),
            (r#"{"$numberLong":5}"#, "5"),
            (
                r#"{"$binary":{"base64":"AAAA","subType":"00"}}"#,
                r#""AAAA""#,
            ),
            (r#"{"$binary":"AAAA","$type":"00"}"#, r#""AAAA""#),
            (r#"{"$id":"4","$values":[{"$numberInt":"1"}]}"#, "[1]"),
            (r#"{"@int":"12"}"#, "12"),
        ] {
            let text = decode(&body(r#"{"$numberInt":"1"}"#, typed)).expect(typed);
            assert_eq!(text.damage, None, "{typed}");
            assert_eq!(String::from_utf8_lossy(&text.bytes), body("1", plain));
            // Without a documented value that is typed, the body is plain.
            assert!(decode(&body("1", typed)).is_none(), "{typed}");
        }
        for other in [r#"{"S":"x"}"#, r#"{"$unknown":1}"#] {
            let text = decode(&body(r#"{"$numberInt":"1"}"#, other)).expect(other);
            assert_eq!(String::from_utf8_lossy(&text.bytes), body("1", other));
        }
    }

    fn body(duration: &str, value: &str) -> String {
        format!(
            r#"{{"customer_phone":null,"assistant_phone":"x","duration":{duration},"lead":{{"x":[{value}]}}}}"#
        )
    }

    #[test]
    fn a_tagged_value_that_does_not_fit_is_reported() {
        for (typed, reason) in [
            (
                r#"{"$numberInt":"5x"}"#,
                "`$numberInt` that is not a whole number",
            ),
            (
                r#"{"$numberInt":"5.5"}"#,
                "`$numberInt` that is not a whole number",
            ),
            (
                r#"{"$oid":"zz"}"#,
                "`$oid` that is not 24 hexadecimal digits",
            ),
            (r#"{"$date":"gestern"}"#, "`$date` that is not a time"),
            (
                r#"{"$regex":"a","$options":"i"}"#,
                "`$regex` without a plain JSON value",
            ),
            (
                r#"{"$date":"2025-03-30T00:58:10Z","y":1}"#,
                "`$date` beside other members",
            ),
            (
                r#"{"$numberLong":"5","$numberInt":"5"}"#,
                "`$numberLong` beside other members",
            ),
        ] {
            let text = decode(&body(r#"{"$numberInt":"1"}"#, typed)).expect(typed);
            let damage = text.damage.expect(typed);
            let expected = format!("Extended JSON that cannot be read: {reason} at /lead/x/0");
            assert_eq!(damage, expected);
            let text = decode(&body(typed, "1")).expect(typed);
            assert!(text.damage.expect(typed).ends_with("at /duration"));
            assert!(decode(&body("1", typed)).is_none(), "{typed}");
        }
    }

    /// `{"id":{"$numberLong":"5"},…` without its first `}` was read as a body with the member
    /// `$numberLong`.
    #[test]
    fn a_body_with_a_type_beside_its_members_is_reported() {
        for duration in ["1", r#"{"$numberInt":"1"}"#] {
            let inner = body(duration, "1").replacen('{', r#"{"$numberLong":"5","#, 1);
            let damage = decode(&inner)
                .and_then(|text| text.damage)
                .expect("refused");
            assert!(
                damage.contains("`$numberLong` beside other members"),
                "{damage}"
            );
        }
    }

    #[test]
    fn timestamps_of_client_libraries_are_times() {
        for timestamp in [
            r#"{"_seconds":1743296290,"_nanoseconds":500000000}"#,
            r#"{"seconds":1743296290,"nanoseconds":500000000}"#,
            r#"{"type":"firestore/timestamp/1.0","seconds":1743296290,"nanoseconds":500000000}"#,
        ] {
            let with = |at: &str| {
                body("1", "1").replace("null", "\"+49\"").replacen(
                    '{',
                    &format!(r#"{{"created_at":{at},"#),
                    1,
                )
            };
            let text = decode(&with(timestamp)).expect(timestamp);
            assert_eq!(text.damage, None);
            let expected = with(r#""2025-03-30T00:58:10.500Z""#);
            assert_eq!(String::from_utf8_lossy(&text.bytes), expected);
            assert!(decode(&body("1", timestamp)).is_none());
        }
    }

    #[test]
    fn values_of_the_aws_sdks_for_go_are_typed_or_refused() {
        let first = r#"{"id":{"B":null,"N":"1","S":null},"customer_phone":{"B":null,"N":null,"S":"+49"},"duration":{"N":"1","NULL":null}}"#;
        let text = decode(first).expect("typed");
        assert_eq!(text.damage, None);
        let plain = r#"{"id":1,"customer_phone":"+49","duration":1}"#;
        assert_eq!(String::from_utf8_lossy(&text.bytes), plain);
        let second =
            r#"{"id":{"Value":"1"},"customer_phone":{"Value":"+49"},"duration":{"Value":"1"}}"#;
        let damage = decode(second)
            .and_then(|text| text.damage)
            .expect("refused");
        assert!(damage.contains("a value whose type is missing"), "{damage}");
    }

    #[test]
    fn columns_of_pandas_are_not_one_body() {
        let columns = r#"{"id":{"0":1,"1":2},"customer_phone":{"0":"+49","1":null},"duration":{"0":1,"1":2}}"#;
        let damage = decode(columns)
            .and_then(|text| text.damage)
            .expect("refused");
        assert_eq!(damage, COLUMN_ORIENTED);
    }
}
