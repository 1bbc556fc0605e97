//! Names that members are expected to have: to compare what stands there with one name takes less than to find out where a name ends, and nobody has to
//! tell afterwards which name it is.

use std::num::NonZeroU8;

use wide::u8x32;

/// The members that an object is expected to have, in the order in which they mostly come. Others are fine too.
#[derive(Debug, Default)]
pub struct Expected {
    members: Vec<ExpectedMember>,
}

/// One of them.
#[derive(Debug)]
pub struct ExpectedMember {
    key: Key,
    /// What the name is told by.
    pub(super) number: NonZeroU8,
    /// What is expected of an object that is its value.
    pub(super) inside: Expected,
}

impl ExpectedMember {
    /// A member of the name `name`, which has at most 29 bytes and needs no escapes in JSON; who reads it is told the `number`.
    #[must_use]
    pub fn new(name: &str, number: NonZeroU8, inside: Expected) -> Self {
        Self {
            key: Key::new(name),
            number,
            inside,
        }
    }
}

impl FromIterator<ExpectedMember> for Expected {
    fn from_iter<I: IntoIterator<Item = ExpectedMember>>(members: I) -> Self {
        Self {
            members: members.into_iter().collect(),
        }
    }
}

impl Expected {
    /// Of which nothing is known.
    pub(super) const NOTHING: &Self = &Self {
        members: Vec::new(),
    };

    /// The member in the place `next`, if it is seen to begin at `at`; and where its name ends, behind the quote. A colon follows.
    #[inline]
    pub(super) fn begins(
        &self,
        next: usize,
        text: &[u8],
        at: usize,
    ) -> Option<(&ExpectedMember, usize)> {
        let member = self.members.get(next)?;
        let stands_there = member.key.stands_at(text, at);
        stands_there.then(|| (member, at + member.key.length - 1))
    }

    /// The member of this name, as it stands in the text, and its place.
    pub(super) fn find(&self, name: &[u8]) -> Option<(usize, &ExpectedMember)> {
        let mut members = self.members.iter().enumerate();
        members.find(|(_, member)| member.key.name() == name)
    }
}

/// A name with its quotes, and the colon behind it.
#[derive(Debug)]
struct Key {
    /// Its bytes, then zeros.
    bytes: [u8; LONGEST],
    length: usize,
    /// A bit for each of them, the lowest for the first.
    bits: u32,
}

/// So many bytes are compared together.
const LONGEST: usize = 32;

impl Key {
    fn new(name: &str) -> Self {
        let text = format!("\"{name}\":");
        assert!(text.len() <= LONGEST, "{name} is too long");
        let mut bytes = [0; LONGEST];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        Self {
            bytes,
            length: text.len(),
            bits: u32::MAX >> (LONGEST - text.len()),
        }
    }

    fn name(&self) -> &[u8] {
        &self.bytes[1..self.length - 2]
    }

    /// Whether `text` has it at `at`. It says no, whatever is there, where less is left of the text than the longest key may have.
    #[inline]
    fn stands_at(&self, text: &[u8], at: usize) -> bool {
        let there = text.get(at..).and_then(|rest| rest.first_chunk());
        there.is_some_and(|there| {
            let same = u8x32::new(*there).simd_eq(u8x32::new(self.bytes));
            !same.to_bitmask() & self.bits == 0
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_stands_where_all_of_its_bytes_do() {
        const BEHIND: &str = " 1, \"and so on\": 2, \"and so on\": 3";
        let all = "the_name_that_is_long_enough_";
        for length in 0..=all.len() {
            let key = Key::new(&all[..length]);
            assert_eq!(key.name(), &all.as_bytes()[..length]);
            let text = format!("{{\"{}\":{BEHIND}", &all[..length]).into_bytes();
            assert!(key.stands_at(&text, 1));
            for place in 1..length + 4 {
                let mut other = text.clone();
                other[place] ^= 1;
                assert!(!key.stands_at(&other, 1));
                assert!(!key.stands_at(&text, place + 1));
                assert!(!key.stands_at(&text[..place], 1));
            }
        }
    }
}
