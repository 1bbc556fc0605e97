//! Writes a collected table in a text format, for `export` and for [`crate::in_memory`].

use std::io::{self, Write};

use super::counts::{ExportCounts, TypeCounts, rows_beyond_sheet};
use super::delimited::Dialect;
use super::export_output::ExportOutput;
use super::export_text_format::TextFormat;
use super::tables::ExportTable;
use super::time_style::TimeStyle;
use super::typed_columns::{Misfits, TypedColumns};
use crate::host::Workers;
use crate::table::cell_split::CellSplitWriter;
use crate::table::column::{Column, ColumnType};
use crate::table::row::Cell;
use crate::table::spool::{MANY_COLUMNS, Portion, PortionSize};
use crate::table::survey::Survey;
use crate::table::writer::{Heading, RowWriter};
use crate::text::cell_units::CellUnits;
use crate::view::terminal::Terminal;

/// Size of the text that is formatted at once.
const PORTION_BYTES: usize = 256 * 1024;

/// Writes the table as text, formatted by `workers`.
pub(crate) fn write_table(
    table: &mut ExportTable,
    format: &TextFormat,
    times: &TimeStyle,
    workers: impl Workers,
    to: ExportOutput,
) -> anyhow::Result<ExportCounts> {
    let (out, mut rejects) = (to.out, to.rejects);
    let typed = (format.is_typed()).then(|| TypedColumns::new(table, rejects.is_some()));
    let columns = match &typed {
        Some(typed) => typed.columns.clone(),
        None => table.columns.clone(),
    };
    let mut text = CollectedText::new(&columns, typed.as_ref(), format, times, to.terminal);
    let spool = &mut table.spool;
    let mut counts = ExportCounts::default();
    if let Some(dialect) = text.spreadsheet_dialect() {
        let survey = Survey::run(spool, &columns, workers)?;
        counts.too_many_rows = rows_beyond_sheet(survey.rows, dialect);
        text.cells_per_column = Some(
            survey
                .columns
                .iter()
                .map(|column| column.cells_for_longest_text(CellUnits::Guarded))
                .collect(),
        );
    }
    let mut first = text.writer(true);
    let mut misfits = Misfits::default();
    let mut write_rejects = |lines: &[u8]| match &mut rejects {
        Some(rejects) => rejects.write_all(lines),
        None => Ok(()),
    };
    // One worker writes rows as it reads them: splitting them into portions adds 5 % to its
    // instructions.
    if workers.count() == 1 || columns.len() > MANY_COLUMNS || !format.is_divisible() {
        spool.for_each(text.columns_to_read(), |cells| {
            text.write_row(cells, &mut misfits, &mut *first, out)?;
            Ok(write_rejects(&std::mem::take(&mut misfits.rejects))?)
        })?;
        first.finish(out)?;
    } else {
        // Finishing without rows writes only the start of the file.
        first.finish(out)?;
        let text_of = |portion: Portion| {
            let mut writer = text.writer(false);
            let mut rows = Vec::new();
            let mut misfits = Misfits::default();
            portion.for_each(|cells| {
                Ok(text.write_row(cells, &mut misfits, &mut *writer, &mut rows)?)
            })?;
            writer.finish(&mut rows)?;
            Ok((rows, writer.guarded_cells(), misfits))
        };
        let size = PortionSize {
            bytes: PORTION_BYTES,
            overhead_per_row: text.row_bytes(),
            rows: usize::MAX,
        };
        let order = text.columns_to_read();
        spool.for_each_portion(order, size, workers, text_of, |(rows, guards, more)| {
            counts.guarded += guards;
            misfits.add_counts(&more);
            write_rejects(&more.rejects)?;
            Ok(out.write_all(&rows)?)
        })?;
    }
    counts.guarded += first.guarded_cells();
    drop(first);
    counts.types = typed.map_or_else(TypeCounts::default, |typed| typed.into_counts(misfits));
    Ok(counts)
}

/// Formats the rows of a table as text.
struct CollectedText<'t> {
    columns: &'t [Column],
    /// The types of the columns, in formats that have them.
    typed: Option<&'t TypedColumns>,
    format: &'t TextFormat,
    times: TimeStyle,
    terminal: Terminal,
    /// Indexes of the columns whose times are reformatted.
    time_columns: Vec<usize>,
    /// For a spreadsheet program, the number of cells that each column takes.
    cells_per_column: Option<Vec<usize>>,
}

impl<'t> CollectedText<'t> {
    fn new(
        columns: &'t [Column],
        typed: Option<&'t TypedColumns>,
        format: &'t TextFormat,
        times: &TimeStyle,
        terminal: Terminal,
    ) -> Self {
        let times = match format.dialect() {
            Some(dialect) => times.in_dialect(dialect),
            None => times.clone(),
        };
        let indexes = columns.iter().enumerate();
        let indexes = indexes
            .filter(|(_, column)| column.column_type == ColumnType::Time && !times.is_verbatim())
            .map(|(index, _)| index);
        Self {
            time_columns: indexes.collect(),
            columns,
            typed,
            format,
            times,
            terminal,
            cells_per_column: None,
        }
    }

    /// The columns to read from the spool.
    fn columns_to_read(&self) -> &'t [Column] {
        self.typed.map_or(self.columns, |typed| &typed.read)
    }

    /// The dialect, if it is for a spreadsheet program.
    fn spreadsheet_dialect(&self) -> Option<&'t Dialect> {
        let dialect = self.format.dialect();
        dialect.filter(|dialect| dialect.program.is_some())
    }

    /// Creates a writer of rows. If `is_first`, it also writes the start of the text.
    fn writer(&self, is_first: bool) -> Box<dyn RowWriter> {
        let format = if is_first {
            self.format.clone()
        } else {
            self.format.without_start()
        };
        let headings = format.headings(self.columns);
        match self.cells_per_column.clone() {
            None => format.create_writer(&headings, self.terminal),
            Some(parts) => Box::new(CellSplitWriter::new(
                &headings,
                parts,
                |headings: Vec<Heading>| format.create_writer(&headings, self.terminal),
            )),
        }
    }

    /// Approximate size of a row in bytes, without its values.
    fn row_bytes(&self) -> usize {
        /// Size of quotes, colon, comma and `null`.
        const MEMBER: usize = 8;
        let Some(dialect) = self.format.dialect() else {
            let names = self.columns.iter().map(|column| column.name.len() + MEMBER);
            return names.sum();
        };
        let parts = self.cells_per_column.as_ref();
        let parts = parts.map_or(self.columns.len(), |parts| parts.iter().sum());
        let quotes_and_delimiter = 3;
        parts * (dialect.null.len() + quotes_and_delimiter)
    }

    fn write_row(
        &self,
        cells: &[Option<Cell>],
        misfits: &mut Misfits,
        writer: &mut dyn RowWriter,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let Some(typed) = self.typed else {
            return self.write_cells(cells, writer, out);
        };
        let cells_of_output = &cells[..self.columns.len()];
        // Most rows have only cells of the type of their column: no copy is needed.
        let mut changed: Option<Vec<Option<Cell>>> = None;
        let object = typed.read_row(cells, misfits, |index, value| {
            let cell = cells_of_output[index].as_ref();
            let new = value.map(|value| cell.and_then(|cell| value.changed_cell(cell)));
            let new = match new {
                None if cell.is_some() => None,
                Some(Some(new)) => Some(new),
                _ => return,
            };
            changed.get_or_insert_with(|| cells_of_output.to_vec())[index] = new;
        });
        if let Some(object) = object {
            let last = self.columns.len() - 1;
            changed.get_or_insert_with(|| cells_of_output.to_vec())[last] =
                Some(Cell::text(object));
        }
        self.write_cells(changed.as_deref().unwrap_or(cells_of_output), writer, out)
    }

    fn write_cells(
        &self,
        cells: &[Option<Cell>],
        writer: &mut dyn RowWriter,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        if self.time_columns.is_empty() {
            return writer.write_row(cells, out);
        }
        let mut cells = cells.to_vec();
        for index in &self.time_columns {
            cells[*index] = cells[*index]
                .take()
                .map(|cell| self.times.format_cell(cell));
        }
        writer.write_row(&cells, out)
    }
}
