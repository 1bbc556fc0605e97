//! The registry of rules. A file defines the rules of a family, or a part of them, as data, each
//! next to its check function; the registry chains the files.
//!
//! Rules on objects and fields run only on values that `lint/fast_path.rs` does not admit. If a new
//! rule reports nothing, look there first.

mod format;
mod format_help;
mod joined_text;
mod meaning;
mod personal_data;
mod reading;
mod settings;
mod shape;
pub(crate) mod variants;

use super::rule_check::RuleCheck;
use super::rule_data::Rule;
use crate::text::shorten::shorten;
use crate::text::similar::similar;

pub(crate) use meaning::{DUPLICATE_CALL, repeated_call};
pub(crate) use reading::describe_non_call;

/// The lists of all files, in registry order: the rules of a family are together.
static RULE_LISTS: &[&[&RuleCheck]] = &[
    reading::RULES,
    shape::RULES,
    format::RULES,
    variants::RULES,
    meaning::times::RULES,
    meaning::values::RULES,
    meaning::campaign::RULES,
    meaning::connection::RULES,
    meaning::delivery::RULES,
    meaning::texts::RULES,
    meaning::free_text::RULES,
    settings::RULES,
    personal_data::RULES,
];

/// All rules with their checks, grouped by family.
pub(crate) fn checks() -> impl Iterator<Item = &'static RuleCheck> {
    RULE_LISTS.iter().copied().flatten().copied()
}

/// All rules, grouped by family.
pub fn registry() -> impl Iterator<Item = &'static Rule> {
    checks().map(|check| &check.rule)
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
        write!(f, "there is no rule `{}`; ", shorten(&self.id))?;
        match self.suggestion {
            Some(near) => write!(f, "did you mean `{}`?", near.id),
            None => write!(f, "run `postcall rules` for a list"),
        }
    }
}

impl std::error::Error for UnknownRule {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::rule_data::Family;

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
    fn the_registry_is_grouped_by_family() {
        let mut families: Vec<Family> = registry().map(|rule| rule.family).collect();
        families.dedup();
        assert_eq!(families, Family::ALL);
    }

    #[test]
    fn an_unknown_id_gets_a_suggestion() {
        let unknown = |id: &str| find(id).expect_err("no rule").to_string();
        assert!(unknown("mising-field").contains("did you mean `missing-field`?"));
        assert!(unknown("x").contains("`postcall rules`"));
    }
}
