//! Which columns leave, in which order and under which names: what `--columns` says, applied to the columns that there are.

use std::collections::{HashMap, HashSet};

use anyhow::{anyhow, bail};
use globset::{Glob, GlobMatcher};

use super::column::{Column, Holds};
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
    /// meant; but where there are no rows (`is_empty`), a name that no column has is an empty column.
    pub fn of(&self, all: &[Column], is_empty: bool) -> anyhow::Result<Vec<Column>> {
        let mut picked = Picked::default();
        let mut left_out = HashSet::new();
        let mut only_left_out = true;
        for item in &self.items {
            if let Some(name) = item.strip_prefix('-').filter(|_| !is_there(item, all)) {
                left_out.extend(indices(name, all, is_empty)?);
                continue;
            }
            only_left_out = false;
            let (name, header) = name_and_header(item, all);
            let header = header.filter(|header| !header.is_empty());
            let found = match (header, index_of(name, all)) {
                (Some(_), Some(index)) => vec![index],
                _ => indices(name, all, is_empty)?,
            };
            if header.is_some() && found.len() > 1 {
                bail!(
                    "--columns {item}: {name} stands for {} columns, which can not all have one header",
                    found.len()
                );
            }
            if found.is_empty() {
                picked.absent(name, header);
            }
            for index in found {
                picked.column(&all[index], header);
            }
        }
        if only_left_out {
            for column in all {
                picked.column(column, None);
            }
        }
        let left_out: HashSet<usize> = left_out.iter().map(|index| all[*index].number).collect();
        let mut columns = picked.columns;
        columns.retain(|column| !left_out.contains(&column.number));
        if columns.is_empty() {
            bail!("--columns leaves no column");
        }
        let mut headers = HashSet::new();
        if let Some(twice) = columns.iter().find(|column| !headers.insert(&column.name)) {
            bail!(
                "--columns: two columns would have the header {}",
                twice.name
            );
        }
        Ok(columns)
    }
}

/// The columns picked so far, each once.
#[derive(Default)]
struct Picked {
    columns: Vec<Column>,
    /// Where in `columns` the column of a number is.
    places: HashMap<usize, usize>,
}

impl Picked {
    /// Adds the column if it is not there yet, and gives it the header if there is one.
    fn column(&mut self, column: &Column, header: Option<&str>) {
        let place = *self.places.entry(column.number).or_insert_with(|| {
            self.columns.push(column.clone());
            self.columns.len() - 1
        });
        if let Some(header) = header {
            let column = &mut self.columns[place];
            header.clone_into(&mut column.name);
            column.path = vec![header.to_owned()];
            column.is_renamed = true;
        }
    }

    /// Adds a column that no row has a value for.
    fn absent(&mut self, name: &str, header: Option<&str>) {
        let column = Column {
            // Counted from the other end than those that there are.
            number: usize::MAX - self.columns.len(),
            name: name.to_owned(),
            path: name.split('.').map(str::to_owned).collect(),
            holds: Holds::Anything,
            is_renamed: false,
        };
        self.column(&column, header);
    }
}

fn index_of(name: &str, all: &[Column]) -> Option<usize> {
    all.iter().position(|column| column.name == name)
}

fn is_there(name: &str, all: &[Column]) -> bool {
    index_of(name, all).is_some()
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

/// Which of `all` the `name` stands for, in their order: itself and the members of the object, or those that the glob matches. None is an error,
/// unless `is_empty` and it is a name.
fn indices(name: &str, all: &[Column], is_empty: bool) -> anyhow::Result<Vec<usize>> {
    let matches = |test: &dyn Fn(&Column) -> bool| -> Vec<usize> {
        let columns = all.iter().enumerate();
        columns
            .filter(|(_, column)| test(column))
            .map(|(index, _)| index)
            .collect()
    };
    let object: Vec<&str> = name.split('.').collect();
    let is_below = |column: &Column| {
        column.path.len() > object.len() && column.path.iter().zip(&object).all(|(a, b)| a == b)
    };
    let mut found = matches(&|column| column.name == name || is_below(column));
    if found.is_empty()
        && let Some(glob) = glob(name)
    {
        found = matches(&|column| glob.is_match(&column.name));
    }
    let is_name = !name.contains(['*', '?', '[', '{']);
    if found.is_empty() && !(is_empty && is_name) {
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
            is_renamed: false,
        };
        names.iter().enumerate().map(column).collect()
    }

    fn chosen(list: &str) -> Result<String, String> {
        let chosen =
            ColumnList::read(&[list.to_owned()]).and_then(|chosen| chosen.of(&all(), false));
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
    fn where_there_are_no_rows_a_name_is_an_empty_column() {
        let list = ColumnList::read(&["id,extracted_variables.nps=NPS".to_owned()]);
        let columns = list
            .and_then(|list| list.of(&all(), true))
            .expect("columns");
        let names = columns.iter().map(|column| column.name.as_str());
        assert!(names.eq(["id", "NPS"]));
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
