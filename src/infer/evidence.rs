//! The inferred type of each variable, and the evidence for it in words.

use std::fmt::Write as _;

use super::observed::{ObservedVariables, ValueKind, VariableValues};
use super::occurrences::Occurrences;
use super::type_rule::{InferredType, infer_type};
use crate::contract::declared_variables::VariableType;
use crate::text::plural::format_count;

/// A name counts as new or gone if at least this many calls with variables lack it before its first
/// or after its last occurrence.
const MIN_CALLS_WITHOUT: u64 = 20;

/// It must be in this percentage of the calls between them: a variable of one assistant among
/// others comes and goes without a change.
const MIN_PERCENT_BETWEEN: u64 = 95;

/// Values of each type from which a change of the type is reported. A single value that does not
/// fit is no change.
const MIN_VALUES_OF_CHANGE: u64 = 2;

/// A variable that can be declared.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InferredVariable<'o> {
    pub(crate) name: &'o str,
    pub(crate) kind: VariableType,
    values: &'o VariableValues,
    observed: &'o ObservedVariables,
}

/// A variable that cannot be declared.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UndeclarableVariable<'o> {
    pub(crate) name: &'o str,
    values: &'o VariableValues,
}

/// A variable of the input, in order of appearance.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Variable<'o> {
    Declarable(InferredVariable<'o>),
    Undeclarable(UndeclarableVariable<'o>),
}

/// The variables in order of appearance, with their types.
pub(crate) fn infer(observed: &ObservedVariables) -> impl Iterator<Item = Variable<'_>> + Clone {
    observed.variables.iter().map(move |(name, values)| {
        let name: &str = name;
        match infer_type(values) {
            InferredType::Type(kind) => Variable::Declarable(InferredVariable {
                name,
                kind,
                values,
                observed,
            }),
            InferredType::Structure | InferredType::Unknown => {
                Variable::Undeclarable(UndeclarableVariable { name, values })
            }
        }
    })
}

impl UndeclarableVariable<'_> {
    /// Why the variable cannot be declared: `not declared: 3 lists or objects, first a.json:4:20`.
    #[must_use]
    pub(crate) fn reason(&self) -> String {
        let values = list_kinds(self.values, |_| true);
        if values.is_empty() {
            let calls = format_count(self.values.all().count, "call");
            return format!("not declared: no value in {calls}");
        }
        format!("not declared{values}").replacen(';', ":", 1)
    }
}

impl InferredVariable<'_> {
    /// The values that do not have the type `kind`.
    #[must_use]
    pub(crate) fn misfits(&self, kind: VariableType) -> Option<Occurrences> {
        let kinds = ValueKind::FILLED.into_iter();
        let misfits: Vec<ValueKind> = kinds.filter(|filled| !filled.fits(kind)).collect();
        self.values.of_kinds(&misfits)
    }

    /// The number of values that are not nothing.
    #[must_use]
    pub(super) fn filled(&self) -> u64 {
        self.values.filled()
    }

    /// The first occurrence of a value.
    #[must_use]
    pub(crate) fn first(&self) -> String {
        let filled = self.values.of_kinds(&ValueKind::FILLED);
        let filled = filled.expect("a variable without a value has no type");
        filled.first.location.to_string()
    }

    /// The evidence for the type, on one line: `412 of 415 calls; 2 strings, first a.json:4:20`.
    #[must_use]
    pub(crate) fn evidence(&self) -> String {
        let calls = format_count(self.observed.calls, "call");
        let mut text = format!("{} of {calls}", self.values.filled());
        match self.change_of_type() {
            Some(change) => {
                let _ = write!(text, "; {change}");
            }
            None => text.push_str(&list_kinds(self.values, |kind| !kind.fits(self.kind))),
        }
        if let Some(change) = self.change_of_name() {
            let _ = write!(text, "; {change}");
        }
        text
    }

    /// Where all values before have one type and all others another, if there is such a place:
    /// `200 strings until a.json:4:20, then 215 numbers from b.json:4:20`.
    fn change_of_type(&self) -> Option<String> {
        let kinds = ValueKind::FILLED.into_iter();
        let found = kinds.filter_map(|kind| Some((kind, self.values.of_kind(kind)?)));
        let mut found: Vec<(ValueKind, &Occurrences)> = found.collect();
        found.sort_by_key(|(_, values)| values.first.call);
        let [(before, old), (after, new)] = found[..] else {
            return None;
        };
        let is_change =
            old.last.call < new.first.call && old.count.min(new.count) >= MIN_VALUES_OF_CHANGE;
        let (last, first) = (&old.last.location, &new.first.location);
        let (old, new) = (
            count_of_kind(old.count, before),
            count_of_kind(new.count, after),
        );
        is_change.then(|| format!("{old} until {last}, then {new} from {first}"))
    }

    /// Where the name appears, or where it disappears, if it does one of both. A variable of an
    /// assistant whose calls are in the middle of the input does both.
    fn change_of_name(&self) -> Option<String> {
        let all = self.values.all();
        let (first, last) = (&all.first, &all.last);
        let between = last.call - first.call + 1;
        if all.count * 100 < between * MIN_PERCENT_BETWEEN {
            return None;
        }
        let is_new = first.call >= MIN_CALLS_WITHOUT;
        let is_gone = self.observed.calls_with_variables - last.call > MIN_CALLS_WITHOUT;
        let (first, last) = (&first.location, &last.location);
        match (is_new, is_gone) {
            (true, _) | (_, true) if all.count == 1 => Some(format!("only in {first}")),
            (true, false) => Some(format!("new from {first}")),
            (false, true) => Some(format!("gone after {last}")),
            (false, false) | (true, true) => None,
        }
    }
}

/// Lists the values of the kinds that `is_listed` accepts: `; 2 strings, first a.json:4:20`.
fn list_kinds(values: &VariableValues, is_listed: impl Fn(ValueKind) -> bool) -> String {
    let mut text = String::new();
    for kind in ValueKind::FILLED
        .into_iter()
        .filter(|kind| is_listed(*kind))
    {
        let Some(Occurrences { count, first, .. }) = values.of_kind(kind) else {
            continue;
        };
        let listed = match kind {
            // Those with too many digits are numbers, too, and listed before.
            ValueKind::Number if values.of_kind(ValueKind::LongNumber).is_some() => {
                format_count(*count, "other number")
            }
            _ => count_of_kind(*count, kind),
        };
        let _ = write!(text, "; {listed}, first {}", first.location);
    }
    text
}

/// `1 string`, `3 numbers with too many digits for a double`
fn count_of_kind(count: u64, kind: ValueKind) -> String {
    let (noun, rest) = match kind {
        ValueKind::Nothing => ("missing value", ""),
        ValueKind::String => ("string", ""),
        ValueKind::Number => ("number", ""),
        ValueKind::LongNumber => ("number", " with too many digits for a double"),
        ValueKind::Bool => ("boolean", ""),
        ValueKind::Structure if count == 1 => ("list or object", ""),
        ValueKind::Structure => return format!("{count} lists or objects"),
    };
    format!("{}{rest}", format_count(count, noun))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::infer::test_calls::{observe, observe_values};

    fn evidence(observed: &ObservedVariables, name: &str) -> String {
        infer(observed)
            .find_map(|variable| match variable {
                Variable::Declarable(variable) if variable.name == name => {
                    Some(variable.evidence())
                }
                Variable::Undeclarable(variable) if variable.name == name => {
                    Some(variable.reason())
                }
                _ => None,
            })
            .expect("the variable occurs")
    }

    #[test]
    fn values_that_do_not_fit_are_counted_with_their_first_location() {
        let evidence = |values: &[&str]| evidence(&observe_values(values), "v");
        assert_eq!(evidence(&["1", "2", "null"]), "2 of 3 calls");
        assert_eq!(evidence(&["1"]), "1 of 1 call");
        assert_eq!(
            evidence(&["\"a\"", "1", "\"b\"", "2", "[]", "true"]),
            "6 of 6 calls; 2 numbers, first a.jsonl:2:29; 1 boolean, first a.jsonl:6:29; \
             1 list or object, first a.jsonl:5:29"
        );
        assert_eq!(
            evidence(&["1", "12345678901234567"]),
            "2 of 2 calls; 1 number with too many digits for a double, first a.jsonl:2:29; \
             1 other number, first a.jsonl:1:29"
        );
        assert_eq!(
            evidence(&["null", "\"-\""]),
            "not declared: no value in 2 calls"
        );
        assert_eq!(
            evidence(&["[]", "{}", "\"a\""]),
            "not declared: 1 string, first a.jsonl:3:29; 2 lists or objects, first a.jsonl:1:29"
        );
    }

    #[test]
    fn a_change_of_the_type_is_reported_at_its_location() {
        let evidence = |values: &[&str]| evidence(&observe_values(values), "v");
        assert_eq!(
            evidence(&["1", "2", "\"a\"", "null", "\"b\"", "\"c\""]),
            "5 of 6 calls; 2 numbers until a.jsonl:2:29, then 3 strings from a.jsonl:3:29"
        );
        for values in [
            &["1", "2", "\"a\""][..],
            &["1", "\"a\"", "2", "\"b\""],
            &["1", "2", "\"a\"", "\"b\"", "true", "true"],
        ] {
            assert!(!evidence(values).contains("then"), "{values:?}");
        }
    }

    #[test]
    fn names_that_appear_or_disappear_are_reported() {
        const MIN: usize = 20;
        assert_eq!(MIN_CALLS_WITHOUT, MIN as u64);
        // Calls with `a`, then with `b`; each has `other`, so that it counts.
        let calls = |a: usize, b: usize| {
            let calls = (0..a + b).map(|index| match index {
                index if index < a => r#"{"other":1,"a":1}"#,
                _ => r#"{"other":1,"b":1}"#,
            });
            observe(&calls.collect::<Vec<_>>(), &[])
        };
        let enough = calls(MIN, MIN);
        let first = format!("a.jsonl:{}:39", MIN + 1);
        assert_eq!(
            evidence(&enough, "a"),
            "20 of 40 calls; gone after a.jsonl:20:39"
        );
        assert_eq!(
            evidence(&enough, "b"),
            format!("20 of 40 calls; new from {first}")
        );
        assert_eq!(evidence(&enough, "other"), "40 of 40 calls");
        assert_eq!(
            evidence(&calls(MIN, 1), "b"),
            format!("1 of 21 calls; only in {first}")
        );
        let few = calls(MIN - 1, MIN - 1);
        assert_eq!(evidence(&few, "a"), "19 of 38 calls");
        assert_eq!(evidence(&few, "b"), "19 of 38 calls");
        // A variable of one assistant among others.
        let calls: Vec<&str> = (0..100)
            .map(|index| match index {
                30.. if index % 2 == 0 => r#"{"other":1,"a":1}"#,
                _ => r#"{"other":1}"#,
            })
            .collect();
        assert_eq!(evidence(&observe(&calls, &[]), "a"), "35 of 100 calls");
    }
}
