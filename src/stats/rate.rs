//! Rates with their numerator, their denominator and an interval, or the reason why there is none.

use serde::Serialize;

use super::reason::Reason;

/// A share of calls or leads.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Rate {
    /// `None` if the calls cannot show it.
    pub(crate) numerator: Option<u64>,
    /// `None` if the calls cannot show it.
    pub(crate) denominator: Option<u64>,
    /// Numerator ÷ denominator, from 0 to 1. `None` without a denominator, or if it is 0.
    pub(crate) value: Option<f64>,
    /// Lower end of the Wilson score interval at 95 %.
    pub(crate) low: Option<f64>,
    /// Upper end of the Wilson score interval at 95 %.
    pub(crate) high: Option<f64>,
    /// Why there is no value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<Reason>,
}

/// Rates of fewer calls or leads than this are marked in views.
pub(crate) const FEW: u64 = 20;

impl Rate {
    /// The rate `numerator` ÷ `denominator`. If that is 0, `reason` says what is missing.
    #[must_use]
    pub(crate) fn new(numerator: u64, denominator: u64, reason: Reason) -> Self {
        if denominator == 0 {
            return Self {
                numerator: Some(numerator),
                denominator: Some(denominator),
                ..Self::unknown(reason)
            };
        }
        let (low, high) = wilson(numerator, denominator);
        Self {
            numerator: Some(numerator),
            denominator: Some(denominator),
            value: Some(to_f64(numerator) / to_f64(denominator)),
            low: Some(low),
            high: Some(high),
            reason: None,
        }
    }

    /// A rate that the calls cannot show.
    #[must_use]
    pub(crate) fn unknown(reason: Reason) -> Self {
        Self {
            numerator: None,
            denominator: None,
            value: None,
            low: None,
            high: None,
            reason: Some(reason),
        }
    }

    /// The sum of rates over different calls. The reason of the first without a value is kept.
    #[must_use]
    pub(crate) fn sum<'r>(rates: impl IntoIterator<Item = &'r Self>) -> Self {
        let (mut numerator, mut denominator, mut reason) = (0, None, None);
        for rate in rates {
            numerator += rate.numerator.unwrap_or_default();
            denominator = rate
                .denominator
                .map_or(denominator, |it| Some(denominator.unwrap_or(0) + it));
            reason = reason.or_else(|| rate.reason.clone());
        }
        let reason = reason.unwrap_or(Reason::NoRatedCalls);
        match denominator {
            Some(denominator) => Self::new(numerator, denominator, reason),
            None => Self::unknown(reason),
        }
    }

    /// True for a rate of few calls or leads, which chance decides.
    #[must_use]
    pub(crate) fn is_of_few(&self) -> bool {
        self.denominator
            .is_some_and(|denominator| denominator < FEW)
    }

    /// True if the whole interval is below that of `other`.
    #[must_use]
    pub(crate) fn is_certainly_below(&self, other: &Self) -> bool {
        let ends = self.high.zip(other.low);
        ends.is_some_and(|(high, low)| high < low)
    }

    /// The rate in whole percent: `30 %`. `100 %` and `0 %` are exact; other rates that would be
    /// rounded to them are `> 99 %` and `< 1 %`. `None` without a value.
    #[must_use]
    pub(crate) fn percent(&self) -> Option<String> {
        let (numerator, denominator) = (self.numerator?, self.denominator?);
        let value = self.value?;
        Some(match whole_percent(value) {
            0 if numerator > 0 => "< 1 %".to_owned(),
            100 if numerator < denominator => "> 99 %".to_owned(),
            percent => format!("{percent} %"),
        })
    }

    /// The ends of the interval in whole percent, without the sign. Ends that are not exact are
    /// `> 99` and `< 1` instead of 100 and 0. `None` without a value.
    #[must_use]
    pub(crate) fn interval(&self) -> Option<(String, String)> {
        let (low, high) = (self.low?, self.high?);
        let low = match whole_percent(low) {
            100 if low < 1.0 => "> 99".to_owned(),
            percent => percent.to_string(),
        };
        let high = match whole_percent(high) {
            0 if high > 0.0 => "< 1".to_owned(),
            percent => percent.to_string(),
        };
        Some((low, high))
    }
}

/// A share from 0 to 1 in whole percent, rounded to the nearest.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share is from 0 to 1"
)]
#[must_use]
pub(crate) fn whole_percent(share: f64) -> u32 {
    (share * 100.0).round() as u32
}

/// The Wilson score interval at 95 % (Wilson 1927), within 0 to 1.
fn wilson(numerator: u64, denominator: u64) -> (f64, f64) {
    /// The 97.5 % quantile of the normal distribution.
    const Z: f64 = 1.959_963_984_540_054;
    let (count, share) = (to_f64(denominator), to_f64(numerator) / to_f64(denominator));
    let scale = 1.0 + Z * Z / count;
    let middle = share + Z * Z / (2.0 * count);
    let spread = Z * ((share * (1.0 - share) + Z * Z / (4.0 * count)) / count).sqrt();
    let low = if numerator == 0 {
        0.0
    } else {
        (middle - spread) / scale
    };
    let high = if numerator == denominator {
        1.0
    } else {
        (middle + spread) / scale
    };
    (low.clamp(0.0, 1.0), high.clamp(0.0, 1.0))
}

/// The nearest double. Counts of calls are exact.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "no input has 2^53 calls")]
pub(crate) fn to_f64(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_exact_rates_are_0_or_100_percent() {
        let percent = |n, d| Rate::new(n, d, Reason::NoLeads).percent();
        for (numerator, denominator, text) in [
            (0, 7, "0 %"),
            (1, 1000, "< 1 %"),
            (5, 1000, "1 %"),
            (412, 1380, "30 %"),
            (995, 1000, "> 99 %"),
            (994, 1000, "99 %"),
            (7, 7, "100 %"),
        ] {
            assert_eq!(percent(numerator, denominator).as_deref(), Some(text));
        }
        assert_eq!(percent(0, 0), None);
    }

    #[test]
    fn the_interval_is_that_of_wilson() {
        // Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
        for (numerator, denominator, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let rate = Rate::new(numerator, denominator, Reason::NoLeads);
            let found = (rate.low.expect("low"), rate.high.expect("high"));
            assert!((found.0 - low).abs() < 0.000_06, "{found:?}");
            assert!((found.1 - high).abs() < 0.000_06, "{found:?}");
        }
        let all = Rate::new(5, 5, Reason::NoLeads);
        assert_eq!(all.high, Some(1.0));
        assert!(all.low < Some(0.6));
    }
}
