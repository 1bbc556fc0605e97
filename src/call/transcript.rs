//! The transcript as turns, from either of its two forms: lines with labels, or a list of turns.

use std::borrow::Cow;

use super::{plain_text, present};
use crate::json::{Json, Kind};

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaker {
    /// The AI assistant.
    Assistant,
    /// The person on the phone.
    Customer,
    /// Someone whom the transcript does not name.
    Unknown,
}

/// The labels seen in transcripts, in lower case.
const LABELS: &[(&str, Speaker)] = &[
    ("assistant", Speaker::Assistant),
    ("assistent", Speaker::Assistant),
    ("agent", Speaker::Assistant),
    ("ai", Speaker::Assistant),
    ("ki", Speaker::Assistant),
    ("bot", Speaker::Assistant),
    ("customer", Speaker::Customer),
    ("kunde", Speaker::Customer),
    ("kundin", Speaker::Customer),
    ("human", Speaker::Customer),
    ("user", Speaker::Customer),
];

impl Speaker {
    fn name(self) -> &'static str {
        match self {
            Self::Assistant => "Assistant",
            Self::Customer => "Customer",
            Self::Unknown => "",
        }
    }

    fn from_label(label: &str) -> Option<Self> {
        LABELS
            .iter()
            .find(|(known, _)| label.eq_ignore_ascii_case(known))
            .map(|(_, speaker)| *speaker)
    }
}

/// One utterance.
#[derive(Debug)]
pub struct Turn<'a> {
    /// Who says it.
    pub speaker: Speaker,
    /// What an unknown speaker is called, if anything.
    pub label: Option<Cow<'a, str>>,
    /// What is said; line breaks within are kept.
    pub text: Cow<'a, str>,
}

impl Turn<'_> {
    /// The speaker's name for people: `Assistant`, `Customer`, else the label that the transcript gives, or nothing.
    #[must_use]
    pub fn name(&self) -> &str {
        match (&self.label, self.speaker) {
            (Some(label), Speaker::Unknown) => label,
            (_, speaker) => speaker.name(),
        }
    }
}

/// A transcript.
#[derive(Debug, Default)]
pub struct Transcript<'a> {
    value: Option<Json<'a>>,
}

impl<'a> Transcript<'a> {
    /// The transcript that `value` holds: text with lines `Assistant: …` and `Customer: …`, or a list of turns.
    #[must_use]
    pub fn read(value: Option<Json<'a>>) -> Self {
        Self { value }
    }

    /// What stands there.
    #[must_use]
    pub fn value(&self) -> Option<Json<'a>> {
        self.value
    }

    /// The conversation, turn by turn. Whatever has neither form is one turn of an unknown speaker.
    #[must_use]
    pub fn turns(&self) -> Vec<Turn<'a>> {
        let Some(value) = self.value else {
            return Vec::new();
        };
        match value.kind() {
            Kind::Array => value
                .elements()
                .unwrap_or_default()
                .into_iter()
                .map(turn)
                .collect(),
            _ => match plain_text(value) {
                Cow::Borrowed(text) => lines(text).into_iter().map(borrowed).collect(),
                Cow::Owned(text) => lines(&text).into_iter().map(owned).collect(),
            },
        }
    }
}

/// One element of a list of turns: `{"text","sender"}`, or `{"content","role"}` as chats have it.
fn turn(element: Json<'_>) -> Turn<'_> {
    let members = element.members().unwrap_or_default();
    let text = present(&members, "text").or_else(|| present(&members, "content"));
    let sender = present(&members, "sender").or_else(|| present(&members, "role"));
    let label = sender.map(plain_text);
    Turn {
        speaker: label
            .as_deref()
            .and_then(Speaker::from_label)
            .unwrap_or(Speaker::Unknown),
        label,
        text: plain_text(text.unwrap_or(element)),
    }
}

fn borrowed((speaker, text): (Speaker, &str)) -> Turn<'_> {
    Turn {
        speaker,
        label: None,
        text: Cow::Borrowed(text),
    }
}

fn owned<'a>((speaker, text): (Speaker, &str)) -> Turn<'a> {
    Turn {
        speaker,
        label: None,
        text: Cow::Owned(text.to_owned()),
    }
}

/// Cuts labelled text into turns; a line without a label goes on with the turn before it.
fn lines(text: &str) -> Vec<(Speaker, &str)> {
    let mut starts: Vec<(Speaker, usize, usize)> = Vec::new();
    let mut line_start = 0;
    for line in text.split_inclusive('\n') {
        let label = line
            .split_once(':')
            .and_then(|(label, _)| Some((Speaker::from_label(label.trim())?, label.len() + 1)));
        match label {
            Some((speaker, length)) => starts.push((speaker, line_start, line_start + length)),
            None if starts.is_empty() && !line.trim().is_empty() => {
                starts.push((Speaker::Unknown, line_start, line_start));
            }
            None => {}
        }
        line_start += line.len();
    }
    let ends = starts
        .iter()
        .skip(1)
        .map(|(_, start, _)| *start)
        .chain([text.len()]);
    starts
        .iter()
        .zip(ends)
        .map(|((speaker, _, from), to)| (*speaker, text[*from..to].trim()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turns(json: &str) -> Vec<(String, String)> {
        let value: Json = serde_json::from_str(json).expect("the test's own JSON is well-formed");
        Transcript::read(Some(value))
            .turns()
            .into_iter()
            .map(|turn| (turn.name().to_owned(), turn.text.into_owned()))
            .collect()
    }

    fn pair(speaker: &str, text: &str) -> (String, String) {
        (speaker.to_owned(), text.to_owned())
    }

    #[test]
    fn labelled_lines_become_turns_and_others_go_on() {
        assert_eq!(
            turns(r#""Assistent: Guten Tag!\nKunde: Ja: bitte?\nIch höre.\n\nKI: Gut.""#),
            [
                pair("Assistant", "Guten Tag!"),
                pair("Customer", "Ja: bitte?\nIch höre."),
                pair("Assistant", "Gut."),
            ]
        );
    }

    #[test]
    fn text_without_labels_is_one_turn_and_empty_text_none() {
        assert_eq!(
            turns(r#""Note: hello\nthere""#),
            [pair("", "Note: hello\nthere")]
        );
        assert_eq!(turns(r#"" \n""#), []);
    }

    #[test]
    fn lists_of_turns_are_read_in_both_spellings() {
        assert_eq!(
            turns(
                r#"[{"text":"Hi","sender":"bot"},{"content":"Hello","role":"user"},{"text":"Hm","sender":"tool"},{"x":1},7]"#
            ),
            [
                pair("Assistant", "Hi"),
                pair("Customer", "Hello"),
                pair("tool", "Hm"),
                pair("", "{\"x\":1}"),
                pair("", "7")
            ]
        );
    }
}
