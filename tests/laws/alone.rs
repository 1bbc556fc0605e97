//! A call has the same lines, rows and cells alone as among other calls.

use std::collections::BTreeMap;

use calamine::{Data, Reader as _, Xlsx};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::bodies::{body, source};
use crate::common::{
    call, columns, config, in_parallel, json_lines, postcall, program, repository, run, stdout,
};

/// Columns that every call has.
const COLUMNS: &str = "id,customer_phone,duration,status,transcript,recording_url,created_at,campaign.id,lead.phone_number";

/// Commands whose lines are compared byte by byte, each with the number of lines that precede the
/// rows.
const LINES: &[(&[&str], usize)] = &[
    (&["export", "--columns", COLUMNS], 1),
    (&["export", "--columns", COLUMNS, "--format", "tsv"], 1),
    (&["export", "--columns", COLUMNS, "--for", "excel"], 1),
    (&["export", "--columns", COLUMNS, "--for", "excel-de"], 1),
    (
        &[
            "export",
            "--columns",
            COLUMNS,
            "--tz",
            "Asia/Kolkata",
            "--time-format",
            "%d.%m. %H:%M",
        ],
        1,
    ),
    (&["export", "--columns", COLUMNS, "--format", "jsonl"], 0),
    (
        &[
            "export",
            "--columns",
            COLUMNS,
            "--format",
            "jsonl",
            "--flat",
        ],
        0,
    ),
    (&["export", "--format", "jsonl"], 0),
    (&["export", "--rows", "variables"], 1),
    (&["export", "--rows", "variables", "--format", "tsv"], 1),
    (&["export", "--rows", "variables", "--format", "jsonl"], 0),
    (
        &[
            "export",
            "--rows",
            "variables",
            "--format",
            "jsonl",
            "--flat",
        ],
        0,
    ),
    (&["export", "--rows", "turns"], 1),
    (&["export", "--rows", "turns", "--format", "tsv"], 1),
    (&["export", "--rows", "turns", "--format", "jsonl"], 0),
    (
        &["export", "--rows", "turns", "--format", "jsonl", "--flat"],
        0,
    ),
    (&["extract"], 0),
    (&["list", "--format", "csv"], 1),
    (&["list", "--format", "tsv"], 1),
    (&["list", "--format", "jsonl"], 0),
    (&["variables", "--format", "jsonl"], 0),
    (&["transcript", "--format", "jsonl"], 0),
];

/// Options of `export` whose cells are compared by column: the columns depend on all calls.
const CELLS: &[&[&str]] = &[
    &["--format", "csv"],
    &["--format", "tsv"],
    &["--format", "jsonl", "--flat"],
    &["--format", "xlsx"],
    &["--format", "xlsx", "--rows", "variables"],
    #[cfg(feature = "parquet")]
    &["--format", "parquet"],
    #[cfg(feature = "parquet")]
    &["--format", "parquet", "--rows", "variables"],
    #[cfg(feature = "parquet")]
    &["--format", "parquet", "--rows", "turns"],
];

/// The cells of a row by the name of their column, without empty ones.
type Row = BTreeMap<String, String>;

/// Reads the rows of an exported table; those of a workbook by sheet.
fn read_tables(options: &[&str], bytes: &[u8]) -> Vec<Vec<Row>> {
    match options[1] {
        "csv" => vec![transpose(&columns(bytes, b','))],
        "tsv" => vec![transpose(&columns(bytes, b'\t'))],
        "jsonl" => vec![json_lines(bytes).iter().map(json_row).collect()],
        "xlsx" => read_workbook(bytes),
        _ => vec![read_parquet(bytes)],
    }
}

fn transpose(columns: &std::collections::HashMap<String, Vec<String>>) -> Vec<Row> {
    let rows = columns.values().next().map_or(0, Vec::len);
    let row = |index: usize| {
        let cells = columns
            .iter()
            .map(|(name, cells)| (name.clone(), cells[index].clone()));
        cells.filter(|(_, cell)| !cell.is_empty()).collect()
    };
    (0..rows).map(row).collect()
}

fn json_row(line: &Value) -> Row {
    let cells = line.as_object().expect("a line is an object").iter();
    let cells = cells.filter(|(_, cell)| !cell.is_null());
    cells
        .map(|(name, cell)| (name.clone(), cell.to_string()))
        .collect()
}

/// The rows of each sheet but the last, which describes the workbook.
fn read_workbook(bytes: &[u8]) -> Vec<Vec<Row>> {
    let mut workbook = Xlsx::new(std::io::Cursor::new(bytes)).expect("a workbook");
    let mut sheets = workbook.worksheets();
    let (about, _) = sheets.pop().expect("a sheet");
    assert_eq!(about, "About");
    // A campaign has calls of several rows.
    if sheets.len() > 1 {
        sheets.retain(|(name, _)| name != "Campaigns");
    }
    let tables = sheets.into_iter().map(|(_, sheet)| {
        let mut rows = sheet.rows();
        let names: Vec<String> = rows
            .next()
            .into_iter()
            .flatten()
            .map(ToString::to_string)
            .collect();
        let rows = rows.map(|row| {
            let cells = names.iter().cloned().zip(row);
            let cells = cells.filter(|(_, cell)| **cell != Data::Empty);
            cells
                .map(|(name, cell)| (name, format!("{cell:?}")))
                .collect()
        });
        rows.collect()
    });
    tables.collect()
}

/// A column has the type that fits all its values, so cells are compared as text.
#[cfg(feature = "parquet")]
fn read_parquet(bytes: &[u8]) -> Vec<Row> {
    use parquet::file::reader::{FileReader as _, SerializedFileReader};
    use parquet::record::Field;

    let reader = SerializedFileReader::new(bytes::Bytes::copy_from_slice(bytes)).expect("Parquet");
    let rows = reader.get_row_iter(None).expect("rows").map(|row| {
        let row = row.expect("a row");
        let cells = row.get_column_iter().filter_map(|(name, cell)| {
            let text = match cell {
                Field::Null => return None,
                Field::Str(text) => text.clone(),
                Field::Long(number) => number.to_string(),
                Field::Double(number) => number.to_string(),
                Field::Bool(flag) => flag.to_string(),
                Field::TimestampMicros(micros) => micros.to_string(),
                other => panic!("unexpected {other:?}"),
            };
            Some((name.clone(), text))
        });
        cells.collect()
    });
    rows.collect()
}

#[cfg(not(feature = "parquet"))]
fn read_parquet(_: &[u8]) -> Vec<Row> {
    unreachable!("no case writes Parquet")
}

/// True if both rows have the same cells. In Parquet, `1.50` in a column of numbers is 1.5, and a
/// time in a column of times is the number of microseconds since 1970.
fn are_same(alone: &Row, among: &Row) -> bool {
    let same = |(left, right): (&String, &String)| {
        let numbers = (left.parse::<f64>(), right.parse::<f64>());
        let is_time = || right.contains(':') && left.parse::<i64>().is_ok();
        left == right
            || matches!(numbers, (Ok(a), Ok(b)) if a.to_bits() == b.to_bits())
            || is_time()
    };
    alone.keys().eq(among.keys()) && alone.values().zip(among.values()).all(same)
}

fn export(options: &[&str], input: &[u8]) -> Vec<u8> {
    let mut command = program(&[&["export"], options].concat());
    command.env("SOURCE_DATE_EPOCH", "1705314600");
    run(command, vec![input.to_vec()]).stdout
}

/// Compares each call alone with the same call among the others.
fn check(bodies: &[Value]) {
    let all = source(bodies, 0);
    let each: Vec<Vec<u8>> = bodies
        .iter()
        .map(|body| source(std::slice::from_ref(body), 0))
        .collect();
    in_parallel(LINES, |(arguments, header_lines)| {
        let among = postcall(arguments, &all).stdout;
        let mut alone = Vec::new();
        for input in &each {
            let output = postcall(arguments, input).stdout;
            let lines = output.split_inclusive(|byte| *byte == b'\n');
            // The header is kept once.
            let skipped = if alone.is_empty() { 0 } else { *header_lines };
            alone.extend(lines.skip(skipped).flatten());
        }
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert_eq!(text(&alone), text(&among), "{arguments:?}");
    });
    in_parallel(CELLS, |options| {
        let among = read_tables(options, &export(options, &all));
        // Names that are equal when joined with dots depend on the other columns.
        let is_pointer = |row: &Row| row.keys().any(|name| name.starts_with('/'));
        if among.iter().flatten().any(is_pointer) {
            return;
        }
        let mut alone: Vec<Vec<Row>> = vec![Vec::new(); among.len()];
        for input in &each {
            let tables = read_tables(options, &export(options, input));
            for (rows, table) in alone.iter_mut().zip(tables) {
                rows.extend(table);
            }
        }
        for (alone, among) in alone.iter().zip(&among) {
            assert_eq!(alone.len(), among.len(), "{options:?}");
            for (alone, among) in alone.iter().zip(among) {
                assert!(
                    are_same(alone, among),
                    "{options:?}\n{alone:#?}\n{among:#?}"
                );
            }
        }
    });
}

#[test]
fn a_generated_call_is_written_alone_as_among_others() {
    proptest!(config(8), |(bodies in vec(body(), 2..4))| {
        check(&bodies);
    });
}

#[test]
fn a_call_of_the_samples_is_written_alone_as_among_others() {
    let samples = repository().join("samples");
    let output = stdout(&["extract", samples.to_str().expect("a UTF-8 path")], b"");
    let mut bodies = Vec::new();
    for line in output.lines() {
        let body: Value = serde_json::from_str(line).expect("a line is JSON");
        if !bodies.contains(&body) {
            bodies.push(body);
        }
    }
    assert!(bodies.len() > 30);
    for bodies in bodies[..24].chunks(12) {
        check(bodies);
    }
}

/// Values that need quotes, guards, escapes or another type, in each member of a call.
#[test]
fn special_values_do_not_affect_other_rows() {
    let values = [
        json!("a"),
        json!("=1+1;\"x\"\r\n-2"),
        json!("1.50"),
        json!(1.50),
        json!(-0.0),
        json!(9_007_199_254_740_993_i64),
        json!(true),
        json!(["a;b", null]),
        json!({}),
        json!([]),
        json!(""),
        json!("2024-01-15T10:30:00Z"),
        json!("https://example.org"),
        json!("x".repeat(20_000)),
        json!("\u{0}\u{1b}"),
        Value::Null,
    ];
    let calls = (1..).zip(&values).map(|(id, value)| {
        let mut call = call(id, &json!({"a": value, "b": [value]}));
        for name in ["status", "duration", "recording_url", "created_at", "extra"] {
            call[name] = value.clone();
        }
        call
    });
    check(&calls.collect::<Vec<_>>());
}

#[test]
fn a_campaign_is_written_alone_as_among_others() {
    let calls = (1..4).map(|id| {
        let mut call = call(id, &json!({}));
        call["status"] =
            json!(["completed", "a;b", "busy", "x"][usize::try_from(id).expect("small")]);
        call["duration"] = json!(id * 7);
        call["campaign"] = json!({"id": id, "name": format!("=c{id}"), "allowed_days": ["monday"]});
        call
    });
    let calls: Vec<Value> = calls.collect();
    for options in CELLS
        .iter()
        .filter(|options| options.len() == 2 || options[2] == "--flat")
    {
        let options = [options, &["--rows", "campaigns"][..]].concat();
        // The workbook has the sheet of campaigns alone.
        let read = |input: &[u8]| read_tables(&options, &export(&options, input)).concat();
        let alone: Vec<Row> = calls
            .iter()
            .flat_map(|call| read(&source(std::slice::from_ref(call), 0)))
            .collect();
        let among = read(&source(&calls, 0));
        assert_eq!(alone.len(), among.len(), "{options:?}");
        for (alone, among) in alone.iter().zip(&among) {
            assert!(
                are_same(alone, among),
                "{options:?}\n{alone:#?}\n{among:#?}"
            );
        }
    }
}
