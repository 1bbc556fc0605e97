//! What a rule found: how bad, where, what was expected and what was there instead.

use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use crate::input::excerpt::Excerpt;
use crate::input::place::{Mark, Position, Span};
use crate::input::unpack::Coding;
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
    /// All levels, the worst first.
    pub const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Note];

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

impl Serialize for Level {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
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
    /// Where in the source: the value or the name in question; of an object or array its opening bracket.
    pub span: Span,
    /// How the text was decoded in which that place is; none if it is the file itself.
    pub coding: Option<Coding>,
    /// The line round it, if somebody wants to see it.
    pub excerpt: Option<Excerpt>,
    /// Another place that belongs to it: where the name stood first.
    pub first: Option<Span>,
    /// Where in the body (RFC 6901). For a missing member: the pointer that it should have.
    pub pointer: String,
    /// What was expected, what was found, what to do.
    pub remark: Remark,
}

impl Finding {
    /// A finding at `mark`, about what stands at `pointer` in the body.
    #[must_use]
    pub fn at(
        mark: Mark,
        pointer: String,
        rule: &'static Rule,
        level: Level,
        remark: Remark,
    ) -> Self {
        Self {
            rule,
            level,
            span: mark.span,
            coding: mark.coding,
            excerpt: mark.excerpt,
            first: None,
            pointer,
            remark,
        }
    }
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

/// What was judged as one: a call, or what should have been one.
#[derive(Debug)]
pub struct Judged {
    /// The source's name.
    pub source: Arc<str>,
    /// Where it begins in the source.
    pub position: Position,
    /// Where it stands in its document (RFC 6901): `/2` in an array.
    pub pointer: String,
    /// The call's id as it stood, if it is a call that has one, and a number.
    pub id: Option<String>,
    /// How many findings of error level there are, kept or not.
    pub errors: u64,
    /// What was found, in the order of the text; of many, the first.
    pub findings: Vec<Finding>,
}
