//! The sentences on extracted variables, in both languages.

use super::language::Language;
use super::language::Language::{De, En};

impl Language {
    pub(super) fn yes_and_no(self, yes: u64, no: u64) -> String {
        let (yes, no) = (self.count(yes), self.count(no));
        match self {
            En => format!("{yes} yes, {no} no"),
            De => format!("{yes} ja, {no} nein"),
        }
    }

    pub(super) fn number_range(self, low: &str, high: &str, median: Option<&str>) -> String {
        let range = match self {
            En => format!("from {low} to {high}"),
            De => format!("von {low} bis {high}"),
        };
        match median {
            Some(median) => format!("{range}, {} {median}", self.choose("median", "Median")),
            None => range,
        }
    }

    /// Numbers that a report for others does not show.
    pub(super) fn hidden_numbers(self, count: u64) -> String {
        self.counted(
            count,
            self.choose(("number", "numbers"), ("Zahl", "Zahlen")),
        )
    }

    /// The number of values of a variable.
    pub(super) fn distinct_values(self, count: u64, is_at_least: bool) -> String {
        let values = self.choose(
            ("different value", "different values"),
            ("unterschiedlicher Wert", "unterschiedliche Werte"),
        );
        let at_least = if is_at_least {
            self.choose("at least ", "mindestens ")
        } else {
            ""
        };
        format!("{at_least}{}", self.counted(count, values))
    }

    /// The calls with other values than the shown ones.
    pub(super) fn other_calls(self, count: u64) -> String {
        let count = self.count(count);
        match self {
            En => format!("others ({count})"),
            De => format!("andere ({count})"),
        }
    }

    /// Texts that are not counted by value.
    pub(super) fn longer_texts(self, count: u64) -> String {
        let nouns = self.choose(
            ("longer text", "longer texts"),
            ("längerer Text", "längere Texte"),
        );
        self.counted(count, nouns)
    }

    pub(super) fn free_text(self, mean_characters: f64) -> String {
        let characters = format!("{mean_characters:.0}");
        match self {
            En => format!("free text, {characters} characters on average"),
            De => format!("Freitext, im Mittel {characters} Zeichen"),
        }
    }

    pub(super) fn lists(self, count: u64) -> String {
        self.counted(count, self.choose(("list", "lists"), ("Liste", "Listen")))
    }

    pub(super) fn more_variables(self, count: u64, is_at_least: bool) -> String {
        let variables = self.counted(
            count,
            self.choose(
                (
                    "more variable is not listed.",
                    "more variables are not listed.",
                ),
                (
                    "weitere Variable ist nicht aufgeführt.",
                    "weitere Variablen sind nicht aufgeführt.",
                ),
            ),
        );
        match (self, is_at_least) {
            (En, true) => format!("At least {variables}"),
            (De, true) => format!("Mindestens {variables}"),
            (_, false) => variables,
        }
    }
}
