//! Parquet files: typed columns for `DuckDB`, Spark, pandas and similar tools. Rows are written in
//! row groups of bounded size, so that memory does not grow with the number of rows.
//!
//! Integers are INT64, other numbers DOUBLE, booleans BOOLEAN, times TIMESTAMP in UTC microseconds,
//! and texts STRING. See [`CellType`] for the values that fit.
//!
//! A flat file has one column per column of the table; lists are JSON text. A nested file has
//! structs, lists and maps, and its schema depends on the declaration only.

mod chunk;
mod fields;
mod file;
mod row_group;
mod schema;

use self::fields::{flat_fields, nested_fields};
use self::file::ParquetFile;
use self::row_group::RowGroup;
use self::schema::ParquetSchema;
use super::counts::TypeCounts;
use super::export_output::ExportOutput;
use super::tables::ExportTable;
use super::typed_columns::{Misfits, TypedColumns};
use crate::host::Workers;
use crate::table::cell_type::{CellType, TypedValue};
use crate::table::spool::{MANY_COLUMNS, Portion, PortionSize};

/// Writes the table as Parquet, encoded by `workers`. In a nested file, the members of a row nest
/// as in the body.
pub(crate) fn write_table(
    table: &mut ExportTable,
    is_nested: bool,
    workers: impl Workers,
    to: ExportOutput,
) -> anyhow::Result<TypeCounts> {
    let (out, mut rejects) = (to.out, to.rejects);
    if is_nested {
        // What is not declared becomes an entry of a map of texts.
        for column in &mut table.columns {
            if column.cell_type == CellType::Inferred {
                column.cell_type = CellType::AnyText;
            }
        }
    }
    let mut typed = TypedColumns::new(table, rejects.is_some());
    typed.infer_types(table, workers)?;
    let columns = &typed.columns;
    let fields = if is_nested {
        nested_fields(columns, table)
    } else {
        flat_fields(columns)
    };
    // Each thread holds the values of a whole row group in memory.
    let max_workers = if columns.len() > MANY_COLUMNS { 1 } else { 8 };
    let size = group_size(columns.len());
    let schema = ParquetSchema::new(&fields)?;
    let mut file = ParquetFile::new(&schema)?;
    let group_of = |portion: Portion| {
        let mut group = RowGroup::new(&fields, &schema);
        let mut misfits = Misfits::default();
        let last = columns.len() - 1;
        portion.for_each(|cells| {
            if !is_nested {
                let object = typed.read_row(cells, &mut misfits, |index, value| {
                    group.push_value(index, value);
                });
                group.push_value(last, object.map(TypedValue::Text));
                return Ok(());
            }
            let mut row = vec![None; columns.len()];
            let object = typed.read_row(cells, &mut misfits, |index, value| row[index] = value);
            row[last] = object.map(TypedValue::Text);
            group.push_row(&row);
            Ok(())
        })?;
        Ok((group.encode()?, misfits))
    };
    let mut misfits = Misfits::default();
    table.spool.for_each_portion(
        &typed.read,
        size,
        workers.at_most(max_workers),
        group_of,
        |(group, more)| {
            misfits.add_counts(&more);
            if let Some(rejects) = &mut rejects {
                rejects.write_all(&more.rejects)?;
            }
            file.push(group, out)
        },
    )?;
    file.finish(out)?;
    Ok(typed.into_counts(misfits))
}

/// Size of one row group of a table with this many columns. It is large enough to be read fast, and
/// small enough that several groups can be encoded at once.
///
/// An empty cell takes two bytes until it is encoded. It counts as a quarter of a byte here,
/// because the file footer describes each column of each group and outweighs empty cells: with many
/// columns, a few large groups take less space than many small ones.
#[must_use]
pub(crate) fn group_size(columns: usize) -> PortionSize {
    PortionSize {
        bytes: 8 * 1024 * 1024,
        overhead_per_row: columns / 4,
        rows: 122_880,
    }
}
