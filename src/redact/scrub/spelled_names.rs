//! Names that are spelled: "Kowalski, K O W A L S K I".

use std::ops::Range;

use super::elements::{Element, Form};
use super::fold::{fold, is_one_edit_apart};
use super::sequences::Sequence;
use super::tokens::Conversation;
use super::words::{List, is_in};

/// Words that equal the letters of a sequence which spells them, in its turn or one near it.
pub(super) fn find_spelled_names(
    conversation: &Conversation,
    sequences: &[Sequence],
) -> Vec<Range<usize>> {
    const NAME_LETTERS: std::ops::RangeInclusive<usize> = 3..=30;
    let mut names = Vec::new();
    for sequence in sequences {
        if sequence.has(Form::Written) || sequence.has(Form::Spoken) {
            continue;
        }
        let letters: String = sequence
            .elements
            .iter()
            .map(|element| spelled_letters(conversation, element))
            .collect();
        if NAME_LETTERS.contains(&letters.len()) {
            names.extend(
                near_tokens(conversation, sequence)
                    .filter(|index| is_spelled(conversation, *index, &letters))
                    .map(|index| index..index + 1),
            );
        }
    }
    names
}

/// The letters that an element spells.
fn spelled_letters(conversation: &Conversation, element: &Element) -> String {
    let letter = conversation.tokens[element.tokens.clone()]
        .iter()
        .find(|token| token.text.chars().count() <= 2);
    match letter {
        Some(letter) if letter.is_letter() => fold(letter.text).repeat(element.letters),
        Some(letters) => fold(letters.text),
        // A word of a spelling alphabet.
        None => conversation
            .word(element.tokens.start)
            .chars()
            .take(1)
            .collect(),
    }
}

/// Indices of tokens in turns near the sequence. Of long turns, only the start is searched.
fn near_tokens(conversation: &Conversation, sequence: &Sequence) -> impl Iterator<Item = usize> {
    const MOST_TURNS_APART: usize = 2;
    const MOST_TOKENS: usize = 400;
    let turn = conversation.tokens[sequence.tokens().start].turn;
    let first = turn.saturating_sub(MOST_TURNS_APART);
    conversation
        .turns
        .iter()
        .take(turn + MOST_TURNS_APART + 1)
        .skip(first)
        .flat_map(|turn| turn.tokens.clone().take(MOST_TOKENS))
}

/// True if the letters spell the word at `index`, with at most one mistake.
fn is_spelled(conversation: &Conversation, index: usize, letters: &str) -> bool {
    const FUZZY_LETTERS: usize = 5;
    let token = &conversation.tokens[index];
    let word = conversation.word(index);
    let may_be_misspelled =
        letters.len() >= FUZZY_LETTERS && word.len().abs_diff(letters.len()) <= 1;
    let is_ordinary =
        is_in(List::Common, word) && (token.starts_sentence || !token.is_capitalized());
    let is_equal = word == letters || may_be_misspelled && is_one_edit_apart(word, letters);
    is_equal && !is_ordinary
}
