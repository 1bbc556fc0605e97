//! Findings in the format of compiler errors, one per line, for editors and `grep`.

use std::io::{self, Write};

use super::finding_text::{format_location, format_sentence};
use super::summary::Summary;
use super::writer::Report;
use crate::lint::finding::{CheckedBody, Finding};
use crate::text::safe_text;
use crate::text::tone::Tone;
use crate::text::workflow_commands::break_commands;
use crate::view::theme::{Theme, tone_of_level};

/// `path:line:col: level[rule] message`
pub(crate) struct ConciseReport {
    theme: Theme,
}

impl ConciseReport {
    pub(crate) fn new(theme: Theme) -> Self {
        Self { theme }
    }
}

impl Report for ConciseReport {
    fn write_body(
        &mut self,
        body: &CheckedBody,
        findings: &[&Finding],
        out: &mut dyn Write,
    ) -> io::Result<()> {
        for finding in findings {
            let location = format_location(body, finding.span.start);
            let level = format!("{}[{}]", finding.level.name(), finding.rule.id);
            let line = format!(
                "{}: {} {}",
                self.theme
                    .paint(Tone::Strong, &safe_text::one_line(&location)),
                self.theme.paint(tone_of_level(finding.level), &level),
                safe_text::one_line(&format_sentence(body, finding))
            );
            writeln!(out, "{}", break_commands(&line))?;
        }
        Ok(())
    }

    fn finish(&mut self, _summary: &Summary, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}
