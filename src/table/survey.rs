//! Surveys the values of each column, for writers that need types and widths and for
//! `export --list-columns`.

use unicode_width::UnicodeWidthStr;

use super::cell_split;
use super::cell_type::CellType;
use super::column::{Column, ColumnType};
use super::row::{Cell, CellKind};
use super::spool::{MANY_COLUMNS, Portion, PortionSize, Spool};
use crate::host::Workers;
use crate::json::LARGEST_EXACT_INTEGER;
use crate::json::exact_number::Number;
use crate::text::cell_units::CellUnits;
use crate::text::safe_text;
use crate::time::timestamp::Timestamp;

/// Statistics about the values of one column.
#[derive(Clone, Debug, Default)]
pub(crate) struct ColumnContents {
    /// Number of cells with text, times included.
    pub(crate) texts: u64,
    /// Number of cells with text that is a timestamp. Counted only in columns of type
    /// [`ColumnType::Time`].
    pub(crate) times: u64,
    /// Number of cells with `true` or `false`.
    pub(crate) booleans: u64,
    /// Number of cells with a 64-bit integer.
    pub(crate) integers: u64,
    /// Number of cells with another number that a double represents without loss.
    pub(crate) doubles: u64,
    /// Number of cells with any number that a double represents without loss, integers included.
    pub(crate) exact_doubles: u64,
    /// Number of cells with a number that neither type represents without loss.
    pub(crate) long_numbers: u64,
    /// Number of cells with an array or object.
    pub(crate) json: u64,
    /// The first value, shortened and on one line.
    pub(crate) example: Option<String>,
    /// Length of the longest text in UTF-16 units.
    pub(crate) longest_text: usize,
    /// Length of the longest text with guards ([`CellUnits::Guarded`]), if it may be longer than a
    /// cell, else 0.
    longest_guarded_text: usize,
    /// Width of the widest line in terminal columns, at most [`MAX_WIDTH`].
    pub(crate) width: usize,
}

/// Upper limit of [`ColumnContents::width`] in terminal columns.
pub(crate) const MAX_WIDTH: usize = 120;

/// Maximum characters of an example.
const EXAMPLE_CHARS: usize = 60;

impl ColumnContents {
    /// Number of cells that are not empty.
    #[must_use]
    pub(crate) fn non_empty_cells(&self) -> u64 {
        self.texts + self.booleans + self.integers + self.doubles + self.long_numbers + self.json
    }

    /// Counts a cell of the column, whose type is `column_type`.
    fn add_cell(&mut self, cell: &Cell, column_type: ColumnType) {
        let text = cell.text.as_ref();
        match cell.kind {
            CellKind::Text | CellKind::Time => {
                self.texts += 1;
                let is_time = column_type == ColumnType::Time && Timestamp::read(text).is_some();
                self.times += u64::from(is_time);
            }
            CellKind::Boolean => self.booleans += 1,
            CellKind::Json => self.json += 1,
            CellKind::Number => match Number::parse(text) {
                Number::Integer(integer) => {
                    self.integers += 1;
                    self.exact_doubles +=
                        u64::from(integer.unsigned_abs() <= LARGEST_EXACT_INTEGER);
                }
                Number::Double(_) | Number::LongDouble(_) => {
                    self.doubles += 1;
                    self.exact_doubles += 1;
                }
                Number::TooLong => self.long_numbers += 1,
            },
        }
        // A text has at most as many UTF-16 units and columns as bytes. Both shortcuts together
        // save a third of the instructions of `export` to Parquet.
        if text.len() > self.longest_text {
            self.longest_text = self.longest_text.max(text.encode_utf16().count());
        }
        if !CellUnits::Guarded.fits(text) {
            let units = CellUnits::Guarded.count(text);
            self.longest_guarded_text = self.longest_guarded_text.max(units);
        }
        if self.width < MAX_WIDTH && text.len() > self.width {
            for line in text.lines() {
                if line.len() > self.width {
                    self.width = self.width.max(line.width()).min(MAX_WIDTH);
                }
            }
        }
        if self.example.is_none() {
            let start: String = text.chars().take(EXAMPLE_CHARS).collect();
            let more = if start.len() < text.len() { "…" } else { "" };
            self.example = Some(format!("{}{more}", safe_text::one_line(&start)));
        }
    }

    /// Adds the statistics of later rows.
    fn merge(&mut self, later: Self) {
        self.texts += later.texts;
        self.times += later.times;
        self.booleans += later.booleans;
        self.integers += later.integers;
        self.doubles += later.doubles;
        self.exact_doubles += later.exact_doubles;
        self.long_numbers += later.long_numbers;
        self.json += later.json;
        self.example = self.example.take().or(later.example);
        self.longest_text = self.longest_text.max(later.longest_text);
        self.longest_guarded_text = (self.longest_guarded_text).max(later.longest_guarded_text);
        self.width = self.width.max(later.width);
    }

    /// Number of spreadsheet cells that the longest text needs.
    #[must_use]
    pub(crate) fn cells_for_longest_text(&self, units: CellUnits) -> usize {
        cell_split::cells_for_units(match units {
            CellUnits::Utf16 => self.longest_text,
            CellUnits::Guarded => self.longest_guarded_text,
        })
    }

    /// The type that keeps every value of the column. That of numbers is a double, never an
    /// integer: the next file may have a fraction.
    #[must_use]
    pub(crate) fn fitting_type(&self) -> CellType {
        let filled = self.non_empty_cells();
        if self.texts == filled {
            CellType::Text
        } else if self.booleans == filled {
            CellType::Boolean
        } else if self.exact_doubles == filled {
            CellType::Double
        } else {
            CellType::AnyText
        }
    }

    /// True if all values are numbers, of which some lose digits as a double.
    #[must_use]
    pub(crate) fn has_long_numbers_only(&self) -> bool {
        let numbers = self.integers + self.doubles + self.long_numbers;
        numbers == self.non_empty_cells() && self.exact_doubles < numbers
    }

    /// One word for the type of the values, such as `phone`, `integer` or `mixed`.
    #[must_use]
    pub(crate) fn type_name(&self, column_type: ColumnType) -> &'static str {
        let numbers = self.integers + self.doubles + self.long_numbers;
        let filled = self.non_empty_cells();
        match column_type {
            _ if filled == 0 => "empty",
            ColumnType::Phone if self.texts == filled => "phone",
            ColumnType::Time if self.times == filled => "time",
            ColumnType::Link if self.texts == filled => "link",
            ColumnType::Seconds if numbers == filled => "seconds",
            ColumnType::Share => "share",
            _ if self.texts == filled => "text",
            _ if self.booleans == filled => "boolean",
            _ if self.integers == filled => "integer",
            _ if numbers == filled => "number",
            _ if self.json == filled => "list",
            _ => "mixed",
        }
    }
}

/// Statistics about all columns of a table.
#[derive(Clone, Debug)]
pub(crate) struct Survey {
    /// Number of rows.
    pub(crate) rows: u64,
    /// Statistics per column, in the order of the columns.
    pub(crate) columns: Vec<ColumnContents>,
}

/// Size of the portions that threads survey.
const PORTION: PortionSize = PortionSize {
    bytes: 4 * 1024 * 1024,
    overhead_per_row: 0,
    rows: usize::MAX,
};

impl Survey {
    /// Surveys all rows of `spool` by `workers`, or in order if there are many columns
    /// ([`MANY_COLUMNS`]).
    pub(crate) fn run(
        spool: &mut Spool,
        columns: &[Column],
        workers: impl Workers,
    ) -> anyhow::Result<Self> {
        let mut survey = Self::empty(columns);
        if columns.len() > MANY_COLUMNS {
            spool.for_each(columns, |cells| {
                survey.add_row(columns, cells);
                Ok(())
            })?;
            return Ok(survey);
        }
        let survey_portion = |portion: Portion| {
            let mut survey = Self::empty(columns);
            portion.for_each(|cells| {
                survey.add_row(columns, cells);
                Ok(())
            })?;
            Ok(survey)
        };
        spool.for_each_portion(columns, PORTION, workers, survey_portion, |next| {
            survey.rows += next.rows;
            for (contents, next) in survey.columns.iter_mut().zip(next.columns) {
                contents.merge(next);
            }
            Ok(())
        })?;
        Ok(survey)
    }

    fn empty(columns: &[Column]) -> Self {
        Self {
            rows: 0,
            columns: vec![ColumnContents::default(); columns.len()],
        }
    }

    fn add_row(&mut self, columns: &[Column], cells: &[Option<Cell>]) {
        self.rows += 1;
        for ((contents, column), cell) in self.columns.iter_mut().zip(columns).zip(cells) {
            if let Some(cell) = cell {
                contents.add_cell(cell, column.column_type);
            }
        }
    }
}
