//! What stands for a number.

use super::body::{BodyWriter, PlaceKind};
use super::counts::ValueClass;
use super::decimal;
use super::phones::{hide_real_phones, phone_pseudonym};
use super::pseudonyms::{IdKind, MIN_ID_DIGITS};
use super::rule::ValueRule;
use crate::call::phone_search::find_phones_in_number;
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
            // `8e7` and 80000000 are the same id.
            ValueRule::Id(kind) => {
                if let Some(id) = Json::from_well_formed(digits).as_u64() {
                    return format!("{sign}{}", self.id_digits(kind, &id.to_string()));
                }
            }
            ValueRule::Time | ValueRule::TurnTime => {
                if let Some(shifted) = self.redaction.times.shift_epoch(text) {
                    self.counts.add(ValueClass::Time);
                    return shifted;
                }
            }
            ValueRule::Phone if rest.is_empty() && sign.is_empty() && whole.len() > 1 => {
                self.counts.add(ValueClass::Phone);
                let pseudonym = phone_pseudonym(whole, &self.redaction.pseudonyms);
                return without_real_phones(pseudonym, text);
            }
            _ => {}
        }
        self.counts.add(ValueClass::Number);
        let is_phone = rule == ValueRule::Phone;
        let masked = self.masked_number(text, is_phone || matches!(rule, ValueRule::Id(_)));
        if is_phone {
            without_real_phones(masked, text)
        } else {
            masked
        }
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

/// The number `masked`, which stands for `text` in a phone field, without digits that may be those
/// of a phone number in use.
fn without_real_phones(mut masked: String, text: &str) -> String {
    hide_real_phones(&mut masked, 0, find_phones_in_number);
    if is_exact(text) && !is_exact(&masked) {
        // 16 digits that start with 999 are too many for a double.
        masked = divide_by_ten(&masked);
        hide_real_phones(&mut masked, 0, find_phones_in_number);
    }
    masked
}

/// A tenth of a number, with the same first digits. An integer loses its last digit.
fn divide_by_ten(number: &str) -> String {
    let (sign, digits) = split_sign(number);
    let end = digits.find(|c: char| !c.is_ascii_digit());
    let (whole, rest) = digits.split_at(end.unwrap_or(digits.len()));
    let (most, last) = whole.split_at(whole.len().saturating_sub(1));
    match (most, rest.strip_prefix('.')) {
        ("", Some(fraction)) => format!("{sign}0.{last}{fraction}"),
        ("", None) => format!("{sign}0.{last}{rest}"),
        (_, Some(fraction)) => format!("{sign}{most}.{last}{fraction}"),
        (_, None) => format!("{sign}{most}{rest}"),
    }
}

/// Other digits in a number without a sign, apart from its exponent.
fn mask_digits(number: &str, mut below: impl FnMut(u32) -> u32) -> String {
    const LONGEST_EXPONENT: usize = 4;
    let exponent = number.find(['e', 'E']).unwrap_or(number.len());
    let (digits, exponent) = number.split_at(exponent);
    let mut masked = String::with_capacity(number.len());
    let fixed = FixedDigits::of(number, digits);
    // Leading zeros and the first other digit give the number its size, which stays: whether a
    // double holds it exactly depends on that.
    let mut is_leading = true;
    for (at, character) in digits.char_indices() {
        let is_kept = at >= fixed.zeros || is_leading && character == '0';
        if !character.is_ascii_digit() || is_kept {
            masked.push(character);
            continue;
        }
        let lowest = u32::from(is_leading || Some(at) == fixed.other_than_zero);
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

/// The digits of a number that decide whether it is an integer: `12.0` and `1.2e1` are.
struct FixedDigits {
    /// Where the zeros start that stay: those at the end of an integer with a fraction or an
    /// exponent.
    zeros: usize,
    /// The last digit of a number that is no integer.
    other_than_zero: Option<usize>,
}

impl FixedDigits {
    /// `digits` are those of `number`, without a sign and its exponent.
    fn of(number: &str, digits: &str) -> Self {
        let has_only_digits = number.bytes().all(|byte| byte.is_ascii_digit());
        let is_integer = has_only_digits || Json::from_well_formed(number).is_integer();
        let significant = digits.trim_end_matches(['0', '.']).len();
        let has_exponent = digits.len() < number.len();
        Self {
            zeros: match digits.find('.') {
                _ if has_only_digits || !is_integer => digits.len(),
                // Without an exponent, the zeros before the point need not stay.
                Some(point) if !has_exponent => significant.max(point),
                _ => significant,
            },
            other_than_zero: (!is_integer).then_some(digits.len() - 1),
        }
    }
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
    use chrono::{DateTime, TimeDelta};
    use proptest::prelude::*;

    use super::super::body::{Redaction, TextMode};
    use super::super::counts::RedactionCounts;
    use super::super::dates::TimeShift;
    use super::super::keep_list::KeepList;
    use super::super::key::RedactKey;
    use super::super::memo::Memo;
    use super::super::pseudonyms::Pseudonyms;
    use super::*;
    use crate::call::phone_search::FoundPhone;

    fn redact(body: &str) -> String {
        let redaction = Redaction {
            pseudonyms: Pseudonyms::new(&RedactKey::new([7; 32])),
            text: TextMode::Shape,
            times: TimeShift {
                by: TimeDelta::weeks(60),
                now: DateTime::from_timestamp(1_800_000_000, 0).expect("a time"),
            },
            keep: KeepList::new(&[]).expect("globs"),
        };
        let (mut out, mut counts) = (String::new(), RedactionCounts::default());
        let body = Json::from_well_formed(body);
        redaction.push_body(body, &mut out, &mut counts, &mut Memo::default());
        out
    }

    /// Checks the pseudonym of a number at each place that has a rule of its own.
    #[track_caller]
    fn assert_same_kind(number: &str) {
        for name in ["id", "customer_phone", "duration", "created_at", "x"] {
            let redacted = redact(&format!("{{\"{name}\":{number}}}"));
            let value = &redacted[name.len() + 4..redacted.len() - 1];
            assert!(
                serde_json::from_str::<Json>(value).is_ok(),
                "{number}: {redacted}"
            );
            assert_eq!(is_exact(value), is_exact(number), "{number}: {redacted}");
            // The contract has no numbers for phones, so it does not say which.
            let is_integer = |number| Json::from_well_formed(number).is_integer();
            assert!(
                name == "customer_phone" || is_integer(value) == is_integer(number),
                "{number}: {redacted}"
            );
            assert_eq!(
                value.starts_with('-'),
                number.starts_with('-'),
                "{redacted}"
            );
            let real = |phone: FoundPhone| !phone.is_fake;
            let is_real = find_phones_in_number(value).into_iter().any(real);
            assert!(name != "customer_phone" || !is_real, "{number}: {redacted}");
        }
    }

    #[test]
    fn ids_of_equal_value_stay_equal() {
        let ids = ["80000000", "80000000.0", "0.80e+8", "8E7"];
        let ids = ids.map(|id| redact(&format!("{{\"lead\":{{\"id\":{id}}}}}")));
        assert!(
            ids.iter().all(|id| id.replace(".0", "") == ids[0]),
            "{ids:?}"
        );
        assert_ne!(redact("{\"lead\":{\"id\":9e7}}"), ids[0]);
    }

    #[test]
    fn amounts_do_not_stay_round() {
        let amounts = (0..20).map(|id| redact(&format!("{{\"id\":{id},\"x\":150000.0}}")));
        assert!(amounts.clone().all(|amount| amount.ends_with(".0}")));
        assert!(amounts.into_iter().any(|amount| !amount.contains("0000.0")));
    }

    #[test]
    fn fractions_do_not_become_integers() {
        for whole in 1..200 {
            assert_same_kind(&format!("{whole}.5"));
        }
    }

    #[test]
    fn numbers_stay_those_that_a_double_holds_exactly() {
        for number in [
            "0",
            "-0.0",
            "1000000000000000",
            "9007199254740991",
            "9007199254740992",
            "-1234567890123456",
            "1234567890123456.12345",
            "1.50000e15",
            "12.345678e14",
            "1234e12",
            "12345E+11",
            "0.12345e16",
            "12e1234",
            "1e00000000015",
            "12345678901234567890e-4",
            "12345678.0000000",
            "1.500e1",
            "450e-1",
            "0.00",
        ] {
            assert_same_kind(number);
        }
    }

    proptest! {
        #[test]
        fn numbers_of_any_spelling_stay_of_their_kind(
            whole in "-?(0|[1-9][0-9]{0,3}|[1-9][0-9]{4,19})",
            fraction in "(|[.][0-9]{1,8})",
            exponent in "(|[eE][+-]?0{0,9}[0-9]{1,3})",
        ) {
            assert_same_kind(&[whole, fraction, exponent].concat());
        }
    }

    proptest! {
        #[test]
        fn numbers_are_those_that_the_parser_reads(text in "[-+]?[0-9]{0,3}([.:]?[0-9eE+-]{0,3})? ?") {
            let is_json = serde_json::from_str::<Json>(&text).is_ok();
            prop_assert_eq!(is_number(&text), is_json && text.trim() == text);
        }
    }
}
