//! The lines of a file of rejects (`--rejects`): records that could not be used, and values that do
//! not have the type of their column.

use serde::Serialize;
use serde_json::value::RawValue;

use crate::table::column::Column;
use crate::table::row::Cell;
use crate::text::shorten::shorten;

/// One line of the file of rejects.
#[derive(Debug, Default, Serialize)]
pub(crate) struct RejectLine<'a> {
    pub(crate) source: &'a str,
    pub(crate) line: u64,
    pub(crate) column: u64,
    /// The coding of the text that line and column count in, such as `gzip` or `base64`; absent if
    /// they count in the source itself.
    #[serde(rename = "in", skip_serializing_if = "Option::is_none")]
    pub(crate) coding: Option<&'a str>,
    pub(crate) reason: &'a str,
    /// The record, unchanged. A record that is not UTF-8 is in `record_base64` instead. Both are
    /// absent if the start or end of the record is unknown, or if the line before has the same one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) record: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) record_base64: Option<String>,
    /// The JSON Pointer to a value that does not have the type of its column, in the document of
    /// `source`. Line and column are those of its call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pointer: Option<&'a str>,
    /// That value, as JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) value: Option<&'a RawValue>,
}

impl RejectLine<'_> {
    /// Appends the line.
    pub(crate) fn push(&self, out: &mut Vec<u8>) {
        serde_json::to_writer(&mut *out, self).expect("texts and numbers are always JSON");
        out.push(b'\n');
    }
}

/// A value that does not have the type of its column.
pub(crate) struct RejectedValue<'a> {
    pub(crate) column: &'a Column,
    /// The JSON Pointer of the column in a body.
    pub(crate) pointer: &'a str,
    /// The value, as JSON.
    pub(crate) value: &'a str,
    /// The cells of [`SOURCE_COLUMNS`](crate::table::column::SOURCE_COLUMNS).
    pub(crate) location: &'a [Option<Cell<'a>>],
}

/// Appends the line about a value.
pub(crate) fn push_reject(rejected: &RejectedValue, out: &mut Vec<u8>) {
    let RejectedValue { column, value, .. } = rejected;
    let text = |index: usize| rejected.location[index].as_ref().map(|cell| &*cell.text);
    let number = |index| {
        text(index)
            .and_then(|text| text.parse().ok())
            .unwrap_or_default()
    };
    // The contract has another pointer for the members of a known variant.
    let variants = [("/id", text(5)), ("/campaign", text(6))];
    let variant = variants.into_iter().find_map(|(documented, actual)| {
        let rest = rejected.pointer.strip_prefix(documented)?;
        let is_inside = rest.is_empty() || rest.starts_with('/');
        actual
            .filter(|_| is_inside)
            .map(|actual| [actual, rest].concat())
    });
    let in_body = variant.unwrap_or_else(|| rejected.pointer.to_owned());
    let pointer = [text(2).unwrap_or_default(), &in_body].concat();
    let reason = format!(
        "{}: expected {}, found {}",
        column.name,
        column.cell_type.describe(),
        shorten(value)
    );
    let line = RejectLine {
        source: text(0).unwrap_or_default(),
        line: number(1),
        column: number(3),
        coding: text(4),
        reason: &reason,
        pointer: Some(&pointer),
        value: serde_json::from_str(value).ok(),
        ..RejectLine::default()
    };
    line.push(out);
}
