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

/// Converts a number to E.164 form by removing spaces and punctuation and replacing a leading `00`
/// with `+`. Returns `None` if the result is not in E.164 form.
#[must_use]
pub(crate) fn to_e164(text: &str) -> Option<String> {
    let compact = strip_formatting(text);
    let number = match compact.strip_prefix("00") {
        Some(rest) => format!("+{rest}"),
        None => compact,
    };
    is_e164(&number).then_some(number)
}

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
    let is_separator = |c: char| matches!(c, ' ' | '-' | '/' | '.' | '(' | ')' | '\u{a0}');
    text.chars().filter(|c| !is_separator(*c)).collect()
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
