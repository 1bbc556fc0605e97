//! Filters calls by the members of their body. Different conditions are combined with AND; several
//! ids, statuses, phone numbers or campaigns with OR.

mod call_text;
mod occurrence;
mod patterns;
mod time_bound;
mod time_error;
mod variable;
mod window_point;
mod windows;
mod written_bound;

use crate::call::campaign::Campaign;
use crate::call::contract_object::ContractObject;
use crate::call::{is_empty_value, read_timestamp};
use crate::contract::declared_variables::DeclaredVariables;
use crate::contract::field_index;
use crate::json::Json;
use crate::text::search::TextSearch;
use crate::time::talk_time::TalkTime;
use crate::time::zone::Zone;
use occurrence::FilterName;

pub(crate) use occurrence::FilterNames;
pub(crate) use patterns::{CampaignPattern, IdPattern, PhonePattern, StatusPattern};
use time_bound::{CONTRADICTION, TimeBound};
pub(crate) use variable::{VariableTest, read_boolean};
pub(crate) use windows::{Window, WindowEnds, Windows, WrittenWindow};
pub(crate) use written_bound::WrittenBound;

/// The conditions that a call has to meet. The default matches all calls.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    /// The id is one of these. An empty list matches all calls.
    pub(crate) ids: Vec<IdPattern>,
    /// The status matches one of these. An empty list matches all calls.
    pub(crate) statuses: Vec<StatusPattern>,
    /// The phone number of the customer, the assistant or the lead matches one of these. An empty
    /// list matches all calls.
    pub(crate) phones: Vec<PhonePattern>,
    /// The campaign matches one of these. An empty list matches all calls.
    pub(crate) campaigns: Vec<CampaignPattern>,
    /// `created_at` is within or after this.
    pub(crate) since: Option<TimeBound>,
    /// `created_at` is within or before this.
    pub(crate) until: Option<TimeBound>,
    /// Time zone of dates, and of times without an offset.
    pub(crate) zone: Zone,
    /// Minimum talk time, inclusive.
    pub(crate) min_duration: Option<TalkTime>,
    /// Maximum talk time, inclusive.
    pub(crate) max_duration: Option<TalkTime>,
    /// The call has all of these parts.
    pub(crate) has: Vec<CallPart>,
    /// All of these tests hold.
    pub(crate) variables: Vec<VariableTest>,
    /// A turn of the transcript or the value of a variable matches. An empty search matches all
    /// calls.
    pub(crate) texts: TextSearch,
}

/// A part that not every call has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[serde(rename_all = "kebab-case")]
pub(crate) enum CallPart {
    /// A lead
    Lead,
    /// A campaign, in the body or in the lead
    Campaign,
    /// A link to a recording
    Recording,
    /// A transcript that is not empty
    Transcript,
}

impl CallPart {
    /// Returns true if the part is present and not empty.
    fn is_in(self, body: &ContractObject) -> bool {
        let is_present = |field_index| {
            body.non_null(field_index)
                .is_some_and(|value| !is_empty_value(value))
        };
        match self {
            Self::Lead => is_present(const { field_index("/lead") }),
            Self::Campaign => {
                let is_filled = |campaign: Campaign| {
                    let mut values = campaign.non_null_values().into_iter().flatten();
                    values.any(|value| !is_empty_value(value))
                };
                Campaign::from_body(body).is_some_and(is_filled)
            }
            Self::Recording => is_present(const { field_index("/recording_url") }),
            Self::Transcript => is_present(const { field_index("/transcript") }),
        }
    }
}

impl FilterNames {
    /// The names of the variables in these tests.
    #[must_use]
    pub(crate) fn of_variables(tests: &[VariableTest]) -> Self {
        let tests = tests.iter().cloned();
        Self::new(tests.map(|test| Box::new(test) as Box<dyn FilterName>))
    }
}

impl Filter {
    /// True if there are no conditions: all calls match.
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        let Self {
            ids,
            statuses,
            phones,
            campaigns,
            since,
            until,
            zone: _,
            min_duration,
            max_duration,
            has,
            variables,
            texts,
        } = self;
        ids.is_empty()
            && statuses.is_empty()
            && phones.is_empty()
            && campaigns.is_empty()
            && since.is_none()
            && until.is_none()
            && min_duration.is_none()
            && max_duration.is_none()
            && has.is_empty()
            && variables.is_empty()
            && texts.is_empty()
    }

    /// This filter for the calls of both `windows`, and for those of today if these are counted.
    #[must_use]
    pub(crate) fn within(self, windows: &Windows) -> Self {
        let (since, until) = windows.bounds();
        Self {
            since: Some(since),
            until,
            ..self
        }
    }

    /// The names that the conditions compare with names in calls.
    #[must_use]
    pub(crate) fn names(&self) -> FilterNames {
        fn boxed<N: FilterName + Clone + 'static>(
            names: &[N],
        ) -> impl Iterator<Item = Box<dyn FilterName>> {
            let names = names.iter().cloned();
            names.map(|name| Box::new(name) as Box<dyn FilterName>)
        }
        let ids = boxed(&self.ids);
        let statuses = boxed(&self.statuses);
        let campaigns = boxed(&self.campaigns);
        let variables = boxed(&self.variables);
        FilterNames::new(ids.chain(statuses).chain(campaigns).chain(variables))
    }

    /// Returns true if a condition names an extracted variable.
    #[must_use]
    pub(crate) fn names_extracted_variables(&self) -> bool {
        self.variables
            .iter()
            .any(|test| test.extracted_name().is_some())
    }

    /// Returns the first extracted variable in a condition that is neither declared nor inside a
    /// declared one.
    #[must_use]
    pub(crate) fn undeclared_variable(&self, declared: &DeclaredVariables) -> Option<&str> {
        let is_declared = |name: &str| {
            let ends = name.match_indices('.').map(|(end, _)| end);
            ends.chain([name.len()])
                .any(|end| declared.expects(&name[..end]))
        };
        let mut names = self
            .variables
            .iter()
            .filter_map(VariableTest::extracted_name);
        names.find(|name| !is_declared(name))
    }

    /// Returns remarks about conditions that may match other calls than the user expects.
    pub(crate) fn notes(&self) -> impl Iterator<Item = String> {
        self.phones.iter().filter_map(PhonePattern::note)
    }

    /// Returns a message that names command line options if no call can match the filter.
    #[must_use]
    pub(crate) fn contradiction(&self) -> Option<&'static str> {
        let durations = self.min_duration.zip(self.max_duration);
        let times = self.since.zip(self.until);
        if durations.is_some_and(|(min, max)| min > max) {
            Some("--min-duration is longer than --max-duration: no call can match")
        } else if times.is_some_and(|(since, until)| since.is_later_than(&until)) {
            Some(CONTRADICTION)
        } else {
            None
        }
    }

    /// Returns true if `body` meets all conditions. A body without the field that a condition needs
    /// does not, except for `!=` tests of variables.
    #[must_use]
    pub(crate) fn matches(&self, body: &ContractObject) -> bool {
        (self.ids.is_empty() || self.ids.iter().any(|id| id.matches_call(body)))
            && self.matches_status(body)
            && self.matches_time(body)
            && self.matches_duration(body)
            && self.has.iter().all(|part| part.is_in(body))
            && (self.phones.is_empty() || self.phones.iter().any(|phone| phone.matches_call(body)))
            && self.matches_campaign(body)
            && self
                .variables
                .iter()
                .all(|test| test.holds(body, &self.zone))
            && (self.texts.is_empty() || call_text::matches_call(&self.texts, body))
    }

    /// True if no status is requested, or the call has one of those requested.
    fn matches_status(&self, body: &ContractObject) -> bool {
        let is_match = |value: Json| self.statuses.iter().any(|status| status.matches(value));
        self.statuses.is_empty()
            || body
                .non_null(const { field_index("/status") })
                .is_some_and(is_match)
    }

    /// True if no campaign is requested, or the call belongs to one of those requested.
    fn matches_campaign(&self, body: &ContractObject) -> bool {
        let is_match =
            |campaign: Campaign| self.campaigns.iter().any(|name| name.matches(&campaign));
        self.campaigns.is_empty() || Campaign::from_body(body).is_some_and(is_match)
    }

    /// True if no time is requested, or the call was created then.
    fn matches_time(&self, body: &ContractObject) -> bool {
        if self.since.is_none() && self.until.is_none() {
            return true;
        }
        let Some(time) = body
            .get(const { field_index("/created_at") })
            .and_then(read_timestamp)
        else {
            return false;
        };
        let zone = &self.zone;
        self.since
            .is_none_or(|since| since.is_not_after(time, zone))
            && self
                .until
                .is_none_or(|until| until.is_not_before(time, zone))
    }

    /// True if no duration is requested, or that of the call is in the range.
    fn matches_duration(&self, body: &ContractObject) -> bool {
        if self.min_duration.is_none() && self.max_duration.is_none() {
            return true;
        }
        let Some(time) = body
            .non_null(const { field_index("/duration") })
            .and_then(TalkTime::read)
        else {
            return false;
        };
        self.min_duration.is_none_or(|min| time >= min)
            && self.max_duration.is_none_or(|max| time <= max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages<'a>(filter: &Filter, bodies: impl IntoIterator<Item = &'a String>) -> Vec<String> {
        let names = filter.names();
        for body in bodies {
            let body = Json::from_well_formed(body);
            let members = body.members().expect("an object");
            names.observe(&ContractObject::read("", body, members));
        }
        names.absent()
    }

    #[test]
    fn the_nearest_name_does_not_depend_on_the_order_of_the_calls() {
        let filter = Filter {
            variables: vec!["budget=1".parse().expect("a test")],
            ..Filter::default()
        };
        let call = |name: String| format!("{{\"extracted_variables\":{{\"{name}\":1}}}}");
        let others = (0..occurrence::MAX_KNOWN + 10).map(|number| format!("budget_for_{number}"));
        let near = ["budgte", "budgets", "budgett"].map(str::to_owned);
        let mut bodies: Vec<String> = others.chain(near).map(call).collect();
        let expected = ["no call has the variable `budget`; did you mean `budgets`?"];
        assert_eq!(messages(&filter, &bodies), expected);
        bodies.reverse();
        assert_eq!(messages(&filter, &bodies), expected);
        bodies.insert(5000, call("budget".to_owned()));
        assert!(messages(&filter, &bodies).is_empty());
    }

    #[test]
    fn a_call_is_in_one_of_two_windows() {
        use Window::{After, Before, Current};
        let zone = "Europe/Berlin".parse().expect("a zone");
        let windows = Windows::new(WrittenWindow {
            since: Some("2026-11-16".parse().expect("a bound")),
            until: None,
            now: "2026-11-23T08:00:00Z".parse().expect("a time"),
            zone: &zone,
            day_zone: &zone,
        });
        let windows = windows.expect("windows");
        let filter = Filter {
            zone,
            ..Filter::default().within(&windows)
        };
        for (created_at, expected) in [
            ("2026-11-08T22:59:59Z", None),
            ("2026-11-08T23:00:00Z", Some(Before)),
            ("2026-11-15T22:59:59.999Z", Some(Before)),
            ("2026-11-15T23:00:00Z", Some(Current)),
            ("2026-11-22T22:59:59Z", Some(Current)),
            ("2026-11-22T23:00:00Z", Some(After)),
            ("soon", None),
        ] {
            let body = format!("{{\"created_at\":\"{created_at}\"}}");
            let body = Json::from_well_formed(&body);
            let members = body.members().expect("an object");
            let body = ContractObject::read("", body, members);
            let found = filter.matches(&body).then(|| windows.window_of(&body));
            assert_eq!(found, expected, "{created_at}");
        }
    }

    #[test]
    fn each_name_is_reported_once() {
        let filter = Filter {
            statuses: vec!["busy".parse().expect("a status"); 2],
            variables: vec![
                "busy>1".parse().expect("a test"),
                "busy<9".parse().expect("a test"),
            ],
            ..Filter::default()
        };
        let expected = [
            "no call has the status `busy`",
            "no call has the variable `busy`",
        ];
        assert_eq!(messages(&filter, &["{}".to_owned()]), expected);
        assert!(messages(&Filter::default(), &["{}".to_owned()]).is_empty());
    }

    #[test]
    fn deep_and_repeated_variables_are_searched_in_little_time() {
        let deep = "{\"a\":".repeat(5000) + "1" + &"}".repeat(5000);
        let wide = format!("{{{}}}", vec!["\"a\":{\"a\":{\"a\":1}}"; 2000].join(","));
        for variables in [deep, wide] {
            let body = format!("{{\"extracted_variables\":{variables}}}");
            let filter = Filter {
                variables: vec!["b=1".parse().expect("a test")],
                ..Filter::default()
            };
            assert_eq!(messages(&filter, &[body]), ["no call has the variable `b`"]);
        }
    }
}
