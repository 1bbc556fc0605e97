//! Columns that a list names and the table does not have. Calls of another day may have any
//! variable, so its absence is reported and is not an error: the files of all days have the same
//! columns.

use super::candidate_filter::is_name;
use super::column::Column;
use super::headings::VARIABLE_OBJECTS;
use crate::json::pointer;
use crate::text::shorten::shorten;
use crate::text::similar::similar;

/// The names without a column that a list may have. All others are errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AbsentNames {
    /// None, because all columns of the table are fixed.
    Rejected,
    /// Names of variables.
    Variables,
    /// All, because the table has no rows.
    Accepted,
}

impl AbsentNames {
    /// The absent names that a table accepts, given whether it has a row per call, and no rows.
    pub(crate) fn of_table(has_calls: bool, is_empty: bool) -> Self {
        match (has_calls, is_empty) {
            (_, true) => Self::Accepted,
            (true, false) => Self::Variables,
            (false, false) => Self::Rejected,
        }
    }
}

/// A name that means variables of one object, and no other columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct VariableName<'n> {
    /// The path of the object: `["lead", "variables"]`.
    object: &'static [&'static str],
    /// The name of the variable, or a glob. `None` means all variables of the object.
    variable: Option<&'n str>,
}

impl<'n> VariableName<'n> {
    /// Parses `extracted_variables.NAME` or `extracted_variables`, and the names of the other
    /// objects that hold variables. Returns `None` for any other name.
    pub(super) fn parse(name: &'n str) -> Option<Self> {
        VARIABLE_OBJECTS.iter().find_map(|(object, _)| {
            let rest = name.strip_prefix(&*object.join("."))?;
            let variable = match rest.strip_prefix('.') {
                Some("") => return None,
                None if !rest.is_empty() => return None,
                variable => variable,
            };
            Some(Self { object, variable })
        })
    }

    /// True for all variables of an object.
    pub(super) fn is_object(self) -> bool {
        self.variable.is_none()
    }

    /// The path of the column of this variable. The contract has no nested variables, so dots are
    /// part of the name, as in a column of the variable `a.b`.
    pub(super) fn path(self) -> Vec<String> {
        let names = self.object.iter().copied().chain(self.variable);
        names.map(str::to_owned).collect()
    }

    /// The variable that this one probably is, among the columns `all`: one of the same object in
    /// another case or with a similar name, or one of another object with the same name.
    fn similar<'c>(self, all: &'c [Column]) -> Option<&'c Column> {
        let variable = self.variable?;
        let with_name = |column: &'c Column, object: &[&str]| {
            let rest = column.path.get(object.len()..)?;
            pointer::is_inside(&column.path, object).then(|| (column, rest.join(".")))
        };
        let siblings = all
            .iter()
            .filter_map(|column| with_name(column, self.object));
        let siblings: Vec<_> = siblings.collect();
        let folded = (siblings.iter()).find(|(_, name)| name.eq_ignore_ascii_case(variable));
        let near = || {
            let names = siblings.iter().map(|(_, name)| name.as_str());
            let near = similar(variable, names)?;
            siblings.iter().find(|(_, name)| name == near)
        };
        if let Some((column, _)) = folded.or_else(near) {
            return Some(column);
        }
        let mut objects = VARIABLE_OBJECTS.iter();
        objects.find_map(|(object, _)| {
            let mut columns = all.iter().filter_map(|column| with_name(column, object));
            let found = columns.find(|(_, name)| name == variable);
            found.map(|(column, _)| column)
        })
    }
}

/// What an item of the list does although no column matches its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AbsentEffect {
    /// It selects an empty column.
    EmptyColumn,
    /// It selects no column.
    NoColumn,
    /// It excludes no column.
    NoExclusion,
}

/// True if a name that no column has is probably a misspelled variable of the same object, among
/// the columns `all`.
pub(super) fn is_similar_to_column(name: &str, all: &[Column]) -> bool {
    let variable = VariableName::parse(name).filter(|_| is_name(name));
    variable.is_some_and(|variable| {
        let similar = variable.similar(all);
        similar.is_some_and(|column| pointer::is_inside(&column.path, variable.object))
    })
}

/// The message about an item of the list whose name matches none of the columns `all`.
pub(super) fn describe_absent(name: &str, effect: AbsentEffect, all: &[Column]) -> String {
    let variable = VariableName::parse(name);
    let shown = shorten(name);
    let fact = match variable.map(|variable| variable.variable) {
        Some(None) => format!("no call has variables in {shown}"),
        Some(Some(_)) if !is_name(name) => format!("no call has a variable that matches {shown}"),
        _ => format!("no call has {shown}"),
    };
    let purpose = match effect {
        AbsentEffect::NoExclusion => " to exclude",
        AbsentEffect::EmptyColumn | AbsentEffect::NoColumn => "",
    };
    let near = variable.filter(|_| is_name(name));
    let hint = match near.and_then(|variable| variable.similar(all)) {
        Some(near) => format!("; did you mean {}?", shorten(&near.name)),
        None if effect == AbsentEffect::EmptyColumn => "; its column is empty".to_owned(),
        None => String::new(),
    };
    format!("{fact}{purpose}{hint}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::column::Columns;

    #[test]
    fn names_of_variables_are_split_after_their_object() {
        for (name, path) in [
            (
                "extracted_variables.nps",
                &["extracted_variables", "nps"][..],
            ),
            ("input_variables.a.b", &["input_variables", "a.b"]),
            ("lead.variables.x y", &["lead", "variables", "x y"]),
            ("lead.variables", &["lead", "variables"]),
        ] {
            let parsed = VariableName::parse(name).map(VariableName::path);
            assert!(parsed.is_some_and(|parsed| parsed == path), "{name}");
        }
        for name in [
            "",
            "id",
            "nps",
            "lead.name",
            "lead",
            "extracted_variables.",
            "extracted_variables2.nps",
            "*.nps",
            "/extracted_variables/nps",
        ] {
            assert_eq!(VariableName::parse(name), None, "{name}");
        }
    }

    #[test]
    fn the_nearest_variable_is_named() {
        let mut columns = Columns::default();
        for pointer in [
            "/extracted_variables/nps",
            "/extracted_variables/order/number",
            "/lead/variables/company",
        ] {
            columns.get_or_add(1, pointer);
        }
        let all = columns.in_output_order();
        for (name, expected) in [
            (
                "extracted_variables.npss",
                "; did you mean extracted_variables.nps?",
            ),
            (
                "extracted_variables.NPS",
                "; did you mean extracted_variables.nps?",
            ),
            (
                "extracted_variables.order.numbr",
                "; did you mean extracted_variables.order.number?",
            ),
            (
                "extracted_variables.company",
                "; did you mean lead.variables.company?",
            ),
            // The name of the object is not part of the comparison.
            ("extracted_variables.zip", "; its column is empty"),
            ("input_variables.zip", "; its column is empty"),
        ] {
            let message = describe_absent(name, AbsentEffect::EmptyColumn, &all);
            assert_eq!(message, format!("no call has {name}{expected}"));
        }
        let message = |name| describe_absent(name, AbsentEffect::NoColumn, &all);
        assert_eq!(
            describe_absent("input_variables.zip", AbsentEffect::NoExclusion, &all),
            "no call has input_variables.zip to exclude"
        );
        assert!(is_similar_to_column("extracted_variables.nsp", &all));
        assert!(!is_similar_to_column("extracted_variables.company", &all));
        assert_eq!(
            message("input_variables"),
            "no call has variables in input_variables"
        );
        assert_eq!(
            message("input_variables.n*"),
            "no call has a variable that matches input_variables.n*"
        );
    }
}
