//! Prints each row as a block of lines, one per field: for narrow terminals and screen readers.
//! There is nothing to align with other rows, so each row is printed when it is complete.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::marks::{paint_marked, split_marks};
use super::table::cell_text;
use super::terminal::Terminal;
use crate::table::row::Cell;
use crate::table::writer::{Heading, RowWriter};
use crate::text::safe_text;
use crate::text::tone::Tone;
use crate::text::workflow_commands::break_commands;
use crate::text::wrap::wrap_lines;

/// Columns between the longest name and the values.
const GAP: usize = 2;

/// Width that values need beside the names. With less, they are below the names.
const MIN_VALUE_WIDTH: usize = 20;

/// Width up to which names widen the column of names.
const MAX_NAME_WIDTH: usize = 40;

/// Indentation of a value below its name.
const INDENT: usize = 2;

/// Writer of rows with one line per field. Fields without a value are omitted.
pub(crate) struct VerticalWriter {
    headings: Vec<Heading>,
    terminal: Terminal,
    /// Column at which values start; `None` if they are below the names.
    value_column: Option<usize>,
    has_rows: bool,
}

impl VerticalWriter {
    /// Creates a writer of rows with these headings.
    #[must_use]
    pub(crate) fn new(mut headings: Vec<Heading>, terminal: Terminal) -> Self {
        for heading in &mut headings {
            heading.name = format!("{}:", safe_text::one_line(&heading.name));
        }
        let names = headings.iter().map(|heading| heading.name.width());
        let column = names.max().unwrap_or(0).min(MAX_NAME_WIDTH) + GAP;
        let has_room = |width| width >= column + MIN_VALUE_WIDTH;
        Self {
            headings,
            terminal,
            value_column: terminal.width.is_none_or(has_room).then_some(column),
            has_rows: false,
        }
    }

    /// The lines of a field.
    fn field_lines(&self, heading: &Heading, text: &str) -> Vec<String> {
        let theme = self.terminal.theme;
        let tone = heading.tone.map_or(Tone::Plain, |tone| tone(text));
        let column = self.value_column.unwrap_or(INDENT);
        let name_width = heading.name.width();
        let is_beside = self.value_column.is_some() && name_width < column;
        let values: Vec<String> = match self.terminal.width {
            None => vec![text.to_owned()],
            Some(width) => {
                let lines = wrap_lines(text, width.saturating_sub(column));
                split_marks(lines).collect()
            }
        };
        let mut lines = Vec::with_capacity(values.len() + 1);
        let name = theme.paint(Tone::Strong, &heading.name);
        if !is_beside {
            lines.push(name.clone());
        }
        for value in values {
            let value = paint_marked(theme, tone, &value);
            lines.push(if is_beside && lines.is_empty() {
                format!("{name}{:1$}{value}", "", column - name_width)
            } else {
                format!("{:column$}{value}", "")
            });
        }
        lines
    }
}

impl RowWriter for VerticalWriter {
    fn write_row(&mut self, cells: &[Option<Cell>], out: &mut dyn Write) -> io::Result<()> {
        if self.has_rows {
            writeln!(out)?;
        }
        self.has_rows = true;
        let fields = self.headings.iter().zip(cells);
        for (heading, cell) in fields.filter_map(|(heading, cell)| Some((heading, cell.as_ref()?)))
        {
            let text = cell_text(&cell.text, heading.search.as_ref(), self.terminal.symbols);
            for line in self.field_lines(heading, &text) {
                let line = line.replace('\u{a0}', " ");
                writeln!(out, "{}", break_commands(line.trim_end()))?;
            }
        }
        Ok(())
    }

    fn finish(&mut self, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print(width: Option<usize>, rows: &[[Option<&str>; 2]]) -> String {
        let headings = vec![Heading::new("Call"), Heading::new("Names")];
        let terminal = Terminal {
            width,
            ..Terminal::default()
        };
        let mut writer = VerticalWriter::new(headings, terminal);
        let mut out = Vec::new();
        for row in rows {
            let cells = row.map(|text| text.map(Cell::text));
            writer
                .write_row(&cells, &mut out)
                .expect("a Vec takes every write");
        }
        writer.finish(&mut out).expect("a Vec takes every write");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn each_field_has_a_line() {
        let rows = [[Some("1"), Some("a\u{1b}b")], [None, Some("c")]];
        let printed = "Call:   1\nNames:  a\\u{1b}b\n\nNames:  c\n";
        assert_eq!(print(None, &rows), printed);
        assert_eq!(print(Some(28), &rows), printed);
    }

    #[test]
    fn long_values_are_wrapped_beside_or_below_the_name() {
        let rows = [[Some("1"), Some("one two three four five six")]];
        assert_eq!(
            print(Some(28), &rows),
            "Call:   1\nNames:  one two three four\n        five six\n"
        );
        assert_eq!(
            print(Some(20), &rows),
            "Call:\n  1\nNames:\n  one two three four\n  five six\n"
        );
    }
}
