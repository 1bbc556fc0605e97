//! One pass over all that a value holds, however deep, without recursion: every name and every scalar, with its place.

use super::text::unescape;
use super::{Json, Kind};
use crate::pointer;

/// What a scan meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token<'a> {
    /// The beginning of an object.
    Object,
    /// The end of an object.
    ObjectEnd,
    /// The name of a member, as it stood, with its quotes.
    Name(&'a str),
    /// A string, number, boolean or null.
    Scalar(Json<'a>),
}

/// Where a scan is, from the scanned value down.
#[derive(Debug, Default)]
pub struct Path<'a>(Vec<Step<'a>>);

#[derive(Debug)]
enum Step<'a> {
    /// In an object, at the member of this name; at none before the first.
    Member(Option<&'a str>),
    /// In an array, at this index.
    Element(u64),
}

impl Path<'_> {
    /// The JSON Pointer of the present place, for a value that stands at `parent`.
    #[must_use]
    pub fn pointer(&self, parent: &str) -> String {
        let mut all = parent.to_owned();
        for step in &self.0 {
            match step {
                Step::Member(None) => {}
                Step::Member(Some(name)) => pointer::push(&mut all, &unescape(name)),
                Step::Element(index) => pointer::push(&mut all, &index.to_string()),
            }
        }
        all
    }
}

/// Shows `meet` each token of `value` in the order of the text.
pub fn scan<'a>(value: Json<'a>, mut meet: impl FnMut(&Path<'a>, Token<'a>)) {
    let text = value.text();
    let mut path = Path::default();
    let mut at = 0;
    while let Some(byte) = text.as_bytes().get(at) {
        match byte {
            b'{' => {
                meet(&path, Token::Object);
                path.0.push(Step::Member(None));
                at += 1;
            }
            b'[' => {
                path.0.push(Step::Element(0));
                at += 1;
            }
            b'}' => {
                path.0.pop();
                meet(&path, Token::ObjectEnd);
                at += 1;
            }
            b']' => {
                path.0.pop();
                at += 1;
            }
            b',' => {
                match path.0.last_mut() {
                    Some(Step::Element(index)) => *index += 1,
                    Some(Step::Member(name)) => *name = None,
                    None => {}
                }
                at += 1;
            }
            b':' | b' ' | b'\t' | b'\r' | b'\n' => at += 1,
            _ => {
                let end = at + scalar_length(&text[at..]);
                let token = &text[at..end];
                if let Some(Step::Member(name @ None)) = path.0.last_mut() {
                    *name = Some(token);
                    meet(&path, Token::Name(token));
                } else {
                    meet(&path, Token::Scalar(Json::from_well_formed(token)));
                }
                at = end;
            }
        }
    }
}

/// The length of the string, number or word that `text` begins with.
pub(super) fn scalar_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    if Json::from_well_formed(text).kind() != Kind::String {
        let is_end = |byte: &u8| matches!(byte, b',' | b']' | b'}' | b' ' | b'\t' | b'\r' | b'\n');
        return bytes.iter().position(is_end).unwrap_or(bytes.len());
    }
    let mut at = 1;
    while let Some(step) = memchr::memchr2(b'"', b'\\', bytes.get(at..).unwrap_or_default()) {
        if bytes[at + step] == b'"' {
            return at + step + 1;
        }
        at += step + 2;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_and_scalar_is_met_at_its_pointer() {
        let text = r#"{"a" : [1, {"b/c": "x\"}", "d": []}, true ], "e": {}, "f": null}"#;
        let value: Json = serde_json::from_str(text).expect("the test's own JSON is well-formed");
        let mut met = Vec::new();
        scan(value, |path, token| match token {
            Token::Name(name) => met.push(format!("{} {name}", path.pointer("/v"))),
            Token::Scalar(value) => met.push(format!("{} = {}", path.pointer("/v"), value.text())),
            Token::Object | Token::ObjectEnd => {}
        });
        assert_eq!(
            met,
            [
                "/v/a \"a\"",
                "/v/a/0 = 1",
                "/v/a/1/b~1c \"b/c\"",
                "/v/a/1/b~1c = \"x\\\"}\"",
                "/v/a/1/d \"d\"",
                "/v/a/2 = true",
                "/v/e \"e\"",
                "/v/f \"f\"",
                "/v/f = null",
            ]
        );
    }
}
