//! The one table of exit codes, and the test for a closed pipe. `--help`, the README and `main` take theirs from here.

use std::fmt;
use std::io;

/// How a run ended. Ordered: where several apply, the highest wins (`Ord::max`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Nothing to complain about.
    #[default]
    Done = 0,
    /// Some of the data was bad.
    BadData = 1,
    /// The command line was wrong; clap ends with this code too.
    Usage = 2,
    /// Input or output failed.
    Failed = 3,
}

/// Each code with what it means, in the words of the help and of the README.
pub const EXIT_CODES: &[(Exit, &str)] = &[
    (
        Exit::Done,
        "everything asked for was done, and nothing at error level was found",
    ),
    (
        Exit::BadData,
        "some data was bad: an error-level finding (`validate`), broken JSON, or a record that could not be shown or exported (it is named on stderr)",
    ),
    (Exit::Usage, "wrong usage, or a bad configuration"),
    (
        Exit::Failed,
        "input unreadable, missing or empty, JSON that holds no call at all, or output that could not be written",
    ),
];

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// The table as the help prints it: a code and its meaning a line.
#[must_use]
pub fn help_table() -> String {
    let mut text = String::from("Exit codes (the highest that applies):\n");
    for (exit, meaning) in EXIT_CODES {
        let code = format!("  {}  ", *exit as u8);
        let layout = textwrap::Options::new(78)
            .initial_indent(&code)
            .subsequent_indent("     ");
        text.push_str(&textwrap::fill(meaning, layout));
        text.push('\n');
    }
    text
}

/// What the user told us can not be followed: a configuration file, or another one that he named to be followed. The run ends with
/// [`Exit::Usage`].
#[derive(Debug)]
pub struct Misuse(pub anyhow::Error);

impl fmt::Display for Misuse {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Misuse {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}

/// Whether the reader of our output has gone (`| head`): the run then ends quietly.
#[must_use]
pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    })
}
