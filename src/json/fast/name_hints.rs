//! Hints about the member names that the scanner is likely to meet. Comparing the text with one
//! expected name is faster than searching for the end of an unknown name, and the result also
//! identifies the name. Without hints, `validate` executes a quarter more instructions and `export`
//! a tenth; more than half of that is due to the vector comparison.

use std::num::NonZeroU8;

use wide::u8x32;

/// The members that an object probably has, in their usual order. Hints only affect speed and
/// [`Member::number`](crate::json::Member::number): objects with other members or another order are
/// scanned too.
#[derive(Debug, Default)]
pub(crate) struct NameHints {
    members: Vec<NameHint>,
}

/// One member that an object probably has.
#[derive(Debug)]
pub(crate) struct NameHint {
    key: Key,
    /// Identifies the name to the caller.
    pub(crate) number: NonZeroU8,
    /// Hints for the members of the value, if the value is an object.
    pub(crate) nested: NameHints,
}

impl NameHint {
    /// The maximum length of a name, in bytes.
    pub(crate) const MAX_LENGTH: usize = KEY_BYTES - "\"\":".len();

    /// Creates a hint for the member `name`. Readers get `number` back when they meet that member;
    /// `nested` are the hints for an object that is its value.
    ///
    /// # Panics
    ///
    /// If `name` is longer than `MAX_LENGTH`. The name must not need escapes in JSON.
    #[must_use]
    pub(crate) fn new(name: &str, number: NonZeroU8, nested: NameHints) -> Self {
        Self {
            key: Key::new(name),
            number,
            nested,
        }
    }
}

impl FromIterator<NameHint> for NameHints {
    fn from_iter<I: IntoIterator<Item = NameHint>>(members: I) -> Self {
        Self {
            members: members.into_iter().collect(),
        }
    }
}

impl NameHints {
    /// No hints.
    pub(crate) const EMPTY: &Self = &Self {
        members: Vec::new(),
    };

    /// Checks if the hint at index `next` matches the text at offset `at`. Returns the hint and the
    /// offset after the closing quote of the name; a colon follows at that offset.
    #[inline]
    pub(crate) fn match_at(
        &self,
        next: usize,
        text: &[u8],
        at: usize,
    ) -> Option<(&NameHint, usize)> {
        let member = self.members.get(next)?;
        let is_match = member.key.matches_at(text, at);
        is_match.then(|| (member, at + member.key.length - 1))
    }

    /// Finds the hint for `name`, which is spelled as in the text (not unescaped), and its index.
    pub(crate) fn find_by_name(&self, name: &[u8]) -> Option<(usize, &NameHint)> {
        let mut members = self.members.iter().enumerate();
        members.find(|(_, member)| member.key.name() == name)
    }
}

/// A name with its quotes and the colon that follows.
#[derive(Debug)]
struct Key {
    /// The bytes of the key, padded with zeros.
    bytes: [u8; KEY_BYTES],
    length: usize,
    /// One bit per byte of the key, the lowest for the first byte.
    bits: u32,
}

/// Number of bytes that one vector comparison covers, and the longest key.
const KEY_BYTES: usize = 32;

impl Key {
    fn new(name: &str) -> Self {
        let text = format!("\"{name}\":");
        assert!(text.len() <= KEY_BYTES, "{name} is too long");
        let mut bytes = [0; KEY_BYTES];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        Self {
            bytes,
            length: text.len(),
            bits: u32::MAX >> (KEY_BYTES - text.len()),
        }
    }

    fn name(&self) -> &[u8] {
        &self.bytes[1..self.length - 2]
    }

    /// True if `text` has this key at offset `at`. Always false within the last `KEY_BYTES - 1`
    /// bytes of the text, where a whole vector cannot be loaded.
    #[inline]
    fn matches_at(&self, text: &[u8], at: usize) -> bool {
        let chunk = text.get(at..).and_then(|rest| rest.first_chunk());
        chunk.is_some_and(|chunk| {
            let equal = u8x32::new(*chunk).simd_eq(u8x32::new(self.bytes));
            !equal.to_bitmask() & self.bits == 0
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_matches_only_where_all_of_its_bytes_match() {
        const REST: &str = " 1, \"and so on\": 2, \"and so on\": 3";
        let all = "the_name_that_is_long_enough_";
        for length in 0..=all.len() {
            let key = Key::new(&all[..length]);
            assert_eq!(key.name(), &all.as_bytes()[..length]);
            let text = format!("{{\"{}\":{REST}", &all[..length]).into_bytes();
            assert!(key.matches_at(&text, 1));
            for index in 1..length + 4 {
                let mut changed = text.clone();
                changed[index] ^= 1;
                assert!(!key.matches_at(&changed, 1));
                assert!(!key.matches_at(&text, index + 1));
                assert!(!key.matches_at(&text[..index], 1));
            }
        }
    }
}
