//! Rows out, a format a file. Writers take a `&mut dyn Write`, know no flags and never print on their own.

#[cfg(feature = "parquet")]
mod buffer;
mod copy;
mod delimited;
pub mod file;
pub mod guard;
mod json;
mod markdown;
#[cfg(feature = "parquet")]
pub mod parquet;
pub mod program;
mod rearrange;
pub mod xlsx;

pub use delimited::Dialect;

use clap::ValueEnum;
use delimited::DelimitedWriter;
use json::{Absent, JsonWriter};

use crate::json::Json;
use crate::table::row::Cell;
use crate::table::writer::{Heading, RowWriter};
use crate::view::table::{Layout, TableWriter};

/// How tables are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
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

impl Format {
    /// Whether people read it: cells then hold words, not the body's own values.
    #[must_use]
    pub fn is_for_people(self) -> bool {
        matches!(self, Self::Table | Self::Markdown)
    }

    /// Whether values stay JSON.
    #[must_use]
    pub fn is_json(self) -> bool {
        matches!(self, Self::Json | Self::Jsonl)
    }

    /// The cell of a body's own value for the data formats: in JSON exactly as it stood, escapes included.
    #[must_use]
    pub fn cell(self, value: Json<'_>) -> Option<Cell<'_>> {
        if self.is_json() {
            return (!value.is_null()).then(|| Cell::verbatim(value));
        }
        Cell::from_json(value)
    }
}

/// What an export is written as.
#[derive(Clone, Debug)]
pub enum Target {
    /// Text.
    Text(TextTarget),
    /// An Excel workbook.
    Xlsx,
    /// Parquet.
    #[cfg(feature = "parquet")]
    Parquet,
}

/// Formats of text.
#[derive(Clone, Debug)]
pub enum TextTarget {
    /// CSV and its kin.
    Delimited(Dialect),
    /// JSON Lines: objects as in the body, or `flat`, with a member for each column.
    JsonLines {
        /// Whether columns are members.
        flat: bool,
    },
}

/// A table's format, and whether its text is kept from running as a formula where it could ([`guard`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// The format.
    pub format: Format,
    /// Whether CSV and TSV are guarded.
    pub guard: bool,
}

impl From<Format> for Style {
    fn from(format: Format) -> Self {
        Self {
            format,
            guard: true,
        }
    }
}

/// A writer of a table with these headings. `layout` is for the formats that people read.
#[must_use]
pub fn writer(style: Style, headings: Vec<Heading>, layout: Layout) -> Box<dyn RowWriter> {
    let guard = style.guard;
    match style.format {
        Format::Table => Box::new(TableWriter::new(headings, layout)),
        Format::Markdown => Box::new(markdown::MarkdownWriter::new(headings)),
        Format::Json => Box::new(JsonWriter::array(&headings)),
        Format::Jsonl => Box::new(JsonWriter::lines(&headings, Absent::Null)),
        Format::Csv => delimited(
            &headings,
            Dialect {
                guard,
                ..Dialect::csv()
            },
        ),
        Format::Tsv => delimited(
            &headings,
            Dialect {
                guard,
                ..Dialect::tsv()
            },
        ),
    }
}

/// A writer of delimited rows with these headings.
#[must_use]
pub fn delimited(headings: &[Heading], dialect: Dialect) -> Box<dyn RowWriter> {
    let names = headings.iter().map(|heading| heading.name.clone());
    Box::new(DelimitedWriter::new(names.collect(), dialect))
}

/// A writer of JSON Lines with these headings: in objects where they have a path, without the members that a row has no value for; or flat, each
/// row with all members.
#[must_use]
pub fn json_lines(headings: &[Heading], flat: bool) -> Box<dyn RowWriter> {
    let absent = if flat { Absent::Null } else { Absent::LeftOut };
    Box::new(JsonWriter::lines(headings, absent))
}
