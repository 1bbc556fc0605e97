//! The JSON scanner accepts the same text as `serde_json`, and both find the same members.

use std::fmt;

use postcall::capture::parse::document::Documents;
use postcall::capture::source::reader::SourceOptions;
use postcall::capture::source::sources::sources_from_reader;
use postcall::capture::split::batch::batches_of;
use postcall::json::Object;
use serde_json::value::RawValue;
use serde_json::{Deserializer, StreamDeserializer};

/// Nesting that the scanner leaves to `serde_json`.
const MAX_DEPTH: usize = 64;

/// Checks the first object in the text, and the text as a source of JSON values.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Some(start) = text.find('{') {
        check_object(&text[start..]);
        check_documents(&text[start..]);
    }
}

/// Compares the scanner with `serde_json` on the object at the start of `text`.
fn check_object(text: &str) {
    let expected = values(text).next().and_then(Result::ok);
    match (Object::scan(text), expected) {
        (Some((object, length)), Some(expected)) => {
            assert_eq!(&text[..length], expected.get());
            check_members(&object, expected.get());
        }
        (None, Some(expected)) => assert!(
            depth(expected.get()) > MAX_DEPTH,
            "the scanner rejects {}",
            expected.get()
        ),
        (Some((_, length)), None) => panic!("only the scanner accepts {}", &text[..length]),
        (None, None) => {}
    }
}

/// Compares the documents of a source with the values that `serde_json` reads, up to the first one
/// that it rejects.
fn check_documents(text: &str) {
    let (expected, is_valid) = expected_documents(text);
    let mut expected = expected.into_iter();
    let reader = std::io::Cursor::new(text.as_bytes().to_vec());
    let sources = sources_from_reader("fuzz", reader, &SourceOptions::default());
    for batch in batches_of(sources) {
        let batch = batch.expect("memory can be read");
        for document in Documents::new(&batch) {
            let Some(expected) = expected.next() else {
                assert!(!is_valid, "{document:?} after the end");
                return;
            };
            let document =
                document.unwrap_or_else(|broken| panic!("{broken:?} instead of {expected}"));
            assert_eq!(document.value.text(), expected.get());
            if let Some(members) = document.value.members() {
                check_members(&members, expected.get());
            }
        }
    }
    let missing = expected.next();
    assert!(missing.is_none(), "{missing:?} is missing");
}

/// The values of `text`, and the elements instead of arrays, up to the first value that may be the
/// start of a log line. Also returns whether these are all values of `text`, which is then valid.
fn expected_documents(text: &str) -> (Vec<&RawValue>, bool) {
    let mut expected: Vec<&RawValue> = Vec::new();
    let mut values = values(text);
    while let Some(value) = values.next() {
        let Ok(value) = value else {
            return (expected, false);
        };
        if may_be_text(value.get(), &text[values.byte_offset()..]) {
            return (expected, false);
        }
        if value.get().starts_with('[') {
            let elements: Vec<&RawValue> = serde_json::from_str(value.get()).expect("an array");
            expected.extend(elements);
        } else {
            expected.push(value);
        }
    }
    (expected, true)
}

/// True if `value` may be the start of a log line, such as `[1] text` or `"a",2`: it is no object,
/// and a number, a word or punctuation follows it on its line. Of an array that begins with a
/// number or a word, only the part up to the first `]` counts, which is how such lines begin.
fn may_be_text(value: &str, after: &str) -> bool {
    let elements = value.strip_prefix('[').map(str::trim_ascii_start);
    let after = match elements {
        _ if value.starts_with('{') => return false,
        Some(elements) if elements.starts_with(['{', '[', ']', '"']) => return false,
        Some(elements) => match elements.split_once([']', '\n']) {
            Some((first, _)) if elements[first.len()..].starts_with('\n') => return false,
            Some((_, rest)) if !rest.is_empty() => rest,
            _ => after,
        },
        None => after,
    };
    let next = after.trim_start_matches([' ', '\t']).chars().next();
    next.is_some_and(|next| !matches!(next, '\r' | '\n' | '{' | '[' | '"'))
}

/// The values that follow each other in `text`.
fn values(text: &str) -> StreamDeserializer<'_, serde_json::de::StrRead<'_>, &RawValue> {
    Deserializer::from_str(text).into_iter()
}

/// Compares the members of an object, and of all objects that are its members, with `serde_json`.
fn check_members(object: &Object, text: &str) {
    let mut pending = vec![(object.clone(), text)];
    while let Some((object, text)) = pending.pop() {
        // Names with lone surrogates are not Unicode, so `serde_json` cannot return them.
        let Ok(Pairs(pairs)) = serde_json::from_str(text) else {
            continue;
        };
        let members: Vec<_> = object.iter().collect();
        assert_eq!(members.len(), pairs.len(), "{text}");
        for (member, (name, value)) in members.into_iter().zip(pairs) {
            assert_eq!(member.name(), name, "{text}");
            assert_eq!(member.value().text(), value.get(), "{text}");
            if let Some(members) = member.value().members() {
                pending.push((members, value.get()));
            }
        }
    }
}

/// The members of an object, repeated names included.
struct Pairs<'a>(Vec<(String, &'a RawValue)>);

impl<'de> serde::Deserialize<'de> for Pairs<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Pairs<'de>;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(
                self,
                mut map: A,
            ) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, &RawValue>()? {
                    pairs.push((name, value));
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Visitor)
    }
}

/// The largest number of open brackets in valid JSON.
fn depth(text: &str) -> usize {
    let (mut depth, mut max) = (0_usize, 0);
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'{' | b'[' => {
                depth += 1;
                max = max.max(depth);
            }
            b'}' | b']' => depth -= 1,
            b'"' => {
                while let Some(byte) = bytes.next() {
                    match byte {
                        b'\\' => drop(bytes.next()),
                        b'"' => break,
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    max
}
