//! `--grep` selects a call if and only if one of its turns or values matches, and colours change
//! nothing but styles.

use proptest::prelude::*;
use proptest::sample::Index;
use regex::{Regex, RegexBuilder};
use serde_json::Value;

use super::bodies::body;
use crate::common::{config, json_lines, postcall, stdout};

/// The texts that `--grep` searches: turns as `transcript` prints them, and scalars of variables.
fn texts(body: &Value) -> Vec<String> {
    fn add_scalars(value: &Value, texts: &mut Vec<String>) {
        match value {
            Value::Null => {}
            Value::Array(elements) => elements.iter().for_each(|value| add_scalars(value, texts)),
            Value::Object(members) => members.values().for_each(|value| add_scalars(value, texts)),
            Value::String(text) => texts.push(text.clone()),
            Value::Bool(_) | Value::Number(_) => texts.push(value.to_string()),
        }
    }
    let turns = postcall(
        &["transcript", "--format", "jsonl"],
        body.to_string().as_bytes(),
    );
    let turns = json_lines(&turns.stdout);
    let turns = turns.iter().filter_map(|turn| turn["text"].as_str());
    let mut texts: Vec<String> = turns.map(str::to_owned).collect();
    for variables in [
        &body["extracted_variables"],
        &body["input_variables"],
        &body["lead"]["variables"],
    ] {
        add_scalars(variables, &mut texts);
    }
    texts
}

/// Removes styles, such as `ESC [ 7 m`.
fn without_styles(text: &str) -> String {
    let mut pieces = text.split("\u{1b}[");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| {
        text + piece.split_once('m').map_or(piece, |(_, rest)| rest)
    })
}

proptest! {
    #![proptest_config(config(24))]

    #[test]
    fn a_call_is_selected_if_one_of_its_texts_matches(
        body in body(),
        start: Index,
        length in 1_usize..6,
        other in "[a-zA-Z ]{1,2}",
        anchors in 0_usize..4,
    ) {
        let texts = texts(&body);
        // Half of the patterns are a part of a text.
        let part: String = if texts.is_empty() {
            String::new()
        } else {
            start.get(&texts).chars().skip(length / 2).take(length).collect()
        };
        let part = if part.is_empty() || part.contains('\0') || length == 5 { other } else { part };
        let mut pattern = regex::escape(&part);
        if anchors & 1 == 1 {
            pattern.insert(0, '^');
        }
        if anchors & 2 == 2 {
            pattern.push('$');
        }
        let regex = RegexBuilder::new(&pattern)
            .case_insensitive(!part.contains(char::is_uppercase))
            .build()
            .expect("a pattern");
        let expected = texts.iter().any(|text| regex.is_match(text.trim()));

        let option = format!("--grep={pattern}");
        let count = Regex::new(", [0-9]+ with a match").expect("a pattern");
        let input = body.to_string();
        let rows = stdout(&["list", "--format", "jsonl", &option], input.as_bytes());
        prop_assert_eq!(rows.lines().count(), usize::from(expected), "{} {}", pattern, input);

        for command in [&["show", "--transcript=full"][..], &["show"], &["transcript"]] {
            let print = |more: &[&str]| stdout(&[command, more].concat(), input.as_bytes());
            let marked = print(&[&option, "--color=always"]);
            let plain = print(&[&option]);
            let styled: Vec<String> = without_styles(&marked)
                .lines()
                .map(|line| line.trim_end().to_owned())
                .collect();
            prop_assert_eq!(styled, plain.lines().collect::<Vec<_>>(), "{} {}", pattern, input);
            if expected && command != ["show"] {
                let plain = count.replace(&plain, "");
                prop_assert_eq!(&*plain, &print(&[]), "{} {}", pattern, input);
            }
        }
    }
}
