//! Parses the period of time that bounds a filter, and compares the times of calls with it.

use chrono::{DateTime, Days, FixedOffset, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

use crate::time::timestamp::{self, Spelling, Timestamp};
use crate::time::zone::Zone;

/// The message for a period that ends before it starts.
pub(super) const CONTRADICTION: &str = "--since is later than --until: no call can match";

/// A period of time, as precise as it was written: a year, a month, a day, a minute, a second or a
/// nanosecond. Both ends are inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimeBound {
    /// First and last date in the filter's time zone.
    Days(NaiveDate, NaiveDate),
    /// First and last instant of a time with an offset.
    Fixed(DateTime<FixedOffset>, DateTime<FixedOffset>),
    /// First and last local time of a time without an offset, in the filter's time zone.
    Clock(NaiveDateTime, NaiveDateTime),
}

impl TimeBound {
    /// Returns true if `time` is within this period or after it. Dates and local times are those of
    /// `zone`.
    #[must_use]
    pub(crate) fn is_not_after(&self, time: Timestamp, zone: &Zone) -> bool {
        match self {
            Self::Days(first, _) => zone.localize(time).date_naive() >= *first,
            Self::Fixed(first, _) => time.time >= *first,
            Self::Clock(first, _) => match zone.resolve_local(*first).earliest() {
                Some(first) => time.time >= first,
                None => zone.localize(time).naive_local() >= *first,
            },
        }
    }

    /// Returns true if `time` is within this period or before it. Dates and local times are those
    /// of `zone`.
    #[must_use]
    pub(crate) fn is_not_before(&self, time: Timestamp, zone: &Zone) -> bool {
        match self {
            Self::Days(_, last) => zone.localize(time).date_naive() <= *last,
            Self::Fixed(_, last) => time.time <= *last,
            Self::Clock(_, last) => match zone.resolve_local(*last).latest() {
                Some(last) => time.time <= last,
                None => zone.localize(time).naive_local() <= *last,
            },
        }
    }

    /// Returns true if this period is certainly after `other`, in any time zone.
    #[must_use]
    pub(crate) fn is_later_than(&self, other: &Self) -> bool {
        let tolerance = match (self, other) {
            (Self::Days(..), Self::Days(..)) | (Self::Fixed(..), Self::Fixed(..)) => {
                TimeDelta::zero()
            }
            // The difference to UTC is unknown.
            (Self::Fixed(..), _) | (_, Self::Fixed(..)) => TimeDelta::days(1),
            // The clocks may be set back in between.
            _ => TimeDelta::hours(2),
        };
        self.written_period().0 - other.written_period().1 > tolerance
    }

    /// Parses a year, a month or a date such as `2024-01-15`, or a time that [`Timestamp::read`]
    /// accepts, such as `2024-01-15T10:30` or `2024-01-15 10:30:00+01:00`.
    #[must_use]
    pub(super) fn parse(text: &str) -> Option<Self> {
        if let Some(day) = timestamp::parse_date(text) {
            return Some(Self::Days(day, day));
        }
        if let Some((first, last)) = parse_year(text).or_else(|| parse_month(text)) {
            return Some(Self::Days(first, last));
        }
        let time = Timestamp::read(text)?;
        let last = time.time + precision(text) - TimeDelta::nanoseconds(1);
        Some(match time.spelling {
            Spelling::Zoneless => Self::Clock(time.time.naive_utc(), last.naive_utc()),
            _ => Self::Fixed(time.time, last),
        })
    }

    /// First and last time of the period as the bound is written, or in UTC if it has an offset.
    fn written_period(&self) -> (NaiveDateTime, NaiveDateTime) {
        match self {
            Self::Days(first, last) => {
                let last = last.and_time(NaiveTime::MIN);
                (
                    first.and_time(NaiveTime::MIN),
                    last + TimeDelta::days(1) - TimeDelta::nanoseconds(1),
                )
            }
            Self::Fixed(first, last) => (first.naive_utc(), last.naive_utc()),
            Self::Clock(first, last) => (*first, *last),
        }
    }
}

/// Returns the first and the last day of a year such as `2024`.
fn parse_year(text: &str) -> Option<(NaiveDate, NaiveDate)> {
    let first = timestamp::parse_date(&format!("{text}-01-01"))?;
    Some((first, first + Months::new(12) - Days::new(1)))
}

/// Returns the first and the last day of a month such as `2024-02`.
fn parse_month(text: &str) -> Option<(NaiveDate, NaiveDate)> {
    let first = timestamp::parse_date(&format!("{text}-01"))?;
    Some((first, first + Months::new(1) - Days::new(1)))
}

/// Returns the length of the period that a time is written for: one minute for `10:30`, one second
/// for `10:30:00`, else one nanosecond.
fn precision(text: &str) -> TimeDelta {
    let time = text
        .split_once(['T', 't', ' '])
        .map_or("", |(_, time)| time);
    let time = time.split(['Z', 'z', '+', '-']).next().unwrap_or_default();
    match time.bytes().filter(u8::is_ascii_digit).count() {
        ..=4 => TimeDelta::minutes(1),
        5 | 6 => TimeDelta::seconds(1),
        _ => TimeDelta::nanoseconds(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compares the time of a call with a bound: [`BEFORE`], [`AT`] or [`AFTER`] it.
    fn compare(bound: &str, call: &str, zone: &str) -> (bool, bool) {
        let bound = TimeBound::parse(bound).expect("a bound");
        let call = Timestamp::read(call).expect("a time");
        let zone = match zone {
            "" => Zone::FromBody,
            zone => zone.parse().expect("a zone"),
        };
        (
            bound.is_not_after(call, &zone),
            bound.is_not_before(call, &zone),
        )
    }

    const BEFORE: (bool, bool) = (false, true);
    const AT: (bool, bool) = (true, true);
    const AFTER: (bool, bool) = (true, false);

    #[test]
    fn a_date_is_a_whole_day_in_the_zone() {
        let late = "2024-01-15T23:30:00Z";
        assert_eq!(compare("2024-01-15", late, ""), AT);
        assert_eq!(compare("2024-01-16", late, "Europe/Berlin"), AT);
        assert_eq!(compare("2024-01-15", late, "Europe/Berlin"), AFTER);
        assert_eq!(compare("2024-01-16", late, "utc"), BEFORE);
        // Without a zone, the offset in the body determines the day.
        assert_eq!(compare("2024-01-16", "2024-01-16T00:30:00+01:00", ""), AT);
        assert_eq!(
            compare("2024-01-15", "2024-01-16T00:30:00+01:00", "utc"),
            AT
        );
    }

    #[test]
    fn months_and_years_are_whole() {
        for (call, month, year) in [
            ("2023-12-31T23:59:59Z", BEFORE, BEFORE),
            ("2024-01-31T23:59:59Z", BEFORE, AT),
            ("2024-02-01T00:00:00Z", AT, AT),
            ("2024-02-29T23:59:59.9Z", AT, AT),
            ("2024-03-01T00:00:00Z", AFTER, AT),
            ("2024-12-31T23:59:59Z", AFTER, AT),
            ("2025-01-01T00:00:00Z", AFTER, AFTER),
        ] {
            assert_eq!(compare("2024-02", call, "utc"), month, "{call}");
            assert_eq!(compare("2024", call, "utc"), year, "{call}");
        }
        let first_hour = "2024-01-31T23:30:00Z";
        assert_eq!(compare("2024-02", first_hour, "Europe/Berlin"), AT);
        assert_eq!(compare("9999-12", "9999-12-31T23:59:59Z", ""), AT);
        assert_eq!(compare("0000", "0000-01-01T00:00:00Z", ""), AT);
    }

    #[test]
    fn a_time_is_as_precise_as_it_is_written() {
        let call = "2024-01-15T10:30:59.5Z";
        assert_eq!(compare("2024-01-15T10:30Z", call, ""), AT);
        assert_eq!(compare("2024-01-15T10:30:59Z", call, ""), AT);
        assert_eq!(compare("2024-01-15T10:30:59.4Z", call, ""), AFTER);
        assert_eq!(compare("2024-01-15T10:30:00Z", call, ""), AFTER);
        assert_eq!(compare("2024-01-15T11:31+01:00", call, ""), BEFORE);
        assert_eq!(compare("2024-01-15T11:30", call, "Europe/Berlin"), AT);
        assert_eq!(compare("2024-01-15 10:30", call, ""), AT);
        assert_eq!(compare("20240115T1030Z", call, ""), AT);
    }

    #[test]
    fn local_times_follow_daylight_saving_changes() {
        let berlin = "Europe/Berlin";
        // 02:30 occurs twice on 27 October 2024 and means both.
        let (summer, winter) = ("2024-10-27T00:30:00Z", "2024-10-27T01:30:00Z");
        assert_eq!(compare("2024-10-27T02:30", summer, berlin), AT);
        assert_eq!(compare("2024-10-27T02:30", winter, berlin), AT);
        // 02:45 in summer time is before 02:15 in winter time.
        let quarter_past = "2024-10-27T01:15:00Z";
        assert_eq!(compare("2024-10-27T02:45", quarter_past, berlin), AT);
        // 02:30 does not exist on 31 March 2024.
        let (before, after) = ("2024-03-31T00:59:59Z", "2024-03-31T01:00:00Z");
        assert_eq!(compare("2024-03-31T02:30", before, berlin), BEFORE);
        assert_eq!(compare("2024-03-31T02:30", after, berlin), AFTER);
        // This day has 23 hours.
        assert_eq!(
            compare("2024-03-31", "2024-03-30T22:59:59Z", berlin),
            BEFORE
        );
        assert_eq!(compare("2024-03-31", "2024-03-30T23:00:00Z", berlin), AT);
        assert_eq!(compare("2024-03-31", "2024-03-31T21:59:59Z", berlin), AT);
        assert_eq!(compare("2024-03-31", "2024-03-31T22:00:00Z", berlin), AFTER);
    }

    #[test]
    fn invalid_bounds_are_refused() {
        for invalid in [
            "",
            "yesterday",
            "15.01.2024",
            "2024-02-30",
            "10:30",
            "2024-13",
            "2024-1",
            "24-01",
            "202",
            "20240",
            "2024-",
        ] {
            assert_eq!(TimeBound::parse(invalid), None, "{invalid}");
        }
    }

    #[test]
    fn bounds_of_different_kinds_are_compared() {
        let is_later = |since: &str, until: &str| {
            let [since, until] = [since, until].map(TimeBound::parse);
            since
                .expect("a bound")
                .is_later_than(&until.expect("a bound"))
        };
        for (since, until) in [
            ("2024-01-16", "2024-01-15"),
            ("2024-01-17", "2024-01-15T10:30Z"),
            ("2024-01-16", "2024-01-15T10:30"),
            ("2024-01-15T10:30:01Z", "2024-01-15T10:29Z"),
            ("2024-01-15T12:31", "2024-01-15T10:30"),
            ("2024-02", "2024-01"),
            ("2024-02", "2024-01-31"),
            ("2025", "2024-12"),
            ("2024-01-17T10:30Z", "2024-01-15"),
        ] {
            assert!(is_later(since, until), "{since} {until}");
            assert!(!is_later(until, since), "{until} {since}");
        }
        for (since, until) in [
            ("2024-01-15", "2024-01-15"),
            ("2024-01", "2024-01-15"),
            ("2024-01-15", "2024-01"),
            ("2024", "2024-01"),
            ("2024-01-15", "2024-01-15T00:00"),
            ("2024-01-16", "2024-01-15T23:30"),
            ("2024-01-16", "2024-01-15T10:30Z"),
            ("2024-01-15T11:30", "2024-01-15T10:30"),
            ("0000-01-01", "9999-12-31T23:59:59.999999999-23:59"),
        ] {
            assert!(!is_later(since, until), "{since} {until}");
        }
    }
}
