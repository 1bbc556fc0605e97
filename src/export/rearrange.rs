//! Delimited rows that were written before all columns were known, in the columns that there are in the end.

use super::Dialect;
use super::delimited::QUOTE;
use crate::table::layout::Cells;

impl Dialect {
    /// Adds these rows in other columns: `cells` says what the new ones were. `row_is_added` is told of each.
    pub fn rearrange<E>(
        &self,
        rows: &[u8],
        cells: &[Cells],
        text: &mut Vec<u8>,
        mut row_is_added: impl FnMut(&mut Vec<u8>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut rest = rows;
        let mut starts = Vec::new();
        while !rest.is_empty() {
            let (row, behind) = rest.split_at(self.find_fields(rest, &mut starts));
            rest = &behind[self.line_end.len()..];
            // One empty cell has quotes only as the one of its row.
            let is_empty = self.program.is_none() && starts.len() == 2 && row == b"\"\"";
            let start = text.len();
            for cells in cells {
                match cells {
                    Cells::Known(known) => {
                        if !is_empty {
                            let end = starts[known.end] - 1;
                            text.extend_from_slice(&row[starts[known.start]..end]);
                        }
                        text.push(self.delimiter);
                    }
                    Cells::New(count) => self.push_nulls(*count, text),
                }
            }
            self.end_row(start, text);
            row_is_added(text)?;
        }
        Ok(())
    }

    /// The length of the row that `rows` begins with, without its line end. `starts` tells where its fields begin, and where another one would.
    fn find_fields(&self, rows: &[u8], starts: &mut Vec<usize>) -> usize {
        starts.clear();
        let mut at = 0;
        loop {
            starts.push(at);
            at += self.field_length(&rows[at..]);
            let is_last = rows[at..].starts_with(self.line_end.as_bytes());
            // The delimiter.
            at += 1;
            if is_last {
                starts.push(at);
                return at - 1;
            }
        }
    }

    /// The length of the field that `row` begins with.
    fn field_length(&self, row: &[u8]) -> usize {
        if row.first() != Some(&QUOTE) {
            let line_end = self.line_end.as_bytes()[0];
            return memchr::memchr2(self.delimiter, line_end, row).unwrap_or(row.len());
        }
        let mut length = 1;
        while let Some(quote) = memchr::memchr(QUOTE, &row[length..]) {
            length += quote + 1;
            if row.get(length) != Some(&QUOTE) {
                break;
            }
            length += 1;
        }
        length
    }
}

#[cfg(test)]
mod tests {
    use super::super::delimited::tests::{TEXTS, dialects};
    use super::*;
    use crate::table::row::Cell;

    #[test]
    fn rows_are_rearranged() {
        for dialect in dialects() {
            let cells = TEXTS.map(|text| Some(Cell::text(text)));
            let with_gaps = |at: usize| {
                if at % 3 == 1 {
                    None
                } else {
                    cells[at].as_ref()
                }
            };
            let (mut few, mut all) = (Vec::new(), Vec::new());
            for shift in 0..cells.len() {
                let row = (0..cells.len()).map(|at| with_gaps((at + shift) % cells.len()));
                let row: Vec<_> = row.collect();
                let kept = row.iter().enumerate().filter(|(at, _)| at % 2 == 1);
                dialect.push_row(kept.map(|(_, cell)| *cell), &mut few, &mut 0);
                let odd_only = row.iter().enumerate().map(|(at, cell)| {
                    let is_kept = at % 2 == 1;
                    if is_kept { *cell } else { None }
                });
                dialect.push_row(odd_only, &mut all, &mut 0);
            }
            let places = (0..cells.len()).map(|at| match at % 2 {
                1 => Cells::Known(at / 2..at / 2 + 1),
                _ => Cells::New(1),
            });
            let places: Vec<_> = places.collect();
            let mut filled = Vec::new();
            let added = dialect.rearrange(&few, &places, &mut filled, |_| Ok::<(), ()>(()));
            assert_eq!(added, Ok(()));
            assert_eq!(
                String::from_utf8_lossy(&filled),
                String::from_utf8_lossy(&all)
            );
            let row = |parts: &[&[Option<Cell>]]| {
                let mut text = Vec::new();
                dialect.push_row(parts.concat().iter().map(Option::as_ref), &mut text, &mut 0);
                text
            };
            let others = [Cells::Known(4..16), Cells::New(2), Cells::Known(0..3)];
            let mut text = Vec::new();
            let added =
                dialect.rearrange(&row(&[&cells]), &others, &mut text, |_| Ok::<(), ()>(()));
            assert_eq!(added, Ok(()));
            assert_eq!(text, row(&[&cells[4..], &[None, None], &cells[..3]]));
        }
    }
}
