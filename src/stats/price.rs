//! The price of a minute, for the cost of calls.

use std::str::FromStr;

/// The price of a minute, in any currency.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct PricePerMinute(pub(super) f64);

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
