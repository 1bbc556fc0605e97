//! Inputs that can be read only once, such as pipes, for runs that read their input twice. They are
//! copied to temporary files while they are read for the first time.

use std::fmt;
use std::io::{self, Read, Seek as _, SeekFrom, Write as _};
use std::sync::{Arc, Mutex, PoisonError};

use crate::host::ScratchFile;

/// Streams, by the index of the path of the input; `None` for an input that can be reopened. Their
/// copies vanish when the run ends.
#[derive(Clone, Debug, Default)]
pub(crate) struct RereadableStreams(Vec<Option<Arc<Mutex<CopiedStream>>>>);

impl RereadableStreams {
    /// True before the streams are opened.
    #[must_use]
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Reads the input at `index` from its start, or returns `None` if it can be opened again.
    pub(crate) fn open(&self, index: usize) -> Option<RereadableStream> {
        let stream = self.0.get(index)?.clone()?;
        Some(RereadableStream { stream, at: 0 })
    }
}

impl FromIterator<Option<CopiedStream>> for RereadableStreams {
    fn from_iter<I: IntoIterator<Item = Option<CopiedStream>>>(streams: I) -> Self {
        let streams = streams.into_iter();
        let streams = streams.map(|stream| stream.map(|stream| Arc::new(Mutex::new(stream))));
        Self(streams.collect())
    }
}

/// A stream, and a copy of the bytes that have been read from it.
pub(super) struct CopiedStream {
    input: Box<dyn Read + Send>,
    copy: Box<dyn ScratchFile>,
    /// Number of bytes in the copy.
    length: u64,
    /// The offset at which the copy is read or written next.
    position: u64,
    /// True if the copy has the whole stream.
    is_whole: bool,
}

impl fmt::Debug for CopiedStream {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter
            .debug_struct("CopiedStream")
            .finish_non_exhaustive()
    }
}

impl CopiedStream {
    /// A stream that is copied to the empty file `copy`.
    pub(super) fn new(input: Box<dyn Read + Send>, copy: Box<dyn ScratchFile>) -> Self {
        Self {
            input,
            copy,
            length: 0,
            position: 0,
            is_whole: false,
        }
    }

    /// Reads what follows the offset `at`, which is at most the length of the copy. After an error,
    /// the copy ends, so that every reader gets the same bytes.
    fn read_at(&mut self, at: u64, buffer: &mut [u8]) -> io::Result<usize> {
        if self.position != at {
            self.copy.seek(SeekFrom::Start(at))?;
            self.position = at;
        }
        let read = if at < self.length {
            self.copy.read(buffer)?
        } else if self.is_whole {
            0
        } else {
            self.is_whole = true;
            let read = self.input.read(buffer)?;
            self.copy.write_all(&buffer[..read])?;
            self.length += read as u64;
            self.is_whole = read == 0;
            read
        };
        self.position += read as u64;
        Ok(read)
    }
}

/// A reader of a stream that others have read.
#[derive(Debug)]
pub(crate) struct RereadableStream {
    stream: Arc<Mutex<CopiedStream>>,
    at: u64,
}

impl Read for RereadableStream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut stream = self.stream.lock().unwrap_or_else(PoisonError::into_inner);
        let read = stream.read_at(self.at, buffer)?;
        self.at += read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_read_again_from_its_start() {
        let text: Vec<u8> = (0..=255).cycle().take(10_000).collect();
        let input = io::Cursor::new(text.clone());
        let copy = Box::new(io::Cursor::new(Vec::new()));
        let stream = CopiedStream::new(Box::new(input), copy);
        let streams = RereadableStreams::from_iter([None, Some(stream)]);
        assert!(streams.open(0).is_none() && streams.open(2).is_none());
        // The first reader stops early; the next ones read on from the stream.
        let mut start = [0; 700];
        let mut first = streams.open(1).expect("a stream");
        first.read_exact(&mut start).expect("readable");
        assert_eq!(start, text[..700]);
        for _ in 0..2 {
            let mut all = Vec::new();
            let mut reader = streams.open(1).expect("a stream");
            reader.read_to_end(&mut all).expect("readable");
            assert_eq!(all, text);
        }
        let mut rest = Vec::new();
        first.read_to_end(&mut rest).expect("readable");
        assert_eq!(rest, text[700..]);
    }
}
