//! HTML and percent-encoding.

use encoding_rs::WINDOWS_1252;
use quick_xml::escape::resolve_html5_entity;

use super::escapes::{code, text_of};

pub(crate) fn encode_html(text: &str) -> String {
    let text = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    text.replace('"', "&quot;").replace('\'', "&#039;")
}

pub(crate) fn decode_html(text: &str) -> Option<String> {
    const REFERENCES: &[(&str, char)] = &[("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"')];
    let mut decoded = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        decoded.push_str(before);
        rest = after;
        // Browsers accept these names without a semicolon.
        let is_end = |next: char| !next.is_ascii_alphanumeric() && next != '=';
        let known = REFERENCES.iter().find(|(known, _)| {
            after
                .strip_prefix(known)
                .is_some_and(|rest| rest.starts_with(is_end))
        });
        if let Some((name, character)) = known {
            decoded.push(*character);
            rest = &after[name.len()..];
            rest = rest.strip_prefix(';').unwrap_or(rest);
            continue;
        }
        let name = after.split_once(';').map_or("", |(name, _)| name);
        if let Some(digits) = name.strip_prefix('#') {
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => digits.parse().ok()?,
            };
            match u8::try_from(code) {
                Ok(byte @ 0x80..=0x9f) => {
                    let bytes = [byte];
                    let character = WINDOWS_1252.decode_without_bom_handling(&bytes);
                    decoded.push_str(&character.0);
                }
                _ => decoded.push(char::from_u32(code)?),
            }
        } else if let Some(characters) = resolve_html5_entity(name) {
            decoded.push_str(characters);
        } else if !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return None;
        } else {
            decoded.push('&');
            continue;
        }
        rest = &after[name.len() + 1..];
    }
    Some(decoded + rest)
}

/// Percent-encodes all bytes but letters, digits and those in `safe`.
pub(crate) fn encode_percent(text: &str, safe: &[u8]) -> String {
    let bytes = text.bytes().map(|byte| {
        if byte.is_ascii_alphanumeric() || safe.contains(&byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    });
    bytes.collect()
}

pub(crate) fn decode_percent(text: &str, is_form: bool) -> Option<String> {
    let end = text.find(['"', '<', '>', ' ']).unwrap_or(text.len());
    let mut decoded = Vec::new();
    let mut rest = &text[..end];
    while let Some(character) = rest.chars().next() {
        rest = match character {
            '%' => {
                decoded.push(u8::try_from(code(rest, 1, 2)?).ok()?);
                &rest[3..]
            }
            '+' if is_form => {
                decoded.push(b' ');
                &rest[1..]
            }
            _ => {
                decoded.extend(character.to_string().bytes());
                &rest[character.len_utf8()..]
            }
        };
    }
    // Old programs encode another encoding.
    Some(text_of(&decoded).into_owned())
}
