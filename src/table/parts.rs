//! Texts longer than a cell of a spreadsheet may be go on in further columns, right of their own: `transcript`, `transcript (2)`, ….

use std::collections::{HashMap, HashSet};
use std::io::{self, Write};

use super::row::Cell;
use super::writer::{Heading, RowWriter};

/// UTF-16 units that a cell holds in Excel and its kin; one less than the limit, for a mark before it.
pub const CELL_UNITS: usize = 32_766;

/// How many cells a text of so many UTF-16 units needs. A part may be one unit short of full, for a character is never cut.
#[must_use]
pub fn count(units: usize) -> usize {
    if units <= CELL_UNITS {
        1
    } else {
        units.div_ceil(CELL_UNITS - 1)
    }
}

/// Into how many cells the texts of columns go, by the columns' numbers.
#[derive(Clone, Debug, Default)]
pub struct Parts(HashMap<usize, usize>);

impl Parts {
    /// A text in this column goes into so many.
    pub fn add(&mut self, column: usize, count: usize) {
        if count > self.of(column) {
            self.0.insert(column, count);
        }
    }

    /// The most that a text of this column goes into.
    #[must_use]
    pub fn of(&self, column: usize) -> usize {
        self.0.get(&column).copied().unwrap_or(1)
    }

    /// Whether each text goes into one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The columns whose texts go into several, with how many.
    pub fn iter(&self) -> impl Iterator<Item = (usize, usize)> {
        self.0.iter().map(|(column, count)| (*column, *count))
    }
}

/// The headings of all columns, of which each has so many parts as `counts` says. No two are alike: a number that a column of its own has is
/// passed over.
#[must_use]
pub fn headings(headings: &[Heading], counts: &[usize]) -> Vec<Heading> {
    let mut taken: HashSet<String> = headings.iter().map(|own| own.name.clone()).collect();
    let mut all = Vec::with_capacity(headings.len());
    for (heading, count) in headings.iter().zip(counts) {
        all.push(heading.clone());
        let names = (2..).map(|part| format!("{} ({part})", heading.name));
        let free: Vec<String> = names
            .filter(|name| taken.insert(name.clone()))
            .take(count - 1)
            .collect();
        all.extend(free.into_iter().map(|name| Heading {
            name,
            ..heading.clone()
        }));
    }
    all
}

/// The text cut into pieces that fit into a cell each; the empty text is one piece.
pub fn of(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        // No text has more units than bytes.
        if text.len() <= CELL_UNITS {
            return rest.take();
        }
        let mut units = 0;
        let end = text.char_indices().find(|(_, character)| {
            units += character.len_utf16();
            units > CELL_UNITS
        });
        let Some((end, _)) = end else {
            return rest.take();
        };
        rest = Some(&text[end..]);
        Some(&text[..end])
    })
}

/// Adds a cell, which goes into `count` ones, to a row.
pub fn push<'c>(cell: Option<Cell<'c>>, count: usize, row: &mut Vec<Option<Cell<'c>>>) {
    let start = row.len();
    match cell {
        Some(cell) if count > 1 && cell.text.len() > CELL_UNITS => {
            row.extend(of(&cell.text).map(|part| Some(Cell::text(part.to_owned()))));
        }
        cell => row.push(cell),
    }
    row.resize(start + count, None);
}

/// Writes rows whose long texts go on in further columns.
pub struct PartsWriter {
    writer: Box<dyn RowWriter>,
    /// For each column how many cells it has.
    counts: Vec<usize>,
}

impl PartsWriter {
    /// Writes with what `make` makes for the headings, further parts included.
    pub fn new(
        headings: &[Heading],
        counts: Vec<usize>,
        make: impl FnOnce(Vec<Heading>) -> Box<dyn RowWriter>,
    ) -> Self {
        Self {
            writer: make(self::headings(headings, &counts)),
            counts,
        }
    }
}

impl RowWriter for PartsWriter {
    fn row(&mut self, cells: &[Option<Cell>], out: &mut dyn Write) -> io::Result<()> {
        let mut all = Vec::with_capacity(cells.len());
        for (cell, count) in cells.iter().zip(&self.counts) {
            push(cell.clone(), *count, &mut all);
        }
        self.writer.row(&all, out)
    }

    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.writer.finish(out)
    }

    fn guarded(&self) -> u64 {
        self.writer.guarded()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_character_is_lost_or_cut() {
        for (text, parts) in [
            (String::new(), 1),
            ("a".repeat(CELL_UNITS), 1),
            ("ü".repeat(CELL_UNITS), 1),
            ("a".repeat(CELL_UNITS + 1), 2),
            (format!("a{}", "😀".repeat(CELL_UNITS)), 3),
        ] {
            let cut: Vec<_> = of(&text).collect();
            assert_eq!(cut.concat(), text);
            assert_eq!(cut.len(), parts);
            assert!(
                cut.iter()
                    .all(|part| part.encode_utf16().count() <= CELL_UNITS)
            );
            assert!(count(text.encode_utf16().count()) >= parts);
        }
    }

    #[test]
    fn no_two_headings_are_alike() {
        let own = ["t", "t (2)", "u"].map(Heading::new);
        let names = headings(&own, &[3, 1, 1])
            .into_iter()
            .map(|heading| heading.name);
        assert_eq!(
            names.collect::<Vec<_>>(),
            ["t", "t (3)", "t (4)", "t (2)", "u"]
        );
    }
}
