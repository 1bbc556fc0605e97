//! Capitalized words that no list knows. They may be names without a cue, so they are replaced.

use std::ops::Range;

use super::found::{Class, Findings};
use super::language::Language;
use super::tokens::{Conversation, Token};
use super::word_kinds::{is_business_word, is_known_word};
use super::words::{List, is_in, is_named_brand};

/// Adds unknown words that are capitalized within a sentence or stand alone, and family names.
/// Words before and behind a name that are ordinary words and names are parts of it.
pub(super) fn find_unknown_words(conversation: &Conversation, findings: &mut Findings) {
    let covered = findings.clone().into_sorted();
    let mut covered = covered.iter().peekable();
    let mut is_name = vec![false; conversation.tokens.len()];
    let language = Language::of(conversation);
    for (index, token) in conversation.tokens.iter().enumerate() {
        while covered
            .next_if(|found| found.range.end <= token.start)
            .is_some()
        {}
        let is_covered = (covered.peek()).is_some_and(|found| found.range.start < token.end());
        if is_covered {
            is_name[index] = covered
                .peek()
                .is_some_and(|found| found.class == Class::Name);
        } else if is_family_name(conversation, index) {
            is_name[index] = true;
            findings.add(token.range(), Class::Name);
        } else if is_unknown(token) && may_be_name(conversation, index, language) {
            is_name[index] = true;
            findings.add(token.range(), Class::Word);
        }
    }
    for range in beside_names(conversation, &is_name) {
        findings.add(range, Class::Name);
    }
}

/// True for a name that is hardly anything else, also without capitals.
fn is_family_name(conversation: &Conversation, index: usize) -> bool {
    const SHORTEST: usize = 4;
    const SHORTEST_LOWER_CASE: usize = 5;
    let token = &conversation.tokens[index];
    let stem = token.folded.strip_suffix('s').unwrap_or(&token.folded);
    let is_listed = is_in(List::LastNames, &token.folded) || is_in(List::LastNames, stem);
    let has_case = token.is_capitalized()
        || conversation.is_lower_case(index) && token.folded.len() >= SHORTEST_LOWER_CASE;
    let is_long = token.folded.len() >= SHORTEST;
    is_listed
        && is_long
        && has_case
        && !is_known_word(&token.folded)
        && !is_in_business(conversation, index)
}

/// True for a capitalized word that no list knows, but not for abbreviations and for names of
/// products such as `SuperHub`.
pub(super) fn is_unknown(token: &Token) -> bool {
    const LONGEST_ABBREVIATION: usize = 5;
    let letters = || token.text.chars().filter(|letter| letter.is_alphabetic());
    let is_abbreviation = token.is_upper() && letters().count() <= LONGEST_ABBREVIATION;
    let is_scottish = ["Mac", "Mc", "O'", "O’", "D'", "D’"]
        .iter()
        .any(|start| token.text.starts_with(start));
    let has_inner_capital = letters().skip(1).any(char::is_uppercase);
    token.is_capitalized()
        && !token.is_letter()
        && !is_abbreviation
        && (is_scottish || token.is_upper() || !has_inner_capital)
        && !is_known_word(&token.folded)
}

/// True within a sentence, and for a word that stands alone or begins a name of several words. The
/// lists have nearly all English words that start sentences, but German ones have too many forms.
fn may_be_name(conversation: &Conversation, index: usize, language: Language) -> bool {
    let token = &conversation.tokens[index];
    let starts_name = || match conversation.in_turn(index + 1, index) {
        None => true,
        Some(next) if next.is_word() => {
            let is_name = is_unknown(next) || is_in(List::AmbiguousNames, &next.folded);
            next.is_capitalized() && !next.starts_sentence && is_name
        }
        Some(next) => matches!(next.text, "." | "," | "!" | "?"),
    };
    let is_within = !token.starts_sentence || language == Language::English;
    (is_within || starts_name()) && !is_in_business(conversation, index)
}

/// True before a word such as "Surgery", and in the name of a brand, such as "Harley Davidson".
fn is_in_business(conversation: &Conversation, index: usize) -> bool {
    let word = conversation.word(index);
    let is_brand = is_named_brand(word, conversation.word_after(index))
        || is_named_brand(conversation.word_before(index), word);
    if is_brand {
        return true;
    }
    let has_hyphen = conversation.is_sign(index + 1, '-');
    let next = index + 1 + usize::from(has_hyphen);
    conversation.in_turn(next, index).is_some() && is_business_word(conversation.word(next))
}

/// Names that are ordinary words, next to names: "Holm Abend", "Violet May Ironmonger".
fn beside_names(conversation: &Conversation, is_name: &[bool]) -> Vec<Range<usize>> {
    let mut is_name = is_name.to_vec();
    let mut ranges = Vec::new();
    let is_ambiguous = |index: usize, name: usize| {
        conversation.in_turn(index, name).is_some_and(|token| {
            // "Will Anna come?"
            let is_word = token.starts_sentence && is_in(List::Common, &token.folded);
            token.is_capitalized() && !is_word && is_in(List::AmbiguousNames, &token.folded)
        })
    };
    let indices = 0..is_name.len();
    for name in indices.clone().chain(indices.rev()) {
        if !is_name[name] || !conversation.tokens[name].is_word() {
            continue;
        }
        for index in [name.checked_sub(1), Some(name + 1)].into_iter().flatten() {
            if is_name.get(index) == Some(&false) && is_ambiguous(index, name) {
                is_name[index] = true;
                ranges.push(conversation.tokens[index].range());
            }
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::super::find::find_personal;
    use super::super::known_values::KnownValues;

    #[test]
    fn unknown_words_are_found_within_sentences() {
        for (text, expected) in [
            ("Da steht noch Wuttke am Kasten.", "Wuttke"),
            ("Ask Kvanta or the SuperHub at BQRX.", "Kvanta"),
            ("Grundsätzlich geht das.", ""),
            ("Nomvula. She is here.", "Nomvula"),
            ("The Dunwittle Surgery is closed.", ""),
            ("We saw Wuttke May yesterday.", "Wuttke|May"),
        ] {
            let found = find_personal(text, &KnownValues::default());
            let parts: Vec<_> = found
                .iter()
                .map(|found| &text[found.range.clone()])
                .collect();
            assert_eq!(parts.join("|"), expected, "{text}");
        }
    }
}
