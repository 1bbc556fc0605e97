//! CSV is what a plain writer, the `csv` crate, writes for its cells. They are the values of the
//! bodies, once the guard against formulas is undone.

use chrono::DateTime;
use csv::StringRecord;
use postcall::capture::source::reader::SourceOptions;
use postcall::capture::source::sources::sources_from_reader;
use postcall::export::{Dialect, TextFormat};
use postcall::host::Clock;
use postcall::in_memory;
use serde_json::Value;

#[path = "../../../tests/common/guard.rs"]
#[allow(dead_code, clippy::duplicate_mod, reason = "tests use all of it")]
mod guard;

use guard::without_guard_in;

/// Number of bytes before the first value.
const HEAD: usize = 2;

/// Separates the values.
const SEPARATOR: u8 = 0;

/// Checks a table. The first byte chooses the delimiter, the second the number of columns; after
/// them come values with a NUL between them: JSON, or else text.
pub fn check(data: &[u8]) {
    let Some((head, values)) = data.split_at_checked(HEAD) else {
        return;
    };
    let delimiter = b",;\t|"[usize::from(head[0]) % 4];
    let columns = 1 + usize::from(head[1]) % 4;
    let values: Vec<String> = values
        .split(|byte| *byte == SEPARATOR)
        .map(json_value)
        .collect();
    let rows: Vec<&[String]> = values.chunks(columns).collect();
    let table = export(&rows, delimiter);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .from_reader(&table[..]);
    let headers = reader.headers().expect("a header").clone();
    let records: Vec<_> = reader
        .records()
        .map(|record| record.expect("rows of the same length"))
        .collect();
    assert_eq!(records.len(), rows.len());
    assert_eq!(write_plainly(&headers, &records, delimiter), table);
    for (record, row) in records.iter().zip(rows) {
        for (index, value) in row.iter().enumerate() {
            let name = format!("extracted_variables.v{index}");
            let column = headers.iter().position(|header| header == name);
            let cell = column.and_then(|column| record.get(column));
            check_cell(cell.unwrap_or_default(), value, char::from(delimiter));
        }
    }
}

/// Checks the cell of a value, given as JSON.
fn check_cell(cell: &str, value: &str, delimiter: char) {
    let unguarded = without_guard_in(cell, delimiter);
    match serde_json::from_str(value) {
        Ok(Value::Null) => assert_eq!(cell, ""),
        Ok(Value::String(text)) => assert_eq!(unguarded, text, "{value}"),
        Ok(list @ Value::Array(_)) => {
            let read: Value = serde_json::from_str(&unguarded).expect("a list as JSON");
            assert_eq!(read, list, "{value}");
        }
        // Numbers and booleans are written verbatim.
        Ok(_) => assert_eq!(cell, value),
        Err(error) => unreachable!("{value}: {error}"),
    }
}

/// The table as the `csv` crate writes it.
fn write_plainly(headers: &StringRecord, records: &[StringRecord], delimiter: u8) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(delimiter)
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    for record in std::iter::once(headers).chain(records) {
        writer.write_record(record).expect("memory can be written");
    }
    writer.into_inner().expect("memory can be written")
}

/// The JSON that `bytes` are if they are a value without objects, else their text as JSON.
fn json_value(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    match serde_json::from_str(&text) {
        // Objects have a column for each of their members.
        Ok(Value::Object(_)) => format!("[{text}]"),
        Ok(_) => text.trim_ascii().to_owned(),
        Err(_) => Value::from(&*text).to_string(),
    }
}

/// The calls with these extracted variables as CSV.
fn export(rows: &[&[String]], delimiter: u8) -> Vec<u8> {
    let mut calls = String::new();
    for row in rows {
        let members = row.iter().enumerate();
        let members: Vec<String> = members
            .map(|(index, value)| format!("\"v{index}\":{value}"))
            .collect();
        calls += "{\"customer_phone\":null,\"duration\":1,\"transcript\":\"\",\
                  \"extracted_variables\":{";
        calls += &members.join(",");
        calls += "}}\n";
    }
    let reader = std::io::Cursor::new(calls.into_bytes());
    let sources = sources_from_reader("calls", reader, &SourceOptions::default());
    let mut dialect = Dialect::csv();
    dialect.delimiter = delimiter;
    let format = TextFormat::Delimited(dialect);
    let time = DateTime::from_timestamp(1_705_314_600, 0).expect("a time");
    let mut table = Vec::new();
    in_memory::export(sources, &format, Clock::Fixed(time), &mut table)
        .expect("memory can be written");
    table
}
