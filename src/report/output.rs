//! Where reports go: one to standard output and any number of others to files, each with its own measure of how much it shows.

use std::fmt;
use std::io::{self, Write};
use std::path::PathBuf;
use std::str::FromStr;

use anyhow::Context as _;
use clap::ValueEnum as _;

use super::{Format, Report, Summary, report};
use crate::export::file::OutputFile;
use crate::finding::Judged;
use crate::settings::levels::Levels;
use crate::view::table::Layout;

/// How many findings people are shown, unless they ask for more.
const SHOWN_TO_PEOPLE: u64 = 1_000;

/// A report to a file, as it is typed: `sarif=findings.sarif`.
#[derive(Clone, Debug)]
pub struct ToFile {
    /// The format.
    pub format: Format,
    /// The file.
    pub path: PathBuf,
}

impl FromStr for ToFile {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (format, path) = text
            .split_once('=')
            .filter(|(_, path)| !path.is_empty())
            .ok_or("it is FORMAT=FILE, as in sarif=findings.sarif")?;
        if path == "-" {
            return Err("for standard output there is --format".to_owned());
        }
        let format = Format::from_str(format, false).map_err(|_| {
            let names = Format::value_variants().iter().map(|format| format.name());
            format!(
                "no format `{format}`; there are {}",
                names.collect::<Vec<_>>().join(", ")
            )
        })?;
        Ok(Self {
            format,
            path: path.into(),
        })
    }
}

/// A report, and how much more of it is shown.
pub struct Output {
    format: Format,
    report: Box<dyn Report>,
    has_begun: bool,
    left: u64,
    shown: u64,
}

impl Output {
    /// A report in `format` that shows at most `limit` findings; without one, people are shown a thousand and programs all.
    #[must_use]
    pub fn new(format: Format, limit: Option<u64>, layout: Layout, levels: &Levels) -> Self {
        Self {
            format,
            report: report(format, layout, levels),
            has_begun: false,
            left: limit.unwrap_or(match format {
                Format::Human => SHOWN_TO_PEOPLE,
                _ => u64::MAX,
            }),
            shown: 0,
        }
    }

    /// How many findings it may show yet.
    #[must_use]
    pub fn left(&self) -> u64 {
        self.left
    }

    /// Whether it tells of bodies without findings too.
    #[must_use]
    pub fn needs_every_body(&self) -> bool {
        self.format.needs_every_body()
    }

    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if std::mem::replace(&mut self.has_begun, true) {
            return Ok(());
        }
        self.report.begin(out)
    }

    /// Writes what was found in one body, as far as it is to be shown.
    pub fn judged(&mut self, judged: &Judged, out: &mut dyn Write) -> io::Result<()> {
        self.begin(out)?;
        let count = judged.findings.len();
        let shown = usize::try_from(self.left).map_or(count, |left| left.min(count));
        self.left -= shown as u64;
        self.shown += shown as u64;
        if shown > 0 || self.needs_every_body() {
            self.report.judged(judged, &judged.findings[..shown], out)?;
        }
        Ok(())
    }

    /// Writes the end. `findings` is how many could have been shown.
    pub fn finish(
        &mut self,
        summary: &mut Summary,
        findings: u64,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        self.begin(out)?;
        summary.not_shown = findings - self.shown;
        self.report.finish(summary, out)
    }
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("Output")
            .field("format", &self.format)
            .field("left", &self.left)
            .finish_non_exhaustive()
    }
}

/// A report to a file, which appears when it is complete.
pub struct FileOutput {
    /// The report.
    pub output: Output,
    file: OutputFile,
}

impl FileOutput {
    /// Begins a report to a file, which must be none of `inputs`.
    pub fn create(
        to: &ToFile,
        limit: Option<u64>,
        levels: &Levels,
        inputs: &[PathBuf],
    ) -> anyhow::Result<Self> {
        Ok(Self {
            file: OutputFile::create(&to.path, inputs)?,
            output: Output::new(to.format, limit, Layout::default(), levels),
        })
    }

    /// Writes what was found in one body.
    pub fn judged(&mut self, judged: &Judged) -> anyhow::Result<()> {
        let written = self.output.judged(judged, &mut self.file);
        written.with_context(|| self.file.name())
    }

    /// Writes the end, and lets the file appear.
    pub fn finish(mut self, summary: &mut Summary, findings: u64) -> anyhow::Result<()> {
        let written = self.output.finish(summary, findings, &mut self.file);
        written.with_context(|| self.file.name())?;
        self.file.complete()
    }
}
