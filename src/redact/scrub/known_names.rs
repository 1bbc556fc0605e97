//! Names that are known from the body or from a cue elsewhere in the conversation.

use std::collections::HashMap;

use super::found::{Class, Findings};
use super::language::Language;
use super::name_book::{Match, NameBook};
use super::name_parts::is_name_article;
use super::name_starts::with_particles;
use super::tokens::{Conversation, Token};
use super::word_kinds::{is_business_word, is_month, is_title};
use super::words::{List, is_in};

/// Adds the words that the books have. `is_cued` is true for tokens of names that were found.
pub(super) fn find_known_names(
    conversation: &Conversation,
    books: &[&NameBook],
    is_cued: &[bool],
    findings: &mut Findings,
) {
    let language = Language::of(conversation);
    let (mut is_name, is_ambiguous) = look_up(conversation, books, is_cued);
    for index in 0..conversation.tokens.len() {
        if is_ambiguous[index] {
            is_name[index] = has_name_position(conversation, index, &is_name, language)
                || is_before_name(conversation, index, &is_ambiguous, &is_name);
        }
        if !is_name[index] || is_cued[index] {
            continue;
        }
        let start = with_particles(conversation, conversation.hyphenated_start(index));
        let end = conversation.hyphenated_end(index);
        if !is_business_word(conversation.word(end - 1)) {
            findings.add(conversation.range(start, end), Class::Name);
        }
    }
}

/// Which tokens are names, and which are names or ordinary words.
fn look_up(
    conversation: &Conversation,
    books: &[&NameBook],
    is_cued: &[bool],
) -> (Vec<bool>, Vec<bool>) {
    const SHORTEST_LOWER_CASE: usize = 4;
    let mut cache: HashMap<(&str, bool), Option<Match>> = HashMap::new();
    let mut is_name = is_cued.to_vec();
    let mut is_ambiguous = vec![false; is_cued.len()];
    for (index, token) in conversation.tokens.iter().enumerate() {
        if !token.is_word() || is_cued[index] {
            continue;
        }
        let may_be_misspelled = token.is_capitalized() || conversation.is_lower_case(index);
        let found = *cache
            .entry((token.text, may_be_misspelled))
            .or_insert_with(|| find_in(books, token.text, may_be_misspelled));
        is_ambiguous[index] = found == Some(Match::Ambiguous) && token.is_capitalized();
        is_name[index] = match found {
            Some(Match::Name) => may_be_misspelled || token.text.len() >= SHORTEST_LOWER_CASE,
            Some(Match::Ambiguous) => false,
            None => {
                is_alone(conversation, index)
                    && books.iter().any(|book| book.has_prefix(&token.folded))
            }
        };
    }
    (is_name, is_ambiguous)
}

/// The best match of the books: one has a name for sure, or as an ordinary word.
fn find_in(books: &[&NameBook], word: &str, may_be_misspelled: bool) -> Option<Match> {
    books
        .iter()
        .filter_map(|book| book.find(word, may_be_misspelled))
        .min_by_key(|found| usize::from(*found == Match::Ambiguous))
}

/// True for a capitalized word between signs, which may be a nickname.
fn is_alone(conversation: &Conversation, index: usize) -> bool {
    let token = &conversation.tokens[index];
    token.is_capitalized()
        && !is_in(List::Common, &token.folded)
        && is_sign_or_end(conversation.after(index))
        && (token.starts_sentence || index > 0 && is_sign_or_end(conversation.before(index)))
}

/// True for a comma, the end of a sentence, and no token.
fn is_sign_or_end(token: Option<&Token>) -> bool {
    token.is_none_or(|token| matches!(token.text, "." | "," | "!" | "?"))
}

/// True if a name or another word that may be one follows: "Anna Koch".
fn is_before_name(
    conversation: &Conversation,
    index: usize,
    is_ambiguous: &[bool],
    is_name: &[bool],
) -> bool {
    let next = index + 1;
    conversation
        .after(index)
        .is_some_and(|token| token.is_capitalized() && !is_business_word(&token.folded))
        && (is_ambiguous[next] || is_name[next])
}

/// True if an ordinary word is at a place where only a name is likely.
fn has_name_position(
    conversation: &Conversation,
    index: usize,
    is_name: &[bool],
    language: Language,
) -> bool {
    let token = &conversation.tokens[index];
    if !token.is_capitalized() {
        return false;
    }
    let before = conversation.word_before(index);
    let follows_name = conversation.before(index).is_some() && is_name[index - 1];
    if follows_name || is_title(before) {
        return true;
    }
    let is_last = is_sign_or_end(conversation.after(index));
    if conversation.is_hyphenated(index) {
        return language == Language::English || is_last;
    }
    let is_vocative = conversation.follows_sign(index, ',');
    if is_month(&token.folded) || is_in(List::Places, &token.folded) {
        return is_last && (is_vocative || matches!(before, "to" | "oh"));
    }
    match language {
        Language::English => is_last || !token.starts_sentence,
        Language::German if is_last => {
            token.starts_sentence || is_vocative || is_name_article(before) || before == "ist"
        }
        Language::German => matches!(
            conversation.word_after(index),
            "ist" | "mit" | "wie" | "hier" | "mein"
        ),
    }
}
