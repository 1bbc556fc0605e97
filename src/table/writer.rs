//! The interface of all table writers: headings first, then one row after another.

use std::io::{self, Write};
use std::ops::Range;

use super::column::Column;
use super::row::Cell;
use crate::text::search::TextSearch;
use crate::text::tone::Tone;

/// One column of a table, as table writers see it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Heading {
    /// The header.
    pub(crate) name: String,
    /// Path of the value in formats with nested objects: the names of the objects and the member.
    /// If it is empty, the value is the member `name` of the row's object.
    pub(crate) path: Vec<String>,
    /// True for right alignment, as for numbers.
    pub(crate) is_right_aligned: bool,
    /// True if the column may be narrowed to fit the table into the terminal.
    pub(crate) is_flexible: bool,
    /// Chooses the tone of a cell from its text.
    pub(crate) tone: Option<fn(&str) -> Tone>,
    /// Finds the matches to mark in a cell.
    pub(crate) search: Option<CellSearch>,
}

/// A search in the cells of one column.
#[derive(Clone, Debug)]
pub(crate) struct CellSearch {
    pub(crate) search: TextSearch,
    /// Offset in the text of a cell at which the search starts.
    pub(crate) start: fn(&str) -> usize,
}

impl CellSearch {
    /// Returns the byte ranges of `text` that match.
    #[must_use]
    pub(crate) fn ranges(&self, text: &str) -> Vec<Range<usize>> {
        let start = (self.start)(text);
        let ranges = self.search.ranges(&text[start..]).into_iter();
        ranges
            .map(|range| start + range.start..start + range.end)
            .collect()
    }
}

impl Heading {
    /// Creates a left-aligned heading with this name and no path.
    #[must_use]
    pub(crate) fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ..Self::default()
        }
    }

    /// Aligns the column to the right.
    #[must_use]
    pub(crate) fn right_aligned(self) -> Self {
        Self {
            is_right_aligned: true,
            ..self
        }
    }

    /// Sets the path for formats with nested objects: `campaign.id` becomes member `id` of
    /// `campaign`.
    #[must_use]
    pub(crate) fn nested(self, path: &[String]) -> Self {
        Self {
            path: path.to_vec(),
            ..self
        }
    }

    /// Allows the column to be narrowed.
    #[must_use]
    pub(crate) fn flexible(self) -> Self {
        Self {
            is_flexible: true,
            ..self
        }
    }
}

impl From<&Column> for Heading {
    /// Uses the column's header, which `--columns` may have renamed, and no path.
    fn from(column: &Column) -> Self {
        Self::new(&column.name)
    }
}

/// Writes the rows of a table in one format. The start of the table, such as a header, is written
/// with the first row, or by `finish` if there are no rows.
pub(crate) trait RowWriter {
    /// Writes one row, which has one cell per heading.
    fn write_row(&mut self, cells: &[Option<Cell>], out: &mut dyn Write) -> io::Result<()>;

    /// Writes buffered rows, in formats that buffer: the next row may take a while.
    fn pause(&mut self, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    /// Ends the table after the last row.
    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()>;

    /// Number of cells guarded so far against being run as a formula, in formats that guard.
    fn guarded_cells(&self) -> u64 {
        0
    }
}
