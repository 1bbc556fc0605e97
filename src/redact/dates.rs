//! Shifts times into the past by whole weeks, which keeps weekdays and hours.

use std::borrow::Cow;

use chrono::{DateTime, Datelike as _, NaiveDate, TimeDelta, Utc};

use super::memo::Memo;
use crate::time::timestamp::{Timestamp, parse_date};

/// How times are shifted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TimeShift {
    /// By how much times become earlier; zero if they stay.
    pub(crate) by: TimeDelta,
    /// Times after this one stay: `validate` reports them.
    pub(crate) now: DateTime<Utc>,
}

/// A timestamp or date, shifted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ShiftedTime<'a> {
    Shifted(String),
    /// In the future, so that it stays.
    Future(&'a str),
    /// Before the year 0 if it were shifted.
    Ancient(&'a str),
}

/// The first year in which the vendor's calls and their appointments can be. Earlier dates, such as
/// birthdays, are not those of a call.
const FIRST_YEAR: i32 = 2020;

impl TimeShift {
    /// The timestamp or date `text`, earlier, in the same spelling. `None` if it is neither.
    #[must_use]
    pub(super) fn shift<'a>(&self, text: &'a str) -> Option<ShiftedTime<'a>> {
        let is_future = match Timestamp::read(text) {
            Some(timestamp) => timestamp.is_in_future(self.now),
            None => parse_date(text)?.and_hms_opt(0, 0, 0)?.and_utc() > self.now,
        };
        if is_future {
            return Some(ShiftedTime::Future(text));
        }
        let is_extended = text.as_bytes().get(4) == Some(&b'-');
        let (date, rest) = text.split_at_checked(if is_extended { 10 } else { 8 })?;
        let shifted = read_digits(date).and_then(|date| date.checked_sub_signed(self.by));
        let Some(shifted) = shifted.filter(|date| (0..=9999).contains(&date.year())) else {
            return Some(ShiftedTime::Ancient(text));
        };
        let mut time = String::with_capacity(text.len());
        push_number(shifted.year().unsigned_abs(), 4, &mut time);
        for number in [shifted.month(), shifted.day()] {
            if is_extended {
                time.push('-');
            }
            push_number(number, 2, &mut time);
        }
        time.push_str(&whole_nanoseconds(rest));
        Some(ShiftedTime::Shifted(time))
    }

    /// Fast path of [`Self::shift`] for times with a date in extended format, which `memo`
    /// remembers: appends the time, earlier. Returns false, and appends nothing, for all other
    /// texts.
    pub(super) fn push_common(&self, text: &str, memo: &mut Memo, out: &mut String) -> bool {
        const DATE_LENGTH: usize = 10;
        /// Longer texts may have more digits than those of nanoseconds.
        const LONGEST: usize = DATE_LENGTH + "T10:30:00.123456789".len();
        let Some((date, rest)) = text.split_at_checked(DATE_LENGTH) else {
            return false;
        };
        if text.len() > LONGEST || Timestamp::read(text).is_none() {
            return false;
        }
        let shifted = memo.get("date", date, || self.shift_past_date(date));
        out.push_str(shifted);
        if !shifted.is_empty() {
            out.push_str(rest);
        }
        !shifted.is_empty()
    }

    /// The date, earlier. An empty text if no time on it is certainly past, or if it is no date in
    /// extended format.
    fn shift_past_date(&self, date: &str) -> String {
        // A time without a zone may be a day ahead, and one at 24:00 is on the next day.
        let is_past = |date: NaiveDate| date + TimeDelta::days(3) < self.now.date_naive();
        match self.shift(date) {
            Some(ShiftedTime::Shifted(shifted)) if parse_date(date).is_some_and(is_past) => shifted,
            _ => String::new(),
        }
    }

    /// The number of seconds or milliseconds since 1970, earlier. `None` if it is neither.
    #[must_use]
    pub(super) fn shift_epoch(&self, number: &str) -> Option<String> {
        const YEAR_1990_S: f64 = 631_152_000.0;
        const YEAR_2100_S: f64 = 4_102_444_800.0;
        let (whole, fraction) = number.split_at(number.find('.').unwrap_or(number.len()));
        let is_fraction = fraction.bytes().skip(1).all(|byte| byte.is_ascii_digit());
        let time: i64 = whole.parse().ok().filter(|_| is_fraction)?;
        #[expect(clippy::cast_precision_loss, reason = "compared with a range of years")]
        let is_of_unit = |unit: f64| {
            (YEAR_1990_S * unit..YEAR_2100_S * unit).contains(&(time as f64)) && fraction.len() <= 7
        };
        let by = if is_of_unit(1.0) {
            self.by.num_seconds()
        } else if is_of_unit(1e3) {
            self.by.num_milliseconds()
        } else {
            return None;
        };
        Some(format!("{}{fraction}", time - by))
    }
}

/// The date with these digits of year, month and day; all other characters separate them.
fn read_digits(date: &str) -> Option<NaiveDate> {
    let digits = date.bytes().filter(u8::is_ascii_digit);
    let number = digits.fold(0, |number, digit| 10 * number + u32::from(digit - b'0'));
    let year = i32::try_from(number / 10_000).ok()?;
    NaiveDate::from_ymd_opt(year, number / 100 % 100, number % 100)
}

/// Appends a number of `width` digits: with `format!`, a time takes three times as long.
fn push_number(number: u32, width: u32, out: &mut String) {
    for place in (0..width).rev() {
        let digit = number / 10_u32.pow(place) % 10;
        out.extend(char::from_digit(digit, 10));
    }
}

/// True for a date that is too early for a call or an appointment.
#[must_use]
pub(super) fn is_long_before_calls(text: &str) -> bool {
    let year = text.get(..4).and_then(|year| year.parse::<i32>().ok());
    let is_time = || Timestamp::read(text).is_some() || parse_date(text).is_some();
    year.is_some_and(|year| year < FIRST_YEAR) && is_time()
}

/// The text behind a date. Digits behind those of nanoseconds are no time: they become 0.
fn whole_nanoseconds(rest: &str) -> Cow<'_, str> {
    const DIGITS: usize = 9;
    let Some(point) = rest.find(['.', ',']) else {
        return Cow::Borrowed(rest);
    };
    let (before, fraction) = rest.split_at(point + 1);
    let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
    if digits <= DIGITS {
        return Cow::Borrowed(rest);
    }
    let (kept, after) = (&fraction[..DIGITS], &fraction[digits..]);
    Cow::Owned(format!(
        "{before}{kept}{:0<width$}{after}",
        "",
        width = digits - DIGITS
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by_a_year() -> TimeShift {
        TimeShift {
            by: TimeDelta::weeks(52),
            now: DateTime::from_timestamp(1_800_000_000, 0).expect("a time"),
        }
    }

    #[test]
    fn times_keep_their_spelling_weekday_and_clock() {
        for (text, expected) in [
            ("2024-01-15T10:30:00Z", "2023-01-16T10:30:00Z"),
            (
                "2024-01-15 10:30:00.120+01:00",
                "2023-01-16 10:30:00.120+01:00",
            ),
            ("20240115T103000Z", "20230116T103000Z"),
            ("2024-02-29", "2023-03-02"),
            (
                "2024-01-15T10:30:00.123456789123Z",
                "2023-01-16T10:30:00.123456789000Z",
            ),
        ] {
            let shifted = by_a_year().shift(text);
            assert_eq!(
                shifted,
                Some(ShiftedTime::Shifted(expected.to_owned())),
                "{text}"
            );
            let mut common = String::new();
            let is_common = by_a_year().push_common(text, &mut Memo::default(), &mut common);
            assert!(
                !is_common && common.is_empty() || common == expected,
                "{text}"
            );
        }
        for text in [
            "2099-01-01T00:00:00Z",
            "0000-01-01T00:00:00Z",
            "2024-01-15",
            "äöüäöüä",
        ] {
            let mut common = String::new();
            assert!(!by_a_year().push_common(text, &mut Memo::default(), &mut common));
        }
        let common = |text: &str| {
            let mut common = String::new();
            by_a_year().push_common(text, &mut Memo::default(), &mut common);
            common
        };
        assert_eq!(
            common("2024-01-15T10:30:00.5+01:00"),
            "2023-01-16T10:30:00.5+01:00"
        );
        let future = "2099-01-01T00:00:00Z";
        assert_eq!(by_a_year().shift(future), Some(ShiftedTime::Future(future)));
        let ancient = "0000-01-01T00:00:00Z";
        assert_eq!(
            by_a_year().shift(ancient),
            Some(ShiftedTime::Ancient(ancient))
        );
        for text in ["15.01.2024", ""] {
            assert_eq!(by_a_year().shift(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_since_1970_are_shifted_in_their_unit() {
        for (number, expected) in [
            ("1705314600", Some("1673865000")),
            ("1705314600.25", Some("1673865000.25")),
            ("1705314600123", Some("1673865000123")),
            ("180", None),
            ("4915123456789", None),
            ("1705314600.123456789", None),
            ("-1705314600", None),
            ("1e9", None),
        ] {
            assert_eq!(
                by_a_year().shift_epoch(number).as_deref(),
                expected,
                "{number}"
            );
        }
    }

    #[test]
    fn birthdays_are_long_before_calls() {
        assert!(is_long_before_calls("1980-05-12") && is_long_before_calls("1980-05-12T00:00:00Z"));
        for text in ["2024-01-15", "1980", "1980-13-12"] {
            assert!(!is_long_before_calls(text), "{text}");
        }
    }
}
