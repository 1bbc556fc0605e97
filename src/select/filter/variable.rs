//! Parses and evaluates tests of variables: `nps>=9`, `order.delivery.city=Hamburg`,
//! `lead.variables.source!=website`.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::str::FromStr;
use std::sync::LazyLock;

use super::occurrence::FilterName;
use crate::call::contract_object::ContractObject;
use crate::call::value_at;
use crate::call::variable_value::VariableValue;
use crate::contract::{FIELDS, Field, field_index, row_of};
use crate::json::{Json, Kind, Member, Object, plain_text};
use crate::text::similar::{greater, similarity_to_part};
use crate::text::star_pattern::StarPattern;
use crate::time::zone::Zone;

/// The field whose variables are named without a prefix.
const EXTRACTED: &Field = &FIELDS[row_of("/extracted_variables")];

/// The fields that hold variables, with their columns.
static HOLDERS: LazyLock<Vec<(&Field, String)>> = LazyLock::new(|| {
    let holders = FIELDS.iter().filter(|field| field.holds_variables());
    holders.map(|field| (field, field.column())).collect()
});

/// A comparison of a variable with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct VariableTest {
    /// The field that holds the variable.
    holder: &'static Field,
    /// Name of the variable in that object. Nested names are joined with dots.
    name: String,
    operator: Operator,
    /// The value to compare with, trimmed.
    value: String,
    /// The value as a pattern if it has stars and the operator is `=` or `!=`.
    pattern: Option<StarPattern>,
    /// Its meaning.
    meaning: VariableValue<'static>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// Longer operators come first, because the first match wins.
const OPERATORS: &[(&str, Operator)] = &[
    ("!=", Operator::Unequal),
    ("<=", Operator::LessOrEqual),
    (">=", Operator::GreaterOrEqual),
    ("==", Operator::Equal),
    ("=", Operator::Equal),
    ("<", Operator::Less),
    (">", Operator::Greater),
];

impl Operator {
    /// True if the operator holds for a left side that compares to the right side as `order`.
    fn accepts(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::Unequal => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }
}

impl FromStr for VariableTest {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let split = text.find(['=', '!', '<', '>']).and_then(|at| {
            let (name, rest) = text.split_at(at);
            let (sign, operator) = OPERATORS.iter().find(|(sign, _)| rest.starts_with(sign))?;
            Some((name.trim(), *operator, rest[sign.len()..].trim()))
        });
        let Some((name, operator, value)) = split.filter(|(name, ..)| !name.is_empty()) else {
            return Err(
                "expected NAME=VALUE; other operators (!=, <, >, <=, >=) need quotes: 'nps>=9'"
                    .to_owned(),
            );
        };
        let is_equality = matches!(operator, Operator::Equal | Operator::Unequal);
        if value.is_empty() && !is_equality {
            return Err("write a value after the operator, as in 'nps>=9'".to_owned());
        }
        // In other tests, a star is a star.
        let pattern = is_equality.then(|| StarPattern::new(value));
        let literal = pattern.as_ref().and_then(StarPattern::literal);
        let value = literal.unwrap_or(value).to_owned();
        let column = HOLDERS.iter().find_map(|(holder, column)| {
            let inside = name.strip_prefix(column)?;
            Some((*holder, inside.strip_prefix('.')?))
        });
        let (holder, name) = column.unwrap_or((EXTRACTED, name));
        Ok(Self {
            holder,
            name: name.to_owned(),
            operator,
            meaning: VariableValue::from_text(value.clone()),
            pattern: pattern.filter(|pattern| pattern.literal().is_none()),
            value,
        })
    }
}

impl VariableTest {
    /// The name of the variable if it is an extracted one.
    #[must_use]
    pub(crate) fn extracted_name(&self) -> Option<&str> {
        (self.holder.pointer == EXTRACTED.pointer).then_some(&self.name)
    }

    /// Returns true if the test holds for `body`. `zone` determines the day of a time. For a
    /// missing variable, only `!=` holds.
    #[must_use]
    pub(crate) fn holds(&self, body: &ContractObject, zone: &Zone) -> bool {
        match self.find_in(body) {
            Some(value) => self.holds_for(value, zone),
            None => self.operator == Operator::Unequal,
        }
    }

    /// Returns true if the test holds for a variable with this value.
    #[must_use]
    pub(crate) fn holds_for(&self, value: Json, zone: &Zone) -> bool {
        match self.operator {
            Operator::Equal => self.equals(value),
            Operator::Unequal => !self.equals(value),
            operator => self
                .compare(value, zone)
                .is_some_and(|order| operator.accepts(order)),
        }
    }

    /// The name of the variable, as the test has it.
    #[must_use]
    pub(crate) fn name(&self) -> Cow<'_, str> {
        self.text()
    }

    /// The value that the test compares; `None` if the body lacks the variable.
    #[must_use]
    pub(crate) fn find_in<'a>(&self, body: &ContractObject<'a>) -> Option<Json<'a>> {
        let holder = if self.holder.pointer == EXTRACTED.pointer {
            body.get(const { field_index("/extracted_variables") })
        } else {
            value_at(&body.members, self.holder.pointer)
        };
        let with_objects = self.asks_for_any_value();
        find_variable(&holder?.members()?, &self.name, with_objects)
    }

    /// True if the test can decide about this value. Text that means no value is one only for
    /// `name=*` and `name!=*`.
    #[must_use]
    pub(crate) fn can_decide(&self, value: Json) -> bool {
        self.asks_for_any_value() || !lacks_value(value)
    }

    /// True for a boolean, or one in quotes.
    #[must_use]
    pub(crate) fn is_boolean(value: Json) -> bool {
        matches!(value.kind(), Kind::Boolean | Kind::String)
            && read_boolean(plain_text(value).trim()).is_some()
    }

    /// True for `name=*` and `name!=*`.
    fn asks_for_any_value(&self) -> bool {
        self.pattern.as_ref().is_some_and(StarPattern::is_any)
    }

    /// Returns true if `value` equals the value of the test: two numbers by value, two booleans in
    /// any spelling, anything else as text.
    fn equals(&self, value: Json) -> bool {
        if self.asks_for_any_value() {
            return !lacks_value(value);
        }
        if let Some(pattern) = &self.pattern {
            return pattern.is_match(plain_text(value).trim());
        }
        if let Some(boolean) = read_boolean(&self.value)
            && matches!(value.kind(), Kind::Boolean | Kind::String)
            && let Some(found) = read_boolean(plain_text(value).trim())
        {
            return found == boolean;
        }
        if value.kind() == Kind::Number
            && let Some(number) = self.meaning.as_number()
        {
            return value.compare_numbers(number) == Some(Ordering::Equal);
        }
        plain_text(value).trim() == self.value
    }

    /// Orders `value` relative to the value of the test, or returns `None` if they are of different
    /// kinds. Numbers and times are also recognized inside strings, because many assistants write
    /// them so.
    fn compare(&self, value: Json, zone: &Zone) -> Option<Ordering> {
        if !matches!(value.kind(), Kind::Number | Kind::String) {
            return None;
        }
        let text = plain_text(value);
        let text = text.trim();
        let found = VariableValue::from_text(text);
        match (&found, &self.meaning) {
            (VariableValue::Number(_), VariableValue::Number(_)) => found
                .as_number()?
                .compare_numbers(self.meaning.as_number()?),
            (VariableValue::Day(a), VariableValue::Day(b)) => Some(a.cmp(b)),
            (VariableValue::Time(a), VariableValue::Day(b)) => {
                Some(zone.localize(*a).date_naive().cmp(b))
            }
            (VariableValue::Time(a), VariableValue::Time(b)) => Some(a.time.cmp(&b.time)),
            (a, b) if is_text(a) && is_text(b) => Some(text.cmp(self.value.as_str())),
            _ => None,
        }
    }
}

/// Reads a boolean in any case, in words too.
pub(crate) fn read_boolean(text: &str) -> Option<bool> {
    const WORDS: [(&str, bool); 4] = [
        ("true", true),
        ("false", false),
        ("yes", true),
        ("no", false),
    ];
    let mut words = WORDS.iter();
    let word = words.find(|(word, _)| text.eq_ignore_ascii_case(word));
    word.map(|(_, boolean)| *boolean)
}

/// True if `value` is null, an empty list or object, or text that means no value.
fn lacks_value(value: Json) -> bool {
    let text = plain_text(value);
    let meaning = VariableValue::from_text(text.trim());
    value.is_null() || value.is_empty_container() || meaning == VariableValue::Nothing
}

impl FilterName for VariableTest {
    fn kind(&self) -> &'static str {
        "variable"
    }

    fn text(&self) -> Cow<'_, str> {
        match self.extracted_name() {
            Some(name) => Cow::Borrowed(name),
            None => Cow::Owned(format!("{}.{}", self.holder.column(), self.name)),
        }
    }

    fn occurs_in(&self, body: &ContractObject) -> bool {
        self.find_in(body).is_some()
    }

    /// The candidates include variables of other fields, because their prefix is easily forgotten.
    fn for_each_candidate(&self, body: &ContractObject, visit: &mut dyn FnMut(&str)) {
        for (holder, column) in HOLDERS.iter() {
            let variables = value_at(&body.members, holder.pointer).and_then(Json::members);
            let mut name = String::new();
            if holder.pointer != EXTRACTED.pointer {
                name.push_str(column);
                name.push('.');
            }
            if let Some(variables) = variables {
                for_each_variable(&variables, &mut name, 1, visit);
            }
        }
    }

    /// A name is similar to another one if the whole names are, or their last parts.
    fn similarity(&self, candidate: &str) -> Option<f64> {
        fn last_part(name: &str) -> &str {
            name.rsplit('.').next().unwrap_or(name)
        }
        let text = self.text();
        let whole = similarity_to_part(&text, candidate);
        let last = similarity_to_part(last_part(&text), last_part(candidate));
        greater(whole, last)
    }
}

/// Calls `visit` with the name of each variable in `members`, as [`find_variable`] finds it, after
/// the prefix that `name` holds.
fn for_each_variable(
    members: &Object,
    name: &mut String,
    depth: usize,
    visit: &mut dyn FnMut(&str),
) {
    /// Deeper objects are hardly meant by a filter, and could be many.
    const MAX_DEPTH: usize = 8;
    for member in members {
        let length = name.len();
        name.push_str(&member.name());
        let inner = member.value().members().filter(|inner| !inner.is_empty());
        match inner {
            Some(inner) if depth < MAX_DEPTH => {
                name.push('.');
                for_each_variable(&inner, name, depth + 1, visit);
            }
            Some(_) => {}
            None => visit(name),
        }
        name.truncate(length);
    }
}

/// True if values of this kind are compared as text.
fn is_text(value: &VariableValue) -> bool {
    matches!(
        value,
        VariableValue::Text(_) | VariableValue::Nothing | VariableValue::Boolean(_)
    )
}

/// Finds the variable whose export column is named `name`: names of nested objects are joined with
/// dots. An object that has members is no variable, unless `with_objects` is true.
fn find_variable<'a>(members: &Object<'a>, name: &str, with_objects: bool) -> Option<Json<'a>> {
    /// Returns the rest of `name` after the member's name, or `None` if the member cannot lead to
    /// `name`.
    fn remainder<'n>(name: &'n str, member: &Member) -> Option<&'n str> {
        let rest = name.strip_prefix(&*member.name())?;
        (rest.is_empty() || rest.starts_with('.')).then_some(rest)
    }
    // Of members with the same name only the last counts. Searching the others too would cost the
    // product of the repetitions on every level.
    let mut candidates: Vec<Member> = Vec::new();
    let leading = members
        .iter()
        .filter(|member| remainder(name, member).is_some());
    let leading: Vec<Member> = leading.collect();
    for member in leading.into_iter().rev() {
        if !candidates.iter().any(|later| later.name() == member.name()) {
            candidates.push(member);
        }
    }
    candidates.into_iter().rev().find_map(|member| {
        let rest = remainder(name, &member)?;
        let inner = member.value().members().filter(|inner| !inner.is_empty());
        match (inner, rest.strip_prefix('.')) {
            (None, None) => Some(member.value()),
            (Some(inner), Some(rest)) => find_variable(&inner, rest, with_objects),
            (Some(_), None) if with_objects => Some(member.value()),
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = r#"{
        "extracted_variables": {"nps": 9, "quoted": "10", "big": 12345678901234567890, "score": 1.0, "name": " Zoë ", "yes": true, "agreed": "Yes", "said": "no", "dash": "-", "blank": " ", "starred": "5*",
            "none": null, "list": [1, 2], "empty": {}, "postcode": "01067",
            "day": "2024-02-15", "at": "2024-02-15T23:30:00Z", "order": {"delivery": {"city": "Hamburg"}, "a.b": {"c": 1}}, "twice": 1, "twice": 2},
        "input_variables": {"company": "Beispiel GmbH"},
        "lead": {"variables": {"source": "website", "deep": {"er": 5}}}
    }"#;

    fn holds(test: &str) -> bool {
        holds_for(BODY, test)
    }

    fn holds_for(body: &str, test: &str) -> bool {
        let body: Json = serde_json::from_str(body).expect("the test's own JSON is well-formed");
        let body = ContractObject::read("", body, body.members().expect("an object"));
        let test: VariableTest = test.parse().expect("a test");
        test.holds(&body, &Zone::FromBody)
    }

    #[test]
    fn tests_that_hold() {
        for test in [
            "nps=9",
            "nps=9.0",
            "nps==9e0",
            "nps >= 9",
            "nps<10",
            "nps>-1",
            "nps!=10",
            "quoted=10",
            "quoted>9",
            "big=12345678901234567890",
            "big<12345678901234567891",
            "big!=12345678901234567891",
            "score=1",
            "name=Zoë",
            "name>Z",
            "yes=true",
            "yes=TRUE",
            "yes=Yes",
            "yes!=no",
            "agreed=yes",
            "agreed=true",
            "agreed!=False",
            "said=false",
            "none=null",
            "name=Z*",
            "name=*ë",
            "name=*o*",
            "name=*",
            "nps=*",
            "nps=9*",
            "list=*",
            "list=*2]",
            "yes=*",
            "order=*",
            "order.delivery=*",
            "order.delivery.city=Ham*g",
            "city!=*",
            "empty!=*",
            "none!=*",
            "dash!=*",
            "blank!=*",
            "starred=5\\*",
            "starred=*\\*",
            "name!=5\\*",
            "list=[1,2]",
            "empty={}",
            "postcode=01067",
            "day<2024-03-01",
            "day>=2024-02-15",
            "at<=2024-02-15",
            "at<2024-02-16T00:31:00+01:00",
            "order.delivery.city=Hamburg",
            "order.a.b.c=1",
            "twice=2",
            "extracted_variables.nps=9",
            "input_variables.company=Beispiel GmbH",
            "lead.variables.source!=trade_fair",
            "lead.variables.deep.er<6",
            "missing!=1",
            "missing!=",
            "order!=Hamburg",
        ] {
            assert!(holds(test), "{test}");
        }
    }

    #[test]
    fn tests_that_do_not_hold() {
        for test in [
            "nps=8",
            "nps>9",
            "nps!=9.0",
            "quoted=10.0",
            "big=12345678901234567891",
            "name=zoë",
            "name>5",
            "nps>x",
            "yes>false",
            "yes=no",
            "agreed=no",
            "nps=yes",
            "name=z*",
            "name=*x*",
            "none=*",
            "empty=*",
            "dash=*",
            "blank=*",
            "city=*",
            "name!=*",
            "order!=*",
            "nps>*",
            "starred=\\*",
            "none<5",
            "list>1",
            "postcode=1067",
            "day<2024-02-15",
            "day>2024-02-15T00:00:00Z",
            "at>2024-02-15",
            "order=Hamburg",
            "city=Hamburg",
            "twice=1",
            "company=Beispiel GmbH",
            "missing=",
            "missing<5",
            "missing>=0",
        ] {
            assert!(!holds(test), "{test}");
        }
    }

    #[test]
    fn names_repeated_on_every_level_are_searched_once() {
        let level = |inner: &str| format!("{{{}}}", vec![format!("\"a\":{inner}"); 20].join(","));
        let deep = (0..3).fold("1".to_owned(), |inner, _| level(&inner));
        let body = format!("{{\"extracted_variables\":{}}}", level(&deep));
        assert!(holds_for(&body, "a.a.a.a=1"));
    }

    #[test]
    fn invalid_tests_are_refused() {
        for invalid in ["", "nps", "=9", " >= 9", "nps!9", "nps>=", "nps<"] {
            assert!(invalid.parse::<VariableTest>().is_err(), "{invalid}");
        }
    }
}
