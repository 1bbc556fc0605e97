//! The IANA time zone database, as bundled with jiff. This is the only file that uses jiff: its
//! zones follow the rule in the footer of a `TZif` file (RFC 9636 §3.3), so that they are right in
//! any year, while chrono-tz has a list of transitions that ends in 2099. All other code uses
//! chrono.

use chrono::{
    DateTime, Datelike as _, FixedOffset, MappedLocalTime, NaiveDateTime, Offset as _,
    Timelike as _, Utc,
};
use jiff::Timestamp as Instant;
use jiff::civil;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone, TimeZoneDatabase};

/// A zone of the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedZone(TimeZone);

/// The names of all zones.
pub(super) fn zone_names() -> impl Iterator<Item = String> {
    let zones = TimeZoneDatabase::bundled();
    let names: Vec<String> = zones.available().map(|name| name.to_string()).collect();
    names.into_iter()
}

impl NamedZone {
    /// Finds a zone by its name, in any case.
    pub(super) fn find(name: &str) -> Option<Self> {
        TimeZoneDatabase::bundled().get(name).map(Self).ok()
    }

    /// The name: `Europe/Berlin`.
    pub(super) fn name(&self) -> &str {
        self.0.iana_name().unwrap_or_default()
    }

    /// The offset from UTC at a point in time.
    pub(super) fn offset_at(&self, time: DateTime<FixedOffset>) -> FixedOffset {
        to_fixed_offset(self.0.to_offset(to_instant(time)))
    }

    /// The abbreviation at a point in time: `CEST`.
    pub(super) fn abbreviation_at(&self, time: DateTime<FixedOffset>) -> String {
        let info = self.0.to_offset_info(to_instant(time));
        info.abbreviation().to_owned()
    }

    /// Converts a local time to a point in time.
    pub(super) fn resolve_local(
        &self,
        local_time: NaiveDateTime,
    ) -> MappedLocalTime<DateTime<FixedOffset>> {
        let Some(civil) = to_civil(local_time) else {
            return MappedLocalTime::None;
        };
        let at = |offset| local_time.and_local_timezone(to_fixed_offset(offset));
        match self.0.to_ambiguous_timestamp(civil).offset() {
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
}

/// Converts a chrono time to a jiff timestamp, in whole seconds. Times on the last day of the year
/// 9999 are clamped to the latest time that jiff supports; no zone changes its offset on that day.
fn to_instant(time: DateTime<FixedOffset>) -> Instant {
    let (first, last) = (Instant::MIN.as_second(), Instant::MAX.as_second());
    Instant::from_second(time.timestamp().clamp(first, last)).unwrap_or(Instant::MAX)
}

/// Converts a chrono local time to jiff's type, in whole seconds.
fn to_civil(local_time: NaiveDateTime) -> Option<civil::DateTime> {
    let small = |number: u32| i8::try_from(number).ok();
    civil::DateTime::new(
        i16::try_from(local_time.year()).ok()?,
        small(local_time.month())?,
        small(local_time.day())?,
        small(local_time.hour())?,
        small(local_time.minute())?,
        small(local_time.second())?,
        0,
    )
    .ok()
}

/// Converts a jiff offset to chrono's type. This never falls back to UTC because no offset reaches
/// 24 hours.
fn to_fixed_offset(offset: Offset) -> FixedOffset {
    FixedOffset::east_opt(offset.seconds()).unwrap_or(Utc.fix())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn daylight_saving_time_continues_after_2099() {
        let zone = NamedZone::find("Europe/Berlin").expect("a zone");
        let at = |text: &str| zone.abbreviation_at(text.parse().expect("a time"));
        assert_eq!(at("2150-01-15T10:30:00Z"), "CET");
        assert_eq!(at("2150-07-15T10:30:00Z"), "CEST");
    }
}
