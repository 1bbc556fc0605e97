//! Parquet files that `export` writes, read back by the reader of the `parquet` crate.
#![cfg(feature = "parquet")]

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::common::{call, export, postcall, temporary_folder};
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::Field;
use serde_json::{Value, json};

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
fn without_a_declaration_a_variable_has_the_type_that_fits_all_its_values() {
    let folder = temporary_folder();
    let file = folder.path().join("calls.parquet");
    let first = json!({"whole": 1, "part": 1, "flag": true, "mixed": 1, "list": [1], "text": "ü", "late": null, "exact": 9_007_199_254_740_993_i64});
    let second = json!({"whole": -2, "part": 2.5, "flag": false, "mixed": "a\"b", "list": [], "text": "", "late": "x"});
    let third = json!({"long": 1});
    let input = [call(1, &first), call(2, &second), call(3, &third)]
        .map(|body| body.to_string())
        .join("\n");
    let input = input.replace("\"long\":1", "\"long\":12345678901234567890");
    let output = export(&input, &file, &[]);
    let rows = read_rows(&file);
    let cells = |name: &str| -> Vec<Field> { rows.iter().map(|row| row[name].clone()).collect() };
    let variable = |name: &str| cells(&format!("extracted_variables.{name}"));
    // A number is a double: the next file may have a fraction.
    assert_eq!(
        variable("whole"),
        [Field::Double(1.0), Field::Double(-2.0), Field::Null]
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
    // Doubles would lose digits of these.
    assert_eq!(variable("long")[2], text("12345678901234567890"));
    assert_eq!(variable("exact")[0], text("9007199254740993"));
    let messages = String::from_utf8(output.stderr).expect("text");
    assert!(messages.contains("are text: extracted_variables.exact, extracted_variables.long\n"));
    assert!(messages.contains("postcall infer"), "{messages}");
}

/// Six days whose variable `nps` has values of several types. Two have a bad documented value.
fn six_days() -> Vec<Value> {
    let values = [
        json!(9),
        json!(8.5),
        Value::Null,
        json!("nine"),
        json!(true),
        json!(7),
    ];
    let days = (1..).zip(values).map(|(id, nps)| {
        let mut body = call(id, &json!({"nps": nps, "city": "Köln"}));
        match id {
            3 => body["duration"] = json!("twelve"),
            5 => body["created_at"] = json!("yesterday"),
            _ => {}
        }
        body
    });
    days.collect()
}

const DECLARATION: &str = r#"[{"name":"nps","type":"number"},{"name":"done","type":"bool"}]"#;

/// Exports each day to a file of its own, with the declaration.
fn export_days(folder: &Path, options: &[&str]) -> Vec<PathBuf> {
    let declaration = folder.join("declared.json");
    fs::write(&declaration, DECLARATION).expect("written");
    let declaration = declaration.to_str().expect("UTF-8");
    let days = six_days().into_iter().enumerate();
    let files = days.map(|(day, body)| {
        let file = folder.join(format!("{day}.parquet"));
        let path = file.to_str().expect("UTF-8");
        let arguments = ["export", "-o", path, "--variables", declaration];
        let output = postcall(&[&arguments, options].concat(), body.to_string().as_bytes());
        let misfits = [2, 3, 4].contains(&day);
        assert_eq!(output.status.code(), Some(i32::from(misfits)), "{day}");
        file
    });
    files.collect()
}

/// The columns of a file, each with its type.
fn schema(file: &Path) -> Vec<String> {
    let reader =
        SerializedFileReader::new(fs::File::open(file).expect("written")).expect("Parquet");
    let schema = reader.metadata().file_metadata().schema_descr();
    let columns = schema.columns().iter();
    columns
        .map(|column| format!("{} {:?}", column.path(), column.physical_type()))
        .collect()
}

#[test]
fn daily_files_have_the_same_columns_and_keep_what_does_not_fit() {
    let folder = temporary_folder();
    let files = export_days(folder.path(), &[]);
    let schemas: HashSet<Vec<String>> = files.iter().map(|file| schema(file)).collect();
    assert_eq!(schemas.len(), 1);
    let rows: Vec<_> = files.iter().flat_map(|file| read_rows(file)).collect();
    let cells = |name: &str| -> Vec<Field> { rows.iter().map(|row| row[name].clone()).collect() };
    let (double, null) = (Field::Double, Field::Null);
    assert_eq!(
        cells("extracted_variables.nps"),
        [
            double(9.0),
            double(8.5),
            null.clone(),
            null.clone(),
            null.clone(),
            double(7.0)
        ]
    );
    assert_eq!(cells("extracted_variables.done"), vec![null.clone(); 6]);
    assert_eq!(cells("duration")[2], null);
    assert_eq!(cells("duration")[3], Field::Long(3725));
    // 2024-01-15T09:30:00Z
    let time = Field::TimestampMicros(1_705_311_000_000_000);
    assert_eq!(cells("created_at")[3..5], [time, null.clone()]);
    assert_eq!(
        cells("_misfits"),
        [
            null.clone(),
            null.clone(),
            text(r#"{"duration":"twelve"}"#),
            text(r#"{"extracted_variables.nps":"nine"}"#),
            text(r#"{"extracted_variables.nps":true,"created_at":"yesterday"}"#),
            null,
        ]
    );
}

#[test]
fn only_declared_columns_do_not_depend_on_the_input() {
    let folder = temporary_folder();
    let file = folder.path().join("calls.parquet");
    let declaration = folder.path().join("declared.json");
    fs::write(&declaration, DECLARATION).expect("written");
    let options = [
        "--only-declared",
        "--variables",
        declaration.to_str().expect("UTF-8"),
    ];
    let mut schemas = HashSet::new();
    for variables in [
        json!({}),
        json!({"a": 1, "nps": 1}),
        json!({"b": {"c": []}, "done": true}),
    ] {
        let mut body = call(1, &variables);
        body["unknown"] = variables.clone();
        export(&body.to_string(), &file, &options);
        schemas.insert(schema(&file));
    }
    assert_eq!(schemas.len(), 1);
}

#[test]
fn with_selected_columns_a_nested_schema_does_not_depend_on_the_input() {
    let folder = temporary_folder();
    let file = folder.path().join("calls.parquet");
    let lists = [
        "-transcript",
        "id,extracted_variables.*,lead",
        "id,extracted_variables.a",
        "campaign,extracted_variables",
    ];
    for list in lists {
        let mut schemas = HashSet::new();
        for variables in [json!({}), json!({"a": 1}), json!({"b": {"c": []}})] {
            let mut body = call(1, &variables);
            body["lead"] = json!({"id": 1, "variables": variables});
            body["unknown"] = variables.clone();
            let columns = format!("--columns={list}");
            export(&body.to_string(), &file, &["--nested", "--quiet", &columns]);
            schemas.insert(schema(&file));
        }
        assert_eq!(schemas.len(), 1, "{list}");
    }
}

#[test]
fn the_keys_of_a_map_are_unique() {
    let folder = temporary_folder();
    let file = folder.path().join("calls.parquet");
    let body = call(1, &json!({"x.y": 1, "x": {"y": 2}}));
    export(&body.to_string(), &file, &["--nested"]);
    let variables = nested_value(&read_rows(&file)[0]["extracted_variables"]);
    let expected = json!({"other": {"x.y": "1", "/x/y": "2"}});
    assert_eq!(variables, expected);
}

/// A field of a nested file as JSON.
fn nested_value(field: &Field) -> Value {
    match field {
        Field::Null => Value::Null,
        Field::Long(integer) => json!(integer),
        Field::Str(text) => json!(text),
        Field::Group(row) => {
            let members = row.get_column_iter();
            members
                .filter(|(_, field)| **field != Field::Null)
                .map(|(name, field)| (name.clone(), nested_value(field)))
                .collect()
        }
        Field::ListInternal(list) => list.elements().iter().map(nested_value).collect(),
        Field::MapInternal(map) => {
            let entries = map.entries().iter();
            entries
                .map(|(key, value)| {
                    (
                        key.to_string().trim_matches('"').to_owned(),
                        nested_value(value),
                    )
                })
                .collect()
        }
        other => json!(other.to_string()),
    }
}

#[test]
fn members_nest_with_a_schema_that_depends_on_the_declaration_only() {
    let folder = temporary_folder();
    let files = export_days(folder.path(), &["--nested"]);
    let schemas: HashSet<Vec<String>> = files.iter().map(|file| schema(file)).collect();
    assert_eq!(schemas.len(), 1);
    let file = folder.path().join("nested.parquet");
    let mut first = call(1, &json!({"a": {"b": 1.5}, "c": [1, "x"], "d": null}));
    first["campaign"] = json!({"id": 7, "allowed_days": ["monday", null, 5], "extra": true});
    let mut second = call(2, &json!({}));
    second["campaign"] = json!({"id": 8, "allowed_days": []});
    let third = call(3, &json!({"c": "text"}));
    let bodies = [first, second, third].map(|body| body.to_string());
    export(&bodies.join("\n"), &file, &["--nested"]);
    let rows: Vec<HashMap<String, Value>> = read_rows(&file)
        .into_iter()
        .map(|row| {
            let cells = row.into_iter();
            cells
                .map(|(name, field)| (name, nested_value(&field)))
                .collect()
        })
        .collect();
    assert_eq!(
        rows[0]["extracted_variables"],
        json!({"other": {"a.b": "1.5", "c": "[1,\"x\"]"}})
    );
    let campaign = &rows[0]["campaign"];
    assert_eq!(campaign["id"], json!(7));
    assert_eq!(campaign["allowed_days"], json!(["monday", null, "5"]));
    assert_eq!(campaign["other"], json!({"extra": "true"}));
    assert_eq!(rows[1]["campaign"]["allowed_days"], json!([]));
    assert_eq!(rows[1]["extracted_variables"], Value::Null);
    assert_eq!(rows[2]["campaign"], Value::Null);
    assert_eq!(
        rows[2]["extracted_variables"]["other"],
        json!({"c": "text"})
    );
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
