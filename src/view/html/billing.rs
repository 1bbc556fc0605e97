//! What the vendor bills, estimated.

use maud::{Markup, html};

use super::numbers::DASH;
use super::options::ReportOptions;
use super::parts::{Column, Heading, Table, name, note, section};
use crate::stats::model::BillingFigures;

/// The billed minutes and, with a price, their cost.
#[must_use]
pub(crate) fn billing(billing: &BillingFigures, options: ReportOptions) -> Markup {
    let language = options.language;
    let money = |value: Option<f64>| value.map_or(DASH.to_owned(), |it| language.money(it));
    let mut rows = vec![(
        language.billed_minutes(),
        language.minutes_of_calls(billing.minutes, billing.calls),
    )];
    if let Some(price) = billing.price_per_minute {
        let cost = language.cost_at(&money(billing.cost), price);
        rows.push((language.cost(), cost));
        rows.push((language.cost_per_goal(), money(billing.cost_per_goal)));
    }
    let rows = rows
        .into_iter()
        .map(|(label, value)| html! { (name(label)) td.n { (value) } });
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
