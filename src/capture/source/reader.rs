//! A source: a named reader of text, decompressed and converted to UTF-8, whatever it reads from.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::unpack::{UnpackLimit, unpack};
use crate::capture::location::coding::Coding;
use crate::text::io_error::describe_io_error;

/// Name of stdin in messages and findings.
pub(crate) const STDIN: &str = "<stdin>";

/// Counts the bytes read from all inputs, before decompression. Clones share one counter.
#[derive(Clone, Debug, Default)]
pub(crate) struct ByteCounter(Arc<AtomicU64>);

impl ByteCounter {
    /// Returns the number of bytes read so far.
    #[must_use]
    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Sets the counter to 0.
    pub(crate) fn reset(&self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

/// Adds the length of every read to `bytes_read`.
struct CountingReader<R> {
    reader: R,
    bytes_read: ByteCounter,
}

impl<R: Read> Read for CountingReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.bytes_read.0.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// Settings that all sources of a run share.
#[derive(Clone, Debug, Default)]
pub struct SourceOptions {
    /// Limit on the size of decompressed input.
    pub(crate) limit: UnpackLimit,
    /// Counts the bytes read from all sources.
    pub(crate) bytes_read: ByteCounter,
}

/// One opened input.
pub struct Source {
    /// The path as the user would type it, or [`STDIN`].
    pub name: Arc<str>,
    /// Its text, decompressed and in UTF-8.
    pub reader: Box<dyn Read + Send>,
    /// The outermost coding that was removed, if any.
    pub coding: Option<Coding>,
    /// True if the file was found in a folder and its extension does not promise calls.
    pub may_lack_calls: bool,
    /// Limit on the size of compressed text inside it.
    pub limit: UnpackLimit,
}

/// An input, or a part of one, that could not be read.
#[derive(Debug)]
pub struct UnreadableInput {
    /// Its path, or [`STDIN`].
    pub(crate) name: Arc<str>,
    /// The reason, as a sentence without a full stop.
    pub(crate) reason: String,
    /// True if the input starts with readable data and is damaged further on. It then counts as bad
    /// data, not as a failure to read.
    pub(crate) is_partial: bool,
}

/// Opens `reader` as a source with this name. Fails if its first bytes cannot be read.
pub fn source_from_reader(
    name: Arc<str>,
    reader: impl Read + Send + 'static,
    options: &SourceOptions,
) -> Result<Source, UnreadableInput> {
    let (limit, bytes_read) = (options.limit, options.bytes_read.clone());
    match unpack(Box::new(CountingReader { reader, bytes_read }), limit) {
        Ok(decoded) => Ok(Source {
            name,
            reader: decoded.reader,
            coding: decoded.coding,
            may_lack_calls: false,
            limit,
        }),
        Err(error) => Err(UnreadableInput {
            name,
            reason: describe_io_error(&error),
            is_partial: false,
        }),
    }
}
