//! Binary formats of `export`. No other command has them.

/// Binary format of an export. The name on the command line is also the extension of its files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[serde(rename_all = "kebab-case")]
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

    /// True if every value has the type of its column.
    pub(crate) fn is_typed(self) -> bool {
        !matches!(self, Self::Xlsx)
    }
}
