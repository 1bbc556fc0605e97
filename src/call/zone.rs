//! The zone in which times are told; it is always said.

use std::fmt::{self, Write as _};
use std::str::FromStr;

use chrono::format::{Item, StrftimeItems};
use chrono::{
    DateTime, Datelike as _, FixedOffset, Local, MappedLocalTime, NaiveDateTime, Offset as _,
    TimeZone as _, Timelike as _, Utc,
};
use jiff::Timestamp as Instant;
use jiff::civil;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone, TimeZoneDatabase};

use super::timestamp::{Spelling, Timestamp};

/// How a time is written, in the signs of `strftime` (chrono's): `%d.%m.%Y %H:%M`. They are read once, for they are used for each time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeFormat(Vec<Item<'static>>);

impl TimeFormat {
    /// As spreadsheets take it for a date and a time, in any language: ISO 8601 with a space.
    #[must_use]
    pub fn of_spreadsheets() -> Self {
        "%Y-%m-%d %H:%M:%S".parse().expect("it is one")
    }
}

impl FromStr for TimeFormat {
    type Err = String;

    fn from_str(format: &str) -> Result<Self, String> {
        let items = StrftimeItems::new(format).parse_to_owned();
        // Some signs are for reading only: whether the format can be written shows when it is.
        let is_good = |items: &Vec<Item>| {
            let epoch = DateTime::UNIX_EPOCH.fixed_offset();
            let written = epoch.format_with_items(items.iter());
            !items.is_empty() && write!(String::new(), "{written}").is_ok()
        };
        let items = items.ok().filter(is_good);
        let none = || "no format of strftime, such as %Y-%m-%d or %d.%m.%Y %H:%M".to_owned();
        items.map(Self).ok_or_else(none)
    }
}

/// The zone in which times are told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Zone {
    /// The offset that the body itself gives.
    #[default]
    AsGiven,
    /// UTC.
    Utc,
    /// The zone of this computer.
    Local,
    /// A zone of the IANA time zone database.
    Named(TimeZone),
}

impl FromStr for Zone {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name.to_ascii_lowercase().as_str() {
            "utc" | "z" => Ok(Self::Utc),
            "local" => Ok(Self::Local),
            _ => TimeZoneDatabase::bundled()
                .get(name)
                .map(Self::Named)
                .map_err(|_| unknown_zone(name)),
        }
    }
}

impl fmt::Display for Zone {
    /// Its name: `Europe/Berlin`.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::AsGiven => "the offset in the body",
            Self::Utc => "UTC",
            Self::Local => "this computer's zone",
            Self::Named(zone) => zone.iana_name().unwrap_or_default(),
        })
    }
}

fn unknown_zone(name: &str) -> String {
    let zones = TimeZoneDatabase::bundled();
    let near = zones
        .available()
        .map(|zone| {
            let city = zone.as_str().rsplit('/').next().unwrap_or_default();
            let distance =
                |known| strsim::jaro_winkler(&name.to_lowercase(), &str::to_lowercase(known));
            (distance(zone.as_str()).max(distance(city)), zone)
        })
        .max_by(|a, b| a.0.total_cmp(&b.0));
    match near {
        Some((likeness, zone)) if likeness > 0.8 => {
            format!("no such time zone; did you mean {zone}?")
        }
        _ => "no such time zone; give an IANA name such as Europe/Berlin, or local, or utc"
            .to_owned(),
    }
}

impl Zone {
    /// The time as clocks in this zone show it.
    #[must_use]
    pub fn at(&self, timestamp: Timestamp) -> DateTime<FixedOffset> {
        let time = timestamp.time;
        match self {
            Self::AsGiven => time,
            Self::Utc => time.with_timezone(&Utc.fix()),
            Self::Local => time.with_timezone(&Local).fixed_offset(),
            Self::Named(zone) => time.with_timezone(&fixed(zone.to_offset(instant(time)))),
        }
    }

    /// When clocks in this zone show `clock`: twice or never where they are put back or forward, and nobody knows where each body has its own offset.
    #[must_use]
    pub fn when(&self, clock: NaiveDateTime) -> MappedLocalTime<DateTime<FixedOffset>> {
        match self {
            Self::AsGiven => MappedLocalTime::None,
            Self::Utc => Utc.fix().from_local_datetime(&clock),
            Self::Local => Local
                .from_local_datetime(&clock)
                .map(|time| time.fixed_offset()),
            Self::Named(zone) => when_in(zone, clock),
        }
    }

    /// The time in this zone, with what the zone is called.
    fn shift(&self, timestamp: Timestamp) -> (DateTime<FixedOffset>, String) {
        let time = self.at(timestamp);
        let name = match self {
            Self::AsGiven | Self::Local => offset_name(*time.offset()),
            Self::Utc => "UTC".to_owned(),
            Self::Named(zone) => zone.to_offset_info(instant(time)).abbreviation().to_owned(),
        };
        (time, name)
    }

    /// The time in this zone and that format.
    #[must_use]
    pub fn tell_as(&self, timestamp: Timestamp, format: &TimeFormat) -> String {
        let time = self.at(timestamp);
        time.format_with_items(format.0.iter()).to_string()
    }

    /// To the second, with the weekday: `Mon 2024-01-15 10:30:00 UTC`.
    #[must_use]
    pub fn tell(&self, timestamp: Timestamp) -> String {
        let (time, zone) = self.shift(timestamp);
        let assumed = match timestamp.spelling {
            Spelling::Zoneless => " (the body names no zone: UTC assumed)",
            _ => "",
        };
        format!("{} {zone}{assumed}", time.format("%a %Y-%m-%d %H:%M:%S"))
    }

    /// To the minute, for tables: `2024-01-15 10:30 UTC`, with `?` where the zone is assumed.
    #[must_use]
    pub fn tell_short(&self, timestamp: Timestamp) -> String {
        let (time, zone) = self.shift(timestamp);
        let assumed = match timestamp.spelling {
            Spelling::Zoneless => "?",
            _ => "",
        };
        format!("{} {zone}{assumed}", time.format("%Y-%m-%d %H:%M"))
    }

    /// For machines, as ISO 8601 with an offset; `None` where the body's own text should stay as it is.
    #[must_use]
    pub fn tell_machine(&self, timestamp: Timestamp) -> Option<String> {
        let utc_as_z = *self == Self::Utc;
        (*self != Self::AsGiven).then(|| {
            self.shift(timestamp)
                .0
                .to_rfc3339_opts(chrono::SecondsFormat::AutoSi, utc_as_z)
        })
    }
}

/// When clocks in a zone of the database show `clock`.
fn when_in(zone: &TimeZone, clock: NaiveDateTime) -> MappedLocalTime<DateTime<FixedOffset>> {
    let Some(shown) = civil_time(clock) else {
        return MappedLocalTime::None;
    };
    let at = |offset| clock.and_local_timezone(fixed(offset));
    match zone.to_ambiguous_timestamp(shown).offset() {
        AmbiguousOffset::Unambiguous { offset } => at(offset),
        AmbiguousOffset::Gap { .. } => MappedLocalTime::None,
        AmbiguousOffset::Fold { before, after } => {
            match (at(before).single(), at(after).single()) {
                (Some(first), Some(second)) => MappedLocalTime::Ambiguous(first, second),
                _ => MappedLocalTime::None,
            }
        }
    }
}

/// The same time. Of the last day of the year 9999 it is the last that is known: no zone changes its clocks on it.
fn instant(time: DateTime<FixedOffset>) -> Instant {
    let (first, last) = (Instant::MIN.as_second(), Instant::MAX.as_second());
    Instant::from_second(time.timestamp().clamp(first, last)).unwrap_or(Instant::MAX)
}

/// The same clock.
fn civil_time(clock: NaiveDateTime) -> Option<civil::DateTime> {
    let small = |number: u32| i8::try_from(number).ok();
    civil::DateTime::new(
        i16::try_from(clock.year()).ok()?,
        small(clock.month())?,
        small(clock.day())?,
        small(clock.hour())?,
        small(clock.minute())?,
        small(clock.second())?,
        0,
    )
    .ok()
}

/// The same offset; none is a day or more.
fn fixed(offset: Offset) -> FixedOffset {
    FixedOffset::east_opt(offset.seconds()).unwrap_or(Utc.fix())
}

fn offset_name(offset: FixedOffset) -> String {
    if offset.local_minus_utc() == 0 {
        "UTC".to_owned()
    } else {
        offset.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_with_their_zone() {
        let time = Timestamp::read("2024-07-15T10:30:00+02:00").expect("readable");
        let berlin: Zone = "Europe/Berlin".parse().expect("a zone");
        assert_eq!(Zone::AsGiven.tell(time), "Mon 2024-07-15 10:30:00 +02:00");
        assert_eq!(Zone::Utc.tell(time), "Mon 2024-07-15 08:30:00 UTC");
        assert_eq!(berlin.tell_short(time), "2024-07-15 10:30 CEST");
        assert_eq!(
            berlin.tell_machine(time).as_deref(),
            Some("2024-07-15T10:30:00+02:00")
        );
        let zoneless = Timestamp::read("2024-07-15 10:30:00").expect("readable");
        assert_eq!(Zone::AsGiven.tell_short(zoneless), "2024-07-15 10:30 UTC?");
    }

    #[test]
    fn an_unknown_zone_is_answered_with_a_near_one() {
        let error = "berlin".parse::<Zone>().expect_err("no zone");
        assert!(error.contains("Europe/Berlin"), "{error}");
    }

    #[test]
    fn clocks_that_are_put_back_show_a_time_twice_and_put_forward_never() {
        let berlin: Zone = "europe/BERLIN".parse().expect("a zone");
        assert_eq!(berlin.to_string(), "Europe/Berlin");
        let when = |clock: &str| {
            let clock = clock.parse().expect("a clock");
            berlin.when(clock).map(|time| time.to_rfc3339())
        };
        let single = "2024-01-15T10:30:00+01:00".to_owned();
        assert_eq!(when("2024-01-15T10:30:00"), MappedLocalTime::Single(single));
        assert_eq!(when("2024-03-31T02:30:00"), MappedLocalTime::None);
        let [first, second] = ["2024-10-27T02:30:00+02:00", "2024-10-27T02:30:00+01:00"];
        let twice = MappedLocalTime::Ambiguous(first.to_owned(), second.to_owned());
        assert_eq!(when("2024-10-27T02:30:00"), twice);
    }

    #[test]
    fn the_first_and_the_last_time_have_an_offset_too() {
        for text in ["0000-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"] {
            let time = Timestamp::read(text).expect("readable");
            let berlin: Zone = "Europe/Berlin".parse().expect("a zone");
            assert_eq!(berlin.at(time).to_utc(), time.time.to_utc());
            assert!(berlin.tell(time).ends_with(" LMT") || berlin.tell(time).ends_with(" CET"));
        }
    }
}
