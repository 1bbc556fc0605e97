//! Rules on how texts look: phone numbers (ITU-T E.164) and times (ISO 8601).

use super::{Check, Rule, in_words};
use crate::call::timestamp::Timestamp;
use crate::contract::{Field, Format, Source};
use crate::finding::{Level, Remark};
use crate::json::Json;

pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "invalid-phone",
        level: Level::Error,
        summary: "a phone number that is not in E.164 form",
        check: Check::Field(invalid_phone),
    },
    Rule {
        id: "invalid-timestamp",
        level: Level::Error,
        summary: "a time that is not an ISO 8601 date and time",
        check: Check::Field(invalid_timestamp),
    },
    Rule {
        id: "unlike-example",
        level: Level::Warning,
        summary: "a phone number or time in another form than the page's example has; the page states none here",
        check: Check::Field(unlike_example),
    },
];

fn invalid_phone(field: &'static Field, value: Json) -> Option<Remark> {
    remark(field, value, (Format::Phone, Source::Page))
}

fn invalid_timestamp(field: &'static Field, value: Json) -> Option<Remark> {
    remark(field, value, (Format::Timestamp, Source::Page))
}

fn unlike_example(field: &'static Field, value: Json) -> Option<Remark> {
    remark(field, value, (Format::Phone, Source::Example))
        .or_else(|| remark(field, value, (Format::Timestamp, Source::Example)))
}

fn remark(field: &'static Field, value: Json, format: (Format, Source)) -> Option<Remark> {
    if field.format != Some(format) {
        return None;
    }
    let text = value.as_str()?;
    match format.0 {
        Format::Phone => (!is_e164(&text)).then(|| Remark {
            expected: "a phone number in E.164 form (+, country code, number: +4930123456)"
                .to_owned(),
            found: in_words(value),
            help: e164_help(&text),
        }),
        Format::Timestamp => Timestamp::read(&text).is_none().then(|| Remark {
            expected: "an ISO 8601 date and time with an offset (2024-01-15T10:30:00Z)".to_owned(),
            found: in_words(value),
            help: None,
        }),
    }
}

/// Whether `text` is a number in E.164 form: `+`, then 2 to 15 digits, the first not 0 (ITU-T E.164 §6.2).
fn is_e164(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (2..=15).contains(&digits.len())
            && !digits.starts_with('0')
            && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// How the number would read, where only spaces and punctuation or an `00` stand in the way.
fn e164_help(text: &str) -> Option<String> {
    let is_spacing = |c: char| matches!(c, ' ' | '-' | '/' | '.' | '(' | ')' | '\u{a0}');
    let bare: String = text.chars().filter(|c| !is_spacing(*c)).collect();
    let number = bare
        .strip_prefix("00")
        .map_or(bare.clone(), |rest| format!("+{rest}"));
    if is_e164(&number) {
        return Some(format!("write it as {number}"));
    }
    let is_national = bare.starts_with('0') && bare.bytes().all(|byte| byte.is_ascii_digit());
    is_national
        .then(|| "a national number: put the country code in place of the leading 0".to_owned())
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
    fn help_says_how_the_number_would_read() {
        assert_eq!(
            e164_help("0049 (30) 123-456").as_deref(),
            Some("write it as +4930123456")
        );
        assert!(e164_help("0171 3920099").is_some_and(|help| help.contains("country code")));
        assert_eq!(e164_help("anonymous"), None);
    }
}
