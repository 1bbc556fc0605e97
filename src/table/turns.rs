//! A table with one row per turn (utterance) of the transcripts.

use std::borrow::Cow;

use super::cell_type::CellType;
use super::column::{ColumnType, FixedColumn};
use super::row::{Cell, CellKind, Rows};
use crate::call::Call;
use crate::call::transcript::Speaker;
use crate::json::Json;

/// The columns: the call's id, the number of the turn in the call (from 1), the speaker, the
/// seconds since the first turn, and the text.
pub(crate) const COLUMNS: &[FixedColumn] = &[
    FixedColumn::new("/id", ColumnType::Integer),
    FixedColumn::new("/turn", ColumnType::Integer),
    FixedColumn::new("/speaker", ColumnType::Any),
    FixedColumn::new("/elapsed", ColumnType::Seconds).with_cells(CellType::Double),
    FixedColumn::new("/text", ColumnType::Any),
];

/// The form of the texts of turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TurnText {
    /// As in the transcript.
    Verbatim,
    /// Without tags that only control the voice (SSML).
    Spoken,
}

/// Adds one row per turn of a call. `id_cell` converts the call's id to a cell. Returns false if
/// there are no turns.
pub(crate) fn push_turns<'a>(
    rows: &mut Rows,
    call: &Call<'a>,
    form: TurnText,
    id_cell: impl Fn(Json<'a>) -> Option<Cell<'a>>,
) -> bool {
    let turns = call.transcript().turns();
    let has_turns = !turns.is_empty();
    for (number, turn) in (1_u64..).zip(turns) {
        let elapsed = turn.elapsed_ms.map(seconds_cell);
        let text = match form {
            TurnText::Verbatim => Cow::Borrowed(&*turn.text),
            TurnText::Spoken => turn.spoken_text(),
        };
        rows.push_row([
            call.id().and_then(&id_cell),
            Some(Cell::number(number)),
            speaker_cell(turn.speaker, turn.label.as_deref()),
            elapsed,
            Some(Cell::text(text)),
        ]);
    }
    has_turns
}

/// `assistant`, `customer`, or the label in the transcript; `None` if it is empty.
fn speaker_cell(speaker: Speaker, label: Option<&str>) -> Option<Cell<'_>> {
    match speaker {
        Speaker::Assistant => Some(Cell::text("assistant")),
        Speaker::Customer => Some(Cell::text("customer")),
        Speaker::Unknown => label.filter(|label| !label.is_empty()).map(Cell::text),
    }
}

fn seconds_cell(milliseconds: i64) -> Cell<'static> {
    Cell {
        kind: CellKind::Number,
        text: format_seconds(milliseconds).into(),
    }
}

/// Formats milliseconds as seconds with three decimals: `65.585`.
pub(crate) fn format_seconds(milliseconds: i64) -> String {
    let sign = if milliseconds < 0 { "-" } else { "" };
    let (whole, rest) = (
        milliseconds.unsigned_abs() / 1000,
        milliseconds.unsigned_abs() % 1000,
    );
    format!("{sign}{whole}.{rest:03}")
}
