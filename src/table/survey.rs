//! Rows in, what their columns hold out: for writers with types and widths, and for people who want to know.

use unicode_width::UnicodeWidthStr;

use super::column::{Column, Holds};
use super::number::Number;
use super::parts;
use super::row::{Cell, CellKind};
use super::spool::{MANY_COLUMNS, Portion, Size, Spool};
use crate::call::timestamp::Timestamp;
use crate::contract::LARGEST_EXACT_INTEGER;
use crate::view::safe_text;

/// What was seen in one column.
#[derive(Clone, Debug, Default)]
pub struct Contents {
    /// Cells with text.
    pub texts: u64,
    /// Cells with text that tells a time ([`Timestamp::read`]); counted in columns of times only.
    pub times: u64,
    /// Cells with `true` or `false`.
    pub booleans: u64,
    /// Cells with an integer of 64 bits.
    pub integers: u64,
    /// Cells with another number that a double holds exactly.
    pub doubles: u64,
    /// Cells with any number that a double holds exactly, integers among them.
    pub exact_doubles: u64,
    /// Cells with a number that neither holds.
    pub long_numbers: u64,
    /// Cells with a list or an object.
    pub json: u64,
    /// The first value, on one line, cut.
    pub example: Option<String>,
    /// UTF-16 units of the longest text.
    pub longest: usize,
    /// Terminal columns of the widest line, up to [`WIDEST`].
    pub width: usize,
}

/// Wider lines count as so wide.
pub const WIDEST: usize = 120;

/// Characters of an example.
const EXAMPLE: usize = 60;

impl Contents {
    /// Cells that are not empty.
    #[must_use]
    pub fn filled(&self) -> u64 {
        self.texts + self.booleans + self.integers + self.doubles + self.long_numbers + self.json
    }

    fn add(&mut self, cell: &Cell, holds: Holds) {
        let text = cell.text.as_ref();
        match cell.kind {
            CellKind::Text | CellKind::Time => {
                self.texts += 1;
                let is_time = holds == Holds::Times && Timestamp::read(text).is_some();
                self.times += u64::from(is_time);
            }
            CellKind::Boolean => self.booleans += 1,
            CellKind::Json => self.json += 1,
            CellKind::Number => match Number::read(text) {
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
        // A text has at most as many UTF-16 units and columns as bytes.
        if text.len() > self.longest {
            self.longest = self.longest.max(text.encode_utf16().count());
        }
        if self.width < WIDEST && text.len() > self.width {
            for line in text.lines() {
                if line.len() > self.width {
                    self.width = self.width.max(line.width()).min(WIDEST);
                }
            }
        }
        if self.example.is_none() {
            let start: String = text.chars().take(EXAMPLE).collect();
            let more = if start.len() < text.len() { "…" } else { "" };
            self.example = Some(format!("{}{more}", safe_text::one_line(&start)));
        }
    }

    /// Adds what was seen in later rows.
    fn add_all(&mut self, later: Self) {
        self.texts += later.texts;
        self.times += later.times;
        self.booleans += later.booleans;
        self.integers += later.integers;
        self.doubles += later.doubles;
        self.exact_doubles += later.exact_doubles;
        self.long_numbers += later.long_numbers;
        self.json += later.json;
        self.example = self.example.take().or(later.example);
        self.longest = self.longest.max(later.longest);
        self.width = self.width.max(later.width);
    }

    /// Into how many cells of a spreadsheet its texts go.
    #[must_use]
    pub fn parts(&self) -> usize {
        parts::count(self.longest)
    }

    /// What the column holds, in a word.
    #[must_use]
    pub fn kind(&self, holds: Holds) -> &'static str {
        let numbers = self.integers + self.doubles + self.long_numbers;
        let filled = self.filled();
        match holds {
            _ if filled == 0 => "empty",
            Holds::Phones if self.texts == filled => "phone",
            Holds::Times if self.times == filled => "time",
            Holds::Links if self.texts == filled => "link",
            Holds::Seconds if numbers == filled => "seconds",
            _ if self.texts == filled => "text",
            _ if self.booleans == filled => "boolean",
            _ if self.integers == filled => "integer",
            _ if numbers == filled => "number",
            _ if self.json == filled => "list",
            _ => "mixed",
        }
    }
}

/// What a table's columns hold.
#[derive(Clone, Debug)]
pub struct Survey {
    /// How many rows there are.
    pub rows: u64,
    /// For each column what is in it.
    pub columns: Vec<Contents>,
}

/// What is looked at together.
const PORTION: Size = Size {
    bytes: 4 * 1024 * 1024,
    row_bytes: 0,
    rows: usize::MAX,
};

impl Survey {
    /// Looks at all the rows that wait, in so many threads.
    pub fn of(spool: &mut Spool, columns: &[Column], threads: usize) -> anyhow::Result<Self> {
        let mut survey = Self::empty(columns);
        if columns.len() > MANY_COLUMNS {
            spool.for_each(columns, |cells| {
                survey.add(columns, cells);
                Ok(())
            })?;
            return Ok(survey);
        }
        let of_portion = |portion: Portion| {
            let mut survey = Self::empty(columns);
            portion.for_each(|cells| {
                survey.add(columns, cells);
                Ok(())
            })?;
            Ok(survey)
        };
        spool.for_each_portion(columns, PORTION, threads, of_portion, |next| {
            survey.rows += next.rows;
            for (contents, next) in survey.columns.iter_mut().zip(next.columns) {
                contents.add_all(next);
            }
            Ok(())
        })?;
        Ok(survey)
    }

    fn empty(columns: &[Column]) -> Self {
        Self {
            rows: 0,
            columns: vec![Contents::default(); columns.len()],
        }
    }

    /// Looks at one row.
    fn add(&mut self, columns: &[Column], cells: &[Option<Cell>]) {
        self.rows += 1;
        for ((contents, column), cell) in self.columns.iter_mut().zip(columns).zip(cells) {
            if let Some(cell) = cell {
                contents.add(cell, column.holds);
            }
        }
    }
}
