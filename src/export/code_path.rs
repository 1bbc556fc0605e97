//! The path of an export from the calls to the file. It is decided once, here.

use super::bodies::BodyLayout;
use super::delimited::Dialect;
use super::tables::{RowKind, TableRequest};
use super::time_style::TimeStyle;
use super::{ExportFormat, TextFormat};
use crate::table::column_list::ColumnList;

/// How an export gets from the calls to the file. The first row that applies decides.
///
/// | path | rows | format | other conditions |
/// |---|---|---|---|
/// | `Bodies` | calls | JSON and JSON Lines, nested | all columns, times unchanged, no location |
/// | `OnePass` | calls | CSV, TSV | not sorted, no location |
/// | `Collected` | calls, turns, campaigns; findings | workbook | all columns, no `--rows` |
/// | `Collected` | one kind; findings | workbook | |
/// | `Collected` | one kind | every other format | |
pub(crate) enum ExportPath<'f> {
    /// Each body is copied unchanged as soon as it is read. No columns are needed. Takes a third of
    /// the instructions of `Collected`, but keeps the bodies verbatim, which that cannot do.
    Bodies(BodyLayout),
    /// Calls are encoded while they are read: a column is needed only from its first value on.
    /// Rows wait, in memory or in the output file, until all columns are known. `Collected` would
    /// execute 19 % more instructions.
    OnePass(&'f Dialect),
    /// Rows wait in spools until the whole input was read. Then the columns, their types and the
    /// number of cells per column are known, and the tables are encoded.
    Collected {
        /// The tables to collect.
        request: TableRequest,
        /// The format of the file.
        format: &'f ExportFormat,
    },
}

impl<'f> ExportPath<'f> {
    /// Decides the path. `rows` is the requested kind of rows, if any: a workbook shows several
    /// kinds by default, every other format shows calls.
    pub(crate) fn choose(
        format: &'f ExportFormat,
        rows: Option<RowKind>,
        list: &ColumnList,
        times: &TimeStyle,
        is_sorted: bool,
        with_source: bool,
    ) -> Self {
        let is_of_calls = rows.is_none_or(|rows| rows == RowKind::Calls) && !with_source;
        let has_all = list.is_all() && !list.has_only_declared();
        let is_unchanged = is_of_calls && has_all && times.is_verbatim();
        match format {
            ExportFormat::Text(TextFormat::Json { flat: false }) if is_unchanged => {
                Self::Bodies(BodyLayout::Element)
            }
            ExportFormat::Text(TextFormat::JsonLines { flat: false }) if is_unchanged => {
                Self::Bodies(BodyLayout::Line)
            }
            ExportFormat::Text(TextFormat::Delimited(dialect)) if is_of_calls && !is_sorted => {
                Self::OnePass(dialect)
            }
            _ => Self::Collected {
                request: tables_to_collect(format, rows, list),
                format,
            },
        }
    }
}

/// True if an export writes several tables, given the requested rows and columns. A column that the
/// user excluded must not reappear in another sheet.
pub(crate) fn has_several_tables(
    format: &ExportFormat,
    rows: Option<RowKind>,
    list: &ColumnList,
) -> bool {
    format.holds_several_tables() && rows.is_none() && list.is_all()
}

/// The tables to collect for `format`, given the requested rows and columns.
fn tables_to_collect(
    format: &ExportFormat,
    rows: Option<RowKind>,
    list: &ColumnList,
) -> TableRequest {
    if has_several_tables(format, rows, list) {
        return TableRequest::workbook();
    }
    let request = TableRequest::only(rows.unwrap_or(RowKind::Calls));
    if format.holds_several_tables() {
        request.with_findings()
    } else {
        request
    }
}
