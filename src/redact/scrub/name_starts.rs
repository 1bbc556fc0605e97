//! What comes before a last name: initials, first names that no list has, and "von der".

use super::name_book::is_particle;
use super::name_parts::is_name_article;
use super::tokens::Conversation;
use super::word_kinds::{is_business_word, is_german_noun, is_title};
use super::words::is_ordinary;

/// Index of the first token of a name whose last part starts at `start`: includes initials, first
/// names that no list has, and "von der".
pub(super) fn with_particles(conversation: &Conversation, start: usize) -> usize {
    initial_start(conversation, start)
        .or_else(|| noble_start(conversation, start))
        .or_else(|| {
            let before = conversation.before(start)?;
            let is_part = before.is_capitalized()
                && (is_foreign_particle(&before.folded)
                    || is_unlisted_name(conversation, start - 1));
            is_part.then_some(start - 1)
        })
        .unwrap_or(start)
}

/// Index of the initial before `start`: "P. Jansen".
fn initial_start(conversation: &Conversation, start: usize) -> Option<usize> {
    let at = start.checked_sub(2)?;
    let initial = conversation.in_turn(at, start)?;
    let has_dot = conversation.has_glued_dot(start - 1, start);
    (initial.is_letter() && initial.is_capitalized() && has_dot).then_some(at)
}

/// Index of the "von" before `start`: "von der Heide".
fn noble_start(conversation: &Conversation, start: usize) -> Option<usize> {
    (1..=2)
        .filter_map(|count| start.checked_sub(count))
        .find(|at| {
            conversation.is_same_turn(*at, start)
                && matches!(conversation.word(*at), "von" | "van" | "zu")
                && (at + 1..start).all(|between| is_particle(conversation.word(between)))
        })
}

/// True for particles that are a part of a name if they are capitalized: "De Luca".
fn is_foreign_particle(word: &str) -> bool {
    matches!(word, "de" | "al" | "el" | "mac" | "o" | "ni" | "mc" | "st")
}

/// True for a word before a last name that is probably the first name.
fn is_unlisted_name(conversation: &Conversation, index: usize) -> bool {
    let word = conversation.word(index);
    let before = conversation.word_before(index);
    let has_article = is_name_article(before) || matches!(before, "das" | "the");
    !has_article
        && !is_ordinary(word)
        && !is_german_noun(word)
        && !is_title(word)
        && !is_business_word(word)
}
