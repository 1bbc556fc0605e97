//! Streets with house numbers: "Am Alten Markt 3", "22 Church Lane".

use std::ops::Range;

use super::house_numbers::{house_number_end, house_number_start};
use super::number_words::parse_number_word;
use super::tokens::{Conversation, Token};
use super::topics::{Topic, Topics};
use super::word_kinds::is_filler;
use super::words::{List, has_ending, is_in};

/// Words before the last word of the name of a street.
const MOST_STREET_WORDS: usize = 4;

/// True for words that end like the name of a German street: "Lindenstraße".
fn is_german_street_name(folded: &str) -> bool {
    const SHORTEST_START: usize = 3;
    has_ending(List::StreetEndings, folded, SHORTEST_START) && !is_in(List::NotStreets, folded)
}

/// A street whose last word is at `index`. It needs a number, or the name of a street where an
/// address is expected.
pub(super) fn german_street(
    conversation: &Conversation,
    topics: &Topics,
    index: usize,
) -> Option<Range<usize>> {
    let token = &conversation.tokens[index];
    let is_last = token.is_word() && conversation.hyphenated_end(index) == index + 1;
    let word = &*token.folded;
    let first = conversation.hyphenated_start(index);
    let is_type = is_in(List::GermanStreetTypes, word);
    let is_street = is_german_street_name(word) || (is_type && first < index);
    let is_asked = topics.at(index) == Topic::Address;
    if !is_last || !(is_type || is_street || is_asked) {
        return None;
    }
    let start = street_start(conversation, first, is_type && first == index);
    let is_named = is_street || (is_type && start < index);
    let has_dot = word.ends_with("str") && conversation.is_sign(index + 1, '.');
    let after = index + 1 + usize::from(has_dot);
    match house_number_end(conversation, index, after) {
        Some(end) => {
            let may_be_street = token.is_capitalized()
                && (!is_in(List::Common, word) || start < first)
                && !is_in(List::Places, word);
            let is_answer = is_asked && may_be_street && !conversation.has_word(end, index);
            (is_named || is_answer).then_some(start..end)
        }
        None => (is_named && is_asked && word != "platz").then_some(start..after),
    }
}

/// Index of the first word of a street's name whose last word starts at `first`: "Am Alten Markt",
/// "Frankfurter Straße". A bare type of street needs a word before it.
fn street_start(conversation: &Conversation, first: usize, needs_word: bool) -> usize {
    let mut start = first;
    for _ in 0..MOST_STREET_WORDS {
        let Some(token) = conversation.before(start) else {
            break;
        };
        let before = start - 1;
        let is_needed = needs_word && start == first;
        let is_name = if conversation.is_lower_case(first) {
            is_needed && token.is_word() && !is_filler(&token.folded)
        } else {
            starts_street(token, is_needed)
        };
        if !is_name && !is_street_article(conversation, before) {
            break;
        }
        start = conversation.hyphenated_start(before);
    }
    start
}

/// True for a capitalized word that comes before others in the name of a street: "Am", "Alte",
/// "Frankfurter". `is_needed` allows any word that is not ordinary.
fn starts_street(token: &Token, is_needed: bool) -> bool {
    let is_unusual = !is_in(List::Common, &token.folded);
    token.is_capitalized()
        && (is_in(List::StreetOpeners, &token.folded)
            || is_unusual && (is_needed || token.folded.ends_with("er")))
}

/// True for the "den" of "An den Eichen".
fn is_street_article(conversation: &Conversation, index: usize) -> bool {
    let is_article = matches!(
        conversation.word(index),
        "der" | "den" | "dem" | "alten" | "neuen" | "des"
    );
    is_article
        && conversation.before(index).is_some_and(|opener| {
            opener.is_capitalized() && is_in(List::StreetOpeners, &opener.folded)
        })
}

/// A street whose type is at `index`. It needs a number, or capitals where an address is expected.
pub(super) fn english_street(
    conversation: &Conversation,
    topics: &Topics,
    index: usize,
) -> Option<Range<usize>> {
    let token = &conversation.tokens[index];
    let is_lower_case = conversation.is_lower_case(index);
    if !is_in(List::EnglishStreetTypes, &token.folded) || !(token.is_capitalized() || is_lower_case)
    {
        return None;
    }
    let start = english_street_start(conversation, index);
    if start == index {
        return None;
    }
    if let Some(number) = house_number_start(conversation, start) {
        return Some(number..index + 1);
    }
    let first = &conversation.tokens[start];
    let is_sentence = first.starts_sentence && is_in(List::Common, &first.folded);
    let is_asked = topics.at(index) == Topic::Address;
    (is_asked && !is_lower_case && !is_sentence).then_some(start..index + 1)
}

/// Index of the first word of the name of a street whose type is at `index`: "Church Lane".
fn english_street_start(conversation: &Conversation, index: usize) -> usize {
    let is_lower_case = conversation.is_lower_case(index);
    let mut start = index;
    for _ in 0..MOST_STREET_WORDS {
        let is_name = conversation.before(start).is_some_and(|word| {
            let has_case =
                word.is_capitalized() || is_lower_case && !is_in(List::Common, &word.folded);
            word.is_word()
                && has_case
                && !word.is_letter()
                && parse_number_word(&word.folded).is_none()
        });
        if !is_name {
            break;
        }
        start = conversation.hyphenated_start(start - 1);
        if conversation.tokens[start].starts_sentence {
            break;
        }
    }
    start
}
