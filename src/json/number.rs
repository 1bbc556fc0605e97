//! Numbers by value, on their digits: nothing is rounded.

use std::cmp::Ordering;

use super::{Json, Kind};
use crate::contract::LARGEST_EXACT_INTEGER;

impl Json<'_> {
    /// How one number stands to another, by value: `1.0` is `1`, and of 20 digits each counts. None where one of them is no number.
    #[must_use]
    pub fn compare_numbers(self, other: Json) -> Option<Ordering> {
        Some(Decimal::read(self)?.compare(&Decimal::read(other)?))
    }

    /// The whole number that it is, however that is written.
    #[must_use]
    pub fn as_u64(self) -> Option<u64> {
        if !self.is_integer() {
            return None;
        }
        let exact = self.text().parse().ok();
        exact.or_else(|| {
            let number: f64 = self.text().parse().ok()?;
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                clippy::cast_precision_loss,
                reason = "it is whole, and of those that a double holds exactly"
            )]
            let whole = (0.0..=LARGEST_EXACT_INTEGER as f64)
                .contains(&number)
                .then_some(number as u64);
            whole
        })
    }
}

/// A number in decimal digits.
struct Decimal<'a> {
    is_negative: bool,
    /// The digits before the point, and those behind it.
    digits: (&'a str, &'a str),
    /// The power of ten of its first digit that is not 0; none of zero. Powers that no i64 holds are all the same.
    magnitude: Option<i64>,
}

impl<'a> Decimal<'a> {
    fn read(value: Json<'a>) -> Option<Self> {
        if value.kind() != Kind::Number {
            return None;
        }
        let (is_negative, text) = match value.text().strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, value.text()),
        };
        let (mantissa, exponent) = match text.find(['e', 'E']) {
            Some(at) => (&text[..at], &text[at + 1..]),
            None => (text, "0"),
        };
        let exponent = exponent
            .parse::<i64>()
            .unwrap_or(if exponent.starts_with('-') {
                i64::MIN
            } else {
                i64::MAX
            });
        let digits = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let mut all = digits.0.bytes().chain(digits.1.bytes());
        let count = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
        let magnitude = all
            .position(|digit| digit != b'0')
            .map(|zeros| (count(digits.0.len()) - count(zeros)).saturating_add(exponent));
        Some(Self {
            is_negative,
            digits,
            magnitude,
        })
    }

    fn compare(&self, other: &Self) -> Ordering {
        let sign = |number: &Self| match number.magnitude {
            None => 0,
            Some(_) if number.is_negative => -1,
            Some(_) => 1,
        };
        sign(self).cmp(&sign(other)).then_with(|| {
            let without_sign = self
                .magnitude
                .cmp(&other.magnitude)
                .then_with(|| self.compare_digits(other));
            if self.is_negative {
                without_sign.reverse()
            } else {
                without_sign
            }
        })
    }

    /// Compares the digits of numbers of the same magnitude.
    fn compare_digits(&self, other: &Self) -> Ordering {
        let significant = |number: &Self| {
            let (whole, fraction) = number.digits;
            whole
                .bytes()
                .chain(fraction.bytes())
                .skip_while(|digit| *digit == b'0')
                .collect::<Vec<u8>>()
        };
        let (mut own, mut foreign) = (significant(self), significant(other));
        let length = own.len().max(foreign.len());
        own.resize(length, b'0');
        foreign.resize(length, b'0');
        own.cmp(&foreign)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_compared_by_value() {
        use Ordering::{Equal, Greater, Less};
        let json = Json::from_well_formed;
        for (a, b, expected) in [
            ("1", "1.0", Equal),
            ("100", "1e2", Equal),
            ("0.001", "1E-3", Equal),
            ("-0", "0.0e5", Equal),
            ("12345678901234567890", "12345678901234567891", Less),
            ("12345678901234567890.0", "1234567890123456789e1", Equal),
            ("9", "10", Less),
            ("0.9", "0.10", Greater),
            ("-9", "-10", Greater),
            ("-1", "0", Less),
            ("-1", "1", Less),
            ("1e400", "1e399", Greater),
            ("0.05", "0.5", Less),
            ("1e99999999999999999999", "5", Greater),
            ("1e-99999999999999999999", "5", Less),
        ] {
            assert_eq!(json(a).compare_numbers(json(b)), Some(expected), "{a} {b}");
            assert_eq!(
                json(b).compare_numbers(json(a)),
                Some(expected.reverse()),
                "{b} {a}"
            );
        }
        assert_eq!(json("\"1\"").compare_numbers(json("1")), None);
    }

    #[test]
    fn whole_numbers_are_read_in_any_spelling() {
        let read = |text| Json::from_well_formed(text).as_u64();
        assert_eq!(read("480336"), Some(480_336));
        assert_eq!(read("480336.0"), Some(480_336));
        assert_eq!(read("4.80336e5"), Some(480_336));
        assert_eq!(read("18446744073709551615"), Some(u64::MAX));
        for not in ["-1", "1.5", "1e30", "\"1\"", "null"] {
            assert_eq!(read(not), None, "{not}");
        }
    }
}
