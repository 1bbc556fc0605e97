//! Formats of the commands that print a table, such as `list`: those for people, JSON, and text
//! formats of `export` without their options.

use super::delimited::Dialect;
use super::export_text_format::TextFormat;
use super::json::JsonWriter;
use super::markdown::MarkdownWriter;
use crate::json::Json;
use crate::table::row::Cell;
use crate::table::writer::{Heading, RowWriter};
use crate::time::zone::Zone;
use crate::view::table::TableWriter;
use crate::view::terminal::Terminal;

/// Format of a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub(crate) enum TableFormat {
    /// Aligned columns, fitted to the terminal
    #[default]
    Table,
    /// Markdown table, for issues and wikis
    Markdown,
    /// One JSON array of objects
    Json,
    /// One JSON object per line
    Jsonl,
    /// Comma-separated values (RFC 4180)
    Csv,
    /// Tab-separated values, quoted like CSV
    Tsv,
}

impl TableFormat {
    /// True for the formats that people read. Their cells hold words instead of the raw values of
    /// the body.
    #[must_use]
    pub(crate) fn is_for_people(self) -> bool {
        match self {
            Self::Table | Self::Markdown => true,
            Self::Json | Self::Jsonl | Self::Csv | Self::Tsv => false,
        }
    }

    /// True for the JSON formats, in which values keep their JSON type.
    #[must_use]
    pub(crate) fn is_json(self) -> bool {
        matches!(self, Self::Json | Self::Jsonl)
    }

    /// Converts a value of the body to a cell of a data format. The JSON formats keep the value
    /// verbatim, escapes included. Returns `None` for `null`.
    #[must_use]
    pub(crate) fn cell(self, value: Json<'_>) -> Option<Cell<'_>> {
        if self.is_json() {
            return (!value.is_null()).then(|| Cell::verbatim(value));
        }
        Cell::from_json(value)
    }
}

/// Format of a table, and how its values are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TableOptions {
    pub(crate) format: TableFormat,
    /// True if CSV and TSV guard text that a spreadsheet could run as a formula
    /// ([`guard`](crate::guard)).
    pub(crate) guard: bool,
    /// The zone of the times in formats for people.
    pub(crate) zone: Zone,
}

impl From<TableFormat> for TableOptions {
    fn from(format: TableFormat) -> Self {
        Self {
            format,
            guard: true,
            zone: Zone::FromBody,
        }
    }
}

/// Creates a writer of a table with these headings. `terminal` is used only by the formats that
/// people read.
#[must_use]
pub(crate) fn create_writer(
    options: &TableOptions,
    headings: Vec<Heading>,
    terminal: Terminal,
) -> Box<dyn RowWriter> {
    let text_format = match options.format {
        TableFormat::Table => return Box::new(TableWriter::new(headings, terminal)),
        TableFormat::Markdown => return Box::new(MarkdownWriter::new(headings)),
        TableFormat::Json => return Box::new(JsonWriter::array(&headings)),
        TableFormat::Jsonl => TextFormat::JsonLines { flat: true },
        TableFormat::Csv => TextFormat::Delimited(Dialect::csv()),
        TableFormat::Tsv => TextFormat::Delimited(Dialect::tsv()),
    };
    text_format
        .with_guard(options.guard)
        .create_writer(&headings)
}
