//! The registry of rules. The file of a family defines its rules as data, each next to its check
//! function; the registry chains the families. [`checker`](super::checker) runs the rules on a body.

pub(crate) mod format;
mod meaning;
mod reading;
mod settings;
mod shape;
pub(crate) mod variants;

use std::borrow::Cow;

use super::collector::RuleContext;
use super::time_cache::TimeCache;
use crate::call::contract_object::ContractObject;
use crate::call::{Call, value_at};
use crate::contract::Field;
use crate::contract::recognition::CAMPAIGN_POINTER;
use crate::contract::webhook::WebhookSettings;
use crate::json::pointer;
use crate::json::{Json, Kind, Object};
use crate::lint::finding::Level;
use crate::text::similar::similar;
use crate::time::timestamp::Timestamp;
use chrono::{DateTime, Utc};

pub use meaning::{DUPLICATE_CALL, repeated_call};
pub use reading::describe_non_call;

/// A check, with its documentation.
#[derive(Debug)]
pub struct Rule {
    /// Name in reports and options: the problem in two or three words, in kebab-case.
    pub id: &'static str,
    /// Default level of its findings.
    pub level: Level,
    /// The problem that it finds, in one line.
    pub summary: &'static str,
    /// The subject of the check and why it matters, in paragraphs separated by an empty line.
    pub explanation: &'static str,
    /// Example: a fragment of a body that has a finding.
    pub bad: &'static str,
    /// Example: the corrected fragment.
    pub good: &'static str,
    /// How to fix a finding.
    pub fix: &'static str,
    /// True if the printed JSON Schema enforces this rule too.
    pub in_schema: bool,
    /// The check function, with the point at which it runs.
    pub check: Check,
}

impl Rule {
    /// Family of the rule.
    #[must_use]
    pub fn family(&self) -> Family {
        Family::ALL
            .into_iter()
            .find(|family| family.rules().iter().any(|rule| rule.id == self.id))
            .expect("every rule comes from the list of a family")
    }

    /// True if the rule runs with these settings.
    #[must_use]
    pub fn is_active(&self, settings: &WebhookSettings) -> bool {
        match self.check {
            Check::Setting { is_enabled, .. } => is_enabled(settings),
            _ => true,
        }
    }

    /// The option that activates the rule, such as `--variables FILE`, if it needs one.
    #[must_use]
    pub fn needs(&self) -> Option<&'static str> {
        match self.check {
            Check::Setting { needs, .. } => Some(needs),
            _ => None,
        }
    }
}

/// The check function of a rule, by the point at which it runs.
#[derive(Debug)]
pub enum Check {
    /// While documents are read, before there is a body. The reader reports these findings.
    Reading,
    /// For each documented object of a body: the body itself, lead, campaign, and the objects that
    /// hold variables.
    Object(ObjectCheck),
    /// For each documented field that is present and that the rule applies to.
    Field {
        /// True if the rule applies to the field. Evaluated once per run, not per body.
        applies: fn(&Field) -> bool,
        /// The check function.
        check: FieldCheck,
    },
    /// Once per body.
    Call(CallCheck),
    /// Once per body, if the user has declared the webhook setting that the rule verifies.
    Setting {
        /// True if the setting is declared.
        is_enabled: fn(&WebhookSettings) -> bool,
        /// The option that declares it.
        needs: &'static str,
        /// The check function.
        check: CallCheck,
    },
    /// Across all bodies of a run, in input order.
    Run,
}

/// Checks a documented object.
pub type ObjectCheck = for<'a> fn(&DocumentedObject<'_, 'a>, &mut RuleContext<'_, 'a>);
/// Checks a documented field.
pub type FieldCheck = for<'a> fn(&FieldValue<'_, 'a>, &mut RuleContext<'_, 'a>);
/// Checks several parts of a call together.
pub type CallCheck = for<'a> fn(&WholeCall<'_, 'a>, &mut RuleContext<'_, 'a>);

/// An object of a body whose members the contract documents.
#[derive(Debug)]
pub struct DocumentedObject<'o, 'a> {
    /// Pointer at which the contract documents the members; empty for the body itself.
    pub contract: &'static str,
    /// Pointer of the object in the body. It differs from `contract` where a known variant of the
    /// vendor has moved the object.
    pub pointer: &'o str,
    /// The object as a JSON value.
    pub value: Json<'a>,
    /// All members, in source order.
    pub members: &'o Object<'a>,
    /// The members indexed by the contract.
    pub documented: &'o ContractObject<'a>,
}

/// A documented field that is present in a body.
#[derive(Debug)]
pub struct FieldValue<'o, 'a> {
    /// The entry of the field in the contract.
    pub field: &'static Field,
    /// Value in the body.
    pub value: Json<'a>,
    /// Pointer of the object that contains the field.
    pub parent: &'o str,
    /// Parsed timestamps of the body.
    pub times: &'o TimeCache<'a>,
}

impl FieldValue<'_, '_> {
    /// The value as a timestamp; `None` if it is not a string or not a readable timestamp.
    #[must_use]
    pub fn time(&self) -> Option<Timestamp> {
        self.times.read(self.value)
    }

    /// Pointer of the field in the body.
    #[must_use]
    pub fn pointer(&self) -> String {
        pointer::child(self.parent, self.field.name)
    }
}

/// A call with everything that a check across several fields needs.
#[derive(Debug)]
pub struct WholeCall<'o, 'a> {
    /// The body.
    pub body: Json<'a>,
    /// Members of the body.
    pub members: &'o Object<'a>,
    /// Typed view of the body.
    pub call: &'o Call<'a>,
    /// Webhook settings that the user has declared.
    pub settings: &'o WebhookSettings,
    /// Parsed timestamps of the body.
    pub times: &'o TimeCache<'a>,
    /// A time that is certainly in the past, so that most calls need no look at the clock.
    pub past_time: DateTime<Utc>,
}

impl<'a> WholeCall<'_, 'a> {
    /// Value of a documented field and its pointer in the body. The fields of the campaign are those
    /// of the call's campaign, which may be inside the lead.
    fn find(&self, field: &Field) -> Option<(Json<'a>, String)> {
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
    fn marked_text_of(&self, name: &str) -> &'a str {
        marked_text(self.members.get(name).unwrap_or(self.body))
    }
}

/// A group of rules on one aspect of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Readability: is the input JSON, and is it a call?
    Reading,
    /// Structure: are the documented members present, and of the documented type?
    Shape,
    /// Text formats: phone numbers, timestamps, links.
    Format,
    /// Known variants of the vendor that are harmless to read.
    Variants,
    /// Plausibility of the values.
    Meaning,
    /// Agreement with the webhook settings that the user has declared.
    Settings,
}

impl Family {
    /// All families, in registry order.
    pub const ALL: [Self; 6] = [
        Self::Reading,
        Self::Shape,
        Self::Format,
        Self::Variants,
        Self::Meaning,
        Self::Settings,
    ];

    /// Name of the family in options and reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Shape => "shape",
            Self::Format => "format",
            Self::Variants => "variants",
            Self::Meaning => "meaning",
            Self::Settings => "settings",
        }
    }

    /// Rules of the family.
    #[must_use]
    pub fn rules(self) -> &'static [&'static Rule] {
        match self {
            Self::Reading => reading::RULES,
            Self::Shape => shape::RULES,
            Self::Format => format::RULES,
            Self::Variants => variants::RULES,
            Self::Meaning => meaning::RULES,
            Self::Settings => settings::RULES,
        }
    }
}

/// All rules, grouped by family.
pub fn registry() -> impl Iterator<Item = &'static Rule> {
    let families = Family::ALL.into_iter();
    families.flat_map(Family::rules).copied()
}

/// Finds the rule with this id. The error suggests the most similar id.
pub fn find(id: &str) -> Result<&'static Rule, UnknownRule> {
    let named = |id: &str| registry().find(|rule| rule.id == id);
    named(id).ok_or_else(|| UnknownRule {
        id: id.to_owned(),
        suggestion: similar(id, registry().map(|rule| rule.id)).and_then(named),
    })
}

/// Error for an id that no rule has.
#[derive(Debug)]
pub struct UnknownRule {
    id: String,
    suggestion: Option<&'static Rule>,
}

impl std::fmt::Display for UnknownRule {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "there is no rule `{}`; ", self.id)?;
        match self.suggestion {
            Some(near) => write!(f, "did you mean `{}`?", near.id),
            None => write!(f, "`postcall rules` lists them"),
        }
    }
}

impl std::error::Error for UnknownRule {}

/// The part of a value's text that a finding marks: the whole text, except for an object or array,
/// where it is the opening bracket.
fn marked_text(value: Json<'_>) -> &str {
    match value.kind() {
        Kind::Object | Kind::Array => &value.text()[..1],
        _ => value.text(),
    }
}

/// Describes a value as a noun phrase for messages: `the string "180"`, `an object`. Texts longer
/// than 60 characters are truncated.
#[must_use]
pub fn describe(value: Json) -> String {
    const SHOWN: usize = 60;
    match value.kind() {
        Kind::Null | Kind::Boolean => value.text().to_owned(),
        Kind::Array if value.is_empty_container() => "an empty array".to_owned(),
        Kind::Array => "an array".to_owned(),
        Kind::Object => "an object".to_owned(),
        kind @ (Kind::Number | Kind::String) => match value.text().char_indices().nth(SHOWN) {
            Some((end, _)) => format!(
                "the {} {}…",
                kind.name(),
                escape_invisible(&value.text()[..end])
            ),
            None => format!("the {} {}", kind.name(), escape_invisible(value.text())),
        },
    }
}

/// A member name for messages, truncated to 60 characters.
#[must_use]
pub fn shorten(name: &str) -> Cow<'_, str> {
    const SHOWN: usize = 60;
    match name.char_indices().nth(SHOWN) {
        Some((end, _)) => Cow::Owned(format!("{}…", escape_invisible(&name[..end]))),
        None => escape_invisible(name),
    }
}

/// Writes invisible characters as escapes such as `\u{200b}`. Otherwise a message could show two
/// different values that look equal.
fn escape_invisible(text: &str) -> Cow<'_, str> {
    let is_invisible = |character: char| {
        matches!(
            character,
            '\u{a0}'
                | '\u{ad}'
                | '\u{34f}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180e}'
                | '\u{2000}'..='\u{200f}'
                | '\u{202f}'
                | '\u{205f}'..='\u{2064}'
                | '\u{3000}'
                | '\u{3164}'
                | '\u{feff}'
                | '\u{ffa0}'
        )
    };
    if !text.contains(is_invisible) {
        return Cow::Borrowed(text);
    }
    let shown = text.chars().map(|character| {
        if is_invisible(character) {
            format!("\\u{{{:x}}}", u32::from(character))
        } else {
            character.to_string()
        }
    });
    Cow::Owned(shown.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_kebab_case_and_all_texts_are_present() {
        let rules: Vec<_> = registry().collect();
        for (index, rule) in rules.iter().enumerate() {
            let id = rule.id;
            assert!(
                rules[..index].iter().all(|earlier| earlier.id != id),
                "{id}"
            );
            let is_kebab = |byte: u8| byte.is_ascii_lowercase() || byte == b'-';
            assert!(id.bytes().all(is_kebab), "{id}");
            assert!(Family::ALL.iter().all(|family| family.name() != id), "{id}");
            assert!(
                !rule.summary.is_empty() && !rule.summary.ends_with('.'),
                "{id}"
            );
            for text in [rule.explanation, rule.fix] {
                assert!(text.len() > 20 && text.ends_with('.'), "{id}: {text}");
            }
            assert!(!rule.bad.is_empty() && !rule.good.is_empty(), "{id}");
        }
    }

    #[test]
    fn an_unknown_id_gets_a_suggestion() {
        let unknown = |id: &str| find(id).expect_err("no rule").to_string();
        assert!(unknown("mising-field").contains("did you mean `missing-field`?"));
        assert!(unknown("x").contains("`postcall rules`"));
    }
}
