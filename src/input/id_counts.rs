//! How often each id comes, for millions of ids in little memory.

use roaring::RoaringTreemap;

/// A count for each id, in binary: a set of ids for each digit, those whose count has a 1 there. Ids that come once or twice, which are nearly all,
/// cost a bit or two.
#[derive(Debug, Default)]
pub struct IdCounts {
    /// The lowest digit first.
    digits: Vec<RoaringTreemap>,
}

impl IdCounts {
    /// Counts `id` once more.
    pub fn add(&mut self, id: u64) {
        for digit in &mut self.digits {
            if digit.insert(id) {
                return;
            }
            // A 1 becomes a 0, and one is carried.
            digit.remove(id);
        }
        self.digits.push(RoaringTreemap::from_iter([id]));
    }

    /// Counts `id` once less, and says whether none is left. An id that was never counted has none left.
    pub fn take_last(&mut self, id: u64) -> bool {
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
    fn the_last_of_each_id_is_told() {
        let ids = [7, 5, 7, 7, u64::MAX, 5, 7, 7, 7, 7, 9];
        let mut counts = IdCounts::default();
        for id in ids {
            counts.add(id);
        }
        let last: Vec<bool> = ids.into_iter().map(|id| counts.take_last(id)).collect();
        let expected: Vec<bool> = (0..ids.len())
            .map(|at| !ids[at + 1..].contains(&ids[at]))
            .collect();
        assert_eq!(last, expected);
        assert!(counts.take_last(7) && counts.take_last(1));
    }
}
