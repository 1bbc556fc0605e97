//! Sums by the value of a field, for any number of values in bounded memory.

use std::ops::AddAssign;

use indexmap::IndexMap;

/// Number of distinct values that are kept. Further ones share one sum.
pub(crate) const MAX_VALUES: usize = 100_000;

/// Total length of these values in bytes.
pub(super) const MAX_BYTES: usize = 64 << 20;

/// Index of the calls without a value.
pub(super) const NO_VALUE: u32 = u32::MAX - 1;

/// Index of the values that are not kept.
pub(super) const OTHER_VALUES: u32 = u32::MAX;

/// A sum per value, in order of appearance. Which values are kept depends only on the order of the
/// input.
#[derive(Clone, Debug, Default)]
pub(crate) struct Groups<S> {
    values: IndexMap<Box<str>, S>,
    bytes: usize,
    /// The sum of the calls without a value.
    without: Option<S>,
    /// The sum of the values that are not kept.
    others: Option<S>,
}

impl<S: Default + AddAssign> Groups<S> {
    /// The index of `value`, which is added if it is new.
    pub(super) fn index_of(&mut self, value: Option<&str>) -> u32 {
        let Some(value) = value else {
            return NO_VALUE;
        };
        if let Some(index) = self.values.get_index_of(value) {
            return to_u32(index);
        }
        if self.values.len() >= MAX_VALUES || self.bytes + value.len() > MAX_BYTES {
            // No later value is kept: otherwise, short ones would be, in an order of their own.
            self.bytes = MAX_BYTES + 1;
            return OTHER_VALUES;
        }
        self.bytes += value.len();
        let (index, _) = self.values.insert_full(value.into(), S::default());
        to_u32(index)
    }

    /// The sum at `index`.
    pub(super) fn at(&mut self, index: u32) -> &mut S {
        match index {
            NO_VALUE => self.without.get_or_insert_default(),
            OTHER_VALUES => self.others.get_or_insert_default(),
            index => &mut self.values[index as usize],
        }
    }

    /// Adds the sums of a later part of the input. Returns the new index of each of its values.
    pub(super) fn merge(&mut self, later: Self) -> NewIndices {
        let mut indices = Vec::with_capacity(later.values.len());
        for (value, sum) in later.values {
            let index = self.index_of(Some(&value));
            *self.at(index) += sum;
            indices.push(index);
        }
        if let Some(sum) = later.without {
            *self.at(NO_VALUE) += sum;
        }
        if let Some(sum) = later.others {
            *self.at(OTHER_VALUES) += sum;
        }
        NewIndices(indices)
    }

    /// True if there were more values than are kept.
    #[must_use]
    pub(super) fn is_incomplete(&self) -> bool {
        self.others.is_some()
    }

    /// The indices of all sums, in order of appearance.
    pub(super) fn indices(&self) -> impl Iterator<Item = u32> + use<S> {
        let without = self.without.is_some().then_some(NO_VALUE);
        let others = self.others.is_some().then_some(OTHER_VALUES);
        (0..to_u32(self.values.len())).chain(without).chain(others)
    }

    /// The sum at `index`; `None` if it was never used.
    #[must_use]
    pub(super) fn get(&self, index: u32) -> Option<&S> {
        match index {
            NO_VALUE => self.without.as_ref(),
            OTHER_VALUES => self.others.as_ref(),
            index => self.values.get_index(index as usize).map(|(_, sum)| sum),
        }
    }

    /// The value at `index`; `None` for the calls without one, and for the values not kept.
    #[must_use]
    pub(super) fn value(&self, index: u32) -> Option<&str> {
        let value = self.values.get_index(index as usize);
        value.map(|(value, _)| &**value)
    }
}

/// The indices of values after a merge, by their index before.
pub(super) struct NewIndices(Vec<u32>);

impl NewIndices {
    pub(super) fn get(&self, index: u32) -> u32 {
        self.0.get(index as usize).copied().unwrap_or(index)
    }
}

fn to_u32(index: usize) -> u32 {
    u32::try_from(index).expect("at most MAX_VALUES values are kept")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kept_values_do_not_depend_on_the_parts() {
        let values: Vec<String> = (0..MAX_VALUES + 50)
            .map(|n| format!("v{}", n * 7))
            .collect();
        let add = |groups: &mut Groups<u64>, values: &[String]| {
            for value in values {
                let index = groups.index_of(Some(value));
                *groups.at(index) += 1;
            }
            *groups.at(NO_VALUE) += 1;
        };
        let mut whole = Groups::default();
        add(&mut whole, &values);
        add(&mut whole, &values);
        let mut merged = Groups::default();
        for part in [&values[..], &values[..60_000], &values[60_000..]] {
            let mut batch = Groups::default();
            add(&mut batch, part);
            merged.merge(batch);
        }
        assert!(whole.is_incomplete() && merged.is_incomplete());
        assert_eq!(whole.get(OTHER_VALUES), Some(&100));
        assert_eq!(merged.get(OTHER_VALUES), Some(&100));
        assert_eq!(
            (whole.get(NO_VALUE), merged.get(NO_VALUE)),
            (Some(&2), Some(&3))
        );
        assert_eq!(whole.values, merged.values);
    }
}
