//! Rows out, a format a file. Writers take a `&mut dyn Write`, know no flags and never print on their own.

mod delimited;
pub mod file;
mod json;
mod markdown;

use std::io::{self, Write};

use clap::ValueEnum;

use crate::table::row::Cell;
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
}

/// One column of a table that is about to be written.
#[derive(Clone, Debug, Default)]
pub struct Heading {
    /// What stands at its head. In JSON a dot opens an object: `campaign.id`, `campaign.name`.
    pub name: String,
    /// Whether it is aligned to the right, as numbers are.
    pub right: bool,
    /// Whether it may be narrowed to make the table fit.
    pub flexible: bool,
    /// Its tone, told from the cell's text.
    pub tone: Option<fn(&str) -> crate::view::theme::Tone>,
}

impl Heading {
    /// A column with this name.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ..Self::default()
        }
    }

    /// The same, aligned to the right.
    #[must_use]
    pub fn right(self) -> Self {
        Self {
            right: true,
            ..self
        }
    }

    /// The same, narrowed where room is short.
    #[must_use]
    pub fn flexible(self) -> Self {
        Self {
            flexible: true,
            ..self
        }
    }
}

/// Writes rows one after another.
pub trait RowWriter {
    /// Writes one row: a cell for each heading.
    fn row(&mut self, cells: &[Option<Cell>], out: &mut dyn Write) -> io::Result<()>;

    /// Writes what follows the last row.
    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()>;
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
