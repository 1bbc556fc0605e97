//! Deliveries that are not new calls: the test delivery and repeated deliveries.

use crate::lint::collector::RuleContext;
use crate::lint::describe::describe;
use crate::lint::finding::Message;
use crate::lint::rule_check::{Check, RuleCheck, WholeCall};
use crate::lint::rule_data::{Family, Level, Rule};

pub(crate) static RULES: &[&RuleCheck] = &[&TEST_DELIVERY, &DUPLICATE_CALL];

static TEST_DELIVERY: RuleCheck = RuleCheck {
    rule: Rule {
        id: "test-delivery",
        family: Family::Meaning,
        level: Some(Level::Warning),
        summary: "a test delivery from the dashboard, whose values start with `sample `",
        explanation: "\
The webhook test button in the vendor's dashboard sends a body with made-up values: \"sample \
transcript\", \"sample customer_name\". It is not a call and should not be counted in reports or \
bills. The rule checks the transcript and the variables.",
        bad: "\"transcript\": \"sample transcript\"",
        good: "\"transcript\": \"Assistant: Hello Mr. Mustermann!",
        fix: "\
Delete the file. If a value of a real call starts with \"sample \", allow it at its pointer: \
`--allow test-delivery:/extracted_variables/*`.",
        in_schema: true,
        setting: None,
    },
    check: Check::Call(test_delivery),
};

fn test_delivery<'a>(whole: &WholeCall<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    if let Some((value, pointer)) = whole.call.sample_value() {
        let found = describe(value);
        let message = Message::new("the body of a real call", &found).with_problem(format!(
            "test delivery from the dashboard, not a call: it contains {found}"
        ));
        context.report(value.text(), pointer, message);
    }
}

/// The rule on repeated call ids. `validate` reports it where it merges the batches of a run.
pub(crate) static DUPLICATE_CALL: RuleCheck = RuleCheck {
    rule: Rule {
        id: "duplicate-call",
        family: Family::Meaning,
        level: Some(Level::Warning),
        summary: "a call id that occurred earlier in the same run",
        explanation: "\
The vendor repeats a delivery that was not answered, so the same call can be saved several \
times, and totals count it more than once.

Ids are compared across all files of a run; the first call with an id is not reported. Ids that \
are not integers are not compared.",
        bad: "\"id\": 480336",
        good: "\"id\": 480337",
        fix: "\
Answer each delivery at once with a 2xx status, and process it later. To keep one body per id, \
use --dedupe, as in `postcall extract --dedupe last calls/ -o calls.jsonl`; `list`, `export` and \
the other commands accept it too.",
        in_schema: false,
        setting: None,
    },
    check: Check::Run,
};

/// Message for a call whose id has occurred before in the run.
#[must_use]
pub(crate) fn repeated_call(id: &str) -> Message {
    Message::new("each call once", format!("the id {id} again"))
        .with_problem(format!("duplicate call id {id}"))
        .with_help("--dedupe last keeps one body per id")
}
