//! Table output shared by several commands: worker threads build rows, and a writer for the
//! requested format prints them in input order.

use std::cell::RefCell;

use super::live_table::LiveTable;
use super::read_plan::ReadOptions;
use super::session::Session;
use super::sorted::SortedRecords;
use crate::capture::find::item::{Body, Item};
use crate::export::{RowFormat, TableOptions};
use crate::table::row::{Cell, Rows};
use crate::table::sort::SortOrder;
use crate::table::spool::Spool;
use crate::table::writer::{Heading, RowWriter};
use crate::text::plural::format_count;

/// Prints the rows that `handle` adds for each selected call.
pub(crate) fn print_calls(
    read: &ReadOptions,
    options: TableOptions,
    headings: Vec<Heading>,
    session: &mut Session,
    handle: impl Fn(&Body, &mut Rows) + Sync,
) -> anyhow::Result<()> {
    prepare_stdout(options.format, session);
    let table = RefCell::new(LiveTable::new(options, headings, session.terminal));
    session.for_each_call_with_pause(
        read,
        |body, rows| handle(body, rows),
        |out, rows| table.borrow_mut().write_rows(rows.bytes(), out),
        |out| table.borrow_mut().pause(out),
    )?;
    finish_table(&mut *table.into_inner().into_writer(), session)
}

/// Prints the rows that `handle` adds for each selected call, in the order of `sort`.
pub(crate) fn print_sorted_calls(
    read: &ReadOptions,
    options: TableOptions,
    headings: Vec<Heading>,
    sort: &SortOrder,
    session: &mut Session,
    handle: impl Fn(&Body, &mut Rows) + Sync,
) -> anyhow::Result<()> {
    if sort.is_empty() {
        return print_calls(read, options, headings, session, handle);
    }
    prepare_stdout(options.format, session);
    let mut table = LiveTable::new(options, headings, session.terminal);
    let records = SortedRecords::read(read, sort, session, |body, record| {
        let mut rows = Rows::default();
        handle(body, &mut rows);
        record.extend_from_slice(rows.bytes());
    })?;
    records.for_each(|record| table.write_rows(record, &mut session.out))?;
    finish_table(&mut *table.into_writer(), session)
}

/// Prints the rows that `handle` adds for each item, a selected call or input that is not a call.
pub(crate) fn print_items(
    read: &ReadOptions,
    options: TableOptions,
    headings: Vec<Heading>,
    session: &mut Session,
    handle: impl Fn(&Item, &mut Rows) + Sync,
) -> anyhow::Result<()> {
    prepare_stdout(options.format, session);
    let table = RefCell::new(LiveTable::new(options, headings, session.terminal));
    session.for_each_item(
        read,
        |item, found: &mut Vec<(usize, Rows)>| {
            let mut rows = Rows::default();
            handle(item, &mut rows);
            found.push((item.offset_in_batch(), rows));
        },
        |out, mut found| {
            // An item is found when it is complete, after the items inside it.
            found.sort_by_key(|(offset, _)| *offset);
            let mut table = table.borrow_mut();
            (found.iter()).try_for_each(|(_, rows)| table.write_rows(rows.bytes(), out))
        },
        |out| table.borrow_mut().pause(out),
    )?;
    finish_table(&mut *table.into_inner().into_writer(), session)
}

/// Prints a table that is complete: all its rows in all its columns.
pub(crate) fn print_table(
    options: &TableOptions,
    table: &mut Spool,
    session: &mut Session,
) -> anyhow::Result<()> {
    prepare_stdout(options.format, session);
    let columns = table.columns().in_output_order();
    let headings: Vec<Heading> = columns.iter().map(Heading::from).collect();
    let mut writer = options.create_writer(&headings, session.terminal);
    table.for_each(&columns, |cells| {
        Ok(writer.write_row(cells, &mut session.out)?)
    })?;
    finish_table(&mut *writer, session)
}

/// Prints `rows`, which are complete, below `headings`.
pub(crate) fn print_rows<'a>(
    options: &TableOptions,
    headings: &[Heading],
    rows: impl IntoIterator<Item = Vec<Option<Cell<'a>>>>,
    session: &mut Session,
) -> anyhow::Result<()> {
    prepare_stdout(options.format, session);
    let mut writer = options.create_writer(headings, session.terminal);
    for row in rows {
        writer.write_row(&row, &mut session.out)?;
    }
    finish_table(&mut *writer, session)
}

/// Ends the table, and reports on standard error how many cells were guarded.
pub(crate) fn finish_table(
    writer: &mut dyn RowWriter,
    session: &mut Session,
) -> anyhow::Result<()> {
    writer.finish(&mut session.out)?;
    session.flush()?;
    warn_about_guards(writer.guarded_cells(), session);
    Ok(())
}

/// Prints on standard error how many cells were guarded against running as a formula, if any.
pub(crate) fn warn_about_guards(cells: u64, session: &mut Session) {
    if cells > 0 {
        let cells = format_count(cells, "cell");
        session.print_message(&format!(
            "{cells} guarded with ' so that a spreadsheet does not run them as formulas"
        ));
    }
}

/// Prepares standard output for `format`. Cells of data formats are exact, so control characters
/// are escaped by the terminal guard of the whole output instead.
pub(crate) fn prepare_stdout(format: RowFormat, session: &mut Session) {
    if !format.is_for_people() {
        session.guard_terminal();
    }
}
