//! `validate`: checks bodies against the rules and writes the findings as reports.

use std::collections::BTreeMap;

use crate::contract::webhook::WebhookSettings;
use crate::exit::Exit;
use crate::lint::checker::Checker;
use crate::lint::levels::Levels;
use crate::lint::rule_data::Level;
use crate::report::{self, FindingsFormat, Summary};
use crate::run::read_plan::ReadOptions;
use crate::run::reports::{ReportRequest, Reports};
use crate::run::session::Session;
use crate::run::validation::{CompareFindings, check_input};
use crate::text::plural::format_count;

/// How the input is checked, and the findings are reported.
pub(crate) struct ValidateOptions {
    /// The settings file, relative to the working directory; `None` if there is none.
    pub(crate) config: Option<String>,
    pub(crate) levels: Levels,
    pub(crate) webhook: WebhookSettings,
    pub(crate) report: ReportRequest,
    /// The findings that change nothing.
    pub(crate) known: Option<Box<dyn CompareFindings>>,
    /// True if a report becomes the next baseline.
    pub(crate) writes_baseline: bool,
    /// True if a table of findings per rule follows.
    pub(crate) has_rule_counts: bool,
    /// The exit code for findings at error level.
    pub(crate) on_errors: Exit,
}

/// Checks the input and writes the reports. The caller sets `read.inputs.tables`.
pub(crate) fn check(
    read: &ReadOptions,
    options: ValidateOptions,
    session: &mut Session,
) -> anyhow::Result<()> {
    let ValidateOptions {
        config,
        levels,
        webhook,
        report,
        mut known,
        writes_baseline,
        has_rule_counts,
        on_errors,
    } = options;
    let format = report.format;
    let mut reports = Reports::create(report, session.terminal, &levels, session.scratch);
    if !format.is_for_people() {
        session.guard_terminal();
    }
    if reports.has_files() {
        // Report files must be complete even if the reader of standard output closes it.
        session.ignore_closed_pipe();
    }
    let checker = Checker::new(levels.clone(), webhook, session.clock);
    let known_findings = known.as_deref_mut();
    let validation = check_input(
        read,
        checker,
        &mut reports,
        known_findings,
        on_errors,
        session,
    )?;
    let unreadable = session.take_unreadable();
    let is_selection = !read.filter.is_empty() || read.dedupe.is_some() || read.limit.is_some();
    let baseline = known.map(|mut known| known.summary(&levels, is_selection, &unreadable));
    let mut summary = Summary {
        config,
        calls: validation.calls,
        tally: validation.tally,
        baseline,
        unreadable,
        ..Summary::default()
    };
    let is_silent =
        session.is_quiet() && format.is_for_people() && summary.tally.count(Level::Error) == 0;
    reports.finish(&mut summary, is_silent, &mut session.out)?;
    if has_rule_counts && !is_silent {
        print_rule_counts(&summary, format, session)?;
    }
    session.flush()?;
    session.warn_skipped(&BTreeMap::new(), &validation.deferred);
    if !format.counts_unlisted() && summary.not_shown > 0 && !is_silent {
        let more = format_count(summary.not_shown, "more finding");
        session.print_message(&format!("{more} not shown (see --max-findings)"));
    }
    print_baseline(&summary, format, writes_baseline, session);
    let is_explained =
        !summary.tally.is_empty() || summary.known() > 0 || !summary.unreadable.is_empty();
    session.conclude_input(is_explained);
    Ok(())
}

/// Prints the number of known findings if the report does not have it, and that of those that are
/// gone if the run does not write a baseline anyway.
fn print_baseline(
    summary: &Summary,
    format: FindingsFormat,
    writes_baseline: bool,
    session: &mut Session,
) {
    let Some(baseline) = &summary.baseline else {
        return;
    };
    let known = summary.known();
    if known > 0 && !format.counts_unlisted() {
        let known = format_count(known, "known finding");
        session.print_message(&format!("{known} ({})", baseline.file));
    }
    let note = baseline.note(str::to_owned);
    if let Some(note) = note.filter(|_| !writes_baseline) {
        let file = &baseline.file;
        session.print_message(&format!("{note} (--report baseline={file})"));
    }
}

/// Prints the counts per rule: on standard output below a report for people, on standard error if
/// the report is for programs.
fn print_rule_counts(
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
    let mut text = Vec::new();
    report::write_rule_counts(summary, terminal, &mut text)?;
    session.observer.print_table(&text);
    Ok(())
}
