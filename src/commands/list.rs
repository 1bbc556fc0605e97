//! `list`: one row a call.

use super::rows;
use super::session::Session;
use crate::call::zone::Zone;
use crate::call::{Call, plain_text, timestamp};
use crate::cli::ListArgs;
use crate::export::Heading;
use crate::json::Json;
use crate::table::row::Cell;
use crate::view::theme::tone_of_status;

pub(super) fn run(args: &ListArgs, session: &mut Session) -> anyhow::Result<()> {
    let format = args.table.format;
    let for_people = format.is_for_people();
    let zone = args.zone.zone();
    let headings = if for_people {
        people_headings()
    } else {
        data_headings()
    };
    rows::print(
        &args.table.input,
        format,
        headings,
        session,
        |body, rows| {
            let call = Call::read(&body.members);
            if for_people {
                rows.push_row(people_row(&call, zone));
            } else {
                rows.push_row(data_row(&call, zone));
            }
        },
    )
}

fn people_headings() -> Vec<Heading> {
    vec![
        Heading::new("Call"),
        Heading::new("Started").flexible(),
        Heading {
            tone: Some(tone_of_status),
            ..Heading::new("Outcome").flexible()
        },
        Heading::new("Talk").right(),
        Heading::new("Customer"),
        Heading::new("Campaign").flexible(),
    ]
}

fn people_row<'a>(call: &Call<'a>, zone: Zone) -> [Option<Cell<'a>>; 6] {
    [
        Some(call.id.map_or(Cell::text(NOTHING), words)),
        call.created_at.map(|time| started(time, zone)),
        call.status.map(words),
        match call.talk_time() {
            Some(time) => Some(Cell::text(time.to_string())),
            None => call.duration.map(words),
        },
        call.customer_phone.map(words),
        call.campaign
            .as_ref()
            .and_then(|campaign| campaign.name.or(campaign.id))
            .map(words),
    ]
}

/// Stands for an id that is not there: a row should have a head.
pub(super) const NOTHING: &str = "–";

/// A value as text.
fn words(value: Json<'_>) -> Cell<'_> {
    Cell::text(plain_text(value))
}

fn started(value: Json<'_>, zone: Zone) -> Cell<'_> {
    match timestamp(value) {
        Some(time) => Cell::text(zone.tell_short(time)),
        None => words(value),
    }
}

fn data_headings() -> Vec<Heading> {
    [
        "id",
        "customer_phone",
        "assistant_phone",
        "duration",
        "status",
        "recording_url",
        "created_at",
        "finished_at",
        "lead.id",
        "lead.status",
        "campaign.id",
        "campaign.name",
    ]
    .map(Heading::new)
    .to_vec()
}

fn data_row<'a>(call: &Call<'a>, zone: Zone) -> [Option<Cell<'a>>; 12] {
    let lead = call.lead.as_ref();
    let campaign = call.campaign.as_ref();
    let exact = |value: Option<Json<'a>>| value.and_then(Cell::from_json);
    let time = |value: Option<Json<'a>>| {
        let shifted = value
            .and_then(timestamp)
            .and_then(|time| zone.tell_machine(time));
        shifted.map(Cell::text).or_else(|| exact(value))
    };
    [
        exact(call.id),
        exact(call.customer_phone),
        exact(call.assistant_phone),
        exact(call.duration),
        exact(call.status),
        exact(call.recording_url),
        time(call.created_at),
        time(call.finished_at),
        exact(lead.and_then(|lead| lead.id)),
        exact(lead.and_then(|lead| lead.status)),
        exact(campaign.and_then(|campaign| campaign.id)),
        exact(campaign.and_then(|campaign| campaign.name)),
    ]
}
