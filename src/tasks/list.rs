//! `list`: prints one row per call.

use crate::args::ListArgs;
use crate::call::Call;
use crate::export::call_list::{data_headings, data_row};
use crate::json::{Json, plain_text};
use crate::run::read_plan::ReadOptions;
use crate::run::rows;
use crate::run::session::Session;
use crate::table::row::Cell;
use crate::table::writer::{Fit, Heading};
use crate::text::symbols::Symbols;
use crate::view::theme::tone_of_status;

/// Prints one row per call.
pub(crate) fn print(
    list: &ListArgs,
    read: &ReadOptions,
    session: &mut Session,
) -> anyhow::Result<()> {
    let args = &list.table;
    let format = args.format;
    let for_people = format.is_for_people();
    let zone = args.input.zone();
    let symbols = session.terminal.symbols;
    let headings = if for_people {
        readable_headings()
    } else {
        data_headings()
    };
    rows::print_sorted_calls(
        read,
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
