//! `campaigns`: a row a campaign, with its settings as last seen, its calls, their outcomes and talk time; and a row for the calls that
//! belong to none.

use std::collections::HashMap;

use super::rows;
use super::session::Session;
use crate::call::campaign::Campaign;
use crate::call::time::TalkTime;
use crate::call::{Call, plain_text};
use crate::cli::TableArgs;
use crate::export::{Format, Heading};
use crate::json::Json;
use crate::table::row::{Cell, CellKind};

pub(super) fn run(args: &TableArgs, session: &mut Session) -> anyhow::Result<()> {
    let format = args.format;
    let mut all = Groups::default();
    session.for_each_call(
        &args.input,
        |body, groups: &mut Groups| {
            groups.add(&Call::read(&body.members), format.is_for_people());
        },
        |_, groups| {
            all.merge(groups);
            Ok(())
        },
    )?;
    if all.groups.is_empty() {
        return Ok(());
    }
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
        let rows = groups.iter().map(|group| data_row(group, &outcomes));
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
struct Group {
    /// What tells it from the others; none for the calls without a campaign.
    key: Option<String>,
    settings: Vec<Option<Cell<'static>>>,
    calls: u64,
    /// Outcomes in order of appearance.
    outcomes: Vec<(String, u64)>,
    /// Sum, in seconds.
    talk_time: i128,
    /// Calls that tell their talk time.
    timed_calls: i128,
}

impl Groups {
    fn add(&mut self, call: &Call, for_people: bool) {
        let campaign = call.campaign.as_ref();
        let key = campaign.map(|campaign| {
            let told_by = campaign.id.or(campaign.name);
            told_by.map(plain_text).unwrap_or_default().into_owned()
        });
        let group = self.group(key);
        if let Some(campaign) = campaign {
            let settings = if for_people {
                people_settings(campaign)
            } else {
                data_settings(campaign)
            };
            group.settings = settings.into_iter().map(|cell| cell.map(owned)).collect();
        }
        let outcome = call.status_text().unwrap_or_default();
        group.count(&outcome, 1);
        group.calls += 1;
        if let Some(TalkTime(seconds)) = call.talk_time() {
            group.talk_time += seconds;
            group.timed_calls += 1;
        }
    }

    fn merge(&mut self, others: Self) {
        for other in others.groups {
            let group = self.group(other.key);
            group.settings = other.settings;
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
                settings: Vec::new(),
                calls: 0,
                outcomes: Vec::new(),
                talk_time: 0,
                timed_calls: 0,
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
    fn count(&mut self, outcome: &str, calls: u64) {
        match self.outcomes.iter_mut().find(|(known, _)| known == outcome) {
            Some((_, count)) => *count += calls,
            None => self.outcomes.push((outcome.to_owned(), calls)),
        }
    }

    fn setting(&self, index: usize) -> Option<Cell<'static>> {
        self.settings.get(index).cloned().flatten()
    }

    /// Mean talk time in seconds, of the calls that tell it.
    fn mean(&self) -> Option<TalkTime> {
        (self.timed_calls > 0)
            .then(|| TalkTime((self.talk_time + self.timed_calls / 2) / self.timed_calls))
    }
}

fn owned(cell: Cell) -> Cell<'static> {
    Cell {
        kind: cell.kind,
        text: cell.text.into_owned().into(),
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

/// Name and settings in words: `2324 New Customer Acquisition (in-progress)`, `Mon–Fri 09:00–18:00, 5 at a time, retries: 3, 60 min apart`.
fn people_settings<'a>(campaign: &Campaign<'a>) -> Vec<Option<Cell<'a>>> {
    let words = |value: Option<Json<'a>>| value.map(plain_text).unwrap_or_default();
    let status = campaign
        .status
        .map(|status| format!("({})", plain_text(status)));
    let name = [
        &words(campaign.id),
        &words(campaign.name),
        status.as_deref().unwrap_or_default(),
    ];
    let name: Vec<&str> = name.into_iter().filter(|part| !part.is_empty()).collect();
    let settings = [
        campaign.window(),
        campaign
            .max_calls_in_parallel
            .map(|calls| format!("{}\u{a0}at\u{a0}a\u{a0}time", plain_text(calls))),
        campaign
            .retries()
            .map(|retries| format!("retries: {retries}")),
    ];
    let settings: Vec<String> = settings.into_iter().flatten().collect();
    vec![
        Some(Cell::text(name.join(" "))),
        Some(Cell::text(settings.join(", "))),
    ]
}

fn people_row(group: &Group) -> Vec<Option<Cell<'_>>> {
    let name = match group.key {
        Some(_) => group.setting(0),
        None => Some(Cell::text("(no campaign)")),
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
        name,
        group.setting(1),
        Some(Cell::number(group.calls)),
        Some(Cell::text(outcomes.join(", "))),
        Some(Cell::text(TalkTime(group.talk_time).to_string())),
        group.mean().map(|mean| Cell::text(mean.to_string())),
    ]
}

/// The names of the settings, as the contract has them, without `/campaign/`.
fn setting_names() -> impl Iterator<Item = &'static str> {
    crate::contract::fields_of("/campaign").map(|field| field.name)
}

fn data_settings<'a>(campaign: &Campaign<'a>) -> Vec<Option<Cell<'a>>> {
    campaign
        .values()
        .into_iter()
        .map(|value| value.and_then(Cell::from_json))
        .collect()
}

/// How outcomes are told to machines: an object in JSON, a column each elsewhere.
enum Outcomes {
    Object,
    Columns(Vec<String>),
}

impl Outcomes {
    fn of(groups: &[Group], format: Format) -> Self {
        if matches!(format, Format::Json | Format::Jsonl) {
            return Self::Object;
        }
        let mut names: Vec<String> = Vec::new();
        for (outcome, _) in groups.iter().flat_map(|group| &group.outcomes) {
            if !names.contains(outcome) {
                names.push(outcome.clone());
            }
        }
        Self::Columns(names)
    }
}

fn data_headings(outcomes: &Outcomes) -> Vec<Heading> {
    let mut names: Vec<String> = setting_names().map(str::to_owned).collect();
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

fn data_row(group: &Group, outcomes: &Outcomes) -> Vec<Option<Cell<'static>>> {
    let mut row: Vec<_> = setting_names()
        .enumerate()
        .map(|(index, _)| group.setting(index))
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
        Outcomes::Columns(columns) => row.extend(columns.iter().map(|column| {
            let calls = group.outcomes.iter().find(|(outcome, _)| outcome == column);
            calls.map(|(_, calls)| Cell::number(*calls))
        })),
    }
    row.push(Some(Cell::number(group.talk_time)));
    row.push(group.mean().map(|mean| Cell::number(mean.0)));
    row
}
