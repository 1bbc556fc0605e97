//! The columns that were known at one time, in the order in which they leave.

use super::column::{Column, Columns, Holds};
use super::parts::{self, Parts};
use super::writer::Heading;

/// Columns, all of them known, and their order.
#[derive(Debug)]
pub struct Layout {
    /// Which number each column has.
    pub columns: Columns,
    /// The columns as they leave.
    pub order: Vec<Column>,
    /// Their numbers, and whether they hold times.
    pub numbers: Vec<(usize, bool)>,
    /// Into how many cells each of them goes.
    pub parts: Vec<usize>,
}

impl Layout {
    /// All columns so far.
    #[must_use]
    pub fn of(columns: &mut Columns, parts: &Parts) -> Self {
        let columns = columns.settled();
        let order = columns.in_order();
        let numbers = order.iter();
        let counts = order.iter().map(|column| parts.of(column.number));
        Self {
            parts: counts.collect(),
            numbers: numbers
                .map(|column| (column.number, column.holds == Holds::Times))
                .collect(),
            order,
            columns,
        }
    }

    /// What stands at the heads of the cells.
    #[must_use]
    pub fn header(&self) -> Vec<String> {
        let headings: Vec<Heading> = self.order.iter().map(Heading::from).collect();
        let headings = parts::headings(&headings, &self.parts).into_iter();
        headings.map(|heading| heading.name).collect()
    }

    /// Whether rows in it have the same cells as those in `other`.
    #[must_use]
    pub fn is_as(&self, other: &Self) -> bool {
        self.columns.count() == other.columns.count() && self.parts == other.parts
    }

    /// For each of these cells, whether `earlier`, which knew fewer, has it too. The others keep their order.
    #[must_use]
    pub fn are_in(&self, earlier: &Self) -> Vec<bool> {
        let known = earlier.columns.count();
        let mut earlier_parts = earlier.parts.iter();
        let mut are_there = Vec::new();
        for (column, parts) in self.order.iter().zip(&self.parts) {
            let is_known = column.number < known;
            let there = if is_known { earlier_parts.next() } else { None };
            let there = there.copied().unwrap_or_default();
            are_there.extend((0..*parts).map(|part| part < there));
        }
        are_there
    }
}
