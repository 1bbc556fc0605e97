//! Rows out, a format a file. Writers take a `&mut dyn Write`, know no flags and never print on their own.

mod delimited;
pub mod file;
mod json;
mod markdown;

use clap::ValueEnum;

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

/// A writer for `format` of a table with these headings. `layout` is for the formats that people read.
#[must_use]
pub fn writer(format: Format, headings: Vec<Heading>, layout: Layout) -> Box<dyn RowWriter> {
    let names = || {
        headings
            .iter()
            .map(|heading| heading.name.clone())
            .collect::<Vec<_>>()
    };
    match format {
        Format::Table => Box::new(TableWriter::new(headings, layout)),
        Format::Markdown => Box::new(markdown::MarkdownWriter::new(headings)),
        Format::Json => Box::new(json::JsonWriter::array(&names())),
        Format::Jsonl => Box::new(json::JsonWriter::lines(&names())),
        Format::Csv => Box::new(delimited::DelimitedWriter::csv(names())),
        Format::Tsv => Box::new(delimited::DelimitedWriter::tsv(names())),
    }
}
