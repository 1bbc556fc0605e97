//! Numbers of houses, flats and floors.

use std::ops::Range;

use super::number_words::{parse_number_word, parse_ordinal};
use super::tokens::{Conversation, FARTHEST, Kind, Token};
use super::topics::{Topic, Topics};
use super::word_kinds::is_unit;
use super::words::{List, is_in};

/// Index behind a house number at `index`: "12", "zwölf a", "3b", "71/2".
pub(super) fn house_number_end(
    conversation: &Conversation,
    of: usize,
    index: usize,
) -> Option<usize> {
    let mut start = index;
    let mut end_of_first = None;
    loop {
        if !starts_house_number(conversation, of, start) {
            return None;
        }
        let mut end = start + 1;
        while end - index < FARTHEST && continues_house_number(conversation, of, end) {
            end += 1;
        }
        let after = conversation.word_in_turn(end, of);
        if after != "bis" || end - index >= FARTHEST {
            return (!is_unit(after)).then_some(end_of_first.unwrap_or(end));
        }
        // "zwölf bis vierzehn", but of "12 bis 14" only "12 bis".
        start = end + 1;
        if end_of_first.is_none() && !continues_house_number(conversation, of, start) {
            end_of_first = Some(start);
        }
    }
}

/// True if digits or a number word are at `index`.
fn starts_house_number(conversation: &Conversation, of: usize, index: usize) -> bool {
    const MOST_DIGITS: usize = 4;
    conversation
        .in_turn(index, of)
        .is_some_and(|token| match token.kind {
            Kind::Digits => token.text.len() <= MOST_DIGITS,
            Kind::Word => parse_number_word(&token.folded).is_some(),
            Kind::Sign => false,
        })
}

/// True if the token at `index` is another part of a house number: the "b" of "3b", "/" and "2"
/// of "71/2".
fn continues_house_number(conversation: &Conversation, of: usize, index: usize) -> bool {
    let Some(token) = conversation.in_turn(index, of) else {
        return false;
    };
    match token.kind {
        Kind::Digits => token.is_glued,
        Kind::Word => {
            is_number_letter(token)
                || parse_number_word(&token.folded).is_some()
                || token.folded == "stroke"
        }
        Kind::Sign => {
            matches!(token.text, "/" | "-" | "–")
                && conversation
                    .after(index)
                    .is_some_and(|next| next.kind == Kind::Digits)
        }
    }
}

/// True for the "b" of "3b".
fn is_number_letter(token: &Token) -> bool {
    token.is_letter() && token.text != "I"
}

/// Index of the first token of the house number before `end`: "22", "Seventy-one stroke two",
/// "4B,".
pub(super) fn house_number_start(conversation: &Conversation, end: usize) -> Option<usize> {
    let mut start = end - usize::from(conversation.follows_sign(end, ','));
    let mut has_number = false;
    while end - start < FARTHEST
        && let Some(before) = start.checked_sub(1)
        && let Some(token) = conversation.in_turn(before, end)
    {
        let is_number = token.kind == Kind::Digits || parse_number_word(&token.folded).is_some();
        let is_joint =
            matches!(token.text, "/" | "-") || matches!(&*token.folded, "stroke" | "and");
        let is_part = is_number || is_number_letter(token) || is_joint && has_number;
        if !is_part {
            break;
        }
        has_number |= is_number;
        start = before;
    }
    while start < end && matches!(conversation.word(start), "stroke" | "and" | "a") {
        start += 1;
    }
    has_number.then_some(start)
}

/// "Flat 2" anywhere; "apartment four C", "zweiter Stock links" where an address is expected.
pub(super) fn expected_flat(
    conversation: &Conversation,
    topics: &Topics,
    index: usize,
) -> Option<Range<usize>> {
    let token = &conversation.tokens[index];
    let is_numbered = |next: &Token| next.kind == Kind::Digits;
    let is_flat = token.folded == "flat" && token.is_capitalized()
        || matches!(&*token.folded, "flat" | "apartment" | "apt" | "unit")
            && conversation.after(index).is_some_and(is_numbered);
    if topics.at(index) != Topic::Address && !is_flat {
        return None;
    }
    flat_at(conversation, index)
}

/// A flat, a floor or a door, whose word is at `index`.
pub(super) fn flat_at(conversation: &Conversation, index: usize) -> Option<Range<usize>> {
    match conversation.word(index) {
        "stock" | "stockwerk" | "og" | "obergeschoss" | "etage" => {
            let start = floor_start(conversation, index);
            let side = conversation.word_after(index);
            let has_side = matches!(side, "links" | "rechts" | "mitte" | "hinten" | "vorne");
            (start < index).then(|| start..index + 1 + usize::from(has_side))
        }
        word if is_in(List::FlatWords, word) => {
            house_number_end(conversation, index, index + 1).map(|end| index..end)
        }
        _ => None,
    }
}

/// Index of the first token of the number of a floor before `index`: "2.", "zweiter".
fn floor_start(conversation: &Conversation, index: usize) -> usize {
    let mut start = index;
    while index - start < FARTHEST
        && !conversation.tokens[start].starts_sentence
        && let Some(token) = conversation.before(start)
        && (token.kind == Kind::Digits
            || token.is_sign('.')
            || parse_ordinal(&token.folded).is_some())
    {
        start -= 1;
    }
    start
}

/// Index behind "zweiter Stock links" or "2. Stock links" at `index`.
pub(super) fn floor_end(conversation: &Conversation, index: usize) -> Option<usize> {
    let token = &conversation.tokens[index];
    let is_number = token.kind == Kind::Digits;
    if !is_number && parse_ordinal(&token.folded).is_none() {
        return None;
    }
    let has_dot = is_number && conversation.is_sign(index + 1, '.');
    let word_at = index + 1 + usize::from(has_dot);
    conversation.in_turn(word_at, index)?;
    flat_at(conversation, word_at).map(|flat| flat.end)
}
