//! Files for spreadsheets, read back by other libraries: CSV by the csv crate, workbooks by
//! calamine.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;
use std::process::Output;
use std::thread;
use std::time::Duration;

use crate::common::sheet_xml::{number, read_xml, tags};
use crate::common::{
    call, columns, export, is_ignored, is_operator, postcall, program, temporary_folder,
    without_guard,
};
use calamine::{Data, Reader as _, Xlsx, open_workbook};
use serde_json::{Value, json};

/// Texts that an untrusted caller might dictate.
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
    "gern;=1+1;x",
    "gern;= 1+1",
    "gern,=1+1",
    "gern\t=1+1",
    "Customer: gern\n=1+1",
    "Customer: gern\r\n\r\n \"=1+1\"",
    "gern;\u{200b}\u{3164}\u{a0}\"\"=1+1\"\"",
    "gern;'=1+1",
    "gern;-1+cmd|' /C calc'!A0",
    "gern;-5;- Termin, +4915123456789\n+ Rückruf",
    "-5",
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

/// The headings of a workbook as in other formats.
const FULL_HEADINGS: &[&str] = &["--headings", "full"];

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

#[test]
fn csv_round_trips_every_text_and_no_cell_is_a_formula() {
    let output = run(&["export"], &hostile_calls());
    assert!(output.status.success());
    let columns = columns(&output.stdout, b',');
    for name in ["extracted_variables.text", "transcript"] {
        let cells = &columns[name];
        let texts: Vec<_> = cells.iter().map(|cell| without_guard(cell)).collect();
        assert_eq!(texts, HOSTILE);
        let separators = [',', ';', '\t', '\r', '\n'].iter();
        let split = separators.flat_map(|separator| {
            let cells = cells.iter();
            cells.flat_map(|cell| cell.split(*separator))
        });
        for cell in split.chain(cells.iter().map(String::as_str)) {
            let content =
                cell.trim_start_matches(|character| character != '\'' && is_ignored(character));
            let is_harmless = ["-", "-5", "+4915123456789", "- Termin", "+ Rückruf"]
                .iter()
                .any(|text| content.starts_with(text) && !content.contains('='));
            assert!(is_harmless || !content.starts_with(is_operator), "{cell:?}");
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
                .filter(|cell| without_guard(cell) != **cell)
                .count()
        })
        .sum();
    let messages = String::from_utf8_lossy(&output.stderr);
    assert!(
        messages.contains(&format!("{guarded} cells guarded")),
        "{messages}"
    );
    let unguarded = run(&["export", "--no-guard"], &hostile_calls());
    let unguarded = self::columns(&unguarded.stdout, b',');
    assert_eq!(unguarded["transcript"], HOSTILE);
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
            let unguarded = run(
                &[command, &["--format", format, "--no-guard"]].concat(),
                &body.to_string(),
            );
            assert!(
                !String::from_utf8_lossy(&unguarded.stdout).contains("'=1+1"),
                "{command:?}"
            );
        }
    }
}

#[test]
fn names_and_lists_are_guarded_and_formats_of_values_are_not() {
    let folder = temporary_folder();
    let mut body = call(
        1,
        &json!({"x;=1+1": ["gern;=1+1", "a", "=2"], "n": [1, -5, [-6]]}),
    );
    body["transcript"] = json!("Assistant: x\nCustomer: a\n=1+1;=2");
    let input = body.to_string();
    for options in [
        &[][..],
        &["--delimiter", ";"],
        &["--delimiter", "|"],
        &["--for", "excel"],
    ] {
        let output = run(&[&["export"], options].concat(), &input);
        let text = String::from_utf8_lossy(&output.stdout).replace("\"\"", "\"");
        assert!(text.contains("extracted_variables.x;'=1+1"), "{text}");
        assert!(text.contains(r#"["gern;'=1+1","a","'=2"]"#), "{text}");
        assert!(text.contains("[1,-5,[-6]]"), "{text}");
        assert!(text.contains("Customer: a\n'=1+1;'=2"), "{text}");
        let messages = String::from_utf8_lossy(&output.stderr);
        assert!(messages.contains("3 cells guarded with '"), "{messages}");
    }
    let turns = run(&["export", "--rows", "turns"], &input).stdout;
    assert!(String::from_utf8_lossy(&turns).contains("a\n'=1+1;'=2"));
    let file = folder.path().join("calls.xlsx");
    export(&input, &file, FULL_HEADINGS);
    let rows = read_sheet(&file, "Calls");
    assert_eq!(rows[0]["transcript"].to_string(), body["transcript"]);
    let lines = run(&["export", "--format", "jsonl"], &input).stdout;
    assert_eq!(String::from_utf8_lossy(&lines).trim_end(), input);
}

#[test]
fn a_long_text_with_guards_fits_into_cells() {
    let long = "x;=".repeat(20_000);
    let body = call(1, &json!({"note": long})).to_string();
    for rows in [&[][..], &["--rows", "variables"]] {
        let output = run(&[&["export", "--for", "excel"], rows].concat(), &body);
        let bytes = output.stdout.strip_prefix("\u{feff}".as_bytes());
        let columns = columns(bytes.expect("a byte order mark"), b',');
        let name = if rows.is_empty() {
            "extracted_variables.note"
        } else {
            "value"
        };
        let names = (1..).map(|part| match part {
            1 => name.to_owned(),
            _ => format!("{name} ({part})"),
        });
        let cells = names
            .map_while(|name| columns.get(&name))
            .map(|cells| &cells[0]);
        let cells: Vec<&String> = cells.collect();
        assert!(
            cells
                .iter()
                .all(|cell| cell.encode_utf16().count() <= 32_767)
        );
        let texts = cells.iter().map(|cell| without_guard(cell));
        assert!(texts.collect::<String>() == long, "{} cells", cells.len());
    }
}

#[test]
fn excel_de_uses_german_numbers_and_booleans() {
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

/// Reads the rows of a worksheet, by column heading. Panics if the sheet has a formula.
fn read_sheet(file: &Path, title: &str) -> Vec<HashMap<String, Data>> {
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
fn workbook_cells_have_native_types() {
    let folder = temporary_folder();
    let file = folder.path().join("calls.xlsx");
    let extracted = json!({"yes": true, "price": 1.5, "zip": "01067", "big": 1, "list": [1, "ü"]});
    let body = call(12_345, &extracted)
        .to_string()
        .replace("\"big\":1", "\"big\":12345678901234567890");
    export(&body, &file, FULL_HEADINGS);
    let rows = read_sheet(&file, "Calls");
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
    // Excel counts days since 1899-12-30.
    assert!(
        (created.as_f64() - (45_306.0 + 9.5 / 24.0)).abs() < 1e-6,
        "{created:?}"
    );
    let Data::DateTime(duration) = cell("duration") else {
        panic!("{:?}", cell("duration"))
    };
    assert!(duration.is_duration() && (duration.as_f64() * 86_400.0 - 3725.0).abs() < 1e-6);
    let turns = read_sheet(&file, "Turns");
    assert_eq!(turns.len(), 2);
    assert_eq!(turns[1]["text"], Data::String("=1+1".to_owned()));
    assert_eq!(read_sheet(&file, "Campaigns").len(), 1);
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
fn the_about_sheet_counts_the_findings_on_calls_as_validate_does() {
    let folder = temporary_folder();
    let file = folder.path().join("calls.xlsx");
    let day = fs::read_to_string("samples/day.jsonl").expect("a sample");
    let twice = day.clone() + &day;
    let config = folder.path().join("settings.toml");
    fs::write(&config, "[webhook]\nonly-completed = true\n").expect("writable");
    let config = config.to_str().expect("UTF-8");
    for (options, rule) in [
        (&["--no-config"][..], "duplicate-call"),
        (&["--config", config], "not-completed"),
    ] {
        export(&twice, &file, options);
        let mut book: Xlsx<_> = open_workbook(&file).expect("a workbook");
        let about = book.worksheet_range("About").expect("a sheet");
        let has_settings = about.rows().any(|row| row[0] == "Settings");
        assert_eq!(has_settings, options.len() == 2);
        let rows = about.rows().skip_while(|row| row[1] != "Rule").skip(1);
        let counted: BTreeMap<String, u64> = rows
            .map(|row| {
                let findings = row[2].to_string().parse().expect("a number");
                (row[1].to_string(), findings)
            })
            .collect();
        let arguments = [&["validate", "--format=json"], options].concat();
        let report = postcall(&arguments, twice.as_bytes()).stdout;
        let report: Value = serde_json::from_slice(&report).expect("JSON");
        let rules = report["summary"]["rules"].as_array().expect("an array");
        let expected: BTreeMap<String, u64> = rules
            .iter()
            .map(|rule| {
                let id = rule["rule"].as_str().expect("an id");
                (id.to_owned(), rule["findings"].as_u64().expect("a number"))
            })
            .collect();
        assert!(expected.contains_key(rule), "{expected:?}");
        assert_eq!(counted, expected);
    }
}

#[test]
fn workbooks_of_different_times_are_equal_with_source_date_epoch() {
    let folder = temporary_folder();
    let write = |name: &str| {
        let file = folder.path().join(name);
        let output = program(&["export", "samples/day.jsonl", "-o"])
            .arg(&file)
            .env("SOURCE_DATE_EPOCH", "1705314600")
            .output();
        assert!(output.expect("the program was built").status.success());
        file
    };
    let first = write("first.xlsx");
    // Workbooks have times in whole seconds.
    thread::sleep(Duration::from_millis(1_100));
    let second = write("second.xlsx");
    let read = |file: &Path| fs::read(file).expect("it was written");
    assert!(read(&first) == read(&second));
    let mut book: Xlsx<_> = open_workbook(&first).expect("a workbook");
    let about = book.worksheet_range("About").expect("a sheet");
    let made_at = Data::String("2024-01-15 10:30:00 UTC".to_owned());
    assert_eq!(about.get((1, 1)), Some(&made_at));
}

#[test]
fn each_row_of_a_workbook_is_written_once_and_in_order() {
    let folder = temporary_folder();
    let file = folder.path().join("calls.xlsx");
    let high = "eins\nzwei\ndrei";
    let bodies = (1..4).map(|id| call(id, &json!({"note": high})).to_string());
    export(&bodies.collect::<Vec<_>>().join("\n"), &file, &[]);
    for (sheet, rows) in [(1, 4), (2, 7)] {
        let name = format!("xl/worksheets/sheet{sheet}.xml");
        let xml = read_xml(&file, &name);
        let tags = tags(&xml, "row").into_iter();
        let numbers = tags.map(|row| number(row, "r").expect("a number"));
        let numbers: Vec<usize> = numbers.collect();
        assert_eq!(numbers, (1..=rows).collect::<Vec<_>>(), "{name}");
    }
}

#[test]
fn a_workbook_round_trips_every_text() {
    let folder = temporary_folder();
    let file = folder.path().join("calls.xlsx");
    export(&hostile_calls(), &file, FULL_HEADINGS);
    let rows = read_sheet(&file, "Calls");
    assert_eq!(rows.len(), HOSTILE.len());
    for (row, text) in rows.iter().zip(HOSTILE) {
        // In a cell, line breaks are LF.
        let text = text.replace("\r\n", "\n");
        assert_eq!(row["extracted_variables.text"].to_string(), text);
    }
}

#[test]
fn long_texts_continue_in_additional_columns() {
    let folder = temporary_folder();
    let file = folder.path().join("calls.xlsx");
    let long = "Assistant: ä😀".repeat(9_000);
    let mut body = call(1, &json!({"note": long}));
    body["transcript"] = json!("kurz");
    export(&body.to_string(), &file, FULL_HEADINGS);
    let joined = |cell: &dyn Fn(&str) -> String| {
        let continuations = (2..).map(|part| cell(&format!("extracted_variables.note ({part})")));
        let continuations = continuations.take_while(|part| !part.is_empty());
        cell("extracted_variables.note") + &continuations.collect::<String>()
    };
    let rows = read_sheet(&file, "Calls");
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
            .expect("a byte order mark"),
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
fn columns_of_the_last_call_are_exported_in_every_format() {
    let folder = temporary_folder();
    let mut calls: Vec<String> = (1..3_000)
        .map(|id| call(id, &json!({"a": 1})).to_string())
        .collect();
    calls.push(call(3_000, &json!({"late": "ja"})).to_string());
    let input = calls.join("\n");
    export(&input, &folder.path().join("calls.csv"), &[]);
    export(
        &input,
        &folder.path().join("calls.xlsx"),
        &["--rows", "calls", "--headings", "full"],
    );
    let csv = columns(
        &fs::read(folder.path().join("calls.csv")).expect("written"),
        b',',
    );
    assert_eq!(
        csv["extracted_variables.late"].last().map(String::as_str),
        Some("ja")
    );
    let rows = read_sheet(&folder.path().join("calls.xlsx"), "Calls");
    assert_eq!(rows.len(), 3_000);
    assert_eq!(
        rows[2_999]["extracted_variables.late"],
        Data::String("ja".to_owned())
    );
}
