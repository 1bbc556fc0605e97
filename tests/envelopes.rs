//! A property: bodies in random envelopes, nested in each other, are found, and nothing else is.

use std::fs;
use std::path::Path;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::{Value, json};

/// Something that captures wrap round one text.
#[derive(Clone, Debug)]
enum Wrap {
    Member(&'static str),
    Element(usize),
    String,
    Base64,
    Request,
    /// A whole request in chunks, as tunnels keep it.
    ChunkedBase64,
    LogLine,
    CsvCell,
    Twice,
}

fn wrap() -> impl Strategy<Value = Wrap> {
    prop_oneof![
        prop::sample::select(vec!["body", "json", "payload", "data", "", "a/b~c", "log"])
            .prop_map(Wrap::Member),
        (0..3_usize).prop_map(Wrap::Element),
        Just(Wrap::String),
        Just(Wrap::Base64),
        Just(Wrap::Request),
        Just(Wrap::ChunkedBase64),
        Just(Wrap::LogLine),
        Just(Wrap::CsvCell),
        Just(Wrap::Twice),
    ]
}

/// What stands beside bodies and is none.
fn noise() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!({"id": 1, "status": "completed", "created_at": "2024-01-15T10:30:00Z"})),
        Just(json!({"text": "a {brace} and a [bracket] \"quoted\" eyJhIjoxfQ=="})),
        Just(json!({"customer_phone": "+4915123456789", "deep": [[[[]]]]})),
        Just(json!(["POST /calls HTTP/1.1\r\n\r\n", 1.5, null, {"": {}}])),
    ]
}

/// The text as a JSON value: itself, if it is one.
fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))
}

fn wrapped(text: &str, wrap: &Wrap, noise: &Value) -> String {
    match wrap {
        Wrap::Member(name) => json!({"noise": noise, *name: value(text), "z": noise}).to_string(),
        Wrap::Element(index) => {
            let mut elements = vec![noise.clone(); 2];
            elements.insert(*index, value(text));
            Value::from(elements).to_string()
        }
        Wrap::String => json!(text).to_string(),
        Wrap::Base64 => json!({"data": STANDARD.encode(text)}).to_string(),
        Wrap::ChunkedBase64 => {
            let middle = (0..=text.len() / 2)
                .rev()
                .find(|at| text.is_char_boundary(*at))
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
        Wrap::Request => format!("POST /c HTTP/1.1\r\nHost: x\r\n\r\n{text}\r\n"),
        Wrap::LogLine => format!("[web] {noise} payload: {text}\n[web] done {{}}\n"),
        Wrap::CsvCell => format!("id,payload\n1,\"{}\"\n", text.replace('"', "\"\"")),
        Wrap::Twice => json!({"body": value(text), "raw": text}).to_string(),
    }
}

fn body(id: u64, text: &str) -> Value {
    json!({
        "id": id, "customer_phone": "+4915123456789", "duration": 1, "transcript": text,
        "extracted_variables": {"note": text, "nested": {"body": {"x": [1, "{\"id\":1}"]}}}, "lead": {"variables": {}},
    })
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 300,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

#[test]
fn bodies_in_envelopes_are_found() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let seed: u8 = std::env::var("PROPTEST_RNG_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or(1);
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    let mut runner = proptest::test_runner::TestRunner::new_with_rng(config(), rng);
    let texts = prop::sample::select(vec![
        "Hallo",
        "Größe \"x\" \\ {y}",
        "a\nb\tc",
        "👋 ,\"\"{",
        "HTTP/1.1 200 OK\r\n\r\n",
    ]);
    let envelope = (vec(wrap(), 0..5), noise(), texts);
    let result = runner.run(&vec(envelope, 1..4), |envelopes| {
        let mut files = Vec::new();
        let mut expected = Vec::new();
        for (index, (wraps, noise, text)) in envelopes.iter().enumerate() {
            let call = body(index as u64 + 1, text);
            let text = wraps
                .iter()
                .fold(call.to_string(), |text, wrap| wrapped(&text, wrap, noise));
            let path = folder.path().join(format!("{index}.json"));
            fs::write(&path, &text).expect("a writable folder");
            files.push(path);
            expected.push(call);
        }
        prop_assert_eq!(extracted(&files), expected, "{:?}", envelopes);
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

fn extracted(files: &[impl AsRef<Path>]) -> Vec<Value> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_postcall"));
    command.arg("extract").args(files.iter().map(AsRef::as_ref));
    let output = command.output().expect("the program was built");
    let lines = String::from_utf8(output.stdout).expect("UTF-8");
    let values = lines
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"));
    values.collect()
}
