//! Findings of rules: rule, level, location and message, and the bodies they belong to.

use std::fmt;

use serde::Serialize;

use crate::capture::location::coding::Coding;
use crate::capture::location::excerpt::Excerpt;
use crate::capture::location::position::{Mark, Position, Span};
use crate::capture::source::source_name::SourceName;
use crate::lint::rule_data::{Level, Rule};

/// Text of a finding, without its location. All parts are phrases without a full stop.
#[derive(Debug)]
pub(crate) struct Message {
    /// The problem, where it reads better than `expected …, found …`, such as `missing member`.
    pub(crate) problem: Option<String>,
    /// The expected value, as a noun phrase: `an integer`.
    pub(crate) expected: String,
    /// The actual value, as a noun phrase: `the string "180"`.
    pub(crate) found: String,
    /// How to fix it, unless that is obvious from `expected`.
    pub(crate) help: Option<String>,
    /// True if reports must not show the line of the source: its value is personal data.
    pub(crate) hides_source: bool,
}

impl Message {
    /// Creates the message `expected …, found …`, without help.
    #[must_use]
    pub(crate) fn new(expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self {
            problem: None,
            expected: expected.into(),
            found: found.into(),
            help: None,
            hides_source: false,
        }
    }

    /// Keeps the line of the source out of reports.
    #[must_use]
    pub(crate) fn without_source(self) -> Self {
        Self {
            hides_source: true,
            ..self
        }
    }

    /// Sets the phrase that is printed instead of `expected …, found …`.
    #[must_use]
    pub(crate) fn with_problem(self, problem: impl Into<String>) -> Self {
        Self {
            problem: Some(problem.into()),
            ..self
        }
    }

    /// Sets the help, if there is any.
    #[must_use]
    pub(crate) fn with_help<H: Into<String>>(self, help: impl Into<Option<H>>) -> Self {
        Self {
            help: help.into().map(Into::into),
            ..self
        }
    }
}

/// One problem that a rule reports.
#[derive(Debug)]
pub(crate) struct Finding {
    /// The rule that reports it.
    pub(crate) rule: &'static Rule,
    /// Severity after the user's level changes.
    pub(crate) level: Level,
    /// Location in the source: the value or member name in question. For an object or array, only
    /// its opening bracket.
    pub(crate) span: Span,
    /// Encoding of the text that `span` refers to; `None` if `span` refers to the file itself.
    pub(crate) coding: Option<Coding>,
    /// The source line that contains it, if the report shows excerpts.
    pub(crate) excerpt: Option<Excerpt>,
    /// Location of the first occurrence, if a member name is repeated.
    pub(crate) first_occurrence: Option<Span>,
    /// Source of the first delivery of a duplicate call, if a report needs it.
    pub(crate) first_source: Option<SourceName>,
    /// JSON Pointer within the body (RFC 6901). For a missing member, the pointer it would have.
    pub(crate) pointer: String,
    /// Expected value, actual value and help.
    pub(crate) message: Message,
    /// Comparison with a baseline; `None` without one.
    pub(crate) baseline: Option<BaselineState>,
}

/// Comparison of a finding with a baseline, in the words of SARIF (§3.27.24).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum BaselineState {
    /// The baseline does not have it.
    New,
    /// The baseline has it: it is known.
    Unchanged,
}

impl Finding {
    /// True if a baseline has the finding.
    #[must_use]
    pub(crate) fn is_known(&self) -> bool {
        self.baseline == Some(BaselineState::Unchanged)
    }

    /// Creates a finding at `mark`, about the value at `pointer` in the body.
    #[must_use]
    pub(crate) fn at(
        mark: Mark,
        pointer: String,
        rule: &'static Rule,
        level: Level,
        message: Message,
    ) -> Self {
        Self {
            rule,
            level,
            span: mark.span,
            coding: mark.coding,
            excerpt: mark.excerpt,
            first_occurrence: None,
            first_source: None,
            pointer,
            message,
            baseline: None,
        }
    }
}

/// The problem only: no location, no rule and no help.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Message {
            problem,
            expected,
            found,
            ..
        } = &self.message;
        match problem {
            Some(problem) => f.write_str(problem),
            None => write!(f, "expected {expected}, found {found}"),
        }
    }
}

/// Result of checking one body, or one piece of input that should have been a body.
#[derive(Debug)]
pub(crate) struct CheckedBody {
    /// Name of the source.
    pub(crate) source: SourceName,
    /// Start of the body in the source.
    pub(crate) position: Position,
    /// JSON Pointer of the body within its document (RFC 6901), such as `/2` in an array.
    pub(crate) pointer: String,
    /// Call id as written in the source; `None` if there is none or it is not a number.
    pub(crate) id: Option<String>,
    /// Number of error findings that are not known, including those dropped from `findings` by its
    /// limit.
    pub(crate) errors: u64,
    /// Findings in source order, at most the configured number.
    pub(crate) findings: Vec<Finding>,
}
