//! Names that speakers say when they are asked for them, and when they open a call.

use std::ops::Range;

use super::name_parts::{MOST_WORDS, Trust, may_be_name, name_at};
use super::tokens::Conversation;
use super::topics::Topics;
use super::word_kinds::{is_filler, is_title};
use super::words::{List, is_in};

/// Names in the answer to a question for a name: "Jansen, Ilka.", "Yes, it's …".
pub(super) fn answer_names(
    conversation: &Conversation,
    topics: &Topics,
    turn: usize,
) -> Vec<Range<usize>> {
    let mut names = Vec::new();
    let is_answer = turn > 0 && topics.asks_name[turn - 1];
    let mut start = if is_answer {
        answer_start(conversation, turn)
    } else {
        None
    };
    while names.len() < MOST_WORDS
        && let Some(first) = start
        && let Some(end) = answer_end(conversation, turn, first)
    {
        names.push(first..end);
        let next = conversation.skip_comma(end, first);
        let is_name = next > end && may_be_name(conversation, next, next, Trust::Strong);
        start = is_name.then_some(next);
    }
    names
}

/// Index of the first word of an answer that may be a name.
fn answer_start(conversation: &Conversation, turn: usize) -> Option<usize> {
    const LONGEST_LEAD: usize = 8;
    let tokens = conversation.turns[turn].tokens.clone();
    tokens.take(LONGEST_LEAD).find(|index| {
        let word = conversation.word(*index);
        let is_unusual = !is_title(word) && !is_in(List::Common, word);
        is_unusual && may_be_name(conversation, *index, *index, Trust::Strong)
            || is_ambiguous_answer(conversation, *index)
    })
}

/// Index behind the name that starts at `start`, in the answer in this turn.
fn answer_end(conversation: &Conversation, turn: usize, start: usize) -> Option<usize> {
    if let Some(name) = name_at(conversation, start, Trust::Strong, MOST_WORDS) {
        return Some(name.end);
    }
    // `name_at` needs a token before the name.
    let first = conversation.hyphenated_end(start);
    let rest = name_at(conversation, first, Trust::Strong, MOST_WORDS);
    let starts_turn = start == conversation.turns[turn].tokens.start;
    starts_turn.then(|| rest.map_or(first, |name| name.end))
}

/// True for a name that is an ordinary word and the whole sentence.
fn is_ambiguous_answer(conversation: &Conversation, index: usize) -> bool {
    let token = &conversation.tokens[index];
    let word = &*token.folded;
    token.is_capitalized()
        && is_in(List::AmbiguousNames, word)
        && !is_in(List::PlainAnswers, word)
        && !is_filler(word)
        && !conversation.turns[token.turn].is_agent
        && conversation.is_pause(index + 1, index)
}

/// The name with which a speaker opens a call: "Jansen, guten Tag", "Hallo, Jansen hier".
pub(super) fn opening_name(conversation: &Conversation, turn: usize) -> Option<Range<usize>> {
    const LAST_OPENING: usize = 3;
    const LONGEST_LEAD: usize = 8;
    if turn > LAST_OPENING || conversation.turns[turn].is_agent {
        return None;
    }
    let tokens = conversation.turns[turn].tokens.clone();
    let start = tokens.clone().find(|index| {
        let token = &conversation.tokens[*index];
        token.is_word() && !is_in(List::Common, &token.folded)
    })?;
    let starts_turn = start == tokens.start;
    let name = if starts_turn {
        name_at_turn_start(conversation, start)
    } else {
        name_at(conversation, start, Trust::Weak, 3)
    }?;
    let is_closed = conversation
        .in_turn(name.end, start)
        .is_none_or(|next| matches!(next.text, "." | ","));
    let follows_pause = starts_turn || !conversation.has_word(start - 1, start);
    let is_short = start - tokens.start <= LONGEST_LEAD;
    (is_closed && follows_pause && is_short && !conversation.is_lower_case(start)).then_some(name)
}

/// The name that starts with the first word of a turn.
fn name_at_turn_start(conversation: &Conversation, start: usize) -> Option<Range<usize>> {
    let first = conversation.hyphenated_end(start);
    let rest = name_at(conversation, first, Trust::Weak, 2);
    may_be_name(conversation, start, start, Trust::Weak)
        .then(|| start..rest.map_or(first, |rest| rest.end))
}
