//! One sheet: its columns with their formats and widths, and cells with real types.

use chrono::{NaiveDate, NaiveDateTime};
use rust_xlsxwriter::{
    Format as CellFormat, FormatAlign, FormatBorder, IgnoreError, Worksheet, XlsxError,
};
use unicode_width::UnicodeWidthStr;

use crate::call::timestamp::Timestamp;
use crate::call::zone::Zone;
use crate::table::column::{Column, Holds};
use crate::table::number::Number;
use crate::table::parts;
use crate::table::row::{Cell, CellKind};
use crate::table::survey::{Contents, Survey};
use crate::table::writer::Heading;

/// Links that a sheet holds (Excel specifications and limits).
pub(super) const MOST_LINKS: u32 = 65_530;

/// Characters of a link that Excel takes.
const LONGEST_LINK: usize = 2_079;

/// Characters that a column is wide, at most; longer lines are wrapped. Tables of few columns have room for more.
const WIDEST: usize = 60;
const WIDEST_OF_FEW: usize = 100;

/// So many columns are few.
const FEW: usize = 8;

/// Characters that a column is wide, at least.
const NARROWEST: usize = 8;

/// Room for the filter's button in a header.
const BUTTON: usize = 3;

/// Lines that a row is high, at most. A text that needs more does not make it higher: it is read in the opened cell, and the next row stays in
/// sight.
const MOST_LINES: usize = 5;
const MOST_LINES_OF_FEW: usize = 20;

/// Points that a line is high.
const LINE_HEIGHT: u16 = 15;

const SECONDS_PER_DAY: f64 = 86_400.0;

/// How cells look, and in which zone times are told.
pub(super) struct Looks {
    zone: Zone,
    header: CellFormat,
    plain: CellFormat,
    text: CellFormat,
    phone: CellFormat,
    time: CellFormat,
    duration: CellFormat,
    link: CellFormat,
}

impl Looks {
    pub(super) fn new(zone: Zone) -> Self {
        let plain = CellFormat::new().set_align(FormatAlign::Top);
        let text = plain.clone().set_text_wrap();
        Self {
            zone,
            header: CellFormat::new()
                .set_bold()
                .set_border_bottom(FormatBorder::Thin),
            phone: plain.clone().set_num_format("@"),
            // Not bound to a language: ISO 8601 reads the same everywhere.
            time: plain.clone().set_num_format("yyyy-mm-dd hh:mm:ss"),
            duration: plain.clone().set_num_format("[h]:mm:ss"),
            link: plain.clone().set_hyperlink(),
            plain,
            text,
        }
    }

    fn of(&self, holds: Holds, contents: &Contents) -> &CellFormat {
        match holds {
            Holds::Phones => &self.phone,
            Holds::Times => &self.time,
            Holds::Seconds => &self.duration,
            Holds::Anything if contents.texts + contents.json > 0 => &self.text,
            Holds::Integers | Holds::Links | Holds::Anything => &self.plain,
        }
    }
}

/// A sheet that is being written.
pub(super) struct Sheet {
    worksheet: Worksheet,
    columns: Vec<SheetColumn>,
    cells: u16,
    rows: u32,
    links: u32,
    plain_links: u64,
    most_lines: usize,
    /// Lines that the last row needs.
    lines: usize,
    /// At most so many bytes of XML.
    bytes: u64,
}

struct SheetColumn {
    holds: Holds,
    /// Its first cell in a row.
    first: u16,
    /// Characters that fit on a line.
    width: usize,
}

impl Sheet {
    /// How many cells a row has: long texts take several.
    pub(super) fn width(survey: &Survey) -> usize {
        survey.columns.iter().map(Contents::parts).sum()
    }

    pub(super) fn begin(
        mut worksheet: Worksheet,
        title: &str,
        columns: &[Column],
        survey: &Survey,
        looks: &Looks,
    ) -> Result<Self, XlsxError> {
        worksheet.set_name(title)?;
        worksheet.set_freeze_panes(1, 0)?;
        let has_few = columns.len() <= FEW;
        let widest = if has_few { WIDEST_OF_FEW } else { WIDEST };
        let counts: Vec<usize> = survey.columns.iter().map(Contents::parts).collect();
        let own: Vec<Heading> = columns.iter().map(Heading::from).collect();
        let mut headings = parts::headings(&own, &counts).into_iter();
        let mut laid_out = Vec::new();
        let mut next = 0;
        for ((column, contents), count) in columns.iter().zip(&survey.columns).zip(counts) {
            let width = width(column, contents, widest);
            laid_out.push(SheetColumn {
                holds: column.holds,
                first: next,
                width,
            });
            for heading in headings.by_ref().take(count) {
                #[expect(clippy::cast_precision_loss, reason = "at most a hundred")]
                worksheet.set_column_width(next, width as f64)?;
                worksheet.set_column_format(next, looks.of(column.holds, contents))?;
                let name = parts::of(&heading.name).next().unwrap_or_default();
                worksheet.write_string_with_format(0, next, name, &looks.header)?;
                next += 1;
            }
        }
        Ok(Self {
            worksheet,
            columns: laid_out,
            cells: next,
            rows: 0,
            links: 0,
            plain_links: 0,
            most_lines: if has_few {
                MOST_LINES_OF_FEW
            } else {
                MOST_LINES
            },
            lines: 1,
            bytes: 0,
        })
    }

    /// How many rows there are below the header.
    pub(super) fn rows(&self) -> u32 {
        self.rows
    }

    /// At most so many bytes the sheet takes before it is compressed.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// How many links are text only.
    pub(super) fn plain_links(&self) -> u64 {
        self.plain_links
    }

    pub(super) fn row(&mut self, cells: &[Option<Cell>], looks: &Looks) -> Result<(), XlsxError> {
        // Only now that another one follows: the library writes the last row twice if it has a height.
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
                if column.holds == Holds::Anything && self.lines < self.most_lines {
                    let needed = lines_of(&cell.text, column.width, self.most_lines);
                    self.lines = self.lines.max(needed.unwrap_or_default());
                }
                self.bytes += CELL_BYTES + xml_bytes(&cell.text);
                let (place, holds) = (column.first, column.holds);
                self.cell(place, holds, cell, looks)?;
            }
        }
        Ok(())
    }

    fn cell(
        &mut self,
        column: u16,
        holds: Holds,
        cell: &Cell,
        looks: &Looks,
    ) -> Result<(), XlsxError> {
        let (sheet, row) = (&mut self.worksheet, self.rows);
        let text = cell.text.as_ref();
        match (cell.kind, holds) {
            (CellKind::Boolean, Holds::Times | Holds::Seconds) => {
                sheet.write_boolean_with_format(row, column, text == "true", &looks.plain)?;
            }
            (CellKind::Boolean, _) => {
                sheet.write_boolean(row, column, text == "true")?;
            }
            (CellKind::Number, holds) => match (Number::read(text).in_spreadsheet(), holds) {
                (Some(number), Holds::Seconds) if number >= 0.0 => {
                    sheet.write_number(row, column, number / SECONDS_PER_DAY)?;
                }
                // A time before zero is no time to Excel, and among times a number would be one of days.
                (None, _) | (_, Holds::Seconds) => self.text(column, text)?,
                (Some(number), Holds::Times) => {
                    sheet.write_number_with_format(row, column, number, &looks.plain)?;
                }
                (Some(number), _) => {
                    sheet.write_number(row, column, number)?;
                }
            },
            (CellKind::Text | CellKind::Time, Holds::Times) => {
                let time = Timestamp::read(text).and_then(|time| serial(&looks.zone, time));
                match time {
                    Some(time) => {
                        sheet.write_number(row, column, time)?;
                    }
                    None => self.text(column, text)?,
                }
            }
            (CellKind::Text, Holds::Links) if is_link(text) => {
                if self.links < MOST_LINKS {
                    self.links += 1;
                    sheet.write_url_with_format(row, column, text, &looks.link)?;
                } else {
                    self.plain_links += 1;
                    self.text(column, text)?;
                }
            }
            (CellKind::Text | CellKind::Time | CellKind::Json, _) => self.text(column, text)?,
        }
        Ok(())
    }

    fn text(&mut self, column: u16, text: &str) -> Result<(), XlsxError> {
        // What Excel breaks lines by.
        let text = text.replace("\r\n", "\n");
        for (column, part) in (column..).zip(parts::of(&text)) {
            self.worksheet.write_string(self.rows, column, part)?;
        }
        Ok(())
    }

    pub(super) fn end(mut self) -> Result<Worksheet, XlsxError> {
        if let Some(last) = self.cells.checked_sub(1) {
            self.worksheet.autofilter(0, 0, self.rows, last)?;
            if self.rows > 0 {
                // Phone numbers and long ids are text on purpose.
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

/// Characters that the column is wide.
fn width(column: &Column, contents: &Contents, widest: usize) -> usize {
    /// As `2024-01-15 10:30:00` and `123:45:67` are shown.
    const TIME: usize = 19;
    const DURATION: usize = 9;
    let values = match column.holds {
        Holds::Times if contents.times > 0 => TIME,
        Holds::Seconds => DURATION,
        _ => contents.width,
    };
    // Digits and capitals are wider than the average character.
    let values = values + values / 10 + 1;
    values
        .max(column.name.width() + BUTTON)
        .clamp(NARROWEST, widest)
}

/// Lines that the text takes in a column of `width` characters, if they are not more than `most`.
fn lines_of(text: &str, width: usize, most: usize) -> Option<usize> {
    let mut lines = 0;
    for line in text.split('\n') {
        lines += line.width().div_ceil(width).max(1);
        if lines > most {
            return None;
        }
    }
    Some(lines)
}

/// Bytes of a cell's XML without its text, at most.
const CELL_BYTES: u64 = 96;

/// Bytes of a text in XML, at most: `<` is `&lt;`, and a control character `_x001B_`.
fn xml_bytes(text: &str) -> u64 {
    let is_escaped = |byte: &u8| *byte < b' ' || matches!(*byte, b'&' | b'<' | b'>' | b'_');
    let escaped = text.bytes().filter(is_escaped).count();
    (text.len() + 6 * escaped) as u64
}

/// The time as spreadsheets count it: days since 1899-12-30, from March 1900 on, where all of them agree.
fn serial(zone: &Zone, time: Timestamp) -> Option<f64> {
    let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day)?.and_hms_opt(0, 0, 0);
    let (zero, first, end) = (day(1899, 12, 30)?, day(1900, 3, 1)?, day(10_000, 1, 1)?);
    let time: NaiveDateTime = zone.at(time).naive_local();
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

/// Whether the text is a link that may be clicked: nothing but the web.
fn is_link(text: &str) -> bool {
    let is_web = text.starts_with("https://") || text.starts_with("http://");
    is_web && text.len() <= LONGEST_LINK && text.bytes().all(|byte| byte.is_ascii_graphic())
}
