//! Maps offsets in decoded text to offsets in the text that it was decoded from.

use std::ops::Range;

use super::coding::Coding;

/// How a decoded text relates to the outer text.
#[derive(Debug)]
pub(crate) enum SourceMap {
    /// Each byte has an offset in the outer text.
    Mapped(OffsetMap),
    /// Each byte has an offset in the outer text, which has the same lines and columns in another
    /// encoding.
    Recoded(OffsetMap),
    /// Only the start of the encoded text in the outer text is known.
    Opaque(usize, Coding),
}

impl SourceMap {
    /// Moves all offsets in the outer text up by `distance`: the outer text becomes a part, at this
    /// offset, of a larger one.
    pub(crate) fn shift(&mut self, distance: usize) {
        match self {
            Self::Mapped(map) | Self::Recoded(map) => map.base += distance,
            Self::Opaque(start, _) => *start += distance,
        }
    }
}

/// Maps offsets in a decoded text to offsets in the outer text, by runs of bytes that both texts
/// have in common. The runs may be in any order in the outer text, and may repeat parts of it.
#[derive(Debug, Default)]
pub(crate) struct OffsetMap {
    /// Start of each run in the decoded text, in ascending order, and in the outer text.
    runs: Vec<(usize, usize)>,
    /// Offset in the outer text to which those of the runs are relative.
    base: usize,
}

impl OffsetMap {
    /// An empty map with room for this many runs.
    pub(crate) fn with_capacity(runs: usize) -> Self {
        Self {
            runs: Vec::with_capacity(runs),
            base: 0,
        }
    }

    /// Creates the map of a text that is the range `part` of the outer text.
    #[must_use]
    pub(crate) fn of_range(part: Range<usize>) -> Self {
        Self {
            runs: vec![(0, part.start), (part.len(), part.end)],
            base: 0,
        }
    }

    /// Starts a run at `offset` in the decoded text and `outer_offset` in the outer text.
    pub(crate) fn start_run(&mut self, offset: usize, outer_offset: usize) {
        self.runs.push((offset, outer_offset));
    }

    /// Starts a run, unless the last run continues up to these offsets.
    pub(crate) fn continue_run(&mut self, offset: usize, outer_offset: usize) {
        let is_contiguous = self
            .runs
            .last()
            .is_some_and(|(start, at)| at + (offset - start) == outer_offset);
        if !is_contiguous {
            self.start_run(offset, outer_offset);
        }
    }

    /// Adds the map of another decoded text of the same outer text, which is appended at `offset`.
    pub(crate) fn append(&mut self, offset: usize, map: &Self) {
        let runs = map.runs.iter();
        self.runs
            .extend(runs.map(|(start, at)| (offset + start, at + map.base)));
    }

    /// Offset in the outer text of the byte at `offset`.
    #[must_use]
    pub(crate) fn outer_offset(&self, offset: usize) -> usize {
        let run = self.run_after(offset);
        let (start, outer) = self.runs[..run].last().copied().unwrap_or_default();
        self.base + outer + (offset - start)
    }

    /// Start and end in the outer text of `length` bytes from `offset`. If the outer text has them
    /// in another order, the range ends with the first run.
    #[must_use]
    pub(crate) fn outer_range(&self, offset: usize, length: usize) -> (usize, usize) {
        let start = self.outer_offset(offset);
        let first = self.run_after(offset).saturating_sub(1);
        let runs = self.runs.get(first..self.run_after(offset + length));
        let in_order = |pair: &[(usize, usize)]| pair[0].1 <= pair[1].1;
        let end = match runs {
            Some(runs) if !runs.windows(2).all(in_order) => {
                start + runs[1].0.saturating_sub(offset)
            }
            _ => self.outer_end(offset + length),
        };
        (start, end.max(start))
    }

    /// Offset in the outer text of the end of the byte before `offset`. If other text follows there
    /// in the outer text, two runs start at `offset`: the first one marks this end.
    fn outer_end(&self, offset: usize) -> usize {
        let first = self.runs.partition_point(|(start, _)| *start < offset);
        match self.runs.get(first) {
            Some((start, outer)) if *start == offset => self.base + outer,
            _ => self.outer_offset(offset),
        }
    }

    /// Index of the first run that starts after `offset`.
    fn run_after(&self, offset: usize) -> usize {
        self.runs.partition_point(|(start, _)| *start <= offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_may_be_in_another_order_in_the_outer_text() {
        // `bcab`, decoded from `..ab..bc`.
        let mut map = OffsetMap::default();
        map.start_run(0, 6);
        map.continue_run(1, 7);
        map.start_run(2, 2);
        assert_eq!(map.runs.len(), 2);
        let offsets = [0, 1, 2, 3].map(|offset| map.outer_offset(offset));
        assert_eq!(offsets, [6, 7, 2, 3]);
        assert_eq!(map.outer_range(0, 1), (6, 7));
        assert_eq!(map.outer_range(2, 2), (2, 4));
        // Across the step back.
        assert_eq!(map.outer_range(0, 4), (6, 8));
        assert_eq!(map.outer_range(1, 2), (7, 8));
        let mut map = SourceMap::Mapped(map);
        map.shift(10);
        let SourceMap::Mapped(map) = map else {
            panic!("it stays a map");
        };
        assert_eq!(map.outer_range(1, 2), (17, 18));
    }
}
