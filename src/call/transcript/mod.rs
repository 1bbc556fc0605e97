//! Splits a transcript into turns. It arrives as text with labelled lines or as a list of turns.

mod breaks;
mod dialogue;
mod label;
mod labelled_text;
mod line_heads;
mod speaker;
mod ssml;
mod subtitles;
mod turn;
mod turn_list;

use std::borrow::Cow;

use crate::json::{Json, Kind, plain_text};
use breaks::line_starts;
use label::{LabelKind, parse_label};
pub(crate) use line_heads::{LineHead, is_speaker_label, line_heads};
pub(crate) use speaker::Speaker;
pub(crate) use ssml::tag_name;
pub(crate) use turn::Turn;
pub(crate) use turn_list::{
    is_speaker_member, is_text_member, is_time_member, is_turn_member, is_turn_type,
};

/// A transcript, as the raw value. It is split into turns on demand.
#[derive(Debug, Default)]
pub(crate) struct Transcript<'a> {
    value: Option<Json<'a>>,
    /// The name of the assistant, which may be the label of its turns.
    assistant_name: Option<Json<'a>>,
}

impl<'a> Transcript<'a> {
    /// Wraps the value of a body's `transcript`: text with lines `Assistant: …` and `Customer: …`,
    /// or a list of turns. `assistant_name` is that of the body, if it has one.
    #[must_use]
    pub(crate) fn read(value: Option<Json<'a>>, assistant_name: Option<Json<'a>>) -> Self {
        Self {
            value,
            assistant_name,
        }
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
        if let Some(turns) = turn_list::read(value) {
            return with_elapsed_times(turns);
        }
        match plain_text(value) {
            Cow::Borrowed(text) => self.split(text),
            Cow::Owned(text) => {
                let turns = self.split(&text);
                turns.into_iter().map(Turn::into_owned).collect()
            }
        }
    }

    /// Calls `read` with the turns. Unlike [`turns`](Self::turns), it does not copy their texts,
    /// which `stats` reads once.
    pub(crate) fn with_turns<R>(&self, read: impl FnOnce(&[Turn]) -> R) -> R {
        let Some(value) = self.value else {
            return read(&[]);
        };
        match turn_list::read(value) {
            Some(turns) => read(&with_elapsed_times(turns)),
            None => read(&self.split(&plain_text(value))),
        }
    }

    /// True only if the customer has two turns, and one with a letter in it; false means "ask the
    /// turns".
    pub(crate) fn shows_dialogue(&self) -> bool {
        let string = self.value.filter(|value| value.kind() == Kind::String);
        string.is_some_and(|string| dialogue::shows_dialogue(string.text()))
    }

    /// Splits a text into turns: JSON with a list of turns, or text with labelled lines.
    fn split<'t>(&self, text: &'t str) -> Vec<Turn<'t>> {
        let assistant_name = self.assistant_name.and_then(Json::as_str);
        let assistant_name = assistant_name.as_deref();
        let turns = turn_list::read_text(text).unwrap_or_else(|| match subtitles::read(text) {
            Some(text) => {
                let turns = labelled_text::split(&text, assistant_name);
                turns.into_iter().map(Turn::into_owned).collect()
            }
            None => labelled_text::split(text, assistant_name),
        });
        with_elapsed_times(turns)
    }
}

/// The turns with times relative to the first one that has a time.
fn with_elapsed_times(mut turns: Vec<Turn>) -> Vec<Turn> {
    let first = turns.iter().find_map(|turn| turn.elapsed_ms);
    for turn in &mut turns {
        // The times are any numbers: their distance may not fit.
        let times = turn.elapsed_ms.zip(first);
        turn.elapsed_ms = times.and_then(|(at, first)| {
            let elapsed = at.checked_sub(first)?;
            let is_past_midnight =
                (0..DAY_MS).contains(&first) && (0..DAY_MS).contains(&at) && elapsed < -DAY_MS / 2;
            Some(elapsed + if is_past_midnight { DAY_MS } else { 0 })
        });
    }
    turns
}

/// Milliseconds of a day.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// True if a line break before a label in `text` is a backslash and an `n`.
#[must_use]
pub(crate) fn has_escaped_breaks(text: &str) -> bool {
    line_starts(text).iter().any(|at| {
        let label = parse_label(&text[at.start..]);
        let is_label = label.is_some_and(|label| label.kind != LabelKind::Unclear);
        is_label && !at.is_real && text[at.break_start..].starts_with('\\')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turns(json: &str) -> Vec<(String, String)> {
        let value: Json = serde_json::from_str(json).expect("the test's own JSON is well-formed");
        Transcript::read(Some(value), None)
            .turns()
            .into_iter()
            .map(|turn| (turn.speaker_name().to_owned(), turn.text.into_owned()))
            .collect()
    }

    fn pair(speaker: &str, text: &str) -> (String, String) {
        (speaker.to_owned(), text.to_owned())
    }

    #[test]
    fn lines_of_json_and_subtitles_are_split() {
        let lines = "{\"role\":\"assistant\",\"content\":\"Hello\"}\n\n{\"role\":\"user\",\"content\":\"Hi\"}\n";
        let subtitles = "1\n00:00:01,000 --> 00:00:02,000\nLena: Hello\n\n2\n00:00:03,500 --> 00:00:04,000\nCustomer: Hi\n\n3\n00:00:05,000 --> 00:00:06,000\nLena: 5\n";
        let read = |text: &str| turns(&serde_json::to_string(text).expect("JSON"));
        let expected = [pair("Assistant", "Hello"), pair("Customer", "Hi")];
        assert_eq!(read(lines)[..], expected);
        assert_eq!(read(subtitles)[..2], expected);
        assert_eq!(read(subtitles)[2], pair("Assistant", "5"));
    }

    #[test]
    fn times_that_are_too_far_apart_have_no_distance() {
        let text =
            r#"[{"text":"a","timestamp":"1969-12-31T23:59:59Z"},{"text":"b","timestamp":1e19}]"#;
        let turns = Transcript::read(Some(Json::from_well_formed(text)), None).turns();
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
    fn lost_line_breaks_may_be_any_white_space() {
        for space in [" ", "\u{85}", "\u{a0}", "\u{2028}", "\u{3000}"] {
            assert_eq!(
                turns(&format!("\"AI: Hi{space}Customer: ja{space}AI: Gut\"")),
                [
                    pair("Assistant", "Hi"),
                    pair("Customer", "ja"),
                    pair("Assistant", "Gut"),
                ]
            );
        }
    }

    #[test]
    fn times_are_relative_to_the_first_turn() {
        let list = r#"[{"text":"a","timestamp":1756812511.315143},{"text":"b","timestamp":1756812576.9},
            {"text":"c"},{"text":"d","timestamp":1756816111315},{"text":"e","timestamp":"2025-09-02T11:28:32.315Z"}]"#;
        let value: Json = serde_json::from_str(list).expect("well-formed");
        let turns = Transcript::read(Some(value), None).turns();
        let displayed: Vec<_> = turns.iter().map(Turn::display_text).collect();
        assert_eq!(
            displayed,
            ["[0:00] a", "[1:05] b", "c", "[1:00:00] d", "[0:01] e"]
        );
        assert_eq!(turns[1].elapsed_ms, Some(65_585));
        let text = "[23:59:58] AI: a\n[00:00:03] Customer: b";
        let text = serde_json::to_string(text).expect("JSON");
        let value: Json = serde_json::from_str(&text).expect("well-formed");
        let turns = Transcript::read(Some(value), None).turns();
        assert_eq!(turns[1].elapsed_ms, Some(5_000));
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

    #[track_caller]
    fn assert_turns(text: &str, expected: &[(&str, &str)]) {
        let json = serde_json::to_string(text).expect("a string");
        let expected: Vec<_> = expected
            .iter()
            .map(|(name, text)| pair(name, text))
            .collect();
        assert_eq!(turns(&json), expected, "{text}");
    }

    #[test]
    fn breaks_of_every_kind_end_a_labelled_line() {
        let expected = &[
            ("Assistant", "Hello"),
            ("Customer", "Hi"),
            ("Assistant", "Bye"),
        ];
        for text in [
            "AI: Hello\nCustomer: Hi\nAI: Bye",
            "AI: Hello\r\nCustomer: Hi\r\nAI: Bye\r\n",
            "AI: Hello\rCustomer: Hi\rAI: Bye",
            "AI: Hello<br>Customer: Hi<br/>AI: Bye",
            "AI: Hello<BR />\nCustomer: Hi<br>\nAI: Bye<br>",
            "AI: Hello\\nCustomer: Hi\\nAI: Bye",
            "AI: Hello\\r\\nCustomer: Hi\\r\\nAI: Bye\\n",
            "AI: Hello\\\\nCustomer: Hi\\\\nAI: Bye",
            "\\nAI: Hello\\n\\nCustomer: Hi\\n \\nAI: Bye",
            "<p>AI: Hello</p><p>Customer: Hi</p>\n<p>AI: Bye</p>",
            "AI: Hello Customer: Hi AI: Bye",
            " AI: Hello  Customer: Hi  AI: Bye ",
        ] {
            assert_turns(text, expected);
        }
    }

    #[test]
    fn text_in_place_of_a_break_stays_unless_a_label_follows() {
        assert_turns("AI: C:\\neu\\Kunden", &[("Assistant", "C:\\neu\\Kunden")]);
        assert_turns("AI: a\\nb<br>c", &[("Assistant", "a\\nb<br>c")]);
        assert_turns("a\\nb", &[("", "a\\nb")]);
    }

    #[test]
    fn colons_alone_start_no_turn() {
        assert_turns(
            "Assistent: Die Adresse: Hauptstr. 5\nKunde: Ja\nHinweis: Uhrzeit 9:30",
            &[
                ("Assistant", "Die Adresse: Hauptstr. 5"),
                ("Customer", "Ja\nHinweis: Uhrzeit 9:30"),
            ],
        );
        for text in [
            "Hello this is just text without labels. Note: call back at 9:30.",
            "Name: Max\nOrt: Berlin\nName: Moritz",
            "9:30 Uhr: Kunde ruft an\n10:00 Uhr: Ende",
            "Der Kunde: nett",
            "I said: AI: the Customer: and AI: all",
            "Lena: Guten Tag\nMax: Hallo\nLena: Gern",
            "Lena: Guten Tag",
        ] {
            assert_turns(text, &[("", text)]);
        }
        // Text with two labels may quote the second.
        assert_turns(
            "AI: Ask the Customer: Max",
            &[("Assistant", "Ask the Customer: Max")],
        );
        assert_turns(
            "AI: Hello customer: x AI: y",
            &[("Assistant", "Hello customer: x AI: y")],
        );
    }

    #[test]
    fn a_name_is_a_label_where_it_alternates_with_a_known_label() {
        assert_turns(
            "Lena: Guten Tag\nAnrufer: Hallo\nLena: Gern",
            &[
                ("Assistant", "Guten Tag"),
                ("Customer", "Hallo"),
                ("Assistant", "Gern"),
            ],
        );
        assert_turns(
            "[00:01] Lena: Guten Tag\n[00:02] Kunde: Ort: Berlin\n[00:03] Lena: Gern",
            &[
                ("Assistant", "Guten Tag"),
                ("Customer", "Ort: Berlin"),
                ("Assistant", "Gern"),
            ],
        );
        assert_turns(
            "AI: Hello\nMax Mustermann: Hi\nAI: And?\nMax Mustermann: No\n",
            &[
                ("Assistant", "Hello"),
                ("Customer", "Hi"),
                ("Assistant", "And?"),
                ("Customer", "No"),
            ],
        );
        for text in [
            // Once only.
            "Lena: Guten Tag\nAnrufer: Hallo",
            // No strict alternation.
            "Lena: Guten Tag\nLena: Hier\nAnrufer: Hallo\nLena: Gern",
            // Not from the first line on.
            "Aufnahme\nLena: Guten Tag\nAnrufer: Hallo\nLena: Gern",
            // Notes, and no name.
            "Hinweis: eins\nAnrufer: Hallo\nHinweis: zwei",
            "lena: eins\nAnrufer: Hallo\nlena: zwei",
            "Schritt 1: eins\nAnrufer: Hallo\nSchritt 1: zwei",
        ] {
            let first = text.split("\nAnrufer").next().expect("a line");
            let rest = text.split("Anrufer: ").nth(1).expect("a line");
            assert_turns(text, &[("", first), ("Customer", rest)]);
        }
        // Both sides have known labels.
        assert_turns(
            "AI: Hello\nOrt: Berlin\nKunde: Hi\nOrt: Bonn",
            &[
                ("Assistant", "Hello\nOrt: Berlin"),
                ("Customer", "Hi\nOrt: Bonn"),
            ],
        );
        // Two labels would do.
        assert_turns(
            "AI: a\nMax: b\nEva: c\nAI: d\nMax: e\nEva: f",
            &[
                ("Assistant", "a\nMax: b\nEva: c"),
                ("Assistant", "d\nMax: e\nEva: f"),
            ],
        );
    }

    #[test]
    fn the_name_of_the_assistant_is_a_label() {
        let text = Json::from_well_formed(r#""Lena: Guten Tag\nLena: Hier\nMax: Hallo""#);
        let name = Json::from_well_formed("\"Lena\"");
        let turns = Transcript::read(Some(text), Some(name)).turns();
        let turns: Vec<_> = turns
            .iter()
            .map(|turn| (turn.speaker_name(), &*turn.text))
            .collect();
        assert_eq!(
            turns,
            [
                ("Assistant", "Guten Tag"),
                ("Assistant", "Hier\nMax: Hallo")
            ]
        );
    }

    #[test]
    fn other_speakers_have_turns_of_their_own() {
        assert_turns(
            "System: Start\nAI: Hello\nSystem: Transfer\nMitarbeiter: Ja?",
            &[
                ("System", "Start"),
                ("Assistant", "Hello"),
                ("System", "Transfer"),
                ("Mitarbeiter", "Ja?"),
            ],
        );
        assert_turns(
            "Speaker 1: Hello\nSpeaker 2: Hi",
            &[("Speaker 1", "Hello"), ("Speaker 2", "Hi")],
        );
    }

    #[test]
    fn times_in_text_are_relative_to_the_first() {
        let text = Json::from_well_formed(r#""[00:01] AI: Hello\n[01:05] Customer: Hi\nAI: Bye""#);
        let turns = Transcript::read(Some(text), None).turns();
        let displayed: Vec<_> = turns.iter().map(Turn::display_text).collect();
        assert_eq!(displayed, ["[0:00] Hello", "[1:04] Hi", "Bye"]);
    }

    #[test]
    fn lists_of_other_vendors_are_read() {
        let expected = [pair("Assistant", "Hello"), pair("Customer", "Hi")];
        for list in [
            r#"[{"role":"agent","message":"Hello"},{"role":"user","message":"Hi"}]"#,
            r#"[{"speaker":"Agent","content":"Hello"},{"speaker":"Customer","content":"Hi"}]"#,
            r#"["AI: Hello","Customer: Hi"]"#,
            r#"[{"role":"assistant","content":["Hello"]},{"role":"user","content":[{"type":"text","text":"Hi"}]}]"#,
            r#"{"items":[{"type":"message","role":"assistant","content":["Hello"]},{"role":"user","content":"Hi"}]}"#,
        ] {
            assert_eq!(turns(list), expected, "{list}");
            let in_string = serde_json::to_string(list).expect("a string");
            if list.contains('{') {
                assert_eq!(turns(&in_string), expected, "{list}");
            }
        }
        assert_eq!(
            turns(r#"[{"type":"tool_call","name":"x"},{"role":"agent","message":null}]"#),
            [
                pair("tool_call", r#"{"type":"tool_call","name":"x"}"#),
                pair("Assistant", r#"{"role":"agent","message":null}"#),
            ]
        );
        let list = r#"[{"role":"agent","message":"a","time_in_call_secs":0},{"role":"user","message":"b","time_in_call_secs":4}]"#;
        let read = Transcript::read(Some(Json::from_well_formed(list)), None).turns();
        assert_eq!(read[1].elapsed_ms, Some(4000));
    }

    #[test]
    fn json_that_is_no_list_of_turns_stays_text() {
        for text in [
            "[1,2]",
            "[]",
            "{}",
            r#"{"a":[{"b":1}]}"#,
            "[AI: Hello]",
            r#"["a"]"#,
            "[{\"a\":1}]",
        ] {
            assert_turns(text, &[("", text)]);
        }
        assert_eq!(turns(r#"{"a":[1]}"#), [pair("", r#"{"a":[1]}"#)]);
        let two = r#"{"items":[{"role":"a","text":"b"}],"turns":[{"role":"a","text":"b"}]}"#;
        assert_eq!(turns(two), [pair("", two)]);
    }

    #[test]
    fn hostile_texts_are_split_in_little_time() {
        for part in [
            "\\",
            "<",
            "\n",
            "a:",
            "A: x\n",
            "[",
            "AI: ",
            "\\\\n",
            "<br>",
            "Ab: x\nAI: y\n",
        ] {
            let text = part.repeat(50_000);
            let json = serde_json::to_string(&text).expect("a string");
            let value = Json::from_well_formed(&json);
            assert!(Transcript::read(Some(value), None).turns().len() <= text.len());
        }
    }

    /// Every word of a text is in its turns, apart from labels and breaks.
    #[test]
    fn no_text_is_lost() {
        let text = "before\nAI: one<br>two\nKunde (Max): three\\nSystem: four\nNote: five";
        let json = serde_json::to_string(text).expect("a string");
        let all: String = turns(&json)
            .into_iter()
            .map(|(_, text)| text + " ")
            .collect();
        assert_eq!(all, "before one<br>two three four\nNote: five ");
    }
}
