//! Values that the engine gets from the program around it, because it never asks for them itself:
//! the time, temporary storage and worker threads. The command line passes those of the process;
//! [`InMemory`] and [`OneWorker`] need no operating system.

use std::fmt;
use std::io::{Cursor, Read, Seek, Write};

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
        Box::new(Cursor::new(Vec::new()))
    }
}

/// Shows a person how much of the output is written.
pub(crate) trait OutputProgress: Sync {
    /// `count` more rows are written.
    fn add_rows(&self, count: u64);
}

/// Progress that is not shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unwatched;

impl OutputProgress for Unwatched {
    fn add_rows(&self, _count: u64) {}
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
