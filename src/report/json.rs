//! Findings as JSON: one document with a summary, or one object per line. `docs/validate.md`
//! documents the members. The version changes if a member is removed or changes its meaning.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::value::RawValue;

use super::finding_text::to_json_text;
use super::json_list::JsonList;
use super::summary::Summary;
use super::writer::Report;
use crate::capture::location::coding::Coding;
use crate::capture::location::position::{Position, Span};
use crate::lint::finding::{BaselineState, CheckedBody, Finding};
use crate::lint::rule_data::Level;

/// The version of both formats.
const VERSION: u32 = 1;

#[derive(Serialize)]
pub(super) struct FindingJson<'f> {
    rule: &'f str,
    level: Level,
    source: &'f str,
    /// The file that contains the source, if that is a member of an archive.
    #[serde(skip_serializing_if = "Option::is_none")]
    archive: Option<&'f str>,
    start: PositionJson,
    end: PositionJson,
    /// JSON Pointer of the body in its document.
    body: &'f str,
    /// JSON Pointer of the value in the body.
    pointer: &'f str,
    /// The id of the call, verbatim.
    call: Option<&'f RawValue>,
    expected: &'f str,
    found: &'f str,
    help: Option<&'f str>,
    first: Option<SpanJson>,
    /// The coding of the text that positions count in, if it had to be decoded. Unlike in the other
    /// formats, this includes UTF-16, because it changes the byte offsets.
    decoded: Option<&'static str>,
    /// Absent without a baseline.
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<BaselineState>,
}

/// The baseline of the run.
#[derive(Serialize)]
struct BaselineJson<'s> {
    file: &'s str,
    known: u64,
    gone: u64,
}

#[derive(Serialize)]
pub(super) struct PositionJson {
    offset: u64,
    line: u64,
    column: u64,
}

#[derive(Serialize)]
struct SpanJson {
    start: PositionJson,
    end: PositionJson,
}

#[derive(Serialize)]
struct SummaryJson<'s> {
    calls: u64,
    errors: u64,
    warnings: u64,
    notes: u64,
    rules: Vec<RuleCountJson>,
    not_shown: u64,
    unreadable: Vec<UnreadableJson<'s>>,
}

#[derive(Serialize)]
struct RuleCountJson {
    rule: &'static str,
    level: Level,
    findings: u64,
}

#[derive(Serialize)]
struct UnreadableJson<'s> {
    source: &'s str,
    reason: &'s str,
}

impl From<Position> for PositionJson {
    fn from(position: Position) -> Self {
        let Position {
            offset,
            line,
            column,
            byte_column: _,
        } = position;
        Self {
            offset,
            line,
            column,
        }
    }
}

impl From<Span> for SpanJson {
    fn from(span: Span) -> Self {
        Self {
            start: span.start.into(),
            end: span.end.into(),
        }
    }
}

impl<'f> FindingJson<'f> {
    /// Describes a finding of `body`.
    pub(super) fn new(body: &'f CheckedBody, finding: &'f Finding) -> io::Result<Self> {
        let call = body.id.as_deref().map(serde_json::from_str::<&RawValue>);
        Ok(Self {
            rule: finding.rule.id,
            level: finding.level,
            source: &body.source,
            archive: body.source.member().map(|_| body.source.file()),
            start: finding.span.start.into(),
            end: finding.span.end.into(),
            body: &body.pointer,
            pointer: &finding.pointer,
            call: call.transpose()?,
            expected: &finding.message.expected,
            found: &finding.message.found,
            help: finding.message.help.as_deref(),
            first: finding.first_occurrence.map(SpanJson::from),
            decoded: finding.coding.map(Coding::name),
            baseline: finding.baseline,
        })
    }
}

/// Writes one JSON document.
pub(crate) struct JsonReport {
    findings: JsonList,
}

impl Default for JsonReport {
    fn default() -> Self {
        Self {
            findings: JsonList::indented("  "),
        }
    }
}

impl Report for JsonReport {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let program = concat!("postcall ", env!("CARGO_PKG_VERSION"));
        write!(
            out,
            "{{\"version\":{VERSION},\"program\":\"{program}\",\"findings\":["
        )
    }

    fn write_body(
        &mut self,
        body: &CheckedBody,
        findings: &[&Finding],
        out: &mut dyn Write,
    ) -> io::Result<()> {
        for finding in findings {
            self.findings
                .write(&FindingJson::new(body, finding)?, out)?;
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        let config = to_json_text(&summary.config)?;
        let baseline = to_json_text(&summary.baseline.as_ref().map(|baseline| BaselineJson {
            file: &baseline.file,
            known: summary.known(),
            gone: baseline.gone,
        }))?;
        let counts = summary.tally.by_rule().into_iter();
        let unreadable = summary.unreadable.iter();
        let summary = to_json_text(&SummaryJson {
            calls: summary.calls,
            errors: summary.tally.count(Level::Error),
            warnings: summary.tally.count(Level::Warning),
            notes: summary.tally.count(Level::Note),
            rules: counts
                .map(|(level, rule, findings)| RuleCountJson {
                    rule,
                    level,
                    findings,
                })
                .collect(),
            not_shown: summary.not_shown,
            unreadable: unreadable
                .map(|unreadable| UnreadableJson {
                    source: &unreadable.name,
                    reason: &unreadable.reason,
                })
                .collect(),
        })?;
        self.findings.finish(out)?;
        writeln!(
            out,
            "],\"config\":{config},\"baseline\":{baseline},\"summary\":{summary}}}"
        )
    }
}

/// Writes one JSON object per line.
pub(crate) struct JsonLinesReport;

impl Report for JsonLinesReport {
    fn write_body(
        &mut self,
        body: &CheckedBody,
        findings: &[&Finding],
        out: &mut dyn Write,
    ) -> io::Result<()> {
        for finding in findings {
            writeln!(out, "{}", to_json_text(&FindingJson::new(body, finding)?)?)?;
        }
        Ok(())
    }

    fn finish(&mut self, _summary: &Summary, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}
