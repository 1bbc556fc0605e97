//! Properties that hold for any input, tested on the built program with generated bodies, texts and
//! bytes.

mod common;

use std::collections::{BTreeMap, HashMap};

use common::{
    call, columns, config, in_parallel, is_ignored, is_operator, postcall, program,
    reading_commands, run, stdout, temporary_folder, without_guard,
};
use postcall::contract::{FIELDS, Field, FieldType};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::RngSeed;
use serde_json::{Map, Value, json};

/// Options that are tested in combination. `reading_commands` has each command and each format.
const COMBINATIONS: &[&[&str]] = &[
    &["validate", "--strict", "--format=sarif"],
    &["validate", "--format=concise", "--summary"],
    &["export", "--format=jsonl", "--flat", "--tz=utc"],
    &["export", "--rows=turns", "--format=tsv"],
    &["export", "--list-columns"],
];

/// Commands that write values verbatim, for other programs.
const VERBATIM_COMMANDS: &[&str] = &["export", "extract"];

/// Formats that contain values verbatim.
const VERBATIM_FORMATS: &[&str] = &["--format=csv", "--format=tsv"];

/// The command lines that the program is tested with.
fn command_lines() -> Vec<Vec<String>> {
    let combinations = COMBINATIONS.iter().map(|arguments| {
        let arguments = arguments.iter().copied();
        arguments.map(str::to_owned).collect()
    });
    reading_commands().into_iter().chain(combinations).collect()
}

/// The command lines whose output people read on a terminal. JSON is included, because terminals
/// show it most often.
fn terminal_command_lines() -> Vec<Vec<String>> {
    let is_verbatim = |argument: &String| {
        VERBATIM_COMMANDS.contains(&argument.as_str())
            || VERBATIM_FORMATS.contains(&argument.as_str())
    };
    let mut lines = command_lines();
    lines.retain(|arguments| !arguments.iter().any(is_verbatim));
    lines
}

/// Pairs each command line with the settings for this number of random cases, which differ for each
/// command line.
fn with_cases(
    cases: u32,
    command_lines: Vec<Vec<String>>,
) -> impl Iterator<Item = (ProptestConfig, Vec<String>)> {
    let config = config(cases);
    let RngSeed::Fixed(seed) = config.rng_seed else {
        unreachable!("the seed is fixed");
    };
    (0..).zip(command_lines).map(move |(index, arguments)| {
        let rng_seed = RngSeed::Fixed(seed.wrapping_add(index << 32));
        let config = ProptestConfig {
            rng_seed,
            ..config.clone()
        };
        (config, arguments)
    })
}

/// Text of every kind: words, characters that are special in CSV or formulas, arbitrary characters,
/// control characters and bidirectional marks, emoji and wide characters.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-zäöü ]{0,12}",
        1 => "[\",;'\r\n\t|=+@-]{0,6}",
        1 => vec(any::<char>(), 0..8).prop_map(|characters| characters.into_iter().collect::<String>()),
        1 => "[\u{1b}\u{7f}\u{80}-\u{9f}\u{200e}\u{202a}-\u{202e}\u{2066}-\u{2069}]{1,4}",
        1 => Just("👩‍👧 田中".to_owned()),
    ]
}

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

/// Any JSON value, up to three levels deep.
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

/// A lead or a campaign with some of its members, sometimes with a campaign inside.
fn lead_or_campaign() -> impl Strategy<Value = Value> {
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
    let flat = || btree_map(select(NAMES).prop_map(str::to_owned), value(), 0..4);
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

/// Members of a call, with values of any type. Some names are undocumented.
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
    let name = prop_oneof![9 => select(NAMES).prop_map(str::to_owned), 1 => text()];
    let parts = (
        proptest::option::of(lead_or_campaign()),
        proptest::option::of(lead_or_campaign()),
    );
    (btree_map(name, value(), 0..10), parts).prop_map(|(members, (lead, campaign))| {
        let parts = [("lead", lead), ("campaign", campaign)].into_iter();
        let parts = parts.filter_map(|(name, part)| Some((name.to_owned(), part?)));
        members.into_iter().chain(parts).collect()
    })
}

/// A body that is recognized as a call, with any other members.
fn body() -> impl Strategy<Value = Value> {
    members().prop_map(|mut members| {
        for name in ["customer_phone", "duration", "transcript"] {
            members.entry(name).or_insert(Value::Null);
        }
        Value::Object(members)
    })
}

/// The bodies as one source in one of the `LAYOUTS`. Layouts 3 and above are arrays.
fn source(bodies: &[Value], layout: usize) -> Vec<u8> {
    let compact = |body: &Value| body.to_string();
    let pretty = |body: &Value| serde_json::to_string_pretty(body).expect("a value is always JSON");
    let text = match layout {
        0 => bodies.iter().map(|body| compact(body) + "\n").collect(),
        1 => bodies
            .iter()
            .map(|body| pretty(body) + "\r\n\r\n")
            .collect(),
        2 => bodies.iter().map(compact).collect::<String>(),
        3 => Value::from(bodies.to_vec()).to_string(),
        // As Python's `json.dumps` separates elements.
        4 => format!(
            "[{}]",
            bodies.iter().map(compact).collect::<Vec<_>>().join(", ")
        ),
        _ => pretty(&Value::from(bodies.to_vec())),
    };
    text.into_bytes()
}

/// The number of layouts of a source.
const LAYOUTS: usize = 6;

/// True if the text has characters that a terminal might interpret instead of showing them. This is
/// independent of the check in the program.
fn has_control_characters(text: &str) -> bool {
    text.chars().any(|character| {
        (character.is_control() && character != '\n')
            || ('\u{202a}'..='\u{202e}').contains(&character)
            || ('\u{2066}'..='\u{2069}').contains(&character)
    })
}

/// Random bytes, any JSON value, or bodies that are cut off somewhere.
fn any_input() -> impl Strategy<Value = Vec<u8>> {
    let cut_bodies = (vec(body(), 1..3), 0..LAYOUTS, any::<Index>());
    prop_oneof![
        vec(any::<u8>(), 0..60),
        value().prop_map(|value| value.to_string().into_bytes()),
        cut_bodies.prop_map(|(bodies, layout, cut)| {
            let mut bytes = source(&bodies, layout);
            bytes.truncate(cut.index(bytes.len()));
            bytes
        }),
    ]
}

#[test]
fn any_input_ends_with_a_known_exit_code_and_no_panic() {
    in_parallel(with_cases(4, command_lines()), |(config, arguments)| {
        proptest!(config, |(bytes in any_input())| {
            let output = postcall(&arguments, &bytes);
            prop_assert!(matches!(output.status.code(), Some(0 | 1 | 3)), "{arguments:?} {output:?}");
            let messages = String::from_utf8_lossy(&output.stderr);
            prop_assert!(!messages.contains("panicked"), "{arguments:?} {output:?}");
        });
    });
}

#[test]
fn output_for_terminals_has_no_control_characters() {
    in_parallel(
        with_cases(4, terminal_command_lines()),
        |(config, arguments)| {
            proptest!(config, |(bodies in vec(body(), 1..4))| {
                let output = postcall(&arguments, &source(&bodies, 0));
                let text = String::from_utf8(output.stdout).expect("postcall prints UTF-8");
                prop_assert!(!has_control_characters(&text), "{arguments:?} {text:?}");
                let messages = String::from_utf8(output.stderr).expect("postcall prints UTF-8");
                prop_assert!(!has_control_characters(&messages), "{arguments:?} {messages:?}");
            });
        },
    );
}

/// Runners of CI services search the output of each step for commands.
#[test]
fn no_line_for_people_is_a_workflow_command() {
    let hostile =
        "::error::a\n  ::error::b\r\n##[error]c ##[error]d\n\u{a0}\u{200b}::error::e ##vso[x.y]z";
    let mut body = call(
        1,
        &json!({"::error::f": hostile, "list": [[hostile]], "words": "a ".repeat(9) + hostile}),
    );
    for name in [
        "status",
        "customer_phone",
        "assistant_phone",
        "created_at",
        "duration",
    ] {
        body[name] = json!(hostile);
    }
    body["transcript"] = json!(format!("Customer: a\n{hostile}"));
    body["lead"] =
        json!({"id": hostile, "phone_number": hostile, "variables": {"##[error]g": hostile}});
    body["campaign"] = json!({"id": hostile, "name": hostile});
    let folder = temporary_folder();
    let name = "::error::h.json";
    std::fs::write(folder.path().join(name), body.to_string()).expect("a writable folder");
    std::fs::write(folder.path().join("::error::i.json"), "{\"a\n").expect("a writable folder");
    let commands: &[&[&str]] = &[
        &["show", "--transcript", "full"],
        &["transcript"],
        &["list"],
        &["list", "--format", "markdown"],
        &["variables"],
        &["campaigns"],
        &["validate", "--summary"],
        &["validate", "--format", "concise"],
        &["extract", "--list"],
        &["export", "--list-columns"],
        &["list", "--status", "\n::error::j"],
        &["list", "--id"],
        &["##[error]k"],
    ];
    for (arguments, width) in commands
        .iter()
        .flat_map(|arguments| [20, 33, 80, 120].map(|width| (arguments, width)))
    {
        for color in ["always", "never"] {
            let output =
                program(&[arguments, &["--color", color, name, "::error::i.json"][..]].concat())
                    .env("COLUMNS", width.to_string())
                    .current_dir(folder.path())
                    .output()
                    .expect("the program was built");
            for stream in [output.stdout, output.stderr] {
                let text = String::from_utf8(stream).expect("postcall prints UTF-8");
                for line in text.lines() {
                    let line: String = anstream::adapter::strip_str(line).to_string();
                    let is_blank = |c: char| is_ignored(c) && !c.is_ascii_punctuation();
                    let content = line.trim_start_matches(is_blank);
                    assert!(!content.starts_with("::"), "{arguments:?} {line:?}");
                    let tails = line
                        .match_indices("##")
                        .map(|(index, _)| &line[index + 2..]);
                    let is_command = |tail: &str| {
                        tail.trim_start_matches(|c: char| c.is_ascii_alphabetic())
                            .starts_with('[')
                    };
                    assert!(!tails.into_iter().any(is_command), "{arguments:?} {line:?}");
                }
            }
        }
    }
    let bytes = body.to_string();
    assert_eq!(stdout(&["extract"], bytes.as_bytes()).trim_end(), bytes);
    assert!(
        stdout(&["export", "--no-guard"], bytes.as_bytes())
            .contains("\n  ::error::b\r\n##[error]c ##[error]d\n")
    );
}

#[test]
fn output_does_not_depend_on_threads_or_batches() {
    in_parallel(with_cases(1, command_lines()), |(config, arguments)| {
        proptest!(config, |(bodies in vec(body(), 1..6), layout in 0..LAYOUTS)| {
            // At least 400 kB, so that there is more than one batch.
            let times = 400_000 / source(&bodies, layout).len() + 1;
            let bodies: Vec<Value> = bodies.iter().cycle().take(bodies.len() * times).cloned().collect();
            let source = source(&bodies, layout);
            let rows = stdout(&["list", "--format", "jsonl"], &source);
            prop_assert_eq!(rows.lines().count(), bodies.len());
            let run_with = |threads: &str| {
                let mut command = program(&arguments);
                // A workbook contains the time of the run.
                command.args(["--threads", threads]).env("SOURCE_DATE_EPOCH", "1705314600");
                run(command, vec![source.clone()])
            };
            let (sequential, parallel) = (run_with("1"), run_with("4"));
            prop_assert_eq!(sequential.status, parallel.status);
            prop_assert!(sequential.stderr == parallel.stderr, "{arguments:?}");
            prop_assert!(sequential.stdout == parallel.stdout, "{arguments:?}");
        });
    });
}

/// Names of statuses, campaigns and variables.
const NAMES: &[&str] = &[
    "busy",
    "buzy",
    "failed",
    "completed",
    "complete",
    "no-answer",
];

/// A call with a status, a campaign and an extracted variable, and 4 kB long.
fn named_call([status, campaign, variable]: [&str; 3]) -> Value {
    json!({
        "customer_phone": null, "duration": 1, "transcript": "word ".repeat(800), "status": status,
        "campaign": {"name": campaign}, "extracted_variables": {variable: 1},
    })
}

#[test]
fn names_that_occur_in_no_call_are_reported_with_any_number_of_threads() {
    let names = || [select(NAMES), select(NAMES), select(NAMES)];
    // Most calls are alike, so that the others, in any batch, decide.
    let calls = (names(), vec((names(), any::<Index>()), 0..4));
    let dedupe = select(&[None, Some("first"), Some("last")][..]);
    proptest!(config(12), |((common, others) in calls, dedupe in dedupe)| {
        let mut calls = vec![common; 300];
        for (names, index) in others {
            calls[index.index(300)] = names;
        }
        let bodies: Vec<Value> = calls.iter().map(|names| named_call(*names)).collect();
        let source = source(&bodies, 0);
        let mut arguments = vec!["list".to_owned(), "--min-duration=2".to_owned()];
        arguments.extend(dedupe.map(|which| format!("--dedupe={which}")));
        let mut absent = Vec::new();
        for (kind, option) in [(0, "--status"), (1, "--campaign"), (2, "--var")] {
            for name in NAMES {
                let value = if kind == 2 { "=1" } else { "" };
                arguments.extend([option.to_owned(), format!("{name}{value}")]);
                if calls.iter().all(|names| names[kind] != *name) {
                    absent.push(format!("{} `{name}`", option.trim_start_matches('-')));
                }
            }
        }
        let messages = |threads: &str| {
            let arguments = [&arguments[..], &["--threads".to_owned(), threads.to_owned()]].concat();
            let output = postcall(&arguments, &source);
            assert!(output.status.success(), "{output:?}");
            String::from_utf8(output.stderr).expect("postcall prints UTF-8")
        };
        let sequential = messages("1");
        let reported = sequential.lines().filter_map(|line| {
            let name = line.split("no call has the ").nth(1)?;
            Some(name.split(';').next()?.replace("variable", "var"))
        });
        prop_assert_eq!(reported.collect::<Vec<_>>(), absent);
        prop_assert_eq!(messages("4"), sequential);
    });
}

proptest! {
    #![proptest_config(config(60))]

    #[test]
    fn each_body_is_one_row_in_any_layout(bodies in vec(body(), 1..6), layout in 0..LAYOUTS) {
        let source = source(&bodies, layout);
        let rows: Vec<Value> = serde_json::from_str(&stdout(&["list", "--format", "json"], &source))
            .expect("the output is JSON");
        prop_assert_eq!(rows.len(), bodies.len());
        for (row, body) in rows.iter().zip(&bodies) {
            prop_assert_eq!(&row["duration"], &body["duration"]);
        }
    }

    #[test]
    fn broken_lines_do_not_affect_other_lines(
        lines in vec(prop_oneof![
            body().prop_map(|body| (body.to_string(), true)),
            (body(), any::<Index>()).prop_map(|(body, cut)| {
                let text = body.to_string();
                let boundaries: Vec<usize> = text.char_indices().map(|(index, _)| index).skip(1).collect();
                (text[..boundaries[cut.index(boundaries.len())]].to_owned(), false)
            }),
        ], 1..8),
    ) {
        let source = lines.iter().fold(String::new(), |source, (line, _)| source + line + "\n");
        let rows = stdout(&["list", "--format", "jsonl"], source.as_bytes());
        let valid = lines.iter().filter(|(_, is_valid)| *is_valid).count();
        prop_assert_eq!(rows.lines().count(), valid, "{}", source);
    }

    #[test]
    fn a_syntax_error_in_an_element_loses_only_that_element(
        before in vec(body(), 0..3),
        after in vec(body(), 0..3),
        broken in select(&[r#"{"a": x}"#, r#"{"a" 1}"#, r#"{"a":1}}"#, r#"{"a":"x}"#, r#"{"a":"x\q"}"#][..]),
        separator in select(&[",\n", ",\n  ", ",", ", "][..]),
    ) {
        let texts = |bodies: &[Value]| bodies.iter().map(Value::to_string).collect::<Vec<_>>();
        let elements = [texts(&before), vec![broken.to_owned()], texts(&after)].concat();
        let source = format!("[{}{}\n]", separator.trim_start_matches(','), elements.join(separator));
        let rows = stdout(&["list", "--format", "jsonl"], source.as_bytes());
        prop_assert_eq!(rows.lines().count(), before.len() + after.len(), "{}", source);
    }

    #[test]
    fn findings_have_the_correct_location(bodies in vec(body(), 1..6), layout in 0..LAYOUTS) {
        let source = source(&bodies, layout);
        let report: Value = serde_json::from_str(&stdout(&["validate", "--format", "json"], &source)).expect("the output is JSON");
        let is_array = layout >= 3;
        for finding in report["findings"].as_array().expect("a list") {
            let position = |bound: &str, unit: &str| usize::try_from(finding[bound][unit].as_u64().expect("a number")).expect("small");
            let (start, end) = (position("start", "offset"), position("end", "offset"));
            for (bound, offset) in [("start", start), ("end", end)] {
                let before = std::str::from_utf8(&source[..offset]).expect("between characters");
                let line = before.split('\n').next_back().expect("at least one");
                prop_assert_eq!(position(bound, "line"), before.matches('\n').count() + 1);
                prop_assert_eq!(position(bound, "column"), line.chars().count() + 1);
            }
            // A finding marks the value at its pointer, the name of that member, or the start of
            // the object that lacks it.
            let marked = std::str::from_utf8(&source[start..end]).expect("between characters");
            let pointer = finding["pointer"].as_str().expect("a string");
            let element = finding["body"].as_str().expect("a string");
            let candidates: Vec<&Value> = if is_array {
                let index = element[1..].parse::<usize>().expect("an index");
                vec![&bodies[index]]
            } else {
                bodies.iter().collect()
            };
            let name = pointer.rsplit('/').next().expect("at least one").replace("~1", "/").replace("~0", "~");
            let is_expected = candidates.iter().any(|body| match (body.pointer(pointer), marked) {
                (None, _) | (Some(Value::Object(_)), "{") => marked == "{",
                (Some(Value::Array(_)), "[") => true,
                (Some(value), _) => [value.to_string(), Value::from(name.as_str()).to_string()].contains(&marked.to_owned()),
            });
            prop_assert!(is_expected, "{} marks {}", finding, marked);
        }
    }

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
fn deep_nesting_with_invalid_utf8_does_not_overflow_the_stack() {
    const LEVELS: usize = 100_000;
    let open = b"{\"a\":".repeat(LEVELS);
    let input = [&open[..], b"\"\xff\"", &b"}".repeat(LEVELS)].concat();
    for prefix in [&b""[..], b"a log line: "] {
        let output = postcall(&["list"], &[prefix, &input].concat());
        assert_eq!(output.status.code(), Some(1), "{output:?}");
    }
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
