//! Values and names of the vendor that rules and the schema know: statuses, weekdays, markers.

/// The call statuses that the vendor's call API documents, in its spelling and with the underscores
/// that also arrive (`no_answer`).
pub const CALL_STATUSES: &[&str] = &[
    "initiated",
    "ringing",
    "busy",
    "in-progress",
    "in_progress",
    "ended",
    "completed",
    "ended_by_customer",
    "ended_by_assistant",
    "no-answer",
    "no_answer",
    "failed",
];

/// The statuses of finished calls in which both sides were connected.
pub(crate) const CONNECTED_STATUSES: &[&str] = &[
    "completed",
    "ended",
    "ended_by_customer",
    "ended_by_assistant",
];

/// The statuses of calls that were not answered. `failed` is missing because a connected line can
/// also fail in the middle of a conversation.
pub(crate) const UNCONNECTED_STATUSES: &[&str] = &["busy", "no-answer", "no_answer"];

/// The lead statuses of the vendor's API, and `contacted` from the documented example.
pub(crate) const LEAD_STATUSES: &[&str] = &[
    "created",
    "scheduled",
    "processing",
    "completed",
    "rescheduled",
    "reached-max-retries",
    "blacklisted",
    "contacted",
];

/// The campaign statuses that are known to arrive.
pub(crate) const CAMPAIGN_STATUSES: &[&str] = &[
    "in-progress",
    "active",
    "paused",
    "stopped",
    "draft",
    "completed",
];

/// The ranges that the vendor's dashboard allows for the settings of a campaign: JSON Pointer,
/// smallest and largest value.
pub(crate) const SETTING_RANGES: &[(&str, u32, u32)] = &[
    ("/campaign/max_calls_in_parallel", 1, 10),
    ("/campaign/max_retries", 1, 5),
    ("/campaign/retry_interval", 10, 4320),
];

/// The weekdays, as spelled in the documented example.
pub(crate) const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// The variables that every assistant extracts, independent of its post-call schema: whether the
/// goal was reached, and a summary.
pub(crate) const DEFAULT_VARIABLES: &[&str] = &["status", "summary"];

/// The prefix of the values in the dashboard's test delivery.
pub(crate) const TEST_PREFIX: &str = "sample ";

/// Members of a body that are not documented for the webhook but are known to arrive.
pub const KNOWN_EXTRAS: &[&str] = &[ASSISTANT_NAME, "transfers", FORMATTED_TRANSCRIPT, CALL_ID];

/// The undocumented member with the text of the transcript, or its turns.
pub(crate) const FORMATTED_TRANSCRIPT: &str = "formatted_transcript";

/// The undocumented member with the assistant's name.
pub(crate) const ASSISTANT_NAME: &str = "assistant_name";

/// The undocumented member that some bodies have in place of `id`.
pub(crate) const CALL_ID: &str = "call_id";

/// Strings with which the AI means that it found no value, in variables of any type but string.
pub(crate) const EMPTY_MARKERS: &[&str] = &["", "-", "–"];

/// Words with which the AI means that it found no value, in lower case.
const NO_VALUE_WORDS: &[&str] = &["n/a", "na", "none", "null"];

/// True for a text with which the AI means that it found no value.
#[must_use]
pub(crate) fn is_no_value(text: &str) -> bool {
    let text = text.trim();
    let mut words = NO_VALUE_WORDS.iter();
    EMPTY_MARKERS.contains(&text) || words.any(|word| text.eq_ignore_ascii_case(word))
}

/// Strings with which the AI means a boolean: true, then false.
pub(crate) const BOOLEANS_IN_QUOTES: &[&str] = &["true", "false"];

/// Words in place of a phone number that is withheld or unknown, in lower case.
pub(crate) const PHONE_PLACEHOLDERS: &[&str] = &[
    "",
    "-",
    "--",
    "?",
    "anonym",
    "anonymous",
    "blocked",
    "hidden",
    "n/a",
    "na",
    "no caller id",
    "none",
    "not available",
    "null",
    "private",
    "privat",
    "restricted",
    "suppressed",
    "unavailable",
    "unbekannt",
    "undefined",
    "unknown",
    "unterdrückt",
    "withheld",
];
