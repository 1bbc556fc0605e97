//! The minutes that the vendor bills, estimated, and what they cost.

use std::str::FromStr;

use super::model::BillingFigures;
use super::rate::to_f64;
use super::sums::Sums;

/// The price of a minute, in any currency.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct PricePerMinute(f64);

impl FromStr for PricePerMinute {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is_plain = text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
        let price = text.parse().ok().filter(|_| is_plain);
        price.map(Self).ok_or_else(|| {
            "expected a price with a point, such as 0.15, and without a currency".to_owned()
        })
    }
}

/// The figures of all calls.
pub(super) fn billing(totals: &Sums, price: Option<PricePerMinute>) -> BillingFigures {
    let minutes = to_f64(totals.calls.billed_seconds) / 60.0;
    let cost = price.map(|PricePerMinute(price)| round(minutes * price));
    BillingFigures {
        calls: totals.calls.timed,
        seconds: totals.calls.billed_seconds,
        minutes,
        goals: totals.goals,
        price_per_minute: price.map(|PricePerMinute(price)| price),
        cost,
        cost_per_goal: cost
            .filter(|_| totals.goals > 0)
            .map(|cost| round(cost / to_f64(totals.goals))),
    }
}

/// An amount of money without the last digits of a double, which no price has.
fn round(amount: f64) -> f64 {
    const PARTS: f64 = 10_000.0;
    (amount * PARTS).round() / PARTS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_plain_decimal_numbers() {
        for (text, price) in [("0.15", Some(0.15)), ("1", Some(1.0)), ("0", Some(0.0))] {
            assert_eq!(text.parse().ok(), price.map(PricePerMinute), "{text}");
        }
        for text in [
            "", ".", "0,15", "-1", "1e3", "inf", "NaN", "0.15 €", "1.2.3",
        ] {
            assert!(text.parse::<PricePerMinute>().is_err(), "{text}");
        }
    }
}
