//! What the vendor bills, estimated.

use maud::{Markup, html};

use super::before;
use super::language::Language;
use super::numbers::DASH;
use super::options::ReportOptions;
use super::parts::{Column, Heading, Table, name, note, section};
use crate::stats::model::BillingFigures;

/// The billed minutes and, with a price, their cost.
#[must_use]
pub(crate) fn billing(
    billing: &BillingFigures,
    before: Option<&BillingFigures>,
    options: ReportOptions,
) -> Markup {
    let language = options.language;
    let amounts_before = before.map(|before| amounts(before, language));
    let rows = amounts(billing, language).into_iter().enumerate();
    let rows = rows.map(|(index, (label, value, amount))| {
        let line = amounts_before.as_ref().map(|before| {
            let (_, text, before) = &before[index];
            before::amount_line(Some(text.clone()), amount.zip(*before), language)
        });
        html! { (name(label)) td.n { (value) (line.unwrap_or_default()) } }
    });
    let table = Table {
        id: "billing-table",
        caption: language.billing(),
        headings: &[
            Heading(language.figure(), Column::Text),
            Heading(language.value(), Column::Number),
        ],
        rows: rows.collect(),
        last_rows: Vec::new(),
        is_sortable: false,
        repeats_title: true,
    };
    let content = html! { (table) (note(language.billing_note())) };
    section("billing", language.billing(), &content)
}

/// The minutes and costs: their names, texts and amounts.
fn amounts(
    billing: &BillingFigures,
    language: Language,
) -> Vec<(&'static str, String, Option<f64>)> {
    let money = |value: Option<f64>| value.map_or(DASH.to_owned(), |it| language.money(it));
    let mut amounts = vec![(
        language.billed_minutes(),
        language.minutes_of_calls(billing.minutes, billing.calls),
        Some(billing.minutes),
    )];
    if let Some(price) = billing.price_per_minute {
        let cost = language.cost_at(&money(billing.cost), price);
        amounts.push((language.cost(), cost, billing.cost));
        let per_goal = billing.cost_per_goal;
        amounts.push((language.cost_per_goal(), money(per_goal), per_goal));
    }
    amounts
}
