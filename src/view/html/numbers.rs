//! Numbers, durations and dates in the language of a report.

use std::fmt::Display;

use chrono::{Datelike as _, NaiveDate};

use super::language::Language;
use crate::stats::Rate;
use crate::text::plural::{format_grouped, format_grouped_decimal};

/// A space at which no line is broken.
pub(super) const NO_BREAK: char = '\u{a0}';

/// Replaces a value that is not known.
pub(super) const DASH: &str = "–";

const MONTHS: [(&str, &str); 12] = [
    ("January", "Januar"),
    ("February", "Februar"),
    ("March", "März"),
    ("April", "April"),
    ("May", "Mai"),
    ("June", "Juni"),
    ("July", "Juli"),
    ("August", "August"),
    ("September", "September"),
    ("October", "Oktober"),
    ("November", "November"),
    ("December", "Dezember"),
];

/// Short and full names, from Monday.
const WEEKDAYS: [[&str; 4]; 7] = [
    ["Mon", "Mo", "Monday", "Montag"],
    ["Tue", "Di", "Tuesday", "Dienstag"],
    ["Wed", "Mi", "Wednesday", "Mittwoch"],
    ["Thu", "Do", "Thursday", "Donnerstag"],
    ["Fri", "Fr", "Friday", "Freitag"],
    ["Sat", "Sa", "Saturday", "Samstag"],
    ["Sun", "So", "Sunday", "Sonntag"],
];

impl Language {
    /// `1,380` or `1.380`.
    pub(super) fn count(self, count: u64) -> String {
        match self {
            Self::En => format_grouped(count),
            Self::De => format_grouped(count).replace(',', "."),
        }
    }

    /// A number with one decimal: `1,234.5` or `1.234,5`.
    pub(super) fn decimal(self, value: f64) -> String {
        self.with_decimals(value, 1)
    }

    /// An amount of money without its currency: `1,234.50` or `1.234,50`.
    pub(super) fn money(self, value: f64) -> String {
        self.with_decimals(value, 2)
    }

    fn with_decimals(self, value: f64, digits: usize) -> String {
        let text = format_grouped_decimal(value, digits);
        match self {
            Self::En => text,
            Self::De => text.replace(',', " ").replace('.', ",").replace(' ', "."),
        }
    }

    /// A duration: `2m 07s`, `31h 12m` or `2 min 07 s`, `31 h 12 min`.
    pub(super) fn duration(self, seconds: u64) -> String {
        let (minutes, seconds) = (seconds / 60, seconds % 60);
        let (hours, rest) = (minutes / 60, minutes % 60);
        keep_together(match (self, hours, minutes) {
            (Self::En, 0, 0) => format!("{seconds}s"),
            (Self::En, 0, _) => format!("{minutes}m {seconds:02}s"),
            (Self::En, _, _) => format!("{}h {rest:02}m", self.count(hours)),
            (Self::De, 0, 0) => format!("{seconds} s"),
            (Self::De, 0, _) => format!("{minutes} min {seconds:02} s"),
            (Self::De, _, _) => format!("{} h {rest:02} min", self.count(hours)),
        })
    }

    /// A duration that is rounded to whole seconds.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a mean of talk times fits into 32 bits"
    )]
    pub(super) fn rounded_duration(self, seconds: f64) -> String {
        self.duration(seconds.round() as u64)
    }

    /// A date in a sentence: `15 January 2024` or `15. Januar 2024`.
    pub(super) fn long_date(self, date: NaiveDate) -> String {
        let (day, month, year) = (date.day(), self.month_name(date), date.year());
        keep_together(match self {
            Self::En => format!("{day} {month} {year}"),
            Self::De => format!("{day}. {month} {year}"),
        })
    }

    /// A date in a table: `15 Jan 2024` or `15.01.2024`.
    pub(super) fn short_date(self, date: NaiveDate) -> String {
        match self {
            Self::En => {
                let month = &self.month_name(date)[..3];
                keep_together(format!("{} {month} {}", date.day(), date.year()))
            }
            Self::De => date.format("%d.%m.%Y").to_string(),
        }
    }

    /// `Mon 15 Jan 2024` or `Mo, 15.01.2024`.
    pub(super) fn day(self, date: NaiveDate) -> String {
        let weekday = self.short_weekday(date.weekday().num_days_from_monday() as usize);
        let comma = self.choose("", ",");
        keep_together(format!("{weekday}{comma} {}", self.short_date(date)))
    }

    /// `January 2024` or `Januar 2024`.
    pub(super) fn month(self, date: NaiveDate) -> String {
        keep_together(format!("{} {}", self.month_name(date), date.year()))
    }

    fn month_name(self, date: NaiveDate) -> &'static str {
        let (english, german) = MONTHS[date.month0() as usize];
        self.choose(english, german)
    }

    /// The short name of a weekday, from 0 for Monday.
    pub(super) fn short_weekday(self, index: usize) -> &'static str {
        self.choose(WEEKDAYS[index][0], WEEKDAYS[index][1])
    }

    /// The name of a weekday, from 0 for Monday.
    pub(super) fn weekday(self, index: usize) -> &'static str {
        self.choose(WEEKDAYS[index][2], WEEKDAYS[index][3])
    }
}

/// A rate in whole percent, as in [`Rate::percent`]; a dash without a value. Both languages write
/// it alike.
pub(super) fn percent(rate: &Rate) -> String {
    let percent = rate.percent();
    percent.map_or_else(|| DASH.to_owned(), keep_together)
}

/// The interval of a rate in whole percent; a dash without a value.
pub(super) fn interval_text(rate: &Rate) -> String {
    match rate.interval() {
        Some((low, high)) => keep_together(percent_range(low, high)),
        None => DASH.to_owned(),
    }
}

/// A range of whole percent.
pub(super) fn percent_range(low: impl Display, high: impl Display) -> String {
    format!("{low}–{high}{NO_BREAK}%")
}

/// Replaces spaces, so that no line is broken within the text.
fn keep_together(text: impl AsRef<str>) -> String {
    text.as_ref()
        .replace(' ', NO_BREAK.encode_utf8(&mut [0; 4]))
}

#[cfg(test)]
mod tests {
    use super::Language::{De, En};
    use super::*;
    use crate::stats::Reason;

    fn plain(text: impl AsRef<str>) -> String {
        text.as_ref().replace(NO_BREAK, " ")
    }

    #[test]
    fn numbers_are_in_the_language() {
        assert_eq!(
            [En, De].map(|it| it.count(1_234_567)),
            ["1,234,567", "1.234.567"]
        );
        assert_eq!(
            [En, De].map(|it| it.decimal(1234.54)),
            ["1,234.5", "1.234,5"]
        );
        assert_eq!([En, De].map(|it| it.decimal(2.97)), ["3.0", "3,0"]);
        let rate = Rate::new(412, 1380, Reason::NoLeads);
        assert_eq!(plain(percent(&rate)), "30 %");
        assert_eq!(plain(interval_text(&rate)), "27–32 %");
        assert_eq!(
            [En, De].map(|it| it.money(1234.5)),
            ["1,234.50", "1.234,50"]
        );
        assert_eq!(percent(&Rate::unknown(Reason::NoLeads)), DASH);
    }

    #[test]
    fn durations_have_two_units() {
        for (seconds, english, german) in [
            (0, "0s", "0 s"),
            (59, "59s", "59 s"),
            (127, "2m 07s", "2 min 07 s"),
            (3599, "59m 59s", "59 min 59 s"),
            (112_320, "31h 12m", "31 h 12 min"),
            (4_500_060, "1,250h 01m", "1.250 h 01 min"),
        ] {
            let texts = [En, De].map(|it| plain(it.duration(seconds)));
            assert_eq!(texts, [english, german]);
        }
    }

    #[test]
    fn dates_are_in_the_language() {
        let date = NaiveDate::from_ymd_opt(2024, 3, 5).expect("a date");
        let all = |it: Language| [it.long_date(date), it.day(date), it.month(date)].map(plain);
        assert_eq!(all(En), ["5 March 2024", "Tue 5 Mar 2024", "March 2024"]);
        assert_eq!(all(De), ["5. März 2024", "Di, 05.03.2024", "März 2024"]);
    }
}
