//! The extracted variables of all calls: which names occur, and with which kinds of values.

use anyhow::bail;
use indexmap::IndexMap;
use indexmap::map::Entry;

use super::occurrences::Occurrences;
use crate::call::Call;
use crate::capture::find::item::Body;
use crate::contract::EMPTY_MARKERS;
use crate::contract::declared_variables::VariableType;
use crate::json::exact_number::Number;
use crate::json::{Json, Kind, LARGEST_EXACT_INTEGER};

/// Maximum number of different names. With more, names are probably values.
const MAX_NAMES: usize = 100_000;

/// Maximum size of all names in bytes.
const MAX_NAME_BYTES: usize = 64 << 20;

/// Kind of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ValueKind {
    /// Null, or one of [`EMPTY_MARKERS`], which the AI writes for variables of any type.
    Nothing,
    String,
    /// A number that a double holds with all its digits.
    Number,
    /// Any other number.
    LongNumber,
    Bool,
    /// A list or an object, which no declaration can name.
    Structure,
}

impl ValueKind {
    /// The kinds of values that are not nothing.
    pub(crate) const FILLED: [Self; 5] = [
        Self::String,
        Self::LongNumber,
        Self::Number,
        Self::Bool,
        Self::Structure,
    ];

    fn of(value: Json) -> Self {
        match value.kind() {
            Kind::Null => Self::Nothing,
            Kind::Boolean => Self::Bool,
            Kind::Array | Kind::Object => Self::Structure,
            Kind::String if value.is_one_of(EMPTY_MARKERS) => Self::Nothing,
            Kind::String => Self::String,
            Kind::Number => match Number::parse(value.text()) {
                Number::Integer(integer) if integer.unsigned_abs() > LARGEST_EXACT_INTEGER => {
                    Self::LongNumber
                }
                Number::TooLong => Self::LongNumber,
                _ => Self::Number,
            },
        }
    }

    /// True if values of this kind have the declared type, as in the rule `variable-type`, and a
    /// column of this type holds them unchanged.
    #[must_use]
    pub(crate) fn fits(self, declared: VariableType) -> bool {
        match declared {
            VariableType::String => self == Self::String,
            VariableType::Number => self == Self::Number,
            VariableType::Bool => self == Self::Bool,
        }
    }
}

/// The values of one variable.
#[derive(Clone, Debug, Default)]
pub(crate) struct VariableValues {
    /// Indexed by [`ValueKind`]. Boxed, because most variables have values of one or two kinds.
    kinds: [Option<Box<Occurrences>>; 6],
}

impl VariableValues {
    /// The values of this kind, if there are any.
    #[must_use]
    pub(crate) fn of_kind(&self, kind: ValueKind) -> Option<&Occurrences> {
        self.kinds[kind as usize].as_deref()
    }

    /// The values of any of these kinds.
    #[must_use]
    pub(crate) fn of_kinds(&self, kinds: &[ValueKind]) -> Option<Occurrences> {
        let occurrences = kinds.iter().filter_map(|kind| self.of_kind(*kind));
        occurrences.fold(None, |sum: Option<Occurrences>, next| {
            Some(sum.map_or_else(|| next.clone(), |sum| sum.union(next)))
        })
    }

    /// The number of values of this kind.
    #[must_use]
    pub(crate) fn count(&self, kind: ValueKind) -> u64 {
        self.of_kind(kind).map_or(0, |found| found.count)
    }

    /// The number of values that are not nothing.
    #[must_use]
    pub(crate) fn filled(&self) -> u64 {
        ValueKind::FILLED.iter().map(|kind| self.count(*kind)).sum()
    }

    /// All occurrences of the name.
    #[must_use]
    pub(crate) fn all(&self) -> Occurrences {
        let nothing = self.of_kind(ValueKind::Nothing);
        let filled = self.of_kinds(&ValueKind::FILLED);
        match (nothing, filled) {
            (Some(nothing), Some(filled)) => nothing.union(&filled),
            (Some(nothing), None) => nothing.clone(),
            (None, filled) => filled.expect("a name is added with its first value"),
        }
    }

    fn append(&mut self, later: Self, offset: u64) {
        for (kind, later) in self.kinds.iter_mut().zip(later.kinds) {
            append_to(kind, later, offset);
        }
    }
}

/// The variables of the calls read so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct ObservedVariables {
    /// Number of calls.
    pub(crate) calls: u64,
    /// Number of calls with at least one variable.
    pub(crate) calls_with_variables: u64,
    /// The variables by name, in order of appearance.
    pub(crate) variables: IndexMap<Box<str>, VariableValues>,
    /// Values of `extracted_variables` that hold no variables: neither an object nor empty.
    pub(crate) not_objects: Option<Box<Occurrences>>,
    /// Size of all names in bytes.
    name_bytes: usize,
}

impl ObservedVariables {
    /// Adds the variables of a call.
    pub(crate) fn add(&mut self, body: &Body) {
        self.calls += 1;
        let value = Call::read(body.object).extracted_variables().value();
        let Some(value) = value.filter(|value| !value.is_empty_container()) else {
            return;
        };
        let call = self.calls_with_variables;
        let Some(members) = value.members() else {
            add_to(&mut self.not_objects, call, body, value.text());
            return;
        };
        self.calls_with_variables += 1;
        for member in members.effective() {
            let (name, value) = (member.name(), member.value());
            if !self.variables.contains_key(&*name) {
                if self.variables.len() > MAX_NAMES {
                    // The run is going to fail.
                    return;
                }
                self.name_bytes += name.len();
                (self.variables).insert(name.as_ref().into(), VariableValues::default());
            }
            let values = &mut self.variables[&*name];
            let kind = &mut values.kinds[ValueKind::of(value) as usize];
            add_to(kind, call, body, value.text());
        }
    }

    /// Adds the variables of a later part of the input.
    pub(crate) fn append(&mut self, later: Self) {
        let offset = self.calls_with_variables;
        self.calls += later.calls;
        self.calls_with_variables += later.calls_with_variables;
        for (name, values) in later.variables {
            let name_bytes = name.len();
            match self.variables.entry(name) {
                Entry::Occupied(known) => known.into_mut().append(values, offset),
                Entry::Vacant(new) => {
                    self.name_bytes += name_bytes;
                    let mut shifted = VariableValues::default();
                    shifted.append(values, offset);
                    new.insert(shifted);
                }
            }
        }
        append_to(&mut self.not_objects, later.not_objects, offset);
    }

    /// Fails if there are more names than any assistant has: memory would grow with every call.
    pub(crate) fn check_limits(&self) -> anyhow::Result<()> {
        const ADVICE: &str = "the names are probably values";
        if self.variables.len() > MAX_NAMES {
            bail!("more than {MAX_NAMES} different variables; {ADVICE}");
        }
        if self.name_bytes > MAX_NAME_BYTES {
            let megabytes = MAX_NAME_BYTES >> 20;
            bail!("the names of the variables take more than {megabytes} MiB; {ADVICE}");
        }
        Ok(())
    }
}

/// Adds the occurrence at `text`, a part of `body`, which has the index `call`.
fn add_to(found: &mut Option<Box<Occurrences>>, call: u64, body: &Body, text: &str) {
    match found {
        Some(found) => found.add(call, body, text),
        None => *found = Some(Box::new(Occurrences::new(call, body, text))),
    }
}

/// Adds the occurrences of a later part of the input, whose first call has the index `offset`.
fn append_to(found: &mut Option<Box<Occurrences>>, later: Option<Box<Occurrences>>, offset: u64) {
    match (found, later) {
        (Some(found), Some(later)) => found.append(*later, offset),
        (found @ None, Some(later)) => *found = Some(Box::new(later.shifted(offset))),
        (_, None) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::infer::test_calls::observe;

    #[test]
    fn batches_do_not_change_the_result() {
        let calls = [
            r#"{"a":1,"b":"x"}"#,
            "[]",
            r#"{"b":null,"c":true}"#,
            "\"text\"",
            r#"{"c":false,"a":12345678901234567,"a":2}"#,
            r#"{"d":[],"a":"1"}"#,
        ];
        let whole = observe(&calls, &[]);
        assert_eq!((whole.calls, whole.calls_with_variables), (6, 4));
        let names: Vec<&str> = whole.variables.keys().map(|name| &**name).collect();
        assert_eq!(names, ["a", "b", "c", "d"]);
        // Of a repeated name, the last value counts.
        assert_eq!(whole.variables["a"].count(ValueKind::LongNumber), 0);
        for ends in [&[0][..], &[1, 3], &[0, 1, 2, 3, 4]] {
            assert_eq!(format!("{:?}", observe(&calls, ends)), format!("{whole:?}"));
        }
        let all = whole.variables["a"].all();
        assert_eq!((all.count, all.first.call, all.last.call), (3, 0, 3));
        let (first, last) = (all.first.location, all.last.location);
        assert_eq!(
            (first.to_string(), last.to_string()),
            ("a.jsonl:1:29".into(), "a.jsonl:6:36".into())
        );
        let skipped = whole.not_objects.expect("a string");
        assert_eq!(skipped.first.location.to_string(), "a.jsonl:4:24");
    }

    #[test]
    fn names_are_limited() {
        let variables: Vec<String> = (0..=MAX_NAMES)
            .map(|number| format!("\"{number}\":1"))
            .collect();
        let (first, rest) = variables.split_at(1);
        let calls = [first, rest].map(|part| format!("{{{}}}", part.join(",")));
        assert!(observe(&[&calls[1]], &[]).check_limits().is_ok());
        for ends in [&[][..], &[0]] {
            let observed = observe(&[&calls[0], &calls[1]], ends);
            let error = observed.check_limits().expect_err("one too many");
            assert!(error.to_string().contains("100000 different"), "{error}");
        }
    }
}
