//! Input that would take much memory or never end is processed in bounds, or refused.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::common::{WATCHDOG, postcall, run, temporary_folder};

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

/// Runs a command on `text` with at most [`WATCHDOG`] of processor time. Returns the exit code, or
/// `None` if that is not enough.
fn run_in_time(arguments: &str, text: &[u8]) -> Option<i32> {
    let mut command = Command::new("sh");
    let seconds = WATCHDOG.as_secs();
    let script = format!("ulimit -t {seconds} && exec \"$0\" {arguments}");
    command
        .args(["-c", &script])
        .arg(env!("CARGO_BIN_EXE_postcall"));
    run(command, vec![text.to_vec()]).status.code()
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
    for threads in [1, 4] {
        for command in ["validate", "list", "extract", "export"] {
            let arguments = [command, "--threads", &threads.to_string(), &values];
            let (code, messages) = run_with_memory(32 + 32 * threads, &arguments);
            assert!(
                matches!(code, Some(1 | 3)),
                "{command}, {threads} threads: {code:?}: {messages}"
            );
        }
    }
}

#[test]
fn a_large_object_does_not_fill_the_memory() {
    let folder = temporary_folder();
    let call = r#"{"id":1,"customer_phone":"+4915123456789","duration":1,"transcript":"x"}"#;
    let request = format!("{{\"content\":{call},\"raw\":\"{}\"}}", "x".repeat(2000));
    let requests = format!("{request},").repeat(30_000);
    let requests = write(
        folder.path(),
        "requests.json",
        &format!("{{\"data\":[{requests}{{}}],\"total\":30000}}"),
    );
    for threads in [1, 4] {
        let arguments = ["list", "--threads", &threads.to_string(), &requests];
        let (code, messages) = run_with_memory(32 + 16 * threads, &arguments);
        assert_eq!(code, Some(0), "{threads} threads: {messages}");
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

/// 102 calls with 1,000 variables each, whose names are all different.
fn calls_with_many_names() -> String {
    let call = |call: usize| {
        let variables =
            (0..1_000).map(|number| format!("\"v{:06}\":{number}", call * 1_000 + number));
        let variables: Vec<String> = variables.collect();
        format!(
            "{{\"id\":{call},\"customer_phone\":\"+4930123456\",\"duration\":60,\"extracted_variables\":{{{}}}}}\n",
            variables.join(",")
        )
    };
    (0..102).map(call).collect()
}

#[test]
fn too_many_names_are_refused_with_the_next_step() {
    let folder = temporary_folder();
    let calls = write(folder.path(), "calls.jsonl", &calls_with_many_names());
    let parquet = folder.path().join("calls.parquet").display().to_string();
    let commands: [(&[&str], &str); 5] = [
        (&["variables"], "--format jsonl"),
        (&["export"], "--rows variables"),
        (&["export", "--format", "jsonl", "--flat"], "--columns"),
        (&["export", "--list-columns"], "--columns"),
        (&["export", "-o", &parquet], "--rows variables"),
    ];
    for (command, advice) in commands {
        let (code, messages) = run_with_memory(256, &[command, &[calls.as_str()]].concat());
        assert_eq!(code, Some(3), "{command:?}: {messages}");
        assert!(
            messages.contains("more than 100000 different") && messages.contains(advice),
            "{command:?}: {messages}"
        );
    }
    assert!(!Path::new(&parquet).exists());
}

#[test]
fn many_names_need_no_column_each() {
    let folder = temporary_folder();
    let calls = write(folder.path(), "calls.jsonl", &calls_with_many_names());
    let columns = "id,extracted_variables.v101999";
    let commands: [&[&str]; 7] = [
        &["variables", "--format", "jsonl"],
        &["export", "--rows", "variables"],
        &["export", "--rows", "variables", "--format", "jsonl"],
        &["export", "--columns", columns],
        &["export", "--columns", columns, "--format", "jsonl"],
        &["list", "--var", "v101999=999"],
        &["validate", "-q"],
    ];
    for command in commands {
        let (code, messages) = run_with_memory(256, &[command, &[calls.as_str()]].concat());
        assert!(matches!(code, Some(0 | 1)), "{command:?}: {messages}");
    }
    let output = postcall(&["export", "--columns", columns, &calls], b"");
    let table = String::from_utf8(output.stdout).expect("CSV is text");
    assert_eq!(table.lines().count(), 103);
    assert!(table.ends_with("100,\r\n101,999\r\n"), "{table}");
}

/// One status per call is one column per call.
#[test]
fn too_many_outcomes_are_refused_with_the_next_step() {
    let folder = temporary_folder();
    let call = |call: usize| {
        format!(
            "{{\"id\":{call},\"customer_phone\":\"+49\",\"assistant_phone\":\"+49\",\"duration\":1,\"status\":\"s{call}\"}}\n"
        )
    };
    let calls: String = (0..101_000).map(call).collect();
    let calls = write(folder.path(), "calls.jsonl", &calls);
    let (code, messages) = run_with_memory(256, &["campaigns", "--format", "csv", &calls]);
    assert_eq!(code, Some(3), "{messages}");
    assert!(messages.contains("--format jsonl"), "{messages}");
    let (code, messages) = run_with_memory(256, &["campaigns", "--format", "jsonl", &calls]);
    assert_eq!(code, Some(0), "{messages}");
}

/// Random ids took 250 bytes each.
#[test]
fn random_ids_take_few_bytes_each() {
    let folder = temporary_folder();
    let call = |number: u64| {
        let id = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 1;
        format!(
            "{{\"id\":{id},\"customer_phone\":\"+49\",\"assistant_phone\":\"+49\",\"duration\":1}}\n"
        )
    };
    let calls: String = (1..=100_000).map(call).collect();
    let calls = write(folder.path(), "calls.jsonl", &calls);
    let commands: [&[&str]; 3] = [
        &["validate", "-q"],
        &["list", "--dedupe", "first", "--format", "csv"],
        &["list", "--dedupe", "last", "--format", "csv"],
    ];
    for command in commands {
        let arguments = [command, &["--threads", "1", &calls]].concat();
        let (code, messages) = run_with_memory(24, &arguments);
        assert!(matches!(code, Some(0 | 1)), "{command:?}: {messages}");
    }
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

/// The number of pairs of undeclared and declared names grows with the square of the input.
#[test]
fn suggestions_for_undeclared_variables_end_after_many_comparisons() {
    const NAMES: usize = 200;
    const COMPARISONS: usize = 10_000;
    let folder = temporary_folder();
    let declared = (0..NAMES).map(|number| format!(r#"{{"name":"name{number}","type":"string"}}"#));
    let declared = declared.collect::<Vec<_>>().join(",");
    let schema = write(folder.path(), "schema.json", &format!("[{declared}]"));
    let variables = (0..NAMES).map(|number| format!(r#""name{number}x":"""#));
    let variables = variables.collect::<Vec<_>>().join(",");
    let body = format!(
        r#"{{"id":1,"customer_phone":"","duration":1,"extracted_variables":{{{variables}}}}}"#
    );
    let output = postcall(
        &["validate", "--format=concise", "--variables", &schema],
        body.as_bytes(),
    );
    let findings = String::from_utf8(output.stdout).expect("postcall prints UTF-8");
    let count = |part: &str| findings.matches(part).count();
    assert_eq!(count("undeclared variable"), NAMES, "{findings}");
    assert_eq!(count("did you mean"), COMPARISONS / NAMES, "{findings}");
}

#[test]
fn messages_about_inputs_that_are_not_read_are_limited() {
    let folder = temporary_folder();
    for number in 0..103 {
        write(folder.path(), &format!("{number}.json"), "");
    }
    let folder = folder.path().display().to_string();
    let output = postcall(&["list", &folder], b"");
    let messages = String::from_utf8(output.stderr).expect("messages are UTF-8");
    let lines: Vec<&str> = messages.lines().collect();
    let (last, others) = lines.split_last().expect("messages");
    assert_eq!(others.len(), 100, "{messages}");
    assert_eq!(
        *last,
        "postcall: 3 more inputs not read (`postcall validate --format=json` lists all)"
    );
    assert_eq!(output.status.code(), Some(3));
}

/// Text that was searched again from each of many places takes hours instead of seconds.
#[test]
fn hostile_text_is_searched_in_linear_time() {
    const BYTES: usize = 2_000_000;
    for (start, part, bytes) in [
        // Commands over several lines, and values over several lines before them.
        ("INFO x\n", "{\n}curl x \\\n", BYTES),
        ("INFO x\n", "[{\n}]curl \\\n-d {}", BYTES),
        // No line after a broken value starts a value.
        ("", "{#22a#22:#22\n#22} ", BYTES),
        // The brackets of broken elements do not match.
        ("[", "{\"a\":x {\"a\":1},", BYTES),
        // Quotes before each value that might open a text around it.
        ("", "irm -Body \"{`\"a`\":", BYTES / 2),
        // Many quotes before each value that can open none.
        ("", "{#012\"a\":[", BYTES),
        // Names of a call in broken lines.
        ("INFO x\n", "{'customer_phone': '\n", BYTES),
    ] {
        let text = format!("{start}{}", part.repeat(bytes / part.len()));
        let code = run_in_time("validate -q", text.as_bytes());
        assert!(matches!(code, Some(0 | 1 | 3)), "{part:?}: {code:?}");
    }
}

/// The rules of `redact --text scrub` look back and ahead from each word. Without limits, these
/// texts take minutes.
#[test]
fn hostile_transcripts_are_scrubbed_in_linear_time() {
    const BYTES: usize = 300_000;
    for part in [
        "a-",
        "O'",
        "Frau ",
        "und Anna ",
        "sieben bis ",
        "x punkt ",
        "von der ",
        "a@b ",
        "<b ",
        "0176 ",
        "Kunde: a\n",
        "Lena: b\n",
    ] {
        let transcript = part.repeat(BYTES / part.len());
        let body = serde_json::json!({
            "id": 480_601, "customer_phone": null, "duration": 1, "transcript": transcript,
            "extracted_variables": {"customer_name": "Anna Winter Wuttke"},
        });
        let code = run_in_time("redact --text scrub -q", body.to_string().as_bytes());
        assert_eq!(code, Some(0), "{part:?}");
    }
}
