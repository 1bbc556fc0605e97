//! `export`: writes the calls, or their turns, variables or campaigns, as a file for spreadsheets
//! and other programs.

mod list_columns;
mod zone_note;

use std::path::Path;

use anyhow::anyhow;

use crate::args::ExportArgs;
use crate::cli::CheckSettings;
use crate::cli::undeclared::undeclared_variable;
use crate::exit::UsageError;
use crate::export::tables::RowKind;
use crate::export::time_style::TimeStyle;
use crate::run::claims::OUTPUT_OPTION;
use crate::run::output_file::OutputFile;
use crate::run::problem::RejectFile;
use crate::run::read_plan::ReadOptions;
use crate::run::session::Session;
use crate::table::column::Columns;
use crate::table::column_list::ColumnList;
use crate::tasks::export::Export;

pub(crate) fn run(args: &ExportArgs, session: &mut Session) -> anyhow::Result<()> {
    let name = args.requested_format().map_err(UsageError)?;
    let format = args.export_format(name).map_err(UsageError)?;
    let list = args.column_list().map_err(UsageError)?;
    let variables = args.types.variables.as_deref();
    let settings = CheckSettings::with_variables(&session.config, variables).map_err(UsageError)?;
    let columns = first_columns(args, &list, &settings)?;
    if args.columns.list_columns {
        return list_columns::print(args, &list, columns, session);
    }
    if session.writes_to_terminal() {
        args.reject_binary_stdout(&format).map_err(UsageError)?;
    }
    let sort = args.sort_order(&format, &list)?;
    let mut read = args.input.read_options_for(&settings, session.clock)?;
    claim_outputs(args, &mut read, session)?;
    if let Some(path) = &args.rejects {
        let file = OutputFile::create(path)?;
        session.set_rejects(RejectFile::new(Box::new(file)));
    }
    let is_replaced = args.file().is_some_and(Path::is_file);
    let only_completed = session.config.only_completed;
    let settings_name = session.config.name.clone();
    let export = Export {
        args,
        format: &format,
        list,
        columns,
        sort,
        times: TimeStyle::new(args.input.zone(), args.time_format()),
        read,
        checker: settings.into_checker(session.clock),
        only_completed,
        settings: settings_name.as_deref(),
        create_file: &|| OutputFile::create_if_named(args.file()),
    };
    let counts = export.write(session)?;
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

/// Declares the output files.
fn claim_outputs(
    args: &ExportArgs,
    read: &mut ReadOptions,
    session: &mut Session,
) -> anyhow::Result<()> {
    let output = args.file().map(|path| (OUTPUT_OPTION, path));
    let rejects = args.rejects.as_deref();
    let rejects = rejects.map(|path| ("--rejects", path));
    if rejects.is_some_and(|(_, path)| path.as_os_str() == "-") {
        return Err(UsageError(anyhow!(
            "--rejects needs a file, because the export is written to standard output"
        ))
        .into());
    }
    let outputs: Vec<_> = output.into_iter().chain(rejects).collect();
    session.claim_outputs(read, &outputs, None)
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
