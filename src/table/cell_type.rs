//! The types of columns in formats with typed columns: Parquet and flat JSON. The type of a column
//! is known before any value is read, so that tables of separate runs have the same types.

use super::row::{Cell, CellKind};
use crate::contract::declared_variables::VariableType;
use chrono::{DateTime, Datelike as _, SecondsFormat};

use crate::json::LARGEST_EXACT_INTEGER;
use crate::json::exact_number::Number;
use crate::time::timestamp::Timestamp;

/// The type of all values of a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum CellType {
    /// Not known before the input is read. Parquet needs a type that fits all values of the input;
    /// in JSON each value keeps its own.
    #[default]
    Inferred,
    /// Integers of 64 bits.
    Integer,
    /// Numbers that a double represents without loss.
    Double,
    Boolean,
    /// Points in time.
    Time,
    /// Strings.
    Text,
    /// Strings; any other value is written as JSON text.
    AnyText,
    /// Lists, as JSON text.
    List,
    /// A transcript: a string, or a list of turns (the known variant) as JSON text.
    Transcript,
    /// No value fits: the column is an object, whose members have columns of their own.
    Object,
}

/// A value of the type of its column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum TypedValue<'c> {
    Integer(i64),
    Double(f64),
    Boolean(bool),
    /// Microseconds since 1970 in UTC.
    Time(i64),
    Text(&'c str),
    /// JSON text of a list, or of any value of a column without a type.
    Json(&'c str),
}

impl CellType {
    /// The type of the column of a declared variable.
    #[must_use]
    pub(crate) fn of_variable(variable_type: VariableType) -> Self {
        match variable_type {
            // As text, nothing of any value is lost: the AI gives a number for a string, too.
            VariableType::String => Self::AnyText,
            VariableType::Number => Self::Double,
            VariableType::Bool => Self::Boolean,
        }
    }

    /// The value of a cell, or `None` if it is not of this type.
    #[must_use]
    pub(crate) fn read<'c>(self, cell: &'c Cell) -> Option<TypedValue<'c>> {
        let text = cell.text.as_ref();
        let is_text = cell.is_text();
        let is_list = cell.kind == CellKind::Json && text.starts_with('[');
        match self {
            Self::Integer if cell.kind == CellKind::Number => {
                exact_integer(text).map(TypedValue::Integer)
            }
            Self::Double if cell.kind == CellKind::Number => double(text),
            Self::Boolean if cell.kind == CellKind::Boolean => {
                Some(TypedValue::Boolean(text == "true"))
            }
            Self::Time if is_text => {
                let time = Timestamp::read(text)?.time.to_utc();
                // Most engines know no other years.
                let is_known = (1..=9999).contains(&time.year());
                is_known.then(|| TypedValue::Time(time.timestamp_micros()))
            }
            Self::Text if is_text => Some(TypedValue::Text(text)),
            Self::Transcript if is_text || is_list => Some(TypedValue::Text(text)),
            Self::AnyText => Some(TypedValue::Text(text)),
            Self::Inferred => Some(TypedValue::Json(text)),
            Self::List if is_list => Some(TypedValue::Json(text)),
            _ => None,
        }
    }

    /// Noun phrase for a value of this type, for messages.
    #[must_use]
    pub(crate) fn describe(self) -> &'static str {
        match self {
            Self::Integer => "an integer of 64 bits",
            Self::Double => "a number that a double keeps exactly",
            Self::Boolean => "true or false",
            Self::Time => "a point in time",
            Self::List => "a list",
            Self::Transcript => "a string or a list of turns",
            Self::Object => "an object",
            Self::Text | Self::AnyText => "a string",
            Self::Inferred => "any value",
        }
    }
}

impl<'c> TypedValue<'c> {
    /// The value as a cell of its type, given the cell that it was read from; `None` if that has
    /// the type already. Typed readers of JSON refuse `180.0` as an integer, and times in other
    /// spellings than that of RFC 3339.
    #[must_use]
    pub(crate) fn changed_cell(self, cell: &Cell<'c>) -> Option<Cell<'c>> {
        match self {
            Self::Integer(integer) if !is_plain_integer(&cell.text) => Some(Cell::number(integer)),
            Self::Time(micros) if !is_plain_time(&cell.text) => {
                let time = DateTime::from_timestamp_micros(micros)?;
                let format = SecondsFormat::AutoSi;
                Some(Cell::text(time.to_rfc3339_opts(format, true)))
            }
            Self::Text(_) if !cell.is_text() => Some(Cell {
                kind: CellKind::Text,
                text: cell.text.clone(),
            }),
            _ => None,
        }
    }
}

/// True for digits, after an optional minus.
fn is_plain_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// True for a time in the form `2024-01-15T10:30:00Z`, with a fraction or an offset if it has one.
fn is_plain_time(text: &str) -> bool {
    let Some((local, rest)) = text.split_at_checked(19) else {
        return false;
    };
    let form = local.bytes().map(|byte| match byte {
        b'0'..=b'9' => b'0',
        other => other,
    });
    let rest = rest.strip_prefix('.').map_or(rest, |fraction| {
        fraction.trim_start_matches(|c: char| c.is_ascii_digit())
    });
    let is_offset = matches!(rest.as_bytes(), b"Z" | [b'+' | b'-', _, _, b':', _, _]);
    form.eq(*b"0000-00-00T00:00:00") && is_offset && !local.ends_with(":60")
}

/// The number if it is an integer of 64 bits. `180.0` and `1e3` are integers too, as in JSON
/// Schema.
fn exact_integer(text: &str) -> Option<i64> {
    /// Numbers with more zeros have more than 64 bits.
    const MOST_ZEROS: usize = 18;
    if let Ok(integer) = text.parse() {
        return Some(integer);
    }
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let fraction = fraction.trim_end_matches('0');
    let digits = format!("{whole}{fraction}");
    let exponent: i64 = exponent.parse().ok()?;
    let exponent = exponent.checked_sub(i64::try_from(fraction.len()).ok()?)?;
    let significant = digits.trim_end_matches('0');
    if significant.trim_start_matches('-').is_empty() {
        return Some(0);
    }
    let zeros = i64::try_from(digits.len() - significant.len()).ok()?;
    let zeros = usize::try_from(exponent.checked_add(zeros)?).ok()?;
    (zeros <= MOST_ZEROS).then_some(())?;
    format!("{significant}{}", "0".repeat(zeros)).parse().ok()
}

/// A number that a double represents without loss.
fn double(text: &str) -> Option<TypedValue<'static>> {
    let double = match Number::parse(text) {
        Number::Integer(integer) if integer.unsigned_abs() > LARGEST_EXACT_INTEGER => return None,
        #[expect(clippy::cast_precision_loss, reason = "it is at most 2^53")]
        Number::Integer(integer) => integer as f64,
        Number::Double(double) | Number::LongDouble(double) => double,
        Number::TooLong => return None,
    };
    Some(TypedValue::Double(double))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Json;

    fn read(cell_type: CellType, json: &str) -> Option<String> {
        let cell = Cell::from_json(Json::from_well_formed(json)).expect("not null");
        let value = cell_type.read(&cell)?;
        let cell = value.changed_cell(&cell).unwrap_or_else(|| cell.clone());
        Some(format!("{:?} {}", cell.kind, cell.text))
    }

    #[test]
    fn a_value_fits_only_the_types_that_keep_it() {
        let cases = [
            (CellType::Integer, "12", Some("Number 12")),
            (CellType::Integer, "180.0", Some("Number 180")),
            (CellType::Integer, "1e3", Some("Number 1000")),
            (CellType::Integer, "-0", Some("Number -0")),
            (CellType::Integer, "-0.0e5", Some("Number 0")),
            (
                CellType::Integer,
                "9007199254740993.0",
                Some("Number 9007199254740993"),
            ),
            (
                CellType::Integer,
                "-4e18",
                Some("Number -4000000000000000000"),
            ),
            (CellType::Integer, "120e-1", Some("Number 12")),
            (CellType::Integer, "1e19", None),
            (CellType::Integer, "12e-1", None),
            (CellType::Integer, "1e9223372036854775807", None),
            (CellType::Integer, "8.5", None),
            (CellType::Integer, "1e300", None),
            (CellType::Integer, "9223372036854775808", None),
            (CellType::Integer, "\"12\"", None),
            (CellType::Double, "8.50", Some("Number 8.50")),
            (CellType::Double, "9", Some("Number 9")),
            (CellType::Double, "9007199254740993", None),
            (CellType::Double, "12345678901234567890", None),
            (CellType::Double, "true", None),
            (CellType::Boolean, "false", Some("Boolean false")),
            (CellType::Boolean, "\"false\"", None),
            (CellType::Boolean, "0", None),
            (
                CellType::Time,
                "\"2024-01-15T10:30:00Z\"",
                Some("Text 2024-01-15T10:30:00Z"),
            ),
            (
                CellType::Time,
                "\"2024-01-15 10:30:00\"",
                Some("Text 2024-01-15T10:30:00Z"),
            ),
            (
                CellType::Time,
                "\"2024-01-15t10:30:00.5z\"",
                Some("Text 2024-01-15T10:30:00.500Z"),
            ),
            (
                CellType::Time,
                "\"2016-12-31T23:59:60Z\"",
                Some("Text 2017-01-01T00:00:00Z"),
            ),
            (
                CellType::Time,
                "\"2024-01-15T10:30:00.5+01:00\"",
                Some("Text 2024-01-15T10:30:00.5+01:00"),
            ),
            (CellType::Time, "\"0000-01-01T00:00:00Z\"", None),
            (CellType::Time, "\"9999-12-31T23:59:59-01:00\"", None),
            (CellType::Time, "\"yesterday\"", None),
            (CellType::Time, "1705311000", None),
            (CellType::Text, "\"ü\"", Some("Text ü")),
            (CellType::Text, "5", None),
            (CellType::Text, "[]", None),
            (CellType::Inferred, "5", Some("Number 5")),
            (CellType::Inferred, "\"x\"", Some("Text x")),
            (CellType::AnyText, "5", Some("Text 5")),
            (CellType::AnyText, "[1]", Some("Text [1]")),
            (CellType::AnyText, "true", Some("Text true")),
            (CellType::List, "[\"monday\"]", Some("Json [\"monday\"]")),
            (CellType::List, "{}", None),
            (CellType::List, "\"[]\"", None),
            (CellType::Transcript, "\"Hi\"", Some("Text Hi")),
            (CellType::Transcript, "[{}]", Some("Text [{}]")),
            (CellType::Transcript, "{}", None),
            (CellType::Object, "\"x\"", None),
            (CellType::Object, "[1]", None),
        ];
        for (cell_type, json, expected) in cases {
            let read = read(cell_type, json);
            assert_eq!(read.as_deref(), expected, "{cell_type:?} {json}");
        }
    }
}
