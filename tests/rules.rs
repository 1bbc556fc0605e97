//! The bad fixture of each rule has findings of that rule only, and the good fixture has none. The
//! examples that `postcall rules RULE` prints are part of the fixtures. Fixtures are in
//! `tests/rules/RULE/`, with a `postcall.toml` if the rule needs settings of a webhook.

use std::fs;
use std::path::PathBuf;

use crate::common::{postcall, program, repository};
use postcall::contract::FIELDS;
use postcall::lint::rule_data::Rule;
use postcall::lint::rules::{find, registry};
use serde_json::Value;

fn folder(rule: &Rule) -> PathBuf {
    repository().join("tests/rules").join(rule.id)
}

/// The rule ids of all findings in the fixture.
fn rules_found(rule: &Rule, fixture: &str) -> Vec<String> {
    let mut command = program(&["validate", "--format", "json", fixture]);
    let output = command.current_dir(folder(rule)).output();
    let report = output.expect("the program was built").stdout;
    members_of_findings(&report, "rule")
}

/// The values of this member of all findings in a JSON report.
fn members_of_findings(report: &[u8], name: &str) -> Vec<String> {
    let report: Value = serde_json::from_slice(report).expect("a JSON report");
    let findings = report["findings"].as_array().expect("a list").iter();
    findings
        .map(|finding| finding[name].as_str().expect("a string").to_owned())
        .collect()
}

#[test]
fn each_rule_reports_its_bad_fixture_and_accepts_its_good_fixture() {
    for rule in registry() {
        let bad = rules_found(rule, "bad.json");
        assert!(
            !bad.is_empty(),
            "{}: nothing found; rules run only on values that lint/fast_path.rs does not admit",
            rule.id
        );
        assert!(
            bad.iter().all(|id| id == rule.id),
            "{}: found {bad:?}",
            rule.id
        );
        let good = rules_found(rule, "good.json");
        assert!(good.is_empty(), "{}: found {good:?} in good.json", rule.id);
    }
}

/// A reader would have to find out which of them separates the message from its help.
#[test]
fn no_message_with_its_help_has_two_semicolons() {
    let rules = registry().map(|rule| (folder(rule), vec!["bad.json"]));
    let samples = (repository().to_owned(), vec!["samples", "--no-config"]);
    let mut faults = Vec::new();
    let mut findings = 0;
    for (folder, arguments) in rules.chain([samples]) {
        let arguments = [&["validate", "--format", "json"], &*arguments].concat();
        let output = program(&arguments).current_dir(folder).output();
        let report = output.expect("the program was built").stdout;
        let report: Value = serde_json::from_slice(&report).expect("a JSON report");
        for finding in report["findings"].as_array().expect("a list") {
            findings += 1;
            let help = finding["help"].as_str().map(|help| format!("; {help}"));
            let parts = [finding["expected"].as_str(), finding["found"].as_str()];
            let text = parts.map(|part| part.expect("a string")).concat();
            let text = without_quoted(&(text + &help.unwrap_or_default()));
            if text.matches(';').count() > 1 {
                faults.push(text);
            }
        }
    }
    assert!(findings > 100, "only {findings} findings");
    assert!(faults.is_empty(), "{faults:#?}");
}

/// Removes the values in `text`, which are in quotes.
fn without_quoted(text: &str) -> String {
    let outside = text.split(['"', '`']).step_by(2);
    outside.collect::<Vec<_>>().join("…")
}

#[test]
fn a_future_time_is_found_in_every_time_field() {
    let good = fs::read(folder(find("future-time").expect("a rule")).join("good.json"));
    let good: Value =
        serde_json::from_slice(&good.expect("the fixture can be read")).expect("a body");
    let mut nested = good.clone();
    nested["lead"]["campaign"] = nested["campaign"].take();
    let times = FIELDS.iter().filter(|field| field.is_timestamp());
    let pointers: Vec<&str> = times.map(|field| field.pointer).collect();
    assert!(!pointers.is_empty());
    for (body, prefix) in [(&good, ""), (&nested, "/lead")] {
        for pointer in &pointers {
            let is_moved = !prefix.is_empty() && pointer.starts_with("/campaign");
            let pointer = format!("{}{pointer}", if is_moved { prefix } else { "" });
            let mut body = body.clone();
            // Missing members are created, the objects on the way too.
            let names = pointer.split('/').skip(1);
            *names.fold(&mut body, |value, name| &mut value[name]) = "2124-01-15T10:33:00Z".into();
            let arguments = [
                "validate",
                "--format",
                "json",
                "--allow",
                "all",
                "--warn",
                "future-time",
            ];
            let output = postcall(&arguments, body.to_string().as_bytes());
            assert_eq!(members_of_findings(&output.stdout, "pointer"), [pointer]);
        }
    }
}

#[test]
fn source_date_epoch_is_the_time_that_future_time_compares_with() {
    let validate = |epoch: &str| {
        let output = program(&["validate", "samples/busy.json", "--format", "concise"])
            .env("SOURCE_DATE_EPOCH", epoch)
            .output()
            .expect("the program was built");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        let (out, errors) = (text(output.stdout), text(output.stderr));
        (output.status.code(), out, errors)
    };
    // 2001-09-09T01:46:40Z, long before the sample, and a day in 2033, long after it.
    let (_, before, _) = validate("1000000000");
    assert!(before.contains("warning[future-time]"), "{before}");
    assert!(before.contains("it is now 2001-09-09T01:46Z"), "{before}");
    let (_, after, _) = validate("2000000000");
    assert!(!after.contains("future-time"), "{after}");

    let (code, out, errors) = validate("yesterday");
    assert_eq!((code, &*out), (Some(2), ""));
    assert_eq!(
        errors,
        "postcall: error: SOURCE_DATE_EPOCH must be a whole number of seconds since 1970, from 0 to 253402300799\n"
    );
}

#[test]
fn examples_are_part_of_the_fixtures() {
    let without_space = |text: &str| text.split_whitespace().collect::<String>();
    for rule in registry() {
        for (fixture, example) in [("bad.json", rule.bad), ("good.json", rule.good)] {
            let bytes = fs::read(folder(rule).join(fixture)).expect("the fixture can be read");
            let text = String::from_utf8_lossy(&bytes);
            assert!(
                without_space(&text).contains(&without_space(example)),
                "{}: {example} is not in {fixture}",
                rule.id
            );
        }
    }
}

#[test]
fn every_fixture_folder_belongs_to_a_rule() {
    let folders = fs::read_dir(repository().join("tests/rules"));
    for folder in folders.expect("the folder is part of the repository") {
        let name = folder.expect("readable").file_name();
        assert!(
            registry().any(|rule| *rule.id == *name),
            "{}",
            name.display()
        );
    }
}
