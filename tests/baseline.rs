//! The baseline of `validate`, compared with a simple model: how often each finding occurs in the
//! report before and after a change.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Output;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use crate::common::{call, config, json_lines, program, repository, temporary_folder};

fn validate(folder: &Path, arguments: &[&str]) -> Output {
    program(&[&["validate"], arguments].concat())
        .current_dir(folder)
        .output()
        .expect("the program was built")
}

/// The identity of a finding: source, call, pointer in the body and rule.
type Key = (String, String, String, String);

/// How often each finding of a report in JSON Lines occurs.
fn occurrences(report: &[u8]) -> BTreeMap<Key, u64> {
    let mut counts = BTreeMap::new();
    for finding in json_lines(report) {
        let text = |name: &str| finding[name].as_str().expect("a string").to_owned();
        let key = (
            text("source"),
            finding["call"].to_string(),
            text("pointer"),
            text("rule"),
        );
        *counts.entry(key).or_default() += 1;
    }
    counts
}

/// A body with some mistakes. Without an id, it differs from others only by them.
fn body() -> impl Strategy<Value = Value> {
    let change = select(vec![
        ("duration", json!("180")),
        ("duration", json!(-1)),
        ("status", json!("unbekannt")),
        ("status", json!(null)),
        ("created_at", json!("gestern")),
        ("zusatz", json!("canary")),
        ("id", json!("canary")),
        ("id", json!(2.5)),
        ("transcript", json!([{"name": 1}])),
        ("lead", json!({"name": "canary"})),
    ]);
    (1..6_u64, vec(change, 0..4)).prop_map(|(id, changes)| {
        let mut body = call(id, &json!({"email": "canary@example.org"}));
        for (name, value) in changes {
            body[name] = value;
        }
        body
    })
}

proptest! {
    #![proptest_config(config(60))]

    #[test]
    fn findings_are_known_as_often_as_they_occurred(
        before in vec(body(), 0..6),
        after in vec(body(), 1..6),
        kept in 0..6_usize,
        threads in select(vec!["1", "4"]),
    ) {
        let folder = temporary_folder();
        let folder = folder.path();
        // An array, in which the calls that are kept have other indexes.
        let after: Vec<Value> = after.into_iter().chain(before.iter().take(kept).cloned()).collect();
        let write = |bodies: &[Value]| {
            fs::write(folder.join("a.json"), json!(bodies).to_string()).expect("a new file");
        };
        write(&before);
        let arguments = ["a.json", "--format", "jsonl", "--threads", threads];
        let baseline = ["--report", "baseline=known.json"];
        let earlier = occurrences(&validate(folder, &[&arguments[..], &baseline].concat()).stdout);
        let first = fs::read(folder.join("known.json")).expect("a baseline");
        prop_assert!(!first.windows(6).any(|text| text == b"canary"));

        // Nothing has changed: all findings are known, and the same file is written again.
        let known = ["--baseline", "known.json"];
        let again = validate(folder, &[&["a.json", "--report", "baseline=again.json"], &known[..]].concat());
        if !before.is_empty() {
            prop_assert_eq!(again.status.code(), Some(0), "{:?}", again);
        }
        prop_assert_eq!(&fs::read(folder.join("again.json")).expect("a baseline"), &first);

        write(&after);
        let output = validate(folder, &arguments);
        let all = occurrences(&output.stdout);
        let count = |counts: &BTreeMap<Key, u64>, key: &Key| counts.get(key).copied().unwrap_or(0);
        let expected_known: u64 = all.iter().map(|(key, now)| (*now).min(count(&earlier, key))).sum();
        let expected_gone: u64 = earlier
            .iter()
            .map(|(key, earlier)| earlier.saturating_sub(count(&all, key)))
            .sum();
        let output = validate(folder, &[&["a.json", "--format", "json", "--threads", threads], &known[..]].concat());
        let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        prop_assert_eq!(&report["baseline"], &json!({
            "file": "known.json", "known": expected_known, "gone": expected_gone,
        }));
        let findings = report["findings"].as_array().expect("a list");
        let in_state = |state: &str| findings.iter().filter(|finding| finding["baseline"] == state).count() as u64;
        prop_assert_eq!(in_state("unchanged"), expected_known);
        let new = all.values().sum::<u64>() - expected_known;
        prop_assert_eq!(in_state("new"), new);
        let summary = &report["summary"];
        let counted = ["errors", "warnings", "notes"].map(|level| summary[level].as_u64().expect("a number"));
        prop_assert_eq!(counted.iter().sum::<u64>(), new);
        prop_assert_eq!(&summary["not_shown"], 0);
        let has_errors = counted[0] > 0;
        prop_assert_eq!(output.status.code(), Some(i32::from(has_errors)));
        let concise = validate(folder, &[&["a.json", "--format", "concise"], &known[..]].concat());
        prop_assert_eq!(concise.stdout.split(|byte| *byte == b'\n').count() as u64 - 1, new);
    }
}

/// The samples are all known, with any number of threads, and whether they are limited or not.
#[test]
fn the_findings_of_all_samples_are_known() {
    let folder = temporary_folder();
    let path = folder.path().join("known.json");
    let path = path.to_str().expect("UTF-8");
    let report = format!("baseline={path}");
    let inputs = ["samples", "tests/cases", "--exit-zero", "--quiet"];
    validate(
        repository(),
        &[&inputs[..], &["--report", &report, "--max-findings", "1"]].concat(),
    );
    let text = fs::read_to_string(path).expect("a baseline");
    assert!(text.lines().count() > 100, "{text}");
    assert!(!text.contains("\"./"), "{text}");
    for options in [
        &["--threads", "1"][..],
        &["--threads", "4", "--max-findings", "0"],
    ] {
        let arguments = [
            "samples",
            "./tests/cases",
            "--format",
            "json",
            "--baseline",
            path,
        ];
        let output = validate(repository(), &[&arguments[..], options].concat());
        let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(report["summary"]["rules"], json!([]), "{options:?}");
        assert_eq!(report["baseline"]["gone"], 0);
        assert!(report["baseline"]["known"].as_u64() > Some(100));
    }
}

/// A finding of one call that was fixed does not hide the same finding of another call.
#[test]
fn a_fixed_and_a_new_finding_do_not_cancel_out() {
    let folder = temporary_folder();
    let write = |wrong: u64| {
        let lines: Vec<String> = (1..=3)
            .map(|id| {
                let mut body = call(id, &json!({}));
                if id == wrong {
                    body["duration"] = json!("180");
                }
                body.to_string()
            })
            .collect();
        fs::write(folder.path().join("a.jsonl"), lines.join("\n")).expect("a new file");
    };
    write(1);
    validate(
        folder.path(),
        &["a.jsonl", "--report", "baseline=known.json"],
    );
    let check = || {
        validate(folder.path(), &["a.jsonl", "--baseline", "known.json"])
            .status
            .code()
    };
    assert_eq!(check(), Some(0));
    write(2);
    assert_eq!(check(), Some(1));
}
