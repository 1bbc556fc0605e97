//! Sources in, batches out: each a run of bytes that holds whole values only, so that batches can be read in any order and
//! by any thread. A source is never held whole, unless it is one value.

use std::io::{self, Read};
use std::sync::Arc;

use super::place::Position;
use super::source::{Source, Unreadable, reason};

/// How many bytes a batch aims at: enough to make handing it over cheap, few enough to hold many.
pub const BATCH_BYTES: usize = 256 * 1024;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Whole values of one source.
#[derive(Debug)]
pub struct Batch {
    /// The source's name.
    pub source: Arc<str>,
    /// The bytes, as they stood in the source.
    pub bytes: Vec<u8>,
    /// Where the first byte stands.
    pub start: Position,
    /// In the midst of a top-level array: the index of the element that comes first.
    pub element: Option<u64>,
    /// Whether the source ends with this batch.
    pub last: bool,
}

/// Cuts one source into batches.
pub struct Batches {
    source: Source,
    /// Bytes that were read but not handed out yet.
    rest: Vec<u8>,
    start: Position,
    element: Option<u64>,
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
            rest: Vec::new(),
            start: Position::START,
            element: None,
            state: State::Beginning,
        }
    }

    /// The next batch while there is more to read, else none; sets the state to what follows.
    fn read_batch(&mut self) -> Option<Batch> {
        let mut target = BATCH_BYTES;
        loop {
            let at_end = match self.fill(target) {
                Ok(at_end) => at_end,
                Err(error) => {
                    self.state = State::Failed(error);
                    return self.hand_out_the_rest();
                }
            };
            if matches!(self.state, State::Beginning) {
                self.state = State::Reading;
                if self.rest.starts_with(BYTE_ORDER_MARK) {
                    self.rest.drain(..BYTE_ORDER_MARK.len());
                    self.start.offset = BYTE_ORDER_MARK.len() as u64;
                }
                if at_end && self.rest.trim_ascii().is_empty() {
                    self.state = State::Failed(io::Error::other("it is empty"));
                    return None;
                }
            }
            if at_end {
                self.state = State::Ended;
                return self.hand_out_the_rest();
            }
            if let Some((end, element)) = cut(&self.rest, self.element) {
                return Some(self.hand_out(end, element, false));
            }
            // One value larger than the batch: it has to be whole.
            target = self.rest.len() * 2;
        }
    }

    /// Reads until `target` bytes wait; true when the source has no more.
    fn fill(&mut self, target: usize) -> io::Result<bool> {
        let missing = target.saturating_sub(self.rest.len());
        self.rest.reserve_exact(missing);
        let read = (&mut self.source.reader)
            .take(missing as u64)
            .read_to_end(&mut self.rest)?;
        Ok(read < missing)
    }

    /// The last batch. An array that is still open is told by it even when nothing is left.
    fn hand_out_the_rest(&mut self) -> Option<Batch> {
        let something = !self.rest.is_empty() || self.element.is_some();
        something.then(|| self.hand_out(self.rest.len(), None, true))
    }

    /// Hands out the first `end` bytes; `element` is what the next batch begins with.
    fn hand_out(&mut self, end: usize, element: Option<u64>, last: bool) -> Batch {
        let rest = self.rest.split_off(end);
        let bytes = std::mem::replace(&mut self.rest, rest);
        let start = self.start;
        self.start = start.after(&bytes);
        Batch {
            source: Arc::clone(&self.source.name),
            bytes,
            start,
            element: std::mem::replace(&mut self.element, element),
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
            })),
            _ => None,
        }
    }
}

/// Where `bytes` can be cut so that only whole values come before, and the element that follows in an array.
fn cut(bytes: &[u8], element: Option<u64>) -> Option<(usize, Option<u64>)> {
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    match (element, first) {
        (None, Some(b'{')) => last_border(bytes).map(|end| (end, None)),
        (None, Some(b'[')) | (Some(_), _) => cut_array(bytes, element),
        (None, _) => memchr::memrchr(b'\n', bytes).map(|newline| (newline + 1, None)),
    }
}

/// Right after the last line break that stands between two values for certain.
fn last_border(bytes: &[u8]) -> Option<usize> {
    let mut end = bytes.len();
    while let Some(newline) = memchr::memrchr(b'\n', &bytes[..end]) {
        if is_border(bytes, newline) {
            return Some(newline + 1);
        }
        // The other line breaks of the same white space are none either.
        end = bytes[..newline].trim_ascii_end().len();
    }
    None
}

/// Whether the line break at `newline` has `}` or `]` before it and `{` or `[` after it. Within one value none stands so: a
/// comma or a colon would have to come between, and strings hold no raw line breaks (RFC 8259 §7).
fn is_border(bytes: &[u8], newline: usize) -> bool {
    let before = bytes[..newline].trim_ascii_end().last();
    let after = bytes[newline..].trim_ascii_start().first();
    matches!(before, Some(b'}' | b']')) && matches!(after, Some(b'{' | b'['))
}

/// The end of the last whole element of a top-level array, with the index that follows; or the end of the array.
fn cut_array(bytes: &[u8], element: Option<u64>) -> Option<(usize, Option<u64>)> {
    let mut index = element.unwrap_or(0);
    let mut depth = usize::from(element.is_some());
    let mut last = None;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => match string_end(bytes, at) {
                Some(end) => at = end,
                None => break,
            },
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some((at + 1, None));
                }
            }
            b',' if depth == 1 => {
                index += 1;
                last = Some((at + 1, Some(index)));
            }
            _ => {}
        }
        at += 1;
    }
    last
}

/// The index of the quote that closes the string opened at `open`.
pub(super) fn string_end(bytes: &[u8], open: usize) -> Option<usize> {
    let mut at = open + 1;
    loop {
        at += memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes[at] == b'"' {
            return Some(at);
        }
        at += 2;
    }
}
