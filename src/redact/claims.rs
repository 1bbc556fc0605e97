//! Finds values that got the same pseudonym, among those for which that is possible: phone numbers,
//! whose pseudonyms are hashes, and ids of few digits.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, DefaultHasher, Hash as _, Hasher};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// The largest number of pseudonyms that are compared, so that memory stays below 20 MiB. With so
/// many phone numbers, the chance that two of them have the same pseudonym is a third.
const MAX_CLAIMS: usize = 900_000;

/// The pseudonyms of a run so far, and what they stand for, both as hashes.
#[derive(Default)]
pub(super) struct Claims {
    claims: Mutex<HashMap<u64, u64, BuildHasherDefault<KnownHash>>>,
    has_collision: AtomicBool,
}

impl Claims {
    /// Notes that `pseudonym` stands for `value`.
    pub(super) fn claim(&self, kind: &[u8], pseudonym: &str, value: &str) {
        let (pseudonym, value) = (hash(kind, pseudonym), hash(kind, value));
        let mut claims = self.claims.lock().unwrap_or_else(PoisonError::into_inner);
        let is_full = claims.len() >= MAX_CLAIMS;
        let first = match claims.get(&pseudonym) {
            Some(first) => *first,
            None if is_full => value,
            None => *claims.entry(pseudonym).or_insert(value),
        };
        if first != value {
            self.has_collision.store(true, Ordering::Relaxed);
        }
    }

    /// True if a pseudonym stands for two values.
    pub(super) fn has_collision(&self) -> bool {
        self.has_collision.load(Ordering::Relaxed)
    }
}

/// The hash of a number that is a hash already: the number.
#[derive(Default)]
struct KnownHash(u64);

impl Hasher for KnownHash {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0 << 8 | u64::from(*byte);
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

fn hash(kind: &[u8], text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (kind, text).hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pseudonym_of_two_values_is_a_collision() {
        let claims = Claims::default();
        claims.claim(b"call", "483920", "7");
        claims.claim(b"call", "483920", "7");
        claims.claim(b"lead", "483920", "8");
        assert!(!claims.has_collision());
        claims.claim(b"call", "483920", "9");
        assert!(claims.has_collision());
    }
}
