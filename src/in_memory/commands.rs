//! The commands of the page: each reads its arguments and runs the task of the program.

use std::sync::Arc;

use anyhow::anyhow;

use super::arguments::{self, Sources};
use super::request::Options;
use crate::args::ExportArgs;
use crate::capture::source::reader::TableUse;
use crate::contract::webhook::WebhookSettings;
use crate::exit::{Exit, UsageError};
use crate::export::bodies::BodyLayout;
use crate::export::time_style::TimeStyle;
use crate::lint::checker::Checker;
use crate::lint::levels::Levels;
use crate::redact::key::RedactKey;
use crate::run::bodies::{BodyForm, write_bodies};
use crate::run::reports::ReportRequest;
use crate::run::session::Session;
use crate::stats::section::StatsSection;
use crate::table::column::Columns;
use crate::table::sort::SortOrder;
use crate::tasks::export::Export;
use crate::tasks::redact::{conclude, redaction};
use crate::tasks::stats::{StatsTask, sections};
use crate::tasks::validate::{ValidateOptions, check};
use crate::tasks::{list, show};
use crate::text::shorten::shorten;

/// A command of the page.
pub(super) struct Command {
    pub(super) name: &'static str,
    /// Runs it with its options.
    run: fn(&mut Options, &Sources, &mut Session) -> anyhow::Result<()>,
    /// Takes its options.
    take_options: fn(&mut Options, &Sources) -> anyhow::Result<()>,
}

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "list",
        run: run_list,
        take_options: |options, sources| arguments::list(options, sources).map(drop),
    },
    Command {
        name: "show",
        run: run_show,
        take_options: |options, sources| arguments::show(options, sources).map(drop),
    },
    Command {
        name: "validate",
        run: run_validate,
        take_options: |options, sources| arguments::validate(options, sources).map(drop),
    },
    Command {
        name: "export",
        run: run_export,
        take_options: |options, sources| arguments::export(options, sources).map(drop),
    },
    Command {
        name: "stats",
        run: run_stats,
        take_options: |options, sources| arguments::stats(options, sources).map(drop),
    },
    Command {
        name: "redact",
        run: run_redact,
        take_options: |options, sources| arguments::redact(options, sources).map(drop),
    },
];

/// Finds the command with this name.
fn find(name: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|command| command.name == name)
}

/// Runs the command with this name.
pub(super) fn run(
    name: &str,
    options: &mut Options,
    sources: &Sources,
    session: &mut Session,
) -> anyhow::Result<()> {
    let command = find(name).ok_or_else(|| {
        let unknown = anyhow!("unknown command {}", shorten(name));
        UsageError(unknown)
    })?;
    (command.run)(options, sources, session)
}

/// The names of the options of the command `name`.
pub(super) fn options_of(name: &str) -> Vec<&'static str> {
    let mut options = Options::default();
    if let Some(command) = find(name) {
        let sources = Arc::from(Vec::new());
        (command.take_options)(&mut options, &sources).expect("no option has a value");
    }
    options.into_known()
}

/// The arguments that `read` takes from the options, after which none is left.
fn take<T>(
    read: impl Fn(&mut Options, &Sources) -> anyhow::Result<T>,
    options: &mut Options,
    sources: &Sources,
) -> anyhow::Result<T> {
    let arguments = read(options, sources).and_then(|arguments| {
        options.finish()?;
        Ok(arguments)
    });
    Ok(arguments.map_err(UsageError)?)
}

fn run_list(options: &mut Options, sources: &Sources, session: &mut Session) -> anyhow::Result<()> {
    let args = take(arguments::list, options, sources)?;
    let read = args.table.input.options_without_settings(session.clock)?;
    list::print(&args, &read, session)
}

fn run_show(options: &mut Options, sources: &Sources, session: &mut Session) -> anyhow::Result<()> {
    let args = take(arguments::show, options, sources)?;
    args.check_options().map_err(UsageError)?;
    let read = args.input.options_without_settings(session.clock)?;
    let checker = Checker::standard(session.clock);
    show::print(&args, &read, &checker, session)
}

fn run_validate(
    options: &mut Options,
    sources: &Sources,
    session: &mut Session,
) -> anyhow::Result<()> {
    let args = take(arguments::validate, options, sources)?;
    let mut read = args.input.options_without_settings(session.clock)?;
    read.inputs.tables = TableUse::Refuse;
    let options = ValidateOptions {
        config: None,
        levels: Levels::new(Vec::new(), args.strict),
        webhook: WebhookSettings {
            only_completed: args.only_completed,
            include_recording: args.include_recording,
            variables: None,
        },
        report: ReportRequest {
            format: args.format,
            files: Vec::new(),
            max_findings: args.max_findings,
            errors_only: false,
            has_baseline: false,
        },
        known: None,
        writes_baseline: false,
        has_rule_counts: false,
        on_errors: Exit::BadData,
    };
    check(&read, options, session)
}

fn run_export(
    options: &mut Options,
    sources: &Sources,
    session: &mut Session,
) -> anyhow::Result<()> {
    let args: ExportArgs = take(arguments::export, options, sources)?;
    let format = args.export_format(args.format).map_err(UsageError)?;
    let list = args.column_list().map_err(UsageError)?;
    let sort = args.sort_order(&format, &list)?;
    let export = Export {
        args: &args,
        format: &format,
        list,
        columns: Columns::default(),
        sort,
        times: TimeStyle::new(args.input.zone(), args.time_format()),
        read: args.input.options_without_settings(session.clock)?,
        checker: Checker::standard(session.clock),
        only_completed: false,
        settings: None,
        create_file: &|| Ok(None),
    };
    export.write(session).map(|_| ())
}

fn run_stats(
    options: &mut Options,
    sources: &Sources,
    session: &mut Session,
) -> anyhow::Result<()> {
    let args = take(arguments::stats, options, sources)?;
    let format = args.format.unwrap_or_default();
    args.check_options(format).map_err(UsageError)?;
    let read = args.input.options_without_settings(session.clock)?;
    let mut task = StatsTask::new(&args, format, read, session)?;
    let has_review = sections(&args, format).contains(StatsSection::Review);
    task.checker = has_review.then(|| Checker::standard(session.clock));
    task.write(None, session).map(|_| ())
}

fn run_redact(
    options: &mut Options,
    sources: &Sources,
    session: &mut Session,
) -> anyhow::Result<()> {
    let (args, key) = take(arguments::redact, options, sources)?;
    let key = key.ok_or_else(|| UsageError(anyhow!("redact needs the option key")))?;
    let key = RedactKey::read(key.as_bytes());
    let key = key.map_err(|reason| UsageError(anyhow!("key: {reason}")))?;
    session.hide_text();
    let mut read = args.input.options_without_settings(session.clock)?;
    read.inputs.tables = TableUse::Refuse;
    let redaction = redaction(&args, &key, &[], session.clock)?;
    let form = BodyForm {
        layout: BodyLayout::new(args.pretty),
        redaction: Some(&redaction),
    };
    let counts = write_bodies(&read, None, form, &SortOrder::default(), session)?;
    session.flush()?;
    conclude(&args, false, &counts, &redaction, session);
    Ok(())
}
