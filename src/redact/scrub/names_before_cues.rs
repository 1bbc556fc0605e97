//! Names in front of their cue: "… ist mein Name", "… speaking", "… mit C".

use std::ops::Range;

use super::name_parts::{Trust, may_be_name};
use super::tokens::Conversation;
use super::word_kinds::is_filler;
use super::words::{List, is_in, is_ordinary};

/// The name whose last word is at `index`, if its cue follows.
pub(super) fn name_before_cue(conversation: &Conversation, index: usize) -> Option<Range<usize>> {
    let start = conversation.hyphenated_start(index);
    let end = conversation.hyphenated_end(index);
    let is_name = may_be_name(conversation, index, index, Trust::Strong)
        && !is_ordinary(conversation.word(index))
        && is_before_cue(conversation, start, end);
    is_name.then_some(start..end)
}

/// True if a cue follows the name from `start` to `end`.
fn is_before_cue(conversation: &Conversation, start: usize, end: usize) -> bool {
    let word = |offset: usize| conversation.word_in_turn(end + offset, start);
    match word(0) {
        "mein" | "mei" | "my" => matches!(word(1), "name" | "nam"),
        "ist" | "isch" | "is" => {
            matches!(word(1), "mein" | "mei" | "my" | "der" | "the")
                && (word(2).ends_with("name") || word(2) == "nam")
        }
        "hier" | "here" => {
            let before = conversation.word_before(start);
            let starts_sentence = conversation.tokens[start].starts_sentence;
            starts_sentence || before.is_empty() || is_filler(before)
        }
        "speaking" | "geheissen" | "gesprochen" | "pronounced" => true,
        "am" => word(1) == "apparat",
        "mit" | "with" => is_letter_phrase(conversation, end + 1, start),
        _ => false,
    }
}

/// True for "C", "zwei L", "doppel M", "a K", "an E" at `index`: how a name is written.
fn is_letter_phrase(conversation: &Conversation, index: usize, of: usize) -> bool {
    let has_count = is_in(List::BeforeLetters, conversation.word(index));
    conversation
        .in_turn(index + usize::from(has_count), of)
        .is_some_and(|token| {
            token.is_letter() && !matches!(token.text, "I" | "a")
                || matches!(
                    &*token.folded,
                    "ph" | "ck" | "tz" | "th" | "dt" | "ypsilon" | "umlaut" | "sch" | "bindestrich"
                )
        })
}
