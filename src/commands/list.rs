//! `list`: one row a call.

use super::rows::{self, NOTHING};
use super::session::Session;
use crate::call::zone::Zone;
use crate::call::{Call, plain_text, timestamp};
use crate::cli::TableArgs;
use crate::export::Format;
use crate::json::Json;
use crate::table::row::Cell;
use crate::table::writer::Heading;
use crate::view::theme::tone_of_status;

pub(super) fn run(args: &TableArgs, session: &mut Session) -> anyhow::Result<()> {
    let format = args.format;
    let for_people = format.is_for_people();
    let zone = args.input.zone();
    let headings = if for_people {
        people_headings()
    } else {
        COLUMNS
            .iter()
            .map(|(name, _)| {
                let path: Vec<String> = name.split('.').map(str::to_owned).collect();
                Heading::new(*name).nested(&path)
            })
            .collect()
    };
    rows::print(
        &args.input,
        args.style(),
        headings,
        session,
        |body, rows| {
            let call = Call::read(body.object);
            if for_people {
                rows.push_row(people_row(&call, &zone));
            } else {
                rows.push_row(data_row(&call, format, &zone));
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

fn people_row<'a>(call: &Call<'a>, zone: &Zone) -> [Option<Cell<'a>>; 6] {
    [
        Some(call.id().map_or(Cell::text(NOTHING), words)),
        call.created_at().map(|time| started(time, zone)),
        call.status().map(words),
        match call.talk_time() {
            Some(time) => Some(Cell::text(time.to_string())),
            None => call.duration().map(words),
        },
        call.customer_phone().map(words),
        call.campaign
            .as_ref()
            .and_then(|campaign| campaign.name().or(campaign.id()))
            .map(words),
    ]
}

/// A value as text.
fn words(value: Json<'_>) -> Cell<'_> {
    Cell::text(plain_text(value))
}

fn started<'a>(value: Json<'a>, zone: &Zone) -> Cell<'a> {
    match timestamp(value) {
        Some(time) => Cell::text(zone.tell_short(time)),
        None => words(value),
    }
}

/// A value that a call has.
type Value = for<'a> fn(&Call<'a>) -> Option<Json<'a>>;

/// The columns of the data formats: their names are those of the export.
const COLUMNS: &[(&str, Value)] = &[
    ("id", |call| call.id()),
    ("customer_phone", |call| call.customer_phone()),
    ("assistant_phone", |call| call.assistant_phone()),
    ("duration", |call| call.duration()),
    ("status", |call| call.status()),
    ("recording_url", |call| call.recording_url()),
    ("created_at", |call| call.created_at()),
    ("finished_at", |call| call.finished_at()),
    ("lead.id", |call| call.lead.as_ref()?.id()),
    ("lead.status", |call| call.lead.as_ref()?.status()),
    ("campaign.id", |call| call.campaign.as_ref()?.id()),
    ("campaign.name", |call| call.campaign.as_ref()?.name()),
];

fn data_row<'a>(
    call: &Call<'a>,
    format: Format,
    zone: &Zone,
) -> impl Iterator<Item = Option<Cell<'a>>> {
    COLUMNS.iter().map(move |(name, value)| {
        let value = value(call)?;
        let is_time = name.ends_with("_at");
        let shifted = timestamp(value)
            .filter(|_| is_time)
            .and_then(|time| zone.tell_machine(time));
        shifted.map(Cell::text).or_else(|| format.cell(value))
    })
}
