//! What one call shows: whether it was connected, and whether the customer talked.

use serde::Serialize;

use super::goal::GoalState;
use super::request::StatsRequest;
use super::section::StatsSection;
use crate::call::Call;
use crate::call::contract_object::ContractObject;
use crate::call::transcript::{Speaker, Turn};
use crate::contract::{CONNECTED_STATUSES, UNCONNECTED_STATUSES, documented_status};
use crate::time::talk_time::TalkTime;

/// The class of a call, by its status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Class {
    /// A person or a machine answered: `completed`, `ended`, …, or `failed` with a talk time. A
    /// mailbox answers too.
    Connected,
    /// `busy`, `no-answer`, or `failed` without a talk time.
    NotConnected,
    /// The call is not over: `initiated`, `ringing`, `in-progress`. Rates exclude it.
    Open,
    /// An unknown status, none, or `failed` with an unreadable duration. Rates exclude it.
    Unclassed,
}

/// Calls that are shorter are too short for a conversation. It is also the least that the vendor
/// bills.
const CONVERSATION_SECONDS: u32 = 30;

/// What one call shows.
#[derive(Clone, Copy, Debug)]
pub(super) struct CallFacts {
    pub(super) class: Class,
    /// Talk time in whole seconds; `None` if it is negative or unreadable.
    pub(super) seconds: Option<u32>,
    /// Connected, and the transcript has a turn of the assistant or of the customer.
    pub(super) is_readable: bool,
    /// Connected, and the customer said something with a letter in it.
    pub(super) is_two_way: bool,
    /// Two-way, with at least two customer turns and [`CONVERSATION_SECONDS`].
    pub(super) is_conversation: bool,
    /// Turns of the customer. Apart from the section of conversations, it may be 2 for more.
    pub(super) customer_turns: u32,
    /// Words of both sides, for the section of conversations.
    pub(super) customer_words: u32,
    pub(super) assistant_words: u32,
    pub(super) goal: GoalState,
}

impl CallFacts {
    /// Reads a call with this documented status. Its transcript is split only if it was connected.
    pub(super) fn read(
        call: &Call,
        status: Option<&str>,
        body: &ContractObject,
        request: &StatsRequest,
    ) -> Self {
        let seconds = talk_seconds(call);
        let class = class_of_documented(status, seconds);
        let is_split = class == Class::Connected && request.sections.need_turns();
        let talk = if is_split {
            let counts_words = request.sections.contains(StatsSection::Conversations);
            let transcript = call.transcript();
            if !counts_words && transcript.shows_dialogue() {
                Talk::DIALOGUE
            } else {
                transcript.with_turns(|turns| Talk::read(turns, counts_words))
            }
        } else {
            Talk::default()
        };
        let is_long = seconds.is_some_and(|seconds| seconds >= CONVERSATION_SECONDS);
        Self {
            class,
            seconds,
            is_readable: talk.is_readable,
            is_two_way: talk.is_two_way,
            is_conversation: talk.is_two_way && is_long && talk.customer_turns >= 2,
            customer_turns: talk.customer_turns,
            customer_words: talk.customer_words,
            assistant_words: talk.assistant_words,
            goal: request.goal.state(body, &request.zone),
        }
    }

    /// Connected, and the goal was reached.
    pub(super) fn has_reached_goal(&self) -> bool {
        self.class == Class::Connected && self.goal == GoalState::Reached
    }
}

/// What the turns of a call show. The fields are those of [`CallFacts`].
#[derive(Default)]
struct Talk {
    is_readable: bool,
    is_two_way: bool,
    customer_turns: u32,
    customer_words: u32,
    assistant_words: u32,
}

impl Talk {
    /// A customer who said something, and had two turns.
    const DIALOGUE: Self = Self {
        is_readable: true,
        is_two_way: true,
        customer_turns: 2,
        customer_words: 0,
        assistant_words: 0,
    };

    /// Reads the turns. The words are those of both sides, or 0 unless `counts_words`.
    fn read(turns: &[Turn], counts_words: bool) -> Self {
        let mut talk = Self::default();
        for turn in turns {
            let words = || {
                if counts_words {
                    count_words(&turn.spoken_text())
                } else {
                    0
                }
            };
            match turn.speaker {
                Speaker::Customer => {
                    talk.customer_turns += 1;
                    talk.customer_words += words();
                    talk.is_two_way =
                        talk.is_two_way || turn.spoken_text().chars().any(char::is_alphabetic);
                }
                Speaker::Assistant => talk.assistant_words += words(),
                Speaker::Unknown => continue,
            }
            talk.is_readable = true;
        }
        talk
    }
}

/// Number of words: texts between white space that have a letter or a digit.
fn count_words(text: &str) -> u32 {
    let is_space = |byte: &u8| matches!(byte, b'\t'..=b'\r' | b' ');
    // With `split_whitespace` alone, which decodes all text, all figures take 10 % more
    // instructions.
    let words = text.as_bytes().split(is_space).map(|word| match word {
        [] => 0,
        [first, ..] if first.is_ascii_alphanumeric() && word.is_ascii() => 1,
        word => {
            let words = str::from_utf8(word).unwrap_or_default().split_whitespace();
            let words = words.filter(|word| word.contains(char::is_alphanumeric));
            words.map(|_| 1).sum()
        }
    });
    words.sum()
}

/// The talk time in seconds; `None` if it is negative or unreadable.
#[must_use]
pub(crate) fn talk_seconds(call: &Call) -> Option<u32> {
    let TalkTime(seconds) = call.talk_time()?;
    u32::try_from(seconds).ok()
}

/// The class of a call with this status, in any known spelling.
#[must_use]
pub(crate) fn class_of(status: &str, seconds: Option<u32>) -> Class {
    class_of_documented(documented_status(status), seconds)
}

/// The class of a call with this status, in the documented spelling.
fn class_of_documented(status: Option<&str>, seconds: Option<u32>) -> Class {
    match (status, seconds) {
        (Some("failed"), Some(0)) => Class::NotConnected,
        (Some("failed"), Some(_)) => Class::Connected,
        (Some("initiated" | "ringing" | "in-progress"), _) => Class::Open,
        (Some(status), _) if CONNECTED_STATUSES.contains(&status) => Class::Connected,
        (Some(status), _) if UNCONNECTED_STATUSES.contains(&status) => Class::NotConnected,
        _ => Class::Unclassed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::CALL_STATUSES;

    #[test]
    fn words_are_counted_between_any_white_space() {
        for (text, words) in [
            ("", 0),
            ("Ja, 5 – bitte!", 3),
            ("über-all\u{a0}Öl\u{b}x\u{2003}\u{85}ß ? ", 4),
            ("Привет, 你好 👋 -", 2),
        ] {
            assert_eq!(count_words(text), words, "{text}");
        }
    }

    #[test]
    fn every_documented_status_has_a_class() {
        for status in CALL_STATUSES {
            assert_ne!(class_of(status, Some(0)), Class::Unclassed, "{status}");
        }
        assert_eq!(class_of("vom Kunden beendet", None), Class::Connected);
        assert_eq!(class_of("No Answer", Some(12)), Class::NotConnected);
        assert_eq!(class_of("failed", Some(0)), Class::NotConnected);
        assert_eq!(class_of("failed", Some(1)), Class::Connected);
        assert_eq!(class_of("failed", None), Class::Unclassed);
        assert_eq!(class_of("in_progress", None), Class::Open);
        assert_eq!(class_of("cancelled", Some(5)), Class::Unclassed);
    }
}
