//! Counts of the files in folders and archives that may hold calls but are not read.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::file_name::SkippedKind;

/// Counts the files in folders and archives that were not read because of their names. Clones share
/// the counts.
#[derive(Clone, Debug, Default)]
pub(crate) struct SkippedFiles(Arc<[AtomicU64; SkippedKind::ALL.len()]>);

impl SkippedFiles {
    pub(super) fn add(&self, kind: SkippedKind) {
        self.0[kind as usize].fetch_add(1, Ordering::Relaxed);
    }

    /// Sets all counts to 0.
    pub(super) fn reset(&self) {
        for count in &*self.0 {
            count.store(0, Ordering::Relaxed);
        }
    }

    /// Returns the kinds of files that were skipped, with the number of files.
    #[must_use]
    pub(crate) fn counts(&self) -> Vec<(SkippedKind, u64)> {
        let counts = self.0.iter().map(|count| count.load(Ordering::Relaxed));
        let counts = SkippedKind::ALL.into_iter().zip(counts);
        counts.filter(|(_, count)| *count > 0).collect()
    }
}
