//! The HTML report of `stats`: its content in both languages, strings of strangers, and the values
//! that a report for others must not have.

mod hostile;
mod markup;

use std::fs;

use crate::common::{compare_with_file, postcall, repository, stdout, temporary_folder};
use markup::check_markup;
use snapbox::Data;

/// The report of a sample, without its style sheet, its script and their hashes.
fn sample_report(options: &[&str]) -> String {
    let sample = repository().join("samples/day.jsonl");
    let sample = sample.to_str().expect("the path is UTF-8");
    let arguments = ["stats", sample, "--format", "html", "--by", "campaign"];
    let page = stdout(&[&arguments, options].concat(), b"");
    check_markup(&page);
    let page = without(&page, "<meta http-equiv", ">");
    let page = without(&page, "<style>", "</style>");
    without(&page, "<script>", "</script>")
}

/// The text without the part from `start` to the first `end` after it.
fn without(text: &str, start: &str, end: &str) -> String {
    let (before, rest) = text.split_once(start).expect("the start");
    let (_, after) = rest.split_once(end).expect("the end");
    format!("{before}{after}")
}

#[test]
fn the_report_of_a_sample_is_current() {
    let folder = repository().join("tests/html");
    let english = sample_report(&["--tz", "Europe/Berlin"]);
    compare_with_file(Data::text(english), &folder.join("day.en.html"));
    let german = sample_report(&["--lang", "de", "--title", "Anrufe im Januar"]);
    compare_with_file(Data::text(german), &folder.join("day.de.html"));
}

#[test]
fn the_file_is_the_same_for_any_threads_and_replaces_one() {
    let folder = temporary_folder();
    let sample = repository().join("samples/day.jsonl");
    let sample = sample.to_str().expect("the path is UTF-8");
    let path = folder.path().join("report.HTM");
    let file = path.to_str().expect("the path is UTF-8");
    fs::write(&path, "before").expect("written");
    let printed = stdout(&["stats", sample, "--format", "html"], b"");
    for threads in ["1", "4"] {
        let arguments = ["stats", sample, "-o", file, "--threads", threads];
        let output = postcall(&arguments, b"");
        assert_eq!(output.status.code(), Some(0));
        assert_eq!(fs::read_to_string(&path).expect("a file"), printed);
    }
}

#[test]
fn sections_can_be_selected() {
    let sample = fs::read(repository().join("samples/day.jsonl")).expect("the sample");
    for (only, id) in [
        ("calls", "outcomes"),
        ("rates", "funnels"),
        ("leads", "leads"),
        ("numbers", "numbers"),
        ("groups", "groups"),
        ("days", "days"),
        ("week", "week"),
        ("audit", "audit"),
        ("variables", "variables"),
        ("conversations", "conversations"),
        ("billing", "billing"),
        ("review", "review"),
    ] {
        let by = ["--by", "hour", "--with-calls"];
        let arguments = [&["stats", "--format", "html", "--only", only][..], &by].concat();
        let page = stdout(&arguments, &sample);
        check_markup(&page);
        for section in [
            "outcomes",
            "funnels",
            "leads",
            "numbers",
            "groups",
            "days",
            "week",
            "audit",
            "variables",
            "conversations",
            "billing",
            "review",
        ] {
            let has_section = page.contains(&format!("<section id=\"{section}\""));
            assert_eq!(has_section, section == id, "{only}: {section}");
        }
    }
}

/// No German report has an English sentence, whatever the figures lack.
#[test]
fn reasons_are_in_the_language() {
    let inbound = fs::read(repository().join("samples/inbound-call.json")).expect("the sample");
    let page = stdout(&["stats", "--format", "html", "--lang", "de"], &inbound);
    check_markup(&page);
    assert!(page.contains("keine Kampagnenanrufe"));
    assert!(page.contains("kein Anruf hat die Variable „status“"));
    for english in [
        "no campaign calls",
        "no call has",
        "All times",
        " of ",
        "offset of each",
    ] {
        let body = page.split_once("<body").expect("a body").1;
        let body = body.split_once("<script>").expect("a script").0;
        assert!(!body.contains(english), "{english}");
    }
    let empty = stdout(
        &["stats", "--format", "html", "--status", "ringing"],
        &inbound,
    );
    check_markup(&empty);
    assert!(empty.contains("No call has a readable time"));
}
