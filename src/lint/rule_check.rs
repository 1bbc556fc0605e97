//! The checks of rules: the points at which they run, and the parts of a body that they are given.

use chrono::{DateTime, Utc};

use super::collector::RuleContext;
use super::describe::marked_text;
use super::rule_data::Rule;
use super::time_cache::TimeCache;
use crate::call::contract_object::ContractObject;
use crate::call::{Call, value_at};
use crate::contract::Field;
use crate::contract::recognition::CAMPAIGN_POINTER;
use crate::contract::webhook::WebhookSettings;
use crate::host::Clock;
use crate::json::pointer;
use crate::json::{Json, Object, ValueTraits};
use crate::time::timestamp::Timestamp;

/// A rule with its check.
#[derive(Debug)]
pub(crate) struct RuleCheck {
    /// The rule that reports the findings.
    pub(crate) rule: Rule,
    /// The check function, with the point at which it runs.
    pub(crate) check: Check,
}

/// When a rule runs, with its check function if the checker calls one.
#[derive(Debug)]
pub(crate) enum Check {
    /// While documents are read, before there is a body. The reader reports these findings.
    Reading,
    /// For each documented object of a body: the body itself, lead, campaign, and the objects that
    /// hold variables. Runs only on objects that `lint/fast_path.rs` does not admit: a rule on a
    /// new property needs a condition there.
    Object(ObjectCheck),
    /// For each documented field that is present and that the rule applies to. Runs only on values
    /// that `lint/fast_path.rs` does not admit: a rule on values that it admits needs a condition
    /// there.
    Field {
        /// True if the rule applies to the field. Evaluated once per run, not per body.
        applies: fn(&Field) -> bool,
        /// The check function.
        check: FieldCheck,
    },
    /// Once per body.
    Call(CallCheck),
    /// Across all bodies of a run, in input order.
    Run,
}

/// Checks a documented object.
pub(crate) type ObjectCheck = for<'a> fn(&DocumentedObject<'_, 'a>, &mut RuleContext<'_, 'a>);
/// Checks a documented field.
pub(crate) type FieldCheck = for<'a> fn(&FieldValue<'_, 'a>, &mut RuleContext<'_, 'a>);
/// Checks several parts of a call together.
pub(crate) type CallCheck = for<'a> fn(&WholeCall<'_, 'a>, &mut RuleContext<'_, 'a>);

/// An object of a body whose members the contract documents.
#[derive(Debug)]
pub(crate) struct DocumentedObject<'o, 'a> {
    /// Pointer at which the contract documents the members; empty for the body itself.
    pub(crate) contract: &'static str,
    /// Pointer of the object in the body. It differs from `contract` where a known variant of the
    /// payload has the object elsewhere.
    pub(crate) pointer: &'o str,
    /// The object as a JSON value.
    pub(crate) value: Json<'a>,
    /// All members, in source order.
    pub(crate) members: &'o Object<'a>,
    /// The members indexed by the contract.
    pub(crate) documented: &'o ContractObject<'a>,
}

#[cfg(test)]
impl DocumentedObject<'_, '_> {
    /// Calls `check` with the object `text`, as the one that the contract documents at `contract`.
    pub(crate) fn with_text<T>(
        contract: &'static str,
        text: &str,
        check: impl FnOnce(&DocumentedObject) -> T,
    ) -> T {
        let value: Json = serde_json::from_str(text).expect("the test's own JSON is well-formed");
        let members = value.members().expect("an object");
        let documented = ContractObject::read(contract, value, members);
        check(&DocumentedObject {
            contract,
            pointer: contract,
            value,
            members: &documented.members,
            documented: &documented,
        })
    }
}

/// A documented field that is present in a body.
#[derive(Debug)]
pub(crate) struct FieldValue<'o, 'a> {
    /// The entry of the field in the contract.
    pub(crate) field: &'static Field,
    /// Value in the body.
    pub(crate) value: Json<'a>,
    /// Pointer of the object that contains the field.
    pub(crate) parent: &'o str,
    /// Parsed timestamps of the body.
    pub(crate) times: &'o TimeCache<'a>,
}

impl FieldValue<'_, '_> {
    /// The value as a timestamp; `None` if it is not a string or not a readable timestamp.
    #[must_use]
    pub(crate) fn time(&self) -> Option<Timestamp> {
        self.times.read(self.value)
    }

    /// Pointer of the field in the body.
    #[must_use]
    pub(crate) fn pointer(&self) -> String {
        pointer::child(self.parent, self.field.name)
    }
}

/// A call with everything that a check across several fields needs.
#[derive(Debug)]
pub(crate) struct WholeCall<'o, 'a> {
    pub(crate) body: Json<'a>,
    /// Members of the body.
    pub(crate) members: &'o Object<'a>,
    /// The combined traits of the members.
    pub(crate) traits: ValueTraits,
    /// Typed view of the body.
    pub(crate) call: &'o Call<'a>,
    /// Webhook settings that the user has declared.
    pub(crate) settings: &'o WebhookSettings,
    /// Parsed timestamps of the body.
    pub(crate) times: &'o TimeCache<'a>,
    /// A time that is certainly in the past, so that most calls need no look at the clock.
    pub(crate) past_time: DateTime<Utc>,
    /// The source of the current time.
    pub(crate) clock: Clock,
}

impl<'a> WholeCall<'_, 'a> {
    /// Value of a documented field and its pointer in the body. The fields of the campaign are
    /// those of the call's campaign, which may be inside the lead.
    pub(crate) fn find(&self, field: &Field) -> Option<(Json<'a>, String)> {
        let inside_campaign = field.pointer.strip_prefix(CAMPAIGN_POINTER);
        match inside_campaign.filter(|pointer| pointer.starts_with('/')) {
            Some(pointer) => {
                let campaign = self.call.campaign.as_ref()?;
                let value = value_at(&campaign.object.members, pointer)?;
                Some((value, format!("{}{pointer}", campaign.pointer)))
            }
            None => Some((
                value_at(self.members, field.pointer)?,
                field.pointer.to_owned(),
            )),
        }
    }

    /// Text to mark for a finding on the member `name`: its value, or the body if it is missing.
    pub(crate) fn marked_text_of(&self, name: &str) -> &'a str {
        marked_text(self.members.get(name).unwrap_or(self.body))
    }
}
