//! The columns that were known at one time, in the order in which they leave.

use std::ops::Range;

use super::column::{Column, Columns, Holds, places};
use super::parts::{self, Parts};
use super::writer::Heading;

/// Columns, all of them known, and the order of those that leave.
#[derive(Debug)]
pub struct Layout {
    /// Which number each column has.
    pub columns: Columns,
    /// The columns as they leave.
    pub order: Vec<Column>,
    /// Their numbers, and whether they hold times.
    pub numbers: Vec<(usize, bool)>,
    /// As which of them a column leaves, by its number.
    places: Vec<Option<usize>>,
    /// How many cells come before each of them, and how many there are.
    before: Vec<usize>,
}

impl Layout {
    /// The columns so far, of which these leave in this `order`.
    #[must_use]
    pub fn new(columns: &mut Columns, order: Vec<Column>, parts: &Parts) -> Self {
        let columns = columns.settled();
        let numbers = order.iter();
        let mut before = vec![0];
        before.extend(order.iter().scan(0, |sum, column| {
            *sum += parts.of(column.number);
            Some(*sum)
        }));
        Self {
            numbers: numbers
                .map(|column| (column.number, column.holds == Holds::Times))
                .collect(),
            places: places(&order, columns.count()),
            order,
            columns,
            before,
        }
    }

    /// As which of the columns that leave the one of that number does, which is known.
    #[must_use]
    pub fn place(&self, number: usize) -> Option<usize> {
        self.places[number]
    }

    /// Which cells of a row are those of the column at `place`.
    #[must_use]
    pub fn cells_of(&self, place: usize) -> Range<usize> {
        self.before[place]..self.before[place + 1]
    }

    /// How many cells a row has.
    #[must_use]
    pub fn cells(&self) -> usize {
        self.before[self.order.len()]
    }

    /// What stands at the heads of the cells.
    #[must_use]
    pub fn header(&self) -> Vec<String> {
        let headings: Vec<Heading> = self.order.iter().map(Heading::from).collect();
        let places = 0..self.order.len();
        let counts: Vec<usize> = places.map(|place| self.cells_of(place).len()).collect();
        let headings = parts::headings(&headings, &counts).into_iter();
        headings.map(|heading| heading.name).collect()
    }

    /// Whether it has the same cells as `other`, under the same heads.
    #[must_use]
    pub fn is_as(&self, other: &Self) -> bool {
        let mut both = self.order.iter().zip(&other.order);
        std::ptr::eq(self, other)
            || self.numbers == other.numbers
                && self.before == other.before
                && both.all(|(own, other)| own.name == other.name)
    }

    /// What these cells were in `earlier`, which knew fewer columns.
    #[must_use]
    pub fn in_earlier(&self, earlier: &Self) -> Vec<Cells> {
        let mut all: Vec<Cells> = Vec::new();
        for (place, (number, _)) in self.numbers.iter().enumerate() {
            let known = earlier.places.get(*number).copied().flatten();
            let known = known.map_or(0..0, |place| earlier.cells_of(place));
            let new = self.cells_of(place).len() - known.len();
            match all.last_mut() {
                _ if known.is_empty() => {}
                Some(Cells::Known(before)) if before.end == known.start => before.end = known.end,
                _ => all.push(Cells::Known(known)),
            }
            match all.last_mut() {
                _ if new == 0 => {}
                Some(Cells::New(before)) => *before += new,
                _ => all.push(Cells::New(new)),
            }
        }
        all
    }
}

/// Cells of a row that stand together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cells {
    /// They stood together in a row with fewer columns: which ones of it.
    Known(Range<usize>),
    /// So many that were not there.
    New(usize),
}
