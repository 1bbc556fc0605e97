//! Writes the calls, or their turns, variables or campaigns, as a file for spreadsheets and other
//! programs. The columns are those of the whole input.

mod about;
mod notes;

use anyhow::anyhow;

use crate::args::ExportArgs;
use crate::export::code_path::ExportPath;
use crate::export::counts::{ExportCounts, LeftOut, rows_beyond_sheet};
use crate::export::one_pass::RowEncoder;
use crate::export::tables::{CollectedTables, RowKind, TableRequest};
use crate::export::time_style::TimeStyle;
use crate::export::{Dialect, ExportFormat, ExportOutput};
use crate::host::AtomicFile;
use crate::lint::checker::Checker;
use crate::run::bodies::write_bodies;
use crate::run::collect::collect_tables;
use crate::run::one_pass;
use crate::run::problem::RejectFile;
use crate::run::read_plan::ReadOptions;
use crate::run::session::Session;
use crate::run::sorted::sort_spool;
use crate::select::sequencer::CallLimit;
use crate::table::column::Columns;
use crate::table::column_list::ColumnList;
use crate::table::sort::SortOrder;
use crate::text::plural::format_count;

/// Creates the output file; `None` means standard output.
pub(crate) type CreateFile<'f> = &'f dyn Fn() -> anyhow::Result<Option<Box<dyn AtomicFile>>>;

/// The parsed arguments of an export.
pub(crate) struct Export<'a> {
    pub(crate) args: &'a ExportArgs,
    pub(crate) format: &'a ExportFormat,
    pub(crate) list: ColumnList,
    /// The columns of the table of calls before any call is read.
    pub(crate) columns: Columns,
    pub(crate) sort: SortOrder,
    pub(crate) times: TimeStyle,
    pub(crate) read: ReadOptions,
    pub(crate) checker: Checker,
    /// True if the webhook sends completed calls only.
    pub(crate) only_completed: bool,
    /// The settings file, relative to the working directory; `None` if there is none.
    pub(crate) settings: Option<&'a str>,
    pub(crate) create_file: CreateFile<'a>,
}

impl Export<'_> {
    /// Writes the rows. Returns the number of rows of each table, as in messages.
    pub(crate) fn write(&self, session: &mut Session) -> anyhow::Result<Vec<String>> {
        let args = self.args;
        let path = ExportPath::choose(
            self.format,
            args.rows,
            &self.list,
            &self.times,
            !self.sort.is_empty(),
            args.types.with_source,
        );
        match path {
            ExportPath::Bodies(layout) => {
                let file = (self.create_file)()?;
                write_bodies(&self.read, file, layout.into(), &self.sort, session)?;
                Ok(vec![format_count(self.selected(session), "call")])
            }
            ExportPath::OnePass(dialect) => {
                self.write_in_one_pass(dialect, session)?;
                Ok(vec![format_count(session.counts().selected(), "call")])
            }
            ExportPath::Collected { request, format } => {
                let request = request
                    .with_call_columns(self.columns.clone())
                    .with_source(args.source_use(format));
                self.write_collected(&request, format, session)
            }
        }
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
        let file = (self.create_file)()?;
        let encoder = RowEncoder {
            dialect,
            times: &self.times.in_dialect(dialect),
            list: &self.list,
            headings: self.args.headings.unwrap_or_default(),
            first_columns: &self.columns,
        };
        let reopen = || {
            let file = (self.create_file)()?;
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
        let file = (self.create_file)()?;
        let mut collected = collect_tables(
            &self.read,
            request,
            &self.list,
            &self.sort,
            &self.checker,
            self.only_completed,
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
            self.settings,
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
