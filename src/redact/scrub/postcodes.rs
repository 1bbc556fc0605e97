//! Postcodes with their towns.

use std::ops::Range;

use super::tokens::{Conversation, Kind, Token};
use super::topics::{Topic, Topics};
use super::word_kinds::is_unit;
use super::words::{List, is_in};

/// A postcode: British and Irish anywhere, others with a town or where an address is expected.
pub(super) fn postcode(
    conversation: &Conversation,
    topics: &Topics,
    index: usize,
) -> Option<Range<usize>> {
    british_postcode_end(conversation, index)
        .or_else(|| irish_postcode_end(conversation, index))
        .or_else(|| american_postcode_end(conversation, index))
        .map(|end| place_start(conversation, index)..end)
        .or_else(|| german_postcode(conversation, topics, index))
}

/// Index behind "SW1A 1AA" at `index`.
fn british_postcode_end(conversation: &Conversation, index: usize) -> Option<usize> {
    let area = &conversation.tokens[index];
    if !area.is_upper() || area.text.len() > 2 {
        return None;
    }
    let mut end = index + 1;
    let mut digits = glued(conversation, end, Kind::Digits)?.text.len();
    end += 1;
    if glued(conversation, end, Kind::Word).is_some_and(Token::is_letter) {
        end += 1;
    }
    let mut inward = conversation.in_turn(end, index)?;
    if inward.kind == Kind::Digits {
        digits += inward.text.len();
        end += 1;
        inward = conversation.in_turn(end, index)?;
    }
    let is_end = inward.is_upper() && inward.text.len() == 2 && inward.is_glued;
    (is_end && (2..=3).contains(&digits)).then_some(end + 1)
}

/// Index behind "D02 X285" at `index`.
fn irish_postcode_end(conversation: &Conversation, index: usize) -> Option<usize> {
    const LONGEST_END: usize = 4;
    let area = &conversation.tokens[index];
    let is_area = area.is_upper()
        && area.is_letter()
        && glued(conversation, index + 1, Kind::Digits)?.text.len() == 2;
    if !is_area {
        return None;
    }
    let mut end = index + 2;
    let mut length = 0;
    while length < LONGEST_END
        && let Some(token) = conversation.in_turn(end, index)
        && (token.is_upper() || token.kind == Kind::Digits)
        && (token.is_glued || length == 0)
    {
        length += token.text.len();
        end += 1;
    }
    (length == LONGEST_END).then_some(end)
}

/// Index behind the state and the code of "Springfield, OH 45501" at `index`.
fn american_postcode_end(conversation: &Conversation, index: usize) -> Option<usize> {
    let state = &conversation.tokens[index];
    let code = conversation.after(index)?;
    let is_code = code.kind == Kind::Digits && code.text.len() == 5 && !code.is_glued;
    let is_state = state.is_upper() && state.text.len() == 2 && !state.starts_sentence;
    (is_state && is_code).then_some(index + 2)
}

/// "61348 Bad Homburg"; with four digits, as in Austria and Switzerland, where an address is
/// expected.
fn german_postcode(
    conversation: &Conversation,
    topics: &Topics,
    index: usize,
) -> Option<Range<usize>> {
    let code = &conversation.tokens[index];
    let next = conversation.after(index)?;
    let is_code = code.kind == Kind::Digits
        && match code.text.len() {
            5 => true,
            4 => topics.at(index) == Topic::Address || conversation.word_before(index) == "strasse",
            _ => false,
        };
    if !is_code || next.is_glued || is_unit(&next.folded) {
        return None;
    }
    let end = town_end(conversation, index + 1);
    (end > index + 1).then_some(index..end)
}

/// Index of the first word of the street and number before the German postcode at `index`: "Zum
/// Steinbruch 12, 97261 Güntersleben".
pub(super) fn street_start(conversation: &Conversation, index: usize) -> usize {
    const MOST_WORDS: usize = 4;
    let comma = index.saturating_sub(usize::from(conversation.follows_sign(index, ',')));
    let letter = conversation.before(comma).filter(|token| token.is_letter());
    let number = comma.saturating_sub(1 + usize::from(letter.is_some()));
    let is_number = conversation.tokens[index].kind == Kind::Digits
        && conversation.is_same_turn(number, index)
        && conversation.tokens[number].kind == Kind::Digits;
    let mut start = number;
    while is_number
        && number - start < MOST_WORDS
        && let Some(word) = conversation.before(start)
        && (word.is_capitalized() || word.is_sign('-') || is_in(List::StreetOpeners, &word.folded))
    {
        start -= 1;
    }
    if start < number { start } else { index }
}

/// Index behind the words of a town: "Bad Homburg"; `start` if there are none.
pub(super) fn town_end(conversation: &Conversation, start: usize) -> usize {
    const MOST_WORDS: usize = 3;
    let mut end = start;
    for _ in 0..MOST_WORDS {
        let is_town = start > 0
            && conversation.in_turn(end, start - 1).is_some_and(|word| {
                let is_ordinary = is_in(List::Common, &word.folded)
                    && !matches!(&*word.folded, "bad" | "gross" | "neu" | "alt" | "klein");
                word.is_capitalized() && !word.starts_sentence && !is_ordinary
            });
        if !is_town {
            break;
        }
        end = conversation.hyphenated_end(end);
    }
    end
}

/// Index of the first of the capitalized words and commas before `index`: names of houses and
/// towns.
fn place_start(conversation: &Conversation, index: usize) -> usize {
    const MOST_TOKENS: usize = 8;
    let mut start = index;
    let mut at = index;
    while index - at < MOST_TOKENS
        && !conversation.tokens[at].starts_sentence
        && let Some(token) = conversation.before(at)
    {
        let is_place = token.is_capitalized() && !is_in(List::Common, &token.folded);
        if !is_place && !token.is_sign(',') && !token.is_sign('-') {
            break;
        }
        at -= 1;
        if is_place {
            start = at;
        }
    }
    start
}

/// The token at `index`, if it is of this kind and follows the one before without white space.
fn glued<'c>(conversation: &'c Conversation, index: usize, kind: Kind) -> Option<&'c Token<'c>> {
    conversation
        .in_turn(index, index.checked_sub(1)?)
        .filter(|token| token.kind == kind && token.is_glued)
}
