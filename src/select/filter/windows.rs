//! The two windows of time that a report compares: that of `--since` and `--until`, and the one
//! before it, which ends where the first starts and is as long.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::time_bound::{CONTRADICTION, TimeBound};
use super::window_point::{Length, Point, length, start_before};
use super::written_bound::{WrittenBound, days_before_today};
use crate::call::contract_object::ContractObject;
use crate::call::read_timestamp;
use crate::contract::field_index;
use crate::time::zone::Zone;

/// The window of a report, and the one before.
#[derive(Clone, Debug)]
pub(crate) struct Windows {
    /// Where the window before starts, the window starts and the window ends.
    before: TimeBound,
    since: TimeBound,
    until: TimeBound,
    /// True if the filter has no end: the window ends with the last full day.
    ends_with_yesterday: bool,
    /// The zone of dates and of times without an offset in the bounds.
    zone: Zone,
    ends_before: WindowEnds,
    ends: WindowEnds,
    /// The zone that days are counted in; `None` if it is that of the calls.
    zone_name: Option<String>,
    is_over: bool,
}

/// The first and the last day of a window, such as `2024-01-15`. If it does not consist of whole
/// days, the times at which it starts and ends, such as `2024-01-15T10:30:00+01:00`; a call at its
/// end is not in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct WindowEnds {
    pub(crate) from: String,
    pub(crate) to: String,
}

/// Where a call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Window {
    Before,
    Current,
    /// After the window, which ends with the last full day.
    After,
}

/// The options that choose the windows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WrittenWindow<'z> {
    pub(crate) since: Option<WrittenBound>,
    pub(crate) until: Option<WrittenBound>,
    pub(crate) now: DateTime<Utc>,
    /// The zone of the filter.
    pub(crate) zone: &'z Zone,
    /// The zone of days that are counted from today.
    pub(crate) day_zone: &'z Zone,
}

impl Windows {
    /// The windows of these options. Fails with a message for the user if there are none.
    pub(crate) fn new(written: WrittenWindow) -> Result<Self, String> {
        let Some(since_option) = written.since else {
            return Err(
                "--compare needs --since: the window from then on is compared with the one \
                 before, as with --since 8d"
                    .to_owned(),
            );
        };
        let since = since_option.at(written.now, written.day_zone);
        let yesterday = WrittenBound::DaysAgo(1);
        let until = match (written.until, since) {
            (Some(until), _) => until.at(written.now, written.day_zone),
            // Without a zone, days are those of each call, like the days of `--since`.
            (None, TimeBound::Days(..) | TimeBound::Clock(..))
                if *written.zone == Zone::FromBody =>
            {
                let day = days_before_today(1, written.now, written.day_zone);
                TimeBound::Days(day, day)
            }
            (None, _) => yesterday.at(written.now, written.day_zone),
        };
        if written.until.is_some() && since.is_later_than(&until) {
            return Err(CONTRADICTION.to_owned());
        }
        let zone_of = |option| match option {
            WrittenBound::DaysAgo(_) => written.day_zone,
            WrittenBound::Calendar(_) => written.zone,
        };
        let start = Point::start(since, zone_of(since_option));
        let end = Point::end(until, zone_of(written.until.unwrap_or(yesterday)));
        let length = length(start, end, written.until.is_some())?;
        let before = start_before(since, start, length, zone_of(since_option));
        let before =
            before.ok_or("--compare: the window before would start before all calendars")?;
        let counts_from_today = matches!(since_option, WrittenBound::DaysAgo(_))
            || matches!(written.until, Some(WrittenBound::DaysAgo(_)) | None);
        let zone_name = match written.zone {
            Zone::FromBody if counts_from_today => Some(written.day_zone.heading_name()),
            Zone::FromBody => None,
            zone => Some(zone.heading_name()),
        };
        Ok(Self {
            ends_before: WindowEnds::new(
                Point::start(before, zone_of(since_option)),
                start,
                length,
            ),
            ends: WindowEnds::new(start, end, length),
            before,
            since,
            until,
            ends_with_yesterday: written.until.is_none(),
            zone: written.zone.clone(),
            zone_name,
            is_over: end.is_over(written.now, written.day_zone),
        })
    }

    /// The bounds of both windows: where the one before starts, and where the window ends. There is
    /// no end if the calls of today are to be counted, which are excluded only because the day is
    /// not over.
    pub(super) fn bounds(&self) -> (TimeBound, Option<TimeBound>) {
        let until = (!self.ends_with_yesterday).then_some(self.until);
        (self.before, until)
    }

    /// The window of a call between [`Self::bounds`].
    #[must_use]
    pub(crate) fn window_of(&self, body: &ContractObject) -> Window {
        let created_at = body.get(const { field_index("/created_at") });
        let Some(time) = created_at.and_then(read_timestamp) else {
            return Window::After;
        };
        if !self.since.is_not_after(time, &self.zone) {
            Window::Before
        } else if self.until.is_not_before(time, &self.zone) {
            Window::Current
        } else {
            Window::After
        }
    }

    /// The ends of the window.
    #[must_use]
    pub(crate) fn ends(&self) -> &WindowEnds {
        &self.ends
    }

    /// The ends of the window before.
    #[must_use]
    pub(crate) fn ends_before(&self) -> &WindowEnds {
        &self.ends_before
    }

    /// The name of the zone of the windows; `None` if it is that of the calls.
    #[must_use]
    pub(crate) fn zone_name(&self) -> Option<&str> {
        self.zone_name.as_deref()
    }

    /// True if the end of the window is not in the future.
    #[must_use]
    pub(crate) fn is_over(&self) -> bool {
        self.is_over
    }

    /// True if the window ends with the last full day because no end was given.
    #[must_use]
    pub(crate) fn ends_with_yesterday(&self) -> bool {
        self.ends_with_yesterday
    }
}

impl WindowEnds {
    fn new(from: Point, to: Point, length: Length) -> Self {
        match (length, from.day(), to.day().and_then(|day| day.pred_opt())) {
            (Length::Days(_), Some(from), Some(to)) => Self {
                from: from.to_string(),
                to: to.to_string(),
            },
            _ => Self {
                from: from.name(),
                to: to.name(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-11-23T08:00:00Z";

    /// The windows of `--since` and `--until` (if it is not empty) with `--tz`, at [`NOW`]. The
    /// zone of the computer is New York.
    fn windows(since: &str, until: &str, zone: &str) -> Result<Windows, String> {
        let bound = |text: &str| text.parse::<WrittenBound>().expect("a bound");
        let computer: Zone = "America/New_York".parse().expect("a zone");
        let zone = match zone {
            "" => Zone::FromBody,
            zone => zone.parse().expect("a zone"),
        };
        Windows::new(WrittenWindow {
            since: Some(bound(since)),
            until: Some(until).filter(|until| !until.is_empty()).map(bound),
            now: NOW.parse().expect("a time"),
            zone: &zone,
            day_zone: if zone == Zone::FromBody {
                &computer
            } else {
                &zone
            },
        })
    }

    /// Both windows: `FROM/TO BEFORE_FROM/BEFORE_TO`.
    fn ends(since: &str, until: &str, zone: &str) -> String {
        match windows(since, until, zone) {
            Ok(windows) => {
                let [window, before] = [windows.ends(), windows.ends_before()]
                    .map(|ends| format!("{}/{}", ends.from, ends.to));
                format!("{window} {before}")
            }
            Err(message) => message,
        }
    }

    #[test]
    fn the_window_before_is_as_long_and_ends_where_the_window_starts() {
        for (since, until, zone, expected) in [
            // Today is not over.
            (
                "8d",
                "",
                "Europe/Berlin",
                "2026-11-16/2026-11-22 2026-11-09/2026-11-15",
            ),
            (
                "2026-11-16",
                "",
                "Europe/Berlin",
                "2026-11-16/2026-11-22 2026-11-09/2026-11-15",
            ),
            // Without a zone, today is that of the computer: here, the 23rd is 3 hours old.
            ("8d", "", "", "2026-11-16/2026-11-22 2026-11-09/2026-11-15"),
            (
                "2026-11-16",
                "",
                "",
                "2026-11-16/2026-11-22 2026-11-09/2026-11-15",
            ),
            (
                "2026-11",
                "2026-11-20",
                "utc",
                "2026-11-01/2026-11-20 2026-10-12/2026-10-31",
            ),
            (
                "2025",
                "2025",
                "utc",
                "2025-01-01/2025-12-31 2024-01-02/2024-12-31",
            ),
            (
                "today",
                "today",
                "utc",
                "2026-11-23/2026-11-23 2026-11-22/2026-11-22",
            ),
            // Days in Berlin that start at different offsets: 25 October 2026 has 25 hours.
            (
                "2026-10-25T00:00+02:00",
                "2026-10-25T23:59+01:00",
                "Europe/Berlin",
                "2026-10-25/2026-10-25 2026-10-24/2026-10-24",
            ),
            (
                "2026-10-26",
                "2026-10-26",
                "Europe/Berlin",
                "2026-10-26/2026-10-26 2026-10-25/2026-10-25",
            ),
            // Without a zone, an offset makes a time, not a day.
            (
                "2026-11-16T00:00+01:00",
                "2026-11-16T23:59+01:00",
                "",
                "2026-11-16T00:00:00+01:00/2026-11-17T00:00:00+01:00 \
                 2026-11-15T00:00:00+01:00/2026-11-16T00:00:00+01:00",
            ),
            // Times are compared by seconds: 24 hours before 12:00 in winter are 13:00 in summer.
            (
                "2026-10-25T12:00",
                "2026-10-26T11:59",
                "Europe/Berlin",
                "2026-10-25T12:00:00+01:00/2026-10-26T12:00:00+01:00 \
                 2026-10-24T13:00:00+02:00/2026-10-25T12:00:00+01:00",
            ),
            (
                "2026-11-16T10:00",
                "2026-11-16T11:29:59",
                "",
                "2026-11-16T10:00:00/2026-11-16T11:30:00 2026-11-16T08:30:00/2026-11-16T10:00:00",
            ),
        ] {
            assert_eq!(ends(since, until, zone), expected, "{since} {until} {zone}");
        }
    }

    #[test]
    fn windows_that_cannot_be_compared_are_refused() {
        for (since, until, zone, part) in [
            ("today", "", "utc", "yesterday, the last full day"),
            ("2027", "", "utc", "yesterday, the last full day"),
            (
                "2026-11-16",
                "2026-11-15",
                "utc",
                "--since is later than --until",
            ),
            (
                "2026-11-16T12:00",
                "2026-11-16T11:00",
                "utc",
                "--since is later than --until",
            ),
            (
                "2026-11-16",
                "2026-11-16T12:00Z",
                "",
                "--compare needs --tz ZONE",
            ),
        ] {
            let message = windows(since, until, zone).expect_err("no windows");
            assert!(message.contains(part), "{since} {until}: {message}");
        }
    }

    #[test]
    fn a_window_that_is_not_over_is_known() {
        for (until, zone, is_over) in [
            ("", "utc", true),
            ("yesterday", "utc", true),
            ("today", "utc", false),
            ("2026-11-23T07:59", "utc", true),
            ("2026-11-23T08:00", "utc", false),
            ("2026-11-22", "", true),
            ("2026-11-23", "", false),
            ("2026-11-23T02:59", "", true),
            ("2026-11-23T03:00", "", false),
        ] {
            let windows = windows("2026-11-16", until, zone).expect("windows");
            assert_eq!(windows.is_over(), is_over, "{until} {zone}");
        }
    }
}
