//! What the extracted variables of connected calls hold.

use maud::{Markup, html};

use super::before;
use super::label::{isolated, label};
use super::language::Language;
use super::options::ReportOptions;
use super::parts::{Column, Heading, Table, few_note, name, note, rate_above, rate_bar, section};
use super::privacy::{FieldValues, MIN_CALLS, is_personal_value};
use crate::stats::model::{NumberFigures, TextFigures, ValueCount, VariableFigures, VariableList};

/// Number of variables that are shown.
const MAX_VARIABLES: usize = 20;

/// Number of values of a variable that are shown.
const MAX_VALUES: usize = 8;

/// How often each variable is filled, and with what. A report for others has no values of variables
/// that may identify people, and none of fewer than [`MIN_CALLS`] calls.
#[must_use]
pub(crate) fn variables(
    list: &VariableList,
    before: Option<&VariableList>,
    options: ReportOptions,
) -> Markup {
    let language = options.language;
    let may_be_shown = |variable: &&VariableFigures| {
        let is_frequent = variable.filled.numerator >= Some(MIN_CALLS);
        options.with_calls || is_frequent && !is_personal_value(&variable.name)
    };
    let shown = list
        .variables
        .iter()
        .filter(may_be_shown)
        .take(MAX_VARIABLES);
    let shown: Vec<&VariableFigures> = shown.collect();
    let more = list.variables.len() - shown.len();
    let table = Table {
        id: "variables-table",
        caption: language.variables(),
        headings: &[
            Heading(language.variable(), Column::Text),
            Heading(language.filled(), Column::Rate),
            Heading(language.filled(), Column::Bar),
            Heading(language.values(), Column::Text),
        ],
        rows: shown
            .iter()
            .map(|variable| row(variable, before, options))
            .collect(),
        last_rows: Vec::new(),
        is_sortable: true,
        repeats_title: true,
    };
    let content = html! {
        @if list.variables.is_empty() {
            (note(language.no_variables()))
        } @else {
            @if !shown.is_empty() { (table) }
            (few_note(shown.iter().map(|variable| &variable.filled), language))
            @if more > 0 { (note(language.more_variables(more as u64, list.is_incomplete))) }
            @if !options.with_calls { (note(language.hidden_values())) }
        }
    };
    section("variables", language.variables(), &content)
}

/// A row with the figures of a variable. `before` has the variables of the window before.
fn row(
    variable: &VariableFigures,
    before: Option<&VariableList>,
    options: ReportOptions,
) -> Markup {
    let language = options.language;
    let is_frequent =
        |same: &&VariableFigures| options.with_calls || same.filled.numerator >= Some(MIN_CALLS);
    let same = before.and_then(|before| {
        let mut variables = before.variables.iter();
        variables.find(|same| same.name == variable.name)
    });
    let same = same.filter(is_frequent);
    let line = before.map(|_| {
        let filled = same.map(|same| &same.filled);
        before::rate_line(&variable.filled, filled, language)
    });
    html! {
        (name(isolated(&variable.name)))
        (rate_above(&variable.filled, &line.unwrap_or_default(), language))
        (rate_bar(&variable.filled))
        td {
            (values(variable, options))
            @if let Some(same) = same {
                " " small.before { (language.before_label()) " " (values(same, options)) }
            }
        }
    }
}

/// What the values of a variable are.
fn values(variable: &VariableFigures, options: ReportOptions) -> Markup {
    let language = options.language;
    let kind = FieldValues::of_field(&format!("extracted_variables.{}", variable.name));
    let is_open = options.with_calls || kind != FieldValues::Personal;
    let mut parts = Vec::new();
    if let Some(is_true) = &variable.is_true {
        let yes = is_true.numerator.unwrap_or_default();
        let no = is_true.denominator.unwrap_or_default() - yes;
        parts.push(html! { (language.yes_and_no(yes, no)) });
    }
    if let Some(numbers) = &variable.numbers {
        parts.push(numbers_text(numbers, is_open, options));
    }
    if let Some(texts) = &variable.texts {
        parts.push(texts_text(texts, is_open, options));
    }
    if variable.lists > 0 {
        parts.push(html! { (language.lists(variable.lists)) });
    }
    html! {
        @for (index, part) in parts.iter().enumerate() {
            @if index > 0 { "; " }
            (part)
        }
    }
}

/// The range of numbers, unless its ends may be numbers of a person.
fn numbers_text(numbers: &NumberFigures, is_open: bool, options: ReportOptions) -> Markup {
    let language = options.language;
    let ends = [numbers.min, numbers.max].map(|end| end.to_string());
    let is_shown = options.with_calls
        || is_open && numbers.calls >= MIN_CALLS && !ends.iter().any(|end| is_personal_value(end));
    if !is_shown {
        return html! { (language.hidden_numbers(numbers.calls)) };
    }
    let [low, high] = [numbers.min, numbers.max].map(|end| number_text(end, language));
    let median = numbers.median.map(|median| number_text(median, language));
    html! { (language.number_range(&low, &high, median.as_deref())) }
}

/// A number as it is, with the decimal point of the language.
fn number_text(number: f64, language: Language) -> String {
    let text = number.to_string();
    label(&text.replace('.', language.choose(".", ",")))
}

/// The most frequent values, or the length of free text.
fn texts_text(texts: &TextFigures, is_open: bool, options: ReportOptions) -> Markup {
    let language = options.language;
    let Some(distinct) = texts.distinct else {
        return html! { (language.free_text(texts.mean_characters)) };
    };
    let may_be_shown = |top: &&ValueCount| {
        let is_harmless = is_open && top.calls >= MIN_CALLS && !is_personal_value(&top.value);
        options.with_calls || is_harmless
    };
    let shown = texts.top.iter().filter(may_be_shown).take(MAX_VALUES);
    let shown: Vec<&ValueCount> = shown.collect();
    // The longer texts are among the others.
    let others = texts.calls - shown.iter().map(|top| top.calls).sum::<u64>();
    html! {
        (language.distinct_values(distinct, texts.is_incomplete))
        @if !shown.is_empty() {
            ": "
            @for (index, top) in shown.iter().enumerate() {
                @if index > 0 { ", " }
                (isolated(&top.value)) " (" (language.count(top.calls)) ")"
            }
            @if others > 0 { ", " (language.other_calls(others)) }
        } @else if texts.long_texts > 0 {
            ", " (language.longer_texts(texts.long_texts))
        }
    }
}
