//! How many cells were guarded, by column: of a column that may be asked for it is known in the end only whether it leaves.

use std::collections::HashMap;

use crate::table::layout::Layout;

/// Counts of guarded cells, by the numbers of their columns.
#[derive(Default)]
pub(super) struct Guards(HashMap<usize, u64>);

impl Guards {
    /// So many cells more of this column.
    pub(super) fn add(&mut self, column: usize, count: u64) {
        if count > 0 {
            *self.0.entry(column).or_default() += count;
        }
    }

    pub(super) fn add_all(&mut self, others: &Self) {
        for (column, count) in &others.0 {
            self.add(*column, *count);
        }
    }

    /// How many cells in columns of `layout` those are.
    pub(super) fn count_in(&self, layout: &Layout) -> u64 {
        let counts = layout.numbers.iter();
        counts
            .filter_map(|(number, _)| self.0.get(number))
            .sum::<u64>()
    }
}
