//! Formats of the command `export`: a text format or a binary one, with all options.

use super::collected_text;
use super::counts::ExportCounts;
use super::export_binary_format::BinaryFormat;
use super::export_output::ExportOutput;
use super::export_text_format::TextFormat;
#[cfg(feature = "parquet")]
use super::parquet;
use super::tables::ExportTable;
use super::time_style::TimeStyle;
use super::xlsx::{self, AboutSheet};
use crate::host::{Scratch, Workers};

/// Format of an export.
#[derive(Clone, Debug)]
pub enum ExportFormat {
    /// A text format with its options.
    Text(TextFormat),
    /// A binary format.
    Binary {
        /// The format.
        format: BinaryFormat,
        /// True if the members of a row nest as in the body.
        is_nested: bool,
    },
}

impl ExportFormat {
    /// True if the members of a row nest as in the body.
    pub(crate) fn is_nested(&self) -> bool {
        match self {
            Self::Text(format) => format.is_nested(),
            Self::Binary { is_nested, .. } => *is_nested,
        }
    }

    /// True for a workbook.
    pub(crate) fn is_workbook(&self) -> bool {
        let xlsx = BinaryFormat::Xlsx;
        matches!(self, Self::Binary { format, .. } if *format == xlsx)
    }

    /// True if every value has the type of its column.
    pub(crate) fn is_typed(&self) -> bool {
        match self {
            Self::Text(format) => format.is_typed(),
            Self::Binary { format, .. } => format.is_typed(),
        }
    }

    /// True if a file holds several tables.
    pub(crate) fn holds_several_tables(&self) -> bool {
        matches!(self, Self::Binary { format, .. } if format.holds_several_tables())
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
            Self::Binary {
                format: BinaryFormat::Xlsx,
                ..
            } => {
                xlsx::write_tables(tables, times, about, scratch, workers, to)?;
                Ok(ExportCounts::default())
            }
            #[cfg(feature = "parquet")]
            Self::Binary {
                format: BinaryFormat::Parquet,
                is_nested,
            } => {
                let types = parquet::write_table(&mut tables[0], *is_nested, workers, to)?;
                Ok(ExportCounts {
                    types,
                    ..ExportCounts::default()
                })
            }
        }
    }
}
