//! Conversion of written phone numbers to E.164 form: `+`, country code, number (ITU-T E.164).

/// True if `text` is a number in E.164 form: `+`, then 2 to 15 digits, the first not 0 (ITU-T E.164
/// §6.2).
#[must_use]
pub(crate) fn is_e164(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (2..=15).contains(&digits.len())
            && !digits.starts_with('0')
            && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// The country code of phone numbers that are not in use: it was never assigned (ITU-T E.164).
pub(crate) const FAKE_COUNTRY_CODE: &str = "+999";

/// Converts a number to E.164 form by removing spaces and punctuation and replacing a leading `00`
/// with `+`. Returns `None` if the result is not in E.164 form.
#[must_use]
pub(crate) fn to_e164(text: &str) -> Option<String> {
    if is_e164(text) {
        return Some(text.to_owned());
    }
    let compact = strip_formatting(text);
    let number = match compact.strip_prefix("00") {
        Some(rest) => format!("+{rest}"),
        None => compact,
    };
    is_e164(&number).then_some(number)
}

/// The country code of a number in E.164 form, without the `+`: one digit for +1 and +7, two for
/// the codes in [`TWO_DIGIT_CODES`], else three (ITU-T E.164, list of assigned country codes).
/// `None` if the number is shorter.
#[must_use]
pub(crate) fn country_code(number: &str) -> Option<&str> {
    let digits = number.strip_prefix('+')?;
    let length = match digits.as_bytes() {
        [b'1' | b'7', ..] => 1,
        [first, second, ..] if TWO_DIGIT_CODES.contains(&[*first, *second]) => 2,
        _ => 3,
    };
    digits.get(..length)
}

/// The country codes of two digits.
const TWO_DIGIT_CODES: &[[u8; 2]] = &[
    *b"20", *b"27", *b"30", *b"31", *b"32", *b"33", *b"34", *b"36", *b"39", *b"40", *b"41", *b"43",
    *b"44", *b"45", *b"46", *b"47", *b"48", *b"49", *b"51", *b"52", *b"53", *b"54", *b"55", *b"56",
    *b"57", *b"58", *b"60", *b"61", *b"62", *b"63", *b"64", *b"65", *b"66", *b"81", *b"82", *b"84",
    *b"86", *b"90", *b"91", *b"92", *b"93", *b"94", *b"95", *b"98",
];

/// The key for comparing numbers regardless of their formatting: the digits, without the `+` or
/// `00` of an international number. Other text keeps its letters.
#[must_use]
pub(crate) fn comparison_key(text: &str) -> String {
    let compact = strip_formatting(text);
    match compact
        .strip_prefix('+')
        .or_else(|| compact.strip_prefix("00"))
    {
        Some(rest) => rest.to_owned(),
        None => compact,
    }
}

/// Removes separators, and the `(0)` of an international number.
fn strip_formatting(text: &str) -> String {
    // German numbers are written like this. The 0 is dialled within the country only.
    let is_international = text.trim_start().starts_with(['+', '0']) && text.contains("(0)");
    if is_international {
        without_separators(&text.replacen("(0)", "", 1))
    } else {
        without_separators(text)
    }
}

/// The text without spaces and without the punctuation used between digits (`-`, `/`, `.`, `(` and
/// `)`).
#[must_use]
pub(crate) fn without_separators(text: &str) -> String {
    text.chars().filter(|c| !is_separator(*c)).collect()
}

/// True for a space or punctuation between the digits of a phone number.
#[must_use]
pub(crate) fn is_separator(character: char) -> bool {
    matches!(character, ' ' | '-' | '/' | '.' | '(' | ')' | '\u{a0}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e164_is_plus_and_up_to_fifteen_digits() {
        for good in ["+4915123456789", "+12", "+123456789012345"] {
            assert!(is_e164(good), "{good}");
        }
        for bad in [
            "",
            "+",
            "+1",
            "4915123456789",
            "+0491512345",
            "+1234567890123456",
            "+49 151",
            "+４９１５１",
            "anonymous",
        ] {
            assert!(!is_e164(bad), "{bad}");
        }
    }

    #[test]
    fn country_codes_have_one_to_three_digits() {
        for (number, code) in [
            ("+4930123456", Some("49")),
            ("+12125550100", Some("1")),
            ("+79161234567", Some("7")),
            ("+43123456", Some("43")),
            ("+420123456789", Some("420")),
            ("+38", None),
            ("030123456", None),
        ] {
            assert_eq!(country_code(number), code, "{number}");
        }
    }

    #[test]
    fn a_zero_in_brackets_is_dialled_within_the_country_only() {
        for german in [
            "+49 (0)171 3920099",
            "0049 (0) 171/3920099".replace("(0) ", "(0)").as_str(),
        ] {
            assert_eq!(
                to_e164(german).as_deref(),
                Some("+491713920099"),
                "{german}"
            );
        }
    }

    #[test]
    fn numbers_are_compared_by_their_digits() {
        for same in [
            "+4930123456",
            "+49 30 123-456",
            "0049 (30) 123456",
            "+49 (0) 30 123456",
            "4930123456",
        ] {
            assert_eq!(comparison_key(same), "4930123456", "{same}");
        }
        assert_eq!(comparison_key("030 123456"), "030123456");
        assert_eq!(comparison_key("anonymous"), "anonymous");
    }
}
