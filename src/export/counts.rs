//! Counts to report after an export.

use std::collections::BTreeMap;

use super::delimited::Dialect;
use super::xlsx::ROWS_PER_SHEET;
use crate::table::candidate_filter::CandidateFilter;
use crate::table::column::Columns;

/// Counts to report after an export.
#[derive(Clone, Debug, Default)]
pub(crate) struct ExportCounts {
    /// Number of guarded cells.
    pub(crate) guarded: u64,
    /// Number of rows, if the file is for a spreadsheet program that cannot show all of them.
    pub(crate) too_many_rows: Option<u64>,
    pub(crate) left_out: LeftOut,
    pub(crate) types: TypeCounts,
}

/// What `--only-declared` leaves out of a table.
#[derive(Clone, Debug, Default)]
pub(crate) struct LeftOut {
    pub(crate) values: u64,
    /// The names of the columns.
    pub(crate) columns: Vec<String>,
}

impl LeftOut {
    /// `values` values of those of `columns` that are neither documented nor declared, nor
    /// `candidates`.
    #[must_use]
    pub(crate) fn new(values: u64, columns: &Columns, candidates: &CandidateFilter) -> Self {
        let mut is_candidate = Vec::new();
        if values > 0 {
            candidates.extend_flags(columns, 0, &mut is_candidate);
        }
        let left_out = columns.undeclared();
        let left_out = left_out.filter(|number| is_candidate.get(*number) == Some(&false));
        Self {
            values,
            columns: left_out
                .map(|number| columns.path(number).join("."))
                .collect(),
        }
    }
}

/// What became of the types of a table with typed columns.
#[derive(Clone, Debug, Default)]
pub(crate) struct TypeCounts {
    /// Number of values that do not have the type of their column, by the name of the column.
    pub(crate) misfits: BTreeMap<String, u64>,
    /// Number of columns of extracted variables whose types were chosen from the input.
    pub(crate) inferred: usize,
    /// The names of those that are text because a number in them has too many digits for a double.
    pub(crate) long_numbers: Vec<String>,
}

/// Returns `rows` if the dialect is for a spreadsheet program that cannot show all of them.
pub(crate) fn rows_beyond_sheet(rows: u64, dialect: &Dialect) -> Option<u64> {
    let is_too_many = dialect.program.is_some() && rows > u64::from(ROWS_PER_SHEET);
    is_too_many.then_some(rows)
}
