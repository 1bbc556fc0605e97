//! `campaigns`: one row per campaign with its last settings, number of calls, outcomes, answer rate
//! and talk time, one row for the calls without a campaign, and their total.

use crate::args::TableArgs;
use crate::call::Call;
use crate::export::RowFormat;
use crate::export::campaigns_json;
use crate::run::figure_tables::write_tables;
use crate::run::rows;
use crate::run::session::Session;
use crate::stats::model::InputFigures;
use crate::table::campaigns::{self, CampaignGroups, CampaignsFor};
use crate::view::figures::campaigns_tables;

/// The campaigns of a batch.
#[derive(Default)]
struct BatchCampaigns {
    groups: CampaignGroups,
    test_deliveries: u64,
}

pub(crate) fn run(args: &TableArgs, session: &mut Session) -> anyhow::Result<()> {
    let read = args.input.read_options(&session.config, session.clock)?;
    let distinct = session.sum_distinct_calls(
        &read,
        |_| {},
        |body, batch: &mut BatchCampaigns| {
            let call = Call::read(body.object);
            if call.sample_value().is_some() {
                batch.test_deliveries += 1;
            } else {
                batch.groups.add(&call);
            }
        },
        |all, batch| {
            all.groups.merge(batch.groups);
            all.test_deliveries += batch.test_deliveries;
        },
    )?;
    let groups = distinct.sum.groups;
    let input = InputFigures {
        test_deliveries: distinct.sum.test_deliveries,
        ..distinct.input
    };
    let only_completed = session.config.only_completed;
    let format = args.format;
    if format.is_for_people() {
        let terminal = session.terminal;
        let tables = campaigns_tables(&groups, &input, only_completed, terminal);
        return session.write_after_reading(None, false, |out, _| {
            write_tables(&tables, format, terminal, out)
        });
    }
    if format.is_json() {
        return session.write_after_reading(None, true, |out, _| match format {
            RowFormat::Json => campaigns_json::write_document(&groups, &input, only_completed, out),
            _ => campaigns_json::write_lines(&groups, only_completed, out),
        });
    }
    let reader = CampaignsFor::Data;
    let mut table = campaigns::build_table(&groups, reader, only_completed, session.scratch)?;
    rows::print_table(&args.options(), &mut table, session)
}
