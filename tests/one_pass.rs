//! CSV that is written while its columns still come: every row gets all of them, and a file is there whole or not at all.

use std::fs;
use std::process::Command;

mod common;

use common::{call, columns, export, folder, postcall};
use serde_json::{Value, json};

/// Where the first call brings all columns, and texts as long as any, each row is written once, as it stays.
#[test]
fn rows_are_the_same_whether_their_columns_come_first_or_last() {
    const LONG: usize = 32_767;
    // More than waits in memory, and late comers in the first batch, in a later one, and in the last call.
    let text = "Assistant: Grüß Gott!\nCustomer: \"Hi\", =1+1; \t".repeat(50);
    let long_text = |id: u64| {
        let many = usize::try_from(id).expect("a small number") % 3 + 1;
        "😀ü".repeat(LONG * many / 3)
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
    // The extracted variables, in the order in which they come.
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
    let (_guard, folder) = folder();
    let file = folder.join("calls.csv");
    for (late, long, variables) in cases {
        let input = calls(late, long);
        assert!(input.len() > 5_000_000);
        let all = call(0, &variables).to_string();
        let with_all = format!("{all}\n{input}");
        for options in [
            &["--null", "NULL", "--delimiter", ";"][..],
            &["--for", "excel", "--threads", "3"],
            &["--for", "excel-de"],
            &["--columns", "*.late*,id=Call,extracted_variables.a,-*.c"],
            &["--columns=-transcript,-*.c", "--for", "excel-de"],
        ] {
            let arguments = [&["export"], options].concat();
            let begin = postcall(&arguments, all.as_bytes()).stdout;
            let complete = postcall(&arguments, with_all.as_bytes());
            assert!(complete.status.success(), "{complete:?}");
            let (first, rows) = complete.stdout.split_at(begin.len());
            assert!(first == begin, "{late:?} {long:?} {options:?}");
            let told = export(&input, &file, options).stderr;
            assert_eq!(
                String::from_utf8_lossy(&told),
                String::from_utf8_lossy(&complete.stderr)
            );
            let written = fs::read(&file).expect("written");
            let header = written.strip_suffix(rows).expect("the same rows");
            assert!(begin.starts_with(header) && header.ends_with(b"\n"));
            if long.is_empty() {
                let printed = postcall(&arguments, input.as_bytes());
                assert!(printed.stdout == written, "{options:?}");
            }
        }
    }
}

/// Calls of which the transcripts alone are more than waits in memory, and how many there are.
fn many_calls(more: impl Fn(u64) -> Value) -> (String, u64) {
    const CALLS: u64 = 3000;
    let transcript = "Assistant: Hello, \"Max\"!\nCustomer: Yes, …\n".repeat(50);
    let calls = (1..=CALLS).map(|id| {
        let mut body = call(id, &more(id));
        body["transcript"] = json!(transcript);
        body.to_string()
    });
    (calls.collect::<Vec<_>>().join("\n"), CALLS)
}

#[test]
fn rows_written_before_a_column_was_known_are_filled_up() {
    let (_guard, folder) = folder();
    let file = folder.join("calls.csv");
    // Nobody knows of these before the first rows are in the file; one is null where it comes first.
    let (input, calls) = many_calls(|id| match id {
        2400 => json!({"first": null, "a": 1}),
        2500 => json!({"between": "b, c", "first": "x"}),
        2999 => json!({"last": true, "nested": {"one": [1, 2]}}),
        _ => json!({"always": id}),
    });
    for options in [
        &["--threads", "1"][..],
        &["--threads", "3"],
        &["--null", "a \"null\"", "--delimiter", ";", "--bom"],
    ] {
        let written = postcall(&[&["export"], options].concat(), input.as_bytes());
        assert!(written.status.success(), "{written:?}");
        export(&input, &file, options);
        let bytes = fs::read(&file).expect("it was written");
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
        let rows = 0..usize::try_from(calls).expect("few");
        for (name, row, value) in [
            ("first", 2500, "x"),
            ("a", 2400, "1"),
            ("between", 2500, "b, c"),
            ("last", 2999, "true"),
            ("nested.one", 2999, "[1,2]"),
        ] {
            let column = &columns[&format!("extracted_variables.{name}")];
            for place in rows.clone() {
                let expected = if place + 1 == row { value } else { null };
                assert_eq!(column[place], expected, "{name}");
            }
        }
        let always = &columns["extracted_variables.always"];
        assert_eq!((always[0].as_str(), always[2399].as_str()), ("1", null));
    }
}

#[test]
fn columns_that_never_stop_coming_are_all_there() {
    let (input, calls) =
        many_calls(|id| json!({format!("only {id}"): id, format!("often {}", id / 100): id}));
    let input = input.replace("\\\"Max\\\"!", "");
    let written = postcall(&["export", "--threads", "2"], input.as_bytes());
    assert!(written.status.success(), "{written:?}");
    let mut reader = csv::Reader::from_reader(&written.stdout[..]);
    let names = reader.headers().expect("a header").clone();
    let place = |name: &str| names.iter().position(|known| known == name).expect(name);
    let id = place("id");
    let often: Vec<usize> = (0..=calls / 100)
        .map(|n| place(&format!("extracted_variables.often {n}")))
        .collect();
    let only: Vec<usize> = (1..=calls)
        .map(|n| place(&format!("extracted_variables.only {n}")))
        .collect();
    assert!(only.is_sorted());
    let mut rows = 0;
    for (row, own) in reader.records().zip(&only) {
        let row = row.expect("as long as the header");
        rows += 1;
        assert_eq!(row[id], rows.to_string());
        assert_eq!(row[*own], rows.to_string());
        let filled = only
            .iter()
            .chain(&often)
            .filter(|place| !row[**place].is_empty());
        assert_eq!(filled.count(), 2);
    }
    assert_eq!(rows, calls);
}

#[cfg(unix)]
#[test]
fn a_killed_export_leaves_the_old_file_or_the_new_one() {
    let (_guard, folder) = folder();
    let file = folder.join("calls.csv");
    let input = folder.join("calls.jsonl");
    let calls: Vec<String> = (1..8_000)
        .map(|id| call(id, &json!({"a": id})).to_string())
        .collect();
    fs::write(&input, calls.join("\n")).expect("written");
    let paths = [&input, &file].map(|path| path.to_str().expect("text").to_owned());
    let arguments = ["export", &paths[0], "-o", &paths[1]];
    assert!(postcall(&arguments, b"").status.success());
    let new = fs::read(&file).expect("written");
    let mut unfinished = 0;
    for pause in 0..25 {
        fs::write(&file, "old").expect("written");
        let mut child = Command::new(env!("CARGO_BIN_EXE_postcall"))
            .args(arguments)
            .spawn()
            .expect("built");
        std::thread::sleep(std::time::Duration::from_millis(pause * 12));
        child.kill().expect("SIGKILL");
        child.wait().expect("ended");
        let there = fs::read(&file).expect("there");
        assert!(there == b"old" || there == new, "{} bytes", there.len());
        unfinished += usize::from(there == b"old");
    }
    assert!(unfinished > 0, "no export was killed before its end");
}
