//! What a number in a body is to programs that know integers and doubles only.

/// A JSON number, as far as a program can take it without changing it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// An integer of 64 bits.
    Integer(i64),
    /// A double that has all the digits that were written.
    Double(f64),
    /// A double too, with more digits than spreadsheets show.
    LongDouble(f64),
    /// Neither would have all its digits.
    TooLong,
}

/// So many significant digits any double keeps (IEEE 754 binary64), and spreadsheets show.
const EXACT_DIGITS: u32 = 15;

impl Number {
    /// Reads the text of a JSON number (RFC 8259 §6).
    #[must_use]
    pub fn read(text: &str) -> Self {
        if let Ok(integer) = text.parse() {
            return Self::Integer(integer);
        }
        let digits = significant_digits(text);
        match text.parse::<f64>() {
            Ok(double) if digits.is_empty() => Self::Double(double),
            // Too small a number becomes zero, or loses digits.
            Ok(double) if !double.is_normal() => Self::TooLong,
            Ok(double) if digits.len() <= EXACT_DIGITS as usize => Self::Double(double),
            // As programs write their doubles: with as many digits as it takes.
            Ok(double) if digits == significant_digits(&format!("{double:e}")) => {
                Self::LongDouble(double)
            }
            _ => Self::TooLong,
        }
    }

    /// The number as a spreadsheet has it, if it loses nothing there.
    #[must_use]
    pub fn in_spreadsheet(self) -> Option<f64> {
        const LARGEST: u64 = 10_u64.pow(EXACT_DIGITS);
        match self {
            #[expect(clippy::cast_precision_loss, reason = "it has fifteen digits at most")]
            Self::Integer(integer) => (integer.unsigned_abs() < LARGEST).then_some(integer as f64),
            Self::Double(double) => Some(double),
            Self::LongDouble(_) | Self::TooLong => None,
        }
    }
}

/// The digits of a number without the zeros that only say where the point is.
fn significant_digits(number: &str) -> String {
    let mantissa = number.split(['e', 'E']).next().unwrap_or_default();
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    digits.trim_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_taken_only_with_all_their_digits() {
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
            assert_eq!(Number::read(text), expected, "{text}");
        }
        assert_eq!(
            Number::read("999999999999999").in_spreadsheet(),
            Some(999_999_999_999_999.0)
        );
        assert_eq!(Number::read("1000000000000000").in_spreadsheet(), None);
    }
}
