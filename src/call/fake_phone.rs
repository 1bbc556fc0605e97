//! Phone numbers that are not in use: those of the country code +999, and those that regulators
//! keep for films and examples.

use super::phone::FAKE_COUNTRY_CODE;

/// A block of numbers without their country code: the leading digits, and how many follow.
type Block = (&'static str, usize);

/// German numbers for media (Bundesnetzagentur, Mitteilung 148/2021, Amtsblatt 7/2021): five blocks
/// of landlines, and the numbers and blocks of the mobile operators.
const GERMAN: &[Block] = &[
    ("3023125", 3),
    ("6990009", 3),
    ("4066969", 3),
    ("2214710", 3),
    ("8999998", 3),
    ("17139200", 2),
    ("176040690", 2),
    ("15228817386", 0),
    ("15228895456", 0),
    ("15254599371", 0),
    ("1729925904", 0),
    ("1729968532", 0),
    ("1729973185", 0),
    ("1729973186", 0),
    ("1729980752", 0),
    ("1749091317", 0),
    ("1749464308", 0),
];

/// British numbers for drama (Ofcom, "Telephone numbers for use in TV and radio drama programmes"):
/// cities, no area (01632), mobile, free, premium rate and UK-wide.
const BRITISH: &[Block] = &[
    ("1134960", 3),
    ("1144960", 3),
    ("1154960", 3),
    ("1164960", 3),
    ("1174960", 3),
    ("1184960", 3),
    ("1214960", 3),
    ("1314960", 3),
    ("1414960", 3),
    ("1514960", 3),
    ("1614960", 3),
    ("1914980", 3),
    ("2079460", 3),
    ("2890180", 3),
    ("2920180", 3),
    ("1632960", 3),
    ("7700900", 3),
    ("8081570", 3),
    ("9098790", 3),
    ("3069990", 3),
];

/// Country codes whose numbers have a 0 before them within the country.
const WITH_TRUNK_ZERO: &[(&str, &[Block])] = &[("49", GERMAN), ("44", BRITISH)];

/// True for an international number that is not in use. `digits` are its ASCII digits, without the
/// `+` or `00`. The `0` of `+49 (0)30` may be among them.
#[must_use]
pub(super) fn is_fake_international(digits: &str) -> bool {
    let in_country = WITH_TRUNK_ZERO.iter().any(|(code, blocks)| {
        let number = digits.strip_prefix(code);
        let number = number.map(|number| number.strip_prefix('0').unwrap_or(number));
        number.is_some_and(|number| is_in(blocks, number))
    });
    has_fake_country_code(digits) || in_country || is_fake_american(digits)
}

/// True for a number that is not in use, as it is dialled within Germany or the United Kingdom.
/// `digits` are its ASCII digits, without the leading 0.
#[must_use]
pub(super) fn is_fake_national(digits: &str) -> bool {
    let mut countries = WITH_TRUNK_ZERO.iter();
    has_fake_country_code(digits) || countries.any(|(_, blocks)| is_in(blocks, digits))
}

/// Fewer digits than the code has are its start.
fn has_fake_country_code(digits: &str) -> bool {
    let code = &FAKE_COUNTRY_CODE[1..];
    digits.starts_with(code) || !digits.is_empty() && code.starts_with(digits)
}

fn is_in(blocks: &[Block], number: &str) -> bool {
    blocks
        .iter()
        .any(|(start, more)| number.len() == start.len() + more && number.starts_with(start))
}

/// True for a number from 555-0100 to 555-0199 in any area of North America (ATIS-0300115, 555 NXX
/// Assignment Guidelines).
fn is_fake_american(digits: &str) -> bool {
    let number = digits.strip_prefix('1').filter(|number| number.len() == 10);
    number.is_some_and(|number| {
        number.starts_with(|first| matches!(first, '2'..='9')) && number[3..].starts_with("55501")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_have_their_borders() {
        for digits in [
            "999123456789012",
            "493023125000",
            "493023125999",
            "4903023125000",
            "4917139200",
            "491713920099",
            "4915228817386",
            "12125550100",
            "19075550199",
            "442079460999",
            "447700900000",
            "441914980123",
        ] {
            let is_whole = digits != "4917139200";
            assert_eq!(is_fake_international(digits), is_whole, "{digits}");
        }
        for digits in [
            "493023126000",
            "4930231250000",
            "49302312500",
            "12125550200",
            "12125550099",
            "11125550100",
            "442079461000",
            "447700901000",
            "4915123456789",
            "3023125000",
            "",
        ] {
            assert!(!is_fake_international(digits), "{digits}");
        }
    }

    #[test]
    fn blocks_have_a_national_spelling() {
        for digits in ["3023125000", "7700900123", "2079460123", "17139200", "999"] {
            let is_whole = digits != "17139200";
            assert_eq!(is_fake_national(digits), is_whole, "{digits}");
        }
        assert!(!is_fake_national("2125550100"));
    }

    #[test]
    fn british_numbers_have_ten_digits() {
        assert!(BRITISH.iter().all(|(start, more)| start.len() + more == 10));
    }
}
