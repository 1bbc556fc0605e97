//! The texts of a body for rules on what they say: names, strings, and numbers, with their places
//! in the contract. A string that is JSON counts as the texts in it.

use std::borrow::Cow;

use super::collector::RuleContext;
use super::finding::Message;
use super::rule_check::WholeCall;
use crate::call::phone_search::find_phones;
use crate::call::transcript::is_speaker_member;
use crate::contract::naming_style::documented_name;
use crate::contract::recognition::{CAMPAIGN_POINTER, is_campaign_inside_lead};
use crate::contract::{FIELDS, FORMATTED_TRANSCRIPT, Field, FieldType, field, row_of};
use crate::json::syntax::parse_container;
use crate::json::{Json, Kind, ScanPath, Token, scan};
use crate::text::email::find_emails;

/// A text of a body, without escapes.
#[derive(Debug)]
pub(super) struct BodyText<'t> {
    pub(super) text: &'t str,
    pub(super) kind: TextKind,
    pub(super) place: Place,
}

/// The part of a JSON document that a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TextKind {
    /// The name of a member.
    Name,
    String,
    /// The value of a member with the speaker or the type of a turn.
    Speaker,
    Number,
}

/// The place of a value in the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The object that the contract documents at this JSON Pointer, or what is in its place.
    Object(&'static str),
    /// The value of a documented field, or a part of it.
    Field(&'static Field),
    Undocumented,
}

/// A place that is in no array of arrays has at most this many steps.
const MAX_STEPS: usize = 8;

impl Place {
    /// The place at `path` within a value at `self`.
    fn at(self, path: &ScanPath) -> Self {
        let names = path.names().take(MAX_STEPS).flatten();
        names.fold(self, |place, name| match place {
            Self::Object(parent) => {
                let name = Json::from_well_formed(name).as_str().unwrap_or_default();
                Self::of_member(parent, &name)
            }
            place => place,
        })
    }

    /// The place of the member `name`, in any naming style, of the object at JSON Pointer `parent`.
    fn of_member(parent: &'static str, name: &str) -> Self {
        if is_campaign_inside_lead(parent, name) {
            return Self::Object(CAMPAIGN_POINTER);
        }
        if parent.is_empty() && name == FORMATTED_TRANSCRIPT {
            return Self::Field(TRANSCRIPT);
        }
        // Few names are in another style, and comparing letters takes longer.
        let renamed = || field(parent, documented_name(parent, name)?);
        match field(parent, name).or_else(renamed) {
            Some(field) if field.kind == FieldType::Object && !field.holds_variables() => {
                Self::Object(field.pointer)
            }
            Some(field) => Self::Field(field),
            None => Self::Undocumented,
        }
    }

    /// The documented field, if it is one.
    pub(super) fn field(self) -> Option<&'static Field> {
        match self {
            Self::Field(field) => Some(field),
            _ => None,
        }
    }

    pub(super) fn is_transcript(self) -> bool {
        self == Self::Field(TRANSCRIPT)
    }
}

const TRANSCRIPT: &Field = &FIELDS[row_of("/transcript")];

/// What a rule found in a text: the byte offsets of all occurrences.
pub(super) type Offsets = Vec<usize>;

/// The occurrences in one value or name.
#[derive(Debug, Default)]
pub(super) struct Occurrences {
    pub(super) count: usize,
    /// Index of the character at which the first one starts, from 1. `None` in nested JSON, whose
    /// characters are not those of the text.
    first: Option<usize>,
}

impl Occurrences {
    /// Describes them: `one`, or `3 many`, with the place of the first.
    pub(super) fn describe(&self, one: &str, many: &str) -> String {
        let (found, which) = match self.count {
            1 => (one.to_owned(), ""),
            count => (format!("{count} {many}"), "the first "),
        };
        match self.first.filter(|first| *first > 1) {
            Some(first) => format!("{found}, {which}at character {first} of the text"),
            None => found,
        }
    }
}

/// Reports each value and name in which `find` finds something, with the message for it.
///
/// Messages must not contain what was found: the log of a CI job can be public, and so can reports.
/// For the same reason, reports have no excerpts of these findings, and their pointers end before a
/// name with personal data.
pub(super) fn report_texts<'a>(
    whole: &WholeCall<'_, 'a>,
    context: &mut RuleContext<'_, 'a>,
    find: fn(&BodyText) -> Offsets,
    message: fn(&Occurrences) -> Message,
) {
    scan(whole.body, |path, token| {
        let Some(found) = find_in_token(path, token, Place::Object(""), find) else {
            return;
        };
        let text = match token {
            Token::Name(name) => name,
            Token::Scalar(value) => value.text(),
            Token::Object | Token::ObjectEnd => return,
        };
        let pointer = || path.pointer_before("", is_private_name);
        context.report_lazily(text, None, pointer, || message(&found).without_source());
    });
}

/// True for a name with a phone number or an e-mail address that may be real.
fn is_private_name(name: &str) -> bool {
    find_phones(name).iter().any(|phone| !phone.is_fake)
        || find_emails(name).iter().any(|email| !email.is_fake)
}

/// Searches a token at `path` within a value at `place`. `None` if nothing is found.
fn find_in_token(
    path: &ScanPath,
    token: Token,
    place: Place,
    find: fn(&BodyText) -> Offsets,
) -> Option<Occurrences> {
    let (text, kind) = match token {
        Token::Name(name) => (Json::from_well_formed(name).as_str()?, TextKind::Name),
        Token::Scalar(value) => match value.kind() {
            Kind::String => (value.as_str()?, TextKind::String),
            Kind::Number => (Cow::Borrowed(value.text()), TextKind::Number),
            _ => return None,
        },
        Token::Object | Token::ObjectEnd => return None,
    };
    let place = match kind {
        // The name of a member is no part of its value.
        TextKind::Name => Place::Undocumented,
        _ => place.at(path),
    };
    if kind == TextKind::String
        && let Some(nested) = parse_container(&text)
    {
        return find_in_nested(nested, place, find);
    }
    let is_speaker = || {
        let name = path.names().next_back().flatten();
        let name = name.and_then(|name| Json::from_well_formed(name).as_str());
        name.is_some_and(|name| is_speaker_member(&name))
    };
    let kind = match kind {
        TextKind::String if place.is_transcript() && is_speaker() => TextKind::Speaker,
        kind => kind,
    };
    let offsets = find(&BodyText {
        text: &text,
        kind,
        place,
    });
    let first = text[..*offsets.first()?].chars().count() + 1;
    Some(Occurrences {
        count: offsets.len(),
        first: Some(first),
    })
}

/// Searches JSON that is the text of a string at `place`. The recursion ends soon: quotation marks
/// of each level are at least twice as long as those of the next.
fn find_in_nested(
    nested: Json,
    place: Place,
    find: fn(&BodyText) -> Offsets,
) -> Option<Occurrences> {
    let mut count = 0;
    scan(nested, |path, token| {
        count += find_in_token(path, token, place, find).map_or(0, |found| found.count);
    });
    (count > 0).then_some(Occurrences { count, first: None })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::call::free_words::find_free_words;
    use crate::call::phone_search::find_phones_in_field;
    use crate::text::any_text::hard_texts;

    proptest! {
        #[test]
        fn texts_of_any_characters_are_searched(text in hard_texts()) {
            let phones = [find_phones(&text), find_phones_in_field(&text)].concat();
            for phone in phones {
                prop_assert!(!text[phone.range].is_empty());
            }
            for email in find_emails(&text) {
                prop_assert!(!text[email.range].is_empty());
            }
            for is_transcript in [false, true] {
                let words = find_free_words(&text, is_transcript);
                prop_assert!(words.iter().all(|at| !text[*at..].is_empty()));
                prop_assert!(words.is_sorted());
            }
        }
    }

    fn places(text: &str) -> Vec<(String, Place)> {
        let mut places = Vec::new();
        scan(Json::from_well_formed(text), |path, token| {
            if let Token::Scalar(value) = token {
                places.push((value.text().to_owned(), Place::Object("").at(path)));
            }
        });
        places
    }

    #[test]
    fn values_have_the_places_of_the_contract() {
        let body = r#"{"id":1,
            "lead":{"phone_number":2,"variables":{"a":{"b":3}},"campaign":{"name":4}},
            "Customer Phone":5,"transcript":[{"role":6}],"formatted_transcript":7,"x":{"id":8},
            "campaign":[{"name":9}]}"#;
        let pointers: Vec<_> = places(body)
            .into_iter()
            .map(|(_, place)| place.field().map_or("", |field| field.pointer))
            .collect();
        assert_eq!(
            pointers,
            [
                "/id",
                "/lead/phone_number",
                "/lead/variables",
                "/campaign/name",
                "/customer_phone",
                "/transcript",
                "/transcript",
                "",
                "/campaign/name",
            ]
        );
    }

    #[test]
    fn deep_values_take_linear_time() {
        let depth = 100_000;
        let elements = "1,".repeat(100_000);
        let text = format!("{}{elements}1{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(places(&text).len(), 100_001);
    }

    #[test]
    fn only_whole_texts_are_nested_json() {
        for text in ["{}", " [1] ", r#"{"a":"b"}"#] {
            assert!(parse_container(text).is_some(), "{text}");
        }
        for text in ["", "1", "[00:01] a", "{} {}", "[1", "{a}", "]["] {
            assert!(parse_container(text).is_none(), "{text}");
        }
    }
}
