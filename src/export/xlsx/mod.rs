//! Excel workbooks (ECMA-376): at least one sheet per table, then a sheet about the workbook
//! itself. Rows are kept in temporary files, so that memory does not grow with their number. Text
//! and rows beyond the limits of a cell or sheet continue in the next one.

mod about;
mod layout;
mod number_format;
mod sheet;
mod styles;

use std::io::{self, Seek, SeekFrom, Write};
use std::panic::{self, AssertUnwindSafe};

use anyhow::anyhow;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

pub(crate) use self::about::AboutSheet;
use self::about::PROGRAM;
pub(crate) use self::layout::ROWS_PER_SHEET;
pub(crate) use self::number_format::number_format;
use self::sheet::SheetWriter;
use self::styles::CellStyles;
use super::export_output::ExportOutput;
use super::tables::ExportTable;
use super::time_style::TimeStyle;
use crate::host::{OutputProgress, Scratch, ScratchFile, Workers};
use crate::table::column::Column;
use crate::table::row::Cell;
use crate::table::survey::Survey;
use crate::text::named_stream::NamedStream;

/// Maximum number of columns in a sheet.
const MAX_COLUMNS: usize = 16_384;

/// Maximum size of a zip archive without the 64-bit extension, minus room for the files that are
/// not sheets.
const MAX_ZIP_BYTES: u64 = 4_000_000_000;

/// Writes each table to one or more sheets, followed by the sheet about the workbook.
pub(crate) fn write_tables(
    tables: &mut [ExportTable],
    times: &TimeStyle,
    about: AboutSheet,
    scratch: &dyn Scratch,
    workers: impl Workers,
    to: ExportOutput,
) -> anyhow::Result<()> {
    let surveys = tables
        .iter_mut()
        .map(|table| Survey::run(&mut table.spool, &table.columns, workers))
        .collect::<anyhow::Result<Vec<_>>>()?;
    catch_write_panics(scratch, || {
        let mut book = WorkbookWriter::new(CellStyles::new(times)?);
        for (table, survey) in tables.iter_mut().zip(surveys) {
            book.begin_table(table.title(), &table.columns, survey)?;
            table.spool.for_each(&table.columns, |cells| {
                to.progress.add_row();
                book.write_row(cells)
            })?;
        }
        book.finish(about, scratch, to)
    })
}

/// A workbook that is being written.
pub(crate) struct WorkbookWriter {
    workbook: Workbook,
    styles: CellStyles,
    rows_per_sheet: u32,
    /// The table whose rows are being written.
    table: Option<SheetTable>,
    /// Name and number of rows of each finished sheet, for the last sheet.
    finished_sheets: Vec<(String, u64)>,
    /// Number of links written as plain text, because a sheet holds a limited number of links.
    plain_links: u64,
    /// Upper bound of the uncompressed size of the sheets.
    bytes: u64,
}

/// A table while it is written to one or more sheets.
struct SheetTable {
    title: String,
    columns: Vec<Column>,
    survey: Survey,
    sheet: SheetWriter,
    sheets: u32,
}

impl WorkbookWriter {
    /// Creates an empty workbook.
    #[must_use]
    fn new(styles: CellStyles) -> Self {
        Self::with_rows_per_sheet(ROWS_PER_SHEET, styles)
    }

    fn with_rows_per_sheet(rows_per_sheet: u32, styles: CellStyles) -> Self {
        Self {
            workbook: Workbook::new(),
            styles,
            rows_per_sheet,
            table: None,
            finished_sheets: Vec::new(),
            plain_links: 0,
            bytes: 0,
        }
    }

    /// Starts a table and finishes the previous one. Fails if the table has more columns than a
    /// sheet can hold.
    pub(crate) fn begin_table(
        &mut self,
        title: &str,
        columns: &[Column],
        survey: Survey,
    ) -> anyhow::Result<()> {
        self.finish_table()?;
        let columns_needed = SheetWriter::count_cells(&survey);
        if columns_needed > MAX_COLUMNS {
            return Err(anyhow!(
                "{title}: {columns_needed} columns, but a sheet holds at most {MAX_COLUMNS}; select some with --columns, or export CSV"
            ));
        }
        let sheet = self.new_sheet(title, columns, &survey)?;
        self.table = Some(SheetTable {
            title: title.to_owned(),
            columns: columns.to_vec(),
            survey,
            sheet,
            sheets: 1,
        });
        Ok(())
    }

    fn new_sheet(
        &mut self,
        title: &str,
        columns: &[Column],
        survey: &Survey,
    ) -> anyhow::Result<SheetWriter> {
        // Rows go to temporary files where there is a file system, so that memory does not grow.
        #[cfg(feature = "cli")]
        let worksheet = self.workbook.new_worksheet_with_constant_memory()?;
        #[cfg(not(feature = "cli"))]
        let worksheet = rust_xlsxwriter::Worksheet::new();
        let sheet = SheetWriter::new(worksheet, title, columns, survey, &self.styles)?;
        Ok(sheet)
    }

    /// Adds a row with one cell per column of the table. Continues in another sheet if the current
    /// one is full.
    pub(crate) fn write_row(&mut self, cells: &[Option<Cell>]) -> anyhow::Result<()> {
        let is_full = |table: &SheetTable| table.sheet.rows() == self.rows_per_sheet;
        if self.table.as_ref().is_some_and(is_full)
            && let Some(mut table) = self.table.take()
        {
            table.sheets += 1;
            let title = format!("{} {}", table.title, table.sheets);
            let next = self.new_sheet(&title, &table.columns, &table.survey)?;
            let full = std::mem::replace(&mut table.sheet, next);
            self.finish_sheet(full)?;
            self.table = Some(table);
        }
        let table = self
            .table
            .as_mut()
            .expect("a table is begun before its rows");
        Ok(table.sheet.write_row(cells, &self.styles)?)
    }

    fn finish_table(&mut self) -> anyhow::Result<()> {
        match self.table.take() {
            Some(table) => self.finish_sheet(table.sheet),
            None => Ok(()),
        }
    }

    fn finish_sheet(&mut self, sheet: SheetWriter) -> anyhow::Result<()> {
        self.plain_links += sheet.plain_links();
        self.bytes += sheet.bytes();
        let rows = u64::from(sheet.rows());
        let worksheet = sheet.finish()?;
        self.finished_sheets.push((worksheet.name(), rows));
        self.workbook.push_worksheet(worksheet);
        Ok(())
    }

    /// Adds the sheet about the workbook, then writes the workbook to `out`.
    pub(crate) fn finish(
        mut self,
        mut about: AboutSheet,
        scratch: &dyn Scratch,
        ExportOutput { out, progress, .. }: ExportOutput,
    ) -> anyhow::Result<()> {
        self.finish_table()?;
        for (title, rows) in &self.finished_sheets {
            about.facts.push(("Rows", format!("{title}: {rows}")));
        }
        if self.plain_links > 0 {
            let fact = format!(
                "{} links are plain text, because a sheet holds at most {} links",
                self.plain_links,
                sheet::MAX_LINKS
            );
            about.facts.push(("Links", fact));
        }
        let workbook = &mut self.workbook;
        // Only if required: LibreOffice reports a small file in this form as broken.
        workbook.use_zip_large_file(self.bytes > MAX_ZIP_BYTES);
        let mut file = CompressedFile {
            file: scratch.create()?,
            progress,
        };
        let properties = DocProperties::new()
            .set_author(PROGRAM)
            .set_creation_datetime(&ExcelDateTime::from_timestamp(about.created.timestamp())?);
        workbook.set_properties(&properties);
        about::add_sheet(workbook, &about, &self.styles)?;
        workbook.save_to_writer(&mut file)?;
        // Writing a workbook needs a seekable file, but `out` may be a pipe.
        file.seek(SeekFrom::Start(0))?;
        io::copy(&mut file.file, out)?;
        Ok(())
    }
}

/// The file of the workbook, before it is copied to the output.
struct CompressedFile<'p> {
    file: Box<dyn ScratchFile>,
    progress: &'p dyn OutputProgress,
}

impl Write for CompressedFile<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.progress.add_compressed(written as u64);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Seek for CompressedFile<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

/// Runs `write`, which writes a workbook, and returns a panic as an error. The workbook library
/// assumes that it can write its temporary files, and panics if the disk is full. The errors of
/// these files get the name of their folder.
pub(crate) fn catch_write_panics<T>(
    scratch: &dyn Scratch,
    write: impl FnOnce() -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    // Panics of all threads are silenced here, but the worker threads have ended by now.
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let result = panic::catch_unwind(AssertUnwindSafe(write));
    panic::set_hook(hook);
    let result = result.unwrap_or_else(|payload| {
        let text = payload.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| payload.downcast_ref::<&str>().copied());
        Err(XlsxError::IoError(panic_cause(text.unwrap_or_default())).into())
    });
    result.map_err(|error| match error.downcast() {
        // Errors of other files have a name already.
        Ok(XlsxError::TempFileError(_, error) | XlsxError::IoError(error)) => {
            NamedStream::temporary(&scratch.folder()).name(error).into()
        }
        Ok(error) => error.into(),
        Err(error) => error,
    })
}

/// The error that a panic of the workbook library was about. The text of the panic has the code of
/// the system as `Os { code: 28, …`.
fn panic_cause(text: &str) -> io::Error {
    let code = text.split_once("Os { code: ").and_then(|(_, rest)| {
        let (code, _) = rest.split_once(',')?;
        code.parse().ok()
    });
    code.map_or_else(
        || io::Error::other(format!("cannot be written ({text})")),
        io::Error::from_raw_os_error,
    )
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader as _, Xlsx};
    use chrono::DateTime;

    use super::*;
    use crate::host::{InMemory, OneWorker, Unwatched};
    use crate::table::column::Columns;
    use crate::table::spool::Spool;
    use crate::table::turns;
    use crate::time::zone::Zone;
    use crate::view::terminal::Terminal;

    #[test]
    fn rows_beyond_the_limit_continue_in_another_sheet() {
        let columns = Columns::with_fixed(turns::COLUMNS).in_output_order();
        let mut spool = Spool::new(Columns::with_fixed(turns::COLUMNS), &InMemory);
        let survey = Survey::run(&mut spool, &columns, OneWorker);
        let styles = CellStyles::new(&TimeStyle::new(Zone::Utc, None));
        let mut book = WorkbookWriter::with_rows_per_sheet(2, styles.expect("no format"));
        book.begin_table("Turns", &columns, survey.expect("no rows"))
            .expect("room for five columns");
        for number in 1..=5 {
            let cells = [Some(Cell::number(number)), None, None, None, None];
            book.write_row(&cells).expect("a disk with room");
        }
        let about = AboutSheet {
            created: DateTime::UNIX_EPOCH,
            facts: Vec::new(),
            findings: Vec::new(),
        };
        let mut out = Vec::new();
        let to = ExportOutput {
            out: &mut out,
            terminal: Terminal::default(),
            rejects: None,
            progress: &Unwatched,
        };
        book.finish(about, &InMemory, to).expect("a disk with room");
        let mut book = Xlsx::new(Cursor::new(out)).expect("a workbook");
        let mut seen = Vec::new();
        for name in book.sheet_names() {
            let sheet = book.worksheet_range(&name).expect("a sheet");
            let first = sheet.rows().skip(1).map(|row| row[0].clone());
            seen.push((name, first.collect::<Vec<_>>()));
        }
        let numbers = |numbers: &[f64]| numbers.iter().map(|n| Data::Float(*n)).collect();
        let expected: [(_, Vec<Data>); 3] = [
            ("Turns", numbers(&[1.0, 2.0])),
            ("Turns 2", numbers(&[3.0, 4.0])),
            ("Turns 3", numbers(&[5.0])),
        ];
        // The last sheet is the one about the workbook.
        assert_eq!(seen.len(), expected.len() + 1);
        for ((name, rows), (expected_name, expected_rows)) in seen.iter().zip(&expected) {
            assert_eq!((name.as_str(), rows), (*expected_name, expected_rows));
        }
        assert_eq!(seen.last().map(|(name, _)| name.as_str()), Some("About"));
    }
}
