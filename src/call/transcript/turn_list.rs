//! Reads a transcript that is a list of turns: an array, an object around one, or JSON in a string.

use std::borrow::Cow;

use super::label::read_clock;
use super::labelled_text;
use super::speaker::Speaker;
use super::turn::Turn;
use crate::call::member::{non_null_member, read_timestamp};
use crate::json::{Json, Kind, Object, plain_text};

/// Members with the text of a turn, the first that is present counts.
const TEXT_MEMBERS: &[&str] = &["text", "content", "message"];

/// Members with the speaker of a turn, the first that is present counts.
const SPEAKER_MEMBERS: &[&str] = &["sender", "role", "speaker"];

/// True for a member with the speaker or the type of a turn.
#[must_use]
pub(crate) fn is_speaker_member(name: &str) -> bool {
    SPEAKER_MEMBERS.contains(&name) || name == "type"
}

/// True for a member with turns or with the text of a turn.
#[must_use]
pub(crate) fn is_text_member(name: &str) -> bool {
    TEXT_MEMBERS.contains(&name) || LIST_MEMBERS.contains(&name)
}

/// Members with the time of a turn: since 1970, or in the call.
const TIME_MEMBERS: &[&str] = &["timestamp", "time_in_call_secs", "secondsFromStart"];

/// True for a member with the time of a turn.
#[must_use]
pub(crate) fn is_time_member(name: &str) -> bool {
    TIME_MEMBERS.contains(&name)
}

/// True for a member that is read from a turn, or with turns.
#[must_use]
pub(crate) fn is_turn_member(name: &str) -> bool {
    is_speaker_member(name) || is_text_member(name) || is_time_member(name)
}

/// True for the type of a turn, as the vendors of voice agents name it.
#[must_use]
pub(crate) fn is_turn_type(text: &str) -> bool {
    const TYPES: &[&str] = &[
        "function_call",
        "message",
        "text",
        "tool_call",
        "tool_result",
    ];
    TYPES.contains(&text)
}

/// Members of an object that is a transcript, in which the list of turns is.
const LIST_MEMBERS: &[&str] = &["items", "messages", "turns", "transcript"];

/// Reads a list of turns, or the object around one. `None` for any other value.
pub(super) fn read(value: Json<'_>) -> Option<Vec<Turn<'_>>> {
    match value.kind() {
        Kind::Array => {
            let elements = value.elements().unwrap_or_default();
            Some(elements.into_iter().flat_map(read_element).collect())
        }
        Kind::Object => {
            let members = value.members()?;
            let lists = LIST_MEMBERS.iter().filter_map(|name| members.get(name));
            let mut lists = lists.filter(|list| is_turn_list(*list));
            read(lists.next().filter(|_| lists.next().is_none())?)
        }
        _ => None,
    }
}

/// Reads a text that is JSON: a list of turns, or the object around one. `None` for any other text.
pub(super) fn read_text(text: &str) -> Option<Vec<Turn<'_>>> {
    let text = text.trim();
    if !text.starts_with(['[', '{']) || !text.ends_with([']', '}']) {
        return None;
    }
    let Ok(value) = serde_json::from_str::<Json>(text) else {
        return read_lines(text);
    };
    match value.kind() {
        Kind::Array => read(value).filter(|_| is_turn_list(value)),
        _ => read(value),
    }
}

/// Reads JSON Lines with one turn per line. `None` for any other text.
fn read_lines(text: &str) -> Option<Vec<Turn<'_>>> {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let turns = lines.map(|line| {
        let turn: Json = serde_json::from_str(line).ok()?;
        is_turn(turn).then(|| read_turn(turn))
    });
    turns.collect()
}

/// True for an array of turns.
fn is_turn_list(list: Json) -> bool {
    let elements = list.elements().unwrap_or_default();
    !elements.is_empty() && elements.into_iter().all(is_turn)
}

/// True for an object with a speaker or a type.
fn is_turn(element: Json) -> bool {
    let names = SPEAKER_MEMBERS.iter().chain(&["type"]);
    element.members().is_some_and(|members| {
        let mut present = names.filter_map(|name| non_null_member(&members, name));
        present.next().is_some()
    })
}

/// Reads one element of a list of turns: an object, or a string that may start with a label. The
/// times still count from 1970, or from the start of the call.
fn read_element(element: Json<'_>) -> Vec<Turn<'_>> {
    match element.kind() {
        Kind::Object => vec![read_turn(element)],
        _ => match plain_text(element) {
            Cow::Borrowed(text) => labelled_text::split(text, None),
            Cow::Owned(text) => {
                let turns = labelled_text::split(&text, None);
                turns.into_iter().map(Turn::into_owned).collect()
            }
        },
    }
}

fn read_turn(element: Json<'_>) -> Turn<'_> {
    let members = element.members().unwrap_or_default();
    let first_of = |names: &[&str]| {
        names
            .iter()
            .find_map(|name| non_null_member(&members, name))
    };
    let text = first_of(TEXT_MEMBERS);
    let sender = first_of(SPEAKER_MEMBERS);
    // A tool call has a type in place of a speaker.
    let label = sender.or_else(|| non_null_member(&members, "type").filter(|_| text.is_none()));
    let label = label.map(plain_text);
    Turn {
        speaker: label
            .as_deref()
            .and_then(Speaker::from_label)
            .unwrap_or(Speaker::Unknown),
        label,
        text: text.map_or_else(|| plain_text(element), read_content),
        elapsed_ms: read_time(&members),
    }
}

/// The text of a turn: a string, or the texts of a list of parts, one line each.
fn read_content(content: Json<'_>) -> Cow<'_, str> {
    let part_text = |part: &Json| match part.members() {
        Some(members) => non_null_member(&members, "text")?
            .as_str()
            .map(Cow::into_owned),
        None => part.as_str().map(Cow::into_owned),
    };
    let parts = content.elements().filter(|parts| !parts.is_empty());
    let texts = parts.and_then(|parts| parts.iter().map(part_text).collect::<Option<Vec<_>>>());
    match texts {
        Some(texts) => Cow::Owned(texts.join("\n")),
        None => plain_text(content),
    }
}

/// The time of a turn in milliseconds, from 1970 or from the start of the call.
fn read_time(members: &Object) -> Option<i64> {
    /// Members with seconds since the start of the call.
    const SECONDS_IN_CALL: &[&str] = &["time_in_call_secs", "secondsFromStart"];
    let timestamp = non_null_member(members, "timestamp");
    timestamp.and_then(read_epoch_ms).or_else(|| {
        let mut seconds = SECONDS_IN_CALL.iter();
        let seconds = seconds.find_map(|name| non_null_member(members, name))?;
        let seconds: f64 = seconds.text().parse().ok()?;
        (0.0..1e6).contains(&seconds).then(|| round(seconds * 1e3))
    })
}

/// Reads a time as milliseconds since 1970, from a string with an ISO 8601 timestamp or from a
/// number. Numbers below 10¹¹ are seconds since 1970, larger ones milliseconds. A string such as
/// `00:01` counts from the start of the call. `None` for other values and for numbers that are not
/// positive.
fn read_epoch_ms(time: Json) -> Option<i64> {
    /// The smallest number that is read as milliseconds. As seconds, it is in the year 5138.
    const MIN_MILLISECONDS: f64 = 1e11;
    if let Some(time) = read_timestamp(time) {
        return Some(time.time.timestamp_millis());
    }
    if let Some(text) = time.as_str() {
        return read_clock(&text);
    }
    let number: f64 = time.text().parse().ok()?;
    let milliseconds = if number < MIN_MILLISECONDS {
        number * 1e3
    } else {
        number
    };
    let whole = round(milliseconds);
    (milliseconds.is_finite() && whole > 0).then_some(whole)
}

fn round(milliseconds: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "rounded, and it saturates")]
    let whole = milliseconds.round() as i64;
    whole
}
