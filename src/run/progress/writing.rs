//! Progress of writing output, after all input was read.

use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use super::line::{DELAY, draw};
use super::text::{fit_parts, format_bytes};
use crate::host::OutputProgress;
use crate::text::plural::format_grouped;

/// Number of written bytes after which the clock is checked again.
const BYTES_BETWEEN_REDRAWS: u64 = 256 * 1024;

/// Number of written rows after which the clock is checked again.
const ROWS_BETWEEN_REDRAWS: u64 = 1024;

/// Shows how much of the output is written.
pub(crate) struct WriteProgress {
    is_shown: bool,
    started: Instant,
    rows: AtomicU64,
}

impl WriteProgress {
    /// The progress of a run that started at `started`.
    pub(super) fn new(is_shown: bool, started: Instant) -> Self {
        let progress = Self {
            is_shown,
            started,
            rows: AtomicU64::new(0),
        };
        progress.draw(|| "writing".to_owned());
        progress
    }

    fn draw(&self, part: impl FnOnce() -> String) {
        if self.is_shown && self.started.elapsed() >= DELAY {
            let part = part();
            draw(|width| fit_parts(None, &[part], width));
        }
    }
}

impl OutputProgress for WriteProgress {
    fn add_rows(&self, count: u64) {
        let before = self.rows.fetch_add(count, Ordering::Relaxed);
        let after = before + count;
        if before / ROWS_BETWEEN_REDRAWS < after / ROWS_BETWEEN_REDRAWS {
            self.draw(|| format!("writing · {} rows", format_grouped(after)));
        }
    }

    fn track<'p>(&'p self, out: &'p mut dyn Write) -> Box<dyn Write + 'p> {
        Box::new(TrackedWriter {
            progress: self,
            out,
            written: 0,
        })
    }
}

fn is_redraw_due(before: u64, after: u64) -> bool {
    before / BYTES_BETWEEN_REDRAWS < after / BYTES_BETWEEN_REDRAWS
}

/// Output that is written after all input was read.
struct TrackedWriter<'p> {
    progress: &'p WriteProgress,
    out: &'p mut dyn Write,
    written: u64,
}

impl Write for TrackedWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        let before = self.written;
        self.written += written as u64;
        if is_redraw_due(before, self.written) {
            let part = || format!("writing · {}", format_bytes(self.written));
            self.progress.draw(part);
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
