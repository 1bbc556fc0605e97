//! What looks like a name or a number, but was not found to be personal.

use std::ops::Range;

use super::found::Found;
use super::tokens::{Conversation, Kind, Token};
use super::word_kinds::{is_business_word, is_known_word};
use crate::redact::residuals::ResidualKind;

/// A part of a text, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Residual {
    pub(crate) range: Range<usize>,
    pub(crate) kind: ResidualKind,
}

/// Finds words that are capitalized and unknown, and runs of digits, outside of
/// what was found.
pub(crate) fn find_residuals(text: &str, found: &[Found]) -> Vec<Residual> {
    let conversation = Conversation::new(text);
    let mut found = found.iter().peekable();
    let mut residuals = Vec::new();
    for token in &conversation.tokens {
        while found
            .next_if(|found| found.range.end <= token.start)
            .is_some()
        {}
        if found
            .peek()
            .is_some_and(|found| found.range.start < token.end())
        {
            continue;
        }
        if let Some(kind) = residual_kind(token) {
            residuals.push(Residual {
                range: token.range(),
                kind,
            });
        }
    }
    residuals
}

fn residual_kind(token: &Token) -> Option<ResidualKind> {
    const SHORTEST_NUMBER: usize = 4;
    match token.kind {
        Kind::Digits => {
            (token.text.chars().count() >= SHORTEST_NUMBER).then_some(ResidualKind::Number)
        }
        Kind::Word => {
            let is_left =
                token.is_capitalized() && !token.is_letter() && !is_harmless(&token.folded);
            is_left.then_some(ResidualKind::Word)
        }
        Kind::Sign => None,
    }
}

/// True for a word that hardly names someone, and for words such as `GmbH`.
fn is_harmless(folded: &str) -> bool {
    is_known_word(folded) || is_business_word(folded)
}
