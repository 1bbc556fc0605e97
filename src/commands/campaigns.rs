//! `campaigns`: a row a campaign, with its settings as last seen, its calls, their outcomes and talk time; and a row for the calls that
//! belong to none.

use super::rows;
use super::session::Session;
use crate::call::campaign::Campaign;
use crate::call::talk_time::TalkTime;
use crate::call::{Call, plain_text};
use crate::cli::TableArgs;
use crate::json::Json;
use crate::table::campaigns::{self, Group, Groups};
use crate::table::row::Cell;
use crate::table::writer::Heading;

pub(super) fn run(args: &TableArgs, session: &mut Session) -> anyhow::Result<()> {
    let format = args.format;
    let mut all = Groups::default();
    session.for_each_call(
        &args.input,
        |body, groups: &mut Groups| groups.add(&Call::read(body.object)),
        |_, groups| {
            all.merge(groups);
            Ok(())
        },
    )?;
    let groups = all.in_order();
    if format.is_for_people() {
        rows::print_all(
            args.style(),
            people_headings(),
            groups.iter().map(people_row),
            session,
        )
    } else {
        let mut table = campaigns::table(&groups, format.is_json())?;
        rows::print_table(args.style(), &mut table, session)
    }
}

fn people_headings() -> Vec<Heading> {
    vec![
        Heading::new("Campaign").flexible(),
        Heading::new("Settings").flexible(),
        Heading::new("Calls").right(),
        Heading::new("Outcomes").flexible(),
        Heading::new("Talk time").right(),
        Heading::new("Mean").right(),
    ]
}

/// Id, name and status: `2324 New Customer Acquisition (in-progress)`.
fn name(campaign: &Campaign) -> String {
    let words = |value: Option<Json>| value.map(|value| plain_text(value).into_owned());
    let status = words(campaign.status()).map(|status| format!("({status})"));
    let parts = [words(campaign.id()), words(campaign.name()), status];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// `Mon–Fri 09:00–18:00, 5 at a time, retries: 3, 60 min apart`; wrapping leaves a count with its words.
fn settings(campaign: &Campaign) -> String {
    let at_a_time = |calls| format!("{}\u{a0}at\u{a0}a\u{a0}time", plain_text(calls));
    let settings = [
        campaign.window(),
        campaign.max_calls_in_parallel().map(at_a_time),
        campaign
            .retries()
            .map(|retries| format!("retries: {retries}")),
    ];
    settings
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", ")
}

fn people_row(group: &Group) -> Vec<Option<Cell<'_>>> {
    let campaign = group.campaign();
    let name = match group.key {
        Some(_) => name(&campaign),
        None => "(no campaign)".to_owned(),
    };
    let mut outcomes: Vec<_> = group.outcomes.iter().collect();
    outcomes.sort_by_key(|(_, calls)| std::cmp::Reverse(*calls));
    let outcomes: Vec<String> = outcomes
        .into_iter()
        .map(|(outcome, calls)| match outcome.as_str() {
            // Wrapping leaves a count with its word.
            "" => format!("{calls}\u{a0}without\u{a0}status"),
            outcome => format!("{calls}\u{a0}{outcome}"),
        })
        .collect();
    vec![
        Some(Cell::text(name)),
        Some(Cell::text(settings(&campaign))),
        Some(Cell::number(group.calls)),
        Some(Cell::text(outcomes.join(", "))),
        Some(Cell::text(TalkTime(group.talk_time).to_string())),
        group.mean().map(|mean| Cell::text(mean.to_string())),
    ]
}
