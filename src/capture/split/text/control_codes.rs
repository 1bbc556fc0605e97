//! Reads JSON in which rsyslog has written control characters as `#OOO`, such as `#012` for the
//! line breaks between the members. In strings, JSON has no control characters, so that `#012`
//! there is text of the caller.

use std::ops::Range;

use crate::capture::split::boundary::string_end;
use crate::json::syntax::skip_value;

/// The white space of JSON as rsyslog writes it.
const WHITE_SPACE: &[&[u8]] = &[b"#012", b"#015", b"#011"];

/// True if rsyslog has written white space at the start of `text`.
pub(super) fn is_code(text: &[u8]) -> bool {
    WHITE_SPACE.iter().any(|code| text.starts_with(code))
}

/// Finds the parts of the value at `start` between the codes, up to `end`, that of its line.
/// `None` if they are no value.
pub(super) fn find_parts(bytes: &[u8], start: usize, end: usize) -> Option<Vec<Range<usize>>> {
    let bytes = &bytes[..end];
    let mut parts = Vec::new();
    let (mut part, mut depth) = (start, 0_usize);
    let mut at = start;
    loop {
        match *bytes.get(at)? {
            b'"' => at = string_end(bytes, at)?,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            b'#' if is_code(&bytes[at..]) => {
                parts.push(part..at);
                at += 3;
                part = at + 1;
            }
            _ => {}
        }
        at += 1;
        if depth == 0 {
            break;
        }
    }
    parts.push(part..at);
    let text: Vec<u8> = parts
        .iter()
        .flat_map(|part| &bytes[part.clone()])
        .copied()
        .collect();
    skip_value(&text).is_ok().then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_codes_between_tokens_are_white_space() {
        let parts = |text: &str| {
            let parts = find_parts(text.as_bytes(), 0, text.len())?;
            Some(
                parts
                    .into_iter()
                    .map(|part| &text[part])
                    .collect::<String>(),
            )
        };
        let text = r##"{#012#011"a": "#012",#015#012 "b": 1#012} #012"##;
        assert_eq!(parts(text).as_deref(), Some(r##"{"a": "#012", "b": 1}"##));
        for text in ["{#012", "{#012x}", "{#012\"a}", "{#012]"] {
            assert_eq!(parts(text), None);
        }
    }
}
