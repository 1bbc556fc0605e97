//! Patterns for the ids, statuses, phone numbers and campaigns of calls.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::str::FromStr;

use super::occurrence::FilterName;
use crate::call::campaign::Campaign;
use crate::call::contract_object::ContractObject;
use crate::call::variable_value::VariableValue;
use crate::call::{phone, value_at};
use crate::contract::{CALL_ID, FIELDS, documented_status, field_index};
use crate::json::{Json, plain_text};
use crate::text::shorten::shorten;
use crate::text::similar::{greater, similarity, similarity_to_part};
use crate::text::star_pattern::StarPattern;

/// The id of a call: `480601` matches the number, the string `"480601"`, and `480601.0`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct IdPattern {
    text: String,
    /// The meaning of the text.
    meaning: VariableValue<'static>,
}

impl IdPattern {
    /// Returns true if `id` or `call_id` of the call is this id.
    #[must_use]
    pub(crate) fn matches_call(&self, body: &ContractObject) -> bool {
        body.call_id().is_some_and(|id| self.matches(id))
            || body.has_undocumented
                && (body.members.get(CALL_ID)).is_some_and(|id| self.matches(id))
    }

    fn matches(&self, id: Json) -> bool {
        let text = plain_text(id);
        let text = text.trim();
        if text == self.text {
            return true;
        }
        let Some(number) = self.meaning.as_number() else {
            return false;
        };
        // Nearly all ids are integers, which are equal only if their digits are.
        let is_integer = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if is_integer(text) && is_integer(&self.text) {
            return false;
        }
        let id = VariableValue::from_text(text);
        let order = id.as_number().and_then(|id| id.compare_numbers(number));
        order == Some(Ordering::Equal)
    }
}

impl FromStr for IdPattern {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.is_empty() {
            return Err("expected the id of a call, such as 480601".to_owned());
        }
        Ok(Self {
            text: text.to_owned(),
            meaning: VariableValue::from_text(text.to_owned()),
        })
    }
}

impl FilterName for IdPattern {
    fn kind(&self) -> &'static str {
        "id"
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.text)
    }

    fn occurs_in(&self, body: &ContractObject) -> bool {
        self.matches_call(body)
    }

    /// There are no candidates: a similar id is that of another call, not a correction.
    fn for_each_candidate(&self, _body: &ContractObject, _visit: &mut dyn FnMut(&str)) {}

    fn similarity(&self, _candidate: &str) -> Option<f64> {
        None
    }
}

/// A status in any spelling: `no_answer` matches `No-Answer` and `keine Antwort`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StatusPattern {
    text: String,
    normalized: String,
}

impl StatusPattern {
    fn normalize(text: &str) -> String {
        match documented_status(text) {
            Some(status) => status.to_owned(),
            None => text.trim().to_lowercase().replace(['-', ' '], "_"),
        }
    }

    /// Returns true if `value` is this status, in any spelling.
    #[must_use]
    pub(crate) fn matches(&self, value: Json) -> bool {
        let text = plain_text(value);
        // Most statuses are spelled alike, and need no normalization.
        *text == *self.normalized || Self::normalize(&text) == self.normalized
    }
}

impl FromStr for StatusPattern {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.is_empty() {
            return Err("expected a status, such as completed or no-answer".to_owned());
        }
        Ok(Self {
            text: text.to_owned(),
            normalized: Self::normalize(text),
        })
    }
}

impl FilterName for StatusPattern {
    fn kind(&self) -> &'static str {
        "status"
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.text)
    }

    fn occurs_in(&self, body: &ContractObject) -> bool {
        let status = body.non_null(const { field_index("/status") });
        status.is_some_and(|status| self.matches(status))
    }

    fn for_each_candidate(&self, body: &ContractObject, visit: &mut dyn FnMut(&str)) {
        if let Some(status) = body.non_null(const { field_index("/status") }) {
            visit(&plain_text(status));
        }
    }

    fn similarity(&self, candidate: &str) -> Option<f64> {
        similarity_to_part(&self.normalized, &Self::normalize(candidate))
    }
}

/// A phone number, in which `*` matches any text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PhonePattern {
    text: String,
    /// Matches numbers that are normalized by [`phone::comparison_key`].
    number: StarPattern,
    /// The digits after the leading 0 of a number without a country code; empty otherwise.
    national: String,
}

impl PhonePattern {
    /// Minimum number of digits after the leading 0 of a national number. Fewer would match the
    /// ends of many numbers.
    const MIN_NATIONAL_DIGITS: usize = 6;

    /// Describes which numbers match a number without a country code.
    #[must_use]
    pub(super) fn note(&self) -> Option<String> {
        let digits = &self.national;
        if digits.is_empty() {
            return None;
        }
        let text = shorten(&self.text);
        Some(if self.matches_ends() {
            format!("--phone {text}: no country code; matches numbers that end in {digits}")
        } else {
            format!(
                "--phone {text}: no country code; matches only numbers saved without one (write \
                 +49 or another code in place of the 0)"
            )
        })
    }

    /// True if the number has no country code, and enough digits to find it by its end.
    fn matches_ends(&self) -> bool {
        self.number.literal().is_some() && self.national.len() >= Self::MIN_NATIONAL_DIGITS
    }

    /// Returns true if the number in any field with the format of phone numbers matches: the
    /// customer's, the assistant's or the lead's.
    #[must_use]
    pub(crate) fn matches_call(&self, body: &ContractObject) -> bool {
        let phones = FIELDS.iter().filter(|field| field.is_phone());
        let mut numbers = phones.filter_map(|field| value_at(&body.members, field.pointer));
        numbers.any(|number| !number.is_null() && self.matches_number(number))
    }

    fn matches_number(&self, number: Json) -> bool {
        let number = phone::comparison_key(&plain_text(number));
        if self.number.is_any() {
            return !number.is_empty();
        }
        self.number.is_match(&number) || self.matches_ends() && number.ends_with(&self.national)
    }
}

impl FromStr for PhonePattern {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let key = phone::comparison_key(text);
        let number = StarPattern::new(&key);
        let mut characters = number.pieces().iter().flat_map(|piece| piece.bytes());
        // The star is a key of telephones: `\*31#`.
        let is_number = characters.all(|byte| byte.is_ascii_digit() || b"*#".contains(&byte));
        let has_digits = key.bytes().any(|byte| byte.is_ascii_digit());
        if !is_number || !has_digits && !number.is_any() {
            let expected = "expected a phone number such as +4930123456; * matches any digits: \
                            +4930*";
            return Err(expected.to_owned());
        }
        let is_international = phone::without_separators(text.trim()).starts_with('+')
            || phone::without_separators(text.trim()).starts_with("00");
        let national = key.strip_prefix('0').filter(|_| !is_international);
        Ok(Self {
            text: text.trim().to_owned(),
            national: national.unwrap_or_default().to_owned(),
            number,
        })
    }
}

/// A campaign's id, or a pattern for its whole name. Case makes no difference; `*` matches any
/// text, and `\*` is a star.
#[derive(Clone, Debug)]
pub(crate) struct CampaignPattern {
    id: String,
    /// Matches the name in lower case.
    name: StarPattern,
}

impl CampaignPattern {
    /// Returns true if the id of `campaign` is equal, or its whole name matches.
    #[must_use]
    pub(crate) fn matches(&self, campaign: &Campaign) -> bool {
        let is_id = |id: Json| plain_text(id) == self.id;
        let is_name = |name: Json| {
            self.name
                .is_match(plain_text(name).trim().to_lowercase().as_str())
        };
        campaign.id().is_some_and(is_id) || campaign.name().is_some_and(is_name)
    }
}

impl FromStr for CampaignPattern {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let id = text.trim();
        if id.is_empty() {
            return Err("expected the id or name of a campaign".to_owned());
        }
        Ok(Self {
            id: id.to_owned(),
            name: StarPattern::new(&id.to_lowercase()),
        })
    }
}

impl FilterName for CampaignPattern {
    fn kind(&self) -> &'static str {
        "campaign"
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.id)
    }

    fn occurs_in(&self, body: &ContractObject) -> bool {
        Campaign::from_body(body).is_some_and(|campaign| self.matches(&campaign))
    }

    fn for_each_candidate(&self, body: &ContractObject, visit: &mut dyn FnMut(&str)) {
        if let Some(campaign) = Campaign::from_body(body) {
            for value in [campaign.id(), campaign.name()].into_iter().flatten() {
                visit(plain_text(value).trim());
            }
        }
    }

    /// A pattern is similar to a name if its text without stars is similar to the name or to a word
    /// of it, or if it ends with a star and is similar to the start of the name.
    fn similarity(&self, candidate: &str) -> Option<f64> {
        let candidate = candidate.to_lowercase();
        let text = self.id.to_lowercase();
        let letters = text.replace('*', "");
        let whole = similarity_to_part(&letters, &candidate);
        let words = candidate.split_whitespace();
        let word = words.fold(None, |nearest, word| {
            greater(nearest, similarity(&letters, word))
        });
        let start: String = candidate.chars().take(letters.chars().count()).collect();
        let start = similarity(&letters, &start).filter(|_| text.ends_with('*'));
        greater(whole, greater(word, start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(text: &str) -> ContractObject<'_> {
        let value: Json = serde_json::from_str(text).expect("the test's own JSON is well-formed");
        ContractObject::read("", value, value.members().expect("an object"))
    }

    #[test]
    fn ids_match_as_text_and_as_numbers() {
        let is_match = |typed: &str, text: &str| {
            let id: IdPattern = typed.parse().expect("an id");
            id.matches_call(&body(text))
        };
        for text in [
            r#"{"id":480601}"#,
            r#"{"id":"480601"}"#,
            r#"{"id":" 480601 "}"#,
            r#"{"id":480601.0}"#,
            r#"{"id":"4.80601e5"}"#,
            r#"{"call_id":480601}"#,
            r#"{"id":null,"call_id":"480601"}"#,
            r#"{"id":7,"call_id":480601}"#,
        ] {
            for typed in ["480601", " 480601", "480601.0", "4.80601e5"] {
                assert!(is_match(typed, text), "{typed} {text}");
            }
            for other in ["48060", "4806010", "0480601", "-480601", "480601x"] {
                assert!(!is_match(other, text), "{other} {text}");
            }
        }
        let large = r#"{"id":12345678901234567891}"#;
        assert!(is_match("12345678901234567891", large));
        assert!(!is_match("12345678901234567890", large));
        assert!(!is_match("12345678901234567890.0", large));
        assert!(is_match("a-1", r#"{"id":"a-1"}"#));
        assert!(!is_match("A-1", r#"{"id":"a-1"}"#));
        assert!(is_match("007", r#"{"id":"007"}"#));
        assert!(!is_match("7", r#"{"id":"007"}"#));
        assert!(!is_match("null", r#"{"id":null}"#));
        assert!(!is_match("480601", r#"{"lead":{"id":480601}}"#));
        assert!(" ".parse::<IdPattern>().is_err());
    }

    #[test]
    fn statuses_match_in_all_spellings() {
        let is_match = |typed: &str, text: &str| {
            let status: StatusPattern = typed.parse().expect("a status");
            status.matches(Json::from_well_formed(text))
        };
        assert!(is_match("no_answer", "\"no-answer\""));
        assert!(is_match("No-Answer", "\"no_answer\""));
        assert!(is_match("completed", "\"completed\""));
        assert!(is_match("no answer", "\"noAnswer\""));
        assert!(is_match("ended_by_customer", "\"vom Kunden beendet\""));
        assert!(is_match("vom Kunden beendet", "\"ended_by_customer\""));
        assert!(is_match("Call Back", "\"call-back\""));
        assert!(!is_match(
            "ended_by_customer",
            "\"vom Assistenten beendet\""
        ));
        assert!(!is_match("ended", "\"ended_by_customer\""));
        assert!(!is_match("complete", "\"completed\""));
        assert!(" ".parse::<StatusPattern>().is_err());
    }

    #[test]
    fn numbers_match_exactly_or_by_prefix() {
        let is_match = |typed: &str, text: &str| {
            let phone: PhonePattern = typed.parse().expect("a number");
            phone.matches_call(&body(text))
        };
        let text = r#"{"customer_phone":"+49 171 392-0012","assistant_phone":"+4930123","lead":{"phone_number":"+12025550178"}}"#;
        for typed in [
            "+491713920012",
            "0049 (171) 3920012",
            "491713920012",
            "+4930123",
            "+49*",
            "0049 *",
            "+1 202-555-0178",
            "+49*0012",
            "*392*",
            "*",
            "0171 3920012",
            "(0171) 392-0012",
            "02025550178",
        ] {
            assert!(is_match(typed, text), "{typed}");
        }
        for typed in [
            "+49171392001",
            "+43*",
            "*001",
            "1713920012",
            "+01713920012",
            "0001713920012",
            "0171*",
            "020012",
            "0171 3920013",
        ] {
            assert!(!is_match(typed, text), "{typed}");
        }
        assert!(!is_match(
            "+49*",
            r#"{"customer_phone":null,"lead":"+4930123"}"#
        ));
        assert!(!is_match(
            "*",
            r#"{"customer_phone":null,"assistant_phone":""}"#
        ));
        assert!(is_match("0171*", r#"{"customer_phone":"0171 3920012"}"#));
        assert!(is_match(r"\*31#*", r#"{"customer_phone":"*31#0171"}"#));
        for invalid in ["", "abc", "+", "+*x", "#"] {
            assert!(invalid.parse::<PhonePattern>().is_err(), "{invalid}");
        }
    }

    #[test]
    fn a_number_without_a_country_code_has_a_note() {
        let note = |typed: &str| typed.parse::<PhonePattern>().expect("a number").note();
        let expected =
            "--phone 0171 3920012: no country code; matches numbers that end in 1713920012";
        assert_eq!(note("0171 3920012").as_deref(), Some(expected));
        for short in ["03012", "0171*", "0*"] {
            let note = note(short).expect("a note");
            assert!(note.contains("saved without one"), "{note}");
        }
        for clear in [
            "+491713920012",
            "0049 171*",
            "491713920012",
            "*0012",
            "*",
            "+49 (0)171*",
        ] {
            assert_eq!(note(clear), None, "{clear}");
        }
    }

    #[test]
    fn campaigns_match_by_id_or_whole_name() {
        let is_match = |typed: &str, text: &str| {
            let name: CampaignPattern = typed.parse().expect("a name");
            Campaign::from_body(&body(text)).is_some_and(|campaign| name.matches(&campaign))
        };
        let text = r#"{"campaign":{"id":2324,"name":"Terminerinnerung Dr. MÖLLER [Nord]"}}"#;
        for typed in [
            "2324",
            "terminerinnerung dr. möller [nord]",
            "Termin*",
            "*möller*",
            "*",
        ] {
            assert!(is_match(typed, text), "{typed}");
        }
        for typed in ["232", "Terminerinnerung", "*süd*", "2*24"] {
            assert!(!is_match(typed, text), "{typed}");
        }
        assert!(is_match(
            "inside",
            r#"{"campaign":null,"lead":{"campaign":{"name":"Inside"}}}"#
        ));
        assert!(is_match("Summer", r#"{"campaign":"Summer"}"#));
        assert!(is_match(r"\** plan", r#"{"campaign":"*New* plan"}"#));
        assert!(!is_match(r"new\*", r#"{"campaign":"New plan"}"#));
        assert!("".parse::<CampaignPattern>().is_err());
    }
}
