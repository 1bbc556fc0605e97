//! The values that a report for others shows. Without `--with-calls`, it has no ids, no phone
//! numbers but the last four digits of the assistants' own, and no value that may identify a
//! person.

use crate::contract::FIELDS;

/// The fewest calls that a value is shown for.
pub(super) const MIN_CALLS: u64 = 5;

/// The values of a field, by what a reader may see of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FieldValues {
    /// Names of campaigns; their ids are not shown.
    Campaigns,
    /// Numbers of the assistants: only their last digits are shown.
    OwnNumbers,
    /// Days, weeks, hours or weekdays: all are shown.
    Times,
    /// Shown if there are [`MIN_CALLS`].
    Texts,
    /// Ids, phone numbers, names and other values of one person: none is shown.
    Personal,
}

/// Documented columns that no single person can be identified by.
const HARMLESS: &[&str] = &[
    "duration",
    "status",
    "lead.status",
    "campaign.name",
    "campaign.status",
    "campaign.allowed_hours_start_time",
    "campaign.allowed_hours_end_time",
    "campaign.max_calls_in_parallel",
    "campaign.max_retries",
    "campaign.retry_interval",
    "campaign.created_at",
    "campaign.updated_at",
];

/// Parts of the names of variables whose values identify people, in English and German.
const PERSONAL_PARTS: &[&str] = &[
    "address",
    "adress",
    "anschrift",
    "ansprechpartner",
    "birth",
    "company",
    "contact",
    "email",
    "firma",
    "fon",
    "geburt",
    "handy",
    "iban",
    "inhaber",
    "kontakt",
    "mail",
    "mobil",
    "name",
    "person",
    "phone",
    "strasse",
    "straße",
    "street",
    "transcript",
];

/// Words in the names of variables whose values identify people.
const PERSONAL_WORDS: &[&str] = &[
    "dob",
    "geb",
    "gebdat",
    "gebdatum",
    "id",
    "kontonummer",
    "kundennr",
    "kundennummer",
    "nr",
    "nummer",
    "number",
    "patientennr",
    "ssn",
    "tel",
    "url",
    "uuid",
];

/// Words for people that make a name personal if they end it: `customer`, but not
/// `customer_satisfaction`.
const PERSONS: &[&str] = &[
    "account", "caller", "customer", "holder", "konto", "kunde", "lead", "patient",
];

impl FieldValues {
    /// The values of the field of `--by`.
    pub(super) fn of_field(by: &str) -> Self {
        match by {
            "campaign" => return Self::Campaigns,
            "assistant_phone" => return Self::OwnNumbers,
            "day" | "week" | "hour" | "weekday" => return Self::Times,
            "country" => return Self::Texts,
            _ => {}
        }
        if FIELDS.iter().any(|field| field.column() == by) {
            return if HARMLESS.contains(&by) {
                Self::Texts
            } else {
                Self::Personal
            };
        }
        let prefixes = [
            "extracted_variables.",
            "input_variables.",
            "lead.variables.",
        ];
        let variable = prefixes
            .into_iter()
            .find_map(|prefix| by.strip_prefix(prefix));
        if is_personal_name(variable.unwrap_or(by)) {
            Self::Personal
        } else {
            Self::Texts
        }
    }
}

/// True for the name of a variable such as `customer_name`, `leadEmail` or `Kunden-Nr`.
fn is_personal_name(name: &str) -> bool {
    let lower = name.to_lowercase();
    let has_part = PERSONAL_PARTS.iter().any(|part| lower.contains(part));
    let words = words(name);
    has_part
        || words
            .iter()
            .any(|word| PERSONAL_WORDS.contains(&word.as_str()))
        || words
            .last()
            .is_some_and(|word| PERSONS.contains(&word.as_str()))
}

/// The words of a name in `snake_case`, `camelCase` or with other separators.
fn words(name: &str) -> Vec<String> {
    let mut spaced = String::with_capacity(name.len() + 8);
    let mut is_lower = false;
    for character in name.chars() {
        if character.is_uppercase() && is_lower {
            spaced.push(' ');
        }
        is_lower = character.is_lowercase();
        spaced.push(character);
    }
    let words = spaced.to_lowercase();
    let words = words.split(|character: char| !character.is_alphanumeric());
    words.map(str::to_owned).collect()
}

/// Number of digits from which on a number can be that of a phone, a customer or a bank account.
const MIN_DIGITS: usize = 6;

/// True for a value that contains an e-mail address, a link or a long number, whatever its field.
pub(super) fn is_personal_value(value: &str) -> bool {
    let mut digits = 0;
    for character in value.chars() {
        match character {
            '@' => return true,
            _ if character.is_numeric() => digits += 1,
            // Separators within a number.
            ' ' | '-' | '/' | '(' | ')' | '.' | '+' | '\u{a0}' | '\u{202f}' | '–' => {}
            _ => digits = 0,
        }
        if digits >= MIN_DIGITS {
            return true;
        }
    }
    value.contains("://")
}

/// The last four digits of a number: `…2510`. `None` if it has fewer than seven digits.
pub(super) fn last_digits(number: &str) -> Option<String> {
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    let start = digits.len().checked_sub(4).filter(|start| *start >= 3)?;
    Some(format!("…{}", digits[start..].iter().collect::<String>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_documented_column_is_harmless_or_personal() {
        for name in HARMLESS {
            assert!(FIELDS.iter().any(|field| field.column() == *name), "{name}");
        }
        for name in [
            "id",
            "customer_phone",
            "lead.id",
            "lead.phone_number",
            "transcript",
            "campaign.id",
        ] {
            assert_eq!(FieldValues::of_field(name), FieldValues::Personal, "{name}");
        }
    }

    #[test]
    fn variables_of_people_are_known_by_their_names() {
        for name in [
            "extracted_variables.customer_name",
            "Vorname",
            "input_variables.leadEmail",
            "lead.variables.Kunden-Nr",
            "patientId",
            "callback_number",
            "Telefon",
            "Kunde",
            "account_holder",
        ] {
            assert_eq!(FieldValues::of_field(name), FieldValues::Personal, "{name}");
        }
        for name in [
            "extracted_variables.city",
            "support_category",
            "interesse",
            "nps_score",
            "customer_satisfaction",
            "leadSource",
            "idea",
        ] {
            assert_eq!(FieldValues::of_field(name), FieldValues::Texts, "{name}");
        }
    }

    #[test]
    fn values_of_people_are_known_by_their_form() {
        for value in [
            "+49 171 39200",
            "(0171) 392-00-12",
            "anna@example.com",
            "https://example.com/a",
            "Kunde 480602",
        ] {
            assert!(is_personal_value(value), "{value}");
        }
        for value in ["technical", "9", "10.5", "Tarif 2024", "A-12345", ""] {
            assert!(!is_personal_value(value), "{value}");
        }
        assert_eq!(last_digits("+49 30 23125210").as_deref(), Some("…5210"));
        assert_eq!(last_digits("123456"), None);
        assert_eq!(last_digits("Anna Müller"), None);
    }
}
