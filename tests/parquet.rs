//! Parquet files that `export` writes, read back by the reader of the `parquet` crate.
#![cfg(feature = "parquet")]

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use crate::common::{call, export, temporary_folder};
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::Field;
use serde_json::json;

fn text(text: &str) -> Field {
    Field::Str(text.to_owned())
}

/// The rows of a file, each as its cells by column.
fn read_rows(file: &Path) -> Vec<HashMap<String, Field>> {
    let reader =
        SerializedFileReader::new(fs::File::open(file).expect("written")).expect("Parquet");
    let rows = reader.get_row_iter(None).expect("rows");
    rows.map(|row| {
        let row = row.expect("a row");
        let cells = row.get_column_iter();
        cells
            .map(|(name, field)| (name.clone(), field.clone()))
            .collect()
    })
    .collect()
}

#[test]
fn a_column_has_the_type_that_fits_all_its_values() {
    let folder = temporary_folder();
    let file = folder.path().join("calls.parquet");
    let first = json!({"whole": 1, "part": 1, "flag": true, "mixed": 1, "list": [1], "text": "ü", "late": null});
    let second = json!({"whole": -9_007_199_254_740_993_i64, "part": 2.5, "flag": false, "mixed": "a\"b", "list": [], "text": "", "late": "x"});
    let third = json!({"long": 1});
    let input = [call(1, &first), call(2, &second), call(3, &third)]
        .map(|body| body.to_string())
        .join("\n");
    let input = input.replace("\"long\":1", "\"long\":12345678901234567890");
    export(&input, &file, &[]);
    let rows = read_rows(&file);
    let cells = |name: &str| -> Vec<Field> { rows.iter().map(|row| row[name].clone()).collect() };
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
    assert_eq!(variable("mixed"), [text("1"), text("a\"b"), Field::Null]);
    assert_eq!(variable("list"), [text("[1]"), text("[]"), Field::Null]);
    assert_eq!(variable("text"), [text("ü"), text(""), Field::Null]);
    assert_eq!(variable("late"), [Field::Null, text("x"), Field::Null]);
    assert_eq!(variable("long")[2], text("12345678901234567890"));
}

#[test]
fn a_text_does_not_depend_on_other_rows() {
    let folder = temporary_folder();
    let values = [
        json!("a\"b"),
        json!(1),
        json!(true),
        json!(["x"]),
        json!({}),
    ];
    for other in values {
        let file = folder.path().join("variables.parquet");
        let input = call(1, &json!({"first": "a\"b", "second": other})).to_string();
        export(&input, &file, &["--rows", "variables"]);
        assert_eq!(read_rows(&file)[0]["value"], text("a\"b"), "{other}");
    }
}

#[test]
fn many_rows_are_split_into_row_groups() {
    let folder = temporary_folder();
    let file = folder.path().join("turns.parquet");
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
