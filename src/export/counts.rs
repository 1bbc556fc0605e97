//! Counts to report after an export.

use super::delimited::Dialect;
use super::xlsx::ROWS_PER_SHEET;

/// Counts to report after an export.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ExportCounts {
    /// Number of guarded cells.
    pub(crate) guarded: u64,
    /// Number of rows, if the file is for a spreadsheet program that cannot show all of them.
    pub(crate) too_many_rows: Option<u64>,
}

/// Returns `rows` if the dialect is for a spreadsheet program that cannot show all of them.
pub(crate) fn rows_beyond_sheet(rows: u64, dialect: &Dialect) -> Option<u64> {
    let is_too_many = dialect.program.is_some() && rows > u64::from(ROWS_PER_SHEET);
    is_too_many.then_some(rows)
}
