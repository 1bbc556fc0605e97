//! Encodes calls as delimited text while columns are still found. The rows of a batch are written
//! in the columns known when it started; usually the first calls contain all columns. A row that
//! needs more is kept in compact form.

pub(crate) mod guard_counts;

use std::sync::{Arc, Mutex, PoisonError};

use self::guard_counts::GuardCounts;
use super::delimited::Dialect;
use super::time_style::TimeStyle;
use crate::call::contract_object::ContractObject;
use crate::capture::source::cut_sizes::BATCH_BYTES;
use crate::json::Json;
use crate::table::absent_column::AbsentNames;
use crate::table::candidate_filter::CandidateFilter;
use crate::table::cell_split::{self, CellSplit};
use crate::table::column::Columns;
use crate::table::column_list::ColumnList;
use crate::table::column_names::{name_columns, reject_repeated};
use crate::table::column_plan::ColumnPlan;
use crate::table::flatten::for_each_value;
use crate::table::headings::HeadingStyle;
use crate::table::row::{Cell, Rows};
use crate::text::cell_units::CellUnits;

/// Encodes rows of calls as delimited text.
pub(crate) struct RowEncoder<'a> {
    pub(crate) dialect: &'a Dialect,
    pub(crate) times: &'a TimeStyle,
    pub(crate) list: &'a ColumnList,
    pub(crate) headings: HeadingStyle,
    /// The columns before any call is read.
    pub(crate) first_columns: &'a Columns,
}

impl RowEncoder<'_> {
    /// The plan of the columns found so far, as far as they may be exported.
    pub(crate) fn provisional_plan(
        &self,
        columns: &mut Columns,
        cell_split: &CellSplit,
    ) -> ColumnPlan {
        let mut order = self.list.provisional(self.list.available(columns));
        name_columns(&mut order, self.headings, true);
        ColumnPlan::new(columns, order, cell_split)
    }

    /// The plan of the exported columns, after all were found. `is_empty` is true if the input had
    /// no selected call. Also returns the messages about absent columns.
    pub(crate) fn final_plan(
        &self,
        columns: &mut Columns,
        cell_split: &CellSplit,
        is_empty: bool,
    ) -> anyhow::Result<(ColumnPlan, Vec<String>)> {
        let absent = AbsentNames::of_table(true, is_empty);
        let selected = self.list.resolve(self.list.available(columns), absent)?;
        let mut order = selected.columns;
        name_columns(&mut order, self.headings, true);
        reject_repeated(&order, self.headings)?;
        let plan = ColumnPlan::new(columns, order, cell_split);
        Ok((plan, selected.notes))
    }

    /// Appends the row of a call, given the text of its body and the raw JSON of the value of each
    /// column. Each value must fit into one cell.
    fn push_row(
        &self,
        plan: &ColumnPlan,
        body: &str,
        values: &[Option<&str>],
        text: &mut Vec<u8>,
        guards: &mut GuardCounts,
    ) {
        let dialect = self.dialect;
        let start = text.len();
        // Most cells of most rows are empty, so runs of them are written at once: 0.3 % fewer
        // instructions in `export`.
        let mut nulls = 0;
        for (value, (number, is_time)) in values.iter().zip(&plan.numbers) {
            let Some(value) = value.map(Json::from_well_formed) else {
                nulls += 1;
                continue;
            };
            dialect.push_nulls(std::mem::take(&mut nulls), text);
            let mut guarded = 0;
            if *is_time && !self.times.is_verbatim() {
                let cell = Cell::from_json(value).map(|cell| self.times.format_cell(cell));
                dialect.push_cell(cell.as_ref(), text, &mut guarded);
            } else {
                dialect.push_value(value, body, text, &mut guarded);
            }
            guards.add(*number, guarded);
            text.push(dialect.delimiter);
        }
        dialect.push_nulls(nulls, text);
        dialect.end_row(start, text);
    }

    /// Appends a row, given its cells with the positions of their columns, in ascending order. A
    /// cell may be too long for one cell of the output.
    pub(crate) fn push_cells<'c>(
        &self,
        plan: &ColumnPlan,
        cells: impl Iterator<Item = (usize, Cell<'c>)>,
        text: &mut Vec<u8>,
        guards: &mut GuardCounts,
    ) {
        let dialect = self.dialect;
        let start = text.len();
        let mut written = 0;
        let mut parts = Vec::new();
        for (position, cell) in cells {
            let (number, is_time) = plan.numbers[position];
            let range = plan.cell_range(position);
            dialect.push_nulls(range.start - written, text);
            written = range.end;
            let cell = if is_time {
                self.times.format_cell(cell)
            } else {
                cell
            };
            cell_split::push_split(Some(cell), range.len(), &mut parts);
            let mut guarded = 0;
            for part in parts.drain(..) {
                dialect.push_cell(part.as_ref(), text, &mut guarded);
                text.push(dialect.delimiter);
            }
            guards.add(number, guarded);
        }
        dialect.push_nulls(plan.cell_count() - written, text);
        dialect.end_row(start, text);
    }

    /// Returns the number of cells that a value needs, or `None` if one cell is certainly enough.
    fn cells_needed(&self, value: Json) -> Option<usize> {
        // Texts are rarely that long: counting the units of all of them would add 30 % to the
        // instructions.
        if CellUnits::Guarded.fits(value.text()) || self.dialect.program.is_none() {
            return None;
        }
        let units = CellUnits::Guarded.count(&Cell::from_json(value)?.text);
        Some(cell_split::cells_for_units(units))
    }
}

/// Maximum size of the text of one batch. Tables with many columns exceed it; the other rows of the
/// batch are then passed on in compact form.
const MAX_TEXT_BYTES: usize = 4 * BATCH_BYTES;

/// Rows of one batch.
#[derive(Default)]
pub(crate) struct BatchText {
    /// Columns that were known when the batch started.
    pub(crate) plan: Option<Arc<ColumnPlan>>,
    /// Columns of `plan`, and the new columns of the batch.
    pub(crate) columns: Columns,
    /// The first rows as text, which need no new columns.
    pub(crate) text: Vec<u8>,
    pub(crate) guards: GuardCounts,
    /// The other rows in compact form, from the first one that needs a new column or more text than
    /// [`MAX_TEXT_BYTES`].
    pub(crate) rest: Rows,
    /// Number of cells per column, for columns that need several.
    pub(crate) cells_per_column: CellSplit,
    /// Number of values left out by [`CandidateFilter::leaves_out_undeclared`].
    pub(crate) left_out: u64,
    /// For each new column, true if it may be exported.
    may_be_exported: Vec<bool>,
    /// Allocation for the values of a call, one per exported column. It is empty between calls.
    /// Saves 0.5 % of the instructions of `export`.
    value_buffer: Vec<Option<&'static str>>,
}

/// Clears the values and changes their lifetime, keeping the allocation.
fn clear_values<'b>(mut values: Vec<Option<&str>>) -> Vec<Option<&'b str>> {
    values.clear();
    values.into_iter().map(|_| None).collect()
}

impl BatchText {
    /// Adds the row of a call. The first call fixes the plan of the batch to the one in
    /// `published`.
    pub(crate) fn add(
        &mut self,
        body: &ContractObject,
        encoder: &RowEncoder,
        candidates: &CandidateFilter,
        published: &Mutex<Arc<ColumnPlan>>,
    ) {
        let plan = self.plan.get_or_insert_with(|| {
            let plan = Arc::clone(&published.lock().unwrap_or_else(PoisonError::into_inner));
            self.columns = plan.columns.clone();
            self.text.reserve(BATCH_BYTES);
            plan
        });
        let first_new = plan.columns.count();
        let mut values = clear_values(std::mem::take(&mut self.value_buffer));
        values.resize(plan.order.len(), None);
        let mut new_values = Vec::new();
        let mut filled = Vec::new();
        let is_counted = candidates.leaves_out_undeclared();
        let cells_per_column = &mut self.cells_per_column;
        for_each_value(body, &mut self.columns, |column, value| {
            if is_counted && !value.is_null() {
                filled.push(column);
            }
            let is_known = column < first_new;
            let position = is_known.then(|| plan.position(column)).flatten();
            if value.is_null() || is_known && position.is_none() {
                return;
            }
            if let Some(count) = encoder.cells_needed(*value) {
                cells_per_column.record(column, count);
            }
            match position {
                Some(position) => values[position] = Some(value.text()),
                None => new_values.push((column, value.text())),
            }
        });
        candidates.extend_flags(&self.columns, first_new, &mut self.may_be_exported);
        filled.retain(|column| {
            let is_exported = match column.checked_sub(first_new) {
                Some(new) => self.may_be_exported[new],
                None => plan.position(*column).is_some(),
            };
            self.columns.is_undeclared(*column) && !is_exported
        });
        self.left_out += filled.len() as u64;
        new_values.retain(|(column, _)| self.may_be_exported[column - first_new]);
        let fits_plan = new_values.is_empty() && self.cells_per_column.is_empty();
        if fits_plan && self.rest.is_empty() && self.text.len() < MAX_TEXT_BYTES {
            encoder.push_row(
                plan,
                body.value.text(),
                &values,
                &mut self.text,
                &mut self.guards,
            );
            self.value_buffer = clear_values(values);
            return;
        }
        let numbers = plan.numbers.iter().map(|(number, _)| *number);
        let values = numbers.zip(values);
        let values = values.filter_map(|(column, value)| Some((column, value?)));
        for (column, value) in values.chain(new_values) {
            if let Some(cell) = Cell::from_json(Json::from_well_formed(value)) {
                self.rest.push(column, &cell);
            }
        }
        self.rest.end_row();
    }
}
