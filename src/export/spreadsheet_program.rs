//! Spreadsheet programs that open CSV on a double click. They ask no questions and convert text
//! that looks like a number, a date or a boolean. This module knows their dialects and detects the
//! text that needs protection.

use chrono::{NaiveDate, NaiveTime};

/// A spreadsheet program in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Program {
    /// Excel with a decimal point: comma-separated, TRUE and FALSE
    Excel,
    /// German Excel: semicolon-separated, decimal comma, WAHR and FALSCH
    ExcelDe,
}

impl Program {
    /// Delimiter between cells.
    #[must_use]
    pub(crate) fn delimiter(self) -> u8 {
        match self {
            Self::Excel => b',',
            Self::ExcelDe => b';',
        }
    }

    /// True if numbers have a decimal comma.
    #[must_use]
    pub(crate) fn has_decimal_comma(self) -> bool {
        self == Self::ExcelDe
    }

    /// The words for true and false, in this order.
    #[must_use]
    pub(crate) fn booleans(self) -> [&'static str; 2] {
        match self {
            Self::Excel => ["TRUE", "FALSE"],
            Self::ExcelDe => ["WAHR", "FALSCH"],
        }
    }
}

/// A tab, put inside the quotes before text that would be converted. The text after it is then kept
/// as text in Excel and in `LibreOffice` (7.4 and 25.2, in English and German), where a no-break
/// space is dropped and an apostrophe is shown. To restore the text, remove one tab from the start
/// of each cell that has one.
pub(crate) const TEXT_MARK: char = '\t';

/// True if the text needs [`TEXT_MARK`] to stay text. Dates and times of day in ISO 8601 do not
/// need it, because converting them to dates is correct.
#[must_use]
pub(crate) fn needs_text_mark(text: &str) -> bool {
    if text.starts_with(TEXT_MARK) {
        return true;
    }
    if is_date_or_time(text) {
        return false;
    }
    let mut words = text
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty());
    let is_known = |known: &[&str], word: &str| known.contains(&word.to_lowercase().as_str());
    // Prose already fails at its first word.
    let is_value = text.bytes().any(|byte| byte.is_ascii_digit())
        && words.all(|word| is_known(NUMBER_WORDS, word))
        && text
            .chars()
            .all(|c| c.is_alphabetic() || is_number_character(c));
    is_value
        || text.starts_with('#')
        || BOOLEAN_WORDS
            .iter()
            .any(|word| text.trim().eq_ignore_ascii_case(word))
}

/// True for characters of numbers, dates, times, fractions, percentages and amounts of money.
fn is_number_character(character: char) -> bool {
    character.is_ascii_digit()
        || character.is_whitespace()
        || matches!(
            character,
            '+' | '-'
                | '.'
                | ','
                | ':'
                | '/'
                | '%'
                | '('
                | ')'
                | '\''
                | '’'
                | '$'
                | '€'
                | '£'
                | '¥'
        )
}

const BOOLEAN_WORDS: &[&str] = &["true", "false", "wahr", "falsch"];

/// Words that occur in numbers and dates, in English and German.
const NUMBER_WORDS: &[&str] = &[
    "e",
    "am",
    "pm",
    "eur",
    "usd",
    "gbp",
    "chf",
    "jan",
    "january",
    "januar",
    "jän",
    "jänner",
    "feb",
    "february",
    "februar",
    "mar",
    "mär",
    "mrz",
    "march",
    "märz",
    "apr",
    "april",
    "may",
    "mai",
    "jun",
    "june",
    "juni",
    "jul",
    "july",
    "juli",
    "aug",
    "august",
    "sep",
    "sept",
    "september",
    "oct",
    "okt",
    "october",
    "oktober",
    "nov",
    "november",
    "dec",
    "dez",
    "december",
    "dezember",
];

fn is_date_or_time(text: &str) -> bool {
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let is_date =
        |text: &str| text.len() == 10 && NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok();
    let is_time = |text: &str| match text.len() {
        5 => NaiveTime::parse_from_str(text, "%H:%M").is_ok(),
        8 => NaiveTime::parse_from_str(text, "%H:%M:%S").is_ok(),
        _ => false,
    };
    match text.split_once(' ') {
        Some((date, time)) => is_date(date) && is_time(time),
        None => is_date(text) || is_time(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_would_be_converted_needs_a_mark() {
        for text in [
            "+4915123456789",
            "12345678901234567890",
            "007",
            "01067",
            "1.10",
            "1,10",
            "10-50",
            "3/4",
            "1E5",
            "15.01.2024 10:30",
            "50 %",
            "5 €",
            "(5)",
            "10:30 pm",
            "25:00",
            "true",
            "Falsch",
            "WAHR",
            "May 5",
            "5. März",
            "Jan-24",
            "#NV",
            " 12",
            "12345678901234567890123456789012345678901234567890123456789012345",
            "1'000",
            "2024-02-30",
            "\tx",
        ] {
            assert!(needs_text_mark(text), "{text}");
        }
    }

    #[test]
    fn other_text_and_iso_dates_need_no_mark() {
        for text in [
            "",
            "10000-50000 EUR im Jahr",
            "2024-02-15",
            "2024-01-15 10:30:00",
            "09:00:00",
            "09:00",
            "A1",
            "v1.10",
            "Müller 3",
            "-",
            "€",
            "wahrlich",
            "2024-01-15T10:30:00Z",
            "https://a.de/1",
        ] {
            assert!(!needs_text_mark(text), "{text}");
        }
    }
}
