//! What every writer of tables is: headings first, then rows one after another.

use std::io::{self, Write};

use super::column::{Column, Holds};
use super::row::Cell;
use crate::view::theme::Tone;

/// One column of a table that is about to be written.
#[derive(Clone, Debug, Default)]
pub struct Heading {
    /// What stands at its head.
    pub name: String,
    /// Where its values stand in formats that have objects: the names on the way. Where there are none, `name` is a member of the row itself.
    pub path: Vec<String>,
    /// What its values mean.
    pub holds: Holds,
    /// Whether it is aligned to the right, as numbers are.
    pub right: bool,
    /// Whether it may be narrowed to make the table fit.
    pub flexible: bool,
    /// Its tone, told from the cell's text.
    pub tone: Option<fn(&str) -> Tone>,
}

impl Heading {
    /// A column with this name.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ..Self::default()
        }
    }

    /// The same, aligned to the right.
    #[must_use]
    pub fn right(self) -> Self {
        Self {
            right: true,
            ..self
        }
    }

    /// The same, in objects where the format has them: `campaign.id` as member `id` of `campaign`.
    #[must_use]
    pub fn nested(self, path: &[String]) -> Self {
        Self {
            path: path.to_vec(),
            ..self
        }
    }

    /// The same, narrowed where room is short.
    #[must_use]
    pub fn flexible(self) -> Self {
        Self {
            flexible: true,
            ..self
        }
    }
}

impl From<&Column> for Heading {
    /// A column under its full name, in no object.
    fn from(column: &Column) -> Self {
        Self {
            holds: column.holds,
            ..Self::new(&column.name)
        }
    }
}

/// Writes rows one after another.
pub trait RowWriter {
    /// Writes one row: a cell for each heading.
    fn row(&mut self, cells: &[Option<Cell>], out: &mut dyn Write) -> io::Result<()>;

    /// Writes the rows that wait for others, in formats where they do: no more come for a while.
    fn pause(&mut self, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    /// Writes what follows the last row.
    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()>;

    /// How many cells were kept from running as a formula so far, in formats that do that.
    fn guarded(&self) -> u64 {
        0
    }
}
