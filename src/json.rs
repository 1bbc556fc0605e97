//! A borrowed JSON value: the text as it stood in the input, read only as far as someone asks. Nothing is rounded,
//! and where a value stands is where its text stands.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// What a JSON value is (RFC 8259 §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number, whole or not, of any size.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl Kind {
    /// The name that the specification gives it: `null`, `boolean`, `number`, `string`, `array`, `object`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }
}

/// One JSON value as text, known to be well-formed, without white space around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Json<'a>(&'a str);

/// One member of an object. Names may repeat: an object is a list here, in the order of the text.
#[derive(Clone, Debug)]
pub struct Member<'a> {
    /// The name, unescaped.
    pub name: Cow<'a, str>,
    /// The name as it stood, with its quotes: where it stands is where the member begins.
    pub name_text: &'a str,
    /// The value.
    pub value: Json<'a>,
}

/// The members of one object, in the order of the text, repeated names included.
#[derive(Clone, Debug, Default)]
pub struct Object<'a>(pub Vec<Member<'a>>);

impl<'a> Object<'a> {
    /// The value of the last member of that name: the one that most parsers keep.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Json<'a>> {
        self.0
            .iter()
            .rev()
            .find(|member| member.name == name)
            .map(|member| member.value)
    }

    /// The members whose name does not come again later, in order: what most parsers keep.
    #[must_use]
    pub fn effective(&self) -> Vec<&Member<'a>> {
        let mut seen = Names::default();
        let mut kept: Vec<_> = self
            .0
            .iter()
            .rev()
            .filter(|member| seen.insert(&member.name))
            .collect();
        kept.reverse();
        kept
    }
}

/// A set of names. Objects mostly have few members: those are compared, only many are hashed.
#[derive(Debug, Default)]
pub struct Names<'n> {
    few: Vec<&'n str>,
    many: HashSet<&'n str>,
}

impl<'n> Names<'n> {
    /// Adds `name`; false when it was there already.
    pub fn insert(&mut self, name: &'n str) -> bool {
        const FEW: usize = 24;
        if self.few.len() < FEW {
            let is_new = !self.few.contains(&name);
            if is_new {
                self.few.push(name);
            }
            return is_new;
        }
        !self.few.contains(&name) && self.many.insert(name)
    }
}

impl<'a> Json<'a> {
    /// The value that `text` is; the caller has read it and knows that it is well-formed.
    pub(crate) fn from_well_formed(text: &'a str) -> Self {
        Self(text)
    }

    /// The text as it stood.
    #[must_use]
    pub fn text(self) -> &'a str {
        self.0
    }

    /// What it is, told from its first byte: one is enough in well-formed JSON.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self.0.as_bytes().first() {
            Some(b'n') => Kind::Null,
            Some(b't' | b'f') => Kind::Boolean,
            Some(b'"') => Kind::String,
            Some(b'[') => Kind::Array,
            Some(b'{') => Kind::Object,
            _ => Kind::Number,
        }
    }

    /// Whether it is `null`.
    #[must_use]
    pub fn is_null(self) -> bool {
        self.kind() == Kind::Null
    }

    /// The string, unescaped; what no UTF-8 text can hold (a lone surrogate, RFC 8259 §8.2) stays as it stood: `\\ud800`.
    #[must_use]
    pub fn as_str(self) -> Option<Cow<'a, str>> {
        (self.kind() == Kind::String).then(|| unescape(self.0))
    }

    /// The boolean.
    #[must_use]
    pub fn as_bool(self) -> Option<bool> {
        match self.0 {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// The number, as near as a double comes; `1e999999` is out of its reach and gives `None`.
    #[must_use]
    pub fn as_f64(self) -> Option<f64> {
        if self.kind() != Kind::Number {
            return None;
        }
        self.0
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite())
    }

    /// Whether it is a number without a fractional part, as JSON Schema counts integers (2020-12 §6.1.1):
    /// `180`, `180.0` and `1.8e2` are, `1.5` is not.
    #[must_use]
    pub fn is_integer(self) -> bool {
        self.kind() == Kind::Number && is_whole(self.0)
    }

    /// The members, where it is an object.
    #[must_use]
    pub fn members(self) -> Option<Object<'a>> {
        if self.kind() != Kind::Object {
            return None;
        }
        serde_json::from_str(self.0).ok()
    }

    /// The elements, where it is an array.
    #[must_use]
    pub fn elements(self) -> Option<Vec<Json<'a>>> {
        if self.kind() != Kind::Array {
            return None;
        }
        serde_json::from_str::<Elements>(self.0)
            .ok()
            .map(|elements| elements.0)
    }

    /// Whether it is an object or an array with nothing in it.
    #[must_use]
    pub fn is_empty_container(self) -> bool {
        matches!(self.kind(), Kind::Object | Kind::Array)
            && self.0[1..self.0.len() - 1].trim_ascii().is_empty()
    }

    /// The text without the white space between its tokens.
    #[must_use]
    pub fn compact(self) -> Cow<'a, str> {
        if !self.0.contains([' ', '\t', '\r', '\n']) {
            return Cow::Borrowed(self.0);
        }
        let mut text = String::with_capacity(self.0.len());
        let mut in_string = false;
        let mut escaped = false;
        for character in self.0.chars() {
            if in_string {
                in_string = escaped || character != '"';
                escaped = !escaped && character == '\\';
            } else if matches!(character, ' ' | '\t' | '\r' | '\n') {
                continue;
            } else {
                in_string = character == '"';
            }
            text.push(character);
        }
        Cow::Owned(text)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Json<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <&RawValue>::deserialize(deserializer).map(|raw| Json(raw.get()))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
                let mut members = Vec::with_capacity(16);
                while let Some((name, value)) = map.next_entry::<Json, Json>()? {
                    members.push(Member {
                        name: unescape(name.0),
                        name_text: name.0,
                        value,
                    });
                }
                Ok(Object(members))
            }
        }
        deserializer.deserialize_map(Members)
    }
}

struct Elements<'a>(Vec<Json<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for Elements<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List;
        impl<'de> Visitor<'de> for List {
            type Value = Elements<'de>;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an array")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut elements = Vec::new();
                while let Some(element) = seq.next_element::<Json>()? {
                    elements.push(element);
                }
                Ok(Elements(elements))
            }
        }
        deserializer.deserialize_seq(List)
    }
}

/// The text of a JSON string, quotes included, as the string it stands for.
fn unescape(text: &str) -> Cow<'_, str> {
    let inner = &text[1..text.len() - 1];
    if memchr::memchr(b'\\', inner.as_bytes()).is_none() {
        return Cow::Borrowed(inner);
    }
    // serde_json is exact and fast, and refuses lone surrogates.
    let exact: Result<String, _> = serde_json::from_str(text);
    Cow::Owned(exact.unwrap_or_else(|_| unescape_piecewise(inner)))
}

/// Reads the escapes one by one and leaves those as they stand that mean no character.
fn unescape_piecewise(inner: &str) -> String {
    let mut text = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        // `\n`, `\u00fc`, or a pair of surrogates.
        let lengths: &[usize] = if rest.as_bytes().get(1) == Some(&b'u') {
            &[12, 6]
        } else {
            &[2]
        };
        let read = lengths.iter().find_map(|length| {
            let escape = rest.get(..*length)?;
            let read: String = serde_json::from_str(&format!("\"{escape}\"")).ok()?;
            (read.chars().count() == 1).then_some((*length, read))
        });
        if let Some((length, read)) = read {
            text.push_str(&read);
            rest = &rest[length..];
        } else {
            text.push('\\');
            rest = &rest[1..];
        }
    }
    text + rest
}

/// Whether the number has no fractional part, decided on its digits: no double could hold `1e400` or 20 digits.
fn is_whole(number: &str) -> bool {
    let (mantissa, exponent) = match number.find(['e', 'E']) {
        Some(at) => (&number[..at], &number[at + 1..]),
        None => (number, "0"),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let fraction = fraction.trim_end_matches('0');
    let digits_are_zero = fraction.is_empty() && whole.bytes().all(|b| matches!(b, b'0' | b'-'));
    if digits_are_zero {
        return true;
    }
    // An exponent that no i64 holds shifts every digit to one side.
    let shift = exponent
        .parse::<i64>()
        .unwrap_or(if exponent.starts_with('-') {
            i64::MIN
        } else {
            i64::MAX
        });
    if let Ok(places) = i64::try_from(fraction.len())
        && places > 0
    {
        return shift >= places;
    }
    let trailing_zeros = whole.len() - whole.trim_end_matches('0').len();
    shift >= 0 || i64::try_from(trailing_zeros).is_ok_and(|zeros| shift >= -zeros)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Json<'_> {
        serde_json::from_str(text).expect("the test's own JSON is well-formed")
    }

    #[test]
    fn integers_are_told_by_value_not_by_spelling() {
        for whole in [
            "0", "-0", "180", "180.0", "1.8e2", "1e400", "10e-1", "0e-9", "0.0", "1200e-2",
        ] {
            assert!(json(whole).is_integer(), "{whole}");
        }
        for not in [
            "1.5",
            "1e-1",
            "0.5e0",
            "12e-2",
            "1.25e1",
            "1e-99999999999999999999",
            "\"180\"",
        ] {
            assert!(!json(not).is_integer(), "{not}");
        }
    }

    #[test]
    fn lone_surrogates_stay_escaped_and_the_rest_is_read() {
        let value = json(r#""a\ud800b\"\n\u00fc\ud83d\ude00 ü""#);
        assert_eq!(value.as_str().as_deref(), Some("a\\ud800b\"\nü😀 ü"));
    }

    #[test]
    fn names_may_hold_lone_surrogates_too() {
        let object = json(r#"{"\udfff": 1}"#).members().expect("an object");
        assert_eq!(object.0[0].name, "\\udfff");
    }

    #[test]
    fn compact_keeps_white_space_in_strings() {
        let value = json("{ \"a b\" : [ 1.10 , \"x\\\" y\" ] }");
        assert_eq!(value.compact(), "{\"a b\":[1.10,\"x\\\" y\"]}");
    }

    #[test]
    fn the_last_of_a_repeated_name_counts() {
        let object = json(r#"{"a":1,"b":2,"a":3}"#).members().expect("an object");
        assert_eq!(object.get("a").map(Json::text), Some("3"));
        let kept: Vec<_> = object.effective().iter().map(|m| m.value.text()).collect();
        assert_eq!(kept, ["2", "3"]);
    }

    #[test]
    fn nesting_of_any_depth_is_read_without_recursion() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(json(&deep).elements().map(|e| e.len()), Some(1));
    }
}
