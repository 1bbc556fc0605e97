//! The time zone in which times are shown. Every formatted time names its zone.

use std::fmt::{self, Write as _};
use std::str::FromStr;

use chrono::format::{Item, StrftimeItems};
use chrono::{
    DateTime, FixedOffset, MappedLocalTime, NaiveDateTime, Offset as _, TimeZone as _, Utc,
};

use super::timestamp::{Spelling, Timestamp};
use super::tz_database::{self, NamedZone};

/// A format for times, in the `strftime` syntax of chrono: `%d.%m.%Y %H:%M`. It is parsed once
/// because it is applied to every time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TimeFormat(Vec<Item<'static>>);

impl TimeFormat {
    /// A time in this format that is as long as any: September and Wednesday are the longest names.
    #[must_use]
    pub(crate) fn example(&self) -> String {
        let time = DateTime::from_timestamp(1_727_304_778, 0).expect("it is in 2024");
        time.format_with_items(self.0.iter()).to_string()
    }

    /// The parts of the format.
    pub(crate) fn items(&self) -> &[Item<'static>] {
        &self.0
    }

    /// The format that spreadsheets recognize as date and time in any language: ISO 8601 with a
    /// space instead of the `T`.
    #[must_use]
    pub(crate) fn spreadsheet() -> Self {
        "%Y-%m-%d %H:%M:%S".parse().expect("it is one")
    }
}

impl FromStr for TimeFormat {
    type Err = String;

    fn from_str(format: &str) -> Result<Self, String> {
        let items = StrftimeItems::new(format).parse_to_owned();
        // Some specifiers cannot be used for output. chrono reports that only when formatting.
        let can_format = |items: &Vec<Item>| {
            let epoch = DateTime::UNIX_EPOCH.fixed_offset();
            let formatted = epoch.format_with_items(items.iter());
            !items.is_empty() && write!(String::new(), "{formatted}").is_ok()
        };
        let items = items.ok().filter(can_format);
        let error = || "expected a strftime format, such as %Y-%m-%d or %d.%m.%Y %H:%M".to_owned();
        items.map(Self).ok_or_else(error)
    }
}

/// The name of the zone of this computer.
pub(crate) const LOCAL_TIME: &str = "local time";

/// The zone in which times are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Zone {
    /// The UTC offset that each time has in the body.
    #[default]
    FromBody,
    /// UTC.
    Utc,
    /// The local zone of this computer.
    Local(LocalZone),
    /// A zone of the IANA time zone database.
    Named(NamedZone),
    /// A fixed UTC offset.
    Fixed(FixedOffset),
}

/// The local zone of this computer, which the program around the engine knows.
#[derive(Clone, Copy, Debug)]
pub struct LocalZone {
    /// Converts a time to local time.
    pub(crate) localize: fn(DateTime<FixedOffset>) -> DateTime<FixedOffset>,
    /// Converts a local time to a point in time, as [`Zone::resolve_local`] does.
    pub(crate) resolve: fn(NaiveDateTime) -> MappedLocalTime<DateTime<FixedOffset>>,
}

impl PartialEq for LocalZone {
    /// Always true: a computer has one local zone.
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl Eq for LocalZone {}

impl FromStr for Zone {
    type Err = String;

    /// Parses `utc` or an IANA name. For `local` see [`Zone::Local`].
    fn from_str(name: &str) -> Result<Self, String> {
        match name.to_ascii_lowercase().as_str() {
            "utc" | "z" => Ok(Self::Utc),
            _ => NamedZone::find(name)
                .map(Self::Named)
                .ok_or_else(|| unknown_zone_message(name)),
        }
    }
}

impl fmt::Display for Zone {
    /// Writes the zone's name, such as `Europe/Berlin`, or a description.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::FromBody => "the offset in the body",
            Self::Utc => "UTC",
            Self::Local(_) => "the zone of this computer",
            Self::Named(zone) => zone.name(),
            Self::Fixed(offset) => return f.write_str(&offset_name(*offset)),
        })
    }
}

fn unknown_zone_message(name: &str) -> String {
    let near = tz_database::zone_names()
        .map(|zone| {
            let city = zone.rsplit('/').next().unwrap_or_default();
            let similarity =
                |known| strsim::jaro_winkler(&name.to_lowercase(), &str::to_lowercase(known));
            (similarity(&zone).max(similarity(city)), zone)
        })
        .max_by(|a, b| a.0.total_cmp(&b.0));
    match near {
        Some((similarity, zone)) if similarity > 0.8 => {
            format!("unknown time zone; did you mean {zone}?")
        }
        _ => "unknown time zone; expected an IANA name such as Europe/Berlin, `local` or `utc`"
            .to_owned(),
    }
}

impl Zone {
    /// The names of all zones of the database.
    pub(crate) fn names() -> impl Iterator<Item = String> {
        tz_database::zone_names()
    }

    /// The name of the zone for the heading of times without offset.
    #[must_use]
    pub(crate) fn heading_name(&self) -> String {
        match self {
            Self::Local(_) => LOCAL_TIME.to_owned(),
            zone => zone.to_string(),
        }
    }

    /// Converts a timestamp to the local time of this zone.
    #[must_use]
    pub fn localize(&self, timestamp: Timestamp) -> DateTime<FixedOffset> {
        self.localize_time(timestamp.time)
    }

    /// Converts a time to the local time of this zone.
    #[must_use]
    pub(crate) fn localize_time(&self, time: DateTime<FixedOffset>) -> DateTime<FixedOffset> {
        match self {
            Self::FromBody => time,
            Self::Utc => time.with_timezone(&Utc.fix()),
            Self::Local(zone) => (zone.localize)(time),
            Self::Named(zone) => time.with_timezone(&zone.offset_at(time)),
            Self::Fixed(offset) => time.with_timezone(offset),
        }
    }

    /// Converts a local time of this zone to a point in time. At daylight saving changes a local
    /// time occurs twice or never. For [`Zone::FromBody`] the result is always `None` because every
    /// body has its own offset.
    #[must_use]
    pub(crate) fn resolve_local(
        &self,
        local_time: NaiveDateTime,
    ) -> MappedLocalTime<DateTime<FixedOffset>> {
        match self {
            Self::FromBody => MappedLocalTime::None,
            Self::Utc => Utc.fix().from_local_datetime(&local_time),
            Self::Local(zone) => (zone.resolve)(local_time),
            Self::Named(zone) => zone.resolve_local(local_time),
            Self::Fixed(offset) => offset.from_local_datetime(&local_time),
        }
    }

    /// Formats a time in this zone with the given `format`.
    #[must_use]
    pub(crate) fn format_as(&self, timestamp: Timestamp, format: &TimeFormat) -> String {
        let time = self.localize(timestamp);
        time.format_with_items(format.0.iter()).to_string()
    }

    /// Formats a time to the second, with the weekday: `Mon 2024-01-15 10:30:00 UTC`. A note says
    /// if the zone is assumed.
    #[must_use]
    pub(crate) fn format(&self, timestamp: Timestamp) -> String {
        let time = self.localize(timestamp);
        let zone = match self {
            Self::FromBody | Self::Local(_) | Self::Fixed(_) => offset_name(*time.offset()),
            Self::Utc => "UTC".to_owned(),
            Self::Named(zone) => zone.abbreviation_at(time),
        };
        let assumed = match timestamp.spelling {
            Spelling::Zoneless => " (UTC assumed: the body has no zone)",
            _ => "",
        };
        format!("{} {zone}{assumed}", time.format("%a %Y-%m-%d %H:%M:%S"))
    }

    /// The one zone of a table whose first row has this time: this zone, or the offset of `first`
    /// if this zone is that of each time. Without a first time it is UTC.
    #[must_use]
    pub(crate) fn of_table(&self, first: Option<Timestamp>) -> Self {
        match self {
            Self::FromBody => first.map_or(Self::Utc, |first| Self::Fixed(*first.time.offset())),
            zone => zone.clone(),
        }
    }

    /// The name of the zone in the heading of a column: `Europe/Berlin`, `+01:00`, `UTC`. The short
    /// name is that of the city.
    #[must_use]
    pub(crate) fn heading_names(&self) -> (String, String) {
        let name = self.heading_name();
        let city = name.rsplit('/').next().unwrap_or_default();
        let short = city.replace('_', " ");
        (name, short)
    }

    /// Formats a time to the minute without its zone: `2024-01-15 10:30`. A `?` after it means that
    /// the body has no zone and UTC is assumed.
    #[must_use]
    pub(crate) fn format_minutes(&self, timestamp: Timestamp) -> String {
        let assumed = match timestamp.spelling {
            Spelling::Zoneless => "?",
            _ => "",
        };
        let time = self.localize(timestamp);
        format!("{}{assumed}", time.format("%Y-%m-%d %H:%M"))
    }

    /// Formats a time for machines, as ISO 8601 with an offset. For [`Zone::FromBody`] the result
    /// is `None`: the body's text is then used verbatim.
    #[must_use]
    pub(crate) fn format_machine(&self, timestamp: Timestamp) -> Option<String> {
        let utc_as_z = *self == Self::Utc;
        (*self != Self::FromBody).then(|| {
            self.localize(timestamp)
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
    fn times_are_formatted_with_their_zone() {
        let time = Timestamp::read("2024-07-15T10:30:00+02:00").expect("readable");
        let berlin: Zone = "Europe/Berlin".parse().expect("a zone");
        assert_eq!(
            Zone::FromBody.format(time),
            "Mon 2024-07-15 10:30:00 +02:00"
        );
        assert_eq!(Zone::Utc.format(time), "Mon 2024-07-15 08:30:00 UTC");
        assert_eq!(berlin.format_minutes(time), "2024-07-15 10:30");
        assert_eq!(
            berlin.format_machine(time).as_deref(),
            Some("2024-07-15T10:30:00+02:00")
        );
        let zoneless = Timestamp::read("2024-07-15 10:30:00").expect("readable");
        assert_eq!(berlin.format_minutes(zoneless), "2024-07-15 12:30?");
    }

    #[test]
    fn a_table_has_one_zone() {
        let names = |zone: Zone, first: Option<&str>| {
            let first = first.map(|text| Timestamp::read(text).expect("readable"));
            zone.of_table(first).heading_names()
        };
        let both = |long: &str, short: &str| (long.to_owned(), short.to_owned());
        let first = Some("2024-07-15T10:30:00+05:30");
        let zone = |name: &str| name.parse::<Zone>().expect("a zone");
        assert_eq!(names(Zone::FromBody, first), both("+05:30", "+05:30"));
        assert_eq!(
            names(Zone::FromBody, Some("2024-07-15T10:30:00Z")),
            both("UTC", "UTC")
        );
        assert_eq!(names(Zone::FromBody, None), both("UTC", "UTC"));
        assert_eq!(
            names(zone("america/new_york"), first),
            both("America/New_York", "New York")
        );
    }

    #[test]
    fn a_similar_zone_is_suggested_for_an_unknown_one() {
        let error = "berlin".parse::<Zone>().expect_err("no zone");
        assert!(error.contains("Europe/Berlin"), "{error}");
    }

    #[test]
    fn local_times_occur_twice_or_never_at_daylight_saving_changes() {
        let berlin: Zone = "europe/BERLIN".parse().expect("a zone");
        assert_eq!(berlin.to_string(), "Europe/Berlin");
        let resolve = |local_time: &str| {
            let local_time = local_time.parse().expect("a local time");
            berlin
                .resolve_local(local_time)
                .map(|time| time.to_rfc3339())
        };
        let single = "2024-01-15T10:30:00+01:00".to_owned();
        assert_eq!(
            resolve("2024-01-15T10:30:00"),
            MappedLocalTime::Single(single)
        );
        assert_eq!(resolve("2024-03-31T02:30:00"), MappedLocalTime::None);
        let [first, second] = ["2024-10-27T02:30:00+02:00", "2024-10-27T02:30:00+01:00"];
        let twice = MappedLocalTime::Ambiguous(first.to_owned(), second.to_owned());
        assert_eq!(resolve("2024-10-27T02:30:00"), twice);
    }

    #[test]
    fn the_first_and_the_last_time_have_an_offset_too() {
        for text in ["0000-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"] {
            let time = Timestamp::read(text).expect("readable");
            let berlin: Zone = "Europe/Berlin".parse().expect("a zone");
            assert_eq!(berlin.localize(time).to_utc(), time.time.to_utc());
            assert!(berlin.format(time).ends_with(" LMT") || berlin.format(time).ends_with(" CET"));
        }
    }
}
