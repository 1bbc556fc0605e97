//! The forms of quoted and escaped text, each with an encoder and a decoder that are independent of
//! the program.

use serde_json::Value;

use super::databases::{
    decode_dynamodb, decode_firestore, decode_flatted, decode_mongodb, encode_dynamodb,
    encode_firestore, encode_flatted, encode_mongodb,
};
use super::escapes::{
    copy_escape, decode, decode_string, encode_ascii, encode_bytes, encode_copy, encode_mysql,
    encode_python, mysql_escape, postgres_escape, python_bytes_escape, python_escape, redis_escape,
    shell_double_escape, shell_escape, unistr_escape, verbatim,
};
use super::loggers::{decode_colours, decode_haproxy, encode_colours, encode_nginx};
use super::shells::{
    decode_argument, decode_carets, decode_powershell, decode_shell_single, encode_argument,
    encode_browser_cmd, encode_powershell,
};
use super::tables::{decode_cell, encode_cell};
use super::web::{decode_html, decode_percent, encode_html, encode_percent};

/// A form of quoted or escaped text.
pub(crate) struct Form {
    pub name: &'static str,
    /// Text before and after the escaped body in its line.
    pub around: (&'static str, &'static str),
    pub encode: fn(&str) -> String,
    /// Decodes as the program does that reads this form. Stops at the closing quote. `None` if it
    /// rejects the text.
    pub decode: fn(&str) -> Option<String>,
    /// True if each body has one reading only.
    pub is_certain: bool,
}

impl Form {
    /// A text in this form, and the text around it.
    pub(crate) fn line(&self, text: &str) -> String {
        let (before, after) = self.around;
        format!("{before}{}{after}", (self.encode)(text))
    }
}

/// All forms of a body in one line.
pub(crate) fn forms() -> impl Iterator<Item = &'static Form> + Send {
    inner_forms().chain(LINE_FORMS)
}

/// The forms that may be inside of other text.
pub(crate) fn inner_forms() -> impl Iterator<Item = &'static Form> + Send {
    TEXT_FORMS.iter().chain(VALUE_FORMS)
}

/// The forms of any text.
pub(crate) const TEXT_FORMS: &[Form] = &[
    Form {
        name: "Postgres COPY",
        around: ("1\t2024-01-15 10:30:00+00\t", "\t\\N"),
        encode: encode_copy,
        decode: |text| decode(text, '\t', false, &copy_escape),
        is_certain: true,
    },
    doubled_quotes(
        "pg_dump --inserts",
        ("INSERT INTO public.calls VALUES (1, '", "', NULL);"),
        true,
    ),
    doubled_quotes(
        "sqlite3 .dump",
        ("INSERT INTO calls VALUES(1,'", "',NULL);"),
        true,
    ),
    doubled_quotes(
        "other SQL",
        ("insert into calls values (1, '", "', NULL);"),
        false,
    ),
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
        decode: |text| decode_string(text, '\''),
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
        decode: |text| decode_string(text, '\n'),
        is_certain: true,
    },
    Form {
        name: "a string in text",
        around: ("body=\"", "\" x"),
        encode: |text| text.replace('\\', "\\\\").replace('"', "\\\""),
        decode: |text| decode_string(text, '"'),
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
    doubled_quotes(
        "single quotes of PowerShell",
        ("irm https://example.com -Method Post -Body '", "'"),
        true,
    ),
    Form {
        name: "an argument in PowerShell",
        around: ("curl.exe https://example.com -d '", "'"),
        encode: |text| encode_argument(text, '\'').replace('\'', "''"),
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

/// The forms of JSON values.
pub(crate) const VALUE_FORMS: &[Form] = &[
    Form {
        name: "DynamoDB",
        around: ("", ""),
        encode: encode_dynamodb,
        decode: decode_dynamodb,
        is_certain: true,
    },
    Form {
        name: "Firestore",
        around: ("", ""),
        encode: encode_firestore,
        decode: decode_firestore,
        is_certain: true,
    },
    Form {
        name: "MongoDB",
        around: ("", ""),
        encode: encode_mongodb,
        decode: decode_mongodb,
        is_certain: true,
    },
    Form {
        name: "flatted",
        around: ("", ""),
        encode: encode_flatted,
        decode: decode_flatted,
        is_certain: true,
    },
];

/// JSON Lines, and cells of tables. They are not combined with other forms.
const LINE_FORMS: &[Form] = &[
    Form {
        name: "JSON Lines",
        around: ("", ""),
        encode: str::to_owned,
        decode: |text| Some(first_value(text)?.to_string()),
        is_certain: true,
    },
    Form {
        name: "a cell of CSV",
        around: ("1,", ",x"),
        encode: |text| encode_cell(text, b','),
        decode: |text| decode_cell(text, b','),
        is_certain: true,
    },
    Form {
        name: "a cell of TSV",
        around: ("1\t", "\tx"),
        encode: |text| encode_cell(text, b'\t'),
        decode: |text| decode_cell(text, b'\t'),
        is_certain: true,
    },
];

/// Text in single quotes, where the only escape is a doubled quote.
const fn doubled_quotes(
    name: &'static str,
    around: (&'static str, &'static str),
    is_certain: bool,
) -> Form {
    Form {
        name,
        around,
        encode: |text| text.replace('\'', "''"),
        decode: |text| decode(text, '\'', true, &verbatim),
        is_certain,
    }
}

/// The first JSON value of a text, if there is one.
pub(crate) fn first_value(text: &str) -> Option<Value> {
    serde_json::Deserializer::from_str(text)
        .into_iter()
        .next()?
        .ok()
}
