//! Property test: bodies in randomly nested envelopes are found, and nothing else is.

use std::fs;
use std::path::PathBuf;

use crate::common::{config, json_lines, program, temporary_folder};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

/// One layer that a capturing tool wraps around a text.
#[derive(Clone, Debug)]
enum Wrapper {
    Member(&'static str),
    Element(usize),
    String,
    Base64,
    Request,
    /// A whole HTTP request with a chunked body, in base64, as tunnels store it.
    ChunkedBase64,
    LogLine,
    CsvCell,
    /// Once as a value and once as a string.
    Twice,
}

fn wrapper() -> impl Strategy<Value = Wrapper> {
    prop_oneof![
        prop::sample::select(vec!["body", "json", "payload", "data", "", "a/b~c", "log"])
            .prop_map(Wrapper::Member),
        (0..3_usize).prop_map(Wrapper::Element),
        Just(Wrapper::String),
        Just(Wrapper::Base64),
        Just(Wrapper::Request),
        Just(Wrapper::ChunkedBase64),
        Just(Wrapper::LogLine),
        Just(Wrapper::CsvCell),
        Just(Wrapper::Twice),
    ]
}

/// Values that resemble bodies but are not calls.
fn noise() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!({"id": 1, "status": "completed", "created_at": "2024-01-15T10:30:00Z"})),
        Just(json!({"text": "a {brace} and a [bracket] \"quoted\" eyJhIjoxfQ=="})),
        Just(json!({"customer_phone": "+4915123456789", "deep": [[[[]]]]})),
        Just(json!(["POST /calls HTTP/1.1\r\n\r\n", 1.5, null, {"": {}}])),
    ]
}

/// Parses the text as JSON. Text that is not JSON becomes a JSON string.
fn parse_or_quote(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))
}

fn wrap_text(text: &str, wrapper: &Wrapper, noise: &Value) -> String {
    match wrapper {
        Wrapper::Member(name) => {
            json!({"noise": noise, *name: parse_or_quote(text), "z": noise}).to_string()
        }
        Wrapper::Element(index) => {
            let mut elements = vec![noise.clone(); 2];
            elements.insert(*index, parse_or_quote(text));
            Value::from(elements).to_string()
        }
        Wrapper::String => json!(text).to_string(),
        Wrapper::Base64 => json!({"data": STANDARD.encode(text)}).to_string(),
        Wrapper::ChunkedBase64 => {
            let middle = (0..=text.len() / 2)
                .rev()
                .find(|index| text.is_char_boundary(*index))
                .unwrap_or(0);
            let chunks = [&text[..middle], &text[middle..]].map(|chunk| match chunk.len() {
                0 => String::new(),
                length => format!("{length:x}\r\n{chunk}\r\n"),
            });
            let request = format!(
                "POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{}0\r\n\r\n",
                chunks.concat()
            );
            json!({"raw": STANDARD.encode(request)}).to_string()
        }
        Wrapper::Request => format!("POST /c HTTP/1.1\r\nHost: x\r\n\r\n{text}\r\n"),
        Wrapper::LogLine => format!("[web] {noise} payload: {text}\n[web] done {{}}\n"),
        Wrapper::CsvCell => format!("id,payload\n1,\"{}\"\n", text.replace('"', "\"\"")),
        Wrapper::Twice => json!({"body": parse_or_quote(text), "raw": text}).to_string(),
    }
}

fn body(id: u64, text: &str) -> Value {
    json!({
        "id": id, "customer_phone": "+4915123456789", "duration": 1, "transcript": text,
        "extracted_variables": {"note": text, "nested": {"body": {"x": [1, "{\"id\":1}"]}}}, "lead": {"variables": {}},
    })
}

#[test]
fn bodies_in_nested_envelopes_are_found() {
    let folder = temporary_folder();
    let texts = prop::sample::select(vec![
        "Hallo",
        "Größe \"x\" \\ {y}",
        "a\nb\tc",
        "👋 ,\"\"{",
        "HTTP/1.1 200 OK\r\n\r\n",
    ]);
    let envelope = (vec(wrapper(), 0..5), noise(), texts);
    proptest!(config(300), |(envelopes in vec(envelope, 1..4))| {
        let mut files = Vec::new();
        let mut expected = Vec::new();
        for (index, (wrappers, noise, text)) in envelopes.iter().enumerate() {
            let call = body(index as u64 + 1, text);
            let text = wrappers.iter().fold(call.to_string(), |text, wrapper| {
                wrap_text(&text, wrapper, noise)
            });
            let path = folder.path().join(format!("{index}.json"));
            fs::write(&path, &text).expect("a writable folder");
            files.push(path);
            expected.push(call);
        }
        prop_assert_eq!(extract(&files), expected, "{:?}", envelopes);
    });
}

fn extract(files: &[PathBuf]) -> Vec<Value> {
    let mut command = program(&["extract"]);
    let output = command.args(files).output();
    json_lines(&output.expect("the program was built").stdout)
}
