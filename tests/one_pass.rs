//! CSV export while new columns are still found: every row has all columns, and an output file is
//! replaced only by a complete one.

use std::fs;

#[cfg(unix)]
use crate::common::program;
use crate::common::{call, columns, export, in_parallel, postcall, temporary_folder};
use serde_json::{Value, json};

/// The number in the message about guarded cells, 0 if there is none.
fn guarded_cells(stderr: &[u8]) -> u64 {
    let stderr = std::str::from_utf8(stderr).expect("messages are UTF-8");
    if stderr.is_empty() {
        return 0;
    }
    let count = stderr.strip_prefix("postcall: ").and_then(|rest| {
        let (count, rest) = rest.split_once(" cell")?;
        rest.contains("guarded").then(|| count.parse().ok())?
    });
    count.unwrap_or_else(|| panic!("another message: {stderr}"))
}

/// If the first call has all columns and the longest texts, each row is written once in its final
/// form. The rows must be the same if the columns are found later.
#[test]
fn rows_do_not_depend_on_when_their_columns_are_found() {
    /// Excel's limit of characters in a cell.
    const LONG: usize = 32_767;
    // More data than pending rows may occupy in memory, with new columns in the first batch, in a
    // later one and in the last call.
    let text = "Assistant: Grüß Gott!\nCustomer: \"Hi\", =1+1; \t".repeat(50);
    let long_text = |id: u64| {
        let repeats = usize::try_from(id).expect("a small number") % 3 + 1;
        "😀ü".repeat(LONG * repeats / 3)
    };
    let list = json!([text.repeat(20)]);
    let calls = |late: &[u64], long: &[u64]| {
        let calls = (1..=2_500).map(|id| {
            let variables = match id {
                _ if long.contains(&id) => json!({"text": long_text(id), "list": list, "b": id}),
                _ if late.contains(&id) => {
                    json!({"a": text, format!("late {id}"): "=1,5", "text": "x"})
                }
                _ => json!({"a": text, "b": 1.50, "c": true}),
            };
            call(id, &variables).to_string()
        });
        calls.collect::<Vec<_>>().join("\n")
    };
    // Ids of calls with late columns, ids of calls with long texts, and the extracted variables in
    // order of first appearance.
    let cases: [(&[u64], &[u64], Value); 3] = [
        (
            &[2],
            &[1, 3],
            json!({"text": long_text(1), "list": list, "b": 1, "a": 1, "late 2": 1, "c": 1}),
        ),
        (
            &[1_900, 2_500],
            &[],
            json!({"a": 1, "b": 1, "c": 1, "late 1900": 1, "text": 1, "late 2500": 1}),
        ),
        (
            &[20, 2_400],
            &[7, 1_201, 2_450],
            json!({"a": 1, "b": 1, "c": 1, "text": long_text(2), "list": list, "late 20": 1, "late 2400": 1}),
        ),
    ];
    let folder = temporary_folder();
    for (late, long, variables) in cases {
        let input = calls(late, long);
        assert!(input.len() > 5_000_000);
        let all = call(0, &variables).to_string();
        let with_all = format!("{all}\n{input}");
        let options = [
            &["--null", "NULL", "--delimiter", ";"][..],
            &["--for", "excel", "--threads", "3"],
            &["--for", "excel-de"],
            &["--columns", "*.late*,id=Call,extracted_variables.a,-*.c"],
            &["--columns=-transcript,-*.c", "--for", "excel-de"],
        ];
        in_parallel(options.into_iter().enumerate(), |(index, options)| {
            let file = folder.path().join(format!("{index}.csv"));
            let arguments = [&["export"], options].concat();
            let start = postcall(&arguments, all.as_bytes());
            let guards_at_start = guarded_cells(&start.stderr);
            let start = start.stdout;
            let complete = postcall(&arguments, with_all.as_bytes());
            assert!(complete.status.success(), "{complete:?}");
            let (first, rows) = complete.stdout.split_at(start.len());
            assert!(first == start, "{late:?} {long:?} {options:?}");
            let messages = export(&input, &file, options).stderr;
            assert_eq!(
                guarded_cells(&messages) + guards_at_start,
                guarded_cells(&complete.stderr)
            );
            let written = fs::read(&file).expect("written");
            let header = written.strip_suffix(rows).expect("the same rows");
            assert!(start.starts_with(header) && header.ends_with(b"\n"));
            if long.is_empty() {
                let printed = postcall(&arguments, input.as_bytes());
                assert!(printed.stdout == written, "{options:?}");
            }
        });
    }
}

/// Returns JSON Lines and their number. The transcripts alone exceed the memory for pending rows.
fn many_calls(variables: impl Fn(u64) -> Value) -> (String, u64) {
    const CALLS: u64 = 3000;
    let transcript = "Assistant: Hello, \"Max\"!\nCustomer: Yes, …\n".repeat(50);
    let calls = (1..=CALLS).map(|id| {
        let mut body = call(id, &variables(id));
        body["transcript"] = json!(transcript);
        body.to_string()
    });
    (calls.collect::<Vec<_>>().join("\n"), CALLS)
}

#[test]
fn rows_written_before_a_column_is_found_are_padded() {
    let folder = temporary_folder();
    // These columns are found after the first rows are in the file. One is null where it first
    // appears.
    let (input, calls) = many_calls(|id| match id {
        2400 => json!({"first": null, "a": 1}),
        2500 => json!({"between": "b, c", "first": "x"}),
        2999 => json!({"last": true, "nested": {"one": [1, 2]}}),
        _ => json!({"always": id}),
    });
    let options = [
        &["--threads", "1"][..],
        &["--threads", "3"],
        &["--null", "a \"null\"", "--delimiter", ";", "--bom"],
    ];
    in_parallel(options.into_iter().enumerate(), |(index, options)| {
        let file = folder.path().join(format!("{index}.csv"));
        let written = postcall(&[&["export"], options].concat(), input.as_bytes());
        assert!(written.status.success(), "{written:?}");
        export(&input, &file, options);
        let bytes = fs::read(&file).expect("the file was written");
        assert!(written.stdout == bytes, "{options:?}");
        let is_special = options.len() > 2;
        let (null, delimiter) = if is_special {
            ("a \"null\"", b';')
        } else {
            ("", b',')
        };
        let columns = columns(
            bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes),
            delimiter,
        );
        let ids: Vec<String> = (1..=calls).map(|id| id.to_string()).collect();
        assert_eq!(columns["id"], ids);
        let rows = 0..usize::try_from(calls).expect("a small number");
        for (name, row, value) in [
            ("first", 2500, "x"),
            ("a", 2400, "1"),
            ("between", 2500, "b, c"),
            ("last", 2999, "true"),
            ("nested.one", 2999, "[1,2]"),
        ] {
            let column = &columns[&format!("extracted_variables.{name}")];
            for index in rows.clone() {
                let expected = if index + 1 == row { value } else { null };
                assert_eq!(column[index], expected, "{name}");
            }
        }
        let always = &columns["extracted_variables.always"];
        assert_eq!((always[0].as_str(), always[2399].as_str()), ("1", null));
    });
}

#[test]
fn every_column_is_written_if_each_call_has_a_new_one() {
    let (input, calls) =
        many_calls(|id| json!({format!("only {id}"): id, format!("often {}", id / 100): id}));
    let input = input.replace("\\\"Max\\\"!", "");
    let written = postcall(&["export", "--threads", "2"], input.as_bytes());
    assert!(written.status.success(), "{written:?}");
    let mut reader = csv::Reader::from_reader(&written.stdout[..]);
    let names = reader.headers().expect("a header").clone();
    let column_index = |name: &str| names.iter().position(|known| known == name).expect(name);
    let id = column_index("id");
    let often: Vec<usize> = (0..=calls / 100)
        .map(|n| column_index(&format!("extracted_variables.often {n}")))
        .collect();
    let only: Vec<usize> = (1..=calls)
        .map(|n| column_index(&format!("extracted_variables.only {n}")))
        .collect();
    assert!(only.is_sorted());
    let mut rows = 0;
    for (row, column) in reader.records().zip(&only) {
        let row = row.expect("a row as long as the header");
        rows += 1;
        assert_eq!(row[id], rows.to_string());
        assert_eq!(row[*column], rows.to_string());
        let filled = only
            .iter()
            .chain(&often)
            .filter(|column| !row[**column].is_empty());
        assert_eq!(filled.count(), 2);
    }
    assert_eq!(rows, calls);
}

#[cfg(unix)]
#[test]
fn a_killed_export_leaves_the_old_file_or_the_new_one() {
    let folder = temporary_folder();
    let file = folder.path().join("calls.csv");
    let input = folder.path().join("calls.jsonl");
    let calls: Vec<String> = (1..8_000)
        .map(|id| call(id, &json!({"a": id})).to_string())
        .collect();
    fs::write(&input, calls.join("\n")).expect("written");
    let paths = [&input, &file].map(|path| path.to_str().expect("a UTF-8 path").to_owned());
    let arguments = ["export", &paths[0], "-o", &paths[1]];
    let started = std::time::Instant::now();
    assert!(postcall(&arguments, b"").status.success());
    let whole_run = started.elapsed();
    let new = fs::read(&file).expect("written");
    let mut unfinished = 0;
    for twentieths in 0..25 {
        fs::write(&file, "old").expect("written");
        let mut child = program(&arguments).spawn().expect("the program was built");
        std::thread::sleep(whole_run * twentieths / 20);
        child.kill().expect("the program can be killed");
        child.wait().expect("the program exits");
        let content = fs::read(&file).expect("the file exists");
        assert!(
            content == b"old" || content == new,
            "{} bytes",
            content.len()
        );
        unfinished += usize::from(content == b"old");
    }
    assert!(unfinished > 0, "no export was killed before it finished");
}
