//! Input that would take much memory or never end is processed in bounds, or refused.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::Path;
use std::process::Command;

mod common;

use common::{postcall, run, temporary_folder};

/// Runs the program with these arguments and at most `megabytes` of private memory. Returns its
/// exit code and its messages.
fn run_with_memory(megabytes: usize, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new("sh");
    let script = format!("ulimit -d {} && exec \"$0\" \"$@\"", megabytes * 1024);
    command
        .args(["-c", &script])
        .arg(env!("CARGO_BIN_EXE_postcall"))
        .args(arguments);
    let output = run(command, Vec::new());
    let messages = String::from_utf8(output.stderr).expect("messages are UTF-8");
    (output.status.code(), messages)
}

fn write(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    fs::write(&path, text).expect("a temporary folder");
    path.display().to_string()
}

#[test]
fn many_tiny_values_do_not_fill_the_memory() {
    let folder = temporary_folder();
    // Each of these takes more than 100 times its size in the result of its batch.
    let values = write(
        folder.path(),
        "values.json",
        &format!("[{}{{}}]", "{},".repeat(200_000)),
    );
    for command in ["validate", "list"] {
        let (code, messages) = run_with_memory(64, &[command, "--threads", "1", &values]);
        assert!(
            matches!(code, Some(1 | 3)),
            "{command}: {code:?}: {messages}"
        );
    }
}

#[test]
fn many_findings_do_not_fill_the_memory() {
    let folder = temporary_folder();
    let call = r#"{"id":1,"customer_phone":1,"assistant_phone":2,"duration":"x","status":5,"transcript":7,"created_at":1,"finished_at":2,"lead":3,"campaign":4,"extracted_variables":5,"input_variables":6,"recording_url":8}"#;
    let calls = write(
        folder.path(),
        "calls.jsonl",
        &format!("{call}\n").repeat(4_500),
    );
    let report = folder.path().join("report.json");
    let report = format!("json={}", report.display());
    let arguments = [
        "validate",
        "-q",
        "--threads",
        "1",
        "--report",
        &report,
        &calls,
    ];
    let (code, messages) = run_with_memory(48, &arguments);
    assert_eq!(code, Some(1), "{messages}");
}

#[test]
fn input_that_starts_with_nul_is_refused_at_once() {
    for command in ["list", "validate", "extract"] {
        let output = postcall(&[command, "/dev/zero"], b"");
        assert_eq!(output.status.code(), Some(3), "{output:?}");
    }
}

/// A log that was truncated while a program wrote to it starts with NUL bytes.
#[test]
fn a_log_that_starts_with_nul_is_not_skipped_in_silence() {
    let folder = temporary_folder();
    let log = [&b"\0\0\0\0"[..], include_bytes!("../samples/day.jsonl")].concat();
    fs::write(folder.path().join("app.log"), log).expect("written");
    let calls = include_str!("../samples/day.jsonl");
    fs::write(folder.path().join("day.jsonl"), calls).expect("written");
    let output = postcall(&["list", folder.path().to_str().expect("UTF-8")], b"");
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    let messages = String::from_utf8_lossy(&output.stderr);
    assert!(
        messages.contains("app.log: the data starts with NUL bytes"),
        "{messages}"
    );
}
