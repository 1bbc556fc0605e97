//! Wording for people.

/// Formats a count with its noun: `0 errors`, `1 error`, `2 errors`.
#[must_use]
pub(crate) fn format_count(count: u64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}
