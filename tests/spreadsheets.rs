//! What `export` writes, read back by others: CSV by the csv crate, workbooks by calamine, Parquet by its own reader.

use std::collections::HashMap;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

mod common;

use calamine::{Data, Reader as _, Xlsx, open_workbook};
use common::{postcall, without_guard};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Text that strangers may have dictated.
const HOSTILE: &[&str] = &[
    "=1+1",
    "=HYPERLINK(\"http://evil.example\",\"click\")",
    "+1+1",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "\u{feff}=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    "'=1",
    "''=1",
    "'",
    "-",
    "+4915123456789",
    "'+4915123456789",
    "00049",
    "12345678901234567890",
    "1.10",
    "\u{a0}1",
    "Müller, \"Groß\"; & <Söhne>\r\nZeile zwei\n",
    "_x0041_",
    "\u{0}\u{1b}[31m\u{fffe}\u{ffff}\u{202e}",
    "\\ud800",
    "👩‍👩‍👧",
    "{=1+1}",
    "https://example.org/a b",
    "TRUE",
    "2024-02-15",
];

fn call(id: u64, extracted: &Value) -> Value {
    json!({
        "id": id, "customer_phone": "+4915123456789", "assistant_phone": null, "duration": 3725, "status": "completed",
        "extracted_variables": extracted, "input_variables": {}, "transcript": "Assistant: Guten Tag!\nCustomer: =1+1",
        "recording_url": "https://recordings.famulor.de/call.mp3",
        "created_at": "2024-01-15T10:30:00+01:00", "finished_at": "2024-01-15T10:33:00Z", "lead": null, "campaign": null,
    })
}

fn hostile_calls() -> String {
    let calls = (1..).zip(HOSTILE).map(|(id, text)| {
        let mut body = call(id, &json!({"text": text, "=cmd": id % 2 == 0}));
        body["transcript"] = json!(text);
        body.to_string()
    });
    calls.collect::<Vec<_>>().join("\n")
}

fn run(arguments: &[&str], input: &str) -> Output {
    postcall(arguments, input.as_bytes())
}

fn export(input: &str, file: &Path, more: &[&str]) -> Output {
    let file = file.to_str().expect("text");
    let output = run(&[&["export", "-o", file], more].concat(), input);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    output
}

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_owned();
    (folder, path)
}

/// The columns of a CSV file, by their heads.
fn columns(bytes: &[u8], delimiter: u8) -> HashMap<String, Vec<String>> {
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
        for (name, cell) in names.iter().zip(&record.expect("as long as the header")) {
            columns
                .entry(name.clone())
                .or_default()
                .push(cell.to_owned());
        }
    }
    columns
}

#[test]
fn csv_gives_every_text_back_and_none_of_it_could_run() {
    let output = run(&["export"], &hostile_calls());
    assert!(output.status.success());
    let columns = columns(&output.stdout, b',');
    for name in ["extracted_variables.text", "transcript"] {
        let cells = &columns[name];
        let texts: Vec<_> = cells.iter().map(|cell| without_guard(cell)).collect();
        assert_eq!(texts, HOSTILE);
        for cell in cells
            .iter()
            .filter(|cell| !["-", "+4915123456789"].contains(&cell.as_str()))
        {
            let trimmed = cell.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
            assert!(
                !trimmed.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']),
                "{cell:?}"
            );
        }
    }
    assert!(
        columns["customer_phone"]
            .iter()
            .all(|phone| phone == "+4915123456789")
    );
    let guarded: usize = columns
        .values()
        .map(|cells| {
            cells
                .iter()
                .filter(|cell| without_guard(cell) != *cell)
                .count()
        })
        .sum();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains(&format!("{guarded} cells guarded")), "{told}");
    let bare = run(&["export", "--no-guard"], &hostile_calls());
    let bare = self::columns(&bare.stdout, b',');
    assert_eq!(bare["transcript"], HOSTILE);
}

#[test]
fn every_command_guards_its_csv() {
    for command in [
        &["transcript"][..],
        &["variables"],
        &["list"],
        &["export", "--rows", "turns"],
        &["export", "--rows", "variables"],
    ] {
        for format in ["csv", "tsv"] {
            let mut body = call(1, &json!({"x": "=1+1"}));
            body["status"] = json!("=1+1");
            let output = run(
                &[command, &["--format", format]].concat(),
                &body.to_string(),
            );
            let text = String::from_utf8_lossy(&output.stdout);
            assert!(text.contains("'=1+1"), "{command:?} {text}");
            let bare = run(
                &[command, &["--format", format, "--no-guard"]].concat(),
                &body.to_string(),
            );
            assert!(
                !String::from_utf8_lossy(&bare.stdout).contains("'=1+1"),
                "{command:?}"
            );
        }
    }
}

#[test]
fn german_excel_gets_its_own_spelling() {
    let extracted = json!({"yes": true, "price": 1.5, "zip": "01067", "id": "12345678901234567890", "name": "Käß", "on": "2024-02-15", "run": "=1+1"});
    let mut body = call(12_345, &extracted).to_string();
    body = body.replace("1.5", "1.50").replace(
        "\"assistant_phone\":null",
        "\"assistant_phone\":12345678901234567890",
    );
    let output = run(&["export", "--for", "excel-de"], &body);
    let bytes = output
        .stdout
        .strip_prefix("\u{feff}".as_bytes())
        .expect("a byte order mark");
    let columns = columns(bytes, b';');
    let cell = |name: &str| columns[name][0].as_str();
    assert_eq!(cell("id"), "12345");
    assert_eq!(cell("customer_phone"), "\t+4915123456789");
    assert_eq!(cell("assistant_phone"), "\t12345678901234567890");
    assert_eq!(cell("extracted_variables.yes"), "WAHR");
    assert_eq!(cell("extracted_variables.price"), "1,50");
    assert_eq!(cell("extracted_variables.zip"), "\t01067");
    assert_eq!(cell("extracted_variables.id"), "\t12345678901234567890");
    assert_eq!(cell("extracted_variables.name"), "Käß");
    assert_eq!(cell("extracted_variables.on"), "2024-02-15");
    assert_eq!(cell("extracted_variables.run"), "'=1+1");
    assert_eq!(cell("created_at"), "2024-01-15 09:30:00");
    assert!(!output.stdout.windows(4).any(|four| four == b"sep="));
}

/// A sheet's rows by the heads of their columns.
fn sheet(file: &Path, title: &str) -> Vec<HashMap<String, Data>> {
    let mut book: Xlsx<_> = open_workbook(file).expect("a workbook");
    let formulas = book.worksheet_formula(title).expect("a sheet");
    assert!(
        formulas.cells().all(|(_, _, formula)| formula.is_empty()),
        "{title} has formulas"
    );
    let range = book.worksheet_range(title).expect("a sheet");
    let mut rows = range.rows();
    let names: Vec<String> = rows
        .next()
        .expect("a header")
        .iter()
        .map(ToString::to_string)
        .collect();
    rows.map(|row| names.iter().cloned().zip(row.iter().cloned()).collect())
        .collect()
}

#[test]
fn a_workbook_has_real_types() {
    let (_guard, folder) = folder();
    let file = folder.join("calls.xlsx");
    let extracted = json!({"yes": true, "price": 1.5, "zip": "01067", "big": 1, "list": [1, "ü"]});
    let body = call(12_345, &extracted)
        .to_string()
        .replace("\"big\":1", "\"big\":12345678901234567890");
    export(&body, &file, &[]);
    let rows = sheet(&file, "Calls");
    assert_eq!(rows.len(), 1);
    let cell = |name: &str| rows[0][name].clone();
    assert_eq!(cell("id"), Data::Float(12_345.0));
    assert_eq!(
        cell("customer_phone"),
        Data::String("+4915123456789".to_owned())
    );
    assert_eq!(cell("assistant_phone"), Data::Empty);
    assert_eq!(cell("extracted_variables.yes"), Data::Bool(true));
    assert_eq!(cell("extracted_variables.price"), Data::Float(1.5));
    assert_eq!(
        cell("extracted_variables.zip"),
        Data::String("01067".to_owned())
    );
    assert_eq!(
        cell("extracted_variables.big"),
        Data::String("12345678901234567890".to_owned())
    );
    assert_eq!(
        cell("extracted_variables.list"),
        Data::String("[1,\"ü\"]".to_owned())
    );
    let Data::DateTime(created) = cell("created_at") else {
        panic!("{:?}", cell("created_at"))
    };
    // Days since 1899-12-30.
    assert!(
        (created.as_f64() - (45_306.0 + 9.5 / 24.0)).abs() < 1e-6,
        "{created:?}"
    );
    let Data::DateTime(duration) = cell("duration") else {
        panic!("{:?}", cell("duration"))
    };
    assert!(duration.is_duration() && (duration.as_f64() * 86_400.0 - 3725.0).abs() < 1e-6);
    let turns = sheet(&file, "Turns");
    assert_eq!(turns.len(), 2);
    assert_eq!(turns[1]["text"], Data::String("=1+1".to_owned()));
    assert_eq!(sheet(&file, "Campaigns").len(), 1);
    let mut book: Xlsx<_> = open_workbook(&file).expect("a workbook");
    assert_eq!(book.sheet_names(), ["Calls", "Turns", "Campaigns", "About"]);
    let about = book.worksheet_range("About").expect("a sheet");
    let about: Vec<String> = about
        .rows()
        .map(|row| format!("{}: {}", row[0], row[1]))
        .collect();
    assert!(about.contains(&"Calls: 1".to_owned()), "{about:?}");
}

#[test]
fn each_row_of_a_workbook_is_there_once_and_in_order() {
    let (_guard, folder) = folder();
    let file = folder.join("calls.xlsx");
    let high = "eins\nzwei\ndrei";
    let bodies = (1..4).map(|id| call(id, &json!({"note": high})).to_string());
    export(&bodies.collect::<Vec<_>>().join("\n"), &file, &[]);
    let mut archive = zip::ZipArchive::new(fs::File::open(&file).expect("written")).expect("a zip");
    for (sheet, rows) in [(1, 4), (2, 7)] {
        let name = format!("xl/worksheets/sheet{sheet}.xml");
        let mut xml = String::new();
        archive
            .by_name(&name)
            .expect("a sheet")
            .read_to_string(&mut xml)
            .expect("text");
        let numbers: Vec<usize> = xml
            .split("<row r=\"")
            .skip(1)
            .map(|row| {
                row.split('"')
                    .next()
                    .expect("a number")
                    .parse()
                    .expect("a number")
            })
            .collect();
        assert_eq!(numbers, (1..=rows).collect::<Vec<_>>(), "{name}");
    }
}

#[test]
fn a_workbook_gives_every_text_back() {
    let (_guard, folder) = folder();
    let file = folder.join("calls.xlsx");
    export(&hostile_calls(), &file, &[]);
    let rows = sheet(&file, "Calls");
    assert_eq!(rows.len(), HOSTILE.len());
    for (row, text) in rows.iter().zip(HOSTILE) {
        // Lines are broken by LF in a cell.
        let text = text.replace("\r\n", "\n");
        assert_eq!(row["extracted_variables.text"].to_string(), text);
    }
}

#[test]
fn long_texts_go_on_in_further_cells() {
    let (_guard, folder) = folder();
    let file = folder.join("calls.xlsx");
    let long = "Assistant: ä😀".repeat(9_000);
    let mut body = call(1, &json!({"note": long}));
    body["transcript"] = json!("kurz");
    export(&body.to_string(), &file, &[]);
    let joined = |cell: &dyn Fn(&str) -> String| {
        let further = (2..).map(|part| cell(&format!("extracted_variables.note ({part})")));
        let further = further.take_while(|part| !part.is_empty());
        cell("extracted_variables.note") + &further.collect::<String>()
    };
    let rows = sheet(&file, "Calls");
    let cell = |name: &str| {
        rows[0]
            .get(name)
            .map(ToString::to_string)
            .unwrap_or_default()
    };
    assert_eq!(joined(&cell), long);
    let output = run(&["export", "--for", "excel"], &body.to_string());
    let columns = columns(
        output
            .stdout
            .strip_prefix("\u{feff}".as_bytes())
            .expect("a mark"),
        b',',
    );
    let cell = |name: &str| {
        columns
            .get(name)
            .map(|cells| cells[0].clone())
            .unwrap_or_default()
    };
    assert_eq!(joined(&cell), long);
    let plain = run(&["export"], &body.to_string());
    assert_eq!(
        self::columns(&plain.stdout, b',')["extracted_variables.note"][0],
        long
    );
}

#[test]
fn columns_of_the_last_call_are_there_in_every_format() {
    let (_guard, folder) = folder();
    let mut calls: Vec<String> = (1..3_000)
        .map(|id| call(id, &json!({"a": 1})).to_string())
        .collect();
    calls.push(call(3_000, &json!({"late": "ja"})).to_string());
    let input = calls.join("\n");
    export(&input, &folder.join("calls.csv"), &[]);
    export(&input, &folder.join("calls.xlsx"), &["--rows", "calls"]);
    let csv = columns(&fs::read(folder.join("calls.csv")).expect("written"), b',');
    assert_eq!(
        csv["extracted_variables.late"].last().map(String::as_str),
        Some("ja")
    );
    let rows = sheet(&folder.join("calls.xlsx"), "Calls");
    assert_eq!(rows.len(), 3_000);
    assert_eq!(
        rows[2_999]["extracted_variables.late"],
        Data::String("ja".to_owned())
    );
}

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
            let begin = run(&arguments, &all).stdout;
            let complete = run(&arguments, &with_all);
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
                let printed = run(&arguments, &input);
                assert!(printed.stdout == written, "{options:?}");
            }
        }
    }
}

#[cfg(feature = "parquet")]
mod parquet_files {
    use super::*;
    use parquet::file::reader::{FileReader as _, SerializedFileReader};
    use parquet::record::Field;

    #[test]
    fn types_are_those_that_all_values_have() {
        let (_guard, folder) = folder();
        let file = folder.join("calls.parquet");
        let first = json!({"whole": 1, "part": 1, "flag": true, "mixed": 1, "list": [1], "text": "ü", "late": null});
        let second = json!({"whole": -9_007_199_254_740_993_i64, "part": 2.5, "flag": false, "mixed": "a\"b", "list": [], "text": "", "late": "x"});
        let third = json!({"long": 1});
        let input = [call(1, &first), call(2, &second), call(3, &third)]
            .map(|body| body.to_string())
            .join("\n");
        let input = input.replace("\"long\":1", "\"long\":12345678901234567890");
        export(&input, &file, &[]);
        let reader =
            SerializedFileReader::new(fs::File::open(&file).expect("written")).expect("Parquet");
        let rows: Vec<HashMap<String, Field>> = reader
            .get_row_iter(None)
            .expect("rows")
            .map(|row| {
                row.expect("a row")
                    .get_column_iter()
                    .map(|(name, field)| (name.clone(), field.clone()))
                    .collect()
            })
            .collect();
        let text = |text: &str| Field::Str(text.to_owned());
        let cells =
            |name: &str| -> Vec<Field> { rows.iter().map(|row| row[name].clone()).collect() };
        let variable = |name: &str| cells(&format!("extracted_variables.{name}"));
        assert_eq!(
            cells("id"),
            [Field::Long(1), Field::Long(2), Field::Long(3)]
        );
        assert_eq!(cells("duration")[0], Field::Long(3725));
        // 2024-01-15T09:30:00Z
        assert_eq!(
            cells("created_at")[0],
            Field::TimestampMicros(1_705_311_000_000_000)
        );
        assert_eq!(cells("lead.id"), [Field::Null, Field::Null, Field::Null]);
        assert_eq!(
            variable("whole"),
            [
                Field::Long(1),
                Field::Long(-9_007_199_254_740_993),
                Field::Null
            ]
        );
        assert_eq!(
            variable("part"),
            [Field::Double(1.0), Field::Double(2.5), Field::Null]
        );
        assert_eq!(
            variable("flag"),
            [Field::Bool(true), Field::Bool(false), Field::Null]
        );
        assert_eq!(
            variable("mixed"),
            [text("1"), text("\"a\\\"b\""), Field::Null]
        );
        assert_eq!(variable("list"), [text("[1]"), text("[]"), Field::Null]);
        assert_eq!(variable("text"), [text("ü"), text(""), Field::Null]);
        assert_eq!(variable("late"), [Field::Null, text("x"), Field::Null]);
        assert_eq!(variable("long")[2], text("12345678901234567890"));
    }

    #[test]
    fn many_rows_are_several_groups() {
        let (_guard, folder) = folder();
        let file = folder.join("turns.parquet");
        let long = "Customer: Ja, gut.\n".repeat(50_000);
        let mut body = call(1, &json!({}));
        body["transcript"] = json!(long);
        let input = [body.to_string(), body.to_string(), body.to_string()].join("\n");
        export(&input, &file, &["--rows", "turns"]);
        let reader =
            SerializedFileReader::new(fs::File::open(&file).expect("written")).expect("Parquet");
        assert_eq!(reader.metadata().file_metadata().num_rows(), 150_000);
        assert_eq!(reader.num_row_groups(), 2);
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
        let written = run(&[&["export"], options].concat(), &input);
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
    let written = run(&["export", "--threads", "2"], &input);
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
    assert!(run(&arguments, "").status.success());
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
