//! Laws that hold for any input, tried on the built program with generated bodies, texts and bytes.

mod common;

use std::collections::BTreeMap;

use common::{config, postcall, without_guard};
use postcall::contract::{FIELDS, Field, Type};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn stdout(arguments: &[&str], input: &[u8]) -> String {
    String::from_utf8(postcall(arguments, input).stdout).expect("postcall prints UTF-8")
}

const READING_COMMANDS: &[&[&str]] = &[
    &["show"],
    &["list"],
    &["list", "--format", "json"],
    &["variables"],
    &["variables", "--format", "csv"],
    &["campaigns"],
    &["transcript", "--format", "markdown"],
    &["validate"],
    &["validate", "--strict", "--format", "sarif"],
    &["validate", "--format", "junit"],
    &["export"],
    &["export", "--for", "excel-de"],
    &["export", "--format", "jsonl", "--flat", "--tz", "utc"],
    &["export", "--rows", "turns", "--format", "tsv"],
    &["export", "--rows", "variables"],
    &["export", "--list-columns"],
];

/// Commands whose output people look at, JSON included: it is what a terminal is shown most.
const PEOPLE_COMMANDS: &[&[&str]] = &[
    &["show", "--transcript", "full"],
    &["list"],
    &["variables"],
    &["campaigns"],
    &["transcript"],
    &["validate"],
    &["validate", "--format", "concise", "--summary"],
    &["validate", "--format", "json"],
    &["validate", "--format", "github"],
    &["validate", "--format", "sarif"],
    &["validate", "--format", "junit"],
    &["list", "--format", "json"],
    &["variables", "--format", "jsonl"],
    &["variables", "--format", "markdown"],
    &["campaigns", "--format", "json"],
];

/// Text of every kind: plain, with quotes, controls, bidirectional marks, emoji, digits.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-zäöü ]{0,12}",
        1 => "[\",;'\r\n\t|=+@-]{0,6}",
        1 => vec(any::<char>(), 0..8).prop_map(|characters| characters.into_iter().collect::<String>()),
        1 => "[\u{1b}\u{7f}\u{80}-\u{9f}\u{200e}\u{202a}-\u{202e}\u{2066}-\u{2069}]{1,4}",
        1 => Just("👩‍👧 田中".to_owned()),
    ]
}

/// Any JSON value, a few levels deep.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            btree_map(text(), inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// A lead or a campaign with some of its members, perhaps one inside the other.
fn part() -> impl Strategy<Value = Value> {
    const NAMES: &[&str] = &[
        "id",
        "name",
        "status",
        "phone_number",
        "variables",
        "allowed_days",
        "campaign",
        "updated_at",
    ];
    let flat = || {
        btree_map(
            proptest::sample::select(NAMES).prop_map(str::to_owned),
            value(),
            0..4,
        )
    };
    (flat(), proptest::option::of(flat())).prop_map(|(mut members, campaign)| {
        if let Some(campaign) = campaign {
            members.insert(
                "campaign".to_owned(),
                Value::Object(campaign.into_iter().collect()),
            );
        }
        Value::Object(members.into_iter().collect())
    })
}

/// Members that a call has, with values of any kind.
fn members() -> impl Strategy<Value = Map<String, Value>> {
    const NAMES: &[&str] = &[
        "id",
        "customer_phone",
        "duration",
        "status",
        "extracted_variables",
        "input_variables",
        "transcript",
        "recording_url",
        "created_at",
        "finished_at",
        "lead",
        "campaign",
        "extra",
    ];
    let name =
        prop_oneof![9 => proptest::sample::select(NAMES).prop_map(str::to_owned), 1 => text()];
    let parts = (proptest::option::of(part()), proptest::option::of(part()));
    (btree_map(name, value(), 0..10), parts).prop_map(|(members, (lead, campaign))| {
        let parts = [("lead", lead), ("campaign", campaign)].into_iter();
        let parts = parts.filter_map(|(name, part)| Some((name.to_owned(), part?)));
        members.into_iter().chain(parts).collect()
    })
}

/// A body: recognised as a call whatever else it holds.
fn body() -> impl Strategy<Value = Value> {
    members().prop_map(|mut members| {
        for name in ["customer_phone", "duration", "transcript"] {
            members.entry(name).or_insert(Value::Null);
        }
        Value::Object(members)
    })
}

/// The bodies as a source, in one of the forms that a source may have.
fn source(bodies: &[Value], form: usize) -> Vec<u8> {
    let compact = |body: &Value| body.to_string();
    let pretty = |body: &Value| serde_json::to_string_pretty(body).expect("a value is always JSON");
    let text = match form {
        0 => bodies.iter().map(|body| compact(body) + "\n").collect(),
        1 => bodies
            .iter()
            .map(|body| pretty(body) + "\r\n\r\n")
            .collect(),
        2 => bodies.iter().map(compact).collect::<String>(),
        3 => Value::from(bodies.to_vec()).to_string(),
        // As Python writes it.
        4 => format!(
            "[{}]",
            bodies.iter().map(compact).collect::<Vec<_>>().join(", ")
        ),
        _ => pretty(&Value::from(bodies.to_vec())),
    };
    text.into_bytes()
}

const FORMS: usize = 6;

/// Whether a terminal could do something else with the text than show it; written anew here, not taken from the program.
fn holds_controls(text: &str) -> bool {
    text.chars().any(|character| {
        (character.is_control() && character != '\n')
            || ('\u{202a}'..='\u{202e}').contains(&character)
            || ('\u{2066}'..='\u{2069}').contains(&character)
    })
}

proptest! {
    #![proptest_config(config(60))]

    #[test]
    fn any_bytes_end_with_a_known_code_and_no_panic(
        bytes in prop_oneof![
            vec(any::<u8>(), 0..60),
            value().prop_map(|value| value.to_string().into_bytes()),
            (vec(body(), 1..3), 0..FORMS, any::<proptest::sample::Index>())
                .prop_map(|(bodies, form, cut)| {
                    let mut bytes = source(&bodies, form);
                    bytes.truncate(cut.index(bytes.len()));
                    bytes
                }),
        ],
        command in proptest::sample::select(READING_COMMANDS),
    ) {
        let output = postcall(command, &bytes);
        prop_assert!(matches!(output.status.code(), Some(0 | 1 | 3)), "{output:?}");
        prop_assert!(!String::from_utf8_lossy(&output.stderr).contains("panicked"), "{output:?}");
    }

    #[test]
    fn people_never_get_control_characters(
        bodies in vec(body(), 1..4),
        command in proptest::sample::select(PEOPLE_COMMANDS),
    ) {
        let output = postcall(command, &source(&bodies, 0));
        let text = String::from_utf8(output.stdout).expect("postcall prints UTF-8");
        prop_assert!(!holds_controls(&text), "{text:?}");
        let messages = String::from_utf8(output.stderr).expect("postcall prints UTF-8");
        prop_assert!(!holds_controls(&messages), "{messages:?}");
    }

    #[test]
    fn a_row_for_each_body_in_whatever_form_it_comes(bodies in vec(body(), 1..6), form in 0..FORMS) {
        let source = source(&bodies, form);
        let rows: Vec<Value> = serde_json::from_str(&stdout(&["list", "--format", "json"], &source))
            .expect("it is JSON");
        prop_assert_eq!(rows.len(), bodies.len());
        for (row, body) in rows.iter().zip(&bodies) {
            prop_assert_eq!(&row["duration"], &body["duration"]);
        }
    }

    #[test]
    fn broken_lines_between_bodies_cost_nothing_but_themselves(
        lines in vec(prop_oneof![
            body().prop_map(|body| (body.to_string(), true)),
            (body(), any::<proptest::sample::Index>()).prop_map(|(body, cut)| {
                let text = body.to_string();
                let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).skip(1).collect();
                (text[..ends[cut.index(ends.len())]].to_owned(), false)
            }),
        ], 1..8),
    ) {
        let source = lines.iter().fold(String::new(), |source, (line, _)| source + line + "\n");
        let rows = stdout(&["list", "--format", "jsonl"], source.as_bytes());
        let whole = lines.iter().filter(|(_, is_whole)| *is_whole).count();
        prop_assert_eq!(rows.lines().count(), whole, "{}", source);
    }

    #[test]
    fn a_slip_in_an_element_costs_that_element(
        before in vec(body(), 0..3),
        after in vec(body(), 0..3),
        slip in proptest::sample::select(&[r#"{"a": x}"#, r#"{"a" 1}"#, r#"{"a":1}}"#, r#"{"a":"x}"#, r#"{"a":"x\q"}"#][..]),
        separator in proptest::sample::select(&[",\n", ",\n  ", ",", ", "][..]),
    ) {
        let texts = |bodies: &[Value]| bodies.iter().map(Value::to_string).collect::<Vec<_>>();
        let elements = [texts(&before), vec![slip.to_owned()], texts(&after)].concat();
        let source = format!("[{}{}\n]", separator.trim_start_matches(','), elements.join(separator));
        let rows = stdout(&["list", "--format", "jsonl"], source.as_bytes());
        prop_assert_eq!(rows.lines().count(), before.len() + after.len(), "{}", source);
    }

    #[test]
    fn a_finding_is_where_it_says(bodies in vec(body(), 1..6), form in 0..FORMS) {
        let source = source(&bodies, form);
        let report: Value = serde_json::from_str(&stdout(&["validate", "--format", "json"], &source)).expect("it is JSON");
        let is_array = form >= 3;
        for finding in report["findings"].as_array().expect("a list") {
            let position = |which: &str, of: &str| usize::try_from(finding[which][of].as_u64().expect("a number")).expect("small");
            let (start, end) = (position("start", "offset"), position("end", "offset"));
            for (which, offset) in [("start", start), ("end", end)] {
                let before = std::str::from_utf8(&source[..offset]).expect("between characters");
                let line = before.split('\n').next_back().expect("at least one");
                prop_assert_eq!(position(which, "line"), before.matches('\n').count() + 1);
                prop_assert_eq!(position(which, "column"), line.chars().count() + 1);
            }
            // What is marked is what stands at the pointer, the name of it, or the beginning of the object that lacks it.
            let marked = std::str::from_utf8(&source[start..end]).expect("between characters");
            let pointer = finding["pointer"].as_str().expect("a text");
            let element = finding["body"].as_str().expect("a text");
            let candidates: Vec<&Value> = if is_array {
                let index = element[1..].parse::<usize>().expect("an index");
                vec![&bodies[index]]
            } else {
                bodies.iter().collect()
            };
            let name = pointer.rsplit('/').next().expect("at least one").replace("~1", "/").replace("~0", "~");
            let is_it = candidates.iter().any(|body| match (body.pointer(pointer), marked) {
                (None, _) | (Some(Value::Object(_)), "{") => marked == "{",
                (Some(Value::Array(_)), "[") => true,
                (Some(value), _) => [value.to_string(), Value::from(name.as_str()).to_string()].contains(&marked.to_owned()),
            });
            prop_assert!(is_it, "{} marks {}", finding, marked);
        }
    }

    #[test]
    fn csv_gives_every_cell_back(bodies in vec(body(), 1..6), form in 0..FORMS) {
        let csv = postcall(&["export"], &source(&bodies, form)).stdout;
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
                // Names that collide once they are joined: the later column is named by its pointer.
                let pointer: String = path.iter().fold(String::new(), |pointer, name| {
                    pointer + "/" + &name.replace('~', "~0").replace('/', "~1")
                });
                let by_name = path.join(".");
                let name = if written.get(by_name.as_str()) == Some(&cell.as_str()) { by_name } else { pointer };
                prop_assert_eq!(written.remove(name.as_str()), Some(cell.as_str()), "{}", name);
            }
            prop_assert!(written.is_empty(), "more than the body holds: {:?}", written);
        }
    }
}

proptest! {
    // Each case is large.
    #![proptest_config(config(15))]

    #[test]
    fn threads_and_batches_change_nothing(
        bodies in vec(body(), 1..6),
        form in 0..FORMS,
        command in proptest::sample::select(READING_COMMANDS),
    ) {
        // Some hundred kilobytes, so that there is more than one batch.
        let times = 400_000 / source(&bodies, form).len() + 1;
        let bodies: Vec<Value> = bodies.iter().cycle().take(bodies.len() * times).cloned().collect();
        let source = source(&bodies, form);
        let rows = stdout(&["list", "--format", "jsonl"], &source);
        prop_assert_eq!(rows.lines().count(), bodies.len());
        let one = postcall(&[command, &["--threads", "1"]].concat(), &source);
        let many = postcall(&[command, &["--threads", "4"]].concat(), &source);
        prop_assert_eq!(one.status, many.status);
        prop_assert!(one.stderr == many.stderr);
        prop_assert!(one.stdout == many.stdout);
    }
}

/// Whether the contract has a field here that is no object: what stands there is its one cell, whatever it is.
fn is_plain_field(path: &[String]) -> bool {
    documented(path).is_some_and(|field| field.kind != Type::Object)
}

fn documented(path: &[String]) -> Option<&'static Field> {
    let pointer = path
        .iter()
        .fold(String::new(), |pointer, name| pointer + "/" + name);
    FIELDS.iter().find(|field| field.pointer == pointer)
}

/// The cells that a body should have, by column name, worked out without the program.
fn flatten(body: &Value, cells: &mut Vec<(Vec<String>, String)>) {
    let own = body.get("campaign").is_none_or(is_nothing);
    flatten_at(body, &mut Vec::new(), own, cells);
}

/// Null, `{}` or `[]`.
fn is_nothing(value: &Value) -> bool {
    value.is_null()
        || value.as_object().is_some_and(Map::is_empty)
        || value.as_array().is_some_and(Vec::is_empty)
}

/// `lead_campaign_counts`: a campaign inside the lead has the campaign's columns, for the body has none itself.
fn flatten_at(
    value: &Value,
    path: &mut Vec<String>,
    lead_campaign_counts: bool,
    cells: &mut Vec<(Vec<String>, String)>,
) {
    // An empty object where the contract has one says nothing.
    let no_column = documented(path).is_some_and(|field| field.kind == Type::Object);
    match value {
        Value::Null => {}
        Value::Object(members) if members.is_empty() && no_column => {}
        Value::Array(elements) if elements.is_empty() && no_column => {}
        Value::Object(members) if !members.is_empty() && !is_plain_field(path) => {
            let is_lead = path.len() == 1 && path[0] == "lead" && lead_campaign_counts;
            for (name, value) in members {
                if is_lead && name == "campaign" && !is_nothing(value) {
                    flatten_at(value, &mut vec!["campaign".to_owned()], true, cells);
                    continue;
                }
                path.push(name.clone());
                flatten_at(value, path, lead_campaign_counts, cells);
                path.pop();
            }
        }
        Value::String(text) => cells.push((path.clone(), text.clone())),
        other => cells.push((path.clone(), other.to_string())),
    }
}

#[test]
fn columns_that_appear_in_the_last_call_only_are_there() {
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
    assert!(
        csv.lines()
            .next()
            .is_some_and(|header| header.contains(",extracted_variables.late,"))
    );
    assert!(
        csv.lines()
            .last()
            .is_some_and(|row| row.starts_with("19999,,,1,,1,"))
    );
}

#[test]
fn deep_nesting_with_bytes_that_are_no_text_overflows_no_stack() {
    const LEVELS: usize = 100_000;
    let open = b"{\"a\":".repeat(LEVELS);
    let input = [&open[..], b"\"\xff\"", &b"}".repeat(LEVELS)].concat();
    for prefix in [&b""[..], b"a log line: "] {
        let output = postcall(&["list"], &[prefix, &input].concat());
        assert_eq!(output.status.code(), Some(1), "{output:?}");
    }
}

#[test]
fn numbers_are_written_as_they_stood() {
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
