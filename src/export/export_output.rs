//! The output that collected tables are written to.

use std::io::Write;

use crate::host::OutputProgress;
use crate::view::terminal::Terminal;

/// The output of an export.
pub(crate) struct ExportOutput<'o> {
    /// Receives the bytes.
    pub(crate) out: &'o mut dyn Write,
    /// Width, colours and characters, for the formats that people read.
    pub(crate) terminal: Terminal,
    /// Receives lines about values that do not have the type of their column, if they are wanted.
    pub(crate) rejects: Option<&'o mut dyn Write>,
    /// Shows how much is written.
    pub(crate) progress: &'o dyn OutputProgress,
}
