//! JSON rows: one array of objects, or one object per line (JSON Lines). Numbers, booleans and
//! nested values are written verbatim. Columns with a path are nested: `campaign.id` and
//! `campaign.name` become `"campaign":{"id":…,"name":…}`.

use std::collections::HashMap;
use std::io::{self, Write};

use crate::table::row::{Cell, CellKind};
use crate::table::writer::{Heading, RowWriter};
use crate::text::safe_text;

pub(crate) struct JsonWriter {
    members: Vec<JsonMember>,
    is_array: bool,
    absent: AbsentValue,
    rows: u64,
    /// Bytes of the current row; the allocation is reused.
    row: Vec<u8>,
}

/// How a missing value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AbsentValue {
    /// As `null`, so that each row has all members.
    Null,
    /// Not at all.
    Omitted,
}

/// A member of a row or of an object nested in it.
struct JsonMember {
    /// Name as a JSON string, followed by a colon.
    quoted: Vec<u8>,
    /// Column that holds the value, if there is one.
    column: Option<usize>,
    /// Members of the nested object, which is written if `column` is absent or has no value.
    members: Vec<JsonMember>,
}

impl JsonWriter {
    /// A writer of one array with an object per row.
    pub(crate) fn array(headings: &[Heading], absent: AbsentValue) -> Self {
        Self::new(headings, true, absent)
    }

    /// A writer of one object per line.
    pub(crate) fn lines(headings: &[Heading], absent: AbsentValue) -> Self {
        Self::new(headings, false, absent)
    }

    fn new(headings: &[Heading], is_array: bool, absent: AbsentValue) -> Self {
        let mut members = Vec::new();
        let mut index = MemberIndex::new();
        for (column, heading) in headings.iter().enumerate() {
            let only_name = std::slice::from_ref(&heading.name);
            let path = if heading.path.is_empty() {
                only_name
            } else {
                &heading.path
            };
            add_column(&mut members, path, 0, column, &mut index);
        }
        Self {
            members,
            is_array,
            absent,
            rows: 0,
            row: Vec::new(),
        }
    }
}

/// Position of each member in its object, by the path of the member. Needed while the members are
/// built.
type MemberIndex<'h> = HashMap<&'h [String], usize>;

/// Adds a column at `path`. `members` belong to the object at the first `depth` names of `path`.
/// Columns whose paths start alike share their objects.
fn add_column<'h>(
    members: &mut Vec<JsonMember>,
    path: &'h [String],
    depth: usize,
    column: usize,
    index: &mut MemberIndex<'h>,
) {
    let Some(name) = path.get(depth) else {
        return;
    };
    let position = *index.entry(&path[..=depth]).or_insert_with(|| {
        let mut quoted = Vec::new();
        push_quoted(name, &mut quoted);
        quoted.push(b':');
        members.push(JsonMember {
            quoted,
            column: None,
            members: Vec::new(),
        });
        members.len() - 1
    });
    if depth + 1 == path.len() {
        members[position].column = Some(column);
    } else {
        add_column(
            &mut members[position].members,
            path,
            depth + 1,
            column,
            index,
        );
    }
}

/// Appends an object to `text`, or `null` if it has no values and is not a row. Returns true if it
/// has values.
fn push_object(
    members: &[JsonMember],
    cells: &[Option<Cell>],
    absent: AbsentValue,
    is_row: bool,
    text: &mut Vec<u8>,
) -> bool {
    let start = text.len();
    let mut has_values = false;
    let mut separator = b'{';
    for member in members {
        let before = text.len();
        text.push(separator);
        text.extend_from_slice(&member.quoted);
        let has_value = match member.column.and_then(|column| cells[column].as_ref()) {
            Some(cell) => {
                push_value(cell, text);
                true
            }
            None if member.members.is_empty() => {
                text.extend_from_slice(b"null");
                false
            }
            None => push_object(&member.members, cells, absent, false, text),
        };
        has_values |= has_value;
        if has_value || absent == AbsentValue::Null {
            separator = b',';
        } else {
            text.truncate(before);
        }
    }
    if has_values || is_row {
        if separator == b'{' {
            text.push(b'{');
        }
        text.push(b'}');
    } else {
        text.truncate(start);
        text.extend_from_slice(b"null");
    }
    has_values
}

fn push_value(cell: &Cell, text: &mut Vec<u8>) {
    match cell.kind {
        CellKind::Text | CellKind::Time => push_quoted(&cell.text, text),
        _ => text.extend_from_slice(safe_text::json(&cell.text).as_bytes()),
    }
}

/// Appends a JSON string, with characters escaped that a terminal could interpret.
fn push_quoted(string: &str, text: &mut Vec<u8>) {
    if safe_text::is_safe_in_json(string) {
        serde_json::to_writer(text, string).expect("a string is always JSON");
    } else {
        let quoted = serde_json::to_string(string).expect("a string is always JSON");
        text.extend_from_slice(safe_text::json(&quoted).as_bytes());
    }
}

impl RowWriter for JsonWriter {
    fn write_row(&mut self, cells: &[Option<Cell>], out: &mut dyn Write) -> io::Result<()> {
        let separator = match (self.is_array, self.rows) {
            (false, _) => "",
            (true, 0) => "[\n  ",
            (true, _) => ",\n  ",
        };
        self.rows += 1;
        self.row.clear();
        self.row.extend_from_slice(separator.as_bytes());
        push_object(&self.members, cells, self.absent, true, &mut self.row);
        if !self.is_array {
            self.row.push(b'\n');
        }
        out.write_all(&self.row)
    }

    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        match (self.is_array, self.rows) {
            (false, _) => Ok(()),
            (true, 0) => out.write_all(b"[]\n"),
            (true, _) => out.write_all(b"\n]\n"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::borrow::Cow;

    fn headings(names: &[&str]) -> Vec<Heading> {
        let path = |name: &str| name.split('.').map(str::to_owned).collect::<Vec<_>>();
        names
            .iter()
            .map(|name| Heading::new(*name).nested(&path(name)))
            .collect()
    }

    fn write_rows(mut writer: JsonWriter, rows: &[&[Option<Cell>]]) -> String {
        let mut out = Vec::new();
        rows.iter()
            .try_for_each(|row| writer.write_row(row, &mut out))
            .and_then(|()| writer.finish(&mut out))
            .expect("a Vec takes every write");
        String::from_utf8(out).expect("JSON is text")
    }

    #[test]
    fn columns_with_a_path_are_nested_and_numbers_are_verbatim() {
        let headings = headings(&["id", "campaign.id", "campaign.name"]);
        let number = Cell {
            kind: CellKind::Number,
            text: Cow::Borrowed("12345678901234567890"),
        };
        let first = [Some(number), None, Some(Cell::text("a\"\u{9b}"))];
        assert_eq!(
            write_rows(
                JsonWriter::array(&headings, AbsentValue::Null),
                &[&first, &[None, None, None]]
            ),
            "[\n  {\"id\":12345678901234567890,\"campaign\":{\"id\":null,\"name\":\"a\\\"\\u009b\"}},\n  {\"id\":null,\"campaign\":null}\n]\n"
        );
    }

    #[test]
    fn missing_values_may_be_omitted_and_columns_of_an_object_need_not_be_adjacent() {
        let headings = headings(&["a.b.c", "id", "a.d", "a"]);
        let cell = |number: i32| Some(Cell::number(number));
        assert_eq!(
            write_rows(
                JsonWriter::lines(&headings, AbsentValue::Omitted),
                &[
                    &[cell(1), cell(2), cell(3), None],
                    &[None, cell(2), None, cell(4)],
                    &[None, None, cell(3), None],
                    &[None, None, None, None],
                ]
            ),
            "{\"a\":{\"b\":{\"c\":1},\"d\":3},\"id\":2}\n{\"a\":4,\"id\":2}\n{\"a\":{\"d\":3}}\n{}\n"
        );
    }
}
