//! Rules on reading: what is no JSON, what is no call, and names that stand twice.

use super::{Check, DocumentedObject, Rule, RuleRemarks};
use crate::finding::{Level, Remark};
use crate::json::Names;
use crate::pointer;

pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "broken-json",
        level: Level::Error,
        summary: "text that is not well-formed JSON (RFC 8259), or not UTF-8",
        check: Check::Reading,
    },
    Rule {
        id: "no-call",
        level: Level::Error,
        summary: "well-formed JSON that is not the body of a post-call webhook",
        check: Check::Reading,
    },
    Rule {
        id: "duplicate-member",
        level: Level::Warning,
        summary: "a member name that stands twice in one object (RFC 8259 §4): readers disagree which one counts",
        check: Check::Object(duplicate_member),
    },
];

/// Raised by the reader.
pub static BROKEN_JSON: &Rule = &RULES[0];

/// Raised by the reader.
pub static NO_CALL: &Rule = &RULES[1];

fn duplicate_member<'a>(object: &DocumentedObject<'_, 'a>, remarks: &mut RuleRemarks<'_, 'a>) {
    let mut seen = Names::default();
    for member in &object.members.0 {
        if !seen.insert(&member.name) {
            remarks.add(
                member.name_text,
                pointer::child(object.pointer, &member.name),
                Remark {
                    expected: format!("`{}` once in this object", member.name),
                    found: "it again".to_owned(),
                    help: Some(
                        "the last one is shown and exported here; other readers may take the first"
                            .to_owned(),
                    ),
                },
            );
        }
    }
}
