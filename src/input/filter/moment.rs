//! A day or a time that somebody names, and how the times of calls stand to it.

use std::str::FromStr;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, TimeDelta};

use crate::call::timestamp::{self, Spelling, Timestamp};
use crate::call::zone::Zone;

/// A stretch of time as it was named: a whole day, or a minute, a second or less. Both ends belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// A date: what a calendar in the zone shows.
    Day(NaiveDate),
    /// A time with an offset.
    Fixed(DateTime<FixedOffset>, DateTime<FixedOffset>),
    /// A time without one: what a clock shows.
    Clock(NaiveDateTime, NaiveDateTime),
}

impl Moment {
    /// Whether `time` is not before it; `zone` says what dates and clocks mean.
    #[must_use]
    pub fn has_begun(&self, time: Timestamp, zone: &Zone) -> bool {
        match self {
            Self::Day(day) => zone.at(time).date_naive() >= *day,
            Self::Fixed(first, _) => time.time >= *first,
            Self::Clock(first, _) => match zone.when(*first).earliest() {
                Some(first) => time.time >= first,
                None => zone.at(time).naive_local() >= *first,
            },
        }
    }

    /// Whether `time` is not behind it.
    #[must_use]
    pub fn is_not_over(&self, time: Timestamp, zone: &Zone) -> bool {
        match self {
            Self::Day(day) => zone.at(time).date_naive() <= *day,
            Self::Fixed(_, last) => time.time <= *last,
            Self::Clock(_, last) => match zone.when(*last).latest() {
                Some(last) => time.time <= last,
                None => zone.at(time).naive_local() <= *last,
            },
        }
    }

    /// Whether it is later than `other` for certain: days, clocks and fixed times are not compared with each other.
    #[must_use]
    pub fn is_behind(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Day(day), Self::Day(other)) => day > other,
            (Self::Fixed(first, _), Self::Fixed(_, last)) => first > last,
            // They may be put back in between.
            (Self::Clock(first, _), Self::Clock(_, last)) => *first - *last > TimeDelta::hours(2),
            _ => false,
        }
    }
}

impl FromStr for Moment {
    type Err = String;

    /// Reads `2024-01-15`, or a time as [`Timestamp::read`] does: `2024-01-15T10:30`, `2024-01-15 10:30:00+01:00`.
    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if let Some(day) = timestamp::date(text) {
            return Ok(Self::Day(day));
        }
        let time = Timestamp::read(text).ok_or(
            "give a date (2024-01-15) or a time (2024-01-15T10:30, 2024-01-15T10:30:00+01:00)",
        )?;
        let last = time.time + length(text) - TimeDelta::nanoseconds(1);
        Ok(match time.spelling {
            Spelling::Zoneless => Self::Clock(time.time.naive_utc(), last.naive_utc()),
            _ => Self::Fixed(time.time, last),
        })
    }
}

/// How long the time is that `text` names: what is not written may be anything.
fn length(text: &str) -> TimeDelta {
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

    /// Whether a call is at or after a moment, and at or before it.
    fn stands(moment: &str, call: &str, zone: &str) -> (bool, bool) {
        let moment: Moment = moment.parse().expect("a moment");
        let call = Timestamp::read(call).expect("a time");
        let zone = match zone {
            "" => Zone::AsGiven,
            zone => zone.parse().expect("a zone"),
        };
        (
            moment.has_begun(call, &zone),
            moment.is_not_over(call, &zone),
        )
    }

    const BEFORE: (bool, bool) = (false, true);
    const AT: (bool, bool) = (true, true);
    const AFTER: (bool, bool) = (true, false);

    #[test]
    fn a_date_is_a_whole_day_in_the_zone() {
        let late = "2024-01-15T23:30:00Z";
        assert_eq!(stands("2024-01-15", late, ""), AT);
        assert_eq!(stands("2024-01-16", late, "Europe/Berlin"), AT);
        assert_eq!(stands("2024-01-15", late, "Europe/Berlin"), AFTER);
        assert_eq!(stands("2024-01-16", late, "utc"), BEFORE);
        // By default the offset in the body tells the day.
        assert_eq!(stands("2024-01-16", "2024-01-16T00:30:00+01:00", ""), AT);
        assert_eq!(stands("2024-01-15", "2024-01-16T00:30:00+01:00", "utc"), AT);
    }

    #[test]
    fn a_time_has_the_length_that_it_was_written_with() {
        let call = "2024-01-15T10:30:59.5Z";
        assert_eq!(stands("2024-01-15T10:30Z", call, ""), AT);
        assert_eq!(stands("2024-01-15T10:30:59Z", call, ""), AT);
        assert_eq!(stands("2024-01-15T10:30:59.4Z", call, ""), AFTER);
        assert_eq!(stands("2024-01-15T10:30:00Z", call, ""), AFTER);
        assert_eq!(stands("2024-01-15T11:31+01:00", call, ""), BEFORE);
        assert_eq!(stands("2024-01-15T11:30", call, "Europe/Berlin"), AT);
        assert_eq!(stands("2024-01-15 10:30", call, ""), AT);
        assert_eq!(stands("20240115T1030Z", call, ""), AT);
    }

    #[test]
    fn clocks_are_put_forward_and_back() {
        let berlin = "Europe/Berlin";
        // 02:30 comes twice on 27 October 2024 and belongs to both.
        let (summer, winter) = ("2024-10-27T00:30:00Z", "2024-10-27T01:30:00Z");
        assert_eq!(stands("2024-10-27T02:30", summer, berlin), AT);
        assert_eq!(stands("2024-10-27T02:30", winter, berlin), AT);
        // 02:45 in summer time has passed when it is 02:15 in winter time.
        let quarter_past = "2024-10-27T01:15:00Z";
        assert_eq!(stands("2024-10-27T02:45", quarter_past, berlin), AT);
        // 02:30 does not come on 31 March 2024.
        let (before, after) = ("2024-03-31T00:59:59Z", "2024-03-31T01:00:00Z");
        assert_eq!(stands("2024-03-31T02:30", before, berlin), BEFORE);
        assert_eq!(stands("2024-03-31T02:30", after, berlin), AFTER);
        // That day has 23 hours.
        assert_eq!(stands("2024-03-31", "2024-03-30T22:59:59Z", berlin), BEFORE);
        assert_eq!(stands("2024-03-31", "2024-03-30T23:00:00Z", berlin), AT);
        assert_eq!(stands("2024-03-31", "2024-03-31T21:59:59Z", berlin), AT);
        assert_eq!(stands("2024-03-31", "2024-03-31T22:00:00Z", berlin), AFTER);
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for not in [
            "",
            "yesterday",
            "15.01.2024",
            "2024-02-30",
            "10:30",
            "2024-01",
        ] {
            assert!(not.parse::<Moment>().is_err(), "{not}");
        }
    }
}
