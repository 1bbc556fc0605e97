//! Borrowed JSON values: slices of the input text that are parsed on demand. Nothing is rounded,
//! and the address of a value's text is its location in the input.

pub(crate) mod exact_number;
mod fast;
mod number;
mod object;
pub(crate) mod pointer;
pub(crate) mod repair;
mod scalar;
mod scan;
pub(crate) mod syntax;
pub(crate) mod syntax_error;
pub(crate) mod white_space;

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};
use serde_json::value::RawValue;

pub(crate) use fast::bytes_equal::bytes_equal;
pub(crate) use fast::escape::push_string;
pub(crate) use fast::name_hints::{NameHint, NameHints};
pub(crate) use fast::outline::{Node, container_length, outline, take_nodes};
pub(crate) use fast::value_traits::ValueTraits;
pub(crate) use number::LARGEST_EXACT_INTEGER;
pub(crate) use object::RawMembers;
pub use object::{Member, MemberIter, Object};
use scalar::{is_whole_number, unescape};
pub(crate) use scan::scalar_length;
pub(crate) use scan::{ScanPath, Token, scan};

/// Type of a JSON value (RFC 8259 §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number of any size and precision.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl Kind {
    /// The name in RFC 8259: `null`, `boolean`, `number`, `string`, `array` or `object`.
    #[must_use]
    pub(crate) fn name(self) -> &'static str {
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

/// One JSON value as well-formed text without surrounding white space.
#[derive(Clone, Copy, Debug)]
pub struct Json<'a> {
    text: &'a str,
    /// The nodes of an object that was scanned together with its parent; empty for all other
    /// values. Without nodes, [`Json::members`] scans the text: if no value had any, `validate`
    /// would execute twice as many instructions, `export` 1.5 times as many.
    nodes: &'a [Node],
}

/// Two values are equal if their texts are equal: `1` and `1.0` are not.
impl PartialEq for Json<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Json<'_> {}

impl<'a> Json<'a> {
    /// Wraps `text` without validation: the caller guarantees that it is one well-formed value.
    pub(crate) fn from_well_formed(text: &'a str) -> Self {
        Self { text, nodes: &[] }
    }

    /// Attaches the nodes of this object, so that reading its members needs no scan.
    pub(crate) fn with_nodes(self, nodes: &'a [Node]) -> Self {
        Self { nodes, ..self }
    }

    /// The text, verbatim.
    #[must_use]
    pub fn text(self) -> &'a str {
        self.text
    }

    /// The type of the value. In well-formed JSON the first byte determines it.
    #[must_use]
    pub(crate) fn kind(self) -> Kind {
        match self.text.as_bytes().first() {
            Some(b'n') => Kind::Null,
            Some(b't' | b'f') => Kind::Boolean,
            Some(b'"') => Kind::String,
            Some(b'[') => Kind::Array,
            Some(b'{') => Kind::Object,
            _ => Kind::Number,
        }
    }

    /// True if the value is `null`.
    #[must_use]
    pub fn is_null(self) -> bool {
        self.kind() == Kind::Null
    }

    /// The unescaped string, or `None` if the value is not a string. Lone surrogates (RFC 8259
    /// §8.2), which UTF-8 cannot represent, stay escaped: `\\ud800`.
    #[must_use]
    pub(crate) fn as_str(self) -> Option<Cow<'a, str>> {
        (self.kind() == Kind::String).then(|| unescape(self.text))
    }

    /// True if the value is a string and equal to one of `texts`.
    #[must_use]
    pub(crate) fn is_one_of(self, texts: &[&str]) -> bool {
        let quoted = self.text.strip_prefix('"');
        let Some(raw) = quoted.and_then(|text| text.strip_suffix('"')) else {
            return false;
        };
        let equals_raw = |text: &&str| bytes_equal(text.as_bytes(), raw.as_bytes());
        // Fast path, without decoding: 2 % fewer instructions in `validate`.
        texts.iter().any(equals_raw)
            || memchr::memchr(b'\\', raw.as_bytes()).is_some()
                && self.as_str().is_some_and(|text| texts.contains(&&*text))
    }

    /// True if the value is a string that starts with `prefix`.
    #[must_use]
    pub(crate) fn starts_with(self, prefix: &str) -> bool {
        let Some(raw) = self.text.as_bytes().strip_prefix(b"\"") else {
            return false;
        };
        let pairs = raw.iter().zip(prefix.as_bytes());
        let common = pairs.take_while(|(left, right)| left == right).count();
        common == prefix.len()
            || raw.get(common) == Some(&b'\\')
                && self.as_str().is_some_and(|text| text.starts_with(prefix))
    }

    /// The boolean, or `None` if the value is not a boolean.
    #[must_use]
    pub(crate) fn as_bool(self) -> Option<bool> {
        match self.text {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// True for a number without a fractional part, which is an integer in JSON Schema (2020-12
    /// §6.1.1): `180`, `180.0` and `1.8e2`, but not `1.5`.
    #[must_use]
    pub(crate) fn is_integer(self) -> bool {
        self.kind() == Kind::Number && is_whole_number(self.text)
    }

    /// The members, or `None` if the value is not an object.
    #[inline]
    #[must_use]
    pub fn members(self) -> Option<Object<'a>> {
        if self.nodes.is_empty() {
            self.members_with_hints(NameHints::EMPTY)
        } else {
            Some(Object::new(self.text, self.nodes))
        }
    }

    /// The members of an object that was scanned together with its parent, so that no scan is
    /// needed. `None` for all other values, among them empty objects.
    #[must_use]
    pub(crate) fn recorded_members(self) -> Option<Object<'a>> {
        (!self.nodes.is_empty()).then(|| Object::new(self.text, self.nodes))
    }

    /// Scans the members with name hints: a member that matches a hint gets the hint's number
    /// ([`Member::number`]). Ignores attached nodes. `None` if the value is not an object.
    #[must_use]
    pub(crate) fn members_with_hints(self, hints: &NameHints) -> Option<Object<'a>> {
        match self.kind() {
            Kind::Object => Object::parse(self.text, hints),
            _ => None,
        }
    }

    /// The elements, or `None` if the value is not an array.
    #[must_use]
    pub(crate) fn elements(self) -> Option<Vec<Json<'a>>> {
        if self.kind() != Kind::Array {
            return None;
        }
        fast::outline::read_elements(self.text).or_else(|| {
            let deep: DeepElements = serde_json::from_str(self.text).ok()?;
            Some(deep.0)
        })
    }

    /// True for an empty object or array.
    #[must_use]
    pub(crate) fn is_empty_container(self) -> bool {
        matches!(self.kind(), Kind::Object | Kind::Array)
            && self.text[1..self.text.len() - 1].trim_ascii().is_empty()
    }

    /// The text without the white space between its tokens.
    #[must_use]
    pub(crate) fn compact(self) -> Cow<'a, str> {
        let is_container = matches!(self.kind(), Kind::Array | Kind::Object);
        let is_space = |byte: u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
        if !is_container || !self.text.bytes().any(is_space) {
            return Cow::Borrowed(self.text);
        }
        let mut text = String::with_capacity(self.text.len());
        text.extend(tokens(self.text));
        Cow::Owned(text)
    }

    /// True if both texts have the same tokens, however their strings are escaped.
    #[must_use]
    pub(crate) fn has_equal_value(self, other: Self) -> bool {
        fn value(token: &str) -> Cow<'_, str> {
            if token.starts_with('"') {
                unescape(token)
            } else {
                Cow::Borrowed(token)
            }
        }
        // The string "1" is not the number 1.
        let is_equal = |(one, two): (&str, &str)| {
            one == two || one.starts_with('"') == two.starts_with('"') && value(one) == value(two)
        };
        let (mut one, mut two) = (tokens(self.text), tokens(other.text));
        loop {
            match (one.next(), two.next()) {
                (None, None) => return true,
                (Some(one), Some(two)) if is_equal((one, two)) => {}
                _ => return false,
            }
        }
    }
}

/// The value as plain text: a string without its quotes, any other value as compact JSON with its
/// tokens verbatim.
#[must_use]
pub(crate) fn plain_text(value: Json<'_>) -> Cow<'_, str> {
    value.as_str().unwrap_or_else(|| value.compact())
}

impl Json<'_> {
    /// Appends the text to `out` with one member or element per line, indented by two spaces per
    /// level. Tokens stay verbatim.
    pub(crate) fn push_indented(self, out: &mut String) {
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

/// The elements of an array that is nested too deeply for the scanner, read by `serde_json`.
struct DeepElements<'a>(Vec<Json<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for DeepElements<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ElementsVisitor;
        impl<'de> Visitor<'de> for ElementsVisitor {
            type Value = DeepElements<'de>;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an array")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut elements = Vec::new();
                while let Some(element) = seq.next_element::<Json>()? {
                    elements.push(element);
                }
                Ok(DeepElements(elements))
            }
        }
        deserializer.deserialize_seq(ElementsVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Json<'_> {
        serde_json::from_str(text).expect("the test's own JSON is well-formed")
    }

    #[test]
    fn integers_are_recognized_by_value_not_by_spelling() {
        for whole in [
            "0", "-0", "180", "180.0", "1.8e2", "1e400", "10e-1", "0e-9", "0.0", "1200e-2",
        ] {
            assert!(json(whole).is_integer(), "{whole}");
        }
        for fractional in [
            "1.5",
            "1e-1",
            "0.5e0",
            "12e-2",
            "1.25e1",
            "1e-99999999999999999999",
            "\"180\"",
        ] {
            assert!(!json(fractional).is_integer(), "{fractional}");
        }
    }

    #[test]
    fn lone_surrogates_stay_escaped_and_the_rest_is_read() {
        let value = json(r#""a\ud800b\"\n\u00fc\ud83d\ude00 ü""#);
        assert_eq!(value.as_str().as_deref(), Some("a\\ud800b\"\nü😀 ü"));
    }

    #[test]
    fn names_may_have_lone_surrogates() {
        let object = json(r#"{"\udfff": 1}"#).members().expect("an object");
        assert_eq!(
            object.iter().next().map(Member::name).as_deref(),
            Some("\\udfff")
        );
    }

    #[test]
    fn prefixes_of_strings_are_found_in_any_spelling() {
        for text in [
            r#""sample""#,
            r#""sample x""#,
            r#""s\u0061mple""#,
            r#""\u0073ample\n""#,
        ] {
            assert!(json(text).starts_with("sample"), "{text}");
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
            assert!(!json(text).starts_with("sample"), "{text}");
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
    fn the_last_member_of_a_repeated_name_wins() {
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
