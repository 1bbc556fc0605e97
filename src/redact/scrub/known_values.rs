//! Values of a body that are known to be personal.

use std::collections::HashSet;

use super::fold::fold;
use super::name_book::{NameBook, is_particle};
use super::tokens::{Conversation, Kind};
use super::word_kinds::is_street_type;
use super::words::{List, has_part, is_in, is_ordinary};

/// Digits that are compared at once.
const GRAM: usize = 4;
/// Longer values are sentences. Only their long numbers are known.
const MOST_WORDS: usize = 5;

/// What the name of a variable says about its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ValueKind {
    Person,
    Number,
    Address,
    Email,
    Birthday,
    Harmless,
    Unknown,
}

/// Values of one body that are known to be personal: from its variables, its lead and its phone
/// numbers.
#[derive(Debug, Default)]
pub(crate) struct KnownValues {
    pub(super) names: NameBook,
    /// Words of addresses.
    pub(super) address_words: HashSet<String>,
    /// Ordinary words of addresses: they count next to others.
    pub(super) address_extras: HashSet<String>,
    /// All runs of [`GRAM`] digits in known numbers.
    digits: HashSet<String>,
}

impl KnownValues {
    /// Adds a value. `name` is the name of its variable (`customer_name`; empty if unknown).
    pub(crate) fn add(&mut self, name: &str, value: &str) {
        const SHORTEST_NUMBER: usize = 6;
        let kind = value_kind(&name.to_lowercase());
        // Nothing in a value is the label of a turn.
        let value = &value.replace(':', " ");
        let conversation = Conversation::new(value);
        let words: Vec<&str> = conversation
            .tokens
            .iter()
            .filter(|token| token.is_word())
            .map(|token| token.text)
            .collect();
        match kind {
            _ if !is_short_value(&conversation) && kind != ValueKind::Address => {}
            ValueKind::Person => self.add_names(&words),
            ValueKind::Email => self.add_email(value),
            ValueKind::Address => self.add_address(&conversation),
            ValueKind::Unknown if looks_like_name(&conversation) => {
                self.add_names(&words);
            }
            ValueKind::Unknown if value.contains('@') => self.add_email(value),
            _ => {}
        }
        let shortest = match kind {
            ValueKind::Person | ValueKind::Number => GRAM,
            _ => SHORTEST_NUMBER,
        };
        self.add_digits(&conversation, shortest);
    }

    /// True if the digits are part of a known number.
    pub(super) fn has_digits(&self, digits: &str) -> bool {
        digits.len() >= GRAM
            && digits.is_ascii()
            && (0..=digits.len() - GRAM).all(|at| self.digits.contains(&digits[at..at + GRAM]))
    }

    fn add_names(&mut self, words: &[&str]) {
        for word in words {
            self.add_name(word);
        }
    }

    fn add_name(&mut self, word: &str) {
        let folded = fold(word);
        if !is_in(List::BesideNames, &folded) && !is_in(List::Brands, &folded) {
            self.names.add(word);
        }
    }

    fn add_email(&mut self, value: &str) {
        const SHORTEST_PART: usize = 4;
        let local = value.split('@').next().unwrap_or_default();
        let parts = local.split(|c: char| !c.is_alphabetic());
        for part in parts.filter(|part| part.chars().count() >= SHORTEST_PART) {
            let is_word = is_ordinary(&fold(part)) || matches!(part, "office" | "kontakt");
            if !is_word {
                self.names.add(part);
            }
        }
    }

    /// Adds the words of an address, without the town behind a postcode.
    fn add_address(&mut self, conversation: &Conversation) {
        const SHORTEST_WORD: usize = 4;
        const SHORTEST_POSTCODE: usize = 4;
        for (index, token) in conversation.tokens.iter().enumerate() {
            let folded = &token.folded;
            let is_general = is_ordinary(folded) || is_street_type(folded);
            let is_town = index > 0 && {
                let before = &conversation.tokens[index - 1];
                before.kind == Kind::Digits && before.text.len() >= SHORTEST_POSTCODE
            };
            if token.is_word() && !is_town {
                self.address_extras.insert(folded.clone());
            }
            if folded.chars().count() >= SHORTEST_WORD && !is_general && !is_town {
                self.address_words.insert(folded.clone());
            }
        }
    }

    /// Adds runs of digits, also over spaces and signs.
    fn add_digits(&mut self, conversation: &Conversation, shortest: usize) {
        let mut run = String::new();
        for token in &conversation.tokens {
            match token.kind {
                Kind::Digits => run.push_str(token.text),
                Kind::Word if token.text.chars().count() > 2 => self.add_run(&mut run, shortest),
                // The parts of a date or time are no number.
                Kind::Sign if matches!(token.text, "." | ":") && shortest > GRAM => {
                    self.add_run(&mut run, shortest);
                }
                Kind::Word | Kind::Sign => {}
            }
        }
        self.add_run(&mut run, shortest);
    }

    fn add_run(&mut self, run: &mut String, shortest: usize) {
        if run.len() >= shortest && run.is_ascii() {
            for at in 0..=run.len().saturating_sub(GRAM) {
                self.digits
                    .extend(run.get(at..at + GRAM).map(str::to_owned));
            }
        }
        run.clear();
    }
}

pub(super) fn value_kind(name: &str) -> ValueKind {
    let has = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
    if has(&["mail"]) {
        ValueKind::Email
    } else if has(&["birth", "geburt", "dob", "born"]) {
        ValueKind::Birthday
    } else if has_part(List::NumberVariables, name) || name.ends_with("id") || name.ends_with("no")
    {
        ValueKind::Number
    } else if has(&[
        "address",
        "adresse",
        "street",
        "strasse",
        "anschrift",
        "postcode",
        "plz",
    ]) {
        ValueKind::Address
    } else if has_part(List::HarmlessVariables, name) {
        ValueKind::Harmless
    } else if has_part(List::PersonVariables, name) {
        ValueKind::Person
    } else {
        ValueKind::Unknown
    }
}

/// True for a value of few words, which is no sentence.
pub(super) fn is_short_value(conversation: &Conversation) -> bool {
    conversation
        .tokens
        .iter()
        .filter(|token| token.is_word())
        .count()
        <= MOST_WORDS
}

/// True for one to four capitalized words of which one is a first name.
fn looks_like_name(conversation: &Conversation) -> bool {
    let tokens = &conversation.tokens;
    let words = tokens.iter().filter(|token| token.is_word());
    let is_shaped = (1..=4).contains(&words.clone().count())
        && tokens.iter().all(|token| {
            token.is_capitalized()
                || matches!(token.text, "-" | "." | ",")
                || is_particle(&token.folded)
        });
    is_shaped
        && words
            .clone()
            .any(|word| is_in(List::FirstNames, &word.folded))
}

#[cfg(test)]
mod tests {
    use super::super::name_book::Match;
    use super::*;

    #[test]
    fn values_are_known_by_the_names_of_their_variables() {
        let mut known = KnownValues::default();
        known.add("customer_name", "Frau Dr. Ilka Sörensen");
        known.add("product", "Waschmaschine Turbo");
        known.add("contract_number", "VT-40 312 887");
        known.add(
            "note",
            "Der Kunde Petersen hat 30 Minuten gewartet und will nun kündigen",
        );
        assert_eq!(known.names.find("Soerensens", true), Some(Match::Name));
        assert_eq!(known.names.find("Turbo", true), None);
        assert_eq!(known.names.find("Petersen", true), None);
        assert!(known.has_digits("312887") && known.has_digits("0312"));
        assert!(!known.has_digits("312") && !known.has_digits("4444"));
    }
}
