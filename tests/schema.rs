//! The printed JSON Schema and `validate` agree: an independent validator with this schema rejects
//! a mutated body if and only if `validate` reports an error that a schema can express.

use std::cell::Cell;
use std::collections::HashSet;
use std::fs;
use std::iter;
use std::thread;

use crate::common::{config, json_lines, program, temporary_folder};
use postcall::contract::{CALL_STATUSES, FIELDS, Field, FieldType, KNOWN_EXTRAS};
use postcall::lint::rules::registry;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

const DECLARED: &str = r#"{"post_call_schema": [
    {"name": "status", "type": "bool", "description": "Whether the goal was reached"},
    {"name": "contact_reason", "type": "string"},
    {"name": "customer_interested", "type": "bool"},
    {"name": "budget", "type": "number"}
]}"#;

fn postcall(arguments: &[&str]) -> String {
    let output = program(arguments).output().expect("the program was built");
    assert_ne!(output.status.code(), Some(2), "{output:?}");
    String::from_utf8(output.stdout).expect("postcall prints UTF-8")
}

/// A body that conforms strictly to the contract and to the declared variables.
fn valid_body() -> Value {
    json!({
        "id": 480_336,
        "customer_phone": "+4915123456789",
        "assistant_phone": "+4912345678",
        "duration": 180,
        "status": "completed",
        "extracted_variables": {
            "status": true, "contact_reason": "offer", "customer_interested": false, "budget": 1.5
        },
        "input_variables": {"company": "Beispiel GmbH"},
        "transcript": "Assistant: Hello\nCustomer: Hello",
        "recording_url": "https://recordings.famulor.de/call-480336.mp3",
        "created_at": "2024-01-15T10:30:00Z",
        "finished_at": "2024-01-15T10:33:00Z",
        "lead": {
            "id": 12345,
            "phone_number": "+4915123456789",
            "variables": {"source": "website"},
            "status": "contacted",
            "created_at": "2024-01-14T09:00:00Z",
            "updated_at": "2024-01-15T10:33:00Z"
        },
        "campaign": {
            "id": 2324,
            "name": "New Customers",
            "status": "in-progress",
            "allowed_hours_start_time": "09:00:00",
            "allowed_hours_end_time": "18:00:00",
            "allowed_days": ["monday", "friday"],
            "max_calls_in_parallel": 5,
            "max_retries": 3,
            "retry_interval": 60,
            "created_at": "2024-01-01T08:00:00Z",
            "updated_at": "2024-01-15T10:00:00Z"
        }
    })
}

/// Strings that are valid, or almost valid, for some field.
const TEXTS: &[&str] = &[
    "",
    "-",
    "–",
    "true",
    "false",
    "180",
    "sample value",
    "Sample",
    "completed",
    "busy",
    "no_answer",
    "failed",
    "contacted",
    "paused",
    "cancelled",
    // Phone numbers.
    "+4915123456789",
    "+1",
    "+12",
    "+123456789012345",
    "+1234567890123456",
    "+0491512",
    "0049151",
    "+49 151",
    "+４９",
    "anonymous",
    // Times.
    "2024-01-15T10:30:00Z",
    "2024-02-29T10:30:00.123456789123+01:00",
    "2023-02-29T10:30:00Z",
    "2000-02-29T00:00Z",
    "1900-02-29T00:00Z",
    "2024-01-15 10:30:00",
    "2024-01-15 10:30:00Z",
    "2024-01-15t10:30:00z",
    "20240115T103000Z",
    "20240115T1030+0100",
    "20240115T10:30Z",
    "2024-01-15T24:00:00Z",
    "2024-01-15T24:00:00.0000000001Z",
    "2024-01-15T24:00:00,000Z",
    "2024-01-15T24:00:01Z",
    "2024-01-15T23:59:60Z",
    "2024-01-15T10:30:61Z",
    "2024-04-31T10:30:00Z",
    "2024-13-01T10:30:00Z",
    "2024-00-10T10:30:00Z",
    "2024-01-15T10:30:00+24:00",
    "2024-01-15T10:30:00+01:60",
    "2024-01-15T10:30:00-00",
    "2024-01-15T10:30:00.",
    "2024-01-15",
    "10:30:00",
    "2024-01-15T10:30:00Z\n",
    "9999-12-31T24:00:00Z",
    "0000-02-29T00:00:00Z",
    "２０２４-01-15T10:30:00Z",
    // Times of day and days.
    "09:00",
    "09:00:00",
    "24:00",
    "24:00:01",
    "9:00",
    "23:60",
    "monday",
    "Monday",
    "sunday ",
    // Links.
    "https://a.de/b?c#d",
    "http://a.de",
    "HTTPS://ü.de/ü",
    "https://",
    "https:///a",
    "https://a b",
    "https:/a",
    "//a",
    "ftp://a",
    "https://a\u{7f}",
    "https://?a",
    "https://a\n",
];

fn value() -> impl Strategy<Value = Value> {
    let number = select(vec![
        json!(0),
        json!(-0.0),
        json!(1),
        json!(-1),
        json!(180.0),
        json!(1.5),
        json!(-0.5),
        json!(1e300),
        json!(9_007_199_254_740_991_u64),
        json!(9_007_199_254_740_992_u64),
        json!(-9_007_199_254_740_993_i64),
        json!(18_446_744_073_709_551_615_u64),
        json!(1e-300),
    ]);
    let leaf = prop_oneof![
        2 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        3 => number,
        6 => select(TEXTS).prop_map(Value::from),
        1 => any::<String>().prop_map(Value::from),
        1 => Just(json!([])),
        1 => Just(json!({})),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 1..3).prop_map(Value::from),
            vec((name(), inner), 1..3)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn name() -> impl Strategy<Value = String> {
    let documented = FIELDS.iter().map(|field| field.name);
    let undocumented = [
        "extra",
        "recording_ulr",
        "contact_reason",
        "customer_interested",
        "budget",
        "summary",
    ];
    let names: Vec<&str> = documented
        .chain(undocumented)
        .chain(KNOWN_EXTRAS.iter().copied())
        .collect();
    select(names).prop_map(str::to_owned)
}

/// A change to a body.
#[derive(Clone, Debug)]
enum Change {
    Drop(&'static str),
    Set(&'static str, Value),
    Add(&'static str, String, Value),
    Status(&'static str, u8),
    MoveCampaign,
    BriefCampaign,
}

fn change() -> impl Strategy<Value = Change> {
    let pointers: Vec<&str> = FIELDS.iter().map(|field| field.pointer).collect();
    let is_object = |field: &&Field| field.kind == FieldType::Object;
    let objects = FIELDS.iter().filter(is_object).map(|field| field.pointer);
    let objects: Vec<&str> = iter::once("").chain(objects).collect();
    let pointer = move || select(pointers.clone());
    prop_oneof![
        2 => pointer().prop_map(Change::Drop),
        8 => (pointer(), value()).prop_map(|(pointer, value)| Change::Set(pointer, value)),
        4 => (select(objects), name(), value()).prop_map(|(object, name, value)| Change::Add(object, name, value)),
        2 => (select(CALL_STATUSES), 0..3_u8).prop_map(|(status, kind)| Change::Status(status, kind)),
        1 => Just(Change::MoveCampaign),
        1 => Just(Change::BriefCampaign),
    ]
}

fn object_at<'b>(body: &'b mut Value, pointer: &str) -> Option<&'b mut Map<String, Value>> {
    body.pointer_mut(pointer)?.as_object_mut()
}

fn apply(body: &mut Value, change: Change) {
    let split = |pointer: &'static str| pointer.rsplit_once('/').expect("a pointer");
    match change {
        Change::Drop(pointer) => {
            let (parent, name) = split(pointer);
            if let Some(members) = object_at(body, parent) {
                members.remove(name);
            }
        }
        Change::Set(pointer, value) => {
            let (parent, name) = split(pointer);
            if let Some(members) = object_at(body, parent) {
                members.insert(name.to_owned(), value);
            }
        }
        Change::Add(parent, name, value) => {
            if let Some(members) = object_at(body, parent) {
                members.insert(name, value);
            }
        }
        Change::Status(status, kind) => {
            let empty = |kind: u8| match kind {
                0 => json!(""),
                1 => json!([]),
                _ => Value::Null,
            };
            body["status"] = json!(status);
            body["duration"] = json!(i64::from(kind) * 10);
            body["transcript"] = empty(kind);
            body["recording_url"] = empty(2 - kind);
        }
        Change::MoveCampaign => {
            let campaign = object_at(body, "").and_then(|body| body.remove("campaign"));
            if let (Some(lead), Some(campaign)) = (object_at(body, "/lead"), campaign) {
                lead.insert("campaign".to_owned(), campaign);
            }
        }
        Change::BriefCampaign => {
            if let Some(campaign) = object_at(body, "/campaign") {
                campaign.retain(|name, _| name == "id" || name == "name");
            }
        }
    }
}

fn body() -> impl Strategy<Value = Value> {
    vec(change(), 0..4).prop_map(|changes| {
        let mut body = valid_body();
        for change in changes {
            apply(&mut body, change);
        }
        body
    })
}

/// The two validators, both with these options.
struct Validators {
    options: Vec<String>,
    schema: jsonschema::Validator,
}

impl Validators {
    fn new(options: &[&str]) -> Self {
        let schema = postcall(&[&["schema"], options].concat());
        let schema: Value = serde_json::from_str(&schema).expect("the schema is JSON");
        assert!(jsonschema::draft202012::meta::is_valid(&schema), "{schema}");
        Self {
            options: options.iter().map(|option| (*option).to_owned()).collect(),
            schema: jsonschema::draft202012::new(&schema).expect("a schema"),
        }
    }

    /// Runs `validate` on `file`. Returns the lines with an error that a schema can express, and
    /// the whole report.
    fn rejected_lines(&self, file: &str) -> (HashSet<usize>, String) {
        let options: Vec<&str> = self.options.iter().map(String::as_str).collect();
        let report =
            postcall(&[&["validate", file, "--format", "jsonl"], options.as_slice()].concat());
        let schema_rules: HashSet<&str> = registry()
            .filter(|rule| rule.in_schema)
            .map(|rule| rule.id)
            .collect();
        let rejected = json_lines(report.as_bytes())
            .iter()
            .filter(|finding| finding["level"] == "error")
            .filter(|finding| schema_rules.contains(finding["rule"].as_str().unwrap_or_default()))
            .filter_map(|finding| usize::try_from(finding["start"]["line"].as_u64()?).ok())
            .collect();
        (rejected, report)
    }
}

#[test]
fn the_schema_rejects_a_body_if_and_only_if_validate_does() {
    const BODIES: usize = 250;
    let folder = temporary_folder();
    let declared = folder.path().join("assistant.json");
    fs::write(&declared, DECLARED).expect("a writable folder");
    let declared = declared.to_str().expect("a UTF-8 path");
    let validators = [
        Validators::new(&[]),
        Validators::new(&["--strict"]),
        Validators::new(&["--variables", declared]),
        Validators::new(&["--strict", "--variables", declared]),
    ];
    let file = folder.path().join("bodies.jsonl");
    let name = file.to_str().expect("a UTF-8 path");
    let verdicts = [Cell::new(0_usize), Cell::new(0)];
    let config = ProptestConfig {
        max_shrink_iters: 2_000,
        ..config(12)
    };
    proptest!(config, |(bodies in vec(body(), BODIES))| {
        let lines: Vec<_> = bodies.iter().map(Value::to_string).collect();
        fs::write(&file, lines.join("\n")).expect("a writable folder");
        let reports = thread::scope(|scope| {
            let runs = validators.each_ref().map(|validators| scope.spawn(|| validators.rejected_lines(name)));
            runs.map(|run| run.join().expect("the program was built"))
        });
        for (validators, (rejected, report)) in validators.iter().zip(&reports) {
            for (index, body) in bodies.iter().enumerate() {
                let by_schema = validators.schema.is_valid(body);
                let by_rules = !rejected.contains(&(index + 1));
                verdicts[usize::from(by_rules)].update(|count| count + 1);
                // Evaluated only if the verdicts differ.
                let findings = || -> Vec<&str> {
                    let line_member = format!("\"line\":{},", index + 1);
                    report.lines().filter(|line| line.contains(&line_member)).collect()
                };
                let errors = || -> Vec<String> {
                    let errors = validators.schema.iter_errors(body);
                    errors.map(|error| format!("{}: {error}", error.instance_path())).collect()
                };
                prop_assert_eq!(by_schema, by_rules, "{:?}\n{}\nvalidate: {:#?}\nschema: {:#?}", validators.options, body, findings(), errors());
            }
        }
    });
    // Both verdicts must be frequent, so that agreement means something.
    assert!(
        verdicts.iter().all(|count| count.get() > 1_000),
        "{verdicts:?}"
    );
}

#[test]
fn the_valid_body_passes_the_strict_schema() {
    let schema = postcall(&["schema", "--strict"]);
    let schema: Value = serde_json::from_str(&schema).expect("the schema is JSON");
    let schema = jsonschema::draft202012::new(&schema).expect("a schema");
    let errors: Vec<String> = schema
        .iter_errors(&valid_body())
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
}
