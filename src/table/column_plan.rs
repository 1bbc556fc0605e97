//! The plan of an exported table: the columns known at one time, their order and their cells.

use std::ops::Range;

use super::cell_split::{self, CellSplit};
use super::column::{Column, ColumnType, Columns, output_positions};
use super::writer::Heading;

/// A snapshot of the columns, and the order and cells of those that are exported. An exported
/// column has several cells if its long texts are split.
#[derive(Debug)]
pub struct ColumnPlan {
    /// All columns.
    pub columns: Columns,
    /// The exported columns in output order.
    pub(crate) order: Vec<Column>,
    /// For each exported column, its number and true if it has times.
    pub numbers: Vec<(usize, bool)>,
    /// Maps a column number to its position in `order`.
    positions: Vec<Option<usize>>,
    /// Index of the first cell of each exported column, then the total number of cells.
    cell_offsets: Vec<usize>,
}

impl ColumnPlan {
    /// Creates the plan that exports the columns `order` of `columns`.
    #[must_use]
    pub fn new(columns: &mut Columns, order: Vec<Column>, cell_split: &CellSplit) -> Self {
        let columns = columns.snapshot();
        let numbers = order.iter();
        let mut cell_offsets = vec![0];
        cell_offsets.extend(order.iter().scan(0, |sum, column| {
            *sum += cell_split.cell_count(column.number);
            Some(*sum)
        }));
        Self {
            numbers: numbers
                .map(|column| (column.number, column.column_type == ColumnType::Time))
                .collect(),
            positions: output_positions(&order, columns.count()),
            order,
            columns,
            cell_offsets,
        }
    }

    /// Output position of column `number`, or `None` if it is not exported. Panics if the column
    /// was not known when the plan was created.
    #[must_use]
    pub(crate) fn position(&self, number: usize) -> Option<usize> {
        self.positions[number]
    }

    /// Indices of the cells of the exported column at `position`.
    #[must_use]
    pub(crate) fn cell_range(&self, position: usize) -> Range<usize> {
        self.cell_offsets[position]..self.cell_offsets[position + 1]
    }

    /// Number of cells per row.
    #[must_use]
    pub(crate) fn cell_count(&self) -> usize {
        self.cell_offsets[self.order.len()]
    }

    /// The header of each cell.
    #[must_use]
    pub(crate) fn header(&self) -> Vec<String> {
        let headings: Vec<Heading> = self.order.iter().map(Heading::from).collect();
        let positions = 0..self.order.len();
        let counts: Vec<usize> = positions
            .map(|position| self.cell_range(position).len())
            .collect();
        let headings = cell_split::split_headings(&headings, &counts).into_iter();
        headings.map(|heading| heading.name).collect()
    }

    /// True if both plans have the same cells under the same headers.
    #[must_use]
    pub(crate) fn has_same_cells(&self, other: &Self) -> bool {
        let mut pairs = self.order.iter().zip(&other.order);
        std::ptr::eq(self, other)
            || self.numbers == other.numbers
                && self.cell_offsets == other.cell_offsets
                && pairs.all(|(left, right)| left.name == right.name)
    }

    /// Describes the cells of this plan by those of `earlier`, a plan with fewer columns, so that
    /// rows written under `earlier` can be rearranged. Adjacent cells are merged into runs.
    #[must_use]
    pub(crate) fn changes_since(&self, earlier: &Self) -> Vec<CellRun> {
        let mut runs: Vec<CellRun> = Vec::new();
        for (position, (number, _)) in self.numbers.iter().enumerate() {
            let known = earlier.positions.get(*number).copied().flatten();
            let known = known.map_or(0..0, |position| earlier.cell_range(position));
            let new = self.cell_range(position).len() - known.len();
            match runs.last_mut() {
                _ if known.is_empty() => {}
                Some(CellRun::Known(last)) if last.end == known.start => last.end = known.end,
                _ => runs.push(CellRun::Known(known)),
            }
            match runs.last_mut() {
                _ if new == 0 => {}
                Some(CellRun::New(last)) => *last += new,
                _ => runs.push(CellRun::New(new)),
            }
        }
        runs
    }
}

/// A run of adjacent cells of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CellRun {
    /// Cells that the earlier plan has too, at these indices.
    Known(Range<usize>),
    /// This many cells that the earlier plan does not have.
    New(usize),
}
