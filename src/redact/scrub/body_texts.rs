//! The texts of one body: what is known to be personal, and its transcripts as conversations.

use std::collections::HashSet;
use std::ops::Range;

use super::find::{find_in_conversation, find_in_value};
use super::fold::fold;
use super::found::Found;
use super::heads::heads;
use super::known_values::KnownValues;
use super::tokens::Conversation;
use crate::call::transcript::{LineHead, is_speaker_label, is_turn_type, line_heads};

/// The values and transcripts of a body, collected before anything is replaced: a name may be said
/// before the variable that has it, and a number may go on in the next turn.
#[derive(Debug, Default)]
pub(crate) struct BodyTexts {
    known: KnownValues,
    conversation: String,
    /// The labels and times in `conversation`.
    heads: Vec<LineHead>,
    /// Folded names of speakers, which may be labels.
    speakers: HashSet<String>,
    /// The transcripts and turns in `conversation`, in bytes.
    texts: Vec<Range<usize>>,
    /// Texts of the turn that is being read, which has no label yet.
    turn: Vec<String>,
    speaker: Option<String>,
}

impl BodyTexts {
    /// Adds the value of the variable or member `name`, or of a phone field.
    pub(crate) fn add_value(&mut self, name: &str, value: &str) {
        self.known.add(name, value);
    }

    /// Adds a transcript, or the text of a turn.
    pub(crate) fn add_transcript(&mut self, text: &str) {
        self.turn.push(text.to_owned());
    }

    /// Sets the speaker of the turn that is being read: a known label, or a name.
    pub(crate) fn set_speaker(&mut self, speaker: &str) {
        if is_turn_type(speaker) {
            return;
        }
        if !is_speaker_label(speaker) {
            self.add_speaker(speaker);
        }
        self.speaker = Some(speaker.to_owned());
    }

    /// Adds the name of a speaker.
    pub(crate) fn add_speaker(&mut self, name: &str) {
        self.known.add("name", name);
        self.speakers.insert(fold(name.trim()));
    }

    /// Ends a turn, if it has a text. Otherwise the object was only a part of one.
    pub(crate) fn end_turn(&mut self) {
        if self.turn.is_empty() {
            return;
        }
        let label = match self.speaker.take() {
            Some(speaker) => format!("{speaker}: "),
            None => String::new(),
        };
        for text in std::mem::take(&mut self.turn) {
            let start = self.conversation.len();
            let turn = format!("{label}{text}");
            // Each transcript by itself: labels in one line count only if it is the only line.
            let heads = line_heads(&turn).into_iter().map(|head| LineHead {
                range: start + head.range.start..start + head.range.end,
                ..head
            });
            self.heads.extend(heads);
            self.conversation.push_str(&turn);
            self.texts
                .push(start + label.len()..self.conversation.len());
            self.conversation.push('\n');
        }
    }

    /// Finds what is personal.
    pub(crate) fn search(mut self) -> PersonalTexts {
        self.end_turn();
        let heads = heads(&self.conversation, &self.heads, &self.speakers);
        let conversation = Conversation::with_heads(&self.conversation, heads);
        let found = find_in_conversation(&conversation, &self.known);
        let found = found.into_sorted();
        let mut transcripts: Vec<_> = self.texts.iter().map(|text| part(&found, text)).collect();
        transcripts.reverse();
        PersonalTexts {
            known: self.known,
            transcripts,
        }
    }
}

/// The findings in a part of the conversation, with offsets in this part.
fn part(found: &[Found], text: &Range<usize>) -> Vec<Found> {
    let first = found.partition_point(|found| found.range.end <= text.start);
    let of_text = found[first..]
        .iter()
        .take_while(|found| found.range.start < text.end);
    let clipped = of_text.map(|found| {
        let start = found.range.start.max(text.start) - text.start;
        Found {
            range: start..found.range.end.min(text.end) - text.start,
            class: found.class,
        }
    });
    clipped.collect()
}

/// What is personal in the texts of a body.
#[derive(Debug)]
pub(crate) struct PersonalTexts {
    known: KnownValues,
    /// The findings in each transcript and turn; the last comes first.
    transcripts: Vec<Vec<Found>>,
}

impl PersonalTexts {
    /// What is personal in the next transcript or turn, in the order in which they were added.
    pub(crate) fn next_transcript(&mut self) -> Vec<Found> {
        self.transcripts.pop().unwrap_or_default()
    }

    /// What is personal in the value of the variable `name`.
    pub(crate) fn in_value(&self, name: &str, value: &str) -> Vec<Found> {
        find_in_value(name, value, &self.known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_on_in_the_next_turn() {
        let mut texts = BodyTexts::default();
        let turns = [
            ("agent", "Ihre Kundennummer bitte?"),
            ("user", "Vier sieben eins,"),
            ("agent", "Ja?"),
            ("user", "zwei null neun."),
        ];
        for (speaker, text) in turns {
            texts.add_transcript(text);
            texts.set_speaker(speaker);
            texts.end_turn();
        }
        let mut personal = texts.search();
        let found = turns.map(|(_, text)| {
            let found = personal.next_transcript();
            let parts = found.iter().map(|found| &text[found.range.clone()]);
            parts.collect::<Vec<_>>().join("|")
        });
        assert_eq!(found, ["", "Vier sieben eins", "", "zwei null neun"]);
    }
}
