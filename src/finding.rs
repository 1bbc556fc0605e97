//! What a rule found: how bad, where, what was expected and what was there instead.

use std::fmt;

use crate::input::place::Position;
use crate::rules::Rule;

/// How bad a finding is, ascending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Worth knowing.
    Note,
    /// Within the contract, but suspicious; or a known variant of the vendor's that is harmless to read.
    Warning,
    /// Breaks the documented contract.
    Error,
}

impl Level {
    /// The word in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// What a rule says, before its place is worked out.
#[derive(Debug)]
pub struct Remark {
    /// What the contract or good sense wants here, as a phrase: `an integer`.
    pub expected: String,
    /// What is there: `the string "180"`.
    pub found: String,
    /// What to do about it, if there is more to say than to mend it.
    pub help: Option<String>,
}

/// One thing that a rule found.
#[derive(Debug)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// How bad it is.
    pub level: Level,
    /// The source's name.
    pub source: std::sync::Arc<str>,
    /// Where in the source.
    pub position: Position,
    /// Where the body stands in its document (RFC 6901): `/2` in an array.
    pub body_pointer: String,
    /// Where in the body (RFC 6901). For a missing member: the pointer that it should have.
    pub pointer: String,
    /// What was expected, what was found, what to do.
    pub remark: Remark,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(
            f,
            "expected {}, found {}",
            self.remark.expected, self.remark.found
        )
    }
}
