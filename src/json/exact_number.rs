//! Classifies JSON numbers by the machine type that represents them without loss.

/// A JSON number as a 64-bit integer or a double, if one of them keeps all digits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Number {
    /// A 64-bit integer.
    Integer(i64),
    /// A double with at most 15 significant digits.
    Double(f64),
    /// A double with more significant digits than spreadsheets show.
    LongDouble(f64),
    /// Neither type keeps all digits.
    TooLong,
}

/// Significant digits that every double keeps (IEEE 754 binary64) and that spreadsheets show.
const EXACT_DIGITS: u32 = 15;

impl Number {
    /// Classifies the text of a JSON number (RFC 8259 §6).
    #[must_use]
    pub(crate) fn parse(text: &str) -> Self {
        if let Ok(integer) = text.parse() {
            return Self::Integer(integer);
        }
        let digits = significant_digits(text);
        match text.parse::<f64>() {
            Ok(double) if digits.is_empty() => Self::Double(double),
            // Numbers that are too small become zero or lose digits; too large ones are infinite.
            Ok(double) if !double.is_normal() => Self::TooLong,
            Ok(double) if digits.len() <= EXACT_DIGITS as usize => Self::Double(double),
            // The shortest text that reads back as this double, as most programs write doubles.
            Ok(double) if digits == significant_digits(&format!("{double:e}")) => {
                Self::LongDouble(double)
            }
            _ => Self::TooLong,
        }
    }

    /// The number as a spreadsheet cell, or `None` if a spreadsheet would change it.
    #[must_use]
    pub(crate) fn to_spreadsheet_number(self) -> Option<f64> {
        const LARGEST: u64 = 10_u64.pow(EXACT_DIGITS);
        match self {
            #[expect(clippy::cast_precision_loss, reason = "it has fifteen digits at most")]
            Self::Integer(integer) => (integer.unsigned_abs() < LARGEST).then_some(integer as f64),
            Self::Double(double) => Some(double),
            Self::LongDouble(_) | Self::TooLong => None,
        }
    }
}

/// The digits of a number without leading and trailing zeros.
fn significant_digits(number: &str) -> String {
    let mantissa = number.split(['e', 'E']).next().unwrap_or_default();
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    digits.trim_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_converted_only_with_all_their_digits() {
        let cases = [
            ("0", Number::Integer(0)),
            ("-12", Number::Integer(-12)),
            ("9223372036854775807", Number::Integer(i64::MAX)),
            ("12345678901234567890", Number::TooLong),
            ("1.10", Number::Double(1.1)),
            ("180.0", Number::Double(180.0)),
            ("-0.5e3", Number::Double(-500.0)),
            ("0.0", Number::Double(0.0)),
            ("1e400", Number::TooLong),
            ("1e-400", Number::TooLong),
            (
                "0.30000000000000004",
                Number::LongDouble(0.300_000_000_000_000_04),
            ),
            ("0.12345678901234567890", Number::TooLong),
            ("100000000000000000000", Number::Double(1e20)),
        ];
        for (text, expected) in cases {
            assert_eq!(Number::parse(text), expected, "{text}");
        }
        assert_eq!(
            Number::parse("999999999999999").to_spreadsheet_number(),
            Some(999_999_999_999_999.0)
        );
        assert_eq!(
            Number::parse("1000000000000000").to_spreadsheet_number(),
            None
        );
    }
}
