//! Exit codes and the errors that determine them. `--help`, the docs and `main` use this table.

use std::fmt;

/// The exit code of a run. If several apply, the highest wins (`Ord::max`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Everything was done, and no data was bad.
    #[default]
    Done = 0,
    /// Some of the data was bad.
    BadData = 1,
    /// The command line or a configuration file is wrong. clap uses this code too.
    Usage = 2,
    /// Input or output failed.
    Failed = 3,
}

/// Each code with its meaning, in the words of the help and the docs.
pub const EXIT_CODES: &[(Exit, &str)] = &[
    (Exit::Done, "done; no finding at error level"),
    (
        Exit::BadData,
        "some data was bad: a finding at error level, broken JSON, a record that could not be shown or exported (stderr has its location), or a value that does not fit the type of its column",
    ),
    (Exit::Usage, "usage or configuration error"),
    (
        Exit::Failed,
        "the input was unreadable, missing, empty or without a call, or the output could not be written",
    ),
];

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Formats [`EXIT_CODES`] for the help: one code per paragraph, wrapped at 78 columns.
#[must_use]
pub(crate) fn help_table() -> String {
    let mut text = String::from("Exit codes (the highest that applies):\n");
    for (exit, meaning) in EXIT_CODES {
        let code = format!("  {}  ", *exit as u8);
        let options = textwrap::Options::new(78)
            .initial_indent(&code)
            .subsequent_indent("     ");
        text.push_str(&textwrap::fill(meaning, options));
        text.push('\n');
    }
    text
}

/// An instruction of the user cannot be followed, such as an option or a configuration file. The
/// run ends with [`Exit::Usage`].
#[derive(Debug)]
pub(crate) struct UsageError(pub(crate) anyhow::Error);

impl fmt::Display for UsageError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for UsageError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}
