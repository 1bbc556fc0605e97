//! Where reports go: one to standard output and any number of others to files, each with its own measure of how much it shows.

use std::fmt;
use std::io::{self, Write};
use std::path::PathBuf;
use std::str::FromStr;

use anyhow::{Context as _, anyhow, bail};
use clap::ValueEnum as _;

use super::{Format, Report, Summary, report};
use crate::exit::Misuse;
use crate::export::file::OutputFile;
use crate::finding::{Finding, Judged, Level};
use crate::input::source::Inputs;
use crate::rules::remarks::Keep;
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
    /// Findings of lower levels are left out.
    from: Level,
    has_begun: bool,
    left: u64,
    shown: u64,
}

impl Output {
    /// A report in `format` of findings from a level on that shows at most `limit` of them; without a limit, people are shown a thousand and programs
    /// all.
    #[must_use]
    pub fn new(
        format: Format,
        limit: Option<u64>,
        from: Level,
        layout: Layout,
        levels: &Levels,
    ) -> Self {
        Self {
            format,
            from,
            report: report(format, layout, levels),
            has_begun: false,
            left: limit.unwrap_or(match format {
                Format::Human => SHOWN_TO_PEOPLE,
                _ => u64::MAX,
            }),
            shown: 0,
        }
    }

    /// From which level on it shows findings.
    #[must_use]
    pub fn from(&self) -> Level {
        self.from
    }

    /// Whether it shows the lines that findings stand in.
    #[must_use]
    pub fn needs_excerpts(&self) -> bool {
        self.format == Format::Human
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
        let shown: Vec<&Finding> = judged
            .findings
            .iter()
            .filter(|finding| finding.level >= self.from)
            .take(usize::try_from(self.left).unwrap_or(usize::MAX))
            .collect();
        self.left -= shown.len() as u64;
        self.shown += shown.len() as u64;
        if !shown.is_empty() || self.needs_every_body() {
            self.report.judged(judged, &shown, out)?;
        }
        Ok(())
    }

    /// Writes the end.
    pub fn finish(&mut self, summary: &mut Summary, out: &mut dyn Write) -> io::Result<()> {
        self.begin(out)?;
        let levels = Level::ALL.into_iter().filter(|level| *level >= self.from);
        let findings: u64 = levels.map(|level| summary.tally.of(level)).sum();
        summary.not_shown = findings - self.shown;
        summary.errors_only = self.from == Level::Error;
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
        inputs: &Inputs,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            file: OutputFile::create(&to.path, inputs)?,
            output: Output::new(to.format, limit, Level::Note, Layout::default(), levels),
        })
    }

    /// Writes what was found in one body.
    pub fn judged(&mut self, judged: &Judged) -> anyhow::Result<()> {
        let written = self.output.judged(judged, &mut self.file);
        written.with_context(|| self.file.name())
    }

    /// Writes the end, and lets the file appear.
    pub fn finish(mut self, summary: &mut Summary) -> anyhow::Result<()> {
        let written = self.output.finish(summary, &mut self.file);
        written.with_context(|| self.file.name())?;
        self.file.complete()
    }
}

/// The reports that are wanted.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'w> {
    /// That on standard output.
    pub format: Format,
    /// Those to files.
    pub files: &'w [ToFile],
    /// How many findings each shows at most.
    pub most: Option<u64>,
    /// Whether standard output shows errors only; files tell everything.
    pub errors_only: bool,
}

/// All reports of a run.
pub struct Outputs {
    stdout: Output,
    files: Vec<FileOutput>,
}

impl Outputs {
    /// Begins all reports; none may be one of the `inputs`.
    pub fn create(
        wanted: &Wanted,
        layout: Layout,
        levels: &Levels,
        inputs: &Inputs,
    ) -> anyhow::Result<Self> {
        for (index, file) in wanted.files.iter().enumerate() {
            if wanted.files[..index]
                .iter()
                .any(|other| other.path == file.path)
            {
                bail!(Misuse(anyhow!(
                    "{}: two reports can not be one file",
                    file.path.display()
                )));
            }
        }
        let files = wanted.files.iter();
        let files = files.map(|to| FileOutput::create(to, wanted.most, levels, inputs));
        let from = if wanted.errors_only {
            Level::Error
        } else {
            Level::Note
        };
        Ok(Self {
            files: files.collect::<anyhow::Result<_>>()?,
            stdout: Output::new(wanted.format, wanted.most, from, layout, levels),
        })
    }

    fn all(&self) -> impl Iterator<Item = &Output> {
        let files = self.files.iter().map(|file| &file.output);
        files.chain([&self.stdout])
    }

    /// Whether some go to files.
    #[must_use]
    pub fn has_files(&self) -> bool {
        !self.files.is_empty()
    }

    /// What they need of the findings of a body.
    #[must_use]
    pub fn keep(&self) -> Keep {
        Keep {
            most: usize::try_from(self.left()).unwrap_or(usize::MAX),
            from: self.all().map(Output::from).min().unwrap_or(Level::Note),
            excerpts: self.all().any(Output::needs_excerpts),
        }
    }

    /// Whether some tell of bodies without findings too.
    #[must_use]
    pub fn need_every_body(&self) -> bool {
        self.all().any(Output::needs_every_body)
    }

    /// How many findings any of them can show yet.
    #[must_use]
    pub fn left(&self) -> u64 {
        self.all().map(Output::left).max().unwrap_or(0)
    }

    /// Writes what was found in one body.
    pub fn judged(&mut self, judged: &Judged, out: &mut dyn Write) -> anyhow::Result<()> {
        let written = self.stdout.judged(judged, out);
        written.context("standard output")?;
        self.files
            .iter_mut()
            .try_for_each(|file| file.judged(judged))
    }

    /// Writes all ends; standard output says nothing more if it `is_silent`. One that fails keeps no other from being complete.
    pub fn finish(
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
            result = result.and(finished.context("standard output"));
        }
        result
    }
}
