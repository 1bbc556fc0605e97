//! Cells of CSV and of other text in columns.

use csv::{ReaderBuilder, WriterBuilder};

/// A cell in quotes if it needs them.
pub(crate) fn encode_cell(text: &str, delimiter: u8) -> String {
    let mut writer = WriterBuilder::new()
        .delimiter(delimiter)
        .from_writer(Vec::new());
    writer.write_record([text]).expect("memory");
    let line = writer.into_inner().expect("memory");
    let line = String::from_utf8(line).expect("the text is UTF-8");
    line.trim_end().to_owned()
}

/// The first cell of a line.
pub(crate) fn decode_cell(text: &str, delimiter: u8) -> Option<String> {
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let row = reader.records().next()?.ok()?;
    Some(row.get(0)?.to_owned())
}
