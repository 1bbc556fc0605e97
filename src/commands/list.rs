//! `list`: prints one row per call.

use crate::call::{Call, read_timestamp};
use crate::cli::ListArgs;
use crate::export::RowFormat;
use crate::json::{Json, plain_text};
use crate::run::rows;
use crate::run::session::Session;
use crate::table::row::Cell;
use crate::table::writer::{Fit, Heading};
use crate::text::symbols::Symbols;
use crate::time::zone::Zone;
use crate::view::theme::tone_of_status;

pub(crate) fn run(list: &ListArgs, session: &mut Session) -> anyhow::Result<()> {
    let args = &list.table;
    let format = args.format;
    let for_people = format.is_for_people();
    let zone = args.input.zone();
    let symbols = session.terminal.symbols;
    let headings = if for_people {
        readable_headings()
    } else {
        COLUMNS
            .iter()
            .map(|(name, _)| {
                let path: Vec<String> = name.split('.').map(str::to_owned).collect();
                Heading::new(*name).nested(&path)
            })
            .collect()
    };
    rows::print_sorted_calls(
        &args.input.read_options(&session.config, session.clock)?,
        args.options(),
        headings,
        &list.sort.order()?,
        session,
        |body, rows| {
            let call = Call::read(body.object);
            if for_people {
                rows.push_row(readable_row(&call, symbols));
            } else {
                rows.push_row(data_row(&call, format, &zone));
            }
        },
    )
}

/// The columns for people. In a narrow table, the least important ones are dropped first.
fn readable_headings() -> Vec<Heading> {
    vec![
        Heading::new("Call"),
        Heading::new("Started").with_times().expecting(16),
        Heading {
            tone: Some(tone_of_status),
            ..Heading::new("Outcome").dropped(1).expecting(18)
        },
        Heading::new("Talk").right_aligned().dropped(3).expecting(6),
        Heading::new("Customer").dropped(2).expecting(13),
        Heading::new("Campaign")
            .fitted(Fit::Cut(8))
            .dropped(4)
            .expecting(20),
    ]
}

/// The row of a call, with a cell for each of [`readable_headings`].
fn readable_row<'a>(call: &Call<'a>, symbols: Symbols) -> [Option<Cell<'a>>; 6] {
    [
        Some((call.id()).map_or(Cell::text(symbols.dash()), text_cell)),
        call.created_at().map(text_cell),
        call.status().map(text_cell),
        match call.talk_time() {
            Some(time) => Some(Cell::text(time.to_string())),
            None => call.duration().map(text_cell),
        },
        call.customer_phone().map(text_cell),
        call.campaign
            .as_ref()
            .and_then(|campaign| campaign.name().or(campaign.id()))
            .map(text_cell),
    ]
}

/// A cell with the value as plain text.
fn text_cell(value: Json<'_>) -> Cell<'_> {
    Cell::text(plain_text(value))
}

/// Gets one value of a call.
type ValueGetter = for<'a> fn(&Call<'a>) -> Option<Json<'a>>;

/// The columns of the data formats, named as in `export`.
const COLUMNS: &[(&str, ValueGetter)] = &[
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

/// The row of a call, with a cell for each of [`COLUMNS`]. Times are converted to `zone`.
fn data_row<'a>(
    call: &Call<'a>,
    format: RowFormat,
    zone: &Zone,
) -> impl Iterator<Item = Option<Cell<'a>>> {
    COLUMNS.iter().map(move |(name, value)| {
        let value = value(call)?;
        let is_time = name.ends_with("_at");
        let shifted = read_timestamp(value)
            .filter(|_| is_time)
            .and_then(|time| zone.format_machine(time));
        shifted.map(Cell::text).or_else(|| format.cell(value))
    })
}
