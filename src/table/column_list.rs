//! Which columns leave, in which order and under which names: what `--columns` says, applied to the columns that there are.

use std::collections::HashSet;

use anyhow::{anyhow, bail};
use globset::{Glob, GlobMatcher};

use super::column::Column;
use crate::similar::similar;

/// What is asked for; nothing means all columns.
///
/// Each item is a name, a glob (`lead.*`), an object that stands for its members (`lead`), one of these with a minus before it (left out,
/// wherever it stands in the list), or `name=Header`. A name that holds a comma stands in double quotes, as in CSV.
#[derive(Clone, Debug, Default)]
pub struct ColumnList {
    items: Vec<String>,
}

impl ColumnList {
    /// Reads lists with commas between their items.
    pub fn read(lists: &[String]) -> anyhow::Result<Self> {
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
            bail!("--columns names no column");
        }
        Ok(Self { items })
    }

    /// Whether all columns are asked for, as they are.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.items.is_empty()
    }

    /// The columns asked for, of `all` that there are, in the order asked for. An error says which name there is none of, and which may have been
    /// meant.
    pub fn of(&self, all: &[Column]) -> anyhow::Result<Vec<Column>> {
        let mut left_out = HashSet::new();
        let mut wanted: Vec<&str> = Vec::new();
        for item in &self.items {
            match item.strip_prefix('-').filter(|_| !is_there(item, all)) {
                Some(name) => left_out.extend(numbers(name, all)?),
                None => wanted.push(item),
            }
        }
        if wanted.is_empty() {
            wanted.push("*");
        }
        let mut chosen: Vec<Column> = Vec::new();
        for item in wanted {
            let (name, header) = name_and_header(item, all);
            let numbers = match header.and_then(|_| find(name, all)) {
                Some(column) => vec![column.number],
                None => numbers(name, all)?,
            };
            if header.is_some() && numbers.len() > 1 {
                bail!(
                    "--columns {item}: {name} stands for {} columns, which can not all have one header",
                    numbers.len()
                );
            }
            for number in numbers {
                if !chosen.iter().any(|column| column.number == number) {
                    chosen.extend(all.iter().find(|column| column.number == number).cloned());
                }
                let header = header.filter(|header| !header.is_empty());
                let renamed = chosen.iter_mut().find(|column| column.number == number);
                if let (Some(header), Some(column)) = (header, renamed) {
                    header.clone_into(&mut column.name);
                    column.path = vec![header.to_owned()];
                }
            }
        }
        chosen.retain(|column| !left_out.contains(&column.number));
        if chosen.is_empty() {
            bail!("--columns leaves no column");
        }
        let mut headers = HashSet::new();
        if let Some(twice) = chosen.iter().find(|column| !headers.insert(&column.name)) {
            bail!(
                "--columns: two columns would have the header {}",
                twice.name
            );
        }
        Ok(chosen)
    }
}

fn find<'c>(name: &str, all: &'c [Column]) -> Option<&'c Column> {
    all.iter().find(|column| column.name == name)
}

fn is_there(name: &str, all: &[Column]) -> bool {
    find(name, all).is_some()
}

/// `name=Header` as its two parts. A name may hold `=` too: the longest one that there is counts.
fn name_and_header<'i>(item: &'i str, all: &[Column]) -> (&'i str, Option<&'i str>) {
    if is_there(item, all) {
        return (item, None);
    }
    let splits: Vec<_> = item
        .match_indices('=')
        .map(|(at, _)| (&item[..at], &item[at + 1..]))
        .collect();
    let known = splits.iter().rev().find(|(name, _)| is_there(name, all));
    match known.or(splits.first()) {
        Some((name, header)) => (name, Some(header)),
        None => (item, None),
    }
}

/// The numbers of the columns that `name` stands for, in their order: itself and the members of the object, or those that the glob matches.
fn numbers(name: &str, all: &[Column]) -> anyhow::Result<Vec<usize>> {
    let matches = |test: &dyn Fn(&Column) -> bool| -> Vec<usize> {
        all.iter()
            .filter(|column| test(column))
            .map(|column| column.number)
            .collect()
    };
    let members = format!("{name}.");
    let mut found =
        matches(&|column| column.name == name || column.path.join(".").starts_with(&members));
    if found.is_empty()
        && let Some(glob) = glob(name)
    {
        found = matches(&|column| glob.is_match(&column.name));
    }
    if found.is_empty() {
        return Err(unknown(name, all));
    }
    Ok(found)
}

fn glob(name: &str) -> Option<GlobMatcher> {
    Some(Glob::new(name).ok()?.compile_matcher())
}

/// Says that there is no such column, and which one may have been meant.
fn unknown(name: &str, all: &[Column]) -> anyhow::Error {
    let same_end = all
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
            .find(|column| column.path.last().is_some_and(|own| own == last));
        found.map(|column| column.name.as_str())
    };
    match same_end
        .or_else(folded)
        .or_else(|| similar(name, names))
        .or_else(short)
    {
        Some(meant) => anyhow!("--columns: there is no column {name}; did you mean {meant}?"),
        None => {
            anyhow!("--columns: there is no column {name}; --list-columns shows which there are")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::column::Holds;
    use super::*;

    fn all() -> Vec<Column> {
        let names = [
            "id",
            "status",
            "extracted_variables.a=b",
            "extracted_variables.status",
            "lead.id",
            "lead.name",
        ];
        let column = |(number, name): (usize, &&str)| Column {
            number,
            name: (*name).to_owned(),
            path: name.split('.').map(str::to_owned).collect(),
            holds: Holds::Anything,
        };
        names.iter().enumerate().map(column).collect()
    }

    fn chosen(list: &str) -> Result<String, String> {
        let chosen = ColumnList::read(&[list.to_owned()]).and_then(|chosen| chosen.of(&all()));
        let names = |columns: Vec<Column>| {
            columns
                .into_iter()
                .map(|column| column.name)
                .collect::<Vec<_>>()
                .join(" ")
        };
        chosen.map(names).map_err(|error| error.to_string())
    }

    #[test]
    fn columns_come_in_the_order_asked_for() {
        let cases = [
            ("status,id", "status id"),
            ("lead", "lead.id lead.name"),
            (
                "lead.n*,*",
                "lead.name id status extracted_variables.a=b extracted_variables.status lead.id",
            ),
            ("-lead,-*.status", "id status extracted_variables.a=b"),
            ("-id,lead,id", "lead.id lead.name"),
            ("id=Call no.,status", "Call no. status"),
            ("*,id=Call,-lead,-extracted_variables", "Call status"),
            ("extracted_variables.a=b,extracted_variables.a=b=c", "c"),
            ("\"id=Call, number\"", "Call, number"),
        ];
        for (list, expected) in cases {
            assert_eq!(chosen(list).as_deref(), Ok(expected), "{list}");
        }
    }

    #[test]
    fn what_is_not_there_is_answered_with_what_may_be_meant() {
        let cases = [
            (
                "statuss",
                "--columns: there is no column statuss; did you mean status?",
            ),
            (
                "name",
                "--columns: there is no column name; did you mean lead.name?",
            ),
            ("ID", "--columns: there is no column ID; did you mean id?"),
            (
                "x.*",
                "--columns: there is no column x.*; --list-columns shows which there are",
            ),
            (
                "-phone",
                "--columns: there is no column phone; --list-columns shows which there are",
            ),
            (
                "lead=L",
                "--columns lead=L: lead stands for 2 columns, which can not all have one header",
            ),
            (
                "id=status,status",
                "--columns: two columns would have the header status",
            ),
            (",", "--columns names no column"),
            ("-*", "--columns leaves no column"),
        ];
        for (list, expected) in cases {
            assert_eq!(chosen(list), Err(expected.to_owned()), "{list}");
        }
    }
}
