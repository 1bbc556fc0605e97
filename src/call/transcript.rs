//! The transcript as turns, from either of its two forms: lines with labels, or a list of turns.

use std::borrow::Cow;

use super::{plain_text, present, timestamp};
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
    /// When it is said, in milliseconds from the first turn that tells a time; only lists of turns tell.
    pub elapsed: Option<i64>,
}

impl Turn<'_> {
    /// What is said, for people: behind the time from the beginning, if that is told, as in `[1:05] Hallo`.
    #[must_use]
    pub fn text_for_people(&self) -> Cow<'_, str> {
        let Some(elapsed) = self.elapsed.filter(|elapsed| *elapsed >= 0) else {
            return Cow::Borrowed(&self.text);
        };
        let seconds = elapsed / 1000;
        let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        Cow::Owned(match hours {
            0 => format!("[{minutes}:{seconds:02}] {}", self.text),
            _ => format!("[{hours}:{minutes:02}:{seconds:02}] {}", self.text),
        })
    }

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
            Kind::Array => {
                let elements = value.elements().unwrap_or_default();
                let mut turns: Vec<_> = elements.into_iter().map(turn).collect();
                let first = turns.iter().find_map(|turn| turn.elapsed);
                for turn in &mut turns {
                    turn.elapsed = turn.elapsed.zip(first).map(|(at, first)| at - first);
                }
                turns
            }
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
        elapsed: present(&members, "timestamp").and_then(milliseconds),
    }
}

/// A time in milliseconds since 1970: of a number of seconds or, where that is too large, milliseconds, or of ISO 8601 text.
fn milliseconds(time: Json) -> Option<i64> {
    /// As seconds this is in the year 5138.
    const FIRST_MILLISECONDS: f64 = 1e11;
    if let Some(time) = timestamp(time) {
        return Some(time.time.timestamp_millis());
    }
    let number: f64 = time.text().parse().ok()?;
    let milliseconds = if number < FIRST_MILLISECONDS {
        number * 1e3
    } else {
        number
    };
    #[expect(clippy::cast_possible_truncation, reason = "rounded, and it saturates")]
    let whole = milliseconds.round() as i64;
    (milliseconds.is_finite() && whole > 0).then_some(whole)
}

fn borrowed((speaker, text): (Speaker, &str)) -> Turn<'_> {
    Turn {
        speaker,
        label: None,
        text: Cow::Borrowed(text),
        elapsed: None,
    }
}

fn owned<'a>((speaker, text): (Speaker, &str)) -> Turn<'a> {
    Turn {
        speaker,
        label: None,
        text: Cow::Owned(text.to_owned()),
        elapsed: None,
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
    fn turns_tell_the_time_from_the_first_on() {
        let list = r#"[{"text":"a","timestamp":1756812511.315143},{"text":"b","timestamp":1756812576.9},
            {"text":"c"},{"text":"d","timestamp":1756816111315},{"text":"e","timestamp":"2025-09-02T11:28:32.315Z"}]"#;
        let value: Json = serde_json::from_str(list).expect("well-formed");
        let turns = Transcript::read(Some(value)).turns();
        let told: Vec<_> = turns.iter().map(Turn::text_for_people).collect();
        assert_eq!(
            told,
            ["[0:00] a", "[1:05] b", "c", "[1:00:00] d", "[0:01] e"]
        );
        assert_eq!(turns[1].elapsed, Some(65_585));
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
