//! Wording for people.

/// Formats a number with commas between thousands: `1,380`.
#[must_use]
pub(crate) fn format_grouped(number: u64) -> String {
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

/// Formats a number that is not negative with `digits` digits after the point, and with commas:
/// `1,234.5`.
#[must_use]
pub(crate) fn format_grouped_decimal(value: f64, digits: usize) -> String {
    let text = format!("{value:.digits$}");
    let grouped = text.split_once('.').and_then(|(whole, fraction)| {
        let whole = whole.parse().ok()?;
        Some(format!("{}.{fraction}", format_grouped(whole)))
    });
    grouped.unwrap_or(text)
}

/// Formats a count with its noun: `0 errors`, `1 error`, `2 errors`.
#[must_use]
pub(crate) fn format_count(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", plural_ending(count))
}

/// Formats a count with its noun and commas between thousands: `1 call`, `1,380 calls`.
#[must_use]
pub(crate) fn format_grouped_count(count: u64, noun: &str) -> String {
    format!("{} {noun}{}", format_grouped(count), plural_ending(count))
}

fn plural_ending(count: u64) -> &'static str {
    if count == 1 { "" } else { "s" }
}

#[cfg(test)]
mod tests {
    use super::{format_grouped, format_grouped_count};

    #[test]
    fn thousands_have_commas() {
        let formatted = [0, 999, 1_000, 1_234_567].map(format_grouped);
        assert_eq!(formatted, ["0", "999", "1,000", "1,234,567"]);
        assert_eq!(format_grouped_count(1, "call"), "1 call");
        assert_eq!(format_grouped_count(1_380, "call"), "1,380 calls");
    }
}
