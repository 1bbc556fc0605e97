//! The formats of findings, and the interface of their writers.

use std::io::{self, Write};

use super::summary::Summary;
use crate::lint::finding::{CheckedBody, Finding};

/// Default limit of findings in the format for people.
const MAX_SHOWN_TO_PEOPLE: u64 = 1_000;

/// How findings are reported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum FindingsFormat {
    /// For people: each finding with its source line, the value underlined
    #[default]
    Human,
    /// One line per finding
    #[cfg_attr(
        feature = "cli",
        value(help = "One line per finding: path:line:col: level[rule] message")
    )]
    Concise,
    /// One JSON document, the summary at its end
    Json,
    /// One JSON object per line
    Jsonl,
    /// GitHub workflow commands, shown in the pull request
    Github,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// `JUnit` XML
    #[cfg_attr(
        feature = "cli",
        value(help = "JUnit XML, one test case per body, written at the end of the input")
    )]
    Junit,
}

impl FindingsFormat {
    /// True if the format is for people, not programs.
    #[must_use]
    pub(crate) fn is_for_people(self) -> bool {
        matches!(self, Self::Human | Self::Concise)
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
}

/// Writes findings in one format.
pub(crate) trait Report {
    /// Writes the start of the report.
    fn begin(&mut self, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    /// Writes one body with the findings that are to be shown, a part of all its findings.
    fn write_body(
        &mut self,
        body: &CheckedBody,
        findings: &[&Finding],
        out: &mut dyn Write,
    ) -> io::Result<()>;

    /// Writes the end of the report.
    fn finish(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()>;
}
