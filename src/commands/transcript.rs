//! `transcript`: prints one row per turn.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::args::TableArgs;
use crate::call::Call;
use crate::call::transcript::Turn;
use crate::export::RowFormat;
use crate::json::plain_text;
use crate::run::rows;
use crate::run::session::Session;
use crate::table::column::Columns;
use crate::table::row::{Cell, Rows};
use crate::table::turns::{self, TurnText};
use crate::table::writer::{CellSearch, Heading};
use crate::text::plural::format_count;
use crate::text::search::TextSearch;
use crate::text::symbols::Symbols;
use crate::text::tone::Tone;

pub(crate) fn run(args: &TableArgs, session: &mut Session) -> anyhow::Result<()> {
    let format = args.format;
    let for_people = format.is_for_people();
    let symbols = session.terminal.symbols;
    // Rows of data formats are turns, so calls without a turn are only counted.
    let without_turns = AtomicU64::new(0);
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
            } else if !turns::push_turns(rows, &call, TurnText::Spoken, |id| format.cell(id)) {
                without_turns.fetch_add(1, Ordering::Relaxed);
            }
        },
    )?;
    let without_turns = without_turns.into_inner();
    if without_turns > 0 {
        let calls = format_count(without_turns, "call");
        session.print_message(&format!("{calls} without a transcript"));
    }
    Ok(())
}

/// Adds one row per turn of a call, with a cell for each of [`readable_headings`]. A call without
/// turns has one row that says so.
fn push_readable_rows(rows: &mut Rows, call: &Call, format: RowFormat, symbols: Symbols) {
    let id = || Cell::text((call.id()).map_or(symbols.dash().into(), plain_text));
    let turns = call.transcript().turns();
    if turns.is_empty() {
        rows.push_row([Some(id()), None, None, Some(Cell::text(NO_TRANSCRIPT))]);
    }
    for (number, turn) in (1_u64..).zip(turns) {
        // Only the first row of a call shows its id, so that the start of a call is visible. In the
        // vertical format, each turn is separate.
        let has_id = number == 1 || format == RowFormat::Vertical;
        let name = turn.speaker_name();
        rows.push_row([
            has_id.then(id),
            Some(Cell::number(number)),
            (!name.is_empty()).then(|| Cell::text(name)),
            Some(Cell::text(turn.display_text())),
        ]);
    }
}

/// The text for a call without turns.
const NO_TRANSCRIPT: &str = "(no transcript)";

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
