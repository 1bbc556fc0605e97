//! Wording for people.

/// Formats a number with commas between thousands: `1,380`.
#[must_use]
pub(crate) fn format_number(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Formats a count with its noun: `0 errors`, `1 error`, `2 errors`.
#[must_use]
pub(crate) fn format_count(count: u64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

#[cfg(test)]
mod tests {
    use super::format_number;

    #[test]
    fn thousands_have_commas() {
        let formatted = [0, 999, 1_000, 1_234_567].map(format_number);
        assert_eq!(formatted, ["0", "999", "1,000", "1,234,567"]);
    }
}
