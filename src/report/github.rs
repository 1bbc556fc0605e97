//! Findings as GitHub workflow commands. GitHub Actions shows them at their lines in the pull
//! request (docs.github.com, "Workflow commands for GitHub Actions").

use std::borrow::Cow;
use std::io::{self, Write};

use super::finding_text::{format_sentence_in_file, is_in_file, reason_in_file};
use super::summary::Summary;
use super::writer::Report;
use crate::capture::source::source_name::STDIN;
use crate::lint::finding::{CheckedBody, Finding};
use crate::lint::rule_data::Level;
use crate::text::plural::format_count;
use crate::text::safe_text;

/// `::error file=calls.json,line=5,col=15,endLine=5,endColumn=20,title=wrong-type::message`
pub(crate) struct GithubReport;

impl Report for GithubReport {
    fn write_body(
        &mut self,
        body: &CheckedBody,
        findings: &[&Finding],
        out: &mut dyn Write,
    ) -> io::Result<()> {
        for finding in findings {
            let command = match finding.level {
                Level::Error => "error",
                Level::Warning => "warning",
                Level::Note => "notice",
            };
            let (start, end) = (finding.span.start, finding.span.end);
            write!(out, "::{command} ")?;
            if body.source.file() != STDIN {
                write!(out, "file={},", escape_property(body.source.file()))?;
            }
            if body.source.member().is_some() {
                write!(out, "line=1,")?;
            }
            // Lines of decoded text would be shown at lines of the file.
            if is_in_file(body, finding) {
                write!(out, "line={},", start.line)?;
                // GitHub ignores columns if start and end are on different lines.
                write!(out, "endLine={},col={},", end.line, start.column)?;
                if end.line == start.line {
                    write!(out, "endColumn={},", end.column)?;
                }
            }
            let message = format_sentence_in_file(body, finding);
            writeln!(out, "title={}::{}", finding.rule.id, escape_data(&message))?;
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        for unreadable in &summary.unreadable {
            let file = escape_property(unreadable.name.file());
            let reason = escape_data(&reason_in_file(unreadable));
            writeln!(out, "::error file={file},title=unreadable::{reason}")?;
        }
        let known = summary.known();
        if known > 0 {
            let known = format_count(known, "known finding");
            writeln!(out, "::notice title=postcall::{known} not shown")?;
        }
        if summary.not_shown > 0 {
            let more = summary.not_shown;
            writeln!(
                out,
                "::notice title=postcall::{more} more findings are not shown (see --max-findings)"
            )?;
        }
        Ok(())
    }
}

/// Escapes the message of a command. A line break would end the command, `%` would start an escape.
fn escape_data(text: &str) -> String {
    let text: Cow<str> = safe_text::one_line(text);
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// Escapes the value of a property, which `:` and `,` would end.
fn escape_property(text: &str) -> String {
    escape_data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn command_delimiters_are_escaped() {
        assert_eq!(escape_data("100 %, a: b"), "100 %25, a: b");
        assert_eq!(escape_property("a,b:100%.json"), "a%2Cb%3A100%25.json");
        assert!(!escape_data("a\r\n::error::b").contains(['\r', '\n']));
    }
}
