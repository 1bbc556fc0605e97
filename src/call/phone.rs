//! Phone numbers as they are written, in the form of ITU-T E.164: `+`, the country code, the number.

/// Whether `text` is a number in E.164 form: `+`, then 2 to 15 digits, the first not 0 (ITU-T E.164 §6.2).
#[must_use]
pub fn is_e164(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (2..=15).contains(&digits.len())
            && !digits.starts_with('0')
            && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// The number in E.164 form, where only spaces, punctuation or a leading `00` stand in the way.
#[must_use]
pub fn to_e164(text: &str) -> Option<String> {
    let bare = bare(text);
    let number = match bare.strip_prefix("00") {
        Some(rest) => format!("+{rest}"),
        None => bare,
    };
    is_e164(&number).then_some(number)
}

/// What is compared of a number, however it is written: its digits, without the `+` or `00` of an international one. Text that is no number stays
/// what it is.
#[must_use]
pub fn comparable(text: &str) -> String {
    let bare = bare(text);
    match bare.strip_prefix('+').or_else(|| bare.strip_prefix("00")) {
        Some(rest) => rest.to_owned(),
        None => bare,
    }
}

/// The number without what only parts its digits.
fn bare(text: &str) -> String {
    // Written so in Germany: the 0 is dialled within the country only.
    let is_international = text.trim_start().starts_with(['+', '0']) && text.contains("(0)");
    if is_international {
        without_spacing(&text.replacen("(0)", "", 1))
    } else {
        without_spacing(text)
    }
}

/// The text without spaces and the punctuation that stands between digits.
#[must_use]
pub fn without_spacing(text: &str) -> String {
    let is_spacing = |c: char| matches!(c, ' ' | '-' | '/' | '.' | '(' | ')' | '\u{a0}');
    text.chars().filter(|c| !is_spacing(*c)).collect()
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
            assert_eq!(comparable(same), "4930123456", "{same}");
        }
        assert_eq!(comparable("030 123456"), "030123456");
        assert_eq!(comparable("anonymous"), "anonymous");
    }
}
