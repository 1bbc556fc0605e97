//! Pseudonyms of phone numbers in any spelling. Numbers that are equal in `validate`, whatever
//! their separators, have equal pseudonyms. A number in a wrong format keeps its format, so that
//! the same rule finds it.

use super::pseudonyms::Pseudonyms;
use super::words::Shaper;
use crate::call::phone::{
    FAKE_COUNTRY_CODE, comparison_key, is_e164, is_separator, without_separators,
};
use crate::call::phone_search::{FoundPhone, find_phones_in_field, is_plus};
use crate::contract::PHONE_PLACEHOLDERS;
use crate::text::digit::digit_value;
use crate::text::visible_escape::first_character;

/// What stands for the content of a phone field, except for addresses such as `sip:anna@pbx.de`.
/// Words such as `anonymous` stay.
#[must_use]
pub(super) fn phone_pseudonym(text: &str, pseudonyms: &Pseudonyms) -> String {
    if is_e164(text) {
        return pseudonyms.phone(text);
    }
    if PHONE_PLACEHOLDERS.contains(&text.trim().to_lowercase().as_str()) {
        return text.to_owned();
    }
    let key = comparison_key(text);
    if is_e164(&format!("+{key}")) {
        spell_international(text, &pseudonyms.phone(&format!("+{key}"))[1..])
    } else {
        spell_malformed(text, &key, pseudonyms)
    }
}

/// What stands for `text`, a phone number that was found in a text. `None` if characters of it are
/// escaped: they are masked like other characters.
#[must_use]
pub(super) fn phone_in_text(text: &str, pseudonyms: &Pseudonyms) -> Option<String> {
    if text.contains(['\\', '%']) {
        return None;
    }
    let plain: String = text
        .chars()
        .map(|character| match digit_value(character) {
            Some(value) => char::from(b'0' + value),
            None if is_plus(character) => '+',
            None if is_separator(character) => character,
            None => ' ',
        })
        .collect();
    Some(phone_pseudonym(&plain, pseudonyms))
}

/// Writes the digits of the pseudonym `fake` in place of those of `text`, a number with a country
/// code. More digits than `text` has follow its last one.
fn spell_international(text: &str, fake: &str) -> String {
    let compact = without_separators(text);
    // Two zeros in place of the plus, and a zero in brackets, are no digits of the number.
    let mut prefix = if compact.starts_with("00") { 2 } else { 0 };
    let trunk_zero = text.find("(0)").map(|at| at + 1);
    let last_digit = text.rfind(|c: char| c.is_ascii_digit());
    let mut fake = fake.chars();
    let mut spelled = String::with_capacity(text.len() + fake.as_str().len());
    for (at, character) in text.char_indices() {
        if !character.is_ascii_digit() || trunk_zero == Some(at) {
            spelled.push(character);
        } else if prefix > 0 {
            prefix -= 1;
            spelled.push(character);
        } else {
            spelled.extend(fake.next());
        }
        if last_digit == Some(at) {
            spelled.push_str(fake.as_str());
            fake = "".chars();
        }
    }
    spelled
}

/// Replaces letters by filler and digits by others.
fn spell_malformed(text: &str, key: &str, pseudonyms: &Pseudonyms) -> String {
    let mut spelled = String::with_capacity(text.len());
    let mut shaper = Shaper::of(&[b"phone", key.as_bytes()], pseudonyms).keep_zeros();
    shaper.push_words(text, &mut spelled);
    hide_real_phones(&mut spelled, 0, find_phones_in_field);
    spelled
}

/// Changes the phone numbers in the text from `start` that may be real: they start with the country
/// code that was never assigned. They got their digits by chance.
pub(super) fn hide_real_phones(text: &mut String, start: usize, find: fn(&str) -> Vec<FoundPhone>) {
    let phones = find(&text[start..]).into_iter().rev();
    for phone in phones.filter(|phone| !phone.is_fake) {
        let range = start + phone.range.start..start + phone.range.end;
        let mut code = FAKE_COUNTRY_CODE[1..].chars();
        let mut hidden = String::with_capacity(range.len());
        let mut is_leading_zero = true;
        let mut rest = &text[range.clone()];
        while let Some((character, length)) = first_character(rest) {
            let value = digit_value(character);
            is_leading_zero &= value.is_none_or(|value| value == 0);
            let is_replaced = value.is_some() && !is_leading_zero;
            match is_replaced.then(|| code.next()).flatten() {
                Some(digit) => hidden.push(digit),
                None => hidden.push_str(&rest[..length]),
            }
            rest = &rest[length..];
        }
        text.replace_range(range, &hidden);
    }
}

#[cfg(test)]
mod tests {
    use super::super::key::RedactKey;
    use super::*;
    use crate::call::phone::to_e164;

    fn pseudonyms() -> Pseudonyms {
        Pseudonyms::new(&RedactKey::new([3; 32]))
    }

    #[test]
    fn spellings_of_one_number_have_one_pseudonym() {
        let fake = phone_pseudonym("+491511234567", &pseudonyms());
        assert!(is_e164(&fake) && fake.starts_with("+999"), "{fake}");
        for text in [
            "+49 151 1234567",
            "0049 151/1234567",
            "+49 (0)151-1234567",
            "0049 (0) 151 1234567",
            " +49.151.1234567 ",
        ] {
            let spelled = phone_pseudonym(text, &pseudonyms());
            assert!(!is_e164(&spelled), "{spelled}");
            assert_eq!(
                to_e164(&spelled),
                to_e164(text).and(Some(fake.clone())),
                "{text}"
            );
            assert_eq!(comparison_key(&spelled), fake[1..], "{text}: {spelled}");
        }
        let bare = phone_pseudonym("491511234567", &pseudonyms());
        assert_eq!(bare, fake[1..]);
    }

    #[test]
    fn malformed_numbers_stay_malformed() {
        for text in [
            "0151 1234567",
            "+49 151",
            "+12345678901234567",
            "+0491512345",
            "4915x234",
            "+４９１５１２３４５６７",
            "0000",
            "call me",
            "",
        ] {
            let spelled = phone_pseudonym(text, &pseudonyms());
            assert_eq!(
                to_e164(&spelled).is_some(),
                to_e164(text).is_some(),
                "{text}: {spelled}"
            );
            let length = |text: &str| text.chars().count();
            if to_e164(text).is_none() {
                assert_eq!(length(&spelled), length(text), "{text}: {spelled}");
            }
            assert_eq!(spelled, phone_pseudonym(text, &pseudonyms()));
        }
        assert_eq!(phone_pseudonym("Anonymous", &pseudonyms()), "Anonymous");
    }
}
