//! JSON rows: objects in one array, or one a line (JSON Lines). Numbers, booleans and nested values stand as they stood in the body.
//! A heading with a dot opens an object: `campaign.id` and `campaign.name` become `"campaign":{"id":…,"name":…}`.

use std::io::{self, Write};

use crate::table::row::{Cell, CellKind};
use crate::table::writer::RowWriter;
use crate::view::safe_text;

/// Writes rows as JSON objects.
pub(super) struct JsonWriter {
    names: Vec<Name>,
    is_array: bool,
    rows: u64,
}

struct Name {
    /// The object that the member stands in, if not the row itself.
    parent: Option<String>,
    /// The member's name as a JSON string.
    quoted: String,
}

impl JsonWriter {
    pub(super) fn array(headings: &[String]) -> Self {
        Self::new(headings, true)
    }

    pub(super) fn lines(headings: &[String]) -> Self {
        Self::new(headings, false)
    }

    fn new(headings: &[String], is_array: bool) -> Self {
        let names = headings
            .iter()
            .map(|heading| match heading.split_once('.') {
                Some((parent, name)) => Name {
                    parent: Some(quote(parent)),
                    quoted: quote(name),
                },
                None => Name {
                    parent: None,
                    quoted: quote(heading),
                },
            })
            .collect();
        Self {
            names,
            is_array,
            rows: 0,
        }
    }

    fn object(&self, cells: &[Option<Cell>]) -> String {
        let mut text = String::from("{");
        let columns: Vec<_> = self.names.iter().zip(cells).collect();
        for (index, group) in columns
            .chunk_by(|a, b| a.0.parent.is_some() && a.0.parent == b.0.parent)
            .enumerate()
        {
            if index > 0 {
                text.push(',');
            }
            match &group[0].0.parent {
                Some(parent) if group.iter().all(|(_, cell)| cell.is_none()) => {
                    text.push_str(parent);
                    text.push_str(":null");
                }
                Some(parent) => {
                    text.push_str(parent);
                    text.push_str(":{");
                    members(group, &mut text);
                    text.push('}');
                }
                None => members(group, &mut text),
            }
        }
        text.push('}');
        text
    }
}

fn members(columns: &[(&Name, &Option<Cell>)], text: &mut String) {
    for (index, (name, cell)) in columns.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        text.push_str(&name.quoted);
        text.push(':');
        match cell {
            None => text.push_str("null"),
            Some(Cell {
                kind: CellKind::Text,
                text: value,
            }) => text.push_str(&quote(value)),
            Some(value) => text.push_str(&safe_text::json(&value.text)),
        }
    }
}

/// `text` as a JSON string that is safe to look at.
fn quote(text: &str) -> String {
    let quoted = serde_json::to_string(text).expect("a string is always JSON");
    safe_text::json(&quoted).into_owned()
}

impl RowWriter for JsonWriter {
    fn row(&mut self, cells: &[Option<Cell>], out: &mut dyn Write) -> io::Result<()> {
        let object = self.object(cells);
        let separator = match (self.is_array, self.rows) {
            (false, _) => "",
            (true, 0) => "[\n  ",
            (true, _) => ",\n  ",
        };
        let end = if self.is_array { "" } else { "\n" };
        self.rows += 1;
        write!(out, "{separator}{object}{end}")
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

    #[test]
    fn dotted_headings_open_objects_and_numbers_stay_as_they_are() {
        let headings = ["id", "campaign.id", "campaign.name"].map(str::to_owned);
        let mut writer = JsonWriter::array(&headings);
        let mut out = Vec::new();
        let number = Cell {
            kind: CellKind::Number,
            text: Cow::Borrowed("12345678901234567890"),
        };
        writer
            .row(
                &[Some(number), None, Some(Cell::text("a\"\u{9b}"))],
                &mut out,
            )
            .and_then(|()| writer.row(&[None, None, None], &mut out))
            .and_then(|()| writer.finish(&mut out))
            .expect("a Vec takes every write");
        assert_eq!(
            String::from_utf8_lossy(&out),
            "[\n  {\"id\":12345678901234567890,\"campaign\":{\"id\":null,\"name\":\"a\\\"\\u009b\"}},\n  {\"id\":null,\"campaign\":null}\n]\n"
        );
    }
}
