//! Campaigns as JSON: a document with their total, or a line for each. The form of the document is
//! that of `docs/stats.md`; a change of it that is not an addition needs a new [`VERSION`].

use std::io::Write;

use indexmap::IndexMap;
use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::call::campaign::Campaign;
use crate::contract::fields_of;
use crate::contract::recognition::CAMPAIGN_POINTER;
use crate::stats::Rate;
use crate::stats::model::InputFigures;
use crate::stats::sums::CallSums;
use crate::table::campaigns::{CampaignGroups, answered};
use crate::text::safe_text;

/// Version of the document.
const VERSION: u32 = 1;

/// A campaign, or the calls without one.
#[derive(Serialize)]
struct CampaignRow<'g> {
    #[serde(flatten)]
    settings: Settings<'g>,
    #[serde(flatten)]
    figures: Figures<'g>,
}

/// The figures of a campaign, or of all.
#[derive(Serialize)]
struct Figures<'g> {
    calls: u64,
    outcomes: IndexMap<&'g str, u64>,
    connected: u64,
    not_connected: u64,
    answered: Rate,
    /// In seconds, like the mean, over connected calls.
    talk_time: u64,
    mean_talk_time: Option<u64>,
}

impl<'g> Figures<'g> {
    fn new(sums: &CallSums, outcomes: IndexMap<&'g str, u64>, answered: Rate) -> Self {
        Self {
            calls: sums.count,
            outcomes,
            connected: sums.classes.connected,
            not_connected: sums.classes.not_connected,
            answered,
            talk_time: sums.seconds,
            mean_talk_time: sums.rounded_mean_seconds(),
        }
    }
}

/// The settings of a campaign as its bodies have them; null if they lack one.
struct Settings<'g>(Campaign<'g>);

impl Serialize for Settings<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (field, value) in fields_of(CAMPAIGN_POINTER).zip(self.0.non_null_values()) {
            let value = value.map(|value| {
                let text = value.compact().into_owned();
                RawValue::from_string(text).map_err(serde::ser::Error::custom)
            });
            map.serialize_entry(field.name, &value.transpose()?)?;
        }
        map.end()
    }
}

/// The rows of all groups, each as a line of JSON.
fn lines(
    groups: &CampaignGroups,
    only_completed: bool,
) -> impl Iterator<Item = anyhow::Result<String>> {
    groups.in_output_order().map(move |(key, group)| {
        let row = CampaignRow {
            settings: Settings(group.campaign()),
            figures: Figures::new(
                &group.sums,
                group.outcomes().collect(),
                answered(key, group, only_completed),
            ),
        };
        Ok(safe_text::json(&serde_json::to_string(&row)?).into_owned())
    })
}

/// Writes a line per campaign. `only_completed` is true if the webhook sends only completed calls.
pub(crate) fn write_lines(
    groups: &CampaignGroups,
    only_completed: bool,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    for line in lines(groups, only_completed) {
        writeln!(out, "{}", line?)?;
    }
    Ok(())
}

/// Writes the campaigns, their total, and what was not counted, as one document.
pub(crate) fn write_document(
    groups: &CampaignGroups,
    input: &InputFigures,
    only_completed: bool,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let total = groups.total(only_completed);
    let total = Figures::new(&total.sums, total.outcomes, total.answered);
    write!(out, "{{\n  \"version\": {VERSION},\n  \"campaigns\": [")?;
    let mut separator = "\n";
    for line in lines(groups, only_completed) {
        write!(out, "{separator}    {}", line?)?;
        separator = ",\n";
    }
    let end = if groups.is_empty() { "" } else { "\n  " };
    let (total, input) = (
        serde_json::to_string(&total)?,
        serde_json::to_string(input)?,
    );
    writeln!(
        out,
        "{end}],\n  \"total\": {},\n  \"input\": {}\n}}",
        safe_text::json(&total),
        safe_text::json(&input)
    )?;
    Ok(())
}
