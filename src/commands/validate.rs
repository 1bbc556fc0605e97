//! `validate`: checks bodies against the rules and writes the findings as reports.

use anyhow::anyhow;

use crate::capture::source::reader::TableUse;
use crate::cli::{CheckSettings, ValidateArgs};
use crate::exit::{Exit, UsageError};
use crate::run::known_findings::KnownFindings;
use crate::run::output_file::is_same_file;
use crate::run::read_plan::ReadOptions;
use crate::run::report_files::ReportSpec;
use crate::run::reports::{ReportFile, ReportFileFormat, ReportRequest};
use crate::run::session::Session;
use crate::run::validation::CompareFindings;
use crate::tasks::validate::{ValidateOptions, check};
use crate::text::path_name::path_name;

pub(crate) fn run(args: &ValidateArgs, session: &mut Session) -> anyhow::Result<()> {
    let settings = args.checks.read(&session.config).map_err(UsageError)?;
    let mut read = args.input.read_options_for(&settings, session.clock)?;
    read.inputs.tables = TableUse::Refuse;
    let reports = args.reports.iter();
    let outputs: Vec<_> = reports.map(|to| ("--report", &*to.path)).collect();
    let known = read_baseline(args, &mut read)?;
    session.claim_outputs(&mut read, &outputs, None)?;
    read.inputs.outputs.baseline.clone_from(&args.baseline);
    let CheckSettings {
        config,
        levels,
        webhook,
        ..
    } = settings;
    let files = args.reports.iter();
    let files = files.map(|to| ReportFile::create(to, args.max_findings, &levels));
    let mut reports = args.reports.iter();
    let writes_baseline = reports.any(|to| to.format == ReportFileFormat::Baseline);
    let report = ReportRequest {
        format: args.format,
        files: files.collect::<anyhow::Result<_>>()?,
        max_findings: args.max_findings,
        errors_only: session.is_quiet(),
        has_baseline: known.is_some(),
    };
    let options = ValidateOptions {
        config,
        levels,
        webhook,
        report,
        known: known.map(|known| -> Box<dyn CompareFindings> { Box::new(known) }),
        writes_baseline,
        has_rule_counts: args.summary,
        on_errors: if args.exit_zero {
            Exit::Done
        } else {
            Exit::BadData
        },
    };
    check(&read, options, session)
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
