//! Rules on text formats: phone numbers (ITU-T E.164), timestamps (ISO 8601), weekdays and links.

use crate::call::phone::{is_e164, to_e164, without_separators};
use crate::contract::{FieldSource, ValueFormat, WEEKDAYS};
use crate::json::pointer;
use crate::json::{Json, Kind};
use crate::lint::check::{Check, FieldValue, RuleCheck};
use crate::lint::collector::RuleContext;
use crate::lint::describe::{describe, marked_text};
use crate::lint::finding::Message;
use crate::lint::rule::{Family, Level, Rule};

pub(crate) static RULES: &[&RuleCheck] = &[
    &INVALID_PHONE,
    &INVALID_TIMESTAMP,
    &UNLIKE_EXAMPLE,
    &INVALID_TIME_OF_DAY,
    &INVALID_WEEKDAY,
    &INVALID_URL,
    &PLAIN_HTTP,
];

static INVALID_PHONE: RuleCheck = RuleCheck {
rule: Rule {
    id: "invalid-phone",
    family: Family::Format,
    level: Level::Error,
    summary: "a phone number that is not in E.164 form",
    explanation: "\
The page promises E.164 (ITU-T E.164 §6): a plus sign, the country code, the number, at most 15 digits, no spaces. Only in this form is a \
number the same everywhere: it can be dialled from any country, and compared with the one in a CRM.

Where only spaces, dashes or a leading 00 are in the way, the help says how the number would read.",
    bad: "\"customer_phone\": \"0171 39200 99\"",
    good: "\"customer_phone\": \"+4917139200099\"",
    fix: "Write the number with its country code and without spaces. If the number is not known, send null.",
    in_schema: true,
    setting: None,
},
    check: Check::Field {
        applies: |field| field.format == Some((ValueFormat::Phone, FieldSource::Page)),
        check: check_phone,
    },
};

static INVALID_TIMESTAMP: RuleCheck = RuleCheck {
rule: Rule {
    id: "invalid-timestamp",
    family: Family::Format,
    level: Level::Error,
    summary: "a time that is not an ISO 8601 date and time",
    explanation: "\
The page promises ISO 8601 for created_at and finished_at: 2024-01-15T10:30:00Z. Fractions of a second and offsets such as +01:00 are \
fine, in the extended and in the basic format; the day has to exist.

Dates such as 15.01.2024 or 01/02/2024 are read differently in different countries, or not at all.",
    bad: "\"created_at\": \"15.01.2024 10:30\"",
    good: "\"created_at\": \"2024-01-15T10:30:00+01:00\"",
    fix: "Look for a step that formats times for people, and let it pass them on as they come.",
    in_schema: true,
    setting: None,
},
    check: Check::Field {
        applies: |field| field.format == Some((ValueFormat::Timestamp, FieldSource::Page)),
        check: check_timestamp,
    },
};

static UNLIKE_EXAMPLE: RuleCheck = RuleCheck {
    rule: Rule {
        id: "unlike-example",
        family: Family::Format,
        level: Level::Warning,
        summary: "a phone number or time in another form than the page's example has; the page states none here",
        explanation: "\
For the lead's phone number and for the times of lead and campaign the page states no format; its example shows E.164 and ISO 8601. Values in \
another form break no promise, but programs that were written along the example will not read them.",
        bad: "\"phone_number\": \"0151 23456789\"",
        good: "\"phone_number\": \"+4915123456789\"",
        fix: "Import leads with phone numbers in E.164 form (+4915123456789), and pass times on as they come.",
        in_schema: true,
        setting: None,
    },
    check: Check::Field {
        applies: |field| {
            let format = field.format;
            format == Some((ValueFormat::Phone, FieldSource::Example))
                || format == Some((ValueFormat::Timestamp, FieldSource::Example))
        },
        check: |member, context| match member.field.format {
            Some((ValueFormat::Phone, _)) => check_phone(member, context),
            _ => check_timestamp(member, context),
        },
    },
};

fn check_phone<'a>(member: &FieldValue<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    let Some(text) = member.value.as_str().filter(|text| !is_e164(text)) else {
        return;
    };
    let message = Message {
        expected: "a phone number in E.164 form (+, country code, number: +4930123456)".to_owned(),
        found: describe(member.value),
        help: e164_help(&text),
    };
    context.report(member.value.text(), member.pointer(), message);
}

fn check_timestamp<'a>(member: &FieldValue<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    if member.value.kind() == Kind::String && member.time().is_none() {
        let text = member.value.as_str().unwrap_or_default();
        let expected = "an ISO 8601 date and time with an offset (2024-01-15T10:30:00Z)";
        let message = Message {
            help: timestamp_help(&text).map(str::to_owned),
            ..wrong_format(expected, member.value)
        };
        context.report(member.value.text(), member.pointer(), message);
    }
}

/// Help for an unreadable timestamp, chosen by the shape of the text: every digit counts as `0`.
fn timestamp_help(text: &str) -> Option<&'static str> {
    const LONGEST: usize = 40;
    if text.len() > LONGEST {
        return None;
    }
    let shape: String = text
        .chars()
        .map(|character| {
            if character.is_ascii_digit() {
                '0'
            } else {
                character
            }
        })
        .collect();
    match shape.trim() {
        "" => Some("it is empty: the contract wants a time here"),
        "0000-00-00" => Some("the time of day and the offset are missing"),
        "0000000000" => Some("this may be seconds since 1970: write it as date and time"),
        "0000000000000" => Some("this may be milliseconds since 1970: write it as date and time"),
        shape if shape.starts_with("00.00.0000") || shape.starts_with("00/00/0000") => {
            Some("write the year first, then month and day")
        }
        shape if shape.starts_with("0000-00-00T00:00") || shape.starts_with("0000-00-00 00:00") => {
            Some("it has the form of one, but there is no such date, time of day or offset")
        }
        _ => None,
    }
}

static INVALID_TIME_OF_DAY: RuleCheck = RuleCheck {
rule: Rule {
    id: "invalid-time-of-day",
    family: Family::Format,
    level: Level::Warning,
    summary: "a calling hour that is not a time of day such as 09:00:00",
    explanation: "\
allowed_hours_start_time and allowed_hours_end_time tell from when to when a campaign may call. The page's example writes them with two \
digits each for hours, minutes and seconds; 09:00 is seen too. The end of a day may be 24:00.

The page states no format, so this is a warning.",
    bad: "\"allowed_hours_start_time\": \"9 am\"",
    good: "\"allowed_hours_start_time\": \"09:00:00\"",
    fix: "Write the time of day as hh:mm:ss, in 24 hours.",
    in_schema: true,
    setting: None,
},
    check: Check::Field {
        applies: |field| field.format == Some((ValueFormat::TimeOfDay, FieldSource::Example)),
        check: check_time_of_day,
    },
};

fn check_time_of_day<'a>(member: &FieldValue<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    let is_unreadable = |text: &str| seconds_since_midnight(text).is_none();
    if member
        .value
        .as_str()
        .is_some_and(|text| is_unreadable(&text))
    {
        let expected = "a time of day (09:00:00)";
        context.report(
            member.value.text(),
            member.pointer(),
            wrong_format(expected, member.value),
        );
    }
}

/// Parses `hh:mm` or `hh:mm:ss` into seconds since midnight. `24:00` is the end of the day.
pub(crate) fn seconds_since_midnight(text: &str) -> Option<u32> {
    let (hours, minutes, seconds) = match *text.as_bytes() {
        [h1, h2, b':', m1, m2] => ([h1, h2], [m1, m2], *b"00"),
        [h1, h2, b':', m1, m2, b':', s1, s2] => ([h1, h2], [m1, m2], [s1, s2]),
        _ => return None,
    };
    let number = |digits: [u8; 2]| {
        let [tens, ones] = digits.map(|digit| u32::from(digit.wrapping_sub(b'0')));
        (tens < 10 && ones < 10).then_some(tens * 10 + ones)
    };
    let (minutes, seconds) = (number(minutes)?, number(seconds)?);
    let time = number(hours)? * 3600 + minutes * 60 + seconds;
    (minutes < 60 && seconds < 60 && time <= 24 * 3600).then_some(time)
}

static INVALID_WEEKDAY: RuleCheck = RuleCheck {
    rule: Rule {
        id: "invalid-weekday",
        family: Family::Format,
        level: Level::Warning,
        summary: "an allowed day that is no English weekday name in lower case",
        explanation: "\
allowed_days lists the days on which a campaign may call. The page's example writes them as monday, tuesday, … in lower case; it states no \
format, so other names are a warning. A program that looks for \"monday\" does not find \"Monday\", \"mon\" or 1.",
        bad: "\"allowed_days\": [\"Montag\", \"tuesday\"]",
        good: "\"allowed_days\": [\"monday\", \"tuesday\"]",
        fix: "Write the days as the example does: monday, tuesday, wednesday, thursday, friday, saturday, sunday.",
        in_schema: true,
        setting: None,
    },
    check: Check::Field {
        applies: |field| field.format == Some((ValueFormat::Weekdays, FieldSource::Example)),
        check: check_weekdays,
    },
};

fn check_weekdays<'a>(member: &FieldValue<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    for (index, day) in member
        .value
        .elements()
        .unwrap_or_default()
        .into_iter()
        .enumerate()
    {
        if day.is_one_of(&WEEKDAYS) {
            continue;
        }
        let lower = day.as_str().unwrap_or_default().to_lowercase();
        let is_short = |weekday: &&str| lower.len() >= 3 && weekday.starts_with(&lower);
        let near = WEEKDAYS.into_iter().find(is_short);
        let message = Message {
            help: near.map(|near| format!("write it as `{near}`")),
            ..wrong_format("an English weekday name in lower case (monday)", day)
        };
        let pointer = pointer::child(&member.pointer(), &index.to_string());
        context.report(marked_text(day), pointer, message);
    }
}

static INVALID_URL: RuleCheck = RuleCheck {
    rule: Rule {
        id: "invalid-url",
        family: Family::Format,
        level: Level::Error,
        summary: "a recording link that is no absolute http or https URL",
        explanation: "\
recording_url is the URL from which the recording can be downloaded: it begins with https:// (or http://), names a host, and holds no \
spaces or control characters. Anything else can not be downloaded, and a relative path says nothing outside the vendor's own site.",
        bad: "\"recording_url\": \"call-480336.mp3\"",
        good: "\"recording_url\": \"https://recordings.famulor.de/call-480336.mp3\"",
        fix: "Pass the link on as it comes. If there is no recording, send null or leave the member out.",
        in_schema: true,
        setting: None,
    },
    check: Check::Field {
        applies: |field| matches!(field.format, Some((ValueFormat::Url, _))),
        check: check_url,
    },
};

fn check_url<'a>(member: &FieldValue<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    if member
        .value
        .as_str()
        .is_some_and(|text| parse_scheme(&text).is_none())
    {
        let expected = "an absolute link (https://recordings.famulor.de/call-480336.mp3)";
        context.report(
            member.value.text(),
            member.pointer(),
            wrong_format(expected, member.value),
        );
    }
}

static PLAIN_HTTP: RuleCheck = RuleCheck {
    rule: Rule {
        id: "plain-http",
        family: Family::Format,
        level: Level::Warning,
        summary: "a recording link without encryption (http instead of https)",
        explanation: "\
Over http:// everyone on the way can listen to the recording of a person's phone call, or change it. The vendor's own links are https://.",
        bad: "\"recording_url\": \"http://recordings.famulor.de/call-480336.mp3\"",
        good: "\"recording_url\": \"https://recordings.famulor.de/call-480336.mp3\"",
        fix: "Use the https:// link. If a proxy of your own rewrites links, let it keep the scheme.",
        in_schema: true,
        setting: None,
    },
    check: Check::Field {
        applies: |field| matches!(field.format, Some((ValueFormat::Url, _))),
        check: check_plain_http,
    },
};

fn check_plain_http<'a>(member: &FieldValue<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    let is_http = |text: &str| parse_scheme(text) == Some(Scheme::Http);
    if member.value.as_str().is_some_and(|text| is_http(&text)) {
        let message = Message {
            help: Some("anyone on the way of the bytes can listen to the call".to_owned()),
            ..wrong_format("an encrypted link (https://…)", member.value)
        };
        context.report(member.value.text(), member.pointer(), message);
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    Http,
    Https,
}

/// Scheme of an absolute link. `None` if it is not http or https, names no host, or contains white
/// space or control characters.
pub(crate) fn parse_scheme(text: &str) -> Option<Scheme> {
    let (scheme, rest) = text.split_once(':')?;
    let rest = rest.strip_prefix("//")?;
    let scheme = if scheme.eq_ignore_ascii_case("https") {
        Scheme::Https
    } else if scheme.eq_ignore_ascii_case("http") {
        Scheme::Http
    } else {
        return None;
    };
    let has_host = !rest.is_empty() && !rest.starts_with(['/', '?', '#']);
    // A fold over all bytes, without an early exit, is faster than stopping at the first match:
    // 1 % fewer instructions in `validate`.
    let is_gap = |byte: u8| byte <= b' ' || byte == 0x7f;
    let is_one_word = !rest.bytes().fold(false, |gap, byte| gap | is_gap(byte));
    (has_host && is_one_word).then_some(scheme)
}

fn wrong_format(expected: &str, value: Json) -> Message {
    Message {
        expected: expected.to_owned(),
        found: describe(value),
        help: None,
    }
}

fn e164_help(text: &str) -> Option<String> {
    if let Some(number) = to_e164(text) {
        return Some(format!("write it as {number}"));
    }
    let bare = without_separators(text);
    let is_number = bare.len() > 4 && bare.bytes().all(|byte| byte.is_ascii_digit());
    if is_number && bare.starts_with('0') {
        return Some(
            "a national number: put the country code in place of the leading 0".to_owned(),
        );
    }
    is_number.then(|| format!("if it begins with the country code, write it as +{bare}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_suggests_the_number_in_e164_form() {
        assert_eq!(
            e164_help("0049 (30) 123-456").as_deref(),
            Some("write it as +4930123456")
        );
        assert!(e164_help("0171 3920099").is_some_and(|help| help.contains("country code")));
        assert!(e164_help("4915123456789").is_some_and(|help| help.contains("+4915123456789")));
        assert_eq!(e164_help("anonymous"), None);
    }

    #[test]
    fn times_of_day_are_parsed_to_the_second() {
        assert_eq!(seconds_since_midnight("09:00"), Some(32_400));
        assert_eq!(seconds_since_midnight("23:59:59"), Some(86_399));
        assert_eq!(seconds_since_midnight("24:00"), Some(86_400));
        for text in [
            "", "9:00", "09:60", "24:01", "25:00", "09:00:0", "09-00", "09:00:61", "ab:cd",
        ] {
            assert_eq!(seconds_since_midnight(text), None, "{text}");
        }
    }

    #[test]
    fn links_have_a_scheme_and_a_host() {
        assert_eq!(parse_scheme("https://a.de/x?y=ü#z"), Some(Scheme::Https));
        assert_eq!(parse_scheme("HTTP://a"), Some(Scheme::Http));
        for text in [
            "",
            "a.mp3",
            "/a.mp3",
            "ftp://a/b",
            "https://",
            "https:///a",
            "https://a b",
            "https:/a",
            "https://a\n",
        ] {
            assert_eq!(parse_scheme(text), None, "{text}");
        }
    }
}
