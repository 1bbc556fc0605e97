//! How a report is written.

use super::language::Language;

/// How a report is written.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ReportOptions {
    pub(crate) language: Language,
    /// True if the report may show values that identify people. Otherwise it can be shared: see
    /// `privacy`.
    pub(crate) with_calls: bool,
}
