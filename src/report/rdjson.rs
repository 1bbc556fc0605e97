//! Findings in the Reviewdog Diagnostic Format, as one `DiagnosticResult` (`rdjson`). Source:
//! `proto/rdf/reviewdog.proto` in github.com/reviewdog/reviewdog.

use std::io::{self, Write};

use serde::Serialize;

use super::finding_text::{
    format_sentence_in_file, is_in_file, path_in_repository, reason_in_file,
};
use super::json_list::JsonList;
use super::summary::Summary;
use super::writer::Report;
use crate::capture::location::position::Position;
use crate::lint::finding::{CheckedBody, Finding};
use crate::lint::rule_data::Level;

/// `Diagnostic`
#[derive(Serialize)]
struct Diagnostic<'d> {
    message: &'d str,
    location: Location<'d>,
    severity: &'static str,
    code: Code<'d>,
}

/// `Location`
#[derive(Serialize)]
struct Location<'d> {
    path: &'d str,
    /// `None` if lines and columns count in decoded text.
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<Range>,
}

/// `Range`. The end is exclusive; without it, the range is empty.
#[derive(Serialize)]
struct Range {
    start: LineAndColumn,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<LineAndColumn>,
}

/// `Position`, whose numbers are of type `int32`. Columns count bytes of UTF-8.
#[derive(Serialize)]
struct LineAndColumn {
    line: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<i32>,
}

/// `Code`
#[derive(Serialize)]
struct Code<'d> {
    value: &'d str,
}

impl LineAndColumn {
    /// `None` if the line does not fit the format.
    fn new(position: Position) -> Option<Self> {
        Some(Self {
            line: i32::try_from(position.line).ok()?,
            column: i32::try_from(position.byte_column).ok(),
        })
    }
}

/// Writes one result.
#[derive(Default)]
pub(crate) struct RdjsonReport {
    diagnostics: JsonList,
}

impl Report for RdjsonReport {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        write!(
            out,
            "{{\"source\":{{\"name\":\"postcall\"}},\"diagnostics\":["
        )
    }

    fn write_body(
        &mut self,
        body: &CheckedBody,
        findings: &[&Finding],
        out: &mut dyn Write,
    ) -> io::Result<()> {
        for finding in findings {
            let diagnostic = Diagnostic {
                message: &format_sentence_in_file(body, finding),
                location: Location {
                    path: path_in_repository(body.source.file()),
                    range: range(body, finding),
                },
                severity: match finding.level {
                    Level::Error => "ERROR",
                    Level::Warning => "WARNING",
                    Level::Note => "INFO",
                },
                code: Code {
                    value: finding.rule.id,
                },
            };
            self.diagnostics.write(&diagnostic, out)?;
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        for unreadable in &summary.unreadable {
            let diagnostic = Diagnostic {
                message: &reason_in_file(unreadable),
                location: Location {
                    path: path_in_repository(unreadable.name.file()),
                    range: None,
                },
                severity: "ERROR",
                code: Code {
                    value: "unreadable",
                },
            };
            self.diagnostics.write(&diagnostic, out)?;
        }
        self.diagnostics.finish(out)?;
        writeln!(out, "]}}")
    }
}

/// The range of a finding in the file. Findings in members of an archive are on its first line.
fn range(body: &CheckedBody, finding: &Finding) -> Option<Range> {
    if body.source.member().is_some() {
        let start = LineAndColumn {
            line: 1,
            column: None,
        };
        return Some(Range { start, end: None });
    }
    if !is_in_file(body, finding) {
        return None;
    }
    Some(Range {
        start: LineAndColumn::new(finding.span.start)?,
        end: LineAndColumn::new(finding.span.end),
    })
}
