//! The campaign that a call belongs to, and its calling window in words.

use super::documented::{Documented, fields};
use super::plain_text;
use crate::contract::{WEEKDAYS, place_of};
use crate::json::{Json, Object};

/// How many members the contract documents for a campaign.
pub const MEMBERS: usize = 11;

/// A campaign. What is absent or null is `None`.
#[derive(Debug)]
pub struct Campaign<'a> {
    /// Where it stands in the body (RFC 6901): `/campaign`, or `/lead/campaign` as a known variant.
    pub pointer: &'static str,
    /// All of it.
    pub object: Documented<'a>,
}

impl<'a> Campaign<'a> {
    fields! { "/campaign":
        id
        name
        status
        allowed_hours_start_time
        allowed_hours_end_time
        allowed_days
        max_calls_in_parallel
        max_retries
        retry_interval
        created_at
        updated_at
    }

    /// The campaign of a body: the body's own member, or, where that says nothing, the one inside the lead. A text in its place is its name.
    #[must_use]
    pub fn of_body(members: &Object<'a>) -> Option<Self> {
        Self::of(members.get("campaign"), members.get("lead"))
    }

    /// The same, of the two members that it can stand in.
    pub(super) fn of(campaign: Option<Json<'a>>, lead: Option<Json<'a>>) -> Option<Self> {
        let own = campaign.and_then(|value| Self::read(value, "/campaign"));
        own.or_else(|| {
            let lead = lead?.members()?;
            Self::read(lead.get("campaign")?, "/lead/campaign")
        })
    }

    #[inline]
    fn read(value: Json<'a>, pointer: &'static str) -> Option<Self> {
        if value.is_null() || value.is_empty_container() {
            return None;
        }
        Some(Self {
            pointer,
            object: Documented::read_or_take(
                "/campaign",
                value,
                const { place_of("/campaign", "name") },
            ),
        })
    }

    /// The campaign with these values, in the order of the contract.
    #[must_use]
    pub fn with_values(values: [Option<Json<'a>>; MEMBERS]) -> Self {
        Self {
            pointer: "/campaign",
            object: Documented::with_values("/campaign", values),
        }
    }

    /// All values, in the order of the contract.
    #[must_use]
    pub fn values(&self) -> [Option<Json<'a>>; MEMBERS] {
        std::array::from_fn(|place| self.object.present(place))
    }

    /// The calling window in words: `Mon–Fri 09:00–18:00`. The page names no zone for it, so none is said.
    #[must_use]
    pub fn window(&self) -> Option<String> {
        let days = self.allowed_days().map(days_in_words);
        let hours = match (
            self.allowed_hours_start_time(),
            self.allowed_hours_end_time(),
        ) {
            (Some(start), Some(end)) => {
                Some(format!("{}–{}", time_of_day(start), time_of_day(end)))
            }
            (Some(start), None) => Some(format!("from {}", time_of_day(start))),
            (None, Some(end)) => Some(format!("until {}", time_of_day(end))),
            (None, None) => None,
        };
        match (days, hours) {
            (Some(days), Some(hours)) => Some(format!("{days} {hours}")),
            (days, hours) => days.or(hours),
        }
    }

    /// The retries in words: `3, 60 min apart`.
    #[must_use]
    pub fn retries(&self) -> Option<String> {
        let retries = self.max_retries().map(plain_text);
        let interval = self
            .retry_interval()
            .map(|minutes| format!("{} min apart", plain_text(minutes)));
        match (retries, interval) {
            (Some(retries), Some(interval)) => Some(format!("{retries}, {interval}")),
            (retries, interval) => retries.map(String::from).or(interval),
        }
    }
}

/// `09:00:00` as `09:00`; seconds stay where they are not zero, and what is no time of day stays as it is.
fn time_of_day(value: Json) -> String {
    let text = plain_text(value);
    let is_time = text.len() == 8
        && text.bytes().enumerate().all(|(at, byte)| match at {
            2 | 5 => byte == b':',
            _ => byte.is_ascii_digit(),
        });
    match text.strip_suffix(":00") {
        Some(short) if is_time => short.to_owned(),
        _ => text.into_owned(),
    }
}

const WEEK: [(&str, &str); 7] = [
    (WEEKDAYS[0], "Mon"),
    (WEEKDAYS[1], "Tue"),
    (WEEKDAYS[2], "Wed"),
    (WEEKDAYS[3], "Thu"),
    (WEEKDAYS[4], "Fri"),
    (WEEKDAYS[5], "Sat"),
    (WEEKDAYS[6], "Sun"),
];

/// Weekdays as people write them: runs of three and more with a dash (`Mon–Fri`), others with commas, all seven as `every day`; names
/// that are no weekday stay as they are, at the end.
fn days_in_words(days: Json) -> String {
    let Some(names) = days.elements() else {
        return plain_text(days).into_owned();
    };
    let mut allowed = [false; WEEK.len()];
    let mut others = Vec::new();
    for name in names.into_iter().map(plain_text) {
        match WEEK
            .iter()
            .position(|(day, _)| name.eq_ignore_ascii_case(day))
        {
            Some(day) => allowed[day] = true,
            None => others.push(name.into_owned()),
        }
    }
    if allowed == [true; WEEK.len()] && others.is_empty() {
        return "every day".to_owned();
    }
    let mut parts = Vec::new();
    let mut day = 0;
    while day < WEEK.len() {
        let run = allowed[day..]
            .iter()
            .take_while(|allowed| **allowed)
            .count();
        match run {
            0 => {}
            1 | 2 => parts.extend(
                WEEK[day..day + run]
                    .iter()
                    .map(|(_, short)| (*short).to_owned()),
            ),
            _ => parts.push(format!("{}–{}", WEEK[day].1, WEEK[day + run - 1].1)),
        }
        day += run.max(1);
    }
    parts.extend(others);
    if parts.is_empty() {
        return "no day".to_owned();
    }
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::fields_of;

    fn campaign(text: &str) -> Option<Campaign<'_>> {
        let value: Json = serde_json::from_str(text).expect("the test's own JSON is well-formed");
        Campaign::read(value, "/campaign")
    }

    fn window(text: &str) -> Option<String> {
        campaign(text).and_then(|campaign| campaign.window())
    }

    #[test]
    fn windows_read_as_people_write_them() {
        let days = |days: &str| window(&format!("{{\"allowed_days\":{days}}}")).expect("a window");
        assert_eq!(
            days(r#"["monday","tuesday","wednesday","thursday","friday"]"#),
            "Mon–Fri"
        );
        assert_eq!(days(r#"["friday","monday","wednesday"]"#), "Mon, Wed, Fri");
        assert_eq!(days(r#"["saturday","sunday","Monday"]"#), "Mon, Sat, Sun");
        assert_eq!(days(r#"["monday","funday"]"#), "Mon, funday");
        assert_eq!(days("[]"), "no day");
        assert_eq!(days("\"weekdays\""), "weekdays");
        assert_eq!(
            window(r#"{"allowed_days":["monday","tuesday","wednesday","thursday","friday","saturday","sunday"],
                "allowed_hours_start_time":"09:00:00","allowed_hours_end_time":"18:30"}"#).as_deref(),
            Some("every day 09:00–18:30")
        );
        assert_eq!(window("{}"), None);
    }

    #[test]
    fn values_are_in_the_order_of_the_contract() {
        let names: Vec<_> = fields_of("/campaign").map(|field| field.name).collect();
        assert_eq!(names.len(), MEMBERS);
        let members: Vec<_> = names
            .iter()
            .rev()
            .map(|name| format!("\"{name}\":\"{name}\""))
            .collect();
        let text = format!("{{{}}}", members.join(","));
        let campaign = campaign(&text).expect("a campaign");
        let values = campaign
            .values()
            .map(|value| value.map(plain_text).unwrap_or_default());
        assert_eq!(values.to_vec(), names);
        assert_eq!(
            campaign.retry_interval().map(plain_text).as_deref(),
            Some("retry_interval")
        );
    }

    #[test]
    fn the_campaign_inside_the_lead_counts_where_the_body_has_none() {
        let of_body = |text: &str| {
            let members: Object =
                serde_json::from_str(text).expect("the test's own JSON is well-formed");
            Campaign::of_body(&members).map(|campaign| {
                (
                    campaign.pointer,
                    campaign
                        .name()
                        .map(plain_text)
                        .unwrap_or_default()
                        .into_owned(),
                )
            })
        };
        let inside = r#""lead":{"campaign":{"name":"inside"}}"#;
        assert_eq!(
            of_body(&format!(r#"{{"campaign":{{"name":"own"}},{inside}}}"#)),
            Some(("/campaign", "own".to_owned()))
        );
        assert_eq!(
            of_body(&format!(r#"{{"campaign":[],{inside}}}"#)),
            Some(("/lead/campaign", "inside".to_owned()))
        );
        assert_eq!(
            of_body(r#"{"campaign":"Summer"}"#),
            Some(("/campaign", "Summer".to_owned()))
        );
        assert_eq!(of_body(r#"{"campaign":null,"lead":null}"#), None);
    }
}
