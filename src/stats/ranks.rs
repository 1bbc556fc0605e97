//! Exact medians and percentiles of values that are sorted, each with its number of calls.

/// The value of the call with this rank, from 1 for the smallest value. `None` beyond the last.
pub(super) fn at_rank<T>(values: impl IntoIterator<Item = (T, u64)>, rank: u64) -> Option<T> {
    let mut calls_so_far = 0;
    let found = values.into_iter().find(|(_, calls)| {
        calls_so_far += calls;
        calls_so_far >= rank
    });
    found.map(|(value, _)| value)
}

/// The ranks of the two calls in the middle; they are the same if the number of calls is odd.
pub(super) fn middle(calls: u64) -> (u64, u64) {
    (calls.div_ceil(2), calls / 2 + 1)
}

/// The rank of the smallest value that at least 90 % of the calls do not exceed.
pub(super) fn p90(calls: u64) -> u64 {
    (calls * 9).div_ceil(10)
}
