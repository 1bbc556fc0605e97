//! Asks the rules about bodies. Which rule is asked about which object and field is settled once, for a whole run; a body is walked once.

use std::ptr;
use std::sync::LazyLock;

use chrono::{DateTime, Utc};

use super::moments::Moments;
use super::plain::{Plain, are_plain_variables, is_plain_object};
use super::remarks::{Keep, Remarks};
use super::{
    CallCheck, Check, DocumentedObject, FieldCheck, FieldValue, ObjectCheck, Rule, WholeCall,
    registry, variants,
};
use crate::call::Call;
use crate::call::documented::Documented;
use crate::contract::{Field, Type, fields_of};
use crate::input::envelope::Body;
use crate::json::{Json, Kind};
use crate::settings::Settings;
use crate::settings::levels::Levels;

/// Asks the rules about bodies.
#[derive(Debug)]
pub struct Checker {
    levels: Levels,
    settings: Settings,
    body: ObjectPlan,
    /// For the campaign inside a lead.
    campaign: ObjectPlan,
    call_rules: Vec<(&'static Rule, CallCheck)>,
    /// When it was made.
    made: DateTime<Utc>,
}

/// Who is asked about an object and its members.
#[derive(Debug)]
struct ObjectPlan {
    /// The pointer at which the contract documents its members.
    contract: &'static str,
    rules: Vec<(&'static Rule, ObjectCheck)>,
    fields: Vec<FieldPlan>,
}

#[derive(Debug)]
struct FieldPlan {
    field: &'static Field,
    plain: Plain,
    /// Who is asked about values that are not plain.
    rules: Vec<(&'static Rule, FieldCheck)>,
    /// For a field that is an object.
    object: Option<ObjectPlan>,
}

/// The rules at their own levels, as far as they need no settings.
pub static STANDARD: LazyLock<Checker> =
    LazyLock::new(|| Checker::new(Levels::default(), Settings::default()));

impl Checker {
    /// Asks those rules whose findings `levels` lets through and that `settings` make sense of.
    #[must_use]
    pub fn new(levels: Levels, settings: Settings) -> Self {
        let asked: Vec<_> = registry()
            .filter(|rule| levels.can_tell(rule) && rule.is_active(&settings))
            .collect();
        let call_rules = asked.iter().filter_map(|rule| match rule.check {
            Check::Call(check) | Check::Setting { check, .. } => Some((*rule, check)),
            _ => None,
        });
        Self {
            body: ObjectPlan::new("", &asked),
            campaign: ObjectPlan::new("/campaign", &asked),
            call_rules: call_rules.collect(),
            levels,
            settings,
            made: Utc::now(),
        }
    }

    /// How bad findings are.
    #[must_use]
    pub fn levels(&self) -> &Levels {
        &self.levels
    }

    /// Asks about one body, whose typed view is `call`.
    #[must_use]
    pub fn check<'a>(&self, body: &'a Body<'a>, call: &Call<'a>, keep: Keep) -> Remarks<'a> {
        let moments = Moments::default();
        let mut walk = Walk {
            levels: &self.levels,
            call,
            moments: &moments,
            campaign: &self.campaign,
            remarks: Remarks::new(keep, &body.pointer),
        };
        walk.object(&self.body, "", body.object);
        let mut remarks = walk.remarks;
        let whole = WholeCall {
            body: body.value(),
            members: body.members(),
            call,
            settings: &self.settings,
            moments: &moments,
            past: self.made,
        };
        for (rule, check) in &self.call_rules {
            check(&whole, &mut remarks.of(rule, &self.levels));
        }
        remarks
    }
}

/// The way through the documented objects of one body.
struct Walk<'w, 'a> {
    levels: &'w Levels,
    call: &'w Call<'a>,
    moments: &'w Moments<'a>,
    /// Who is asked about the campaign inside a lead.
    campaign: &'w ObjectPlan,
    remarks: Remarks<'a>,
}

impl<'w, 'a> Walk<'w, 'a> {
    fn object(&mut self, plan: &ObjectPlan, pointer: &str, documented: &Documented<'a>) {
        let object = DocumentedObject {
            contract: plan.contract,
            pointer,
            value: documented.value,
            members: &documented.members,
            documented,
        };
        if !is_plain_object(documented) {
            for (rule, check) in &plan.rules {
                check(&object, &mut self.remarks.of(rule, self.levels));
            }
        }
        for (plan, value) in plan.fields.iter().zip(documented.values()) {
            let Some(value) = *value else {
                continue;
            };
            if !plan.plain.admits(value, self.moments) {
                let here = FieldValue {
                    field: plan.field,
                    value,
                    parent: pointer,
                    moments: self.moments,
                };
                for (rule, check) in &plan.rules {
                    check(&here, &mut self.remarks.of(rule, self.levels));
                }
            }
            if let Some(plan) = &plan.object {
                self.member(plan, plan.contract, value);
            }
        }
        // A known variant: the campaign inside the lead is documented as the body's own.
        if let Some(campaign) = variants::campaign_inside_lead_of(&object) {
            self.member(self.campaign, "/lead/campaign", campaign);
        }
    }

    /// Goes into a member, where it is an object.
    fn member(&mut self, plan: &ObjectPlan, pointer: &str, value: Json<'a>) {
        if let Some(object) = self.known(value) {
            self.object(plan, pointer, object);
        } else if let Some(members) = value.members() {
            if plan.fields.is_empty() && are_plain_variables(&members) {
                return;
            }
            let object = Documented::read(plan.contract, value, members);
            self.object(plan, pointer, &object);
        }
    }

    /// The object that `value` is, if the call has read it already.
    fn known(&self, value: Json<'a>) -> Option<&'w Documented<'a>> {
        let lead = self.call.lead.as_ref().map(|lead| &lead.object);
        let campaign = self.call.campaign.as_ref();
        let campaign = campaign.map(|campaign| &campaign.object);
        let mut known = [lead, campaign].into_iter().flatten();
        known
            .find(|known| ptr::eq(known.value.text(), value.text()) && value.kind() == Kind::Object)
    }
}

impl ObjectPlan {
    fn new(contract: &'static str, asked: &[&'static Rule]) -> Self {
        let rules = asked.iter().filter_map(|rule| match rule.check {
            Check::Object(check) => Some((*rule, check)),
            _ => None,
        });
        Self {
            contract,
            rules: rules.collect(),
            fields: fields_of(contract)
                .map(|field| FieldPlan::new(field, asked))
                .collect(),
        }
    }
}

impl FieldPlan {
    fn new(field: &'static Field, asked: &[&'static Rule]) -> Self {
        let rules = asked.iter().filter_map(|rule| match rule.check {
            Check::Field { applies, check } if applies(field) => Some((*rule, check)),
            _ => None,
        });
        Self {
            field,
            plain: Plain::of(field),
            rules: rules.collect(),
            object: (field.kind == Type::Object).then(|| ObjectPlan::new(field.pointer, asked)),
        }
    }
}
