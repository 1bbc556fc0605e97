//! Rules on readability: input that is not JSON, JSON that is not a call, and JSON that readers
//! interpret differently.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::variants;
use crate::capture::find::item::{NonCall, NonCallKind};
use crate::contract::{FIELDS, field};
use crate::json::pointer;
use crate::json::{Json, Kind, LARGEST_EXACT_INTEGER, Member, Token, scan};
use crate::lint::collector::RuleContext;
use crate::lint::describe::{describe, shorten};
use crate::lint::finding::Message;
use crate::lint::rule_check::{Check, DocumentedObject, RuleCheck};
use crate::lint::rule_data::{Family, Level, Rule};

pub(crate) static RULES: &[&RuleCheck] = &[
    &BROKEN_JSON,
    &OTHER_ENCODING,
    &NO_CALL,
    &EMPTY_ENVELOPE,
    &OTHER_PAYLOAD,
    &DUPLICATE_MEMBER,
    &UNSAFE_INTEGER,
];

/// The rule that reports an input item that is not a call, and the message.
#[must_use]
pub(crate) fn describe_non_call(non_call: &NonCall) -> (&'static Rule, Message) {
    const BODY: &str = "the body of a post-call webhook";
    let (rule, expected, help) = match non_call.kind {
        NonCallKind::Broken | NonCallKind::Repaired => {
            (&BROKEN_JSON.rule, "well-formed JSON", None)
        }
        NonCallKind::Windows1252 => (&OTHER_ENCODING.rule, "UTF-8", None),
        // `validate` does not read tables.
        NonCallKind::BrokenRow | NonCallKind::Table | NonCallKind::TooDeep => {
            (&NO_CALL.rule, BODY, None)
        }
        NonCallKind::Text => (
            &BROKEN_JSON.rule,
            "JSON, or text that contains a call",
            None,
        ),
        NonCallKind::Json => (
            &NO_CALL.rule,
            BODY,
            Some("`postcall rules no-call` lists the members of a call"),
        ),
        NonCallKind::OtherPayload(_) => (
            &OTHER_PAYLOAD.rule,
            BODY,
            Some("keep it in another folder, or use --allow other-payload"),
        ),
        NonCallKind::LostBody => (&EMPTY_ENVELOPE.rule, "a request with its body", None),
    };
    let description = &non_call.description;
    let problem = match non_call.kind {
        // The id of the rule says it.
        NonCallKind::Broken | NonCallKind::Repaired | NonCallKind::Windows1252 => {
            description.clone()
        }
        kind => format!("{}: {description}", kind.label()),
    };
    let message = Message {
        help: non_call.help.clone().or_else(|| help.map(str::to_owned)),
        ..Message::new(expected, description).with_problem(problem)
    };
    (rule, message)
}

static BROKEN_JSON: RuleCheck = RuleCheck {
    rule: Rule {
        id: "broken-json",
        family: Family::Reading,
        level: Some(Level::Error),
        summary: "input that is not valid JSON (RFC 8259) or not valid UTF-8",
        explanation: "\
No JSON parser can read such a body. Usually it was cut off while being saved (a full disk, a \
limit on the length of log lines), edited by hand, or logged in a debug format instead of JSON.

The location is where the text stops being valid JSON; the cause may be earlier. Bodies before and \
after the broken one are still read.",
        bad: "\"status\": \"completed,",
        good: "\"status\": \"completed\",",
        fix: "\
Save the raw bytes of the request, or serialize the parsed body with a JSON library. If the end is \
missing, check the size limits of the tool that saved the body.",
        in_schema: false,
        setting: None,
    },
    check: Check::Reading,
};

static OTHER_ENCODING: RuleCheck = RuleCheck {
    rule: Rule {
        id: "other-encoding",
        family: Family::Reading,
        level: Some(Level::Warning),
        summary: "text that is not UTF-8 and is read as Windows-1252",
        explanation: "\
JSON is UTF-8 (RFC 8259). Old programs on Windows write Windows-1252, in which ö is the byte F6. A \
value that is not UTF-8 is read as Windows-1252, and the first one of each file is reported. Other \
encodings with one byte per character, such as ISO-8859-15 and Windows-1250, look the same: a few \
letters in them are then wrong.

Text in two encodings, and UTF-8 that is cut in the middle of a character, are not read. They are \
reported as broken-json.",
        bad: "\"customer_name\": \"J\u{fffd}rg M\u{fffd}ller\",",
        good: "\"customer_name\": \"Jörg Müller\",",
        fix: "Save the file as UTF-8, and set the encoding of the program that writes it.",
        in_schema: false,
        setting: None,
    },
    check: Check::Reading,
};

static NO_CALL: RuleCheck = RuleCheck {
    rule: Rule {
        id: "no-call",
        family: Family::Reading,
        level: Some(Level::Error),
        summary: "valid JSON that is not the body of a post-call webhook",
        explanation: "\
A body is recognized by its members: it has at least three of customer_phone, assistant_phone, \
extracted_variables, input_variables, duration, transcript, finished_at, recording_url, lead and \
campaign, including one of the first four. JSON with fewer of them is not checked as a call.

Bodies inside envelopes are found too: in saved requests, exports of automation tools, and logs. \
If a capture contains calls, its other values are assumed to be unrelated and are skipped.",
        bad: "{\"message\": \"It works\"}",
        good: "{\"customer_phone\": \"+4915123456789\",",
        fix: "\
If the value should be a call, look for the step that dropped or renamed its members. Otherwise \
keep it in another folder.",
        in_schema: true,
        setting: None,
    },
    check: Check::Reading,
};

static EMPTY_ENVELOPE: RuleCheck = RuleCheck {
    rule: Rule {
        id: "empty-envelope",
        family: Family::Reading,
        level: Some(Level::Error),
        summary: "a saved request or log record whose body was lost",
        explanation: "\
The envelope shows that the request had a body, but the body was not saved, so the call is lost. \
n8n expects the content type application/json: with any other, it saves an empty body, or the \
whole body as the name of a member. journalctl omits long messages unless it runs with --all.

Requests that never had a body, such as a GET that probes the URL, are not reported.",
        bad: "\"body\": {}",
        good: "\"body\": {\"id\": 480336,",
        fix: "Configure the tool to keep the raw body. Fetch the lost call from the vendor's API.",
        in_schema: false,
        setting: None,
    },
    check: Check::Reading,
};

static OTHER_PAYLOAD: RuleCheck = RuleCheck {
    rule: Rule {
        id: "other-payload",
        family: Family::Reading,
        level: Some(Level::Warning),
        summary: "another payload, such as a chat webhook or a webhook of another vendor",
        explanation: "\
Other payloads are often saved next to calls. Several members identify each: chat webhooks, \
WhatsApp read receipts, webhooks sent before an inbound call, objects and lists from the REST API, \
events from Platform 2.0, and webhooks of Vapi, Retell, ElevenLabs, Synthflow and Bland. They are \
not broken calls. Commands other than `validate` skip them and print how many they skipped.",
        bad: "{\"event\": \"message_status\",",
        good: "{\"customer_phone\": \"+4915123456789\",",
        fix: "Keep them in another folder, or allow them: `--allow other-payload`.",
        in_schema: false,
        setting: None,
    },
    check: Check::Reading,
};

static DUPLICATE_MEMBER: RuleCheck = RuleCheck {
    rule: Rule {
        id: "duplicate-member",
        family: Family::Reading,
        level: Some(Level::Warning),
        summary: "a member name that occurs more than once in one object (RFC 8259 §4)",
        explanation: "\
JSON does not define which value counts: most parsers take the last one, some the first, and some \
reject the object. Two programs can read different calls from the same body.

Objects are checked at any depth. postcall shows and exports the last value.",
        bad: "\"status\": \"busy\", \"status\": \"completed\"",
        good: "\"status\": \"completed\"",
        fix: "Find the step that adds the second member, and make it replace the first member instead.",
        in_schema: false,
        setting: None,
    },
    check: Check::Object(duplicate_member),
};

fn duplicate_member<'a>(object: &DocumentedObject<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    let documented = object.documented;
    if documented.has_duplicates
        || documented.has_undocumented && object.members.has_duplicate_names()
    {
        let mut first_names = HashMap::new();
        for member in object.members {
            let name = member.name();
            if let Some(first) = insert_name(&mut first_names, name.clone(), member.name_text()) {
                let pointer = || pointer::child(object.pointer, &name);
                context.report_lazily(member.name_text(), Some(first), pointer, || {
                    repeated_member(&name)
                });
            }
        }
    }
    if !documented.traits.may_have_objects() {
        return;
    }
    for (value, parent) in unwalked_containers(object, object.members.with_objects()) {
        let mut open: Vec<HashMap<Cow<str>, &str>> = Vec::new();
        scan(value, |path, token| match token {
            Token::Object => open.push(HashMap::new()),
            Token::ObjectEnd => drop(open.pop()),
            Token::Name(text) => {
                // Names are compared after decoding: `\u0061` equals `a`.
                let name = Json::from_well_formed(text).as_str().unwrap_or_default();
                let names = open.last_mut().expect("a name stands in an object");
                if let Some(first) = insert_name(names, name.clone(), text) {
                    let pointer = || path.pointer(&parent);
                    context.report_lazily(text, Some(first), pointer, || repeated_member(&name));
                }
            }
            Token::Scalar(_) => {}
        });
    }
}

/// Adds `name` with its `text` to the names of an object. If the name is known already, keeps and
/// returns its first text.
fn insert_name<'a>(
    names: &mut HashMap<Cow<'a, str>, &'a str>,
    name: Cow<'a, str>,
    text: &'a str,
) -> Option<&'a str> {
    match names.entry(name) {
        Entry::Occupied(first) => Some(first.get()),
        Entry::Vacant(entry) => {
            entry.insert(text);
            None
        }
    }
}

fn repeated_member(name: &str) -> Message {
    let name = shorten(name);
    Message::new(
        format!("the member `{name}` once in this object"),
        "it again",
    )
    .with_problem(format!("duplicate member `{name}`"))
    .with_help("postcall uses the last value, but other programs may use the first")
}

static UNSAFE_INTEGER: RuleCheck = RuleCheck {
    rule: Rule {
        id: "unsafe-integer",
        family: Family::Reading,
        level: Some(Level::Warning),
        summary: "a number beyond 2^53, which many programs round (RFC 7493 §2.2)",
        explanation: "\
JavaScript, jq and spreadsheets store numbers as doubles. Beyond 9007199254740991, a double cannot \
hold every integer: 9007199254740993 becomes 9007199254740992, a different order or account \
number.

Numbers are checked at any depth. postcall shows and exports all their digits.",
        bad: "\"order\": 12345678901234567890",
        good: "\"order\": \"12345678901234567890\"",
        fix: "\
Send identifiers as strings, and declare their variables as strings. If that is not possible, \
use a JSON parser that reads numbers exactly.",
        in_schema: true,
        setting: None,
    },
    check: Check::Object(unsafe_integer),
};

fn unsafe_integer<'a>(object: &DocumentedObject<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    if !object.documented.traits.may_have_large_numbers() {
        return;
    }
    for member in object.members.with_large_numbers() {
        if is_beyond_exact_integers(member.value()) {
            let pointer = pointer::child(object.pointer, &member.name());
            let message = unsafe_number(member.value());
            let message = match field(object.contract, &member.name()) {
                Some(_) => message.with_help(ROUNDED),
                None if holds_variables(object) => message.with_help(AS_STRING_VARIABLE),
                None => message.with_help(AS_STRING),
            };
            context.report(member.value().text(), pointer, message);
        }
    }
    for (value, parent) in unwalked_containers(object, object.members.with_large_numbers()) {
        scan(value, |path, token| {
            if let Token::Scalar(value) = token
                && is_beyond_exact_integers(value)
            {
                let pointer = || path.pointer(&parent);
                context.report_lazily(value.text(), None, pointer, || {
                    unsafe_number(value).with_help(AS_STRING)
                });
            }
        });
    }
}

/// True if `value` is a number that readers with doubles may round. It is parsed as a double, as
/// those readers do. Every double of this size is an integer, so no other check is necessary.
pub(super) fn is_beyond_exact_integers(value: Json) -> bool {
    /// Without an exponent, shorter numbers are below the limit.
    const DIGITS: usize = 16;
    #[expect(clippy::cast_precision_loss, reason = "2^53 − 1 is a double")]
    const LARGEST: f64 = LARGEST_EXACT_INTEGER as f64;
    let text = value.text();
    value.kind() == Kind::Number
        && (text.len() >= DIGITS || text.contains(['e', 'E']))
        && text.parse().is_ok_and(|number: f64| number.abs() > LARGEST)
}

const ROUNDED: &str = "many programs round such numbers";
const AS_STRING: &str = "many programs round such numbers: send a string instead";
const AS_STRING_VARIABLE: &str =
    "many programs round such numbers: send a string, and declare the variable as a string";

/// True if the members of `object` are variables.
fn holds_variables(object: &DocumentedObject) -> bool {
    FIELDS
        .iter()
        .any(|field| field.pointer == object.contract && field.holds_variables())
}

fn unsafe_number(value: Json) -> Message {
    Message::new(
        format!("a number within ±{LARGEST_EXACT_INTEGER}"),
        describe(value),
    )
}

/// The non-empty objects and arrays among `members` of `object` that the checker does not walk as
/// documented objects, with their pointers.
fn unwalked_containers<'m, 'a: 'm>(
    object: &DocumentedObject<'_, 'a>,
    members: impl Iterator<Item = Member<'m, 'a>>,
) -> impl Iterator<Item = (Json<'a>, String)> {
    let is_walked = |value: Json| {
        let is_same_value = |walked: Json| std::ptr::eq(walked.text(), value.text());
        object.documented.objects().any(is_same_value)
            || variants::campaign_inside_lead_of(object).is_some_and(is_same_value)
    };
    let containers = members.filter(move |member| {
        let value = member.value();
        matches!(value.kind(), Kind::Object | Kind::Array)
            && !value.is_empty_container()
            && !is_walked(value)
    });
    containers.map(|member| {
        let pointer = pointer::child(object.pointer, &member.name());
        (member.value(), pointer)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::collector::{Collector, FindingLimits};
    use crate::lint::levels::Levels;

    /// Number of findings of the rule in the object `text`, checked as the object at `contract`.
    fn found(checked: &'static RuleCheck, contract: &'static str, text: &str) -> u64 {
        let RuleCheck { rule, check } = checked;
        let Check::Object(check) = check else {
            panic!("{} does not look at objects", rule.id);
        };
        DocumentedObject::with_text(contract, text, |object| {
            let mut collector = Collector::new(FindingLimits::COUNT_ONLY, "");
            check(
                object,
                &mut collector.rule_context(rule, &Levels::default()),
            );
            collector.tally().count(rule.level.expect("it is on"))
        })
    }

    #[test]
    fn duplicates_are_found_outside_separately_checked_objects() {
        let found = |contract, text| found(&DUPLICATE_MEMBER, contract, text);
        assert_eq!(found("", r#"{"id":1,"\u0069d":2}"#), 1);
        assert_eq!(found("", r#"{"x":1,"id":1,"x":2,"x":3}"#), 2);
        assert_eq!(found("", r#"{"transcript":[{"a":1,"a":2}]}"#), 1);
        assert_eq!(found("", r#"{"x":[[{"y":{"a":1,"a":2}}]]}"#), 1);
        // The lead is checked separately if it is an object and the last member of that name.
        assert_eq!(found("", r#"{"lead":{"a":1,"a":2}}"#), 0);
        assert_eq!(found("", r#"{"lead":[{"a":1,"a":2}]}"#), 1);
        assert_eq!(found("", r#"{"lead":{"a":1,"a":2},"lead":null}"#), 2);
        assert_eq!(found("/lead", r#"{"campaign":{"a":1,"a":2}}"#), 0);
        assert_eq!(found("/lead", r#"{"x":{"a":1,"a":2}}"#), 1);
        assert_eq!(
            found("/input_variables", r#"{"x":{"a":1,"a":2},"y":1,"y":1}"#),
            2
        );
    }

    #[test]
    fn large_numbers_are_found_outside_separately_checked_objects() {
        let found = |contract, text| found(&UNSAFE_INTEGER, contract, text);
        assert_eq!(
            found("", r#"{"id":9007199254740993,"duration":1e17,"x":-1e400}"#),
            3
        );
        assert_eq!(found("", r#"{"id":9007199254740991,"duration":1e3}"#), 0);
        assert_eq!(found("", r#"{"x":{"y":[1,9007199254740993]}}"#), 1);
        assert_eq!(found("", r#"{"lead":{"id":9007199254740993}}"#), 0);
        assert_eq!(found("", r#"{"lead":[9007199254740993]}"#), 1);
        assert_eq!(
            found("", r#"{"lead":{"id":9007199254740993},"lead":{}}"#),
            1
        );
        assert_eq!(found("/lead/variables", r#"{"x":9007199254740993}"#), 1);
    }
}
