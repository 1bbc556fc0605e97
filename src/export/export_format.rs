//! Formats of the command `export`: a text format or a binary one, with all options.

use super::collected_text;
use super::counts::ExportCounts;
use super::export_binary_format::BinaryFormat;
use super::export_output::ExportOutput;
use super::export_text_format::TextFormat;
use super::tables::ExportTable;
use super::time_style::TimeStyle;
use super::xlsx::AboutSheet;
use crate::host::{Scratch, Workers};

/// Format of an export.
#[derive(Clone, Debug)]
pub enum ExportFormat {
    /// A text format with its options.
    Text(TextFormat),
    /// A binary format. It has no options.
    Binary(BinaryFormat),
}

impl ExportFormat {
    /// True if the members of a row nest as in the body.
    pub(crate) fn is_nested(&self) -> bool {
        matches!(self, Self::Text(format) if format.is_nested())
    }

    /// True if a file holds several tables.
    pub(crate) fn holds_several_tables(&self) -> bool {
        matches!(self, Self::Binary(format) if format.holds_several_tables())
    }

    /// Writes collected tables. A text format writes only the first one.
    pub(crate) fn write_tables(
        &self,
        tables: &mut [ExportTable],
        times: &TimeStyle,
        about: AboutSheet,
        scratch: &dyn Scratch,
        workers: impl Workers,
        to: ExportOutput,
    ) -> anyhow::Result<ExportCounts> {
        match self {
            Self::Text(format) => {
                collected_text::write_table(&mut tables[0], format, times, workers, to)
            }
            Self::Binary(format) => {
                format.write_tables(tables, times, about, scratch, workers, to)?;
                Ok(ExportCounts::default())
            }
        }
    }
}
