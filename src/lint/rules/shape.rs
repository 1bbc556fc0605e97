//! Rules on the structure of a body, derived from the contract table: members that are missing,
//! unknown, null or of the wrong type.

use std::cell::LazyCell;

use super::counts::{in_words, join_texts};
use super::variants;
use crate::contract::recognition::is_campaign_inside_lead;
use crate::contract::{Field, FieldType, KNOWN_EXTRAS, field, required_count};
use crate::json::pointer;
use crate::json::{Json, Kind};
use crate::lint::check::{Check, DocumentedObject, FieldValue, RuleCheck};
use crate::lint::collector::RuleContext;
use crate::lint::describe::{describe, marked_text, shorten};
use crate::lint::finding::Message;
use crate::lint::rule::{Family, Level, Rule};
use crate::text::similar::similar;

pub(crate) static RULES: &[&RuleCheck] = &[
    &MISSING_FIELD,
    &WRONG_TYPE,
    &NULL_VALUE,
    &UNKNOWN_FIELD,
    &KNOWN_EXTRA,
];

static MISSING_FIELD: RuleCheck = RuleCheck {
rule: Rule {
    id: "missing-field",
    family: Family::Shape,
    level: Level::Error,
    summary: "a required member that is not there",
    explanation: join_texts!("The page documents ", in_words(required_count("")), " \
members that every body has, and what a lead and a campaign hold. recording_url, lead and campaign may be left out; \
the two phones may be null, but have to be there.

A receiver that reads `body.status` of such a body gets nothing, or stops. The place is the object that lacks the member; the pointer is the one \
that the member would have."),
    bad: "\"duration\": 180,\n\"extracted_variables\"",
    good: "\"duration\": 180,\n\"status\": \"completed\",\n\"extracted_variables\"",
    fix: "Look for a step between the webhook and the file that drops or renames members. If an unknown-field stands nearby, it is the same \
member, misspelled.",
    in_schema: true,
    setting: None,
},
    check: Check::Object(missing_field),
};

fn missing_field<'a>(object: &DocumentedObject<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    let documented = object.documented;
    for (index, field) in documented.fields().iter().enumerate() {
        if !field.required || documented.has(index) {
            continue;
        }
        if variants::is_brief_campaign(object) {
            return;
        }
        context.report(
            marked_text(object.value),
            pointer::child(object.pointer, field.name),
            Message {
                expected: format!("the member `{}` ({})", field.name, type_in_words(field)),
                found: "an object without it".to_owned(),
                help: None,
            },
        );
    }
}

static WRONG_TYPE: RuleCheck = RuleCheck {
rule: Rule {
    id: "wrong-type",
    family: Family::Shape,
    level: Level::Error,
    summary: "a member of another type than documented",
    explanation: "\
The page gives each member one JSON type. Integers are told by value, as JSON Schema does it: 180 and 180.0 are integers, \"180\" and 180.5 \
are not.

Receivers that compute, compare or store by type go wrong on the others: \"180\" + 20 is \"18020\" in JavaScript, and a database column refuses it.",
    bad: "\"duration\": \"180\"",
    good: "\"duration\": 180",
    fix: "Look for a step that turns values into text, such as a template that puts them between quotes, and let it pass JSON on as it is.",
    in_schema: true,
    setting: None,
},
    check: Check::Field {
        applies: |_| true,
        check: wrong_type,
    },
};

fn wrong_type<'a>(member: &FieldValue<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    let FieldValue { field, value, .. } = *member;
    if value.is_null() || field.kind.admits(value) || variants::is_known(field, value) {
        return;
    }
    let inner = value.as_str().filter(|_| field.kind != FieldType::String);
    let unquoted = inner
        .as_deref()
        .and_then(|text| serde_json::from_str::<Json>(text).ok())
        .filter(|inner| field.kind.admits(*inner));
    let message = Message {
        expected: type_in_words(field),
        found: describe(value),
        help: unquoted.map(|inner| match inner.kind() {
            Kind::Object | Kind::Array => {
                "it was encoded twice: send the value itself, not its JSON text".to_owned()
            }
            _ => "it is the right value, but in quotes: send it without them".to_owned(),
        }),
    };
    context.report(marked_text(value), member.pointer(), message);
}

static NULL_VALUE: RuleCheck = RuleCheck {
rule: Rule {
    id: "null-value",
    family: Family::Shape,
    level: Level::Error,
    summary: "null where the contract does not allow it",
    explanation: "\
Only the two phones, recording_url, lead and campaign may be null. Anything else has a value in every call: an empty transcript is \"\", no \
variables are {}.

Null often means that an earlier step looked for a member under another name and found nothing.",
    bad: "\"created_at\": null",
    good: "\"created_at\": \"2024-01-15T10:30:00Z\"",
    fix: "Look for the step that writes the null, and check the name that it reads from.",
    in_schema: true,
    setting: None,
},
    check: Check::Field {
        applies: |field| !field.nullable,
        check: null_value,
    },
};

fn null_value<'a>(member: &FieldValue<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    if member.value.is_null() {
        let message = Message {
            expected: type_in_words(member.field),
            found: "null".to_owned(),
            help: None,
        };
        context.report(member.value.text(), member.pointer(), message);
    }
}

/// The documented type as a noun phrase: `an integer`, `a string or null`.
fn type_in_words(field: &Field) -> String {
    let article = match field.kind {
        FieldType::String => "a",
        FieldType::Integer | FieldType::Object | FieldType::Array => "an",
    };
    let or_null = if field.nullable { " or null" } else { "" };
    format!("{article} {}{or_null}", field.kind.name())
}

static UNKNOWN_FIELD: RuleCheck = RuleCheck {
rule: Rule {
    id: "unknown-field",
    family: Family::Shape,
    level: Level::Warning,
    summary: "a member that the contract does not document, often a misspelled one",
    explanation: "\
The body, lead and campaign have documented members only; whatever else is in them is read by nobody. Often it is a documented member, \
misspelled: then a suggestion is made. It can also be something that a step on the way has added, or that the vendor sends since lately.

Variables are the user's own: in extracted_variables, input_variables and lead.variables every name is fine.",
    bad: "\"recording_ulr\"",
    good: "\"recording_url\"",
    fix: "Correct the name. If the member is meant to be there, allow it: `--allow unknown-field:/its_name`.",
    in_schema: true,
    setting: None,
},
    check: Check::Object(unknown_field),
};

fn unknown_field<'a>(object: &DocumentedObject<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    let documented = object.documented;
    if !documented.has_undocumented || documented.fields().is_empty() {
        return;
    }
    let missing = LazyCell::new(|| {
        let fields = documented.fields().iter().enumerate();
        let missing = fields.filter(|(index, _)| !documented.has(*index));
        missing.map(|(_, field)| field.name).collect::<Vec<_>>()
    });
    for member in object.members {
        let name = &*member.name();
        if field(object.contract, name).is_some()
            || is_known_extra(object, name)
            || is_campaign_inside_lead(object.contract, name)
        {
            continue;
        }
        context.report_lazily(
            member.name_text(),
            None,
            || pointer::child(object.pointer, name),
            || Message {
                expected: "documented members only".to_owned(),
                found: format!("`{}`", shorten(name)),
                help: similar(name, missing.iter().copied())
                    .map(|near| format!("did you mean `{near}`?")),
            },
        );
    }
}

static KNOWN_EXTRA: RuleCheck = RuleCheck {
rule: Rule {
    id: "known-extra",
    family: Family::Shape,
    level: Level::Note,
    summary: "a member that is not documented for the webhook, but known to arrive",
    explanation: "\
assistant_name, transfers and formatted_transcript are not on the vendor's page, but they come with some calls. They do no harm; the note \
is there so that nobody builds on them unaware that they are promised nowhere.

They stay notes under --strict, and the strict schema allows them.",
    bad: "\"assistant_name\": \"Lena\",",
    good: "\"id\": 480336,",
    fix: "Nothing has to be done. If you read such a member, be ready for its absence.",
    in_schema: false,
    setting: None,
},
    check: Check::Object(known_extra),
};

fn known_extra<'a>(object: &DocumentedObject<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    if !object.documented.has_undocumented || object.documented.fields().is_empty() {
        return;
    }
    for member in object.members {
        let name = &*member.name();
        if is_known_extra(object, name) {
            context.report(
                member.name_text(),
                pointer::child(object.pointer, name),
                Message {
                    expected: "documented members only".to_owned(),
                    found: format!("`{name}`, which is known to arrive and harmless"),
                    help: None,
                },
            );
        }
    }
}

fn is_known_extra(object: &DocumentedObject, name: &str) -> bool {
    object.contract.is_empty() && KNOWN_EXTRAS.contains(&name)
}
