//! Finds the names in a filter that occur in no call of the input: probably misspelled ones. Each
//! is reported with the most similar name that does occur.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::HashSet;
use std::fmt::Debug;
use std::sync::atomic::{AtomicBool, Ordering as MemoryOrdering};
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use crate::call::contract_object::ContractObject;
use crate::text::shorten::shorten;
use crate::text::similar::MAX_LEN;

/// Maximum number of known names that are kept to compare each only once.
pub(super) const MAX_KNOWN: usize = 10_000;

/// A name in a filter that names in calls are compared with.
pub(super) trait FilterName: Debug + Send + Sync {
    /// A noun for the name, such as `status`.
    fn kind(&self) -> &'static str;
    /// The name as the user wrote it.
    fn text(&self) -> Cow<'_, str>;
    /// Returns true if the call has this name, or one that it matches.
    fn occurs_in(&self, body: &ContractObject) -> bool;
    /// Calls `visit` with each name of this kind in the call.
    fn for_each_candidate(&self, body: &ContractObject, visit: &mut dyn FnMut(&str));
    /// The similarity to a name in a call, from 0 to 1, or `None` if this one is probably not meant
    /// as that.
    fn similarity(&self, candidate: &str) -> Option<f64>;
}

/// The names in a filter, and whether they have occurred in a call yet. Any number of threads may
/// observe calls, in any order.
#[derive(Debug)]
pub(crate) struct FilterNames(Vec<ObservedName>);

#[derive(Debug)]
struct ObservedName {
    name: Box<dyn FilterName>,
    has_occurred: AtomicBool,
    /// Names of the input. Unused once the name has occurred.
    candidates: RwLock<SimilarNames>,
}

/// The names of the input that a name in the filter may be a misspelling of.
#[derive(Debug, Default)]
struct SimilarNames {
    /// Names that were compared before, about [`MAX_KNOWN`]. Others are compared each time.
    known: HashSet<String>,
    nearest: Option<SimilarName>,
}

#[derive(Debug)]
struct SimilarName {
    similarity: f64,
    name: String,
}

impl SimilarNames {
    fn add(&mut self, candidate: SimilarName) {
        let nearest = self.nearest.as_ref();
        if nearest.is_none_or(|nearest| candidate.is_nearer_than(nearest)) {
            self.nearest = Some(candidate);
        }
    }
}

impl SimilarName {
    /// A total order, so that the nearest candidate does not depend on the order of the calls.
    fn is_nearer_than(&self, other: &Self) -> bool {
        match self.similarity.total_cmp(&other.similarity) {
            Ordering::Equal => self.name < other.name,
            order => order.is_gt(),
        }
    }
}

impl FilterNames {
    /// Creates the list of these names, each once.
    #[must_use]
    pub(super) fn new(names: impl Iterator<Item = Box<dyn FilterName>>) -> Self {
        let mut before = HashSet::new();
        let names = names.filter(|name| before.insert((name.kind(), name.text().into_owned())));
        let observed = |name| ObservedName {
            name,
            has_occurred: AtomicBool::new(false),
            candidates: RwLock::default(),
        };
        Self(names.map(observed).collect())
    }

    /// Records which names occur in a call, whether or not the call matches the filter.
    pub(crate) fn observe(&self, body: &ContractObject) {
        for observed in &self.0 {
            // A stale value only costs time.
            if !observed.has_occurred.load(MemoryOrdering::Relaxed) {
                observed.observe(body);
            }
        }
    }

    /// Returns a message for each name that has not occurred.
    pub(crate) fn absent(&self) -> Vec<String> {
        let absent = self
            .0
            .iter()
            .filter(|observed| !observed.has_occurred.load(MemoryOrdering::Relaxed));
        absent.map(ObservedName::describe_absence).collect()
    }
}

impl ObservedName {
    fn observe(&self, body: &ContractObject) {
        if self.name.occurs_in(body) {
            self.has_occurred.store(true, MemoryOrdering::Relaxed);
            return;
        }
        let before = self.read_candidates();
        let mut new = SimilarNames::default();
        self.name.for_each_candidate(body, &mut |name| {
            if name.len() > MAX_LEN || before.known.contains(name) {
                return;
            }
            if let Some(similarity) = self.name.similarity(name) {
                let name = name.to_owned();
                new.add(SimilarName { similarity, name });
            }
            if before.known.len() + new.known.len() < MAX_KNOWN {
                new.known.insert(name.to_owned());
            }
        });
        drop(before);
        if new.known.is_empty() && new.nearest.is_none() {
            return;
        }
        let candidates = self.candidates.write();
        let mut candidates = candidates.unwrap_or_else(PoisonError::into_inner);
        candidates.known.extend(new.known);
        if let Some(nearest) = new.nearest {
            candidates.add(nearest);
        }
    }

    fn read_candidates(&self) -> RwLockReadGuard<'_, SimilarNames> {
        let candidates = self.candidates.read();
        candidates.unwrap_or_else(PoisonError::into_inner)
    }

    fn describe_absence(&self) -> String {
        let candidates = self.read_candidates();
        let name = self.name.text();
        let name = format!("the {} `{}`", self.name.kind(), shorten(&name));
        match &candidates.nearest {
            Some(nearest) => {
                format!(
                    "no call has {name}; did you mean `{}`?",
                    shorten(&nearest.name)
                )
            }
            None => format!("no call has {name}"),
        }
    }
}
