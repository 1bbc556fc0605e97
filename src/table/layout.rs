//! The columns that were known at one time, in the order in which they leave.

use std::collections::HashMap;

use super::column::{Column, Columns, Holds};
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
    /// Into how many cells each of them goes.
    pub parts: Vec<usize>,
    /// As which of them a column leaves, by its number.
    places: Vec<Option<usize>>,
}

impl Layout {
    /// The columns so far, of which these leave in this `order`.
    #[must_use]
    pub fn new(columns: &mut Columns, order: Vec<Column>, parts: &Parts) -> Self {
        let columns = columns.settled();
        let mut places = vec![None; columns.count()];
        for (place, column) in order.iter().enumerate() {
            // One that was asked for may be one that no row has.
            if let Some(known) = places.get_mut(column.number) {
                *known = Some(place);
            }
        }
        let numbers = order.iter();
        let counts = order.iter().map(|column| parts.of(column.number));
        Self {
            parts: counts.collect(),
            numbers: numbers
                .map(|column| (column.number, column.holds == Holds::Times))
                .collect(),
            order,
            columns,
            places,
        }
    }

    /// As which of the columns that leave the one of that number does, which is known.
    #[must_use]
    pub fn place(&self, number: usize) -> Option<usize> {
        self.places[number]
    }

    /// What stands at the heads of the cells.
    #[must_use]
    pub fn header(&self) -> Vec<String> {
        let headings: Vec<Heading> = self.order.iter().map(Heading::from).collect();
        let headings = parts::headings(&headings, &self.parts).into_iter();
        headings.map(|heading| heading.name).collect()
    }

    /// Whether it has the same cells as `other`, under the same heads.
    #[must_use]
    pub fn is_as(&self, other: &Self) -> bool {
        let mut both = self.order.iter().zip(&other.order);
        std::ptr::eq(self, other)
            || self.numbers == other.numbers
                && self.parts == other.parts
                && both.all(|(own, other)| own.name == other.name)
    }

    /// For each of these cells, which cell it was in `earlier`, which knew fewer columns; none where there was none.
    #[must_use]
    pub fn in_earlier(&self, earlier: &Self) -> Vec<Option<usize>> {
        let mut first = 0;
        let mut cells = HashMap::new();
        for ((number, _), parts) in earlier.numbers.iter().zip(&earlier.parts) {
            cells.insert(*number, first..first + parts);
            first += parts;
        }
        let mut places = Vec::new();
        for ((number, _), parts) in self.numbers.iter().zip(&self.parts) {
            let mut there = cells.get(number).cloned().unwrap_or_default();
            places.extend((0..*parts).map(|_| there.next()));
        }
        places
    }
}
