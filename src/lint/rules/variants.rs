//! Rules on the known variants of the vendor: they break the letter of the contract but are
//! harmless to read, so they are warnings.

use super::joined_text::{in_words, join_texts};
use crate::contract::recognition::{
    CAMPAIGN_IN_LEAD_POINTER, CAMPAIGN_NAME, CAMPAIGN_POINTER, is_campaign_inside_lead,
};
use crate::contract::{Field, FieldType, field_count, field_set};
use crate::json::{Json, Kind};
use crate::lint::collector::RuleContext;
use crate::lint::describe::{describe, marked_text};
use crate::lint::finding::Message;
use crate::lint::rule_check::{Check, DocumentedObject, FieldValue, RuleCheck};
use crate::lint::rule_data::{Family, Level, Rule};
use crate::time::timestamp::Spelling;

pub(crate) static RULES: &[&RuleCheck] = &[
    &TRANSCRIPT_AS_TURNS,
    &EMPTY_LIST_FOR_OBJECT,
    &ZONELESS_TIME,
    &LOOSE_TIMESTAMP,
    &CAMPAIGN_INSIDE_LEAD,
    &BRIEF_CAMPAIGN,
];

/// True if `value` has the wrong type for `field` but is a known variant with a rule in this file.
pub(crate) fn is_known(field: &Field, value: Json) -> bool {
    is_transcript_as_turns(field, value) || is_empty_list_for_object(field, value)
}

static TRANSCRIPT_AS_TURNS: RuleCheck = RuleCheck {
    rule: Rule {
        id: "transcript-as-turns",
        family: Family::Variants,
        level: Some(Level::Warning),
        summary: "a transcript that is a list of turns instead of a string",
        explanation: "\
The vendor documents the transcript as one string with one line per turn. Some assistants send a \
list of turns instead, each with its text and sender, often together with formatted_transcript.

postcall reads both. A receiver that expects a string may store \"[object Object]\".",
        bad: "\"transcript\": [",
        good: "\"transcript\": \"Assistant: Hello Mr. Mustermann!",
        fix: "\
Make the receiver accept both forms, or use formatted_transcript where it is present.",
        in_schema: true,
        setting: None,
    },
    check: Check::Field {
        applies: |field| field.pointer == "/transcript",
        check: |member, context| {
            if is_transcript_as_turns(member.field, member.value) {
                let message = Message::new("a string", "a list of turns");
                context.report(marked_text(member.value), member.pointer(), message);
            }
        },
    },
};

fn is_transcript_as_turns(field: &Field, value: Json) -> bool {
    field.pointer == "/transcript" && value.kind() == Kind::Array
}

static EMPTY_LIST_FOR_OBJECT: RuleCheck = RuleCheck {
    rule: Rule {
        id: "empty-list-for-object",
        family: Family::Variants,
        level: Some(Level::Warning),
        summary: "`[]` instead of an empty object, as written by PHP",
        explanation: "\
PHP has one array type for lists and maps, and encodes an empty one as []. So \
extracted_variables, input_variables and lead.variables are [] in calls without variables, and \
{…} in others.

postcall reads [] as an empty object. Typed receivers (Go, Java, Rust, C#, a database) reject \
the whole body.",
        bad: "\"input_variables\": []",
        good: "\"input_variables\": {}",
        fix: "\
Make the receiver read [] as an empty object. If the PHP code is yours, cast before encoding: \
(object) $variables.",
        in_schema: true,
        setting: None,
    },
    check: Check::Field {
        applies: |field| field.kind == FieldType::Object,
        check: |member, context| {
            if is_empty_list_for_object(member.field, member.value) {
                let message = Message::new("an object (`{}` if empty)", "an empty array");
                context.report(marked_text(member.value), member.pointer(), message);
            }
        },
    },
};

fn is_empty_list_for_object(field: &Field, value: Json) -> bool {
    let is_empty_list = value.kind() == Kind::Array && value.is_empty_container();
    field.kind == FieldType::Object && is_empty_list
}

static ZONELESS_TIME: RuleCheck = RuleCheck {
    rule: Rule {
        id: "zoneless-time",
        family: Family::Variants,
        level: Some(Level::Warning),
        summary: "a time without a zone, which postcall reads as UTC",
        explanation: "\
2025-08-04 14:34:05 has no offset from UTC, so it does not identify a point in time. The vendor \
does send such times. postcall reads them as UTC and marks them in its output.

A receiver in Germany that reads them as local time is off by one or two hours, and near midnight \
by a day.",
        bad: "\"created_at\": \"2024-01-15 10:30:00\"",
        good: "\"created_at\": \"2024-01-15T10:30:00Z\"",
        fix: "\
Make the receiver assume UTC if there is no offset. If one of your steps formats the time, make it \
keep the offset.",
        in_schema: true,
        setting: None,
    },
    check: Check::Field {
        applies: Field::is_timestamp,
        check: |member, context| {
            if spelling(member) == Some(Spelling::Zoneless) {
                let expected = "a time with an offset from UTC (2024-01-15T10:30:00Z)";
                let message = Message::new(expected, describe(member.value))
                    .with_help("postcall reads it as UTC");
                context.report(member.value.text(), member.pointer(), message);
            }
        },
    },
};

static LOOSE_TIMESTAMP: RuleCheck = RuleCheck {
    rule: Rule {
        id: "loose-timestamp",
        family: Family::Variants,
        level: Some(Level::Warning),
        summary: "a time in a notation that RFC 3339 allows but ISO 8601 does not",
        explanation: "\
RFC 3339 allows a space or a lowercase t between date and time, and a lowercase z for UTC. ISO \
8601, which the vendor documents, requires T and Z. Such times are unambiguous, and postcall reads \
them. Strict parsers such as Java's Instant.parse reject them.",
        bad: "\"created_at\": \"2024-01-15 10:30:00Z\"",
        good: "\"created_at\": \"2024-01-15T10:30:00Z\"",
        fix: "Write an uppercase T between date and time, and an uppercase Z for UTC.",
        in_schema: true,
        setting: None,
    },
    check: Check::Field {
        applies: Field::is_timestamp,
        check: |member, context| {
            if spelling(member) == Some(Spelling::Loose) {
                let expected = "an ISO 8601 time with `T` and `Z` (2024-01-15T10:30:00Z)";
                let message = Message::new(expected, describe(member.value));
                context.report(member.value.text(), member.pointer(), message);
            }
        },
    },
};

fn spelling(member: &FieldValue) -> Option<Spelling> {
    member.time().map(|timestamp| timestamp.spelling)
}

static CAMPAIGN_INSIDE_LEAD: RuleCheck = RuleCheck {
    rule: Rule {
        id: "campaign-inside-lead",
        family: Family::Variants,
        level: Some(Level::Warning),
        summary: "a campaign that is a member of the lead instead of the body",
        explanation: "\
The vendor documents the campaign as a member of the body, next to the lead. In some bodies it is \
inside the lead. If the body has no campaign of its own, postcall uses and checks the one inside \
the lead. A receiver that reads body.campaign does not find it.",
        bad: "\"updated_at\": \"2024-01-15T10:33:00Z\",\n\"campaign\": {",
        good: "\"updated_at\": \"2024-01-15T10:33:00Z\"\n},\n\"campaign\": {",
        fix: "Make the receiver look in both objects, body.campaign first.",
        in_schema: true,
        setting: None,
    },
    check: Check::Object(campaign_inside_lead),
};

fn campaign_inside_lead<'a>(object: &DocumentedObject<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    if !may_hold_campaign(object) {
        return;
    }
    for member in object.members {
        let is_present = !member.value().is_null();
        if is_present && is_campaign_inside_lead(object.contract, &member.name()) {
            let message = Message::new("the campaign in the body", "it in the lead")
                .with_problem("campaign inside the lead instead of the body")
                .with_help("postcall uses it if the body has no campaign of its own");
            context.report(
                member.name_text(),
                CAMPAIGN_IN_LEAD_POINTER.to_owned(),
                message,
            );
        }
    }
}

/// Returns the campaign inside the lead `object`, if it is an object.
pub(crate) fn campaign_inside_lead_of<'a>(object: &DocumentedObject<'_, 'a>) -> Option<Json<'a>> {
    let campaign = may_hold_campaign(object)
        .then(|| object.members.get(CAMPAIGN_NAME))
        .flatten();
    campaign.filter(|campaign| campaign.kind() == Kind::Object)
}

/// True for a lead with undocumented members, of which the campaign may be one.
fn may_hold_campaign(object: &DocumentedObject) -> bool {
    is_campaign_inside_lead(object.contract, CAMPAIGN_NAME) && object.documented.has_undocumented
}

static BRIEF_CAMPAIGN: RuleCheck = RuleCheck {
    rule: Rule {
        id: "brief-campaign",
        family: Family::Variants,
        level: Some(Level::Warning),
        summary: "a campaign that has only its id and name",
        explanation: join_texts!(
            "The vendor documents ",
            in_words(field_count("/campaign")),
            " \
members of a campaign. Some bodies have only its id and name. These identify the campaign, but do \
not show its calling hours or retries. This rule reports such a campaign once, instead of ",
            in_words(field_count("/campaign") - 2),
            " missing members."
        ),
        bad: "\"campaign\": {\n\"id\": 2324,\n\"name\": \"New Customer Acquisition Q1 2024\"\n}",
        good: "\"campaign\": {\n\"id\": 2324,\n\"name\": \"New Customer Acquisition Q1 2024\",\n\"status\"",
        fix: "\
Make the receiver work without the other members, or make it fetch them from the vendor's API by \
the campaign's id.",
        in_schema: true,
        setting: None,
    },
    check: Check::Object(brief_campaign),
};

fn brief_campaign<'a>(object: &DocumentedObject<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    if is_brief_campaign(object) {
        let message = Message::new("a campaign with all documented members", "only id and name")
            .with_problem("campaign with only `id` and `name`");
        context.report(
            marked_text(object.value),
            object.pointer.to_owned(),
            message,
        );
    }
}

/// True if `object` is a campaign that has only an id and a name.
pub(crate) fn is_brief_campaign(object: &DocumentedObject) -> bool {
    object.contract == CAMPAIGN_POINTER
        && !object.documented.has_undocumented
        && object.documented.present() == const { field_set(&["/campaign/id", "/campaign/name"]) }
}
