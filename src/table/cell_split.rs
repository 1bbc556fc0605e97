//! Splits texts that are too long for a spreadsheet cell over several adjacent columns:
//! `transcript`, `transcript (2)`, ….

use std::collections::{HashMap, HashSet};
use std::io::{self, Write};

use super::row::Cell;
use super::writer::{Heading, RowWriter};
use crate::text::cell_units::{CellUnits, MAX_CELL_UNITS};

/// Number of cells that a text of `units` units needs. An upper bound: because
/// characters of two units are never cut, a cell may be one unit short of full.
#[must_use]
pub(crate) fn cells_for_units(units: usize) -> usize {
    if units <= MAX_CELL_UNITS {
        1
    } else {
        units.div_ceil(MAX_CELL_UNITS - 1)
    }
}

/// Number of cells that the texts of each column need, by column number. Holds only columns that
/// need several cells.
#[derive(Clone, Debug, Default)]
pub struct CellSplit(HashMap<usize, usize>);

impl CellSplit {
    /// Records that a text of `column` needs `cells` cells.
    pub(crate) fn record(&mut self, column: usize, cells: usize) {
        if cells > self.cell_count(column) {
            self.0.insert(column, cells);
        }
    }

    /// Number of cells that column number `column` takes up in each row: as many as its longest
    /// text needs, at least one.
    #[must_use]
    pub(crate) fn cell_count(&self, column: usize) -> usize {
        self.0.get(&column).copied().unwrap_or(1)
    }

    /// True if every text fits into one cell.
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The columns that need several cells, each with its number of cells.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, usize)> {
        self.0.iter().map(|(column, cells)| (*column, *cells))
    }
}

/// The headings of all cells, where column `i` has `cell_counts[i]` cells. All names are unique: a
/// numbered name that is the name of another column is skipped.
#[must_use]
pub(crate) fn split_headings(headings: &[Heading], cell_counts: &[usize]) -> Vec<Heading> {
    let mut used_names: HashSet<String> = headings
        .iter()
        .map(|heading| heading.name.clone())
        .collect();
    let mut all = Vec::with_capacity(headings.len());
    for (heading, cell_count) in headings.iter().zip(cell_counts) {
        all.push(heading.clone());
        let names = (2..).map(|part| heading.style.continued(&heading.name, part));
        let unused: Vec<String> = names
            .filter(|name| used_names.insert(name.clone()))
            .take(cell_count - 1)
            .collect();
        all.extend(unused.into_iter().map(|name| Heading {
            name,
            ..heading.clone()
        }));
    }
    all
}

/// Cuts a text into pieces that fit into a cell each. An empty text gives one empty piece.
pub(crate) fn split_text(text: &str, units: CellUnits) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        if units.fits(text) {
            return rest.take();
        }
        let mut count = 0;
        let end = text.char_indices().find(|(_, character)| {
            count += units.of(*character);
            count > MAX_CELL_UNITS
        });
        let Some((end, _)) = end else {
            return rest.take();
        };
        rest = Some(&text[end..]);
        Some(&text[..end])
    })
}

/// Appends the value of a column to a row, in `cell_count` cells. If the column has several, a
/// value that is too long for one cell with guards is split. Unused cells stay empty.
pub(crate) fn push_split<'c>(
    cell: Option<Cell<'c>>,
    cell_count: usize,
    row: &mut Vec<Option<Cell<'c>>>,
) {
    let start = row.len();
    match cell {
        Some(cell) if cell_count > 1 && !CellUnits::Guarded.fits(&cell.text) => {
            let parts = split_text(&cell.text, CellUnits::Guarded);
            row.extend(parts.map(|part| Some(Cell::text(part.to_owned()))));
        }
        cell => row.push(cell),
    }
    row.resize(start + cell_count, None);
}

/// Splits the long texts of rows over several columns and passes the rows to another writer, which
/// may guard them.
pub(crate) struct CellSplitWriter {
    writer: Box<dyn RowWriter>,
    /// Number of cells of each column.
    cell_counts: Vec<usize>,
}

impl CellSplitWriter {
    /// Creates the underlying writer by calling `create_writer` with the headings of all cells.
    /// Column `i` has `cell_counts[i]` cells.
    pub(crate) fn new(
        headings: &[Heading],
        cell_counts: Vec<usize>,
        create_writer: impl FnOnce(Vec<Heading>) -> Box<dyn RowWriter>,
    ) -> Self {
        Self {
            writer: create_writer(split_headings(headings, &cell_counts)),
            cell_counts,
        }
    }
}

impl RowWriter for CellSplitWriter {
    fn write_row(&mut self, cells: &[Option<Cell>], out: &mut dyn Write) -> io::Result<()> {
        let mut all = Vec::with_capacity(cells.len());
        for (cell, cell_count) in cells.iter().zip(&self.cell_counts) {
            push_split(cell.clone(), *cell_count, &mut all);
        }
        self.writer.write_row(&all, out)
    }

    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.writer.finish(out)
    }

    fn guarded_cells(&self) -> u64 {
        self.writer.guarded_cells()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_character_is_lost_or_cut() {
        for (text, parts) in [
            (String::new(), 1),
            ("a".repeat(MAX_CELL_UNITS), 1),
            ("ü".repeat(MAX_CELL_UNITS), 1),
            ("a".repeat(MAX_CELL_UNITS + 1), 2),
            (format!("a{}", "😀".repeat(MAX_CELL_UNITS)), 3),
        ] {
            let units = CellUnits::Utf16;
            let cut: Vec<_> = split_text(&text, units).collect();
            assert_eq!(cut.concat(), text);
            assert_eq!(cut.len(), parts);
            assert!(cut.iter().all(|part| units.count(part) <= MAX_CELL_UNITS));
            assert!(cells_for_units(units.count(&text)) >= parts);
        }
    }

    #[test]
    fn headings_are_unique() {
        let headings = ["t", "t (2)", "u"].map(Heading::new);
        let names = split_headings(&headings, &[3, 1, 1])
            .into_iter()
            .map(|heading| heading.name);
        assert_eq!(
            names.collect::<Vec<_>>(),
            ["t", "t (3)", "t (4)", "t (2)", "u"]
        );
    }
}
