//! The session: one run of the program with its output, messages, counts and exit code.

use std::cell::Cell;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use super::observer::Observer;
use super::problem::{Problem, RejectFile};
use super::read_plan::EmptyInput;
use super::stdout::{PipeTolerantStdout, TrackedStdout};
use crate::capture::find::deferred::Deferred;
use crate::capture::source::reader::UnreadableInput;
use crate::exit::Exit;
use crate::host::{AtomicFile, Clock, OutputProgress, Scratch};
use crate::select::counts::Counts;
use crate::select::filter::FilterNames;
use crate::select::repeated_ids::RepeatedIds;
#[cfg(feature = "cli")]
use crate::settings::config::Config;
use crate::text::path_name::path_name;
use crate::text::safe_text::{self, TerminalGuard};
use crate::text::shorten::shorten_message;
use crate::text::workflow_commands::break_commands;
use crate::view::terminal::Terminal;

const OUTPUT_BUFFER_BYTES: usize = 64 * 1024;

/// Which messages are printed on standard error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verbosity {
    /// All of them, and the progress.
    Normal,
    /// Errors only.
    Quiet,
}

/// Whether messages quote text of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quotes {
    Shown,
    Hidden,
}

/// The program around a run: its streams, and what it gives to the engine.
pub(crate) struct SessionHost {
    /// Standard output.
    pub(crate) out: Box<dyn Write>,
    pub(crate) out_is_terminal: bool,
    pub(crate) stdin_is_terminal: bool,
    /// Width and colours of output for people.
    pub(crate) terminal: Terminal,
    /// Standard error.
    pub(crate) observer: Box<dyn Observer>,
    /// Which messages it gets.
    pub(crate) verbosity: Verbosity,
    pub(crate) clock: Clock,
    pub(crate) scratch: &'static dyn Scratch,
    /// Number of threads that read files; `None` means one per core.
    pub(crate) threads: Option<u16>,
}

/// One run of the program: its streams, and its result so far.
pub(crate) struct Session {
    /// Standard output.
    pub(crate) out: Box<dyn Write>,
    /// Width and colours of output for people.
    pub(crate) terminal: Terminal,
    /// Standard error, with the progress line.
    pub(crate) observer: Box<dyn Observer>,
    /// The source of the current time.
    pub(crate) clock: Clock,
    /// The settings file. Commands that do not read calls or rules leave it empty.
    #[cfg(feature = "cli")]
    pub(crate) config: Config,
    /// Which messages are printed on standard error.
    pub(super) verbosity: Verbosity,
    /// Storage for rows and reports that wait for the end of the input.
    pub(crate) scratch: &'static dyn Scratch,
    pub(super) threads: Option<u16>,
    pub(super) stdin_is_terminal: bool,
    out_is_terminal: bool,
    /// True once anything was written to standard output.
    pub(super) stdout_has_output: Rc<Cell<bool>>,
    /// True if the run goes on after the reader of standard output has closed it.
    pub(super) ignores_closed_pipe: bool,
    exit: Exit,
    pub(super) counts: Counts,
    /// The ids of the calls so far, if they were not deduplicated.
    pub(super) repeated_ids: RepeatedIds,
    /// The names in the filter of calls; `None` if not all calls were searched for them.
    pub(super) filter_names: Option<Arc<FilterNames>>,
    pub(super) empty_input: EmptyInput,
    /// Problems held back until the rest of their source shows whether they matter.
    pub(super) deferred: Deferred<Problem>,
    /// Inputs that could not be read.
    pub(super) unreadable: Vec<UnreadableInput>,
    /// Number of problems so far, printed or not.
    pub(super) problem_count: u64,
    /// Numbers of skipped files and other items, as in messages: `1 archive`.
    pub(super) skipped: Vec<String>,
    /// The file of records that have a problem, with `--rejects`.
    pub(super) rejects: Option<RejectFile>,
    pub(super) quotes: Quotes,
}

impl Session {
    /// A session with this host.
    #[must_use]
    pub(crate) fn new(host: SessionHost) -> Self {
        let has_output = Rc::<Cell<bool>>::default();
        let out = TrackedStdout {
            out: host.out,
            has_output: Rc::clone(&has_output),
        };
        Self {
            out: Box::new(BufWriter::with_capacity(OUTPUT_BUFFER_BYTES, out)),
            terminal: host.terminal,
            observer: host.observer,
            clock: host.clock,
            #[cfg(feature = "cli")]
            config: Config::default(),
            verbosity: host.verbosity,
            scratch: host.scratch,
            threads: host.threads,
            stdin_is_terminal: host.stdin_is_terminal,
            out_is_terminal: host.out_is_terminal,
            stdout_has_output: has_output,
            ignores_closed_pipe: false,
            exit: Exit::Done,
            counts: Counts::default(),
            repeated_ids: RepeatedIds::default(),
            filter_names: None,
            empty_input: EmptyInput::default(),
            deferred: Deferred::default(),
            unreadable: Vec::new(),
            problem_count: 0,
            skipped: Vec::new(),
            rejects: None,
            quotes: Quotes::Shown,
        }
    }

    /// Quotes nothing of the input in messages from now on.
    pub(crate) fn hide_text(&mut self) {
        self.quotes = Quotes::Hidden;
    }

    /// Treats standard output as data from now on: if it is a terminal, control characters are
    /// escaped, so that the data cannot control the terminal.
    pub(crate) fn guard_terminal(&mut self) {
        if self.out_is_terminal {
            let out = std::mem::replace(&mut self.out, Box::new(io::sink()));
            self.out = Box::new(TerminalGuard::new(out));
        }
    }

    /// Keeps the run going after the reader of standard output has closed it: further output is
    /// dropped.
    pub(crate) fn ignore_closed_pipe(&mut self) {
        let out = std::mem::replace(&mut self.out, Box::new(io::sink()));
        self.out = Box::new(PipeTolerantStdout::new(out));
        self.ignores_closed_pipe = true;
    }

    /// True if only errors are printed on standard error.
    #[must_use]
    pub(crate) fn is_quiet(&self) -> bool {
        self.verbosity == Verbosity::Quiet
    }

    /// The exit code so far.
    #[must_use]
    pub(crate) fn exit(&self) -> Exit {
        self.exit
    }

    /// Raises the exit code to at least `exit`.
    pub(crate) fn fail(&mut self, exit: Exit) {
        self.exit = self.exit.max(exit);
    }

    /// Number of items of each kind in the input so far.
    #[must_use]
    pub(crate) fn counts(&self) -> &Counts {
        &self.counts
    }

    /// True if there is nothing to write: the input had no call, and that is a failure.
    #[must_use]
    pub(crate) fn lacks_calls(&self) -> bool {
        self.counts.calls == 0 && self.empty_input == EmptyInput::Failure
    }

    /// Writes the records that have a problem to `rejects`, from now on.
    pub(crate) fn set_rejects(&mut self, rejects: RejectFile) {
        self.rejects = Some(rejects);
    }

    /// True if the records that have a problem are written to a file.
    #[must_use]
    pub(crate) fn has_rejects(&self) -> bool {
        self.rejects.is_some()
    }

    /// Removes and returns the file of rejects, if there is one.
    pub(crate) fn take_rejects(&mut self) -> Option<RejectFile> {
        self.rejects.take()
    }

    /// Removes and returns the list of inputs found to be unreadable so far.
    pub(crate) fn take_unreadable(&mut self) -> Vec<UnreadableInput> {
        std::mem::take(&mut self.unreadable)
    }

    /// Prints one line on standard error that does not change the exit code: `postcall: message`.
    /// Quiet runs print nothing.
    pub(crate) fn print_message(&mut self, message: &str) {
        if !self.is_quiet() {
            self.observer.print(&format_line("postcall: ", message));
        }
    }

    /// Prints each message like [`Self::print_message`].
    pub(crate) fn print_messages(&mut self, messages: &[String]) {
        for message in messages {
            self.print_message(message);
        }
    }

    /// Prints a result of the run if a person sees it at a terminal: `4 calls → calls.csv`.
    pub(crate) fn print_result(&mut self, message: &str) {
        if self.observer.is_watched() {
            self.print_message(message);
        }
    }

    /// Prints the counts of rows in the file at `path`: `4 calls, 8 turns → calls.xlsx (replaced)`.
    pub(crate) fn print_written(&mut self, counts: &[String], path: &Path, is_replaced: bool) {
        let replaced = if is_replaced { " (replaced)" } else { "" };
        let (counts, path) = (counts.join(", "), path_name(path));
        self.print_result(&format!("{counts} → {path}{replaced}"));
    }

    /// True if standard output is a terminal.
    #[must_use]
    pub(crate) fn writes_to_terminal(&self) -> bool {
        self.out_is_terminal
    }

    /// Prints one line on standard error that explains a failure: `postcall: error: message`. The
    /// caller sets the exit code.
    pub(crate) fn print_error(&mut self, message: &str) {
        self.observer.print(&format_error_line(message));
    }

    /// Flushes standard output.
    pub(crate) fn flush(&mut self) -> anyhow::Result<()> {
        Ok(self.out.flush()?)
    }

    /// Writes output that had to wait until the whole input was read: to `file`, which gets its
    /// final name when it is complete, or to standard output if there is none. If it is data, it
    /// cannot control a terminal; output for people is safe by itself.
    pub(crate) fn write_after_reading<T>(
        &mut self,
        file: Option<Box<dyn AtomicFile>>,
        is_data: bool,
        write: impl FnOnce(&mut dyn Write, &dyn OutputProgress) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let progress = self.observer.write_progress();
        let Some(mut file) = file else {
            if is_data {
                self.guard_terminal();
            }
            let result = write(&mut *progress.track(&mut self.out), &*progress)?;
            self.flush()?;
            return Ok(result);
        };
        let result = write(&mut *progress.track(&mut file), &*progress)?;
        file.complete()?;
        Ok(result)
    }
}

/// The line of an error: `postcall: error: message`.
pub(super) fn format_error_line(message: &str) -> String {
    format_line("postcall: error: ", message)
}

/// One line of standard error, safe to print.
fn format_line(prefix: &str, message: &str) -> String {
    let message = shorten_message(message);
    let line = format!("{prefix}{}\n", safe_text::one_line(&message));
    break_commands(&line).into_owned()
}
