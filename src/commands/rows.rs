//! What the commands that print a table share: rows made by the workers, written in order in the format asked for.

use std::cell::RefCell;
use std::io::Write;

use super::session::{Session, on_stdout};
use crate::cli::InputArgs;
use crate::export::{Format, Style, writer};
use crate::input::envelope::{Body, Item};
use crate::table::row::{Cell, Rows};
use crate::table::spool::Spool;
use crate::table::writer::{Heading, RowWriter};
use crate::view::words::counted;

/// Stands for an id that is not there, for people: a row should have a head.
pub(super) const NOTHING: &str = "–";

/// Prints the rows that `work` makes of each call.
pub(super) fn print(
    input: &InputArgs,
    style: Style,
    headings: Vec<Heading>,
    session: &mut Session,
    work: impl Fn(&Body, &mut Rows) + Sync,
) -> anyhow::Result<()> {
    prepare(style.format, session);
    let columns = headings.len();
    let writer = RefCell::new(writer(style, headings, session.layout));
    session.for_each_call_and_pause(
        input,
        |body, rows| work(body, rows),
        |out, rows| write_rows(&mut **writer.borrow_mut(), columns, &rows, out),
        |out| on_stdout(writer.borrow_mut().pause(out)),
    )?;
    finish(&mut *writer.into_inner(), session)
}

/// Prints the row that `work` makes of each item, call or not.
pub(super) fn print_items(
    input: &InputArgs,
    style: Style,
    headings: Vec<Heading>,
    session: &mut Session,
    work: impl Fn(&Item, &mut Rows) + Sync,
) -> anyhow::Result<()> {
    prepare(style.format, session);
    let columns = headings.len();
    let writer = RefCell::new(writer(style, headings, session.layout));
    session.for_each_item(
        input,
        work,
        |out, rows| write_rows(&mut **writer.borrow_mut(), columns, &rows, out),
        |out| on_stdout(writer.borrow_mut().pause(out)),
    )?;
    finish(&mut *writer.into_inner(), session)
}

fn write_rows(
    writer: &mut dyn RowWriter,
    columns: usize,
    rows: &Rows,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    rows.for_each(|row| {
        let mut cells = vec![None; columns];
        for (column, cell) in row.drain(..) {
            cells[column] = Some(cell);
        }
        on_stdout(writer.row(&cells, out))
    })
}

/// Prints a table that is there already, with all its columns.
pub(super) fn print_table(
    style: Style,
    table: &mut Spool,
    session: &mut Session,
) -> anyhow::Result<()> {
    prepare(style.format, session);
    let columns = table.columns().in_order();
    let headings = columns.iter().map(Heading::from).collect();
    let mut writer = writer(style, headings, session.layout);
    table.for_each(&columns, |cells| {
        on_stdout(writer.row(cells, &mut session.out))
    })?;
    finish(&mut *writer, session)
}

/// Prints rows that are there already.
pub(super) fn print_all<'a>(
    style: Style,
    headings: Vec<Heading>,
    rows: impl IntoIterator<Item = Vec<Option<Cell<'a>>>>,
    session: &mut Session,
) -> anyhow::Result<()> {
    prepare(style.format, session);
    let mut writer = writer(style, headings, session.layout);
    for row in rows {
        on_stdout(writer.row(&row, &mut session.out))?;
    }
    finish(&mut *writer, session)
}

/// Writes what follows the last row, and says what was done to the cells.
pub(super) fn finish(writer: &mut dyn RowWriter, session: &mut Session) -> anyhow::Result<()> {
    on_stdout(writer.finish(&mut session.out))?;
    session.flush()?;
    tell_guarded(writer.guarded(), session);
    Ok(())
}

/// Says how many cells were kept from running as a formula.
pub(super) fn tell_guarded(cells: u64, session: &mut Session) {
    if cells > 0 {
        let cells = counted(cells, "cell");
        session.tell(&format!(
            "{cells} guarded with ' that a spreadsheet could take for a formula"
        ));
    }
}

/// Data formats are exact: on a terminal they are guarded as a whole, not cell by cell.
pub(super) fn prepare(format: Format, session: &mut Session) {
    if !format.is_for_people() {
        session.guard_terminal();
    }
}
