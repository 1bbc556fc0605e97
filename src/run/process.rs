//! The session of the program, on the standard streams of the process.

use std::io::{self, IsTerminal as _, Write};

use anstream::{AutoStream, ColorChoice};
use chrono::Utc;

use super::host::{self, SCRATCH};
use super::progress::{Progress, print_line};
use super::session::{Session, SessionHost, Verbosity, format_error_line};
use super::stdout::{self, OutputWidth};
use super::streams;
use crate::host::Clock;
use crate::text::symbols::Symbols;
use crate::view::terminal::Terminal;
use crate::view::theme::Theme;

/// Options of every run, whatever the command.
#[derive(Clone, Debug)]
pub(crate) struct SessionOptions {
    /// When to use colours on standard output.
    pub(crate) color: ColorChoice,
    /// Width of output for people; `None` means that of the terminal.
    pub(crate) width: Option<OutputWidth>,
    /// Characters of output for people.
    pub(crate) symbols: Symbols,
    /// Number of worker threads; `None` means one per core.
    pub(crate) threads: Option<u16>,
    /// Which messages are printed on standard error.
    pub(crate) verbosity: Verbosity,
}

impl Session {
    /// A session on the standard streams of the process.
    #[must_use]
    pub(crate) fn of_process(options: &SessionOptions) -> Self {
        let out_is_terminal = io::stdout().is_terminal();
        let color = match options.color {
            ColorChoice::Auto => AutoStream::choice(&io::stdout()),
            choice => choice,
        };
        let theme = match color {
            ColorChoice::Never => Theme::Plain,
            _ => Theme::Ansi,
        };
        let mut progress = Progress::new();
        if options.verbosity == Verbosity::Quiet {
            progress.hide();
        }
        let stdout: Box<dyn Write> = if out_is_terminal {
            progress.wrap_stdout(streams::stdout())
        } else {
            Box::new(streams::stdout())
        };
        Self::new(SessionHost {
            out: stdout,
            out_is_terminal,
            stdin_is_terminal: io::stdin().is_terminal(),
            terminal: Terminal {
                width: stdout::output_width(options.width, out_is_terminal),
                theme,
                symbols: options.symbols,
            },
            observer: Box::new(progress),
            verbosity: options.verbosity,
            clock: Clock::Running(Utc::now),
            scratch: SCRATCH,
            threads: options.threads,
        })
    }

    /// Fixes the current time of the run if `SOURCE_DATE_EPOCH` is set. Fails if it is malformed.
    pub(crate) fn set_clock(&mut self) -> anyhow::Result<()> {
        self.clock = host::clock()?;
        Ok(())
    }
}

/// Prints one line on standard error: `postcall: error: message`.
pub(crate) fn print_error(message: &str) {
    print_line(&format_error_line(message));
}
