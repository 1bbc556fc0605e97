//! Sorts rows by the values of columns (`--sort`). The keys are in memory.

use std::cmp::Ordering;
use std::collections::HashSet;

use chrono::{DateTime, NaiveTime, Utc};

use super::candidate_filter::CandidateFilter;
use super::column::Column;
use super::column_options::SORT;
use super::row::{Cell, CellKind};
use super::spool::Spool;
use crate::call::variable_value::VariableValue;
use crate::json::Json;

/// The columns to sort by, the most significant one first.
#[derive(Clone, Debug, Default)]
pub(crate) struct SortOrder {
    fields: Vec<SortField>,
    /// Object whose members may be named without it: `extracted_variables`.
    object: Option<&'static str>,
}

#[derive(Clone, Debug)]
struct SortField {
    name: String,
    is_descending: bool,
}

impl SortOrder {
    /// Parses comma-separated lists of `FIELD`, `FIELD:asc` or `FIELD:desc`. A field with a comma
    /// is written in double quotes. Fails if lists are given but have no items.
    pub(crate) fn parse(lists: &[String]) -> anyhow::Result<Self> {
        let items = SORT.parse_lists(lists)?;
        Ok(Self {
            fields: items.iter().map(|item| SortField::parse(item)).collect(),
            object: None,
        })
    }

    /// Lets the members of `object` be named without it.
    #[must_use]
    pub(crate) fn with_members_of(self, object: &'static str) -> Self {
        Self {
            object: Some(object),
            ..self
        }
    }

    /// True if rows keep the order of the input.
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// The filter for columns that may be keys.
    #[must_use]
    pub(crate) fn candidates(&self) -> CandidateFilter {
        CandidateFilter::named(self.fields.iter().flat_map(|field| self.names(field)))
    }

    /// The possible column names of a field, in order of preference.
    fn names<'f>(&self, field: &'f SortField) -> impl Iterator<Item = String> + use<'f> {
        let inside = self.object.map(|object| format!("{object}.{}", field.name));
        std::iter::once(field.name.clone()).chain(inside)
    }

    /// The order of the rows of `spool`, as their indices. Rows with equal keys keep their order.
    /// Fails if a field is not one of the columns `all` of the spool, except if there are no rows.
    pub(crate) fn sort(&self, spool: &mut Spool, all: &[Column]) -> anyhow::Result<Vec<usize>> {
        if spool.rows() == 0 {
            return Ok(Vec::new());
        }
        let (columns, directions) = self.resolve(all)?;
        let count = columns.len();
        let mut keys = Vec::new();
        spool.for_each(&columns, |cells| {
            keys.extend(cells.iter().map(|cell| SortValue::read(cell.as_ref()?)));
            Ok(())
        })?;
        let key = |row: usize| keys[row * count..][..count].iter().zip(&directions);
        let mut order: Vec<usize> = (0..keys.len() / count).collect();
        order.sort_by(|left, right| {
            let pairs = key(*left).zip(key(*right));
            let mut orders = pairs.map(|((left, is_descending), (right, _))| {
                compare(left.as_ref(), right.as_ref(), *is_descending)
            });
            orders
                .find(|order| order.is_ne())
                .unwrap_or(Ordering::Equal)
        });
        Ok(order)
    }

    /// The key columns, each once, and whether each is sorted in descending order.
    fn resolve(&self, all: &[Column]) -> anyhow::Result<(Vec<Column>, Vec<bool>)> {
        let mut numbers = HashSet::new();
        let mut columns = Vec::new();
        let mut directions = Vec::new();
        for field in &self.fields {
            let mut names = self.names(field);
            let found = names.find_map(|name| all.iter().find(|column| column.name == name));
            let Some(column) = found else {
                return Err(SORT.unknown_column(&field.name, all));
            };
            if numbers.insert(column.number) {
                columns.push(column.clone());
                directions.push(field.is_descending);
            }
        }
        Ok((columns, directions))
    }
}

impl SortField {
    fn parse(item: &str) -> Self {
        let (name, is_descending) = match item.rsplit_once(':') {
            Some((name, "desc")) => (name, true),
            Some((name, "asc")) => (name, false),
            _ => (item, false),
        };
        Self {
            name: name.to_owned(),
            is_descending,
        }
    }
}

/// Orders two keys. A missing value is last in both directions.
fn compare(left: Option<&SortValue>, right: Option<&SortValue>, is_descending: bool) -> Ordering {
    match (left, right) {
        (Some(left), Some(right)) if is_descending => right.cmp(left),
        (Some(left), Some(right)) => left.cmp(right),
        (left, right) => left.is_none().cmp(&right.is_none()),
    }
}

/// A value to sort by. Values of different kinds have the order of the variants.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum SortValue {
    Boolean(bool),
    Number(SortNumber),
    Time(DateTime<Utc>),
    Text(Box<str>),
}

/// A number as JSON text, and its value if it is an integer.
#[derive(Debug)]
enum SortNumber {
    Integer(i64),
    Other(Box<str>),
}

impl SortValue {
    /// Reads a cell, with the meaning that `--var` gives to its text. A date counts as its start in
    /// UTC. Returns `None` for texts that mean no value.
    fn read(cell: &Cell) -> Option<Self> {
        if cell.kind == CellKind::Json {
            return Some(Self::Text(cell.text.as_ref().into()));
        }
        match VariableValue::from_text(cell.text.trim()) {
            VariableValue::Nothing => None,
            VariableValue::Boolean(value) => Some(Self::Boolean(value)),
            VariableValue::Number(text) => Some(Self::Number(SortNumber::read(&text))),
            VariableValue::Day(day) => Some(Self::Time(day.and_time(NaiveTime::MIN).and_utc())),
            VariableValue::Time(time) => Some(Self::Time(time.time.to_utc())),
            VariableValue::Text(_) | VariableValue::List(_) | VariableValue::Object(_) => {
                Some(Self::Text(cell.text.as_ref().into()))
            }
        }
    }
}

impl SortNumber {
    fn read(text: &str) -> Self {
        text.parse()
            .map_or_else(|_| Self::Other(text.into()), Self::Integer)
    }

    /// Calls `visit` with the number as JSON.
    fn with_json<T>(&self, visit: impl FnOnce(Json) -> T) -> T {
        match self {
            Self::Integer(integer) => visit(Json::from_well_formed(&integer.to_string())),
            Self::Other(text) => visit(Json::from_well_formed(text)),
        }
    }
}

impl Ord for SortNumber {
    /// Compares by value, however large or precise the numbers are.
    fn cmp(&self, other: &Self) -> Ordering {
        if let (Self::Integer(left), Self::Integer(right)) = (self, other) {
            return left.cmp(right);
        }
        let order = self.with_json(|left| other.with_json(|right| left.compare_numbers(right)));
        order.unwrap_or(Ordering::Equal)
    }
}

impl PartialOrd for SortNumber {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for SortNumber {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for SortNumber {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::InMemory;
    use crate::table::column::Columns;
    use crate::table::row::Rows;
    use crate::table::turns;

    /// Sorts rows of the table of turns. Returns the values of their column `turn`.
    fn sort(list: &str, rows: &[(&str, Cell<'static>)]) -> Result<Vec<String>, String> {
        let order = SortOrder::parse(&[list.to_owned()]).expect("a list");
        let columns = || Columns::with_fixed(turns::COLUMNS);
        let mut spool = Spool::new(columns(), &InMemory);
        for (turn, text) in rows {
            let mut row = Rows::default();
            let text = Some(text.clone()).filter(|cell| cell.text != "missing");
            row.push_row([None, Some(Cell::text(*turn)), None, None, text]);
            spool.push(columns(), &row).expect("memory");
        }
        let all = columns().in_output_order();
        let order = order
            .sort(&mut spool, &all)
            .map_err(|error| error.to_string())?;
        spool.reorder(&order, &InMemory).expect("memory");
        let mut found = Vec::new();
        spool
            .for_each(&all[1..2], |cells| {
                found.extend(cells[0].as_ref().map(|cell| cell.text.to_string()));
                Ok(())
            })
            .expect("memory");
        Ok(found)
    }

    fn number(text: &'static str) -> Cell<'static> {
        Cell {
            kind: CellKind::Number,
            text: text.into(),
        }
    }

    #[test]
    fn values_have_the_order_of_their_kinds_and_missing_ones_are_last() {
        let rows = [
            ("a", Cell::text("zwei")),
            ("b", number("10")),
            ("c", Cell::text("missing")),
            ("d", number("9.5")),
            ("e", Cell::text("2024-01-15T10:00:00+02:00")),
            ("f", Cell::text("2024-01-15T08:30:00Z")),
            ("g", Cell::text("Zwei")),
            ("h", number("100000000000000000000000000001")),
            ("i", number("100000000000000000000000000000")),
            ("j", Cell::text("true")),
            ("k", Cell::text("")),
            ("l", Cell::text("9")),
        ];
        let sorted = |list| sort(list, &rows).map(|turns| turns.concat());
        assert_eq!(sorted("text"), Ok("jldbihefgack".to_owned()));
        assert_eq!(sorted("text:desc"), Ok("agfehibdljck".to_owned()));
    }

    #[test]
    fn rows_with_equal_keys_keep_their_order() {
        let rows = [
            ("2", Cell::text("b")),
            ("1", Cell::text("b")),
            ("3", Cell::text("a")),
            ("2.0", Cell::text("a")),
        ];
        let sorted = |list| sort(list, &rows).map(|turns| turns.join(" "));
        assert_eq!(sorted("text"), Ok("3 2.0 2 1".to_owned()));
        assert_eq!(sorted("text:desc"), Ok("2 1 3 2.0".to_owned()));
        assert_eq!(sorted("turn"), Ok("1 2 2.0 3".to_owned()));
        assert_eq!(sorted("text:desc, turn:asc"), Ok("1 2 2.0 3".to_owned()));
    }

    #[test]
    fn unknown_fields_are_reported_with_a_suggestion() {
        let rows = [("1", Cell::text("b"))];
        let near = "--sort: no such column txet; did you mean text?";
        assert_eq!(sort("txet:desc", &rows), Err(near.to_owned()));
        let unknown = "--sort: no such column zzz; `export --list-columns` lists the columns";
        assert_eq!(sort("zzz", &rows), Err(unknown.to_owned()));
        assert_eq!(sort("nothing", &[]), Ok(Vec::new()));
        assert!(SortOrder::parse(&[" , ".to_owned()]).is_err());
    }
}
