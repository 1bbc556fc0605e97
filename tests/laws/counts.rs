//! Every summary has the same counts.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use calamine::{Reader as _, Xlsx, open_workbook};
use serde_json::Value;

use crate::common::{program, repository, run, temporary_folder};

/// Number of findings by rule and level.
type Counts = BTreeMap<(String, String), u64>;

/// Valid and broken bodies, duplicates, files that are not calls, and files that are not read.
fn write_inputs(folder: &Path) {
    let samples = repository().join("samples");
    let day = fs::read_to_string(samples.join("day.jsonl")).expect("a sample");
    fs::write(folder.join("day.jsonl"), &day).expect("written");
    fs::write(folder.join("again.jsonl"), &day).expect("written");
    for entry in fs::read_dir(samples.join("broken")).expect("samples") {
        let path = entry.expect("a sample").path();
        fs::copy(&path, folder.join(path.file_name().expect("a name"))).expect("copied");
    }
    fs::write(folder.join("number.json"), "[1,2]").expect("written");
    fs::write(folder.join("unclosed.json"), "{\"a").expect("written");
    fs::write(folder.join("nul.log"), "\0\0").expect("written");
    fs::write(folder.join("text.log"), "text\n").expect("written");
    fs::write(folder.join("calls.7z"), "7z").expect("written");
}

fn output(arguments: &[&str], folder: &Path) -> String {
    let mut command = program(arguments);
    command.current_dir(folder);
    String::from_utf8(run(command, Vec::new()).stdout).expect("postcall prints UTF-8")
}

fn add(counts: &mut Counts, rule: &str, level: &str) {
    *counts
        .entry((rule.to_owned(), level.to_owned()))
        .or_default() += 1;
}

/// The findings in lines such as `error[wrong-type]: …`.
fn bracketed(text: &str) -> Counts {
    let mut counts = Counts::new();
    for level in ["error", "warning", "note"] {
        for (at, start) in text.match_indices(&format!("{level}[")) {
            let rule = &text[at + start.len()..];
            let (rule, _) = rule.split_once(']').expect("a closing bracket");
            add(&mut counts, rule, level);
        }
    }
    counts
}

#[test]
fn all_summaries_have_the_same_counts() {
    let folder = temporary_folder();
    let folder = &folder.path().join("inputs");
    fs::create_dir(folder).expect("created");
    write_inputs(folder);
    let validate =
        |format: &str| output(&["validate", ".", "--summary", "--format", format], folder);

    let json: Value = serde_json::from_str(&validate("json")).expect("JSON");
    let summary = &json["summary"];
    let number = |value: &Value| value.as_u64().expect("a number");
    let mut expected = Counts::new();
    for rule in summary["rules"].as_array().expect("a list") {
        let text = |name: &str| rule[name].as_str().expect("a text").to_owned();
        expected.insert((text("rule"), text("level")), number(&rule["findings"]));
    }
    assert!(expected.len() > 10);
    let mut listed = Counts::new();
    for finding in json["findings"].as_array().expect("a list") {
        let text = |name: &str| finding[name].as_str().expect("a text");
        add(&mut listed, text("rule"), text("level"));
    }
    assert_eq!(listed, expected, "json");
    let total = |level: &str| -> u64 {
        let of_level = expected.iter().filter(|((_, other), _)| other == level);
        of_level.map(|(_, count)| count).sum()
    };
    let (errors, warnings) = (total("error"), total("warning"));
    assert_eq!(number(&summary["errors"]), errors);
    assert_eq!(number(&summary["warnings"]), warnings);

    let human = validate("human");
    assert_eq!(bracketed(&human), expected, "human");
    let calls = number(&summary["calls"]);
    let totals = format!("{calls} calls, {errors} errors, {warnings} warnings, 1 input not read");
    assert!(human.contains(&totals), "{human}");
    let rows = human.split_once("Findings").expect("a table").1.lines();
    let rows = rows.filter_map(|row| {
        let mut words = row.split_whitespace();
        let count = words.next()?.parse().ok()?;
        let level = words.next()?.to_owned();
        Some(((words.next()?.to_owned(), level), count))
    });
    assert_eq!(rows.collect::<Counts>(), expected, "--summary");

    assert_eq!(bracketed(&validate("concise")), expected, "concise");

    let sarif: Value = serde_json::from_str(&validate("sarif")).expect("JSON");
    let mut listed = Counts::new();
    for result in sarif["runs"][0]["results"].as_array().expect("a list") {
        let text = |name: &str| result[name].as_str().expect("a text");
        add(&mut listed, text("ruleId"), text("level"));
    }
    assert_eq!(listed, expected, "sarif");

    let mut listed = Counts::new();
    for line in validate("github").lines() {
        let Some((level, rule)) = line
            .strip_prefix("::")
            .and_then(|line| line.split_once(' '))
        else {
            continue;
        };
        let rule = rule
            .split_once("title=")
            .map(|(_, rule)| rule.split_once("::").expect("a text").0);
        if let Some(rule) = rule.filter(|rule| !["postcall", "unreadable"].contains(rule)) {
            add(
                &mut listed,
                rule,
                if level == "notice" { "note" } else { level },
            );
        }
    }
    assert_eq!(listed, expected, "github");

    let junit = validate("junit");
    assert_eq!(bracketed(&junit), expected, "junit");
    assert!(junit.contains("errors=\"1\""));

    let stats: Value =
        serde_json::from_str(&output(&["stats", ".", "--format", "json"], folder)).expect("JSON");
    assert_eq!(number(&stats["input"]["bodies"]), calls, "stats");
    let broken = &expected[&("broken-json".to_owned(), "error".to_owned())];
    assert_eq!(number(&stats["input"]["broken"]), *broken, "stats");
    let rows = output(
        &["list", ".", "--format", "jsonl", "--dedupe", "last"],
        folder,
    );
    let counted = number(&stats["calls"]["calls"]) + number(&stats["input"]["test_deliveries"]);
    assert_eq!(counted, rows.lines().count() as u64, "stats");
    assert_eq!(counted + number(&stats["input"]["copies"]), calls, "stats");

    output(&["export", ".", "-o", "../calls.xlsx"], folder);
    check_about(&folder.with_file_name("calls.xlsx"), &expected, calls);
}

/// A workbook lists the findings of its calls, and counts the input without a call.
fn check_about(workbook: &Path, expected: &Counts, calls: u64) {
    let mut book: Xlsx<_> = open_workbook(workbook).expect("a workbook");
    let about = book.worksheet_range("About").expect("a sheet");
    let rows = about
        .rows()
        .map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>());
    let rows: Vec<Vec<String>> = rows.collect();
    let value = |name: &str| {
        let rows = rows.iter().filter(move |row| row[0] == name);
        rows.map(|row| row[1].clone()).collect::<Vec<_>>()
    };
    assert_eq!(value("Calls"), [calls.to_string()]);
    let count = |rule: &str| expected[&(rule.to_owned(), "error".to_owned())];
    assert_eq!(
        value("Skipped"),
        [
            format!("{} broken record", count("broken-json")),
            format!("{} records without a call", count("no-call")),
            "1 input not read".to_owned(),
            "1 archive".to_owned(),
            "1 file without a call".to_owned(),
        ]
    );
    let mut of_calls = expected.clone();
    of_calls.retain(|(rule, _), _| !["broken-json", "no-call"].contains(&rule.as_str()));
    let listed = rows
        .iter()
        .filter(|row| ["error", "warning", "note"].contains(&row[0].as_str()));
    let listed = listed.map(|row| {
        let count = row[2].parse().expect("a number");
        ((row[1].clone(), row[0].clone()), count)
    });
    assert_eq!(listed.collect::<Counts>(), of_calls, "About");
}
