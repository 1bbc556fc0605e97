//! Calls in, a row a campaign out: its settings as last seen, its calls, their outcomes and talk time; and a row for the calls that belong
//! to none.

use std::collections::HashMap;

use super::column::{Columns, Fixed, Holds};
use super::row::{Cell, CellKind, Rows};
use super::spool::Spool;
use crate::call::campaign::{Campaign, MEMBERS};
use crate::call::talk_time::TalkTime;
use crate::call::{Call, plain_text};
use crate::json::Json;
use crate::pointer;

/// The columns: the settings, in the order of the contract, then what was counted. Columns `outcomes.*` follow `calls`.
pub const COLUMNS: &[Fixed] = &[
    Fixed::new("/id", Holds::Integers),
    Fixed::new("/name", Holds::Anything),
    Fixed::new("/status", Holds::Anything),
    Fixed::new("/allowed_hours_start_time", Holds::Anything),
    Fixed::new("/allowed_hours_end_time", Holds::Anything),
    Fixed::new("/allowed_days", Holds::Anything),
    Fixed::new("/max_calls_in_parallel", Holds::Integers),
    Fixed::new("/max_retries", Holds::Integers),
    Fixed::new("/retry_interval", Holds::Integers),
    Fixed::new("/created_at", Holds::Times),
    Fixed::new("/updated_at", Holds::Times),
    Fixed::new("/calls", Holds::Integers),
    Fixed::new("/talk_time", Holds::Seconds),
    Fixed::new("/mean_talk_time", Holds::Seconds),
];

const CALLS: usize = MEMBERS;
const TALK_TIME: usize = CALLS + 1;
const MEAN: usize = CALLS + 2;

/// Campaigns in order of appearance, told apart by id, or by name where they have none.
#[derive(Debug, Default)]
pub struct Groups {
    groups: Vec<Group>,
    places: HashMap<Option<String>, usize>,
}

/// The calls of one campaign, or of none.
#[derive(Debug, Default)]
pub struct Group {
    /// What tells it from the others; none for the calls without a campaign.
    pub key: Option<String>,
    /// The JSON texts of its settings, in the order of the contract, each as it was last seen.
    settings: [Option<String>; MEMBERS],
    /// How many there are.
    pub calls: u64,
    /// Outcomes in order of appearance, with their calls.
    pub outcomes: Vec<(String, u64)>,
    outcome_places: HashMap<String, usize>,
    /// Sum, in seconds.
    pub talk_time: i128,
    /// Calls that tell their talk time.
    timed_calls: i128,
}

impl Groups {
    /// Counts one more call.
    pub fn add(&mut self, call: &Call) {
        let campaign = call.campaign.as_ref();
        let key = campaign.map(|campaign| {
            let told_by = campaign.id().or(campaign.name());
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

    /// Takes over what was counted elsewhere, later in the input.
    pub fn merge(&mut self, others: Self) {
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
    #[must_use]
    pub fn in_order(self) -> Vec<Group> {
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

    fn outcomes_as_object(&self) -> Cell<'static> {
        let outcomes = self.outcomes.iter();
        let object: serde_json::Map<String, serde_json::Value> = outcomes
            .map(|(outcome, calls)| (outcome.clone(), (*calls).into()))
            .collect();
        Cell {
            kind: CellKind::Json,
            text: serde_json::Value::Object(object).to_string().into(),
        }
    }

    /// The campaign with its settings as last seen.
    #[must_use]
    pub fn campaign(&self) -> Campaign<'_> {
        let values = self
            .settings
            .each_ref()
            .map(|text| text.as_deref().map(Json::from_well_formed));
        Campaign::with_values(values)
    }

    /// Mean talk time in seconds, of the calls that tell it.
    #[must_use]
    pub fn mean(&self) -> Option<TalkTime> {
        (self.timed_calls > 0)
            .then(|| TalkTime((self.talk_time + self.timed_calls / 2) / self.timed_calls))
    }
}

/// The groups as a table. For JSON (`is_json`) settings stay JSON and outcomes are one object; else each outcome is a column.
pub fn table(groups: &[Group], is_json: bool) -> anyhow::Result<Spool> {
    let mut columns = Columns::fixed(COLUMNS);
    let mut rows = Rows::default();
    for group in groups {
        for (column, value) in group.campaign().values().into_iter().enumerate() {
            let cell = value.and_then(|value| {
                if is_json {
                    Some(Cell::verbatim(value))
                } else {
                    Cell::from_json(value)
                }
            });
            if let Some(cell) = cell {
                rows.push(column, &cell);
            }
        }
        rows.push(CALLS, &Cell::number(group.calls));
        if is_json {
            let column = columns.number(CALLS, "/outcomes");
            rows.push(column, &group.outcomes_as_object());
        } else {
            for (outcome, calls) in &group.outcomes {
                let name = if outcome.is_empty() {
                    NO_OUTCOME
                } else {
                    outcome
                };
                let column = columns.number(CALLS, &pointer::child("/outcomes", name));
                rows.push(column, &Cell::number(*calls));
            }
        }
        rows.push(TALK_TIME, &Cell::number(group.talk_time));
        if let Some(TalkTime(mean)) = group.mean() {
            rows.push(MEAN, &Cell::number(mean));
        }
        rows.end_row();
    }
    let mut spool = Spool::new(Columns::fixed(COLUMNS));
    spool.push(columns, &rows)?;
    Ok(spool)
}

/// Names the outcome of calls without one.
const NO_OUTCOME: &str = "(none)";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::fields_of;

    #[test]
    fn settings_are_columns_in_the_order_of_the_contract() {
        let names = fields_of("/campaign").map(|field| format!("/{}", field.name));
        let columns = COLUMNS.iter().map(|column| column.pointer.to_owned());
        assert!(columns.take(MEMBERS).eq(names));
        assert_eq!(COLUMNS[MEAN].pointer, "/mean_talk_time");
    }
}
