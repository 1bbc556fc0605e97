//! One row per campaign, and the total.

use super::parts::{
    FigureTable, Row, cell, explain_few, few_heading, has_few, not_counted, number_cell,
    short_rate, whole_seconds_text,
};
use crate::call::campaign::Campaign;
use crate::json::{Json, plain_text};
use crate::stats::model::InputFigures;
use crate::stats::sums::CallSums;
use crate::stats::{Rate, Reason};
use crate::table::campaigns::{CampaignGroups, NO_CAMPAIGN, answered};
use crate::table::writer::{Fit, Heading};
use crate::text::plural::format_grouped;
use crate::text::symbols::Symbols;
use crate::view::terminal::Terminal;

/// The note on campaigns without an answer rate.
const UNRATED_NOTE: &str =
    "no answer rate if no call failed to connect: perhaps only completed calls are sent";

/// The table of `campaigns`: a row per campaign, one for the calls without a campaign, and the
/// total of several rows. None if there is no call. `only_completed` is true if the webhook sends
/// only completed calls.
#[must_use]
pub(crate) fn campaigns_tables(
    groups: &CampaignGroups,
    input: &InputFigures,
    only_completed: bool,
    terminal: Terminal,
) -> Vec<FigureTable> {
    let symbols = terminal.symbols;
    let mut rows = Vec::new();
    let mut rates = Vec::new();
    let mut is_unrated = false;
    for (key, group) in groups.in_output_order() {
        let campaign = group.campaign();
        let name = match key {
            Some(_) => format_name(&campaign),
            None => NO_CAMPAIGN.to_owned(),
        };
        let rate = answered(key, group, only_completed);
        is_unrated |= key.is_some() && rate.value.is_none();
        let settings = format_settings(&campaign, symbols);
        let outcomes = group.outcomes();
        rows.push(row(name, settings, outcomes, &group.sums, &rate, symbols));
        rates.push(rate);
    }
    if rows.is_empty() {
        return Vec::new();
    }
    if rows.len() > 1 {
        let total = groups.total(only_completed);
        rows.push(row(
            "Total".to_owned(),
            String::new(),
            total.outcomes.into_iter(),
            &total.sums,
            &total.answered,
            symbols,
        ));
        rates.push(total.answered);
    }
    let mut notes = Vec::new();
    let excluded = not_counted(input, 0);
    if !excluded.is_empty() {
        notes.push(format!("not counted: {excluded}"));
    }
    if is_unrated {
        notes.push(if only_completed {
            format!("no answer rates: {}", Reason::OnlyCompleted)
        } else {
            UNRATED_NOTE.to_owned()
        });
    }
    let mut tables = vec![FigureTable {
        title: "Campaigns".to_owned(),
        headings: headings(),
        rows,
        has_few: has_few(&rates),
        notes,
    }];
    explain_few(&mut tables);
    tables
}

/// A row with a cell for each of [`headings`].
fn row<'g>(
    name: String,
    settings: String,
    outcomes: impl Iterator<Item = (&'g str, u64)>,
    sums: &CallSums,
    rate: &Rate,
    symbols: Symbols,
) -> Row {
    let mean = sums.rounded_mean_seconds().map(whole_seconds_text);
    vec![
        cell(name),
        cell(settings),
        number_cell(sums.count),
        cell(format_outcomes(outcomes)),
        short_rate(rate, symbols),
        cell(whole_seconds_text(sums.seconds)),
        cell(mean.unwrap_or_else(|| symbols.dash().to_owned())),
    ]
}

/// The outcomes, those with the most calls first: `4 completed, 1 busy`.
fn format_outcomes<'g>(outcomes: impl Iterator<Item = (&'g str, u64)>) -> String {
    let mut outcomes: Vec<_> = outcomes.collect();
    outcomes.sort_by_key(|(_, calls)| std::cmp::Reverse(*calls));
    let outcomes = outcomes.into_iter().map(|(outcome, calls)| {
        let calls = format_grouped(calls);
        match outcome {
            // No-break spaces keep a number and its words on one line.
            "" => format!("{calls}\u{a0}without\u{a0}status"),
            outcome => format!("{calls}\u{a0}{outcome}"),
        }
    });
    outcomes.collect::<Vec<_>>().join(", ")
}

fn headings() -> Vec<Heading> {
    vec![
        Heading::new("Campaign").fitted(Fit::Lines {
            min_width: 28,
            lines: 2,
        }),
        Heading::new("Settings")
            .fitted(Fit::Lines {
                min_width: 30,
                lines: 2,
            })
            .dropped(2),
        Heading::new("Calls").right_aligned(),
        Heading::new("Outcomes").fitted(Fit::Below {
            min_width: 32,
            lines: 2,
        }),
        few_heading("Answered").right_aligned(),
        Heading::new("Talk time").right_aligned(),
        Heading::new("Mean").right_aligned().dropped(1),
    ]
}

/// Id, name and status of a campaign: `2324 New Customer Acquisition (in-progress)`.
fn format_name(campaign: &Campaign) -> String {
    let words = |value: Option<Json>| value.map(|value| plain_text(value).into_owned());
    let status = words(campaign.status()).map(|status| format!("({status})"));
    let parts = [words(campaign.id()), words(campaign.name()), status];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Settings of a campaign: `Mon–Fri 09:00–18:00, 5 at a time, retries: 3, 60 min apart`. No-break
/// spaces keep short settings on one line.
fn format_settings(campaign: &Campaign, symbols: Symbols) -> String {
    const SHORT_BYTES: usize = 30;
    let at_a_time = |calls| format!("{} at a time", plain_text(calls));
    let settings = [
        campaign.window(symbols.dash()),
        campaign.max_calls_in_parallel().map(at_a_time),
        campaign
            .retries()
            .map(|retries| format!("retries: {retries}")),
    ];
    let settings = settings.into_iter().flatten();
    let settings = settings.map(|setting| match setting.len() {
        ..=SHORT_BYTES => setting.replace(' ', "\u{a0}"),
        _ => setting,
    });
    settings.collect::<Vec<_>>().join(", ")
}
