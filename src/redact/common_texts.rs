//! Fast paths for the scalars that nearly all bodies have: what stands for them is written without
//! a copy. Any other scalar takes the way of all texts, which has the same result.

use super::body::{BodyWriter, TextMode};
use super::counts::ValueClass;
use super::numbers::is_harmless;
use super::rule::ValueRule;
use crate::call::phone::is_e164;
use crate::call::url::parse_scheme;
use crate::contract::{TEST_PREFIX, WEEKDAYS, documented_status, is_no_value};
use crate::select::filter::read_boolean;
use crate::time::time_of_day::seconds_since_midnight;

impl BodyWriter<'_, '_> {
    /// Appends what stands for the scalar with this text. Returns false, and appends nothing, if it
    /// is not a common one.
    pub(super) fn push_common_scalar(&mut self, token: &str, rule: ValueRule) -> bool {
        let Some(text) = token.strip_prefix('"') else {
            return self.push_common_number(token, rule);
        };
        let text = &text[..text.len() - 1];
        match rule {
            rule if rule.is_free() => self.push_common_text(text),
            ValueRule::Time => self.push_common_time(text),
            ValueRule::Phone if is_e164(text) => {
                self.counts.add(ValueClass::Phone);
                let pseudonyms = &self.redaction.pseudonyms;
                let phone = self.memo.get("phone", text, || pseudonyms.phone(text));
                push_quoted(phone, self.out);
                true
            }
            _ => {
                let is_kept = match rule {
                    ValueRule::CallStatus => documented_status(text).is_some(),
                    ValueRule::Status(known) => known.contains(&text),
                    ValueRule::Weekday => WEEKDAYS.contains(&text),
                    ValueRule::TimeOfDay => seconds_since_midnight(text).is_some(),
                    _ => false,
                };
                if is_kept && !text.contains('\\') {
                    self.out.push_str(token);
                }
                is_kept && !text.contains('\\')
            }
        }
    }

    fn push_common_number(&mut self, token: &str, rule: ValueRule) -> bool {
        let has_only_digits = token.bytes().all(|byte| byte.is_ascii_digit());
        match rule {
            ValueRule::Number if has_only_digits && is_harmless(token) => {
                self.out.push_str(token);
                true
            }
            // JSON has no numbers with leading zeros.
            ValueRule::Id(kind) if has_only_digits => {
                let pseudonym = self.id_digits(kind, token);
                self.out.push_str(&pseudonym);
                true
            }
            _ => false,
        }
    }

    fn push_common_time(&mut self, text: &str) -> bool {
        let start = self.out.len();
        self.out.push('"');
        let is_common = (self.redaction.times).push_common(text, self.memo, self.out);
        if is_common {
            self.out.push('"');
            self.counts.add(ValueClass::Time);
        } else {
            self.out.truncate(start);
        }
        is_common
    }

    /// Appends filler for a text without escapes, given as it is in the JSON, whose start shows
    /// that it is nothing but words.
    fn push_common_text(&mut self, text: &str) -> bool {
        if self.redaction.text != TextMode::Shape || !consists_of_words(text) {
            return false;
        }
        let start = self.out.len();
        self.out.push('"');
        let mut shaper = self.shaper_here();
        // It has no backslash, and so no escapes.
        if !shaper.push_plain(text, self.out) {
            self.out.truncate(start);
            return false;
        }
        self.out.push('"');
        self.counts.add(ValueClass::Text);
        true
    }
}

/// False if the text may have a form, such as that of a time, or mean no value or a boolean.
fn consists_of_words(text: &str) -> bool {
    /// The lead bytes of Latin letters that are not ASCII.
    const LATIN: std::ops::RangeInclusive<u8> = 0xc3..=0xc9;
    let Some(first) = text.bytes().next() else {
        return false;
    };
    // Times, dates, numbers, cards and phone numbers start with a digit or a sign.
    let has_form = match first | 0x20 {
        // `https:`
        b'h' => parse_scheme(text).is_some(),
        // `sample …`
        b's' => text.starts_with(TEST_PREFIX),
        // `true`, `false`, `yes`, `no`, `null`, `n/a`
        b'f' | b'n' | b't' | b'y' => is_no_value(text) || read_boolean(text.trim()).is_some(),
        b'a'..=b'z' => false,
        _ => !LATIN.contains(&first),
    };
    !has_form && !may_be_iban(text)
}

/// True if the third letter or digit is a digit, as in an IBAN.
fn may_be_iban(text: &str) -> bool {
    const SHORTEST: usize = 15;
    let is_part = |character: &char| !matches!(character, ' ' | '-' | '\u{a0}');
    let mut parts = text.chars().filter(is_part);
    text.len() >= SHORTEST && parts.nth(2).is_some_and(|third| third.is_ascii_digit())
}

fn push_quoted(text: &str, out: &mut String) {
    out.push('"');
    out.push_str(text);
    out.push('"');
}
