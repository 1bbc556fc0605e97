//! Splits a transcript into turns. It arrives as text with labelled lines or as a list of turns.

use std::borrow::Cow;

use super::member::{non_null_member, read_timestamp};
use crate::json::{Json, Kind, plain_text};

/// The speaker of a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Speaker {
    /// The AI assistant.
    Assistant,
    /// The human on the phone.
    Customer,
    /// A speaker without a known label.
    Unknown,
}

/// The speaker labels seen in transcripts, in lower case.
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

/// One utterance of a transcript.
#[derive(Debug)]
pub(crate) struct Turn<'a> {
    pub(crate) speaker: Speaker,
    /// The speaker's label in a list of turns, verbatim.
    pub(crate) label: Option<Cow<'a, str>>,
    /// The spoken text. Line breaks inside it are kept.
    pub(crate) text: Cow<'a, str>,
    /// Milliseconds from the first turn that has a time to this turn, negative if this turn is
    /// earlier. `None` if this turn has no time, as in a transcript that is one text.
    pub(crate) elapsed_ms: Option<i64>,
}

impl Turn<'_> {
    /// The text for display, with the elapsed time before it unless that is unknown or negative:
    /// `[1:05] Hallo`.
    #[must_use]
    pub(crate) fn display_text(&self) -> Cow<'_, str> {
        let Some(elapsed) = self.elapsed_ms.filter(|elapsed| *elapsed >= 0) else {
            return Cow::Borrowed(&self.text);
        };
        let seconds = elapsed / 1000;
        let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        Cow::Owned(match hours {
            0 => format!("[{minutes}:{seconds:02}] {}", self.text),
            _ => format!("[{hours}:{minutes:02}:{seconds:02}] {}", self.text),
        })
    }

    /// The speaker's name for display: `Assistant`, `Customer`, otherwise the transcript's label,
    /// or an empty string.
    #[must_use]
    pub(crate) fn speaker_name(&self) -> &str {
        match (&self.label, self.speaker) {
            (Some(label), Speaker::Unknown) => label,
            (_, speaker) => speaker.name(),
        }
    }
}

/// A transcript, as the raw value. It is split into turns on demand.
#[derive(Debug, Default)]
pub(crate) struct Transcript<'a> {
    value: Option<Json<'a>>,
}

impl<'a> Transcript<'a> {
    /// Wraps the value of a body's `transcript`: text with lines `Assistant: …` and `Customer: …`,
    /// or a list of turns.
    #[must_use]
    pub(crate) fn read(value: Option<Json<'a>>) -> Self {
        Self { value }
    }

    /// The raw value.
    #[must_use]
    pub(crate) fn value(&self) -> Option<Json<'a>> {
        self.value
    }

    /// Splits the transcript into turns. A value in neither form becomes one turn of an unknown
    /// speaker.
    #[must_use]
    pub(crate) fn turns(&self) -> Vec<Turn<'a>> {
        let Some(value) = self.value else {
            return Vec::new();
        };
        match value.kind() {
            Kind::Array => {
                let elements = value.elements().unwrap_or_default();
                let mut turns: Vec<_> = elements.into_iter().map(read_turn).collect();
                let first = turns.iter().find_map(|turn| turn.elapsed_ms);
                for turn in &mut turns {
                    // The times are any numbers: their distance may not fit.
                    let times = turn.elapsed_ms.zip(first);
                    turn.elapsed_ms = times.and_then(|(at, first)| at.checked_sub(first));
                }
                turns
            }
            _ => match plain_text(value) {
                Cow::Borrowed(text) => split_labelled_lines(text)
                    .into_iter()
                    .map(|(speaker, text)| text_turn(speaker, Cow::Borrowed(text)))
                    .collect(),
                Cow::Owned(text) => split_labelled_lines(&text)
                    .into_iter()
                    .map(|(speaker, text)| text_turn(speaker, Cow::Owned(text.to_owned())))
                    .collect(),
            },
        }
    }
}

/// Reads one element of a list of turns: an object with the members `text` and `sender`, or
/// `content` and `role` as in chat APIs. The result's `elapsed_ms` still counts from 1970, because
/// the first turn is not known here.
fn read_turn(element: Json<'_>) -> Turn<'_> {
    let members = element.members().unwrap_or_default();
    let text = non_null_member(&members, "text").or_else(|| non_null_member(&members, "content"));
    let sender = non_null_member(&members, "sender").or_else(|| non_null_member(&members, "role"));
    let label = sender.map(plain_text);
    Turn {
        speaker: label
            .as_deref()
            .and_then(Speaker::from_label)
            .unwrap_or(Speaker::Unknown),
        label,
        text: plain_text(text.unwrap_or(element)),
        elapsed_ms: non_null_member(&members, "timestamp").and_then(read_epoch_ms),
    }
}

/// Reads a time as milliseconds since 1970, from a string with an ISO 8601 timestamp or from a
/// number. Numbers below 10¹¹ are seconds since 1970, larger ones milliseconds. `None` for other
/// values and for numbers that are not positive.
fn read_epoch_ms(time: Json) -> Option<i64> {
    /// The smallest number that is read as milliseconds. As seconds, it is in the year 5138.
    const MIN_MILLISECONDS: f64 = 1e11;
    if let Some(time) = read_timestamp(time) {
        return Some(time.time.timestamp_millis());
    }
    let number: f64 = time.text().parse().ok()?;
    let milliseconds = if number < MIN_MILLISECONDS {
        number * 1e3
    } else {
        number
    };
    #[expect(clippy::cast_possible_truncation, reason = "rounded, and it saturates")]
    let whole = milliseconds.round() as i64;
    (milliseconds.is_finite() && whole > 0).then_some(whole)
}

/// A turn of a transcript that is one string: without a label of its own and without a time.
fn text_turn(speaker: Speaker, text: Cow<'_, str>) -> Turn<'_> {
    Turn {
        speaker,
        label: None,
        text,
        elapsed_ms: None,
    }
}

/// Splits labelled text into turns. A line without a label continues the previous turn.
fn split_labelled_lines(text: &str) -> Vec<(Speaker, &str)> {
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
        .map(|((speaker, _, start), end)| (*speaker, text[*start..end].trim()))
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
            .map(|turn| (turn.speaker_name().to_owned(), turn.text.into_owned()))
            .collect()
    }

    fn pair(speaker: &str, text: &str) -> (String, String) {
        (speaker.to_owned(), text.to_owned())
    }

    #[test]
    fn times_that_are_too_far_apart_have_no_distance() {
        let text =
            r#"[{"text":"a","timestamp":"1969-12-31T23:59:59Z"},{"text":"b","timestamp":1e19}]"#;
        let turns = Transcript::read(Some(Json::from_well_formed(text))).turns();
        let elapsed: Vec<_> = turns.iter().map(|turn| turn.elapsed_ms).collect();
        assert_eq!(elapsed, [Some(0), None]);
    }

    #[test]
    fn labelled_lines_become_turns_and_other_lines_continue_them() {
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
    fn times_are_relative_to_the_first_turn() {
        let list = r#"[{"text":"a","timestamp":1756812511.315143},{"text":"b","timestamp":1756812576.9},
            {"text":"c"},{"text":"d","timestamp":1756816111315},{"text":"e","timestamp":"2025-09-02T11:28:32.315Z"}]"#;
        let value: Json = serde_json::from_str(list).expect("well-formed");
        let turns = Transcript::read(Some(value)).turns();
        let displayed: Vec<_> = turns.iter().map(Turn::display_text).collect();
        assert_eq!(
            displayed,
            ["[0:00] a", "[1:05] b", "c", "[1:00:00] d", "[0:01] e"]
        );
        assert_eq!(turns[1].elapsed_ms, Some(65_585));
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
