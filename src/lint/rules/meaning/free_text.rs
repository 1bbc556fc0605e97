//! Texts that a person may have said or written, as opposed to filler.

use crate::call::free_words::find_free_words;
use crate::call::transcript::{is_speaker_label, is_turn_type};
use crate::contract::{
    CAMPAIGN_STATUSES, FieldType, LEAD_STATUSES, TEST_PREFIX, WEEKDAYS, documented_status,
    is_no_value,
};
use crate::lint::body_texts::{BodyText, Occurrences, Offsets, TextKind, report_texts};
use crate::lint::finding::Message;
use crate::lint::rule_check::{Check, RuleCheck};
use crate::lint::rule_data::{Family, Rule};
use crate::select::filter::read_boolean;
use crate::time::timestamp::Timestamp;

pub(crate) static RULES: &[&RuleCheck] = &[&FREE_TEXT];

static FREE_TEXT: RuleCheck = RuleCheck {
    rule: Rule {
        id: "free-text",
        family: Family::Meaning,
        level: None,
        summary: "a text with words that are not filler",
        explanation: "\
What people say on the phone identifies them, and so do values that the AI extracts from it. \
`postcall redact` replaces each word by filler such as `lorem` and `dolor`, from a public list. \
This rule reports every text with another word, so that no real conversation is committed as a \
test fixture.

Words are accepted that say nothing of a person: labels of speakers, statuses, weekdays, times, \
tags of SSML, `true` and `false`, e-mail addresses at example.com, and what redact writes, such \
as `Campaign 3f2a1b`, `status-3f2a1b` and links to recordings.example.com. Digits and names of \
members are not checked. The finding does not quote the text.

It is reported only if a level names it: `--deny free-text`.",
        bad: "\"transcript\": \"Assistant: Hello Mr. Mustermann!",
        good: "\"transcript\": \"Assistant: Dolor in Lorem!",
        fix: "Commit the output of `postcall redact` with its default `--text shape`.",
        in_schema: false,
        setting: None,
    },
    check: Check::Call(|whole, context| report_texts(whole, context, free_words, message)),
};

fn free_words(text: &BodyText) -> Offsets {
    let is_string = matches!(text.kind, TextKind::String | TextKind::Speaker);
    if !is_string || is_known(text) {
        return Vec::new();
    }
    let prefix = known_prefix(text);
    let words = find_free_words(&text.text[prefix..], text.place.is_transcript());
    words.into_iter().map(|word| prefix + word).collect()
}

/// True for a text that is no free text at its place: a status, a weekday, a speaker, a time.
fn is_known(text: &BodyText) -> bool {
    let BodyText { text, kind, place } = *text;
    let field = place.field();
    let is_known_at_place = match field.map_or("", |field| field.pointer) {
        "/status" => documented_status(text).is_some(),
        "/lead/status" => LEAD_STATUSES.contains(&text) || documented_status(text).is_some(),
        "/campaign/status" => CAMPAIGN_STATUSES.contains(&text),
        "/campaign/allowed_days" => WEEKDAYS.contains(&text),
        "/transcript" if kind == TextKind::Speaker => is_speaker_label(text) || is_turn_type(text),
        _ => field.is_some_and(|field| field.kind == FieldType::Integer) && is_number_text(text),
    };
    is_known_at_place
        || is_no_value(text)
        || read_boolean(text.trim()).is_some()
        || Timestamp::read(text).is_some()
}

/// True for a number in a string with a unit of time, such as `180 s` or `3m`.
fn is_number_text(text: &str) -> bool {
    const LONGEST: usize = 10;
    let is_part = |byte: u8| byte.is_ascii_digit() || b" .,:+-smh".contains(&byte);
    text.len() <= LONGEST && text.bytes().all(is_part)
}

/// Length of the start of a text that is known: `sample ` of a test delivery, `Campaign 3f2a1b`.
fn known_prefix(text: &BodyText) -> usize {
    const CAMPAIGN: &str = "Campaign ";
    const DIGITS: usize = 6;
    let BodyText { text, place, .. } = *text;
    if text.starts_with(TEST_PREFIX) {
        return TEST_PREFIX.len();
    }
    let is_name = place
        .field()
        .is_some_and(|field| field.pointer == "/campaign/name");
    let token = text.strip_prefix(CAMPAIGN).filter(|_| is_name);
    let is_lower_hex = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let digits = token.map(|token| token.bytes().take_while(|byte| is_lower_hex(byte)).count());
    match digits {
        Some(DIGITS) => CAMPAIGN.len() + DIGITS,
        _ => 0,
    }
}

fn message(found: &Occurrences) -> Message {
    Message::new(
        "filler words only, as `postcall redact` writes them",
        found.describe("another word", "other words"),
    )
}
