//! Names: known ones wherever they occur, and those with a cue.

use std::ops::Range;

use super::found::{Class, Findings};
use super::known_names::find_known_names;
use super::known_values::KnownValues;
use super::name_book::NameBook;
use super::name_cues::find_cued_names;
use super::name_starts::with_particles;
use super::sequences::Sequence;
use super::spelled_names::find_spelled_names;
use super::tokens::{Conversation, FARTHEST};
use super::topics::Topics;
use super::word_kinds::{is_business_word, is_german_noun, is_title};
use super::words::is_ordinary;

/// Adds names.
pub(super) fn find_names(
    conversation: &Conversation,
    topics: &Topics,
    known: &KnownValues,
    sequences: &[Sequence],
    findings: &mut Findings,
) {
    let mut cued = find_cued_names(conversation, topics);
    cued.extend(find_spelled_names(conversation, sequences));
    let joined = joined_names(conversation, &cued);
    cued.extend(joined);
    let mut book = NameBook::default();
    let mut is_cued = vec![false; conversation.tokens.len()];
    for name in &conversation.names {
        for word in conversation.text[name.clone()].split_whitespace() {
            book.add(word);
        }
    }
    for name in cued {
        for index in name.clone() {
            let token = &conversation.tokens[index];
            if token.is_word() && !is_title(&token.folded) {
                book.add(token.text);
                is_cued[index] = true;
            }
        }
        let start = with_particles(conversation, name.start);
        findings.add(conversation.range(start, name.end), Class::Name);
    }
    find_known_names(conversation, &[&known.names, &book], &is_cued, findings);
}

/// Names that "und" joins to others: "Ilka und Inken".
fn joined_names(conversation: &Conversation, names: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut joined = Vec::new();
    for name in names {
        let mut end = name.end;
        while end - name.end < FARTHEST
            && matches!(conversation.word(end), "und" | "and" | "oder" | "or" | "u")
            && let Some(next) = conversation.in_turn(end + 1, name.start)
            && next.is_capitalized()
            && !next.is_upper()
            && !next.starts_sentence
            && !is_ordinary(&next.folded)
            && !is_german_noun(&next.folded)
        {
            let start = end + 1;
            end = conversation.hyphenated_end(start);
            let is_business = is_business_word(conversation.word(end))
                || is_business_word(conversation.word(end - 1));
            if is_business {
                break;
            }
            joined.push(start..end);
        }
    }
    joined
}
