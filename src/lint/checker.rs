//! Runs the rules on bodies. The rules for each object and field are selected once per run; each
//! body is walked once.

use std::ptr;

use chrono::{DateTime, Utc};

use super::collector::{Collector, FindingLimits};
use super::fast_path::{are_known_good_variables, is_known_good, is_known_good_object};
use super::rule_check::{
    CallCheck, Check, DocumentedObject, FieldCheck, FieldValue, ObjectCheck, RuleCheck, WholeCall,
};
use super::rule_data::Rule;
use super::rules::{checks, variants};
use super::time_cache::TimeCache;
use crate::call::Call;
use crate::call::contract_object::ContractObject;
use crate::capture::find::item::Body;
use crate::contract::recognition::{CAMPAIGN_IN_LEAD_POINTER, CAMPAIGN_POINTER};
use crate::contract::webhook::WebhookSettings;
use crate::contract::{Field, FieldType, fields_of};
use crate::host::Clock;
use crate::json::{Json, Kind};
use crate::lint::levels::Levels;

/// Runs the active rules on bodies.
#[derive(Debug)]
pub struct Checker {
    levels: Levels,
    settings: WebhookSettings,
    body: ObjectPlan,
    /// Plan for a campaign inside a lead.
    campaign: ObjectPlan,
    call_rules: Vec<(&'static Rule, CallCheck)>,
    clock: Clock,
    /// Serves as a time that is in the past during every check.
    created_at: DateTime<Utc>,
}

/// The rules that apply to an object and its fields.
#[derive(Debug)]
struct ObjectPlan {
    /// Pointer at which the contract documents the members.
    contract: &'static str,
    rules: Vec<(&'static Rule, ObjectCheck)>,
    fields: Vec<FieldPlan>,
}

#[derive(Debug)]
struct FieldPlan {
    field: &'static Field,
    /// Rules for values that are not known to be good.
    rules: Vec<(&'static Rule, FieldCheck)>,
    /// Plan for the value of a field of object type.
    object: Option<ObjectPlan>,
}

impl Checker {
    /// A checker with default levels and without the rules that need settings. It ignores
    /// `postcall.toml`. [`in_memory`](crate::in_memory) uses this checker.
    #[must_use]
    pub fn standard(clock: Clock) -> Self {
        Self::new(Levels::default(), WebhookSettings::default(), clock)
    }

    /// Selects the rules that `levels` does not allow everywhere and that `settings` activates.
    #[must_use]
    pub(crate) fn new(levels: Levels, settings: WebhookSettings, clock: Clock) -> Self {
        let active: Vec<_> = checks()
            .filter(|RuleCheck { rule, .. }| levels.can_report(rule) && rule.is_active(&settings))
            .collect();
        let call_rules = active.iter().filter_map(|active| match active.check {
            Check::Call(check) => Some((&active.rule, check)),
            _ => None,
        });
        Self {
            body: ObjectPlan::new("", &active),
            campaign: ObjectPlan::new(CAMPAIGN_POINTER, &active),
            call_rules: call_rules.collect(),
            levels,
            settings,
            clock,
            created_at: clock.now(),
        }
    }

    /// The levels of this checker.
    #[must_use]
    pub(crate) fn levels(&self) -> &Levels {
        &self.levels
    }

    /// Checks one body. `call` is its typed view. Findings beyond `limits` are counted only.
    #[must_use]
    pub fn check<'a>(
        &self,
        body: &'a Body<'a>,
        call: &Call<'a>,
        limits: FindingLimits,
    ) -> Collector<'a> {
        let times = TimeCache::default();
        let mut walk = Walk {
            levels: &self.levels,
            call,
            times: &times,
            campaign: &self.campaign,
            collector: Collector::new(limits, &body.pointer),
        };
        walk.check_object(&self.body, "", body.object);
        let mut collector = walk.collector;
        let whole = WholeCall {
            body: body.value(),
            members: body.members(),
            traits: body.object.all_traits,
            call,
            settings: &self.settings,
            times: &times,
            clock: self.clock,
            past_time: self.created_at,
        };
        for (rule, check) in &self.call_rules {
            check(&whole, &mut collector.rule_context(rule, &self.levels));
        }
        collector
    }
}

/// A walk through the documented objects of one body.
struct Walk<'w, 'a> {
    levels: &'w Levels,
    call: &'w Call<'a>,
    times: &'w TimeCache<'a>,
    /// Plan for a campaign inside a lead.
    campaign: &'w ObjectPlan,
    collector: Collector<'a>,
}

impl<'w, 'a> Walk<'w, 'a> {
    fn check_object(&mut self, plan: &ObjectPlan, pointer: &str, documented: &ContractObject<'a>) {
        let object = DocumentedObject {
            contract: plan.contract,
            pointer,
            value: documented.value,
            members: &documented.members,
            documented,
        };
        if !is_known_good_object(documented) {
            for (rule, check) in &plan.rules {
                check(&object, &mut self.collector.rule_context(rule, self.levels));
            }
        }
        for (plan, value) in plan.fields.iter().zip(documented.values()) {
            let Some(value) = *value else {
                continue;
            };
            if !is_known_good(plan.field, value, self.times) {
                let member = FieldValue {
                    field: plan.field,
                    value,
                    parent: pointer,
                    times: self.times,
                };
                for (rule, check) in &plan.rules {
                    check(&member, &mut self.collector.rule_context(rule, self.levels));
                }
            }
            if let Some(plan) = &plan.object {
                self.check_member(plan, plan.contract, value);
            }
        }
        // A known variant: a campaign inside the lead is checked like the campaign of the body.
        if let Some(campaign) = variants::campaign_inside_lead_of(&object) {
            self.check_member(self.campaign, CAMPAIGN_IN_LEAD_POINTER, campaign);
        }
    }

    /// Checks the value of a member if it is an object.
    fn check_member(&mut self, plan: &ObjectPlan, pointer: &str, value: Json<'a>) {
        if let Some(object) = self.already_read(value) {
            self.check_object(plan, pointer, object);
        } else if let Some(members) = value.members() {
            if plan.fields.is_empty() && are_known_good_variables(&members) {
                return;
            }
            let object = ContractObject::read(plan.contract, value, members);
            self.check_object(plan, pointer, &object);
        }
    }

    /// Returns `value` as indexed by the typed view, if it is the call's lead or campaign. Indexing
    /// it again takes 5 % of the instructions of `validate`.
    fn already_read(&self, value: Json<'a>) -> Option<&'w ContractObject<'a>> {
        let lead = self.call.lead.as_ref().map(|lead| &lead.object);
        let campaign = self.call.campaign.as_ref();
        let campaign = campaign.map(|campaign| &campaign.object);
        let mut objects = [lead, campaign].into_iter().flatten();
        objects.find(|object| {
            ptr::eq(object.value.text(), value.text()) && value.kind() == Kind::Object
        })
    }
}

impl ObjectPlan {
    fn new(contract: &'static str, active: &[&'static RuleCheck]) -> Self {
        let rules = active.iter().filter_map(|active| match active.check {
            Check::Object(check) => Some((&active.rule, check)),
            _ => None,
        });
        Self {
            contract,
            rules: rules.collect(),
            fields: fields_of(contract)
                .map(|field| FieldPlan::new(field, active))
                .collect(),
        }
    }
}

impl FieldPlan {
    fn new(field: &'static Field, active: &[&'static RuleCheck]) -> Self {
        let rules = active.iter().filter_map(|active| match active.check {
            Check::Field { applies, check } if applies(field) => Some((&active.rule, check)),
            _ => None,
        });
        Self {
            field,
            rules: rules.collect(),
            object: (field.kind == FieldType::Object)
                .then(|| ObjectPlan::new(field.pointer, active)),
        }
    }
}
