//! Recognizes arrays of npm's `flatted`, in which n8n stores its executions: one element for each
//! object, array and string of a value. The strings in an object or array are the indices of
//! other elements. The first element is the value.

use crate::json::{Json, Kind};

/// Number of bytes that decide if an array may be flatted.
const MAX_HEAD_BYTES: usize = 64 * 1024;

/// True if the array that `bytes` start with may be flatted, judging by its first element. `None`
/// if more bytes are needed.
pub(crate) fn may_be_flatted(bytes: &[u8]) -> Option<bool> {
    let head = &bytes[..bytes.len().min(MAX_HEAD_BYTES)];
    may_be_flatted_head(head).or((head.len() < bytes.len()).then_some(false))
}

/// Like [`may_be_flatted`], for the bytes that decide.
fn may_be_flatted_head(head: &[u8]) -> Option<bool> {
    let rest = head.get(1..)?.trim_ascii_start();
    let (first, mut rest) = rest.split_first()?;
    let is_object = match first {
        b'{' => true,
        b'[' => false,
        _ => return Some(false),
    };
    let mut next_index = 1;
    loop {
        rest = rest.trim_ascii_start();
        if is_object {
            // A name.
            let name = rest.strip_prefix(b"\"");
            let Some(name) = name else {
                return rest.first().map(|_| false);
            };
            let mut end = memchr::memchr2(b'"', b'\\', name)?;
            while name[end] == b'\\' {
                end += 2;
                end += memchr::memchr2(b'"', b'\\', name.get(end..)?)?;
            }
            rest = name[end + 1..].trim_ascii_start();
            rest = match rest.split_first()? {
                (b':', rest) => rest.trim_ascii_start(),
                _ => return Some(false),
            };
        }
        let end = match rest.first()? {
            b'"' => {
                let text = &rest[1..];
                let end = text.iter().position(|byte| !byte.is_ascii_digit())?;
                let index: usize = match std::str::from_utf8(&text[..end])
                    .unwrap_or_default()
                    .parse()
                {
                    Ok(index) if text[end] == b'"' && index <= next_index => index,
                    _ => return Some(false),
                };
                next_index += usize::from(index == next_index);
                end + 2
            }
            b'-' | b'0'..=b'9' | b't' | b'f' | b'n' => {
                let is_end =
                    |byte: &u8| matches!(byte, b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t');
                rest.iter().position(is_end)?
            }
            _ => return Some(false),
        };
        rest = rest[end..].trim_ascii_start();
        match rest.split_first()? {
            (b',', after) => rest = after,
            // An element without references has no other element beside it.
            (b'}' | b']', _) => return Some(next_index > 1),
            _ => return Some(false),
        }
    }
}

/// Reads the elements of a flatted array. Returns `None` unless every string in an object or array
/// is the index of an element, and every element but the first has a reference to it.
pub(crate) fn flatted_elements(array: Json) -> Option<Vec<Json>> {
    if may_be_flatted(array.text().as_bytes()) != Some(true) {
        return None;
    }
    let elements = array.elements()?;
    let mut has_reference = vec![false; elements.len()];
    has_reference[0] = true;
    let mut add = |value: Json| match value.kind() {
        Kind::Object | Kind::Array => None,
        Kind::String => {
            *has_reference.get_mut(reference(value)?)? = true;
            Some(())
        }
        _ => Some(()),
    };
    for element in &elements {
        match element.kind() {
            Kind::String => {}
            Kind::Object => element
                .members()?
                .iter()
                .try_for_each(|member| add(member.value()))?,
            Kind::Array => element.elements()?.into_iter().try_for_each(&mut add)?,
            _ => return None,
        }
    }
    has_reference.iter().all(|has| *has).then_some(elements)
}

/// The index that a string in an object or array of a flatted array contains.
pub(crate) fn reference(value: Json) -> Option<usize> {
    let digits = value.text().strip_prefix('"')?.strip_suffix('"')?;
    let is_index = digits.bytes().all(|byte| byte.is_ascii_digit())
        && (digits == "0" || !digits.starts_with('0'));
    digits.parse().ok().filter(|_| is_index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_element_decides_if_an_array_may_be_flatted() {
        for (array, expected) in [
            (r#"[{"a":"1","b":2,"c":"2","d":"1"},"x","y"]"#, Some(true)),
            (r#"[ [ "1" , null ], "x"]"#, Some(true)),
            (r#"[{"a\"":"1"}"#, Some(true)),
            (r#"[{"a":"0","b":"1"}"#, Some(true)),
            (r#"[{"a":1}]"#, Some(false)),
            (r#"[{"a":"2"},"x"]"#, Some(false)),
            (r#"[{"a":"+49"}"#, Some(false)),
            (r#"[{"a":{"b":"1"}}]"#, Some(false)),
            (r#"["1","x"]"#, Some(false)),
            ("[{}]", Some(false)),
            ("[{\"a\" 1", Some(false)),
            ("[]", Some(false)),
        ] {
            assert_eq!(may_be_flatted(array.as_bytes()), expected, "{array}");
            let decided =
                (0..array.len()).filter_map(|end| may_be_flatted(&array.as_bytes()[..end]));
            for early in decided {
                assert_eq!(Some(early), expected, "{array}");
            }
        }
    }

    #[test]
    fn all_references_must_resolve() {
        for (array, is_flatted) in [
            (r#"[{"a":"1","b":"2"},"x",["1"]]"#, true),
            (r#"[{"a":"1","b":"2"},"x"]"#, false),
            (r#"[{"a":"1"},"x","y"]"#, false),
            (r#"[{"a":"1"},{"b":"x"}]"#, false),
            (r#"[{"a":"1"},{"b":{}}]"#, false),
            (r#"[{"a":"1"},2]"#, false),
            (r#"[{"a":"1"},{"b":"01"}]"#, false),
        ] {
            let array: Json = serde_json::from_str(array).expect("well-formed");
            assert_eq!(flatted_elements(array).is_some(), is_flatted, "{array:?}");
        }
    }
}
