//! Rules on the known variants of the vendor: they break the letter of the contract but are
//! harmless to read, so they are warnings.

use super::counts::{in_words, join_texts};
use crate::contract::recognition::{
    CAMPAIGN_IN_LEAD_POINTER, CAMPAIGN_NAME, CAMPAIGN_POINTER, is_campaign_inside_lead,
};
use crate::contract::{Field, FieldType, field_count, field_set};
use crate::json::{Json, Kind};
use crate::lint::check::{Check, DocumentedObject, FieldValue, RuleCheck};
use crate::lint::collector::RuleContext;
use crate::lint::describe::{describe, marked_text};
use crate::lint::finding::Message;
use crate::lint::rule::{Family, Level, Rule};
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
    level: Level::Warning,
    summary: "the transcript as a list of turns instead of text",
    explanation: "\
The page documents the transcript as one string with a line for each turn. Some assistants send a list of turns instead, each with its text and \
its sender, often with formatted_transcript beside it.

Here both forms are read alike. A receiver that was written along the page may store \"[object Object]\".",
    bad: "\"transcript\": [",
    good: "\"transcript\": \"Assistant: Hello Mr. Mustermann!",
    fix: "Let the receiver read both forms, or take formatted_transcript where it is there.",
    in_schema: true,
    setting: None,
},
    check: Check::Field {
        applies: |field| field.pointer == "/transcript",
        check: |member, context| {
            if is_transcript_as_turns(member.field, member.value) {
                let message = Message {
                    expected: "the transcript as one string".to_owned(),
                    found: "a list of turns".to_owned(),
                    help: None,
                };
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
    level: Level::Warning,
    summary: "`[]` where an empty object belongs, as PHP writes it",
    explanation: "\
PHP writes an empty map as [], because it does not tell maps from lists. So extracted_variables, input_variables or lead.variables are [] in \
calls without variables, and {…} in the others.

Here [] is read as an empty object. Typed receivers (Go, Java, Rust, C#, a database) refuse the whole body because of it.",
    bad: "\"input_variables\": []",
    good: "\"input_variables\": {}",
    fix: "Let the receiver take an empty list for an empty object. If the PHP is yours, cast before encoding: (object) $variables.",
    in_schema: true,
    setting: None,
},
    check: Check::Field {
        applies: |field| field.kind == FieldType::Object,
        check: |member, context| {
            if is_empty_list_for_object(member.field, member.value) {
                let message = Message {
                    expected: "an object, `{}` when empty".to_owned(),
                    found: "an empty array".to_owned(),
                    help: None,
                };
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
    level: Level::Warning,
    summary: "a time without a zone; UTC is assumed",
    explanation: "\
2025-08-04 14:34:05 may be any of 26 points in time: it lacks the offset from UTC that ISO 8601 wants for a point in time. Such times arrive; \
they are read as UTC here, and shown with that remark.

A receiver that takes them for local time is off by an hour or two in Germany, and on another day near midnight.",
    bad: "\"created_at\": \"2024-01-15 10:30:00\"",
    good: "\"created_at\": \"2024-01-15T10:30:00Z\"",
    fix: "Let the receiver assume UTC where no offset stands. If a step of your own formats the time, let it keep the offset.",
    in_schema: true,
    setting: None,
},
    check: Check::Field {
        applies: Field::is_timestamp,
        check: |member, context| {
            if spelling(member) == Some(Spelling::Zoneless) {
                let message = Message {
                    expected: "a time with its offset from UTC (2024-01-15T10:30:00Z)".to_owned(),
                    found: describe(member.value),
                    help: Some("read as UTC".to_owned()),
                };
                context.report(member.value.text(), member.pointer(), message);
            }
        },
    },
};

static LOOSE_TIMESTAMP: RuleCheck = RuleCheck {
    rule: Rule {
        id: "loose-timestamp",
        family: Family::Variants,
        level: Level::Warning,
        summary: "a time that is spelled as RFC 3339 allows and ISO 8601 does not",
        explanation: "\
RFC 3339 lets people write a space or a small t between date and time, and a small z for UTC. ISO 8601, which the page promises, wants T and Z. \
Such times are clear and are read here; strict readers such as Java's Instant.parse refuse them.",
        bad: "\"created_at\": \"2024-01-15 10:30:00Z\"",
        good: "\"created_at\": \"2024-01-15T10:30:00Z\"",
        fix: "Write a capital T between date and time, and a capital Z for UTC.",
        in_schema: true,
        setting: None,
    },
    check: Check::Field {
        applies: Field::is_timestamp,
        check: |member, context| {
            if spelling(member) == Some(Spelling::Loose) {
                let message = Message {
                    expected: "`T` between date and time and a capital `Z` (2024-01-15T10:30:00Z)"
                        .to_owned(),
                    found: describe(member.value),
                    help: None,
                };
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
        level: Level::Warning,
        summary: "the campaign as a member of the lead instead of the body",
        explanation: "\
The page puts the campaign beside the lead. In some bodies it stands inside the lead instead; there it counts as the call's campaign where the \
body has none itself, and it is checked like one. A receiver that reads body.campaign does not find it.",
        bad: "\"updated_at\": \"2024-01-15T10:33:00Z\",\n\"campaign\": {",
        good: "\"updated_at\": \"2024-01-15T10:33:00Z\"\n},\n\"campaign\": {",
        fix: "Let the receiver look in both places, first in body.campaign.",
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
            let message = Message {
                expected: "the campaign at /campaign".to_owned(),
                found: "it inside the lead".to_owned(),
                help: Some(
                    "it counts as the call's campaign where the body has none itself".to_owned(),
                ),
            };
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
        level: Level::Warning,
        summary: "a campaign with nothing but its id and name",
        explanation: join_texts!(
            "The page documents ",
            in_words(field_count("/campaign")),
            " \
members of a campaign. Some bodies carry only its id and its name: enough to tell to which campaign a call belongs, \
but not when it may call or how often it tries. That is told once, instead of as ",
            in_words(field_count("/campaign") - 2),
            " missing members."
        ),
        bad: "\"campaign\": {\n\"id\": 2324,\n\"name\": \"New Customer Acquisition Q1 2024\"\n}",
        good: "\"campaign\": {\n\"id\": 2324,\n\"name\": \"New Customer Acquisition Q1 2024\",\n\"status\"",
        fix: "Let the receiver do without the other members, or fetch them from the vendor's API by the campaign's id.",
        in_schema: true,
        setting: None,
    },
    check: Check::Object(brief_campaign),
};

fn brief_campaign<'a>(object: &DocumentedObject<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    if is_brief_campaign(object) {
        let message = Message {
            expected: "a campaign with all of its documented members".to_owned(),
            found: "its id and name only".to_owned(),
            help: None,
        };
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
