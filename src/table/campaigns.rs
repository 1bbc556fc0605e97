//! Aggregates calls into one row per campaign: the settings as last seen, the number of calls,
//! their outcomes, answer rate and talk time. Calls without a campaign get a row of their own.

use std::sync::LazyLock;

use indexmap::IndexMap;

use super::cell_type::CellType;
use super::column::{ColumnType, Columns, FixedColumn};
use super::column_limit::ColumnLimit;
use super::row::{Cell, Rows};
use super::spool::Spool;
use crate::call::Call;
use crate::call::campaign::{Campaign, FIELD_COUNT};
use crate::contract::recognition::CAMPAIGN_POINTER;
use crate::contract::{documented_status, fields_of};
use crate::host::Scratch;
use crate::json::Json;
use crate::json::pointer;
use crate::stats::facts::{class_of, talk_seconds};
use crate::stats::sums::CallSums;
use crate::stats::{Rate, Reason};

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
        FixedColumn::new("/connected", ColumnType::Integer),
        FixedColumn::new("/not_connected", ColumnType::Integer),
        FixedColumn::new("/answered", ColumnType::Share),
        FixedColumn::new("/talk_time", ColumnType::Seconds),
        FixedColumn::new("/mean_talk_time", ColumnType::Seconds),
    ];
    settings.chain(figures).collect()
});

const NAME: usize = 1;
const CALLS: usize = FIELD_COUNT;
const CONNECTED: usize = CALLS + 1;
const NOT_CONNECTED: usize = CALLS + 2;
const ANSWERED: usize = CALLS + 3;
const TALK_TIME: usize = CALLS + 4;
const MEAN_TALK_TIME: usize = CALLS + 5;

/// The key of a group: that of the campaign, or `None` for the calls without a campaign.
pub(crate) type CampaignKey = Option<Box<str>>;

/// Campaigns in order of appearance.
#[derive(Debug, Default)]
pub(crate) struct CampaignGroups(IndexMap<CampaignKey, CampaignGroup>);

/// The calls of one campaign, or of none.
#[derive(Debug, Default)]
pub(crate) struct CampaignGroup {
    /// JSON texts of the settings as last seen, in contract order.
    settings: [Option<Box<str>>; FIELD_COUNT],
    pub(crate) sums: CallSums,
    /// As in [`Self::outcomes`].
    outcomes: IndexMap<Box<str>, u64>,
}

/// The calls of all campaigns and of none.
pub(crate) struct CampaignTotal<'g> {
    pub(crate) sums: CallSums,
    /// Outcomes in order of appearance, each with its number of calls.
    pub(crate) outcomes: IndexMap<&'g str, u64>,
    /// The answer rate of the campaigns that show one.
    pub(crate) answered: Rate,
}

impl CampaignGroups {
    /// Adds one call to its campaign.
    pub(crate) fn add(&mut self, call: &Call) {
        let campaign = call.campaign.as_ref();
        let key = campaign.map(|campaign| Box::from(campaign.key()));
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
        let seconds = talk_seconds(call);
        group.sums.add(class_of(&status, seconds), seconds);
    }

    /// Adds the groups of a later part of the input. Their settings replace earlier ones.
    pub(crate) fn merge(&mut self, later: Self) {
        for (key, added) in later.0 {
            let group = self.0.entry(key).or_default();
            group.update_settings(added.settings.each_ref().map(Option::as_deref));
            group.sums += added.sums;
            for (outcome, calls) in added.outcomes {
                group.add_outcome(&outcome, calls);
            }
        }
    }

    /// True if there is no call.
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The groups in output order: campaigns by appearance, then the calls without a campaign.
    pub(crate) fn in_output_order(&self) -> impl Iterator<Item = (&CampaignKey, &CampaignGroup)> {
        let without_campaign = self.0.get_key_value(&None);
        let campaigns = self.0.iter().filter(|(key, _)| key.is_some());
        campaigns.chain(without_campaign)
    }

    /// The total of all calls. `only_completed` is true if the webhook sends only completed calls.
    #[must_use]
    pub(crate) fn total(&self, only_completed: bool) -> CampaignTotal<'_> {
        let (mut sums, mut rated) = (CallSums::default(), CallSums::default());
        let mut outcomes = IndexMap::new();
        for (key, group) in self.in_output_order() {
            sums += group.sums;
            if key.is_some() && group.sums.are_rated() {
                rated += group.sums;
            }
            for (outcome, calls) in group.outcomes() {
                *outcomes.entry(outcome).or_default() += calls;
            }
        }
        CampaignTotal {
            sums,
            outcomes,
            answered: rated.answered(only_completed),
        }
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

    /// The outcomes in order of appearance, each with its number of calls. Calls without a status
    /// have an empty one.
    pub(crate) fn outcomes(&self) -> impl Iterator<Item = (&str, u64)> {
        let outcomes = self.outcomes.iter();
        outcomes.map(|(outcome, calls)| (&**outcome, *calls))
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
}

/// The name of the row of the calls without a campaign, in tables for people.
pub(crate) const NO_CAMPAIGN: &str = "(no campaign)";

/// The reader of a table with one row per group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CampaignsFor {
    /// Data: the row of the calls without a campaign has no name.
    Data,
    /// People: that row has the name [`NO_CAMPAIGN`].
    People,
}

/// The columns of the table before any outcome is known. Outcomes are counted.
#[must_use]
pub(crate) fn first_columns() -> Columns {
    Columns::with_fixed(&COLUMNS).with_undeclared(CellType::Integer)
}

/// Builds a table with one row per group. Each outcome is a column. `only_completed` is true if the
/// webhook sends only completed calls.
pub(crate) fn build_table(
    groups: &CampaignGroups,
    reader: CampaignsFor,
    only_completed: bool,
    scratch: &dyn Scratch,
) -> anyhow::Result<Spool> {
    let mut columns = first_columns();
    let mut rows = Rows::default();
    for (key, group) in groups.in_output_order() {
        for (column, value) in group.campaign().non_null_values().into_iter().enumerate() {
            if let Some(cell) = value.and_then(Cell::from_json) {
                rows.push(column, &cell);
            }
        }
        if key.is_none() && reader == CampaignsFor::People {
            rows.push(NAME, &Cell::text(NO_CAMPAIGN));
        }
        let sums = &group.sums;
        rows.push(CALLS, &Cell::number(sums.count));
        for (outcome, calls) in group.outcomes() {
            let name = if outcome.is_empty() {
                NO_OUTCOME
            } else {
                outcome
            };
            let column = columns.get_or_add(CALLS, &pointer::child("/outcomes", name));
            rows.push(column, &Cell::number(calls));
        }
        rows.push(CONNECTED, &Cell::number(sums.classes.connected));
        rows.push(NOT_CONNECTED, &Cell::number(sums.classes.not_connected));
        if let Some(answered) = answered(key, group, only_completed).value {
            rows.push(ANSWERED, &Cell::double(answered));
        }
        rows.push(TALK_TIME, &Cell::number(sums.seconds));
        if let Some(mean) = sums.rounded_mean_seconds() {
            rows.push(MEAN_TALK_TIME, &Cell::number(mean));
        }
        rows.end_row();
    }
    ColumnLimit::default().check(&columns, "outcomes", TOO_MANY_OUTCOMES)?;
    let mut spool = Spool::new(first_columns(), scratch);
    spool.push(columns, &rows)?;
    Ok(spool)
}

/// The answer rate of a group. That of the calls without a campaign is unknown, because they may be
/// inbound.
#[must_use]
pub(crate) fn answered(key: &CampaignKey, group: &CampaignGroup, only_completed: bool) -> Rate {
    match key {
        Some(_) => group.sums.answered(only_completed),
        None => Rate::unknown(Reason::PerhapsInbound),
    }
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
        for (column, name) in [
            (NAME, "/name"),
            (CALLS, "/calls"),
            (CONNECTED, "/connected"),
            (NOT_CONNECTED, "/not_connected"),
            (ANSWERED, "/answered"),
            (TALK_TIME, "/talk_time"),
            (MEAN_TALK_TIME, "/mean_talk_time"),
        ] {
            assert_eq!(COLUMNS[column].pointer, name);
        }
    }
}
