//! Binary formats of `export`, each with its writer. No other command has them.

use super::export_output::ExportOutput;
#[cfg(feature = "parquet")]
use super::parquet;
use super::tables::ExportTable;
use super::time_style::TimeStyle;
use super::xlsx::{self, AboutSheet};
use crate::host::{Scratch, Workers};

/// Binary format of an export. The name on the command line is also the extension of its files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum BinaryFormat {
    /// An Excel workbook
    Xlsx,
    /// A Parquet file
    #[cfg(feature = "parquet")]
    #[cfg_attr(
        feature = "cli",
        value(help = "Typed columns, for DuckDB, Spark and pandas")
    )]
    Parquet,
}

impl BinaryFormat {
    /// True if a file holds several tables. The other formats hold one.
    pub(crate) fn holds_several_tables(self) -> bool {
        match self {
            Self::Xlsx => true,
            #[cfg(feature = "parquet")]
            Self::Parquet => false,
        }
    }

    /// Writes collected tables to `out`. A workbook also gets a sheet `about` the export.
    pub(crate) fn write_tables(
        self,
        tables: &mut [ExportTable],
        times: &TimeStyle,
        about: AboutSheet,
        scratch: &dyn Scratch,
        workers: impl Workers,
        to: ExportOutput,
    ) -> anyhow::Result<()> {
        match self {
            Self::Xlsx => xlsx::write_tables(tables, times, about, scratch, workers, to),
            #[cfg(feature = "parquet")]
            Self::Parquet => parquet::write_table(&mut tables[0], workers, to.out),
        }
    }
}
