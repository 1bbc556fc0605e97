//! Sequences of digits and letters in one turn, written or spoken: "null eins, ähm, fünf eins",
//! "K 77 10", "G wie Gustav".

use std::ops::Range;

use super::elements::{Element, Form, element_at};
use super::tokens::{Conversation, Kind};
use super::word_kinds::{is_filler, is_spoken_sign};

/// Elements that belong together.
#[derive(Clone, Debug, Default)]
pub(super) struct Sequence {
    pub(super) elements: Vec<Element>,
}

impl Sequence {
    pub(super) fn digits(&self) -> usize {
        self.elements.iter().map(|element| element.digits).sum()
    }

    pub(super) fn letters(&self) -> usize {
        self.elements.iter().map(|element| element.letters).sum()
    }

    pub(super) fn has(&self, form: Form) -> bool {
        self.elements.iter().any(|element| element.form == form)
    }

    /// Number of elements of a form.
    pub(super) fn count(&self, form: Form) -> usize {
        self.elements
            .iter()
            .filter(|element| element.form == form)
            .count()
    }

    /// Indices of the tokens from the first element to the last.
    pub(super) fn tokens(&self) -> Range<usize> {
        match (self.elements.first(), self.elements.last()) {
            (Some(first), Some(last)) => first.tokens.start..last.tokens.end,
            _ => 0..0,
        }
    }

    /// Removes weak elements at the end, which are words there: "S M I." ends with a letter,
    /// "S M. I will" does not.
    fn trim_end(&mut self, conversation: &Conversation) {
        while let Some((last, rest)) = self.elements.split_last()
            && last.form == Form::Weak
        {
            let end = last.tokens.end;
            let is_part = rest.last().is_some_and(|before| {
                let is_digit = last.digits > 0 && !last.follows_pause;
                let is_letter = before.letters > 0 && !conversation.has_word(end, end - 1);
                is_digit || is_letter
            });
            if is_part {
                break;
            }
            self.elements.pop();
        }
    }

    /// Removes weak elements at the start, which are words there: letters before digits, and digits
    /// before letters.
    fn trim_start(&mut self) {
        let is_word = |first: &Element, next: Option<&Element>| {
            first.form == Form::Weak
                && next.is_none_or(|next| {
                    (first.letters > 0 && next.letters == 0)
                        || (first.digits > 0 && next.digits == 0)
                })
        };
        let mut words = 0;
        while let Some(first) = self.elements.get(words)
            && is_word(first, self.elements.get(words + 1))
        {
            words += 1;
        }
        self.elements.drain(..words);
    }
}

/// All sequences of a conversation, in order.
pub(super) fn find_sequences(conversation: &Conversation) -> Vec<Sequence> {
    let mut sequences = Vec::new();
    for turn in &conversation.turns {
        let mut index = turn.tokens.start;
        while index < turn.tokens.end {
            let Some(element) = element_at(conversation, index) else {
                index += 1;
                continue;
            };
            let mut sequence = Sequence::default();
            index = element.tokens.end;
            sequence.elements.push(element);
            while let Some(element) = next_element(conversation, index) {
                index = element.tokens.end;
                sequence.elements.push(element);
            }
            sequence.trim_end(conversation);
            sequence.trim_start();
            if !sequence.elements.is_empty() {
                sequences.push(sequence);
            }
        }
    }
    sequences
}

/// What a token between two elements of a sequence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Separator {
    /// Joins them: "-", "Bindestrich".
    Joint,
    /// A pause between them: ", ", "ähm".
    Pause,
}

/// The element behind signs, spoken signs and fillers that may follow `end`.
fn next_element(conversation: &Conversation, end: usize) -> Option<Element> {
    const MOST_SKIPPED: usize = 6;
    let mut follows_pause = false;
    let start = description_end(conversation, end);
    for index in start..start + MOST_SKIPPED {
        conversation.in_turn(index, end - 1)?;
        if let Some(mut element) = element_at(conversation, index) {
            element.follows_pause = follows_pause;
            return Some(element);
        }
        follows_pause |= separator_at(conversation, index)? == Separator::Pause;
    }
    None
}

/// What the token at `index` is between two elements, if both can be in one sequence.
fn separator_at(conversation: &Conversation, index: usize) -> Option<Separator> {
    let token = &conversation.tokens[index];
    let ends_word = || {
        conversation
            .tokens
            .get(index + 1)
            .is_some_and(|next| !next.is_glued)
    };
    match (token.kind, token.text) {
        (Kind::Word, _) if is_spoken_sign(&token.folded) => Some(Separator::Joint),
        (Kind::Word, _) if is_filler(&token.folded) => Some(Separator::Pause),
        (Kind::Sign, "." | ":" | ",") if ends_word() => Some(Separator::Pause),
        (Kind::Sign, "." | ":" | ",") => Some(Separator::Joint),
        (Kind::Sign, "-" | "/" | "+" | "(" | ")" | "–" | "·" | "_" | "'" | "’" | "*" | "#") => {
            Some(Separator::Joint)
        }
        (Kind::Sign, "…" | ";" | "—") => Some(Separator::Pause),
        _ => None,
    }
}

/// Index of the comma behind the description of a letter: "O, mit Strich oben, J"; else `end`.
fn description_end(conversation: &Conversation, end: usize) -> usize {
    const LONGEST: usize = 7;
    let start = end + usize::from(conversation.is_sign(end, ','));
    let is_description = matches!(conversation.word(start), "mit" | "with")
        && conversation.tokens[end - 1].is_letter();
    if !is_description {
        return end;
    }
    (start..start + LONGEST)
        .find(|index| conversation.has_sign(*index, end - 1, ','))
        .unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(text: &str) -> Vec<(usize, usize)> {
        find_sequences(&Conversation::new(text))
            .iter()
            .map(|sequence| (sequence.digits(), sequence.letters()))
            .collect()
    }

    #[test]
    fn digits_and_letters_are_counted() {
        for (text, expected) in [
            ("null eins, ähm, doppelt drei", vec![(4, 0)]),
            ("oh two oh, double seven, thirty-four", vec![(7, 0)]),
            ("Oh, hello", vec![]),
            ("HB 20-117", vec![(5, 2)]),
            ("H wie Heinrich, zweimal M", vec![(0, 3)]),
            ("K-O-W-A-L", vec![(0, 5)]),
            ("L for Lima A for Apple", vec![(0, 2)]),
            ("Sierra, Tango, Uniform", vec![(0, 3)]),
            ("I have a dog", vec![]),
        ] {
            assert_eq!(figures(text), expected, "{text}");
        }
    }
}
