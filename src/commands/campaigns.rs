//! `campaigns`: one row per campaign with its last settings, number of calls, outcomes and talk
//! time, and one row for the calls without a campaign.

use crate::call::Call;
use crate::call::campaign::Campaign;
use crate::cli::TableArgs;
use crate::json::{Json, plain_text};
use crate::run::rows;
use crate::run::session::Session;
use crate::table::campaigns::{
    self, CampaignGroup, CampaignGroups, CampaignKey, CampaignsFor, NO_CAMPAIGN,
};
use crate::table::row::Cell;
use crate::table::writer::{Fit, Heading};
use crate::text::symbols::Symbols;
use crate::time::talk_time::TalkTime;

pub(crate) fn run(args: &TableArgs, session: &mut Session) -> anyhow::Result<()> {
    let format = args.format;
    let mut all = CampaignGroups::default();
    session.for_each_call(
        &args.input.read_options(&session.config, session.clock)?,
        |body, groups: &mut CampaignGroups| groups.add(&Call::read(body.object)),
        |_, groups| {
            all.merge(groups);
            Ok(())
        },
    )?;
    if format.is_for_people() {
        let symbols = session.terminal.symbols;
        rows::print_rows(
            &args.options(),
            &readable_headings(),
            all.in_output_order()
                .map(|group| readable_row(group, symbols)),
            session,
        )
    } else {
        let reader = if format.is_json() {
            CampaignsFor::Json
        } else {
            CampaignsFor::Data
        };
        let mut table = campaigns::build_table(&all, reader, session.scratch)?;
        rows::print_table(&args.options(), &mut table, session)
    }
}

fn readable_headings() -> Vec<Heading> {
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

/// The row of a group of calls, with a cell for each of [`readable_headings`].
fn readable_row<'g>(
    (key, group): (&CampaignKey, &'g CampaignGroup),
    symbols: Symbols,
) -> Vec<Option<Cell<'g>>> {
    let campaign = group.campaign();
    let name = match key {
        Some(_) => format_name(&campaign),
        None => NO_CAMPAIGN.to_owned(),
    };
    let mut outcomes: Vec<_> = group.outcomes.iter().collect();
    outcomes.sort_by_key(|(_, calls)| std::cmp::Reverse(*calls));
    let outcomes: Vec<String> = outcomes
        .into_iter()
        .map(|(outcome, calls)| match &**outcome {
            // No-break spaces keep a number and its words on one line.
            "" => format!("{calls}\u{a0}without\u{a0}status"),
            outcome => format!("{calls}\u{a0}{outcome}"),
        })
        .collect();
    vec![
        Some(Cell::text(name)),
        Some(Cell::text(format_settings(&campaign, symbols))),
        Some(Cell::number(group.calls)),
        Some(Cell::text(outcomes.join(", "))),
        Some(Cell::text(TalkTime(group.talk_time).to_string())),
        group
            .mean_talk_time()
            .map(|mean| Cell::text(mean.to_string())),
    ]
}
