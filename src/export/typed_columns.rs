//! The columns of formats with types: Parquet and flat JSON. Every value has the type of its
//! column. A value that has not is null there, and verbatim in the last column, [`MISFITS`].

use std::collections::BTreeMap;

use super::counts::TypeCounts;
use super::reject::{RejectedValue, push_reject};
use super::tables::ExportTable;
use crate::host::Workers;
use crate::json::push_string;
use crate::table::cell_type::{CellType, TypedValue};
use crate::table::column::{Column, ColumnType};
use crate::table::headings::{HeadingStyle, MISFITS};
use crate::table::row::{Cell, CellKind};
use crate::table::survey::Survey;

/// The typed columns of a table.
pub(crate) struct TypedColumns {
    /// The exported columns. The last one is [`MISFITS`].
    pub(crate) columns: Vec<Column>,
    /// The columns to read from the spool: the exported ones, those of values in the place of an
    /// object, and those of the location if rejects are requested. The spool has no [`MISFITS`], so
    /// the first cells are those of the output, if all of them fit.
    pub(crate) read: Vec<Column>,
    /// The JSON Pointers of the columns that are read.
    pointers: Vec<String>,
    /// The index in `read` of the location.
    source: Option<usize>,
    /// What is known before the rows are read.
    counts: TypeCounts,
}

/// The values of some rows that do not have the type of their column.
#[derive(Default)]
pub(crate) struct Misfits {
    /// Number of values, by the index of the column that was read.
    counts: BTreeMap<usize, u64>,
    /// Lines for the file of rejects.
    pub(crate) rejects: Vec<u8>,
    /// The cell of the current row.
    object: String,
}

impl TypedColumns {
    /// The typed columns of `table`. `with_rejects` is true if values that do not fit are reported
    /// with their location.
    pub(crate) fn new(table: &ExportTable, with_rejects: bool) -> Self {
        let is_object = |column: &Column| column.cell_type == CellType::Object;
        let (objects, mut columns): (Vec<_>, Vec<_>) =
            table.columns.iter().cloned().partition(is_object);
        columns.push(misfits_column());
        let mut read = columns.clone();
        read.extend(objects);
        let all = table.spool.columns();
        let source = all.source_columns();
        let has_source = with_rejects && !source.is_empty();
        let first_of_source = has_source.then_some(read.len());
        if has_source {
            read.extend(source.map(|number| all.column(number)));
        }
        let pointer = |column: &Column| {
            let is_known = column.number < all.count();
            is_known.then(|| all.pointer(column.number).to_owned())
        };
        Self {
            columns,
            pointers: read
                .iter()
                .map(|column| pointer(column).unwrap_or_default())
                .collect(),
            read,
            source: first_of_source,
            counts: TypeCounts::default(),
        }
    }

    /// Chooses the types of columns that have none, so that they fit all rows of `table`.
    pub(crate) fn infer_types(
        &mut self,
        table: &mut ExportTable,
        workers: impl Workers,
    ) -> anyhow::Result<()> {
        let columns = self.columns.iter().enumerate();
        let inferred = columns.filter(|(_, column)| column.cell_type == CellType::Inferred);
        let (indexes, read): (Vec<usize>, Vec<Column>) = inferred
            .map(|(index, column)| (index, column.clone()))
            .unzip();
        let is_extracted = |column: &&Column| column.path[0] == "extracted_variables";
        self.counts.inferred = read.iter().filter(is_extracted).count();
        if read.is_empty() {
            return Ok(());
        }
        let survey = Survey::run(&mut table.spool, &read, workers)?;
        for (index, contents) in indexes.into_iter().zip(&survey.columns) {
            let column = &mut self.columns[index];
            column.cell_type = contents.fitting_type();
            self.read[index].cell_type = column.cell_type;
            if contents.has_long_numbers_only() {
                self.counts.long_numbers.push(column.name.clone());
            }
        }
        Ok(())
    }

    /// Calls `visit` with the index and the typed value of each exported column of a row, but for
    /// [`MISFITS`]. A missing value, and one of another type, is `None`. Returns the value of
    /// [`MISFITS`], if the row has any.
    pub(crate) fn read_row<'m, 'c>(
        &self,
        cells: &'c [Option<Cell>],
        misfits: &'m mut Misfits,
        mut visit: impl FnMut(usize, Option<TypedValue<'c>>),
    ) -> Option<&'m str> {
        misfits.object.clear();
        let last = self.columns.len() - 1;
        let end = self.source.unwrap_or(cells.len());
        for (index, (cell, column)) in cells[..end].iter().zip(&self.read).enumerate() {
            let value = cell.as_ref().and_then(|cell| {
                let value = column.cell_type.read(cell);
                if value.is_none() {
                    self.add_misfit(index, cell, cells, misfits);
                }
                value
            });
            if index < last {
                visit(index, value);
            }
        }
        if misfits.object.is_empty() {
            return None;
        }
        misfits.object.push('}');
        Some(&misfits.object)
    }

    fn add_misfit(&self, index: usize, cell: &Cell, row: &[Option<Cell>], misfits: &mut Misfits) {
        *misfits.counts.entry(index).or_default() += 1;
        let column = &self.read[index];
        let separator = if misfits.object.is_empty() { '{' } else { ',' };
        misfits.object.push(separator);
        push_string(&column.name, &mut misfits.object);
        misfits.object.push(':');
        let start = misfits.object.len();
        match cell.kind {
            CellKind::Text | CellKind::Time => push_string(&cell.text, &mut misfits.object),
            _ => misfits.object.push_str(&cell.text),
        }
        let Some(source) = self.source else {
            return;
        };
        let value = RejectedValue {
            column,
            pointer: &self.pointers[index],
            value: &misfits.object[start..],
            location: &row[source..],
        };
        push_reject(&value, &mut misfits.rejects);
    }

    /// The counts after all rows were read, given those of their values that did not fit.
    #[must_use]
    pub(crate) fn into_counts(self, misfits: Misfits) -> TypeCounts {
        let by_name = misfits.counts.into_iter();
        let by_name = by_name.map(|(index, count)| (self.read[index].name.clone(), count));
        TypeCounts {
            misfits: by_name.collect(),
            ..self.counts
        }
    }
}

/// The column of values that do not fit. It is in no spool.
fn misfits_column() -> Column {
    Column {
        number: usize::MAX,
        name: MISFITS.to_owned(),
        path: vec![MISFITS.to_owned()],
        column_type: ColumnType::Any,
        cell_type: CellType::Text,
        is_renamed: false,
        heading_style: HeadingStyle::Full,
    }
}

impl Misfits {
    /// Adds the counts of later rows. Their rejects are written already.
    pub(crate) fn add_counts(&mut self, later: &Self) {
        for (index, count) in &later.counts {
            *self.counts.entry(*index).or_default() += count;
        }
    }
}
