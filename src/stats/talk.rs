//! Talk times, as the number of calls of each length in seconds. Median and percentile are exact.

use std::collections::BTreeMap;

use super::model::TalkTimes;
use super::ranks;
use super::rate::to_f64;

/// Number of connected calls by talk time in seconds.
#[derive(Clone, Debug, Default)]
pub(super) struct TalkHistogram(BTreeMap<u32, u64>);

impl TalkHistogram {
    pub(super) fn add(&mut self, seconds: u32) {
        *self.0.entry(seconds).or_default() += 1;
    }

    pub(super) fn merge(&mut self, later: Self) {
        for (seconds, calls) in later.0 {
            *self.0.entry(seconds).or_default() += calls;
        }
    }

    /// The figures. `connected` is the number of connected calls, with a known talk time or not.
    pub(super) fn figures(&self, connected: u64) -> TalkTimes {
        let calls: u64 = self.0.values().sum();
        let sum = self
            .0
            .iter()
            .map(|(seconds, calls)| u64::from(*seconds) * calls);
        let seconds: u64 = sum.sum();
        let at = |rank| {
            let times = self.0.iter().map(|(seconds, calls)| (*seconds, *calls));
            ranks::at_rank(times, rank)
        };
        let (low, high) = ranks::middle(calls);
        let middle = at(low).zip(at(high));
        let is_known = |value: f64| (calls > 0).then_some(value);
        TalkTimes {
            seconds,
            calls,
            calls_without_duration: connected - calls,
            mean: is_known(to_f64(seconds) / to_f64(calls.max(1))),
            median: middle.map(|(low, high)| f64::midpoint(low.into(), high.into())),
            p90: at(ranks::p90(calls)),
            max: self.0.last_key_value().map(|(seconds, _)| *seconds),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_exact() {
        let figures = |times: &[u32]| {
            let mut histogram = TalkHistogram::default();
            for seconds in times {
                histogram.add(*seconds);
            }
            let figures = histogram.figures(times.len() as u64 + 1);
            (figures.median, figures.p90, figures.max)
        };
        assert_eq!(figures(&[]), (None, None, None));
        assert_eq!(figures(&[7]), (Some(7.0), Some(7), Some(7)));
        assert_eq!(figures(&[9, 1, 4, 4]), (Some(4.0), Some(9), Some(9)));
        assert_eq!(figures(&[1, 4]), (Some(2.5), Some(4), Some(4)));
        let ten: Vec<u32> = (1..=10).collect();
        assert_eq!(figures(&ten), (Some(5.5), Some(9), Some(10)));
    }
}
