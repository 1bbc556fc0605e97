//! Findings out, a format a file. Reports take a `&mut dyn Write`, know no flags and never print on their own.

mod concise;
mod github;
mod human;
mod json;
mod junit;
pub mod output;
mod sarif;
mod summary;

use std::io::{self, Write};

use clap::ValueEnum;
use serde::Serialize;

use crate::finding::{Finding, Judged};
use crate::input::place::Span;
use crate::input::source::Unreadable;
use crate::input::unpack::Coding;
use crate::rules::remarks::Tally;
use crate::settings::levels::Levels;
use crate::view::safe_text;
use crate::view::table::Layout;

pub use summary::table;

/// How findings are reported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people: each finding with its line, the value underlined
    #[default]
    Human,
    /// One line each
    #[value(help = "One line each: path:line:col: level[rule] message")]
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
    #[value(help = "JUnit XML, a test case a body; written when the whole input has been read")]
    Junit,
}

impl Format {
    /// The name that is typed.
    #[must_use]
    pub fn name(self) -> String {
        self.to_possible_value()
            .map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// Whether people read it.
    #[must_use]
    pub fn is_for_people(self) -> bool {
        matches!(self, Self::Human | Self::Concise)
    }

    /// Whether it tells of bodies without findings too.
    #[must_use]
    pub fn needs_every_body(self) -> bool {
        self == Self::Junit
    }
}

/// A report that is being written.
pub trait Report {
    /// Writes what comes before everything else.
    fn begin(&mut self, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    /// Writes what was found in one body: those of its findings that are to be shown.
    fn judged(
        &mut self,
        judged: &Judged,
        findings: &[&Finding],
        out: &mut dyn Write,
    ) -> io::Result<()>;

    /// Writes the end.
    fn finish(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()>;
}

/// What a run has found in all.
#[derive(Debug, Default)]
pub struct Summary {
    /// Calls.
    pub calls: u64,
    /// Findings, shown or not.
    pub tally: Tally,
    /// Findings that would have been shown if there were not so many.
    pub not_shown: u64,
    /// Whether only errors are shown.
    pub errors_only: bool,
    /// Inputs that could not be read.
    pub unreadable: Vec<Unreadable>,
}

/// A report in `format`. `layout` is for people; `levels` are told where a format lists the rules.
#[must_use]
pub fn report(format: Format, layout: Layout, levels: &Levels) -> Box<dyn Report> {
    match format {
        Format::Human => Box::new(human::HumanReport::new(layout)),
        Format::Concise => Box::new(concise::ConciseReport::new(layout.theme)),
        Format::Json => Box::new(json::JsonReport::default()),
        Format::Jsonl => Box::new(json::JsonLinesReport),
        Format::Github => Box::new(github::GithubReport),
        Format::Sarif => Box::new(sarif::SarifReport::new(levels)),
        Format::Junit => Box::new(junit::JunitReport::default()),
    }
}

/// The pointer of a finding in its document: that of the body, and on from there.
fn full_pointer(judged: &Judged, finding: &Finding) -> String {
    format!("{}{}", judged.pointer, finding.pointer)
}

/// In which decoded text the place of a finding is, if its lines and columns are not those of the file.
fn moved(finding: &Finding) -> Option<Coding> {
    finding.coding.filter(|coding| coding.moves_places())
}

/// A value as JSON text that no terminal obeys.
fn to_text(value: &impl Serialize) -> io::Result<String> {
    let text = serde_json::to_string(value)?;
    Ok(safe_text::json(&text).into_owned())
}

/// A finding in one sentence, with what to do about it.
fn sentence(judged: &Judged, finding: &Finding) -> String {
    let pointer = full_pointer(judged, finding);
    let place = if pointer.is_empty() { "" } else { ": " };
    let first = finding.first.map_or(String::new(), |Span { start, .. }| {
        format!("; it stands first at {}:{}", start.line, start.column)
    });
    let decoded = moved(finding).map_or(String::new(), |coding| {
        format!("; the place is in the text decoded from {}", coding.name())
    });
    let help = finding.remark.help.as_ref();
    let help = help.map_or(String::new(), |help| format!(" ({help})"));
    format!("{pointer}{place}{finding}{first}{decoded}{help}")
}
