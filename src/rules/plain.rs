//! Values and objects that no rule on them has anything against: nearly all are, and that can be told at a glance, before any rule is asked.

use std::sync::LazyLock;

use super::format::{Scheme, scheme, seconds_since_midnight};
use super::moments::Moments;
use crate::call::documented::Documented;
use crate::call::phone::is_e164;
use crate::call::timestamp::Spelling;
use crate::contract::{Field, Format, Type, WEEKDAYS};
use crate::json::{Json, Object, Traits};

/// What the values of a field look like where nothing is wrong with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Plain {
    look: Look,
    /// Whether the contract allows null.
    nullable: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    /// Digits, few enough for any reader.
    Digits,
    /// Any string.
    Text,
    /// An object.
    Object,
    /// A phone number in E.164 form.
    Phone,
    /// An ISO 8601 date and time with an offset.
    Time,
    /// `09:00:00`
    TimeOfDay,
    /// A list of English weekday names.
    Weekdays,
    /// An https link.
    Link,
    /// A list that the contract says no more of: all of them are looked at closely.
    Closely,
}

impl Plain {
    /// What the contract says of `field`.
    pub(super) fn of(field: &Field) -> Self {
        let look = match (field.format, field.kind) {
            (Some((Format::Phone, _)), _) => Look::Phone,
            (Some((Format::Timestamp, _)), _) => Look::Time,
            (Some((Format::TimeOfDay, _)), _) => Look::TimeOfDay,
            (Some((Format::Weekdays, _)), _) => Look::Weekdays,
            (Some((Format::Url, _)), _) => Look::Link,
            (None, Type::Integer) => Look::Digits,
            (None, Type::String) => Look::Text,
            (None, Type::Object) => Look::Object,
            (None, Type::Array) => Look::Closely,
        };
        Self {
            look,
            nullable: field.nullable,
        }
    }

    /// Whether `value` is so: then there is no finding at it. What is not may be right all the same: the rules have to look.
    pub(super) fn admits(self, value: Json, moments: &Moments) -> bool {
        let text = value.text();
        if self.nullable && text == "null" {
            return true;
        }
        // With an escape in it, no text has one of these forms.
        let unquoted = || text.strip_prefix('"')?.strip_suffix('"');
        match self.look {
            Look::Digits => text.len() <= 15 && text.bytes().all(|byte| byte.is_ascii_digit()),
            Look::Text => text.starts_with('"'),
            Look::Object => text.starts_with('{'),
            Look::Phone => unquoted().is_some_and(is_e164),
            Look::Time => {
                (moments.read(value)).is_some_and(|time| time.spelling == Spelling::Iso8601)
            }
            Look::TimeOfDay => unquoted().and_then(seconds_since_midnight).is_some(),
            Look::Weekdays => are_weekdays(text),
            Look::Link => {
                let is_https = |text: &str| scheme(text) == Some(Scheme::Https);
                let is_escaped = |text: &str| memchr::memchr(b'\\', text.as_bytes()).is_some();
                unquoted().is_some_and(|text| !is_escaped(text) && is_https(text))
            }
            Look::Closely => false,
        }
    }
}

/// Whether no rule on objects has anything against it: it has all that it must have, each once, and nothing else; and in its members there is nothing to look for.
pub(super) fn is_plain_object(object: &Documented) -> bool {
    !object.has_others
        && !object.repeats
        && object.traits == Traits::default()
        && object.is_complete()
}

/// The same of an object of which the contract documents no member: variables have any names.
pub(super) fn are_plain_variables(members: &Object) -> bool {
    (members.iter()).all(|member| member.traits() == Traits::default()) && !members.repeats_names()
}

/// All weekdays, as they stand between the brackets of a list.
static WEEK: LazyLock<String> = LazyLock::new(|| format!("\"{}\"", WEEKDAYS.join("\",\"")));

/// Whether the text between two brackets is names of weekdays, with commas between them.
fn are_weekdays(text: &str) -> bool {
    let is_weekday = |day: &[u8]| {
        let name = day.trim_ascii().strip_prefix(b"\"");
        let name = name.and_then(|name| name.strip_suffix(b"\""));
        name.is_some_and(|name| WEEKDAYS.iter().any(|weekday| weekday.as_bytes() == name))
    };
    let inner = text.as_bytes().strip_prefix(b"[");
    let inner = inner.and_then(|days| days.strip_suffix(b"]"));
    inner.is_some_and(|days| {
        // From Monday to one of the others, mostly.
        let are_first = days.ends_with(b"\"") && WEEK.as_bytes().starts_with(days);
        are_first || days.split(|byte| *byte == b',').all(is_weekday)
    })
}

#[cfg(test)]
mod tests {
    use super::super::remarks::{Keep, Remarks};
    use super::super::{Check, DocumentedObject, FieldValue, registry};
    use super::*;
    use crate::contract::{FIELDS, fields_of};
    use crate::settings::levels::Levels;

    /// Values that some field is glad of, and their near misses.
    const VALUES: &[&str] = &[
        "null",
        "true",
        "false",
        "0",
        "-0",
        "-1",
        "180",
        "180.0",
        "1e3",
        "1.5",
        "999999999999999",
        "9007199254740993",
        "{}",
        "{\"a\":1}",
        "[]",
        "[1]",
        "[null]",
        "[ \"monday\" , \"sunday\" ]",
        "[\"monday\"]",
        "[\"Monday\"]",
        "[\"monday\",\"mon\"]",
        "[\"monday,\",\"\"]",
        "[\"\\u006donday\"]",
        "\"\"",
        "\"text\"",
        "\"180\"",
        "\"null\"",
        "\"[]\"",
        "\"monday\"",
        "\"+4915123456789\"",
        "\"\\u002b4915123456789\"",
        "\"+49 151 23456789\"",
        "\"004915123456789\"",
        "\"+1\"",
        "\"2024-01-15T10:30:00Z\"",
        "\"2024-01-15T10:30:00.5+01:00\"",
        "\"2024-01-15T10:30:00\"",
        "\"2024-01-15 10:30:00Z\"",
        "\"2024-01-15t10:30:00z\"",
        "\"2024-02-30T10:30:00Z\"",
        "\"2024-01-15\"",
        "\"09:00\"",
        "\"09:00:00\"",
        "\"24:00:00\"",
        "\"25:00:00\"",
        "\"9 am\"",
        "\"https://a.de/b?c#d\"",
        "\"https:\\/\\/a.de\\/b\"",
        "\"HTTPS://a.de\"",
        "\"http://a.de/b\"",
        "\"https://\"",
        "\"https:///b\"",
        "\"https://a b\"",
        "\"https://a\\nb\"",
        "\"https://a\u{7f}\"",
        "\"a.mp3\"",
    ];

    #[test]
    fn no_rule_has_anything_against_what_is_plain() {
        let levels = Levels::default();
        let mut plain_values = 0;
        for (field, text) in FIELDS
            .iter()
            .flat_map(|f| VALUES.iter().map(move |v| (f, v)))
        {
            let moments = Moments::default();
            let value: Json =
                serde_json::from_str(text).expect("the test's own JSON is well-formed");
            if !Plain::of(field).admits(value, &moments) {
                continue;
            }
            plain_values += 1;
            let here = FieldValue {
                field,
                value,
                parent: field.parent,
                moments: &moments,
            };
            let mut remarks = Remarks::new(Keep::NOTHING, "");
            for rule in registry() {
                if let Check::Field { applies, check } = rule.check
                    && applies(field)
                {
                    check(&here, &mut remarks.of(rule, &levels));
                }
            }
            assert!(remarks.tally().is_empty(), "{} {text}", field.pointer);
        }
        // Each field has some that are.
        assert!(plain_values > FIELDS.len());
    }

    /// Whether a rule on objects has anything against `text`, which stands where the contract documents `contract`, and whether it is plain.
    fn found_and_plain(contract: &'static str, text: &str) -> (bool, bool) {
        let value: Json = serde_json::from_str(text).expect("the test's own JSON is well-formed");
        let members = value.members().expect("an object");
        let documented = Documented::read(contract, value, members);
        let object = DocumentedObject {
            contract,
            pointer: contract,
            value,
            members: &documented.members,
            documented: &documented,
        };
        let mut remarks = Remarks::new(Keep::NOTHING, "");
        for rule in registry() {
            if let Check::Object(check) = rule.check {
                check(&object, &mut remarks.of(rule, &Levels::default()));
            }
        }
        let is_plain = match fields_of(contract).next() {
            Some(_) => is_plain_object(&documented),
            None => are_plain_variables(&documented.members),
        };
        (!remarks.tally().is_empty(), is_plain)
    }

    #[test]
    fn no_rule_has_anything_against_plain_objects() {
        /// What can be wrong in a value, whatever it stands for.
        const VALUES: &[&str] = &[
            "1",
            "null",
            "9007199254740993",
            "1e400",
            "[[9007199254740993]]",
            "{}",
            "{\"a\":1}",
            "{\"a\":1,\"a\":2}",
            "[{\"a\":1,\"a\":2}]",
        ];
        for contract in ["", "/lead", "/campaign", "/extracted_variables"] {
            let mut names: Vec<&str> = fields_of(contract).map(|field| field.name).collect();
            if names.is_empty() {
                names = vec!["a", "b", "c"];
            }
            let members = |changed: usize, value: &str| {
                let members = names.iter().enumerate().map(|(place, name)| {
                    let value = if place == changed { value } else { "1" };
                    format!("\"{name}\":{value}")
                });
                members.collect::<Vec<_>>()
            };
            let object = |members: &[String]| format!("{{{}}}", members.join(","));
            assert_eq!(
                found_and_plain(contract, &object(&members(0, "1"))),
                (false, true)
            );
            let mut texts = Vec::new();
            for place in 0..names.len() {
                let mut without = members(place, "1");
                without.remove(place);
                texts.push(object(&without));
                for value in VALUES {
                    let mut all = members(place, value);
                    texts.push(object(&all));
                    all.push(all[place].clone());
                    texts.push(object(&all));
                }
            }
            for name in ["x", "campaign", "assistant_name", "\\u0069d"] {
                let mut more = members(0, "1");
                more.push(format!("\"{name}\":{{\"a\":1,\"a\":2}}"));
                texts.push(object(&more));
            }
            let told: Vec<_> = texts
                .iter()
                .map(|text| found_and_plain(contract, text))
                .collect();
            assert!(told.iter().any(|(is_found, _)| *is_found));
            for ((is_found, is_plain), text) in told.into_iter().zip(&texts) {
                assert!(!(is_found && is_plain), "{contract} {text}");
            }
        }
    }

    #[test]
    fn the_usual_values_are_plain() {
        for (pointer, text) in [
            ("/id", "480336"),
            ("/customer_phone", "\"+4915123456789\""),
            ("/assistant_phone", "null"),
            ("/transcript", "\"Assistant: Hello!\\nCustomer: …\""),
            (
                "/recording_url",
                "\"https://recordings.famulor.de/call-480336.mp3\"",
            ),
            ("/created_at", "\"2024-01-15T10:30:00Z\""),
            ("/lead", "{}"),
            ("/campaign/allowed_hours_start_time", "\"09:00:00\""),
            ("/campaign/allowed_days", "[\"monday\", \"friday\"]"),
        ] {
            let field = FIELDS.iter().find(|field| field.pointer == pointer);
            let field = field.expect("it is documented");
            assert!(
                Plain::of(field).admits(Json::from_well_formed(text), &Moments::default()),
                "{pointer}"
            );
        }
    }
}
