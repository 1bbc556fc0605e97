//! Asks the rules about bodies. Which rule is asked about which object and field is settled once, for a whole run; a body is walked once.

use std::sync::LazyLock;

use chrono::Utc;

use super::remarks::{Keep, Remarks};
use super::{
    CallCheck, Check, DocumentedObject, FieldCheck, FieldValue, ObjectCheck, Rule, WholeCall,
    registry, variants,
};
use crate::call::Call;
use crate::contract::{self, Field, Type, fields_of};
use crate::input::envelope::Body;
use crate::json::{Json, Kind, Object};
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
        let mut remarks = Remarks::new(keep, &body.pointer);
        self.object(&self.body, "", body.value, &body.members, &mut remarks);
        let whole = WholeCall {
            body: body.value,
            members: &body.members,
            call,
            settings: &self.settings,
            now: Utc::now(),
        };
        for (rule, check) in &self.call_rules {
            check(&whole, &mut remarks.of(rule, &self.levels));
        }
        remarks
    }

    fn object<'a>(
        &self,
        plan: &ObjectPlan,
        pointer: &str,
        value: Json<'a>,
        members: &Object<'a>,
        remarks: &mut Remarks<'a>,
    ) {
        let object = DocumentedObject {
            contract: plan.contract,
            pointer,
            value,
            members,
        };
        for (rule, check) in &plan.rules {
            check(&object, &mut remarks.of(rule, &self.levels));
        }
        for plan in &plan.fields {
            let Some(value) = members.get(plan.field.name) else {
                continue;
            };
            let here = FieldValue {
                field: plan.field,
                value,
                parent: pointer,
            };
            for (rule, check) in &plan.rules {
                check(&here, &mut remarks.of(rule, &self.levels));
            }
            if let (Some(plan), Some(members)) = (&plan.object, value.members()) {
                self.object(plan, plan.contract, value, &members, remarks);
            }
        }
        // A known variant: the campaign inside the lead is documented as the body's own.
        if plan.contract == "/lead"
            && let Some(campaign) = members.get("campaign")
            && let Some(members) = campaign.members()
        {
            let pointer = "/lead/campaign";
            self.object(&self.campaign, pointer, campaign, &members, remarks);
        }
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
            rules: rules.collect(),
            object: (field.kind == Type::Object).then(|| ObjectPlan::new(field.pointer, asked)),
        }
    }
}

/// Whether a value inside a documented object is walked as a documented object of its own.
pub(super) fn is_walked(contract: &str, name: &str, value: Json) -> bool {
    let is_object = value.kind() == Kind::Object;
    let field = contract::field(contract, name);
    is_object
        && (field.is_some_and(|field| field.kind == Type::Object)
            || variants::is_campaign_inside_lead(contract, name))
}
