//! Sources in, batches out: each a run of bytes that holds whole values only, so that batches can be read in any order and
//! by any thread. A source is never held whole, unless it is one value.

use std::io::{self, Read};
use std::sync::Arc;

use super::border::{Cut, cut, leading_space};
use super::form::{self, Form};
use super::place::Position;
use super::prose;
use super::records::before_open_records;
use super::room::{Bytes, Room};
use super::source::{Source, Unreadable, reason};
use super::unpack::{Coding, UnpackLimit, is_damage, too_much};

/// How many bytes a batch aims at: enough to make handing it over cheap, few enough to hold many.
pub const BATCH_BYTES: usize = 1024 * 1024;

/// So many are asked for at first: most files are small, and room for more would have to be made for nothing.
const FIRST_READ_BYTES: usize = 64 * 1024;

/// Looking for a cut in so few bytes takes no time.
const SHORT_LOOK_BYTES: usize = 1024 * 1024;

/// Whole values of one source.
#[derive(Debug)]
pub struct Batch {
    /// The source's name.
    pub source: Arc<str>,
    /// Its place among the batches of all sources, from 0: those who bring them together give it.
    pub number: u64,
    /// The bytes, as they stood in the source.
    pub bytes: Bytes,
    /// What they are written in.
    pub form: Form,
    /// How they were coded, if they were decoded first.
    pub coding: Option<Coding>,
    /// What compressed text in them may unfold to.
    pub limit: UnpackLimit,
    /// Whether nobody asked for the source by name, and its name promises no call.
    pub is_maybe: bool,
    /// Where the first byte stands.
    pub start: Position,
    /// In the midst of a top-level array: the index of the element that comes first.
    pub element: Option<u64>,
    /// Whether the batch before it ended in text that is no JSON: then there is nothing new in a beginning that is none either.
    pub goes_on_with_other_text: bool,
    /// Whether the source ends with this batch.
    pub last: bool,
}

/// Cuts one source into batches.
pub struct Batches {
    source: Source,
    /// Begins with the bytes that were read but not handed out yet; what is behind them means nothing.
    buffer: Vec<u8>,
    /// How many those are.
    filled: usize,
    room: Room,
    /// How many bytes are asked for at once.
    asked: usize,
    start: Position,
    element: Option<u64>,
    in_other_text: bool,
    form: Option<Form>,
    state: State,
}

enum State {
    Beginning,
    Reading,
    /// Reading failed; said after what came before was handed out.
    Failed(io::Error),
    Ended,
}

impl Batches {
    /// The batches of `source`.
    #[must_use]
    pub fn new(source: Source) -> Self {
        Self {
            source,
            buffer: Vec::new(),
            filled: 0,
            room: Room::default(),
            asked: FIRST_READ_BYTES,
            start: Position::START,
            element: None,
            in_other_text: false,
            form: None,
            state: State::Beginning,
        }
    }

    /// The next batch while there is more to read, else none; sets the state to what follows.
    fn read_batch(&mut self) -> Option<Batch> {
        let mut target = BATCH_BYTES;
        // How much waited when it could not be cut.
        let mut uncut = 0;
        loop {
            let missing = (target - self.filled).min(self.asked);
            let read = match self.read(missing) {
                Ok(read) => read,
                Err(error) => {
                    self.state = State::Failed(error);
                    return self.hand_out_the_rest();
                }
            };
            if read == 0 {
                let nothing = matches!(self.state, State::Beginning)
                    && leading_space(self.rest()) == self.filled;
                if nothing {
                    self.state = State::Failed(io::Error::other("it is empty"));
                    return None;
                }
                self.state = State::Ended;
                return self.hand_out_the_rest();
            }
            if read == missing {
                self.asked = (self.asked * 2).min(BATCH_BYTES);
            }
            // Input that comes in small pieces is handed on at once, unless looking for a cut again and again would take long.
            let is_full = self.filled == target;
            let is_slow = !is_full
                && read < missing
                && (self.filled < SHORT_LOOK_BYTES || self.filled > uncut * 3 / 2);
            if is_slow || is_full {
                if let Some(cut) = self.cut(is_slow) {
                    self.state = State::Reading;
                    return Some(self.hand_out(cut, false));
                }
                uncut = self.filled;
            }
            if self.filled == target {
                // One value larger than the batch: it has to be whole.
                target *= 2;
                let (limit, coding) = (self.source.limit.one_value, self.source.coding);
                if let Some(coding) = coding.filter(|_| target as u64 > limit) {
                    self.filled = 0;
                    self.element = None;
                    self.state = State::Failed(too_much(coding, limit));
                    return None;
                }
            }
        }
    }

    /// Where the bytes that wait can be cut, if anywhere.
    fn cut(&mut self, is_slow: bool) -> Option<Cut> {
        if self.form.is_none() {
            self.form = form::tell(self.rest(), false);
        }
        match self.form? {
            Form::Json => {
                let found = cut(self.rest(), self.element, is_slow)?;
                let is_array = self.element.or(found.element).is_some();
                let end = if is_array {
                    found.end
                } else {
                    before_open_records(&self.rest()[..found.end])
                };
                (end > 0).then_some(Cut { end, ..found })
            }
            Form::Text => prose::cut(self.rest(), self.source.limit).map(|end| Cut {
                end,
                element: None,
                in_other_text: false,
            }),
        }
    }

    /// Reads once, at most `missing` bytes; 0 when the source has no more.
    fn read(&mut self, missing: usize) -> io::Result<usize> {
        let end = self.filled + missing;
        if self.buffer.len() < end {
            self.buffer.resize(end, 0);
        }
        let buffer = &mut self.buffer[self.filled..end];
        let read = loop {
            match self.source.reader.read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => break result?,
            }
        };
        self.filled += read;
        Ok(read)
    }

    /// The bytes that wait.
    fn rest(&self) -> &[u8] {
        &self.buffer[..self.filled]
    }

    /// The last batch. An array that is still open is told by it even when nothing is left.
    fn hand_out_the_rest(&mut self) -> Option<Batch> {
        self.form = self.form.or_else(|| form::tell(self.rest(), true));
        let cut = Cut {
            end: self.filled,
            element: None,
            in_other_text: false,
        };
        let something = self.filled > 0 || self.element.is_some();
        something.then(|| self.hand_out(cut, true))
    }

    /// Hands out what comes before `cut`.
    fn hand_out(&mut self, cut: Cut, last: bool) -> Batch {
        let mut buffer = self.room.take();
        let rest = &self.buffer[cut.end..self.filled];
        if buffer.len() < rest.len() {
            buffer.resize(rest.len(), 0);
        }
        buffer[..rest.len()].copy_from_slice(rest);
        self.filled = rest.len();
        let mut bytes = std::mem::replace(&mut self.buffer, buffer);
        bytes.truncate(cut.end);
        let start = self.start;
        self.start = start.after(&bytes);
        Batch {
            source: Arc::clone(&self.source.name),
            number: 0,
            form: self.form.unwrap_or(Form::Json),
            coding: self.source.coding,
            limit: self.source.limit,
            is_maybe: self.source.is_maybe,
            bytes: self.room.lend(bytes),
            start,
            element: std::mem::replace(&mut self.element, cut.element),
            goes_on_with_other_text: std::mem::replace(&mut self.in_other_text, cut.in_other_text),
            last,
        }
    }
}

impl Iterator for Batches {
    type Item = Result<Batch, Unreadable>;

    fn next(&mut self) -> Option<Self::Item> {
        if matches!(self.state, State::Beginning | State::Reading)
            && let Some(batch) = self.read_batch()
        {
            return Some(Ok(batch));
        }
        match std::mem::replace(&mut self.state, State::Ended) {
            State::Failed(error) => Some(Err(Unreadable {
                name: Arc::clone(&self.source.name),
                reason: reason(&error),
                in_part: is_damage(&error) && self.start != Position::START,
            })),
            _ => None,
        }
    }
}
