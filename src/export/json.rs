//! JSON rows: objects in one array, or one a line (JSON Lines). Numbers, booleans and nested values stand as they stood in the body.
//! Columns with a path stand in objects: `campaign.id` and `campaign.name` become `"campaign":{"id":…,"name":…}`.

use std::collections::HashMap;
use std::io::{self, Write};

use crate::table::row::{Cell, CellKind};
use crate::table::writer::{Heading, RowWriter};
use crate::view::safe_text;

/// Writes rows as JSON objects.
pub(super) struct JsonWriter {
    members: Vec<Member>,
    is_array: bool,
    absent: Absent,
    rows: u64,
    /// The row that is being written.
    row: Vec<u8>,
}

/// What is written where a row has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Absent {
    /// `null`: each row has all members.
    Null,
    /// Nothing.
    LeftOut,
}

/// A member of a row, or of an object in it.
struct Member {
    /// Its name as a JSON string, and a colon.
    quoted: Vec<u8>,
    /// The column that has its value, if it is not an object.
    column: Option<usize>,
    /// The members of its object, for the rows in which the column, if there is one, has no value.
    members: Vec<Member>,
}

impl JsonWriter {
    pub(super) fn array(headings: &[Heading]) -> Self {
        Self::new(headings, true, Absent::Null)
    }

    pub(super) fn lines(headings: &[Heading], absent: Absent) -> Self {
        Self::new(headings, false, absent)
    }

    fn new(headings: &[Heading], is_array: bool, absent: Absent) -> Self {
        let mut members = Vec::new();
        let mut places = Places::new();
        for (column, heading) in headings.iter().enumerate() {
            let own = std::slice::from_ref(&heading.name);
            let path = if heading.path.is_empty() {
                own
            } else {
                &heading.path
            };
            add(&mut members, path, 0, column, &mut places);
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

/// The members of objects while they are gathered: where in its object's members each is, by object and name.
type Places<'h> = HashMap<&'h [String], usize>;

/// Adds a column at `path`, of which the first `depth` names are those of `members`' own object, in an object that is there already if it has the same
/// name.
fn add<'h>(
    members: &mut Vec<Member>,
    path: &'h [String],
    depth: usize,
    column: usize,
    places: &mut Places<'h>,
) {
    let Some(name) = path.get(depth) else {
        return;
    };
    let at = *places.entry(&path[..=depth]).or_insert_with(|| {
        let mut quoted = Vec::new();
        push_quoted(name, &mut quoted);
        quoted.push(b':');
        members.push(Member {
            quoted,
            column: None,
            members: Vec::new(),
        });
        members.len() - 1
    });
    if depth + 1 == path.len() {
        members[at].column = Some(column);
    } else {
        add(&mut members[at].members, path, depth + 1, column, places);
    }
}

/// Adds an object to `text`; without any value it is `null`. Tells whether it has some.
fn push_object(
    members: &[Member],
    cells: &[Option<Cell>],
    absent: Absent,
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
        if has_value || absent == Absent::Null {
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

/// Adds `words` as a JSON string that is safe to look at.
fn push_quoted(words: &str, text: &mut Vec<u8>) {
    if safe_text::is_safe_in_json(words) {
        serde_json::to_writer(text, words).expect("a string is always JSON");
    } else {
        let quoted = serde_json::to_string(words).expect("a string is always JSON");
        text.extend_from_slice(safe_text::json(&quoted).as_bytes());
    }
}

impl RowWriter for JsonWriter {
    fn row(&mut self, cells: &[Option<Cell>], out: &mut dyn Write) -> io::Result<()> {
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

    fn written(mut writer: JsonWriter, rows: &[&[Option<Cell>]]) -> String {
        let mut out = Vec::new();
        rows.iter()
            .try_for_each(|row| writer.row(row, &mut out))
            .and_then(|()| writer.finish(&mut out))
            .expect("a Vec takes every write");
        String::from_utf8(out).expect("JSON is text")
    }

    #[test]
    fn columns_with_a_path_stand_in_objects_and_numbers_stay_as_they_are() {
        let headings = headings(&["id", "campaign.id", "campaign.name"]);
        let number = Cell {
            kind: CellKind::Number,
            text: Cow::Borrowed("12345678901234567890"),
        };
        let first = [Some(number), None, Some(Cell::text("a\"\u{9b}"))];
        assert_eq!(
            written(JsonWriter::array(&headings), &[&first, &[None, None, None]]),
            "[\n  {\"id\":12345678901234567890,\"campaign\":{\"id\":null,\"name\":\"a\\\"\\u009b\"}},\n  {\"id\":null,\"campaign\":null}\n]\n"
        );
    }

    #[test]
    fn what_is_absent_may_be_left_out_and_columns_of_an_object_need_not_be_neighbours() {
        let headings = headings(&["a.b.c", "id", "a.d", "a"]);
        let cell = |number: i32| Some(Cell::number(number));
        assert_eq!(
            written(
                JsonWriter::lines(&headings, Absent::LeftOut),
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
