//! Destinations of reports: one goes to standard output, any number of others go to files. Each has
//! its own limit of findings.

use std::fmt;
use std::io::{self, Write};

use crate::host::{AtomicFile, Scratch};
use crate::lint::collector::FindingLimits;
use crate::lint::finding::{CheckedBody, Finding};
use crate::lint::levels::Levels;
use crate::lint::rule_data::Level;
use crate::report::{FindingsFormat, Report, Summary, create_report};
use crate::view::terminal::Terminal;

/// Formats of report files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReportFileFormat {
    /// A format that standard output can have, too.
    Findings(FindingsFormat),
    /// The file of `--baseline`.
    Baseline,
}

impl ReportFileFormat {
    /// True if the report shows the line of each finding.
    fn needs_excerpts(self) -> bool {
        matches!(self, Self::Findings(format) if format.needs_excerpts())
    }

    /// True if the report lists bodies without findings too.
    fn needs_every_body(self) -> bool {
        matches!(self, Self::Findings(format) if format.needs_every_body())
    }

    /// True if the report has the source of the first delivery of a duplicate call.
    fn needs_first_sources(self) -> bool {
        self == Self::Baseline
    }

    /// True if the report lists findings that the baseline has.
    fn lists_known(self) -> bool {
        match self {
            Self::Findings(format) => format.lists_known(),
            Self::Baseline => true,
        }
    }
}

/// A report with a minimum level and a limit of findings.
pub(crate) struct LimitedReport {
    format: ReportFileFormat,
    report: Box<dyn Report>,
    /// Findings of lower levels are not shown.
    min_level: Level,
    is_started: bool,
    remaining_findings: u64,
    shown: u64,
}

impl LimitedReport {
    /// A report in `format` that shows at most `limit` findings of `min_level` or worse. Without a
    /// limit, the human format shows 1,000 findings and the other formats show all.
    #[must_use]
    pub(crate) fn new(
        format: FindingsFormat,
        limit: Option<u64>,
        min_level: Level,
        terminal: Terminal,
        levels: &Levels,
        scratch: &'static dyn Scratch,
    ) -> Self {
        Self {
            format: ReportFileFormat::Findings(format),
            min_level,
            report: create_report(format, terminal, levels, scratch),
            is_started: false,
            remaining_findings: limit.unwrap_or(format.default_limit()),
            shown: 0,
        }
    }

    /// A report of all findings that can be read as a baseline.
    pub(super) fn new_baseline(report: Box<dyn Report>) -> Self {
        Self {
            report,
            format: ReportFileFormat::Baseline,
            min_level: Level::Note,
            is_started: false,
            remaining_findings: u64::MAX,
            shown: 0,
        }
    }

    /// The lowest level that the report shows.
    #[must_use]
    pub(crate) fn min_level(&self) -> Level {
        self.min_level
    }

    /// Number of findings that the report can still show.
    #[must_use]
    pub(crate) fn remaining_findings(&self) -> u64 {
        self.remaining_findings
    }

    /// Writes the start of the report, unless it is written already.
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if std::mem::replace(&mut self.is_started, true) {
            return Ok(());
        }
        self.report.begin(out)
    }

    /// Writes one body with its findings at the report's level or above, up to the limit. A body
    /// without any is skipped, unless the format lists every body.
    pub(crate) fn write_body(&mut self, body: &CheckedBody, out: &mut dyn Write) -> io::Result<()> {
        self.begin(out)?;
        let shown: Vec<&Finding> = body
            .findings
            .iter()
            .filter(|finding| finding.level >= self.min_level)
            .filter(|finding| self.format.lists_known() || !finding.is_known())
            .take(usize::try_from(self.remaining_findings).unwrap_or(usize::MAX))
            .collect();
        self.remaining_findings -= shown.len() as u64;
        self.shown += shown.len() as u64;
        if !shown.is_empty() || self.format.needs_every_body() {
            self.report.write_body(body, &shown, out)?;
        }
        Ok(())
    }

    /// Writes the end of the report. Sets the members of `summary` that differ between reports:
    /// `not_shown` and `errors_only`.
    pub(crate) fn finish(&mut self, summary: &mut Summary, out: &mut dyn Write) -> io::Result<()> {
        self.begin(out)?;
        let levels = Level::ALL
            .into_iter()
            .filter(|level| *level >= self.min_level);
        let known = summary
            .baseline
            .as_ref()
            .filter(|_| self.format.lists_known());
        let count = |level| {
            let known = known.map_or(0, |baseline| baseline.known.count(level));
            summary.tally.count(level) + known
        };
        let findings: u64 = levels.map(count).sum();
        summary.not_shown = findings - self.shown;
        summary.errors_only = self.min_level == Level::Error;
        self.report.finish(summary, out)
    }
}

impl fmt::Debug for LimitedReport {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("LimitedReport")
            .field("format", &self.format)
            .field("remaining_findings", &self.remaining_findings)
            .finish_non_exhaustive()
    }
}

/// A report to a file that is written atomically.
pub(crate) struct ReportFile {
    /// The report.
    pub(crate) report: LimitedReport,
    pub(super) file: Box<dyn AtomicFile>,
}

impl ReportFile {
    /// Writes one body with its findings.
    pub(crate) fn write_body(&mut self, body: &CheckedBody) -> anyhow::Result<()> {
        Ok(self.report.write_body(body, &mut self.file)?)
    }

    /// Writes the end of the report and publishes the file under its name.
    pub(crate) fn finish(mut self, summary: &mut Summary) -> anyhow::Result<()> {
        self.report.finish(summary, &mut self.file)?;
        self.file.complete()
    }
}

/// The reports that the arguments request.
pub(crate) struct ReportRequest {
    /// Format of the report on standard output.
    pub(crate) format: FindingsFormat,
    /// Reports that are written to files.
    pub(crate) files: Vec<ReportFile>,
    /// Limit of findings for each report.
    pub(crate) max_findings: Option<u64>,
    /// True if standard output shows errors only. Files show all levels.
    pub(crate) errors_only: bool,
    /// True if the findings are compared with a baseline, which needs all of them.
    pub(crate) has_baseline: bool,
}

/// All reports of a run.
pub(crate) struct Reports {
    stdout: LimitedReport,
    files: Vec<ReportFile>,
    has_baseline: bool,
}

impl Reports {
    /// Creates all reports.
    pub(crate) fn create(
        request: ReportRequest,
        terminal: Terminal,
        levels: &Levels,
        scratch: &'static dyn Scratch,
    ) -> Self {
        let min_level = if request.errors_only {
            Level::Error
        } else {
            Level::Note
        };
        Self {
            has_baseline: request.has_baseline,
            files: request.files,
            stdout: LimitedReport::new(
                request.format,
                request.max_findings,
                min_level,
                terminal,
                levels,
                scratch,
            ),
        }
    }

    /// The reports to files and to standard output.
    fn all(&self) -> impl Iterator<Item = &LimitedReport> {
        let files = self.files.iter().map(|file| &file.report);
        files.chain([&self.stdout])
    }

    /// True if there are report files.
    #[must_use]
    pub(crate) fn has_files(&self) -> bool {
        !self.files.is_empty()
    }

    /// Limits of the findings to collect from a body, so that no report lacks a finding that it
    /// could show.
    #[must_use]
    pub(crate) fn limits(&self) -> FindingLimits {
        let min_level = self.all().map(LimitedReport::min_level).min();
        let min_level = min_level.filter(|_| !self.has_baseline);
        FindingLimits {
            max_per_body: usize::try_from(self.remaining_findings())
                .unwrap_or(usize::MAX)
                .min(FindingLimits::MAX_PER_BODY),
            min_level: min_level.unwrap_or(Level::Note),
            with_excerpts: self.all().any(|report| report.format.needs_excerpts()),
        }
    }

    /// True if any report lists bodies without findings too.
    #[must_use]
    pub(crate) fn needs_every_body(&self) -> bool {
        self.all().any(|report| report.format.needs_every_body())
    }

    /// True if any report has the source of the first delivery of a duplicate call.
    #[must_use]
    pub(crate) fn needs_first_sources(&self) -> bool {
        self.all().any(|report| report.format.needs_first_sources())
    }

    /// Number of findings that at least one report, or the comparison with the baseline, can still
    /// use.
    #[must_use]
    pub(crate) fn remaining_findings(&self) -> u64 {
        if self.has_baseline {
            return u64::MAX;
        }
        self.all()
            .map(LimitedReport::remaining_findings)
            .max()
            .unwrap_or(0)
    }

    /// Writes one body with its findings.
    pub(crate) fn write_body(
        &mut self,
        body: &CheckedBody,
        out: &mut dyn Write,
    ) -> anyhow::Result<()> {
        self.stdout.write_body(body, out)?;
        self.files
            .iter_mut()
            .try_for_each(|file| file.write_body(body))
    }

    /// Ends all reports; with `is_silent`, nothing is written to standard output. If one report
    /// fails, the others are completed, and the first error is returned.
    pub(crate) fn finish(
        mut self,
        summary: &mut Summary,
        is_silent: bool,
        out: &mut dyn Write,
    ) -> anyhow::Result<()> {
        let mut result = Ok(());
        for file in self.files {
            let finished = file.finish(summary);
            result = result.and(finished);
        }
        if !is_silent {
            let finished = self.stdout.finish(summary, out);
            result = result.and(finished.map_err(Into::into));
        }
        result
    }
}
