//! Valid values that belong to no person, in place of values with a check digit or a date: a test
//! of a receiver still accepts them, and a reader sees that they are made up.

use super::checksums::{iban_remainder, is_card, is_iban, luhn_sum};
use super::number_stream::NumberStream;

/// Fast path: false if [`fake_of`] certainly has no fake for `text`: it is too short for an IBAN or
/// a card number, and no `.`, `/` or `-` follows its first digits.
#[must_use]
pub(super) fn may_have_fake(text: &str) -> bool {
    const SHORTEST_CARD: usize = 13;
    let separator = text.bytes().find(|byte| !byte.is_ascii_digit());
    text.len() >= SHORTEST_CARD || matches!(separator, Some(b'.' | b'/' | b'-'))
}

/// The fake that stands for an IBAN, a card number or a date that is no date of a call. `None` if
/// `text` is none of these.
#[must_use]
pub(super) fn fake_of(text: &str, stream: &mut NumberStream) -> Option<(Fake, String)> {
    if let Some(fake) = fake_iban(text, stream) {
        return Some((Fake::Iban, fake));
    }
    if let Some(fake) = fake_card(text, stream) {
        return Some((Fake::Card, fake));
    }
    fake_date(text, stream).map(|fake| (Fake::Date, fake))
}

/// What a fake stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fake {
    Iban,
    Card,
    Date,
}

/// An IBAN (ISO 13616) of the same country, length and grouping. The account is zeros and six other
/// digits.
fn fake_iban(text: &str, stream: &mut NumberStream) -> Option<String> {
    let compact = without_separators(text);
    if !is_iban(&compact) {
        return None;
    }
    let account = format!(
        "{:0>width$}",
        stream.below(1_000_000),
        width = compact.len() - 4
    );
    let country = &compact[..2];
    let check = 98 - iban_remainder(&format!("{country}00{account}"));
    Some(in_form_of(text, &format!("{country}{check:02}{account}")))
}

/// A card number (ISO/IEC 7812) of the same length and grouping. It starts with 4000 00, like those
/// with which payment systems are tested.
fn fake_card(text: &str, stream: &mut NumberStream) -> Option<String> {
    let compact = without_separators(text);
    if !compact.starts_with(['3', '4', '5', '6']) || !is_card(&compact) {
        return None;
    }
    let width = compact.len() - 7;
    let number = format!("400000{:0>width$}", stream.below(1_000_000));
    let check = (10 - luhn_sum(&format!("{number}0")) % 10) % 10;
    Some(in_form_of(text, &format!("{number}{check}")))
}

/// A date in 1900 in the form of `text`, a date such as `31.12.1980`, `12/31/80` or `1980-12-31`.
/// Day and month are at most 12, so that it is valid in either order.
fn fake_date(text: &str, stream: &mut NumberStream) -> Option<String> {
    let separator = text.chars().find(|c| !c.is_ascii_digit())?;
    if !matches!(separator, '.' | '/' | '-') {
        return None;
    }
    let parts: Vec<&str> = text.split(separator).collect();
    let [first, second, third] = *parts.as_slice() else {
        return None;
    };
    let is_number = |part: &str, max: u32| {
        let is_short = (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        is_short
            && part
                .parse()
                .is_ok_and(|number: u32| (1..=max).contains(&number))
    };
    let is_year =
        |part: &str| matches!(part.len(), 2 | 4) && part.bytes().all(|byte| byte.is_ascii_digit());
    let mut number = |part: &str| {
        // A number of one digit stays one.
        let largest = if part.len() == 1 { 9 } else { 12 };
        format!("{:0width$}", 1 + stream.below(largest), width = part.len())
    };
    let year = |part: &str| if part.len() == 4 { "1900" } else { "00" };
    let is_day_and_month = is_number(first, 31)
        && is_number(second, 31)
        && (is_number(first, 12) || is_number(second, 12));
    if is_day_and_month && is_year(third) {
        let [first, second] = [number(first), number(second)];
        return Some([&first, &second, year(third)].join(&separator.to_string()));
    }
    if first.len() == 4 && is_year(first) && is_number(second, 12) && is_number(third, 31) {
        let [second, third] = [number(second), number(third)];
        return Some([year(first), &second, &third].join(&separator.to_string()));
    }
    None
}

fn without_separators(text: &str) -> String {
    text.chars().filter(|c| !is_separator(*c)).collect()
}

/// True for a character between the groups of an IBAN or a card number.
fn is_separator(character: char) -> bool {
    matches!(character, ' ' | '-' | '\u{a0}')
}

/// The characters of `compact` in the form of `text`: with its separators, which `compact` lacks.
fn in_form_of(text: &str, compact: &str) -> String {
    let mut compact = compact.chars();
    text.chars()
        .filter_map(|c| {
            if is_separator(c) {
                Some(c)
            } else {
                compact.next()
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::key::RedactKey;
    use super::super::pseudonyms::Pseudonyms;
    use super::*;

    fn fake(text: &str) -> Option<(Fake, String)> {
        let pseudonyms = Pseudonyms::new(&RedactKey::new([5; 32]));
        fake_of(text, &mut pseudonyms.stream(&[b"test"]))
    }

    #[test]
    fn fakes_are_valid_and_have_the_same_form() {
        for (text, kind) in [
            ("DE89 3704 0044 0532 0130 00", Fake::Iban),
            ("GB82WEST12345698765432", Fake::Iban),
            ("4111 1111 1111 1111", Fake::Card),
            ("378282246310005", Fake::Card),
            ("31.12.1980", Fake::Date),
            ("1.2.80", Fake::Date),
            ("12/31/1980", Fake::Date),
            ("1980-12-31", Fake::Date),
        ] {
            assert!(may_have_fake(text), "{text}");
            let (found, fake) = fake(text).expect(text);
            assert_eq!(found, kind, "{text}");
            assert_ne!(fake, text);
            let separators = |text: &str| -> Vec<(usize, char)> {
                let separator = |(_, c): &(usize, char)| !c.is_alphanumeric();
                text.char_indices().filter(separator).collect()
            };
            assert_eq!(separators(&fake), separators(text), "{fake}");
            let again = fake_of_same_kind(&fake);
            assert_eq!(again, Some(kind), "{fake} is valid");
        }
    }

    fn fake_of_same_kind(text: &str) -> Option<Fake> {
        fake(text).map(|(kind, _)| kind)
    }

    #[test]
    fn other_values_have_no_fake() {
        for text in [
            "",
            "DE89 3704 0044 0532 0130 01",
            "4111 1111 1111 1112",
            "1.2.3.4",
            "13.13.1980",
            "2024-01-15T10:30:00Z",
            "123456",
            "äöüß",
        ] {
            assert!(
                !may_have_fake(text) || text.contains(['-', '.', ' ']),
                "{text}"
            );
            assert_eq!(fake(text), None, "{text}");
        }
    }
}
