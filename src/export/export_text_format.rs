//! Text formats of `export`, with their options. Commands that print a table use some of them.

use super::delimited::{DelimitedWriter, Dialect};
use super::json::{AbsentValue, JsonWriter};
use crate::table::column::Column;
use crate::table::writer::{Heading, RowWriter};

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

impl TextFormat {
    /// The dialect of a delimited format.
    pub(crate) fn dialect(&self) -> Option<&Dialect> {
        match self {
            Self::Delimited(dialect) => Some(dialect),
            Self::JsonLines { .. } => None,
        }
    }

    /// Sets whether a delimited format guards text that a spreadsheet could run as a formula.
    pub(crate) fn with_guard(self, guard: bool) -> Self {
        match self {
            Self::Delimited(dialect) => Self::Delimited(Dialect { guard, ..dialect }),
            Self::JsonLines { .. } => self,
        }
    }

    /// The format of text that continues a file: without byte order mark and header.
    pub(crate) fn without_start(&self) -> Self {
        match self {
            Self::Delimited(dialect) => Self::Delimited(Dialect {
                header: false,
                bom: false,
                ..dialect.clone()
            }),
            Self::JsonLines { flat } => Self::JsonLines { flat: *flat },
        }
    }

    /// The headings of exported columns.
    pub(crate) fn headings(&self, columns: &[Column]) -> Vec<Heading> {
        let headings = columns.iter().map(|column| match self {
            Self::JsonLines { flat: false } => Heading::from(column).nested(&column.path),
            _ => Heading::from(column),
        });
        headings.collect()
    }

    /// Creates a writer of rows with these headings. In nested JSON Lines, headings with a path
    /// become members of nested objects, and members without a value are omitted; in flat ones they
    /// are `null`.
    pub(crate) fn create_writer(&self, headings: &[Heading]) -> Box<dyn RowWriter> {
        match self {
            Self::Delimited(dialect) => {
                let names = headings.iter().map(|heading| heading.name.clone());
                Box::new(DelimitedWriter::new(names.collect(), dialect.clone()))
            }
            Self::JsonLines { flat } => {
                let absent = if *flat {
                    AbsentValue::Null
                } else {
                    AbsentValue::Omitted
                };
                Box::new(JsonWriter::lines(headings, absent))
            }
        }
    }
}
