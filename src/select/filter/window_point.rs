//! The points in time at which windows start and end, and the lengths of windows.

use chrono::{
    DateTime, Days, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, TimeDelta, Utc,
};

use super::time_bound::{CONTRADICTION, TimeBound};
use super::written_bound::{first_instant, start_of_day};
use crate::time::zone::Zone;

/// An end of a window.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point {
    /// The local time; `None` if the zone is unknown.
    local: Option<NaiveDateTime>,
    /// The point in time; `None` if it depends on the offset of each call.
    instant: Option<DateTime<FixedOffset>>,
}

/// The length of a window.
#[derive(Clone, Copy, Debug)]
pub(super) enum Length {
    /// Days of the calendar, of 23 to 25 hours each.
    Days(u64),
    Time(TimeDelta),
}

impl Point {
    /// The start of the period that a bound means.
    pub(super) fn start(bound: TimeBound, zone: &Zone) -> Self {
        match bound {
            TimeBound::Days(first, _) => Self::at_midnight(first, zone),
            TimeBound::Fixed(first, _) => Self::at_instant(first, zone),
            TimeBound::Clock(first, _) => Self::at_local(first, first_instant(first, zone), zone),
        }
    }

    /// The time at which the period that a bound means is over.
    pub(super) fn end(bound: TimeBound, zone: &Zone) -> Self {
        let nanosecond = TimeDelta::nanoseconds(1);
        match bound {
            TimeBound::Days(_, last) => {
                Self::at_midnight(last.succ_opt().unwrap_or(NaiveDate::MAX), zone)
            }
            TimeBound::Fixed(_, last) => Self::at_instant(last + nanosecond, zone),
            TimeBound::Clock(_, last) => {
                let latest = zone.resolve_local(last).latest();
                let instant = latest.map(|last| last + nanosecond);
                let next = last + nanosecond;
                Self::at_local(next, instant.or_else(|| first_instant(next, zone)), zone)
            }
        }
    }

    fn at_midnight(day: NaiveDate, zone: &Zone) -> Self {
        Self {
            local: Some(day.and_time(NaiveTime::MIN)),
            instant: start_of_day(day, zone),
        }
    }

    fn at_instant(instant: DateTime<FixedOffset>, zone: &Zone) -> Self {
        let local = (*zone != Zone::FromBody).then(|| zone.localize_time(instant));
        let day = local.map(|local| local.date_naive());
        match day.filter(|day| start_of_day(*day, zone) == Some(instant)) {
            Some(day) => Self::at_midnight(day, zone),
            None => Self {
                local: local.map(|local| local.naive_local()),
                instant: Some(local.unwrap_or(instant)),
            },
        }
    }

    fn at_local(local: NaiveDateTime, instant: Option<DateTime<FixedOffset>>, zone: &Zone) -> Self {
        if local.time() == NaiveTime::MIN {
            return Self::at_midnight(local.date(), zone);
        }
        Self {
            local: Some(local),
            instant,
        }
    }

    /// The day that starts here.
    pub(super) fn day(self) -> Option<NaiveDate> {
        let local = self.local?;
        (local.time() == NaiveTime::MIN).then(|| local.date())
    }

    pub(super) fn is_over(self, now: DateTime<Utc>, zone: &Zone) -> bool {
        match (self.instant, self.local) {
            (Some(instant), _) => instant <= now,
            (None, Some(local)) => local <= zone.localize_time(now.fixed_offset()).naive_local(),
            (None, None) => true,
        }
    }

    /// The time as ISO 8601, with an offset if it is known.
    pub(super) fn name(self) -> String {
        match (self.instant, self.local) {
            (Some(instant), _) => instant.to_rfc3339_opts(SecondsFormat::AutoSi, true),
            (None, local) => local.map_or_else(String::new, |local| {
                local.format("%Y-%m-%dT%H:%M:%S%.f").to_string()
            }),
        }
    }
}

/// The length of the window between two points: in days if both are midnights.
pub(super) fn length(start: Point, end: Point, has_until: bool) -> Result<Length, String> {
    let length = if let (Some(first), Some(next)) = (start.day(), end.day()) {
        let days = (next - first).num_days();
        u64::try_from(days)
            .ok()
            .filter(|days| *days > 0)
            .map(Length::Days)
    } else {
        let instants = start.instant.zip(end.instant);
        let length = match (instants, start.local.zip(end.local)) {
            (Some((start, end)), _) => end - start,
            (None, Some((start, end))) => end - start,
            (None, None) => {
                return Err(
                    "--compare needs --tz ZONE: one end of the window has an offset, and the \
                     other has none"
                        .to_owned(),
                );
            }
        };
        (length > TimeDelta::zero()).then_some(Length::Time(length))
    };
    length.ok_or_else(|| {
        if has_until {
            CONTRADICTION.to_owned()
        } else {
            "--compare: --since is not before today, but without --until the window ends with \
             yesterday, the last full day"
                .to_owned()
        }
    })
}

/// The bound at which the window before starts, of the kind of `since`, which is at `start` in
/// `zone`. `None` if no calendar has it.
pub(super) fn start_before(
    since: TimeBound,
    start: Point,
    length: Length,
    zone: &Zone,
) -> Option<TimeBound> {
    let length = match length {
        Length::Days(days) => {
            let day = start.day()?.checked_sub_days(Days::new(days))?;
            return Some(match (since, start_of_day(day, zone)) {
                (TimeBound::Fixed(..), Some(first)) => TimeBound::Fixed(first, first),
                _ => TimeBound::Days(day, day),
            });
        }
        Length::Time(length) => length,
    };
    if let Some(instant) = start.instant {
        let first = instant.checked_sub_signed(length)?;
        return Some(TimeBound::Fixed(first, first));
    }
    let first = start.local?.checked_sub_signed(length)?;
    Some(TimeBound::Clock(first, first))
}
