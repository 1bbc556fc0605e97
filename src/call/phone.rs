//! Phone numbers in E.164 form, and how people write them.

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
    // Written so in Germany: the 0 is dialled within the country only.
    let is_international = text.trim_start().starts_with(['+', '0']) && text.contains("(0)");
    let bare = if is_international {
        without_spacing(&text.replacen("(0)", "", 1))
    } else {
        without_spacing(text)
    };
    let number = match bare.strip_prefix("00") {
        Some(rest) => format!("+{rest}"),
        None => bare,
    };
    is_e164(&number).then_some(number)
}

/// The text without what people write between the digits of a phone number.
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
}
