//! Which words can be parts of a name.

use std::ops::Range;

use super::name_book::is_particle;
use super::tokens::{Conversation, Token};
use super::word_kinds::{is_business_word, is_filler, is_german_noun, is_month, is_title};
use super::words::{List, is_in, is_ordinary};

/// How sure it is that a name is at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    /// A name or something else follows: "this is …".
    Weak,
    /// A name follows, if a capitalized word does: "my name is …".
    Strong,
    /// A name follows although it is an ordinary word: "Frau …".
    Title,
}

/// Words that a name has at most.
pub(super) const MOST_WORDS: usize = 4;

/// The name of up to `most` words that starts at `start`, if a word there may be one.
pub(super) fn name_at(
    conversation: &Conversation,
    start: usize,
    mut trust: Trust,
    most: usize,
) -> Option<Range<usize>> {
    let cue = start.checked_sub(1)?;
    let mut end = start;
    for _ in 0..most {
        let word_at = skip_particles(conversation, end);
        let is_place = end > start
            && word_at > end
            && trust != Trust::Title
            && is_place_preposition(conversation.word(end));
        if is_place || !may_be_name(conversation, word_at, cue, trust) {
            break;
        }
        end = conversation.hyphenated_end(word_at);
        // "P. Jansen"
        let is_initial =
            conversation.tokens[word_at].is_letter() && conversation.has_sign(end, cue, '.');
        end += usize::from(is_initial);
        // A title makes one word sure, or two with a particle between: "Frau Berg von Heide".
        if trust == Trust::Title && !is_particle(conversation.word(end)) {
            trust = Trust::Strong;
        }
    }
    (end > start).then_some(start..end)
}

/// Index behind up to three particles at `start`: "von der".
fn skip_particles(conversation: &Conversation, start: usize) -> usize {
    const MOST_TOKENS: usize = 3;
    let mut at = start;
    while at - start < MOST_TOKENS
        && is_particle(conversation.word(at))
        && !matches!(conversation.word(at), "und" | "and")
        && !conversation.tokens[at].starts_sentence
    {
        let has_hyphen = conversation.hyphenated_end(at) > at + 1;
        at += 1 + usize::from(has_hyphen);
    }
    at
}

/// True for particles that are prepositions or articles: "Anna von der Hotline" is not one name.
pub(super) fn is_place_preposition(word: &str) -> bool {
    matches!(
        word,
        "von" | "vom" | "der" | "zu" | "zur" | "zum" | "den" | "dem"
    )
}

/// True if the word at `index` can be a part of a name that a cue at `cue` announces.
pub(super) fn may_be_name(
    conversation: &Conversation,
    index: usize,
    cue: usize,
    trust: Trust,
) -> bool {
    let Some(token) = conversation.in_turn(index, cue) else {
        return false;
    };
    let is_new_sentence = token.starts_sentence && index > cue + 1;
    if !token.is_word() || is_filler(&token.folded) || is_new_sentence {
        return false;
    }
    if conversation.is_lower_case(index) {
        return may_be_lower_case_name(token, trust);
    }
    if !token.is_capitalized() || token.text == "I" {
        return false;
    }
    let word = &*token.folded;
    let is_common = is_in(List::Common, word);
    let is_ambiguous = is_in(List::AmbiguousNames, word);
    let is_first_name = is_in(List::FirstNames, word);
    let is_business = || is_business_word(conversation.word_after(index)) || is_business_word(word);
    match trust {
        Trust::Title => (!is_common || is_ambiguous) && !is_title(word),
        Trust::Strong => {
            is_first_name
                || (!is_common || is_ambiguous && !is_calendar(word))
                    && !is_in(List::Places, word)
                    && !is_in(List::Brands, word)
                    && !is_business()
        }
        Trust::Weak => {
            is_first_name
                || (!is_ordinary(word) || is_ambiguous && !is_common)
                    && !is_german_noun(word)
                    && !is_business()
                    && (!token.is_upper() || is_initial(conversation, index))
        }
    }
}

/// True for a word that can be a name in a turn without capitals.
fn may_be_lower_case_name(token: &Token, trust: Trust) -> bool {
    const SHORTEST_NAME: usize = 3;
    let word = &*token.folded;
    let is_ambiguous = is_in(List::AmbiguousNames, word);
    is_in(List::FirstNames, word)
        || is_ambiguous && trust == Trust::Title
        || trust != Trust::Weak
            && token.text.chars().count() >= SHORTEST_NAME
            && !is_ordinary(word)
            && !is_ambiguous
            && !is_german_noun(word)
}

/// True for the "J." of "Ida J. Jansen".
fn is_initial(conversation: &Conversation, index: usize) -> bool {
    let has_dot = conversation.has_glued_dot(index + 1, index);
    let is_before_name = conversation
        .in_turn(index + 2, index)
        .is_some_and(Token::is_capitalized);
    conversation.tokens[index].is_letter() && has_dot && is_before_name
}

/// True for months and days of the week.
fn is_calendar(word: &str) -> bool {
    const LONGEST_DAY: usize = 10;
    is_month(word) || word.ends_with("tag") && word.len() <= LONGEST_DAY
}

/// True for "Anna's".
pub(super) fn is_genitive(token: &Token) -> bool {
    token.text.ends_with("'s") || token.text.ends_with("’s")
}

/// True for German articles before a name: "der Sepp".
pub(super) fn is_name_article(word: &str) -> bool {
    matches!(word, "der" | "die" | "den" | "dem")
}
