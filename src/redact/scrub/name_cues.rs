//! Names that the words around them give away: "mein Name ist …", "Mrs …", "my wife …".

use std::ops::Range;

use super::first_names::first_name_at;
use super::name_answers::{answer_names, opening_name};
use super::name_parts::{MOST_WORDS, Trust, is_genitive, is_name_article, may_be_name, name_at};
use super::names_before_cues::name_before_cue;
use super::tokens::{Conversation, FARTHEST};
use super::topics::Topics;
use super::word_kinds::is_title;
use super::words::{List, is_in, is_named_brand};

/// Token ranges of names with a cue, in no order.
pub(super) fn find_cued_names(conversation: &Conversation, topics: &Topics) -> Vec<Range<usize>> {
    let mut names = Vec::new();
    for index in 0..conversation.tokens.len() {
        if conversation.tokens[index].is_word() {
            names.extend(name_behind_cue(conversation, index));
            names.extend(first_name_at(conversation, index));
            names.extend(name_before_cue(conversation, index));
            names.extend(addressed_name(conversation, index));
            names.extend(apposition(conversation, index));
        }
    }
    for turn in 0..conversation.turns.len() {
        names.extend(answer_names(conversation, topics, turn));
        names.extend(opening_name(conversation, turn));
    }
    names
}

/// The name to which the word at `index` is the cue, or the last word of the cue.
fn name_behind_cue(conversation: &Conversation, index: usize) -> Option<Range<usize>> {
    let word = conversation.word(index);
    if is_title(word) {
        return name_behind_title(conversation, index);
    }
    if is_in(List::Relations, word) && follows_possessive(conversation, index) {
        return name_behind_relation(conversation, index);
    }
    let (start, trust) = phrase_end(conversation, index)?;
    name_at(conversation, start, trust, MOST_WORDS)
}

/// "Frau Dr. …", "Mr …", but not "Mr and Mrs" and "Dr Oetker".
fn name_behind_title(conversation: &Conversation, index: usize) -> Option<Range<usize>> {
    let mut start = index + 1;
    while start - index < FARTHEST
        && (is_title(conversation.word(start)) || conversation.has_glued_dot(start, index))
    {
        start += 1;
    }
    let word = conversation.word(start);
    let is_couple = matches!(word, "und" | "and");
    let is_brand = is_named_brand(conversation.word(index), word);
    if is_couple || is_brand {
        return None;
    }
    name_at(conversation, start, Trust::Title, MOST_WORDS)
}

/// "mein Mann, der …", "my daughter …". A single word between commas is surely a name.
fn name_behind_relation(conversation: &Conversation, index: usize) -> Option<Range<usize>> {
    const MOST_WORDS: usize = 3;
    let mut start = index + 1;
    while start - index < FARTHEST
        && conversation.in_turn(start, index).is_some_and(|token| {
            token.is_sign(',')
                || is_name_article(&token.folded)
                || matches!(&*token.folded, "d" | "is" | "called" | "heisst")
        })
    {
        start += 1;
    }
    let is_closed = !conversation.has_word(conversation.hyphenated_end(start), index);
    let trust = if is_closed && conversation.has_sign(index + 1, index, ',') {
        Trust::Title
    } else {
        Trust::Weak
    };
    name_at(conversation, start, trust, MOST_WORDS)
}

/// True if "mein", "her", "Anna's" or the like is one of the two words before, or before the
/// hyphens of the word.
fn follows_possessive(conversation: &Conversation, index: usize) -> bool {
    let start = conversation.hyphenated_start(index);
    [
        index.checked_sub(1),
        index.checked_sub(2),
        start.checked_sub(1),
    ]
    .into_iter()
    .flatten()
    .filter_map(|at| conversation.in_turn(at, index))
    .any(|token| is_genitive(token) || is_in(List::Possessives, &token.folded))
}

/// Where a name starts behind a phrase that ends with the word at `index`, and how sure it is.
fn phrase_end(conversation: &Conversation, index: usize) -> Option<(usize, Trust)> {
    if let Some(start) = sure_phrase_end(conversation, index) {
        return Some((start, Trust::Title));
    }
    german_phrase_end(conversation, index)
        .or_else(|| ends_english_phrase(conversation, index).then_some(index + 1))
        .map(|start| (start, Trust::Weak))
}

/// Phrases behind which hardly anything but a name comes: "my surname is …", "ich heiße …".
fn sure_phrase_end(conversation: &Conversation, index: usize) -> Option<usize> {
    let next = index + 1;
    match conversation.word(index) {
        "ist" | "is" | "isch" | "waere" | "lautet"
            if conversation.word_before(index).ends_with("name") =>
        {
            Some(next)
        }
        "is" if mentions_name(conversation, index) => Some(next),
        "names" | "surnames" | "namens" | "genannt" => Some(next),
        "heisse" | "heiss" | "heisst" | "heissen" | "hoass" | "called" | "surname"
        | "familienname" | "geborene" | "geborener" | "gebuertige" => {
            let mut start = next;
            while start - next < FARTHEST
                && matches!(
                    conversation.word(start),
                    "er" | "sie"
                        | "ich"
                        | "is"
                        | "ist"
                        | "aber"
                        | "jetzt"
                        | "nun"
                        | "auch"
                        | "ja"
                        | "noch"
                )
            {
                start += 1;
            }
            Some(start)
        }
        _ => None,
    }
}

/// True if "name" is one of the words before: "the surname I have is …".
fn mentions_name(conversation: &Conversation, index: usize) -> bool {
    const MOST_WORDS: usize = 4;
    (index.saturating_sub(MOST_WORDS)..index)
        .any(|at| conversation.is_same_turn(at, index) && conversation.word(at).ends_with("name"))
}

/// "Ich bin der …", "hier spricht …", "sprechen mit …".
fn german_phrase_end(conversation: &Conversation, index: usize) -> Option<usize> {
    let next = index + 1;
    let before = conversation.word_before(index);
    match (before, conversation.word(index)) {
        (_, "namen" | "stichwort" | "spricht") | ("bin", "ich") | ("sprechen", "mit") => Some(next),
        ("ich", "mit") => (conversation.word_before(index - 1) == "spreche").then_some(next),
        ("ich" | "hier", "bin") => {
            let skips = matches!(conversation.word(next), "der" | "die" | "d");
            Some(next + usize::from(skips))
        }
        (_, "hier") => {
            let skips = matches!(
                conversation.word(next),
                "ist" | "spricht" | "isch" | "der" | "die"
            );
            Some(next + usize::from(skips))
        }
        _ => None,
    }
}

/// "I'm …", "this is …", "speaking to …".
fn ends_english_phrase(conversation: &Conversation, index: usize) -> bool {
    let before = conversation.word_before(index);
    match (before, conversation.word(index)) {
        // With an apostrophe: "im" is German.
        (_, "im") => conversation.tokens[index].text.len() > 2,
        (_, "name" | "its" | "thats" | "hes" | "shes")
        | ("you", "say")
        | ("i", "am")
        | ("this" | "it" | "that" | "he" | "she" | "here", "is")
        | ("is", "that" | "this")
        | ("speaking" | "speak" | "spoke" | "talking" | "spoken", "to" | "with")
        | ("call", "me")
        | ("go" | "goes", "by") => true,
        _ => false,
    }
}

/// A name that is addressed or whose bearer is asked: "Thanks, …", "ask …". Mostly English,
/// because German capitalizes nouns.
fn addressed_name(conversation: &Conversation, index: usize) -> Option<Range<usize>> {
    let token = &conversation.tokens[index];
    if !token.is_capitalized() || token.starts_sentence || token.is_upper() {
        return None;
    }
    let end = conversation.hyphenated_end(index);
    let is_closed = conversation.is_pause(end, index);
    let before = conversation.word_before_comma(index);
    let is_behind_comma = index >= 2
        && conversation.follows_sign(index, ',')
        && conversation.is_same_turn(index - 2, index);
    let is_greeted = is_in(List::Greetings, before);
    let is_answered = is_behind_comma
        && is_closed
        && matches!(
            before,
            "you"
                | "sorry"
                | "okay"
                | "ok"
                | "yes"
                | "no"
                | "right"
                | "great"
                | "perfect"
                | "lovely"
                | "welcome"
        );
    let is_mentioned = !is_behind_comma
        && matches!(
            before,
            "tell"
                | "ask"
                | "ring"
                | "miss"
                | "asked"
                | "told"
                | "love"
                | "poor"
                | "little"
                | "gruess"
        );
    let is_sure = is_mentioned || is_greeted && is_closed;
    let trust = if is_sure && !is_in(List::Brands, &token.folded) {
        Trust::Title
    } else {
        Trust::Weak
    };
    let has_cue = is_greeted || is_answered || is_mentioned;
    (has_cue && may_be_name(conversation, index, index, trust)).then_some(index..end)
}

/// A name behind a comma and an article: "mein Kollege, der Ingmar, …".
fn apposition(conversation: &Conversation, index: usize) -> Option<Range<usize>> {
    const MOST_WORDS: usize = 2;
    let follows_person = || {
        index > 1
            && conversation.follows_sign(index, ',')
            && conversation.in_turn(index - 2, index).is_some_and(|noun| {
                noun.is_capitalized()
                    && (is_person_noun(&noun.folded) || is_in(List::Relations, &noun.folded))
            })
    };
    if !is_name_article(conversation.word(index)) || !follows_person() {
        return None;
    }
    name_at(conversation, index + 1, Trust::Weak, MOST_WORDS)
        .filter(|name| !conversation.has_word(name.end, index))
}

/// True for words with the ending of a German word for a person: "Handwerker", "Kundin".
fn is_person_noun(word: &str) -> bool {
    ["er", "eur", "or", "ent", "ist", "in", "mann", "frau"]
        .iter()
        .any(|ending| word.ends_with(ending))
}
