//! What judges a call of a campaign: the settings that its body has, and its local time.

use crate::call::campaign::Campaign;
use crate::call::parse_string;
use crate::contract::WEEKDAYS;
use crate::json::{Json, plain_text};
use crate::time::time_of_day::seconds_since_midnight;

/// Seconds of a day.
pub(super) const DAY: i64 = 24 * 60 * 60;

/// The settings of a campaign in one body, and the offset of its time. There are few different
/// ones, so calls refer to them by number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct DialSettings {
    /// Seconds from UTC to local time.
    pub(super) offset: i32,
    pub(super) campaign: CampaignSettings,
}

/// The settings that limit calls. `None` if the body lacks one, or if it is unreadable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct CampaignSettings {
    pub(super) max_retries: Option<u32>,
    /// Minutes between two calls of a lead.
    pub(super) retry_interval: Option<u32>,
    pub(super) max_in_parallel: Option<u32>,
    /// One bit per allowed weekday, from Monday. None is set if the list names no weekday, or
    /// something else.
    days: Option<u8>,
    /// The allowed part of the day in seconds, or [`WHOLE_DAY`]; the end is not part of it.
    hours: Option<(u32, u32)>,
}

/// All hours of a day, which are no limit.
const WHOLE_DAY: (u32, u32) = (0, 24 * 60 * 60);

impl CampaignSettings {
    pub(super) fn read(campaign: &Campaign) -> Self {
        let number = |value: Option<Json>| value?.as_u64()?.try_into().ok();
        Self {
            max_retries: number(campaign.max_retries()),
            retry_interval: number(campaign.retry_interval()),
            max_in_parallel: number(campaign.max_calls_in_parallel()),
            days: campaign.allowed_days().and_then(read_days),
            hours: read_hours(campaign),
        }
    }

    /// Adds the settings of another body that this one lacks. Returns false if one differs.
    pub(super) fn complete(&mut self, other: &Self) -> bool {
        fn complete<T: Copy + PartialEq>(known: &mut Option<T>, other: Option<T>) -> bool {
            other.is_none_or(|other| *known.get_or_insert(other) == other)
        }
        complete(&mut self.max_retries, other.max_retries)
            && complete(&mut self.retry_interval, other.retry_interval)
            && complete(&mut self.max_in_parallel, other.max_in_parallel)
            && complete(&mut self.days, other.days)
            && complete(&mut self.hours, other.hours)
    }

    /// The most calls that the campaign makes to one lead: the first and the retries.
    pub(super) fn max_attempts(&self) -> Option<u64> {
        self.max_retries.map(|retries| u64::from(retries) + 1)
    }

    /// True if the campaign may call at this local time, in seconds since 1970. `None` if it limits
    /// neither days nor hours, or if its days are unreadable. The hours after midnight of a window
    /// that crosses it belong to the day before.
    pub(super) fn allow(&self, local_seconds: i64) -> Option<bool> {
        if self.days == Some(0) {
            return None;
        }
        let (day, second) = (local_seconds.div_euclid(DAY), local_seconds.rem_euclid(DAY));
        let hours = self.hours.filter(|hours| *hours != WHOLE_DAY);
        let (day, is_in_hours) = match hours.map(|(start, end)| (start.into(), end.into())) {
            None if self.days.is_none() => return None,
            None => (day, true),
            Some((start, end)) if start < end => (day, (start..end).contains(&second)),
            Some((_, end)) if second < end => (day - 1, true),
            Some((start, _)) => (day, second >= start),
        };
        // 1 January 1970 was a Thursday.
        let weekday = (day + 3).rem_euclid(7);
        let is_day = self.days.is_none_or(|days| days >> weekday & 1 == 1);
        Some(is_day && is_in_hours)
    }
}

/// The allowed days; none of them if one has another name.
fn read_days(days: Json) -> Option<u8> {
    let names = days.elements()?.into_iter().map(plain_text);
    let days = names.map(|name| {
        let mut days = WEEKDAYS.iter();
        days.position(|day| name.eq_ignore_ascii_case(day))
    });
    let days = days.collect::<Option<Vec<_>>>().unwrap_or_default();
    Some(days.into_iter().fold(0, |allowed, day| allowed | 1 << day))
}

/// The allowed hours. The dashboard writes the whole day as 00:00 to 23:59.
fn read_hours(campaign: &Campaign) -> Option<(u32, u32)> {
    const LAST_MINUTE: u32 = 24 * 60 * 60 - 60;
    let read = |value: Option<Json>| parse_string(value?, seconds_since_midnight);
    let start = read(campaign.allowed_hours_start_time())?;
    let end = read(campaign.allowed_hours_end_time())?;
    let is_whole_day = start == end || start == 0 && end >= LAST_MINUTE;
    Some(if is_whole_day {
        WHOLE_DAY
    } else {
        (start, end)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seconds since 1970 of a time in January 2024, whose first day is a Monday.
    fn january(day: i64, hour: i64, minute: i64) -> i64 {
        1_704_067_200 + (day - 1) * DAY + hour * 3600 + minute * 60
    }

    fn settings(members: &str) -> CampaignSettings {
        let body = format!("{{\"campaign\":{{{members}}}}}");
        let body = Json::from_well_formed(&body);
        let members = body.members().expect("an object");
        let body = crate::call::contract_object::ContractObject::read("", body, members);
        CampaignSettings::read(&Campaign::from_body(&body).expect("a campaign"))
    }

    #[test]
    fn calls_are_allowed_on_the_days_and_in_the_hours() {
        let office = settings(
            r#""allowed_days":["monday","Friday"],"allowed_hours_start_time":"09:00:00",
            "allowed_hours_end_time":"18:00""#,
        );
        for (day, hour, minute, is_allowed) in [
            (1, 8, 59, false),
            (1, 9, 0, true),
            (1, 17, 59, true),
            (1, 18, 0, false),
            (2, 10, 0, false),
            (5, 10, 0, true),
        ] {
            let allowed = office.allow(january(day, hour, minute));
            assert_eq!(allowed, Some(is_allowed), "{day} {hour}:{minute}");
        }
    }

    #[test]
    fn a_window_over_midnight_belongs_to_the_day_of_its_start() {
        let night = settings(
            r#""allowed_days":["monday"],"allowed_hours_start_time":"22:00",
            "allowed_hours_end_time":"02:00""#,
        );
        for (day, hour, is_allowed) in [
            (1, 1, false),
            (1, 21, false),
            (1, 22, true),
            (2, 1, true),
            (2, 2, false),
            (2, 23, false),
        ] {
            let allowed = night.allow(january(day, hour, 0));
            assert_eq!(allowed, Some(is_allowed), "{day} {hour}");
        }
    }

    #[test]
    fn settings_without_limits_judge_nothing() {
        for members in [
            r#""id":1"#,
            r#""allowed_days":[]"#,
            r#""allowed_days":["Montag"]"#,
            r#""allowed_days":[],"allowed_hours_start_time":"09:00","allowed_hours_end_time":"18:00""#,
            r#""allowed_hours_start_time":"00:00:00","allowed_hours_end_time":"23:59""#,
            r#""allowed_hours_start_time":"00:00","allowed_hours_end_time":"24:00""#,
            r#""allowed_hours_start_time":"9 am","allowed_hours_end_time":"18:00""#,
        ] {
            assert_eq!(settings(members).allow(january(1, 3, 0)), None, "{members}");
        }
    }
}
