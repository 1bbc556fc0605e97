//! Helpers shared by the integration tests: running the program, sample calls, exports, and
//! reproducible random cases.
#![allow(
    dead_code,
    reason = "each test file is a crate of its own and uses only some helpers"
)]

pub(crate) mod paths;
pub(crate) mod source;

use std::collections::HashMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use proptest::prelude::ProptestConfig;
use proptest::test_runner::RngSeed;
use serde_json::{Value, json};
use tempfile::TempDir;

/// Runs `postcall` with `input` on stdin.
pub(crate) fn postcall(arguments: &[&str], input: &[u8]) -> Output {
    postcall_in_chunks(arguments, vec![input.to_vec()])
}

/// Runs `postcall` and writes the chunks of `input` to its stdin, 1 ms apart.
pub(crate) fn postcall_in_chunks(arguments: &[&str], input: Vec<Vec<u8>>) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_postcall"))
        .args(arguments)
        .env("COLUMNS", "80")
        .env_remove("CLICOLOR_FORCE")
        .env_remove("SOURCE_DATE_EPOCH")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program was built");
    let mut stdin = child.stdin.take().expect("stdin is piped");
    let writer = std::thread::spawn(move || {
        for (index, chunk) in input.into_iter().enumerate() {
            if index > 0 {
                std::thread::sleep(Duration::from_millis(1));
            }
            // This fails if the program exits before it has read everything, which is allowed.
            let _ = stdin.write_all(&chunk);
        }
    });
    let output = child.wait_with_output().expect("the program runs");
    writer.join().expect("the writer does not panic");
    output
}

/// Proptest settings for this number of cases. The seed is fixed, so every run tries the same
/// cases; `PROPTEST_RNG_SEED=7 cargo test --test laws` tries others.
pub(crate) fn config(cases: u32) -> ProptestConfig {
    let config = ProptestConfig::with_cases(cases);
    ProptestConfig {
        failure_persistence: None,
        rng_seed: match config.rng_seed {
            RngSeed::Random => RngSeed::Fixed(1),
            fixed @ RngSeed::Fixed(_) => fixed,
        },
        ..config
    }
}

/// Removes the apostrophe that guards a CSV cell against running as a formula.
///
/// This implements the rule in `docs/spreadsheets.md` independently of the program.
pub(crate) fn without_guard(cell: &str) -> &str {
    let Some(text) = cell.strip_prefix('\'') else {
        return cell;
    };
    let unquoted = text.trim_start_matches('\'');
    let is_dashes = unquoted.chars().all(|c| c == '-');
    let visible = unquoted.trim_start_matches(|c: char| {
        c.is_whitespace() || c.is_control() || "\u{ad}\u{200b}\u{2060}\u{feff}".contains(c)
    });
    let is_formula = unquoted.starts_with(['\t', '\r', '\n'])
        || visible.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if is_formula && !is_dashes { text } else { cell }
}

/// A call body with these extracted variables.
pub(crate) fn call(id: u64, extracted: &Value) -> Value {
    json!({
        "id": id, "customer_phone": "+4915123456789", "assistant_phone": null, "duration": 3725, "status": "completed",
        "extracted_variables": extracted, "input_variables": {}, "transcript": "Assistant: Guten Tag!\nCustomer: =1+1",
        "recording_url": "https://recordings.famulor.de/call.mp3",
        "created_at": "2024-01-15T10:30:00+01:00", "finished_at": "2024-01-15T10:33:00Z", "lead": null, "campaign": null,
    })
}

/// Exports `input` to `file`. Panics if the export fails.
pub(crate) fn export(input: &str, file: &Path, options: &[&str]) -> Output {
    let file = file.to_str().expect("a UTF-8 path");
    let output = postcall(
        &[&["export", "-o", file], options].concat(),
        input.as_bytes(),
    );
    let messages = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{messages}");
    output
}

/// Creates a temporary folder, which is deleted when the returned `TempDir` is dropped.
pub(crate) fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().to_owned();
    (folder, path)
}

/// The cells of a CSV file by column heading.
pub(crate) fn columns(bytes: &[u8], delimiter: u8) -> HashMap<String, Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .from_reader(bytes);
    let names: Vec<String> = reader
        .headers()
        .expect("a header")
        .iter()
        .map(str::to_owned)
        .collect();
    let mut columns: HashMap<String, Vec<String>> = HashMap::new();
    for record in reader.records() {
        for (name, cell) in names
            .iter()
            .zip(&record.expect("a row as long as the header"))
        {
            columns
                .entry(name.clone())
                .or_default()
                .push(cell.to_owned());
        }
    }
    columns
}
