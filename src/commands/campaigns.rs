//! `campaigns`: a row a campaign, with its settings as last seen, its calls, their outcomes and talk time; and a row for the calls that
//! belong to none.

use std::collections::{HashMap, HashSet};

use super::rows;
use super::session::Session;
use crate::call::campaign::{Campaign, MEMBERS};
use crate::call::talk_time::TalkTime;
use crate::call::{Call, plain_text};
use crate::cli::TableArgs;
use crate::contract::fields_of;
use crate::export::Format;
use crate::json::Json;
use crate::table::row::{Cell, CellKind};
use crate::table::writer::Heading;

pub(super) fn run(args: &TableArgs, session: &mut Session) -> anyhow::Result<()> {
    let format = args.format;
    let mut all = Groups::default();
    session.for_each_call(
        &args.input,
        |body, groups: &mut Groups| groups.add(&Call::read(&body.members)),
        |_, groups| {
            all.merge(groups);
            Ok(())
        },
    )?;
    let groups = all.in_order();
    if format.is_for_people() {
        rows::print_all(
            format,
            people_headings(),
            groups.iter().map(people_row),
            session,
        )
    } else {
        let outcomes = Outcomes::of(&groups, format);
        let rows = groups
            .iter()
            .map(|group| data_row(group, &outcomes, format));
        rows::print_all(format, data_headings(&outcomes), rows, session)
    }
}

/// Campaigns in order of appearance, told apart by id, or by name where they have none.
#[derive(Default)]
struct Groups {
    groups: Vec<Group>,
    places: HashMap<Option<String>, usize>,
}

/// The calls of one campaign, or of none.
#[derive(Default)]
struct Group {
    /// What tells it from the others; none for the calls without a campaign.
    key: Option<String>,
    /// The JSON texts of its settings, in the order of the contract, each as it was last seen.
    settings: [Option<String>; MEMBERS],
    calls: u64,
    /// Outcomes in order of appearance, with their calls.
    outcomes: Vec<(String, u64)>,
    outcome_places: HashMap<String, usize>,
    /// Sum, in seconds.
    talk_time: i128,
    /// Calls that tell their talk time.
    timed_calls: i128,
}

impl Groups {
    fn add(&mut self, call: &Call) {
        let campaign = call.campaign.as_ref();
        let key = campaign.map(|campaign| {
            let told_by = campaign.id.or(campaign.name);
            told_by.map(plain_text).unwrap_or_default().into_owned()
        });
        let group = self.group(key);
        if let Some(campaign) = campaign {
            group.settle(campaign.values().map(|value| value.map(Json::text)));
        }
        group.count(&call.status_text().unwrap_or_default(), 1);
        group.calls += 1;
        if let Some(TalkTime(seconds)) = call.talk_time() {
            group.talk_time += seconds;
            group.timed_calls += 1;
        }
    }

    fn merge(&mut self, others: Self) {
        for other in others.groups {
            let group = self.group(other.key);
            group.settle(other.settings.each_ref().map(Option::as_deref));
            group.calls += other.calls;
            group.talk_time += other.talk_time;
            group.timed_calls += other.timed_calls;
            for (outcome, calls) in other.outcomes {
                group.count(&outcome, calls);
            }
        }
    }

    fn group(&mut self, key: Option<String>) -> &mut Group {
        let place = *self.places.entry(key).or_insert_with_key(|key| {
            self.groups.push(Group {
                key: key.clone(),
                ..Group::default()
            });
            self.groups.len() - 1
        });
        &mut self.groups[place]
    }

    /// The groups as they are printed: the calls without a campaign last.
    fn in_order(self) -> Vec<Group> {
        let mut groups = self.groups;
        groups.sort_by_key(|group| group.key.is_none());
        groups
    }
}

impl Group {
    /// Takes over what a later body says; what it does not say stays.
    fn settle(&mut self, settings: [Option<&str>; MEMBERS]) {
        for (known, new) in self.settings.iter_mut().zip(settings) {
            if new.is_some() && new != known.as_deref() {
                *known = new.map(str::to_owned);
            }
        }
    }

    fn count(&mut self, outcome: &str, calls: u64) {
        if let Some(place) = self.outcome_places.get(outcome) {
            self.outcomes[*place].1 += calls;
        } else {
            self.outcome_places
                .insert(outcome.to_owned(), self.outcomes.len());
            self.outcomes.push((outcome.to_owned(), calls));
        }
    }

    fn calls_of(&self, outcome: &str) -> Option<u64> {
        self.outcome_places
            .get(outcome)
            .map(|place| self.outcomes[*place].1)
    }

    fn campaign(&self) -> Campaign<'_> {
        let values = self
            .settings
            .each_ref()
            .map(|text| text.as_deref().map(Json::from_well_formed));
        Campaign::from_values(values, "/campaign")
    }

    /// Mean talk time in seconds, of the calls that tell it.
    fn mean(&self) -> Option<TalkTime> {
        (self.timed_calls > 0)
            .then(|| TalkTime((self.talk_time + self.timed_calls / 2) / self.timed_calls))
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
    let status = words(campaign.status).map(|status| format!("({status})"));
    let parts = [words(campaign.id), words(campaign.name), status];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// `Mon–Fri 09:00–18:00, 5 at a time, retries: 3, 60 min apart`; wrapping leaves a count with its words.
fn settings(campaign: &Campaign) -> String {
    let at_a_time = |calls| format!("{}\u{a0}at\u{a0}a\u{a0}time", plain_text(calls));
    let settings = [
        campaign.window(),
        campaign.max_calls_in_parallel.map(at_a_time),
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

/// How outcomes are told to machines: an object in JSON, a column each elsewhere.
enum Outcomes {
    Object,
    Columns(Vec<String>),
}

impl Outcomes {
    fn of(groups: &[Group], format: Format) -> Self {
        if format.is_json() {
            return Self::Object;
        }
        let mut seen = HashSet::new();
        let outcomes = groups.iter().flat_map(|group| &group.outcomes);
        let names = outcomes
            .map(|(outcome, _)| outcome)
            .filter(|outcome| seen.insert(*outcome));
        Self::Columns(names.cloned().collect())
    }
}

fn data_headings(outcomes: &Outcomes) -> Vec<Heading> {
    let mut names: Vec<String> = fields_of("/campaign")
        .map(|field| field.name.to_owned())
        .collect();
    names.push("calls".to_owned());
    match outcomes {
        Outcomes::Object => names.push("outcomes".to_owned()),
        Outcomes::Columns(columns) => {
            names.extend(columns.iter().map(|outcome| {
                format!(
                    "outcomes.{}",
                    if outcome.is_empty() {
                        "(none)"
                    } else {
                        outcome
                    }
                )
            }));
        }
    }
    names.extend(["talk_time", "mean_talk_time"].map(str::to_owned));
    names.into_iter().map(Heading::new).collect()
}

fn data_row<'g>(group: &'g Group, outcomes: &Outcomes, format: Format) -> Vec<Option<Cell<'g>>> {
    let values = group.campaign().values();
    let mut row: Vec<_> = values
        .into_iter()
        .map(|value| value.and_then(|value| format.cell(value)))
        .collect();
    row.push(Some(Cell::number(group.calls)));
    match outcomes {
        Outcomes::Object => {
            let object: serde_json::Map<String, serde_json::Value> = group
                .outcomes
                .iter()
                .map(|(outcome, calls)| (outcome.clone(), (*calls).into()))
                .collect();
            row.push(Some(Cell {
                kind: CellKind::Json,
                text: serde_json::Value::Object(object).to_string().into(),
            }));
        }
        Outcomes::Columns(columns) => {
            row.extend(
                columns
                    .iter()
                    .map(|outcome| group.calls_of(outcome).map(Cell::number)),
            );
        }
    }
    row.push(Some(Cell::number(group.talk_time)));
    row.push(group.mean().map(|mean| Cell::number(mean.0)));
    row
}
