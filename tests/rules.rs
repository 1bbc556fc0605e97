//! Every rule finds something in its bad fixture, and in that no other rule does; in its good fixture nothing is found. What `postcall rules RULE` shows as
//! an example stands in the fixtures. They lie in `tests/rules/RULE/`, with a `postcall.toml` where the rule needs to be told of a webhook.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use postcall::rules::{Rule, registry};
use serde_json::Value;

fn folder(rule: &Rule) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/rules")
        .join(rule.id)
}

/// The ids of the rules that find something in the rule's fixture, once for each finding.
fn found(rule: &Rule, fixture: &str) -> Vec<String> {
    let folder = folder(rule);
    let mut command = Command::new(env!("CARGO_BIN_EXE_postcall"));
    command
        .current_dir(&folder)
        .args(["validate", "--format", "json", fixture]);
    let output = command.output().expect("the program was built");
    let report: Value = serde_json::from_slice(&output.stdout).expect("a JSON report");
    let findings = report["findings"].as_array().expect("a list").iter();
    findings
        .map(|finding| finding["rule"].as_str().expect("a text").to_owned())
        .collect()
}

#[test]
fn each_rule_finds_its_bad_fixture_and_nothing_in_its_good_one() {
    for rule in registry() {
        let bad = found(rule, "bad.json");
        assert!(!bad.is_empty(), "{}: nothing found", rule.id);
        assert!(
            bad.iter().all(|id| id == rule.id),
            "{}: found {bad:?}",
            rule.id
        );
        let good = found(rule, "good.json");
        assert!(
            good.is_empty(),
            "{}: found {good:?} in the good one",
            rule.id
        );
    }
}

#[test]
fn examples_stand_in_the_fixtures() {
    let without_space = |text: &str| text.split_whitespace().collect::<String>();
    for rule in registry() {
        for (fixture, example) in [("bad.json", rule.bad), ("good.json", rule.good)] {
            let text =
                fs::read_to_string(folder(rule).join(fixture)).expect("the fixture is there");
            assert!(
                without_space(&text).contains(&without_space(example)),
                "{}: {example} does not stand in {fixture}",
                rule.id
            );
        }
    }
}

#[test]
fn every_fixture_is_a_rules() {
    let folders = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules"));
    for folder in folders.expect("it is part of the repository") {
        let name = folder.expect("readable").file_name();
        assert!(
            registry().any(|rule| *rule.id == *name),
            "{}",
            name.display()
        );
    }
}
