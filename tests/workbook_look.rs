//! The look of workbooks, as their files state it: formats of cells, widths, heights, and the
//! layout of printed pages.

use std::path::Path;

use crate::common::sheet_xml::{attribute, number, read_xml, tags};
use crate::common::{call, export, postcall, temporary_folder};
use calamine::{Data, Reader as _, Xlsx, open_workbook};
use serde_json::json;

/// Height of four lines in points.
const MAX_HEIGHT: f64 = 60.0;

/// A sheet of a workbook.
struct Sheet {
    name: String,
    xml: String,
    rows: Vec<Vec<Data>>,
}

/// The sheets of a workbook, in their order.
fn sheets(file: &Path) -> Vec<Sheet> {
    let mut book: Xlsx<_> = open_workbook(file).expect("a workbook");
    let names = book.sheet_names().into_iter();
    let sheets = (1..).zip(names).map(|(number, name)| {
        let range = book.worksheet_range(&name).expect("a sheet");
        Sheet {
            xml: read_xml(file, &format!("xl/worksheets/sheet{number}.xml")),
            rows: range.rows().map(<[Data]>::to_vec).collect(),
            name,
        }
    });
    sheets.collect()
}

impl Sheet {
    fn is_about(&self) -> bool {
        self.name == "About"
    }

    /// Width and visibility of each column.
    fn columns(&self) -> Vec<(f64, bool)> {
        let mut columns = Vec::new();
        for tag in tags(&self.xml, "col") {
            let range = number(tag, "min").expect("min")..=number(tag, "max").expect("max");
            let width = number(tag, "width").expect("a width");
            while range.contains(&(columns.len() + 1)) {
                columns.push((width, attribute(tag, "hidden").is_none()));
            }
        }
        columns
    }

    /// The columns, by heading, that have no value.
    fn empty_columns(&self) -> Vec<String> {
        let columns = self.rows[0].iter().enumerate();
        let empty = columns.filter(|(index, _)| {
            let mut values = self.rows[1..].iter().map(|row| &row[*index]);
            values.all(|value| *value == Data::Empty)
        });
        empty.map(|(_, heading)| heading.to_string()).collect()
    }

    fn hidden_columns(&self) -> Vec<String> {
        let columns = self.rows[0].iter().zip(self.columns());
        let hidden = columns.filter(|(_, (_, is_visible))| !is_visible);
        hidden.map(|(heading, _)| heading.to_string()).collect()
    }

    /// Number of the format of each cell of a row, from 0.
    fn cell_formats(&self, row: usize) -> Vec<usize> {
        let row = self.xml.split("<row ").nth(row + 1).expect("a row");
        let cells = tags(row, "c").into_iter();
        let formats = cells.map(|cell| number(cell, "s").unwrap_or_default());
        formats.collect()
    }

    /// Checks all that holds for every table.
    fn check(&self, file: &Path) {
        let Self { name, xml, .. } = self;
        assert!(xml.contains("<pageSetUpPr fitToPage=\"1\"/>"), "{name}");
        let [page] = tags(xml, "pageSetup")[..] else {
            panic!("{name}: a page setup")
        };
        assert_eq!(attribute(page, "orientation"), Some("landscape"), "{name}");
        let columns = self.columns().into_iter();
        let widths = columns.filter_map(|(width, is_visible)| is_visible.then_some(width.floor()));
        let pages = (widths.sum::<f64>() / 270.0).ceil().max(1.0).to_string();
        assert_eq!(
            attribute(page, "fitToWidth").unwrap_or("1"),
            pages,
            "{name}"
        );
        assert_eq!(attribute(page, "fitToHeight"), Some("0"), "{name}");
        for (width, _) in self.columns() {
            assert!((8.0..=101.0).contains(&width), "{name}: {width}");
        }
        for row in tags(xml, "row") {
            let height: f64 = number(row, "ht").unwrap_or_default();
            assert!(height <= MAX_HEIGHT, "{name}: {row}");
        }
        if self.is_about() {
            return;
        }
        assert!(xml.contains("ySplit=\"1\" topLeftCell=\"A2\""), "{name}");
        assert_eq!(tags(xml, "autoFilter").len(), 1, "{name}");
        let workbook = read_xml(file, "xl/workbook.xml");
        let titles = format!("{name}!$1:$1</definedName>");
        assert!(workbook.contains(&titles), "{name}: {workbook}");
        let heading = self.cell_formats(0);
        assert_eq!(heading.len(), self.rows[0].len(), "{name}");
        let styles = read_xml(file, "xl/styles.xml");
        let (_, formats) = styles.split_once("<cellXfs").expect("formats of cells");
        let format = tags(formats, "xf")[heading[0]];
        assert_ne!(attribute(format, "fillId").unwrap_or("0"), "0", "{name}");
        assert!(heading.iter().all(|other| *other == heading[0]), "{name}");
        if self.rows.len() > 1 {
            assert!(xml.contains("<formula>MOD(ROW(),2)=1</formula>"), "{name}");
            self.check_heights();
        }
    }

    /// Checks that a row with a text of many lines has a height, since a program would make it as
    /// high as the text.
    fn check_heights(&self) {
        for (row, tag) in self.rows.iter().zip(tags(&self.xml, "row")) {
            let is_long = |cell: &Data| cell.to_string().lines().count() > 4;
            if row.iter().any(is_long) {
                assert_eq!(number(tag, "ht"), Some(MAX_HEIGHT), "{}: {tag}", self.name);
            }
        }
    }
}

/// Exports `input` with `options` and checks each sheet.
fn check_export(input: &str, options: &[&str]) -> Vec<Sheet> {
    let folder = temporary_folder();
    let file = folder.path().join("calls.xlsx");
    export(input, &file, options);
    let sheets = sheets(&file);
    for sheet in &sheets {
        sheet.check(&file);
    }
    sheets
}

#[test]
fn empty_columns_are_hidden_and_rows_are_up_to_four_lines_high() {
    let day = std::fs::read_to_string("samples/day.jsonl").expect("a sample");
    let sheets = check_export(&day, &[]);
    assert_eq!(sheets.len(), 4);
    for sheet in sheets.iter().filter(|sheet| !sheet.is_about()) {
        assert_eq!(sheet.hidden_columns(), sheet.empty_columns());
    }
    assert_eq!(sheets[1].hidden_columns(), ["elapsed"]);
}

#[test]
fn a_column_with_empty_texts_is_hidden() {
    let mut body = call(1, &json!({"note": "", "answer": "ja"}));
    body["transcript"] = json!("");
    let sheets = check_export(
        &body.to_string(),
        &["--columns", "id,transcript,*_variables.*"],
    );
    assert_eq!(sheets[0].hidden_columns(), ["transcript", "note"]);
}

#[test]
fn the_last_row_has_a_height_too() {
    let long = "viel Text ".repeat(3_000);
    for text in [long.clone(), "eins\nzwei\ndrei\nvier\nfünf".to_owned()] {
        let mut body = call(1, &json!({"note": text}));
        body["transcript"] = json!(text);
        let sheets = check_export(&body.to_string(), &[]);
        for sheet in &sheets[..2] {
            let rows = tags(&sheet.xml, "row");
            let heights: Vec<_> = rows.iter().map(|row| number(row, "ht")).collect();
            assert_eq!(heights.get(1), Some(&Some(MAX_HEIGHT)), "{}", sheet.name);
        }
    }
}

#[test]
fn a_sheet_always_shows_a_column() {
    let body = call(1, &json!({})).to_string();
    let sheets = check_export(&body, &["--columns", "assistant_phone,lead.id"]);
    assert!(sheets[0].hidden_columns().is_empty());
    let sheets = check_export(&body, &["--status", "busy"]);
    assert_eq!(sheets[0].rows.len(), 1);
    assert!(sheets[0].hidden_columns().is_empty());
}

#[test]
fn wide_contents_and_headings_are_wrapped() {
    let names: Vec<String> = (0..300)
        .map(|number| format!("{}_{number}", "sehr_langer_name".repeat(number % 12)))
        .collect();
    let texts = ["", "x", "W", "漢字", "👩‍👩‍👧", "שלום", "a b "];
    let values = names.iter().enumerate().map(|(index, name)| {
        let text = texts[index % texts.len()].repeat(1 << (index % 14));
        (name.clone(), json!(text))
    });
    let extracted: serde_json::Map<_, _> = values.collect();
    let bodies = (1..4).map(|id| call(id, &json!(extracted)).to_string());
    check_export(&bodies.collect::<Vec<_>>().join("\n"), &[]);
}

/// The headings of a sheet.
fn headings(sheet: &Sheet) -> Vec<String> {
    sheet.rows[0].iter().map(ToString::to_string).collect()
}

#[test]
fn headings_are_short_and_name_the_zone_of_times() {
    let input = std::fs::read_to_string("tests/cmd/export/headings.jsonl").expect("a file");
    let sheets = check_export(&input, &["--tz", "Europe/Berlin"]);
    let calls = headings(&sheets[0]);
    for heading in [
        "id",
        "created_at (Europe/Berlin)",
        "lead.updated_at (Europe/Berlin)",
        "summary",
        "extracted_variables.status",
        "order.number",
        "input.company",
        "lead.company",
        "lead.variables.id",
        "assistant_name",
        "/metadata/source",
    ] {
        assert!(
            calls.iter().any(|other| other == heading),
            "{heading}: {calls:?}"
        );
    }
    let campaigns = headings(&sheets[2]);
    assert!(campaigns.contains(&"updated_at (Europe/Berlin)".to_owned()));
    let sheets = check_export(&input, &["--headings", "full"]);
    assert!(headings(&sheets[0]).contains(&"extracted_variables.order.number".to_owned()));
    assert!(headings(&sheets[0]).contains(&"created_at".to_owned()));
    let sheets = check_export(&input, &["--columns", "id,created_at=Wann,finished_at"]);
    assert_eq!(headings(&sheets[0]), ["id", "Wann", "finished_at (UTC)"]);
    let sheets = check_export(&input, &["--headings", "sql"]);
    for heading in sheets[..3].iter().flat_map(headings) {
        let is_allowed = |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
        assert!(heading.bytes().all(is_allowed), "{heading}");
    }
}

#[test]
fn every_format_has_the_same_headings() {
    let input = std::fs::read_to_string("tests/cmd/export/headings.jsonl").expect("a file");
    for style in ["full", "short", "sql"] {
        let export = |format: &[&str]| {
            let options = ["export", "--headings", style, "--columns", "*,-*_at"];
            let output = postcall(&[&options, format].concat(), input.as_bytes());
            String::from_utf8(output.stdout).expect("text")
        };
        let csv = export(&[]);
        let names: Vec<&str> = csv.lines().next().expect("a header").split(',').collect();
        let tsv = export(&["--format", "tsv"]);
        let tsv: Vec<&str> = tsv.lines().next().expect("a header").split('\t').collect();
        assert_eq!(tsv, names);
        let json = export(&["--format", "jsonl", "--flat"]);
        let json: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(&json).expect("an object");
        assert!(json.keys().eq(names.iter().chain(&["_misfits"])));
        let options = ["--headings", style, "--columns", "*,-*_at"];
        assert_eq!(headings(&check_export(&input, &options)[0]), names);
    }
}

#[test]
fn calls_without_a_campaign_are_named() {
    let day = std::fs::read_to_string("samples/day.jsonl").expect("a sample");
    let sheets = check_export(&day, &[]);
    let last = sheets[2].rows.last().expect("rows");
    assert_eq!(
        last[..2],
        [Data::Empty, Data::String("(no campaign)".to_owned())]
    );
    let csv = postcall(&["export", "--rows", "campaigns"], day.as_bytes()).stdout;
    assert!(!String::from_utf8_lossy(&csv).contains("(no campaign)"));
}

#[test]
fn times_have_the_requested_format() {
    let body = call(1, &json!({})).to_string();
    let folder = temporary_folder();
    let file = folder.path().join("calls.xlsx");
    for (format, code) in [
        ("%d.%m.%Y %H:%M", "dd.mm.yyyy hh:mm"),
        ("%-d. %B %Y", "[$-409]d. mmmm yyyy"),
    ] {
        export(&body, &file, &["--time-format", format]);
        let styles = read_xml(&file, "xl/styles.xml");
        assert!(
            styles.contains(&format!("formatCode=\"{code}\"")),
            "{styles}"
        );
        let sheets = sheets(&file);
        let times = sheets[0].rows[1].iter();
        assert!(
            times
                .filter(|cell| matches!(cell, Data::DateTime(_)))
                .count()
                > 2
        );
    }
}

#[test]
fn numbers_and_durations_have_formats_that_show_them() {
    let extracted = json!({"count": 123_456_789_012_345_u64, "price": 1.5, "mixed": 1.5});
    let first = call(1, &extracted);
    let mut second = call(
        2,
        &json!({"count": 7, "price": 2, "mixed": 123_456_789_012_345_u64}),
    );
    second["duration"] = json!(9_999_999_999_u64);
    let mut third = call(3, &json!({}));
    third["duration"] = json!(999_999_999_999_999_u64);
    let input = [first, second, third]
        .map(|body| body.to_string())
        .join("\n");
    let folder = temporary_folder();
    let file = folder.path().join("calls.xlsx");
    export(
        &input,
        &file,
        &["--columns", "duration,*.count,*.price,*.mixed"],
    );
    let sheets = sheets(&file);
    let styles = read_xml(&file, "xl/styles.xml");
    let (_, formats) = styles.split_once("<cellXfs").expect("formats of cells");
    let formats = tags(formats, "xf");
    // Formats of the numbers of a row, by column.
    let number_formats = |row| -> Vec<&str> {
        let formats = sheets[0]
            .cell_formats(row)
            .into_iter()
            .map(|format| formats[format]);
        let ids = formats.map(|format| attribute(format, "numFmtId").unwrap_or("0"));
        ids.collect()
    };
    // 1 is `0`, and 0 the default.
    assert_eq!(number_formats(1)[1..], ["1", "0", "0"]);
    assert_eq!(number_formats(2)[1..], ["1", "0", "1"]);
    let (duration, _) = sheets[0].columns()[0];
    assert!(duration > 15.0, "{duration}");
    let longest = Data::String("999999999999999".to_owned());
    assert_eq!(sheets[0].rows[3][0], longest);
}
