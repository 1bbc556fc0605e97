//! How calls are talked, and what they cost.

use super::compared::{self, Before, add_text_columns, change_heading, points_text};
use super::parts::{
    self, FigureTable, Row, cell, few_heading, has_few, number_cell, rate_text, reason_notes,
    short_rate, text_heading,
};
use crate::stats::Reason;
use crate::stats::model::{BillingFigures, ConversationFigures, Ratio};
use crate::table::writer::Heading;
use crate::text::plural::{format_grouped, format_grouped_count, format_grouped_decimal};
use crate::text::symbols::Symbols;
use crate::view::terminal::Terminal;

/// Number of turns that are shown.
const MAX_TURNS: usize = 10;

pub(super) fn conversation_tables(
    figures: &ConversationFigures,
    before: Option<Before<ConversationFigures>>,
    terminal: Terminal,
) -> Vec<FigureTable> {
    let mut tables = vec![talk_table(figures, before, terminal)];
    if !figures.customer_turns.is_empty() {
        tables.push(turns_table(figures, before, terminal));
    }
    tables
}

fn talk_table(
    figures: &ConversationFigures,
    before: Option<Before<ConversationFigures>>,
    terminal: Terminal,
) -> FigureTable {
    let symbols = terminal.symbols;
    let dash = || symbols.dash().to_owned();
    let (silent, words) = (&figures.silent, &figures.words_of_customers);
    let mut rows = vec![
        vec![
            cell("customer said nothing"),
            cell(rate_text(silent, symbols)),
        ],
        vec![
            cell("words of customers"),
            cell(words_text(words).unwrap_or_else(dash)),
        ],
    ];
    let mut headings = vec![Heading::new("Conversations"), text_heading("Share")];
    let mut notes = reason_notes(reasons(figures));
    let mut has_few = has_few([silent]);
    if let Some(before) = before {
        let figures = before.figures;
        has_few |= parts::has_few([&figures.silent]);
        rows[0].extend(compared::rate_cells(silent, Some(&figures.silent), symbols));
        let words_before = &figures.words_of_customers;
        let points = words.value.zip(words_before.value);
        let points = points.map(|(share, before)| points_text((share - before) * 100.0));
        rows[1].extend([
            cell(words_text(words_before).unwrap_or_else(dash)),
            cell(points.unwrap_or_else(dash)),
        ]);
        headings.extend(compared::rate_headings());
        notes.extend(before.reason_notes(reasons(figures)));
    }
    FigureTable {
        title: "Conversations".to_owned(),
        headings,
        rows,
        notes,
        has_few,
    }
}

/// Why figures are not known.
fn reasons(figures: &ConversationFigures) -> [(&'static str, Option<&Reason>); 2] {
    [
        ("silent", figures.silent.reason.as_ref()),
        ("words", figures.words_of_customers.reason.as_ref()),
    ]
}

fn turns_table(
    figures: &ConversationFigures,
    before: Option<Before<ConversationFigures>>,
    terminal: Terminal,
) -> FigureTable {
    let symbols = terminal.symbols;
    let has_bars = terminal.has_bars() && before.is_none();
    let shown = &figures.customer_turns[..figures.customer_turns.len().min(MAX_TURNS)];
    let rows = shown.iter().map(|turns| {
        let mut row: Row = vec![
            number_cell(turns.turns.into()),
            short_rate(&turns.calls, symbols),
        ];
        if let Some(before) = before {
            let mut same = before.figures.customer_turns.iter();
            let same = same.find(|same| same.turns == turns.turns);
            let same = same.map(|same| &same.calls);
            row.extend(compared::rate_cells(&turns.calls, same, symbols));
        }
        if has_bars {
            row.push(terminal.bar(turns.calls.value));
        }
        row
    });
    let mut headings = vec![
        Heading::new("Turns of the customer").right_aligned(),
        few_heading("Two-way calls with as many").right_aligned(),
    ];
    if before.is_some() {
        headings.extend(compared::rate_headings());
    }
    if has_bars {
        headings.push(Heading::new(""));
    }
    FigureTable {
        title: "Turns".to_owned(),
        headings,
        rows: rows.collect(),
        notes: Vec::new(),
        has_few: has_few(shown.iter().map(|turns| &turns.calls)),
    }
}

/// `120 of 280 words (43 %)`.
fn words_text(words: &Ratio) -> Option<String> {
    let (numerator, denominator) = (words.numerator?, words.denominator?);
    Some(format!(
        "{} of {} ({:.0} %)",
        format_grouped(numerator),
        format_grouped_count(denominator, "word"),
        words.value? * 100.0
    ))
}

pub(super) fn billing_table(
    billing: &BillingFigures,
    before: Option<Before<BillingFigures>>,
    terminal: Terminal,
) -> FigureTable {
    let symbols = terminal.symbols;
    let mut rows = billing_rows(billing, symbols);
    let mut headings = vec![Heading::new("Billing"), text_heading("Figures")];
    if let Some(Before { figures, .. }) = before {
        let amounts = [
            ("minutes", Some((billing.minutes, figures.minutes))),
            ("cost", billing.cost.zip(figures.cost)),
            (
                "cost per goal",
                billing.cost_per_goal.zip(figures.cost_per_goal),
            ),
        ];
        let before = billing_rows(figures, symbols);
        add_text_columns(&mut rows, &before, &amounts, symbols);
        headings.extend([text_heading("Before"), change_heading("Change")]);
    }
    let estimate = "An estimate: each connected call counts at least 30 seconds.".to_owned();
    let hint = "--per-minute PRICE adds the cost.".to_owned();
    let hint = Some(hint).filter(|_| billing.price_per_minute.is_none());
    FigureTable {
        title: "Billing".to_owned(),
        headings,
        rows,
        notes: [estimate].into_iter().chain(hint).collect(),
        has_few: false,
    }
}

fn billing_rows(billing: &BillingFigures, symbols: Symbols) -> Vec<Row> {
    let dash = symbols.dash();
    let money = |value: Option<f64>| {
        value.map_or(dash.to_owned(), |value| format_grouped_decimal(value, 2))
    };
    let calls = format_grouped_count(billing.calls, "connected call");
    let mut rows = vec![vec![
        cell("minutes"),
        cell(format!(
            "{} in {calls}",
            format_grouped_decimal(billing.minutes, 1)
        )),
    ]];
    if let Some(price) = billing.price_per_minute {
        let goals = format_grouped(billing.goals);
        let per_goal = format!("{} ({goals} reached)", money(billing.cost_per_goal));
        let cost = format!("{} at {price} per minute", money(billing.cost));
        rows.push(vec![cell("cost"), cell(cost)]);
        rows.push(vec![cell("cost per goal"), cell(per_goal)]);
    }
    rows
}
