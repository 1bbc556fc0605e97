//! The names of variables whose values stay, as globs.

use std::sync::atomic::{AtomicBool, Ordering};

use globset::GlobMatcher;

use crate::text::glob::with_stars;

/// The variables and undocumented members whose values stay.
#[derive(Default)]
pub(crate) struct KeepList {
    globs: Vec<KeepGlob>,
}

struct KeepGlob {
    text: String,
    matcher: GlobMatcher,
    has_matched: AtomicBool,
}

impl KeepList {
    /// Parses globs of names: `plan`, `product_*`, or with the place as in the columns of `export`:
    /// `extracted_variables.plan`. An error is a message that names the glob.
    pub(crate) fn new(globs: &[String]) -> Result<Self, String> {
        let globs = globs.iter().map(|text| {
            Ok(KeepGlob {
                matcher: with_stars(text).map_err(|error| format!("{text}: {error}"))?,
                text: text.clone(),
                has_matched: AtomicBool::new(false),
            })
        });
        let globs = globs.collect::<Result<_, String>>()?;
        Ok(Self { globs })
    }

    /// True if nothing is kept.
    pub(super) fn is_empty(&self) -> bool {
        self.globs.is_empty()
    }

    /// True if the value of the member `name` of the object in column `parent` stays.
    pub(super) fn contains(&self, parent: &str, name: &str) -> bool {
        let is_match = |glob: &&KeepGlob| {
            glob.matcher.is_match(name)
                || !parent.is_empty() && glob.matcher.is_match(format!("{parent}.{name}"))
        };
        let Some(glob) = self.globs.iter().find(is_match) else {
            return false;
        };
        glob.has_matched.store(true, Ordering::Relaxed);
        true
    }

    /// The globs that have matched no name.
    pub(crate) fn unmatched(&self) -> impl Iterator<Item = &str> {
        let is_unmatched = |glob: &&KeepGlob| !glob.has_matched.load(Ordering::Relaxed);
        self.globs
            .iter()
            .filter(is_unmatched)
            .map(|glob| glob.text.as_str())
    }
}
