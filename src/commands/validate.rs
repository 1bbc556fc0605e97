//! `validate`: checks bodies against the rules and writes the findings as reports.

use std::collections::BTreeMap;
use std::io;

use anstream::AutoStream;
use anyhow::anyhow;

use crate::capture::source::reader::TableUse;
use crate::cli::{CheckSettings, ValidateArgs};
use crate::exit::{Exit, UsageError};
use crate::lint::checker::Checker;
use crate::lint::rule_data::Level;
use crate::report::{self, FindingsFormat, Summary};
use crate::run::known_findings::KnownFindings;
use crate::run::output_file::is_same_file;
use crate::run::read_plan::ReadOptions;
use crate::run::reports::{ReportFileFormat, ReportRequest, ReportSpec, Reports};
use crate::run::session::Session;
use crate::run::streams::print_on_stderr;
use crate::run::validation::check_input;
use crate::text::path_name::path_name;
use crate::text::plural::format_count;

pub(crate) fn run(args: &ValidateArgs, session: &mut Session) -> anyhow::Result<()> {
    let settings = args.checks.read(&session.config).map_err(UsageError)?;
    let mut read = args.input.read_options_for(&settings, session.clock)?;
    read.inputs.tables = TableUse::Refuse;
    let reports = args.reports.iter();
    let outputs: Vec<_> = reports.map(|to| ("--report", &*to.path)).collect();
    let mut known = read_baseline(args, &mut read)?;
    session.claim_outputs(&mut read, &outputs, None)?;
    read.inputs.outputs.baseline.clone_from(&args.baseline);
    let is_selection = !read.filter.is_empty() || read.dedupe.is_some() || read.limit.is_some();
    let CheckSettings {
        config,
        levels,
        webhook,
        ..
    } = settings;
    let request = ReportRequest {
        format: args.format,
        files: &args.reports,
        max_findings: args.max_findings,
        errors_only: session.is_quiet(),
        has_baseline: known.is_some(),
    };
    let mut reports = Reports::create(&request, session.terminal, &levels)?;
    if !args.format.is_for_people() {
        session.guard_terminal();
    }
    if reports.has_files() {
        // Report files must be complete even if the reader of standard output closes it.
        session.ignore_closed_pipe();
    }
    let checker = Checker::new(levels.clone(), webhook, session.clock);
    let on_errors = if args.exit_zero {
        Exit::Done
    } else {
        Exit::BadData
    };
    let validation = check_input(
        &read,
        checker,
        &mut reports,
        known.as_mut(),
        on_errors,
        session,
    )?;
    let unreadable = session.take_unreadable();
    let baseline = known.map(|known| {
        let unreadable = unreadable.iter().map(|input| &input.name);
        known.summary(&levels, is_selection, unreadable)
    });
    let mut summary = Summary {
        config,
        calls: validation.calls,
        tally: validation.tally,
        baseline,
        unreadable,
        ..Summary::default()
    };
    let is_silent =
        session.is_quiet() && args.format.is_for_people() && summary.tally.count(Level::Error) == 0;
    reports.finish(&mut summary, is_silent, &mut session.out)?;
    if args.summary && !is_silent {
        print_summary_table(&summary, args.format, session)?;
    }
    session.flush()?;
    session.warn_skipped(&BTreeMap::new(), &validation.deferred);
    if !args.format.counts_unlisted() && summary.not_shown > 0 && !is_silent {
        let more = format_count(summary.not_shown, "more finding");
        session.print_message(&format!("{more} not shown (see --max-findings)"));
    }
    print_baseline(&summary, args, session);
    let is_explained =
        !summary.tally.is_empty() || summary.known() > 0 || !summary.unreadable.is_empty();
    session.conclude_input(is_explained);
    Ok(())
}

/// Reads the baseline, if there is one, and removes it from the inputs: a glob may name it.
fn read_baseline(
    args: &ValidateArgs,
    read: &mut ReadOptions,
) -> anyhow::Result<Option<KnownFindings>> {
    let Some(path) = &args.baseline else {
        return Ok(None);
    };
    let known = KnownFindings::read(path).map_err(UsageError)?;
    let paths = &mut read.inputs.paths;
    let has_paths = !paths.is_empty();
    paths.retain(|input| input.as_os_str() == "-" || !is_same_file(input, path));
    if has_paths && paths.is_empty() {
        let error = anyhow!("{}: the baseline is the only input", path_name(path));
        return Err(UsageError(error).into());
    }
    let is_written = |report: &ReportSpec| {
        report.format == ReportFileFormat::Baseline && is_same_file(&report.path, path)
    };
    if !args.reports.iter().any(is_written) {
        read.settings_files.push(path.clone());
    }
    Ok(Some(known))
}

/// Prints the number of known findings if the report does not have it, and that of those that are
/// gone if the run does not write a baseline anyway.
fn print_baseline(summary: &Summary, args: &ValidateArgs, session: &mut Session) {
    let Some(baseline) = &summary.baseline else {
        return;
    };
    let known = summary.known();
    if known > 0 && !args.format.counts_unlisted() {
        let known = format_count(known, "known finding");
        session.print_message(&format!("{known} ({})", baseline.file));
    }
    let mut reports = args.reports.iter();
    let writes_baseline = reports.any(|to| to.format == ReportFileFormat::Baseline);
    let note = baseline.note(str::to_owned);
    if let Some(note) = note.filter(|_| !writes_baseline) {
        let file = &baseline.file;
        session.print_message(&format!("{note} (--report baseline={file})"));
    }
}

/// Prints the counts per rule: on standard output below a report for people, on standard error if
/// the report is for programs.
fn print_summary_table(
    summary: &Summary,
    format: FindingsFormat,
    session: &mut Session,
) -> anyhow::Result<()> {
    let terminal = session.terminal;
    if format.is_for_people() {
        return Ok(report::write_rule_counts(
            summary,
            terminal,
            &mut session.out,
        )?);
    }
    session.flush()?;
    let mut text = AutoStream::new(Vec::new(), AutoStream::choice(&io::stderr()));
    report::write_rule_counts(summary, terminal, &mut text)?;
    print_on_stderr(&text.into_inner());
    Ok(())
}
