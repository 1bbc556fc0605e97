//! `export`: writes the calls, or their turns, variables or campaigns, as a file for spreadsheets
//! and other programs. The columns are those of the whole input.

mod about;
mod list_columns;
mod notes;
mod zone_note;

use std::path::Path;

use anyhow::anyhow;

use crate::cli::undeclared::undeclared_variable;
use crate::cli::{CheckSettings, ExportArgs};
use crate::exit::UsageError;
use crate::export::code_path::ExportPath;
use crate::export::counts::{ExportCounts, LeftOut, rows_beyond_sheet};
use crate::export::one_pass::RowEncoder;
use crate::export::tables::{CollectedTables, RowKind, TableRequest};
use crate::export::time_style::TimeStyle;
use crate::export::{Dialect, ExportFormat, ExportOutput};
use crate::lint::checker::Checker;
use crate::run::bodies::write_bodies;
use crate::run::claims::OUTPUT_OPTION;
use crate::run::collect::collect_tables;
use crate::run::one_pass;
use crate::run::output_file::OutputFile;
use crate::run::problem::RejectFile;
use crate::run::read_plan::ReadOptions;
use crate::run::session::Session;
use crate::run::sorted::sort_spool;
use crate::select::sequencer::CallLimit;
use crate::table::column::Columns;
use crate::table::column_list::ColumnList;
use crate::table::sort::SortOrder;
use crate::text::plural::format_count;

pub(crate) fn run(args: &ExportArgs, session: &mut Session) -> anyhow::Result<()> {
    let format = args.export_format().map_err(UsageError)?;
    let list = ColumnList::parse(&args.columns.lists).map_err(UsageError)?;
    let list = list.with_only_declared(args.types.only_declared);
    let variables = args.types.variables.as_deref();
    let settings = CheckSettings::with_variables(&session.config, variables).map_err(UsageError)?;
    let columns = first_columns(args, &list, &settings)?;
    if args.columns.list_columns {
        return list_columns::print(args, &list, columns, session);
    }
    if session.writes_to_terminal() {
        args.reject_binary_stdout(&format).map_err(UsageError)?;
    }
    let sort = args.sort.order()?;
    if !sort.is_empty() {
        args.check_sorting(&format, &list).map_err(UsageError)?;
    }
    let mut export = Export {
        args,
        list,
        columns,
        sort,
        times: TimeStyle::new(args.input.zone(), args.time_format()),
        read: args.input.read_options_for(&settings, session.clock)?,
        checker: settings.into_checker(session.clock),
    };
    export.claim_outputs(session)?;
    export.start_rejects(session)?;
    let is_replaced = args.file().is_some_and(Path::is_file);
    let is_sorted = !export.sort.is_empty();
    let path = ExportPath::choose(
        &format,
        args.rows,
        &export.list,
        &export.times,
        is_sorted,
        args.types.with_source,
    );
    let counts = match path {
        ExportPath::Bodies(layout) => {
            write_bodies(
                &export.read,
                args.file(),
                layout.into(),
                &export.sort,
                session,
            )?;
            vec![format_count(export.selected(session), "call")]
        }
        ExportPath::OnePass(dialect) => {
            export.write_in_one_pass(dialect, session)?;
            vec![format_count(session.counts().selected(), "call")]
        }
        ExportPath::Collected { request, format } => {
            let request = request
                .with_call_columns(export.columns.clone())
                .with_source(args.source_use(format));
            export.write_collected(&request, format, session)?
        }
    };
    if let Some(path) = args.file()
        && session.counts().calls > 0
    {
        session.print_written(&counts, path, is_replaced);
        if let Some(note) = zone_note::describe(args, &format, &export.times) {
            session.print_result(&note);
        }
    }
    session.take_rejects().map_or(Ok(()), RejectFile::complete)
}

/// The columns of a table of calls before any call is read: with a declaration, also those of the
/// declared variables. Fails if an option has no use, or if a variable is not declared.
fn first_columns(
    args: &ExportArgs,
    list: &ColumnList,
    settings: &CheckSettings,
) -> anyhow::Result<Columns> {
    let declared = settings.declared_variables();
    args.check_types(declared.is_some()).map_err(UsageError)?;
    let Some((declared, file)) = declared else {
        return Ok(Columns::default());
    };
    let is_of_calls = args.rows.is_none_or(|rows| rows == RowKind::Calls);
    match list.undeclared_variable(declared) {
        Some(name) if is_of_calls => {
            Err(undeclared_variable("--columns", name, declared, file).into())
        }
        _ => Ok(Columns::with_declared(declared)),
    }
}

/// The parsed arguments of an export.
struct Export<'a> {
    args: &'a ExportArgs,
    list: ColumnList,
    /// The columns of the table of calls before any call is read.
    columns: Columns,
    sort: SortOrder,
    times: TimeStyle,
    read: ReadOptions,
    checker: Checker,
}

impl Export<'_> {
    /// Declares the output files.
    fn claim_outputs(&mut self, session: &mut Session) -> anyhow::Result<()> {
        let output = self.args.file().map(|path| (OUTPUT_OPTION, path));
        let rejects = self.args.rejects.as_deref();
        let rejects = rejects.map(|path| ("--rejects", path));
        if rejects.is_some_and(|(_, path)| path.as_os_str() == "-") {
            return Err(UsageError(anyhow!(
                "--rejects needs a file, because the export is written to standard output"
            ))
            .into());
        }
        let outputs: Vec<_> = output.into_iter().chain(rejects).collect();
        session.claim_outputs(&mut self.read, &outputs, None)
    }

    /// Creates the file of rejects, if it is requested.
    fn start_rejects(&self, session: &mut Session) -> anyhow::Result<()> {
        if let Some(path) = &self.args.rejects {
            session.set_rejects(RejectFile::create(path)?);
        }
        Ok(())
    }

    /// Creates the output file; `None` means standard output.
    fn create_file(&self) -> anyhow::Result<Option<OutputFile>> {
        let path = self.args.file();
        path.map(OutputFile::create).transpose()
    }

    /// Number of calls that the export selects. If it is sorted, more may have been read.
    fn selected(&self, session: &Session) -> u64 {
        let limit = self.read.limit.map_or(u64::MAX, CallLimit::count);
        session.counts().selected().min(limit)
    }

    /// Sorts the table of `rows`, if an order is requested, and cuts it to the limit.
    fn sort_rows(
        &self,
        collected: &mut CollectedTables,
        rows: RowKind,
        session: &Session,
    ) -> anyhow::Result<()> {
        let (sort, read) = (&self.sort, &self.read);
        for table in collected
            .tables
            .iter_mut()
            .filter(|table| table.rows == rows)
        {
            let (spool, columns) = (&mut table.spool, &table.columns);
            sort_spool(spool, columns, sort, read, session.scratch)?;
        }
        Ok(())
    }

    /// Writes calls as delimited text while the input is read.
    fn write_in_one_pass(&self, dialect: &Dialect, session: &mut Session) -> anyhow::Result<()> {
        let file = self.create_file()?;
        let encoder = RowEncoder {
            dialect,
            times: &self.times.in_dialect(dialect),
            list: &self.list,
            headings: self.args.headings.unwrap_or_default(),
            first_columns: &self.columns,
        };
        let reopen = || {
            let file = self.create_file()?;
            file.ok_or_else(|| anyhow!("standard output: cannot be written again"))
        };
        let mut counts = one_pass::write_calls(&self.read, &encoder, file, reopen, session)?;
        counts.too_many_rows = rows_beyond_sheet(session.counts().selected(), dialect);
        notes::print(&counts, session);
        Ok(())
    }

    /// Collects all rows of the requested tables, then writes them in `format`. Returns the number
    /// of rows of each table, as in messages.
    fn write_collected(
        &self,
        request: &TableRequest,
        format: &ExportFormat,
        session: &mut Session,
    ) -> anyhow::Result<Vec<String>> {
        let file = self.create_file()?;
        let mut collected = collect_tables(
            &self.read,
            request,
            &self.list,
            &self.sort,
            &self.checker,
            session,
        )?;
        if session.lacks_calls() {
            return Ok(Vec::new());
        }
        let rows = self.args.rows.unwrap_or(RowKind::Calls);
        self.sort_rows(&mut collected, rows, session)?;
        let tables = collected.tables.iter();
        let row_counts = tables.map(|table| format_count(table.spool.rows(), table.rows.noun()));
        let row_counts = row_counts.collect();
        let is_empty = session.counts().selected() == 0;
        let headings = self.args.heading_style(format);
        let notes = collected.apply_column_list(rows, &self.list, headings, is_empty)?;
        session.print_messages(&notes);
        if format.is_nested() {
            collected.reject_hidden_objects()?;
        }
        if format.is_typed() {
            collected.reject_misfits_heading()?;
        }
        let times = &self.times;
        let calls = self.selected(session);
        let about = about::describe(
            &collected.findings,
            times,
            &self.read.inputs,
            calls,
            session,
        );
        let (workers, scratch) = (session.workers(), session.scratch);
        let terminal = match file {
            Some(_) => session.terminal.in_file(),
            None => session.terminal,
        };
        let is_data = !matches!(format, ExportFormat::Text(text) if text.is_for_people());
        let mut tables = collected.tables;
        let calls = tables.iter().find(|table| table.rows == RowKind::Calls);
        let candidates = self.list.candidates();
        let left_out =
            calls.map(|calls| LeftOut::new(collected.left_out, calls.spool.columns(), &candidates));
        let mut rejects = session.take_rejects();
        let counts = session.write_after_reading(file, is_data, |out, progress| {
            let to = ExportOutput {
                out,
                terminal,
                rejects: rejects.as_mut().map(RejectFile::lines),
                progress,
            };
            format.write_tables(&mut tables, times, about, scratch, workers, to)
        })?;
        if let Some(rejects) = rejects {
            session.set_rejects(rejects);
        }
        let counts = ExportCounts {
            left_out: left_out.unwrap_or_default(),
            ..counts
        };
        notes::print(&counts, session);
        if matches!(format, ExportFormat::Binary { .. }) {
            notes::print_declaration_hint(&counts, session);
        }
        Ok(row_counts)
    }
}
