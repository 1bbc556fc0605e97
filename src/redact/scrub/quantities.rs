//! Amounts, prices and times: numbers that do not identify a person.

use std::ops::Range;

use super::elements::Form;
use super::number_words::parse_number_word;
use super::sequences::Sequence;
use super::tokens::{Conversation, Kind};
use super::topics::{Topic, Topics};
use super::word_kinds::{is_filler, is_month, is_spoken_sign, is_unit};
use super::words::{List, is_in};

/// The sequence without parts that are amounts, prices or times. A part ends at a pause.
pub(super) fn without_quantities(
    conversation: &Conversation,
    topics: &Topics,
    sequence: &Sequence,
) -> Sequence {
    let mut kept = Sequence::default();
    let mut follows_quantity = false;
    let parts = sequence
        .elements
        .chunk_by(|_, next| !next.follows_pause)
        .map(|elements| Sequence {
            elements: elements.to_vec(),
        });
    for part in parts {
        let lead = conversation.word_before(part.tokens().start);
        // "twenty pounds and fifty"
        let is_joined = follows_quantity && matches!(lead, "and" | "und");
        follows_quantity = is_joined || is_quantity(conversation, topics, &part);
        if !follows_quantity {
            kept.elements.extend(part.elements);
        }
    }
    kept
}

/// True for numbers with a unit, behind "um", "€" or a product, or in the form of a time.
fn is_quantity(conversation: &Conversation, topics: &Topics, part: &Sequence) -> bool {
    const LONGEST_QUANTITY: usize = 8;
    const LONGEST_TIME: usize = 4;
    const LONGEST_MODEL: usize = 2;
    let (digits, count) = (part.digits(), part.elements.len());
    if part.letters() > 1 || digits > LONGEST_QUANTITY {
        return false;
    }
    let tokens = part.tokens();
    let start = tokens.start;
    let is_house_number =
        topics.at(start) == Topic::Address && count == 1 && part.has(Form::Spoken);
    // "on oh four nine one" is a number.
    let has_zero_first = parse_number_word(conversation.word(start)) == Some(0) && count > 2;
    let is_time = || {
        follows_time_word(conversation, start, is_house_number) && !has_zero_first
            || has_magnitude(conversation, &tokens)
    };
    is_unit_at(conversation, tokens.end, start)
        || (digits <= LONGEST_TIME && is_time())
        || (digits <= LONGEST_MODEL
            && count <= 2
            && !is_house_number
            && follows_product(conversation, start))
        || follows_currency(conversation, start)
        || is_written_quantity(conversation, &tokens)
}

/// True if a unit is at `end`: "14 Uhr", "twenty pounds", "5%", "30. November".
fn is_unit_at(conversation: &Conversation, end: usize, start: usize) -> bool {
    let Some(token) = conversation.in_turn(end, start) else {
        return false;
    };
    if conversation.has_glued_dot(end, start) && conversation.follows_digits(end) {
        let word = conversation.word_after(end);
        return is_month(word) || word == "bis";
    }
    if token.kind == Kind::Sign {
        return matches!(token.text, "%" | "€" | "$" | "£" | "°" | "²");
    }
    // "am Ende" is German.
    let is_preposition = token.folded == "am" && !conversation.word_after(end).is_empty();
    is_unit(&token.folded) && !is_preposition
}

/// True behind a sign before prices or ordinals: "€ 20", "#3".
pub(super) fn follows_currency(conversation: &Conversation, index: usize) -> bool {
    ['€', '$', '£', '#', '¥']
        .iter()
        .any(|sign| conversation.follows_sign(index, *sign))
}

/// True behind words that come before times, dates and prices: "um neun", "since 2019".
fn follows_time_word(conversation: &Conversation, start: usize, is_house_number: bool) -> bool {
    match conversation.word_before(start) {
        "at" => !is_house_number,
        before => is_in(List::BeforeTimes, before),
    }
}

/// True for numbers with "hundred" or "thousand".
fn has_magnitude(conversation: &Conversation, tokens: &Range<usize>) -> bool {
    tokens.clone().any(|index| {
        let word = conversation.word(index);
        matches!(word, "hundred" | "thousand" | "million") || word.ends_with("tausend")
    })
}

/// True behind a capitalized word within a sentence: "Level 3".
fn follows_product(conversation: &Conversation, start: usize) -> bool {
    const NUMBER_WORDS: [&str; 4] = ["nummer", "number", "kennzeichen", "code"];
    conversation.before(start).is_some_and(|before| {
        let word = &*before.folded;
        before.is_capitalized()
            && !before.starts_sentence
            && !before.is_upper()
            && !is_spoken_sign(word)
            && !is_filler(word)
            && !NUMBER_WORDS.iter().any(|cue| word.ends_with(cue))
    })
}

/// True for digits in the form of a time, a decimal, a large amount or a date.
fn is_written_quantity(conversation: &Conversation, tokens: &Range<usize>) -> bool {
    let tokens = &conversation.tokens[tokens.clone()];
    let is_glued = tokens.iter().skip(1).all(|token| token.is_glued);
    let text: String = tokens.iter().map(|token| token.text).collect();
    let is_quantity_character = |byte: u8| byte.is_ascii_digit() || b".,:-/".contains(&byte);
    is_glued
        && text.starts_with(|first: char| first.is_ascii_digit())
        && text.bytes().all(is_quantity_character)
        && has_quantity_form(&text)
}

/// True for "9:30", "12,50", "1.250.000", "9.11.2025" and the like.
fn has_quantity_form(text: &str) -> bool {
    let lengths = |separator: char| -> Vec<usize> { text.split(separator).map(str::len).collect() };
    let signs = text.bytes().filter(|byte| !byte.is_ascii_digit()).count();
    let is_pair = |separator: char| signs == 1 && matches!(*lengths(separator), [..=3, ..=2]);
    let is_grouped = |separator: char| match &*lengths(separator) {
        [first, groups @ ..] => {
            *first <= 3 && !groups.is_empty() && groups.iter().all(|length| *length == 3)
        }
        [] => false,
    };
    [':', '.', ','].into_iter().any(is_pair)
        || ['.', ','].into_iter().any(is_grouped)
        || matches!(*lengths('.'), [1..=2, 1..=2, 0 | 2 | 4])
        || matches!(*lengths('/'), [1..=2, 1..=2, 2 | 4])
        || matches!(*lengths('-'), [4, 2, 2])
}
