//! Calls in, a row an utterance out.

use super::column::{Fixed, Holds};
use super::row::{Cell, CellKind, Rows};
use crate::call::Call;
use crate::call::transcript::{Speaker, Turn};
use crate::json::Json;

/// The columns: the call's id, the number of the turn in it from 1 on, who speaks, the seconds since the first turn, and what is said.
pub const COLUMNS: &[Fixed] = &[
    Fixed::new("/id", Holds::Integers),
    Fixed::new("/turn", Holds::Integers),
    Fixed::new("/speaker", Holds::Anything),
    Fixed::new("/elapsed", Holds::Seconds),
    Fixed::new("/text", Holds::Anything),
];

/// Adds the turns of a call; `id` makes the cell of its id.
pub fn push_turns<'a>(rows: &mut Rows, call: &Call<'a>, id: impl Fn(Json<'a>) -> Option<Cell<'a>>) {
    for (number, turn) in (1_u64..).zip(call.transcript().turns()) {
        let elapsed = turn.elapsed.map(seconds);
        rows.push_row([
            call.id().and_then(&id),
            Some(Cell::number(number)),
            speaker(&turn).map(Cell::text),
            elapsed,
            Some(Cell::text(turn.text)),
        ]);
    }
}

/// `assistant`, `customer`, or the label that the transcript gives.
fn speaker(turn: &Turn) -> Option<String> {
    let name = turn.name();
    let name = match turn.speaker {
        Speaker::Assistant | Speaker::Customer => name.to_lowercase(),
        Speaker::Unknown => name.to_owned(),
    };
    (!name.is_empty()).then_some(name)
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
