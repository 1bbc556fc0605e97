//! Shows the progress of a run to people: one line at the bottom of the terminal during long work,
//! cleared without a trace afterwards. It contains numbers only, no untrusted text, and is cleared
//! before anything else is written to the terminal.

mod line;
mod text;
mod writing;

use std::io::{self, IsTerminal as _, Write};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Instant;

use anstream::AutoStream;

use crate::capture::source::files::input_facts::total_bytes;
use crate::capture::source::files::inputs::Inputs;
use crate::capture::source::reader::ByteCounter;
use crate::host::OutputProgress;
use crate::run::observer::Observer;
use crate::run::streams::print_on_stderr;
use line::{DELAY, ProgressLine, draw, with_line};
use text::ReadProgress;
use writing::WriteProgress;

pub(crate) use line::clear_for_output;

/// Tracks a run and draws the progress line.
pub(crate) struct Progress {
    is_shown: bool,
    started: Instant,
    read: ByteCounter,
    inputs: Inputs,
    total: Option<Arc<OnceLock<Option<u64>>>>,
}

impl Progress {
    /// Creates the progress of a run that has read nothing yet. The line is only for people:
    /// standard error must be a terminal, and not in CI. Standard output must not be a pipe,
    /// because its reader may write to the same terminal, as pagers and `grep` do.
    #[must_use]
    pub(crate) fn new() -> Self {
        let is_shown = io::stderr().is_terminal()
            && !is_dumb_terminal()
            && std::env::var_os("CI").is_none_or(|ci| ci.is_empty())
            && !is_stdout_piped();
        if is_shown {
            line::enable();
        }
        Self {
            is_shown,
            started: Instant::now(),
            read: ByteCounter::default(),
            inputs: Inputs::default(),
            total: None,
        }
    }

    /// Hides the line for the rest of the run.
    pub(crate) fn hide(&mut self) {
        self.is_shown = false;
        line::disable();
    }

    /// Wraps standard output, which is a terminal, so that each write clears the line first.
    pub(crate) fn wrap_stdout(&self, out: impl Write + 'static) -> Box<dyn Write> {
        if self.is_shown {
            return Box::new(LineClearingWriter(out));
        }
        Box::new(out)
    }
}

impl Observer for Progress {
    fn print(&mut self, line: &str) {
        print_line(line);
    }

    fn print_table(&mut self, text: &[u8]) {
        let mut shown = AutoStream::new(Vec::new(), AutoStream::choice(&io::stderr()));
        // Memory can be written.
        let _ = shown.write_all(text);
        print_on_stderr(&shown.into_inner());
    }

    fn is_watched(&self) -> bool {
        io::stderr().is_terminal()
    }

    fn start_reading(&mut self, inputs: &Inputs) {
        if self.is_shown {
            self.started = Instant::now();
            self.inputs = inputs.clone();
            self.read = inputs.bytes_read.clone();
            self.read.reset();
        }
    }

    fn update(&mut self, calls: u64) {
        let elapsed = self.started.elapsed();
        // The total is requested some time before it is shown.
        if !self.is_shown || elapsed < DELAY / 2 {
            return;
        }
        let inputs = &self.inputs;
        let total = self.total.get_or_insert_with(|| {
            let total = Arc::new(OnceLock::new());
            let (cell, inputs) = (Arc::clone(&total), inputs.clone());
            // The scan of a large folder takes long, so the run does not wait for it.
            thread::spawn(move || cell.set(total_bytes(&inputs)));
            total
        });
        if elapsed < DELAY {
            return;
        }
        let reading = ReadProgress {
            bytes: self.read.get(),
            total: total.get().copied().flatten(),
            calls,
            elapsed,
        };
        draw(|width| reading.format(width));
    }

    fn pause(&mut self, calls: u64) {
        let mut has_output = false;
        with_line(|line| has_output = line.has_output);
        if has_output {
            // A user who follows a stream reads its output, not the line.
            clear_for_output();
        } else {
            self.update(calls);
        }
    }

    fn finish_reading(&self) {
        if self.is_shown {
            with_line(ProgressLine::clear);
        }
    }

    fn write_progress(&self) -> Box<dyn OutputProgress> {
        Box::new(WriteProgress::new(self.is_shown, self.started))
    }
}

/// Prints one line on standard error, after clearing the progress line.
pub(crate) fn print_line(line: &str) {
    clear_for_output();
    print_on_stderr(line.as_bytes());
}

impl Default for Progress {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        line::disable();
    }
}

fn is_dumb_terminal() -> bool {
    // Windows does not set `TERM`.
    std::env::var_os("TERM").map_or(cfg!(unix), |term| term == "dumb" || term.is_empty())
}

/// True if another program reads standard output.
fn is_stdout_piped() -> bool {
    if io::stdout().is_terminal() {
        return false;
    }
    let stdout = same_file::Handle::stdout().and_then(|stdout| stdout.as_file().metadata());
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        stdout
            .map(|metadata| metadata.file_type())
            .is_ok_and(|kind| kind.is_fifo() || kind.is_socket())
    }
    #[cfg(not(unix))]
    stdout.is_err()
}

/// Standard output on the terminal that also shows the line.
struct LineClearingWriter<W>(W);

impl<W: Write> Write for LineClearingWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        clear_for_output();
        with_line(|line| line.has_output = true);
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
