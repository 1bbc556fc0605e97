//! Deliveries that are not new calls: the test delivery and repeated deliveries.

use crate::contract::TEST_PREFIX;
use crate::json::Json;
use crate::json::pointer;
use crate::lint::check::{Check, RuleCheck, WholeCall};
use crate::lint::collector::RuleContext;
use crate::lint::describe::describe;
use crate::lint::finding::Message;
use crate::lint::rule::{Family, Level, Rule};

pub(crate) static RULES: &[&RuleCheck] = &[&TEST_DELIVERY, &DUPLICATE_CALL];

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
pub(crate) static DUPLICATE_CALL: RuleCheck = RuleCheck {
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
pub(crate) fn repeated_call(id: &str) -> Message {
    Message {
        expected: "each call once".to_owned(),
        found: format!("the id {id} again"),
        help: Some("deliveries repeat: keep one body of each id".to_owned()),
    }
}
