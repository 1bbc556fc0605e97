//! Text as loggers and terminals write it.

use super::escapes::code;

pub(crate) fn encode_nginx(text: &str) -> String {
    let bytes = text.bytes().map(|byte| match byte {
        b'"' | b'\\' | 0..0x20 | 0x7f.. => format!("\\x{byte:02X}"),
        _ => char::from(byte).to_string(),
    });
    bytes.collect()
}

pub(crate) fn decode_haproxy(text: &str) -> Option<String> {
    let mut decoded = Vec::new();
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        match character {
            '#' => {
                decoded.push(u8::try_from(code(rest, 1, 2)?).ok()?);
                rest = &rest[3..];
            }
            '{' | '|' | '}' | '"' | '\u{7f}'.. => break,
            _ => {
                decoded.extend(character.to_string().bytes());
                rest = &rest[character.len_utf8()..];
            }
        }
    }
    String::from_utf8(decoded).ok()
}

/// Colours each string, and each word outside of strings.
pub(crate) fn encode_colours(text: &str) -> String {
    let mut encoded = String::new();
    let mut is_in_string = false;
    let mut is_escaped = false;
    for character in text.chars() {
        if character == '"' && !is_escaped {
            is_in_string = !is_in_string;
            encoded.push_str(if is_in_string {
                "\u{1b}[1;34m\""
            } else {
                "\"\u{1b}[0m"
            });
        } else if matches!(character, ',' | '{') && !is_in_string {
            encoded.push(character);
            encoded.push_str("\u{1b}[39m");
        } else {
            encoded.push(character);
        }
        is_escaped = character == '\\' && !is_escaped;
    }
    encoded
}

pub(crate) fn decode_colours(text: &str) -> String {
    let mut decoded = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        decoded.push_str(before);
        let after =
            after.trim_start_matches(|character| ('\u{30}'..='\u{3f}').contains(&character));
        let after =
            after.trim_start_matches(|character| ('\u{20}'..='\u{2f}').contains(&character));
        rest = after
            .strip_prefix(|character| ('\u{40}'..='\u{7e}').contains(&character))
            .unwrap_or("");
    }
    decoded + rest
}
