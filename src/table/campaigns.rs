//! Aggregates calls into one row per campaign: the settings as last seen, the number of calls,
//! their outcomes and talk time. Calls without a campaign get a row of their own.

use std::sync::LazyLock;

use indexmap::IndexMap;

use super::column::{ColumnType, Columns, FixedColumn};
use super::column_limit::ColumnLimit;
use super::row::{Cell, CellKind, Rows};
use super::spool::Spool;
use crate::call::Call;
use crate::call::campaign::{Campaign, FIELD_COUNT};
use crate::contract::recognition::CAMPAIGN_POINTER;
use crate::contract::{documented_status, fields_of};
use crate::host::Scratch;
use crate::json::pointer;
use crate::json::{Json, plain_text};
use crate::time::talk_time::TalkTime;

/// The columns: the settings in contract order, then the figures. Columns `outcomes.*` are added
/// after `calls`.
pub(crate) static COLUMNS: LazyLock<Vec<FixedColumn>> = LazyLock::new(|| {
    let settings = fields_of(CAMPAIGN_POINTER).map(|field| FixedColumn {
        pointer: &field.pointer[CAMPAIGN_POINTER.len()..],
        is_object: false,
        ..FixedColumn::from(field)
    });
    let figures = [
        FixedColumn::new("/calls", ColumnType::Integer),
        FixedColumn::new("/talk_time", ColumnType::Seconds),
        FixedColumn::new("/mean_talk_time", ColumnType::Seconds),
    ];
    settings.chain(figures).collect()
});

const NAME: usize = 1;
const CALLS: usize = FIELD_COUNT;
const TALK_TIME: usize = CALLS + 1;
const MEAN_TALK_TIME: usize = CALLS + 2;

/// The key of a group: the campaign's id, else its name, else empty. `None` for the calls without a
/// campaign.
pub(crate) type CampaignKey = Option<Box<str>>;

/// Campaigns in order of appearance, identified by id, or by name if they have no id.
#[derive(Debug, Default)]
pub(crate) struct CampaignGroups(IndexMap<CampaignKey, CampaignGroup>);

/// The calls of one campaign, or of none.
#[derive(Debug, Default)]
pub(crate) struct CampaignGroup {
    /// JSON texts of the settings as last seen, in contract order.
    settings: [Option<Box<str>>; FIELD_COUNT],
    /// Number of calls.
    pub(crate) calls: u64,
    /// Outcomes in order of appearance, each with its number of calls.
    pub(crate) outcomes: IndexMap<Box<str>, u64>,
    /// Total talk time in seconds.
    pub(crate) talk_time: i128,
    /// Number of calls with a talk time.
    timed_calls: i128,
}

impl CampaignGroups {
    /// Adds one call to its campaign.
    pub(crate) fn add(&mut self, call: &Call) {
        let campaign = call.campaign.as_ref();
        let key = campaign.map(|campaign| {
            let identifier = campaign.id().or(campaign.name());
            Box::from(identifier.map(plain_text).unwrap_or_default())
        });
        let group = self.0.entry(key).or_default();
        if let Some(campaign) = campaign {
            group.update_settings(
                campaign
                    .non_null_values()
                    .map(|value| value.map(Json::text)),
            );
        }
        let status = call.status_text().unwrap_or_default();
        group.add_outcome(documented_status(&status).unwrap_or(&status), 1);
        group.calls += 1;
        if let Some(TalkTime(seconds)) = call.talk_time() {
            group.talk_time += seconds;
            group.timed_calls += 1;
        }
    }

    /// Adds the groups of a later part of the input. Their settings replace earlier ones.
    pub(crate) fn merge(&mut self, later: Self) {
        for (key, added) in later.0 {
            let group = self.0.entry(key).or_default();
            group.update_settings(added.settings.each_ref().map(Option::as_deref));
            group.calls += added.calls;
            group.talk_time += added.talk_time;
            group.timed_calls += added.timed_calls;
            for (outcome, calls) in added.outcomes {
                group.add_outcome(&outcome, calls);
            }
        }
    }

    /// The groups in output order: campaigns by appearance, then the calls without a campaign.
    pub(crate) fn in_output_order(&self) -> impl Iterator<Item = (&CampaignKey, &CampaignGroup)> {
        let without_campaign = self.0.get_key_value(&None);
        let campaigns = self.0.iter().filter(|(key, _)| key.is_some());
        campaigns.chain(without_campaign)
    }
}

impl CampaignGroup {
    /// Replaces the settings that a later body has and keeps the others.
    fn update_settings(&mut self, settings: [Option<&str>; FIELD_COUNT]) {
        for (known, new) in self.settings.iter_mut().zip(settings) {
            if new.is_some() && new != known.as_deref() {
                *known = new.map(Box::from);
            }
        }
    }

    fn add_outcome(&mut self, outcome: &str, calls: u64) {
        if let Some(known) = self.outcomes.get_mut(outcome) {
            *known += calls;
        } else {
            self.outcomes.insert(outcome.into(), calls);
        }
    }

    fn outcomes_as_object(&self) -> Cell<'static> {
        let outcomes = self.outcomes.iter();
        let object: serde_json::Map<String, serde_json::Value> = outcomes
            .map(|(outcome, calls)| (outcome.to_string(), (*calls).into()))
            .collect();
        Cell {
            kind: CellKind::Json,
            text: serde_json::Value::Object(object).to_string().into(),
        }
    }

    /// The campaign with its settings as last seen.
    #[must_use]
    pub(crate) fn campaign(&self) -> Campaign<'_> {
        let values = self
            .settings
            .each_ref()
            .map(|text| text.as_deref().map(Json::from_well_formed));
        Campaign::with_values(&values)
    }

    /// Mean talk time of the calls that have one, in seconds, rounded to the nearest.
    #[must_use]
    pub(crate) fn mean_talk_time(&self) -> Option<TalkTime> {
        (self.timed_calls > 0)
            .then(|| TalkTime((self.talk_time + self.timed_calls / 2) / self.timed_calls))
    }
}

/// The name of the row of the calls without a campaign, in tables for people.
pub(crate) const NO_CAMPAIGN: &str = "(no campaign)";

/// The reader of a table with one row per group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CampaignsFor {
    /// JSON: settings stay JSON values, and the outcomes are one object.
    Json,
    /// Data: each outcome is a column, and the row without a campaign has no name.
    Data,
    /// People: like data, with the name [`NO_CAMPAIGN`].
    People,
}

/// Builds a table with one row per group.
pub(crate) fn build_table(
    groups: &CampaignGroups,
    reader: CampaignsFor,
    scratch: &dyn Scratch,
) -> anyhow::Result<Spool> {
    let is_json = reader == CampaignsFor::Json;
    let mut columns = Columns::with_fixed(&COLUMNS);
    let mut rows = Rows::default();
    for (key, group) in groups.in_output_order() {
        for (column, value) in group.campaign().non_null_values().into_iter().enumerate() {
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
        if key.is_none() && reader == CampaignsFor::People {
            rows.push(NAME, &Cell::text(NO_CAMPAIGN));
        }
        rows.push(CALLS, &Cell::number(group.calls));
        if is_json {
            let column = columns.get_or_add(CALLS, "/outcomes");
            rows.push(column, &group.outcomes_as_object());
        } else {
            for (outcome, calls) in &group.outcomes {
                let name = if outcome.is_empty() {
                    NO_OUTCOME
                } else {
                    outcome
                };
                let column = columns.get_or_add(CALLS, &pointer::child("/outcomes", name));
                rows.push(column, &Cell::number(*calls));
            }
        }
        rows.push(TALK_TIME, &Cell::number(group.talk_time));
        if let Some(TalkTime(mean)) = group.mean_talk_time() {
            rows.push(MEAN_TALK_TIME, &Cell::number(mean));
        }
        rows.end_row();
    }
    ColumnLimit::default().check(&columns, "outcomes", TOO_MANY_OUTCOMES)?;
    let mut spool = Spool::new(Columns::with_fixed(&COLUMNS), scratch);
    spool.push(columns, &rows)?;
    Ok(spool)
}

/// The next step if there are too many outcomes.
const TOO_MANY_OUTCOMES: &str =
    "`postcall campaigns --format jsonl` prints them as one object per campaign";

/// Column name for calls without an outcome.
const NO_OUTCOME: &str = "(none)";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_follow_the_settings() {
        let columns = [NAME, CALLS, TALK_TIME, MEAN_TALK_TIME];
        let columns = columns.map(|column| COLUMNS[column].pointer);
        assert_eq!(
            columns,
            ["/name", "/calls", "/talk_time", "/mean_talk_time"]
        );
    }
}
