//! Counts guarded cells per column. Which columns are exported is known only at the end.

use std::collections::HashMap;

use crate::table::column_plan::ColumnPlan;

/// Number of guarded cells per column number.
#[derive(Default)]
pub(crate) struct GuardCounts(HashMap<usize, u64>);

impl GuardCounts {
    pub(crate) fn add(&mut self, column: usize, count: u64) {
        if count > 0 {
            *self.0.entry(column).or_default() += count;
        }
    }

    pub(crate) fn merge(&mut self, counts: &Self) {
        for (column, count) in &counts.0 {
            self.add(*column, *count);
        }
    }

    /// Number of guarded cells in the columns of `plan`.
    pub(crate) fn count_in(&self, plan: &ColumnPlan) -> u64 {
        let counts = plan.numbers.iter();
        counts
            .filter_map(|(number, _)| self.0.get(number))
            .sum::<u64>()
    }
}
