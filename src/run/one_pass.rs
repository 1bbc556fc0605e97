//! Writes calls as delimited text in one pass over the input. The worker threads encode the rows;
//! if later calls add columns, the earlier rows are rearranged at the end.

use std::sync::{Arc, Mutex, PoisonError};

use super::pending_rows::PendingRows;
use super::read_plan::ReadOptions;
use super::session::Session;
use crate::export::counts::{ExportCounts, LeftOut};
use crate::export::one_pass::{BatchText, RowEncoder};
use crate::export::tables::TOO_MANY_COLUMNS;
use crate::host::AtomicFile;
use crate::table::cell_split::CellSplit;
use crate::table::column::Columns;
use crate::table::column_limit::ColumnLimit;
use crate::table::column_plan::ColumnPlan;

/// Reads the input and writes its calls to `file`, or to standard output if there is none. `reopen`
/// opens the file again if it must be written anew. Returns the counts to report.
pub(crate) fn write_calls(
    read: &ReadOptions,
    encoder: &RowEncoder,
    file: Option<Box<dyn AtomicFile>>,
    reopen: impl FnOnce() -> anyhow::Result<Box<dyn AtomicFile>>,
    session: &mut Session,
) -> anyhow::Result<ExportCounts> {
    let mut columns = encoder.first_columns.clone();
    let mut left_out = 0;
    let candidates = encoder.list.candidates();
    // Workers write one cell per column: a row with a longer text is passed on in compact form.
    let build_plan =
        |columns: &mut Columns| Arc::new(encoder.provisional_plan(columns, &CellSplit::default()));
    let published = Mutex::new(build_plan(&mut columns));
    let mut cell_split = CellSplit::default();
    let mut plans = PlanPublisher::default();
    let mut limit = ColumnLimit::new(encoder.list.candidates());
    let mut rows = PendingRows::new(file, session.scratch);
    session.for_each_call(
        read,
        |body, batch: &mut BatchText| batch.add(body.object, encoder, &candidates, &published),
        |_, mut batch| {
            if let Some(plan) = batch.plan.take() {
                left_out += batch.left_out;
                rows.push_text(&plan, &batch.text, &batch.guards)?;
                let first_new = plan.columns.count();
                let numbers = columns.merge(std::mem::take(&mut batch.columns));
                limit.check(&columns, "columns", TOO_MANY_COLUMNS)?;
                rows.push_rows(first_new, &numbers, &batch.rest)?;
                for (column, count) in batch.cells_per_column.iter() {
                    let new_index = column.checked_sub(first_new);
                    cell_split.record(new_index.map_or(column, |index| numbers[index]), count);
                }
                plans.publish_if_due(&mut columns, &published, build_plan);
            }
            rows.spill_if_large(&mut columns, &cell_split, encoder)
        },
    )?;
    if session.lacks_calls() {
        return Ok(ExportCounts::default());
    }
    let left_out = LeftOut::new(left_out, &columns, &candidates);
    let guarded = rows.finish(&mut columns, &cell_split, encoder, reopen, session)?;
    Ok(ExportCounts {
        guarded,
        left_out,
        ..ExportCounts::default()
    })
}

/// Number of columns from which no more are published.
const MAX_PUBLISHED_COLUMNS: usize = 10_000;

/// Publishes new columns to the workers: at once for the first ones, less and less often if new
/// columns keep coming, because each publication copies all columns. Rows with columns that are not
/// published are passed on in compact form.
#[derive(Default)]
struct PlanPublisher {
    /// Number of publications.
    publications: usize,
    /// Number of batches since the last one.
    batches: usize,
}

impl PlanPublisher {
    fn publish_if_due(
        &mut self,
        columns: &mut Columns,
        published: &Mutex<Arc<ColumnPlan>>,
        build_plan: impl Fn(&mut Columns) -> Arc<ColumnPlan>,
    ) {
        self.batches += 1;
        let mut published = published.lock().unwrap_or_else(PoisonError::into_inner);
        let known = published.columns.count();
        if columns.count() > known
            && known < MAX_PUBLISHED_COLUMNS
            && self.batches > self.publications
        {
            *published = build_plan(columns);
            self.publications += 1;
            self.batches = 0;
        }
    }
}
