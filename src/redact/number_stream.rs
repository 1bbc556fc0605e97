//! Numbers that choose filler words and digits.

/// An endless source of numbers, the same for the same seed: `SplitMix64` (Steele, Lea and Flood
/// 2014). It is fast, and not secret, as it need not be: the seed is a keyed hash, which leads back
/// to nothing, and what the numbers choose depends on no text but by that hash.
#[derive(Clone, Debug)]
pub(super) struct NumberStream(u64);

impl NumberStream {
    /// The numbers that belong to a seed.
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `end`. With at most 16 bits, all are equally likely but for one in 65,536.
    pub(super) fn below(&mut self, end: u32) -> u32 {
        // The upper half of the product, as in Lemire 2019: a division takes longer.
        let product = (self.next() >> 32) * u64::from(end);
        u32::try_from(product >> 32).unwrap_or_default()
    }

    /// The index of an element of a short list.
    pub(super) fn index(&mut self, length: usize) -> usize {
        self.below(u32::try_from(length).unwrap_or(u32::MAX)) as usize
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed(self.0)
    }
}

/// The seed of place number `number` of a kind, in a body with this seed.
#[must_use]
pub(super) fn seed_of_place(body: u64, kind: u8, number: u64) -> u64 {
    // Mixed, so that the numbers of one place are not those of the next, one later.
    mixed(mixed(body) ^ u64::from(kind) << 56 ^ number)
}

/// Another number, whose bits all depend on all bits of `number`.
fn mixed(mut number: u64) -> u64 {
    number = (number ^ number >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    number = (number ^ number >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ number >> 31
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn numbers_are_those_of_the_paper() {
        // The first numbers of the reference implementation, https://prng.di.unimi.it/splitmix64.c
        let mut stream = NumberStream::new(1_234_567);
        assert_eq!(stream.next(), 6_457_827_717_110_365_317);
        assert_eq!(stream.next(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn all_numbers_below_the_end_are_as_likely() {
        let mut counts = [0; 7];
        for place in 0..7000 {
            let mut stream = NumberStream::new(seed_of_place(42, 1, place));
            counts[stream.index(7)] += 1;
        }
        assert!(
            counts.iter().all(|count| (900..1100).contains(count)),
            "{counts:?}"
        );
    }

    #[test]
    fn places_have_seeds_of_their_own() {
        let mut seeds = HashSet::new();
        for body in 0..20 {
            for kind in 0..3 {
                for number in 0..100 {
                    assert!(seeds.insert(seed_of_place(body, kind, number)));
                }
            }
        }
    }
}
