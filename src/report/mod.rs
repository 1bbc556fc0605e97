//! Reports: findings in one output format per file. A report writes to a `&mut dyn Write`, knows
//! no command-line options and never prints on its own.

mod concise;
mod github;
mod human;
mod json;
mod junit;
mod sarif;
mod summary;

use std::io::{self, Write};

use serde::Serialize;

use crate::capture::location::coding::Coding;
use crate::capture::location::position::Span;
use crate::capture::source::reader::UnreadableInput;
use crate::host::Scratch;
use crate::lint::collector::Tally;
use crate::lint::finding::{CheckedBody, Finding};
use crate::lint::levels::Levels;
use crate::text::safe_text;
use crate::view::table::Terminal;

pub(crate) use summary::write_rule_counts;

/// Default limit of findings in the format for people.
const MAX_SHOWN_TO_PEOPLE: u64 = 1_000;

/// How findings are reported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum FindingsFormat {
    /// For people: each finding with its line, the value underlined
    #[default]
    Human,
    /// One line each
    #[cfg_attr(
        feature = "cli",
        value(help = "One line each: path:line:col: level[rule] message")
    )]
    Concise,
    /// One JSON document, with a summary at its end
    Json,
    /// One JSON object a line
    Jsonl,
    /// Commands of a GitHub workflow: the findings are shown in the pull request
    Github,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// `JUnit` XML
    #[cfg_attr(
        feature = "cli",
        value(help = "JUnit XML, a test case a body; written when the whole input has been read")
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

/// Totals of a run.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    /// Number of calls.
    pub(crate) calls: u64,
    /// Number of findings, shown or not.
    pub(crate) tally: Tally,
    /// Number of findings beyond the limit of the report.
    pub(crate) not_shown: u64,
    /// True if only errors are shown.
    pub(crate) errors_only: bool,
    /// Inputs that could not be read.
    pub(crate) unreadable: Vec<UnreadableInput>,
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
    match format {
        FindingsFormat::Human => Box::new(human::HumanReport::new(terminal)),
        FindingsFormat::Concise => Box::new(concise::ConciseReport::new(terminal.theme)),
        FindingsFormat::Json => Box::new(json::JsonReport::default()),
        FindingsFormat::Jsonl => Box::new(json::JsonLinesReport),
        FindingsFormat::Github => Box::new(github::GithubReport),
        FindingsFormat::Sarif => Box::new(sarif::SarifReport::new(levels)),
        FindingsFormat::Junit => Box::new(junit::JunitReport::new(scratch)),
    }
}

/// JSON Pointer of a finding in its document: the pointer of the body plus that of the finding.
fn full_pointer(body: &CheckedBody, finding: &Finding) -> String {
    format!("{}{}", body.pointer, finding.pointer)
}

/// The coding of the decoded text in which the lines and columns of a finding count; `None` if they
/// count in the file.
fn location_coding(finding: &Finding) -> Option<Coding> {
    finding.coding.filter(|coding| coding.shifts_positions())
}

/// Serializes a value as JSON text with all control characters escaped.
fn to_json_text(value: &impl Serialize) -> io::Result<String> {
    let text = serde_json::to_string(value)?;
    Ok(safe_text::json(&text).into_owned())
}

/// Formats a finding as one sentence: pointer, message, first occurrence, coding and help.
fn format_sentence(body: &CheckedBody, finding: &Finding) -> String {
    let pointer = full_pointer(body, finding);
    let separator = if pointer.is_empty() { "" } else { ": " };
    let first = finding
        .first_occurrence
        .map_or(String::new(), |Span { start, .. }| {
            format!("; it stands first at {}:{}", start.line, start.column)
        });
    let decoded = location_coding(finding).map_or(String::new(), |coding| {
        format!("; the place is in the text decoded from {}", coding.name())
    });
    let help = finding.message.help.as_ref();
    let help = help.map_or(String::new(), |help| format!(" ({help})"));
    format!("{pointer}{separator}{finding}{first}{decoded}{help}")
}
