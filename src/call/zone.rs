//! The zone in which times are told; it is always said.

use std::fmt::{self, Write as _};
use std::str::FromStr;

use chrono::format::{Item, StrftimeItems};
use chrono::{
    DateTime, FixedOffset, Local, MappedLocalTime, NaiveDateTime, Offset, TimeZone as _, Utc,
};
use chrono_tz::Tz;

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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Zone {
    /// The offset that the body itself gives.
    #[default]
    AsGiven,
    /// UTC.
    Utc,
    /// The zone of this computer.
    Local,
    /// A zone of the IANA time zone database.
    Named(Tz),
}

impl FromStr for Zone {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name.to_ascii_lowercase().as_str() {
            "utc" | "z" => Ok(Self::Utc),
            "local" => Ok(Self::Local),
            _ => chrono_tz::TZ_VARIANTS
                .into_iter()
                .find(|zone| zone.name().eq_ignore_ascii_case(name))
                .map(Self::Named)
                .ok_or_else(|| unknown_zone(name)),
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
            Self::Named(zone) => zone.name(),
        })
    }
}

fn unknown_zone(name: &str) -> String {
    let near = chrono_tz::TZ_VARIANTS
        .iter()
        .map(|zone| {
            let city = zone.name().rsplit('/').next().unwrap_or_default();
            let distance =
                |known| strsim::jaro_winkler(&name.to_lowercase(), &str::to_lowercase(known));
            (distance(zone.name()).max(distance(city)), zone.name())
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
    pub fn at(self, timestamp: Timestamp) -> DateTime<FixedOffset> {
        match self {
            Self::AsGiven => timestamp.time,
            Self::Utc => timestamp.time.with_timezone(&Utc.fix()),
            Self::Local => timestamp.time.with_timezone(&Local).fixed_offset(),
            Self::Named(zone) => timestamp.time.with_timezone(&zone).fixed_offset(),
        }
    }

    /// When clocks in this zone show `clock`: twice or never where they are put back or forward, and nobody knows where each body has its own offset.
    #[must_use]
    pub fn when(self, clock: NaiveDateTime) -> MappedLocalTime<DateTime<FixedOffset>> {
        match self {
            Self::AsGiven => MappedLocalTime::None,
            Self::Utc => Utc.fix().from_local_datetime(&clock),
            Self::Local => Local
                .from_local_datetime(&clock)
                .map(|time| time.fixed_offset()),
            Self::Named(zone) => zone
                .from_local_datetime(&clock)
                .map(|time| time.fixed_offset()),
        }
    }

    /// The time in this zone, with what the zone is called.
    fn shift(self, timestamp: Timestamp) -> (DateTime<FixedOffset>, String) {
        let time = self.at(timestamp);
        let name = match self {
            Self::AsGiven | Self::Local => offset_name(*time.offset()),
            Self::Utc => "UTC".to_owned(),
            Self::Named(zone) => timestamp.time.with_timezone(&zone).format("%Z").to_string(),
        };
        (time, name)
    }

    /// The time in this zone and that format.
    #[must_use]
    pub fn tell_as(self, timestamp: Timestamp, format: &TimeFormat) -> String {
        let time = self.at(timestamp);
        time.format_with_items(format.0.iter()).to_string()
    }

    /// To the second, with the weekday: `Mon 2024-01-15 10:30:00 UTC`.
    #[must_use]
    pub fn tell(self, timestamp: Timestamp) -> String {
        let (time, zone) = self.shift(timestamp);
        let assumed = match timestamp.spelling {
            Spelling::Zoneless => " (the body names no zone: UTC assumed)",
            _ => "",
        };
        format!("{} {zone}{assumed}", time.format("%a %Y-%m-%d %H:%M:%S"))
    }

    /// To the minute, for tables: `2024-01-15 10:30 UTC`, with `?` where the zone is assumed.
    #[must_use]
    pub fn tell_short(self, timestamp: Timestamp) -> String {
        let (time, zone) = self.shift(timestamp);
        let assumed = match timestamp.spelling {
            Spelling::Zoneless => "?",
            _ => "",
        };
        format!("{} {zone}{assumed}", time.format("%Y-%m-%d %H:%M"))
    }

    /// For machines, as ISO 8601 with an offset; `None` where the body's own text should stay as it is.
    #[must_use]
    pub fn tell_machine(self, timestamp: Timestamp) -> Option<String> {
        let utc_as_z = self == Self::Utc;
        (self != Self::AsGiven).then(|| {
            self.shift(timestamp)
                .0
                .to_rfc3339_opts(chrono::SecondsFormat::AutoSi, utc_as_z)
        })
    }
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
}
