//! Cuts sources into batches. A batch is a run of bytes that holds whole values only, so that
//! batches can be parsed in any order and by any thread. A source is never held in memory as a
//! whole, unless it is one value that cannot be split.

use std::io::{self, Read};
use std::iter;
use std::mem;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::boundary::{Cut, array_line_end, find_cut, leading_separators};
use super::buffer_pool::{BufferPool, PooledBytes};
use super::line_cut::find_line_cut;
use super::log_record::{MAX_CUT_SEARCHES, MAX_RUN_BYTES, open_run_start};
use super::object_parts::{ObjectPart, PartKind};
use super::open_array::find_open_array;
use super::open_object::OpenObject;
use super::sniff::{self, TextForm};
use super::table::find_row_cut;
use super::table::head::{Detection, TableHead, detect};
use super::text::cut::find_text_cut;
use super::text::text_scan::TextScan;
use crate::capture::location::coding::Coding;
use crate::capture::location::position::{Locator, Position};
use crate::capture::source::cut_sizes::BATCH_BYTES;
use crate::capture::source::decode_error::is_decode_error;
use crate::capture::source::other_formats::{DataKind, detect_kind};
use crate::capture::source::reader::{Source, TableUse, UnreadableInput};
use crate::capture::source::source_name::SourceName;
use crate::capture::source::unpack::starts_with_nul;
use crate::capture::source::unpack_limit::UnpackLimit;

/// Maximum number of items in one part of the result of a batch. A batch of tiny values has up to
/// 350,000 items, and each takes far more memory in the result than in the input. A batch of
/// ordinary calls has fewer than this.
pub(crate) const MAX_PART_ITEMS: usize = 1024;

/// Size of the first read in bytes. Most files are small, and a larger buffer would be wasted on
/// them.
const FIRST_READ_BYTES: usize = 64 * 1024;

/// Up to this many bytes, repeated searches for a cut are cheap.
const CHEAP_SCAN_BYTES: usize = 1024 * 1024;

/// The message about a table where bodies are needed.
const NO_BODIES: &str = "a table of calls with a column per field holds no bodies; use `show`, `list`, `variables`, `campaigns`, `transcript` or `export`";

/// Whole values of one source.
#[derive(Debug)]
pub struct Batch {
    /// Name of the source.
    pub(crate) source: SourceName,
    /// Index among the batches of all sources, from 0. [`Batches`] leaves it 0; the pipeline
    /// assigns it.
    pub(crate) number: u64,
    /// The bytes of the source, after decompression and conversion to UTF-8.
    pub bytes: PooledBytes,
    /// JSON or other text.
    pub(crate) form: TextForm,
    /// The headings of the source if it is a table of calls.
    pub(crate) table: Option<Arc<TableHead>>,
    /// The outermost coding that was removed from the source, if any.
    pub coding: Option<Coding>,
    /// Limits on the decompressed size of text inside the batch.
    pub(crate) limit: UnpackLimit,
    /// True if the file was found in a folder and its extension does not suggest calls.
    pub(crate) may_lack_calls: bool,
    /// Position of the first byte in the source.
    pub start: Position,
    /// Index of the first element, if the batch starts inside a top-level array.
    pub(crate) element: Option<u64>,
    /// True if the previous batch ended in text that is not JSON. Such text at the start of this
    /// batch is then a continuation and not reported again.
    pub(crate) continues_non_json: bool,
    /// True if the source ends with this batch.
    pub(crate) is_last: bool,
    /// The part that this batch is of an object which is split.
    pub(crate) part: Option<ObjectPart>,
    /// The scan of the text, if the search for a cut made one.
    pub(crate) scan: Option<TextScan>,
}

impl Batch {
    /// Creates a locator for the bytes.
    #[must_use]
    pub fn locator(&self) -> Locator<'_> {
        let gap = self.part.as_ref().and_then(|part| part.gap);
        Locator::new(&self.bytes, self.start, self.coding).with_gap(gap)
    }
}

/// Returns the batches of all sources, numbered from 0 across sources.
pub fn batches_of(
    sources: impl Iterator<Item = Result<Source, UnreadableInput>> + Send,
) -> impl Iterator<Item = Result<Batch, UnreadableInput>> + Send {
    let mut numbers = 0..;
    let batches = sources.flat_map(|source| {
        let batches: Box<dyn Iterator<Item = _> + Send> = match source {
            Ok(source) => Box::new(Batches::new(source)),
            Err(unreadable) => Box::new(iter::once(Err(unreadable))),
        };
        batches
    });
    batches.map(move |batch| {
        batch.map(|batch| Batch {
            number: numbers.next().unwrap_or_default(),
            ..batch
        })
    })
}

/// An iterator over the batches of one source.
pub struct Batches {
    source: Source,
    /// Its first `filled` bytes are pending: read, but not in a batch yet. The rest is garbage.
    buffer: Vec<u8>,
    filled: usize,
    pool: BufferPool,
    /// Maximum number of bytes per read: [`FIRST_READ_BYTES`] for the first read, [`BATCH_BYTES`]
    /// after a read of that many.
    read_size: usize,
    start: Position,
    element: Option<u64>,
    is_in_non_json: bool,
    form: Option<TextForm>,
    table: Option<Arc<TableHead>>,
    /// True if the first bytes are not those of another format.
    is_text: bool,
    /// The object that is being split.
    object: Option<OpenObject>,
    /// True if the object that the pending bytes start with is not split.
    is_object_checked: bool,
    /// The scan of the text up to the last cut that was found, if there is one.
    scan: Option<TextScan>,
    state: ReadState,
}

enum ReadState {
    Start,
    Reading,
    /// Reading failed. The error is returned after the batch of the bytes before it.
    Failed(io::Error),
    /// The source has no bytes but white space, which is returned as an error.
    Empty,
    Ended,
}

impl Batches {
    /// Creates an iterator over the batches of `source`.
    #[must_use]
    pub fn new(source: Source) -> Self {
        Self {
            source,
            buffer: Vec::new(),
            filled: 0,
            pool: BufferPool::default(),
            read_size: FIRST_READ_BYTES,
            start: Position::START,
            element: None,
            is_in_non_json: false,
            form: None,
            table: None,
            is_text: false,
            object: None,
            is_object_checked: false,
            scan: None,
            state: ReadState::Start,
        }
    }

    /// Reads until a batch is complete and returns it, or `None` at the end or on an error. Sets
    /// the next state.
    fn read_batch(&mut self) -> Option<Batch> {
        let mut target = self.source.cut_sizes.batch;
        // Number of pending bytes when the last search for a cut failed.
        let mut uncut = 0;
        loop {
            let mut is_slow = false;
            if self.filled < target {
                let missing = (target - self.filled).min(self.read_size);
                let read = match self.read_some(missing) {
                    ControlFlow::Break(()) => return None,
                    ControlFlow::Continue(None) => continue,
                    ControlFlow::Continue(Some(read)) => read,
                };
                if read == missing {
                    self.read_size = BATCH_BYTES;
                }
                // Pass on slow input at once. Above the cheap size, search for a cut again only
                // after the pending bytes have grown by half, so that repeated searches stay
                // linear.
                is_slow = self.filled < target
                    && read < missing
                    && (self.filled < CHEAP_SCAN_BYTES || self.filled > uncut * 3 / 2);
            }
            let is_full = self.filled >= target;
            if is_slow || is_full {
                if self.detect_form(false).is_break() {
                    return None;
                }
                if let Some(cut) = self.find_cut(is_slow) {
                    self.state = ReadState::Reading;
                    return Some(self.take_batch(cut, false));
                }
                if let Some(head) = self.split_object() {
                    self.state = ReadState::Reading;
                    return Some(head);
                }
                uncut = self.filled;
            }
            if is_full {
                // The value is larger than a batch, but a batch must hold it whole.
                target = self.next_target();
                let coding = self.source.coding;
                if let Some(error) = self.source.limit.check_value(target as u64, coding) {
                    self.fail(error);
                    return None;
                }
            }
        }
    }

    /// Reads at most `missing` bytes. Returns their number, or `None` if more bytes are needed to
    /// know what the source is. Returns `Break` and sets the next state at the end and on an error.
    fn read_some(&mut self, missing: usize) -> ControlFlow<(), Option<usize>> {
        let read = match self.fill(missing) {
            Ok(read) => read,
            Err(error) => {
                self.check_kind(true)?;
                self.detect_form(true)?;
                self.state = ReadState::Failed(error);
                return ControlFlow::Break(());
            }
        };
        if !self.check_kind(read == 0)? {
            return ControlFlow::Continue(None);
        }
        if read > 0 {
            return ControlFlow::Continue(Some(read));
        }
        let is_empty = matches!(self.state, ReadState::Start)
            && leading_separators(self.pending()) == self.filled;
        if is_empty && !self.source.may_lack_calls {
            self.filled = 0;
            self.state = ReadState::Empty;
            return ControlFlow::Break(());
        }
        self.detect_form(true)?;
        self.state = ReadState::Ended;
        ControlFlow::Break(())
    }

    /// Drops the pending bytes and sets the state for `error`.
    fn fail(&mut self, error: io::Error) {
        self.filled = 0;
        self.element = None;
        self.object = None;
        self.state = ReadState::Failed(error);
    }

    /// Returns the number of pending bytes for the next search for a cut: twice as many, or as many
    /// as are needed to decide if the object that they start with is split.
    fn next_target(&self) -> usize {
        let mut target = self.source.cut_sizes.batch;
        while target <= self.filled {
            target *= 2;
        }
        let object_target = self.object_target().filter(|bytes| *bytes > self.filled);
        object_target.map_or(target, |bytes| bytes.min(target))
    }

    /// Returns the number of pending bytes that decide if the object that they start with is split.
    /// Separators before it do not count, because they depend on the pauses of the input.
    fn object_target(&self) -> Option<usize> {
        let bytes = self.source.cut_sizes.object?;
        let is_possible = !self.is_object_checked
            && self.object.is_none()
            && self.element.is_none()
            && self.table.is_none()
            && self.form == Some(TextForm::Json);
        is_possible.then(|| leading_separators(self.pending()) + bytes)
    }

    /// Starts to split the object that the pending bytes start with, if it is so large that this is
    /// worth it. Returns the batch of its head.
    fn split_object(&mut self) -> Option<Batch> {
        let target = self.object_target()?;
        let start = leading_separators(self.pending());
        let array = find_open_array(self.pending().get(start..target)?);
        self.is_object_checked = true;
        let array = array?;
        let end = start + array.head_length;
        self.object = Some(OpenObject::new(array, &self.pending()[..end], self.start));
        let cut = Cut {
            end,
            element: Some(0),
            is_in_non_json: false,
        };
        Some(self.take_batch(cut, false))
    }

    /// Checks at the start of the source that its data is text. Returns `Break` and sets the next
    /// state if it is not, and false if more bytes are needed. `is_whole` is true if there are no
    /// more.
    fn check_kind(&mut self, is_whole: bool) -> ControlFlow<(), bool> {
        if !matches!(self.state, ReadState::Start) || self.is_text {
            return ControlFlow::Continue(true);
        }
        let Source { name, coding, .. } = &self.source;
        let error = match detect_kind(self.pending(), is_whole, name, *coding) {
            DataKind::Unknown => return ControlFlow::Continue(false),
            DataKind::Other {
                reason,
                holds_calls,
            } if holds_calls || !self.source.may_lack_calls => io::Error::other(reason),
            // Sparse files and devices like `/dev/zero` have no end in practice.
            _ if self.pending().first() == Some(&0) => starts_with_nul(),
            _ => {
                self.is_text = true;
                return ControlFlow::Continue(true);
            }
        };
        self.fail(error);
        ControlFlow::Break(())
    }

    /// Detects the form of the source, if it is unknown and the pending bytes suffice. Returns
    /// `Break` and sets the next state if the source is a table that is not read. `is_whole` is
    /// true if there are no more bytes.
    fn detect_form(&mut self, is_whole: bool) -> ControlFlow<()> {
        if self.form.is_some() {
            return ControlFlow::Continue(());
        }
        if self.source.tables != TableUse::Ignore {
            let reason = match (detect(self.pending(), is_whole), self.source.tables) {
                (Detection::Undecided, _) => return ControlFlow::Continue(()),
                (Detection::NoTable, _) => None,
                (Detection::Unreadable(reason), TableUse::Read) => Some(reason),
                (Detection::Table(head), TableUse::Read) => {
                    self.table = Some(Arc::new(head));
                    self.form = Some(TextForm::Text);
                    return ControlFlow::Continue(());
                }
                (Detection::Table(_) | Detection::Unreadable(_), _) => Some(NO_BODIES.to_owned()),
            };
            if let Some(reason) = reason {
                self.fail(io::Error::other(reason));
                return ControlFlow::Break(());
            }
        }
        self.form = sniff::sniff(self.pending(), is_whole);
        ControlFlow::Continue(())
    }

    /// Finds a record boundary at which the pending bytes can be cut.
    fn find_cut(&mut self, is_slow: bool) -> Option<Cut> {
        let form = self.form?;
        if let Some(object) = &self.object {
            let all = self.pending();
            let first = &all[..all.len().min(self.source.cut_sizes.batch)];
            let cut = object.find_cut(first, self.element, is_slow);
            return cut.or_else(|| object.find_cut(all, self.element, is_slow));
        }
        if let Some(head) = &self.table {
            let is_start = self.start == Position::START;
            return find_row_cut(self.pending(), head, is_start).map(Cut::between_values);
        }
        match form {
            // A tag of the first line may be closed by the last one.
            TextForm::Html => return None,
            TextForm::Text => {
                let cut = find_text_cut(self.pending())?;
                self.scan = cut.scan;
                return Some(Cut::between_values(cut.end));
            }
            TextForm::Json => {}
        }
        // Log records that belong together stay together: cut before an incomplete run of them.
        let mut end = self.filled;
        for _ in 0..MAX_CUT_SEARCHES {
            let pending = &self.buffer[..end];
            let cut = match self.element {
                element if !is_slow => find_cut(pending, element),
                None => find_line_cut(pending).map(Cut::between_values),
                Some(element) => array_line_end(pending, element).map(Cut::between_values),
            }?;
            if cut.element.is_some() || self.filled > MAX_RUN_BYTES {
                return Some(cut);
            }
            match open_run_start(&pending[..cut.end]) {
                Some(start) => end = start,
                None => return Some(cut),
            }
        }
        None
    }

    /// Reads once, at most `missing` bytes, and returns the number of bytes read: 0 at the end of
    /// the source.
    fn fill(&mut self, missing: usize) -> io::Result<usize> {
        let end = self.filled + missing;
        if self.buffer.len() < end {
            if self.buffer.capacity() < end && end <= BATCH_BYTES {
                // New memory is zero already. `resize` would fill it again: for the two buffers of
                // one thread, as many instructions as `validate` takes for 100 calls.
                let pending = mem::replace(&mut self.buffer, vec![0; end]);
                self.buffer[..self.filled].copy_from_slice(&pending[..self.filled]);
            }
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

    /// Returns the bytes that were read but are not in a batch yet.
    fn pending(&self) -> &[u8] {
        &self.buffer[..self.filled]
    }

    /// Returns the next batch at the end of the source, if there is one. Inside an unclosed array
    /// or object the last one may be empty: the parser needs it to report the missing bracket.
    fn take_rest(&mut self) -> Option<Batch> {
        let Some(object) = &self.object else {
            let has_rest = self.filled > 0 || self.element.is_some();
            return has_rest.then(|| self.take_all());
        };
        if let Some(cut) = object.find_cut(self.pending(), self.element, false) {
            return Some(self.take_batch(cut, false));
        }
        let last = self.take_all();
        self.object = None;
        Some(last)
    }

    /// Removes the pending bytes and returns them as the last batch of the source.
    fn take_all(&mut self) -> Batch {
        self.take_batch(Cut::between_values(self.filled), true)
    }

    /// Removes the first `length` pending bytes and returns them. The rest moves to a buffer of the
    /// pool.
    fn take_bytes(&mut self, length: usize) -> Vec<u8> {
        let mut buffer = self.pool.acquire();
        let rest = length..self.filled;
        self.filled = rest.len();
        if self.object.is_some() && rest.len() > length {
            // The first batches of an object leave megabytes behind. To copy these would hold them
            // in memory once per batch in flight.
            buffer.clear();
            buffer.extend_from_slice(&self.buffer[..length]);
            self.buffer.copy_within(rest, 0);
            return buffer;
        }
        if buffer.len() < rest.len() {
            buffer.resize(rest.len(), 0);
        }
        buffer[..rest.len()].copy_from_slice(&self.buffer[rest]);
        let mut bytes = mem::replace(&mut self.buffer, buffer);
        bytes.truncate(length);
        bytes
    }

    /// Removes the pending bytes before `cut` and returns them as a batch, the last one of the
    /// source if `is_last`. The state at `cut`, such as the index of the next element, is kept for
    /// the next batch.
    fn take_batch(&mut self, cut: Cut, is_last: bool) -> Batch {
        let mut bytes = self.take_bytes(cut.end);
        let mut start = self.start;
        self.start = start.after(&bytes);
        self.is_object_checked = false;
        let object = self.object.as_mut();
        let part = object.map(|object| object.next_part(&mut bytes, &mut start, cut.element));
        if part
            .as_ref()
            .is_some_and(|part| part.kind == PartKind::Tail)
        {
            self.object = None;
        }
        Batch {
            source: self.source.name.clone(),
            number: 0,
            form: self.form.unwrap_or(TextForm::Json),
            table: self.table.clone(),
            coding: self.source.coding,
            limit: self.source.limit,
            may_lack_calls: self.source.may_lack_calls,
            bytes: self.pool.wrap(bytes),
            start,
            element: mem::replace(&mut self.element, cut.element),
            continues_non_json: mem::replace(&mut self.is_in_non_json, cut.is_in_non_json),
            is_last,
            part,
            scan: self.scan.take(),
        }
    }
}

impl Iterator for Batches {
    type Item = Result<Batch, UnreadableInput>;

    fn next(&mut self) -> Option<Self::Item> {
        if matches!(self.state, ReadState::Start | ReadState::Reading)
            && let Some(batch) = self.read_batch()
        {
            return Some(Ok(batch));
        }
        if let Some(batch) = self.take_rest() {
            return Some(Ok(batch));
        }
        match mem::replace(&mut self.state, ReadState::Ended) {
            ReadState::Failed(error) => Some(Err(UnreadableInput {
                is_partial: is_decode_error(&error) && self.start != Position::START,
                ..UnreadableInput::new(self.source.name.clone(), &error)
            })),
            ReadState::Empty => {
                let name = self.source.name.clone();
                Some(Err(UnreadableInput::empty(name, "empty input")))
            }
            _ => None,
        }
    }
}
