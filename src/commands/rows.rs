//! What the commands that print a table share: rows made by the workers, written in order in the format asked for.

use std::io::Write;

use super::session::{Session, on_stdout};
use crate::cli::InputArgs;
use crate::export::{Format, writer};
use crate::input::envelope::{Body, Item};
use crate::table::row::{Cell, Rows};
use crate::table::writer::{Heading, RowWriter};

/// Stands for an id that is not there, for people: a row should have a head.
pub(super) const NOTHING: &str = "–";

/// Prints the rows that `work` makes of each call.
pub(super) fn print(
    input: &InputArgs,
    format: Format,
    headings: Vec<Heading>,
    session: &mut Session,
    work: impl Fn(&Body, &mut Rows) + Sync,
) -> anyhow::Result<()> {
    prepare(format, session);
    let columns = headings.len();
    let mut writer = writer(format, headings, session.layout);
    session.for_each_call(
        input,
        |body, rows| work(body, rows),
        |out, rows| write_rows(&mut *writer, columns, &rows, out),
    )?;
    on_stdout(writer.finish(&mut session.out))
}

/// Prints the row that `work` makes of each item, call or not.
pub(super) fn print_items(
    input: &InputArgs,
    format: Format,
    headings: Vec<Heading>,
    session: &mut Session,
    work: impl Fn(&Item, &mut Rows) + Sync,
) -> anyhow::Result<()> {
    prepare(format, session);
    let columns = headings.len();
    let mut writer = writer(format, headings, session.layout);
    session.for_each_item(input, work, |out, rows| {
        write_rows(&mut *writer, columns, &rows, out)
    })?;
    on_stdout(writer.finish(&mut session.out))
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

/// Prints rows that are there already.
pub(super) fn print_all<'a>(
    format: Format,
    headings: Vec<Heading>,
    rows: impl IntoIterator<Item = Vec<Option<Cell<'a>>>>,
    session: &mut Session,
) -> anyhow::Result<()> {
    prepare(format, session);
    let mut writer = writer(format, headings, session.layout);
    for row in rows {
        on_stdout(writer.row(&row, &mut session.out))?;
    }
    on_stdout(writer.finish(&mut session.out))
}

/// Data formats are exact: on a terminal they are guarded as a whole, not cell by cell.
pub(super) fn prepare(format: Format, session: &mut Session) {
    if !format.is_for_people() {
        session.guard_terminal();
    }
}
