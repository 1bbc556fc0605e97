//! Values of JSON numbers, compared on their digits so that nothing is rounded.

use std::cmp::Ordering;

use super::{Json, Kind};

/// The largest integer that every JSON parser reads exactly: 2^53 − 1 (I-JSON, RFC 7493 §2.2).
pub(crate) const LARGEST_EXACT_INTEGER: u64 = 9_007_199_254_740_991;

impl Json<'_> {
    /// Compares two numbers by exact value: `1.0` equals `1`, and all of 20 digits count. Returns
    /// `None` if a value is not a number.
    #[must_use]
    pub(crate) fn compare_numbers(self, other: Json) -> Option<Ordering> {
        Some(Decimal::parse(self)?.compare(&Decimal::parse(other)?))
    }

    /// The value as `u64` if it is a non-negative integer in any spelling (`180`, `180.0`,
    /// `1.8e2`). Spellings other than plain digits are read up to 2^53 - 1 only.
    #[must_use]
    pub(crate) fn as_u64(self) -> Option<u64> {
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
                reason = "it is an integer that a double holds exactly"
            )]
            let whole = (0.0..=LARGEST_EXACT_INTEGER as f64)
                .contains(&number)
                .then_some(number as u64);
            whole
        })
    }
}

/// A JSON number as decimal digits.
struct Decimal<'a> {
    is_negative: bool,
    /// The digits before and after the decimal point.
    digits: (&'a str, &'a str),
    /// Exponent of the first nonzero digit, counted as in `0.d × 10^magnitude`; `None` for zero.
    /// Saturates at the limits of `i64`.
    magnitude: Option<i64>,
}

impl<'a> Decimal<'a> {
    fn parse(value: Json<'a>) -> Option<Self> {
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
                .then_with(|| self.compare_significant_digits(other));
            if self.is_negative {
                without_sign.reverse()
            } else {
                without_sign
            }
        })
    }

    /// Compares the digits of two numbers of equal magnitude.
    fn compare_significant_digits(&self, other: &Self) -> Ordering {
        let significant = |number: &Self| {
            let (whole, fraction) = number.digits;
            whole
                .bytes()
                .chain(fraction.bytes())
                .skip_while(|digit| *digit == b'0')
                .collect::<Vec<u8>>()
        };
        let (mut left, mut right) = (significant(self), significant(other));
        let length = left.len().max(right.len());
        left.resize(length, b'0');
        right.resize(length, b'0');
        left.cmp(&right)
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
    fn integers_are_read_in_any_spelling() {
        let read = |text| Json::from_well_formed(text).as_u64();
        assert_eq!(read("480336"), Some(480_336));
        assert_eq!(read("480336.0"), Some(480_336));
        assert_eq!(read("4.80336e5"), Some(480_336));
        assert_eq!(read("18446744073709551615"), Some(u64::MAX));
        for rejected in ["-1", "1.5", "1e30", "\"1\"", "null"] {
            assert_eq!(read(rejected), None, "{rejected}");
        }
    }
}
