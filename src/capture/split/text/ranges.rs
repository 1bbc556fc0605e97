//! A set of ranges of a text.

use std::ops::Range;

/// Ranges in ascending order. Those that overlap are merged.
#[derive(Default)]
pub(crate) struct Ranges(Vec<Range<usize>>);

impl Ranges {
    /// Adds a range. This is fast at the end of the text that was added before.
    pub(crate) fn add(&mut self, range: Range<usize>) {
        let first = self.0.partition_point(|other| other.end <= range.start);
        let end = self.0.partition_point(|other| other.start < range.end);
        let overlapping = first..end.max(first);
        let merged = self.0[overlapping.clone()]
            .iter()
            .fold(range, |merged, other| {
                merged.start.min(other.start)..merged.end.max(other.end)
            });
        self.0.splice(overlapping, [merged]);
    }

    /// The range that has text before and after `offset`.
    pub(crate) fn around(&self, offset: usize) -> Option<&Range<usize>> {
        let next = self.0.partition_point(|range| range.start < offset);
        let range = &self.0[next.checked_sub(1)?];
        (offset < range.end).then_some(range)
    }

    /// True if a part of `range` is in the set.
    pub(crate) fn overlaps(&self, range: &Range<usize>) -> bool {
        let first = self.0.partition_point(|other| other.end <= range.start);
        self.0
            .get(first)
            .is_some_and(|other| other.start < range.end)
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_that_overlap_are_merged() {
        let mut ranges = Ranges::default();
        for range in [5..7, 1..3, 3..4, 2..3, 6..9, 4..4, 12..14] {
            ranges.add(range);
        }
        assert_eq!(ranges.0, [1..3, 3..4, 4..4, 5..9, 12..14]);
        let around = |offset| ranges.around(offset).map(|range| range.start);
        assert_eq!(
            [1, 2, 3, 5, 8, 9, 13].map(around),
            [None, Some(1), None, None, Some(5), None, Some(12)]
        );
        let overlaps =
            [0..1, 0..2, 4..5, 8..10, 9..12, 14..15].map(|range| ranges.overlaps(&range));
        assert_eq!(overlaps, [false, true, false, true, false, false]);
        ranges.add(0..20);
        assert_eq!(ranges.around(10), Some(&(0..20)));
    }
}
