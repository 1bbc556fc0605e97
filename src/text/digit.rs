//! Decimal digits of all scripts that people type numbers in.

/// The zeros of the decimal digits (Unicode category Nd) of the scripts in common use, each
/// followed by the digits 1 to 9. Among them are full-width digits, which East Asian keyboards
/// write, and the bold and monospaced ones of mathematics, which are used in chats.
const ZEROS: &[char] = &[
    '0',
    '\u{660}',
    '\u{6f0}',
    '\u{7c0}',
    '\u{966}',
    '\u{9e6}',
    '\u{a66}',
    '\u{ae6}',
    '\u{b66}',
    '\u{be6}',
    '\u{c66}',
    '\u{ce6}',
    '\u{d66}',
    '\u{e50}',
    '\u{ed0}',
    '\u{f20}',
    '\u{1040}',
    '\u{17e0}',
    '\u{1810}',
    '\u{ff10}',
    '\u{1d7ce}',
    '\u{1d7d8}',
    '\u{1d7e2}',
    '\u{1d7ec}',
    '\u{1d7f6}',
];

/// The value of a decimal digit of any common script; `None` for other characters.
#[must_use]
pub(crate) fn digit_value(character: char) -> Option<u8> {
    if character.is_ascii() {
        return character.is_ascii_digit().then(|| character as u8 - b'0');
    }
    ZEROS.iter().find_map(|zero| {
        let value = u32::from(character).checked_sub(u32::from(*zero))?;
        u8::try_from(value).ok().filter(|value| *value < 10)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_all_scripts_have_values() {
        for (text, expected) in [
            ("0189", [0, 1, 8, 9]),
            ("٠١٨٩", [0, 1, 8, 9]),
            ("０１８９", [0, 1, 8, 9]),
            ("𝟬𝟭𝟴𝟵", [0, 1, 8, 9]),
        ] {
            let values: Vec<_> = text.chars().filter_map(digit_value).collect();
            assert_eq!(values, expected, "{text}");
        }
        for other in ['/', ':', 'a', '²', '½', '/', '：', 'Ⅷ'] {
            assert_eq!(digit_value(other), None, "{other}");
        }
    }
}
