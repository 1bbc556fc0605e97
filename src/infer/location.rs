//! The location of a value, in comments and messages.

use std::fmt;

use crate::capture::find::item::Body;
use crate::capture::location::coding::{Coding, position_coding};
use crate::capture::source::source_name::SourceName;
use crate::text::safe_text;
use crate::text::shorten::shorten_middle;

/// The location of a value in its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Location {
    source: SourceName,
    /// Line and column, from 1.
    line: u64,
    column: u64,
    /// The coding of the text that they refer to, if they are not those of the file.
    coding: Option<Coding>,
}

impl Location {
    /// The location of `text`, which is a part of `body`.
    #[must_use]
    pub(super) fn of(body: &Body, text: &str) -> Self {
        let position = body.locator.position_of(text);
        Self {
            source: body.source.clone(),
            line: position.line,
            column: position.column,
            coding: position_coding(body.locator.coding()),
        }
    }

    /// Sets the location to that of `text`, which is a part of `body`.
    pub(super) fn set(&mut self, body: &Body, text: &str) {
        // Cloning the name for each value would let the threads wait for its counter of references.
        if !self.source.is_clone_of(body.source) {
            self.source = body.source.clone();
        }
        let position = body.locator.position_of(text);
        (self.line, self.column) = (position.line, position.column);
        self.coding = position_coding(body.locator.coding());
    }
}

/// `calls.jsonl:17:45`, on one line: names of files can have line breaks and control characters.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let source = shorten_middle(&self.source);
        let source = safe_text::one_line(&source);
        write!(f, "{source}:{}:{}", self.line, self.column)?;
        match self.coding {
            Some(coding) => write!(f, " in {}", coding.name()),
            None => Ok(()),
        }
    }
}
