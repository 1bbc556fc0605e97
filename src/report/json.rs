//! Findings as JSON, for programs: one document with a summary, or an object a line. `docs/validate.md` documents it; the version changes when
//! a member changes its meaning or goes.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::value::RawValue;

use super::{Report, Summary, to_text};
use crate::finding::{Finding, Judged, Level};
use crate::input::place::{Position, Span};
use crate::input::unpack::Coding;

/// The version of both formats.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct WrittenFinding<'f> {
    rule: &'f str,
    level: Level,
    source: &'f str,
    start: WrittenPosition,
    end: WrittenPosition,
    /// The pointer of the body in its document.
    body: &'f str,
    /// The pointer in the body.
    pointer: &'f str,
    /// The call's id as it stood.
    call: Option<&'f RawValue>,
    expected: &'f str,
    found: &'f str,
    help: Option<&'f str>,
    first: Option<WrittenSpan>,
    /// How the text was decoded that places are in.
    decoded: Option<&'static str>,
}

#[derive(Serialize)]
struct WrittenPosition {
    offset: u64,
    line: u64,
    column: u64,
}

#[derive(Serialize)]
struct WrittenSpan {
    start: WrittenPosition,
    end: WrittenPosition,
}

#[derive(Serialize)]
struct WrittenSummary<'s> {
    calls: u64,
    errors: u64,
    warnings: u64,
    notes: u64,
    rules: Vec<WrittenCount>,
    not_shown: u64,
    unreadable: Vec<WrittenUnreadable<'s>>,
}

#[derive(Serialize)]
struct WrittenCount {
    rule: &'static str,
    level: Level,
    findings: u64,
}

#[derive(Serialize)]
struct WrittenUnreadable<'s> {
    source: &'s str,
    reason: &'s str,
}

impl From<Position> for WrittenPosition {
    fn from(position: Position) -> Self {
        let Position {
            offset,
            line,
            column,
        } = position;
        Self {
            offset,
            line,
            column,
        }
    }
}

impl From<Span> for WrittenSpan {
    fn from(span: Span) -> Self {
        Self {
            start: span.start.into(),
            end: span.end.into(),
        }
    }
}

/// One finding as JSON text on one line.
fn finding_text(judged: &Judged, finding: &Finding) -> io::Result<String> {
    let call = judged.id.as_deref().map(serde_json::from_str::<&RawValue>);
    to_text(&WrittenFinding {
        rule: finding.rule.id,
        level: finding.level,
        source: &judged.source,
        start: finding.span.start.into(),
        end: finding.span.end.into(),
        body: &judged.pointer,
        pointer: &finding.pointer,
        call: call.transpose()?,
        expected: &finding.remark.expected,
        found: &finding.remark.found,
        help: finding.remark.help.as_deref(),
        first: finding.first.map(WrittenSpan::from),
        decoded: finding.coding.map(Coding::name),
    })
}

/// One document.
#[derive(Default)]
pub(super) struct JsonReport {
    has_findings: bool,
}

impl Report for JsonReport {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let program = concat!("postcall ", env!("CARGO_PKG_VERSION"));
        write!(
            out,
            "{{\"version\":{VERSION},\"program\":\"{program}\",\"findings\":["
        )
    }

    fn judged(
        &mut self,
        judged: &Judged,
        findings: &[&Finding],
        out: &mut dyn Write,
    ) -> io::Result<()> {
        for finding in findings {
            let separator = if self.has_findings { "," } else { "" };
            self.has_findings = true;
            write!(out, "{separator}\n  {}", finding_text(judged, finding)?)?;
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        let counts = summary.tally.by_rule().into_iter();
        let unreadable = summary.unreadable.iter();
        let summary = to_text(&WrittenSummary {
            calls: summary.calls,
            errors: summary.tally.of(Level::Error),
            warnings: summary.tally.of(Level::Warning),
            notes: summary.tally.of(Level::Note),
            rules: counts
                .map(|(level, rule, findings)| WrittenCount {
                    rule,
                    level,
                    findings,
                })
                .collect(),
            not_shown: summary.not_shown,
            unreadable: unreadable
                .map(|unreadable| WrittenUnreadable {
                    source: &unreadable.name,
                    reason: &unreadable.reason,
                })
                .collect(),
        })?;
        let line_break = if self.has_findings { "\n" } else { "" };
        writeln!(out, "{line_break}],\"summary\":{summary}}}")
    }
}

/// An object a line.
pub(super) struct JsonLinesReport;

impl Report for JsonLinesReport {
    fn judged(
        &mut self,
        judged: &Judged,
        findings: &[&Finding],
        out: &mut dyn Write,
    ) -> io::Result<()> {
        for finding in findings {
            writeln!(out, "{}", finding_text(judged, finding)?)?;
        }
        Ok(())
    }

    fn finish(&mut self, _summary: &Summary, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}
