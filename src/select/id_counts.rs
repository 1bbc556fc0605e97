//! Counts occurrences of ids, for millions of ids in little memory.

use super::id_set::IdSet;

/// The number of occurrences of each id. The counts are stored by binary digit: one set per digit
/// holds the ids whose count has a 1 there. An id that occurs once, as nearly all do, is in
/// one set.
#[derive(Debug, Default)]
pub(crate) struct IdCounts {
    /// Lowest digit first.
    digits: Vec<IdSet>,
}

impl IdCounts {
    /// Adds 1 to the count of `id`.
    pub(crate) fn increment(&mut self, id: u64) {
        for digit in &mut self.digits {
            if digit.insert(id) {
                return;
            }
            // The digit was 1: set it to 0 and carry to the next.
            digit.remove(id);
        }
        let mut digit = IdSet::default();
        digit.insert(id);
        self.digits.push(digit);
    }

    /// True if an id was counted more than once.
    #[must_use]
    pub(crate) fn has_repeated(&self) -> bool {
        self.digits.len() > 1
    }

    /// Subtracts 1 from the count of `id` and returns true if it is now 0. A count of 0 stays 0.
    pub(crate) fn decrement(&mut self, id: u64) -> bool {
        let Some(lowest) = self.digits.iter().position(|digit| digit.contains(id)) else {
            return true;
        };
        self.digits[lowest].remove(id);
        for digit in &mut self.digits[..lowest] {
            digit.insert(id);
        }
        !self.digits.iter().any(|digit| digit.contains(id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_occurrence_of_each_id_is_recognized() {
        let ids = [7, 5, 7, 7, u64::MAX, 5, 7, 7, 7, 7, 9];
        let mut counts = IdCounts::default();
        for (index, id) in ids.into_iter().enumerate() {
            assert_eq!(counts.has_repeated(), index > 2);
            counts.increment(id);
        }
        let last: Vec<bool> = ids.into_iter().map(|id| counts.decrement(id)).collect();
        let expected: Vec<bool> = (0..ids.len())
            .map(|at| !ids[at + 1..].contains(&ids[at]))
            .collect();
        assert_eq!(last, expected);
        assert!(counts.decrement(7) && counts.decrement(1));
    }
}
