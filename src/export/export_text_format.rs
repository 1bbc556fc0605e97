//! Text formats of rows, with their options.

use super::delimited::{DelimitedWriter, Dialect};
use super::json::{AbsentValue, JsonWriter};
use super::markdown::MarkdownWriter;
use crate::table::column::Column;
use crate::table::writer::{Fit, Heading, RowWriter};
use crate::view::table::TableWriter;
use crate::view::terminal::Terminal;
use crate::view::vertical::VerticalWriter;

/// Why a format is refused.
pub(crate) const FOR_PEOPLE: &str = "this format is only in the program";

/// Text format of rows.
#[derive(Clone, Debug)]
pub enum TextFormat {
    /// Aligned columns, fitted to the terminal.
    Table,
    /// One line per field.
    Vertical,
    /// A table in Markdown.
    Markdown,
    /// One JSON array with one object per row.
    Json {
        /// As for JSON Lines.
        flat: bool,
    },
    /// Values separated by a delimiter, such as CSV and TSV.
    Delimited(Dialect),
    /// JSON Lines, one object per row.
    JsonLines {
        /// True if each column is a member of the row itself. False if members nest as in the body.
        flat: bool,
    },
}

impl TextFormat {
    /// The dialect of a delimited format.
    pub(crate) fn dialect(&self) -> Option<&Dialect> {
        match self {
            Self::Delimited(dialect) => Some(dialect),
            _ => None,
        }
    }

    /// True if the members of a row nest as in the body.
    pub(crate) fn is_nested(&self) -> bool {
        matches!(
            self,
            Self::JsonLines { flat: false } | Self::Json { flat: false }
        )
    }

    /// True if every value has the type of its column.
    pub(crate) fn is_typed(&self) -> bool {
        matches!(
            self,
            Self::JsonLines { flat: true } | Self::Json { flat: true }
        )
    }

    /// True for the formats that people read.
    pub(crate) fn is_for_people(&self) -> bool {
        matches!(self, Self::Table | Self::Vertical | Self::Markdown)
    }

    /// True if the text of some rows does not depend on the rows before them, except for the start
    /// of the text.
    pub(crate) fn is_divisible(&self) -> bool {
        matches!(self, Self::Delimited(_) | Self::JsonLines { .. })
    }

    /// The format of text that continues a file, for formats that are divisible: without byte
    /// order mark and header.
    pub(crate) fn without_start(&self) -> Self {
        match self {
            Self::Delimited(dialect) => Self::Delimited(Dialect {
                header: false,
                bom: false,
                ..dialect.clone()
            }),
            format => format.clone(),
        }
    }

    /// The headings of exported columns.
    pub(crate) fn headings(&self, columns: &[Column]) -> Vec<Heading> {
        let columns = columns.iter().enumerate();
        let headings = columns.map(|(index, column)| match self {
            _ if self.is_nested() => Heading::from(column).nested(&column.path),
            // In a narrow terminal, the last columns are dropped first.
            Self::Table => Heading::from(column).fitted(Fit::Cut(8)).dropped(index),
            _ => Heading::from(column),
        });
        headings.collect()
    }

    /// Creates a writer of rows with these headings. In nested JSON, headings with a path become
    /// members of nested objects, and members without a value are omitted; in flat JSON they are
    /// `null`. `terminal` is used only by the formats that people read.
    pub(crate) fn create_writer(
        &self,
        headings: &[Heading],
        terminal: Terminal,
    ) -> Box<dyn RowWriter> {
        let absent = |flat: bool| {
            if flat {
                AbsentValue::Null
            } else {
                AbsentValue::Omitted
            }
        };
        // A page shows calls in its own way. The compiler then leaves out what draws tables, which
        // is a tenth of the module.
        assert!(
            cfg!(feature = "cli") || !self.is_for_people(),
            "{FOR_PEOPLE}"
        );
        match self {
            Self::Table => Box::new(TableWriter::new(headings.to_vec(), terminal).with_header()),
            Self::Vertical => Box::new(VerticalWriter::new(headings.to_vec(), terminal)),
            Self::Markdown => Box::new(MarkdownWriter::new(headings.to_vec())),
            Self::Json { flat } => Box::new(JsonWriter::array(headings, absent(*flat))),
            Self::Delimited(dialect) => {
                let names = headings.iter().map(|heading| heading.name.clone());
                Box::new(DelimitedWriter::new(names.collect(), dialect.clone()))
            }
            Self::JsonLines { flat } => Box::new(JsonWriter::lines(headings, absent(*flat))),
        }
    }
}
