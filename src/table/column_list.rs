//! Which columns leave, in which order and under which names: what `--columns` says, applied to the columns that there are.

use std::collections::{HashMap, HashSet};

use anyhow::{anyhow, bail};
use globset::{Glob, GlobMatcher};

use super::column::{Column, Columns, Holds};
use crate::pointer;
use crate::similar::similar;

/// What is asked for; nothing means all columns.
///
/// Each item is a name, a glob (`lead.*`), an object that stands for its members (`lead`), one of these with a minus before it (left out,
/// wherever it stands in the list, and all that reads like it), or `name=Header`. A name that holds a comma stands in double quotes, as in CSV.
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

    /// The columns that may be taken.
    #[must_use]
    pub fn candidates(&self) -> Candidates {
        let taken = self.items.iter().filter(|item| left_out(item).is_none());
        let taken = taken.flat_map(|item| readings(item));
        let left_out = self.items.iter().filter_map(|item| left_out(item));
        Candidates {
            taken: taken.map(Pattern::new).collect(),
            left_out: left_out.map(Pattern::new).collect(),
        }
    }

    /// Those of `all` columns so far that may be asked for: first those that are if no others come, in their order.
    #[must_use]
    pub fn so_far(&self, all: Vec<Column>) -> Vec<Column> {
        if self.is_all() {
            return all;
        }
        let mut columns = self.pick(&all, true).unwrap_or_default();
        let taken: HashSet<usize> = columns.iter().map(|column| column.number).collect();
        let candidates = self.candidates();
        let others = (all.into_iter())
            .filter(|column| !taken.contains(&column.number) && candidates.have(&column.path));
        columns.extend(others);
        columns
    }

    /// The columns asked for, of `all` that there are, in the order asked for. An error says which name there is none of, and which may have been
    /// meant; but where there are no rows (`is_empty`), a name that no column has is an empty column.
    pub fn of(&self, all: Vec<Column>, is_empty: bool) -> anyhow::Result<Vec<Column>> {
        if self.is_all() {
            return Ok(all);
        }
        self.pick(&all, is_empty)
    }

    fn pick(&self, all: &[Column], is_empty: bool) -> anyhow::Result<Vec<Column>> {
        let mut picked = Picked::default();
        let mut only_left_out = true;
        for item in &self.items {
            if let Some(name) = left_out(item) {
                let pattern = Pattern::new(name);
                let is_any = all.iter().any(|column| pattern.fits(&column.path));
                if is_any || is_empty && is_name(name) {
                    continue;
                }
                return Err(unknown(name, all));
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
        let candidates = self.candidates();
        let is_left_out = |column: &&Column| candidates.are_without(&column.path);
        let left_out: HashSet<usize> = (all.iter().filter(is_left_out))
            .map(|column| column.number)
            .collect();
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

/// The columns that a list may take, whatever others there turn out to be: that can be said of each of them before the next one is known.
#[derive(Debug, Default)]
pub struct Candidates {
    /// Nothing stands for all.
    taken: Vec<Pattern>,
    left_out: Vec<Pattern>,
}

impl Candidates {
    /// Adds to `have`, for each of the `columns` from number `first` on that it does not tell of yet, whether it may be taken.
    pub fn tell(&self, columns: &Columns, first: usize, have: &mut Vec<bool>) {
        let are_all = self.taken.is_empty() && self.left_out.is_empty();
        let new = first + have.len()..columns.count();
        have.extend(
            new.map(|number| are_all || self.have(&pointer::names(columns.pointer(number)))),
        );
    }

    /// Whether the column with this path may be taken.
    fn have(&self, path: &[String]) -> bool {
        let is_asked_for = self.taken.is_empty() || self.taken.iter().any(|name| name.fits(path));
        is_asked_for && !self.are_without(path)
    }

    fn are_without(&self, path: &[String]) -> bool {
        self.left_out.iter().any(|name| name.fits(path))
    }
}

/// A name in the list: that of a column, of an object that stands for its members, or a glob.
#[derive(Debug)]
struct Pattern {
    name: String,
    object: Vec<String>,
    glob: Option<GlobMatcher>,
}

impl Pattern {
    fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            object: name.split('.').map(str::to_owned).collect(),
            glob: Glob::new(name).ok().map(|glob| glob.compile_matcher()),
        }
    }

    /// Whether it may stand for the column with this path, which may be named by its pointer too.
    fn fits(&self, path: &[String]) -> bool {
        let pointer =
            (path.iter()).fold(String::new(), |parent, name| pointer::child(&parent, name));
        let names = [path.join("."), pointer];
        let is_it = |name: &String| {
            *name == self.name || self.glob.as_ref().is_some_and(|glob| glob.is_match(name))
        };
        is_below(path, &self.object) || names.iter().any(is_it)
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

/// What the item leaves out, if it does. Always: what a body calls its members must not turn it into the contrary.
fn left_out(item: &str) -> Option<&str> {
    item.strip_prefix('-')
}

/// The names that `name=Header` may begin with, and itself.
fn readings(item: &str) -> impl Iterator<Item = &str> {
    let names = item.match_indices('=').map(|(at, _)| &item[..at]);
    names.chain([item])
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
    let Pattern { object, glob, .. } = Pattern::new(name);
    let mut found = matches(&|column| column.name == name || is_below(&column.path, &object));
    if found.is_empty()
        && let Some(glob) = glob
    {
        found = matches(&|column| glob.is_match(&column.name));
    }
    if found.is_empty() && !(is_empty && is_name(name)) {
        return Err(unknown(name, all));
    }
    Ok(found)
}

/// Whether what has this path stands in the object.
fn is_below(path: &[String], object: &[String]) -> bool {
    path.len() > object.len() && path.starts_with(object)
}

/// Whether it is a name, and no glob.
fn is_name(name: &str) -> bool {
    !name.contains(['*', '?', '[', '{'])
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
            ColumnList::read(&[list.to_owned()]).and_then(|chosen| chosen.of(all(), false));
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
    fn what_is_taken_was_a_candidate_whatever_else_there_is() {
        let lists = [
            "status,id",
            "lead",
            "lead.n*,*",
            "-lead,-*.status",
            "*,id=Call,-lead",
            "extracted_variables.a=b,extracted_variables.a=b=c",
            "/lead/id,[s]tatus",
            "*status",
        ];
        for list in lists {
            let list = ColumnList::read(&[list.to_owned()]).expect("a list");
            let candidates = list.candidates();
            // Some of the columns, in any combination.
            for there in 1_u32..1 << all().len() {
                let mut columns = all();
                columns.retain(|column| there & 1 << column.number != 0);
                let taken = list.of(columns.clone(), true).unwrap_or_default();
                for column in &columns {
                    let is_taken = taken.iter().any(|other| other.number == column.number);
                    assert!(!is_taken || candidates.have(&column.path));
                }
            }
        }
        let list = ColumnList::read(&["id,lead,-lead.name".to_owned()]).expect("a list");
        let paths = all().into_iter().map(|column| column.path);
        let have: Vec<bool> = paths.map(|path| list.candidates().have(&path)).collect();
        assert_eq!(have, [true, false, false, false, true, false]);
    }

    #[test]
    fn no_name_in_a_body_turns_what_is_left_out_into_what_is_taken() {
        let mut columns = all();
        columns[0].name = "-lead".to_owned();
        columns[0].path = vec!["-lead".to_owned()];
        let taken = |list: &str| {
            let list = ColumnList::read(&[list.to_owned()]).expect("a list");
            let taken = list.of(columns.clone(), false).expect("columns");
            let names: Vec<String> = taken.into_iter().map(|column| column.name).collect();
            names.join(" ")
        };
        assert_eq!(
            taken("-lead"),
            "-lead status extracted_variables.a=b extracted_variables.status"
        );
        assert_eq!(taken("[-]lead"), "-lead");
    }

    #[test]
    fn where_there_are_no_rows_a_name_is_an_empty_column() {
        let list = ColumnList::read(&["id,extracted_variables.nps=NPS".to_owned()]);
        let columns = list.and_then(|list| list.of(all(), true)).expect("columns");
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
