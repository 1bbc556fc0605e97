//! Addresses: streets with house numbers, postcodes, flats, and what belongs to them.

use std::ops::Range;

use super::found::{Class, Findings};
use super::house_numbers::{
    expected_flat, flat_at, floor_end, house_number_end, house_number_start,
};
use super::known_values::KnownValues;
use super::postcodes::{postcode, street_start, town_end};
use super::sequences::Sequence;
use super::streets::{english_street, german_street};
use super::tokens::{Conversation, FARTHEST, Kind};
use super::topics::{Topic, Topics};
use super::word_kinds::is_street_type;
use super::words::{List, is_in};

/// Adds addresses.
pub(super) fn find_addresses(
    conversation: &Conversation,
    topics: &Topics,
    known: &KnownValues,
    findings: &mut Findings,
) {
    let mut index = 0;
    while index < conversation.tokens.len() {
        let found = postcode(conversation, topics, index)
            .map(|code| street_start(conversation, code.start)..code.end)
            .or_else(|| german_street(conversation, topics, index))
            .or_else(|| english_street(conversation, topics, index))
            .or_else(|| expected_flat(conversation, topics, index))
            .or_else(|| known_street(conversation, known, index));
        let Some(address) = found else {
            index += 1;
            continue;
        };
        let end = extended_end(conversation, topics, &address);
        findings.add(conversation.range(address.start, end), Class::Address);
        index = end.max(index + 1);
    }
}

/// A word of an address that is known, with the words and the number around it.
fn known_street(
    conversation: &Conversation,
    known: &KnownValues,
    index: usize,
) -> Option<Range<usize>> {
    let word = conversation.word(index);
    let is_known = known.address_words.contains(word)
        || word
            .strip_suffix('s')
            .is_some_and(|stem| known.address_words.contains(stem));
    if word.is_empty() || !is_known {
        return None;
    }
    let mut start = conversation.hyphenated_start(index);
    while index - start < FARTHEST
        && !conversation.tokens[start].starts_sentence
        && let Some(before) = conversation.before(start)
        && (known.address_extras.contains(&before.folded)
            || before.is_capitalized()
                && !before.starts_sentence
                && !is_in(List::Common, &before.folded))
    {
        start = conversation.hyphenated_start(start - 1);
    }
    let mut end = conversation.hyphenated_end(index);
    while end - index < FARTHEST && is_street_type(conversation.word_in_turn(end, index)) {
        end += 1;
    }
    let start = house_number_start(conversation, start).unwrap_or(start);
    let end = house_number_end(conversation, index, end).unwrap_or(end);
    Some(start..end)
}

/// Index behind what follows an address: a flat, a postcode with its town, the town.
fn extended_end(conversation: &Conversation, topics: &Topics, address: &Range<usize>) -> usize {
    const MOST_PARTS: usize = 4;
    let mut end = address.end;
    for _ in 0..MOST_PARTS {
        match part_end(conversation, topics, address.start, end) {
            Some(after) => end = after,
            None => break,
        }
    }
    end
}

/// Index behind the part of an address that follows `end`.
fn part_end(
    conversation: &Conversation,
    topics: &Topics,
    start: usize,
    end: usize,
) -> Option<usize> {
    let next = conversation.skip_comma(end, start);
    let token = conversation.in_turn(next, start)?;
    let found = postcode(conversation, topics, next)
        .or_else(|| flat_at(conversation, next))
        .filter(|part| part.start >= next)
        .map(|part| part.end)
        .or_else(|| floor_end(conversation, next));
    if found.is_some() {
        return found;
    }
    let is_code = |index: usize| {
        conversation
            .in_turn(index, start)
            .is_some_and(|code| code.kind == Kind::Digits && matches!(code.text.len(), 4..=5))
    };
    let has_comma = next > end;
    if has_comma && is_code(next) {
        return Some(next + 1);
    }
    let town = town_end(conversation, next);
    if town > next && is_code(town) {
        return Some(town + 1);
    }
    let is_town = town > next
        && has_comma
        && !is_in(List::FirstNames, &token.folded)
        && conversation
            .in_turn(town, start)
            .is_none_or(|after| after.kind == Kind::Sign);
    is_town.then_some(town)
}

/// Adds postcodes that are read out, with their towns: "six one three four eight, Homburg".
pub(super) fn find_read_postcodes(
    conversation: &Conversation,
    topics: &Topics,
    sequences: &[Sequence],
    findings: &mut Findings,
) {
    for sequence in sequences {
        let tokens = sequence.tokens();
        let digits = sequence.digits();
        if tokens.is_empty() || sequence.letters() > 0 || !matches!(digits, 4..=5) {
            continue;
        }
        let next = conversation.skip_comma(tokens.end, tokens.start);
        let is_before_place = next > tokens.end && is_in(List::Places, conversation.word(next));
        let is_asked = topics.at(tokens.start) == Topic::Address;
        if is_asked || (is_before_place && digits == 5) {
            let town = town_end(conversation, next);
            let end = if town > next { town } else { tokens.end };
            findings.add(conversation.range(tokens.start, end), Class::Address);
        }
    }
}
