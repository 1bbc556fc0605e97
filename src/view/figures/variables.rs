//! What the extracted variables hold.

use std::collections::HashSet;

use super::compared::{Before, rate_cells, rate_headings};
use super::parts::{
    FigureTable, Row, cell, few_heading, has_few, name_heading, reason_notes, short_rate,
    text_heading,
};
use crate::stats::model::{NumberFigures, TextFigures, VariableFigures, VariableList};
use crate::text::plural::{format_grouped, format_grouped_count};
use crate::text::symbols::Symbols;
use crate::view::terminal::Terminal;

/// Number of variables that are shown.
const MAX_SHOWN: usize = 40;

/// Number of values of a variable that are shown.
const MAX_VALUES: usize = 8;

pub(super) fn variables_table(
    list: &VariableList,
    before: Option<Before<VariableList>>,
    terminal: Terminal,
) -> FigureTable {
    let symbols = terminal.symbols;
    let shown = &list.variables[..list.variables.len().min(MAX_SHOWN)];
    let mut notes = Vec::new();
    if list.variables.is_empty() {
        notes.push("no connected call has an extracted variable".to_owned());
    }
    let more = list.variables.len() - shown.len();
    if more > 0 {
        let more = format_grouped_count(more as u64, "more variable");
        notes.push(format!("and {more} (see --format csv)"));
    }
    if list.is_incomplete {
        notes.push("There are more variables than can be counted.".to_owned());
    }
    let filled = || shown.iter().map(|variable| &variable.filled);
    notes.extend(reason_notes(
        filled().map(|rate| ("filled", rate.reason.as_ref())),
    ));
    let mut headings = vec![
        name_heading("Variable", 20),
        few_heading("Filled").right_aligned(),
    ];
    if let Some(before) = before {
        headings.extend(rate_headings());
        notes.extend(only_before(list, before.figures));
    }
    headings.push(text_heading("Values"));
    if before.is_some() {
        headings.push(text_heading("Values before"));
    }
    FigureTable {
        title: "Variables".to_owned(),
        headings,
        rows: shown
            .iter()
            .map(|variable| row(variable, before.map(|before| before.figures), symbols))
            .collect(),
        notes,
        has_few: has_few(filled()),
    }
}

/// The note on the variables that only the window before has.
fn only_before(list: &VariableList, before: &VariableList) -> Option<String> {
    let names: HashSet<&str> = list.variables.iter().map(|it| it.name.as_str()).collect();
    let missing = before.variables.iter();
    let missing = missing.filter(|variable| !names.contains(variable.name.as_str()));
    let count = missing.count() as u64;
    (count > 0).then(|| {
        let variables = format_grouped_count(count, "variable");
        format!("only in the window before: {variables} (see --format csv)")
    })
}

/// A row with the figures of a variable. `before` are the variables of the window before.
fn row(variable: &VariableFigures, before: Option<&VariableList>, symbols: Symbols) -> Row {
    let mut row = vec![
        cell(variable.name.as_str()),
        short_rate(&variable.filled, symbols),
    ];
    let Some(before) = before else {
        row.push(cell(values_text(variable, symbols)));
        return row;
    };
    let same = before
        .variables
        .iter()
        .find(|same| same.name == variable.name);
    let filled = same.map(|same| &same.filled);
    row.extend(rate_cells(&variable.filled, filled, symbols));
    row.push(cell(values_text(variable, symbols)));
    row.push(cell(same.map_or_else(
        || symbols.dash().to_owned(),
        |same| values_text(same, symbols),
    )));
    row
}

fn values_text(variable: &VariableFigures, symbols: Symbols) -> String {
    let mut parts = Vec::new();
    if let Some(is_true) = &variable.is_true {
        let (yes, all) = (is_true.numerator, is_true.denominator);
        let yes = yes.unwrap_or_default();
        let no = all.unwrap_or_default() - yes;
        let yes_and_no = format!("{} true, {} false", format_grouped(yes), format_grouped(no));
        // No-break spaces keep a number and its word on one line.
        parts.push(yes_and_no.replace(" t", "\u{a0}t").replace(" f", "\u{a0}f"));
    }
    if let Some(numbers) = &variable.numbers {
        parts.push(numbers_text(numbers, symbols));
    }
    if let Some(texts) = &variable.texts {
        parts.push(texts_text(texts, symbols));
    }
    if variable.lists > 0 {
        parts.push(format_grouped_count(variable.lists, "list"));
    }
    if parts.is_empty() {
        parts.push(symbols.dash().to_owned());
    }
    parts.join("; ")
}

/// `from 1 to 10, median 8, 90 % up to 10`.
fn numbers_text(numbers: &NumberFigures, symbols: Symbols) -> String {
    let known = |value: Option<f64>| value.map_or(symbols.dash().to_owned(), |it| it.to_string());
    format!(
        "from {} to {}, median {}, 90 % up to {}",
        numbers.min,
        numbers.max,
        known(numbers.median),
        known(numbers.p90)
    )
}

/// `3 values: Hamburg (12), Bonn (4), Kiel (1)`, or the lengths of free text.
fn texts_text(texts: &TextFigures, symbols: Symbols) -> String {
    let Some(distinct) = texts.distinct else {
        return format!(
            "free text, {:.0} characters on average, up to {}",
            texts.mean_characters,
            format_grouped(texts.longest)
        );
    };
    let shown = texts.top.iter().take(MAX_VALUES).map(|top| {
        // A no-break space keeps the number with the end of the value.
        format!("{}\u{a0}({})", top.value, format_grouped(top.calls))
    });
    let mut shown: Vec<String> = shown.collect();
    if distinct > shown.len() as u64 {
        shown.push(symbols.ellipsis().to_owned());
    }
    let at_least = if texts.is_incomplete { "at least " } else { "" };
    let count = format_grouped_count(distinct, "value");
    let long = match texts.long_texts {
        0 => String::new(),
        long => format!("; {}", format_grouped_count(long, "longer text")),
    };
    format!("{at_least}{count}: {}{long}", shown.join(", "))
}
