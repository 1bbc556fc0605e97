//! Which type a variable gets.

use super::observed::{ValueKind, VariableValues};
use crate::contract::declared_variables::VariableType;

/// Values from which a type can be chosen although some values do not have it.
const MIN_VALUES: u64 = 20;

/// The percentage of the values that must have it.
const MIN_PERCENT: u64 = 95;

/// The type of a variable, as far as its values show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InferredType {
    /// A type that can be declared.
    Type(VariableType),
    /// The values are lists or objects, for which the vendor has no type.
    Structure,
    /// No call has a value.
    Unknown,
}

/// The type of a variable with these values: the type that all of them have, or at least
/// [`MIN_PERCENT`] of at least [`MIN_VALUES`] values. Other mixtures are strings, because a string
/// holds any value, unless half of the values are lists or objects.
///
/// Numbers are strings if a double does not hold all digits of one of them: a column of doubles
/// has no cell for such an order number, and `export` writes it to `_misfits`.
#[must_use]
pub(super) fn infer_type(values: &VariableValues) -> InferredType {
    let total = values.filled();
    if total == 0 {
        return InferredType::Unknown;
    }
    let long_numbers = values.count(ValueKind::LongNumber);
    let numbers = values.count(ValueKind::Number) + long_numbers;
    let structures = values.count(ValueKind::Structure);
    let is_type_of_all =
        |count: u64| count == total || total >= MIN_VALUES && count * 100 >= total * MIN_PERCENT;
    if is_type_of_all(numbers) && long_numbers == 0 {
        InferredType::Type(VariableType::Number)
    } else if is_type_of_all(values.count(ValueKind::Bool)) {
        InferredType::Type(VariableType::Bool)
    } else if structures * 2 >= total {
        InferredType::Structure
    } else {
        InferredType::Type(VariableType::String)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::infer::test_calls::observe_values;

    fn type_of(values: &[&str]) -> InferredType {
        infer_type(&observe_values(values).variables["v"])
    }

    /// 100 values: `count` times `one`, else `other`.
    fn mixture(one: &'static str, count: usize, other: &'static str) -> Vec<&'static str> {
        let values = (0..100).map(|index| if index < count { one } else { other });
        values.collect()
    }

    #[test]
    fn a_type_is_that_of_all_values() {
        use VariableType::{Bool, Number, String};
        for (values, expected) in [
            (&["1", "-2.50", "1e3"][..], Number),
            (&["true", "null", "false"], Bool),
            (&["\"a\"", "\"1\""], String),
            // Nothing is no value, in any spelling.
            (&["1", "null", "\"\"", "\"-\"", "\"\\u2013\""], Number),
            // Too few values to be sure.
            (&["1", "1", "1", "1", "\"a\""], String),
            (&["1", "true"], String),
            (&["\"a\"", "\"b\"", "[1]"], String),
        ] {
            assert_eq!(type_of(values), InferredType::Type(expected), "{values:?}");
        }
    }

    #[test]
    fn values_that_cannot_be_declared_have_no_type() {
        for values in [&["null"][..], &["\"\"", "\"-\""]] {
            assert_eq!(type_of(values), InferredType::Unknown, "{values:?}");
        }
        for values in [&["[]"][..], &["{\"a\":1}", "null"], &["[1]", "\"a\""]] {
            assert_eq!(type_of(values), InferredType::Structure, "{values:?}");
        }
    }

    #[test]
    fn few_values_of_other_types_do_not_change_the_type_of_many() {
        let number = InferredType::Type(VariableType::Number);
        let string = InferredType::Type(VariableType::String);
        assert_eq!(type_of(&mixture("1", 95, "\"a\"")), number);
        assert_eq!(type_of(&mixture("1", 94, "\"a\"")), string);
        assert_eq!(
            type_of(&mixture("true", 95, "[]")),
            InferredType::Type(VariableType::Bool)
        );
        assert_eq!(type_of(&mixture("[]", 95, "true")), InferredType::Structure);
        assert_eq!(type_of(&mixture("1", 95, "\"a\"")[76..96]), number);
        assert_eq!(type_of(&mixture("1", 95, "\"a\"")[77..96]), string);
    }

    #[test]
    fn numbers_that_a_double_would_change_are_strings() {
        for long in [
            "9007199254740992",
            "-12345678901234567",
            "0.12345678901234567890",
            "1e400",
        ] {
            assert_eq!(
                type_of(&mixture("1", 99, long)),
                InferredType::Type(VariableType::String),
                "{long}"
            );
        }
        for exact in ["9007199254740991", "-0.30000000000000004", "1e20"] {
            assert_eq!(type_of(&[exact]), InferredType::Type(VariableType::Number));
        }
    }
}
