//! Words for people.

/// A count with its noun: `0 errors`, `1 error`, `2 errors`.
#[must_use]
pub fn counted(count: u64, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}
