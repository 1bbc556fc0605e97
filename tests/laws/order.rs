//! Every output is in the order of the input, with any number of threads.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::common::{files_below, in_parallel, program, run, temporary_folder};

const RECORDS: usize = 1000;

const THREADS: &[&str] = &["1", "8"];

/// Records of several batches: calls with findings, each with a status of its own, and among them
/// records that are not calls. Several calls have the same id.
fn input() -> String {
    let mut text = String::new();
    for index in 0..RECORDS {
        let mark = format!("x{index:05}x");
        let record = match index % 10 {
            3 => format!("{{\"status\":\"{mark}\",\"duration\"}}"),
            7 => format!("[\"{mark}\"]"),
            _ => json!({
                "id": if index % 4 == 0 { json!("a") } else { json!(index / 100) },
                "customer_phone": "+4915123456789", "duration": "1", "status": mark,
                "extracted_variables": {"a": mark}, "transcript": format!("Customer: {mark} {}", "word ".repeat(200 + index % 70)),
                "campaign": {"id": index, "name": mark},
            })
            .to_string(),
        };
        text += &record;
        text += "\n";
    }
    text
}

/// The numbers of the records in the text, without repeated ones that follow each other.
fn marks(text: &str) -> Vec<usize> {
    let mut marks: Vec<usize> = text
        .match_indices('x')
        .filter_map(|(at, _)| text.get(at + 1..at + 7)?.strip_suffix('x')?.parse().ok())
        .collect();
    marks.dedup();
    marks
}

/// Runs the command in a folder with the input as a file. Returns everything that it wrote: files
/// by name, standard output and messages.
fn outputs(arguments: &[&str], threads: &str, folder: &Path) -> Vec<(String, Vec<u8>)> {
    let out = folder.join(threads);
    fs::create_dir_all(&out).expect("created");
    let mut command = program(arguments);
    command
        .args(["--threads", threads, "../calls.jsonl"])
        .env("SOURCE_DATE_EPOCH", "1705314600")
        .current_dir(&out);
    let output = run(command, Vec::new());
    let mut files = vec![
        ("stdout".to_owned(), output.stdout),
        ("stderr".to_owned(), output.stderr),
    ];
    for path in files_below(&out) {
        let name = path.strip_prefix(&out).expect("it is below");
        files.push((name.display().to_string(), fs::read(&path).expect("a file")));
    }
    files.sort();
    fs::remove_dir_all(&out).expect("deleted");
    files
}

const COMMANDS: &[&[&str]] = &[
    &["show"],
    &["list"],
    &["transcript"],
    &["variables", "--format", "jsonl"],
    &["extract"],
    &["extract", "--list"],
    &["extract", "--list", "--format", "jsonl"],
    &["extract", "-o", "calls.jsonl"],
    &["export", "-o", "calls.csv", "--rejects", "rejects.jsonl"],
    &["export", "-o", "calls.jsonl", "--rejects", "rejects.jsonl"],
    &[
        "export",
        "-o",
        "flat.jsonl",
        "--flat",
        "--rejects",
        "rejects.jsonl",
    ],
    &[
        "export",
        "-o",
        "turns.csv",
        "--rows",
        "turns",
        "--rejects",
        "rejects.jsonl",
    ],
    &["export", "-o", "variables.csv", "--rows", "variables"],
    &["validate"],
    &[
        "validate",
        "--max-findings",
        "100000",
        "--report",
        "human=human",
        "--report",
        "concise=concise",
        "--report",
        "json=json",
        "--report",
        "jsonl=jsonl",
        "--report",
        "github=github",
        "--report",
        "sarif=sarif",
        "--report",
        "junit=junit",
    ],
];

#[test]
fn every_output_is_in_the_order_of_the_input() {
    let folder = temporary_folder();
    fs::write(folder.path().join("calls.jsonl"), input()).expect("written");
    let cases = COMMANDS.iter().enumerate();
    in_parallel(cases.collect::<Vec<_>>(), |(index, arguments)| {
        let folder = folder.path().join(index.to_string());
        fs::create_dir(&folder).expect("created");
        fs::hard_link(
            folder.with_file_name("calls.jsonl"),
            folder.join("calls.jsonl"),
        )
        .expect("linked");
        let first = outputs(arguments, THREADS[0], &folder);
        for (name, bytes) in &first {
            let marks = marks(&String::from_utf8_lossy(bytes));
            assert!(marks.is_sorted(), "{arguments:?} {name}");
            let is_complete = marks.len() >= RECORDS / 10 || name == "stderr" || name == "stdout";
            assert!(is_complete, "{arguments:?} {name}: {}", marks.len());
        }
        for threads in &THREADS[1..] {
            let other = outputs(arguments, threads, &folder);
            assert!(first == other, "{arguments:?} with {threads} threads");
        }
    });
}

/// Binary formats are the same bytes with any number of threads, and hold the rows of the CSV.
#[test]
fn files_of_a_split_and_binary_files_do_not_depend_on_threads() {
    let folder = temporary_folder();
    let folder = folder.path();
    fs::write(folder.join("calls.jsonl"), input()).expect("written");
    let commands: &[&[&str]] = &[
        &["extract", "--split", "calls"],
        &["export", "-o", "calls.xlsx"],
        #[cfg(feature = "parquet")]
        &["export", "-o", "calls.parquet"],
    ];
    for arguments in commands {
        let first = outputs(arguments, THREADS[0], folder);
        for threads in &THREADS[1..] {
            let other = outputs(arguments, threads, folder);
            assert!(first == other, "{arguments:?} with {threads} threads");
        }
        if arguments[0] == "extract" {
            check_names(&first);
        }
    }
}

/// The calls with one stem are numbered in the order of the input.
fn check_names(files: &[(String, Vec<u8>)]) {
    let mut numbered = Vec::new();
    for (name, bytes) in files {
        let Some(stem) = name
            .strip_prefix("calls/")
            .and_then(|name| name.strip_suffix(".json"))
        else {
            continue;
        };
        let (stem, number) = match stem.rsplit_once('-') {
            Some((stem, number)) if stem != "without" => (stem, number.parse().expect("a number")),
            _ => (stem, 1),
        };
        let body: Value = serde_json::from_slice(bytes).expect("JSON");
        let mark = body["status"].as_str().expect("a text").to_owned();
        numbered.push((stem.to_owned(), number, mark));
    }
    assert!(numbered.len() > RECORDS / 2);
    numbered.sort();
    for pair in numbered.windows(2) {
        assert!(
            pair[0].0 != pair[1].0 || (pair[0].1 + 1 == pair[1].1 && pair[0].2 < pair[1].2),
            "{pair:?}"
        );
    }
}
