//! Interprets the value of a variable. The AI writes many values as strings, so a string can mean
//! no value, a boolean, a number or a time.

use std::borrow::Cow;

use chrono::NaiveDate;

use crate::contract::{BOOLEANS_IN_QUOTES, EMPTY_MARKERS};
use crate::json::{Json, Kind};
use crate::time::timestamp::{self, Timestamp};

/// The meaning of a variable's value. Where the JSON type matters too, ask [`Json::kind`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum VariableValue<'a> {
    /// No value: null, or one of [`EMPTY_MARKERS`].
    Nothing,
    /// A boolean, or one of [`BOOLEANS_IN_QUOTES`].
    Boolean(bool),
    /// A number, or a string that is a JSON number, as JSON text. `007` and `+49` are text.
    Number(Cow<'a, str>),
    /// A date without a time: `2024-01-15`.
    Day(NaiveDate),
    /// A date with a time.
    Time(Timestamp),
    /// Any other string.
    Text(Cow<'a, str>),
    /// An array.
    List(Json<'a>),
    /// An object.
    Object(Json<'a>),
}

impl<'a> VariableValue<'a> {
    /// Interprets a JSON value. White space in a string counts.
    #[must_use]
    pub(crate) fn read(value: Json<'a>) -> Self {
        match value.kind() {
            Kind::Null => Self::Nothing,
            Kind::Boolean => Self::Boolean(value.as_bool() == Some(true)),
            Kind::Number => Self::Number(Cow::Borrowed(value.text())),
            Kind::String => Self::from_text(value.as_str().unwrap_or_default()),
            Kind::Array => Self::List(value),
            Kind::Object => Self::Object(value),
        }
    }

    /// Interprets the text of a string.
    #[must_use]
    pub(crate) fn from_text(text: impl Into<Cow<'a, str>>) -> Self {
        let text = text.into();
        if EMPTY_MARKERS.contains(&&*text) {
            return Self::Nothing;
        }
        if let Some(index) = BOOLEANS_IN_QUOTES.iter().position(|known| *known == text) {
            return Self::Boolean(index == 0);
        }
        if is_number(&text) {
            return Self::Number(text);
        }
        let day = || timestamp::parse_date(&text).map(Self::Day);
        let time = || Timestamp::read(&text).map(Self::Time);
        day().or_else(time).unwrap_or(Self::Text(text))
    }

    /// The number, if it is one.
    #[must_use]
    pub(crate) fn as_number(&self) -> Option<Json<'_>> {
        match self {
            Self::Number(text) => Some(Json::from_well_formed(text)),
            _ => None,
        }
    }
}

/// True for a JSON number.
fn is_number(text: &str) -> bool {
    // Other values are JSON too, and white space may precede a value: the first byte decides.
    text.starts_with(['-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
        && serde_json::from_str::<Json>(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_mean_the_same_with_and_without_quotes() {
        fn read(text: &str) -> VariableValue<'_> {
            VariableValue::read(Json::from_well_formed(text))
        }
        for nothing in ["null", "\"\"", "\"-\"", "\"–\""] {
            assert_eq!(read(nothing), VariableValue::Nothing, "{nothing}");
        }
        for (bare, quoted) in [
            ("true", "\"true\""),
            ("false", "\"false\""),
            ("9.50", "\"9.50\""),
        ] {
            assert_eq!(read(bare), read(quoted));
        }
        assert_eq!(read("\"true\""), VariableValue::Boolean(true));
        assert_eq!(read("-1e3"), VariableValue::Number("-1e3".into()));
        for text in ["007", "+49", " 1", "-", "True", "- ", "2024-02-30"] {
            let quoted = format!("\"{text}\"");
            let is_text = matches!(read(&quoted), VariableValue::Text(_));
            assert_eq!(is_text, text != "-", "{text}");
        }
        assert!(matches!(read("\"2024-02-15\""), VariableValue::Day(_)));
        assert!(matches!(
            read("\"2024-02-15T23:30:00Z\""),
            VariableValue::Time(_)
        ));
        assert!(matches!(read("[]"), VariableValue::List(_)));
        assert!(matches!(read("{}"), VariableValue::Object(_)));
    }
}
