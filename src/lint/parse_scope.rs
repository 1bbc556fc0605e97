//! Parses the scope of a level change, as written on the command line and in `postcall.toml`:
//! `RULE[:POINTER]`.

use std::str::FromStr;

use globset::GlobMatcher;

use super::levels::{ALL_RULES, RuleSelector, Scope};
use super::rule_data::Family;
use super::rules;
use crate::text::glob::with_stars;

impl FromStr for Scope {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, glob) = match text.split_once(':') {
            Some((name, glob)) => (name, Some(glob)),
            None => (text, None),
        };
        let rules = if name == ALL_RULES {
            RuleSelector::All
        } else if let Some(family) = Family::ALL.into_iter().find(|family| family.name() == name) {
            RuleSelector::Family(family)
        } else {
            RuleSelector::Id(rules::find(name).map_err(|unknown| unknown.to_string())?.id)
        };
        let pointers = glob.map(pointer_glob).transpose()?;
        Ok(Self { rules, pointers })
    }
}

fn pointer_glob(glob: &str) -> Result<GlobMatcher, String> {
    if !glob.starts_with(['/', '*']) {
        return Err(format!(
            "`{glob}` cannot match a JSON Pointer: a pointer starts with `/`, as in `/lead/**`"
        ));
    }
    // The pointer of a whole body is empty, and `*` does not match across `/`.
    with_stars(glob)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_that_matches_nothing_is_refused() {
        let refused = |text: &str| text.parse::<Scope>().expect_err("no target");
        assert!(refused("mising-field").contains("`missing-field`"));
        assert!(refused("missing-field:lead").contains("starts with `/`"));
        assert!(refused("missing-field:").contains("starts with `/`"));
    }
}
