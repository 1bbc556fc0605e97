//! Writers of rows, one format per file. A writer takes a `&mut dyn Write`, knows no command-line
//! flags and prints nothing on its own.

pub(crate) mod bodies;
#[cfg(feature = "parquet")]
mod buffer;
mod copy;
pub(crate) mod counts;
mod delimited;
pub mod guard;
mod json;
mod markdown;
pub(crate) mod one_pass;
#[cfg(feature = "parquet")]
pub mod parquet;
pub(crate) mod path;
pub mod program;
mod rearrange;
pub(crate) mod table_text;
pub(crate) mod tables;
pub(crate) mod time_style;
pub mod xlsx;

pub use delimited::Dialect;

use clap::ValueEnum;
use delimited::DelimitedWriter;
use json::{AbsentValue, JsonWriter};

use crate::json::Json;
use crate::table::row::Cell;
use crate::table::writer::{Heading, RowWriter};
use crate::view::table::{TableWriter, Terminal};

/// Format of a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum TableFormat {
    /// Columns for people, in the terminal's width
    #[default]
    Table,
    /// A Markdown table, for issues and wikis
    Markdown,
    /// One JSON array of objects, values as they stood in the body
    Json,
    /// One JSON object a line
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
    pub fn is_for_people(self) -> bool {
        matches!(self, Self::Table | Self::Markdown)
    }

    /// True for the JSON formats, in which values keep their JSON type.
    #[must_use]
    pub fn is_json(self) -> bool {
        matches!(self, Self::Json | Self::Jsonl)
    }

    /// Converts a value of the body to a cell of a data format. The JSON formats keep the value
    /// verbatim, escapes included. Returns `None` for `null`.
    #[must_use]
    pub fn cell(self, value: Json<'_>) -> Option<Cell<'_>> {
        if self.is_json() {
            return (!value.is_null()).then(|| Cell::verbatim(value));
        }
        Cell::from_json(value)
    }
}

/// Format of an export.
#[derive(Clone, Debug)]
pub enum OutputFormat {
    /// A text format.
    Text(TextFormat),
    /// An Excel workbook (`.xlsx`).
    Xlsx,
    /// A Parquet file.
    #[cfg(feature = "parquet")]
    Parquet,
}

/// Text format of an export.
#[derive(Clone, Debug)]
pub enum TextFormat {
    /// Values separated by a delimiter, such as CSV and TSV.
    Delimited(Dialect),
    /// JSON Lines, one object per row.
    JsonLines {
        /// True if each column is a member of the row itself. False if members nest as in the body.
        flat: bool,
    },
}

/// Format of a table, and its protection against formula injection ([`guard`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableOptions {
    /// The format.
    pub format: TableFormat,
    /// True if CSV and TSV guard text that a spreadsheet could run as a formula.
    pub guard: bool,
}

impl From<TableFormat> for TableOptions {
    fn from(format: TableFormat) -> Self {
        Self {
            format,
            guard: true,
        }
    }
}

/// Creates a writer of a table with these headings. `terminal` is used only by the formats that
/// people read.
#[must_use]
pub fn create_writer(
    options: TableOptions,
    headings: Vec<Heading>,
    terminal: Terminal,
) -> Box<dyn RowWriter> {
    let guard = options.guard;
    match options.format {
        TableFormat::Table => Box::new(TableWriter::new(headings, terminal)),
        TableFormat::Markdown => Box::new(markdown::MarkdownWriter::new(headings)),
        TableFormat::Json => Box::new(JsonWriter::array(&headings)),
        TableFormat::Jsonl => Box::new(JsonWriter::lines(&headings, AbsentValue::Null)),
        TableFormat::Csv => create_delimited_writer(
            &headings,
            Dialect {
                guard,
                ..Dialect::csv()
            },
        ),
        TableFormat::Tsv => create_delimited_writer(
            &headings,
            Dialect {
                guard,
                ..Dialect::tsv()
            },
        ),
    }
}

/// Creates a writer of delimited rows with these headings.
#[must_use]
pub fn create_delimited_writer(headings: &[Heading], dialect: Dialect) -> Box<dyn RowWriter> {
    let names = headings.iter().map(|heading| heading.name.clone());
    Box::new(DelimitedWriter::new(names.collect(), dialect))
}

/// Creates a writer of JSON Lines. Headings with a path become members of nested objects. Members
/// without a value are `null` if `flat`, and omitted otherwise.
#[must_use]
pub fn create_json_lines_writer(headings: &[Heading], flat: bool) -> Box<dyn RowWriter> {
    let absent = if flat {
        AbsentValue::Null
    } else {
        AbsentValue::Omitted
    };
    Box::new(JsonWriter::lines(headings, absent))
}
