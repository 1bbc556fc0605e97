//! `export`: the calls, or what is in them, as a file for spreadsheets and other programs, with all columns of the whole input.

mod collect;
mod one_pass;
mod workbook;
mod write;

use std::io::Write;

use anyhow::{Context as _, anyhow};

use super::complaint::Rejects;
use super::extract::write_bodies;
use super::rows;
use super::session::Session;
use crate::cli::{ExportArgs, ExportFormat, RowsOf};
use crate::exit::Misuse;
use crate::export::file::{OutputFile, are_same};
use crate::export::xlsx::ROWS_PER_SHEET;
use crate::export::{Format, Target, TextTarget};
use crate::input::source::Inputs;
use crate::table::column::Column;
use crate::table::column_list::ColumnList;
use crate::table::row::Cell;
use crate::table::survey::Survey;
use crate::table::writer::Heading;
use collect::{Collected, Table, Wanted, collect};
use one_pass::Writing;
use write::{Times, Written};

pub(super) fn run(args: &ExportArgs, session: &mut Session) -> anyhow::Result<()> {
    let target = args.target().map_err(Misuse)?;
    let list = ColumnList::read(&args.columns.lists).map_err(Misuse)?;
    if args.columns.list_them {
        return list_columns(args, &list, session);
    }
    let inputs = args.input.inputs();
    if let Some(path) = &args.rejects {
        if path.as_os_str() == "-" {
            return Err(Misuse(anyhow!(
                "--rejects needs a file: standard output is the export's"
            ))
            .into());
        }
        if args.file().is_some_and(|file| are_same(file, path)) {
            let both = anyhow!("{}: can not be both --output and --rejects", path.display());
            return Err(Misuse(both).into());
        }
        session.keep_rejects(Rejects::create(path, &inputs)?);
    }
    export(args, &target, &list, &inputs, session)?;
    session.take_rejects().map_or(Ok(()), Rejects::complete)
}

fn export(
    args: &ExportArgs,
    target: &Target,
    list: &ColumnList,
    inputs: &Inputs,
    session: &mut Session,
) -> anyhow::Result<()> {
    let times = Times::new(args.input.zone(), args.time_format());
    let rows = args.rows.unwrap_or(RowsOf::Calls);
    if let Target::Text(TextTarget::JsonLines { flat: false }) = target
        && rows == RowsOf::Calls
        && list.is_all()
        && times.are_as_given()
    {
        // Nothing is to be changed: no column has to be known, and each call leaves as soon as it is read.
        return write_bodies(&args.input, args.file(), false, session);
    }
    let file = args
        .file()
        .map(|path| OutputFile::create(path, inputs))
        .transpose()?;
    if let Target::Text(TextTarget::Delimited(dialect)) = target
        && rows == RowsOf::Calls
    {
        // No column has to be known before its first value comes.
        let writing = Writing {
            dialect,
            times: &times.in_dialect(dialect),
            list,
        };
        let again = || match args.file() {
            Some(path) => OutputFile::create(path, inputs),
            None => Err(anyhow!("standard output: can not be written again")),
        };
        let guarded = one_pass::write_calls(&args.input, &writing, file, again, session)?;
        let written = Written {
            guarded,
            too_many_rows: write::too_many(session.seen().chosen(), dialect),
        };
        tell(&written, session);
        return Ok(());
    }
    let wanted = match (target, args.rows) {
        (Target::Xlsx, None) if list.is_all() => Wanted::workbook(),
        // Who leaves columns out does not want them to leave by another sheet.
        (Target::Xlsx, _) => Wanted::only(rows).with_findings(),
        _ => Wanted::only(rows),
    };
    let mut collected = collect(&args.input, wanted, list, session)?;
    if session.seen().calls == 0 {
        return Ok(());
    }
    let is_empty = session.seen().chosen() == 0;
    take_columns(&mut collected.tables, rows, list, is_empty)?;
    if let Target::Text(TextTarget::JsonLines { flat: false }) = target {
        refuse_hidden(&collected.tables)?;
    }
    let written = if let Some(mut file) = file {
        let written = write(target, collected, &times, args, session, Some(&mut file))?;
        file.complete()?;
        written
    } else {
        session.guard_terminal();
        let written = write(target, collected, &times, args, session, None)?;
        session.flush()?;
        written
    };
    tell(&written, session);
    Ok(())
}

/// Says what there is to tell of a table that was written.
fn tell(written: &Written, session: &mut Session) {
    rows::tell_guarded(written.guarded, session);
    if let Some(rows) = written.too_many_rows {
        session.tell(&format!(
            "{rows} rows, of which a spreadsheet shows {ROWS_PER_SHEET}: a workbook (-o calls.xlsx) takes several sheets for them"
        ));
    }
}

/// Takes those columns of the table of `rows` that are asked for.
fn take_columns(
    tables: &mut [Table],
    rows: RowsOf,
    list: &ColumnList,
    is_empty: bool,
) -> anyhow::Result<()> {
    for table in tables.iter_mut().filter(|table| table.rows == rows) {
        let all = std::mem::take(&mut table.columns);
        table.columns = list.of(all, is_empty).map_err(Misuse)?;
    }
    Ok(())
}

/// A column with a new name must not take the place of an object that others stand in.
fn refuse_hidden(tables: &[Table]) -> anyhow::Result<()> {
    for column in tables.iter().flat_map(|table| &table.columns) {
        let mut others = tables.iter().flat_map(|table| &table.columns);
        let hides = |other: &Column| other.path.len() > 1 && other.path[0] == column.name;
        if column.is_renamed && others.any(hides) {
            let hidden = anyhow!(
                "--columns: {} is the name of an object here; give the column another one, or use --flat",
                column.name
            );
            return Err(Misuse(hidden).into());
        }
    }
    Ok(())
}

/// Writes what was collected to `file` or to standard output.
fn write(
    target: &Target,
    collected: Collected,
    times: &Times,
    args: &ExportArgs,
    session: &mut Session,
    file: Option<&mut OutputFile>,
) -> anyhow::Result<Written> {
    let about = workbook::about(&collected, times, args, session);
    let threads = session.threads();
    let name = file
        .as_ref()
        .map_or_else(|| "standard output".to_owned(), |file| file.name());
    let out: &mut dyn Write = match file {
        Some(file) => file,
        None => &mut session.out,
    };
    let out = &mut session.progress.of_writing(out);
    let mut tables = collected.tables;
    let table = tables.first_mut().expect("some table is always wanted");
    let written = match target {
        Target::Xlsx => {
            workbook::write(&mut tables, times, about, threads, out).map(|()| Written::default())
        }
        #[cfg(feature = "parquet")]
        Target::Parquet => write::parquet(table, threads, out).map(|()| Written::default()),
        Target::Text(target) => write::text(table, target, times, threads, out),
    };
    written.context(name)
}

/// Tells which columns there are.
fn list_columns(args: &ExportArgs, list: &ColumnList, session: &mut Session) -> anyhow::Result<()> {
    if let Some(option) = args.option_of_values() {
        let unused = anyhow!("--list-columns has no use for {option}");
        return Err(Misuse(unused).into());
    }
    let rows = args.rows.unwrap_or(RowsOf::Calls);
    let format = match args.format {
        None => Format::Table,
        Some(ExportFormat::Csv) => Format::Csv,
        Some(ExportFormat::Tsv) => Format::Tsv,
        Some(ExportFormat::Jsonl) => Format::Jsonl,
        Some(_) => {
            return Err(Misuse(anyhow!(
                "--list-columns prints a table, or --format csv, tsv or jsonl"
            ))
            .into());
        }
    };
    let mut collected = collect(&args.input, Wanted::only(rows), list, session)?;
    if session.seen().calls == 0 {
        return Ok(());
    }
    take_columns(&mut collected.tables, rows, list, false)?;
    let for_people = format.is_for_people();
    let headings = if for_people {
        vec![
            Heading::new("Column").flexible(),
            Heading::new("Kind"),
            Heading::new("Filled").right(),
            Heading::new("Example").flexible(),
        ]
    } else {
        ["name", "kind", "rows", "filled", "example"]
            .map(Heading::new)
            .to_vec()
    };
    let mut lines = Vec::new();
    for table in &mut collected.tables {
        let survey = Survey::of(&mut table.spool, &table.columns, session.threads())?;
        for (column, contents) in table.columns.iter().zip(survey.columns) {
            let (rows, filled) = (survey.rows, contents.filled());
            let kind = contents.kind(column.holds);
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
    rows::print_all(format.into(), headings, lines, session)
}

/// A share in whole percent; only none is 0 % and only all 100 %.
fn percent(part: u64, all: u64) -> String {
    let percent = match (part, all) {
        (0, _) => 0,
        (part, all) if part == all => 100,
        (part, all) => (u128::from(part) * 100 / u128::from(all)).clamp(1, 99),
    };
    format!("{percent} %")
}
