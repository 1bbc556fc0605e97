//! The formats of documented values, each with its JSON Schema. CONTRIBUTING.md lists the other
//! files that a new format needs.

use serde_json::{Value, json};

use super::known_values::WEEKDAYS;

/// The format of a field's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueFormat {
    /// A phone number in E.164 form: `+`, then 2 to 15 digits, the first not 0 (ITU-T E.164 §6).
    Phone,
    /// An ISO 8601 date and time with an offset from UTC.
    Timestamp,
    /// A time of day to the minute or second: `09:00:00`, `09:00`.
    TimeOfDay,
    /// A list of English weekday names in lower case.
    Weekdays,
    /// An absolute link with the scheme `http` or `https` (RFC 3986 §3).
    Url,
}

impl ValueFormat {
    /// The format's name in messages and tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Phone => "E.164",
            Self::Timestamp => "ISO 8601",
            Self::TimeOfDay => "hh:mm:ss",
            Self::Weekdays => "weekdays",
            Self::Url => "URL",
        }
    }

    /// JSON Schema keywords for the values of the format. Unless `strict`, they allow the values
    /// that rules only warn about.
    pub(super) fn schema(self, strict: bool) -> Value {
        match self {
            Self::Phone => json!({"pattern": r"^\+[1-9][0-9]{1,14}$"}),
            Self::Timestamp => json!({"pattern": timestamp_pattern(strict)}),
            Self::TimeOfDay => {
                json!({"pattern": "^(?:(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?|24:00(?::00)?)$"})
            }
            Self::Weekdays => json!({"minItems": 1, "items": {"enum": WEEKDAYS}}),
            Self::Url => {
                let secure = if strict { "[Ss]" } else { "[Ss]?" };
                let pattern =
                    format!(r"^[Hh][Tt][Tt][Pp]{secure}://[^\x00-\x20\x7f/?#][^\x00-\x20\x7f]*$");
                json!({"pattern": pattern})
            }
        }
    }
}

/// Pattern for the timestamps that `Timestamp::read` accepts: ISO 8601 with an offset and, unless
/// `strict`, the known variants.
fn timestamp_pattern(strict: bool) -> String {
    const LEAP_YEAR: &str =
        "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)";
    let date = |dash: &str| {
        format!(
            "(?:[0-9]{{4}}{dash}(?:(?:0[13578]|1[02]){dash}(?:0[1-9]|[12][0-9]|3[01])\
             |(?:0[469]|11){dash}(?:0[1-9]|[12][0-9]|30)\
             |02{dash}(?:0[1-9]|1[0-9]|2[0-8]))\
             |{LEAP_YEAR}{dash}02{dash}29)"
        )
    };
    let time = |colon: &str| {
        format!(
            "(?:(?:[01][0-9]|2[0-3]){colon}[0-5][0-9](?:{colon}(?:[0-5][0-9]|60)(?:[.,][0-9]+)?)?\
             |24{colon}00(?:{colon}00(?:[.,]0+)?)?)"
        )
    };
    let (separator, zulu, optional) = if strict {
        ("T", "Z", "")
    } else {
        ("[Tt ]", "[Zz]", "?")
    };
    format!(
        "^(?:{}{separator}{}|{}{separator}{})(?:{zulu}|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?){optional}$",
        date("-"),
        time(":"),
        date(""),
        time(""),
    )
}
