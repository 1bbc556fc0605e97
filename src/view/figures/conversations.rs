//! How calls are talked, and what they cost.

use super::parts::{
    FigureTable, Row, cell, few_heading, has_few, number_cell, rate_text, reason_notes, short_rate,
    text_heading,
};
use crate::stats::model::{BillingFigures, ConversationFigures, Ratio};
use crate::table::writer::Heading;
use crate::text::plural::{format_grouped, format_grouped_count, format_grouped_decimal};
use crate::view::terminal::Terminal;

/// Number of turns that are shown.
const MAX_TURNS: usize = 10;

pub(super) fn conversation_tables(
    figures: &ConversationFigures,
    terminal: Terminal,
) -> Vec<FigureTable> {
    let symbols = terminal.symbols;
    let (silent, words) = (&figures.silent, &figures.words_of_customers);
    let reasons = [("silent", &silent.reason), ("words", &words.reason)];
    let rows = vec![
        vec![
            cell("customer said nothing"),
            cell(rate_text(silent, symbols)),
        ],
        vec![
            cell("words of customers"),
            cell(words_text(words).unwrap_or_else(|| symbols.dash().to_owned())),
        ],
    ];
    let table = FigureTable {
        title: "Conversations".to_owned(),
        headings: vec![Heading::new("Conversations"), text_heading("Share")],
        rows,
        notes: reason_notes(reasons.map(|(name, reason)| (name, reason.as_ref()))),
        has_few: has_few([silent]),
    };
    if figures.customer_turns.is_empty() {
        return vec![table];
    }
    let shown = &figures.customer_turns[..figures.customer_turns.len().min(MAX_TURNS)];
    let rows = shown.iter().map(|turns| {
        let mut row: Row = vec![
            number_cell(turns.turns.into()),
            short_rate(&turns.calls, symbols),
        ];
        if terminal.has_bars() {
            row.push(terminal.bar(turns.calls.value));
        }
        row
    });
    let mut headings = vec![
        Heading::new("Turns of the customer").right_aligned(),
        few_heading("Two-way calls with as many").right_aligned(),
    ];
    if terminal.has_bars() {
        headings.push(Heading::new(""));
    }
    let turns = FigureTable {
        title: "Turns".to_owned(),
        headings,
        rows: rows.collect(),
        notes: Vec::new(),
        has_few: has_few(shown.iter().map(|turns| &turns.calls)),
    };
    vec![table, turns]
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

pub(super) fn billing_table(billing: &BillingFigures, terminal: Terminal) -> FigureTable {
    let dash = terminal.symbols.dash();
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
    let estimate = "An estimate: each connected call counts at least 30 seconds.".to_owned();
    let hint = "--per-minute PRICE adds the cost.".to_owned();
    let hint = Some(hint).filter(|_| billing.price_per_minute.is_none());
    FigureTable {
        title: "Billing".to_owned(),
        headings: vec![Heading::new("Billing"), text_heading("Figures")],
        rows,
        notes: [estimate].into_iter().chain(hint).collect(),
        has_few: false,
    }
}
