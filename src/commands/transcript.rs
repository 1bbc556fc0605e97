//! `transcript`: prints one row per turn.

use crate::call::Call;
use crate::call::transcript::Turn;
use crate::cli::TableArgs;
use crate::export::RowFormat;
use crate::json::plain_text;
use crate::run::rows;
use crate::run::session::Session;
use crate::table::column::Columns;
use crate::table::row::{Cell, Rows};
use crate::table::turns::{self, TurnText};
use crate::table::writer::{CellSearch, Heading};
use crate::text::search::TextSearch;
use crate::text::symbols::Symbols;
use crate::text::tone::Tone;

pub(crate) fn run(args: &TableArgs, session: &mut Session) -> anyhow::Result<()> {
    let format = args.format;
    let for_people = format.is_for_people();
    let symbols = session.terminal.symbols;
    let headings = if for_people {
        readable_headings(args.input.search())
    } else {
        let columns = Columns::with_fixed(turns::COLUMNS).in_output_order();
        columns.iter().map(Heading::from).collect()
    };
    rows::print_calls(
        &args.input.read_options(&session.config, session.clock)?,
        args.options(),
        headings,
        session,
        |body, rows| {
            let call = Call::read(body.object);
            if for_people {
                push_readable_rows(rows, &call, format, symbols);
            } else {
                turns::push_turns(rows, &call, TurnText::Spoken, |id| format.cell(id));
            }
        },
    )
}

/// Adds one row per turn of a call, with a cell for each of [`readable_headings`].
fn push_readable_rows(rows: &mut Rows, call: &Call, format: RowFormat, symbols: Symbols) {
    for (number, turn) in (1_u64..).zip(call.transcript().turns()) {
        // Only the first row of a call shows its id, so that the start of a call is visible. In the
        // vertical format, each turn is separate.
        let id = (number == 1 || format == RowFormat::Vertical)
            .then(|| (call.id()).map_or(symbols.dash().into(), plain_text));
        let name = turn.speaker_name();
        rows.push_row([
            id.map(Cell::text),
            Some(Cell::number(number)),
            (!name.is_empty()).then(|| Cell::text(name)),
            Some(Cell::text(turn.display_text())),
        ]);
    }
}

fn readable_headings(search: TextSearch) -> Vec<Heading> {
    vec![
        Heading::new("Call"),
        Heading::new("Turn").right_aligned(),
        Heading {
            tone: Some(tone_of_speaker),
            ..Heading::new("Speaker")
        },
        Heading {
            search: Some(CellSearch {
                search,
                start: Turn::time_length,
            }),
            ..Heading::new("Text").wrapped()
        },
    ]
}

fn tone_of_speaker(name: &str) -> Tone {
    match name {
        "Assistant" => Tone::Accent,
        _ => Tone::Strong,
    }
}
