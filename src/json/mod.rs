//! A borrowed JSON value: the text as it stood in the input, read only as far as someone asks. Nothing is rounded,
//! and where a value stands is where its text stands.

mod expected;
mod number;
mod object;
mod outline;
mod same;
mod scan;
mod string_end;
mod text;

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};
use serde_json::value::RawValue;

pub use expected::{Expected, ExpectedMember};
pub(crate) use object::Members;
pub use object::{Member, MemberIter, Names, Object};
pub(crate) use outline::outline;
pub use outline::{Node, Traits};
pub use same::are_same;
use scan::scalar_length;
pub use scan::{Path, Token, scan};
use text::{is_whole, unescape};

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
#[derive(Clone, Copy, Debug)]
pub struct Json<'a> {
    text: &'a str,
    /// Where the members are, of an object that was read with the one it stands in; nothing else has any. Without them they are looked for when somebody asks.
    nodes: &'a [Node],
}

/// Values are the same if their texts are.
impl PartialEq for Json<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Json<'_> {}

impl<'a> Json<'a> {
    /// The value that `text` is; the caller has read it and knows that it is well-formed.
    pub(crate) fn from_well_formed(text: &'a str) -> Self {
        Self { text, nodes: &[] }
    }

    /// The same value, an object whose members are there.
    pub(crate) fn outlined(self, nodes: &'a [Node]) -> Self {
        Self { nodes, ..self }
    }

    /// The text as it stood.
    #[must_use]
    pub fn text(self) -> &'a str {
        self.text
    }

    /// What it is, told from its first byte: one is enough in well-formed JSON.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self.text.as_bytes().first() {
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
        (self.kind() == Kind::String).then(|| unescape(self.text))
    }

    /// Whether it is one of these strings.
    #[must_use]
    pub fn is_one_of(self, texts: &[&str]) -> bool {
        let quoted = self.text.strip_prefix('"');
        let Some(raw) = quoted.and_then(|text| text.strip_suffix('"')) else {
            return false;
        };
        let is_it = |text: &&str| are_same(text.as_bytes(), raw.as_bytes());
        texts.iter().any(is_it)
            || memchr::memchr(b'\\', raw.as_bytes()).is_some()
                && self.as_str().is_some_and(|text| texts.contains(&&*text))
    }

    /// Whether it is a string that begins with `beginning`.
    #[must_use]
    pub fn begins_with(self, beginning: &str) -> bool {
        let Some(raw) = self.text.as_bytes().strip_prefix(b"\"") else {
            return false;
        };
        let both = raw.iter().zip(beginning.as_bytes());
        let same = both.take_while(|(own, other)| own == other).count();
        same == beginning.len()
            || raw.get(same) == Some(&b'\\')
                && self
                    .as_str()
                    .is_some_and(|text| text.starts_with(beginning))
    }

    /// The boolean.
    #[must_use]
    pub fn as_bool(self) -> Option<bool> {
        match self.text {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// Whether it is a number without a fractional part, as JSON Schema counts integers (2020-12 §6.1.1):
    /// `180`, `180.0` and `1.8e2` are, `1.5` is not.
    #[must_use]
    pub fn is_integer(self) -> bool {
        self.kind() == Kind::Number && is_whole(self.text)
    }

    /// The members, where it is an object.
    #[inline]
    #[must_use]
    pub fn members(self) -> Option<Object<'a>> {
        if self.nodes.is_empty() {
            self.members_expecting(Expected::NOTHING)
        } else {
            Some(Object::new(self.text, self.nodes))
        }
    }

    /// The same of an object of which nobody knows yet where they are: who reads the `expected` ones is told their numbers.
    #[must_use]
    pub fn members_expecting(self, expected: &Expected) -> Option<Object<'a>> {
        match self.kind() {
            Kind::Object => Object::read(self.text, expected),
            _ => None,
        }
    }

    /// The elements, where it is an array.
    #[must_use]
    pub fn elements(self) -> Option<Vec<Json<'a>>> {
        if self.kind() != Kind::Array {
            return None;
        }
        outline::elements(self.text).or_else(|| {
            let deep: Elements = serde_json::from_str(self.text).ok()?;
            Some(deep.0)
        })
    }

    /// Whether it is an object or an array with nothing in it.
    #[must_use]
    pub fn is_empty_container(self) -> bool {
        matches!(self.kind(), Kind::Object | Kind::Array)
            && self.text[1..self.text.len() - 1].trim_ascii().is_empty()
    }

    /// The text without the white space between its tokens.
    #[must_use]
    pub fn compact(self) -> Cow<'a, str> {
        let is_container = matches!(self.kind(), Kind::Array | Kind::Object);
        let is_space = |byte: u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
        if !is_container || !self.text.bytes().any(is_space) {
            return Cow::Borrowed(self.text);
        }
        let mut text = String::with_capacity(self.text.len());
        text.extend(tokens(self.text));
        Cow::Owned(text)
    }
}

impl Json<'_> {
    /// Adds the text to `out`, a member or element a line, indented by two spaces a level; tokens stay as they stood.
    pub fn push_indented(self, out: &mut String) {
        let mut depth = 0;
        let mut tokens = tokens(self.text).peekable();
        while let Some(token) = tokens.next() {
            match token {
                "{" | "[" => {
                    out.push_str(token);
                    depth += 1;
                    if matches!(tokens.peek(), Some(&("}" | "]"))) {
                        depth -= 1;
                        out.push_str(tokens.next().unwrap_or_default());
                    } else {
                        push_line_break(out, depth);
                    }
                }
                "}" | "]" => {
                    depth -= 1;
                    push_line_break(out, depth);
                    out.push_str(token);
                }
                "," => {
                    out.push(',');
                    push_line_break(out, depth);
                }
                ":" => out.push_str(": "),
                token => out.push_str(token),
            }
        }
    }
}

fn push_line_break(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

/// The tokens of well-formed JSON, without the white space between them.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_ascii_start();
        let length = match rest.as_bytes().first()? {
            b'{' | b'}' | b'[' | b']' | b',' | b':' => 1,
            _ => scalar_length(rest),
        };
        let token = &rest[..length];
        rest = &rest[length..];
        Some(token)
    })
}

impl<'de: 'a, 'a> Deserialize<'de> for Json<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <&RawValue>::deserialize(deserializer).map(|raw| Json::from_well_formed(raw.get()))
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
        assert_eq!(
            object.iter().next().map(Member::name).as_deref(),
            Some("\\udfff")
        );
    }

    #[test]
    fn beginnings_of_strings_are_told_however_they_are_spelled() {
        for text in [
            r#""sample""#,
            r#""sample x""#,
            r#""s\u0061mple""#,
            r#""\u0073ample\n""#,
        ] {
            assert!(json(text).begins_with("sample"), "{text}");
        }
        for text in [
            r#""""#,
            r#""samp""#,
            r#""s\u0062mple""#,
            r#""\n""#,
            r#""a sample""#,
            "{}",
            "1",
        ] {
            assert!(!json(text).begins_with("sample"), "{text}");
        }
    }

    #[test]
    fn compact_keeps_white_space_in_strings() {
        let value = json("{ \"a b\" : [ 1.10 , \"x\\\" y\" ] }");
        assert_eq!(value.compact(), "{\"a b\":[1.10,\"x\\\" y\"]}");
    }

    #[test]
    fn indenting_leaves_tokens_alone() {
        let mut text = String::new();
        json(r#"{"a":[1.10,{"b c":"x, {y}"}],"d":[ ],"e":{}, "f":null}"#).push_indented(&mut text);
        let lines = [
            "{",
            "  \"a\": [",
            "    1.10,",
            "    {",
            "      \"b c\": \"x, {y}\"",
            "    }",
            "  ],",
            "  \"d\": [],",
            "  \"e\": {},",
            "  \"f\": null",
            "}",
        ];
        assert_eq!(text, lines.join("\n"));
    }

    #[test]
    fn the_last_of_a_repeated_name_counts() {
        let object = json(r#"{"a":1,"b":2,"a":3}"#).members().expect("an object");
        assert_eq!(object.get("a").map(Json::text), Some("3"));
        let kept: Vec<_> = object
            .effective()
            .iter()
            .map(|m| m.value().text())
            .collect();
        assert_eq!(kept, ["2", "3"]);
    }

    #[test]
    fn nesting_of_any_depth_is_read_without_recursion() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(json(&deep).elements().map(|e| e.len()), Some(1));
    }
}
