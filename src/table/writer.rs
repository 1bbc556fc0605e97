//! The interface of all table writers: headings first, then one row after another.

use std::io::{self, Write};
use std::ops::Range;

use super::column::Column;
use super::headings::HeadingStyle;
use super::row::Cell;
use crate::text::search::TextSearch;
use crate::text::tone::Tone;

/// One column of a table, as table writers see it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Heading {
    /// The header.
    pub(crate) name: String,
    /// How the header continues in further columns of a long text.
    pub(crate) style: HeadingStyle,
    /// Path of the value in formats with nested objects: the names of the objects and the member.
    /// If it is empty, the value is the member `name` of the row's object.
    pub(crate) path: Vec<String>,
    /// True for right alignment, as for numbers.
    pub(crate) is_right_aligned: bool,
    /// A shorter form of the name, for narrow tables.
    pub(crate) short_name: Option<String>,
    /// True if the cells of times are written in the zone of the table, which the heading names.
    pub(crate) has_times: bool,
    /// How the column fits into a narrow table.
    pub(crate) fit: Fit,
    /// When the column is dropped from a table that is too narrow: the highest rank first. A column
    /// of rank 0 is never dropped.
    pub(crate) drop_rank: usize,
    /// Width to reserve for the values of later rows, which a table may not know at its start.
    pub(crate) expected_width: usize,
    /// Chooses the tone of a cell from its text.
    pub(crate) tone: Option<fn(&str) -> Tone>,
    /// Finds the matches to mark in a cell.
    pub(crate) search: Option<CellSearch>,
}

/// How a column fits into a table that is narrower than its values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Fit {
    /// It keeps its width while another column can be narrowed.
    #[default]
    Whole,
    /// Values are cut at the end. The column is not narrower than this, unless the table has
    /// nothing else to narrow.
    Cut(usize),
    /// Values are wrapped at spaces.
    Wrapped,
    /// Values are wrapped, and cut if they need more lines than this. The column is not narrower
    /// than `min_width`, unless the table has nothing else to narrow.
    Lines { min_width: usize, lines: usize },
    /// Like `Lines`. If the column cannot be that wide, its values go below those of the other
    /// columns, over the whole width: one line if `lines` is limited, else wrapped.
    Below { min_width: usize, lines: usize },
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

    /// Has the times written in the zone of the table.
    #[must_use]
    pub(crate) fn with_times(self) -> Self {
        Self {
            has_times: true,
            ..self
        }
    }

    /// Lets the values be wrapped at spaces.
    #[must_use]
    pub(crate) fn wrapped(self) -> Self {
        self.fitted(Fit::Wrapped)
    }

    /// Sets how the column fits into a narrow table.
    #[must_use]
    pub(crate) fn fitted(self, fit: Fit) -> Self {
        Self { fit, ..self }
    }

    /// Sets when the column is dropped from a narrow table: the highest rank first.
    #[must_use]
    pub(crate) fn dropped(self, drop_rank: usize) -> Self {
        Self { drop_rank, ..self }
    }

    /// Sets the width that the values of later rows probably need.
    #[must_use]
    pub(crate) fn expecting(self, expected_width: usize) -> Self {
        Self {
            expected_width,
            ..self
        }
    }
}

impl From<&Column> for Heading {
    /// Uses the column's header, which `--columns` may have renamed, and no path.
    fn from(column: &Column) -> Self {
        Self {
            style: column.heading_style,
            ..Self::new(&column.name)
        }
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
