//! Options that name columns, `--columns` and `--sort`: their lists, and the error about an unknown
//! column.

use anyhow::{anyhow, bail};

use super::column::Column;
use super::headings::HeadingStyle;
use crate::text::shorten::shorten;
use crate::text::similar::similar;

/// An option that names columns.
pub(super) struct ColumnOption {
    name: &'static str,
    /// The next step if a column is unknown.
    hint: &'static str,
}

pub(super) const COLUMNS: ColumnOption = ColumnOption {
    name: "--columns",
    hint: "see --list-columns",
};

pub(super) const SORT: ColumnOption = ColumnOption {
    name: "--sort",
    hint: "`export --list-columns` lists the columns",
};

impl ColumnOption {
    /// Parses comma-separated lists. An item with a comma is written in double quotes, as in CSV.
    /// Fails if lists are given but have no items.
    pub(super) fn parse_lists(&self, lists: &[String]) -> anyhow::Result<Vec<String>> {
        let mut items = Vec::new();
        for list in lists {
            let mut reader = csv::ReaderBuilder::new()
                .has_headers(false)
                .from_reader(list.as_bytes());
            for record in reader.records() {
                items.extend(record?.iter().map(|item| item.trim().to_owned()));
            }
        }
        items.retain(|item| !item.is_empty());
        if items.is_empty() && !lists.is_empty() {
            bail!("{} is empty", self.name);
        }
        Ok(items)
    }

    /// The error for a name without a column, with a suggestion.
    pub(super) fn unknown_column(&self, name: &str, all: &[Column]) -> anyhow::Error {
        let hint = match similar_column(name, all) {
            Some(meant) => format!("did you mean {}?", shorten(meant)),
            None => self.hint.to_owned(),
        };
        anyhow!("{}: no such column {}; {hint}", self.name, shorten(name))
    }
}

/// The name of the column that an unknown `name` probably means: a column with that short heading,
/// else with that last name, else that name in another case, else a similar name, else a similar
/// last name.
fn similar_column<'c>(name: &str, all: &'c [Column]) -> Option<&'c str> {
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
