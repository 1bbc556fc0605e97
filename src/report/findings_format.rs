//! The formats of findings, each with its report.

use super::concise::ConciseReport;
use super::github::GithubReport;
use super::gitlab::GitlabReport;
use super::human::HumanReport;
use super::json::{JsonLinesReport, JsonReport};
use super::junit::JunitReport;
use super::markdown::MarkdownReport;
use super::rdjson::RdjsonReport;
use super::sarif::SarifReport;
use super::writer::Report;
use crate::host::Scratch;
use crate::lint::levels::Levels;
use crate::view::terminal::Terminal;

/// Default limit of findings in the format for people.
const MAX_SHOWN_TO_PEOPLE: u64 = 1_000;

/// How findings are reported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[serde(rename_all = "kebab-case")]
pub enum FindingsFormat {
    /// For people: each finding with its source line and the value underlined
    #[default]
    Human,
    /// One line per finding
    #[cfg_attr(
        feature = "cli",
        value(help = "One line per finding: path:line:col: level[rule] message")
    )]
    Concise,
    /// One JSON document, with the summary at the end
    Json,
    /// One JSON object per line
    Jsonl,
    /// Markdown, for the summary of a GitHub job, at most 1 MiB
    Markdown,
    /// GitHub workflow commands, shown in the pull request
    Github,
    /// GitLab Code Quality, shown in the merge request
    Gitlab,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// `JUnit` XML
    #[cfg_attr(
        feature = "cli",
        value(help = "JUnit XML, one test case per body, written at the end of the input")
    )]
    Junit,
    /// Reviewdog Diagnostic Format
    Rdjson,
}

impl FindingsFormat {
    /// True if the format is for people, not programs.
    #[must_use]
    pub(crate) fn is_for_people(self) -> bool {
        match self {
            Self::Human | Self::Concise => true,
            Self::Json
            | Self::Jsonl
            | Self::Markdown
            | Self::Github
            | Self::Gitlab
            | Self::Sarif
            | Self::Junit
            | Self::Rdjson => false,
        }
    }

    /// Number of findings that are shown if the user sets no limit.
    #[must_use]
    pub(crate) fn default_limit(self) -> u64 {
        match self {
            Self::Human => MAX_SHOWN_TO_PEOPLE,
            _ => u64::MAX,
        }
    }

    /// True if the format shows the line of each finding.
    #[must_use]
    pub(crate) fn needs_excerpts(self) -> bool {
        self == Self::Human
    }

    /// True if the format lists bodies without findings too.
    #[must_use]
    pub(crate) fn needs_every_body(self) -> bool {
        self == Self::Junit
    }

    /// True if the format lists findings that a baseline has, marked as such.
    #[must_use]
    pub(crate) fn lists_known(self) -> bool {
        match self {
            Self::Json | Self::Jsonl | Self::Sarif | Self::Junit => true,
            Self::Human
            | Self::Concise
            | Self::Markdown
            | Self::Github
            | Self::Gitlab
            | Self::Rdjson => false,
        }
    }

    /// True if the report itself says how many findings it does not list.
    #[must_use]
    pub(crate) fn counts_unlisted(self) -> bool {
        match self {
            Self::Human | Self::Json | Self::Markdown | Self::Github | Self::Sarif => true,
            Self::Concise | Self::Jsonl | Self::Gitlab | Self::Junit | Self::Rdjson => false,
        }
    }
}

/// Creates a report in `format`. Formats for people use `terminal`; formats that list the rules use
/// `levels`; a format that is written at the end of the input keeps its parts in `scratch`.
#[must_use]
pub(crate) fn create_report(
    format: FindingsFormat,
    terminal: Terminal,
    levels: &Levels,
    scratch: &dyn Scratch,
) -> Box<dyn Report> {
    // The compiler leaves out all other reports of a page.
    let is_json = matches!(format, FindingsFormat::Json | FindingsFormat::Jsonl);
    assert!(
        cfg!(feature = "cli") || is_json,
        "this format is only in the program"
    );
    match format {
        FindingsFormat::Human => Box::new(HumanReport::new(terminal)),
        FindingsFormat::Concise => Box::new(ConciseReport::new(terminal.theme)),
        FindingsFormat::Json => Box::new(JsonReport::default()),
        FindingsFormat::Jsonl => Box::new(JsonLinesReport),
        FindingsFormat::Markdown => Box::new(MarkdownReport::default()),
        FindingsFormat::Github => Box::new(GithubReport),
        FindingsFormat::Gitlab => Box::new(GitlabReport::default()),
        FindingsFormat::Sarif => Box::new(SarifReport::new(levels)),
        FindingsFormat::Junit => Box::new(JunitReport::new(scratch)),
        FindingsFormat::Rdjson => Box::new(RdjsonReport::default()),
    }
}
