//! A source: a named reader of text, decompressed and converted to UTF-8, whatever it reads from.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::cut_sizes::CutSizes;
use super::skipped_files::SkippedFiles;
use super::source_name::SourceName;
use super::unpack_limit::UnpackLimit;
use crate::capture::location::coding::Coding;
use crate::host::Scratch;
use crate::text::io_error::describe_io_error;

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
pub(super) struct CountingReader<R> {
    pub(super) reader: R,
    pub(super) bytes_read: ByteCounter,
}

impl<R: Read> Read for CountingReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.bytes_read.0.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

impl<R: Seek> Seek for CountingReader<R> {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.reader.seek(position)
    }
}

/// Settings that all sources of a run share.
#[derive(Clone, Debug, Default)]
pub struct SourceOptions {
    /// Limit on the size of decompressed input.
    pub(crate) limit: UnpackLimit,
    /// Counts the bytes read from all sources.
    pub(crate) bytes_read: ByteCounter,
    /// True if members of any name are read from archives, not only those with one of
    /// [`EXTENSIONS`](super::file_name::EXTENSIONS).
    pub(crate) include_all: bool,
    /// True if sources without a call are not reported: the file was found in a folder and its
    /// extension does not promise calls.
    pub(crate) may_lack_calls: bool,
    /// Counts the members of archives that were not read because of their names.
    pub(crate) skipped: SkippedFiles,
    /// Storage for archives that cannot be read where they are.
    pub(crate) scratch: &'static dyn Scratch,
    /// How tables of calls are read.
    pub tables: TableUse,
    /// Where sources are cut.
    pub cut_sizes: CutSizes,
}

impl SourceOptions {
    /// The options of a file that was found in a folder, whose extension promises calls or not.
    #[must_use]
    pub(crate) fn in_folder(&self, promises_calls: bool) -> Self {
        Self {
            may_lack_calls: !promises_calls,
            tables: TableUse::Ignore,
            ..self.clone()
        }
    }
}

/// How a source is read that is a table of calls with a column per field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TableUse {
    /// As any text, in which bodies are searched.
    #[default]
    Ignore,
    /// Each row is a call.
    Read,
    /// It is reported, because its rows are not bodies.
    Refuse,
}

/// One opened input.
pub struct Source {
    /// The path as the user would type it, or that of stdin.
    pub name: SourceName,
    /// Its text, decompressed and in UTF-8.
    pub reader: Box<dyn Read + Send>,
    /// The outermost coding that was removed, if any.
    pub coding: Option<Coding>,
    /// True if the file was found in a folder or an archive and its extension does not promise
    /// calls.
    pub may_lack_calls: bool,
    /// Limit on the size of compressed text inside it.
    pub limit: UnpackLimit,
    /// How it is read if it is a table of calls.
    pub tables: TableUse,
    /// Where it is cut into batches.
    pub cut_sizes: CutSizes,
}

/// An input, or a part of one, that could not be read.
#[derive(Debug)]
pub struct UnreadableInput {
    /// Its name.
    pub(crate) name: SourceName,
    /// The reason, as a sentence without a full stop.
    pub(crate) reason: String,
    /// True if the input starts with readable data and is damaged further on. It then counts as bad
    /// data, not as a failure to read.
    pub(crate) is_partial: bool,
    /// True if it could be read, but is empty or has no file that may hold calls.
    pub(crate) is_empty: bool,
}

impl UnreadableInput {
    /// The input with this name, of which nothing can be read because of `error`.
    pub(crate) fn new(name: SourceName, error: &io::Error) -> Self {
        Self {
            name,
            reason: describe_io_error(error),
            is_partial: false,
            is_empty: false,
        }
    }

    /// The input with this name, which holds nothing.
    pub(crate) fn empty(name: SourceName, reason: impl Into<String>) -> Self {
        Self {
            name,
            reason: reason.into(),
            is_partial: false,
            is_empty: true,
        }
    }
}
