//! The option `--columns`: errors about unknown columns.

use anyhow::anyhow;

use super::column::Column;
use super::headings::HeadingStyle;
use crate::text::shorten::shorten;
use crate::text::similar::similar;

/// The error for a name without a column, with a suggestion.
pub(super) fn unknown_column(name: &str, all: &[Column]) -> anyhow::Error {
    let meant = similar_column(name, all);
    let name = shorten(name);
    match meant {
        Some(meant) => anyhow!(
            "--columns: no such column {name}; did you mean {}?",
            shorten(meant)
        ),
        None => anyhow!("--columns: no such column {name}; see --list-columns"),
    }
}

/// The name of the column that an unknown `name` probably means: a column with that short heading,
/// else with that last name, else that name in another case, else a similar name, else a similar
/// last name.
#[must_use]
pub(super) fn similar_column<'c>(name: &str, all: &'c [Column]) -> Option<&'c str> {
    let is_short = |column: &&Column| {
        let heading = HeadingStyle::Short.heading(&column.path, true);
        heading.as_deref() == Some(name)
    };
    let same_short = all.iter().find(is_short).map(|column| column.name.as_str());
    let same_last = all
        .iter()
        .find(|column| column.path.last().is_some_and(|last| last == name))
        .map(|column| column.name.as_str());
    let names = all.iter().map(|column| column.name.as_str());
    let folded = || {
        let found = all
            .iter()
            .find(|column| column.name.eq_ignore_ascii_case(name));
        found.map(|column| column.name.as_str())
    };
    let short = || {
        let lasts = all.iter().filter_map(|column| column.path.last());
        let last = similar(name, lasts.map(String::as_str))?;
        let found = all
            .iter()
            .find(|column| column.path.last().is_some_and(|name| name == last));
        found.map(|column| column.name.as_str())
    };
    same_short
        .or(same_last)
        .or_else(folded)
        .or_else(|| similar(name, names))
        .or_else(short)
}
