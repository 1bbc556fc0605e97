//! `export`: writes the calls, or their turns, variables or campaigns, as a file for spreadsheets
//! and other programs. The columns are those of the whole input.

mod collect;
mod one_pass;
mod workbook;
mod write;

use std::io::Write;

use anyhow::{Context as _, anyhow};

use super::extract::write_bodies;
use crate::cli::{ExportArgs, ExportFormat, RowKind};
use crate::exit::UsageError;
use crate::export::xlsx::ROWS_PER_SHEET;
use crate::export::{OutputFormat, TableFormat, TextFormat};
use crate::run::output_file::{OutputFile, is_same_file};
use crate::run::problem::RejectFile;
use crate::run::read_plan::ReadOptions;
use crate::run::rows;
use crate::run::session::Session;
use crate::table::column::Column;
use crate::table::column_list::ColumnList;
use crate::table::row::Cell;
use crate::table::survey::Survey;
use crate::table::writer::Heading;
use collect::{CollectedTables, ExportTable, TableRequest, collect};
use one_pass::RowEncoder;
use write::{ExportCounts, TimeStyle};

pub(crate) fn run(args: &ExportArgs, session: &mut Session) -> anyhow::Result<()> {
    let format = args.output_format().map_err(UsageError)?;
    let list = ColumnList::parse(&args.columns.lists).map_err(UsageError)?;
    if args.columns.list_columns {
        return print_columns(args, &list, session);
    }
    let read = args.input.read_options();
    if let Some(path) = &args.rejects {
        if path.as_os_str() == "-" {
            return Err(UsageError(anyhow!(
                "--rejects needs a file: standard output is the export's"
            ))
            .into());
        }
        if args.file().is_some_and(|file| is_same_file(file, path)) {
            let both = anyhow!("{}: can not be both --output and --rejects", path.display());
            return Err(UsageError(both).into());
        }
        session.set_rejects(RejectFile::create(path, &read.inputs)?);
    }
    export(args, &format, &list, &read, session)?;
    session.take_rejects().map_or(Ok(()), RejectFile::complete)
}

fn export(
    args: &ExportArgs,
    format: &OutputFormat,
    list: &ColumnList,
    read: &ReadOptions,
    session: &mut Session,
) -> anyhow::Result<()> {
    let times = TimeStyle::new(args.input.zone(), args.time_format());
    let rows = args.rows.unwrap_or(RowKind::Calls);
    if let OutputFormat::Text(TextFormat::JsonLines { flat: false }) = format
        && rows == RowKind::Calls
        && list.is_all()
        && times.is_verbatim()
    {
        // Bodies are written unchanged. No columns are needed, so each call is written as soon as
        // it is read.
        return write_bodies(read, args.file(), false, session);
    }
    let file = args
        .file()
        .map(|path| OutputFile::create(path, &read.inputs))
        .transpose()?;
    if let OutputFormat::Text(TextFormat::Delimited(dialect)) = format
        && rows == RowKind::Calls
    {
        // One pass is enough: a column is needed only when its first value arrives.
        let encoder = RowEncoder {
            dialect,
            times: &times.in_dialect(dialect),
            list,
        };
        let reopen = || match args.file() {
            Some(path) => OutputFile::create(path, &read.inputs),
            None => Err(anyhow!("standard output: can not be written again")),
        };
        let guarded = one_pass::write_calls(read, &encoder, file, reopen, session)?;
        let counts = ExportCounts {
            guarded,
            too_many_rows: write::rows_beyond_sheet(session.counts().selected(), dialect),
        };
        print_notes(&counts, session);
        return Ok(());
    }
    let request = match (format, args.rows) {
        (OutputFormat::Xlsx, None) if list.is_all() => TableRequest::workbook(),
        // A column that the user excluded must not reappear in another sheet.
        (OutputFormat::Xlsx, _) => TableRequest::only(rows).with_findings(),
        _ => TableRequest::only(rows),
    };
    let mut collected = collect(read, request, list, session)?;
    if session.counts().calls == 0 {
        return Ok(());
    }
    let is_empty = session.counts().selected() == 0;
    select_columns(&mut collected.tables, rows, list, is_empty)?;
    if let OutputFormat::Text(TextFormat::JsonLines { flat: false }) = format {
        reject_hidden_objects(&collected.tables)?;
    }
    let counts = if let Some(mut file) = file {
        let counts = write(format, collected, &times, args, session, Some(&mut file))?;
        file.complete()?;
        counts
    } else {
        session.guard_terminal();
        let counts = write(format, collected, &times, args, session, None)?;
        session.flush()?;
        counts
    };
    print_notes(&counts, session);
    Ok(())
}

/// Prints the messages about a finished export.
fn print_notes(counts: &ExportCounts, session: &mut Session) {
    rows::report_guarded(counts.guarded, session);
    if let Some(rows) = counts.too_many_rows {
        session.print_message(&format!(
            "{rows} rows, of which a spreadsheet shows {ROWS_PER_SHEET}: a workbook (-o calls.xlsx) takes several sheets for them"
        ));
    }
}

/// Reduces the table of `rows` to the selected columns.
fn select_columns(
    tables: &mut [ExportTable],
    rows: RowKind,
    list: &ColumnList,
    is_empty: bool,
) -> anyhow::Result<()> {
    for table in tables.iter_mut().filter(|table| table.rows == rows) {
        let all = std::mem::take(&mut table.columns);
        table.columns = list.resolve(all, is_empty).map_err(UsageError)?;
    }
    Ok(())
}

/// Fails if a renamed column would hide an object that other columns are nested in.
fn reject_hidden_objects(tables: &[ExportTable]) -> anyhow::Result<()> {
    for column in tables.iter().flat_map(|table| &table.columns) {
        let mut all_columns = tables.iter().flat_map(|table| &table.columns);
        let hides = |nested: &Column| nested.path.len() > 1 && nested.path[0] == column.name;
        if column.is_renamed && all_columns.any(hides) {
            let hidden = anyhow!(
                "--columns: {} is the name of an object here; give the column another one, or use --flat",
                column.name
            );
            return Err(UsageError(hidden).into());
        }
    }
    Ok(())
}

/// Writes the collected tables to `file` or to standard output.
fn write(
    format: &OutputFormat,
    collected: CollectedTables,
    times: &TimeStyle,
    args: &ExportArgs,
    session: &mut Session,
    file: Option<&mut OutputFile>,
) -> anyhow::Result<ExportCounts> {
    let about = workbook::about(&collected, times, args, session);
    let threads = session.threads();
    let name = file
        .as_ref()
        .map_or_else(|| "standard output".to_owned(), |file| file.name());
    let out: &mut dyn Write = match file {
        Some(file) => file,
        None => &mut session.out,
    };
    let out = &mut session.progress.track_writing(out);
    let mut tables = collected.tables;
    let table = tables.first_mut().expect("some table is always wanted");
    let counts = match format {
        OutputFormat::Xlsx => workbook::write(&mut tables, times, about, threads, out)
            .map(|()| ExportCounts::default()),
        #[cfg(feature = "parquet")]
        OutputFormat::Parquet => {
            write::write_parquet(table, threads, out).map(|()| ExportCounts::default())
        }
        OutputFormat::Text(format) => write::write_text(table, format, times, threads, out),
    };
    counts.context(name)
}

/// Prints the columns of the input (`--list-columns`).
fn print_columns(
    args: &ExportArgs,
    list: &ColumnList,
    session: &mut Session,
) -> anyhow::Result<()> {
    if let Some(option) = args.first_value_option() {
        let unused = anyhow!("--list-columns has no use for {option}");
        return Err(UsageError(unused).into());
    }
    let rows = args.rows.unwrap_or(RowKind::Calls);
    let format = match args.format {
        None => TableFormat::Table,
        Some(ExportFormat::Csv) => TableFormat::Csv,
        Some(ExportFormat::Tsv) => TableFormat::Tsv,
        Some(ExportFormat::Jsonl) => TableFormat::Jsonl,
        Some(_) => {
            return Err(UsageError(anyhow!(
                "--list-columns prints a table, or --format csv, tsv or jsonl"
            ))
            .into());
        }
    };
    let mut collected = collect(
        &args.input.read_options(),
        TableRequest::only(rows),
        list,
        session,
    )?;
    if session.counts().calls == 0 {
        return Ok(());
    }
    select_columns(&mut collected.tables, rows, list, false)?;
    let for_people = format.is_for_people();
    let headings = if for_people {
        vec![
            Heading::new("Column").flexible(),
            Heading::new("Kind"),
            Heading::new("Filled").right_aligned(),
            Heading::new("Example").flexible(),
        ]
    } else {
        ["name", "kind", "rows", "filled", "example"]
            .map(Heading::new)
            .to_vec()
    };
    let mut lines = Vec::new();
    for table in &mut collected.tables {
        let survey = Survey::run(&mut table.spool, &table.columns, session.threads())?;
        for (column, contents) in table.columns.iter().zip(survey.columns) {
            let (rows, filled) = (survey.rows, contents.non_empty_cells());
            let kind = contents.type_name(column.column_type);
            let mut line = vec![Cell::text(column.name.clone()), Cell::text(kind)];
            if for_people {
                line.push(Cell::text(percent(filled, rows)));
            } else {
                line.extend([rows, filled].map(Cell::number));
            }
            let example = contents.example.map(Cell::text);
            lines.push(line.into_iter().map(Some).chain([example]).collect());
        }
    }
    rows::print_rows(format.into(), headings, lines, session)
}

/// Formats a share in whole percent. Only an empty share is 0 % and only a complete one is 100 %.
fn percent(part: u64, all: u64) -> String {
    let percent = match (part, all) {
        (0, _) => 0,
        (part, all) if part == all => 100,
        (part, all) => (u128::from(part) * 100 / u128::from(all)).clamp(1, 99),
    };
    format!("{percent} %")
}
