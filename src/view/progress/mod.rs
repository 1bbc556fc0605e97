//! How far a run is, for people: one line at the bottom of the terminal while work takes long, gone without a trace afterwards. It says numbers only, no
//! text of strangers, and goes out of the way of whatever else is written there.

mod line;
mod text;

use std::io::{self, IsTerminal as _, Write};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Instant;

use indicatif::DecimalBytes;

use crate::input::source::{Inputs, ReadBytes, total_bytes};
use line::{DELAY, Line, draw, with_line};
use text::{Reading, fit};

pub use line::make_way;

/// While output is written, the clock is looked at each time that so many bytes were.
const BYTES_BETWEEN_LOOKS: u64 = 256 * 1024;

/// Follows a run and draws the line.
pub struct Progress {
    is_shown: bool,
    started: Instant,
    read: ReadBytes,
    inputs: Inputs,
    total: Option<Arc<OnceLock<Option<u64>>>>,
}

impl Progress {
    /// The progress of a run that reads nothing yet. It is shown to people only: where standard error is a terminal, and not in CI. Nor is it where
    /// standard output is a pipe, for what reads it may well write to the same terminal, as pagers and `grep` do.
    #[must_use]
    pub fn new() -> Self {
        let is_shown = io::stderr().is_terminal()
            && !is_dumb()
            && std::env::var_os("CI").is_none_or(|ci| ci.is_empty())
            && !is_pipe();
        if is_shown {
            line::begin();
        }
        Self {
            is_shown,
            started: Instant::now(),
            read: ReadBytes::default(),
            inputs: Inputs::default(),
            total: None,
        }
    }

    /// Nothing is shown from here on.
    pub fn hide(&mut self) {
        self.is_shown = false;
        line::end();
    }

    /// The output, if it is a terminal: the line goes out of its way.
    pub fn beside(&self, out: impl Write + 'static) -> Box<dyn Write> {
        if self.is_shown {
            return Box::new(Beside(out));
        }
        Box::new(out)
    }

    /// The inputs are about to be read, from their beginning.
    pub fn start(&mut self, inputs: &Inputs) {
        if self.is_shown {
            self.started = Instant::now();
            self.inputs = inputs.clone();
            self.read = inputs.read.clone();
            self.read.reset();
        }
    }

    /// A part of the input was dealt with; so many calls were met so far.
    pub fn step(&mut self, calls: u64) {
        let elapsed = self.started.elapsed();
        // The total is asked for a while before it is told.
        if !self.is_shown || elapsed < DELAY / 2 {
            return;
        }
        let inputs = &self.inputs;
        let total = self.total.get_or_insert_with(|| {
            let total = Arc::new(OnceLock::new());
            let (told, inputs) = (Arc::clone(&total), inputs.clone());
            // A large folder takes its time; nobody waits for that.
            thread::spawn(move || told.set(total_bytes(&inputs)));
            total
        });
        if elapsed < DELAY {
            return;
        }
        let reading = Reading {
            bytes: self.read.get(),
            total: total.get().copied().flatten(),
            calls,
            elapsed,
        };
        draw(|width| reading.text(width));
    }

    /// No input comes for a while.
    pub fn pause(&mut self, calls: u64) {
        let mut is_among_output = false;
        with_line(|line| is_among_output = line.is_among_output);
        if is_among_output {
            // Who follows a stream looks at what came.
            make_way();
        } else {
            self.step(calls);
        }
    }

    /// All was read.
    pub fn rest(&self) {
        if self.is_shown {
            with_line(Line::take_away);
        }
    }

    /// `out`, with the line telling how much was written to it after all was read.
    pub fn of_writing<'p>(&'p self, out: &'p mut dyn Write) -> impl Write + 'p {
        let mut writing = Writing {
            progress: self,
            out,
            written: 0,
            looked: 0,
        };
        writing.look();
        writing
    }
}

impl Default for Progress {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        line::end();
    }
}

fn is_dumb() -> bool {
    // Windows has no such variable.
    std::env::var_os("TERM").map_or(cfg!(unix), |term| term == "dumb" || term.is_empty())
}

/// Whether standard output is read by another program.
fn is_pipe() -> bool {
    if io::stdout().is_terminal() {
        return false;
    }
    let stdout = same_file::Handle::stdout().and_then(|stdout| stdout.as_file().metadata());
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        stdout
            .map(|about| about.file_type())
            .is_ok_and(|kind| kind.is_fifo() || kind.is_socket())
    }
    #[cfg(not(unix))]
    stdout.is_err()
}

/// Standard output on the terminal that shows the line too.
struct Beside<W>(W);

impl<W: Write> Write for Beside<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        make_way();
        with_line(|line| line.is_among_output = true);
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Output that is written after all was read.
struct Writing<'p> {
    progress: &'p Progress,
    out: &'p mut dyn Write,
    written: u64,
    looked: u64,
}

impl Writing<'_> {
    fn look(&mut self) {
        self.looked = self.written;
        if !self.progress.is_shown || self.progress.started.elapsed() < DELAY {
            return;
        }
        let what = match self.written {
            0 => "writing".to_owned(),
            written => format!("writing · {}", DecimalBytes(written)),
        };
        draw(|width| fit(None, &[what], width));
    }
}

impl Write for Writing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.written += written as u64;
        if self.written - self.looked >= BYTES_BETWEEN_LOOKS {
            self.look();
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
