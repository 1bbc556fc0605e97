//! Explains why text is not a day or a time, and how it is written.

use chrono::{Datelike as _, Months, NaiveDate};

/// The explanation if nothing more is known.
const FORMS: &str = "expected a date (2024-01-15), a month (2024-02), a time (2024-01-15T10:30, \
     2024-01-15T10:30:00+01:00), or a day counted from today (today, yesterday, 7d, 2w)";

/// Explains why `text` is not a day or a time.
#[must_use]
pub(super) fn explain_time_error(text: &str) -> String {
    if let Some(error) = explain_relative_time(text) {
        return error;
    }
    if let Some(month) = year_month(text) {
        return month;
    }
    let (date, time) = match text.split_once(['T', 't', ' ']) {
        Some((date, time)) => (date, Some(time.trim())),
        None => (text, None),
    };
    if time.is_none() && is_time_of_day(text) {
        let example = format!("write the date too, as in 2024-01-15T{text}");
        return find_clock_error(text).unwrap_or(example);
    }
    let day = match year_month_day(date).map(find_day) {
        Some(Ok(day)) => day.to_string(),
        Some(Err(reason)) => return reason,
        None => return FORMS.to_owned(),
    };
    match time {
        None => format!("write {day}"),
        Some(time) if day != date => format!("write {day}T{time}"),
        Some(time) => explain_time_of_day(&day, time),
    }
}

/// Explains why `text` is not a day counted from today, if that is meant: `7 days ago`, `0d`.
fn explain_relative_time(text: &str) -> Option<String> {
    const MAX_DIGITS: usize = 4;
    let text = text.to_lowercase();
    match text.as_str() {
        "now" | "heute" => return Some("write today".to_owned()),
        "gestern" => return Some("write yesterday".to_owned()),
        _ => {}
    }
    let text = ["last ", "past ", "-"]
        .iter()
        .find_map(|prefix| text.strip_prefix(prefix))
        .unwrap_or(&text);
    let text = text.strip_suffix(" ago").unwrap_or(text);
    let end = text.find(|character: char| !character.is_ascii_digit())?;
    let (number, unit) = text.split_at(end);
    let number = digits(number, MAX_DIGITS).filter(|_| end > 0)?;
    match unit.trim_start_matches([' ', '-', '_', '.']) {
        "d" | "w" if number == 0 => Some("1d is today: write today, or 1d or more".to_owned()),
        "d" | "day" | "days" | "tag" | "tage" | "tagen" => Some(format!("write {number}d")),
        "w" | "week" | "weeks" | "wk" | "wks" | "woche" | "wochen" => {
            Some(format!("write {number}w"))
        }
        "m" | "mo" | "month" | "months" | "monat" | "monate" => Some(format!(
            "write the number of days, such as {}d, or a month, such as 2024-02",
            30 * number.max(1)
        )),
        "h" | "hour" | "hours" | "min" | "minutes" => {
            Some("write a number of days (1d is today), or a time: 2024-01-15T10:30".to_owned())
        }
        "y" | "year" | "years" | "jahr" | "jahre" => Some(format!(
            "write the number of days, such as {}d, or a year, such as 2024",
            365 * number.max(1)
        )),
        _ => None,
    }
}

/// Explains why `text` is not a month, if that is meant: `2024-13`, `2/2024`.
fn year_month(text: &str) -> Option<String> {
    let (first, second) = text.split_once(['-', '.', '/'])?;
    let (year, month) = match (first.len(), second.len()) {
        (4, 1 | 2) => (first, second),
        (1 | 2, 4) => (second, first),
        _ => return None,
    };
    let (year, month) = (digits(year, 4)?, digits(month, 2)?);
    Some(match find_day([year, month, 1]) {
        Ok(day) => format!("write {}", day.format("%Y-%m")),
        Err(reason) => reason,
    })
}

/// Returns the year, month and day that `date` is made of, in any order and with any separators
/// that leave no doubt.
fn year_month_day(date: &str) -> Option<[u32; 3]> {
    if date.len() == 8 && date.bytes().all(|byte| byte.is_ascii_digit()) {
        let number = |range: std::ops::Range<usize>| date[range].parse().ok();
        return Some([number(0..4)?, number(4..6)?, number(6..8)?]);
    }
    let separator = date.chars().find(|character| !character.is_ascii_digit())?;
    let parts: Vec<&str> = date.split(separator).collect();
    let numbers: Vec<u32> = parts.iter().map_while(|part| digits(part, 4)).collect();
    let (&[a, b, c], ['-' | '.' | '/']) = (&*numbers, [separator]) else {
        return None;
    };
    let is_year = |index: usize| parts[index].len() == 4;
    match separator {
        _ if parts.len() != 3 || parts[1].len() > 2 => None,
        _ if is_year(0) && parts[2].len() <= 2 => Some([a, b, c]),
        _ if !is_year(2) || parts[0].len() > 2 => None,
        '.' => Some([c, b, a]),
        // The month comes first in the United States.
        _ if a > 12 => Some([c, b, a]),
        _ if b > 12 => Some([c, a, b]),
        _ => None,
    }
}

/// Parses at most `max` digits.
fn digits(text: &str, max: usize) -> Option<u32> {
    let is_number = text.len() <= max && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

/// Returns the day, or the reason why it does not exist.
fn find_day([year, month, day]: [u32; 3]) -> Result<NaiveDate, String> {
    let first = i32::try_from(year)
        .ok()
        .and_then(|year| NaiveDate::from_ymd_opt(year, month, 1));
    let Some(first) = first else {
        return Err(format!("there is no month {month:02}"));
    };
    first.with_day(day).ok_or_else(|| {
        if day == 0 {
            return "there is no day 00".to_owned();
        }
        let next = first + Months::new(1);
        format!(
            "{} has {} days",
            first.format("%B %Y"),
            (next - first).num_days()
        )
    })
}

fn is_time_of_day(text: &str) -> bool {
    let mut parts = text.split(':');
    parts.clone().count() > 1 && parts.all(|part| digits(part, 2).is_some())
}

/// Explains why `time` is not a time of the day `day`.
fn explain_time_of_day(day: &str, time: &str) -> String {
    let end = time.find(|character: char| !matches!(character, '0'..='9' | ':'));
    let (clock, rest) = time.split_at(end.unwrap_or(time.len()));
    if !is_time_of_day(clock) || clock.split(':').count() > 3 {
        return FORMS.to_owned();
    }
    if let Some(error) = find_clock_error(clock) {
        return error;
    }
    let padded: Vec<String> = clock.split(':').map(|part| format!("{part:0>2}")).collect();
    let padded = padded.join(":");
    if padded != clock {
        return format!("write {day}T{padded}{rest}");
    }
    "write the offset of the time as Z or +01:00, or use --tz".to_owned()
}

/// Returns an error if a number in a time of day is too large.
fn find_clock_error(clock: &str) -> Option<String> {
    let mut parts = clock.split(':').map_while(|part| digits(part, 2));
    let mut limits = [23, 59, 59].into_iter();
    let is_valid = parts.all(|part| limits.next().is_some_and(|limit| part <= limit));
    (!is_valid).then(|| {
        format!("there is no time {clock}: hours go up to 23, minutes and seconds up to 59")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_that_do_not_exist_are_named() {
        for (text, expected) in [
            ("2024-02-30", "February 2024 has 29 days"),
            ("2023-02-29", "February 2023 has 28 days"),
            ("2024-12-32", "December 2024 has 31 days"),
            ("2024-04-31T10:30", "April 2024 has 30 days"),
            ("31.04.2024", "April 2024 has 30 days"),
            ("9999-12-32", "December 9999 has 31 days"),
            ("2024-13-01", "there is no month 13"),
            ("2024-00-01", "there is no month 00"),
            ("2024-01-00", "there is no day 00"),
            ("20240230", "February 2024 has 29 days"),
        ] {
            assert_eq!(explain_time_error(text), expected, "{text}");
        }
    }

    #[test]
    fn months_and_days_counted_from_today_are_rewritten() {
        for (text, expected) in [
            ("7 days", "write 7d"),
            ("7 days ago", "write 7d"),
            ("7.days.ago", FORMS),
            ("7-day", "write 7d"),
            ("7Tage", "write 7d"),
            ("last 7 days", "write 7d"),
            ("2 Weeks", "write 2w"),
            ("now", "write today"),
            ("gestern", "write yesterday"),
            ("0d", "1d is today: write today, or 1d or more"),
            ("2024-13", "there is no month 13"),
            ("2024-2", "write 2024-02"),
            ("02.2024", "write 2024-02"),
            ("2/2024", "write 2024-02"),
        ] {
            assert_eq!(explain_time_error(text), expected, "{text}");
        }
        for text in ["24h", "3 months", "1y"] {
            let explanation = explain_time_error(text);
            assert!(explanation.starts_with("write "), "{text}: {explanation}");
        }
    }

    #[test]
    fn other_forms_are_rewritten() {
        for (text, expected) in [
            ("2024-1-5", "write 2024-01-05"),
            ("15.01.2024", "write 2024-01-15"),
            ("5.1.2024 10:30", "write 2024-01-05T10:30"),
            ("2024/01/15", "write 2024-01-15"),
            ("15/01/2024", "write 2024-01-15"),
            ("01/15/2024", "write 2024-01-15"),
            ("20240115", "write 2024-01-15"),
            ("10:30", "write the date too, as in 2024-01-15T10:30"),
            (
                "25:61",
                "there is no time 25:61: hours go up to 23, minutes and seconds up to 59",
            ),
            ("2024-01-15T9:30Z", "write 2024-01-15T09:30Z"),
            ("2024-01-15 9:5", "write 2024-01-15T09:05"),
            (
                "2024-01-15T25:61",
                "there is no time 25:61: hours go up to 23, minutes and seconds up to 59",
            ),
            (
                "2024-01-15T24:30",
                "there is no time 24:30: hours go up to 23, minutes and seconds up to 59",
            ),
            (
                "2024-01-15 10:30 UTC",
                "write the offset of the time as Z or +01:00, or use --tz",
            ),
            (
                "2024-01-15T10:30+1:00",
                "write the offset of the time as Z or +01:00, or use --tz",
            ),
        ] {
            assert_eq!(explain_time_error(text), expected, "{text}");
        }
        for text in [
            "",
            "tomorrow",
            "last week",
            "d",
            "day",
            "12345d",
            "7x",
            "01/02/2024",
            "1.2.24",
            "20240",
            "24-01",
            "2024-01-15-01",
            "2024-001-01",
            "15.01.",
            "2024-01-15T",
            "2024-01-15T10",
            "2024-01-15Tnoon",
            "2024-01-15T1:2:3:4",
            "2024-01.15",
            "２０２４-01-15",
            "2024--",
        ] {
            assert_eq!(explain_time_error(text), FORMS, "{text}");
        }
    }
}
