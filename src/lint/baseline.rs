//! Findings that are known from an earlier run. Each finding of this run is compared with them, in
//! input order.

use std::collections::{BTreeMap, BTreeSet};

use super::collector::Tally;
use super::finding::{BaselineState, CheckedBody};
use super::finding_key::FindingKey;
use super::rule_data::Level;

/// The value of the member `kind` in the file of a baseline.
pub(crate) const KIND: &str = "postcall baseline";

/// The version of the file. It changes if a member is added, removed or changes its meaning.
pub(crate) const VERSION: u64 = 1;

/// Known findings, each with the number of its occurrences.
#[derive(Debug, Default)]
pub(crate) struct Baseline {
    findings: BTreeMap<FindingKey, Occurrences>,
    /// The known findings that occurred in this run.
    known: Tally,
}

/// How often a finding occurred.
#[derive(Debug)]
struct Occurrences {
    earlier: u64,
    now: u64,
    /// For a duplicate call, the source of the first delivery in the earlier run.
    first_source: Option<String>,
}

impl Baseline {
    /// Adds `count` occurrences of a known finding. For a duplicate call, `first_source` is the
    /// source of the first delivery.
    pub(crate) fn add(&mut self, key: FindingKey, count: u64, first_source: Option<String>) {
        let new = Occurrences {
            earlier: 0,
            now: 0,
            first_source,
        };
        let occurrences = self.findings.entry(key).or_insert(new);
        occurrences.earlier = occurrences.earlier.saturating_add(count);
    }

    /// Sets the state of each finding of `body`, whose source is named `source`. Of several equal
    /// findings, as many are known as there were before. Known ones are removed from the counts of
    /// `body` and from `tally`.
    pub(crate) fn compare(&mut self, source: &str, body: &mut CheckedBody, tally: &mut Tally) {
        let keys = body.findings.iter();
        let keys: Vec<_> = keys
            .map(|finding| FindingKey::new(source, body, finding))
            .collect();
        for (finding, key) in body.findings.iter_mut().zip(&keys) {
            let known = self.findings.get_mut(key);
            let known = known.filter(|occurrences| occurrences.now < occurrences.earlier);
            let Some(occurrences) = known else {
                finding.baseline = Some(BaselineState::New);
                continue;
            };
            occurrences.now += 1;
            finding.baseline = Some(BaselineState::Unchanged);
            self.known.add(finding.rule, finding.level);
            tally.remove(finding.rule, finding.level);
            body.errors -= u64::from(finding.level == Level::Error);
        }
    }

    /// The known findings that occurred in this run.
    #[must_use]
    pub(crate) fn known(&self) -> &Tally {
        &self.known
    }

    /// The sources of the known findings.
    pub(crate) fn sources(&self) -> BTreeSet<&str> {
        self.findings.keys().map(|key| &*key.source).collect()
    }

    /// Number of known findings that no longer occur, among those for which `is_checked` returns
    /// true: the run would have found them. Its second argument is the source of the first delivery
    /// of a duplicate call, if the baseline has it.
    #[must_use]
    pub(crate) fn count_gone(
        &self,
        mut is_checked: impl FnMut(&FindingKey, Option<&str>) -> bool,
    ) -> u64 {
        let gone = self.findings.iter().filter_map(|(key, occurrences)| {
            let gone = occurrences.earlier - occurrences.now;
            let first_source = occurrences.first_source.as_deref();
            (gone > 0 && is_checked(key, first_source)).then_some(gone)
        });
        gone.sum()
    }
}
