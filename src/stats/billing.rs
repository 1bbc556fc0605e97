//! The minutes that the vendor bills, estimated, and what they cost.

use super::model::BillingFigures;
use super::price::PricePerMinute;
use super::rate::to_f64;
use super::sums::Sums;

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
