//! The figures by day, and by hour and weekday.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use chrono::NaiveDate;

use super::context::{Answers, Context, local_day};
use super::dial_settings::DAY;
use super::model::{DayFigures, HourFigures, HourOfDay, WeekFigures};
use super::reason::Reason;
use crate::contract::WEEKDAYS;

/// Days without calls are listed if the period is at most this long.
const MAX_DAYS: u64 = 3_660;

impl Context<'_> {
    pub(super) fn days(&self) -> Vec<DayFigures> {
        let mut answers: BTreeMap<i32, Answers> = BTreeMap::new();
        for dial in self.rated_dials() {
            if let Some(day) = local_day(&self.sums.dials, dial) {
                answers.entry(day).or_default().add(dial);
            }
        }
        let days = &self.sums.days;
        let Some(range) = day_range(days) else {
            return Vec::new();
        };
        let is_short = day_count(&range) <= MAX_DAYS;
        let listed: Vec<i32> = if is_short {
            range.collect()
        } else {
            days.keys().copied().collect()
        };
        let figures = listed.into_iter().map(|day| {
            let calls = days.get(&day).copied().unwrap_or_default();
            DayFigures {
                day: format_day(day),
                calls: calls.calls,
                connected: calls.connected,
                answered: self.answer_rate(answers.get(&day).copied().unwrap_or_default()),
            }
        });
        figures.collect()
    }

    pub(super) fn week(&self) -> WeekFigures {
        let mut hours = [[Answers::default(); 24]; WEEKDAYS.len()];
        let mut by_hour = [Answers::default(); 24];
        for dial in self.rated_dials() {
            if let Some(seconds) = self.sums.dials.local_seconds(dial) {
                // 1 January 1970 was a Thursday.
                let weekday = (seconds.div_euclid(DAY) + 3).rem_euclid(7);
                let hour = seconds.rem_euclid(DAY) / 3600;
                let index = |number: i64| usize::try_from(number).expect("it is not negative");
                hours[index(weekday)][index(hour)].add(dial);
                by_hour[index(hour)].add(dial);
            }
        }
        let cells = WEEKDAYS.iter().zip(&hours).flat_map(|(weekday, hours)| {
            let hours = (0..).zip(hours).filter(|(_, answers)| answers.calls > 0);
            hours.map(|(hour, answers)| HourFigures {
                weekday,
                hour,
                answered: self.answer_rate(*answers),
            })
        });
        let hours: Vec<HourFigures> = cells.collect();
        let by_hour = (0..).zip(&by_hour);
        let by_hour = by_hour.filter(|(_, answers)| answers.calls > 0);
        let all_days: Vec<HourOfDay> = by_hour
            .map(|(hour, answers)| HourOfDay {
                hour,
                answered: self.answer_rate(*answers),
            })
            .collect();
        let no_time = hours.is_empty().then_some(Reason::NoReadableTime);
        WeekFigures {
            hours,
            best_hour: self.best_hour(&all_days),
            all_days,
            reason: self.unrated.clone().or(no_time),
        }
    }

    /// The hour of the day whose answer rate is certainly better than that of all calls: the lower
    /// end of its interval is above the upper end of theirs.
    fn best_hour(&self, hours: &[HourOfDay]) -> Option<HourOfDay> {
        let all = self.answered().high?;
        let better = hours.iter().filter(|hour| hour.answered.low > Some(all));
        // Of equal rates, the first.
        let best = better.reduce(|best, next| {
            if next.answered.low > best.answered.low {
                next
            } else {
                best
            }
        });
        best.cloned()
    }
}

/// First and last day.
pub(super) fn day_range<T>(days: &BTreeMap<i32, T>) -> Option<RangeInclusive<i32>> {
    Some(*days.first_key_value()?.0..=*days.last_key_value()?.0)
}

pub(super) fn day_count(range: &RangeInclusive<i32>) -> u64 {
    u64::from(range.end().abs_diff(*range.start())) + 1
}

fn format_day(day: i32) -> String {
    let date = NaiveDate::from_num_days_from_ce_opt(day);
    date.map_or_else(String::new, |date| date.to_string())
}
