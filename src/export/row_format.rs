//! The names of the formats of rows, which all commands share. With its options, a format is a
//! [`TextFormat`].

use super::delimited::Dialect;
use super::export_text_format::{FOR_PEOPLE, TextFormat};
use crate::json::Json;
use crate::table::row::Cell;
use crate::table::writer::{Heading, RowWriter};
use crate::time::zone::Zone;
use crate::view::table::TableWriter;
use crate::view::terminal::Terminal;

/// Format of rows. The name, or its alias, is also the extension of its files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RowFormat {
    /// Aligned columns, fitted to the terminal
    #[default]
    Table,
    /// One line per field, for narrow terminals and screen readers
    Vertical,
    /// Markdown table, for issues and wikis
    #[cfg_attr(feature = "cli", value(alias = "md"))]
    Markdown,
    /// One JSON array of objects
    Json,
    /// One JSON object per line
    #[cfg_attr(feature = "cli", value(alias = "ndjson"))]
    Jsonl,
    /// Comma-separated values (RFC 4180)
    Csv,
    /// Tab-separated values, quoted like CSV
    Tsv,
}

impl RowFormat {
    /// True for the formats that people read. Their cells hold words instead of the raw values of
    /// the body.
    #[must_use]
    pub(crate) fn is_for_people(self) -> bool {
        match self {
            Self::Table | Self::Vertical | Self::Markdown => true,
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

    /// The format with its options. `flat` is for the JSON formats, `dialect` changes the dialect
    /// of CSV and TSV.
    pub(crate) fn with_options(
        self,
        flat: bool,
        dialect: impl FnOnce(Dialect) -> Dialect,
    ) -> TextFormat {
        match self {
            Self::Table => TextFormat::Table,
            Self::Vertical => TextFormat::Vertical,
            Self::Markdown => TextFormat::Markdown,
            Self::Json => TextFormat::Json { flat },
            Self::Jsonl => TextFormat::JsonLines { flat },
            Self::Csv => TextFormat::Delimited(dialect(Dialect::csv())),
            Self::Tsv => TextFormat::Delimited(dialect(Dialect::tsv())),
        }
    }
}

/// Format of the rows of a command other than `export`, and how its values are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TableOptions {
    pub(crate) format: RowFormat,
    /// True if CSV and TSV guard text that a spreadsheet could run as a formula
    /// ([`guard`](crate::guard)).
    pub(crate) guard: bool,
    /// The zone of the times in formats for people.
    pub(crate) zone: Zone,
}

impl From<RowFormat> for TableOptions {
    fn from(format: RowFormat) -> Self {
        Self {
            format,
            guard: true,
            zone: Zone::FromBody,
        }
    }
}

impl TableOptions {
    /// Creates a writer of rows with these headings. `terminal` is used only by the formats that
    /// people read.
    #[must_use]
    pub(crate) fn create_writer(
        &self,
        headings: &[Heading],
        terminal: Terminal,
    ) -> Box<dyn RowWriter> {
        assert!(
            cfg!(feature = "cli") || !self.format.is_for_people(),
            "{FOR_PEOPLE}"
        );
        if self.format == RowFormat::Table {
            // Without rows, the message on standard error is enough.
            return Box::new(TableWriter::new(headings.to_vec(), terminal));
        }
        let guard = self.guard;
        let format = (self.format).with_options(true, |dialect| Dialect { guard, ..dialect });
        format.create_writer(headings, terminal)
    }
}
