//! Rules on plausibility: values that are well-formed and well-typed, but unlikely.

use chrono::{DateTime, TimeDelta, Utc};

use super::format::seconds_since_midnight;
use crate::call::campaign::Campaign;
use crate::call::lead::Lead;
use crate::call::phone::to_e164;
use crate::call::{Call, is_empty_value};
use crate::contract::{
    CALL_STATUSES, CAMPAIGN_STATUSES, CONNECTED_STATUSES, FIELDS, FieldType, LEAD_STATUSES,
    TEST_PREFIX, UNCONNECTED_STATUSES,
};
use crate::json::pointer;
use crate::json::{Json, Kind};
use crate::lint::check::{Check, FieldValue, RuleCheck, WholeCall};
use crate::lint::collector::RuleContext;
use crate::lint::describe::{describe, marked_text};
use crate::lint::finding::Message;
use crate::lint::rule::{Family, Level, Rule};
use crate::time::timestamp::{Spelling, Timestamp};

pub(crate) static RULES: &[&RuleCheck] = &[
    &FINISH_BEFORE_START,
    &LONGER_THAN_SPAN,
    &FUTURE_TIME,
    &NEGATIVE_NUMBER,
    &UNKNOWN_STATUS,
    &NO_CALLING_DAY,
    &EMPTY_CALLING_WINDOW,
    &LEAD_WITHOUT_CAMPAIGN,
    &CAMPAIGN_WITHOUT_LEAD,
    &LEAD_PHONE_MISMATCH,
    &CONTENT_WITHOUT_CONNECTION,
    &CONNECTION_WITHOUT_TRANSCRIPT,
    &TEST_DELIVERY,
    &DUPLICATE_CALL,
];

static FINISH_BEFORE_START: RuleCheck = RuleCheck {
    rule: Rule {
        id: "finish-before-start",
        family: Family::Meaning,
        level: Level::Warning,
        summary: "a call that finished before it was created",
        explanation: "\
finished_at is taken from the last update of the call's record, so it can not lie before created_at. If it does, one of the two was written with \
another offset, or changed on the way, and nothing that is computed from them holds.",
        bad: "\"created_at\": \"2024-01-15T10:30:00Z\",\n\"finished_at\": \"2024-01-15T10:27:00Z\"",
        good: "\"created_at\": \"2024-01-15T10:30:00Z\",\n\"finished_at\": \"2024-01-15T10:33:00Z\"",
        fix: "Look for a step that changes one of the two times, most likely by the hours of a time zone.",
        in_schema: false,
        setting: None,
    },
    check: Check::Call(finish_before_start),
};

fn finish_before_start<'a>(whole: &WholeCall<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    let Some([start, finish]) = start_and_finish(whole) else {
        return;
    };
    if finish.1.time < start.1.time {
        let message = Message {
            expected: format!("a time at or after created_at ({})", start.0.text()),
            found: describe(finish.0),
            help: None,
        };
        context.report(finish.0.text(), "/finished_at".to_owned(), message);
    }
}

/// Values and times of `created_at` and `finished_at`; `None` unless both are readable.
fn start_and_finish<'a>(whole: &WholeCall<'_, 'a>) -> Option<[(Json<'a>, Timestamp); 2]> {
    let read = |value: Option<Json<'a>>| Some((value?, whole.times.read(value?)?));
    Some([
        read(whole.call.created_at())?,
        read(whole.call.finished_at())?,
    ])
}

static LONGER_THAN_SPAN: RuleCheck = RuleCheck {
rule: Rule {
    id: "longer-than-span",
    family: Family::Meaning,
    level: Level::Warning,
    summary: "a talk time that is longer than the time from created_at to finished_at",
    explanation: "\
duration counts seconds of talk, and all of the talk lies between created_at and finished_at. A longer one is wrong, or in another unit \
(milliseconds, say), and spoils every bill and mean that is computed from it.

One second is let pass: times to the second are rounded.",
    bad: "\"duration\": 180000",
    good: "\"duration\": 180",
    fix: "Check the unit: the page documents seconds.",
    in_schema: false,
    setting: None,
},
    check: Check::Call(longer_than_span),
};

fn longer_than_span<'a>(whole: &WholeCall<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    const ROUNDING: i128 = 1;
    let call = whole.call;
    let (Some([start, finish]), Some(talk), Some(duration)) =
        (start_and_finish(whole), call.talk_time(), call.duration())
    else {
        return;
    };
    let span = (finish.1.time - start.1.time).num_seconds();
    if span >= 0 && talk.0 > i128::from(span) + ROUNDING {
        let message = Message {
            expected: format!("at most the {span} seconds from created_at to finished_at"),
            found: describe(duration),
            help: None,
        };
        context.report(marked_text(duration), "/duration".to_owned(), message);
    }
}

static FUTURE_TIME: RuleCheck = RuleCheck {
rule: Rule {
    id: "future-time",
    family: Family::Meaning,
    level: Level::Warning,
    summary: "a time that lies in the future",
    explanation: "\
A webhook tells of what has been: none of its times can lie after now. One that does was written with a wrong offset, a wrong year, or a clock \
that is ahead.

Five minutes are let pass for clocks, and fourteen hours where a time has no zone.",
    bad: "\"finished_at\": \"2124-01-15T10:33:00Z\"",
    good: "\"finished_at\": \"2024-01-15T10:33:00Z\"",
    fix: "Check the clock of this machine first, then the step that wrote the time.",
    in_schema: false,
    setting: None,
},
    check: Check::Call(future_time),
};

fn future_time<'a>(whole: &WholeCall<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    // `past_time` is before now. If no time is later than it, reading the clock is unnecessary.
    if whole.times.latest() <= Some(whole.past_time) {
        return;
    }
    for field in FIELDS.iter().filter(|field| field.is_timestamp()) {
        let Some((value, pointer)) = whole.find(field) else {
            continue;
        };
        let time = whole.times.read(value);
        if time.is_some_and(|time| is_after(time, Utc::now())) {
            let message = Message {
                expected: "a time that has been".to_owned(),
                found: describe(value),
                help: Some(format!(
                    "it is now {}",
                    Utc::now().format("%Y-%m-%dT%H:%MZ")
                )),
            };
            context.report(value.text(), pointer, message);
        }
    }
}

fn is_after(time: Timestamp, now: DateTime<Utc>) -> bool {
    let tolerance = match time.spelling {
        // UTC+14 is the zone furthest ahead of UTC.
        Spelling::Zoneless => TimeDelta::hours(14),
        Spelling::Iso8601 | Spelling::Loose => TimeDelta::minutes(5),
    };
    time.time > now + tolerance
}

static NEGATIVE_NUMBER: RuleCheck = RuleCheck {
    rule: Rule {
        id: "negative-number",
        family: Family::Meaning,
        level: Level::Warning,
        summary: "a documented number below zero",
        explanation: "\
Ids, seconds of talk, parallel calls, retries and minutes between them are counted from zero. The page does not say so, therefore this is a \
warning; but a duration of -1 is a mark that some system sets for \"unknown\", and it spoils sums.",
        bad: "\"duration\": -1",
        good: "\"duration\": 0",
        fix: "Find out what the negative number stands for, and let the receiver treat it as that.",
        in_schema: true,
        setting: None,
    },
    check: Check::Field {
        applies: |field| field.kind == FieldType::Integer,
        check: negative_number,
    },
};

fn negative_number<'a>(member: &FieldValue<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    let digits = member.value.text().strip_prefix('-');
    let is_negative = digits.is_some_and(|digits| {
        let mantissa = digits.split(['e', 'E']).next().unwrap_or_default();
        mantissa.contains(|c: char| matches!(c, '1'..='9'))
    });
    if is_negative && member.value.is_integer() {
        let message = Message {
            expected: "a number from 0 up".to_owned(),
            found: describe(member.value),
            help: None,
        };
        context.report(member.value.text(), member.pointer(), message);
    }
}

static UNKNOWN_STATUS: RuleCheck = RuleCheck {
rule: Rule {
    id: "unknown-status",
    family: Family::Meaning,
    level: Level::Warning,
    summary: "a call, lead or campaign status outside the known ones",
    explanation: "\
The page lists the states only by example. Known are those that the vendor's API names and those that have been seen. A program that decides by \
status has no branch for another one.

The vendor may add states at any time, so an unknown one is never an error by itself.",
    bad: "\"status\": \"cancelled\"",
    good: "\"status\": \"completed\"",
    fix: "If it is misspelled, correct it. If it is new, decide what your programs do with it, then allow it: \
`--allow unknown-status:/status`.",
    in_schema: true,
    setting: None,
},
    check: Check::Call(unknown_status),
};

fn unknown_status<'a>(whole: &WholeCall<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    let Call { lead, campaign, .. } = whole.call;
    let campaign = campaign.as_ref();
    let at_campaign = campaign.map_or("", |campaign| campaign.pointer);
    let statuses = [
        (whole.call.status(), "", "call", CALL_STATUSES),
        (
            lead.as_ref().and_then(Lead::status),
            "/lead",
            "lead",
            LEAD_STATUSES,
        ),
        (
            campaign.and_then(Campaign::status),
            at_campaign,
            "campaign",
            CAMPAIGN_STATUSES,
        ),
    ];
    for (status, parent, whose, known) in statuses {
        let Some(value) = status else { continue };
        if value.kind() == Kind::String && !value.is_one_of(known) {
            let message = Message {
                expected: format!("a known {whose} status ({})", join_names(known)),
                found: describe(value),
                help: None,
            };
            context.report(value.text(), pointer::child(parent, "status"), message);
        }
    }
}

/// The names separated by commas, without those that differ from another one only in `_` for `-`.
fn join_names(names: &[&str]) -> String {
    let is_respelled =
        |name: &str| name.contains('_') && names.contains(&name.replace('_', "-").as_str());
    let names: Vec<&str> = names
        .iter()
        .copied()
        .filter(|name| !is_respelled(name))
        .collect();
    names.join(", ")
}

static NO_CALLING_DAY: RuleCheck = RuleCheck {
    rule: Rule {
        id: "no-calling-day",
        family: Family::Meaning,
        level: Level::Warning,
        summary: "a campaign that may call on no day",
        explanation: "\
A campaign calls on its allowed days. With no day in the list there is none left, and yet here is one of its calls: the days were changed after it, or \
lost on the way.",
        bad: "\"allowed_days\": []",
        good: "\"allowed_days\": [\"monday\", \"tuesday\", \"wednesday\", \"thursday\", \"friday\"]",
        fix: "Check the campaign's calling days in the vendor's dashboard.",
        in_schema: true,
        setting: None,
    },
    check: Check::Call(no_calling_day),
};

fn no_calling_day<'a>(whole: &WholeCall<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    if let Some(campaign) = &whole.call.campaign
        && let Some(days) = campaign.allowed_days()
        && days.kind() == Kind::Array
        && days.is_empty_container()
    {
        let message = Message {
            expected: "at least one day".to_owned(),
            found: "an empty array".to_owned(),
            help: None,
        };
        context.report(
            marked_text(days),
            pointer::child(campaign.pointer, "allowed_days"),
            message,
        );
    }
}

static EMPTY_CALLING_WINDOW: RuleCheck = RuleCheck {
    rule: Rule {
        id: "empty-calling-window",
        family: Family::Meaning,
        level: Level::Warning,
        summary: "a campaign without time to call: its hours end before they start",
        explanation: "\
A campaign calls between allowed_hours_start_time and allowed_hours_end_time. With an end that is not after the start there is no time left to call \
in. If a window over midnight was meant, nobody promises that it is understood as one.",
        bad: "\"allowed_hours_start_time\": \"18:00:00\",\n\"allowed_hours_end_time\": \"09:00:00\"",
        good: "\"allowed_hours_start_time\": \"09:00:00\",\n\"allowed_hours_end_time\": \"18:00:00\"",
        fix: "Check the campaign's calling hours in the vendor's dashboard.",
        in_schema: false,
        setting: None,
    },
    check: Check::Call(empty_calling_window),
};

fn empty_calling_window<'a>(whole: &WholeCall<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    let Some(campaign) = &whole.call.campaign else {
        return;
    };
    let read = |value: Option<Json<'a>>| Some((value?, seconds_since_midnight(&value?.as_str()?)?));
    if let (Some(start), Some(end)) = (
        read(campaign.allowed_hours_start_time()),
        read(campaign.allowed_hours_end_time()),
    ) && end.1 <= start.1
    {
        let message = Message {
            expected: format!("a time after allowed_hours_start_time ({})", start.0.text()),
            found: describe(end.0),
            help: None,
        };
        let pointer = pointer::child(campaign.pointer, "allowed_hours_end_time");
        context.report(end.0.text(), pointer, message);
    }
}

static LEAD_WITHOUT_CAMPAIGN: RuleCheck = RuleCheck {
    rule: Rule {
        id: "lead-without-campaign",
        family: Family::Meaning,
        level: Level::Warning,
        summary: "a call with a lead and no campaign",
        explanation: "\
The page includes a lead only for calls that are part of a campaign. A lead without one means that the campaign was lost on the way; the call \
then counts for none in any sum by campaign.",
        bad: "\"campaign\": null",
        good: "\"campaign\": {",
        fix: "Look for a step that drops the campaign.",
        in_schema: true,
        setting: None,
    },
    check: Check::Call(|whole, context| {
        let call = whole.call;
        if call.lead.is_some() && call.campaign.is_none() {
            let message = Message {
                expected: "a campaign: only campaign calls have a lead".to_owned(),
                found: "none beside the lead".to_owned(),
                help: None,
            };
            context.report(
                whole.marked_text_of("campaign"),
                "/campaign".to_owned(),
                message,
            );
        }
    }),
};

static CAMPAIGN_WITHOUT_LEAD: RuleCheck = RuleCheck {
    rule: Rule {
        id: "campaign-without-lead",
        family: Family::Meaning,
        level: Level::Warning,
        summary: "a call with a campaign and no lead",
        explanation: "\
A campaign calls its leads, so a call of a campaign has one. Without it nobody can tell whom the campaign has reached.",
        bad: "\"lead\": null",
        good: "\"lead\": {",
        fix: "Look for a step that drops the lead.",
        in_schema: true,
        setting: None,
    },
    check: Check::Call(|whole, context| {
        let call = whole.call;
        if call.campaign.is_some() && call.lead.is_none() {
            let message = Message {
                expected: "a lead: a campaign calls its leads".to_owned(),
                found: "none beside the campaign".to_owned(),
                help: None,
            };
            context.report(whole.marked_text_of("lead"), "/lead".to_owned(), message);
        }
    }),
};

static LEAD_PHONE_MISMATCH: RuleCheck = RuleCheck {
rule: Rule {
    id: "lead-phone-mismatch",
    family: Family::Meaning,
    level: Level::Warning,
    summary: "a lead whose phone number is not the customer's",
    explanation: "\
In a campaign call the customer is the lead, so lead.phone_number and customer_phone are the same number. If they differ, the lead of another \
call may have got into this one, and notes about one person go to another.

Numbers are compared in E.164 form; spaces, dashes and a leading 00 do not count.",
    bad: "\"phone_number\": \"+4915199999999\"",
    good: "\"phone_number\": \"+4915123456789\"",
    fix: "Find out which of the two was called. A step that joins calls and leads by their order instead of their ids is a likely cause.",
    in_schema: false,
    setting: None,
},
    check: Check::Call(lead_phone_mismatch),
};

fn lead_phone_mismatch<'a>(whole: &WholeCall<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    let number = |value: Json<'a>| Some((value, to_e164(&value.as_str()?)?));
    let lead = whole.call.lead.as_ref().and_then(Lead::phone_number);
    let (Some(lead), Some(customer)) = (lead, whole.call.customer_phone()) else {
        return;
    };
    if lead == customer {
        return;
    }
    let (Some(lead), Some(customer)) = (number(lead), number(customer)) else {
        return;
    };
    if lead.1 != customer.1 {
        let message = Message {
            expected: format!("the customer's number ({})", customer.0.text()),
            found: describe(lead.0),
            help: None,
        };
        context.report(lead.0.text(), "/lead/phone_number".to_owned(), message);
    }
}

static CONTENT_WITHOUT_CONNECTION: RuleCheck = RuleCheck {
    rule: Rule {
        id: "content-without-connection",
        family: Family::Meaning,
        level: Level::Warning,
        summary: "a recording or transcript of a call that never connected",
        explanation: "\
Where the line was busy or nobody picked up, and where a call failed before a second was talked, nobody said anything: there is nothing to record or \
to write down. If there is a recording or a transcript, either the status is wrong, or they are another call's.",
        bad: "\"status\": \"busy\"",
        good: "\"status\": \"completed\"",
        fix: "Listen to the recording, and find out which of the two is right before you act on either.",
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
            let message = Message {
                expected: format!("{expected} of a call with the status {}", status.text()),
                found: describe(value),
                help: None,
            };
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
A call that was completed and in which there was talk has a transcript. An empty one means that it was not ready when the webhook was sent, or that a step on \
the way dropped it; and what the AI extracted can not be checked against what was said.",
        bad: "\"transcript\": \"\"",
        good: "\"transcript\": \"Assistant: Hello Mr. Mustermann!",
        fix: "Fetch the call from the vendor's API by its id: the transcript may be there by now.",
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
        let message = Message {
            expected: "what was said in this call".to_owned(),
            found: describe(transcript),
            help: None,
        };
        context.report(marked_text(transcript), "/transcript".to_owned(), message);
    }
}

fn has_status(call: &Call, statuses: &[&str]) -> bool {
    call.status()
        .is_some_and(|status| status.is_one_of(statuses))
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

static TEST_DELIVERY: RuleCheck = RuleCheck {
    rule: Rule {
        id: "test-delivery",
        family: Family::Meaning,
        level: Level::Warning,
        summary: "the dashboard's test delivery: its texts begin with `sample `",
        explanation: "\
The button in the vendor's dashboard that tries a webhook sends a body with made-up values: \"sample transcript\", \"sample customer_name\". It is \
no call, and in a report or in a bill it would be one too many. Looked at are the transcript and the variables.",
        bad: "\"transcript\": \"sample transcript\"",
        good: "\"transcript\": \"Assistant: Hello Mr. Mustermann!",
        fix: "Delete the file. If one of your calls really has a text that begins so, allow it where it stands: \
`--allow test-delivery:/extracted_variables/*`.",
        in_schema: true,
        setting: None,
    },
    check: Check::Call(test_delivery),
};

fn test_delivery<'a>(whole: &WholeCall<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    let call = whole.call;
    let is_sample = |value: &Json| value.starts_with(TEST_PREFIX);
    let transcript = call.transcript().value().filter(is_sample);
    let in_transcript = transcript.map(|value| (value, "/transcript".to_owned()));
    let in_variables = || {
        call.all_variables().find_map(|(field, variables)| {
            let members = variables.members()?;
            let found = members.iter().find(|member| is_sample(&member.value()))?;
            Some((found.value(), pointer::child(field.pointer, &found.name())))
        })
    };
    if let Some((value, pointer)) = in_transcript.or_else(in_variables) {
        let message = Message {
            expected: "the body of a real call".to_owned(),
            found: format!(
                "{}, as the dashboard's test button sends it",
                describe(value)
            ),
            help: None,
        };
        context.report(value.text(), pointer, message);
    }
}

/// The rule on repeated call ids. `validate` reports it where it merges the batches of a run.
pub static DUPLICATE_CALL: RuleCheck = RuleCheck {
rule: Rule {
    id: "duplicate-call",
    family: Family::Meaning,
    level: Level::Warning,
    summary: "a call id that an earlier body of the same run has too",
    explanation: "\
The vendor repeats a delivery that was not answered, so the same call can be saved several times. Sums over such files count it twice.

Ids are compared over all files of a run, in the order in which they are read. Ids that are no integers are not compared.",
    bad: "\"id\": 480336",
    good: "\"id\": 480337",
    fix: "Answer a delivery at once with a status 2xx and do the work later. Keep one body of each id.",
    in_schema: false,
    setting: None,
},
    check: Check::Run,
};

/// Message for a call whose id has occurred before in the run.
#[must_use]
pub fn repeated_call(id: &str) -> Message {
    Message {
        expected: "each call once".to_owned(),
        found: format!("the id {id} again"),
        help: Some("deliveries repeat: keep one body of each id".to_owned()),
    }
}
