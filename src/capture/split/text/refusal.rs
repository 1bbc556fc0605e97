//! Why values in text are not read: problems and advice.

use std::ops::Range;

/// Why a value in quoted text is not read.
#[derive(Debug)]
pub(crate) struct Refusal {
    /// Offset of the error.
    pub(crate) offset: usize,
    pub(crate) problem: String,
    pub(crate) help: Option<&'static str>,
    /// The text of the value, as far as it was read.
    pub(crate) range: Range<usize>,
    /// True if the value may be plain JSON, in quotes that do not escape it.
    pub(super) may_be_plain: bool,
}

pub(super) const AMBIGUOUS_BACKSLASHES: &str = "quoted text with two meanings: its backslashes are escapes \
    in Python, JavaScript and MySQL, but not in standard SQL and shells";
pub(super) const AMBIGUOUS_BYTES: &str = "quoted text with two meanings: `\\xc3\\xbc` is one character in UTF-8, \
    but two in the output of Python's ascii";
pub(super) const AMBIGUOUS_SHELLS: &str = "quoted text with two meanings: POSIX shells, cmd and browsers read \
    its backslashes differently";
pub(super) const AMBIGUOUS_QUOTES: &str = "quoted text with two meanings: `''` is one quote in SQL, but two in \
    other text";
pub(super) const AMBIGUOUS_CELL: &str = "tab-separated text with two meanings: its backslashes are escapes in \
    the output of Postgres COPY and mysql --batch, but not in other text";
pub(super) const CHANGED_BY_REPLACE: &str = "text that the SQL function `replace` changes";
pub(super) const AMBIGUOUS_LAYERS: &str = "quoted text with two meanings: there is other text before \
    the value, so that it is not known which program escaped it";
pub(super) const AMBIGUOUS_REFERENCES: &str = "broken JSON with two meanings: in messages of Slack, `&amp;` \
    is `&` and links are in `<>`, but not in other text";
pub(super) const AMBIGUOUS_HELP: &str = "save the bodies as JSON Lines or CSV instead";
pub(super) const SHELL_HELP: &str = "put `$ ` before the command if it is for a POSIX shell, or `C:\\>` if it is \
    for cmd";
pub(crate) const CUT_HELP: &str = "log the whole body in one line";
pub(super) const VARIABLE_HELP: &str = "replace it by its value";

impl Refusal {
    /// True if the value has two meanings.
    pub(super) fn is_ambiguous(&self) -> bool {
        matches!(self.help, Some(AMBIGUOUS_HELP | SHELL_HELP))
    }
}
