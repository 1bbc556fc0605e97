//! Searches one text from many offsets without searching any part of it again.

use std::ops::Range;

/// The last result of a search.
#[derive(Clone, Default)]
pub(super) struct NextMatch {
    /// From the offset of the search to its match, or to the end of the text.
    searched: Option<Range<usize>>,
}

impl NextMatch {
    /// Offset of the first match in `bytes` at or after `from`, or the length of `bytes` if there
    /// is none. `find` searches the text from there, unless an earlier search has read it.
    pub(super) fn find(
        &mut self,
        bytes: &[u8],
        from: usize,
        find: impl FnOnce(&[u8]) -> Option<usize>,
    ) -> usize {
        let known = self.searched.as_ref();
        if let Some(known) = known.filter(|known| known.start <= from && from <= known.end) {
            return known.end;
        }
        let found = find(&bytes[from..]).map_or(bytes.len(), |found| from + found);
        self.searched = Some(from..found);
        found
    }
}

/// The next item of a kind in the text.
pub(super) enum Next<T> {
    /// It has not been searched.
    Unknown,
    At(T),
    /// No more of them follow.
    None,
}

impl<T> Next<T> {
    pub(super) fn found(&self) -> Option<&T> {
        match self {
            Self::At(item) => Some(item),
            Self::Unknown | Self::None => None,
        }
    }

    /// True if no search from `at` is needed. `start` returns the offset of an item.
    pub(super) fn is_known(&self, at: usize, start: impl FnOnce(&T) -> usize) -> bool {
        match self {
            Self::Unknown => false,
            Self::At(item) => start(item) >= at,
            Self::None => true,
        }
    }

    /// Takes the item, so that the next one is searched.
    pub(super) fn take(&mut self) -> Option<T> {
        match std::mem::replace(self, Self::Unknown) {
            Self::At(item) => Some(item),
            Self::Unknown | Self::None => None,
        }
    }
}

impl<T> From<Option<T>> for Next<T> {
    fn from(found: Option<T>) -> Self {
        found.map_or(Self::None, Self::At)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_of_a_text_is_searched_once() {
        let text = b"aabaaba";
        let mut searched = 0;
        let mut next = NextMatch::default();
        let found = [0, 1, 2, 3, 4, 6, 7].map(|from| {
            next.find(text, from, |rest| {
                let found = memchr::memchr(b'b', rest);
                searched += found.map_or(rest.len(), |found| found + 1);
                found
            })
        });
        assert_eq!(found, [2, 2, 2, 5, 5, 7, 7]);
        assert_eq!(searched, text.len());
        assert_eq!(next.find(text, 0, |rest| memchr::memchr(b'b', rest)), 2);
    }
}
