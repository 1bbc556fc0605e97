//! What the extracted variables of connected calls hold: how many are filled, and with what. Their
//! distinct values are counted exactly, in bounded memory.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::AddAssign;

use indexmap::{Equivalent, IndexMap};

use super::groups::{Groups, MAX_BYTES, MAX_VALUES, OTHER_VALUES};
use super::model::{NumberFigures, TextFigures, ValueCount, VariableFigures, VariableList};
use super::ranks;
use super::rate::{Rate, to_f64};
use super::reason::Reason;
use crate::call::Call;
use crate::call::variable_value::VariableValue;
use crate::call::variables::for_each_leaf;
use crate::json::exact_number::Number;
use crate::json::pointer;
use crate::json::{Json, Kind, plain_text};
use crate::select::filter::read_boolean;

/// Texts with more characters are free text. They are not counted by value.
const MAX_VALUE_CHARACTERS: usize = 60;

/// Texts of at least this many calls are free text if more than half of them differ.
const MIN_VARIED_CALLS: u64 = 20;

/// Number of values of a variable that are reported.
const TOP_VALUES: usize = 20;

/// Sums over the extracted variables of connected calls.
#[derive(Clone, Debug, Default)]
pub(super) struct VariableSums {
    variables: Groups<VariableSum>,
    values: Values,
}

/// Sums over the values of one variable.
#[derive(Clone, Copy, Debug, Default)]
struct VariableSum {
    yes: u64,
    no: u64,
    numbers: u64,
    /// Smallest and greatest number.
    range: Option<(f64, f64)>,
    texts: u64,
    /// Texts that are too long to be counted by value, or of several lines.
    long_texts: u64,
    /// Length of all texts in characters, and of the longest one.
    characters: u64,
    longest: u64,
    /// Lists, and objects that are nested too deeply.
    lists: u64,
}

impl AddAssign for VariableSum {
    fn add_assign(&mut self, other: Self) {
        self.yes += other.yes;
        self.no += other.no;
        self.numbers += other.numbers;
        if let Some(range) = other.range {
            self.add_range(range);
        }
        self.texts += other.texts;
        self.long_texts += other.long_texts;
        self.characters += other.characters;
        self.longest = self.longest.max(other.longest);
        self.lists += other.lists;
    }
}

impl VariableSum {
    fn add_range(&mut self, (min, max): (f64, f64)) {
        let known = self.range.unwrap_or((min, max));
        self.range = Some((known.0.min(min), known.1.max(max)));
    }

    fn add_text(&mut self, text: &str) -> bool {
        let characters = text.chars().count();
        let is_long = characters > MAX_VALUE_CHARACTERS || text.contains(['\n', '\r']);
        self.texts += 1;
        self.long_texts += u64::from(is_long);
        self.characters += characters as u64;
        self.longest = self.longest.max(characters as u64);
        !is_long
    }

    fn filled(&self) -> u64 {
        self.yes + self.no + self.numbers + self.texts + self.lists
    }
}

/// Number of calls by variable and value, in order of appearance. The limits of [`Groups`] apply to
/// all variables together, so which values are kept depends only on the order of the input.
#[derive(Clone, Debug, Default)]
struct Values {
    calls: IndexMap<VariableAndValue<Box<str>>, u64>,
    bytes: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct VariableAndValue<T> {
    /// Index of the variable.
    variable: u32,
    value: T,
}

impl Equivalent<VariableAndValue<Box<str>>> for VariableAndValue<&str> {
    fn equivalent(&self, key: &VariableAndValue<Box<str>>) -> bool {
        self.variable == key.variable && *self.value == *key.value
    }
}

impl Values {
    fn add(&mut self, variable: u32, value: &str, calls: u64) {
        if let Some(known) = self.calls.get_mut(&VariableAndValue { variable, value }) {
            *known += calls;
        } else if self.calls.len() < MAX_VALUES && self.bytes + value.len() <= MAX_BYTES {
            self.bytes += value.len();
            let value = value.into();
            (self.calls).insert(VariableAndValue { variable, value }, calls);
        } else {
            // No later value is kept: otherwise, short ones would be, in an order of their own.
            self.bytes = MAX_BYTES + 1;
        }
    }
}

impl VariableSums {
    /// Adds the variables of a connected call.
    pub(super) fn add(&mut self, call: &Call) {
        let value = call.extracted_variables().value();
        let Some(value) = value.filter(|value| !value.is_empty_container()) else {
            return;
        };
        for_each_leaf(value, &mut String::new(), &mut |parent, name, value| {
            // Names are joined only if objects are nested.
            match name.filter(|_| parent.is_empty()) {
                Some(name) => self.add_value(name, *value),
                None => self.add_value(&joined_name(parent, name), *value),
            }
        });
    }

    fn add_value(&mut self, name: &str, value: Json) {
        let index = self.variables.index_of(Some(name));
        let sum = self.variables.at(index);
        match value.kind() {
            Kind::Null => return,
            Kind::Array | Kind::Object => {
                sum.lists += u64::from(!value.is_empty_container());
                return;
            }
            Kind::Boolean | Kind::Number | Kind::String => {}
        }
        let text = plain_text(value);
        let mut text = Cow::Borrowed(text.trim());
        // As for a goal.
        match read_boolean(&text) {
            Some(true) => return sum.yes += 1,
            Some(false) => return sum.no += 1,
            None => {}
        }
        let is_kept = match VariableValue::from_text(&*text) {
            VariableValue::Nothing => return,
            VariableValue::Number(number) => match exact_number(&number) {
                Some(number) => {
                    sum.numbers += 1;
                    sum.add_range((number, number));
                    // Numbers are compared by value: `9.0` is `9`.
                    if !is_digits(&text) {
                        text = Cow::Owned(number.to_string());
                    }
                    true
                }
                // An order number that no double holds exactly.
                None => sum.add_text(&text),
            },
            _ => sum.add_text(&text),
        };
        if is_kept && index != OTHER_VALUES {
            self.values.add(index, &text, 1);
        }
    }

    /// Adds the sums of a later part of the input.
    pub(super) fn merge(&mut self, later: Self) {
        let indices = self.variables.merge(later.variables);
        for (key, calls) in later.values.calls {
            let variable = indices.get(key.variable);
            if variable != OTHER_VALUES {
                self.values.add(variable, &key.value, calls);
            }
        }
        if later.values.bytes > MAX_BYTES {
            self.values.bytes = MAX_BYTES + 1;
        }
    }

    /// The figures, those of the most filled variable first. `connected` is the number of connected
    /// calls.
    pub(super) fn figures(&self, connected: u64) -> VariableList {
        let mut by_variable: BTreeMap<u32, Vec<(&str, u64)>> = BTreeMap::new();
        for (key, calls) in &self.values.calls {
            let values = by_variable.entry(key.variable).or_default();
            values.push((&key.value, *calls));
        }
        let indices = self.variables.indices();
        let variables = indices.filter_map(|index| {
            let name = self.variables.value(index)?;
            let values = by_variable.remove(&index).unwrap_or_default();
            let sum = self.variables.get(index)?;
            Some(sum.figures(name, values, connected))
        });
        let mut variables: Vec<VariableFigures> = variables.collect();
        // Stable: equally filled variables stay in order of appearance.
        variables.sort_by_key(|variable| Reverse(variable.filled.numerator));
        VariableList {
            variables,
            is_incomplete: self.variables.is_incomplete(),
        }
    }
}

impl VariableSum {
    fn figures(&self, name: &str, values: Vec<(&str, u64)>, connected: u64) -> VariableFigures {
        let (numbers, texts): (Vec<_>, Vec<_>) =
            (values.into_iter()).partition(|(value, _)| read_number(value).is_some());
        let is_boolean = self.yes + self.no > 0;
        VariableFigures {
            name: name.to_owned(),
            filled: Rate::new(self.filled(), connected, Reason::NoConnectedCalls),
            is_true: is_boolean
                .then(|| Rate::new(self.yes, self.yes + self.no, Reason::NoConnectedCalls)),
            numbers: self.range.map(|range| self.number_figures(range, &numbers)),
            texts: (self.texts > 0).then(|| self.text_figures(texts)),
            lists: self.lists,
        }
    }

    fn number_figures(&self, (min, max): (f64, f64), values: &[(&str, u64)]) -> NumberFigures {
        let values = values.iter();
        let values = values.filter_map(|(value, calls)| Some((read_number(value)?, *calls)));
        let mut values: Vec<(f64, u64)> = values.collect();
        values.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        let calls: u64 = values.iter().map(|(_, calls)| calls).sum();
        let at = |rank| ranks::at_rank(values.iter().copied(), rank);
        let is_complete = calls == self.numbers;
        let (low, high) = ranks::middle(calls);
        let middle = at(low).zip(at(high));
        NumberFigures {
            calls: self.numbers,
            min,
            median: middle
                .map(|(low, high)| f64::midpoint(low, high))
                .filter(|_| is_complete),
            p90: at(ranks::p90(calls)).filter(|_| is_complete),
            max,
        }
    }

    fn text_figures(&self, mut values: Vec<(&str, u64)>) -> TextFigures {
        let distinct = values.len() as u64;
        let kept: u64 = values.iter().map(|(_, calls)| calls).sum();
        let is_long = self.long_texts > self.texts / 2;
        let is_varied = distinct + self.long_texts > self.texts / 2;
        let is_free_text = is_long || is_varied && self.texts >= MIN_VARIED_CALLS;
        values.sort_by_key(|(value, calls)| (Reverse(*calls), *value));
        let shown = if is_free_text { 0 } else { TOP_VALUES };
        let top = values
            .into_iter()
            .take(shown)
            .map(|(value, calls)| ValueCount {
                value: value.to_owned(),
                calls,
            });
        TextFigures {
            calls: self.texts,
            is_free_text,
            distinct: (!is_free_text).then_some(distinct),
            long_texts: self.long_texts,
            is_incomplete: kept + self.long_texts < self.texts,
            top: top.collect(),
            mean_characters: to_f64(self.characters) / to_f64(self.texts.max(1)),
            longest: self.longest,
        }
    }
}

/// The name of a nested variable: the names of the objects and its own, joined with dots.
fn joined_name(parent: &str, name: Option<&str>) -> String {
    let pointer = name.map_or_else(|| parent.to_owned(), |name| pointer::child(parent, name));
    pointer::names(&pointer).join(".")
}

/// The number, if `text` is one that a double holds with all its digits.
fn read_number(text: &str) -> Option<f64> {
    match VariableValue::from_text(text) {
        VariableValue::Number(number) => exact_number(&number),
        _ => None,
    }
}

/// The value of a JSON number, if a double holds all its digits.
fn exact_number(text: &str) -> Option<f64> {
    Number::parse(text).to_spreadsheet_number()
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kept_values_do_not_depend_on_the_parts() {
        let add = |sums: &mut VariableSums, numbers: std::ops::Range<usize>| {
            for number in numbers {
                let text = format!("\"v{number}\"");
                let name = if number % 2 == 0 { "even" } else { "odd" };
                sums.add_value(name, Json::from_well_formed(&text));
            }
        };
        let last = MAX_VALUES + 50;
        let mut whole = VariableSums::default();
        add(&mut whole, 0..last);
        add(&mut whole, 0..last);
        let mut merged = VariableSums::default();
        for part in [0..last, 0..60_000, 60_000..last] {
            let mut batch = VariableSums::default();
            add(&mut batch, part);
            merged.merge(batch);
        }
        assert_eq!(whole.values.calls, merged.values.calls);
        assert_eq!(whole.values.calls.len(), MAX_VALUES);
    }

    #[test]
    fn more_values_than_are_kept_are_reported() {
        let mut sums = VariableSums::default();
        for number in 0..2 {
            sums.add_value("n", Json::from_well_formed(&number.to_string()));
            sums.add_value("t", Json::from_well_formed(&format!("\"t{number}\"")));
            sums.values.bytes = MAX_BYTES;
        }
        let figures = sums.figures(2).variables;
        let numbers = figures[0].numbers.as_ref().expect("numbers");
        assert_eq!((numbers.median, numbers.max), (None, 1.0));
        let texts = figures[1].texts.as_ref().expect("texts");
        assert!(texts.is_incomplete && texts.distinct == Some(1));
    }
}
