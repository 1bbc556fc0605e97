//! The campaign that a call belongs to, with its calling window as text.

use std::borrow::Cow;

use super::contract_object::{ContractObject, accessors};
use crate::contract::recognition::{CAMPAIGN_IN_LEAD_POINTER, CAMPAIGN_NAME, CAMPAIGN_POINTER};
use crate::contract::{WEEKDAYS, field_count, field_index};
use crate::json::{Json, plain_text};

/// The number of fields that the contract documents for a campaign.
pub(crate) const FIELD_COUNT: usize = field_count(CAMPAIGN_POINTER);

/// A campaign. Absent and null members are `None`.
#[derive(Debug)]
pub(crate) struct Campaign<'a> {
    /// JSON Pointer (RFC 6901) to the campaign within the body: `/campaign`, or the known variant
    /// `/lead/campaign`.
    pub(crate) pointer: &'static str,
    /// The campaign's object, indexed by the contract.
    pub(crate) object: ContractObject<'a>,
}

impl<'a> Campaign<'a> {
    accessors! { "/campaign":
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

    /// Reads the campaign of `body`: the documented one or, if that is absent, null or empty, the
    /// one inside the lead. A value that is not an object is taken as the campaign's name.
    #[must_use]
    pub(crate) fn from_body(body: &ContractObject<'a>) -> Option<Self> {
        let documented = body.get(const { field_index("/campaign") });
        let documented = documented.and_then(|value| Self::read(value, CAMPAIGN_POINTER));
        documented.or_else(|| {
            let lead = body.get(const { field_index("/lead") })?.members()?;
            Self::read(lead.get(CAMPAIGN_NAME)?, CAMPAIGN_IN_LEAD_POINTER)
        })
    }

    /// What identifies the campaign: its id, else its name, else an empty text.
    #[must_use]
    pub(crate) fn key(&self) -> Cow<'a, str> {
        self.id()
            .or(self.name())
            .map(plain_text)
            .unwrap_or_default()
    }

    /// True if this is the known variant inside the lead.
    #[must_use]
    pub(crate) fn is_inside_lead(&self) -> bool {
        self.pointer == CAMPAIGN_IN_LEAD_POINTER
    }

    #[inline]
    fn read(value: Json<'a>, pointer: &'static str) -> Option<Self> {
        if value.is_null() || value.is_empty_container() {
            return None;
        }
        Some(Self {
            pointer,
            object: ContractObject::read_or_wrap(
                CAMPAIGN_POINTER,
                value,
                const { field_index("/campaign/name") },
            ),
        })
    }

    /// Creates a campaign from the values of its fields, in documented order.
    #[must_use]
    pub(crate) fn with_values(values: &[Option<Json<'a>>; FIELD_COUNT]) -> Self {
        Self {
            pointer: CAMPAIGN_POINTER,
            object: ContractObject::with_values(CAMPAIGN_POINTER, values),
        }
    }

    /// The values of all fields, in documented order; `None` if absent or null.
    #[must_use]
    pub(crate) fn non_null_values(&self) -> [Option<Json<'a>>; FIELD_COUNT] {
        std::array::from_fn(|field_index| self.object.non_null(field_index))
    }

    /// The calling window as text: `Mon–Fri 09:00–18:00`, where `–` is the `dash`. It has no time
    /// zone because the vendor's page names none.
    #[must_use]
    pub(crate) fn window(&self, dash: &str) -> Option<String> {
        let days = self.allowed_days().map(|days| format_days(days, dash));
        let hours = match (
            self.allowed_hours_start_time(),
            self.allowed_hours_end_time(),
        ) {
            (Some(start), Some(end)) => Some(format!(
                "{}{dash}{}",
                short_time_of_day(start),
                short_time_of_day(end)
            )),
            (Some(start), None) => Some(format!("from {}", short_time_of_day(start))),
            (None, Some(end)) => Some(format!("until {}", short_time_of_day(end))),
            (None, None) => None,
        };
        match (days, hours) {
            (Some(days), Some(hours)) => Some(format!("{days} {hours}")),
            (days, hours) => days.or(hours),
        }
    }

    /// The retry settings as text: `3, 60 min apart`.
    #[must_use]
    pub(crate) fn retries(&self) -> Option<String> {
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

/// Shortens `09:00:00` to `09:00`. Seconds other than zero are kept, and text that is not a time of
/// day is returned unchanged.
fn short_time_of_day(value: Json) -> String {
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

/// Formats a list of weekdays: runs of three or more days with a `dash` (`Mon–Fri`), others with
/// commas, all seven as `every day`. Names that are not weekdays are appended unchanged.
fn format_days(days: Json, dash: &str) -> String {
    let Some(names) = days.elements() else {
        return plain_text(days).into_owned();
    };
    let mut allowed = [false; WEEK.len()];
    let mut unknown = Vec::new();
    for name in names.into_iter().map(plain_text) {
        match WEEK
            .iter()
            .position(|(day, _)| name.eq_ignore_ascii_case(day))
        {
            Some(day) => allowed[day] = true,
            None => unknown.push(name.into_owned()),
        }
    }
    if allowed == [true; WEEK.len()] && unknown.is_empty() {
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
            _ => parts.push(format!("{}{dash}{}", WEEK[day].1, WEEK[day + run - 1].1)),
        }
        day += run.max(1);
    }
    parts.extend(unknown);
    if parts.is_empty() {
        return "no days".to_owned();
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
        campaign(text).and_then(|campaign| campaign.window("–"))
    }

    #[test]
    fn calling_windows_are_formatted_with_ranges() {
        let days = |days: &str| window(&format!("{{\"allowed_days\":{days}}}")).expect("a window");
        assert_eq!(
            days(r#"["monday","tuesday","wednesday","thursday","friday"]"#),
            "Mon–Fri"
        );
        assert_eq!(days(r#"["friday","monday","wednesday"]"#), "Mon, Wed, Fri");
        assert_eq!(days(r#"["saturday","sunday","Monday"]"#), "Mon, Sat, Sun");
        assert_eq!(days(r#"["monday","funday"]"#), "Mon, funday");
        assert_eq!(days("[]"), "no days");
        assert_eq!(days("\"weekdays\""), "weekdays");
        assert_eq!(
            window(r#"{"allowed_days":["monday","tuesday","wednesday","thursday","friday","saturday","sunday"],
                "allowed_hours_start_time":"09:00:00","allowed_hours_end_time":"18:30"}"#).as_deref(),
            Some("every day 09:00–18:30")
        );
        assert_eq!(window("{}"), None);
    }

    #[test]
    fn values_are_in_documented_order() {
        let names: Vec<_> = fields_of("/campaign").map(|field| field.name).collect();
        let members: Vec<_> = names
            .iter()
            .rev()
            .map(|name| format!("\"{name}\":\"{name}\""))
            .collect();
        let text = format!("{{{}}}", members.join(","));
        let campaign = campaign(&text).expect("a campaign");
        let values = campaign
            .non_null_values()
            .map(|value| value.map(plain_text).unwrap_or_default());
        assert_eq!(values.to_vec(), names);
        assert_eq!(
            campaign.retry_interval().map(plain_text).as_deref(),
            Some("retry_interval")
        );
    }

    #[test]
    fn the_campaign_inside_the_lead_is_read_if_the_body_has_none() {
        let campaign_of = |text: &str| {
            let body: Json =
                serde_json::from_str(text).expect("the test's own JSON is well-formed");
            let body = ContractObject::read("", body, body.members().expect("an object"));
            Campaign::from_body(&body).map(|campaign| {
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
            campaign_of(&format!(r#"{{"campaign":{{"name":"own"}},{inside}}}"#)),
            Some(("/campaign", "own".to_owned()))
        );
        assert_eq!(
            campaign_of(&format!(r#"{{"campaign":[],{inside}}}"#)),
            Some(("/lead/campaign", "inside".to_owned()))
        );
        assert_eq!(
            campaign_of(r#"{"campaign":"Summer"}"#),
            Some(("/campaign", "Summer".to_owned()))
        );
        assert_eq!(campaign_of(r#"{"campaign":null,"lead":null}"#), None);
    }
}
