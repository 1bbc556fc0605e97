//! Set of call ids, for millions of ids in little memory.

use std::hash::{BuildHasher as _, RandomState};

use roaring::RoaringBitmap;

/// A set of ids. Ids below 2³² are compressed: a range of consecutive ids takes a few bytes. Larger
/// ids, which are often random, take 8 to 11 bytes each.
#[derive(Debug, Default)]
pub(crate) struct IdSet {
    small: RoaringBitmap,
    large: LargeIds,
}

impl IdSet {
    /// Adds `id` and returns true if it was not in the set.
    pub(crate) fn insert(&mut self, id: u64) -> bool {
        match u32::try_from(id) {
            Ok(id) => self.small.insert(id),
            Err(_) => self.large.insert(id),
        }
    }

    /// Removes `id` and returns true if it was in the set.
    pub(crate) fn remove(&mut self, id: u64) -> bool {
        match u32::try_from(id) {
            Ok(id) => self.small.remove(id),
            Err(_) => self.large.remove(id),
        }
    }

    /// True if `id` is in the set.
    #[must_use]
    pub(crate) fn contains(&self, id: u64) -> bool {
        match u32::try_from(id) {
            Ok(id) => self.small.contains(id),
            Err(_) => self.large.find(id).is_ok(),
        }
    }
}

/// Number of buckets of [`LargeIds`]: with 10 million ids, a bucket has 150.
const BUCKETS: usize = 1 << BUCKET_BITS;
const BUCKET_BITS: u32 = 16;

/// A set of ids in buckets. A hash table would double when it is full, and then take 40 bytes per
/// id until the old one is freed. A compressed set takes 250 bytes for each id that is far from the
/// others.
#[derive(Debug, Default)]
struct LargeIds {
    /// Sorted ids by the top bits of their hash. Empty until the first id.
    buckets: Vec<Vec<u64>>,
    /// Its random keys prevent input whose ids are all in one bucket, where adding an id takes time
    /// in proportion to the others.
    hasher: RandomState,
}

impl LargeIds {
    fn bucket_of(&self, id: u64) -> usize {
        let hash = self.hasher.hash_one(id);
        usize::try_from(hash >> (u64::BITS - BUCKET_BITS)).expect("16 bits fit")
    }

    /// The bucket of `id` and its index there, or `Err` with the index where it belongs.
    fn find(&self, id: u64) -> Result<usize, usize> {
        let bucket = self.buckets.get(self.bucket_of(id));
        bucket.map_or(Err(0), |bucket| bucket.binary_search(&id))
    }

    fn insert(&mut self, id: u64) -> bool {
        if self.buckets.is_empty() {
            self.buckets.resize_with(BUCKETS, Vec::new);
        }
        let Err(index) = self.find(id) else {
            return false;
        };
        let bucket = self.bucket_of(id);
        let bucket = &mut self.buckets[bucket];
        if bucket.len() == bucket.capacity() {
            // Doubling would waste up to half of the memory.
            bucket.reserve_exact(bucket.len() / 8 + 4);
        }
        bucket.insert(index, id);
        true
    }

    fn remove(&mut self, id: u64) -> bool {
        let Ok(index) = self.find(id) else {
            return false;
        };
        let bucket = self.bucket_of(id);
        self.buckets[bucket].remove(index);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_and_large_ids_are_found_and_removed() {
        let edge = u64::from(u32::MAX);
        let spread = (1..=20_000).map(|number: u64| number.wrapping_mul(0x1234_5678_9abc_def1));
        let ids = [0, 1, edge, edge + 1, u64::MAX].into_iter().chain(spread);
        let ids: Vec<u64> = ids.collect();
        let mut set = IdSet::default();
        for id in &ids {
            assert!(!set.contains(*id));
            assert!(set.insert(*id));
            assert!(!set.insert(*id));
        }
        let (removed, kept) = ids.split_at(ids.len() / 2);
        for id in removed {
            assert!(set.remove(*id));
            assert!(!set.remove(*id));
            assert!(!set.contains(*id));
        }
        assert!(kept.iter().all(|id| set.contains(*id)));
    }
}
