//! What stands for a number.

use super::body::{BodyWriter, PlaceKind};
use super::counts::ValueClass;
use super::decimal;
use super::phones::{hide_real_phones, phone_pseudonym};
use super::pseudonyms::{IdKind, MIN_ID_DIGITS};
use super::rule::ValueRule;
use crate::call::phone_search::find_phones_in_field;
use crate::json::{Json, LARGEST_EXACT_INTEGER};

/// Digits of the longest number that cannot identify anyone: a duration, a setting.
const MAX_HARMLESS_DIGITS: usize = 7;

impl BodyWriter<'_, '_> {
    /// What stands for the JSON number `text`.
    pub(super) fn number(&mut self, text: &str, rule: ValueRule) -> String {
        let (sign, digits) = split_sign(text);
        let end = digits.find(|c: char| !c.is_ascii_digit());
        let (whole, rest) = digits.split_at(end.unwrap_or(digits.len()));
        match rule {
            ValueRule::Number | ValueRule::TurnTime if is_harmless(text) => return text.to_owned(),
            // `180.0` is an integer, too.
            ValueRule::Id(kind) if rest.bytes().all(|byte| matches!(byte, b'.' | b'0')) => {
                return format!("{sign}{}{rest}", self.id_digits(kind, whole));
            }
            ValueRule::Time | ValueRule::TurnTime => {
                if let Some(shifted) = self.redaction.times.shift_epoch(text) {
                    self.counts.add(ValueClass::Time);
                    return shifted;
                }
            }
            ValueRule::Phone if rest.is_empty() && sign.is_empty() && whole.len() > 1 => {
                self.counts.add(ValueClass::Phone);
                return phone_pseudonym(whole, &self.redaction.pseudonyms);
            }
            _ => {}
        }
        self.counts.add(ValueClass::Number);
        let is_phone = rule == ValueRule::Phone;
        let mut masked = self.masked_number(text, is_phone || matches!(rule, ValueRule::Id(_)));
        if is_phone {
            hide_real_phones(&mut masked, 0, find_phones_in_field);
            if is_exact(text) && !is_exact(&masked) {
                // 16 digits that start with 999 are too many for a double.
                let (sign, digits) = split_sign(&masked);
                masked = format!("{sign}{}", &digits[1..]);
            }
        }
        masked
    }

    /// The pseudonym of an id, perhaps with leading zeros.
    pub(super) fn id_digits(&mut self, kind: IdKind, digits: &str) -> String {
        let significant = digits.trim_start_matches('0');
        if significant.is_empty() {
            return digits.to_owned();
        }
        self.counts.add(ValueClass::Id);
        self.counts.short_ids += u64::from(significant.len() < MIN_ID_DIGITS);
        let zeros = &digits[..digits.len() - significant.len()];
        if significant.len() > decimal::MAX_DIGITS {
            return format!("{zeros}{}", self.masked_number(significant, true));
        }
        let pseudonym = self.redaction.pseudonyms.id(kind, significant);
        if zeros.is_empty() {
            return pseudonym;
        }
        format!("{zeros}{pseudonym}")
    }

    /// A number of as many digits, with the same sign. If `is_by_value`, equal numbers stay equal;
    /// otherwise the digits are chosen by the place. Numbers that a double holds exactly stay such,
    /// others stay beyond.
    pub(super) fn masked_number(&self, text: &str, is_by_value: bool) -> String {
        let (sign, digits) = split_sign(text);
        let mut stream = if is_by_value {
            let pseudonyms = &self.redaction.pseudonyms;
            pseudonyms.stream(&[b"number", digits.as_bytes()])
        } else {
            self.stream_here(PlaceKind::Number)
        };
        let was_exact = is_exact(digits);
        loop {
            let masked = mask_digits(digits, |end| stream.below(end));
            if is_exact(&masked) == was_exact {
                return format!("{sign}{masked}");
            }
        }
    }
}

/// True for a text that is a JSON number.
#[must_use]
pub(super) fn is_number(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_digit() || b"+-.eE".contains(&byte);
    // Fast path: the parser takes longer, above all for other texts.
    if text.is_empty() || !text.bytes().all(is_part) {
        return false;
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.len() == 1 || !text.starts_with('0');
    }
    serde_json::from_str::<Json>(text).is_ok()
}

/// True for a number in a string that cannot identify anyone, such as a duration: `180`, `180 s`,
/// `3:00`.
#[must_use]
pub(super) fn is_harmless(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_digit() || b" .,:-smh".contains(&byte);
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    (1..=MAX_HARMLESS_DIGITS).contains(&digits) && text.len() <= 12 && text.bytes().all(is_part)
}

fn split_sign(text: &str) -> (&str, &str) {
    match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text),
    }
}

/// Other digits in a number without a sign, apart from its exponent.
fn mask_digits(number: &str, mut below: impl FnMut(u32) -> u32) -> String {
    const LONGEST_EXPONENT: usize = 4;
    let exponent = number.find(['e', 'E']).unwrap_or(number.len());
    let (digits, exponent) = number.split_at(exponent);
    let mut masked = String::with_capacity(number.len());
    // Leading zeros and the first other digit give the number its size, which stays: whether a
    // double holds it exactly depends on that.
    let mut is_leading = true;
    for character in digits.chars() {
        if !character.is_ascii_digit() || is_leading && character == '0' {
            masked.push(character);
            continue;
        }
        let lowest = u32::from(is_leading);
        is_leading = false;
        masked.extend(char::from_digit(lowest + below(10 - lowest), 10));
    }
    // Longer exponents mean zero or infinity, whatever their digits.
    let power = exponent.trim_start_matches(['e', 'E', '+', '-', '0']);
    if power.len() > LONGEST_EXPONENT {
        masked.push_str(&exponent.replace(|c: char| matches!(c, '1'..='9'), "9"));
    } else {
        masked.push_str(exponent);
    }
    masked
}

/// True if a double holds the number without rounding it to another integer.
fn is_exact(number: &str) -> bool {
    #[expect(clippy::cast_precision_loss, reason = "2^53 − 1 is a double")]
    const LARGEST: f64 = LARGEST_EXACT_INTEGER as f64;
    // Fast path: 10^15 is exact, and most numbers are smaller.
    number.len() <= 15 && !number.contains(['e', 'E'])
        || number
            .parse::<f64>()
            .is_ok_and(|number| number.abs() <= LARGEST)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_are_those_that_the_parser_reads(text in "[-+]?[0-9]{0,3}([.:]?[0-9eE+-]{0,3})? ?") {
            let is_json = serde_json::from_str::<Json>(&text).is_ok();
            prop_assert_eq!(is_number(&text), is_json && text.trim() == text);
        }
    }
}
