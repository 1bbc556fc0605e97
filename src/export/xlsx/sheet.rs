//! One sheet of a workbook: columns with formats and widths, and cells with real types.

use chrono::{NaiveDate, NaiveDateTime};
use rust_xlsxwriter::{
    Format as CellFormat, FormatAlign, FormatBorder, IgnoreError, Worksheet, XlsxError,
};
use unicode_width::UnicodeWidthStr;

use crate::table::cell_split;
use crate::table::column::{Column, ColumnType};
use crate::table::number::Number;
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

/// Maximum width of a column in characters; longer lines are wrapped. Tables with few columns have
/// room for wider ones.
const MAX_WIDTH: usize = 60;
const MAX_WIDTH_FEW_COLUMNS: usize = 100;

/// A table with at most this many columns counts as having few.
const FEW_COLUMNS: usize = 8;

/// Minimum width of a column in characters.
const MIN_WIDTH: usize = 8;

/// Room for the filter button in a header cell, in characters.
const FILTER_BUTTON_WIDTH: usize = 3;

/// Maximum height of a row in lines. A text that needs more does not make its row taller: it can be
/// read by opening the cell, and the next row stays in sight.
const MAX_LINES: usize = 5;
const MAX_LINES_FEW_COLUMNS: usize = 20;

/// Height of a line in points.
const LINE_HEIGHT: u16 = 15;

const SECONDS_PER_DAY: f64 = 86_400.0;

/// Formats of cells, and the zone in which times are written.
pub(crate) struct CellStyles {
    zone: Zone,
    header: CellFormat,
    plain: CellFormat,
    text: CellFormat,
    phone: CellFormat,
    time: CellFormat,
    duration: CellFormat,
    link: CellFormat,
}

impl CellStyles {
    pub(crate) fn new(zone: Zone) -> Self {
        let plain = CellFormat::new().set_align(FormatAlign::Top);
        let text = plain.clone().set_text_wrap();
        Self {
            zone,
            header: CellFormat::new()
                .set_bold()
                .set_border_bottom(FormatBorder::Thin),
            phone: plain.clone().set_num_format("@"),
            // Independent of the language: ISO 8601 reads the same everywhere.
            time: plain.clone().set_num_format("yyyy-mm-dd hh:mm:ss"),
            duration: plain.clone().set_num_format("[h]:mm:ss"),
            link: plain.clone().set_hyperlink(),
            plain,
            text,
        }
    }

    fn format_of(&self, column_type: ColumnType, contents: &ColumnContents) -> &CellFormat {
        match column_type {
            ColumnType::Phone => &self.phone,
            ColumnType::Time => &self.time,
            ColumnType::Seconds => &self.duration,
            ColumnType::Any if contents.texts + contents.json > 0 => &self.text,
            ColumnType::Integer | ColumnType::Link | ColumnType::Any => &self.plain,
        }
    }
}

/// A sheet that is being written.
pub(crate) struct SheetWriter {
    worksheet: Worksheet,
    columns: Vec<SheetColumn>,
    cells: u16,
    rows: u32,
    links: u32,
    plain_links: u64,
    max_lines: usize,
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
        let has_few = columns.len() <= FEW_COLUMNS;
        let max_width = if has_few {
            MAX_WIDTH_FEW_COLUMNS
        } else {
            MAX_WIDTH
        };
        let counts: Vec<usize> = survey
            .columns
            .iter()
            .map(|column| column.cells_for_longest_text(CellUnits::Utf16))
            .collect();
        let names: Vec<Heading> = columns.iter().map(Heading::from).collect();
        let mut headings = cell_split::split_headings(&names, &counts).into_iter();
        let mut sheet_columns = Vec::new();
        let mut next = 0;
        for ((column, contents), count) in columns.iter().zip(&survey.columns).zip(counts) {
            let width = column_width(column, contents, max_width);
            sheet_columns.push(SheetColumn {
                column_type: column.column_type,
                first_cell: next,
                width,
            });
            for heading in headings.by_ref().take(count) {
                #[expect(clippy::cast_precision_loss, reason = "at most a hundred")]
                worksheet.set_column_width(next, width as f64)?;
                worksheet
                    .set_column_format(next, styles.format_of(column.column_type, contents))?;
                let name = cell_split::split_text(&heading.name, CellUnits::Utf16)
                    .next()
                    .unwrap_or_default();
                worksheet.write_string_with_format(0, next, name, &styles.header)?;
                next += 1;
            }
        }
        Ok(Self {
            worksheet,
            columns: sheet_columns,
            cells: next,
            rows: 0,
            links: 0,
            plain_links: 0,
            max_lines: if has_few {
                MAX_LINES_FEW_COLUMNS
            } else {
                MAX_LINES
            },
            lines: 1,
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
        // The height is set when another row follows: the library writes the last row twice if it
        // has a height.
        if self.lines > 1 {
            let lines = u16::try_from(self.lines).unwrap_or(1);
            self.worksheet
                .set_row_height(self.rows, lines * LINE_HEIGHT)?;
        }
        self.rows += 1;
        self.lines = 1;
        for (index, cell) in cells.iter().enumerate() {
            if let Some(cell) = cell {
                let column = &self.columns[index];
                if column.column_type == ColumnType::Any && self.lines < self.max_lines {
                    let needed = count_lines(&cell.text, column.width, self.max_lines);
                    self.lines = self.lines.max(needed.unwrap_or_default());
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
            (CellKind::Boolean, ColumnType::Time | ColumnType::Seconds) => {
                sheet.write_boolean_with_format(row, column, text == "true", &styles.plain)?;
            }
            (CellKind::Boolean, _) => {
                sheet.write_boolean(row, column, text == "true")?;
            }
            (CellKind::Number, column_type) => {
                match (Number::parse(text).to_spreadsheet_number(), column_type) {
                    (Some(number), ColumnType::Seconds) if number >= 0.0 => {
                        sheet.write_number(row, column, number / SECONDS_PER_DAY)?;
                    }
                    // Excel cannot show negative durations, and would read an unconverted number
                    // here as days: keep it as text.
                    (None, _) | (_, ColumnType::Seconds) => self.write_text(column, text)?,
                    (Some(number), ColumnType::Time) => {
                        sheet.write_number_with_format(row, column, number, &styles.plain)?;
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
        if let Some(last) = self.cells.checked_sub(1) {
            self.worksheet.autofilter(0, 0, self.rows, last)?;
            if self.rows > 0 {
                // Phone numbers and long ids are text on purpose, so Excel should not flag them.
                self.worksheet.ignore_error_range(
                    1,
                    0,
                    self.rows,
                    last,
                    IgnoreError::NumberStoredAsText,
                )?;
            }
        }
        Ok(self.worksheet)
    }
}

/// Width of a column in characters, from its values and its header.
fn column_width(column: &Column, contents: &ColumnContents, max_width: usize) -> usize {
    /// Widths of `2024-01-15 10:30:00` and `123:45:67`.
    const TIME: usize = 19;
    const DURATION: usize = 9;
    let values = match column.column_type {
        ColumnType::Time if contents.times > 0 => TIME,
        ColumnType::Seconds => DURATION,
        _ => contents.width,
    };
    // Digits and capitals are wider than the average character.
    let values = values + values / 10 + 1;
    values
        .max(column.name.width() + FILTER_BUTTON_WIDTH)
        .clamp(MIN_WIDTH, max_width)
}

/// Number of lines that the text takes in a column of `width` characters, or `None` if it exceeds
/// `max`.
fn count_lines(text: &str, width: usize, max: usize) -> Option<usize> {
    let mut lines = 0;
    for line in text.split('\n') {
        lines += line.width().div_ceil(width).max(1);
        if lines > max {
            return None;
        }
    }
    Some(lines)
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
