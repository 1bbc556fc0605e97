//! First names that the list has, with the last name next to them.

use std::ops::Range;

use super::name_parts::{Trust, is_genitive, is_name_article, is_place_preposition, name_at};
use super::tokens::Conversation;
use super::word_kinds::{is_business_word, is_german_noun};
use super::words::{List, is_in, is_named_brand, is_ordinary};

/// A first name at `index` that is one in any position, with the last name.
pub(super) fn first_name_at(conversation: &Conversation, index: usize) -> Option<Range<usize>> {
    if !is_first_name(conversation, index) || is_in_name_of_thing(conversation, index) {
        return None;
    }
    let first = conversation.hyphenated_start(index);
    let start = surname_start(conversation, first).unwrap_or(first);
    let end = conversation.hyphenated_end(index);
    let end = surname_end(conversation, index, end).unwrap_or(end);
    Some(start..end)
}

/// True for a first name, also with "s" behind it: "Annas".
fn is_first_name(conversation: &Conversation, index: usize) -> bool {
    const SHORTEST_STEM: usize = 4;
    const SHORTEST_LOWER_CASE: usize = 4;
    const SHORTEST_BEFORE_WORD: usize = 3;
    let token = &conversation.tokens[index];
    let word = &*token.folded;
    let stem = word
        .strip_suffix('s')
        .filter(|stem| stem.len() >= SHORTEST_STEM);
    let is_listed =
        is_in(List::FirstNames, word) || stem.is_some_and(|stem| is_in(List::FirstNames, stem));
    let has_case = token.is_capitalized()
        || conversation.is_lower_case(index) && word.len() >= SHORTEST_LOWER_CASE;
    is_listed
        && has_case
        && !is_ordinary(word)
        && (token.text.len() >= SHORTEST_BEFORE_WORD || conversation.word_after(index).is_empty())
}

/// True within the name of a brand, a business or a street: "Calvin Klein", "St Anna".
fn is_in_name_of_thing(conversation: &Conversation, index: usize) -> bool {
    let word = conversation.word(index);
    let before = conversation.word_before(index);
    let has_hyphen = conversation.is_sign(index + 1, '-');
    let after = conversation.word(index + 1 + usize::from(has_hyphen));
    let last = conversation.hyphenated_end(index) - 1;
    matches!(before, "st" | "saint" | "sankt")
        || is_named_brand(word, after)
        || is_named_brand(before, word)
        || is_business_word(conversation.word(last))
        || is_business_word(conversation.word_after(index))
}

/// Index behind the last name that follows the first name at `index`, which ends at `end`.
fn surname_end(conversation: &Conversation, index: usize, end: usize) -> Option<usize> {
    const MOST_WORDS: usize = 2;
    let token = &conversation.tokens[index];
    let next = conversation.word(end);
    let is_agent = conversation.turns[token.turn].is_agent;
    // Customers are named "von …", assistants are "Anna von der Hotline".
    let is_place = is_place_preposition(next) && (is_agent || next != "von");
    if is_place || is_genitive(token) || conversation.is_lower_case(index) {
        return None;
    }
    let surname = name_at(conversation, end, Trust::Strong, MOST_WORDS)?;
    (!is_business_word(conversation.word(surname.end))).then_some(surname.end)
}

/// Start of a last name before the first name at `first`: "Jansen, Ilka", "der Huber Sepp".
fn surname_start(conversation: &Conversation, first: usize) -> Option<usize> {
    let has_comma = conversation.follows_sign(first, ',');
    let before = first.checked_sub(1 + usize::from(has_comma))?;
    let token = conversation.in_turn(before, first)?;
    let is_unknown = token.is_capitalized()
        && !token.is_upper()
        && !is_ordinary(&token.folded)
        && !is_in(List::FirstNames, &token.folded)
        && !is_german_noun(&token.folded)
        && !conversation.tokens[first].starts_sentence;
    let start = conversation.hyphenated_start(before);
    let lead = conversation.word_before(start);
    let is_placed = conversation.tokens[start].starts_sentence
        || if has_comma {
            matches!(lead, "ist" | "is" | "name")
        } else {
            is_name_article(lead) || lead == "beim" || conversation.follows_sign(start, ',')
        };
    (is_unknown && is_placed).then_some(start)
}
