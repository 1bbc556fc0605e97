//! Number formats of spreadsheets for times (ECMA-376, part 1, §18.8.31), from `strftime` formats.

use anyhow::{anyhow, bail};
use chrono::format::{Fixed, Item, Numeric, Pad};

use crate::time::zone::TimeFormat;

/// The format of times unless the user sets one. ISO 8601 reads the same in every language.
pub(super) const DEFAULT_TIME_FORMAT: &str = "yyyy-mm-dd hh:mm:ss";

/// Maximum length of a number format in Excel.
const MAX_LENGTH: usize = 255;

/// Makes the names of months and weekdays English, as in other formats of `export`.
const ENGLISH: &str = "[$-409]";

/// A part of a time. Spreadsheets write minutes like months, and distinguish them by their place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TimePart {
    Month,
    HourOf24,
    HourOf12,
    /// AM or PM.
    HalfOfDay,
    Minute,
    Second,
    /// The name of a month or weekday.
    Name,
    Other,
}

/// Converts a format of times to a number format. Fails, with the reason, if there is none.
pub(crate) fn number_format(format: &TimeFormat) -> anyhow::Result<String> {
    let mut code = NumberFormat::default();
    for item in format.items() {
        match item {
            Item::Literal(text) | Item::Space(text) => code.push_literal(text)?,
            Item::OwnedLiteral(text) | Item::OwnedSpace(text) => code.push_literal(text)?,
            Item::Numeric(numeric, pad) => code.push_numeric(numeric, *pad)?,
            Item::Fixed(fixed) => code.push_fixed(fixed)?,
            Item::Error => bail!("it is not a format"),
        }
    }
    code.finish()
}

/// A number format while it is converted.
#[derive(Default)]
struct NumberFormat {
    code: String,
    parts: Vec<TimePart>,
}

impl NumberFormat {
    fn push(&mut self, part: TimePart, code: &str) {
        self.parts.push(part);
        self.code.push_str(code);
    }

    /// Appends text. Only characters that are literal in every language stay without quotes.
    fn push_literal(&mut self, text: &str) -> anyhow::Result<()> {
        for character in text.chars() {
            match character {
                ' ' | '-' | '.' | ',' | ':' => self.code.push(character),
                '"' | '/' => self.code.extend(['\\', character]),
                _ if character.is_control() => {
                    bail!("a cell cannot have line breaks or tabs in a time")
                }
                _ => self.code.extend(['"', character, '"']),
            }
        }
        Ok(())
    }

    fn push_numeric(&mut self, numeric: &Numeric, pad: Pad) -> anyhow::Result<()> {
        let (part, padded, unpadded) = match numeric {
            Numeric::Year => (TimePart::Other, "yyyy", Some("yyyy")),
            Numeric::YearMod100 => (TimePart::Other, "yy", None),
            Numeric::Month => (TimePart::Month, "mm", Some("m")),
            Numeric::Day => (TimePart::Other, "dd", Some("d")),
            Numeric::Hour => (TimePart::HourOf24, "hh", Some("h")),
            Numeric::Hour12 => (TimePart::HourOf12, "hh", Some("h")),
            Numeric::Minute => (TimePart::Minute, "mm", Some("m")),
            Numeric::Second => (TimePart::Second, "ss", Some("s")),
            other => bail!("a spreadsheet cannot show {}", numeric_name(other)),
        };
        let code = match pad {
            Pad::Zero => Some(padded),
            Pad::None => unpadded,
            Pad::Space => None,
        };
        let code = code.ok_or_else(|| {
            anyhow!("a spreadsheet cannot pad with blanks or shorten a year; use %d, %-d or %y")
        })?;
        self.push(part, code);
        Ok(())
    }

    fn push_fixed(&mut self, fixed: &Fixed) -> anyhow::Result<()> {
        let (part, code) = match fixed {
            Fixed::ShortMonthName => (TimePart::Name, "mmm"),
            Fixed::LongMonthName => (TimePart::Name, "mmmm"),
            Fixed::ShortWeekdayName => (TimePart::Name, "ddd"),
            Fixed::LongWeekdayName => (TimePart::Name, "dddd"),
            Fixed::UpperAmPm => (TimePart::HalfOfDay, "AM/PM"),
            Fixed::Nanosecond3 if self.parts.last() == Some(&TimePart::Second) => {
                (TimePart::Other, ".000")
            }
            Fixed::Nanosecond3 => {
                bail!("a spreadsheet shows fractions only after seconds (%S%.3f)")
            }
            Fixed::LowerAmPm => bail!("a spreadsheet shows AM and PM in upper case (%p)"),
            Fixed::RFC2822
            | Fixed::RFC3339
            | Fixed::TimezoneName
            | Fixed::TimezoneOffset
            | Fixed::TimezoneOffsetZ
            | Fixed::TimezoneOffsetColon
            | Fixed::TimezoneOffsetColonZ
            | Fixed::TimezoneOffsetDoubleColon
            | Fixed::TimezoneOffsetTripleColon => {
                bail!("a cell has no time zone; the heading names it")
            }
            _ => bail!("a spreadsheet shows fractions of a second only as %.3f"),
        };
        self.push(part, code);
        Ok(())
    }

    /// Checks the parts of the format against each other and returns it.
    fn finish(self) -> anyhow::Result<String> {
        let is_hour = |part: &TimePart| matches!(part, TimePart::HourOf24 | TimePart::HourOf12);
        for (index, part) in self.parts.iter().enumerate() {
            let follows_hours = index > 0 && is_hour(&self.parts[index - 1]);
            let precedes_seconds = self.parts.get(index + 1) == Some(&TimePart::Second);
            let is_read_as_minutes = follows_hours || precedes_seconds;
            match part {
                TimePart::Minute if !is_read_as_minutes => {
                    bail!("a spreadsheet shows minutes only after hours or before seconds")
                }
                TimePart::Month if is_read_as_minutes => {
                    bail!("a spreadsheet reads a month after hours or before seconds as minutes")
                }
                _ => {}
            }
        }
        let has = |part| self.parts.contains(&part);
        if has(TimePart::HourOf12) && !has(TimePart::HalfOfDay) {
            bail!("a spreadsheet shows hours up to 12 only together with AM or PM (%p)");
        }
        if has(TimePart::HourOf24) && has(TimePart::HalfOfDay) {
            bail!("a spreadsheet shows AM or PM only with hours up to 12 (%I)");
        }
        if self.parts.is_empty() {
            bail!("it shows no part of a time");
        }
        let has_words = has(TimePart::Name) || has(TimePart::HalfOfDay);
        let language = if has_words { ENGLISH } else { "" };
        // Quoted characters in a row need one pair of quotes.
        let code = language.to_owned() + &self.code.replace("\"\"", "");
        if code.chars().count() > MAX_LENGTH {
            bail!("a spreadsheet has formats of up to {MAX_LENGTH} characters");
        }
        Ok(code)
    }
}

fn numeric_name(numeric: &Numeric) -> &'static str {
    match numeric {
        Numeric::YearDiv100 | Numeric::IsoYearDiv100 => "centuries",
        Numeric::IsoYear | Numeric::IsoYearMod100 => "years of weeks",
        Numeric::WeekFromSun | Numeric::WeekFromMon | Numeric::IsoWeek => "numbers of weeks",
        Numeric::NumDaysFromSun | Numeric::WeekdayFromMon => "numbers of weekdays",
        Numeric::Ordinal => "days of the year",
        Numeric::Quarter => "quarters",
        Numeric::Nanosecond => "nanoseconds",
        Numeric::Timestamp => "seconds since 1970",
        _ => "this part of a time",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_with_the_same_meaning_are_converted() {
        for (format, code) in [
            ("%Y-%m-%d %H:%M:%S", "yyyy-mm-dd hh:mm:ss"),
            ("%d.%m.%Y", "dd.mm.yyyy"),
            ("%-d.%-m.%y, %-H:%M Uhr", "d.m.yy, h:mm \"Uhr\""),
            ("%m/%d/%Y %I:%M %p", "[$-409]mm\\/dd\\/yyyy hh:mm AM/PM"),
            ("%a %d %b %Y", "[$-409]ddd dd mmm yyyy"),
            ("%A, %B", "[$-409]dddd, mmmm"),
            ("%FT%T", "yyyy-mm-dd\"T\"hh:mm:ss"),
            ("%M:%S%.3f", "mm:ss.000"),
            ("%Hh%M", "hh\"h\"mm"),
            ("%D %R", "mm\\/dd\\/yy hh:mm"),
            ("\"%Y\" 100%% [red];", "\\\"yyyy\\\" \"100%\" \"[red];\""),
        ] {
            let parsed: TimeFormat = format.parse().expect(format);
            assert_eq!(number_format(&parsed).expect(format), code, "{format}");
        }
    }

    #[test]
    fn formats_without_equivalent_have_a_reason() {
        for (format, reason) in [
            ("%Y-%m-%dT%H:%M:%S%z", "no time zone"),
            ("%Z", "no time zone"),
            ("%+", "no time zone"),
            ("%c", "pad with blanks"),
            ("%e.%m.", "pad with blanks"),
            ("%V", "numbers of weeks"),
            ("%j", "days of the year"),
            ("%s", "seconds since 1970"),
            ("%H:%M:%S%.6f", "only as %.3f"),
            ("%.3f", "after seconds"),
            ("%I:%M", "together with AM or PM"),
            ("%H:%M %p", "only with hours up to 12"),
            ("%P", "upper case"),
            ("%M", "only after hours"),
            ("%H %m", "as minutes"),
            ("%Y%n%m", "line breaks"),
            ("heute", "no part of a time"),
        ] {
            let parsed: TimeFormat = format.parse().expect(format);
            let error = number_format(&parsed).expect_err(format).to_string();
            assert!(error.contains(reason), "{format}: {error}");
        }
    }
}
