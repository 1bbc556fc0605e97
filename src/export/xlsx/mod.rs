//! Excel workbooks (ECMA-376): tables in, a sheet each, then one about the workbook itself. Rows wait in temporary files, so that memory does
//! not follow their number; whatever spreadsheets can not hold in one cell or sheet goes on in the next.

mod sheet;

use std::io::{self, Seek, SeekFrom, Write};
use std::panic::{self, AssertUnwindSafe};

use anyhow::{Context as _, anyhow};
use rust_xlsxwriter::{DocProperties, Format as CellFormat, Workbook, XlsxError};

use crate::call::zone::Zone;
use crate::table::column::Column;
use crate::table::row::Cell;
use crate::table::survey::Survey;
use sheet::{Looks, Sheet};

/// Rows of a sheet below its header.
pub const ROWS_PER_SHEET: u32 = 1_048_575;

/// Columns of a sheet.
const MOST_COLUMNS: usize = 16_384;

/// What a zip archive holds without its 64-bit extension, with room for what is not sheets.
const LARGEST_ZIP_BYTES: u64 = 4_000_000_000;

/// A workbook that is being written.
pub struct Book {
    workbook: Workbook,
    looks: Looks,
    rows_per_sheet: u32,
    /// The table whose rows are being written.
    table: Option<Table>,
    /// What each sheet that is done holds, for the last one.
    done: Vec<(String, u64)>,
    /// Links that are text only, for a sheet holds no more.
    plain_links: u64,
    /// At most so many bytes of XML.
    bytes: u64,
}

/// A table on its way into one or more sheets.
struct Table {
    title: String,
    columns: Vec<Column>,
    survey: Survey,
    sheet: Sheet,
    sheets: u32,
}

/// What the last sheet tells.
pub struct About<'a> {
    /// Labels and what they are about.
    pub facts: Vec<(&'a str, String)>,
    /// Findings: level, rule, how often, and what the rule finds.
    pub findings: Vec<(&'static str, &'static str, u64, &'static str)>,
}

impl Book {
    /// An empty workbook, with times in `zone`.
    #[must_use]
    pub fn new(zone: Zone) -> Self {
        Self::with_sheets_of(ROWS_PER_SHEET, zone)
    }

    fn with_sheets_of(rows_per_sheet: u32, zone: Zone) -> Self {
        let mut workbook = Workbook::new();
        let made_by = format!("postcall {}", env!("CARGO_PKG_VERSION"));
        workbook.set_properties(&DocProperties::new().set_author(made_by));
        Self {
            workbook,
            looks: Looks::new(zone),
            rows_per_sheet,
            table: None,
            done: Vec::new(),
            plain_links: 0,
            bytes: 0,
        }
    }

    /// Begins a table; the one before is done.
    pub fn begin(&mut self, title: &str, columns: &[Column], survey: Survey) -> anyhow::Result<()> {
        self.end()?;
        let cells = Sheet::width(&survey);
        if cells > MOST_COLUMNS {
            return Err(anyhow!(
                "{title}: {cells} columns, of which a sheet holds {MOST_COLUMNS}: choose some with --columns, or export CSV"
            ));
        }
        let sheet = self.sheet(title, columns, &survey)?;
        self.table = Some(Table {
            title: title.to_owned(),
            columns: columns.to_vec(),
            survey,
            sheet,
            sheets: 1,
        });
        Ok(())
    }

    fn sheet(&mut self, title: &str, columns: &[Column], survey: &Survey) -> anyhow::Result<Sheet> {
        let worksheet = self.workbook.new_worksheet_with_constant_memory()?;
        let sheet = Sheet::begin(worksheet, title, columns, survey, &self.looks)?;
        Ok(sheet)
    }

    /// Adds a row to the table: a cell for each of its columns. A full sheet is followed by another one.
    pub fn row(&mut self, cells: &[Option<Cell>]) -> anyhow::Result<()> {
        let is_full = |table: &Table| table.sheet.rows() == self.rows_per_sheet;
        if self.table.as_ref().is_some_and(is_full)
            && let Some(mut table) = self.table.take()
        {
            table.sheets += 1;
            let title = format!("{} {}", table.title, table.sheets);
            let next = self.sheet(&title, &table.columns, &table.survey)?;
            let full = std::mem::replace(&mut table.sheet, next);
            self.push(full)?;
            self.table = Some(table);
        }
        let table = self
            .table
            .as_mut()
            .expect("a table is begun before its rows");
        Ok(table.sheet.row(cells, &self.looks)?)
    }

    fn end(&mut self) -> anyhow::Result<()> {
        match self.table.take() {
            Some(table) => self.push(table.sheet),
            None => Ok(()),
        }
    }

    fn push(&mut self, sheet: Sheet) -> anyhow::Result<()> {
        self.plain_links += sheet.plain_links();
        self.bytes += sheet.bytes();
        let rows = u64::from(sheet.rows());
        let worksheet = sheet.end()?;
        self.done.push((worksheet.name(), rows));
        self.workbook.push_worksheet(worksheet);
        Ok(())
    }

    /// Adds the sheet about the workbook, and writes all of it.
    pub fn finish(mut self, mut about: About, out: &mut dyn Write) -> anyhow::Result<()> {
        self.end()?;
        for (title, rows) in &self.done {
            about.facts.push(("Rows", format!("{title}: {rows}")));
        }
        if self.plain_links > 0 {
            let fact = format!(
                "{} links are text only: a sheet holds {} that can be clicked",
                self.plain_links,
                sheet::MOST_LINKS
            );
            about.facts.push(("Links", fact));
        }
        let workbook = &mut self.workbook;
        // Only where it must be: LibreOffice takes a small file in this form for a broken one.
        workbook.use_zip_large_file(self.bytes > LARGEST_ZIP_BYTES);
        let mut file = tempfile::tempfile().context("temporary file")?;
        add_about(workbook, &about)?;
        workbook.save_to_writer(&mut file)?;
        // A workbook is written out of order; what it goes to may be a pipe.
        file.seek(SeekFrom::Start(0)).context("temporary file")?;
        io::copy(&mut file, out)?;
        Ok(())
    }
}

fn add_about(workbook: &mut Workbook, about: &About) -> Result<(), XlsxError> {
    let bold = CellFormat::new().set_bold();
    let sheet = workbook.add_worksheet();
    sheet.set_name("About")?;
    sheet.set_column_width(0, 22)?;
    sheet.set_column_width(1, 28)?;
    let mut row = 0;
    for (label, fact) in &about.facts {
        sheet.write_string_with_format(row, 0, *label, &bold)?;
        let parts = crate::table::parts::of(fact);
        for (column, part) in (1..).zip(parts) {
            sheet.write_string(row, column, part)?;
        }
        row += 1;
    }
    row += 1;
    for (column, name) in (0..).zip(["Finding", "Rule", "How often", "What it is"]) {
        sheet.write_string_with_format(row, column, name, &bold)?;
    }
    for (level, rule, count, summary) in &about.findings {
        row += 1;
        sheet.write_string(row, 0, *level)?;
        sheet.write_string(row, 1, *rule)?;
        #[expect(clippy::cast_precision_loss, reason = "nobody has 2^53 findings")]
        sheet.write_number(row, 2, *count as f64)?;
        sheet.write_string(row, 3, *summary)?;
    }
    Ok(())
}

/// Writes a workbook, as `work` does. The library that does it takes for granted that its temporary files can be written, and panics where a disk
/// is full: that is told as an error like any other.
pub fn careful<T>(work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    // The worker threads are done by now, whose panics would be kept quiet too.
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    panic::set_hook(hook);
    result.unwrap_or_else(|payload| {
        let text = payload.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| payload.downcast_ref::<&str>().copied());
        Err(anyhow!(
            "the workbook's temporary files in {} could not be written; is the disk full? ({})",
            std::env::temp_dir().display(),
            text.unwrap_or("no reason given")
        ))
    })
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader as _, Xlsx};

    use super::*;
    use crate::table::column::Columns;
    use crate::table::spool::Spool;
    use crate::table::turns;

    #[test]
    fn rows_that_a_sheet_has_no_room_for_go_on_in_the_next() {
        let columns = Columns::fixed(turns::COLUMNS).in_order();
        let mut spool = Spool::new(Columns::fixed(turns::COLUMNS));
        let survey = Survey::of(&mut spool, &columns, 1);
        let mut book = Book::with_sheets_of(2, Zone::Utc);
        book.begin("Turns", &columns, survey.expect("no rows"))
            .expect("room for five columns");
        for number in 1..=5 {
            let cells = [Some(Cell::number(number)), None, None, None, None];
            book.row(&cells).expect("a disk with room");
        }
        let about = About {
            facts: Vec::new(),
            findings: Vec::new(),
        };
        let mut out = Vec::new();
        book.finish(about, &mut out).expect("a disk with room");
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
