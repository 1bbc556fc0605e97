//! Cells and rows, and the compact form in which many of them travel together.

use std::borrow::Cow;

use crate::json::{Json, Kind};

/// What kind of value a cell shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellKind {
    /// Text.
    Text,
    /// A time that we wrote: text that nobody else has a hand in.
    Time,
    /// A number, as it stood.
    Number,
    /// `true` or `false`.
    Boolean,
    /// JSON text: an object or array; in JSON output any value of a body.
    Json,
}

/// One cell. Empty ones are absent (`Option<Cell>`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell<'a> {
    /// What the text is.
    pub kind: CellKind,
    /// The text, exact: nothing is escaped, quoted or rounded yet.
    pub text: Cow<'a, str>,
}

impl<'a> Cell<'a> {
    /// A cell with text.
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self {
            kind: CellKind::Text,
            text: text.into(),
        }
    }

    /// A cell with a number made by us.
    pub fn number(number: impl Into<i128>) -> Self {
        Self {
            kind: CellKind::Number,
            text: Cow::Owned(number.into().to_string()),
        }
    }

    /// A cell with a value of a body as JSON, exactly as it stood but for the white space between its tokens.
    #[must_use]
    pub fn verbatim(value: Json<'a>) -> Self {
        Self {
            kind: CellKind::Json,
            text: value.compact(),
        }
    }

    /// A cell with a value of a body; null gives none.
    #[must_use]
    pub fn from_json(value: Json<'a>) -> Option<Self> {
        let (kind, text) = match value.kind() {
            Kind::Null => return None,
            Kind::Boolean => (CellKind::Boolean, Cow::Borrowed(value.text())),
            Kind::Number => (CellKind::Number, Cow::Borrowed(value.text())),
            Kind::String => (CellKind::Text, value.as_str()?),
            Kind::Array | Kind::Object => (CellKind::Json, value.compact()),
        };
        Some(Self { kind, text })
    }
}

/// Many rows in one run of bytes. A row is a list of cells with their columns; columns are numbers here.
///
/// Layout: each cell is its column plus one (varint), its kind (one byte), the length of its text (varint) and its text; a zero ends the row.
#[derive(Debug, Default)]
pub struct Rows {
    bytes: Vec<u8>,
}

impl Rows {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The compact form.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Adds a cell to the row that is being written.
    pub fn push(&mut self, column: usize, cell: &Cell) {
        self.varint(column + 1);
        self.bytes.push(match cell.kind {
            CellKind::Text => b't',
            CellKind::Time => b'z',
            CellKind::Number => b'n',
            CellKind::Boolean => b'b',
            CellKind::Json => b'j',
        });
        self.varint(cell.text.len());
        self.bytes.extend_from_slice(cell.text.as_bytes());
    }

    /// Ends the row.
    pub fn end_row(&mut self) {
        self.bytes.push(0);
    }

    /// Adds a whole row, its cells in the order of the columns.
    pub fn push_row<'a>(&mut self, cells: impl IntoIterator<Item = Option<Cell<'a>>>) {
        for (column, cell) in cells.into_iter().enumerate() {
            if let Some(cell) = cell {
                self.push(column, &cell);
            }
        }
        self.end_row();
    }

    fn varint(&mut self, mut number: usize) {
        while number >= 0x80 {
            self.bytes.push(number.to_le_bytes()[0] | 0x80);
            number >>= 7;
        }
        self.bytes.push(number.to_le_bytes()[0]);
    }

    /// Gives each row to `each`, as cells with their columns.
    pub fn for_each<'r, E>(
        &'r self,
        each: impl FnMut(&mut Vec<(usize, Cell<'r>)>) -> Result<(), E>,
    ) -> Result<(), E> {
        for_each_row(&self.bytes, each)
    }
}

/// Gives each row in `bytes`, which are those of [`Rows`], to `each`, as cells with their columns.
pub fn for_each_row<'r, E>(
    bytes: &'r [u8],
    mut each: impl FnMut(&mut Vec<(usize, Cell<'r>)>) -> Result<(), E>,
) -> Result<(), E> {
    let mut row = Vec::new();
    let mut reader = Reader(bytes);
    while !reader.0.is_empty() {
        if let Some(cell) = reader.cell() {
            row.push(cell);
        } else {
            each(&mut row)?;
            row.clear();
        }
    }
    Ok(())
}

/// The length of the row that `bytes` begins with; `each` is told of the column of each cell, and of the length of its text.
#[must_use]
pub fn first_row(bytes: &[u8], mut each: impl FnMut(usize, usize)) -> usize {
    let mut reader = Reader(bytes);
    while let Some((column, _, text)) = reader.pass() {
        each(column, text.len());
    }
    bytes.len() - reader.0.len()
}

/// What is left to read of rows. The bytes are our own, so what is read is what was written.
struct Reader<'r>(&'r [u8]);

impl<'r> Reader<'r> {
    fn byte(&mut self) -> u8 {
        let (first, rest) = self.0.split_first().expect("rows end with a zero");
        self.0 = rest;
        *first
    }

    fn varint(&mut self) -> usize {
        let mut number = 0;
        let mut shift = 0;
        loop {
            let byte = self.byte();
            number |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return number;
            }
            shift += 7;
        }
    }

    /// The next cell of the row, its column, its kind and its text; none at its end.
    fn pass(&mut self) -> Option<(usize, u8, &'r [u8])> {
        let column = self.varint().checked_sub(1)?;
        let kind = self.byte();
        let length = self.varint();
        let (text, rest) = self.0.split_at(length);
        self.0 = rest;
        Some((column, kind, text))
    }

    /// The same, to be read.
    fn cell(&mut self) -> Option<(usize, Cell<'r>)> {
        let (column, kind, text) = self.pass()?;
        let kind = match kind {
            b't' => CellKind::Text,
            b'z' => CellKind::Time,
            b'n' => CellKind::Number,
            b'b' => CellKind::Boolean,
            _ => CellKind::Json,
        };
        let text = std::str::from_utf8(text).expect("cells are text");
        let text = Cow::Borrowed(text);
        Some((column, Cell { kind, text }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_as_they_went_in() {
        let mut rows = Rows::default();
        let long = "ü".repeat(1000);
        let cells = [
            None,
            Some(Cell::text(long.as_str())),
            Some(Cell::number(-7)),
        ];
        rows.push_row(cells.clone());
        rows.push_row([]);
        rows.push(300, &Cell::text(""));
        rows.end_row();
        let mut passed = Vec::new();
        let mut rest = rows.bytes();
        while !rest.is_empty() {
            let mut cells = Vec::new();
            rest = &rest[first_row(rest, |column, length| cells.push((column, length)))..];
            passed.push(cells);
        }
        assert_eq!(
            passed,
            [vec![(1, long.len()), (2, 2)], vec![], vec![(300, 0)]]
        );
        let mut seen = Vec::new();
        rows.for_each(|row| {
            seen.push(row.clone());
            Ok::<(), ()>(())
        })
        .expect("nothing fails");
        let [_, text, number] = cells;
        assert_eq!(
            seen,
            [
                vec![(1, text.expect("text")), (2, number.expect("number"))],
                vec![],
                vec![(300, Cell::text(""))],
            ]
        );
    }
}
