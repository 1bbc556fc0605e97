//! A body that was encoded in one of the forms that decoders remove is found, unchanged.

use std::fmt::Write as _;
use std::io::Write as _;

use arbitrary::{Result, Unstructured};
use base64::Engine as _;
use base64::engine::general_purpose;
use flate2::Compression;
use flate2::write::GzEncoder;
use postcall::capture::find::documents::for_each_item;
use postcall::capture::find::item::Item;
use postcall::capture::find::search::Search;
use postcall::capture::location::position::Locator;
use postcall::capture::source::reader::SourceOptions;
use postcall::capture::source::sources::sources_from_reader;
use postcall::capture::split::batch::batches_of;
use serde_json::Value;

/// Returns a source with a body in it. The choices are those that a real encoder has.
pub type Encode = fn(&str, &mut Unstructured) -> Result<Vec<u8>>;

/// All forms. Add new ones at the end: the first byte of each file of the corpus is an index.
const FORMS: &[(&str, Encode)] = &[
    ("JSON string", in_json_string),
    ("base64", in_base64),
    ("byte array", in_byte_array),
    ("compressed file", compressed),
    ("compressed text", |body, choices| {
        base64_of(&compressed(body, choices)?, choices)
    }),
    ("CSV cell", in_csv_cell),
    ("chunked body", in_chunks),
    ("marked lines", in_marked_lines),
    ("JSON string in a JSON string", |body, choices| {
        let inner = in_json_string(body, choices)?;
        in_json_string(&String::from_utf8_lossy(&inner), choices)
    }),
];

/// Checks the form that the first byte chooses, with the body and the choices in the other bytes.
pub fn check(data: &[u8]) {
    let Some((form, data)) = data.split_first() else {
        return;
    };
    let form = FORMS[usize::from(*form) % FORMS.len()];
    check_form(form, data);
}

/// Checks that a body in this form is found, and nothing else.
pub fn check_form((name, encode): (&str, Encode), data: &[u8]) {
    let mut choices = Unstructured::new(data);
    // Too few bytes for all choices.
    let Ok((body, source)) = body(&mut choices).and_then(|body| {
        let source = encode(&body, &mut choices)?;
        Ok((body, source))
    }) else {
        return;
    };
    let found = bodies_in(source.clone());
    let source = String::from_utf8_lossy(&source);
    assert_eq!(found, [body], "{name}: {source}");
}

/// A body with arbitrary text, indented or not.
fn body(choices: &mut Unstructured) -> Result<String> {
    let (is_indented, text): (bool, &str) = choices.arbitrary()?;
    let (name, number): (&str, i64) = choices.arbitrary()?;
    let body = serde_json::json!({
        "id": number, "customer_phone": "+4915123456789", "duration": 95, "status": "completed",
        "extracted_variables": {name: text, "list": [number, text]},
        "transcript": format!("Customer: {text}"),
        "created_at": "2024-01-15T10:30:00Z", "lead": null,
    });
    Ok(if is_indented {
        format!("{body:#}")
    } else {
        body.to_string()
    })
}

/// The text of each call in a source.
fn bodies_in(source: Vec<u8>) -> Vec<String> {
    let reader = std::io::Cursor::new(source);
    let sources = sources_from_reader("fuzz", reader, &SourceOptions::default());
    let mut found = Vec::new();
    for batch in batches_of(sources) {
        let batch = batch.expect("memory can be read");
        let locator = Locator::new(&batch.bytes, batch.start, batch.coding);
        for_each_item(&batch, &locator, &Search::Everywhere, &mut |item| {
            if let Item::Call(body) = item {
                found.push(body.value().text().to_owned());
            }
        });
    }
    found
}

fn in_json_string(body: &str, choices: &mut Unstructured) -> Result<Vec<u8>> {
    let string = json_string(body, choices)?;
    Ok(format!("{{\"event\":\"call\",\"payload\":{string}}}").into_bytes())
}

/// The text as a JSON string, with the escapes that writers of JSON choose.
fn json_string(text: &str, choices: &mut Unstructured) -> Result<String> {
    let escapes = *choices.choose(&[u32::MAX, 0x80, 0x2f, 0])?;
    let escapes_slash: bool = choices.arbitrary()?;
    let mut string = String::from("\"");
    for character in text.chars() {
        if u32::from(character) >= escapes {
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(string, "\\u{unit:04x}").expect("a String takes every write");
            }
        } else if character == '/' && escapes_slash {
            string.push_str("\\/");
        } else {
            let quoted = Value::from(character.to_string()).to_string();
            string.push_str(&quoted[1..quoted.len() - 1]);
        }
    }
    string.push('"');
    Ok(string)
}

pub fn in_base64(body: &str, choices: &mut Unstructured) -> Result<Vec<u8>> {
    base64_of(body.as_bytes(), choices)
}

/// The bytes as base64 in JSON: in both alphabets, with padding or not, in lines or not.
fn base64_of(bytes: &[u8], choices: &mut Unstructured) -> Result<Vec<u8>> {
    let engine = *choices.choose(&[
        &general_purpose::STANDARD,
        &general_purpose::STANDARD_NO_PAD,
        &general_purpose::URL_SAFE,
        &general_purpose::URL_SAFE_NO_PAD,
    ])?;
    let digits = engine.encode(bytes);
    let line_length = *choices.choose(&[usize::MAX, 76, 64])?;
    let lines: Vec<String> = digits
        .as_bytes()
        .chunks(line_length.min(digits.len()))
        .map(|line| String::from_utf8_lossy(line).into_owned())
        .collect();
    let name = *choices.choose(&["body", "data", "payload"])?;
    let text = json_string(&lines.join("\n"), choices)?;
    Ok(format!("{{\"{name}\":{text},\"encoding\":\"base64\"}}").into_bytes())
}

fn in_byte_array(body: &str, choices: &mut Unstructured) -> Result<Vec<u8>> {
    let separator = *choices.choose(&[",", ", ", ",\n  "])?;
    let bytes: Vec<String> = body.bytes().map(|byte| byte.to_string()).collect();
    let bytes = bytes.join(separator);
    Ok(format!("{{\"type\":\"Buffer\",\"data\":[{bytes}]}}").into_bytes())
}

/// The body in gzip or zstd, at different levels and in several members, or in UTF-16.
fn compressed(body: &str, choices: &mut Unstructured) -> Result<Vec<u8>> {
    const SUCCEEDS: &str = "a Vec takes every write";
    let mut members = vec![body.as_bytes()];
    if choices.arbitrary()? {
        let (first, second) = members[0].split_at(choices.choose_index(body.len())?);
        members = vec![first, second];
    }
    let level = choices.int_in_range(0..=9)?;
    let mut bytes = Vec::new();
    let order = choices.int_in_range(0..=3)?;
    match order {
        0 => {
            for member in members {
                let mut encoder = GzEncoder::new(&mut bytes, Compression::new(level));
                encoder.write_all(member).expect(SUCCEEDS);
                encoder.finish().expect(SUCCEEDS);
            }
        }
        1 => {
            for member in members {
                let level = i32::try_from(level).expect("at most 9");
                bytes.extend(zstd::encode_all(member, level).expect(SUCCEEDS));
            }
        }
        _ => {
            for unit in std::iter::once(0xfeff).chain(body.encode_utf16()) {
                bytes.extend(if order == 2 {
                    unit.to_le_bytes()
                } else {
                    unit.to_be_bytes()
                });
            }
        }
    }
    Ok(bytes)
}

fn in_csv_cell(body: &str, choices: &mut Unstructured) -> Result<Vec<u8>> {
    let delimiter = *choices.choose(b",;\t")?;
    let is_last: bool = choices.arbitrary()?;
    let time = "2024-01-15 10:31:41";
    let row = if is_last {
        ["1", time, body]
    } else {
        ["1", body, time]
    };
    let mut writer = csv::WriterBuilder::new()
        .delimiter(delimiter)
        .from_writer(Vec::new());
    for row in [["id", "a", "b"], row] {
        writer.write_record(row).expect("a Vec takes every write");
    }
    Ok(writer.into_inner().expect("a Vec takes every write"))
}

/// An HTTP request whose body comes in chunks.
fn in_chunks(body: &str, choices: &mut Unstructured) -> Result<Vec<u8>> {
    let line_end = *choices.choose(&["\r\n", "\n"])?;
    let mut message = format!(
        "POST /calls HTTP/1.1{line_end}Host: hooks.example.com{line_end}\
         Transfer-Encoding: chunked{line_end}{line_end}"
    )
    .into_bytes();
    let mut rest = body.as_bytes();
    while !rest.is_empty() {
        let length = 1 + choices.choose_index(rest.len())?;
        let (chunk, tail) = rest.split_at(length);
        message.extend(format!("{length:x}{line_end}").into_bytes());
        message.extend(chunk);
        message.extend(line_end.as_bytes());
        rest = tail;
    }
    message.extend(format!("0{line_end}{line_end}").into_bytes());
    Ok(message)
}

/// The body with a prefix on each line.
fn in_marked_lines(body: &str, choices: &mut Unstructured) -> Result<Vec<u8>> {
    const PREFIXES: &[&str] = &[
        "data: ",
        "> ",
        "receiver-1  | ",
        "2024-01-15T10:31:41.123Z ",
        "<14>Jan 15 10:31:41 host receiver[123]: ",
    ];
    let prefix = *choices.choose(PREFIXES)?;
    let mut text = String::new();
    for line in body.lines() {
        writeln!(text, "{prefix}{line}").expect("a String takes every write");
    }
    Ok(text.into_bytes())
}
