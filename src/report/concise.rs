//! Findings a line each, as compilers print them: editors and `grep` find the place.

use std::io::{self, Write};

use super::{Report, Summary, sentence};
use crate::finding::{Finding, Judged};
use crate::view::safe_text;
use crate::view::theme::{Theme, Tone};

/// `path:line:col: level[rule] message`
pub(super) struct ConciseReport {
    theme: Theme,
}

impl ConciseReport {
    pub(super) fn new(theme: Theme) -> Self {
        Self { theme }
    }
}

impl Report for ConciseReport {
    fn judged(
        &mut self,
        judged: &Judged,
        findings: &[&Finding],
        out: &mut dyn Write,
    ) -> io::Result<()> {
        for finding in findings {
            let start = finding.span.start;
            let place = format!("{}:{}:{}", judged.source, start.line, start.column);
            let level = format!("{}[{}]", finding.level.name(), finding.rule.id);
            writeln!(
                out,
                "{}: {} {}",
                self.theme.paint(Tone::Strong, &safe_text::one_line(&place)),
                self.theme.paint(Tone::of_level(finding.level), &level),
                safe_text::one_line(&sentence(judged, finding))
            )?;
        }
        Ok(())
    }

    fn finish(&mut self, _summary: &Summary, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}
