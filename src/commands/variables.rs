//! `variables`: a row a call, a column a variable.

use std::ops::Range;
use std::slice;

use super::rows::{self, NOTHING};
use super::session::{Session, on_stdout};
use crate::call::Call;
use crate::cli::VariablesArgs;
use crate::export::{Format, Style, writer};
use crate::table::column::{Column, Columns};
use crate::table::flatten::CallRows;
use crate::table::row::{Cell, CellKind};
use crate::table::spool::Spool;
use crate::table::writer::Heading;
use crate::view::safe_text;
use crate::view::table::GAP;
use crate::view::theme::Tone;
use crate::view::words::counted;
use unicode_width::UnicodeWidthStr;

pub(super) fn run(args: &VariablesArgs, session: &mut Session) -> anyhow::Result<()> {
    let pointer = if args.input_variables {
        "/input_variables"
    } else {
        "/extracted_variables"
    };
    match args.table.format {
        Format::Json | Format::Jsonl => nested(args, pointer, session),
        _ => {
            let mut spool = Spool::new(Columns::default());
            session.for_each_call(
                &args.table.input,
                |body, rows: &mut CallRows| rows.push_variables(body.object, pointer),
                |_, rows| spool.push(rows.columns, &rows.rows),
            )?;
            flat(args.table.style(), &mut spool, session)
        }
    }
}

/// JSON needs no columns: each call's variables stay the object that they are.
fn nested(
    args: &VariablesArgs,
    pointer: &'static str,
    session: &mut Session,
) -> anyhow::Result<()> {
    let headings = vec![Heading::new("id"), Heading::new(&pointer[1..])];
    rows::print(
        &args.table.input,
        args.table.style(),
        headings,
        session,
        |body, rows| {
            let call = Call::read(body.object);
            let variables = body.members().get(&pointer[1..]);
            rows.push_row([call.id().map(Cell::verbatim), variables.map(Cell::verbatim)]);
        },
    )
}

/// Tables wait for all columns.
fn flat(style: Style, spool: &mut Spool, session: &mut Session) -> anyhow::Result<()> {
    let format = style.format;
    rows::prepare(format, session);
    // The id is a documented column; what else has values are variables.
    let mut columns = spool.columns().in_order();
    columns.retain(|column| {
        column.path == ["id"] || spool.columns().place_of_extra(column.number).is_some()
    });
    if !format.is_for_people() {
        let headings = columns.iter().map(Heading::from).collect();
        return print(style, headings, &columns, RowsShown::All, spool, session);
    }
    let id = columns.remove(0);
    let names: Vec<String> = columns.iter().map(Column::short_name).collect();
    let headings: Vec<Heading> = names.iter().map(variable_heading).collect();
    let tables = match (format, session.layout.width) {
        (Format::Table, Some(width)) => side_by_side(&widths(spool, &columns, &names)?, width),
        _ => std::iter::once(0..columns.len()).collect(),
    };
    let shown = tables
        .get(MOST_TABLES - 1)
        .map_or(columns.len(), |last| last.end);
    for (index, part) in tables.into_iter().take(MOST_TABLES).enumerate() {
        if index > 0 {
            on_stdout(session.out.write_all(b"\n"))?;
        }
        let order = [slice::from_ref(&id), &columns[part.clone()]].concat();
        let headings = [&[Heading::new("Call")], &headings[part]].concat();
        let rows = if index == 0 {
            RowsShown::All
        } else {
            RowsShown::WithValues
        };
        print(style, headings, &order, rows, spool, session)?;
    }
    if shown < columns.len() {
        let more = counted((columns.len() - shown) as u64, "more variable");
        session.tell(&format!("{more}: --format csv shows all"));
    }
    Ok(())
}

/// More tables than this below each other nobody reads.
const MOST_TABLES: usize = 20;

/// Room for the call's id at the left of each table.
const ID_WIDTH: usize = 8;

/// A column takes no more than this from its neighbours, however long its texts are.
const WIDEST: usize = 28;

/// How wide each column would be, headings included, up to [`WIDEST`].
fn widths(spool: &mut Spool, columns: &[Column], names: &[String]) -> anyhow::Result<Vec<usize>> {
    let mut widths: Vec<usize> = names.iter().map(|name| name.width().min(WIDEST)).collect();
    spool.for_each(columns, |cells| {
        for (width, cell) in widths.iter_mut().zip(cells) {
            if let Some(cell) = cell.as_ref().map(for_people).filter(|_| *width < WIDEST) {
                *width = (*width)
                    .max(safe_text::one_line(&cell.text).width())
                    .min(WIDEST);
            }
        }
        Ok(())
    })?;
    Ok(widths)
}

/// Columns that do not fit side by side follow in further tables below, each time behind the id of the calls that have some of them.
fn side_by_side(widths: &[usize], width: usize) -> Vec<Range<usize>> {
    let mut tables = Vec::new();
    let mut from = 0;
    let mut used = ID_WIDTH;
    for (index, column) in widths.iter().enumerate() {
        if index > from && used + GAP + column > width {
            tables.push(from..index);
            (from, used) = (index, ID_WIDTH);
        }
        used += GAP + column;
    }
    tables.push(from..widths.len());
    tables
}

fn variable_heading(name: &String) -> Heading {
    Heading {
        tone: Some(|text| match text {
            YES => Tone::Good,
            NO => Tone::Bad,
            _ => Tone::Plain,
        }),
        ..Heading::new(name).flexible()
    }
}

const YES: &str = "✓";
const NO: &str = "✗";

#[derive(Clone, Copy, PartialEq, Eq)]
enum RowsShown {
    All,
    /// Calls that have something in one of the columns besides their id: the others were in the first table.
    WithValues,
}

fn print(
    style: Style,
    headings: Vec<Heading>,
    order: &[Column],
    shown: RowsShown,
    spool: &mut Spool,
    session: &mut Session,
) -> anyhow::Result<()> {
    let mut writer = writer(style, headings, session.layout);
    let out = &mut session.out;
    spool.for_each(order, |cells| {
        if shown == RowsShown::WithValues && cells[1..].iter().all(Option::is_none) {
            return Ok(());
        }
        if !style.format.is_for_people() {
            return on_stdout(writer.row(cells, out));
        }
        let mut cells: Vec<_> = cells
            .iter()
            .map(|cell| cell.as_ref().map(for_people))
            .collect();
        cells[0].get_or_insert(Cell::text(NOTHING));
        on_stdout(writer.row(&cells, out))
    })?;
    rows::finish(&mut *writer, session)
}

fn for_people<'a>(cell: &'a Cell) -> Cell<'a> {
    match (cell.kind, cell.text.as_ref()) {
        (CellKind::Boolean, "true") => Cell::text(YES),
        (CellKind::Boolean, _) => Cell::text(NO),
        (_, text) => Cell::text(text),
    }
}
