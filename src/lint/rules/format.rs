//! Rules on text formats: phone numbers (ITU-T E.164), timestamps (ISO 8601), weekdays and links.

use super::format_help::{phone_help, timestamp_help};
use crate::call::phone::is_e164;
use crate::call::url::{Scheme, parse_scheme};
use crate::contract::{FIELDS, Field, FieldSource, ValueFormat, WEEKDAYS};
use crate::json::Kind;
use crate::json::pointer;
use crate::lint::collector::RuleContext;
use crate::lint::describe::{describe, marked_text};
use crate::lint::finding::Message;
use crate::lint::rule_check::{Check, FieldValue, RuleCheck};
use crate::lint::rule_data::{Family, Level, Rule};
use crate::time::time_of_day::seconds_since_midnight;

pub(crate) static RULES: &[&RuleCheck] = &[
    &INVALID_PHONE,
    &INVALID_TIMESTAMP,
    &UNLIKE_EXAMPLE,
    &INVALID_TIME_OF_DAY,
    &INVALID_WEEKDAY,
    &INVALID_URL,
    &PLAIN_HTTP,
];

/// True if the page states the format of any of `fields` that has `format`.
const fn states_format(fields: &[Field], format: ValueFormat) -> bool {
    let mut row = 0;
    while row < fields.len() {
        if let Some((of, FieldSource::Page)) = fields[row].format
            && of as u8 == format as u8
        {
            return true;
        }
        row += 1;
    }
    false
}

/// Level of the rule named after `format`, such as `invalid-phone`: an error if the page states the
/// format of any of `fields`, and a warning if only the page's example shows it.
const fn own_level(fields: &[Field], format: ValueFormat) -> Level {
    if states_format(fields, format) {
        Level::Error
    } else {
        Level::Warning
    }
}

/// True if the rule named after `format` checks `field`. Where that rule is an error, it does not
/// check the fields whose format only the example shows: `unlike-example` does.
fn is_own_field(fields: &[Field], field: &Field, format: ValueFormat) -> bool {
    field.format.is_some_and(|(of, source)| {
        of == format && (source == FieldSource::Page || !states_format(fields, format))
    })
}

static INVALID_PHONE: RuleCheck = RuleCheck {
    rule: Rule {
        id: "invalid-phone",
        family: Family::Format,
        level: Some(own_level(FIELDS, ValueFormat::Phone)),
        summary: "a phone number that is not in E.164 format",
        explanation: "\
The vendor documents E.164 (ITU-T E.164 §6): a plus sign, the country code and the number, at most \
15 digits, no spaces. Such a number can be dialled from any country and compared with the one in a \
CRM.

If only spaces, dashes or a leading 00 are wrong, the finding suggests the corrected number.",
        bad: "\"customer_phone\": \"0171 39200 99\"",
        good: "\"customer_phone\": \"+4917139200099\"",
        fix: "\
Write the number with its country code and without spaces. If the number is unknown or withheld, \
send null.",
        in_schema: true,
        setting: None,
    },
    check: Check::Field {
        applies: |field| is_own_field(FIELDS, field, ValueFormat::Phone),
        check: check_phone,
    },
};

static INVALID_TIMESTAMP: RuleCheck = RuleCheck {
    rule: Rule {
        id: "invalid-timestamp",
        family: Family::Format,
        level: Some(own_level(FIELDS, ValueFormat::Timestamp)),
        summary: "a time that is not an ISO 8601 date and time",
        explanation: "\
The vendor documents ISO 8601 for created_at and finished_at: 2024-01-15T10:30:00Z. Fractions of a \
second, offsets such as +01:00 and the basic format (20240115T103000Z) are valid too. The date has \
to exist.

A date such as 01/02/2024 means different days in different countries, and many programs cannot \
read it.",
        bad: "\"created_at\": \"15.01.2024 10:30\"",
        good: "\"created_at\": \"2024-01-15T10:30:00+01:00\"",
        fix: "\
Look for a step that formats times for people, and make it pass the times on unchanged.",
        in_schema: true,
        setting: None,
    },
    check: Check::Field {
        applies: |field| is_own_field(FIELDS, field, ValueFormat::Timestamp),
        check: check_timestamp,
    },
};

static UNLIKE_EXAMPLE: RuleCheck = RuleCheck {
    rule: Rule {
        id: "unlike-example",
        family: Family::Format,
        level: Some(Level::Warning),
        summary: "a phone number or time in a different format from the documented example",
        explanation: "\
The vendor documents no format for the lead's phone number or for the times of the lead and the \
campaign; the example shows E.164 and ISO 8601. Other formats do not break the contract, but \
programs written for the example cannot read them.",
        bad: "\"phone_number\": \"0151 23456789\"",
        good: "\"phone_number\": \"+4915123456789\"",
        fix: "\
Import leads with phone numbers in E.164 format (+4915123456789), and pass times on unchanged.",
        in_schema: true,
        setting: None,
    },
    check: Check::Field {
        applies: |field| {
            let format = field.format.map(|(format, _)| format);
            format.is_some_and(|format| !is_own_field(FIELDS, field, format))
        },
        check: |member, context| match member.field.format {
            Some((ValueFormat::Phone, _)) => check_phone(member, context),
            Some((ValueFormat::Timestamp, _)) => check_timestamp(member, context),
            Some((ValueFormat::TimeOfDay, _)) => check_time_of_day(member, context),
            Some((ValueFormat::Weekdays, _)) => check_weekdays(member, context),
            Some((ValueFormat::Url, _)) => check_url(member, context),
            None => {}
        },
    },
};

fn check_phone<'a>(member: &FieldValue<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    let Some(text) = member.value.as_str().filter(|text| !is_e164(text)) else {
        return;
    };
    let message = Message {
        help: phone_help(member.field, &text),
        ..Message::new(
            "an E.164 phone number (+4930123456)",
            describe(member.value),
        )
    };
    context.report(member.value.text(), member.pointer(), message);
}

fn check_timestamp<'a>(member: &FieldValue<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    if member.value.kind() == Kind::String && member.time().is_none() {
        let text = member.value.as_str().unwrap_or_default();
        let expected = "an ISO 8601 date and time (2024-01-15T10:30:00Z)";
        let message = Message {
            help: timestamp_help(&text),
            ..Message::new(expected, describe(member.value))
        };
        context.report(member.value.text(), member.pointer(), message);
    }
}

static INVALID_TIME_OF_DAY: RuleCheck = RuleCheck {
    rule: Rule {
        id: "invalid-time-of-day",
        family: Family::Format,
        level: Some(own_level(FIELDS, ValueFormat::TimeOfDay)),
        summary: "a calling hour that is not a time of day such as 09:00:00",
        explanation: "\
allowed_hours_start_time and allowed_hours_end_time limit the hours in which a campaign may call. \
The documented example has two digits each for hours, minutes and seconds; the vendor also sends \
09:00. The time 24:00 is the end of the day.

The vendor documents no format, so this is a warning.",
        bad: "\"allowed_hours_start_time\": \"9 am\"",
        good: "\"allowed_hours_start_time\": \"09:00:00\"",
        fix: "Write the time of day as hh:mm:ss on a 24-hour clock.",
        in_schema: true,
        setting: None,
    },
    check: Check::Field {
        applies: |field| is_own_field(FIELDS, field, ValueFormat::TimeOfDay),
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
        let message = Message::new(expected, describe(member.value));
        context.report(member.value.text(), member.pointer(), message);
    }
}

static INVALID_WEEKDAY: RuleCheck = RuleCheck {
    rule: Rule {
        id: "invalid-weekday",
        family: Family::Format,
        level: Some(own_level(FIELDS, ValueFormat::Weekdays)),
        summary: "an allowed day that is not an English weekday in lower case",
        explanation: "\
allowed_days lists the days on which a campaign may call. The documented example has monday, \
tuesday, … in lower case. The vendor documents no format, so this is a warning. A program that \
looks for \"monday\" does not find \"Monday\", \"mon\" or 1.",
        bad: "\"allowed_days\": [\"Montag\", \"tuesday\"]",
        good: "\"allowed_days\": [\"monday\", \"tuesday\"]",
        fix: "\
Write the days as in the example: monday, tuesday, wednesday, thursday, friday, saturday, \
sunday.",
        in_schema: true,
        setting: None,
    },
    check: Check::Field {
        applies: |field| is_own_field(FIELDS, field, ValueFormat::Weekdays),
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
            ..Message::new("an English weekday in lower case (monday)", describe(day))
        };
        let pointer = pointer::child(&member.pointer(), &index.to_string());
        context.report(marked_text(day), pointer, message);
    }
}

static INVALID_URL: RuleCheck = RuleCheck {
    rule: Rule {
        id: "invalid-url",
        family: Family::Format,
        level: Some(own_level(FIELDS, ValueFormat::Url)),
        summary: "a recording link that is not an absolute http or https URL",
        explanation: "\
recording_url is the URL of the recording: it starts with https:// (or http://), names a host, \
and has no spaces or control characters. No program can download the recording from any other \
value. A relative path has no meaning outside the vendor's own site.",
        bad: "\"recording_url\": \"call-480336.mp3\"",
        good: "\"recording_url\": \"https://recordings.famulor.de/call-480336.mp3\"",
        fix: "\
Pass the link on unchanged. If there is no recording, send null or omit the member.",
        in_schema: true,
        setting: None,
    },
    check: Check::Field {
        applies: |field| is_own_field(FIELDS, field, ValueFormat::Url),
        check: check_url,
    },
};

fn check_url<'a>(member: &FieldValue<'_, 'a>, context: &mut RuleContext<'_, 'a>) {
    let Some(text) = (member.value.as_str()).filter(|text| parse_scheme(text).is_none()) else {
        return;
    };
    let expected = "an absolute URL (https://recordings.famulor.de/call-480336.mp3)";
    let is_blank = text.trim().is_empty();
    let message = Message {
        help: is_blank.then(|| "if there is no recording, send null".to_owned()),
        ..Message::new(expected, describe(member.value))
    };
    context.report(member.value.text(), member.pointer(), message);
}

static PLAIN_HTTP: RuleCheck = RuleCheck {
    rule: Rule {
        id: "plain-http",
        family: Family::Format,
        level: Some(Level::Warning),
        summary: "a recording link without encryption (http instead of https)",
        explanation: "\
Anyone on the network path can listen to a recording that is downloaded over http://, or change \
it. The vendor's own links use https://.",
        bad: "\"recording_url\": \"http://recordings.famulor.de/call-480336.mp3\"",
        good: "\"recording_url\": \"https://recordings.famulor.de/call-480336.mp3\"",
        fix: "Use the https:// link. If your proxy rewrites links, make it keep the scheme.",
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
        let message = Message::new("an encrypted link (https://…)", describe(member.value))
            .with_help("anyone on the network path can listen to the recording");
        context.report(member.value.text(), member.pointer(), message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Json;
    use crate::lint::collector::{Collector, FindingLimits};
    use crate::lint::levels::Levels;
    use crate::lint::time_cache::TimeCache;

    /// All combinations of a format in the contract and a source, each as a copy of a field that
    /// has the format.
    fn all_combinations() -> impl Iterator<Item = (&'static Field, ValueFormat, FieldSource)> {
        let formats = FIELDS
            .iter()
            .filter_map(|field| Some((field, field.format?.0)));
        formats.flat_map(|(field, format)| {
            [FieldSource::Page, FieldSource::Example].map(|source| {
                let field = Field {
                    format: Some((format, source)),
                    ..*field
                };
                let field: &'static Field = Box::leak(Box::new(field));
                (field, format, source)
            })
        })
    }

    #[test]
    fn a_stated_format_is_an_error_and_one_of_the_example_a_warning() {
        for (field, format, _) in all_combinations() {
            let fields: Vec<Field> = FIELDS.iter().copied().chain([*field]).collect();
            for field in fields.iter().filter(|field| field.format.is_some()) {
                let (of, source) = field.format.expect("filtered");
                let level = if is_own_field(&fields, field, of) {
                    Some(own_level(&fields, of))
                } else {
                    UNLIKE_EXAMPLE.rule.level
                };
                let expected = match source {
                    FieldSource::Page => Level::Error,
                    FieldSource::Example => Level::Warning,
                };
                assert_eq!(
                    level,
                    Some(expected),
                    "{} with {format:?} {source:?}",
                    field.pointer
                );
            }
        }
    }

    #[test]
    fn one_rule_reports_an_invalid_value_of_each_format_and_source() {
        let times = TimeCache::default();
        let levels = Levels::default();
        for (field, format, source) in all_combinations() {
            let text = match format {
                ValueFormat::Weekdays => "[\"x\"]",
                _ => "\"x\"",
            };
            let member = FieldValue {
                field,
                value: Json::from_well_formed(text),
                parent: field.parent,
                times: &times,
            };
            let reporting = RULES.iter().filter(|RuleCheck { rule, check }| {
                let mut collector = Collector::new(FindingLimits::COUNT_ONLY, "");
                if let Check::Field { applies, check } = check
                    && applies(field)
                {
                    check(&member, &mut collector.rule_context(rule, &levels));
                }
                !collector.tally().is_empty()
            });
            assert_eq!(reporting.count(), 1, "{format:?} {source:?}");
        }
    }

    #[test]
    fn explanations_name_the_fields_that_their_rules_check() {
        let explanation = INVALID_TIMESTAMP.rule.explanation;
        for field in FIELDS.iter().filter(|field| field.is_timestamp()) {
            let is_checked = is_own_field(FIELDS, field, ValueFormat::Timestamp);
            let is_named = field.parent.is_empty() && explanation.contains(field.name);
            assert_eq!(is_named, is_checked, "{}", field.pointer);
        }
        // The explanation of `unlike-example` names the objects, and the formats in words.
        let explanation = UNLIKE_EXAMPLE.rule.explanation;
        for field in FIELDS {
            let Some((format, _)) = field
                .format
                .filter(|(of, _)| !is_own_field(FIELDS, field, *of))
            else {
                continue;
            };
            let words = match format {
                ValueFormat::Phone => "phone number",
                ValueFormat::Timestamp => "times",
                _ => format.name(),
            };
            let object = field.parent.trim_start_matches('/');
            assert!(explanation.contains(words), "{}: {words}", field.pointer);
            assert!(explanation.contains(object), "{}: {object}", field.pointer);
            assert!(explanation.contains(format.name()), "{}", field.pointer);
        }
    }
}
