//! Rules on the shape of a body, read off the contract table: members that are missing, unknown, null or of the wrong type.

use super::{Check, DocumentedObject, Rule, RuleRemarks, in_words, variants};
use crate::contract::{Field, KNOWN_EXTRAS, Type, field, fields_of};
use crate::finding::{Level, Remark};
use crate::json::{Json, Kind};
use crate::pointer;

pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "missing-field",
        level: Level::Error,
        summary: "a required member that is not there",
        check: Check::Object(missing_field),
    },
    Rule {
        id: "wrong-type",
        level: Level::Error,
        summary: "a member of another type than documented",
        check: Check::Field(wrong_type),
    },
    Rule {
        id: "null-value",
        level: Level::Error,
        summary: "null where the contract does not allow it",
        check: Check::Field(null_value),
    },
    Rule {
        id: "unknown-field",
        level: Level::Warning,
        summary: "a member that the contract does not document, often a misspelled one",
        check: Check::Object(unknown_field),
    },
];

fn missing_field<'a>(object: &DocumentedObject<'_, 'a>, remarks: &mut RuleRemarks<'_, 'a>) {
    for field in fields_of(object.contract).filter(|field| field.required) {
        if object.members.get(field.name).is_none() {
            remarks.add(
                object.value.text(),
                pointer::child(object.pointer, field.name),
                Remark {
                    expected: format!("the member `{}` ({})", field.name, type_in_words(field)),
                    found: "an object without it".to_owned(),
                    help: None,
                },
            );
        }
    }
}

fn wrong_type(field: &'static Field, value: Json) -> Option<Remark> {
    if value.is_null() || field.kind.admits(value) || variants::is_known(field, value) {
        return None;
    }
    let inner = value.as_str().filter(|_| field.kind != Type::String);
    let unquoted = inner
        .as_deref()
        .and_then(|text| serde_json::from_str::<Json>(text).ok())
        .filter(|inner| field.kind.admits(*inner));
    Some(Remark {
        expected: type_in_words(field),
        found: in_words(value),
        help: unquoted
            .map(|_| "it is the right value, but in quotes: send it without them".to_owned()),
    })
}

fn null_value(field: &'static Field, value: Json) -> Option<Remark> {
    (value.is_null() && !field.nullable).then(|| Remark {
        expected: type_in_words(field),
        found: "null".to_owned(),
        help: None,
    })
}

/// `an integer`, `a string or null`.
fn type_in_words(field: &Field) -> String {
    let article = match field.kind {
        Type::String => "a",
        Type::Integer | Type::Object | Type::Array => "an",
    };
    let or_null = if field.nullable { " or null" } else { "" };
    format!("{article} {}{or_null}", field.kind.name())
}

fn unknown_field<'a>(object: &DocumentedObject<'_, 'a>, remarks: &mut RuleRemarks<'_, 'a>) {
    if fields_of(object.contract).next().is_none() {
        return;
    }
    let missing: Vec<&str> = fields_of(object.contract)
        .map(|field| field.name)
        .filter(|name| object.members.get(name).is_none())
        .collect();
    for member in &object.members.0 {
        let is_object = member.value.kind() == Kind::Object;
        if field(object.contract, &member.name).is_some()
            || variants::is_known_member(object.pointer, &member.name, is_object)
        {
            continue;
        }
        remarks.add(
            member.name_text,
            pointer::child(object.pointer, &member.name),
            Remark {
                expected: "documented members only".to_owned(),
                found: format!("`{}`", member.name),
                help: help(object.contract, &member.name, &missing),
            },
        );
    }
}

/// Below this likeness (Jaro-Winkler, 0 to 1) a suggestion would be a guess.
const ALIKE: f64 = 0.85;

/// Longer names are no misspelled documented ones; comparing them would only take time.
const LONGEST_NAME: usize = 64;

fn help(parent: &str, name: &str, missing: &[&str]) -> Option<String> {
    if KNOWN_EXTRAS.contains(&name) {
        return Some("not documented for the webhook, but known to arrive and harmless".to_owned());
    }
    if name.len() > LONGEST_NAME {
        return None;
    }
    fields_of(parent)
        .map(|field| {
            let missing = missing.contains(&field.name);
            (strsim::jaro_winkler(name, field.name), missing, field.name)
        })
        .filter(|(likeness, _, _)| *likeness > ALIKE)
        .max_by(|a, b| {
            (a.1, a.0)
                .partial_cmp(&(b.1, b.0))
                .unwrap_or(std::cmp::Ordering::Equal)
        })
        .map(|(_, _, near)| format!("did you mean `{near}`?"))
}
