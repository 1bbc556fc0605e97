//! One sheet of a workbook: columns with formats and widths, and cells with real types.

use chrono::{NaiveDate, NaiveDateTime};
use rust_xlsxwriter::{Format as CellFormat, IgnoreError, Worksheet, XlsxError};

use super::layout::{self, ROWS_PER_SHEET};
use super::styles::{self, CellStyles};
use crate::json::exact_number::Number;
use crate::table::cell_split;
use crate::table::column::{Column, ColumnType};
use crate::table::row::{Cell, CellKind};
use crate::table::survey::{ColumnContents, Survey};
use crate::table::writer::Heading;
use crate::text::cell_units::CellUnits;
use crate::time::timestamp::Timestamp;
use crate::time::zone::Zone;

/// Maximum number of links in a sheet (Excel specifications and limits).
pub(crate) const MAX_LINKS: u32 = 65_530;

/// Maximum length of a link in Excel, in characters.
const MAX_LINK_CHARS: usize = 2_079;

const SECONDS_PER_DAY: f64 = 86_400.0;

/// The longest duration that Excel shows, in seconds: up to the end of the year 9999.
const MAX_SECONDS: f64 = 2_958_465.0 * SECONDS_PER_DAY;

/// Number of digits from which the default format rounds an integer.
const MANY_DIGITS: usize = 12;

/// A sheet that is being written.
pub(crate) struct SheetWriter {
    worksheet: Worksheet,
    columns: Vec<SheetColumn>,
    cells: u16,
    rows: u32,
    links: u32,
    plain_links: u64,
    /// Lines that the last row needs.
    lines: usize,
    /// Upper bound of the uncompressed size.
    bytes: u64,
}

struct SheetColumn {
    column_type: ColumnType,
    /// Index of the first cell of the column in a row.
    first_cell: u16,
    /// Characters that fit on a line.
    width: usize,
}

impl SheetWriter {
    /// Number of cells in a row. Long texts take several cells.
    pub(crate) fn count_cells(survey: &Survey) -> usize {
        survey
            .columns
            .iter()
            .map(|column| column.cells_for_longest_text(CellUnits::Utf16))
            .sum()
    }

    pub(crate) fn new(
        mut worksheet: Worksheet,
        title: &str,
        columns: &[Column],
        survey: &Survey,
        styles: &CellStyles,
    ) -> Result<Self, XlsxError> {
        worksheet.set_name(title)?;
        worksheet.set_freeze_panes(1, 0)?;
        worksheet.set_repeat_rows(0, 0)?;
        let max_width = layout::max_width(columns.len());
        // A column may also have nothing but empty texts.
        let is_empty = |contents: &ColumnContents| contents.longest_text == 0;
        // A sheet without any visible column would look broken.
        let hides_columns = !survey.columns.iter().all(is_empty);
        let counts: Vec<usize> = survey
            .columns
            .iter()
            .map(|column| column.cells_for_longest_text(CellUnits::Utf16))
            .collect();
        let names: Vec<Heading> = (columns.iter())
            .map(|column| styles.heading_of(column))
            .collect();
        let mut headings = cell_split::split_headings(&names, &counts).into_iter();
        let mut sheet_columns = Vec::new();
        let mut next = 0;
        let mut lines = 1;
        let mut total_width = 0;
        let columns = columns.iter().zip(&survey.columns);
        for (((column, contents), count), name) in columns.zip(counts).zip(&names) {
            let column_type = column.column_type;
            let width = layout::column_width(
                &name.name,
                column_type,
                contents,
                styles.time_width,
                max_width,
            );
            sheet_columns.push(SheetColumn {
                column_type,
                first_cell: next,
                width,
            });
            for heading in headings.by_ref().take(count) {
                #[expect(clippy::cast_precision_loss, reason = "at most a hundred")]
                worksheet.set_column_width(next, width as f64)?;
                worksheet.set_column_format(next, styles.format_of(column_type, contents))?;
                if hides_columns && is_empty(contents) {
                    worksheet.set_column_hidden(next)?;
                } else {
                    lines = lines.max(layout::heading_lines(&heading.name, width));
                    total_width += width;
                }
                let name = cell_split::split_text(&heading.name, CellUnits::Utf16)
                    .next()
                    .unwrap_or_default();
                worksheet.write_string_with_format(0, next, name, &styles.heading)?;
                next += 1;
            }
        }
        let pages = layout::page_count(total_width);
        styles::set_page(&mut worksheet, pages);
        if pages > 1 {
            // The id of the call stays beside its other values.
            worksheet.set_repeat_columns(0, 0)?;
        }
        Ok(Self {
            worksheet,
            columns: sheet_columns,
            cells: next,
            rows: 0,
            links: 0,
            plain_links: 0,
            lines,
            bytes: 0,
        })
    }

    /// Number of rows below the header.
    pub(crate) fn rows(&self) -> u32 {
        self.rows
    }

    /// Upper bound of the uncompressed size of the sheet in bytes.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Number of links written as plain text.
    pub(crate) fn plain_links(&self) -> u64 {
        self.plain_links
    }

    pub(crate) fn write_row(
        &mut self,
        cells: &[Option<Cell>],
        styles: &CellStyles,
    ) -> Result<(), XlsxError> {
        // The height of the last row, before the next one is started.
        styles::set_lines(&mut self.worksheet, self.rows, self.lines)?;
        self.rows += 1;
        self.lines = 1;
        for (index, cell) in cells.iter().enumerate() {
            if let Some(cell) = cell {
                let column = &self.columns[index];
                let is_wrapped = matches!(column.column_type, ColumnType::Any | ColumnType::Link);
                if is_wrapped && self.lines < layout::MAX_LINES {
                    let lines = layout::count_lines(&cell.text, column.width);
                    self.lines = self.lines.max(lines);
                }
                self.bytes += CELL_BYTES + xml_bytes(&cell.text);
                let (first_cell, column_type) = (column.first_cell, column.column_type);
                self.write_cell(first_cell, column_type, cell, styles)?;
            }
        }
        Ok(())
    }

    fn write_cell(
        &mut self,
        column: u16,
        column_type: ColumnType,
        cell: &Cell,
        styles: &CellStyles,
    ) -> Result<(), XlsxError> {
        let (sheet, row) = (&mut self.worksheet, self.rows);
        let text = cell.text.as_ref();
        match (cell.kind, column_type) {
            (CellKind::Boolean, _) => {
                sheet.write_boolean_with_format(row, column, text == "true", &styles.boolean)?;
            }
            (CellKind::Number, column_type) => {
                match (Number::parse(text).to_spreadsheet_number(), column_type) {
                    (Some(number), ColumnType::Seconds)
                        if (0.0..=MAX_SECONDS).contains(&number) =>
                    {
                        sheet.write_number(row, column, number / SECONDS_PER_DAY)?;
                    }
                    // Excel cannot show negative and very long durations, and would read an
                    // unconverted number here as days: keep it as text.
                    (None, _) | (_, ColumnType::Seconds) => self.write_text(column, text)?,
                    (Some(number), ColumnType::Time) => {
                        sheet.write_number_with_format(row, column, number, &styles.plain)?;
                    }
                    (Some(number), ColumnType::Any) if has_many_digits(text) => {
                        sheet.write_number_with_format(row, column, number, &styles.integer)?;
                    }
                    (Some(number), _) => {
                        sheet.write_number(row, column, number)?;
                    }
                }
            }
            (CellKind::Text | CellKind::Time, ColumnType::Time) => {
                let time = Timestamp::read(text).and_then(|time| serial_date(&styles.zone, time));
                match time {
                    Some(time) => {
                        sheet.write_number(row, column, time)?;
                    }
                    None => self.write_text(column, text)?,
                }
            }
            (CellKind::Text, ColumnType::Link) if is_link(text) => {
                if self.links < MAX_LINKS {
                    self.links += 1;
                    sheet.write_url_with_format(row, column, text, &styles.link)?;
                } else {
                    self.plain_links += 1;
                    self.write_text(column, text)?;
                }
            }
            (CellKind::Text | CellKind::Time | CellKind::Json, _) => {
                self.write_text(column, text)?;
            }
        }
        Ok(())
    }

    fn write_text(&mut self, column: u16, text: &str) -> Result<(), XlsxError> {
        // Excel breaks lines at LF.
        let text = text.replace("\r\n", "\n");
        for (column, part) in (column..).zip(cell_split::split_text(&text, CellUnits::Utf16)) {
            self.worksheet.write_string(self.rows, column, part)?;
        }
        Ok(())
    }

    pub(crate) fn finish(mut self) -> Result<Worksheet, XlsxError> {
        styles::set_lines(&mut self.worksheet, self.rows, self.lines)?;
        // The library writes the last row twice if it has a height and no row follows. The next one
        // stays empty. There is none below a full sheet, whose last row keeps the default height.
        let sheet = &mut self.worksheet;
        if layout::row_height(self.lines).is_some() && self.rows < ROWS_PER_SHEET {
            sheet.write_blank(self.rows + 1, 0, &CellFormat::new())?;
            sheet.clear_cell(self.rows + 1, 0);
        }
        if let Some(last) = self.cells.checked_sub(1) {
            sheet.autofilter(0, 0, self.rows, last)?;
            if self.rows > 0 {
                styles::add_bands(sheet, 1, self.rows, last)?;
                // Phone numbers and long ids are text on purpose, so Excel should not flag them.
                let numbers_as_text = IgnoreError::NumberStoredAsText;
                sheet.ignore_error_range(1, 0, self.rows, last, numbers_as_text)?;
            }
        }
        Ok(self.worksheet)
    }
}

/// True if the text is an integer that the default format of spreadsheets would round.
fn has_many_digits(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.len() >= MANY_DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Maximum size of the XML of a cell without its text, in bytes.
const CELL_BYTES: u64 = 96;

/// Maximum size of a text in XML, in bytes: `<` becomes `&lt;`, and a control character `_x001B_`.
fn xml_bytes(text: &str) -> u64 {
    let is_escaped = |byte: &u8| *byte < b' ' || matches!(*byte, b'&' | b'<' | b'>' | b'_');
    let escaped = text.bytes().filter(is_escaped).count();
    (text.len() + 6 * escaped) as u64
}

/// Converts a time to the number that spreadsheets store: days since 1899-12-30. Returns `None`
/// before March 1900, where programs disagree, and from the year 10000 on.
fn serial_date(zone: &Zone, time: Timestamp) -> Option<f64> {
    let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day)?.and_hms_opt(0, 0, 0);
    let (zero, first, end) = (day(1899, 12, 30)?, day(1900, 3, 1)?, day(10_000, 1, 1)?);
    let time: NaiveDateTime = zone.localize(time).naive_local();
    if time < first || time >= end {
        return None;
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "milliseconds of 8,100 years are exact"
    )]
    let milliseconds = (time - zero).num_milliseconds() as f64;
    Some(milliseconds / (SECONDS_PER_DAY * 1e3))
}

/// True if the text is written as a clickable link: only web links are.
fn is_link(text: &str) -> bool {
    let is_web = text.starts_with("https://") || text.starts_with("http://");
    is_web && text.len() <= MAX_LINK_CHARS && text.bytes().all(|byte| byte.is_ascii_graphic())
}
