//! No value of a body survives `redact`: bodies in which every value, label, odd name and header is
//! a canary, a random text that would be recognized anywhere.

use std::collections::HashSet;
use std::fs;

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::bodies::body;
use super::calls::{call, call_count};
use super::redaction::redact;
use crate::common::{config, files_below, names_in, repository, temporary_folder};

const KEY: &str = "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100";

/// Letters that neither filler nor tokens have, nor the names of the contract four of in a row.
const LETTERS: &[u8; 6] = b"jqvwxz";

/// Letters of a canary that must not appear in a row.
const PART: usize = 4;

/// Replaces the values of bodies by canaries, and collects them.
struct Canaries {
    state: u64,
    letters: HashSet<Vec<u8>>,
    digits: Vec<String>,
}

impl Canaries {
    fn new(seed: u64) -> Self {
        Self {
            state: seed | 1,
            letters: HashSet::new(),
            digits: Vec::new(),
        }
    }

    /// The next random number (xorshift).
    fn next(&mut self, below: u8) -> u8 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state.to_le_bytes()[3] % below
    }

    /// A word of 4 to 12 letters, in lower or mixed case.
    fn word(&mut self) -> String {
        let length = 4 + self.next(9);
        let letters = (0..length).map(|_| LETTERS[usize::from(self.next(6))]);
        let mut word: Vec<u8> = letters.collect();
        self.letters.extend(word.windows(PART).map(<[u8]>::to_vec));
        if self.next(3) == 0 {
            word[0] = word[0].to_ascii_uppercase();
        }
        String::from_utf8(word).expect("ASCII")
    }

    /// A number of 12 to 15 digits. The last one is not 0: digits of a time become 0 behind those
    /// of nanoseconds, so a number of such zeros would be unchanged.
    fn number(&mut self) -> String {
        let length = 10 + self.next(4);
        let [first, last] = [(); 2].map(|()| 1 + self.next(9));
        let middle = (0..length).map(|_| char::from(b'0' + self.next(10)));
        let number = format!("{first}{}{last}", middle.collect::<String>());
        self.digits.push(number.clone());
        number
    }

    /// A text of canaries, in a form that some rule or reader treats specially.
    fn text(&mut self) -> String {
        let [one, two, three] = [(); 3].map(|()| self.word());
        let number = self.number();
        match self.next(24) {
            0 => format!("{one}.{two}@{three}.de"),
            1 => format!("https://{one}.de/{two}/{number}.{three}?{one}={two}#{three}"),
            2 => format!("+{number}"),
            3 => format!("00{} {}", &number[..5], &number[5..]),
            4 => format!("{one}: {two}\n[00:0{}] {three}: {number}", self.next(10)),
            5 => format!("{one} ({two}): {three}\nAI: {one}\nCustomer: {two} {number}"),
            6 => format!("<{one} {two}=\"{three}\">{number}</{one}>"),
            7 => format!("<break time=\"{one}\"/><mstts:{two} {three}='{number}'/>"),
            8 => format!("{{\"{one} a\":\"{two}\",\"-{three}\":{number},\"role\":\"{one}\"}}"),
            9 => format!("[\"{one}\",{number},[\"{two}\"]]"),
            10 => format!("2024-01-15T10:30:00.{number}Z"),
            11 => format!("\\n{one}\\u00fc{two}\\\"{three} {number}"),
            12 => format!("M\u{c3}\u{bc}{one} {two}\u{e2}\u{20ac}\u{201c} {number}"),
            13 => format!("sample {one} {number}"),
            14 => format!("{one}-{two}_{three}{number}"),
            15 => format!("DE{number} {one}"),
            16 => format!("{number}.{one}"),
            17 => number,
            18 => format!("{number}.5"),
            19 => one.to_uppercase(),
            20 => one
                .chars()
                .map(|letter| char::from_u32(letter as u32 + 0xfee0).unwrap_or('x'))
                .collect(),
            21 => one
                .chars()
                .map(|letter| char::from_u32(letter as u32 + 0xe0000).unwrap_or('x'))
                .collect(),
            22 => format!("assistant {one}"),
            _ => format!("{one} {two}, {three} {number}"),
        }
    }

    /// The value with a canary in place of each text and number.
    fn replace(&mut self, value: &Value) -> Value {
        match value {
            Value::Object(members) => {
                let mut replaced = Map::new();
                for (name, value) in members {
                    let is_kept = (1..=32).contains(&name.len())
                        && name
                            .bytes()
                            .all(|byte| byte == b'_' || byte.is_ascii_lowercase());
                    let name = if is_kept {
                        name.clone()
                    } else {
                        format!("{} {}", self.word(), self.text())
                    };
                    let value = self.replace(value);
                    replaced.insert(name, value);
                }
                Value::Object(replaced)
            }
            Value::Array(elements) => elements.iter().map(|value| self.replace(value)).collect(),
            Value::Number(_) if self.next(2) == 0 => {
                serde_json::from_str(&self.number()).expect("a number")
            }
            Value::String(_) | Value::Number(_) => self.text().into(),
            other => other.clone(),
        }
    }

    /// Fails if a canary is in `text`.
    fn assert_gone(&self, place: &str, text: &[u8]) -> Result<(), TestCaseError> {
        // Full-width letters and tags are the same letters.
        let plain: String = String::from_utf8_lossy(text)
            .chars()
            .map(|character| match character as u32 {
                code @ 0xff01..=0xff5e => char::from_u32(code - 0xfee0).unwrap_or(character),
                code @ 0xe0020..=0xe007e => char::from_u32(code - 0xe0000).unwrap_or(character),
                _ => character,
            })
            .collect();
        let lower = plain.to_ascii_lowercase();
        let around = |at: usize| {
            let part = &lower.as_bytes()[at.saturating_sub(100)..(at + 100).min(lower.len())];
            String::from_utf8_lossy(part).into_owned()
        };
        for (at, part) in lower.as_bytes().windows(PART).enumerate() {
            prop_assert!(!self.letters.contains(part), "{place}: {}", around(at));
        }
        for digits in &self.digits {
            let found = plain.find(digits.as_str());
            prop_assert_eq!(found, None, "{}: {}", place, around(found.unwrap_or(0)));
        }
        Ok(())
    }
}

/// Redacts `input` in all forms, and fails if a canary is in the output, a message, the report or
/// the name of a file.
fn assert_no_canary(canaries: &Canaries, input: &[u8]) -> Result<(), TestCaseError> {
    let folder = temporary_folder();
    let report = folder.path().join("report.json");
    let report_option = format!("--report=json={}", report.display());
    let output = redact(&[report_option.as_str()], KEY, input);
    canaries.assert_gone("output", &output.stdout)?;
    canaries.assert_gone("messages", &output.stderr)?;
    let report = fs::read(report).unwrap_or_default();
    canaries.assert_gone("report", &report)?;
    let split = folder.path().join("calls");
    let split_option = format!("--split={}", split.display());
    let output = redact(&[split_option.as_str(), "--pretty"], KEY, input);
    let messages = String::from_utf8_lossy(&output.stderr);
    let messages = messages.replace(&*split.to_string_lossy(), "calls");
    canaries.assert_gone("messages", messages.as_bytes())?;
    if split.is_dir() {
        for name in names_in(&split) {
            canaries.assert_gone("name of a file", name.as_bytes())?;
        }
    }
    for path in files_below(&split) {
        canaries.assert_gone("file", &fs::read(path).expect("a file"))?;
    }
    Ok(())
}

/// The body in a request with headers, in a log line, in quotes, cut off, or alone.
fn capture(body: &Value, canaries: &mut Canaries) -> String {
    let [label, header, value] = [(); 3].map(|()| canaries.word());
    match canaries.next(5) {
        0 => json!({"headers": {"authorization": value, &header: label}, "body": body}).to_string(),
        1 => format!("2024-01-15 10:30:00 {label} {header}={value} {body}"),
        2 => json!({ "message": body.to_string(), &header: value }).to_string(),
        3 => {
            let body = body.to_string();
            body.chars().take(body.chars().count() / 2).collect()
        }
        _ => body.to_string(),
    }
}

#[test]
fn no_canary_survives_in_bodies_of_any_form() {
    let cases = config(call_count(100) / 50);
    proptest!(cases, |(bodies in vec(body(), 25), calls in vec(call(), 25), seed in any::<u64>())| {
        let mut canaries = Canaries::new(seed);
        let mut input = String::new();
        for body in [bodies, calls].concat() {
            let body = canaries.replace(&body);
            input.push_str(&capture(&body, &mut canaries));
            input.push('\n');
        }
        assert_no_canary(&canaries, input.as_bytes())?;
    });
}

#[test]
fn no_canary_survives_in_samples() {
    for path in files_below(&repository().join("samples")) {
        let bytes = fs::read(&path).expect("a file");
        let Ok(Value::Object(_)) = serde_json::from_slice::<Value>(&bytes) else {
            continue;
        };
        let value: Value = serde_json::from_slice(&bytes).expect("JSON");
        let mut canaries = Canaries::new(bytes.len() as u64);
        let input = canaries.replace(&value).to_string();
        let result = assert_no_canary(&canaries, input.as_bytes());
        assert!(result.is_ok(), "{}: {result:?}", path.display());
    }
}
