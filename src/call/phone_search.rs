//! Finds phone numbers in texts, and detects those that are not in use. Numbers are recognized in
//! any script and with the separators that people write, also where a piece of JSON or a link in
//! the text escapes them.

use std::ops::Range;

use super::fake_phone::{is_fake_international, is_fake_national};
use crate::text::digit::digit_value;
use crate::text::visible_escape::first_character;

/// A phone number in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FoundPhone {
    /// Byte range in the text, from the `+` or the first digit to the last digit.
    pub(crate) range: Range<usize>,
    /// True if the number is not in use.
    pub(crate) is_fake: bool,
}

/// The international phone numbers in `text`, in order: `+` or `00`, then 7 to 15 digits. A number
/// in national form is not recognized in a text, where any number could be one.
#[must_use]
pub(crate) fn find_phones(text: &str) -> Vec<FoundPhone> {
    let mut found = Vec::new();
    if !may_have_phones(text) {
        return found;
    }
    let mut at = 0;
    while let Some((character, length)) = first_character(&text[at..]) {
        let is_digit = digit_value(character).is_some();
        let number = (is_digit || is_plus(character))
            .then(|| Number::read(text, at))
            .flatten();
        let number = number.filter(|number| number.is_international(&text[..at]));
        let phone = number.map(|number| number.phone(MIN_DIGITS));
        at = match phone {
            Some(phone) => {
                let end = phone.range.end;
                found.push(phone);
                end
            }
            // A number does not start in the middle of digits.
            None if is_digit => skip_digits(text, at),
            None => at + length,
        };
    }
    found
}

/// Fast path: false if `text` has no `+` or `00`, however they are written.
fn may_have_phones(text: &str) -> bool {
    let bytes = text.as_bytes();
    let has_mark = memchr::memchr3(b'+', b'%', b'\\', bytes).is_some();
    has_mark || memchr::memmem::find(bytes, b"00").is_some() || has_rare_characters(bytes)
}

/// True if text in UTF-8 may have digits or a plus that are not ASCII: it has characters other than
/// those of Latin alphabets and the punctuation of their languages.
fn has_rare_characters(text: &[u8]) -> bool {
    const LAST_LATIN: u8 = 0xc9;
    // U+2000 to U+203F.
    const PUNCTUATION: [u8; 2] = [0xe2, 0x80];
    let mut pairs = text.windows(2);
    pairs.any(|pair| pair[0] > LAST_LATIN && pair != PUNCTUATION)
}

/// The phone numbers in the text of a phone field, in order: any digits, in any spelling. Digits
/// that are too few for a number count as one if there are [`MIN_FIELD_DIGITS`] in all.
#[must_use]
pub(crate) fn find_phones_in_field(text: &str) -> Vec<FoundPhone> {
    let mut found: Vec<FoundPhone> = Vec::new();
    let mut real_digits = 0;
    let mut at = 0;
    while let Some((character, length)) = first_character(&text[at..]) {
        let is_start = digit_value(character).is_some() || is_plus(character);
        let Some(number) = is_start.then(|| Number::read(text, at)).flatten() else {
            // Digits that are zero, or too many for a number.
            let end = skip_digits(text, at);
            if end > at {
                let digits = decimal_digits(&text[at..end]);
                let number = digits.trim_start_matches('0');
                let is_fake = number.is_empty() || is_fake_international(number);
                if !is_fake {
                    real_digits += digits.len();
                }
                found.push(FoundPhone {
                    range: at..end,
                    is_fake,
                });
            }
            at = end.max(at + length);
            continue;
        };
        let phone = number.phone(1);
        if !phone.is_fake {
            real_digits += number.zeros + number.digits.len();
        }
        at = phone.range.end;
        found.push(phone);
    }
    if real_digits < MIN_FIELD_DIGITS {
        found.retain(|phone| phone.is_fake);
    }
    found
}

/// The phone numbers in a JSON number in a phone field, in order. Its exponent is none.
#[must_use]
pub(crate) fn find_phones_in_number(number: &str) -> Vec<FoundPhone> {
    let exponent = number.find(['e', 'E']).unwrap_or(number.len());
    find_phones_in_field(&number[..exponent])
}

/// Fewest digits of a phone number in a text. Fewer are more likely another number.
const MIN_DIGITS: usize = 7;

/// Fewest digits after `00`, which also starts other numbers than phone numbers.
const MIN_DIGITS_AFTER_ZEROS: usize = 9;

/// Most digits of a phone number (ITU-T E.164 §6).
const MAX_DIGITS: usize = 15;

/// Fewest digits of a phone number in a phone field.
const MIN_FIELD_DIGITS: usize = 5;

/// Most separators between two digits, as in `+49 (0) 151 - 234567`.
const MAX_SEPARATORS: usize = 4;

/// Digits with separators, which may be a phone number.
struct Number {
    start: usize,
    has_plus: bool,
    /// Number of leading zeros, those of the prefix `00` included.
    zeros: usize,
    /// The digits after the leading zeros, in ASCII.
    digits: String,
    /// The groups of digits: number of digits up to the end of the group, and offset of that end.
    groups: Vec<(usize, usize)>,
}

impl Number {
    /// Reads the number that starts at `start` of `text`. It ends before a group of digits with
    /// which it would have more than [`MAX_DIGITS`]. `None` if there are no digits but zeros.
    fn read(text: &str, start: usize) -> Option<Self> {
        let mut number = Self {
            start,
            has_plus: false,
            zeros: 0,
            digits: String::new(),
            groups: Vec::new(),
        };
        let mut at = start;
        if let Some((character, length)) = first_character(&text[at..])
            && is_plus(character)
        {
            number.has_plus = true;
            at += length;
        }
        while let Some(end) = number.read_group(text, skip_separators(text, at)) {
            at = end;
        }
        (!number.digits.is_empty()).then_some(number)
    }

    /// Reads the digits at `at`, and returns their end. `None` if there are none, or too many.
    fn read_group(&mut self, text: &str, mut at: usize) -> Option<usize> {
        let before = (self.zeros, self.digits.len());
        while let Some((character, length)) = first_character(&text[at..])
            && let Some(value) = digit_value(character)
        {
            if value == 0 && self.digits.is_empty() {
                self.zeros += 1;
            } else {
                self.digits.push(char::from(b'0' + value));
            }
            if self.digits.len() > MAX_DIGITS || self.zeros > MAX_DIGITS {
                (self.zeros, _) = before;
                self.digits.truncate(before.1);
                return None;
            }
            at += length;
        }
        if before == (self.zeros, self.digits.len()) {
            return None;
        }
        if !self.digits.is_empty() {
            self.groups.push((self.digits.len(), at));
        }
        Some(at)
    }

    /// The part of the number that is a fake one of at least `min_digits`, because another number
    /// may follow. Without such a part, the whole number.
    fn phone(&self, min_digits: usize) -> FoundPhone {
        let parts = self.groups.iter().rev();
        let mut parts = parts.filter(|(count, _)| *count >= min_digits);
        let fake = parts.find(|(count, _)| self.is_fake(&self.digits[..*count]));
        let end = fake
            .or(self.groups.last())
            .map_or(self.start, |(_, end)| *end);
        FoundPhone {
            range: self.start..end,
            is_fake: fake.is_some(),
        }
    }

    fn is_fake(&self, digits: &str) -> bool {
        match self.zeros {
            1 => is_fake_national(digits),
            _ => is_fake_international(digits),
        }
    }

    /// True for an international number in a text that begins with `before`.
    fn is_international(&self, before: &str) -> bool {
        let count = self.digits.len();
        if self.has_plus {
            return count >= MIN_DIGITS && self.zeros <= 2 && !self.starts_with_utc_offset();
        }
        let has_length = match self.digits.as_bytes()[0] {
            // North America, and Russia with Kazakhstan, have numbers of one length.
            b'1' | b'7' => count == 11,
            _ => count >= MIN_DIGITS_AFTER_ZEROS,
        };
        self.zeros == 2 && has_length && may_precede_zeros(before)
    }

    /// True if the digits behind the `+` are an offset from UTC, such as `+0100`, and a date or
    /// another number follows.
    fn starts_with_utc_offset(&self) -> bool {
        let Some((count, _)) = self.groups.first() else {
            return false;
        };
        let offset = self.digits[..*count].parse().unwrap_or(u32::MAX);
        let (hours, minutes) = (offset / 100, offset % 100);
        let is_offset = minutes % 15 == 0 && minutes < 60 && hours <= 14;
        // +1 215, +1 230 … are areas of North America, +1 200 and +1 300 are not.
        self.zeros + count == 4 && is_offset && (hours < 12 || minutes == 0)
    }
}

/// True if `00` after `before` may start a phone number. In `10:00 20240115`, `1.000.000` and
/// `A0012345678`, it does not.
fn may_precede_zeros(before: &str) -> bool {
    let mut characters = before.chars().rev();
    let last = characters.next();
    if last.is_some_and(|last| matches!(last, '.' | ',' | ':' | '/' | '-' | '–')) {
        return characters.next().and_then(digit_value).is_none();
    }
    !last.is_some_and(|last| last.is_alphanumeric() || last == '_')
}

/// True for a plus sign in any width.
#[must_use]
pub(crate) fn is_plus(character: char) -> bool {
    matches!(character, '+' | '＋' | '﹢' | '⁺')
}

/// Punctuation that people write between the digits of a number.
const PUNCTUATION: &[char] = &[
    '-', '/', '.', '(', ')', '[', ']', '·', '•', '−', '－', '（', '）', '／',
];

/// True for what people write between the digits of a number, and for characters that are not
/// visible. A line break ends a number.
fn is_separator(character: char) -> bool {
    let is_dash = matches!(character, '\u{2010}'..='\u{2015}');
    let is_space = character.is_whitespace() && !matches!(character, '\n' | '\r');
    is_space || is_dash || PUNCTUATION.contains(&character) || is_invisible(character)
}

/// True for soft hyphens, direction marks, joiners, variation selectors and keycaps.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{20e3}'
            | '\u{fe0e}'
            | '\u{fe0f}'
            | '\u{feff}'
    )
}

/// Offset behind the separators at `at` of `text`, of which there are at most [`MAX_SEPARATORS`].
fn skip_separators(text: &str, mut at: usize) -> usize {
    for _ in 0..MAX_SEPARATORS {
        match first_character(&text[at..]) {
            Some((character, length)) if is_separator(character) => at += length,
            _ => break,
        }
    }
    at
}

/// The digits in `text`, in ASCII.
fn decimal_digits(mut text: &str) -> String {
    let mut digits = String::new();
    while let Some((character, length)) = first_character(text) {
        digits.extend(digit_value(character).map(|value| char::from(b'0' + value)));
        text = &text[length..];
    }
    digits
}

/// Offset behind the digits at `at` of `text`.
fn skip_digits(text: &str, mut at: usize) -> usize {
    while let Some((character, length)) = first_character(&text[at..])
        && digit_value(character).is_some()
    {
        at += length;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    /// True if `text` is a phone number that is not in use, in any spelling.
    fn is_fake_phone(text: &str) -> bool {
        let found = find_phones_in_field(text);
        !found.is_empty() && found.iter().all(|phone| phone.is_fake)
    }

    /// The found numbers, fake ones with a `!` before them.
    fn found(phones: Vec<FoundPhone>, text: &str) -> Vec<String> {
        let shown = phones.into_iter().map(|phone| {
            let mark = if phone.is_fake { "!" } else { "" };
            format!("{mark}{}", &text[phone.range])
        });
        shown.collect()
    }

    #[track_caller]
    fn assert_found(text: &str, expected: &[&str]) {
        assert_eq!(found(find_phones(text), text), expected, "{text}");
    }

    #[test]
    fn international_numbers_are_found_in_texts() {
        for (text, number) in [
            ("Call +4915123456789, please", "+4915123456789"),
            ("+49 (0)151 / 234 567-89", "+49 (0)151 / 234 567-89"),
            (
                "+49\u{a0}151\u{202f}23456789",
                "+49\u{a0}151\u{202f}23456789",
            ),
            ("\u{202a}+49 151 23456789\u{202c}", "+49 151 23456789"),
            ("０＋４９１５１２３４５６７", "＋４９１５１２３４５６７"),
            ("+٤٩١٥١٢٣٤٥٦٧", "+٤٩١٥١٢٣٤٥٦٧"),
            ("tel:+49-151-23456789", "+49-151-23456789"),
            ("tel:004915123456789", "004915123456789"),
            ("Tel. 0049 151 23456789", "0049 151 23456789"),
            ("0049/151/23456789", "0049/151/23456789"),
            ("001 212 555 1234", "001 212 555 1234"),
            ("https://wa.me/x?to=%2B4915123456789&a", "%2B4915123456789"),
            (
                r#"{"a":"\u002b49\u00a0151 2345678"}"#,
                r"\u002b49\u00a0151 2345678",
            ),
            ("+1415 555 1234", "+1415 555 1234"),
            ("+0151 2345678", "+0151 2345678"),
            ("+49.151.2345678.", "+49.151.2345678"),
            ("max+4915123456789@web.de", "+4915123456789"),
            ("+49 151 2345678\n12345", "+49 151 2345678"),
        ] {
            assert_found(text, &[number]);
        }
        assert_found(
            "+49 151 2345678 und +43 660 1234567",
            &["+49 151 2345678", "+43 660 1234567"],
        );
    }

    #[test]
    fn other_numbers_are_not_phone_numbers() {
        for text in [
            "",
            "+",
            "+49",
            "+1",
            "+2 %",
            "+ 5,5 %",
            "2024-01-15T10:30:00+01:00",
            "Mon, 15 Jan 2024 10:30:00 +0100 (2024-01-15)",
            "10:30:00+1000 2024-01-15",
            "20240115T103000+0530",
            "0151 2345678",
            "4915123456789",
            "10:00 2024-01-15 10:30",
            "1.000.000 12345678",
            "A0049151234567",
            "0012345678",
            "000491512345678",
            "a1b2-00491512",
            "+1234567890123456",
            "1.5e+10",
            r"\ud83d\ude00\udc004915123456789",
            "+49 und 2000000",
            "++++++++",
            "+\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}4915123456789",
        ] {
            assert_found(text, &[]);
        }
    }

    #[test]
    fn numbers_that_are_not_in_use_are_fake() {
        for text in [
            "+999123456789012",
            "+999 123 456 789 012",
            "00999123456789012",
            "+49 30 23125 000",
            "+49 (0)30 23125-999",
            "+1 (212) 555-0123",
            "+44 20 7946 0123",
            "+44 7700 900123",
            "＋９９９１２３４５６７８９０１２",
        ] {
            assert_eq!(found(find_phones(text), text), [format!("!{text}")]);
            assert!(is_fake_phone(text), "{text}");
        }
        assert_found(
            "+999123456789012 +4915123456789",
            &["!+999123456789012", "+4915123456789"],
        );
        // What follows is not part of the number.
        assert_found("+49 30 23125 000 12.05.2024", &["!+49 30 23125 000"]);
        assert_found("+49 151 2345678 12.05.2024", &["+49 151 2345678 12"]);
    }

    #[test]
    fn any_spelling_is_found_in_a_phone_field() {
        for text in [
            "0151 234567",
            "+49 (0)151/234567",
            "4915123456789",
            "0 1 5 1, 2 3",
            "12345678901234567890",
            "12345",
            "030/23126000",
            "2125550123",
            "4.9e10 12345",
            "Tel.: ０１５１２３４５６７",
            "+999123456789012 0151 234567",
            "+9991234567, 0151 234567",
            "+3023125000",
        ] {
            let found = find_phones_in_field(text);
            assert!(found.iter().any(|phone| !phone.is_fake), "{text}");
            assert!(!is_fake_phone(text), "{text}");
        }
        for text in ["", "anonymous", "1234", "110", "a1b2c3d4"] {
            assert!(find_phones_in_field(text).is_empty(), "{text}");
        }
        for text in [
            "+999123456789012",
            "0999 123456",
            "999123456789012",
            "99912",
            "030 23125 123",
            "030/23125-123",
            "07700 900123",
            "493023125123",
            "+999123456789012, 030 23125 123",
            "0171 3920012",
        ] {
            assert!(is_fake_phone(text), "{text}");
        }
    }

    #[test]
    fn the_exponent_of_a_number_is_no_phone_number() {
        let is_real = |number| {
            let found = find_phones_in_number(number);
            found.iter().any(|phone| !phone.is_fake)
        };
        for number in ["4915123456789", "4.91512345678E+12", "12345e2", "-12345.5"] {
            assert!(is_real(number), "{number}");
        }
        for number in ["1234e12", "12e1234", "1e00000000015", "9.9900000e12", "0"] {
            assert!(!is_real(number), "{number}");
        }
    }

    #[test]
    fn long_texts_take_linear_time() {
        for part in [
            "+", "+1 ", "00 ", "+1-", "00491", "9", "0", "(", "\u{200b}", "%2B", r"\u002b",
        ] {
            let text = part.repeat(300_000 / part.len());
            for phone in find_phones(&text)
                .iter()
                .chain(&find_phones_in_field(&text))
            {
                assert!(phone.range.len() <= 300_000);
            }
        }
    }
}
