//! The labels and times of a conversation: parts that are not said.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::fold::fold;
use super::word_kinds::is_known_word;
use crate::call::transcript::{LineHead, Speaker};

/// A part of a text that is not said.
pub(super) struct Head {
    pub(super) range: Range<usize>,
    /// `None` for times alone.
    pub(super) label: Option<Label>,
}

/// The label of a turn.
pub(super) struct Label {
    /// The part that may be a name, in bytes of the whole text.
    pub(super) name: Option<Range<usize>>,
    pub(super) is_agent: bool,
}

/// The labels and times of a text, in order. `parts` are those of its lines, and `known` the folded
/// names of speakers that its body has elsewhere.
pub(super) fn heads(text: &str, parts: &[LineHead], known: &HashSet<String>) -> Vec<Head> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for part in parts.iter().filter(|part| part.may_be_name) {
        *counts.entry(fold(&text[part.range.clone()])).or_default() += 1;
    }
    let is_label = |name: &Range<usize>| {
        let name = text[name.clone()].trim();
        let folded = fold(name);
        known.contains(&folded) || may_be_label(name, counts.get(&folded).copied().unwrap_or(1))
    };
    let mut heads = Vec::new();
    for line in parts.chunk_by(|_, next| !next.starts_line) {
        let range = line[0].range.start..line[line.len() - 1].range.end;
        let name = line.iter().find(|part| part.may_be_name);
        let name = name.map(|name| name.range.clone());
        if name.as_ref().is_none_or(is_label) {
            let label = &text[name.clone().unwrap_or(range.clone())];
            let has_letters = label.contains(char::is_alphabetic);
            let is_agent = names_agent(&text[range.clone()]);
            let label = has_letters.then_some(Label { name, is_agent });
            heads.push(Head { range, label });
            continue;
        }
        // The start of a sentence, perhaps with a time before or behind it.
        let has_digit = |range: &Range<usize>| text[range.clone()].contains(char::is_numeric);
        let times = line
            .iter()
            .filter(|part| !part.may_be_name && has_digit(&part.range));
        heads.extend(times.map(|time| Head {
            range: time.range.clone(),
            label: None,
        }));
    }
    heads
}

/// True for what is before a colon and can name a speaker: it starts several lines, or it has a
/// word that no list has. Otherwise it is the start of a sentence.
fn may_be_label(name: &str, count: usize) -> bool {
    const LONGEST: usize = 40;
    const MOST_WORDS: usize = 3;
    const SHORTEST_WORD: usize = 3;
    let words = || name.split_whitespace();
    let is_unknown = |word: &str| {
        let is_abbreviation = !word.contains(char::is_lowercase);
        word.len() >= SHORTEST_WORD && !is_abbreviation && !is_known_word(&fold(word))
    };
    name.len() <= LONGEST
        && name.starts_with(char::is_alphabetic)
        && words().count() <= MOST_WORDS
        && (count > 1 || words().any(is_unknown))
}

/// True if a word of a label names the assistant.
fn names_agent(head: &str) -> bool {
    let label = head.trim_matches(|c: char| !c.is_alphabetic());
    let mut words = head.split(|c: char| !c.is_alphabetic());
    Speaker::from_label(label) == Some(Speaker::Assistant)
        || words.any(|word| Speaker::from_label(word) == Some(Speaker::Assistant))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::transcript::line_heads;

    fn labels(text: &str, known: &[&str]) -> String {
        let known = known.iter().map(|name| fold(name)).collect();
        let heads = heads(text, &line_heads(text), &known);
        let labels = heads.iter().filter_map(|head| {
            let label = head.label.as_ref()?;
            Some(&text[label.name.clone().unwrap_or(head.range.clone())])
        });
        labels.collect::<Vec<_>>().join("|")
    }

    #[test]
    fn labels_are_not_the_starts_of_sentences() {
        for (text, known, expected) in [
            ("Wuttke: Ja", vec![], "Wuttke"),
            ("mehmet wuttke: ja", vec![], "mehmet wuttke"),
            ("Das ist so: ja", vec![], ""),
            ("Sommer: ja", vec![], ""),
            ("Sommer: ja", vec!["Sommer"], "Sommer"),
            ("Sommer: ja\nSommer: nein", vec![], "Sommer|Sommer"),
            ("Anna:<br>Wuttke: ja", vec![], "Anna|Wuttke"),
            ("Eine lange Notiz (2023s): hallo", vec![], ""),
        ] {
            assert_eq!(labels(text, &known), expected, "{text}");
        }
    }
}
