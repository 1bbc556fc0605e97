//! Numbers with check digits: IBAN (ISO 13616, mod 97) and cards (Luhn).

/// True for an IBAN without spaces.
#[must_use]
pub(super) fn is_iban(text: &str) -> bool {
    (15..=34).contains(&text.len())
        && text.bytes().enumerate().all(|(at, byte)| match at {
            0 | 1 => byte.is_ascii_alphabetic(),
            2 | 3 => byte.is_ascii_digit(),
            _ => byte.is_ascii_alphanumeric(),
        })
        && iban_remainder(text) == 1
}

/// The remainder modulo 97 of an IBAN, whose first four characters count as its last. It is 1 if
/// the IBAN is valid (ISO 7064, MOD 97-10).
#[must_use]
pub(super) fn iban_remainder(compact: &str) -> u32 {
    let (start, rest) = compact.split_at(4);
    rest.chars()
        .chain(start.chars())
        .fold(0, |remainder, character| {
            let value = character.to_digit(36).unwrap_or_default();
            let shift = if value > 9 { 100 } else { 10 };
            (remainder * shift + value) % 97
        })
}

/// True for the digits of a card number.
#[must_use]
pub(super) fn is_card(digits: &str) -> bool {
    (13..=19).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && luhn_sum(digits).is_multiple_of(10)
}

/// The sum of the digits of a card number, of which each second from the right is doubled. It is a
/// multiple of 10 if the number is valid (ISO/IEC 7812-1, annex B).
#[must_use]
pub(super) fn luhn_sum(digits: &str) -> u32 {
    let digits = digits.chars().rev().filter_map(|digit| digit.to_digit(10));
    let doubled = |digit: u32| digit * 2 / 10 + digit * 2 % 10;
    digits
        .enumerate()
        .map(|(at, digit)| if at % 2 == 1 { doubled(digit) } else { digit })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_are_checked() {
        assert!(is_iban("DE89370400440532013000"));
        assert!(is_iban("GB82WEST12345698765432"));
        assert!(!is_iban("DE89370400440532013001"));
        assert!(!is_iban("DE") && !is_iban(&"é".repeat(10)));
        assert!(is_card("5555555555554444"));
        assert!(!is_card("5555555555554445"));
    }
}
