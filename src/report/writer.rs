//! The interface of the writers of findings.

use std::io::{self, Write};

use super::summary::Summary;
use crate::lint::finding::{CheckedBody, Finding};

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
