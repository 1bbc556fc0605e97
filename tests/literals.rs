//! Bodies survive every way in which databases, languages, shells, forms and loggers escape text,
//! and damaged text is never read as something else.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use encoding_rs::WINDOWS_1252;

use common::{config, json_lines, program, run, temporary_folder};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

/// A form of quoted or escaped text.
struct Form {
    name: &'static str,
    /// Text before and after the escaped body in its line.
    around: (&'static str, &'static str),
    encode: fn(&str) -> String,
    /// Decodes as the program does that reads this form. Stops at the closing quote. `None` if it
    /// rejects the text.
    decode: fn(&str) -> Option<String>,
    /// True if each body has one reading only.
    is_certain: bool,
}

const FORMS: &[Form] = &[
    Form {
        name: "Postgres COPY",
        around: ("1\t2024-01-15 10:30:00+00\t", "\t\\N"),
        encode: encode_copy,
        decode: |text| decode(text, '\t', false, &copy_escape),
        is_certain: true,
    },
    Form {
        name: "pg_dump --inserts",
        around: ("INSERT INTO public.calls VALUES (1, '", "', NULL);"),
        encode: |text| text.replace('\'', "''"),
        decode: |text| decode(text, '\'', true, &verbatim),
        is_certain: true,
    },
    Form {
        name: "sqlite3 .dump",
        around: ("INSERT INTO calls VALUES(1,'", "',NULL);"),
        encode: |text| text.replace('\'', "''"),
        decode: |text| decode(text, '\'', true, &verbatim),
        is_certain: true,
    },
    Form {
        name: "other SQL",
        around: ("insert into calls values (1, '", "', NULL);"),
        encode: |text| text.replace('\'', "''"),
        decode: |text| decode(text, '\'', true, &verbatim),
        is_certain: false,
    },
    Form {
        name: "E'…'",
        around: ("INSERT INTO calls VALUES (1, E'", "');"),
        encode: |text| text.replace('\\', "\\\\").replace('\'', "''"),
        decode: |text| decode(text, '\'', true, &postgres_escape),
        is_certain: true,
    },
    Form {
        name: "mysqldump",
        around: (
            "INSERT INTO `calls` VALUES (1,'it\\'s','",
            "',NULL),(2,'x',NULL,NULL);",
        ),
        encode: encode_mysql,
        decode: |text| decode(text, '\'', true, &mysql_escape),
        is_certain: true,
    },
    Form {
        name: "bytes in Python",
        around: ("INFO it's body=b'", "' (POST)"),
        encode: |text| encode_bytes(text, b"\\'", |byte| format!("\\x{byte:02x}")),
        decode: |text| decode(text, '\'', false, &python_bytes_escape),
        is_certain: true,
    },
    Form {
        name: "str in Python",
        around: ("{'method': 'POST', 'body': '", "'}"),
        encode: encode_python,
        decode: |text| decode(text, '\'', false, &python_escape),
        is_certain: true,
    },
    Form {
        name: "str in Python without evidence",
        around: ("got '", "'"),
        encode: encode_python,
        decode: |text| decode(text, '\'', false, &python_escape),
        is_certain: false,
    },
    Form {
        name: "redis-cli",
        around: ("1) \"", "\""),
        encode: |text| encode_bytes(text, b"\\\"", |byte| format!("\\x{byte:02x}")),
        decode: |text| decode(text, '"', false, &redis_escape),
        is_certain: true,
    },
    Form {
        name: "nginx",
        around: ("203.0.113.5 - \"POST / HTTP/1.1\" 200 \"-\" \"", "\""),
        encode: encode_nginx,
        decode: |text| decode(text, '"', false, &redis_escape),
        is_certain: true,
    },
    Form {
        name: "nginx without quotes",
        around: ("203.0.113.5 - ", " 200"),
        encode: encode_nginx,
        decode: |text| decode(text, '\n', false, &redis_escape),
        is_certain: true,
    },
    Form {
        name: "escaped text",
        around: ("received ", " now"),
        encode: |text| text.replace('\\', "\\\\").replace('"', "\\\""),
        decode: |text| decode(text, '\n', false, &python_escape),
        is_certain: true,
    },
    Form {
        name: "a string in text",
        around: ("body=\"", "\" x"),
        encode: |text| text.replace('\\', "\\\\").replace('"', "\\\""),
        decode: |text| decode(text, '"', false, &python_escape),
        is_certain: true,
    },
    Form {
        name: "single quotes of a shell",
        around: ("curl https://example.com -d '", "'"),
        encode: |text| text.replace('\'', r"'\''"),
        decode: decode_shell_single,
        is_certain: true,
    },
    Form {
        name: "double quotes of a shell",
        around: (
            "time curl -H 'Accept: */*' -H \"X: {\\\"a\\\":[]}\" https://example.com -d \"",
            "\" -H 'X: it'\\''s'",
        ),
        encode: |text| {
            let special = ['\\', '"', '$', '`'];
            let escaped = text.chars().map(|character| {
                let slash = if special.contains(&character) {
                    "\\"
                } else {
                    ""
                };
                format!("{slash}{character}")
            });
            escaped.collect()
        },
        decode: |text| decode(text, '"', false, &shell_double_escape),
        is_certain: true,
    },
    Form {
        name: "$'…'",
        around: ("curl https://example.com -d $'", "'"),
        encode: |text| {
            let text = text.replace('\\', "\\\\").replace('\'', "\\'");
            text.replace('!', "\\u0021")
        },
        decode: |text| decode(text, '\'', false, &shell_escape),
        is_certain: true,
    },
    Form {
        name: "a field of a form",
        around: ("source=x&payload=", "&attempt=1"),
        encode: |text| encode_percent(text, b"-._*").replace("%20", "+"),
        decode: |text| decode_percent(text.split('&').next()?, true),
        is_certain: true,
    },
    Form {
        name: "encodeURIComponent",
        around: ("GET /calls?payload=", " HTTP/1.1"),
        encode: |text| encode_percent(text, b"-_.!~*'()"),
        // Without an encoded space, a plus means that the text is a form.
        decode: |text| decode_percent(text, !text.contains("%20")),
        is_certain: true,
    },
    Form {
        name: "encodeURI",
        around: ("{\"url\": \"/calls?payload=", "\"}"),
        encode: |text| encode_percent(text, b";,/?:@&=+$-_.!~*'()#"),
        decode: |text| decode_percent(text, false),
        is_certain: true,
    },
    Form {
        name: "an element of HTML",
        around: ("<td class=\"call\">", "</td>"),
        encode: encode_html,
        decode: |text| decode_html(text.split('<').next()?),
        is_certain: true,
    },
    Form {
        name: "a message in Slack",
        around: (
            "{\"type\": \"message\", \"ts\": \"1705314701.000100\", \"text\": \"```",
            "```\"}",
        ),
        encode: |text| {
            let text = text.replace('&', "&amp;").replace('<', "&lt;");
            let string = Value::from(text.replace('>', "&gt;")).to_string();
            string[1..string.len() - 1].to_owned()
        },
        decode: |text| {
            let string = first_value(&format!("\"{text}"))?;
            let text = string.as_str()?.replace("&lt;", "<").replace("&gt;", ">");
            Some(text.replace("&amp;", "&"))
        },
        is_certain: true,
    },
    Form {
        name: "colours",
        around: ("\u{1b}[0m", "\u{1b}[0m now"),
        encode: encode_colours,
        decode: |text| Some(decode_colours(text)),
        is_certain: true,
    },
    Form {
        name: "unistr",
        around: ("INSERT INTO calls VALUES(1,unistr('", "'),NULL);"),
        encode: |text| {
            let escaped = text
                .replace('\\', "\\\\")
                .replace('\'', "''")
                .replace(' ', "\\u0020");
            escaped.replace('ü', "\\00fc").replace('😀', "\\D83D\\DE00")
        },
        decode: |text| decode(text, '\'', true, &unistr_escape),
        is_certain: true,
    },
    Form {
        name: "HAProxy",
        around: (
            "lb haproxy[1]: 1/1 0/0 {example.com|",
            "} \"POST / HTTP/1.1\"",
        ),
        encode: |text| {
            let bytes = text.bytes().map(|byte| match byte {
                b' '..=b'~' if !b"\"#{|}".contains(&byte) => char::from(byte).to_string(),
                _ => format!("#{byte:02X}"),
            });
            bytes.collect()
        },
        decode: decode_haproxy,
        is_certain: true,
    },
    Form {
        name: "cmd",
        around: ("C:\\>curl https://example.com -d \"", "\""),
        encode: |text| encode_argument(text, '"'),
        decode: |text| decode_argument(text, '"'),
        is_certain: true,
    },
    Form {
        name: "Copy as cURL (cmd)",
        around: ("curl ^\"https://example.com^\" --data-raw ^\"", "^\""),
        encode: encode_browser_cmd,
        decode: |text| decode(&decode_carets(text)?, '"', false, &python_bytes_escape),
        is_certain: true,
    },
    Form {
        name: "PowerShell",
        around: ("Invoke-RestMethod -Uri $uri -Body \"", "\" -Method Post"),
        encode: encode_powershell,
        decode: decode_powershell,
        is_certain: true,
    },
    Form {
        name: "single quotes of PowerShell",
        around: ("irm https://example.com -Method Post -Body '", "'"),
        encode: |text| text.replace('\'', "\'\'"),
        decode: |text| decode(text, '\'', true, &verbatim),
        is_certain: true,
    },
    Form {
        name: "an argument in PowerShell",
        around: ("curl.exe https://example.com -d '", "'"),
        encode: |text| encode_argument(text, '\'').replace('\'', "\'\'"),
        decode: |text| decode_argument(text, '\''),
        is_certain: true,
    },
    Form {
        name: "ascii in Python",
        around: ("{'method': 'POST', 'body': '", "'}"),
        encode: encode_ascii,
        decode: |text| decode(text, '\'', false, &python_escape),
        is_certain: false,
    },
];

/// Colours each string, and each word outside of strings.
fn encode_colours(text: &str) -> String {
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

fn decode_colours(text: &str) -> String {
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

fn encode_html(text: &str) -> String {
    let text = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    text.replace('"', "&quot;").replace('\'', "&#039;")
}

fn decode_html(text: &str) -> Option<String> {
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
            let code: u32 = digits.parse().ok()?;
            match u8::try_from(code) {
                Ok(byte @ 0x80..=0x9f) => {
                    let bytes = [byte];
                    let character = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes);
                    decoded.push_str(&character.0);
                }
                _ => decoded.push(char::from_u32(code)?),
            }
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
fn encode_percent(text: &str, safe: &[u8]) -> String {
    let bytes = text.bytes().map(|byte| {
        if byte.is_ascii_alphanumeric() || safe.contains(&byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    });
    bytes.collect()
}

fn decode_percent(text: &str, is_form: bool) -> Option<String> {
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
    match String::from_utf8(decoded) {
        Ok(text) => Some(text),
        Err(error) => {
            let (text, _) = WINDOWS_1252.decode_without_bom_handling(error.as_bytes());
            Some(text.into_owned())
        }
    }
}

fn encode_copy(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('\n', "\\n");
    text.replace('\t', "\\t")
}

fn encode_mysql(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    text.replace('\'', "\\'").replace('\n', "\\n")
}

/// `repr` of Python: characters that are not printable are escaped as code points.
fn encode_python(text: &str) -> String {
    let mut encoded = String::new();
    for character in text.chars() {
        match character {
            '\\' | '\'' => encoded.extend(['\\', character]),
            '\n' => encoded.push_str("\\n"),
            '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{a0}' | '\u{ad}' => {
                write!(encoded, "\\x{:02x}", u32::from(character)).expect("a String");
            }
            '\u{2028}' => encoded.push_str("\\u2028"),
            '\u{e0001}' => encoded.push_str("\\U000e0001"),
            _ => encoded.push(character),
        }
    }
    encoded
}

/// `ascii` of Python: all characters that are not ASCII are escaped as code points.
fn encode_ascii(text: &str) -> String {
    let mut encoded = String::new();
    for character in encode_python(text).chars() {
        match u32::from(character) {
            0..0x80 => encoded.push(character),
            code @ 0x80..0x100 => write!(encoded, "\\x{code:02x}").expect("a String"),
            code @ 0x100..0x1_0000 => write!(encoded, "\\u{code:04x}").expect("a String"),
            code => write!(encoded, "\\U{code:08x}").expect("a String"),
        }
    }
    encoded
}

/// An argument for Microsoft's C library: backslashes are doubled before a quote only.
fn encode_argument(text: &str, quote: char) -> String {
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

fn decode_argument(text: &str, quote: char) -> Option<String> {
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
fn encode_browser_cmd(text: &str) -> String {
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
fn decode_carets(text: &str) -> Option<String> {
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
fn encode_powershell(text: &str) -> String {
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

fn decode_powershell(text: &str) -> Option<String> {
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

/// Escapes the bytes that are not printable ASCII, and `special` ones with a backslash.
fn encode_bytes(text: &str, special: &[u8], hex: fn(u8) -> String) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'\n' => encoded.push_str("\\n"),
            b'\t' => encoded.push_str("\\t"),
            _ if special.contains(&byte) => encoded.extend(['\\', char::from(byte)]),
            b' '..=b'~' => encoded.push(char::from(byte)),
            _ => encoded.push_str(&hex(byte)),
        }
    }
    encoded
}

fn encode_nginx(text: &str) -> String {
    let bytes = text.bytes().map(|byte| match byte {
        b'"' | b'\\' | 0..0x20 | 0x7f.. => format!("\\x{byte:02X}"),
        _ => char::from(byte).to_string(),
    });
    bytes.collect()
}

/// The bytes of an escape at the start of the text, and its length.
type Escape = dyn Fn(&str) -> Option<(Vec<u8>, usize)>;

/// Decodes text up to `quote`, which may be doubled.
fn decode(text: &str, quote: char, is_doubled: bool, escape: &Escape) -> Option<String> {
    let mut decoded = Vec::new();
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        if character == '\\' {
            let (bytes, length) = escape(rest)?;
            decoded.extend(bytes);
            rest = rest.get(length..)?;
            continue;
        }
        if character == quote {
            rest = &rest[1..];
            if !is_doubled || !rest.starts_with(quote) {
                break;
            }
        }
        decoded.extend(character.to_string().bytes());
        rest = &rest[character.len_utf8()..];
    }
    String::from_utf8(decoded).ok()
}

#[expect(clippy::unnecessary_wraps, reason = "the type of a reader of escapes")]
fn verbatim(_: &str) -> Option<(Vec<u8>, usize)> {
    Some((b"\\".to_vec(), 1))
}

/// The character after the backslash, or that which it means, and the length of both.
fn simple(text: &str, meanings: &[(char, char)]) -> Option<(Vec<u8>, usize)> {
    let letter = text.chars().nth(1)?;
    let known = meanings.iter().find(|(known, _)| *known == letter);
    let character = known.map_or(letter, |(_, meaning)| *meaning);
    Some((character.to_string().into_bytes(), 1 + letter.len_utf8()))
}

fn code(text: &str, at: usize, length: usize) -> Option<u32> {
    u32::from_str_radix(text.get(at..at + length)?, 16).ok()
}

fn copy_escape(text: &str) -> Option<(Vec<u8>, usize)> {
    simple(
        text,
        &[
            ('n', '\n'),
            ('t', '\t'),
            ('r', '\r'),
            ('b', '\u{8}'),
            ('f', '\u{c}'),
            ('v', '\u{b}'),
        ],
    )
}

fn mysql_escape(text: &str) -> Option<(Vec<u8>, usize)> {
    simple(
        text,
        &[
            ('n', '\n'),
            ('t', '\t'),
            ('r', '\r'),
            ('b', '\u{8}'),
            ('0', '\0'),
            ('Z', '\u{1a}'),
        ],
    )
}

fn unistr_escape(text: &str) -> Option<(Vec<u8>, usize)> {
    match text.chars().nth(1)? {
        '\\' => Some((b"\\".to_vec(), 2)),
        'u' => python_escape(text),
        _ => {
            let unit = u16::try_from(code(text, 1, 4)?).ok()?;
            let pair = text[5..]
                .strip_prefix('\\')
                .and_then(|rest| code(rest, 0, 4));
            let low = pair.and_then(|low| u16::try_from(low).ok());
            let (units, length) = match unit {
                0xd800..0xdc00 => (vec![unit, low?], 10),
                _ => (vec![unit], 5),
            };
            Some((String::from_utf16(&units).ok()?.into_bytes(), length))
        }
    }
}

fn decode_haproxy(text: &str) -> Option<String> {
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

fn postgres_escape(text: &str) -> Option<(Vec<u8>, usize)> {
    match text.chars().nth(1)? {
        'x' => redis_escape(text),
        'u' | 'U' => python_escape(text),
        _ => mysql_escape(text),
    }
}

fn python_bytes_escape(text: &str) -> Option<(Vec<u8>, usize)> {
    match text.chars().nth(1)? {
        'x' => Some((vec![u8::try_from(code(text, 2, 2)?).ok()?], 4)),
        '\\' | '\'' | '"' | 'n' | 't' | 'r' => redis_escape(text),
        _ => verbatim(text),
    }
}

fn python_escape(text: &str) -> Option<(Vec<u8>, usize)> {
    let character = |at, length| Some(char::from_u32(code(text, at, length)?)?.to_string());
    match text.chars().nth(1)? {
        'x' => Some((character(2, 2)?.into_bytes(), 4)),
        'u' => Some((character(2, 4)?.into_bytes(), 6)),
        'U' => Some((character(2, 8)?.into_bytes(), 10)),
        _ => python_bytes_escape(text),
    }
}

/// In JavaScript, an unknown escape is the character itself.
fn javascript_escape(text: &str) -> Option<(Vec<u8>, usize)> {
    match text.chars().nth(1)? {
        'x' | 'u' | '\\' | '\'' | '"' | 'n' | 't' | 'r' => python_escape(text),
        other => Some((other.to_string().into_bytes(), 1 + other.len_utf8())),
    }
}

fn redis_escape(text: &str) -> Option<(Vec<u8>, usize)> {
    match text.chars().nth(1)? {
        'x' => Some((vec![u8::try_from(code(text, 2, 2)?).ok()?], 4)),
        _ => simple(
            text,
            &[
                ('n', '\n'),
                ('t', '\t'),
                ('r', '\r'),
                ('a', '\u{7}'),
                ('b', '\u{8}'),
            ],
        ),
    }
}

fn shell_escape(text: &str) -> Option<(Vec<u8>, usize)> {
    match text.chars().nth(1)? {
        'u' => python_escape(text),
        '\\' | '\'' | '"' | '?' | 'n' | 't' | 'r' | 'x' => redis_escape(text),
        _ => verbatim(text),
    }
}

fn shell_double_escape(text: &str) -> Option<(Vec<u8>, usize)> {
    match text.chars().nth(1)? {
        '\\' | '"' | '$' | '`' => simple(text, &[]),
        _ => verbatim(text),
    }
}

fn decode_shell_single(text: &str) -> Option<String> {
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

/// Text with everything that the forms escape.
fn text() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "\\",
        "\\\\",
        "\"",
        "'",
        "''",
        "\n",
        "\\n",
        "\\t",
        "\\u00fc",
        "\\x22",
        "ü",
        "😀",
        "–",
        "C:\\neu",
        "{",
        "}",
        "[",
        "]",
        "\t",
        "`",
        "$",
        "!",
        "#{",
        "%22",
        "&amp;",
        "\u{ad}",
        "\u{a0}",
        "\u{2028}",
        "\u{e0001}",
        "\u{7f}",
        "Guten Tag",
        " ",
        "),(",
        "',NULL",
        "\\'",
        "1",
    ];
    vec(select(PIECES), 0..6).prop_map(|pieces| pieces.concat())
}

fn body(id: usize) -> impl Strategy<Value = Value> {
    (text(), text(), text(), any::<bool>()).prop_map(
        move |(summary, transcript, name, answered)| {
            json!({
                "id": id,
                "customer_phone": "+4915123456789",
                "assistant_phone": null,
                "duration": 1.5,
                "extracted_variables": {"status": answered, "summary": summary, name: [1, {}]},
                "transcript": transcript,
            })
        },
    )
}

fn bodies(count: usize, seed: u64) -> Vec<Value> {
    let mut settings = config(1);
    settings.rng_seed = proptest::test_runner::RngSeed::Fixed(seed);
    let mut runner = TestRunner::new(settings);
    let mut body = |id| {
        let tree = body(id).new_tree(&mut runner);
        tree.expect("no case is rejected").current()
    };
    (0..count).map(&mut body).collect()
}

/// The bodies that are extracted from text, by id, and the lines with an error.
fn read(text: &[u8]) -> (BTreeMap<u64, Vec<Value>>, BTreeSet<u64>) {
    let folder = temporary_folder();
    let file = folder.path().join("bodies.log");
    std::fs::write(&file, text).expect("a writable folder");
    let file = file.to_str().expect("a UTF-8 path");
    let output = |arguments: &[&str]| json_lines(&run(program(arguments), Vec::new()).stdout);
    let items = output(&["extract", "--list", "--format=jsonl", file]);
    let lines = |kinds: &[&str]| -> Vec<u64> {
        let items = items.iter().filter(|item| {
            let kind = item["kind"].as_str();
            kind.is_some_and(|kind| kinds.contains(&kind))
        });
        let line = |item: &Value| {
            let (line, _) = item["place"].as_str()?.split_once(':')?;
            line.parse().ok()
        };
        items.filter_map(line).collect()
    };
    // A body that was repaired is reported: its text was not what a program had written.
    let repaired = lines(&["repaired"]);
    let mut found = BTreeMap::<_, Vec<Value>>::new();
    for (line, body) in lines(&["call"]).into_iter().zip(output(&["extract", file])) {
        if !repaired.contains(&line) {
            let id = body["id"].as_u64().unwrap_or(u64::MAX);
            found.entry(id).or_default().push(body);
        }
    }
    (found, lines(&["broken", "repaired"]).into_iter().collect())
}

#[test]
fn bodies_survive_every_form() {
    for (number, form) in (1..).zip(FORMS) {
        let bodies = bodies(400, number);
        let (before, after) = form.around;
        let mut text = String::from("-- lines\n");
        for body in &bodies {
            let encoded = (form.encode)(&body.to_string());
            writeln!(text, "{before}{encoded}{after}").expect("a String");
        }
        let (found, broken) = read(text.as_bytes());
        let mut refused = 0;
        for (id, body) in (0..).zip(&bodies) {
            let line = text
                .lines()
                .nth(usize::try_from(id).expect("small") + 1)
                .expect("a line");
            if let Some(read) = found.get(&id) {
                assert_eq!(read, std::slice::from_ref(body), "{}: {line}", form.name);
            } else {
                assert!(broken.contains(&(id + 2)), "{}: lost: {line}", form.name);
                refused += 1;
            }
        }
        let limit = if form.is_certain { 0 } else { bodies.len() / 3 };
        assert!(refused <= limit, "{}: {refused} refused", form.name);
    }
}

/// Messages in an mbox file.
fn mailbox(bodies: &[Value], encoding: &str, encode: fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let mut messages = Vec::new();
    for body in bodies {
        let head = format!(
            "From a@example.org Mon Jan 15 10:30:00 2024\nMIME-Version: 1.0\n\
             Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: {encoding}\n\n"
        );
        messages.extend(head.into_bytes());
        messages.extend(encode(format!("{body:#}\n").as_bytes()));
        messages.extend(b"\n\n");
    }
    messages
}

fn encode_quoted_printable(text: &[u8]) -> Vec<u8> {
    let mut encoded = Vec::new();
    let mut column = 0;
    for byte in text {
        let character = match byte {
            b'\n' => "\n".to_owned(),
            b'=' | 0..0x20 | 0x7f.. => format!("={byte:02X}"),
            _ => char::from(*byte).to_string(),
        };
        if column + character.len() > 75 {
            encoded.extend(b"=\n");
            column = 0;
        }
        column = if *byte == b'\n' {
            0
        } else {
            column + character.len()
        };
        encoded.extend(character.into_bytes());
    }
    encoded
}

fn encode_base64(text: &[u8]) -> Vec<u8> {
    let digits = STANDARD.encode(text).into_bytes();
    digits.chunks(76).collect::<Vec<_>>().join(&b'\n')
}

/// JSON Lines in Windows-1252. Other characters are escaped.
fn encode_windows_1252(bodies: &[Value]) -> Vec<u8> {
    let mut lines = Vec::new();
    for body in bodies {
        for character in body.to_string().chars() {
            let text = character.to_string();
            let (bytes, _, is_unknown) = WINDOWS_1252.encode(&text);
            if !is_unknown {
                lines.extend(&*bytes);
                continue;
            }
            for unit in character.encode_utf16(&mut [0; 2]) {
                lines.extend(format!("\\u{unit:04x}").into_bytes());
            }
        }
        lines.push(b'\n');
    }
    lines
}

#[test]
fn bodies_survive_mail_and_windows_1252() {
    let bodies = bodies(400, 2001);
    for (name, text) in [
        (
            "quoted-printable",
            mailbox(&bodies, "quoted-printable", encode_quoted_printable),
        ),
        ("base64", mailbox(&bodies, "base64", encode_base64)),
        ("8bit", mailbox(&bodies, "8bit", <[u8]>::to_vec)),
        ("Windows-1252", encode_windows_1252(&bodies)),
    ] {
        let (found, broken) = read(&text);
        assert_eq!(broken, BTreeSet::new(), "{name}");
        for (id, body) in (0..).zip(&bodies) {
            let read = found.get(&id).map(Vec::as_slice);
            assert_eq!(read, Some(std::slice::from_ref(body)), "{name}");
        }
    }
}

/// Each value is that of its line as UTF-8, or else as Windows-1252.
#[test]
fn changed_bytes_are_read_as_utf8_or_windows_1252() {
    let mut runner = TestRunner::new(config(1));
    let bodies = bodies(1000, 2002);
    let mut lines = Vec::new();
    for body in &bodies {
        let change = (any::<Index>(), 0x80_u8..);
        let (at, byte) = change
            .new_tree(&mut runner)
            .expect("no case is rejected")
            .current();
        let mut line = body.to_string().into_bytes();
        let length = line.len();
        line[at.index(length)] = byte;
        lines.push(line);
    }
    let (found, broken) = read(&lines.join(&b'\n'));
    let mut found: BTreeSet<String> = found.values().flatten().map(Value::to_string).collect();
    for (number, line) in (1..).zip(&lines) {
        let (windows_1252, _) = WINDOWS_1252.decode_without_bom_handling(line);
        let text = str::from_utf8(line).map_or(windows_1252, Into::into);
        let expected: Option<Value> = serde_json::from_str(&text).ok();
        // Lines without a value may be reported together with the one before.
        let is_together = expected.is_none() && broken.contains(&(number - 1));
        let is_found = expected.is_some_and(|value| found.remove(&value.to_string()));
        let is_reported = broken.contains(&number) || is_together;
        assert!(is_found || is_reported, "lost: {text}");
    }
    assert_eq!(found, BTreeSet::new());
}

/// One change of a text.
#[derive(Clone, Debug)]
enum Change {
    Replace(Index, char),
    Insert(Index, char),
    Remove(Index),
    Truncate(Index),
}

fn change() -> impl Strategy<Value = Change> {
    let character = || select(r#"\'"nrtux0cq{}[],: ab8%+&=2"#.chars().collect::<Vec<_>>());
    prop_oneof![
        6 => (any::<Index>(), character()).prop_map(|(at, new)| Change::Replace(at, new)),
        2 => (any::<Index>(), character()).prop_map(|(at, new)| Change::Insert(at, new)),
        2 => any::<Index>().prop_map(Change::Remove),
        1 => any::<Index>().prop_map(Change::Truncate),
    ]
}

fn apply(change: &Change, text: &str) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    let length = characters.len();
    match change {
        Change::Replace(at, new) => characters[at.index(length)] = *new,
        Change::Insert(at, new) => characters.insert(at.index(length), *new),
        Change::Remove(at) => drop(characters.remove(at.index(length))),
        Change::Truncate(at) => characters.truncate(at.index(length)),
    }
    characters.into_iter().collect()
}

/// The first JSON value of a text, if there is one.
fn first_value(text: &str) -> Option<Value> {
    serde_json::Deserializer::from_str(text)
        .into_iter()
        .next()?
        .ok()
}

#[test]
fn damaged_text_is_never_read_as_something_else() {
    const NAMES: [&str; 3] = ["customer_phone", "assistant_phone", "extracted_variables"];
    const MEMBERS: [&str; 5] = [NAMES[0], NAMES[1], NAMES[2], "duration", "transcript"];
    let mut runner = TestRunner::new(config(1));
    for (number, form) in (1001..).zip(FORMS) {
        let bodies = bodies(600, number);
        let (before, after) = form.around;
        let mut lines = Vec::new();
        for body in &bodies {
            let encoded = (form.encode)(&body.to_string());
            let change = change()
                .new_tree(&mut runner)
                .expect("no case is rejected")
                .current();
            lines.push(apply(&change, &encoded));
        }
        let mut text = String::from("-- lines\n");
        for line in &lines {
            writeln!(text, "{before}{line}{after}").expect("a String");
        }
        let (found, broken) = read(text.as_bytes());
        let mut values = BTreeMap::<String, u64>::new();
        for body in found.into_values().flatten() {
            *values.entry(body.to_string()).or_default() += 1;
        }
        for (index, (original, line)) in bodies.iter().zip(&lines).enumerate() {
            let decoded = (form.decode)(&format!("{line}{after}"));
            let decoded = decoded.and_then(|text| first_value(&text));
            // In quotes of an unknown program, a text may also be verbatim, or of JavaScript.
            let [verbatim, javascript] = if form.is_certain {
                [None, None]
            } else {
                let javascript = decode(&format!("{line}{after}"), '\'', false, &javascript_escape);
                [
                    first_value(line),
                    javascript.and_then(|text| first_value(&text)),
                ]
            };
            let decoded_value = decoded.clone();
            let allowed = [Some(original.clone()), decoded, verbatim, javascript];
            let mut allowed = allowed.iter().flatten().map(Value::to_string);
            let known = allowed.find(|value| values.get(value).is_some_and(|count| *count > 0));
            if let Some(count) = known.and_then(|known| values.get_mut(&known)) {
                *count -= 1;
                continue;
            }
            // A value with fewer members is valid, but is not a call.
            let is_other = decoded_value.is_some_and(|value| {
                let mut known = MEMBERS.iter().filter(|name| value.get(**name).is_some());
                known.nth(2).is_none()
            });
            if is_other {
                continue;
            }
            // Text with fewer names is not known to be a call.
            let is_quoted = |name: &&&str| {
                let mut ends = line.match_indices(**name).map(|(at, name)| at + name.len());
                ends.any(|end| line[end..].starts_with(['"', '\\', '%', '#', '&', '`', '^']))
            };
            let names = NAMES.iter().filter(is_quoted).count();
            let number = u64::try_from(index + 2).expect("small");
            let is_reported = broken.contains(&number) || names < 2;
            assert!(is_reported, "{}: lost: {line}", form.name);
        }
        let wrong: Vec<_> = values.iter().filter(|(_, count)| **count > 0).collect();
        assert!(wrong.is_empty(), "{}: {wrong:#?}", form.name);
    }
}

/// A text with an escaped quote before a bracket looks like the end of a value in plain JSON.
#[test]
fn a_value_that_is_cut_is_not_read_as_plain_json() {
    let value = r#"{"id":2,"customer_phone":"+49","assistant_phone":"","transcript":"a\\nb \\"} c\\nd","stat"#;
    for opener in ["1\t", "COPY t FROM stdin;\n1\t", "INFO '", "  'body' => '"] {
        for end in ["", "\n", "\nx\n"] {
            let folder = temporary_folder();
            let file = folder.path().join("cut.log");
            std::fs::write(&file, format!("{opener}{value}{end}")).expect("written");
            let output = run(
                program(&["extract", &file.display().to_string()]),
                Vec::new(),
            );
            let calls = String::from_utf8(output.stdout).expect("postcall prints UTF-8");
            assert_eq!(calls, "", "{opener}");
            assert_ne!(output.status.code(), Some(0), "{opener}");
        }
    }
}
