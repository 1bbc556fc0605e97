//! The registry of rules, and the one walk over a body that asks them. A family file holds its rules as data, each with its check
//! beside it; the registry chains the families.

mod format;
mod meaning;
mod reading;
mod shape;
mod variants;

use crate::call::Call;
use crate::contract::{Field, Type, fields_of};
use crate::finding::{Finding, Level, Remark};
use crate::input::envelope::Body;
use crate::json::{Json, Kind, Object};
use crate::pointer;

pub use reading::{BROKEN_JSON, NO_CALL};

/// One check.
#[derive(Debug)]
pub struct Rule {
    /// Its name in reports: kebab-case, what is wrong in two or three words.
    pub id: &'static str,
    /// How bad its findings are.
    pub level: Level,
    /// What it checks, in one line.
    pub summary: &'static str,
    /// When it is asked, and its code.
    pub check: Check,
}

/// When a rule is asked.
#[derive(Debug)]
pub enum Check {
    /// While documents are read, before there is a body.
    Reading,
    /// For each documented object of a body: the body itself, lead, campaign, and those that hold variables.
    Object(for<'a> fn(&DocumentedObject<'_, 'a>, &mut RuleRemarks<'_, 'a>)),
    /// For each documented field that is there.
    Field(fn(&'static Field, Json) -> Option<Remark>),
    /// Once for each body.
    Call(for<'a> fn(&Call<'a>, &mut RuleRemarks<'_, 'a>)),
}

/// A documented object of a body.
#[derive(Debug)]
pub struct DocumentedObject<'o, 'a> {
    /// The pointer at which the contract documents its members; empty for the body itself.
    pub contract: &'static str,
    /// Its pointer in the body: another one where a known variant puts it elsewhere.
    pub pointer: &'static str,
    /// The object.
    pub value: Json<'a>,
    /// Its members.
    pub members: &'o Object<'a>,
}

/// What the rules have to say of one body.
#[derive(Debug, Default)]
pub struct Remarks<'a> {
    placed: Vec<Placed<'a>>,
}

#[derive(Debug)]
struct Placed<'a> {
    rule: &'static Rule,
    /// The text in question, as part of the body.
    text: &'a str,
    pointer: String,
    remark: Remark,
}

/// Where one rule puts what it has to say.
#[derive(Debug)]
pub struct RuleRemarks<'r, 'a> {
    rule: &'static Rule,
    placed: &'r mut Vec<Placed<'a>>,
}

impl<'a> RuleRemarks<'_, 'a> {
    /// Adds a remark on `text`, a part of the body; `pointer` says which part in the body's own terms.
    pub fn add(&mut self, text: &'a str, pointer: String, remark: Remark) {
        self.placed.push(Placed {
            rule: self.rule,
            text,
            pointer,
            remark,
        });
    }
}

impl<'a> Remarks<'a> {
    fn of(&mut self, rule: &'static Rule) -> RuleRemarks<'_, 'a> {
        RuleRemarks {
            rule,
            placed: &mut self.placed,
        }
    }

    /// How many remarks are of this level.
    #[must_use]
    pub fn count(&self, level: Level) -> usize {
        self.placed
            .iter()
            .filter(|placed| placed.rule.level == level)
            .count()
    }

    /// The remarks as findings, in the order of the text.
    #[must_use]
    pub fn into_findings(mut self, body: &Body) -> Vec<Finding> {
        // All texts are parts of the body's own.
        self.placed.sort_by_key(|placed| placed.text.as_ptr());
        self.placed
            .into_iter()
            .map(|placed| Finding {
                rule: placed.rule,
                level: placed.rule.level,
                source: body.source.clone(),
                position: body.position_of(placed.text),
                body_pointer: body.pointer.clone(),
                pointer: placed.pointer,
                remark: placed.remark,
            })
            .collect()
    }
}

/// All rules, family by family.
pub fn registry() -> impl Iterator<Item = &'static Rule> {
    [
        reading::RULES,
        shape::RULES,
        format::RULES,
        variants::RULES,
        meaning::RULES,
    ]
    .into_iter()
    .flatten()
}

/// Asks every rule about one body, whose typed view is `call`.
#[must_use]
pub fn check<'a>(body: &Body<'a>, call: &Call<'a>) -> Remarks<'a> {
    let mut remarks = Remarks::default();
    check_object("", "", body.value, &body.members, &mut remarks);
    let inside_lead = call
        .campaign
        .as_ref()
        .is_some_and(|campaign| campaign.pointer == "/lead/campaign");
    let lead = body
        .members
        .get("lead")
        .filter(|_| inside_lead)
        .and_then(Json::members);
    if let Some(campaign) = lead.and_then(|lead| lead.get("campaign"))
        && let Some(members) = campaign.members()
    {
        check_object(
            "/campaign",
            "/lead/campaign",
            campaign,
            &members,
            &mut remarks,
        );
    }
    for rule in registry() {
        if let Check::Call(check) = rule.check {
            check(call, &mut remarks.of(rule));
        }
    }
    remarks
}

/// Checks the object at `pointer`, whose members the contract documents for the one at `contract`.
fn check_object<'a>(
    contract: &'static str,
    pointer: &'static str,
    value: Json<'a>,
    members: &Object<'a>,
    remarks: &mut Remarks<'a>,
) {
    for rule in registry() {
        if let Check::Object(check) = rule.check {
            let object = DocumentedObject {
                contract,
                pointer,
                value,
                members,
            };
            check(&object, &mut remarks.of(rule));
        }
    }
    for field in fields_of(contract) {
        let Some(value) = members.get(field.name) else {
            continue;
        };
        for rule in registry() {
            if let Check::Field(check) = rule.check
                && let Some(remark) = check(field, value)
            {
                remarks
                    .of(rule)
                    .add(value.text(), pointer::child(pointer, field.name), remark);
            }
        }
        if value.kind() == Kind::Object && field.kind == Type::Object {
            let members = value.members().unwrap_or_default();
            check_object(field.pointer, field.pointer, value, &members, remarks);
        }
    }
}

/// A value in the words of a report: `the string "180"`, `the number 1.5`, `an object`; long ones are cut.
#[must_use]
pub fn in_words(value: Json) -> String {
    const SHOWN: usize = 60;
    match value.kind() {
        Kind::Null | Kind::Boolean => value.text().to_owned(),
        Kind::Array if value.is_empty_container() => "an empty array".to_owned(),
        Kind::Array => "an array".to_owned(),
        Kind::Object => "an object".to_owned(),
        kind @ (Kind::Number | Kind::String) => match value.text().char_indices().nth(SHOWN) {
            Some((end, _)) => format!("the {} {}…", kind.name(), &value.text()[..end]),
            None => format!("the {} {}", kind.name(), value.text()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_kebab_case_and_summed_up() {
        let rules: Vec<_> = registry().collect();
        for (index, rule) in rules.iter().enumerate() {
            assert!(
                rules[..index].iter().all(|other| other.id != rule.id),
                "{}",
                rule.id
            );
            assert!(
                rule.id
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte == b'-'),
                "{}",
                rule.id
            );
            assert!(
                !rule.summary.is_empty() && !rule.summary.ends_with('.'),
                "{}",
                rule.id
            );
        }
    }
}
