//! Plausibility of single values: numbers below zero and unknown statuses.

use crate::call::Call;
use crate::call::campaign::Campaign;
use crate::call::lead::Lead;
use crate::contract::{
    CALL_STATUSES, CAMPAIGN_STATUSES, FieldType, LEAD_STATUSES, documented_status,
};
use crate::json::Kind;
use crate::json::pointer;
use crate::lint::collector::RuleContext;
use crate::lint::describe::describe;
use crate::lint::finding::Message;
use crate::lint::rule_check::{Check, FieldValue, RuleCheck, WholeCall};
use crate::lint::rule_data::{Family, Level, Rule};

pub(crate) static RULES: &[&RuleCheck] = &[&NEGATIVE_NUMBER, &UNKNOWN_STATUS];

static NEGATIVE_NUMBER: RuleCheck = RuleCheck {
    rule: Rule {
        id: "negative-number",
        family: Family::Meaning,
        level: Some(Level::Warning),
        summary: "a negative number in a documented member",
        explanation: "\
Ids, durations, numbers of calls and retries, and intervals are never below zero. The vendor does \
not document this, so it is a warning. A duration of -1 usually means \"unknown\" in \
the system that wrote it, and it distorts sums.",
        bad: "\"duration\": -1",
        good: "\"duration\": 0",
        fix: "Find out the reason for the negative number, and make the receiver handle it.",
        in_schema: true,
        setting: None,
    },
    check: Check::Field {
        applies: |field| field.kind == FieldType::Integer,
        check: negative_number,
    },
};

fn negative_number<'a>(member: &FieldValue<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    let digits = member.value.text().strip_prefix('-');
    let is_negative = digits.is_some_and(|digits| {
        let mantissa = digits.split(['e', 'E']).next().unwrap_or_default();
        mantissa.contains(|c: char| matches!(c, '1'..='9'))
    });
    if is_negative && member.value.is_integer() {
        let message = Message::new("0 or a positive number", describe(member.value));
        context.report(member.value.text(), member.pointer(), message);
    }
}

static UNKNOWN_STATUS: RuleCheck = RuleCheck {
    rule: Rule {
        id: "unknown-status",
        family: Family::Meaning,
        level: Some(Level::Warning),
        summary: "an unknown status of a call, lead or campaign",
        explanation: "\
The vendor documents only examples of statuses. The known ones are those that the vendor's API \
lists, and those seen in bodies. A program that branches on the status has no branch for a \
new one.

Other spellings of a known status (No Answer, vom Kunden beendet) are filtered and counted like \
it. The vendor may add statuses at any time, so an unknown one is not an error by itself.",
        bad: "\"status\": \"cancelled\"",
        good: "\"status\": \"completed\"",
        fix: "\
If it is misspelled, correct it. If it is new, decide how your programs handle it, then allow \
it: `--allow unknown-status:/status`.",
        in_schema: true,
        setting: None,
    },
    check: Check::Call(unknown_status),
};

fn unknown_status<'a>(whole: &WholeCall<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    let Call { lead, campaign, .. } = whole.call;
    let campaign = campaign.as_ref();
    let at_campaign = campaign.map_or("", |campaign| campaign.pointer);
    let statuses = [
        (whole.call.status(), "", "call", CALL_STATUSES),
        (
            lead.as_ref().and_then(Lead::status),
            "/lead",
            "lead",
            LEAD_STATUSES,
        ),
        (
            campaign.and_then(Campaign::status),
            at_campaign,
            "campaign",
            CAMPAIGN_STATUSES,
        ),
    ];
    for (status, parent, whose, known) in statuses {
        let Some(value) = status else { continue };
        if value.kind() == Kind::String && !value.is_one_of(known) {
            let text = value
                .as_str()
                .filter(|_| whose == "call")
                .unwrap_or_default();
            let message = Message {
                help: documented_status(&text)
                    .map(|status| format!("postcall reads it as `{status}`")),
                ..Message::new(
                    format!("a known {whose} status ({})", join_names(known)),
                    describe(value),
                )
            };
            context.report(value.text(), pointer::child(parent, "status"), message);
        }
    }
}

/// The names separated by commas, without those that differ from another one only in `_` for `-`.
fn join_names(names: &[&str]) -> String {
    let is_respelled =
        |name: &str| name.contains('_') && names.contains(&name.replace('_', "-").as_str());
    let names: Vec<&str> = names
        .iter()
        .copied()
        .filter(|name| !is_respelled(name))
        .collect();
    names.join(", ")
}
