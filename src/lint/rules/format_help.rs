//! Help for phone numbers and times in a wrong format: the corrected value, or the likely cause.

use chrono::{DateTime, FixedOffset, SecondsFormat};

use crate::call::phone::{is_e164, to_e164, without_separators};
use crate::contract::{Field, PHONE_PLACEHOLDERS, ValueFormat};
use crate::time::timestamp::{Spelling, Timestamp, parse_date};

/// Help for a string that is not an E.164 number.
pub(super) fn phone_help(field: &Field, text: &str) -> Option<String> {
    let text = text.trim();
    let (text, is_uri) = match strip_uri(text) {
        Some(number) => (number, true),
        None => (text, false),
    };
    if PHONE_PLACEHOLDERS.contains(&text.to_lowercase().as_str()) {
        let help = if field.nullable {
            "if the number is withheld or unknown, send null"
        } else {
            "a lead has a phone number: look for the step that replaced it"
        };
        return Some(help.to_owned());
    }
    if is_rounded(text) {
        return Some(ROUNDED_NUMBER.to_owned());
    }
    let text = without_decimals(text).unwrap_or(text);
    if let Some(number) = to_e164(text) {
        return Some(format!("write it as {number}"));
    }
    let bare = without_separators(text);
    let digits = bare.strip_prefix('+').unwrap_or(&bare);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return is_uri.then(|| {
            let help = if digits.contains(|c: char| c.is_ascii_digit()) {
                "write only the number, without a scheme such as tel:"
            } else if field.nullable {
                "this address has no phone number: send null"
            } else {
                "this address has no phone number"
            };
            help.to_owned()
        });
    }
    if digits.len() > 15 {
        return Some("an E.164 number has at most 15 digits".to_owned());
    }
    if digits.starts_with('0') {
        return Some(if bare.starts_with('+') {
            "a country code does not start with 0".to_owned()
        } else {
            "this is a national number: replace the leading 0 with the country code".to_owned()
        });
    }
    Some(if digits.len() > 4 {
        format!("if it starts with the country code, write it as +{digits}")
    } else {
        "a short number has no country code, so it is not in E.164".to_owned()
    })
}

const ROUNDED_NUMBER: &str = "a spreadsheet rounded this number, and its last digits are lost: take \
                              it from the original data, and format the column as text";

/// Help for a number where a string in this format belongs.
pub(super) fn number_help(format: ValueFormat, number: &str) -> Option<String> {
    match format {
        ValueFormat::Phone if is_rounded(number) => Some(ROUNDED_NUMBER.to_owned()),
        ValueFormat::Phone => {
            let number = format!("+{}", without_decimals(number).unwrap_or(number));
            Some(if is_e164(&number) {
                format!("if it starts with the country code, send the string \"{number}\"")
            } else {
                "send phone numbers as strings, such as \"+4930123456\"".to_owned()
            })
        }
        ValueFormat::Timestamp => unix_time_help(number).or_else(|| serial_date_help(number)),
        ValueFormat::TimeOfDay | ValueFormat::Weekdays | ValueFormat::Url => None,
    }
}

/// The number of a `tel:` or `sip:` URI (RFC 3966, RFC 3261), or of an address that Twilio writes
/// in this form.
fn strip_uri(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once(':')?;
    let is_scheme = ["callto", "sip", "sips", "sms", "tel", "whatsapp"]
        .contains(&scheme.to_lowercase().as_str());
    let number = rest.split(['@', ';', '?']).next()?;
    is_scheme.then_some(number)
}

/// True for a number in scientific notation, as spreadsheets show long numbers: `4.91512E+12`, in
/// some languages `4,91512E+12`.
fn is_rounded(text: &str) -> bool {
    let text = text.strip_prefix('+').unwrap_or(text);
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else {
        return false;
    };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    is_number(&mantissa.replacen(['.', ','], "", 1))
        && is_number(exponent.strip_prefix('+').unwrap_or(exponent))
}

/// The digits of `4915123456789.0`, as programs write a number that they read as a fraction.
fn without_decimals(text: &str) -> Option<&str> {
    let (digits, decimals) = text.rsplit_once(['.', ','])?;
    let number = digits.strip_prefix('+').unwrap_or(digits);
    let is_long = number.len() > 4 && number.bytes().all(|byte| byte.is_ascii_digit());
    (is_long && decimals == "0").then_some(digits)
}

/// Help for a string that is not a timestamp.
pub(super) fn timestamp_help(text: &str) -> Option<String> {
    const LONGEST: usize = 100;
    let text = text.trim();
    if text.is_empty() {
        return Some("the contract requires a time: find the step that dropped it".to_owned());
    }
    if text.len() > LONGEST || !text.is_ascii() {
        return None;
    }
    unix_time_help(text)
        .or_else(|| serial_date_help(text))
        .or_else(|| unix_time_help(strip_microsoft_date(text)?))
        .or_else(|| rewrite_help(text))
        .or_else(|| local_date_help(text))
        .or_else(|| shape_help(text).map(str::to_owned))
}

/// Help for Unix time, in a unit that follows from the number of digits.
fn unix_time_help(text: &str) -> Option<String> {
    let digits = text.split('.').next()?;
    let fraction = text[digits.len()..].strip_prefix('.').unwrap_or_default();
    if !(digits.bytes().chain(fraction.bytes())).all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: i64 = digits.parse().ok()?;
    let (time, unit) = match digits.len() {
        10 => (DateTime::from_timestamp_secs(number), "seconds"),
        13 => (DateTime::from_timestamp_millis(number), "milliseconds"),
        16 => (DateTime::from_timestamp_micros(number), "microseconds"),
        19 => (Some(DateTime::from_timestamp_nanos(number)), "nanoseconds"),
        _ => return None,
    };
    let time = time?.to_rfc3339_opts(SecondsFormat::AutoSi, true);
    Some(format!("this is Unix time in {unit}: write it as {time}"))
}

/// The milliseconds in `/Date(1705314600123)/` and `/Date(1705314600123+0100)/`, as .NET and
/// PowerShell write a time. They count from 1970 in UTC, whatever the offset says.
fn strip_microsoft_date(text: &str) -> Option<&str> {
    let inside = text
        .trim_matches(['\\', '/'])
        .strip_prefix("Date(")?
        .strip_suffix(')')?;
    inside.split(['+', '-']).next()
}

/// Help for a date that starts with the day or the month, as in `15.01.2024 10:30` and `1/15/2024
/// 10:30 AM`. `None` if the order of day and month is not certain.
fn local_date_help(text: &str) -> Option<String> {
    let end = text.find([' ', ',', 'T'])?;
    let (date, time) = text.split_at(end);
    let separator = date.chars().find(|c| !c.is_ascii_digit())?;
    let number = |text: &str| text.parse::<u32>().ok();
    let mut numbers = date.split(separator).map(number);
    let (first, second, year) = (numbers.next()??, numbers.next()??, numbers.next()??);
    let (day, month) = match separator {
        '.' => (first, second),
        '/' | '-' if first > 12 => (first, second),
        '/' | '-' if second > 12 => (second, first),
        _ => return None,
    };
    let time = time.trim_start_matches([' ', ',', 'T']);
    let (clock, half) = time.split_once(' ').unwrap_or((time, ""));
    let (hour, minutes) = clock.split_once(':')?;
    let hour = match (number(hour)?, half.to_uppercase().as_str()) {
        (12, "AM") => 0,
        (hour @ 1..=11, "PM") => hour + 12,
        (hour, "") | (hour @ 1..=12, "AM" | "PM") => hour,
        _ => return None,
    };
    let respelled = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minutes}");
    Timestamp::read(&respelled).map(write_timestamp)
}

/// Help for the number by which spreadsheets store a time: days since 1900.
fn serial_date_help(text: &str) -> Option<String> {
    let days: f64 = text.parse().ok()?;
    let is_recent = (36_500.0..73_000.0).contains(&days);
    is_recent.then(|| "this is a spreadsheet's date number: write it as a date and time".to_owned())
}

/// Help for a time in a spelling that is not read but is unambiguous.
fn rewrite_help(text: &str) -> Option<String> {
    if let Some(time) = read_rfc_2822(text) {
        return Some(write_as(time));
    }
    let respelled = match text.as_bytes() {
        // 2024/01/15 10:30:00
        [_, _, _, _, b'/', _, _, b'/', ..] => text.replacen('/', "-", 2),
        _ => text.to_owned(),
    };
    let respelled = respelled.replacen(", ", " ", 1);
    // Java's ZonedDateTime adds the zone in brackets.
    let respelled = respelled.split('[').next()?.trim_end();
    if let Some(time) = Timestamp::read(respelled) {
        return Some(write_timestamp(time));
    }
    let (local, zone) = split_time_of_day(respelled)?;
    Timestamp::read(local)?;
    let offset = match zone.to_uppercase().as_str() {
        "UTC" | "GMT" | "Z" => "Z",
        "AM" | "PM" => return Some("write the time on a 24-hour clock".to_owned()),
        _ => zone,
    };
    match Timestamp::read(&format!("{local}{offset}")) {
        Some(time) => Some(write_timestamp(time)),
        None if zone.starts_with(|c: char| c.is_ascii_alphabetic()) => Some(format!(
            "write its offset from UTC, such as Z or +01:00, instead of `{zone}`"
        )),
        None => None,
    }
}

/// Splits `2024-01-15 10:30:00 CET` after the time of day. `text` is ASCII.
fn split_time_of_day(text: &str) -> Option<(&str, &str)> {
    const TO_THE_MINUTE: usize = "2024-01-15 10:30".len();
    let is_part = |byte: u8| byte.is_ascii_digit() || matches!(byte, b':' | b'.' | b',');
    let rest = text.get(TO_THE_MINUTE..)?.bytes();
    let end = TO_THE_MINUTE + rest.take_while(|byte| is_part(*byte)).count();
    Some((&text[..end], text[end..].trim()))
}

/// Reads `Mon, 15 Jan 2024 10:30:00 GMT` (RFC 2822), and `Mon Jan 15 2024 10:30:00 GMT+0100 (CET)`
/// as JavaScript prints it.
fn read_rfc_2822(text: &str) -> Option<DateTime<FixedOffset>> {
    let javascript = text.split(" (").next().unwrap_or(text);
    DateTime::parse_from_rfc2822(text)
        .or_else(|_| DateTime::parse_from_str(javascript, "%a %b %d %Y %H:%M:%S GMT%z"))
        .ok()
}

fn write_as(time: DateTime<FixedOffset>) -> String {
    let time = time.to_rfc3339_opts(SecondsFormat::AutoSi, true);
    format!("write it as {time}")
}

fn write_timestamp(time: Timestamp) -> String {
    match time.spelling {
        Spelling::Zoneless => {
            let local = time.time.format("%Y-%m-%dT%H:%M:%S");
            format!("write it as {local}, followed by its offset from UTC such as Z or +01:00")
        }
        Spelling::Iso8601 | Spelling::Loose => write_as(time.time),
    }
}

/// Help for a text that cannot be read, by its shape: every digit counts as `0`.
fn shape_help(text: &str) -> Option<&'static str> {
    let shape: String = text
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    let starts_with_date = shape.starts_with("0000-00-00");
    if starts_with_date && parse_date(&text[..10]).is_none() {
        return Some("this date does not exist");
    }
    let is_day_first = shape
        .split(['.', '/', '-'])
        .map(str::len)
        .take(2)
        .all(|length| length <= 2)
        && shape
            .split(['.', '/', '-'])
            .nth(2)
            .is_some_and(|year| year.starts_with("0000"));
    match shape.as_str() {
        "0000-00-00" => Some("add the time of day and the offset from UTC"),
        shape if shape.starts_with("0000-00-00T00:00") || shape.starts_with("0000-00-00 00:00") => {
            let seconds = if shape[16..].starts_with(":00") {
                19
            } else {
                16
            };
            Some(match Timestamp::read(&text[..seconds]) {
                None => "this time of day does not exist",
                Some(_) => "after the time of day, write Z or an offset such as +01:00",
            })
        }
        _ if is_day_first => Some("write the year first, then month and day, as in 2024-01-15"),
        shape if shape.starts_with("00:00") => Some("add the date"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::field;

    /// The value that a help suggests, if it is complete.
    fn suggestion(help: Option<String>) -> Option<String> {
        let help = help?;
        let (_, value) = help.split_once("write it as ")?;
        (!value.contains(' ')).then(|| value.to_owned())
    }

    #[test]
    fn suggested_values_are_valid() {
        let field = field("", "customer_phone").expect("documented");
        for text in ["0049 (30) 123-456", "tel:+49-30-123456", "4915123456789"] {
            let number = suggestion(phone_help(field, text)).expect(text);
            assert!(is_e164(&number), "{number}");
        }
        for text in [
            "1705314600123",
            "2024-01-15 10:30 utc",
            "2024-01-15 10:30:00 -0500",
            "Mon, 15 Jan 2024 10:30:00 GMT",
            " 2024-01-15 10:30:00z",
        ] {
            let time = suggestion(timestamp_help(text)).expect(text);
            let read = Timestamp::read(&time).map(|time| time.spelling);
            assert_eq!(read, Some(Spelling::Iso8601), "{time}");
        }
    }

    #[track_caller]
    fn assert_help(help: Option<String>, part: &str) {
        let help = help.unwrap_or_default();
        assert!(help.contains(part), "{part}: {help:?}");
    }

    #[test]
    fn phone_numbers_are_corrected_or_explained() {
        let customer = field("", "customer_phone").expect("documented");
        let lead = field("/lead", "phone_number").expect("documented");
        for (text, part) in [
            ("0049 (30) 123-456", "write it as +4930123456"),
            ("tel:+49-30-123456", "write it as +4930123456"),
            (
                "sip:+4930123456@example.com;user=phone",
                "write it as +4930123456",
            ),
            ("+4930123456.0", "write it as +4930123456"),
            ("4930123456.0", "write it as +4930123456"),
            ("whatsapp:+4930123456", "write it as +4930123456"),
            ("sip:alice@example.org", "has no phone number: send null"),
            ("110", "a short number has no country code"),
            ("4915123456789", "write it as +4915123456789"),
            (
                "0171 3920099",
                "replace the leading 0 with the country code",
            ),
            ("+0171 3920099", "does not start with 0"),
            ("+1234567890123456", "at most 15 digits"),
            ("4.91512E+12", "spreadsheet"),
            ("4,91512E+12", "spreadsheet"),
            ("4.9e12", "spreadsheet"),
            ("+4.91512E+12", "spreadsheet"),
        ] {
            assert_help(phone_help(customer, text), part);
        }
        for text in [
            "anonymous",
            "Unknown",
            " private ",
            "restricted",
            "",
            "sip:anonymous@x.invalid",
        ] {
            assert_help(phone_help(customer, text), "send null");
            // The number of a lead cannot be null.
            assert_help(phone_help(lead, text), "a lead has a phone number");
        }
        assert_eq!(phone_help(customer, "call me"), None);
    }

    #[test]
    fn numbers_in_place_of_strings_are_explained() {
        let phone = |number| number_help(ValueFormat::Phone, number);
        assert_help(phone("4915123456789"), "\"+4915123456789\"");
        assert_help(phone("4.91512E+12"), "spreadsheet");
        assert_help(phone("-1"), "as strings");
        let time = |number| number_help(ValueFormat::Timestamp, number);
        assert_help(
            time("1705314600"),
            "seconds: write it as 2024-01-15T10:30:00Z",
        );
        assert_help(time("45306.4375"), "spreadsheet");
    }

    #[test]
    fn times_are_corrected_or_explained() {
        for (text, part) in [
            ("1705314600", "in seconds: write it as 2024-01-15T10:30:00Z"),
            (
                "1705314600.25",
                "in seconds: write it as 2024-01-15T10:30:00Z",
            ),
            (
                "1705314600123",
                "in milliseconds: write it as 2024-01-15T10:30:00.123Z",
            ),
            ("1705314600123456", "in microseconds"),
            ("1705314600123456789", "in nanoseconds"),
            (
                "2024-01-15 10:30:00 UTC",
                "write it as 2024-01-15T10:30:00Z",
            ),
            (
                "2024-01-15T10:30:00.5 GMT",
                "write it as 2024-01-15T10:30:00.500Z",
            ),
            ("2024-01-15 10:30 utc", "write it as 2024-01-15T10:30:00Z"),
            (
                "2024-01-15 10:30:00 +0000",
                "write it as 2024-01-15T10:30:00Z",
            ),
            (
                "2024-01-15 10:30:00 +01:00",
                "write it as 2024-01-15T10:30:00+01:00",
            ),
            (
                "2024-01-15 10:30:00 -0500",
                "write it as 2024-01-15T10:30:00-05:00",
            ),
            (
                "2024-01-15T10:30:00+01:00[Europe/Berlin]",
                "write it as 2024-01-15T10:30:00+01:00",
            ),
            (" 2024-01-15T10:30:00Z ", "write it as 2024-01-15T10:30:00Z"),
            (
                "Mon, 15 Jan 2024 10:30:00 GMT",
                "write it as 2024-01-15T10:30:00Z",
            ),
            (
                "Mon Jan 15 2024 10:30:00 GMT+0100 (Central European Standard Time)",
                "write it as 2024-01-15T10:30:00+01:00",
            ),
            (
                "2024/01/15 10:30:00",
                "2024-01-15T10:30:00, followed by its offset",
            ),
            ("2024-01-15 10:30:00 CET", "instead of `CET`"),
            (
                "2024-01-15 10:30:00 Europe/Berlin",
                "instead of `Europe/Berlin`",
            ),
            ("2024-01-15 10:30:00 AM", "24-hour clock"),
            ("2024-01-15", "add the time of day"),
            ("2024-02-30T10:30:00Z", "this date does not exist"),
            ("2024-02-30", "this date does not exist"),
            ("2024-01-15T25:30:00Z", "this time of day does not exist"),
            ("2024-01-15T10:30:61Z", "this time of day does not exist"),
            ("2024-01-15T10:30:00+1:00", "an offset such as +01:00"),
            ("15.01.2024", "year first"),
            ("1.2.2024 9 Uhr", "year first"),
            ("1/2/2024, 10:30:00 AM", "year first"),
            ("10:30:00", "add the date"),
            ("45306.4375", "spreadsheet"),
            ("", "requires a time"),
        ] {
            assert_help(timestamp_help(text), part);
        }
        for text in [
            "yesterday",
            "２０２４-01-15",
            "0",
            "-",
            "::",
            "[",
            " +",
            "9:99 +",
            "e5",
        ] {
            assert_eq!(timestamp_help(text), None, "{text}");
        }
    }

    #[test]
    fn local_dates_and_those_of_net_are_rewritten() {
        for (text, part) in [
            (
                "15.01.2024 10:30",
                "2024-01-15T10:30:00, followed by its offset",
            ),
            (
                "15.01.2024, 9:05:07",
                "2024-01-15T09:05:07, followed by its offset",
            ),
            (
                "1/15/2024, 12:30:00 AM",
                "2024-01-15T00:30:00, followed by its offset",
            ),
            (
                "15/1/2024 1:30 pm",
                "2024-01-15T13:30:00, followed by its offset",
            ),
            (
                "/Date(1705314600123)/",
                "in milliseconds: write it as 2024-01-15T10:30:00.123Z",
            ),
            (
                "/Date(1705314600123+0100)/",
                "in milliseconds: write it as 2024-01-15T10:30:00.123Z",
            ),
        ] {
            assert_help(timestamp_help(text), part);
        }
    }
}
