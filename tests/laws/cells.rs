//! The cells of an exported table are the values of the bodies.

use std::collections::{BTreeMap, HashMap};

use postcall::contract::{FIELDS, Field, FieldType};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use super::bodies::{LAYOUTS, body, source};
use crate::common::{columns, config, is_ignored, is_operator, postcall, stdout, without_guard};

/// Text with operators after separators, quotes, blanks and invisible characters.
fn formula_text() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "=",
        "+",
        "-",
        "@",
        "＝",
        "−",
        "'",
        "\"",
        ",",
        ";",
        "\t",
        "\n",
        "\r",
        "\r\n",
        "|",
        " ",
        "\u{a0}",
        "\u{200b}",
        "\u{3164}",
        "\u{2028}",
        "gern",
        "ä",
        "5",
        "+4915123456789",
        "1.5",
        "(",
        "]",
        "\u{1}",
    ];
    vec(select(PIECES), 0..16).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(config(30))]

    /// In every dialect, a cell is its text with guards, and no reader finds a formula in it,
    /// whatever its delimiter is.
    #[test]
    fn guards_are_undone_exactly(texts in vec(formula_text(), 1..12)) {
        let bodies: Vec<Value> = texts.iter().map(|text| json!({
            "id": 1, "status": "completed", "customer_phone": null, "duration": 1, "transcript": "",
            "created_at": "2024-01-15T10:30:00Z", "extracted_variables": {"text": text, "list": [text]},
        })).collect();
        for (options, delimiter) in [
            (&[][..], b','),
            (&["--delimiter", ";"], b';'),
            (&["--format", "tsv"], b'\t'),
            (&["--for", "excel"], b','),
            (&["--for", "excel-de"], b';'),
        ] {
            let arguments = [&["export", "--columns", "*.text,*.list"], options].concat();
            let csv = postcall(&arguments, &source(&bodies, 0)).stdout;
            let csv = csv.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&csv);
            let columns = columns(csv, delimiter);
            let is_for_excel = options.contains(&"--for");
            for (cell, text) in columns["extracted_variables.text"].iter().zip(&texts) {
                let (cell, text) = if is_for_excel {
                    (cell.strip_prefix('\t').unwrap_or(cell), text.replace("\r\n", "\n"))
                } else {
                    (cell.as_str(), text.clone())
                };
                prop_assert_eq!(without_guard(cell).replace("\r\n", "\n"), text.replace("\r\n", "\n"));
                prop_assert!(is_for_excel || without_guard(cell) == text);
            }
            for (cell, text) in columns["extracted_variables.list"].iter().zip(&texts) {
                let list: Value = serde_json::from_str(&without_guard(cell)).expect("JSON");
                prop_assert_eq!(list, json!([text]));
            }
            for cell in columns.values().flatten() {
                for part in [',', ';', '\t', '\r', '\n'].iter().flat_map(|separator| cell.split(*separator)) {
                    let start = part.find(|c| !is_ignored(c)).unwrap_or(part.len());
                    let (before, content) = part.split_at(start);
                    // `+` and `-` of numbers and words are tested with the guard.
                    let is_formula = content.starts_with(is_operator) && !content.starts_with(['+', '-']);
                    prop_assert!(!is_formula || before.ends_with('\''), "{:?} in {:?}", part, cell);
                }
            }
        }
    }

    #[test]
    fn csv_round_trips_every_cell(bodies in vec(body(), 1..6), layout in 0..LAYOUTS) {
        let csv = postcall(&["export"], &source(&bodies, layout)).stdout;
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(csv.as_slice());
        let mut rows: Vec<csv::StringRecord> = reader
            .records()
            .map(|row| row.expect("a row").iter().map(without_guard).collect())
            .collect();
        let header = rows.remove(0);
        prop_assert_eq!(rows.len(), bodies.len());
        for (row, body) in rows.iter().zip(&bodies) {
            let mut cells: Vec<(Vec<String>, String)> = Vec::new();
            flatten(body, &mut cells);
            let mut written: BTreeMap<&str, &str> = header.iter().zip(row).filter(|(_, cell)| !cell.is_empty()).collect();
            for (path, cell) in cells.iter().filter(|(_, cell)| !cell.is_empty()) {
                // If two joined names are equal, the later column is named by its JSON Pointer.
                let pointer: String = path.iter().fold(String::new(), |pointer, name| {
                    pointer + "/" + &name.replace('~', "~0").replace('/', "~1")
                });
                let by_name = path.join(".");
                let name = if written.get(by_name.as_str()) == Some(&cell.as_str()) { by_name } else { pointer };
                prop_assert_eq!(written.remove(name.as_str()), Some(cell.as_str()), "{}", name);
            }
            prop_assert!(written.is_empty(), "cells that the body does not have: {:?}", written);
        }
    }
}

/// True if the contract has a field here that is not an object. Its value is a single cell,
/// whatever its type.
fn is_single_cell(path: &[String]) -> bool {
    documented_field(path).is_some_and(|field| field.kind != FieldType::Object)
}

fn documented_field(path: &[String]) -> Option<&'static Field> {
    let pointer = path
        .iter()
        .fold(String::new(), |pointer, name| pointer + "/" + name);
    FIELDS.iter().find(|field| field.pointer == pointer)
}

/// Adds the cells that a body should have, each with the path of its column, computed without the
/// program.
fn flatten(body: &Value, cells: &mut Vec<(Vec<String>, String)>) {
    let has_no_campaign = body.get("campaign").is_none_or(is_empty);
    flatten_at(body, &mut Vec::new(), has_no_campaign, cells);
}

/// True for null, `{}` and `[]`.
fn is_empty(value: &Value) -> bool {
    value.is_null()
        || value.as_object().is_some_and(Map::is_empty)
        || value.as_array().is_some_and(Vec::is_empty)
}

/// Adds the cells of `value`. If `lead_campaign_counts`, the body has no campaign of its own, and a
/// campaign inside the lead gets the campaign's columns.
fn flatten_at(
    value: &Value,
    path: &mut Vec<String>,
    lead_campaign_counts: bool,
    cells: &mut Vec<(Vec<String>, String)>,
) {
    // Where the contract has an object, an empty one has no cell.
    let is_documented_object =
        documented_field(path).is_some_and(|field| field.kind == FieldType::Object);
    match value {
        Value::Null => {}
        Value::Object(members) if members.is_empty() && is_documented_object => {}
        Value::Array(elements) if elements.is_empty() && is_documented_object => {}
        Value::Object(members) if !members.is_empty() && !is_single_cell(path) => {
            let is_lead = path.len() == 1 && path[0] == "lead" && lead_campaign_counts;
            for (name, value) in members {
                if is_lead && name == "campaign" && !is_empty(value) {
                    flatten_at(value, &mut vec!["campaign".to_owned()], true, cells);
                    continue;
                }
                path.push(name.clone());
                flatten_at(value, path, lead_campaign_counts, cells);
                path.pop();
            }
        }
        Value::String(text) => cells.push((path.clone(), text.clone())),
        value => cells.push((path.clone(), value.to_string())),
    }
}

#[test]
fn columns_that_appear_only_in_the_last_call_are_exported() {
    let mut source = String::new();
    for id in 0..20_000 {
        let late = if id == 19_999 {
            json!({"late": 1})
        } else {
            json!({})
        };
        let body =
            json!({"id": id, "customer_phone": null, "extracted_variables": late, "duration": 1});
        source = source + &body.to_string() + "\n";
    }
    let csv = stdout(&["export"], source.as_bytes());
    let header = csv.lines().next().expect("a header").split(',');
    let last = csv.lines().last().expect("a row").split(',');
    let last: HashMap<&str, &str> = header.zip(last).collect();
    assert_eq!(last.get("id"), Some(&"19999"));
    assert_eq!(last.get("extracted_variables.late"), Some(&"1"));
}

#[test]
fn numbers_are_written_verbatim() {
    for number in [
        "12345678901234567890",
        "1.10",
        "-0",
        "1e999999",
        "1E+2",
        "0.1000000000000000055511151231257827",
    ] {
        let body = format!("{{\"customer_phone\":null,\"duration\":{number},\"transcript\":\"\"}}");
        assert!(
            stdout(&["export"], body.as_bytes()).contains(&format!("\r\n,,,{number},,")),
            "{number}"
        );
        let list = stdout(&["list", "--format", "jsonl"], body.as_bytes());
        assert!(list.contains(&format!("\"duration\":{number},")), "{list}");
    }
}
