//! `variables`: a row a call, a column a variable.

use std::ops::Range;

use super::rows::{self, NOTHING};
use super::session::{Session, on_stdout};
use crate::call::Call;
use crate::cli::VariablesArgs;
use crate::contract::FIELDS;
use crate::export::{Format, writer};
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
        format => {
            let mut spool = Spool::default();
            session.for_each_call(
                &args.table.input,
                |body, rows: &mut CallRows| rows.push_variables(&body.members, pointer),
                |_, rows| spool.push(rows),
            )?;
            flat(format, &mut spool, session)
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
        args.table.format,
        headings,
        session,
        |body, rows| {
            let call = Call::read(&body.members);
            let variables = body.members.get(&pointer[1..]);
            rows.push_row([call.id.map(Cell::verbatim), variables.map(Cell::verbatim)]);
        },
    )
}

/// Tables wait for all columns.
fn flat(format: Format, spool: &mut Spool, session: &mut Session) -> anyhow::Result<()> {
    rows::prepare(format, session);
    let id = FIELDS
        .iter()
        .position(|field| field.pointer == "/id")
        .expect("documented");
    let columns: Vec<usize> = spool
        .columns()
        .in_order()
        .into_iter()
        .filter(|number| *number >= FIELDS.len())
        .collect();
    if !format.is_for_people() {
        let order = [vec![id], columns].concat();
        let headings = spool
            .columns()
            .names(&order, 0)
            .into_iter()
            .map(Heading::new)
            .collect();
        return print(format, headings, &order, RowsShown::All, spool, session);
    }
    let names = spool.columns().names(&columns, 1);
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
        let order = [&[id], &columns[part.clone()]].concat();
        let headings = [&[Heading::new("Call")], &headings[part]].concat();
        let rows = if index == 0 {
            RowsShown::All
        } else {
            RowsShown::WithValues
        };
        print(format, headings, &order, rows, spool, session)?;
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
fn widths(spool: &mut Spool, columns: &[usize], names: &[String]) -> anyhow::Result<Vec<usize>> {
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
    format: Format,
    headings: Vec<Heading>,
    order: &[usize],
    shown: RowsShown,
    spool: &mut Spool,
    session: &mut Session,
) -> anyhow::Result<()> {
    let mut writer = writer(format, headings, session.layout);
    let out = &mut session.out;
    spool.for_each(order, |cells| {
        if shown == RowsShown::WithValues && cells[1..].iter().all(Option::is_none) {
            return Ok(());
        }
        if !format.is_for_people() {
            return on_stdout(writer.row(cells, out));
        }
        let mut cells: Vec<_> = cells
            .iter()
            .map(|cell| cell.as_ref().map(for_people))
            .collect();
        cells[0].get_or_insert(Cell::text(NOTHING));
        on_stdout(writer.row(&cells, out))
    })?;
    on_stdout(writer.finish(out))
}

fn for_people<'a>(cell: &'a Cell) -> Cell<'a> {
    match (cell.kind, cell.text.as_ref()) {
        (CellKind::Boolean, "true") => Cell::text(YES),
        (CellKind::Boolean, _) => Cell::text(NO),
        (_, text) => Cell::text(text),
    }
}
