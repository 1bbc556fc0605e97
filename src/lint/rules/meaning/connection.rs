//! Agreement of the status with transcript and recording: was there a conversation?

use crate::call::{Call, is_empty_value};
use crate::contract::{CALL_STATUSES, CONNECTED_STATUSES, UNCONNECTED_STATUSES, documented_status};
use crate::json::Json;
use crate::lint::collector::RuleContext;
use crate::lint::describe::{describe, marked_text};
use crate::lint::finding::Message;
use crate::lint::rule_check::{Check, RuleCheck, WholeCall};
use crate::lint::rule_data::{Family, Level, Rule};

pub(crate) static RULES: &[&RuleCheck] =
    &[&CONTENT_WITHOUT_CONNECTION, &CONNECTION_WITHOUT_TRANSCRIPT];

static CONTENT_WITHOUT_CONNECTION: RuleCheck = RuleCheck {
    rule: Rule {
        id: "content-without-connection",
        family: Family::Meaning,
        level: Level::Warning,
        summary: "a recording or transcript of a call that never connected",
        explanation: "\
A call that was busy, was not answered, or failed with a talk time of 0 seconds has no \
conversation, so there is nothing to record or transcribe. Either the status is wrong, or the \
recording or transcript belongs to another call.",
        bad: "\"status\": \"busy\"",
        good: "\"status\": \"completed\"",
        fix: "Check the recording or transcript: if it belongs to this call, the status is wrong.",
        in_schema: true,
        setting: None,
    },
    check: Check::Call(content_without_connection),
};

fn content_without_connection<'a>(whole: &WholeCall<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    let call = whole.call;
    let Some(status) = call.status().filter(|_| never_connected(call)) else {
        return;
    };
    let contents = [
        (call.transcript().value(), "/transcript", "no transcript"),
        (call.recording_url(), "/recording_url", "no recording"),
    ];
    for (value, pointer, expected) in contents {
        if let Some(value) = value.filter(|value| !is_empty_value(*value)) {
            let message = Message::new(
                format!("{expected} for a call with status {}", status.text()),
                describe(value),
            );
            context.report(marked_text(value), pointer.to_owned(), message);
        }
    }
}

static CONNECTION_WITHOUT_TRANSCRIPT: RuleCheck = RuleCheck {
    rule: Rule {
        id: "connection-without-transcript",
        family: Family::Meaning,
        level: Level::Warning,
        summary: "a connected call without a transcript",
        explanation: "\
A completed call with talk time has a transcript. If it is empty, it was not ready when the \
webhook was sent, or a step along the way dropped it. Without a transcript, the extracted \
variables cannot be compared with the conversation.",
        bad: "\"transcript\": \"\"",
        good: "\"transcript\": \"Assistant: Hello Mr. Mustermann!",
        fix: "\
Fetch the call from the vendor's API by its id: the transcript may be available by now.",
        in_schema: true,
        setting: None,
    },
    check: Check::Call(connection_without_transcript),
};

fn connection_without_transcript<'a>(whole: &WholeCall<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    let call = whole.call;
    let has_talk = || call.talk_time().is_some_and(|talk| talk.0 > 0);
    let transcript = call
        .transcript()
        .value()
        .filter(|value| is_empty_value(*value));
    if let Some(transcript) = transcript
        && has_talk()
        && is_connected(call)
    {
        let message = Message::new("the transcript of a connected call", describe(transcript));
        context.report(marked_text(transcript), "/transcript".to_owned(), message);
    }
}

fn has_status(call: &Call, statuses: &[&str]) -> bool {
    let is_other_spelling = |status: Json| {
        !status.is_one_of(CALL_STATUSES)
            && (status.as_str().as_deref().and_then(documented_status))
                .is_some_and(|status| statuses.contains(&status))
    };
    call.status()
        .is_some_and(|status| status.is_one_of(statuses) || is_other_spelling(status))
}

/// True if the status says that the call was connected and completed.
pub(crate) fn is_connected(call: &Call) -> bool {
    has_status(call, CONNECTED_STATUSES)
}

/// True if the call was not answered, or failed with a talk time of 0 seconds.
pub(crate) fn never_connected(call: &Call) -> bool {
    let has_no_talk = || call.talk_time().is_some_and(|talk| talk.0 == 0);
    has_status(call, UNCONNECTED_STATUSES) || (has_status(call, &["failed"]) && has_no_talk())
}
