//! `validate`: checks bodies against the rules and writes the findings as reports.

use std::collections::BTreeMap;
use std::io;

use anstream::AutoStream;

use crate::capture::source::reader::TableUse;
use crate::cli::{CheckSettings, ValidateArgs};
use crate::exit::{Exit, UsageError};
use crate::lint::checker::Checker;
use crate::lint::rule_data::Level;
use crate::report::{self, FindingsFormat, Summary};
use crate::run::reports::{ReportRequest, Reports};
use crate::run::session::Session;
use crate::run::streams::print_on_stderr;
use crate::run::validation::check_input;
use crate::text::plural::format_count;

pub(crate) fn run(args: &ValidateArgs, session: &mut Session) -> anyhow::Result<()> {
    let settings = args.checks.read(&session.config).map_err(UsageError)?;
    let mut read = args.input.read_options_for(&settings, session.clock)?;
    read.inputs.tables = TableUse::Refuse;
    let reports = args.reports.iter();
    let outputs: Vec<_> = reports.map(|to| ("--report", &*to.path)).collect();
    session.claim_outputs(&mut read, &outputs, None)?;
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
    };
    let mut reports = Reports::create(&request, session.terminal, &levels)?;
    if !args.format.is_for_people() {
        session.guard_terminal();
    }
    if reports.has_files() {
        // Report files must be complete even if the reader of standard output closes it.
        session.ignore_closed_pipe();
    }
    let checker = Checker::new(levels, webhook, session.clock);
    let on_errors = if args.exit_zero {
        Exit::Done
    } else {
        Exit::BadData
    };
    let validation = check_input(&read, checker, &mut reports, on_errors, session)?;

    let mut summary = Summary {
        config,
        calls: validation.calls,
        tally: validation.tally,
        unreadable: session.take_unreadable(),
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
    let is_explained = !summary.tally.is_empty() || !summary.unreadable.is_empty();
    session.conclude_input(is_explained);
    Ok(())
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
