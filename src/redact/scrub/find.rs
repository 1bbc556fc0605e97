//! Finds personal data in texts.

use super::addresses::{find_addresses, find_read_postcodes};
use super::birthdays::find_birthdays;
use super::emails::{find_spoken, find_written};
use super::found::{Class, Findings, Found};
use super::known_values::{KnownValues, ValueKind, is_short_value, value_kind};
use super::names::find_names;
use super::numbers::find_numbers;
use super::quantities::without_quantities;
use super::sequences::find_sequences;
use super::tokens::{Conversation, Kind};
use super::topics::Topics;
use super::unknown_words::find_unknown_words;
use super::word_kinds::{is_business_word, is_known_word, is_unit};

/// Finds personal data in a whole text: a transcript (lines `Label: text`; numbers and spellings
/// may go on over several turns and fillers) or one value. The findings are sorted and do not
/// overlap.
#[cfg(test)]
pub(super) fn find_personal(text: &str, known: &KnownValues) -> Vec<Found> {
    find_in_conversation(&Conversation::new(text), known).into_sorted()
}

/// Finds personal data in the value of a variable. A short value is personal as a whole if the name
/// of the variable says so, and so is each of its words that no list has.
pub(super) fn find_in_value(name: &str, value: &str, known: &KnownValues) -> Vec<Found> {
    const SHORTEST_NUMBER: usize = 4;
    let conversation = Conversation::new(value);
    let mut findings = find_in_conversation(&conversation, known);
    if !is_short_value(&conversation) {
        return findings.into_sorted();
    }
    let class = match value_kind(&name.to_lowercase()) {
        ValueKind::Person => Some(Class::Name),
        // "after 5 pm" is no number to call back.
        ValueKind::Number if digits(value) < SHORTEST_NUMBER => None,
        ValueKind::Number => Some(Class::Number),
        ValueKind::Address => Some(Class::Address),
        ValueKind::Email => Some(Class::Email),
        ValueKind::Birthday => Some(Class::Birthday),
        ValueKind::Harmless | ValueKind::Unknown => None,
    };
    if let Some(class) = class {
        findings.add(0..value.len(), class);
    }
    for token in &conversation.tokens {
        let class = match token.kind {
            Kind::Word if is_category(value) => continue,
            Kind::Word if !is_known_word(&token.folded) && !is_business_word(&token.folded) => {
                Class::Word
            }
            Kind::Digits if token.text.len() >= SHORTEST_NUMBER && !is_year(token.text) => {
                Class::Number
            }
            _ => continue,
        };
        findings.add(token.range(), class);
    }
    findings.into_sorted()
}

/// Finds personal data in a text that was split into turns.
pub(super) fn find_in_conversation(conversation: &Conversation, known: &KnownValues) -> Findings {
    let topics = Topics::new(conversation);
    let sequences: Vec<_> = find_sequences(conversation)
        .iter()
        .map(|sequence| without_quantities(conversation, &topics, sequence))
        .collect();
    let mut findings = Findings::default();
    find_written(conversation.text, &mut findings);
    find_spoken(conversation, &topics, &mut findings);
    find_addresses(conversation, &topics, known, &mut findings);
    find_read_postcodes(conversation, &topics, &sequences, &mut findings);
    find_birthdays(conversation, &topics, &mut findings);
    find_numbers(conversation, &topics, &sequences, &mut findings);
    find_known_digits(conversation, known, &mut findings);
    for label in &conversation.names {
        findings.add(label.clone(), Class::Label);
    }
    find_names(conversation, &topics, known, &sequences, &mut findings);
    find_unknown_words(conversation, &mut findings);
    findings
}

/// True for a year of calls and appointments.
fn is_year(digits: &str) -> bool {
    digits.len() == 4 && digits.starts_with("20")
}

fn digits(text: &str) -> usize {
    text.chars().filter(|c| c.is_numeric()).count()
}

/// True for a value such as `product_question`, which the AI chose from a list.
fn is_category(value: &str) -> bool {
    let is_part = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
    value.contains('_') && value.bytes().all(is_part)
}

/// Adds digits that are part of a known number.
fn find_known_digits(conversation: &Conversation, known: &KnownValues, findings: &mut Findings) {
    for (index, token) in conversation.tokens.iter().enumerate() {
        let is_price = conversation
            .in_turn(index + 1, index)
            .is_some_and(|next| is_unit(&next.folded));
        if token.kind == Kind::Digits && !is_price && known.has_digits(token.text) {
            findings.add(token.range(), Class::Number);
        }
    }
}
