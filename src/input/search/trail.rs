//! What a search remembers on its way down and brings back up.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use crate::json::Object;

/// Where the search is: how deep, and what the members before have held, of each object on the way down. The same call in two members of one
/// object is one call that was captured twice.
pub(super) struct Trail<'t> {
    pub depth: usize,
    pub earlier: Option<(&'t HashSet<u64>, &'t Trail<'t>)>,
}

impl Trail<'_> {
    pub(super) const TOP: Trail<'static> = Trail {
        depth: 0,
        earlier: None,
    };

    pub(super) fn deeper(&self) -> Trail<'_> {
        Trail {
            depth: self.depth + 1,
            earlier: self.earlier,
        }
    }

    /// Whether a member before holds this call.
    pub(super) fn has_met(&self, call: u64) -> bool {
        let mut trail = self;
        while let Some((calls, before)) = trail.earlier {
            if calls.contains(&call) {
                return true;
            }
            trail = before;
        }
        false
    }
}

/// What was found below a value.
#[derive(Default)]
pub(super) struct Found {
    /// The calls, by what tells them apart.
    pub calls: Vec<u64>,
    /// Whether something else was told of it.
    pub other: bool,
}

impl Found {
    pub(super) fn other() -> Self {
        Self {
            calls: Vec::new(),
            other: true,
        }
    }

    pub(super) fn is_nothing(&self) -> bool {
        self.calls.is_empty() && !self.other
    }

    pub(super) fn add(&mut self, found: Self) {
        self.calls.extend(found.calls);
        self.other |= found.other;
    }
}

/// What tells a call from others that were captured with it.
pub(super) fn identity(members: &Object) -> u64 {
    const TELL_APART: &[&str] = &["id", "customer_phone", "assistant_phone", "transcript"];
    let mut hasher = DefaultHasher::new();
    for name in TELL_APART {
        match members.get(name) {
            Some(value) => match value.as_str() {
                Some(text) => text.hash(&mut hasher),
                None => value.compact().hash(&mut hasher),
            },
            None => 0_u8.hash(&mut hasher),
        }
    }
    hasher.finish()
}
