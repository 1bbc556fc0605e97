//! Reads the selected calls into records that are sorted by columns of the calls (`--sort`). The
//! limit on calls applies to the sorted calls.

use std::borrow::Cow;

use super::read_plan::ReadOptions;
use super::session::Session;
use crate::capture::find::item::Body;
use crate::exit::UsageError;
use crate::host::Scratch;
use crate::select::sequencer::CallLimit;
use crate::table::column::{Column, Columns};
use crate::table::column_limit::ColumnLimit;
use crate::table::flatten::CallRows;
use crate::table::record_store::RecordStore;
use crate::table::sort::SortOrder;
use crate::table::spool::Spool;

/// The next step if there are too many columns.
const TOO_MANY_COLUMNS: &str = "sort the output of --format jsonl instead";

/// The records of one batch, one per call.
#[derive(Default)]
struct RecordBatch {
    records: Vec<u8>,
    /// The end of each record.
    ends: Vec<usize>,
    keys: CallRows,
}

/// The records of the selected calls in their order.
pub(crate) struct SortedRecords {
    records: RecordStore,
    order: Vec<usize>,
}

impl SortedRecords {
    /// Reads the selected calls. `handle` appends the record of a call. Fields of `sort` that are
    /// not columns of the calls are a [`UsageError`].
    pub(crate) fn read(
        read: &ReadOptions,
        sort: &SortOrder,
        session: &mut Session,
        handle: impl Fn(&Body, &mut Vec<u8>) + Sync,
    ) -> anyhow::Result<Self> {
        let candidates = sort.candidates();
        let mut records = RecordStore::new(session.scratch);
        let mut keys = Spool::new(Columns::default(), session.scratch);
        let mut limit = ColumnLimit::new(sort.candidates());
        session.for_each_call(
            &options_before_sorting(read, sort),
            |body, batch: &mut RecordBatch| {
                handle(body, &mut batch.records);
                batch.ends.push(batch.records.len());
                batch.keys.push_call(body.object, &candidates);
            },
            |_, batch| {
                let mut start = 0;
                for end in batch.ends {
                    records.push(&batch.records[start..end])?;
                    start = end;
                }
                keys.push(batch.keys.columns, &batch.keys.rows)?;
                limit.check(keys.columns(), "columns", TOO_MANY_COLUMNS)
            },
        )?;
        let all = keys.columns().in_output_order();
        let order = sorted_indices(&mut keys, &all, sort, read)?;
        Ok(Self { records, order })
    }

    /// Passes the records to `visit` in their order.
    pub(crate) fn for_each(
        mut self,
        mut visit: impl FnMut(&[u8]) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        for index in self.order {
            visit(self.records.read(index)?)?;
        }
        Ok(())
    }
}

/// The options for reading rows that are sorted later: without a limit on calls, because the first
/// calls are known only after sorting.
#[must_use]
pub(crate) fn options_before_sorting<'r>(
    read: &'r ReadOptions,
    sort: &SortOrder,
) -> Cow<'r, ReadOptions> {
    if sort.is_empty() {
        return Cow::Borrowed(read);
    }
    Cow::Owned(ReadOptions {
        limit: None,
        ..read.clone()
    })
}

/// Sorts the rows of `spool` and cuts them to the limit of `read`, if an order is requested. Fields
/// of `sort` that are not in `columns` are a [`UsageError`].
pub(crate) fn sort_spool(
    spool: &mut Spool,
    columns: &[Column],
    sort: &SortOrder,
    read: &ReadOptions,
    scratch: &dyn Scratch,
) -> anyhow::Result<()> {
    if sort.is_empty() {
        return Ok(());
    }
    let order = sorted_indices(spool, columns, sort, read)?;
    spool.reorder(&order, scratch)
}

/// The indices of the rows of `spool` in the order of `sort`, up to the limit of `read`.
fn sorted_indices(
    spool: &mut Spool,
    columns: &[Column],
    sort: &SortOrder,
    read: &ReadOptions,
) -> anyhow::Result<Vec<usize>> {
    let mut order = sort.sort(spool, columns).map_err(UsageError)?;
    if let Some(limit) = read.limit.map(CallLimit::count) {
        order.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    }
    Ok(order)
}
