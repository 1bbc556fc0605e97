//! Levels of rules: the default of each rule and the user's changes to it, for all findings of a
//! rule or only for those at certain JSON Pointers. Levels change nowhere else between rules and
//! reports.

use std::fmt;

use globset::GlobMatcher;
use serde::Deserialize;

use crate::lint::rule_data::{Family, Level, Rule};

/// The level that the user assigns to findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub(crate) enum Verdict {
    /// Do not report them.
    Allow,
    /// Report them as warnings.
    Warn,
    /// Report them as errors.
    Deny,
}

/// The name of all rules, where a rule or a family is expected.
pub(crate) const ALL_RULES: &str = "all";

impl Verdict {
    /// The level that findings get; `None` if they are not reported.
    fn level(self) -> Option<Level> {
        match self {
            Self::Allow => None,
            Self::Warn => Some(Level::Warning),
            Self::Deny => Some(Level::Error),
        }
    }
}

/// The findings that a level change applies to: a rule (`missing-field`), a family (`variants`) or
/// `all`, optionally followed by `:` and a glob for JSON Pointers.
#[derive(Clone, Debug)]
pub(crate) struct Scope {
    pub(super) rules: RuleSelector,
    /// `*` matches one name or index, `**` any number of them.
    pub(super) pointers: Option<GlobMatcher>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RuleSelector {
    Id(&'static str),
    Family(Family),
    All,
}

impl Scope {
    fn covers_rule(&self, rule: &Rule) -> bool {
        match self.rules {
            RuleSelector::Id(id) => rule.id == id,
            RuleSelector::Family(family) => rule.family == family,
            RuleSelector::All => true,
        }
    }

    /// True if a level for this scope reports findings of `rule`, even if the rule is allowed by
    /// default: the scope names the rule, or a family of only such rules. `--deny all` in a CI job
    /// must not start to report every text and phone number of real bodies.
    fn turns_on(&self, rule: &Rule) -> bool {
        match self.rules {
            RuleSelector::Id(_) => true,
            RuleSelector::Family(family) => rule.level.is_some() || family.is_opt_in(),
            RuleSelector::All => rule.level.is_some(),
        }
    }

    fn covers_pointer(&self, pointer: &str) -> bool {
        let pointers = self.pointers.as_ref();
        pointers.is_none_or(|pointers| pointers.is_match(pointer))
    }
}

/// Levels of all rules.
#[derive(Clone, Debug, Default)]
pub(crate) struct Levels {
    /// The last change that matches a finding wins.
    changes: Vec<(Verdict, Scope)>,
    /// Report warnings as errors.
    strict: bool,
}

impl Levels {
    /// Creates levels from the defaults of the rules and `changes`. The last change that matches a
    /// finding wins. With `strict`, findings that are warnings after that become errors.
    #[must_use]
    pub(crate) fn new(changes: Vec<(Verdict, Scope)>, strict: bool) -> Self {
        Self { changes, strict }
    }

    /// Level of a finding of `rule` at `pointer`, in the body at pointer `body` of its document.
    /// `None` if the finding is allowed. A glob may match the pointer within the body or the
    /// pointer within the document, which is the one that reports print.
    #[must_use]
    pub(crate) fn level_of(&self, rule: &Rule, pointer: &str, body: &str) -> Option<Level> {
        self.last_matching(rule, |scope| {
            let matches_in_document =
                || !body.is_empty() && scope.covers_pointer(&format!("{body}{pointer}"));
            scope.covers_pointer(pointer) || matches_in_document()
        })
    }

    /// Level of all findings of `rule`, if it does not depend on their pointers. The outer
    /// `Option` is `None` if it does; the inner one is `None` if the findings are allowed.
    #[must_use]
    #[expect(
        clippy::option_option,
        reason = "`None` has two meanings, and callers need both"
    )]
    pub(crate) fn fixed_level(&self, rule: &Rule) -> Option<Option<Level>> {
        let mut changes = self.changes.iter();
        let depends_on_pointer =
            changes.any(|(_, scope)| scope.pointers.is_some() && scope.covers_rule(rule));
        (!depends_on_pointer).then(|| self.general_level(rule))
    }

    /// Level of findings of `rule`, ignoring changes that are limited to certain pointers. `None`
    /// if they are allowed.
    #[must_use]
    pub(crate) fn general_level(&self, rule: &Rule) -> Option<Level> {
        self.last_matching(rule, |scope| scope.pointers.is_none())
    }

    /// True if a finding of `rule` can be reported at some pointer.
    #[must_use]
    pub(crate) fn can_report(&self, rule: &Rule) -> bool {
        let is_reported_somewhere = |(verdict, scope): &(Verdict, Scope)| {
            *verdict != Verdict::Allow && scope.pointers.is_some() && scope.covers_rule(rule)
        };
        self.general_level(rule).is_some()
            || self.is_turned_on(rule) && self.changes.iter().any(is_reported_somewhere)
    }

    /// True if `rule` is on by default, or some change turns it on.
    fn is_turned_on(&self, rule: &Rule) -> bool {
        let mut changes = self.changes.iter();
        rule.level.is_some()
            || changes.any(|(verdict, scope)| {
                *verdict != Verdict::Allow && scope.covers_rule(rule) && scope.turns_on(rule)
            })
    }

    /// The level of `rule` after the last change that covers it and whose scope satisfies
    /// `matches`, or its default level. `None` if its findings are allowed.
    fn last_matching(&self, rule: &Rule, matches: impl Fn(&Scope) -> bool) -> Option<Level> {
        let changes = self.changes.iter().rev();
        let mut changes = changes
            .filter(|(_, scope)| scope.covers_rule(rule))
            .filter(|(_, scope)| matches(scope));
        let level = match changes.next() {
            Some((verdict, scope)) if scope.turns_on(rule) => verdict.level(),
            // A level for all rules applies only if an earlier change has turned the rule on.
            Some((verdict, _)) => verdict.level().filter(|_| is_on_before(rule, changes)),
            None => rule.level,
        };
        level.map(|level| match level {
            Level::Warning if self.strict => Level::Error,
            level => level,
        })
    }
}

/// True if `rule`, which is allowed by default, is on after these changes. The last one is first.
fn is_on_before<'c>(rule: &Rule, mut changes: impl Iterator<Item = &'c (Verdict, Scope)>) -> bool {
    let decisive =
        changes.find(|(verdict, scope)| *verdict == Verdict::Allow || scope.turns_on(rule));
    decisive.is_some_and(|(verdict, _)| *verdict != Verdict::Allow)
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::Allow => "allow",
            Self::Warn => "warn",
            Self::Deny => "deny",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::rules;

    fn levels(changes: &[(Verdict, &str)], strict: bool) -> Levels {
        let changes = changes
            .iter()
            .map(|(verdict, scope)| (*verdict, scope.parse().expect("a target")));
        Levels::new(changes.collect(), strict)
    }

    fn rule(id: &str) -> &'static Rule {
        rules::find(id).expect("a rule")
    }

    #[test]
    fn the_last_matching_change_wins() {
        use Verdict::{Allow, Deny, Warn};
        let missing = rule("missing-field");
        let levels = levels(
            &[
                (Allow, "all"),
                (Warn, "shape"),
                (Deny, "missing-field:/lead/**"),
                (Allow, "missing-field:/lead/variables/*"),
            ],
            false,
        );
        assert_eq!(
            levels.level_of(missing, "/status", ""),
            Some(Level::Warning)
        );
        assert_eq!(levels.level_of(missing, "/lead/id", ""), Some(Level::Error));
        assert_eq!(levels.level_of(missing, "/lead/variables/a", ""), None);
        assert_eq!(
            levels.level_of(missing, "/lead/variables/a/b", ""),
            Some(Level::Error)
        );
        assert_eq!(
            levels.level_of(rule("invalid-phone"), "/customer_phone", ""),
            None
        );
        assert!(!levels.can_report(rule("invalid-phone")));
    }

    #[test]
    fn strict_turns_warnings_but_nothing_else_into_errors() {
        let levels = levels(
            &[
                (Verdict::Warn, "missing-field"),
                (Verdict::Allow, "unknown-status"),
            ],
            true,
        );
        assert_eq!(
            levels.level_of(rule("missing-field"), "", ""),
            Some(Level::Error)
        );
        assert_eq!(
            levels.level_of(rule("zoneless-time"), "", ""),
            Some(Level::Error)
        );
        assert_eq!(levels.level_of(rule("unknown-status"), "", ""), None);
        assert_eq!(
            levels.level_of(rule("known-extra"), "", ""),
            Some(Level::Note)
        );
    }

    #[test]
    fn a_rule_that_is_allowed_by_default_is_turned_on_by_name() {
        use Verdict::{Allow, Deny, Warn};
        let level = |id: &str, changes: &[(Verdict, &str)]| {
            let levels = levels(changes, false);
            let level = levels.level_of(rule(id), "/customer_phone", "");
            assert!(level.is_none() || levels.can_report(rule(id)), "{id}");
            level
        };
        for id in ["real-phone", "free-text"] {
            assert!(!levels(&[(Deny, "all"), (Warn, "meaning")], true).can_report(rule(id)));
            assert!(!levels(&[(Deny, "all:/**")], false).can_report(rule(id)));
            assert_eq!(level(id, &[]), None);
            assert_eq!(level(id, &[(Warn, id)]), Some(Level::Warning));
            assert_eq!(level(id, &[(Warn, id), (Deny, "all")]), Some(Level::Error));
            assert_eq!(level(id, &[(Deny, id), (Allow, "all")]), None);
            let on_and_off = [(Deny, id), (Allow, "all"), (Warn, "all")];
            assert_eq!(level(id, &on_and_off), None);
            let on_at_one_pointer = [(Deny, &*format!("{id}:/customer_phone"))];
            assert_eq!(level(id, &on_at_one_pointer), Some(Level::Error));
        }
        let family = [(Deny, "personal-data")];
        assert_eq!(level("real-phone", &family), Some(Level::Error));
        assert_eq!(level("real-email", &family), Some(Level::Error));
        assert_eq!(level("free-text", &family), None);
    }

    #[test]
    fn a_rule_that_is_denied_at_one_pointer_only_can_report() {
        let levels = levels(
            &[
                (Verdict::Allow, "wrong-type"),
                (Verdict::Deny, "wrong-type:/id"),
            ],
            false,
        );
        let wrong_type = rule("wrong-type");
        assert!(levels.can_report(wrong_type));
        assert_eq!(levels.general_level(wrong_type), None);
        assert_eq!(levels.level_of(wrong_type, "/id", ""), Some(Level::Error));
        assert_eq!(levels.level_of(wrong_type, "/duration", ""), None);
    }
}
