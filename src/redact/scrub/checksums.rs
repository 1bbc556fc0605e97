//! Numbers with check digits: IBAN (ISO 13616, mod 97) and cards (Luhn).

/// True for an IBAN without spaces.
pub(super) fn has_iban_checksum(text: &str) -> bool {
    const LENGTHS: std::ops::RangeInclusive<usize> = 15..=34;
    let bytes = text.as_bytes();
    let is_shaped = LENGTHS.contains(&bytes.len())
        && bytes.iter().all(u8::is_ascii_alphanumeric)
        && bytes[..2].iter().all(u8::is_ascii_alphabetic)
        && bytes[2..4].iter().all(u8::is_ascii_digit);
    if !is_shaped {
        return false;
    }
    let (head, account) = bytes.split_at(4);
    let remainder = account.iter().chain(head).fold(0, |remainder: u32, byte| {
        let value = char::from(*byte).to_digit(36).unwrap_or_default();
        let shift = if value < 10 { 10 } else { 100 };
        (remainder * shift + value) % 97
    });
    remainder == 1
}

/// True for the digits of a card number.
pub(super) fn has_luhn_checksum(digits: &str) -> bool {
    const LENGTHS: std::ops::RangeInclusive<usize> = 13..=19;
    let bytes = digits.as_bytes();
    if !LENGTHS.contains(&bytes.len()) || !bytes.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let sum: u32 = bytes
        .iter()
        .rev()
        .enumerate()
        .map(|(index, byte)| {
            let digit = u32::from(byte - b'0');
            match (index % 2, digit) {
                (0, digit) => digit,
                (_, 5..) => digit * 2 - 9,
                _ => digit * 2,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_are_checked() {
        assert!(has_iban_checksum("DE89370400440532013000"));
        assert!(has_iban_checksum("GB82WEST12345698765432"));
        assert!(!has_iban_checksum("DE89370400440532013001"));
        assert!(!has_iban_checksum("DE") && !has_iban_checksum(&"é".repeat(10)));
        assert!(has_luhn_checksum("5555555555554444"));
        assert!(!has_luhn_checksum("5555555555554445"));
    }
}
