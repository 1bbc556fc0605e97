//! Rules on readability: input that is not JSON, JSON that is not a call, and JSON that readers
//! interpret differently.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::variants;
use crate::capture::find::item::{NonCall, NonCallKind};
use crate::contract::field;
use crate::json::pointer;
use crate::json::{Json, Kind, LARGEST_EXACT_INTEGER, Member, Token, scan};
use crate::lint::check::{Check, DocumentedObject, RuleCheck};
use crate::lint::collector::RuleContext;
use crate::lint::describe::{describe, shorten};
use crate::lint::finding::Message;
use crate::lint::rule::{Family, Level, Rule};

pub(crate) static RULES: &[&RuleCheck] = &[
    &BROKEN_JSON,
    &NO_CALL,
    &EMPTY_ENVELOPE,
    &OTHER_PAYLOAD,
    &DUPLICATE_MEMBER,
    &UNSAFE_INTEGER,
];

/// The rule that reports an input item that is not a call, and the message.
#[must_use]
pub(crate) fn describe_non_call(non_call: &NonCall) -> (&'static Rule, Message) {
    let (rule, expected, help) = match non_call.kind {
        NonCallKind::Broken => (&BROKEN_JSON.rule, "well-formed JSON", None),
        NonCallKind::Text => (&BROKEN_JSON.rule, "JSON, or text with a call in it", None),
        NonCallKind::Json => (
            &NO_CALL.rule,
            "the body of a post-call webhook",
            Some("`postcall rules no-call` says by which members a body is known"),
        ),
        NonCallKind::OtherPayload(_) => (
            &OTHER_PAYLOAD.rule,
            "the body of a post-call webhook",
            Some("it lies beside calls and is none: keep it elsewhere, or --allow other-payload"),
        ),
        NonCallKind::LostBody => (&EMPTY_ENVELOPE.rule, "a request with its body", None),
    };
    let message = Message {
        expected: expected.to_owned(),
        found: non_call.description.clone(),
        help: non_call.help.clone().or_else(|| help.map(str::to_owned)),
    };
    (rule, message)
}

static BROKEN_JSON: RuleCheck = RuleCheck {
rule: Rule {
    id: "broken-json",
    family: Family::Reading,
    level: Level::Error,
    summary: "text that is not well-formed JSON (RFC 8259), or not UTF-8",
    explanation: "\
A body that a JSON parser refuses can be read by nobody. Mostly it was cut off while it was saved (a full disk, a log line with a length \
limit), put together by hand, or printed for people instead of written as JSON.

The place is where the text stops being JSON; the cause may stand a little before it. Bodies before and after it are read as usual.",
    bad: "\"status\": \"completed,",
    good: "\"status\": \"completed\",",
    fix: "Save the request's bytes as they came, or let a JSON library write them. If the end is missing, look for a limit in what saved it.",
    in_schema: false,
    setting: None,
},
    check: Check::Reading,
};

static NO_CALL: RuleCheck = RuleCheck {
rule: Rule {
    id: "no-call",
    family: Family::Reading,
    level: Level::Error,
    summary: "well-formed JSON that is not the body of a post-call webhook",
    explanation: "\
A body is told by its members: at least three of customer_phone, assistant_phone, extracted_variables, input_variables, duration, transcript, \
finished_at, recording_url, lead and campaign, one of them among the first four. What has fewer can not be judged as a call.

Bodies are also found in what was wrapped round them: saved requests, exports of automation tools, logs. Where calls stand in such envelopes, what \
has none there is something else that was captured, and is passed over.",
    bad: "{\"message\": \"It works\"}",
    good: "{\"customer_phone\": \"+4915123456789\",",
    fix: "If it was meant to be a call, look for what cut or renamed its members. If it is something else, keep it in another folder.",
    in_schema: true,
    setting: None,
},
    check: Check::Reading,
};

static EMPTY_ENVELOPE: RuleCheck = RuleCheck {
rule: Rule {
    id: "empty-envelope",
    family: Family::Reading,
    level: Level::Error,
    summary: "a saved request or log record whose body was lost",
    explanation: "\
The envelope is there, and says that there was a body, but the body is empty: the call is lost in this capture. n8n hands on an empty body when \
the content type was not exactly JSON, or makes the text of the body a member's name; journald leaves out long messages unless it is asked for \
all of them.

A request that never had a body, such as a GET that probes the address, is not meant.",
    bad: "\"body\": {}",
    good: "\"body\": {\"id\": 480336,",
    fix: "Let the tool keep the raw body. The vendor may deliver the call again; its API still knows the call by its id.",
    in_schema: false,
    setting: None,
},
    check: Check::Reading,
};

static OTHER_PAYLOAD: RuleCheck = RuleCheck {
    rule: Rule {
        id: "other-payload",
        family: Family::Reading,
        level: Level::Warning,
        summary: "a payload of the vendor's that is not the one after a call",
        explanation: "\
Payloads that often lie beside calls are known by their members and called by their name: the webhook of a chat, a WhatsApp read receipt, the webhook \
before an inbound call, objects and lists of the REST API, events of Platform 2.0. They are no broken calls; the other commands pass them over and \
say how many there were.",
        bad: "{\"event\": \"message_status\",",
        good: "{\"customer_phone\": \"+4915123456789\",",
        fix: "Keep them in another folder, or allow them: --allow other-payload.",
        in_schema: false,
        setting: None,
    },
    check: Check::Reading,
};

static DUPLICATE_MEMBER: RuleCheck = RuleCheck {
rule: Rule {
    id: "duplicate-member",
    family: Family::Reading,
    level: Level::Warning,
    summary: "a member name that stands twice in one object (RFC 8259 §4)",
    explanation: "\
Which of the two counts is not defined: most readers take the last one, some the first, some refuse the object. So two programs can read two \
different calls from the same body.

Objects are searched at any depth. Here the last one is shown and exported.",
    bad: "\"status\": \"busy\", \"status\": \"completed\"",
    good: "\"status\": \"completed\"",
    fix: "Find out what wrote the member a second time, often a step that adds members to a body, and let it replace the first.",
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
    if !documented.traits.may_have_objects {
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
    Message {
        expected: format!("`{}` once in this object", shorten(name)),
        found: "it again".to_owned(),
        help: Some("the last one counts here; other readers may take the first".to_owned()),
    }
}

static UNSAFE_INTEGER: RuleCheck = RuleCheck {
rule: Rule {
    id: "unsafe-integer",
    family: Family::Reading,
    level: Level::Warning,
    summary: "a number beyond 2^53, which many readers round (RFC 7493 §2.2)",
    explanation: "\
JavaScript, jq and spreadsheets read numbers as doubles. Beyond 9007199254740991 those have gaps: 9007199254740993 becomes \
9007199254740992, and an order number or an account is another one.

Numbers are looked at wherever they stand. Here they are shown and exported as they stood, digit by digit.",
    bad: "\"order\": 12345678901234567890",
    good: "\"order\": \"12345678901234567890\"",
    fix: "Declare the variable as a string: identifiers are no quantities. If receivers can do it, let them read numbers exactly.",
    in_schema: true,
    setting: None,
},
    check: Check::Object(unsafe_integer),
};

fn unsafe_integer<'a>(object: &DocumentedObject<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    if !object.documented.traits.may_have_large_numbers {
        return;
    }
    for member in object.members.with_large_numbers() {
        if is_beyond_exact_integers(member.value()) {
            let pointer = pointer::child(object.pointer, &member.name());
            let is_documented = field(object.contract, &member.name()).is_some();
            let message = Message {
                help: (!is_documented).then(|| AS_STRING.to_owned()),
                ..unsafe_number(member.value())
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
                context.report_lazily(value.text(), None, pointer, || unsafe_number(value));
            }
        });
    }
}

/// True if `value` is a number that readers with doubles may round. It is parsed as a double, as
/// those readers do. Every double of this size is an integer, so no other check is necessary.
fn is_beyond_exact_integers(value: Json) -> bool {
    /// Without an exponent, shorter numbers are below the limit.
    const DIGITS: usize = 16;
    #[expect(clippy::cast_precision_loss, reason = "2^53 − 1 is a double")]
    const LARGEST: f64 = LARGEST_EXACT_INTEGER as f64;
    let text = value.text();
    value.kind() == Kind::Number
        && (text.len() >= DIGITS || text.contains(['e', 'E']))
        && text.parse().is_ok_and(|number: f64| number.abs() > LARGEST)
}

const AS_STRING: &str = "send it as a string";

fn unsafe_number(value: Json) -> Message {
    Message {
        expected: format!("a number up to {LARGEST_EXACT_INTEGER}, which all readers read exactly"),
        found: describe(value),
        help: Some(AS_STRING.to_owned()),
    }
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
            collector.tally().count(rule.level)
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
