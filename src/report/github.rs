//! Findings as workflow commands: GitHub Actions shows them at their lines in the pull request
//! (docs.github.com, "Workflow commands for GitHub Actions").

use std::borrow::Cow;
use std::io::{self, Write};

use super::{Report, Summary, moved, sentence};
use crate::finding::{Finding, Judged, Level};
use crate::input::source::STDIN;
use crate::view::safe_text;

/// `::error file=calls.json,line=5,col=15,endLine=5,endColumn=20,title=wrong-type::message`
pub(super) struct GithubReport;

impl Report for GithubReport {
    fn judged(
        &mut self,
        judged: &Judged,
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
            if *judged.source != *STDIN {
                write!(out, "file={},", property(&judged.source))?;
            }
            if moved(finding).is_none() {
                write!(out, "line={},", start.line)?;
                // GitHub drops columns where lines differ.
                write!(out, "endLine={},col={},", end.line, start.column)?;
                if end.line == start.line {
                    write!(out, "endColumn={},", end.column)?;
                }
            }
            let message = sentence(judged, finding);
            writeln!(out, "title={}::{}", finding.rule.id, data(&message))?;
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        for unreadable in &summary.unreadable {
            let name = property(&unreadable.name);
            let reason = data(&unreadable.reason);
            writeln!(out, "::error file={name},title=unreadable::{reason}")?;
        }
        if summary.not_shown > 0 {
            let more = summary.not_shown;
            writeln!(
                out,
                "::notice title=postcall::{more} more findings are not shown (--max-findings)"
            )?;
        }
        Ok(())
    }
}

/// The message of a command: `%` and line breaks would end it or be read as escapes.
fn data(text: &str) -> String {
    let text: Cow<str> = safe_text::one_line(text);
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// The value of a property, which `:` and `,` would end.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_command_is_escaped() {
        assert_eq!(data("100 %, a: b"), "100 %25, a: b");
        assert_eq!(property("a,b:100%.json"), "a%2Cb%3A100%25.json");
        assert!(!data("a\r\n::error::b").contains(['\r', '\n']));
    }
}
