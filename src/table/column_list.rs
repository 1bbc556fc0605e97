//! Applies `--columns` to the columns of a table: selects, orders and renames them.

use std::collections::{HashMap, HashSet};

use anyhow::bail;

use super::absent_column::{
    AbsentEffect, AbsentNames, VariableName, describe_absent, is_similar_to_column,
};
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
///
/// In a table of calls, the name of a variable that no call has is an empty column. A glob or an
/// object of which no call has a variable means no column, except that `name=Header` always means
/// one.
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
            let mut is_candidate = Vec::new();
            self.candidates()
                .extend_flags(columns, 0, &mut is_candidate);
            available.retain(|column| {
                !columns.is_undeclared(column.number) || is_candidate[column.number]
            });
        }
        available
    }

    /// True if the list may select a member of the object at `path` that is neither documented nor
    /// declared, whether the input has one or not.
    #[must_use]
    pub(crate) fn may_have_undeclared(&self, path: &[String], columns: &Columns) -> bool {
        let any_name = [path, &["\u{1}".to_owned()]].concat();
        if self.candidates().contains(&any_name) {
            return true;
        }
        let object = path.join(".") + ".";
        let known = columns.in_output_order();
        let is_known = |name: &str| {
            let column = known.iter().find(|column| column.name == name);
            column.is_some_and(|column| !columns.is_undeclared(column.number))
        };
        let items = self.items.iter();
        let mut included = items.filter(|item| excluded_name(item).is_none());
        included.any(|item| {
            let is_inside = !path.is_empty() && item.starts_with(&object);
            is_inside && (!is_name(item) || !possible_names(item).any(is_known))
        })
    }

    /// The first extracted variable that the list selects by name and `declared` does not have, as
    /// it is written.
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
            (!known).then_some(name)
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
        let picked = self.pick(&all, AbsentNames::Accepted);
        let mut columns = picked.map_or_else(|_| Vec::new(), |selected| selected.columns);
        let picked: HashSet<usize> = columns.iter().map(|column| column.number).collect();
        let candidates = self.candidates();
        let remaining = (all.into_iter())
            .filter(|column| !picked.contains(&column.number) && candidates.contains(&column.path));
        columns.extend(remaining);
        columns
    }

    /// The selected columns of a table with the columns `all`, in the order of the list and renamed
    /// as it says. Fails if a name matches no column and is not one of the `absent` names, with a
    /// suggestion.
    pub(crate) fn resolve(
        &self,
        all: Vec<Column>,
        absent: AbsentNames,
    ) -> anyhow::Result<SelectedColumns> {
        if self.is_all() {
            return Ok(SelectedColumns {
                columns: all,
                notes: Vec::new(),
            });
        }
        self.pick(&all, absent)
    }

    /// Implements [`Self::resolve`] for a list that selects anything but all columns.
    fn pick(&self, all: &[Column], absent: AbsentNames) -> anyhow::Result<SelectedColumns> {
        let candidates = self.candidates();
        let mut picker = ColumnPicker::new(all, absent);
        let mut has_only_exclusions = true;
        for item in &self.items {
            if let Some(name) = excluded_name(item) {
                picker.check_excluded(name)?;
                continue;
            }
            has_only_exclusions = false;
            let (name, header) = name_and_header(item, all);
            let header = header.filter(|header| !header.is_empty());
            let found = match (header, index_of(name, all)) {
                (Some(_), Some(index)) => vec![index],
                _ => matching_indices(name, all),
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
                picker.add_absent(name, header, &candidates)?;
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
        let is_excluded = |column: &&Column| candidates.excludes(&column.path);
        let excluded: HashSet<usize> = (all.iter().filter(is_excluded))
            .map(|column| column.number)
            .collect();
        let mut selected = picker.selected;
        let columns = &mut selected.columns;
        columns.retain(|column| !excluded.contains(&column.number));
        if columns.is_empty() {
            if self.items.iter().any(|item| excluded_name(item).is_some()) {
                bail!("--columns excludes all columns");
            }
            bail!("--columns selects no column: no call has such a variable");
        }
        let mut headers = HashSet::new();
        if let Some(repeated) = columns.iter().find(|column| !headers.insert(&column.name)) {
            bail!(
                "--columns: two columns would have the header `{}`",
                shorten(&repeated.name)
            );
        }
        Ok(selected)
    }
}

/// The columns that a list selects.
#[derive(Debug, Default)]
pub(crate) struct SelectedColumns {
    pub(crate) columns: Vec<Column>,
    /// Messages about names of the list that no call has, one per name.
    pub(crate) notes: Vec<String>,
}

/// Collects selected columns, each once.
struct ColumnPicker<'c> {
    all: &'c [Column],
    absent: AbsentNames,
    selected: SelectedColumns,
    /// Maps a column number to its index in the selected columns.
    indices: HashMap<usize, usize>,
    /// Maps an absent name to the number of its column.
    absent_numbers: HashMap<String, usize>,
}

impl<'c> ColumnPicker<'c> {
    fn new(all: &'c [Column], absent: AbsentNames) -> Self {
        Self {
            all,
            absent,
            selected: SelectedColumns::default(),
            indices: HashMap::new(),
            absent_numbers: HashMap::new(),
        }
    }

    /// Adds the column unless it is selected already, and renames it if `header` is given.
    fn add(&mut self, column: &Column, header: Option<&str>) {
        let columns = &mut self.selected.columns;
        let index = *self.indices.entry(column.number).or_insert_with(|| {
            columns.push(column.clone());
            columns.len() - 1
        });
        if let Some(header) = header {
            let column = &mut columns[index];
            header.clone_into(&mut column.name);
            column.path = vec![header.to_owned()];
            column.is_renamed = true;
        }
    }

    /// Adds an empty column for a name that no column has, unless the list excludes it. A glob, or
    /// an object, has a column only if it has a header. Fails if the name must not be absent.
    fn add_absent(
        &mut self,
        name: &str,
        header: Option<&str>,
        candidates: &CandidateFilter,
    ) -> anyhow::Result<()> {
        let variable = VariableName::parse(name);
        let path = match variable {
            Some(variable) => variable.path(),
            None => name.split('.').map(str::to_owned).collect(),
        };
        let is_object = variable.is_some_and(VariableName::is_object);
        let has_column = header.is_some() || is_name(name) && !is_object;
        let is_exported = has_column && !candidates.excludes(&path);
        let effect = if is_exported {
            AbsentEffect::EmptyColumn
        } else {
            AbsentEffect::NoColumn
        };
        self.note_absent(name, effect)?;
        if is_exported {
            // Absent columns are numbered down from the maximum, to differ from existing ones.
            let next = usize::MAX - self.absent_numbers.len();
            let number = *self.absent_numbers.entry(name.to_owned()).or_insert(next);
            let column = Column {
                number,
                name: name.to_owned(),
                path,
                column_type: ColumnType::Any,
                cell_type: CellType::Text,
                is_renamed: false,
                heading_style: HeadingStyle::Full,
            };
            self.add(&column, header);
        }
        Ok(())
    }

    /// Fails if no column matches `name`, which the list excludes, and it must not be absent.
    fn check_excluded(&mut self, name: &str) -> anyhow::Result<()> {
        let pattern = ColumnPattern::new(name);
        let mut names = self.all.iter().map(|column| PathNames::new(&column.path));
        if names.any(|names| pattern.matches(&names)) {
            return Ok(());
        }
        // Otherwise the column that a misspelled name means would be exported.
        if is_similar_to_column(name, self.all) {
            return Err(COLUMNS.unknown_column(name, self.all));
        }
        self.note_absent(name, AbsentEffect::NoExclusion)
    }

    /// Notes that no column matches `name`, once. Fails if it must not be absent. In a table
    /// without rows there is nothing to note, because all variables are absent.
    fn note_absent(&mut self, name: &str, effect: AbsentEffect) -> anyhow::Result<()> {
        match self.absent {
            AbsentNames::Accepted => return Ok(()),
            AbsentNames::Variables if VariableName::parse(name).is_some() => {}
            _ => return Err(COLUMNS.unknown_column(name, self.all)),
        }
        let note = describe_absent(name, effect, self.all);
        let notes = &mut self.selected.notes;
        if !notes.contains(&note) {
            notes.push(note);
        }
        Ok(())
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
/// members of the object, or else the matches of the glob.
fn matching_indices(name: &str, all: &[Column]) -> Vec<usize> {
    let matches = |test: &dyn Fn(&Column) -> bool| -> Vec<usize> {
        let columns = all.iter().enumerate();
        columns
            .filter(|(_, column)| test(column))
            .map(|(index, _)| index)
            .collect()
    };
    let ColumnPattern { object, glob, .. } = ColumnPattern::new(name);
    let found = matches(&|column| column.name == name || pointer::is_inside(&column.path, &object));
    match glob {
        Some(glob) if found.is_empty() => matches(&|column| glob.is_match(&column.name)),
        _ => found,
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
            column_type: ColumnType::Any,
            cell_type: CellType::Text,
            is_renamed: false,
            heading_style: HeadingStyle::Full,
        };
        names.iter().enumerate().map(column).collect()
    }

    fn resolve_list(list: &str) -> Result<String, String> {
        resolve_with(list, AbsentNames::Variables)
    }

    fn resolve_with(list: &str, absent: AbsentNames) -> Result<String, String> {
        let columns =
            ColumnList::parse(&[list.to_owned()]).and_then(|list| list.resolve(all(), absent));
        let names = |selected: SelectedColumns| {
            let columns = selected.columns.into_iter();
            columns
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
                let selected = list.resolve(columns.clone(), AbsentNames::Accepted);
                let selected = selected.unwrap_or_default();
                for column in &columns {
                    let is_selected = selected.columns.iter().any(|s| s.number == column.number);
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
            let selected = list.resolve(columns.clone(), AbsentNames::Variables);
            let columns = selected.expect("columns").columns.into_iter();
            let names: Vec<String> = columns.map(|column| column.name).collect();
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
        let resolve = |list| resolve_with(list, AbsentNames::Accepted);
        assert_eq!(resolve("id,nps=NPS,-x").as_deref(), Ok("id NPS"));
        assert_eq!(resolve("id,lead.x.y,x*").as_deref(), Ok("id lead.x.y"));
        assert_eq!(resolve("id,lead.variables").as_deref(), Ok("id"));
    }

    #[test]
    fn a_variable_that_no_call_has_is_an_empty_column_with_a_note() {
        let note = |name: &str| format!("no call has {name}; its column is empty");
        for (list, columns, notes) in [
            (
                "extracted_variables.nps,id",
                "extracted_variables.nps id",
                vec![note("extracted_variables.nps")],
            ),
            (
                "id,lead.variables.a.b=B,lead.variables.a.b",
                "id B",
                vec![note("lead.variables.a.b")],
            ),
            // The first `=` ends an absent name.
            (
                "id,input_variables.x=y=z",
                "id y=z",
                vec![note("input_variables.x")],
            ),
            (
                "id,-extracted_variables.nps,extracted_variables.nps",
                "id",
                vec![
                    "no call has extracted_variables.nps to exclude".to_owned(),
                    "no call has extracted_variables.nps".to_owned(),
                ],
            ),
            (
                "id,extracted_variables.nps,extracted_variables.nps=N,-input_variables",
                "id N",
                vec![
                    note("extracted_variables.nps"),
                    "no call has variables in input_variables to exclude".to_owned(),
                ],
            ),
            (
                "id,extracted_variables.n*,lead.variables",
                "id",
                vec![
                    "no call has a variable that matches extracted_variables.n*".to_owned(),
                    "no call has variables in lead.variables".to_owned(),
                ],
            ),
            (
                "id,extracted_variables.n*=N",
                "id N",
                vec![
                    "no call has a variable that matches extracted_variables.n*; its column is empty"
                        .to_owned(),
                ],
            ),
        ] {
            let parsed = ColumnList::parse(&[list.to_owned()]).expect("a list");
            let selected = parsed.resolve(all(), AbsentNames::Variables);
            assert_eq!(selected.expect("columns").notes, notes, "{list}");
            assert_eq!(resolve_list(list).as_deref(), Ok(columns), "{list}");
        }
    }

    #[test]
    fn tables_other_than_that_of_calls_have_no_variables() {
        assert_eq!(
            resolve_with("id,input_variables.x", AbsentNames::Rejected),
            Err("--columns: no such column input_variables.x; see --list-columns".to_owned())
        );
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
            (
                "input_variables",
                "--columns selects no column: no call has such a variable",
            ),
        ];
        for (list, expected) in cases {
            assert_eq!(resolve_list(list), Err(expected.to_owned()), "{list}");
        }
    }
}
