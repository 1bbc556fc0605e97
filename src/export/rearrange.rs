//! Rearranges delimited rows, written before all columns were known, into the final columns.

use super::Dialect;
use super::delimited::QUOTE;
use crate::table::column_plan::CellRun;

impl Dialect {
    /// Appends `rows` with their cells rearranged. `runs` lists the runs of cells of each new row.
    /// `on_row` is called with `text` after each row.
    pub(crate) fn rearrange<E>(
        &self,
        rows: &[u8],
        runs: &[CellRun],
        text: &mut Vec<u8>,
        mut on_row: impl FnMut(&mut Vec<u8>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut rest = rows;
        let mut starts = Vec::new();
        while !rest.is_empty() {
            let (row, tail) = rest.split_at(self.find_fields(rest, &mut starts));
            rest = &tail[self.line_end.len()..];
            // A single empty cell is quoted only because it is alone in its row.
            let is_empty = self.program.is_none() && starts.len() == 2 && row == b"\"\"";
            let start = text.len();
            for run in runs {
                match run {
                    CellRun::Known(known) => {
                        if !is_empty {
                            let end = starts[known.end] - 1;
                            text.extend_from_slice(&row[starts[known.start]..end]);
                        }
                        text.push(self.delimiter);
                    }
                    CellRun::New(count) => self.push_nulls(*count, text),
                }
            }
            self.end_row(start, text);
            on_row(text)?;
        }
        Ok(())
    }

    /// Returns the length of the first row of `rows` without its line terminator. Fills `starts`
    /// with the start of each field and of the next field, if there were another.
    fn find_fields(&self, rows: &[u8], starts: &mut Vec<usize>) -> usize {
        starts.clear();
        let mut position = 0;
        loop {
            starts.push(position);
            position += self.field_length(&rows[position..]);
            let is_last = rows[position..].starts_with(self.line_end.as_bytes());
            // Skip the delimiter.
            position += 1;
            if is_last {
                starts.push(position);
                return position - 1;
            }
        }
    }

    /// Length of the first field of `row`, with its quotes.
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
            let with_gaps = |index: usize| {
                if index % 3 == 1 {
                    None
                } else {
                    cells[index].as_ref()
                }
            };
            let (mut few, mut all) = (Vec::new(), Vec::new());
            for shift in 0..cells.len() {
                let row = (0..cells.len()).map(|index| with_gaps((index + shift) % cells.len()));
                let row: Vec<_> = row.collect();
                let kept = row.iter().enumerate().filter(|(index, _)| index % 2 == 1);
                dialect.push_row(kept.map(|(_, cell)| *cell), &mut few, &mut 0);
                let odd_only = row.iter().enumerate().map(|(index, cell)| {
                    let is_kept = index % 2 == 1;
                    if is_kept { *cell } else { None }
                });
                dialect.push_row(odd_only, &mut all, &mut 0);
            }
            let runs = (0..cells.len()).map(|index| match index % 2 {
                1 => CellRun::Known(index / 2..index / 2 + 1),
                _ => CellRun::New(1),
            });
            let runs: Vec<_> = runs.collect();
            let mut filled = Vec::new();
            let added = dialect.rearrange(&few, &runs, &mut filled, |_| Ok::<(), ()>(()));
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
            let reordered_runs = [CellRun::Known(4..16), CellRun::New(2), CellRun::Known(0..3)];
            let mut text = Vec::new();
            let added = dialect.rearrange(&row(&[&cells]), &reordered_runs, &mut text, |_| {
                Ok::<(), ()>(())
            });
            assert_eq!(added, Ok(()));
            assert_eq!(text, row(&[&cells[4..], &[None, None], &cells[..3]]));
        }
    }
}
