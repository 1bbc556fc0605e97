//! Counts the call ids that occur more than once, for millions of ids in little memory.

use super::id_set::IdSet;
use crate::text::plural::format_count;

/// The ids so far, and those that occurred again.
#[derive(Debug, Default)]
pub(crate) struct RepeatedIds {
    seen: IdSet,
    repeated: IdSet,
    /// Number of ids in `repeated`.
    ids: u64,
    /// Number of calls whose id occurred before.
    again: u64,
}

impl RepeatedIds {
    /// Adds the id of a call.
    pub(crate) fn add(&mut self, id: u64) {
        if self.seen.insert(id) {
            return;
        }
        self.again += 1;
        self.ids += u64::from(self.repeated.insert(id));
    }

    /// The message about repeated ids; `None` if there are none.
    #[must_use]
    pub(crate) fn message(&self) -> Option<String> {
        let verb = if self.ids == 1 { "occurs" } else { "occur" };
        let ids = format_count(self.ids, "call id");
        let calls = self.ids + self.again;
        (self.ids > 0).then(|| {
            format!(
                "{ids} {verb} more than once, in {calls} calls (--dedupe last keeps one call per id)"
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_their_calls_are_counted() {
        let message = |ids: &[u64]| {
            let mut repeated = RepeatedIds::default();
            for id in ids {
                repeated.add(*id);
            }
            repeated.message()
        };
        assert_eq!(message(&[1, 2, u64::MAX]), None);
        let one = message(&[5, 1, 5, 5]).expect("a message");
        let start = "1 call id occurs more than once, in 3 calls (";
        assert!(one.starts_with(start), "{one}");
        let two = message(&[7, 5, 1, 7, 5, 5]).expect("a message");
        let start = "2 call ids occur more than once, in 5 calls (";
        assert!(two.starts_with(start), "{two}");
    }
}
