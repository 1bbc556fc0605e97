//! Reads the input into the tables of an export.

use super::read_plan::ReadOptions;
use super::session::Session;
use super::sorted::options_before_sorting;
use crate::export::tables::{BatchTables, CollectedTables, TableCollector, TableRequest};
use crate::lint::checker::Checker;
use crate::table::column_list::ColumnList;
use crate::table::sort::SortOrder;

/// Reads the input into the requested tables. Input that is not a call is reported. Of calls, only
/// values of columns that `list` may select, or that `sort` needs, are kept. `checker` checks them.
/// With `only_completed`, the webhook sends no other calls. With `sort`, all calls are read,
/// because the limit applies to sorted rows.
pub(crate) fn collect_tables(
    read: &ReadOptions,
    request: &TableRequest,
    list: &ColumnList,
    sort: &SortOrder,
    checker: &Checker,
    only_completed: bool,
    session: &mut Session,
) -> anyhow::Result<CollectedTables> {
    let candidates = list.candidates().and(sort.candidates());
    let mut tables = TableCollector::new(request, list, only_completed, session.scratch);
    session.for_each_call(
        &options_before_sorting(read, sort),
        |body, batch: &mut BatchTables| request.add_to_tables(body, &candidates, checker, batch),
        |_, batch| tables.add_batch(batch),
    )?;
    tables.finish()
}
