//! Fast path of the checker: recognizes values and objects on which no rule can report anything.
//! Nearly all values are of this kind, and recognizing them is cheaper than running the rules:
//! without it, `validate` executes 39 % more instructions.

use std::sync::LazyLock;

use super::time_cache::TimeCache;
use crate::call::contract_object::ContractObject;
use crate::call::phone::is_e164;
use crate::call::url::{Scheme, parse_scheme};
use crate::contract::{Field, FieldType, ValueFormat, WEEKDAYS, setting_range};
use crate::json::{Json, Object, ValueTraits};
use crate::time::time_of_day::seconds_since_midnight;
use crate::time::timestamp::Spelling;

/// Returns true only if no field rule can report anything on `value` of `field`. False means that
/// the rules have to run, not that the value is invalid.
pub(crate) fn is_known_good(field: &Field, value: Json, times: &TimeCache) -> bool {
    let text = value.text();
    if field.nullable && text == "null" {
        return true;
    }
    match (field.format, field.kind) {
        (Some((format, _)), _) => is_of_format(value, format, times),
        // Every JSON reader reads 15 digits exactly.
        (None, FieldType::Integer) => {
            let is_number = text.len() <= 15 && text.bytes().all(|byte| byte.is_ascii_digit());
            let is_in = |(smallest, largest)| {
                let number = text.parse();
                number.is_ok_and(|number: u32| (smallest..=largest).contains(&number))
            };
            is_number && setting_range(field).is_none_or(is_in)
        }
        (None, FieldType::String) => text.starts_with('"'),
        (None, FieldType::Object) => text.starts_with('{'),
        // The rules run on all lists without a documented format.
        (None, FieldType::Array) => false,
    }
}

/// True only if no rule of the format can report anything on `value`.
fn is_of_format(value: Json, format: ValueFormat, times: &TimeCache) -> bool {
    let text = value.text();
    // Escapes are not decoded: a text that contains one is never known good in these formats.
    let unquoted = || text.strip_prefix('"')?.strip_suffix('"');
    match format {
        ValueFormat::Phone => unquoted().is_some_and(is_e164),
        ValueFormat::Timestamp => {
            (times.read(value)).is_some_and(|time| time.spelling == Spelling::Iso8601)
        }
        ValueFormat::TimeOfDay => unquoted().and_then(seconds_since_midnight).is_some(),
        ValueFormat::Weekdays => are_weekdays(text),
        ValueFormat::Url => {
            let is_https = |text: &str| parse_scheme(text) == Some(Scheme::Https);
            let is_escaped = |text: &str| memchr::memchr(b'\\', text.as_bytes()).is_some();
            unquoted().is_some_and(|text| !is_escaped(text) && is_https(text))
        }
    }
}

/// True only if no object rule can report anything on `object`: it has all required members, no
/// duplicates and no undocumented members, and its values have no traits that a rule searches for.
pub(crate) fn is_known_good_object(object: &ContractObject) -> bool {
    !object.has_undocumented
        && !object.has_duplicates
        && !needs_object_rules(object.traits)
        && object.is_complete()
}

/// True if values with these traits may have something that an object rule reports.
fn needs_object_rules(traits: ValueTraits) -> bool {
    traits.may_have_objects() || traits.may_have_large_numbers()
}

/// True only if no object rule can report anything on an object that holds variables. The contract
/// documents no names in it.
pub(crate) fn are_known_good_variables(members: &Object) -> bool {
    !(members.iter()).any(|member| needs_object_rules(member.traits()))
        && !members.has_duplicate_names()
}

/// JSON text of the list of all weekdays, without its brackets.
static ALL_WEEKDAYS: LazyLock<String> = LazyLock::new(|| format!("\"{}\"", WEEKDAYS.join("\",\"")));

/// True if `text` is a JSON array of weekday names without escape sequences.
fn are_weekdays(text: &str) -> bool {
    let is_weekday = |day: &[u8]| {
        let name = day.trim_ascii().strip_prefix(b"\"");
        let name = name.and_then(|name| name.strip_suffix(b"\""));
        name.is_some_and(|name| WEEKDAYS.iter().any(|weekday| weekday.as_bytes() == name))
    };
    let inner = text.as_bytes().strip_prefix(b"[");
    let inner = inner.and_then(|days| days.strip_suffix(b"]"));
    inner.is_some_and(|days| {
        // Most lists run from Monday to some later day. Comparing them as a whole saves 2 % of the
        // instructions of `validate`.
        let is_from_monday = days.ends_with(b"\"") && ALL_WEEKDAYS.as_bytes().starts_with(days);
        is_from_monday || days.split(|byte| *byte == b',').all(is_weekday)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{FIELDS, fields_of};
    use crate::lint::collector::{Collector, FindingLimits};
    use crate::lint::levels::Levels;
    use crate::lint::rule_check::{Check, DocumentedObject, FieldValue, RuleCheck};
    use crate::lint::rule_data::Family;
    use crate::lint::rules::checks;

    /// Values that are valid for some field, and their near misses. Each format needs a value that
    /// the fast path admits, and one that a rule reports.
    const VALUES: &[&str] = &[
        "null",
        "true",
        "false",
        "0",
        "-0",
        "-1",
        "5",
        "11",
        "60",
        "180",
        "4321",
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

    fn parse(text: &str) -> Json<'_> {
        serde_json::from_str(text).expect("the test's own JSON is well-formed")
    }

    /// The families of the field rules that report something on `value`.
    fn reporting_families(field: &'static Field, value: Json, times: &TimeCache) -> Vec<Family> {
        let member = FieldValue {
            field,
            value,
            parent: field.parent,
            times,
        };
        let levels = Levels::default();
        let reporting = checks().filter(|RuleCheck { rule, check }| {
            let mut collector = Collector::new(FindingLimits::COUNT_ONLY, "");
            if let Check::Field { applies, check } = check
                && applies(field)
            {
                check(&member, &mut collector.rule_context(rule, &levels));
            }
            !collector.tally().is_empty()
        });
        reporting.map(|check| check.rule.family).collect()
    }

    #[test]
    fn no_rule_reports_known_good_values() {
        let mut known_good_values = 0;
        for (field, text) in FIELDS
            .iter()
            .flat_map(|f| VALUES.iter().map(move |v| (f, v)))
        {
            let times = TimeCache::default();
            let value = parse(text);
            if is_known_good(field, value, &times) {
                known_good_values += 1;
                let families = reporting_families(field, value, &times);
                assert!(families.is_empty(), "{} {text}", field.pointer);
            }
        }
        // Guards against an empty test: on average, each field has a known good value.
        assert!(known_good_values > FIELDS.len());
    }

    #[test]
    fn every_format_has_a_rule_and_known_good_values() {
        for field in FIELDS.iter().filter(|field| field.format.is_some()) {
            let times = TimeCache::default();
            let values = VALUES.iter().map(|text| parse(text));
            let mut values = values.filter(|value| field.kind.admits(*value));
            let is_reported =
                |value: Json| reporting_families(field, value, &times).contains(&Family::Format);
            let (format, _) = field.format.expect("filtered");
            assert!(
                values.clone().any(is_reported),
                "VALUES has no value of {} that a rule on {format:?} reports",
                field.pointer
            );
            assert!(
                values.any(|value| is_known_good(field, value, &times)),
                "VALUES has no value of {} that is a known good {format:?}",
                field.pointer
            );
        }
    }

    /// Checks the object `text` as the one that the contract documents at `contract`. Returns
    /// whether an object rule reports something and whether the fast path admits the object.
    fn found_and_known_good(contract: &'static str, text: &str) -> (bool, bool) {
        DocumentedObject::with_text(contract, text, |object| {
            let mut collector = Collector::new(FindingLimits::COUNT_ONLY, "");
            for RuleCheck { rule, check } in checks() {
                if let Check::Object(check) = check {
                    check(
                        object,
                        &mut collector.rule_context(rule, &Levels::default()),
                    );
                }
            }
            let is_known_good = match fields_of(contract).next() {
                Some(_) => is_known_good_object(object.documented),
                None => are_known_good_variables(object.members),
            };
            (!collector.tally().is_empty(), is_known_good)
        })
    }

    #[test]
    fn no_rule_reports_known_good_objects() {
        /// Values with problems that do not depend on the field.
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
                let members = names.iter().enumerate().map(|(index, name)| {
                    let value = if index == changed { value } else { "1" };
                    format!("\"{name}\":{value}")
                });
                members.collect::<Vec<_>>()
            };
            let object = |members: &[String]| format!("{{{}}}", members.join(","));
            assert_eq!(
                found_and_known_good(contract, &object(&members(0, "1"))),
                (false, true)
            );
            let mut texts = Vec::new();
            for index in 0..names.len() {
                let mut without = members(index, "1");
                without.remove(index);
                texts.push(object(&without));
                for value in VALUES {
                    let mut all = members(index, value);
                    texts.push(object(&all));
                    all.push(all[index].clone());
                    texts.push(object(&all));
                }
            }
            for name in ["x", "campaign", "assistant_name", "\\u0069d"] {
                let mut members_with_extra = members(0, "1");
                members_with_extra.push(format!("\"{name}\":{{\"a\":1,\"a\":2}}"));
                texts.push(object(&members_with_extra));
            }
            let results: Vec<_> = texts
                .iter()
                .map(|text| found_and_known_good(contract, text))
                .collect();
            assert!(results.iter().any(|(is_found, _)| *is_found));
            for ((is_found, is_known_good), text) in results.into_iter().zip(&texts) {
                assert!(!(is_found && is_known_good), "{contract} {text}");
            }
        }
    }

    #[test]
    fn usual_values_are_known_good() {
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
                is_known_good(field, Json::from_well_formed(text), &TimeCache::default()),
                "{pointer}"
            );
        }
    }
}
