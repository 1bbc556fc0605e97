//! Which sequences of digits and letters identify someone: phone, customer and account numbers, not
//! prices and times.

use std::ops::Range;

use super::elements::Form;
use super::found::{Class, Findings};
use super::sequences::Sequence;
use super::tokens::Conversation;
use super::topics::{Topic, Topics};
use super::word_kinds::is_filler;
use super::words::{List, is_in};
use crate::redact::checksums::{is_card, is_iban};

/// Digits from which a number identifies someone although nothing says so.
const IDENTIFYING_DIGITS: usize = 6;

/// Adds the sequences that identify someone, and single letters that spell a word.
pub(super) fn find_numbers(
    conversation: &Conversation,
    topics: &Topics,
    sequences: &[Sequence],
    findings: &mut Findings,
) {
    let mut is_personal: Vec<bool> = sequences
        .iter()
        .map(|sequence| is_identifying(conversation, topics, sequence))
        .collect();
    mark_continuations(conversation, topics, sequences, &mut is_personal);
    for (sequence, is_personal) in sequences.iter().zip(is_personal) {
        if is_personal {
            let tokens = with_plus(conversation, sequence.tokens());
            let class = class_of(conversation, topics, sequence);
            findings.add(conversation.range(tokens.start, tokens.end), class);
        }
    }
}

/// Includes the word "plus" before a number.
fn with_plus(conversation: &Conversation, tokens: Range<usize>) -> Range<usize> {
    let has_plus = conversation.word_before(tokens.start) == "plus";
    tokens.start - usize::from(has_plus)..tokens.end
}

/// The class of a sequence that identifies someone.
fn class_of(conversation: &Conversation, topics: &Topics, sequence: &Sequence) -> Class {
    let start = sequence.tokens().start;
    let digits = sequence.digits();
    let is_spoken = sequence.has(Form::Spoken) || sequence.has(Form::Weak);
    match topics.at(start) {
        _ if digits == 0 => Class::Spelled,
        Topic::Address if digits <= 6 => Class::Address,
        Topic::Email if is_spoken => Class::SpokenEmail,
        _ if is_spoken => Class::SpokenNumber,
        _ if sequence.letters() == 0 && digits >= 7 && is_phone_start(conversation, start) => {
            Class::Phone
        }
        _ => Class::Number,
    }
}

/// True if the sequence identifies someone or spells a word.
fn is_identifying(conversation: &Conversation, topics: &Topics, sequence: &Sequence) -> bool {
    let tokens = sequence.tokens();
    if tokens.is_empty() {
        return false;
    }
    let topic = topics.at(tokens.start);
    if sequence.digits() == 0 {
        return is_spelled(conversation, topic, sequence);
    }
    if has_checksum(conversation, sequence) || is_plate(conversation, sequence) {
        return true;
    }
    !is_amount(conversation, topic, sequence)
        && !is_service(conversation, &tokens)
        && is_long_enough(conversation, topics, sequence)
}

/// True if the sequence is long enough to identify someone where it is.
fn is_long_enough(conversation: &Conversation, topics: &Topics, sequence: &Sequence) -> bool {
    let start = sequence.tokens().start;
    let (digits, letters) = (sequence.digits(), sequence.letters());
    let count = sequence.elements.len();
    let is_before_word = is_before_word(conversation, sequence);
    let asks_number = topics.of_turn(conversation.tokens[start].turn) == Topic::Number;
    match topics.at(start) {
        Topic::Number | Topic::Email => {
            (digits + letters >= 3 && !(is_before_word && count == 1 && digits == 3))
                || (digits + letters == 2 && count == 2)
        }
        Topic::Address => digits >= 3 || !is_before_word,
        _ if asks_number => digits >= 5 || (digits >= 4 && !is_before_word),
        Topic::Harmless => {
            is_phone(conversation, sequence)
                || (digits >= 8 && count >= 5)
                || digits >= 10
                || (digits >= 5 && letters >= 1)
        }
        _ => {
            is_phone(conversation, sequence)
                || (digits >= IDENTIFYING_DIGITS && (count >= 4 || !sequence.has(Form::Spoken)))
                || longest_written(conversation, sequence) >= IDENTIFYING_DIGITS
                || (digits >= 5 && letters >= 1)
        }
    }
}

/// True if a word that is no filler follows.
fn is_before_word(conversation: &Conversation, sequence: &Sequence) -> bool {
    let tokens = sequence.tokens();
    conversation
        .in_turn(tokens.end, tokens.start)
        .is_some_and(|next| next.is_word() && !is_filler(&next.folded))
}

/// True for amounts in words: "zweihundert", "three hundred", unless a number is expected.
fn is_amount(conversation: &Conversation, topic: Topic, sequence: &Sequence) -> bool {
    const LONGEST_HOUSE_NUMBER: usize = 4;
    let has_magnitude = sequence.tokens().any(|index| {
        let word = conversation.word(index);
        matches!(word, "hundred" | "thousand")
            || word.contains("hundert")
            || word.contains("tausend")
    });
    has_magnitude
        && match topic {
            Topic::Number => false,
            Topic::Address => {
                sequence.digits() > LONGEST_HOUSE_NUMBER && is_before_word(conversation, sequence)
            }
            _ => true,
        }
}

/// True for numbers of public services.
fn is_service(conversation: &Conversation, tokens: &Range<usize>) -> bool {
    tokens.len() == 1
        && matches!(
            conversation.tokens[tokens.start].text,
            "110" | "112" | "115" | "116117" | "116116" | "999" | "911" | "111" | "101" | "119"
        )
}

/// Bytes of the longest run of digits.
fn longest_written(conversation: &Conversation, sequence: &Sequence) -> usize {
    sequence
        .elements
        .iter()
        .filter(|element| element.form == Form::Written)
        .map(|element| conversation.tokens[element.tokens.start].text.len())
        .max()
        .unwrap_or_default()
}

/// True for seven digits or more that start like a phone number.
fn is_phone(conversation: &Conversation, sequence: &Sequence) -> bool {
    const SHORTEST_PHONE: usize = 7;
    let start = sequence.tokens().start;
    let is_spoken_start = matches!(conversation.word(start), "null" | "zero" | "oh");
    sequence.digits() >= SHORTEST_PHONE && (is_spoken_start || is_phone_start(conversation, start))
}

/// True for digits that start with 0 or follow `+` or `(`.
fn is_phone_start(conversation: &Conversation, index: usize) -> bool {
    conversation.tokens[index].text.starts_with('0')
        || conversation.follows_sign(index, '+')
        || conversation.follows_sign(index, '(')
}

/// True for an IBAN or a card number that is written in groups.
fn has_checksum(conversation: &Conversation, sequence: &Sequence) -> bool {
    let is_written = sequence
        .elements
        .iter()
        .all(|element| matches!(element.form, Form::Written | Form::Letters));
    if !is_written {
        return false;
    }
    let text: String = sequence
        .elements
        .iter()
        .flat_map(|element| &conversation.tokens[element.tokens.clone()])
        .map(|token| token.text)
        .collect();
    is_iban(&text) || is_card(&text)
}

/// True for number plates: "HB-KL 204", "AB12 CDE".
fn is_plate(conversation: &Conversation, sequence: &Sequence) -> bool {
    let sizes: Vec<(Form, usize)> = sequence
        .elements
        .iter()
        .map(|element| (element.form, element.digits + element.letters))
        .collect();
    let start = sequence.tokens().start;
    let has_plate_form = match *sizes {
        [
            (Form::Letters, 1..=3),
            (Form::Letters, 1..=2),
            (Form::Written, 1..=4),
        ] => true,
        [(Form::Letters, 2), (Form::Written, 2), (Form::Letters, 3)] => {
            conversation.tokens[start + 1].is_glued
        }
        _ => false,
    };
    let first = &conversation.tokens[start];
    has_plate_form && first.is_upper() && !is_in(List::Brands, &first.folded)
}

/// True for letters that spell a word.
fn is_spelled(conversation: &Conversation, topic: Topic, sequence: &Sequence) -> bool {
    let strong = sequence.count(Form::Letters) + sequence.count(Form::Spelled);
    let letters = sequence.letters();
    let tokens = sequence.tokens();
    let is_hyphenated = conversation.hyphenated_end(tokens.start) >= tokens.end && tokens.len() > 1;
    let is_expected = topic == Topic::Number
        && sequence.has(Form::Letters)
        && conversation.tokens[tokens.start].is_upper();
    strong >= 2
        || (strong > 0 && letters >= 3)
        || (letters == 2 && is_hyphenated)
        || (sequence.has(Form::Spelled) && topic != Topic::Harmless)
        || is_expected
}

/// Makes sequences personal that are next to personal ones, as long numbers take several turns.
fn mark_continuations(
    conversation: &Conversation,
    topics: &Topics,
    sequences: &[Sequence],
    is_personal: &mut [bool],
) {
    for next in 1..sequences.len() {
        let (from, to) = (&sequences[next - 1], &sequences[next]);
        if is_personal[next - 1] && continues(conversation, topics, from, to) {
            is_personal[next] = true;
        }
    }
    for next in (1..sequences.len()).rev() {
        let (from, to) = (&sequences[next], &sequences[next - 1]);
        if is_personal[next] && continues(conversation, topics, from, to) {
            is_personal[next - 1] = true;
        }
    }
}

/// True if `to` can be a part of the number of which `from` is a part.
fn continues(conversation: &Conversation, topics: &Topics, from: &Sequence, to: &Sequence) -> bool {
    const MOST_TURNS_APART: usize = 2;
    let (a, b) = (from.tokens(), to.tokens());
    if a.is_empty() || b.is_empty() || from.digits() == 0 {
        return false;
    }
    let turn = |tokens: &Range<usize>| conversation.tokens[tokens.start].turn;
    let topic = topics.at(b.start);
    let is_long = to.digits() + to.letters() >= 2 || matches!(topic, Topic::Number | Topic::Email);
    turn(&a).abs_diff(turn(&b)) <= MOST_TURNS_APART
        && is_long
        && topic != Topic::Harmless
        && (to.elements.len() >= 3 || !is_before_word(conversation, to))
}
