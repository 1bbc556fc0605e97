//! Agreement of the status with transcript and recording: was there a conversation?

use crate::call::{Call, is_empty_value};
use crate::contract::{CONNECTED_STATUSES, UNCONNECTED_STATUSES, documented_status};
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
        level: Some(Level::Warning),
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
        level: Some(Level::Warning),
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

/// What the status says about the connection.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Connection {
    /// The call was connected and completed.
    Connected,
    /// The call was not answered.
    Unconnected,
    /// The call failed, before or after the connection.
    Failed,
    /// Anything else, such as a call that still rings.
    Unknown,
}

impl Connection {
    /// The statuses are compared by frequency: most calls are settled by the first comparison.
    fn of(call: &Call) -> Self {
        let Some(status) = call.status() else {
            return Self::Unknown;
        };
        if status.is_one_of(CONNECTED_STATUSES) {
            Self::Connected
        } else if status.is_one_of(UNCONNECTED_STATUSES) {
            Self::Unconnected
        } else {
            let documented = status.as_str().as_deref().and_then(documented_status);
            match documented {
                Some("failed") => Self::Failed,
                Some(status) if CONNECTED_STATUSES.contains(&status) => Self::Connected,
                Some(status) if UNCONNECTED_STATUSES.contains(&status) => Self::Unconnected,
                _ => Self::Unknown,
            }
        }
    }
}

/// True if the status says that the call was connected and completed.
pub(crate) fn is_connected(call: &Call) -> bool {
    Connection::of(call) == Connection::Connected
}

/// True if the call was not answered, or failed with a talk time of 0 seconds.
pub(crate) fn never_connected(call: &Call) -> bool {
    match Connection::of(call) {
        Connection::Unconnected => true,
        Connection::Failed => call.talk_time().is_some_and(|talk| talk.0 == 0),
        Connection::Connected | Connection::Unknown => false,
    }
}
