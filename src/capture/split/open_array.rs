//! Finds the array at which a large object can be split: the export of a webhook service, a HAR
//! file or the answer of an API holds all its calls in one array. Calls are then searched in
//! batches of elements, and the object need not be held in memory as a whole.

use super::boundary::string_end;
use super::flatted::may_be_flatted;
use super::log_record::LogRecord;
use crate::call::contract_object::ContractObject;
use crate::contract::field;
use crate::contract::recognition::may_be_body;
use crate::json::syntax::parse_value;
use crate::json::{Json, Kind, Object, pointer};

/// Limit on the bytes before the array. The rest of the object is searched together with them.
const MAX_HEAD_BYTES: usize = 1024 * 1024;

/// Limit on the objects around the array.
const MAX_OBJECTS: usize = 8;

/// Follows the head of an object in place of the elements and of the rest of the object. The
/// element makes the array differ from an empty one.
pub(super) const ELEMENTS: &[u8] = b"0]";

/// Names of members that are read in a way that depends on members which may follow the array:
/// those of a response and of a message in Slack.
const CONTEXT_NAMES: &[&str] = &["response", "text", "fallback"];

/// An array in an object, reached through objects only.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct OpenArray {
    /// Length of the text before its first element.
    pub(super) head_length: usize,
    /// JSON Pointer to the array.
    pub(super) pointer: String,
    /// For each object around the array, from outside, the index of the member that leads to it.
    pub(super) path: Vec<usize>,
    /// True if its elements are log records, of which several may hold one call.
    pub(super) has_records: bool,
}

/// Finds the array at which the object that starts with `bytes` can be split: the one that is not
/// closed there. Returns `None` if the object must be read as a whole, for example because it may
/// be a body itself.
pub(super) fn find_open_array(bytes: &[u8]) -> Option<OpenArray> {
    let (objects, bracket) = open_array_offset(bytes)?;
    let elements = &bytes[bracket + 1..];
    let first = elements.trim_ascii_start();
    if bracket >= MAX_HEAD_BYTES
        || !(1..=MAX_OBJECTS).contains(&objects)
        || !first.starts_with(b"{")
        // The elements of a flatted array belong together.
        || may_be_flatted(&bytes[bracket..]) != Some(false)
    {
        return None;
    }
    let mut closed = bytes[..=bracket].to_vec();
    close_head(&mut closed, objects);
    let (object, _) = parse_value::<Json>(str::from_utf8(&closed).ok()?).ok()?;
    let (pointer, path) = path_to_array(object, objects)?;
    Some(OpenArray {
        head_length: bracket + 1,
        pointer,
        path,
        has_records: is_record(first),
    })
}

/// Appends what is missing to `head` to make it JSON: the array and `objects` objects are closed.
pub(super) fn close_head(head: &mut Vec<u8>, objects: usize) {
    head.extend(ELEMENTS);
    head.resize(head.len() + objects, b'}');
}

/// Returns the offset of the first array that is not closed in `bytes`, and the number of objects
/// around it. Returns `None` if the brackets before do not match.
fn open_array_offset(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut open = Vec::new();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => match string_end(bytes, at) {
                Some(end) if bytes[end] == b'"' => at = end,
                Some(_) => return None,
                None => break,
            },
            b'{' | b'[' => open.push((*byte, at)),
            b'}' | b']' => {
                // The closing bracket of each pair is two behind the opening one in ASCII.
                let (opening, _) = open.pop()?;
                if opening + 2 != *byte || open.is_empty() {
                    return None;
                }
            }
            _ => {}
        }
        at += 1;
    }
    let objects = open.iter().position(|(opening, _)| *opening == b'[')?;
    Some((objects, open[objects].1))
}

/// Follows the last member of each of the `objects` around the array. Returns the pointer to the
/// array, and the indices of the members. Returns `None` if an object may be a body, or if members
/// behind the array decide how those before it are read.
fn path_to_array(object: Json, objects: usize) -> Option<(String, Vec<usize>)> {
    let mut value = object;
    let (mut pointer, mut path) = (String::new(), Vec::new());
    for _ in 0..objects {
        let members = value.members()?;
        let contract = ContractObject::read("", value, members.borrowed());
        let has_context = CONTEXT_NAMES.iter().any(|name| members.get(name).is_some());
        if may_be_body(contract.present()) || has_context || is_partial_record(&members) {
            return None;
        }
        let last = members.iter().last()?;
        let name = last.name();
        // A name in braces may be a body that was parsed as a form.
        if field("", &name).is_some() || name.starts_with('{') {
            return None;
        }
        path.push(members.len() - 1);
        pointer::push(&mut pointer, &name);
        value = last.value();
    }
    (value.kind() == Kind::Array).then_some((pointer, path))
}

/// True for a log record that may go on in the next one.
fn is_partial_record(members: &Object) -> bool {
    LogRecord::read(members).is_some_and(|record| record.text_member == "log")
}

/// True if `elements` start with a log record.
fn is_record(elements: &[u8]) -> bool {
    // The element may be cut in the middle of a character.
    let text = crate::text::utf8::longest_valid(elements);
    let first = parse_value::<Object>(text);
    first.is_ok_and(|(members, _)| LogRecord::read(&members).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pointer_of(text: &str) -> Option<String> {
        find_open_array(text.as_bytes()).map(|array| array.pointer)
    }

    #[test]
    fn the_first_open_array_is_found_through_objects() {
        for (text, expected) in [
            (r#"{"data":[{"a":1},{"b"#, Some("/data")),
            (r#"{"a":[{}],"b":{"c/d":[ {"x":[1,"]"]},{"#, Some("/b/c~1d")),
            (
                r#"{"log":{"v":"[{","entries":[{"x":["#,
                Some("/log/entries"),
            ),
            (r#"{"data":[[{"a":1},{"b"#, None),
            (r#"{"data":[1,{"b"#, None),
            (r#"{"data":{"a":"#, None),
            (r#"{"data":["#, None),
            (r#"{"a":1]"#, None),
            (r#"{"a":1}{"b":[{}"#, None),
            (r#"[{"a":[{"#, None),
            ("{\"a\":\"\n\",\"b\":[{", None),
            (r#"{"a" 1,"data":[{"x":["#, None),
        ] {
            assert_eq!(pointer_of(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn objects_that_may_be_bodies_are_not_split() {
        for text in [
            r#"{"customer_phone":"+49","turns":[{"a":1},{"#,
            r#"{"id":1,"transcript":[{"role":"user"},{"#,
            r#"{"id":1,"extracted_variables":{"list":[{"#,
            r#"{"response":{},"data":[{"x":["#,
            r#"{"text":"x","data":[{"x":["#,
            r#"{"log":"x","data":[{"x":["#,
        ] {
            assert_eq!(pointer_of(text), None, "{text}");
        }
        let envelope = r#"{"id":1,"status":"ok","message":"x","data":[{"x":["#;
        assert_eq!(pointer_of(envelope).as_deref(), Some("/data"));
    }
}
