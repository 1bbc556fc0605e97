//! Values that the engine gets from the program around it, because it never asks for them itself:
//! the time, temporary storage and worker threads. The command line passes those of the process;
//! [`InMemory`] and [`OneWorker`] need no operating system.

use std::fmt;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};

/// The source of the current time.
#[derive(Clone, Copy, Debug)]
pub enum Clock {
    /// Always the same time, so that two runs give the same output.
    Fixed(DateTime<Utc>),
    /// Calls a function: a run that follows its input can last for days.
    Running(fn() -> DateTime<Utc>),
}

impl Clock {
    /// Returns the current time.
    #[must_use]
    pub(crate) fn now(self) -> DateTime<Utc> {
        match self {
            Self::Fixed(time) => time,
            Self::Running(now) => now(),
        }
    }
}

/// Temporary storage that can be written, and read back from any offset.
pub(crate) trait ScratchFile: Read + Write + Seek + Send {}

impl<F: Read + Write + Seek + Send> ScratchFile for F {}

/// Creates temporary storage. It vanishes when its [`ScratchFile`] is dropped.
pub(crate) trait Scratch: fmt::Debug + Sync {
    /// Creates storage that stays in memory up to `max_bytes` and then moves to a file.
    fn create_in_memory(&self, max_bytes: usize) -> Box<dyn ScratchFile>;
}

/// Temporary storage that is always in memory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InMemory;

impl Default for &'static dyn Scratch {
    fn default() -> Self {
        &InMemory
    }
}

impl Scratch for InMemory {
    fn create_in_memory(&self, _max_bytes: usize) -> Box<dyn ScratchFile> {
        Box::new(ChunkedMemory::default())
    }
}

/// Maximum size of all storage in memory of a run without a file system. A module in a browser has
/// at most 4 GB, and a workbook takes about as much again while it is written.
pub(crate) const MAX_SCRATCH_BYTES: u64 = 1 << 30;

/// Size of all storage in memory.
static SCRATCH_BYTES: AtomicU64 = AtomicU64::new(0);

const CHUNK_BYTES: usize = 1 << 18;

/// Storage in chunks: to grow, it need not be copied into twice as much memory.
#[derive(Default)]
struct ChunkedMemory {
    chunks: Vec<Box<[u8]>>,
    length: usize,
    position: usize,
}

impl ChunkedMemory {
    /// Adds the next chunk. Fails if there would be too many.
    fn grow(&mut self) -> io::Result<()> {
        let bytes = SCRATCH_BYTES.fetch_add(CHUNK_BYTES as u64, Ordering::Relaxed);
        self.chunks.push(vec![0; CHUNK_BYTES].into_boxed_slice());
        if bytes >= MAX_SCRATCH_BYTES {
            let limit = MAX_SCRATCH_BYTES >> 20;
            let reason = format!("the output needs more than {limit} MB of memory");
            return Err(io::Error::other(reason));
        }
        Ok(())
    }
}

impl Drop for ChunkedMemory {
    fn drop(&mut self) {
        let bytes = self.chunks.len() * CHUNK_BYTES;
        SCRATCH_BYTES.fetch_sub(bytes as u64, Ordering::Relaxed);
    }
}

impl Write for ChunkedMemory {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let (chunk, offset) = (self.position / CHUNK_BYTES, self.position % CHUNK_BYTES);
        while chunk >= self.chunks.len() {
            self.grow()?;
        }
        let count = bytes.len().min(CHUNK_BYTES - offset);
        self.chunks[chunk][offset..offset + count].copy_from_slice(&bytes[..count]);
        self.position += count;
        self.length = self.length.max(self.position);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Read for ChunkedMemory {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let (chunk, offset) = (self.position / CHUNK_BYTES, self.position % CHUNK_BYTES);
        let rest = self.length.saturating_sub(self.position);
        let count = buffer.len().min(CHUNK_BYTES - offset).min(rest);
        if count > 0 {
            buffer[..count].copy_from_slice(&self.chunks[chunk][offset..offset + count]);
            self.position += count;
        }
        Ok(count)
    }
}

impl Seek for ChunkedMemory {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        let moved = match position {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::End(offset) => (self.length as u64).checked_add_signed(offset),
            SeekFrom::Current(offset) => (self.position as u64).checked_add_signed(offset),
        };
        let moved = moved.and_then(|position| usize::try_from(position).ok());
        self.position = moved.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position as u64)
    }
}

/// A file that appears complete or not at all.
pub(crate) trait AtomicFile: Write {
    /// True if the content can be read with [`Self::reopen_for_reading`].
    fn is_readable(&self) -> bool;

    /// Returns the content written so far, to be read from its start. `None` if it cannot be read.
    /// Nothing may be written afterwards.
    fn reopen_for_reading(&mut self) -> io::Result<Option<Box<dyn SeekableFile>>>;

    /// Finishes the file and makes it appear at its path.
    fn complete(self: Box<Self>) -> anyhow::Result<()>;
}

/// A file that is read from any offset.
pub(crate) trait SeekableFile: Read + Seek {}

impl<F: Read + Seek> SeekableFile for F {}

/// Shows a person how much of the output is written.
pub(crate) trait OutputProgress: Sync {
    /// `count` more rows are written.
    fn add_rows(&self, count: u64);

    /// Wraps `out`, to show how much is written to it.
    fn track<'p>(&'p self, out: &'p mut dyn Write) -> Box<dyn Write + 'p>;
}

/// Progress that is not shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unwatched;

impl OutputProgress for Unwatched {
    fn add_rows(&self, _count: u64) {}

    fn track<'p>(&'p self, out: &'p mut dyn Write) -> Box<dyn Write + 'p> {
        Box::new(out)
    }
}

/// Runs a function on many items, on several at the same time if possible.
pub(crate) trait Workers: Copy {
    /// Number of items that are processed at the same time, at least 1.
    fn count(self) -> usize;

    /// These workers, but at most `count` of them.
    #[must_use]
    fn at_most(self, count: usize) -> Self;

    /// Processes `items` with `process`, and passes the results to `sink` in the order of the
    /// items. An error of `sink` ends the run and is returned.
    fn run_in_order<I: Send, T: Send>(
        self,
        items: impl Iterator<Item = I> + Send,
        process: impl Fn(I) -> T + Sync,
        sink: impl FnMut(T) -> anyhow::Result<()>,
    ) -> anyhow::Result<()>;
}

/// Processes one item after the other, in the calling thread.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OneWorker;

impl Workers for OneWorker {
    fn count(self) -> usize {
        1
    }

    fn at_most(self, _count: usize) -> Self {
        self
    }

    fn run_in_order<I: Send, T: Send>(
        self,
        items: impl Iterator<Item = I> + Send,
        process: impl Fn(I) -> T + Sync,
        sink: impl FnMut(T) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        items.map(process).try_for_each(sink)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_in_chunks_is_read_back_from_any_offset() {
        let bytes: Vec<u8> = (0..251).cycle().take(CHUNK_BYTES * 2 + 7).collect();
        let mut memory = InMemory.create_in_memory(0);
        memory.write_all(&bytes).expect("it has room");
        for offset in [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, bytes.len()] {
            let mut rest = Vec::new();
            memory.seek(SeekFrom::Start(offset as u64)).expect("inside");
            memory.read_to_end(&mut rest).expect("it can be read");
            assert!(rest == bytes[offset..], "{offset}");
        }
        memory.seek(SeekFrom::End(-3)).expect("inside");
        memory.write_all(b"end and more").expect("it has room");
        memory.seek(SeekFrom::End(-12)).expect("inside");
        let mut end = String::new();
        memory.read_to_string(&mut end).expect("it is text");
        assert_eq!(end, "end and more");
    }
}
