//! Every file in `samples/captures/` holds the same two calls in a different format. `extract`
//! finds each call once and unchanged, and findings have their location in the original file.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use crate::common::{files_below, json_lines, program, repository, temporary_folder};
use serde_json::Value;

fn captures() -> Vec<PathBuf> {
    let paths = files_below(&repository().join("samples/captures"));
    assert!(paths.len() > 50, "the captures were not found");
    paths
}

fn postcall(arguments: &[&str], path: &Path) -> Output {
    let mut command = program(arguments);
    command.arg(path).output().expect("the program was built")
}

/// The calls that `extract` finds, without the `__IMT…` members that transports add.
fn extract(path: &Path) -> Vec<Value> {
    let mut calls = json_lines(&postcall(&["extract"], path).stdout);
    for call in &mut calls {
        let members = call.as_object_mut().expect("a body is an object");
        members.retain(|name, _| !name.starts_with("__IMT"));
    }
    calls
}

#[test]
fn every_capture_holds_the_same_calls() {
    let expected = extract(&repository().join("samples/captures/array.json"));
    let ids: Vec<_> = expected.iter().map(|call| &call["id"]).collect();
    assert_eq!(ids, [480_601, 480_602]);
    for path in captures() {
        assert_eq!(extract(&path), expected, "{}", path.display());
        let output = postcall(&["list"], &path);
        assert_eq!(output.status.code(), Some(0), "{}", path.display());
    }
}

/// The number of findings for each combination of rule, JSON Pointer and call.
fn count_findings(output: &Output) -> BTreeMap<String, usize> {
    const ENCODING: &str = "other-encoding";
    let mut counts = BTreeMap::new();
    let findings = json_lines(&output.stdout).into_iter();
    // Extracted calls are UTF-8.
    for finding in findings.filter(|finding| finding["rule"] != ENCODING) {
        let key = format!(
            "{} {} {}",
            finding["rule"], finding["pointer"], finding["call"]
        );
        *counts.entry(key).or_default() += 1;
    }
    counts
}

#[test]
fn extracted_calls_have_the_same_findings_as_their_capture() {
    let folder = temporary_folder();
    let clean = folder.path().join("clean.jsonl");
    for path in captures() {
        fs::write(&clean, postcall(&["extract"], &path).stdout).expect("a writable folder");
        let arguments = ["validate", "--format", "jsonl"];
        let (direct, extracted) = (postcall(&arguments, &path), postcall(&arguments, &clean));
        assert_eq!(
            count_findings(&direct),
            count_findings(&extracted),
            "{}",
            path.display()
        );
        assert_eq!(
            direct.status.code(),
            extracted.status.code(),
            "{}",
            path.display()
        );
    }
}

#[test]
fn every_capture_is_listed_in_the_readme_of_the_samples() {
    let readme = fs::read_to_string(repository().join("samples/README.md"))
        .expect("the file is part of the repository");
    for path in captures() {
        let name = path.file_name().expect("a file").to_string_lossy();
        assert!(
            readme.contains(&format!("| `captures/{name}` |")),
            "samples/README.md does not list captures/{name}"
        );
    }
}

#[test]
fn finding_locations_refer_to_the_original_file() {
    let folder = temporary_folder();
    let declared = folder.path().join("declared.json");
    let schema = r#"[{"name":"price","type":"string"},{"name":"status","type":"bool"},{"name":"summary","type":"string"}]"#;
    fs::write(&declared, schema).expect("a writable folder");
    let declared = declared.to_str().expect("a UTF-8 path");
    for path in captures() {
        let arguments = ["validate", "--format", "jsonl", "--variables", declared];
        let mut findings = json_lines(&postcall(&arguments, &path).stdout);
        findings.retain(|finding| finding["rule"] == "variable-type");
        assert_eq!(findings.len(), 1, "{}", path.display());
        let finding = &findings[0];
        // The offsets of decoded text do not refer to the file.
        if finding["decoded"].is_null() {
            let bytes = fs::read(&path).expect("readable");
            let offset = |end: &str| finding[end]["offset"].as_u64().expect("a number");
            let index = |end| usize::try_from(offset(end)).expect("a small file");
            let marked = &bytes[index("start")..index("end")];
            assert_eq!(marked, b"1.1", "{}", path.display());
            let before = &bytes[..index("start")];
            let lines = before.split(|byte| *byte == b'\n').count() as u64;
            assert_eq!(finding["start"]["line"], lines, "{}", path.display());
        }
    }
}
