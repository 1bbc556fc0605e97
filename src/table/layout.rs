//! The columns that were known at one time, in the order in which they leave.

use super::column::{Column, Columns, Holds};

/// Columns, all of them known, and their order.
#[derive(Debug)]
pub struct Layout {
    /// Which number each column has.
    pub columns: Columns,
    /// The columns as they leave.
    pub order: Vec<Column>,
    /// Their numbers, and whether they hold times.
    pub numbers: Vec<(usize, bool)>,
}

impl Layout {
    /// All columns so far.
    #[must_use]
    pub fn of(columns: &mut Columns) -> Self {
        let columns = columns.settled();
        let order = columns.in_order();
        let numbers = order.iter();
        Self {
            numbers: numbers
                .map(|column| (column.number, column.holds == Holds::Times))
                .collect(),
            order,
            columns,
        }
    }

    /// For each of these columns, whether `earlier`, which knew fewer, has it too. The others keep their order.
    #[must_use]
    pub fn are_in(&self, earlier: &Self) -> Vec<bool> {
        let known = earlier.columns.count();
        let order = self.order.iter();
        order.map(|column| column.number < known).collect()
    }
}
