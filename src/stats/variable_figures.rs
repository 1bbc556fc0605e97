//! The part of the model that is on extracted variables.

use serde::Serialize;

use super::rate::Rate;

/// Extracted variables of connected calls.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct VariableList {
    /// The most filled first.
    pub(crate) variables: Vec<VariableFigures>,
    /// True if there were more variables than are kept.
    pub(crate) is_incomplete: bool,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct VariableFigures {
    /// The name; names of nested objects are joined with dots.
    pub(crate) name: String,
    /// Connected calls with a value.
    pub(crate) filled: Rate,
    /// True of true and false. `None` if no value is a boolean.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) is_true: Option<Rate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) numbers: Option<NumberFigures>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) texts: Option<TextFigures>,
    /// Calls whose value is a list.
    pub(crate) lists: u64,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct NumberFigures {
    pub(crate) calls: u64,
    pub(crate) min: f64,
    /// `None`, like `p90`, if there were more distinct values than are kept.
    pub(crate) median: Option<f64>,
    pub(crate) p90: Option<f64>,
    pub(crate) max: f64,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct TextFigures {
    pub(crate) calls: u64,
    /// True if most texts are long or differ: then there are no values.
    pub(crate) is_free_text: bool,
    /// Number of distinct values; a lower bound if `is_incomplete`. `None` for free text.
    pub(crate) distinct: Option<u64>,
    /// Calls with a text that is too long to be counted by value, or of several lines.
    pub(crate) long_texts: u64,
    /// True if there were more distinct values than are kept.
    pub(crate) is_incomplete: bool,
    /// The most frequent values.
    pub(crate) top: Vec<ValueCount>,
    /// Mean and greatest length in characters.
    pub(crate) mean_characters: f64,
    pub(crate) longest: u64,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct ValueCount {
    pub(crate) value: String,
    pub(crate) calls: u64,
}
