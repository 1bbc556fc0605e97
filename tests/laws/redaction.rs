//! What `redact` keeps: the findings of `validate`, the figures of `stats`, the structure of
//! bodies, and which calls, leads and campaigns belong together.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::process::Output;
use std::sync::LazyLock;

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::bodies::{LAYOUTS, body, source};
use super::calls::{call, call_count};
use crate::common::{config, files_below, postcall, program, repository, run, stdout};

/// The key of these tests.
const KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

/// Runs `postcall redact` with a key.
pub(super) fn redact<A: AsRef<OsStr>>(arguments: &[A], key: &str, input: &[u8]) -> Output {
    let mut command = program(&["redact"]);
    command.args(arguments).env("POSTCALL_REDACT_KEY", key);
    run(command, vec![input.to_vec()])
}

/// The modes of `--text` that take personal data out.
const TEXT_MODES: [&str; 2] = ["shape", "scrub"];

fn redacted(input: &[u8], text: &str) -> Vec<u8> {
    redact(&["--text", text], KEY, input).stdout
}

fn extracted(input: &[u8]) -> Vec<u8> {
    postcall(&["extract"], input).stdout
}

/// Rule, level, line and pointer of a finding. Of pointers, only documented names are compared:
/// others are `*`.
type Finding = (String, String, u64, String);

fn findings(bodies: &[u8]) -> Vec<Finding> {
    let report = postcall(&["validate", "--format", "json"], bodies).stdout;
    let report: Value = serde_json::from_slice(&report).expect("a report");
    let findings = report["findings"].as_array().expect("findings");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    findings
        .iter()
        .map(|finding| {
            let line = finding["start"]["line"].as_u64().unwrap_or_default();
            let pointer = kept_names(&text(&finding["pointer"]));
            (
                text(&finding["rule"]),
                text(&finding["level"]),
                line,
                pointer,
            )
        })
        .collect()
}

fn kept_names(pointer: &str) -> String {
    let names: Vec<_> = pointer.split('/').map(kept_name).collect();
    names.join("/")
}

/// A documented name; `*` for another, which may be a token afterwards.
fn kept_name(name: &str) -> &str {
    static DOCUMENTED: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
        let schema = serde_json::from_str(&stdout(&["schema"], b"")).expect("JSON");
        let mut names = BTreeSet::new();
        add_properties(&schema, &mut names);
        names
    });
    if DOCUMENTED.contains(name) { name } else { "*" }
}

/// Adds the names of all properties in a JSON Schema.
fn add_properties(schema: &Value, names: &mut BTreeSet<String>) {
    match schema {
        Value::Object(members) => {
            if let Some(Value::Object(properties)) = members.get("properties") {
                names.extend(properties.keys().cloned());
            }
            members
                .values()
                .for_each(|value| add_properties(value, names));
        }
        Value::Array(elements) => elements
            .iter()
            .for_each(|value| add_properties(value, names)),
        _ => {}
    }
}

/// The findings of only one of the two: before, or after redaction.
fn changed_findings(input: &[u8], text: &str) -> [Vec<Finding>; 2] {
    let (before, after) = (extracted(input), redacted(input, text));
    if before.is_empty() && after.is_empty() {
        return [vec![], vec![]];
    }
    let (mut lost, mut new) = (findings(&before), findings(&after));
    lost.retain(
        |finding| match new.iter().position(|other| other == finding) {
            Some(at) => {
                new.swap_remove(at);
                false
            }
            None => true,
        },
    );
    [lost, new]
}

#[test]
fn findings_of_samples_and_cases_stay() {
    for folder in ["samples", "tests/cases", "tests/rules"] {
        for path in files_below(&repository().join(folder)) {
            let input = std::fs::read(&path).expect("a file");
            for text in TEXT_MODES {
                assert_eq!(
                    changed_findings(&input, text),
                    [vec![], vec![]],
                    "{} {text}",
                    path.display()
                );
            }
        }
    }
}

#[test]
fn findings_of_any_bodies_stay() {
    proptest!(config(call_count(100) / 25), |(bodies in vec(body(), 25), layout in 0..LAYOUTS)| {
        let input = source(&bodies, layout);
        for text in TEXT_MODES {
            prop_assert_eq!(changed_findings(&input, text), [vec![], vec![]], "{}", text);
        }
    });
}

/// The findings of the rules on personal data after redaction, with the text at their places.
fn personal_data(input: &[u8], text: &str) -> Vec<String> {
    let redacted = redacted(input, text);
    let mut arguments = vec![
        "validate",
        "--format=json",
        "--allow=all",
        "--deny=personal-data",
    ];
    // With `scrub`, words stay.
    if text == "shape" {
        arguments.push("--deny=free-text");
    }
    let report = postcall(&arguments, &redacted).stdout;
    let report: Value = serde_json::from_slice(&report).expect("a report");
    let findings = report["findings"].as_array().expect("findings").iter();
    let offset = |place: &Value| {
        let offset = place["offset"].as_u64().expect("an offset");
        usize::try_from(offset).expect("small")
    };
    let quoted = findings.map(|finding| {
        let range = offset(&finding["start"])..offset(&finding["end"]);
        let text = String::from_utf8_lossy(&redacted[range]);
        format!("{} {} {text}", finding["rule"], finding["pointer"])
    });
    quoted.collect()
}

#[test]
fn rules_on_personal_data_find_nothing_afterwards() {
    proptest!(config(call_count(100) / 25), |(bodies in vec(body(), 25), calls in vec(call(), 25))| {
        let input = source(&[bodies, calls].concat(), 0);
        for text in TEXT_MODES {
            prop_assert_eq!(personal_data(&input, text), Vec::<String>::new(), "{}", text);
        }
    });
}

/// A body with a JSON number, in any spelling, at each of some places.
fn body_of_numbers() -> impl Strategy<Value = String> {
    let number = (
        "-?(0|[1-9][0-9]{0,3}|[1-9][0-9]{4,18})",
        "(|[.][0-9]{1,8})",
        "(|[eE][+-]?0{0,4}[0-9]{1,2})",
    );
    let number = number.prop_map(|(whole, fraction, exponent)| whole + &fraction + &exponent);
    vec(number, 10).prop_map(|numbers| {
        let [id, phone, inner, duration, time, lead, phones, variable, turn, other] = &numbers[..]
        else {
            unreachable!("there are ten")
        };
        format!(
            r#"{{"id":{id},"customer_phone":{phone},"assistant_phone":{{"x":{inner}}},
            "duration":{duration},"created_at":{time},"lead":{{"id":{lead},"phone_number":[{phones}]}},
            "extracted_variables":{{"x":{variable}}},"other":{other},
            "transcript":[{{"role":"user","text":"x","timestamp":{turn}}}]}}"#
        )
        .replace('\n', "")
    })
}

#[test]
fn numbers_of_any_spelling_keep_their_findings() {
    proptest!(config(call_count(100) / 25), |(bodies in vec(body_of_numbers(), 25))| {
        let input = bodies.join("\n").into_bytes();
        for text in TEXT_MODES {
            prop_assert_eq!(changed_findings(&input, text), [vec![], vec![]], "{}", text);
            prop_assert_eq!(personal_data(&input, text), Vec::<String>::new(), "{}", text);
        }
    });
}

/// The structure of a body: names that stay, and the kinds of values.
fn skeleton(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.iter().enumerate().map(|(index, (name, value))| {
                let plain = kept_name(name);
                (format!("{index} {plain}"), skeleton(value))
            });
            Value::Object(members.collect())
        }
        Value::Array(elements) => elements.iter().map(skeleton).collect(),
        Value::String(_) => json!(""),
        Value::Number(_) => json!(0),
        other => other.clone(),
    }
}

fn lines(bodies: &[u8]) -> Vec<Value> {
    let bodies = bodies.split_inclusive(|byte| *byte == b'\n');
    bodies
        .map(|body| serde_json::from_slice(body).expect("JSON"))
        .collect()
}

#[test]
fn the_structure_of_bodies_stays() {
    proptest!(config(call_count(100) / 25), |(bodies in vec(body(), 25))| {
        let input = source(&bodies, 0);
        let before = lines(&extracted(&input));
        for text in TEXT_MODES {
            let after = lines(&redacted(&input, text));
            prop_assert_eq!(before.len(), after.len());
            for (before, after) in before.iter().zip(&after) {
                prop_assert_eq!(skeleton(before), skeleton(after));
            }
        }
    });
}

#[test]
fn equal_keys_give_equal_bodies() {
    proptest!(config(call_count(100) / 25), |(bodies in vec(body(), 25))| {
        let input = source(&bodies, 0);
        for text in TEXT_MODES {
            let one = redact(&["--threads=1", "--text", text], KEY, &input);
            let many = redact(&["--threads=3", "--text", text], KEY, &input);
            prop_assert!(one == many);
        }
        let one = redacted(&input, "shape");
        let other = redact::<&str>(&[], &KEY.replace('0', "1"), &input).stdout;
        prop_assert!(one.is_empty() || one != other || bodies.iter().all(is_harmless));
    });
}

/// True for a body without a value that is replaced.
fn is_harmless(body: &Value) -> bool {
    body.to_string().bytes().all(|byte| !byte.is_ascii_digit())
}

#[test]
fn a_random_key_differs_in_each_run() {
    let input = source(
        &[
            json!({"id": 480_601, "customer_phone": "+4915123456789", "duration": 1,
        "transcript": "AI: Hello"}),
        ],
        0,
    );
    let runs = [(); 2].map(|()| {
        let mut command = program(&["redact"]);
        command.env_remove("POSTCALL_REDACT_KEY");
        run(command, vec![input.clone()]).stdout
    });
    assert_ne!(runs[0], runs[1]);
}

/// The values at a pointer before and after, if each value before has one value after, and the
/// other way round.
fn pseudonyms(
    before: &[Value],
    after: &[Value],
    pointers: &[&str],
) -> Result<BTreeMap<String, String>, TestCaseError> {
    let mut pairs = BTreeSet::new();
    for (before, after) in before.iter().zip(after) {
        for pointer in pointers {
            let value = |body: &Value| {
                body.pointer(pointer)
                    .filter(|value| !value.is_null())
                    .cloned()
            };
            let (old, new) = (value(before), value(after));
            prop_assert_eq!(old.is_some(), new.is_some());
            pairs.extend(
                old.zip(new)
                    .map(|(old, new)| (old.to_string(), new.to_string())),
            );
        }
    }
    let olds: BTreeMap<_, _> = pairs.iter().cloned().collect();
    let news: BTreeSet<_> = pairs.iter().map(|(_, new)| new).collect();
    prop_assert_eq!(olds.len(), pairs.len(), "one pseudonym per value");
    prop_assert_eq!(news.len(), pairs.len(), "one value per pseudonym");
    prop_assert!(pairs.iter().all(|(old, new)| old != new));
    Ok(olds)
}

#[test]
fn calls_leads_and_campaigns_still_belong_together() {
    proptest!(config(call_count(300) / 100), |(calls in vec(call(), 100))| {
        let input = source(&calls, 0);
        let (before, after) = (lines(&extracted(&input)), lines(&redacted(&input, "shape")));
        prop_assert_eq!(before.len(), calls.len());
        for pointers in [
            &["/id"][..],
            &["/lead/id"],
            &["/campaign/id"],
            &["/campaign/name"],
            &["/customer_phone", "/assistant_phone", "/lead/phone_number"],
        ] {
            pseudonyms(&before, &after, pointers)?;
        }
    });
}

/// The figures of `stats` that redaction keeps: all but names, times and values of variables.
fn figures(bodies: &[u8]) -> Value {
    let report = postcall(&["stats", "--format", "json"], bodies).stdout;
    let mut report: Value = serde_json::from_slice(&report).expect("figures");
    for name in ["first", "last"] {
        report["calls"]
            .as_object_mut()
            .expect("an object")
            .remove(name);
    }
    // The names of unknown statuses are tokens afterwards.
    let outcomes = report["calls"]["outcomes"]
        .as_array_mut()
        .expect("outcomes");
    outcomes.retain(|outcome| outcome["class"] != "unclassed");
    let sections = [
        "calls",
        "rates",
        "conversations",
        "leads",
        "goal",
        "week",
        "billing",
    ];
    let kept = sections.map(|name| (name.to_owned(), report[name].clone()));
    Value::Object(kept.into_iter().collect())
}

#[test]
fn figures_of_stats_stay() {
    proptest!(config(call_count(600) / 200), |(calls in vec(call(), 200))| {
        let input = source(&calls, 0);
        let before = figures(&extracted(&input));
        prop_assert_eq!(&before, &figures(&redacted(&input, "shape")));
        // `[name 1]` has another number of words than what it stands for.
        let without_words = |mut figures: Value| {
            let conversations = figures["conversations"].as_object_mut().expect("an object");
            conversations.remove("words_of_customers");
            figures
        };
        let after = without_words(figures(&redacted(&input, "scrub")));
        prop_assert_eq!(without_words(before), after);
    });
}
