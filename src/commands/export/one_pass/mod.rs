//! Calls in, delimited text out, in one pass over the input: the workers write the rows with the columns that are known so far. Mostly the first calls
//! bring them all. Where later ones bring more, the rows before them are rearranged in the end.

mod guards;
mod waiting;

use std::sync::{Arc, Mutex, PoisonError};

use super::write::Times;
use crate::call::documented::Documented;
use crate::cli::InputArgs;
use crate::commands::session::Session;
use crate::export::Dialect;
use crate::export::file::OutputFile;
use crate::input::batch::BATCH_BYTES;
use crate::json::Json;
use crate::table::column::Columns;
use crate::table::column_list::{Candidates, ColumnList};
use crate::table::flatten::for_each_value;
use crate::table::layout::Layout;
use crate::table::parts::{self, CELL_UNITS, Parts};
use crate::table::row::{Cell, Rows};
use guards::Guards;
use waiting::Waiting;

/// How rows are written.
pub(super) struct Writing<'a> {
    pub dialect: &'a Dialect,
    pub times: &'a Times,
    pub list: &'a ColumnList,
}

impl Writing<'_> {
    /// Adds the row of a call, given its text and the value of each column, as it stood there. None of them is too long for a cell.
    fn push_row(
        &self,
        layout: &Layout,
        body: &str,
        values: &[Option<&str>],
        text: &mut Vec<u8>,
        guards: &mut Guards,
    ) {
        let dialect = self.dialect;
        let start = text.len();
        // Most cells of most rows are empty.
        let mut nulls = 0;
        for (value, (number, is_time)) in values.iter().zip(&layout.numbers) {
            let Some(value) = value.map(Json::from_well_formed) else {
                nulls += 1;
                continue;
            };
            dialect.push_nulls(std::mem::take(&mut nulls), text);
            let mut guarded = 0;
            if *is_time && !self.times.are_as_given() {
                let cell = Cell::from_json(value).map(|cell| self.times.told(cell));
                dialect.push_cell(cell.as_ref(), text, &mut guarded);
            } else {
                dialect.push_value(value, body, text, &mut guarded);
            }
            guards.add(*number, guarded);
            text.push(dialect.delimiter);
        }
        dialect.push_nulls(nulls, text);
        dialect.end_row(start, text);
    }

    /// The same, given what there is, which may be too long for one cell, with the places of its columns, in their order.
    fn push_cells<'c>(
        &self,
        layout: &Layout,
        cells: impl Iterator<Item = (usize, Cell<'c>)>,
        text: &mut Vec<u8>,
        guards: &mut Guards,
    ) {
        let dialect = self.dialect;
        let start = text.len();
        let mut written = 0;
        let mut parts = Vec::new();
        for (place, cell) in cells {
            let (number, is_time) = layout.numbers[place];
            let own = layout.cells_of(place);
            dialect.push_nulls(own.start - written, text);
            written = own.end;
            let cell = if is_time { self.times.told(cell) } else { cell };
            parts::push(Some(cell), own.len(), &mut parts);
            let mut guarded = 0;
            for part in parts.drain(..) {
                dialect.push_cell(part.as_ref(), text, &mut guarded);
                text.push(dialect.delimiter);
            }
            guards.add(number, guarded);
        }
        dialect.push_nulls(layout.cells() - written, text);
        dialect.end_row(start, text);
    }

    /// Into how many cells a value has to go, where that may be several.
    fn parts(&self, value: Json) -> Option<usize> {
        if value.text().len() <= CELL_UNITS || self.dialect.program.is_none() {
            return None;
        }
        let units = Cell::from_json(value)?.text.encode_utf16().count();
        Some(parts::count(units))
    }
}

/// Where the columns are so many that the rows of a batch become more text than this, the others travel in compact form.
const MOST_TEXT_BYTES: usize = 4 * BATCH_BYTES;

/// What one batch brings.
#[derive(Default)]
pub(super) struct Brought {
    /// The columns that were known when it was begun.
    layout: Option<Arc<Layout>>,
    /// These and those that it has beyond.
    columns: Columns,
    /// Its first rows, which need no others.
    text: Vec<u8>,
    guards: Guards,
    /// The rows from the first one on that does, or for which there was no room.
    rest: Rows,
    /// Into how many cells their texts have to go, where that are several.
    parts: Parts,
    /// Of the columns beyond those of the layout, whether they may be asked for.
    may_leave: Vec<bool>,
    /// Room for the values of a call, as they stood, for each column that leaves: it is empty between calls.
    room: Vec<Option<&'static str>>,
}

/// The same room, with nothing in it.
fn emptied<'b>(mut values: Vec<Option<&str>>) -> Vec<Option<&'b str>> {
    values.clear();
    values.into_iter().map(|_| None).collect()
}

impl Brought {
    fn add(
        &mut self,
        body: &Documented,
        writing: &Writing,
        candidates: &Candidates,
        known: &Mutex<Arc<Layout>>,
    ) {
        let layout = self.layout.get_or_insert_with(|| {
            let layout = Arc::clone(&known.lock().unwrap_or_else(PoisonError::into_inner));
            self.columns = layout.columns.clone();
            self.text.reserve(BATCH_BYTES);
            layout
        });
        let first_beyond = layout.columns.count();
        let mut values = emptied(std::mem::take(&mut self.room));
        values.resize(layout.order.len(), None);
        let mut beyond = Vec::new();
        let parts = &mut self.parts;
        for_each_value(body, &mut self.columns, |column, value| {
            let is_known = column < first_beyond;
            let place = is_known.then(|| layout.place(column)).flatten();
            if value.is_null() || is_known && place.is_none() {
                return;
            }
            if let Some(count) = writing.parts(*value) {
                parts.add(column, count);
            }
            match place {
                Some(place) => values[place] = Some(value.text()),
                None => beyond.push((column, value.text())),
            }
        });
        candidates.tell(&self.columns, first_beyond, &mut self.may_leave);
        beyond.retain(|(column, _)| self.may_leave[column - first_beyond]);
        let is_usual = beyond.is_empty() && self.parts.is_empty();
        if is_usual && self.rest.is_empty() && self.text.len() < MOST_TEXT_BYTES {
            writing.push_row(
                layout,
                body.value.text(),
                &values,
                &mut self.text,
                &mut self.guards,
            );
            self.room = emptied(values);
            return;
        }
        let numbers = layout.numbers.iter().map(|(number, _)| *number);
        let values = numbers.zip(values);
        let values = values.filter_map(|(column, value)| Some((column, value?)));
        for (column, value) in values.chain(beyond) {
            if let Some(cell) = Cell::from_json(Json::from_well_formed(value)) {
                self.rest.push(column, &cell);
            }
        }
        self.rest.end_row();
    }
}

/// Reads the input and writes its calls to `file`, or else to standard output. Returns how many cells were guarded.
pub(super) fn write_calls(
    input: &InputArgs,
    writing: &Writing,
    file: Option<OutputFile>,
    again: impl FnOnce() -> anyhow::Result<OutputFile>,
    session: &mut Session,
) -> anyhow::Result<u64> {
    let mut columns = Columns::default();
    let list = writing.list;
    let candidates = list.candidates();
    // Workers know of no text that goes into several cells: its row is not theirs to write.
    let layout_of = |columns: &mut Columns| {
        let order = list.so_far(columns.in_order());
        Arc::new(Layout::new(columns, order, &Parts::default()))
    };
    let known = Mutex::new(layout_of(&mut columns));
    let mut parts = Parts::default();
    let mut publisher = Publisher::default();
    let mut rows = Waiting::new(file);
    session.for_each_call(
        input,
        |body, brought: &mut Brought| brought.add(body.object, writing, &candidates, &known),
        |_, mut brought| {
            if let Some(layout) = brought.layout.take() {
                rows.push_text(&layout, &brought.text, &brought.guards)?;
                let first_beyond = layout.columns.count();
                let numbers = columns.merge(std::mem::take(&mut brought.columns));
                rows.push_rows(first_beyond, &numbers, &brought.rest)?;
                for (column, count) in brought.parts.iter() {
                    let beyond = column.checked_sub(first_beyond);
                    parts.add(beyond.map_or(column, |place| numbers[place]), count);
                }
                publisher.look(&mut columns, &known, layout_of);
            }
            rows.begin_if_many(&mut columns, &parts, writing)
        },
    )?;
    if session.seen().calls == 0 {
        return Ok(0);
    }
    rows.finish(&mut columns, &parts, writing, again, session)
}

/// Lets the workers know of new columns: at once when the first ones come, ever less often where they keep coming, for each time costs all of them.
#[derive(Default)]
struct Publisher {
    times: usize,
    batches: usize,
}

impl Publisher {
    fn look(
        &mut self,
        columns: &mut Columns,
        known: &Mutex<Arc<Layout>>,
        layout_of: impl Fn(&mut Columns) -> Arc<Layout>,
    ) {
        self.batches += 1;
        let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
        if columns.count() > known.columns.count() && self.batches > self.times {
            *known = layout_of(columns);
            self.times += 1;
            self.batches = 0;
        }
    }
}
