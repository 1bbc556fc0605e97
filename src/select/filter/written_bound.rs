//! The bound of a filter as it is written on the command line: a day or time of the calendar, or a
//! day that is counted from today.

use std::str::FromStr;

use chrono::{DateTime, Days, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

use super::time_bound::TimeBound;
use super::time_error::explain_time_error;
use crate::time::zone::Zone;

/// A [`TimeBound`] that may depend on the current day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WrittenBound {
    /// A period that is written with a year.
    Calendar(TimeBound),
    /// The day this many days before today: 0 for `today`, 1 for `yesterday`. `7d` is 6, because
    /// today is the last of 7 days.
    DaysAgo(u32),
}

impl WrittenBound {
    /// True if it is counted from today.
    #[must_use]
    pub(crate) fn is_relative(self) -> bool {
        matches!(self, Self::DaysAgo(_))
    }

    /// Returns the period that this bound means at the time `now`. A day that is counted from today
    /// is a day in `zone`.
    #[must_use]
    pub(crate) fn at(self, now: DateTime<Utc>, zone: &Zone) -> TimeBound {
        let days = match self {
            Self::Calendar(bound) => return bound,
            Self::DaysAgo(days) => days,
        };
        let day = days_before_today(days, now, zone);
        let next = day.succ_opt().unwrap_or(NaiveDate::MAX);
        match (start_of_day(day, zone), start_of_day(next, zone)) {
            (Some(start), Some(end)) => TimeBound::Fixed(start, end - TimeDelta::nanoseconds(1)),
            _ => TimeBound::Days(day, day),
        }
    }
}

/// The day in `zone` that is this many days before `now`.
pub(super) fn days_before_today(days: u32, now: DateTime<Utc>, zone: &Zone) -> NaiveDate {
    let today = zone.localize_time(now.fixed_offset()).date_naive();
    let day = today.checked_sub_days(Days::new(days.into()));
    day.unwrap_or(NaiveDate::MIN)
}

/// The first instant of `day` in `zone`. If the clocks are set forward at midnight, the day starts
/// later.
pub(super) fn start_of_day(day: NaiveDate, zone: &Zone) -> Option<DateTime<FixedOffset>> {
    first_instant(day.and_time(NaiveTime::MIN), zone)
}

/// The first instant at which the clocks of `zone` show `time`, or a later one because they are set
/// forward.
pub(super) fn first_instant(time: NaiveDateTime, zone: &Zone) -> Option<DateTime<FixedOffset>> {
    const MINUTES_OF_DAY: i64 = 24 * 60;
    let mut times = (0..MINUTES_OF_DAY).map(|minutes| time + TimeDelta::minutes(minutes));
    times.find_map(|time| zone.resolve_local(time).earliest())
}

impl FromStr for WrittenBound {
    type Err = String;

    /// Parses a day such as `today`, `yesterday`, `7d` or `2w`, or any text that [`TimeBound`]
    /// accepts.
    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if let Some(days) = days_ago(text) {
            return Ok(Self::DaysAgo(days));
        }
        let bound = TimeBound::parse(text).map(Self::Calendar);
        bound.ok_or_else(|| explain_time_error(text))
    }
}

/// The number of days between the day that `text` counts from today, and today.
fn days_ago(text: &str) -> Option<u32> {
    /// More would not be a date of a call.
    const MAX_DIGITS: usize = 5;
    let text = text.to_ascii_lowercase();
    match text.as_str() {
        "today" => return Some(0),
        "yesterday" => return Some(1),
        _ => {}
    }
    let (number, days) = match text.strip_suffix('d') {
        Some(number) => (number, 1),
        None => (text.strip_suffix('w')?, 7),
    };
    let is_number = number.len() <= MAX_DIGITS && number.bytes().all(|byte| byte.is_ascii_digit());
    let number: u32 = number.parse().ok().filter(|_| is_number)?;
    (number * days).checked_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The days that `bound` means at `now` in `zone`, from its first to its last second in UTC.
    fn period(bound: &str, now: &str, zone: &str) -> String {
        let bound: WrittenBound = bound.parse().expect("a bound");
        let now: DateTime<Utc> = now.parse().expect("a time");
        match bound.at(now, &zone.parse().expect("a zone")) {
            TimeBound::Fixed(first, last) => {
                let format = |time: DateTime<FixedOffset>| time.to_utc().format("%m-%dT%H:%M:%S");
                format!("{}/{}", format(first), format(last))
            }
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn days_are_counted_from_today_in_the_zone() {
        let now = "2024-01-15T23:30:00Z";
        for (bound, expected) in [
            ("today", "01-15T00:00:00/01-15T23:59:59"),
            ("1d", "01-15T00:00:00/01-15T23:59:59"),
            ("yesterday", "01-14T00:00:00/01-14T23:59:59"),
            (" Yesterday ", "01-14T00:00:00/01-14T23:59:59"),
            ("2d", "01-14T00:00:00/01-14T23:59:59"),
            ("7d", "01-09T00:00:00/01-09T23:59:59"),
            ("2W", "01-02T00:00:00/01-02T23:59:59"),
            ("15d", "01-01T00:00:00/01-01T23:59:59"),
        ] {
            assert_eq!(period(bound, now, "utc"), expected, "{bound}");
        }
        // It is the 16th in Berlin.
        let berlin = period("today", now, "Europe/Berlin");
        assert_eq!(berlin, "01-15T23:00:00/01-16T22:59:59");
    }

    #[test]
    fn days_have_23_or_25_hours_where_clocks_change() {
        let berlin = "Europe/Berlin";
        let spring = period("yesterday", "2024-04-01T10:00:00Z", berlin);
        assert_eq!(spring, "03-30T23:00:00/03-31T21:59:59");
        let autumn = period("2d", "2024-10-28T10:00:00Z", berlin);
        assert_eq!(autumn, "10-26T22:00:00/10-27T22:59:59");
        // The clocks were set forward at midnight, so the day started at 01:00.
        let cairo = period("today", "2024-04-26T10:00:00Z", "Africa/Cairo");
        assert_eq!(cairo, "04-25T22:00:00/04-26T20:59:59");
    }

    #[test]
    fn years_long_ago_are_days_too() {
        let first = period("99999d", "2024-01-15T10:00:00Z", "Europe/Berlin");
        assert!(first.contains('/'), "{first}");
        for invalid in [
            "0d", "0w", "100000d", "d", "w", "+7d", "-7d", "7", "7 d", "1.5d",
        ] {
            assert!(invalid.parse::<WrittenBound>().is_err(), "{invalid}");
        }
    }
}
