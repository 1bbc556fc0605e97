//! Rows as XML (ECMA-376 part 1, 18.3.1.73), compressed. Portions of a table are written at the
//! same time.

use std::borrow::Cow;
use std::io::Write as _;

use chrono::{NaiveDate, NaiveDateTime};
use memchr::memchr;
use rust_xlsxwriter::utility::column_number_to_name;

use super::deflate::{Piece, PieceEnd, PieceWriter};
use super::layout;
use super::links::{LinkXml, is_link};
use super::sheet::{SheetColumn, TableSheets};
use super::template::SheetStyles;
use super::text_xml::{has_outer_space, push_text};
use crate::json::exact_number::Number;
use crate::table::cell_split;
use crate::table::column::ColumnType;
use crate::table::row::{Cell, CellKind};
use crate::table::spool::{Portion, PortionSize};
use crate::text::cell_units::CellUnits;
use crate::time::timestamp::Timestamp;
use crate::time::zone::Zone;

/// Size of the portions. Their XML is two to four times as large.
pub(super) const PORTION: PortionSize = PortionSize {
    bytes: 1024 * 1024,
    overhead_per_row: 0,
    rows: usize::MAX,
};

/// XML up to this size is compressed at once, while it is in the cache of the processor.
const BUFFER_BYTES: usize = 64 * 1024;

const SECONDS_PER_DAY: f64 = 86_400.0;

/// The longest duration that Excel shows, in seconds: up to the end of the year 9999.
const MAX_SECONDS: f64 = 2_958_465.0 * SECONDS_PER_DAY;

/// Number of digits from which the default format rounds an integer.
const MANY_DIGITS: usize = 12;

/// Number of digits that every double keeps.
const EXACT_DIGITS: usize = 15;

/// XML between the reference of a cell and its value.
struct CellXml {
    number: String,
    text: String,
}

impl CellXml {
    fn new(style: u32) -> Self {
        Self {
            number: format!("\" s=\"{style}\"><v>"),
            text: format!("\" s=\"{style}\" t=\"inlineStr\"><is><t"),
        }
    }
}

/// Consecutive rows of one sheet.
pub(super) struct SheetRows {
    /// Index of the sheet in its table.
    pub(super) sheet: usize,
    pub(super) rows: u64,
    pub(super) xml: Piece,
    pub(super) links: LinkXml,
}

/// Writes the rows of a table.
pub(super) struct RowEncoder<'t> {
    table: &'t TableSheets<'t>,
    zone: &'t Zone,
    /// The start of each cell of a row, up to its row number.
    references: Vec<String>,
    /// The XML of each column of the table.
    columns: Vec<CellXml>,
    plain: CellXml,
    integer: CellXml,
    link: CellXml,
    boolean: String,
}

impl<'t> RowEncoder<'t> {
    pub(super) fn new(table: &'t TableSheets<'t>, styles: &SheetStyles, zone: &'t Zone) -> Self {
        let references = (0..table.cell_count())
            .map(|cell| format!("<c r=\"{}", column_number_to_name(cell)))
            .collect();
        let columns = table.columns.iter().map(|column| {
            let style = styles.cells[usize::from(column.first_cell)];
            CellXml::new(style)
        });
        Self {
            columns: columns.collect(),
            table,
            zone,
            references,
            plain: CellXml::new(styles.plain),
            integer: CellXml::new(styles.integer),
            link: CellXml::new(styles.link),
            boolean: format!("\" s=\"{}\" t=\"b\"><v>", styles.boolean),
        }
    }

    /// Writes the rows of a portion, of one sheet or several.
    pub(super) fn encode(&self, portion: Portion) -> anyhow::Result<Vec<SheetRows>> {
        let rows_per_sheet = u64::from(self.table.rows_per_sheet);
        let mut row = portion.first_row;
        let mut sheets: Vec<RowWriter> = Vec::new();
        portion.for_each(|cells| {
            let sheet = usize::try_from(row / rows_per_sheet)?;
            if sheets.last().is_none_or(|writer| writer.sheet != sheet) {
                sheets.push(RowWriter::new(self, sheet));
            }
            let writer = sheets.last_mut().expect("one was added");
            // Rows count from 1, and the first one is the heading.
            writer.write_row(row, row % rows_per_sheet + 2, cells);
            row += 1;
            Ok(())
        })?;
        Ok(sheets.into_iter().map(RowWriter::finish).collect())
    }
}

/// Writes consecutive rows of one sheet.
struct RowWriter<'e> {
    encoder: &'e RowEncoder<'e>,
    sheet: usize,
    rows: u64,
    compressed: PieceWriter,
    /// XML that is not yet compressed.
    xml: Vec<u8>,
    /// Number of the last row in the sheet, as text.
    row_number: String,
    /// Index of the row in the table.
    row: u64,
    /// Number of links in the row so far.
    row_links: usize,
    links: LinkXml,
}

impl<'e> RowWriter<'e> {
    fn new(encoder: &'e RowEncoder, sheet: usize) -> Self {
        Self {
            encoder,
            sheet,
            rows: 0,
            compressed: PieceWriter::new(),
            xml: Vec::with_capacity(2 * BUFFER_BYTES),
            row_number: String::new(),
            row: 0,
            row_links: 0,
            links: LinkXml::default(),
        }
    }

    fn finish(mut self) -> SheetRows {
        self.compressed.push(&self.xml);
        SheetRows {
            sheet: self.sheet,
            rows: self.rows,
            xml: self.compressed.finish(PieceEnd::Joined),
            links: self.links,
        }
    }

    /// Writes the row with the index `row` in the table, and the number `row_number` in the sheet.
    fn write_row(&mut self, row: u64, row_number: u64, cells: &[Option<Cell>]) {
        self.rows += 1;
        self.row = row;
        self.row_number = row_number.to_string();
        self.row_links = 0;
        let columns = &self.encoder.table.columns;
        let lines = count_lines(columns, cells);
        let start = self.xml.len();
        self.xml.extend_from_slice(b"<row r=\"");
        self.xml.extend_from_slice(self.row_number.as_bytes());
        if let Some(height) = layout::row_height(lines) {
            write!(self.xml, "\" ht=\"{height}\" customHeight=\"1").expect("a vector grows");
        }
        self.xml.extend_from_slice(b"\">");
        let first_cell = self.xml.len();
        for (index, cell) in cells.iter().enumerate() {
            if let Some(cell) = cell {
                self.write_cell(index, cell);
            }
        }
        if self.xml.len() == first_cell {
            self.xml.truncate(start);
            return;
        }
        self.xml.extend_from_slice(b"</row>");
        if self.xml.len() >= BUFFER_BYTES {
            self.compressed.push(&self.xml);
            self.xml.clear();
        }
    }

    fn write_cell(&mut self, index: usize, cell: &Cell) {
        let encoder = self.encoder;
        let SheetColumn {
            column_type,
            first_cell,
            ..
        } = encoder.table.columns[index];
        let style = &encoder.columns[index];
        let text = &*cell.text;
        match (cell.kind, column_type) {
            (CellKind::Boolean, _) => {
                self.start_cell(first_cell, &encoder.boolean);
                let digit = if text == "true" { b'1' } else { b'0' };
                self.xml.push(digit);
                self.xml.extend_from_slice(b"</v></c>");
            }
            (CellKind::Number, _) => self.write_number(first_cell, column_type, text, style),
            (CellKind::Text | CellKind::Time, ColumnType::Time) => {
                let time = Timestamp::read(text).and_then(|time| serial_date(encoder.zone, time));
                match time {
                    Some(time) => self.write_double(first_cell, time, style),
                    None => self.write_text(first_cell, text, style),
                }
            }
            (CellKind::Text, ColumnType::Link) if is_link(cell) => {
                if encoder.table.links.allows(self.row, self.row_links) {
                    let reference = column_number_to_name(first_cell) + &self.row_number;
                    self.links.push(&reference, text);
                    self.write_text(first_cell, text, &encoder.link);
                } else {
                    self.write_text(first_cell, text, style);
                }
                self.row_links += 1;
            }
            (CellKind::Text | CellKind::Time | CellKind::Json, _) => {
                self.write_text(first_cell, text, style);
            }
        }
    }

    fn write_number(&mut self, cell: u16, column_type: ColumnType, text: &str, style: &CellXml) {
        let number_style = match column_type {
            ColumnType::Time => &self.encoder.plain,
            ColumnType::Any if has_many_digits(text) => &self.encoder.integer,
            _ => style,
        };
        if column_type != ColumnType::Seconds && is_short_integer(text) {
            // Fast path: as a double, the number has the same digits. It saves 4 % of the time.
            self.start_cell(cell, &number_style.number);
            self.xml.extend_from_slice(text.as_bytes());
            self.xml.extend_from_slice(b"</v></c>");
            return;
        }
        match (Number::parse(text).to_spreadsheet_number(), column_type) {
            (Some(number), ColumnType::Seconds) if (0.0..=MAX_SECONDS).contains(&number) => {
                self.write_double(cell, number / SECONDS_PER_DAY, style);
            }
            // Excel cannot show negative and very long durations, and would read an unconverted
            // number here as days: keep it as text.
            (None, _) | (_, ColumnType::Seconds) => self.write_text(cell, text, style),
            (Some(number), _) => self.write_double(cell, number, number_style),
        }
    }

    fn write_double(&mut self, cell: u16, number: f64, style: &CellXml) {
        self.start_cell(cell, &style.number);
        write!(self.xml, "{number}</v></c>").expect("a vector grows");
    }

    /// Writes a text, in several cells if it is long.
    fn write_text(&mut self, cell: u16, text: &str, style: &CellXml) {
        // Excel breaks lines at LF.
        let text = if memchr(b'\r', text.as_bytes()).is_some() {
            Cow::Owned(text.replace("\r\n", "\n"))
        } else {
            Cow::Borrowed(text)
        };
        for (cell, part) in (cell..).zip(cell_split::split_text(&text, CellUnits::Utf16)) {
            if part.is_empty() {
                continue;
            }
            self.start_cell(cell, &style.text);
            if has_outer_space(part) {
                self.xml.extend_from_slice(b" xml:space=\"preserve\"");
            }
            self.xml.push(b'>');
            push_text(part, &mut self.xml);
            self.xml.extend_from_slice(b"</t></is></c>");
        }
    }

    fn start_cell(&mut self, cell: u16, style: &str) {
        let reference = &self.encoder.references[usize::from(cell)];
        self.xml.extend_from_slice(reference.as_bytes());
        self.xml.extend_from_slice(self.row_number.as_bytes());
        self.xml.extend_from_slice(style.as_bytes());
    }
}

/// Number of lines that a row needs.
fn count_lines(columns: &[SheetColumn], cells: &[Option<Cell>]) -> usize {
    let mut lines = 1;
    for (column, cell) in columns.iter().zip(cells) {
        let is_wrapped = matches!(column.column_type, ColumnType::Any | ColumnType::Link);
        if let Some(cell) = cell
            && is_wrapped
            && lines < layout::MAX_LINES
        {
            lines = lines.max(layout::count_lines(&cell.text, column.width));
        }
    }
    lines
}

/// True if a double keeps the integer and is formatted with the same digits.
fn is_short_integer(text: &str) -> bool {
    text.len() <= EXACT_DIGITS
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && (!text.starts_with('0') || text.len() == 1)
}

/// True if the text is an integer that the default format of spreadsheets would round.
fn has_many_digits(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.len() >= MANY_DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit())
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
