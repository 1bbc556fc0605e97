//! Times of calls: reading the spellings that arrive, and telling them in the zone that the user wants. The zone is always said.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, FixedOffset, Local, NaiveDate, NaiveDateTime, NaiveTime, Offset, Utc};
use chrono_tz::Tz;

/// How a time was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// `2024-01-15T10:30:00Z`: ISO 8601 extended format with an offset from UTC, as the contract wants it.
    Iso8601,
    /// `2025-08-04 14:34:05`: a known variant without a zone; read as UTC.
    Zoneless,
    /// `2024-01-15 10:30:00Z`, `2024-01-15t10:30:00z`: allowed by RFC 3339 §5.6 where people read it, not by ISO 8601.
    Loose,
}

/// A point in time, with the offset that it was written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timestamp {
    /// The time, in its own offset; UTC where none was written.
    pub time: DateTime<FixedOffset>,
    /// How it was written.
    pub spelling: Spelling,
}

impl Timestamp {
    /// Reads a calendar date, `T` or a space, a time of day to the minute or finer, and `Z`, `±hh:mm`, `±hhmm`, `±hh` or no offset
    /// (ISO 8601-1 §5.4.2), in extended format (`2024-01-15T10:30:00Z`) or basic format (`20240115T103000Z`).
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut reader = Reader(text.as_bytes());
        let is_extended = text.as_bytes().get(4) == Some(&b'-');
        let date = reader.date(is_extended)?;
        let separator = reader.one_of(b"Tt ")?;
        let (time, is_next_day) = reader.time_of_day(is_extended)?;
        let has_small_z = reader.0 == b"z";
        let offset = reader.offset()?;
        if !reader.0.is_empty() {
            return None;
        }
        let spelling = match (offset, separator) {
            (None, _) => Spelling::Zoneless,
            (Some(_), b'T') if !has_small_z => Spelling::Iso8601,
            (Some(_), _) => Spelling::Loose,
        };
        let date = if is_next_day { date.succ_opt()? } else { date };
        let offset = offset.unwrap_or(Utc.fix());
        let time = NaiveDateTime::new(date, time)
            .and_local_timezone(offset)
            .single()?;
        Some(Self { time, spelling })
    }
}

/// What is left to read.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn one_of(&mut self, set: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        set.contains(first).then(|| {
            self.0 = rest;
            *first
        })
    }

    fn number(&mut self, digits: usize) -> Option<u32> {
        let text = self.0.get(..digits)?;
        self.0 = &self.0[digits..];
        text.iter().try_fold(0, |number, digit| {
            digit
                .is_ascii_digit()
                .then(|| number * 10 + u32::from(digit - b'0'))
        })
    }

    /// The separator that the extended format has.
    fn separator(&mut self, separator: u8, is_extended: bool) -> Option<()> {
        if is_extended {
            self.one_of(&[separator])?;
        }
        Some(())
    }

    fn date(&mut self, is_extended: bool) -> Option<NaiveDate> {
        let year = self.number(4)?;
        self.separator(b'-', is_extended)?;
        let month = self.number(2)?;
        self.separator(b'-', is_extended)?;
        NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, self.number(2)?)
    }

    /// The time of day, and whether it is the end of the day (`24:00`), which is the next day's beginning.
    fn time_of_day(&mut self, is_extended: bool) -> Option<(NaiveTime, bool)> {
        let mut hour = self.number(2)?;
        self.separator(b':', is_extended)?;
        let minute = self.number(2)?;
        let mut second = 0;
        let mut nanosecond = 0;
        let has_seconds = match self.0.first() {
            Some(b':') => is_extended,
            Some(digit) => !is_extended && digit.is_ascii_digit(),
            None => false,
        };
        if has_seconds {
            self.separator(b':', is_extended)?;
            second = self.number(2)?;
            if self.one_of(b".,").is_some() {
                nanosecond = self.fraction()?;
            }
        }
        let is_end_of_day = (hour, minute, second, nanosecond) == (24, 0, 0, 0);
        if is_end_of_day {
            hour = 0;
        }
        if second == 60 {
            // A leap second; chrono writes it as the 59th with more than a second's nanoseconds.
            (second, nanosecond) = (59, nanosecond + 1_000_000_000);
        }
        let time = NaiveTime::from_hms_nano_opt(hour, minute, second, nanosecond)?;
        Some((time, is_end_of_day))
    }

    /// Any number of digits after the point, as nanoseconds; finer ones are passed over.
    fn fraction(&mut self) -> Option<u32> {
        let digits = self
            .0
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        if digits == 0 {
            return None;
        }
        let kept = digits.min(9);
        let number = self.number(kept)?;
        self.0 = &self.0[digits - kept..];
        Some((kept..9).fold(number, |number, _| number * 10))
    }

    /// The offset: none at all is `Some(None)`, an unreadable one `None`.
    #[expect(
        clippy::option_option,
        reason = "unreadable and absent are different answers here"
    )]
    fn offset(&mut self) -> Option<Option<FixedOffset>> {
        if self.0.is_empty() {
            return Some(None);
        }
        let sign = match self.one_of(b"Zz+-")? {
            b'+' => 1,
            b'-' => -1,
            _ => return Some(Some(Utc.fix())),
        };
        let hours = self.number(2)?;
        let has_minutes = self.one_of(b":").is_some() || !self.0.is_empty();
        let minutes = if has_minutes { self.number(2)? } else { 0 };
        if minutes > 59 {
            return None;
        }
        let seconds = i32::try_from(hours * 3600 + minutes * 60).ok()?;
        FixedOffset::east_opt(sign * seconds).map(Some)
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
    /// The time in this zone, with what the zone is called.
    fn shift(self, timestamp: Timestamp) -> (DateTime<FixedOffset>, String) {
        match self {
            Self::AsGiven => (timestamp.time, offset_name(*timestamp.time.offset())),
            Self::Utc => (timestamp.time.with_timezone(&Utc.fix()), "UTC".to_owned()),
            Self::Local => {
                let time = timestamp.time.with_timezone(&Local).fixed_offset();
                (time, offset_name(*time.offset()))
            }
            Self::Named(zone) => {
                let time = timestamp.time.with_timezone(&zone);
                let name = time.format("%Z").to_string();
                (time.fixed_offset(), name)
            }
        }
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

/// A length of time in seconds, as people say it: `45s`, `3m 00s`, `1h 02m 05s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TalkTime(pub i128);

impl fmt::Display for TalkTime {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let seconds = self.0.unsigned_abs();
        let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        match (hours, minutes) {
            (0, 0) => write!(f, "{sign}{seconds}s"),
            (0, _) => write!(f, "{sign}{minutes}m {seconds:02}s"),
            _ => write!(f, "{sign}{hours}h {minutes:02}m {seconds:02}s"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelling(text: &str) -> Option<Spelling> {
        Timestamp::read(text).map(|timestamp| timestamp.spelling)
    }

    #[test]
    fn the_spellings_that_arrive_are_told_apart() {
        for iso in [
            "2024-01-15T10:30:00Z",
            "2024-01-15T10:30:00.000000Z",
            "2024-01-15T10:30:00.12345+01:00",
            "2024-01-15T10:30+0100",
            "2024-01-15T10:30:00-05",
            "2016-12-31T23:59:60Z",
            "2024-01-15T24:00:00Z",
            "20240115T103300Z",
            "20240115T1033+0100",
        ] {
            assert_eq!(spelling(iso), Some(Spelling::Iso8601), "{iso}");
        }
        assert_eq!(spelling("2025-08-04 14:34:05"), Some(Spelling::Zoneless));
        assert_eq!(spelling("2025-08-04T14:34:05"), Some(Spelling::Zoneless));
        assert_eq!(spelling("2024-01-15 10:30:00Z"), Some(Spelling::Loose));
        assert_eq!(spelling("2024-01-15T10:30:00z"), Some(Spelling::Loose));
        for not in [
            "",
            "10:30:00",
            "2024-01-15",
            "15.01.2024 10:33",
            "2024-02-30T10:30:00Z",
            "2024-01-15T24:00:01Z",
            "2024-01-15T103000Z",
            "20240115T10:30:00Z",
            "2024-01-15T10:30:00.Z",
            "2024-01-15T10:30:00+01:60",
            "2024-01-15T10:30:00+1:00",
            "2024-01-15T10:30:00Z ",
            "２０２４-01-15T10:30:00Z",
        ] {
            assert_eq!(spelling(not), None, "{not}");
        }
    }

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
    fn talk_time_reads_as_people_say_it() {
        let told: Vec<String> = [0, 45, 180, 3725, -61]
            .map(|s| TalkTime(s).to_string())
            .into();
        assert_eq!(told, ["0s", "45s", "3m 00s", "1h 02m 05s", "-1m 01s"]);
    }
}
