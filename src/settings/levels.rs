//! How bad the findings of each rule are: as the rules say, unless the user says otherwise, for all of a rule's findings or for those at
//! certain places. The one place between rules and reports where levels change.

use std::fmt;
use std::str::FromStr;

use globset::GlobMatcher;
use serde::Deserialize;

use crate::finding::Level;
use crate::glob::with_stars;
use crate::rules::{self, Family, Rule};

/// What to do with findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// They are left out.
    Allow,
    /// They are warnings.
    Warn,
    /// They are errors.
    Deny,
}

impl Verdict {
    fn level(self) -> Option<Level> {
        match self {
            Self::Allow => None,
            Self::Warn => Some(Level::Warning),
            Self::Deny => Some(Level::Error),
        }
    }
}

/// Which findings are meant: `missing-field`, `variants`, `all`, each perhaps followed by `:` and a glob for JSON Pointers.
#[derive(Clone, Debug)]
pub struct Target {
    rules: Rules,
    /// `*` stands for any one name or index, `**` for any number of them.
    pointers: Option<GlobMatcher>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rules {
    One(&'static str),
    Family(Family),
    All,
}

impl Target {
    fn means(&self, rule: &Rule) -> bool {
        match self.rules {
            Rules::One(id) => rule.id == id,
            Rules::Family(family) => rule.family() == family,
            Rules::All => true,
        }
    }

    fn is_at(&self, pointer: &str) -> bool {
        let pointers = self.pointers.as_ref();
        pointers.is_none_or(|pointers| pointers.is_match(pointer))
    }
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, glob) = match text.split_once(':') {
            Some((name, glob)) => (name, Some(glob)),
            None => (text, None),
        };
        let rules = if name == "all" {
            Rules::All
        } else if let Some(family) = Family::ALL.into_iter().find(|family| family.name() == name) {
            Rules::Family(family)
        } else {
            Rules::One(rules::find(name).map_err(|unknown| unknown.to_string())?.id)
        };
        let pointers = glob.map(pointer_glob).transpose()?;
        Ok(Self { rules, pointers })
    }
}

fn pointer_glob(glob: &str) -> Result<GlobMatcher, String> {
    if !glob.starts_with(['/', '*']) {
        return Err(format!(
            "`{glob}` matches no JSON Pointer: those begin with `/`, as in `/lead/**`"
        ));
    }
    // The pointer of a whole body is empty, and a `*` in one name reaches no other.
    with_stars(glob, true)
}

/// The levels of all rules.
#[derive(Clone, Debug, Default)]
pub struct Levels {
    /// Of those that mean a finding the last one counts.
    changes: Vec<(Verdict, Target)>,
    /// Warnings become errors.
    strict: bool,
}

impl Levels {
    /// The rules' own levels, changed by `changes`, of which the last that means a finding counts; with `strict`, what is a warning then is an
    /// error.
    #[must_use]
    pub fn new(changes: Vec<(Verdict, Target)>, strict: bool) -> Self {
        Self { changes, strict }
    }

    /// How bad a finding of `rule` at `pointer` is, in the body that stands at `body` in its document; none where it is to be left out. Places
    /// are meant either way: in the body, or as reports print them, from the document on.
    #[must_use]
    pub fn of(&self, rule: &Rule, pointer: &str, body: &str) -> Option<Level> {
        self.last(rule, |target| {
            let is_there = || !body.is_empty() && target.is_at(&format!("{body}{pointer}"));
            target.is_at(pointer) || is_there()
        })
    }

    /// How bad findings of `rule` are wherever they are, if that is the same everywhere.
    #[must_use]
    pub fn everywhere(&self, rule: &Rule) -> Option<Option<Level>> {
        let mut changes = self.changes.iter();
        let depends = changes.any(|(_, target)| target.pointers.is_some() && target.means(rule));
        (!depends).then(|| self.in_general(rule))
    }

    /// How bad findings of `rule` are, apart from those at certain places.
    #[must_use]
    pub fn in_general(&self, rule: &Rule) -> Option<Level> {
        self.last(rule, |target| target.pointers.is_none())
    }

    /// Whether some finding of `rule` could be told.
    #[must_use]
    pub fn can_tell(&self, rule: &Rule) -> bool {
        let changed = self.changes.iter().filter(|(_, target)| target.means(rule));
        let somewhere = |(verdict, target): &(Verdict, Target)| {
            *verdict != Verdict::Allow && target.pointers.is_some()
        };
        self.in_general(rule).is_some() || changed.into_iter().any(somewhere)
    }

    fn last(&self, rule: &Rule, counts: impl Fn(&Target) -> bool) -> Option<Level> {
        let changes = self.changes.iter().rev();
        let change = changes
            .filter(|(_, target)| target.means(rule))
            .find(|(_, target)| counts(target));
        let level = match change {
            Some((verdict, _)) => verdict.level(),
            None => Some(rule.level),
        };
        level.map(|level| match level {
            Level::Warning if self.strict => Level::Error,
            level => level,
        })
    }
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

    fn levels(changes: &[(Verdict, &str)], strict: bool) -> Levels {
        let changes = changes
            .iter()
            .map(|(verdict, target)| (*verdict, target.parse().expect("a target")));
        Levels::new(changes.collect(), strict)
    }

    fn rule(id: &str) -> &'static Rule {
        rules::find(id).expect("a rule")
    }

    #[test]
    fn the_last_change_that_means_a_finding_counts() {
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
        assert_eq!(levels.of(missing, "/status", ""), Some(Level::Warning));
        assert_eq!(levels.of(missing, "/lead/id", ""), Some(Level::Error));
        assert_eq!(levels.of(missing, "/lead/variables/a", ""), None);
        assert_eq!(
            levels.of(missing, "/lead/variables/a/b", ""),
            Some(Level::Error)
        );
        assert_eq!(
            levels.of(rule("invalid-phone"), "/customer_phone", ""),
            None
        );
        assert!(!levels.can_tell(rule("invalid-phone")));
    }

    #[test]
    fn strict_makes_errors_of_warnings_and_of_nothing_else() {
        let levels = levels(
            &[
                (Verdict::Warn, "missing-field"),
                (Verdict::Allow, "unknown-status"),
            ],
            true,
        );
        assert_eq!(levels.of(rule("missing-field"), "", ""), Some(Level::Error));
        assert_eq!(levels.of(rule("zoneless-time"), "", ""), Some(Level::Error));
        assert_eq!(levels.of(rule("unknown-status"), "", ""), None);
        assert_eq!(levels.of(rule("known-extra"), "", ""), Some(Level::Note));
    }

    #[test]
    fn a_rule_that_is_told_at_some_place_only_is_still_asked() {
        let levels = levels(
            &[
                (Verdict::Allow, "wrong-type"),
                (Verdict::Deny, "wrong-type:/id"),
            ],
            false,
        );
        let wrong_type = rule("wrong-type");
        assert!(levels.can_tell(wrong_type));
        assert_eq!(levels.in_general(wrong_type), None);
        assert_eq!(levels.of(wrong_type, "/id", ""), Some(Level::Error));
        assert_eq!(levels.of(wrong_type, "/duration", ""), None);
    }

    #[test]
    fn a_target_that_means_nothing_is_refused() {
        let refused = |text: &str| text.parse::<Target>().expect_err("no target");
        assert!(refused("mising-field").contains("`missing-field`"));
        assert!(refused("missing-field:lead").contains("begin with `/`"));
        assert!(refused("missing-field:").contains("begin with `/`"));
    }
}
