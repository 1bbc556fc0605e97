//! `transcript`: one row an utterance.

use super::rows::{self, NOTHING};
use super::session::Session;
use crate::call::transcript::Speaker;
use crate::call::{Call, plain_text};
use crate::cli::TableArgs;
use crate::table::row::{Cell, CellKind};
use crate::table::writer::Heading;
use crate::view::theme::Tone;

pub(super) fn run(args: &TableArgs, session: &mut Session) -> anyhow::Result<()> {
    let format = args.format;
    let for_people = format.is_for_people();
    let headings = if for_people {
        people_headings()
    } else {
        ["id", "turn", "speaker", "elapsed", "text"]
            .map(Heading::new)
            .to_vec()
    };
    rows::print(&args.input, format, headings, session, |body, rows| {
        let call = Call::read(&body.members);
        for (number, turn) in (1_u64..).zip(call.transcript.turns()) {
            let id = if for_people {
                // Once is enough for the eye.
                let id = call.id.map_or(NOTHING.into(), plain_text);
                (number == 1).then(|| Cell::text(id))
            } else {
                call.id.and_then(|id| format.cell(id))
            };
            let name = turn.name();
            let speaker = match turn.speaker {
                Speaker::Assistant | Speaker::Customer if !for_people => name.to_lowercase(),
                _ => name.to_owned(),
            };
            let speaker = Some(speaker)
                .filter(|name| !name.is_empty())
                .map(Cell::text);
            let number = Some(Cell::number(number));
            if for_people {
                rows.push_row([
                    id,
                    number,
                    speaker,
                    Some(Cell::text(turn.text_for_people())),
                ]);
            } else {
                let elapsed = turn.elapsed.map(seconds);
                rows.push_row([id, number, speaker, elapsed, Some(Cell::text(turn.text))]);
            }
        }
    })
}

/// Milliseconds as seconds: `65.585`.
fn seconds(milliseconds: i64) -> Cell<'static> {
    let sign = if milliseconds < 0 { "-" } else { "" };
    let (whole, rest) = (
        milliseconds.unsigned_abs() / 1000,
        milliseconds.unsigned_abs() % 1000,
    );
    Cell {
        kind: CellKind::Number,
        text: format!("{sign}{whole}.{rest:03}").into(),
    }
}

fn people_headings() -> Vec<Heading> {
    vec![
        Heading::new("Call"),
        Heading::new("Turn").right(),
        Heading {
            tone: Some(tone_of_speaker),
            ..Heading::new("Speaker")
        },
        Heading::new("Text").flexible(),
    ]
}

fn tone_of_speaker(name: &str) -> Tone {
    match name {
        "Assistant" => Tone::Accent,
        _ => Tone::Strong,
    }
}
