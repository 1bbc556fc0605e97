//! Rules on the structure of a body, derived from the contract table: members that are missing,
//! unknown, null or of the wrong type.

use std::borrow::Cow;
use std::cell::LazyCell;

use super::format_help::{number_help, timestamp_help};
use super::joined_text::{in_words, join_texts};
use super::reading::is_beyond_exact_integers;
use super::variants;
use crate::contract::naming_style::{documented_name, is_renamed};
use crate::contract::recognition::is_campaign_inside_lead;
use crate::contract::{
    CALL_ID, Field, FieldType, KNOWN_EXTRAS, WEEKDAYS, field, field_index, required_count,
};
use crate::json::pointer;
use crate::json::{Json, Kind, Member, plain_text};
use crate::lint::collector::RuleContext;
use crate::lint::describe::{describe, marked_text, shorten};
use crate::lint::finding::Message;
use crate::lint::rule_check::{Check, DocumentedObject, FieldValue, RuleCheck};
use crate::lint::rule_data::{Family, Level, Rule};
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
        level: Some(Level::Error),
        summary: "a required member that is missing",
        explanation: join_texts!(
            "The vendor documents ",
            in_words(required_count("")),
            " \
members that every body has, and the members of a lead and a campaign. Only recording_url, lead \
and campaign may be missing. The two phone numbers may be null, but have to be present.

A receiver that reads `body.status` gets no value, or fails. The location is that of the object; \
the pointer is that of the missing member."
        ),
        bad: "\"duration\": 180,\n\"extracted_variables\"",
        good: "\"duration\": 180,\n\"status\": \"completed\",\n\"extracted_variables\"",
        fix: "\
Look for a step between the webhook and the file that drops or renames members. An unknown-field \
finding in the same object probably means the same member under another name.",
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
        let pointer = || pointer::child(object.pointer, field.name);
        context.report_lazily(marked_text(object.value), None, pointer, || {
            let member = format!("member `{}` ({})", field.name, type_in_words(field));
            let message = Message::new(format!("a {member}"), "an object without it")
                .with_problem(format!("missing {member}"));
            Message {
                help: find_renamed(object, field)
                    .map(|name| format!("rename `{}` to `{}`", shorten(&name), field.name)),
                ..message
            }
        });
    }
}

/// The member of `object` that is `field` in another naming style, such as `customerPhone`.
fn find_renamed<'a>(object: &DocumentedObject<'_, 'a>, field: &Field) -> Option<Cow<'a, str>> {
    if !object.documented.has_undocumented {
        return None;
    }
    let mut names = object.members.into_iter().map(Member::name);
    names.find(|name| is_renamed(field.name, name))
}

static WRONG_TYPE: RuleCheck = RuleCheck {
    rule: Rule {
        id: "wrong-type",
        family: Family::Shape,
        level: Some(Level::Error),
        summary: "a member whose type differs from the documented one",
        explanation: "\
The vendor documents one JSON type per member. As in JSON Schema, 180 and 180.0 are integers, but \
\"180\" and 180.5 are not.

Receivers that calculate, compare or store by type fail on other types: in JavaScript \"180\" + 20 \
is \"18020\", and a typed database column rejects the value.",
        bad: "\"duration\": \"180\"",
        good: "\"duration\": 180",
        fix: "\
Look for a step that turns values into text, such as a template that puts them in quotes, and make \
it pass the JSON on unchanged.",
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
        .filter(|inner| field.kind.admits(*inner))
        // Other rules reject these numbers.
        .filter(|inner| !inner.text().starts_with('-') && !is_beyond_exact_integers(*inner));
    let help = match value.kind() {
        Kind::Number => field
            .format
            .and_then(|(format, _)| number_help(format, value.text())),
        Kind::Object => field
            .is_timestamp()
            .then(|| powershell_date_help(value))
            .flatten(),
        _ => unquoted
            .map(|inner| match inner.kind() {
                Kind::Object | Kind::Array => {
                    "it is JSON in a string: send the value itself".to_owned()
                }
                _ => "remove the quotes".to_owned(),
            })
            .or_else(|| printed_help(field.kind, inner.as_deref()?)),
    };
    let message = Message {
        help,
        ..Message::new(type_in_words(field), describe(value))
    };
    context.report(marked_text(value), member.pointer(), message);
}

/// Help for a string in which a program printed an object or a list for people.
fn printed_help(kind: FieldType, text: &str) -> Option<String> {
    let is_container = matches!(kind, FieldType::Object | FieldType::Array);
    let text = Some(text.trim()).filter(|_| is_container)?;
    let starts_with = |starts: &[&str]| starts.iter().any(|start| text.starts_with(start));
    if starts_with(&["@{", "System.Object[]", "System.Collections."]) {
        return Some("PowerShell cut it off: use ConvertTo-Json -Depth 100".to_owned());
    }
    let (program, function) = if text.contains("[object Object]") {
        ("JavaScript", "JSON.stringify")
    } else if text == "Array" {
        ("PHP", "json_encode")
    } else if starts_with(&["{'", "['"]) {
        ("Python", "json.dumps")
    } else if starts_with(&["map["]) {
        ("Go", "json.Marshal")
    } else {
        let mut words = text.split([' ', ',']).filter(|word| !word.is_empty());
        let is_list = kind == FieldType::Array && words.all(|word| WEEKDAYS.contains(&word));
        return (is_list && !text.is_empty()).then(|| "send a list of strings".to_owned());
    };
    Some(format!(
        "{program} printed it for people: pass it through {function}"
    ))
}

/// Help for a time as PowerShell 5 writes it: `{"value": "/Date(1705314600123)/", …}`.
fn powershell_date_help(value: Json) -> Option<String> {
    let time = value.members()?.get("value")?.as_str()?;
    timestamp_help(&time)
}

static NULL_VALUE: RuleCheck = RuleCheck {
    rule: Rule {
        id: "null-value",
        family: Family::Shape,
        level: Some(Level::Error),
        summary: "null where the contract requires a value",
        explanation: "\
Only customer_phone, assistant_phone, recording_url, lead and campaign may be null. All other \
members have a value in every call: an empty transcript is \"\", and an empty set of variables is \
{}.

A null often means that an earlier step read a member under the wrong name.",
        bad: "\"created_at\": null",
        good: "\"created_at\": \"2024-01-15T10:30:00Z\"",
        fix: "\
Find the step that writes the null, and check the member name that it reads.",
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
        let message = Message::new(type_in_words(member.field), "null");
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
        level: Some(Level::Warning),
        summary: "a member that the contract does not document, often misspelled",
        explanation: "\
The vendor documents every member of a body, a lead and a campaign; receivers ignore any others. \
Often such a member is misspelled or uses another naming style (customerPhone); the finding then \
suggests the documented name. A step along the way or the vendor may also have added it.

Variables may have any name, so members of extracted_variables, input_variables and lead.variables \
are not reported.",
        bad: "\"recording_ulr\"",
        good: "\"recording_url\"",
        fix: "\
Correct the name. If the member is intended, allow it: `--allow unknown-field:/NAME`.",
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
            || {
                let shown = format!("`{}`", shorten(name));
                let renamed = documented_name(object.contract, name);
                let renamed = renamed.filter(|documented| missing.contains(documented));
                let near = || similar(name, missing.iter().copied());
                Message {
                    help: match renamed {
                        Some(documented) => Some(format!("rename it to `{documented}`")),
                        None => near().map(|near| format!("did you mean `{near}`?")),
                    },
                    ..Message::new("documented members only", &shown)
                        .with_problem(format!("unknown member {shown}"))
                }
            },
        );
    }
}

static KNOWN_EXTRA: RuleCheck = RuleCheck {
    rule: Rule {
        id: "known-extra",
        family: Family::Shape,
        level: Some(Level::Note),
        summary: "an undocumented member that the vendor is known to send",
        explanation: "\
assistant_name, transfers, formatted_transcript and call_id are not documented, but some bodies \
have them. They are harmless. The note is a reminder not to rely on them.

If id is missing, postcall reads call_id in its place, in all commands. If both are present \
and differ, it reads id, and the note says so.

With --strict they are still notes, and the strict schema allows them.",
        bad: "\"assistant_name\": \"Lena\",",
        good: "\"id\": 480336,",
        fix: "No action is needed. If you read such a member, also handle calls without it.",
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
                    help: (name == CALL_ID)
                        .then(|| call_id_help(object, member.value()))
                        .flatten(),
                    ..Message::new("documented members only", format!("`{name}`"))
                        .with_problem(format!("undocumented but harmless member `{name}`"))
                },
            );
        }
    }
}

/// How `call_id` relates to `id`, unless they are equal.
fn call_id_help(object: &DocumentedObject, call_id: Json) -> Option<String> {
    let help = match object.documented.non_null(const { field_index("/id") }) {
        None => "postcall reads it as `id`, which is missing",
        Some(id) if plain_text(id) != plain_text(call_id) && !call_id.is_null() => {
            "it differs from `id`; postcall reads `id`"
        }
        Some(_) => return None,
    };
    Some(help.to_owned())
}

fn is_known_extra(object: &DocumentedObject, name: &str) -> bool {
    object.contract.is_empty() && KNOWN_EXTRAS.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::FIELDS;

    /// The explanation of `missing-field` names members of the body: those that may be missing, and
    /// those that may be null.
    #[test]
    fn missing_field_explains_which_members_may_be_missing_or_null() {
        let of_body = || FIELDS.iter().filter(|field| field.parent.is_empty());
        let optional: Vec<&str> = (of_body().filter(|field| !field.required))
            .map(|field| field.name)
            .collect();
        let nullable: Vec<&str> = (of_body().filter(|field| field.required && field.nullable))
            .map(|field| field.name)
            .collect();

        let explanation = MISSING_FIELD.rule.explanation.replace('\n', " ");
        let [first @ .., last] = optional.as_slice() else {
            panic!("some members may be missing");
        };
        let sentence = format!("Only {} and {last} may be missing.", first.join(", "));
        assert!(explanation.contains(&sentence), "{explanation}");
        assert!(
            nullable == ["customer_phone", "assistant_phone"]
                && explanation.contains("The two phone numbers may be null"),
            "{nullable:?}"
        );
    }
}
