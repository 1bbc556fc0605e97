//! Arguments of commands in shells.

use std::fmt::Write as _;

/// An argument for Microsoft's C library: backslashes are doubled before a quote only.
pub(crate) fn encode_argument(text: &str, quote: char) -> String {
    let mut encoded = String::new();
    let mut slashes = 0;
    for character in text.chars() {
        if character == '"' {
            encoded.extend(std::iter::repeat_n('\\', slashes + 1));
        }
        slashes = if character == '\\' { slashes + 1 } else { 0 };
        encoded.push(character);
    }
    if quote == '"' {
        encoded.extend(std::iter::repeat_n('\\', slashes));
    }
    encoded
}

pub(crate) fn decode_argument(text: &str, quote: char) -> Option<String> {
    let mut decoded = String::new();
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let slashes = rest.len() - rest.trim_start_matches('\\').len();
        if slashes > 0 {
            let is_before_quote = rest[slashes..].starts_with('"');
            let kept = if is_before_quote {
                slashes / 2
            } else {
                slashes
            };
            decoded.extend(std::iter::repeat_n('\\', kept));
            rest = &rest[slashes..];
            if is_before_quote && slashes % 2 == 1 {
                decoded.push('"');
                rest = &rest[1..];
            }
            continue;
        }
        rest = &rest[character.len_utf8()..];
        if character == quote {
            match rest.strip_prefix(quote) {
                Some(after) => rest = after,
                None => return Some(decoded),
            }
        }
        decoded.push(character);
    }
    None
}

/// The function `escapeStringWin` of Chrome.
pub(crate) fn encode_browser_cmd(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    let mut encoded = String::new();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let is_safe = character.is_ascii_alphanumeric()
            || character.is_whitespace()
            || "_-:=+~'/.',?;()*`".contains(character);
        if is_safe {
            encoded.push(character);
        } else {
            encoded.extend(['^', character]);
        }
        let is_name = |next: &char| next.is_ascii_alphanumeric() || *next == '_';
        if character == '%' && characters.peek().is_some_and(is_name) {
            encoded.push('^');
        }
    }
    encoded
}

/// Removes each `^` before another character. Stops before a quote that is not escaped.
pub(crate) fn decode_carets(text: &str) -> Option<String> {
    let text = text.replace("^\\^\"", "\\\"");
    let mut decoded = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        decoded.push(match character {
            '^' => characters.next()?,
            _ => character,
        });
    }
    Some(decoded)
}

/// What Chrome copies for `PowerShell`.
pub(crate) fn encode_powershell(text: &str) -> String {
    let mut encoded = String::new();
    for character in text.chars() {
        match character {
            '`' | '$' | '"' => encoded.extend(['`', character]),
            ' '..='~' => encoded.push(character),
            _ => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    write!(encoded, "$([char]{unit})").expect("a String");
                }
            }
        }
    }
    encoded
}

pub(crate) fn decode_powershell(text: &str) -> Option<String> {
    let mut units = Vec::new();
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        if let Some(number) = rest.strip_prefix("$([char]") {
            let (number, after) = number.split_once(')')?;
            units.push(number.parse().ok()?);
            rest = after;
            continue;
        }
        rest = &rest[character.len_utf8()..];
        let meaning = match (character, rest.chars().next()) {
            ('`', Some(next)) => {
                rest = &rest[next.len_utf8()..];
                match next {
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    '0' => '\0',
                    _ => next,
                }
            }
            ('"', Some('"')) => {
                rest = &rest[1..];
                '"'
            }
            ('"' | '`', _) => break,
            _ => character,
        };
        units.extend(meaning.encode_utf16(&mut [0; 2]).iter());
    }
    String::from_utf16(&units).ok()
}

pub(crate) fn decode_shell_single(text: &str) -> Option<String> {
    let mut decoded = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\'') {
        decoded.push_str(before);
        let Some(after) = after.strip_prefix(r"\''") else {
            return Some(decoded);
        };
        decoded.push('\'');
        rest = after;
    }
    None
}
