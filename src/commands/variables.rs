//! `variables`: prints one row per call and one column per variable.

use std::ops::Range;
use std::slice;

use crate::call::Call;
use crate::call::variable_value::VariableValue;
use crate::cli::VariablesArgs;
use crate::export::{RowFormat, TableOptions};
use crate::run::read_plan::ReadOptions;
use crate::run::rows;
use crate::run::session::Session;
use crate::run::sorted::{options_before_sorting, sort_spool};
use crate::table::column::{Column, Columns};
use crate::table::column_limit::ColumnLimit;
use crate::table::flatten::CallRows;
use crate::table::row::{Cell, CellKind};
use crate::table::sort::SortOrder;
use crate::table::spool::Spool;
use crate::table::writer::Heading;
use crate::text::plural::format_count;
use crate::text::safe_text;
use crate::text::symbols::Symbols;
use crate::text::tone::Tone;
use crate::view::table_layout::GAP;
use unicode_width::UnicodeWidthStr;

pub(crate) fn run(args: &VariablesArgs, session: &mut Session) -> anyhow::Result<()> {
    let pointer = if args.input_variables {
        "/input_variables"
    } else {
        "/extracted_variables"
    };
    let sort = args.sort.order()?.with_members_of(&pointer[1..]);
    let read = args
        .table
        .input
        .read_options(&session.config, session.clock)?;
    match args.table.format {
        RowFormat::Json | RowFormat::Jsonl => print_nested(args, pointer, &read, &sort, session),
        _ => {
            let mut spool = Spool::new(Columns::default(), session.scratch);
            let mut limit = ColumnLimit::default();
            session.for_each_call(
                &options_before_sorting(&read, &sort),
                |body, rows: &mut CallRows| rows.push_variables(body.object, pointer),
                |_, rows| {
                    spool.push(rows.columns, &rows.rows)?;
                    limit.check(spool.columns(), "variables", TOO_MANY_VARIABLES)
                },
            )?;
            let columns = table_columns(&spool);
            sort_spool(&mut spool, &columns, &sort, &read, session.scratch)?;
            print_flat(&args.table.options(), &mut spool, session)
        }
    }
}

/// The next step if there are too many variables.
const TOO_MANY_VARIABLES: &str =
    "use --format jsonl (one object per call), or `postcall export --rows variables`";

/// Prints the variables of each call as an object. The JSON formats need no common columns, so
/// nothing has to wait for the end of the input.
fn print_nested(
    args: &VariablesArgs,
    pointer: &'static str,
    read: &ReadOptions,
    sort: &SortOrder,
    session: &mut Session,
) -> anyhow::Result<()> {
    let headings = vec![Heading::new("id"), Heading::new(&pointer[1..])];
    rows::print_sorted_calls(
        read,
        args.table.options(),
        headings,
        sort,
        session,
        |body, rows| {
            let call = Call::read(body.object);
            let variables = body.members().get(&pointer[1..]);
            rows.push_row([call.id().map(Cell::verbatim), variables.map(Cell::verbatim)]);
        },
    )
}

/// Prints the variables as columns, after all columns are known.
fn print_flat(
    options: &TableOptions,
    spool: &mut Spool,
    session: &mut Session,
) -> anyhow::Result<()> {
    let format = options.format;
    rows::prepare_stdout(format, session);
    let mut columns = table_columns(spool);
    if !format.is_for_people() {
        let headings: Vec<Heading> = columns.iter().map(Heading::from).collect();
        return print_columns(options, &headings, &columns, RowChoice::All, spool, session);
    }
    let id = columns.remove(0);
    let names: Vec<String> = columns.iter().map(Column::short_name).collect();
    let headings: Vec<Heading> = names.iter().map(variable_heading).collect();
    let tables = match (format, session.terminal.width) {
        (RowFormat::Table, Some(width)) => split_into_tables(
            &column_widths(spool, &columns, &names, session.terminal.symbols)?,
            width,
        ),
        _ => std::iter::once(0..columns.len()).collect(),
    };
    let shown = tables
        .get(MAX_TABLES - 1)
        .map_or(columns.len(), |last| last.end);
    for (index, part) in tables.into_iter().take(MAX_TABLES).enumerate() {
        if index > 0 {
            session.out.write_all(b"\n")?;
        }
        let order = [slice::from_ref(&id), &columns[part.clone()]].concat();
        let headings = [&[Heading::new("Call")], &headings[part]].concat();
        let rows = if index == 0 {
            RowChoice::All
        } else {
            RowChoice::WithValues
        };
        print_columns(options, &headings, &order, rows, spool, session)?;
    }
    if shown < columns.len() {
        let more = format_count((columns.len() - shown) as u64, "more variable");
        session.print_message(&format!("{more} not shown (--format csv shows all)"));
    }
    Ok(())
}

/// The columns of the table: the id, which is a documented column, and the variables, which are all
/// undocumented columns.
fn table_columns(spool: &Spool) -> Vec<Column> {
    let mut columns = spool.columns().in_output_order();
    columns.retain(|column| {
        column.path == ["id"] || spool.columns().extra_index(column.number).is_some()
    });
    columns
}

/// Maximum number of tables below each other.
const MAX_TABLES: usize = 20;

/// Width reserved for the id of the call at the left of each table.
const ID_WIDTH: usize = 8;

/// Maximum width that a column counts with when columns are distributed over tables.
const MAX_COLUMN_WIDTH: usize = 28;

/// Width of each column including its heading, up to [`MAX_COLUMN_WIDTH`].
fn column_widths(
    spool: &mut Spool,
    columns: &[Column],
    names: &[String],
    symbols: Symbols,
) -> anyhow::Result<Vec<usize>> {
    let mut widths: Vec<usize> = names
        .iter()
        .map(|name| name.width().min(MAX_COLUMN_WIDTH))
        .collect();
    spool.for_each(columns, |cells| {
        for (width, cell) in widths.iter_mut().zip(cells) {
            if let Some(cell) = cell
                .as_ref()
                .map(|cell| cell_for_people(cell, symbols))
                .filter(|_| *width < MAX_COLUMN_WIDTH)
            {
                *width = (*width)
                    .max(safe_text::one_line(&cell.text).width())
                    .min(MAX_COLUMN_WIDTH);
            }
        }
        Ok(())
    })?;
    Ok(widths)
}

/// Distributes columns over tables that fit into `width`. Returns one range of column indices per
/// table. Each table starts with the id of the call.
fn split_into_tables(widths: &[usize], width: usize) -> Vec<Range<usize>> {
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
            _ if text == Symbols::Unicode.mark(true) => Tone::Good,
            _ if text == Symbols::Unicode.mark(false) => Tone::Bad,
            _ => Tone::Plain,
        }),
        ..Heading::new(name).wrapped()
    }
}

/// Which rows of the spool a table shows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum RowChoice {
    All,
    /// Calls with a value in a column other than the id. The first table has listed all calls.
    WithValues,
}

/// Prints one table: the `shown` rows of `spool`, in the columns `order`.
fn print_columns(
    options: &TableOptions,
    headings: &[Heading],
    order: &[Column],
    shown: RowChoice,
    spool: &mut Spool,
    session: &mut Session,
) -> anyhow::Result<()> {
    let mut writer = options.create_writer(headings, session.terminal);
    let symbols = session.terminal.symbols;
    let out = &mut session.out;
    spool.for_each(order, |cells| {
        if shown == RowChoice::WithValues && cells[1..].iter().all(Option::is_none) {
            return Ok(());
        }
        if !options.format.is_for_people() {
            return Ok(writer.write_row(cells, out)?);
        }
        let mut cells: Vec<_> = cells
            .iter()
            .map(|cell| cell.as_ref().map(|cell| cell_for_people(cell, symbols)))
            .collect();
        cells[0].get_or_insert(Cell::text(symbols.dash()));
        Ok(writer.write_row(&cells, out)?)
    })?;
    rows::finish_table(&mut *writer, session)
}

/// The cell as people see it: booleans as marks, everything else as text.
fn cell_for_people<'a>(cell: &'a Cell, symbols: Symbols) -> Cell<'a> {
    let text = cell.text.as_ref();
    match cell.kind {
        CellKind::Boolean => {
            let is_true = VariableValue::from_text(text) == VariableValue::Boolean(true);
            Cell::text(symbols.mark(is_true))
        }
        _ => Cell::text(text),
    }
}
