//! The registry of rules. A family file holds its rules as data, each with its check beside it; the registry chains the families. What
//! asks them about a body is [`checker`].

pub mod checker;
mod format;
mod meaning;
mod moments;
mod plain;
mod reading;
pub mod remarks;
mod settings;
mod shape;
mod variants;

use std::borrow::Cow;

use crate::call::Call;
use crate::call::documented::Documented;
use crate::call::timestamp::Timestamp;
use crate::contract::Field;
use crate::finding::Level;
use crate::json::{Json, Kind, Object};
use crate::pointer;
use crate::settings::Settings;
use crate::similar::similar;
use chrono::{DateTime, Utc};
use moments::Moments;
use remarks::RuleRemarks;

pub use meaning::{DUPLICATE_CALL, again};
pub use reading::of_other;
pub use settings::{BOOLEANS_IN_QUOTES, NOTHING};

/// One check.
#[derive(Debug)]
pub struct Rule {
    /// Its name in reports: kebab-case, what is wrong in two or three words.
    pub id: &'static str,
    /// How bad its findings are, unless the user says otherwise.
    pub level: Level,
    /// What it finds, in one line.
    pub summary: &'static str,
    /// What it looks at and why that matters: paragraphs, an empty line between them.
    pub explanation: &'static str,
    /// A piece of a body that it finds something in.
    pub bad: &'static str,
    /// The same piece as it should be.
    pub good: &'static str,
    /// What to do about a finding.
    pub fix: &'static str,
    /// Whether the printed JSON Schema says the same.
    pub in_schema: bool,
    /// When it is asked, and its code.
    pub check: Check,
}

impl Rule {
    /// The family that it belongs to.
    #[must_use]
    pub fn family(&self) -> Family {
        Family::ALL
            .into_iter()
            .find(|family| family.rules().iter().any(|rule| rule.id == self.id))
            .expect("every rule comes from the list of a family")
    }

    /// Whether it is asked under these settings.
    #[must_use]
    pub fn is_active(&self, settings: &Settings) -> bool {
        match self.check {
            Check::Setting { is_told, .. } => is_told(settings),
            _ => true,
        }
    }

    /// What has to be told before it is asked, as it is typed: `--variables FILE`.
    #[must_use]
    pub fn needs(&self) -> Option<&'static str> {
        match self.check {
            Check::Setting { needs, .. } => Some(needs),
            _ => None,
        }
    }
}

/// When a rule is asked.
#[derive(Debug)]
pub enum Check {
    /// While documents are read, before there is a body.
    Reading,
    /// For each documented object of a body: the body itself, lead, campaign, and those that hold variables.
    Object(ObjectCheck),
    /// For each documented field that is there and that it applies to.
    Field {
        /// Whether there can be a finding at a field.
        applies: fn(&Field) -> bool,
        /// The check.
        check: FieldCheck,
    },
    /// Once for each body.
    Call(CallCheck),
    /// Once for each body, if the user told how the webhook is set up.
    Setting {
        /// Whether he did.
        is_told: fn(&Settings) -> bool,
        /// How to tell it.
        needs: &'static str,
        /// The check.
        check: CallCheck,
    },
    /// Over all bodies of a run, in the order of the input.
    Run,
}

/// Looks at a documented object.
pub type ObjectCheck = for<'a> fn(&DocumentedObject<'_, 'a>, &mut RuleRemarks<'_, 'a>);
/// Looks at a documented field.
pub type FieldCheck = for<'a> fn(&FieldValue<'_, 'a>, &mut RuleRemarks<'_, 'a>);
/// Looks at a call as a whole.
pub type CallCheck = for<'a> fn(&WholeCall<'_, 'a>, &mut RuleRemarks<'_, 'a>);

/// A documented object of a body.
#[derive(Debug)]
pub struct DocumentedObject<'o, 'a> {
    /// The pointer at which the contract documents its members; empty for the body itself.
    pub contract: &'static str,
    /// Its pointer in the body: another one where a known variant puts it elsewhere.
    pub pointer: &'o str,
    /// The object.
    pub value: Json<'a>,
    /// Its members.
    pub members: &'o Object<'a>,
    /// The same, told apart by the contract.
    pub documented: &'o Documented<'a>,
}

/// A documented field of a body that is there.
#[derive(Debug)]
pub struct FieldValue<'o, 'a> {
    /// What the contract says about it.
    pub field: &'static Field,
    /// Its value.
    pub value: Json<'a>,
    /// The pointer of the object that it belongs to.
    pub parent: &'o str,
    /// The times of the body.
    pub moments: &'o Moments<'a>,
}

impl FieldValue<'_, '_> {
    /// The time that it tells, where it is a string that can be read as one.
    #[must_use]
    pub fn time(&self) -> Option<Timestamp> {
        self.moments.read(self.value)
    }

    /// Its pointer in the body.
    #[must_use]
    pub fn pointer(&self) -> String {
        pointer::child(self.parent, self.field.name)
    }
}

/// A call, and what is needed to judge it as a whole.
#[derive(Debug)]
pub struct WholeCall<'o, 'a> {
    /// The body.
    pub body: Json<'a>,
    /// Its members.
    pub members: &'o Object<'a>,
    /// Its typed view.
    pub call: &'o Call<'a>,
    /// What the user told of his webhook.
    pub settings: &'o Settings,
    /// The times of the body.
    pub moments: &'o Moments<'a>,
    /// A time that has been.
    pub past: DateTime<Utc>,
}

impl<'a> WholeCall<'_, 'a> {
    /// What to mark where something is wrong with this member: the member's value, or the body that lacks it.
    fn mark_of(&self, name: &str) -> &'a str {
        mark(self.members.get(name).unwrap_or(self.body))
    }
}

/// A kind of rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Can it be read, and is it a call?
    Reading,
    /// Are the documented members there, and of their types?
    Shape,
    /// Do texts look as they should?
    Format,
    /// Known variants of the vendor's, harmless to read.
    Variants,
    /// Is what it says likely?
    Meaning,
    /// Does it fit to what the user told of his webhook?
    Settings,
}

impl Family {
    /// All families, in the order of the registry.
    pub const ALL: [Self; 6] = [
        Self::Reading,
        Self::Shape,
        Self::Format,
        Self::Variants,
        Self::Meaning,
        Self::Settings,
    ];

    /// The word that names it.
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

    /// Its rules.
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

/// All rules, family by family.
pub fn registry() -> impl Iterator<Item = &'static Rule> {
    let families = Family::ALL.into_iter();
    families.flat_map(Family::rules).copied()
}

/// The rule `id`.
pub fn find(id: &str) -> Result<&'static Rule, UnknownRule> {
    let named = |id: &str| registry().find(|rule| rule.id == id);
    named(id).ok_or_else(|| UnknownRule {
        id: id.to_owned(),
        near: similar(id, registry().map(|rule| rule.id)).and_then(named),
    })
}

/// No rule has this id.
#[derive(Debug)]
pub struct UnknownRule {
    id: String,
    near: Option<&'static Rule>,
}

impl std::fmt::Display for UnknownRule {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "there is no rule `{}`; ", self.id)?;
        match self.near {
            Some(near) => write!(f, "did you mean `{}`?", near.id),
            None => write!(f, "`postcall rules` lists them"),
        }
    }
}

impl std::error::Error for UnknownRule {}

/// The text of a value that a finding marks: all of it, but of an object or array only its opening bracket.
fn mark(value: Json<'_>) -> &str {
    match value.kind() {
        Kind::Object | Kind::Array => &value.text()[..1],
        _ => value.text(),
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
            Some((end, _)) => format!("the {} {}…", kind.name(), visible(&value.text()[..end])),
            None => format!("the {} {}", kind.name(), visible(value.text())),
        },
    }
}

/// A name of somebody's, as far as a message has room for it.
#[must_use]
pub fn short(name: &str) -> Cow<'_, str> {
    const SHOWN: usize = 60;
    match name.char_indices().nth(SHOWN) {
        Some((end, _)) => Cow::Owned(format!("{}…", visible(&name[..end]))),
        None => visible(name),
    }
}

/// The text with characters that nobody sees as `\u{200b}`: a message about a value says nothing if the difference can not be seen.
fn visible(text: &str) -> Cow<'_, str> {
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
    fn ids_are_unique_kebab_case_and_everything_is_explained() {
        let rules: Vec<_> = registry().collect();
        for (index, rule) in rules.iter().enumerate() {
            let id = rule.id;
            assert!(rules[..index].iter().all(|other| other.id != id), "{id}");
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
    fn an_unknown_rule_is_answered_with_a_near_one() {
        let unknown = |id: &str| find(id).expect_err("no rule").to_string();
        assert!(unknown("mising-field").contains("did you mean `missing-field`?"));
        assert!(unknown("x").contains("`postcall rules`"));
    }
}
