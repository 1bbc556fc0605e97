//! Rules on the vendor's known variants: outside the letter of the contract, harmless to read, and told as warnings.

use super::{Check, DocumentedObject, Rule, RuleRemarks, in_words};
use crate::call::timestamp::{Spelling, Timestamp};
use crate::contract::{Field, Format, Type};
use crate::finding::{Level, Remark};
use crate::json::{Json, Kind};

pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "transcript-as-turns",
        level: Level::Warning,
        summary: "the transcript as a list of turns instead of text",
        check: Check::Field(transcript_as_turns),
    },
    Rule {
        id: "empty-list-for-object",
        level: Level::Warning,
        summary: "`[]` where an empty object belongs, as PHP writes it",
        check: Check::Field(empty_list_for_object),
    },
    Rule {
        id: "zoneless-time",
        level: Level::Warning,
        summary: "a time without a zone; UTC is assumed",
        check: Check::Field(zoneless_time),
    },
    Rule {
        id: "loose-timestamp",
        level: Level::Warning,
        summary: "a time that is spelled as RFC 3339 allows and ISO 8601 does not",
        check: Check::Field(loose_timestamp),
    },
    Rule {
        id: "campaign-inside-lead",
        level: Level::Warning,
        summary: "the campaign as a member of the lead instead of the body",
        check: Check::Object(campaign_inside_lead),
    },
];

/// Whether a value of the wrong type is a known variant, which has a rule here.
pub(super) fn is_known(field: &'static Field, value: Json) -> bool {
    transcript_as_turns(field, value).is_some() || empty_list_for_object(field, value).is_some()
}

/// Whether an undocumented member is a known variant, which has a rule here.
pub(super) fn is_known_member(parent: &str, name: &str, is_object: bool) -> bool {
    parent == "/lead" && name == "campaign" && is_object
}

fn transcript_as_turns(field: &'static Field, value: Json) -> Option<Remark> {
    (field.pointer == "/transcript" && value.kind() == Kind::Array).then(|| Remark {
        expected: "the transcript as one string".to_owned(),
        found: "a list of turns".to_owned(),
        help: None,
    })
}

fn empty_list_for_object(field: &'static Field, value: Json) -> Option<Remark> {
    let is_empty_list = value.kind() == Kind::Array && value.is_empty_container();
    (field.kind == Type::Object && is_empty_list).then(|| Remark {
        expected: "an object, `{}` when empty".to_owned(),
        found: "an empty array".to_owned(),
        help: None,
    })
}

fn zoneless_time(field: &'static Field, value: Json) -> Option<Remark> {
    (spelling(field, value)? == Spelling::Zoneless).then(|| Remark {
        expected: "a time with its offset from UTC (2024-01-15T10:30:00Z)".to_owned(),
        found: in_words(value),
        help: Some("read as UTC".to_owned()),
    })
}

fn loose_timestamp(field: &'static Field, value: Json) -> Option<Remark> {
    (spelling(field, value)? == Spelling::Loose).then(|| Remark {
        expected: "`T` between date and time and a capital `Z` (2024-01-15T10:30:00Z)".to_owned(),
        found: in_words(value),
        help: None,
    })
}

fn spelling(field: &'static Field, value: Json) -> Option<Spelling> {
    let (Format::Timestamp, _) = field.format? else {
        return None;
    };
    Timestamp::read(&value.as_str()?).map(|timestamp| timestamp.spelling)
}

fn campaign_inside_lead<'a>(object: &DocumentedObject<'_, 'a>, remarks: &mut RuleRemarks<'_, 'a>) {
    for member in &object.members.0 {
        if is_known_member(
            object.pointer,
            &member.name,
            member.value.kind() == Kind::Object,
        ) {
            remarks.add(
                member.name_text,
                "/lead/campaign".to_owned(),
                Remark {
                    expected: "the campaign at /campaign".to_owned(),
                    found: "it inside the lead".to_owned(),
                    help: Some(
                        "it counts as the call's campaign where the body has none itself"
                            .to_owned(),
                    ),
                },
            );
        }
    }
}
