//! Cells, and a compact byte encoding for many rows.

use std::borrow::Cow;

use crate::json::{Json, Kind};

/// Kind of value in a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CellKind {
    /// Text.
    Text,
    /// A time formatted by this program, so the text needs no guard against untrusted input.
    Time,
    /// A number, verbatim.
    Number,
    /// `true` or `false`.
    Boolean,
    /// JSON text: an object or array, or for JSON output any value of a body.
    Json,
}

/// One cell with a value. An empty cell is `None` in `Option<Cell>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cell<'a> {
    /// Kind of the value.
    pub(crate) kind: CellKind,
    /// The exact text: not yet escaped, quoted or rounded.
    pub(crate) text: Cow<'a, str>,
}

impl<'a> Cell<'a> {
    /// Creates a text cell.
    pub(crate) fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self {
            kind: CellKind::Text,
            text: text.into(),
        }
    }

    /// A number that is not an integer, with as few digits as it needs.
    #[must_use]
    pub(crate) fn double(value: f64) -> Cell<'static> {
        Cell {
            kind: CellKind::Number,
            text: value.to_string().into(),
        }
    }

    /// True for text, times included.
    #[must_use]
    pub(crate) fn is_text(&self) -> bool {
        matches!(self.kind, CellKind::Text | CellKind::Time)
    }

    /// Creates a cell with a computed number.
    pub(crate) fn number(number: impl Into<i128>) -> Self {
        Self {
            kind: CellKind::Number,
            text: Cow::Owned(number.into().to_string()),
        }
    }

    /// Creates a JSON cell with a value of a body, verbatim except for white space between tokens.
    #[must_use]
    pub(crate) fn verbatim(value: Json<'a>) -> Self {
        Self {
            kind: CellKind::Json,
            text: value.compact(),
        }
    }

    /// Creates a cell with a value of a body; `None` for null. Strings are unescaped.
    #[must_use]
    pub(crate) fn from_json(value: Json<'a>) -> Option<Self> {
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

/// Many rows, encoded in one byte buffer. A row is a list of cells with their column numbers.
///
/// Encoding: a cell is its column number plus one (varint), its kind (one byte), the byte length of
/// its text (varint) and its text. A zero byte ends the row.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    bytes: Vec<u8>,
    count: u64,
    /// Encoded cells that end each row.
    tail: Vec<u8>,
}

impl Rows {
    /// True if there are no rows.
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Number of rows.
    #[must_use]
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// The encoded rows.
    #[must_use]
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Adds a cell to the current row.
    pub(crate) fn push(&mut self, column: usize, cell: &Cell) {
        self.push_varint(column + 1);
        self.bytes.push(match cell.kind {
            CellKind::Text => b't',
            CellKind::Time => b'z',
            CellKind::Number => b'n',
            CellKind::Boolean => b'b',
            CellKind::Json => b'j',
        });
        self.push_varint(cell.text.len());
        self.bytes.extend_from_slice(cell.text.as_bytes());
    }

    /// Removes all rows.
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.count = 0;
    }

    /// Ends each of the next rows with these cells, in addition to its own.
    pub(crate) fn set_tail<'a>(&mut self, cells: impl IntoIterator<Item = (usize, Cell<'a>)>) {
        let mut tail = Self::default();
        for (column, cell) in cells {
            tail.push(column, &cell);
        }
        self.tail = tail.bytes;
    }

    /// Ends the current row.
    pub(crate) fn end_row(&mut self) {
        self.bytes.extend_from_slice(&self.tail);
        self.bytes.push(0);
        self.count += 1;
    }

    /// Adds a complete row: the cell at index `i` goes to column `i`.
    pub(crate) fn push_row<'a>(&mut self, cells: impl IntoIterator<Item = Option<Cell<'a>>>) {
        for (column, cell) in cells.into_iter().enumerate() {
            if let Some(cell) = cell {
                self.push(column, &cell);
            }
        }
        self.end_row();
    }

    fn push_varint(&mut self, mut number: usize) {
        while number >= 0x80 {
            self.bytes.push(number.to_le_bytes()[0] | 0x80);
            number >>= 7;
        }
        self.bytes.push(number.to_le_bytes()[0]);
    }

    /// Calls `visit` with the cells of each row and their column numbers. Stops at the first error.
    #[cfg(test)]
    pub(crate) fn for_each<'r, E>(
        &'r self,
        visit: impl FnMut(&mut Vec<(usize, Cell<'r>)>) -> Result<(), E>,
    ) -> Result<(), E> {
        for_each_row(&self.bytes, visit)
    }
}

/// Decodes rows encoded by [`Rows`]: calls `visit` with the cells of each row and their column
/// numbers. Stops at the first error.
pub(crate) fn for_each_row<'r, E>(
    bytes: &'r [u8],
    mut visit: impl FnMut(&mut Vec<(usize, Cell<'r>)>) -> Result<(), E>,
) -> Result<(), E> {
    let mut row = Vec::new();
    let mut reader = RowReader(bytes);
    while !reader.0.is_empty() {
        if let Some(cell) = reader.next_cell() {
            row.push(cell);
        } else {
            visit(&mut row)?;
            row.clear();
        }
    }
    Ok(())
}

/// Byte length of the first encoded row. Calls `visit` with the column number and text length of
/// each of its cells.
#[must_use]
pub(crate) fn first_row_length(bytes: &[u8], mut visit: impl FnMut(usize, usize)) -> usize {
    let mut reader = RowReader(bytes);
    while let Some((column, _, text)) = reader.next_raw_cell() {
        visit(column, text.len());
    }
    bytes.len() - reader.0.len()
}

/// Decoder for the remaining bytes of encoded rows. Panics on invalid bytes, which cannot occur
/// because this program wrote them.
struct RowReader<'r>(&'r [u8]);

impl<'r> RowReader<'r> {
    fn read_byte(&mut self) -> u8 {
        let (first, rest) = self.0.split_first().expect("rows end with a zero");
        self.0 = rest;
        *first
    }

    fn read_varint(&mut self) -> usize {
        let mut number = 0;
        let mut shift = 0;
        loop {
            let byte = self.read_byte();
            number |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return number;
            }
            shift += 7;
        }
    }

    /// Reads the next stored cell of the row as column number, kind byte and text. Column numbers
    /// can have gaps, because cells without a value are not stored. Returns `None` at the end of
    /// the row; a call after that reads the next row.
    fn next_raw_cell(&mut self) -> Option<(usize, u8, &'r [u8])> {
        let column = self.read_varint().checked_sub(1)?;
        let kind = self.read_byte();
        let length = self.read_varint();
        let (text, rest) = self.0.split_at(length);
        self.0 = rest;
        Some((column, kind, text))
    }

    /// Reads the next stored cell of the row, with its column number. Column numbers can have gaps,
    /// because cells without a value are not stored. Returns `None` at the end of the row.
    fn next_cell(&mut self) -> Option<(usize, Cell<'r>)> {
        let (column, kind, text) = self.next_raw_cell()?;
        let kind = match kind {
            b't' => CellKind::Text,
            b'z' => CellKind::Time,
            b'n' => CellKind::Number,
            b'b' => CellKind::Boolean,
            _ => CellKind::Json,
        };
        // With `std`, export to Parquet executes 2 % more instructions.
        let text = simdutf8::basic::from_utf8(text).expect("cells are text");
        let text = Cow::Borrowed(text);
        Some((column, Cell { kind, text }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_decoded_as_they_were_encoded() {
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
        let mut lengths = Vec::new();
        let mut rest = rows.bytes();
        while !rest.is_empty() {
            let mut cells = Vec::new();
            rest = &rest[first_row_length(rest, |column, length| cells.push((column, length)))..];
            lengths.push(cells);
        }
        assert_eq!(
            lengths,
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
