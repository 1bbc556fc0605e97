//! Applies `--columns` to the columns of a table: selects, orders and renames them.

use std::collections::{HashMap, HashSet};

use anyhow::bail;

use super::candidate_filter::{CandidateFilter, ColumnPattern, PathNames, is_name};
use super::cell_type::CellType;
use super::column::{Column, ColumnType, Columns};
use super::column_options::COLUMNS;
use super::headings::HeadingStyle;
use crate::contract::declared_variables::DeclaredVariables;
use crate::json::pointer;
use crate::text::shorten::shorten;

/// The requested columns; an empty list means all columns.
///
/// An item is one of:
///
/// - a column name;
/// - a glob (`lead.*`);
/// - an object, which means all its members (`lead`);
/// - one of these after a minus: all columns that it matches are excluded, wherever the item is in
///   the list;
/// - `name=Header`, which renames a column.
///
/// A name with a comma is written in double quotes, as in CSV.
#[derive(Clone, Debug, Default)]
pub(crate) struct ColumnList {
    items: Vec<String>,
    /// True if columns that are neither documented nor declared are left out.
    only_declared: bool,
}

impl ColumnList {
    /// Parses comma-separated lists. Fails if lists are given but have no items.
    pub(crate) fn parse(lists: &[String]) -> anyhow::Result<Self> {
        let items = COLUMNS.parse_lists(lists)?;
        Ok(Self {
            items,
            only_declared: false,
        })
    }

    /// The list without columns that are neither documented nor declared, if `only_declared`.
    #[must_use]
    pub(crate) fn with_only_declared(self, only_declared: bool) -> Self {
        Self {
            only_declared,
            ..self
        }
    }

    /// True if columns that are neither documented nor declared are left out.
    #[must_use]
    pub(crate) fn has_only_declared(&self) -> bool {
        self.only_declared
    }

    /// The columns of `columns` that the list can select from, in output order.
    #[must_use]
    pub(crate) fn available(&self, columns: &Columns) -> Vec<Column> {
        let mut available = columns.in_output_order();
        if self.only_declared {
            available.retain(|column| !columns.is_undeclared(column.number));
        }
        available
    }

    /// The first extracted variable that the list selects by name and `declared` does not have.
    #[must_use]
    pub(crate) fn undeclared_variable(&self, declared: &DeclaredVariables) -> Option<&str> {
        const PREFIX: &str = "extracted_variables.";
        let selected = self.items.iter();
        let mut selected = selected.filter(|item| excluded_name(item).is_none() && is_name(item));
        selected.find_map(|item| {
            let is_declared = |name: &str| {
                let name = name.strip_prefix(PREFIX);
                name.is_none_or(|name| declared.expects(name))
            };
            let name = item.split('=').next().unwrap_or(item);
            let known = possible_names(item).any(is_declared);
            if known {
                None
            } else {
                name.strip_prefix(PREFIX)
            }
        })
    }

    /// True if all columns are requested unchanged.
    #[must_use]
    pub(crate) fn is_all(&self) -> bool {
        self.items.is_empty()
    }

    /// The filter for columns that this list may select.
    #[must_use]
    pub(crate) fn candidates(&self) -> CandidateFilter {
        let included = self
            .items
            .iter()
            .filter(|item| excluded_name(item).is_none());
        let included = included.flat_map(|item| possible_names(item));
        let excluded = self.items.iter().filter_map(|item| excluded_name(item));
        CandidateFilter::new(included, excluded, self.only_declared)
    }

    /// The order of the columns while more may still be found: first those that the list selects
    /// from the columns found so far, then all other candidates.
    #[must_use]
    pub(crate) fn provisional(&self, all: Vec<Column>) -> Vec<Column> {
        if self.is_all() {
            return all;
        }
        let mut columns = self.pick(&all, true).unwrap_or_default();
        let picked: HashSet<usize> = columns.iter().map(|column| column.number).collect();
        let candidates = self.candidates();
        let remaining = (all.into_iter())
            .filter(|column| !picked.contains(&column.number) && candidates.contains(&column.path));
        columns.extend(remaining);
        columns
    }

    /// The selected columns of a table with the columns `all`, in the order of the list and renamed
    /// as it says. Fails if a name matches no column, with a suggestion. In a table without rows
    /// (`has_no_rows`), an unmatched name is an empty column instead.
    pub(crate) fn resolve(
        &self,
        all: Vec<Column>,
        has_no_rows: bool,
    ) -> anyhow::Result<Vec<Column>> {
        if self.is_all() {
            return Ok(all);
        }
        self.pick(&all, has_no_rows)
    }

    /// Implements [`Self::resolve`] for a list that selects anything but all columns.
    fn pick(&self, all: &[Column], has_no_rows: bool) -> anyhow::Result<Vec<Column>> {
        let mut picker = ColumnPicker::default();
        let mut has_only_exclusions = true;
        for item in &self.items {
            if let Some(name) = excluded_name(item) {
                let pattern = ColumnPattern::new(name);
                let mut names = all.iter().map(|column| PathNames::new(&column.path));
                let has_match = names.any(|names| pattern.matches(&names));
                if has_match || has_no_rows && is_name(name) {
                    continue;
                }
                return Err(COLUMNS.unknown_column(name, all));
            }
            has_only_exclusions = false;
            let (name, header) = name_and_header(item, all);
            let header = header.filter(|header| !header.is_empty());
            let found = match (header, index_of(name, all)) {
                (Some(_), Some(index)) => vec![index],
                _ => matching_indices(name, all, has_no_rows)?,
            };
            if header.is_some() && found.len() > 1 {
                bail!(
                    "--columns {}: {} matches {} columns, which cannot share one header",
                    shorten(item),
                    shorten(name),
                    found.len()
                );
            }
            if found.is_empty() {
                picker.add_absent(name, header);
            }
            for index in found {
                picker.add(&all[index], header);
            }
        }
        if has_only_exclusions {
            for column in all {
                picker.add(column, None);
            }
        }
        let candidates = self.candidates();
        let is_excluded = |column: &&Column| candidates.excludes(&column.path);
        let excluded: HashSet<usize> = (all.iter().filter(is_excluded))
            .map(|column| column.number)
            .collect();
        let mut columns = picker.columns;
        columns.retain(|column| !excluded.contains(&column.number));
        if columns.is_empty() {
            bail!("--columns excludes all columns");
        }
        let mut headers = HashSet::new();
        if let Some(repeated) = columns.iter().find(|column| !headers.insert(&column.name)) {
            bail!(
                "--columns: two columns would have the header `{}`",
                shorten(&repeated.name)
            );
        }
        Ok(columns)
    }
}

/// Collects selected columns, each once.
#[derive(Default)]
struct ColumnPicker {
    columns: Vec<Column>,
    /// Maps a column number to its index in `columns`.
    indices: HashMap<usize, usize>,
}

impl ColumnPicker {
    /// Adds the column unless it is selected already, and renames it if `header` is given.
    fn add(&mut self, column: &Column, header: Option<&str>) {
        let index = *self.indices.entry(column.number).or_insert_with(|| {
            self.columns.push(column.clone());
            self.columns.len() - 1
        });
        if let Some(header) = header {
            let column = &mut self.columns[index];
            header.clone_into(&mut column.name);
            column.path = vec![header.to_owned()];
            column.is_renamed = true;
        }
    }

    /// Adds a column that no row has a value for.
    fn add_absent(&mut self, name: &str, header: Option<&str>) {
        let column = Column {
            // Absent columns are numbered down from the maximum, to differ from existing ones.
            number: usize::MAX - self.columns.len(),
            name: name.to_owned(),
            path: name.split('.').map(str::to_owned).collect(),
            column_type: ColumnType::Any,
            cell_type: CellType::Text,
            is_renamed: false,
            heading_style: HeadingStyle::Full,
        };
        self.add(&column, header);
    }
}

fn index_of(name: &str, all: &[Column]) -> Option<usize> {
    all.iter().position(|column| column.name == name)
}

fn has_column(name: &str, all: &[Column]) -> bool {
    index_of(name, all).is_some()
}

/// The name that the item excludes, if it starts with a minus. This holds even if a column's own
/// name starts with a minus: a name in a body must never turn an exclusion into a selection.
fn excluded_name(item: &str) -> Option<&str> {
    item.strip_prefix('-')
}

/// All possible names in `name=Header`: names may contain `=`, so each `=` may end the name.
fn possible_names(item: &str) -> impl Iterator<Item = &str> {
    let names = item.match_indices('=').map(|(at, _)| &item[..at]);
    names.chain([item])
}

/// Splits `name=Header`. Because a name may contain `=`, the longest existing name wins.
fn name_and_header<'i>(item: &'i str, all: &[Column]) -> (&'i str, Option<&'i str>) {
    if has_column(item, all) {
        return (item, None);
    }
    let splits: Vec<_> = item
        .match_indices('=')
        .map(|(at, _)| (&item[..at], &item[at + 1..]))
        .collect();
    let known = splits.iter().rev().find(|(name, _)| has_column(name, all));
    match known.or(splits.first()) {
        Some((name, header)) => (name, Some(header)),
        None => (item, None),
    }
}

/// Indices in `all` of the columns that `name` means, in ascending order: the column itself and the
/// members of the object, or else the matches of the glob. No match is an error, unless the table
/// has no rows and `name` is not a glob.
fn matching_indices(name: &str, all: &[Column], has_no_rows: bool) -> anyhow::Result<Vec<usize>> {
    let matches = |test: &dyn Fn(&Column) -> bool| -> Vec<usize> {
        let columns = all.iter().enumerate();
        columns
            .filter(|(_, column)| test(column))
            .map(|(index, _)| index)
            .collect()
    };
    let ColumnPattern { object, glob, .. } = ColumnPattern::new(name);
    let mut found =
        matches(&|column| column.name == name || pointer::is_inside(&column.path, &object));
    if found.is_empty()
        && let Some(glob) = glob
    {
        found = matches(&|column| glob.is_match(&column.name));
    }
    if found.is_empty() && !(has_no_rows && is_name(name)) {
        return Err(COLUMNS.unknown_column(name, all));
    }
    Ok(found)
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
            column_type: ColumnType::Any,
            cell_type: CellType::Text,
            is_renamed: false,
            heading_style: HeadingStyle::Full,
        };
        names.iter().enumerate().map(column).collect()
    }

    fn resolve_list(list: &str) -> Result<String, String> {
        let columns =
            ColumnList::parse(&[list.to_owned()]).and_then(|list| list.resolve(all(), false));
        let names = |columns: Vec<Column>| {
            columns
                .into_iter()
                .map(|column| column.name)
                .collect::<Vec<_>>()
                .join(" ")
        };
        columns.map(names).map_err(|error| error.to_string())
    }

    #[test]
    fn columns_are_in_the_requested_order() {
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
            assert_eq!(resolve_list(list).as_deref(), Ok(expected), "{list}");
        }
    }

    #[test]
    fn selected_columns_are_candidates_in_every_combination() {
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
            let list = ColumnList::parse(&[list.to_owned()]).expect("a list");
            let candidates = list.candidates();
            // Every subset of the columns.
            for subset in 1_u32..1 << all().len() {
                let mut columns = all();
                columns.retain(|column| subset & 1 << column.number != 0);
                let selected = list.resolve(columns.clone(), true).unwrap_or_default();
                for column in &columns {
                    let is_selected = selected.iter().any(|s| s.number == column.number);
                    assert!(!is_selected || candidates.contains(&column.path));
                }
            }
        }
        let list = ColumnList::parse(&["id,lead,-lead.name".to_owned()]).expect("a list");
        let paths = all().into_iter().map(|column| column.path);
        let flags: Vec<bool> = paths
            .map(|path| list.candidates().contains(&path))
            .collect();
        assert_eq!(flags, [true, false, false, false, true, false]);
    }

    #[test]
    fn a_name_in_a_body_never_turns_an_exclusion_into_a_selection() {
        let mut columns = all();
        columns[0].name = "-lead".to_owned();
        columns[0].path = vec!["-lead".to_owned()];
        let selected = |list: &str| {
            let list = ColumnList::parse(&[list.to_owned()]).expect("a list");
            let columns = list.resolve(columns.clone(), false).expect("columns");
            let names: Vec<String> = columns.into_iter().map(|column| column.name).collect();
            names.join(" ")
        };
        assert_eq!(
            selected("-lead"),
            "-lead status extracted_variables.a=b extracted_variables.status"
        );
        assert_eq!(selected("[-]lead"), "-lead");
    }

    #[test]
    fn without_rows_an_unmatched_name_is_an_empty_column() {
        let list = ColumnList::parse(&["id,extracted_variables.nps=NPS".to_owned()]);
        let columns = list
            .and_then(|list| list.resolve(all(), true))
            .expect("columns");
        let names = columns.iter().map(|column| column.name.as_str());
        assert!(names.eq(["id", "NPS"]));
    }

    #[test]
    fn unknown_columns_are_reported_with_a_suggestion() {
        let cases = [
            (
                "statuss",
                "--columns: no such column statuss; did you mean status?",
            ),
            (
                "name",
                "--columns: no such column name; did you mean lead.name?",
            ),
            ("ID", "--columns: no such column ID; did you mean id?"),
            ("x.*", "--columns: no such column x.*; see --list-columns"),
            (
                "-phone",
                "--columns: no such column phone; see --list-columns",
            ),
            (
                "lead=L",
                "--columns lead=L: lead matches 2 columns, which cannot share one header",
            ),
            (
                "id=status,status",
                "--columns: two columns would have the header `status`",
            ),
            (",", "--columns is empty"),
            ("-*", "--columns excludes all columns"),
        ];
        for (list, expected) in cases {
            assert_eq!(resolve_list(list), Err(expected.to_owned()), "{list}");
        }
    }
}
