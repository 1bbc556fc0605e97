//! Visits every name and scalar of a value with its JSON Pointer, in one pass and without
//! recursion, so that the depth of nesting does not matter.

use super::scalar::unescape;
use super::{Json, Kind};
use crate::json::pointer;

/// An item that [`scan`] reports. Arrays have no tokens of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    /// The start of an object.
    Object,
    /// The end of an object.
    ObjectEnd,
    /// The name of a member, verbatim, with its quotes.
    Name(&'a str),
    /// A string, number, boolean or null.
    Scalar(Json<'a>),
}

/// The current position of a scan, as steps from the scanned value down.
#[derive(Debug, Default)]
pub(crate) struct ScanPath<'a>(Vec<ScanStep<'a>>);

#[derive(Debug)]
enum ScanStep<'a> {
    /// In an object, at the member of this name; `None` before a name is read.
    Member(Option<&'a str>),
    /// In an array, at this index.
    Element(u64),
}

impl<'a> ScanPath<'a> {
    /// The JSON Pointer of the current position, if the scanned value is at pointer `parent`.
    #[must_use]
    pub(crate) fn pointer(&self, parent: &str) -> String {
        self.pointer_before(parent, |_| false)
    }

    /// Like [`pointer`](Self::pointer), but ends with the value around the first member whose name
    /// `is_hidden`.
    #[must_use]
    pub(crate) fn pointer_before(&self, parent: &str, is_hidden: impl Fn(&str) -> bool) -> String {
        let mut pointer = parent.to_owned();
        for step in &self.0 {
            match step {
                ScanStep::Member(None) => {}
                ScanStep::Member(Some(name)) => {
                    let name = unescape(name);
                    if is_hidden(&name) {
                        break;
                    }
                    pointer::push(&mut pointer, &name);
                }
                ScanStep::Element(index) => pointer::push(&mut pointer, &index.to_string()),
            }
        }
        pointer
    }

    /// The names of the members from the scanned value down, verbatim; `None` for an element of an
    /// array.
    pub(crate) fn names(&self) -> impl DoubleEndedIterator<Item = Option<&'a str>> {
        self.0.iter().map(|step| match step {
            ScanStep::Member(name) => *name,
            ScanStep::Element(_) => None,
        })
    }
}

/// Calls `visit` with each token of `value`, in text order.
pub(crate) fn scan<'a>(value: Json<'a>, mut visit: impl FnMut(&ScanPath<'a>, Token<'a>)) {
    let text = value.text();
    let mut path = ScanPath::default();
    let mut at = 0;
    while let Some(byte) = text.as_bytes().get(at) {
        match byte {
            b'{' => {
                visit(&path, Token::Object);
                path.0.push(ScanStep::Member(None));
                at += 1;
            }
            b'[' => {
                path.0.push(ScanStep::Element(0));
                at += 1;
            }
            b'}' => {
                path.0.pop();
                visit(&path, Token::ObjectEnd);
                at += 1;
            }
            b']' => {
                path.0.pop();
                at += 1;
            }
            b',' => {
                match path.0.last_mut() {
                    Some(ScanStep::Element(index)) => *index += 1,
                    Some(ScanStep::Member(name)) => *name = None,
                    None => {}
                }
                at += 1;
            }
            b':' | b' ' | b'\t' | b'\r' | b'\n' => at += 1,
            _ => {
                let end = at + scalar_length(&text[at..]);
                let token = &text[at..end];
                if let Some(ScanStep::Member(name @ None)) = path.0.last_mut() {
                    *name = Some(token);
                    visit(&path, Token::Name(token));
                } else {
                    visit(&path, Token::Scalar(Json::from_well_formed(token)));
                }
                at = end;
            }
        }
    }
}

/// Length in bytes of the string, number or literal at the start of `text`.
pub(crate) fn scalar_length(text: &str) -> usize {
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
    fn every_name_and_scalar_is_visited_with_its_pointer() {
        let text = r#"{"a" : [1, {"b/c": "x\"}", "d": []}, true ], "e": {}, "f": null}"#;
        let value: Json = serde_json::from_str(text).expect("the test's own JSON is well-formed");
        let mut visited = Vec::new();
        scan(value, |path, token| match token {
            Token::Name(name) => visited.push(format!("{} {name}", path.pointer("/v"))),
            Token::Scalar(value) => {
                visited.push(format!("{} = {}", path.pointer("/v"), value.text()));
            }
            Token::Object | Token::ObjectEnd => {}
        });
        assert_eq!(
            visited,
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
