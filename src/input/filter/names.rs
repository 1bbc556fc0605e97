//! What tells calls by a name: statuses, phone numbers, campaigns.

use std::str::FromStr;

use globset::GlobMatcher;

use crate::call::campaign::Campaign;
use crate::call::{phone, plain_text};
use crate::glob::with_stars;
use crate::json::{Json, Object};

/// A status, in whatever case, with `-` or `_`: `no_answer` is `No-Answer`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status(String);

impl Status {
    fn read(text: &str) -> Self {
        Self(text.trim().to_lowercase().replace('-', "_"))
    }

    /// Whether `value` is this status.
    #[must_use]
    pub fn is(&self, value: Json) -> bool {
        let text = plain_text(value);
        // Most are written the same way.
        *text == *self.0 || Self::read(&text) == *self
    }
}

impl FromStr for Status {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match Self::read(text) {
            Self(status) if status.is_empty() => {
                Err("give a status, such as completed or no-answer".to_owned())
            }
            status => Ok(status),
        }
    }
}

/// A phone number, or how numbers begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phone {
    /// What [`phone::comparable`] makes of it.
    digits: String,
    is_beginning: bool,
}

impl Phone {
    /// Whether it is the number of the customer, the assistant or the lead.
    #[must_use]
    pub fn is_of(&self, members: &Object) -> bool {
        let is_own = ["customer_phone", "assistant_phone"]
            .iter()
            .any(|name| members.get(name).is_some_and(|number| self.is(number)));
        is_own || {
            let lead = members.get("lead").and_then(Json::members);
            let number = lead.and_then(|lead| lead.get("phone_number"));
            number.is_some_and(|number| self.is(number))
        }
    }

    fn is(&self, number: Json) -> bool {
        let number = phone::comparable(&plain_text(number));
        if self.is_beginning {
            number.starts_with(&self.digits)
        } else {
            number == self.digits
        }
    }
}

impl FromStr for Phone {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (number, is_beginning) = match text.trim_end().strip_suffix('*') {
            Some(beginning) => (beginning, true),
            None => (text, false),
        };
        let digits = phone::comparable(number);
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number {
            return Err(
                "a phone number has digits: +4930123456, or +4930* for all that begin so"
                    .to_owned(),
            );
        }
        Ok(Self {
            digits,
            is_beginning,
        })
    }
}

/// A campaign, by its id or its whole name, in whatever case; `*` stands for any text.
#[derive(Clone, Debug)]
pub struct CampaignName {
    id: String,
    /// Of the name in lower case.
    name: GlobMatcher,
}

impl CampaignName {
    /// Whether `campaign` is it.
    #[must_use]
    pub fn is(&self, campaign: &Campaign) -> bool {
        let is_id = |id: Json| plain_text(id) == self.id;
        let is_name = |name: Json| self.name.is_match(plain_text(name).trim().to_lowercase());
        campaign.id().is_some_and(is_id) || campaign.name().is_some_and(is_name)
    }
}

impl FromStr for CampaignName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let id = text.trim();
        if id.is_empty() {
            return Err("give a campaign's id or its name".to_owned());
        }
        Ok(Self {
            id: id.to_owned(),
            name: with_stars(&id.to_lowercase(), false)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(text: &str) -> Object<'_> {
        serde_json::from_str(text).expect("the test's own JSON is well-formed")
    }

    #[test]
    fn statuses_are_the_same_in_all_spellings() {
        let is = |typed: &str, text: &str| {
            let status: Status = typed.parse().expect("a status");
            status.is(Json::from_well_formed(text))
        };
        assert!(is("no_answer", "\"no-answer\""));
        assert!(is("No-Answer", "\"no_answer\""));
        assert!(is("completed", "\"completed\""));
        assert!(!is("complete", "\"completed\""));
        assert!(" ".parse::<Status>().is_err());
    }

    #[test]
    fn numbers_match_whole_or_by_their_beginning() {
        let is_of = |typed: &str, body: &str| {
            let phone: Phone = typed.parse().expect("a number");
            phone.is_of(&members(body))
        };
        let body = r#"{"customer_phone":"+49 171 392-0012","assistant_phone":"+4930123","lead":{"phone_number":"+12025550178"}}"#;
        for typed in [
            "+491713920012",
            "0049 (171) 3920012",
            "491713920012",
            "+4930123",
            "+49*",
            "0049 *",
            "+1 202-555-0178",
        ] {
            assert!(is_of(typed, body), "{typed}");
        }
        for typed in ["+49171392001", "+43*", "1713920012", "01713920012"] {
            assert!(!is_of(typed, body), "{typed}");
        }
        assert!(!is_of(
            "+49*",
            r#"{"customer_phone":null,"lead":"+4930123"}"#
        ));
        for not in ["", "*", "abc", "+", "+49*30", "+49**"] {
            assert!(not.parse::<Phone>().is_err(), "{not}");
        }
    }

    #[test]
    fn campaigns_go_by_id_or_whole_name() {
        let is = |typed: &str, body: &str| {
            let name: CampaignName = typed.parse().expect("a name");
            Campaign::of_body(&members(body)).is_some_and(|campaign| name.is(&campaign))
        };
        let body = r#"{"campaign":{"id":2324,"name":"Terminerinnerung Dr. MÖLLER [Nord]"}}"#;
        for typed in [
            "2324",
            "terminerinnerung dr. möller [nord]",
            "Termin*",
            "*möller*",
            "*",
        ] {
            assert!(is(typed, body), "{typed}");
        }
        for typed in ["232", "Terminerinnerung", "*süd*", "2*24"] {
            assert!(!is(typed, body), "{typed}");
        }
        assert!(is(
            "inside",
            r#"{"campaign":null,"lead":{"campaign":{"name":"Inside"}}}"#
        ));
        assert!(is("Summer", r#"{"campaign":"Summer"}"#));
        assert!("".parse::<CampaignName>().is_err());
    }
}
