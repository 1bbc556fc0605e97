//! The headings of exported columns (`--headings`), in one place for all formats.
//!
//! A heading depends only on the path of its column, so that a table of other calls has the same
//! one. Different paths have different headings, except for rare collisions of names for databases.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::contract::{FIELDS, Field, FieldType, KNOWN_EXTRAS, documented_status};
use crate::json::pointer;

/// How the columns of a table are named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[serde(rename_all = "kebab-case")]
pub(crate) enum HeadingStyle {
    /// Paths: `extracted_variables.order.number`
    #[default]
    Full,
    /// Variables without their object: `order.number`
    Short,
    /// Only lower-case letters, digits and `_`, for databases
    Sql,
}

/// The objects whose members are variables, each with the prefix of their short headings.
pub(super) const VARIABLE_OBJECTS: [(&[&str], &str); 3] = [
    (&["extracted_variables"], ""),
    (&["input_variables"], "input."),
    (&["lead", "variables"], "lead."),
];

/// Maximum length of a name for databases. `PostgreSQL` cuts names after 63 bytes; the number of a
/// [continued](HeadingStyle::continued) text needs a few of them.
const MAX_SQL_LENGTH: usize = 60;

/// Length of the hash at the end of a changed name, with the `_` before it.
const SQL_HASH_LENGTH: usize = 5;

/// The name of the last column of typed formats, which no member of a body has: a JSON object with
/// the values that do not have the type of their column, by the name of the column.
pub(crate) const MISFITS: &str = "_misfits";

/// The names of the columns with the location of a call.
const SOURCE_NAMES: [&str; 3] = ["_source.file", "_source.line", "_source.pointer"];

/// The names of the columns that the contract documents, of known extra members, and of the
/// location.
static CONTRACT_NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let fields = FIELDS.iter().map(Field::column);
    let others = KNOWN_EXTRAS.iter().chain(&SOURCE_NAMES);
    fields.chain(others.map(|&name| name.to_owned())).collect()
});

/// The names of [`CONTRACT_NAMES`] for databases.
static CONTRACT_SQL_NAMES: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let names = CONTRACT_NAMES.iter();
    names.map(|name| name.replace('.', "_")).collect()
});

/// The paths of the documented objects.
static OBJECTS: LazyLock<Vec<Vec<String>>> = LazyLock::new(|| {
    let objects = FIELDS.iter().filter(|f| f.kind == FieldType::Object);
    objects.map(|f| pointer::names(f.pointer)).collect()
});

impl HeadingStyle {
    /// The heading of the column at `path`; `None` keeps its name. `of_calls` is true for the table
    /// of calls.
    pub(crate) fn heading(self, path: &[String], of_calls: bool) -> Option<String> {
        match self {
            Self::Full => None,
            Self::Short => of_calls.then(|| short_heading(path)),
            Self::Sql if of_calls => Some(sql_heading(path)),
            Self::Sql => Some(sql_heading_of_figures(path)),
        }
    }

    /// The heading of part `part` of a text that continues in several columns, from 2.
    pub(crate) fn continued(self, name: &str, part: usize) -> String {
        match self {
            Self::Full | Self::Short => format!("{name} ({part})"),
            Self::Sql => format!("{name}_{part}"),
        }
    }
}

/// The short heading of a column of calls: a documented name, a variable without the name of its
/// object, or the JSON Pointer of an undocumented member. A variable keeps the name of its object
/// if another column could have its short heading.
fn short_heading(path: &[String]) -> String {
    let full = join(path);
    if is_contract_name(&full) {
        return full;
    }
    if full == MISFITS {
        return pointer::from_names(path);
    }
    let mut objects = VARIABLE_OBJECTS.iter();
    let object = objects.find(|(object, _)| pointer::is_inside(path, object));
    let Some((object, prefix)) = object else {
        return pointer::from_names(path);
    };
    let short = format!("{prefix}{}", join(&path[object.len()..]));
    if is_ambiguous(&short, prefix) {
        full
    } else {
        short
    }
}

/// True if a column other than the variable with this short heading could have it.
fn is_ambiguous(short: &str, prefix: &str) -> bool {
    let starts_with_object = VARIABLE_OBJECTS.iter().any(|(object, other_prefix)| {
        let rest = short.strip_prefix(&*object.join("."));
        rest.is_some_and(|rest| rest.starts_with('.'))
            || *other_prefix != prefix
                && !other_prefix.is_empty()
                && short.starts_with(other_prefix)
    });
    // A heading such as `created_at (UTC)` or `transcript (2)` belongs to a documented column.
    let name = short.split(" (").next().unwrap_or_default();
    name.is_empty()
        || short.starts_with('/')
        || short == MISFITS
        || is_contract_name(name)
        || starts_with_object
}

/// The name of a column for databases. A name of the contract only gets `_` for its dots. The other
/// columns are named by the objects that hold them and their own name; if that has to be changed,
/// it ends in a hash of the path.
fn sql_heading(path: &[String]) -> String {
    let name = path.join("_");
    if is_contract_name(&join(path)) {
        return name;
    }
    let objects = OBJECTS.iter().filter(|object| path.starts_with(object));
    let object_length = objects.map(Vec::len).max().unwrap_or_default();
    let is_documented = CONTRACT_SQL_NAMES.contains(&name);
    let is_own_name = path.len() == object_length + 1 && !path[object_length].is_empty();
    if is_own_name && !is_documented && name != MISFITS && is_sql_name(&name) {
        return name;
    }
    changed_sql_name(path)
}

/// The name of a column of another table for databases: a fixed name, or an outcome.
fn sql_heading_of_figures(path: &[String]) -> String {
    let name = path.join("_");
    match path {
        [_] => name,
        [_, outcome] if documented_status(outcome) == Some(outcome) => name.replace('-', "_"),
        [_, outcome] if !outcome.is_empty() && is_sql_name(&name) => name,
        _ => changed_sql_name(path),
    }
}

/// True if the name can stay as it is.
fn is_sql_name(name: &str) -> bool {
    name.len() <= MAX_SQL_LENGTH
        && name.bytes().all(is_allowed)
        && !name.starts_with(|first: char| first.is_ascii_digit())
}

fn is_allowed(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_')
}

/// The names of the path in allowed characters, and a hash of the path.
fn changed_sql_name(path: &[String]) -> String {
    let mut changed = String::new();
    let name = path.join("_");
    for character in name.chars().flat_map(char::to_lowercase) {
        let is_kept = character.is_ascii() && is_allowed(character as u8);
        if changed.len() + SQL_HASH_LENGTH >= MAX_SQL_LENGTH {
            break;
        }
        if changed.is_empty() && character.is_ascii_digit() {
            changed.push('_');
        }
        if is_kept && character != '_' {
            changed.push(character);
        } else if !changed.ends_with('_') {
            changed.push('_');
        }
    }
    let separator = if changed.ends_with('_') { "" } else { "_" };
    format!(
        "{changed}{separator}{:04x}",
        hash(&pointer::from_names(path))
    )
}

/// 16 bits of FNV-1a, which never change between versions of the program.
fn hash(text: &str) -> u16 {
    let hash = text.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    let [first, second, third, fourth] = hash.to_be_bytes();
    u16::from_be_bytes([first ^ third, second ^ fourth])
}

/// The names joined with dots. A dot in a name is written as `\.`, so that each path has its own
/// text.
fn join(path: &[String]) -> String {
    let names = path.iter().map(|name| {
        let has_escapes = name.contains(['.', '\\']);
        if has_escapes {
            name.replace('\\', "\\\\").replace('.', "\\.")
        } else {
            name.clone()
        }
    });
    names.collect::<Vec<_>>().join(".")
}

fn is_contract_name(name: &str) -> bool {
    CONTRACT_NAMES.iter().any(|other| other == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn variables_lose_the_name_of_their_object() {
        for (names, short) in [
            (&["id"][..], "id"),
            (&["lead", "status"], "lead.status"),
            (&["assistant_name"], "assistant_name"),
            (&["extracted_variables"], "extracted_variables"),
            (&["extracted_variables", "nps"], "nps"),
            (&["extracted_variables", "order", "number"], "order.number"),
            (&["extracted_variables", "order.number"], r"order\.number"),
            (&["input_variables", "company"], "input.company"),
            (&["lead", "variables", "company"], "lead.company"),
            (&["lead", "variables", "order", "id"], "lead.order.id"),
            // Another column has the short heading.
            (
                &["extracted_variables", "status"],
                "extracted_variables.status",
            ),
            (
                &["extracted_variables", "call_id"],
                "extracted_variables.call_id",
            ),
            (
                &["extracted_variables", "input", "a"],
                "extracted_variables.input.a",
            ),
            (
                &["extracted_variables", "lead", "a"],
                "extracted_variables.lead.a",
            ),
            (
                &["extracted_variables", "campaign", "id"],
                "extracted_variables.campaign.id",
            ),
            (&["extracted_variables", "campaign", "a"], "campaign.a"),
            (
                &["extracted_variables", "created_at (UTC)"],
                "extracted_variables.created_at (UTC)",
            ),
            (&["lead", "variables", "id"], "lead.variables.id"),
            (
                &["lead", "variables", "variables", "id"],
                "lead.variables.variables.id",
            ),
            // Undocumented members.
            (&["metadata", "source"], "/metadata/source"),
            (&["nps"], "/nps"),
            (&["lead", "company"], "/lead/company"),
            (&["campaign", "a"], "/campaign/a"),
        ] {
            assert_eq!(short_heading(&path(names)), short, "{names:?}");
        }
    }

    #[test]
    fn names_for_databases_end_in_a_hash_if_they_had_to_be_changed() {
        for (names, sql) in [
            (&["id"][..], "id"),
            (&["lead", "phone_number"], "lead_phone_number"),
            (&["extracted_variables", "nps"], "extracted_variables_nps"),
            (&["lead", "variables", "company"], "lead_variables_company"),
            (&["metadata"], "metadata"),
        ] {
            assert_eq!(sql_heading(&path(names)), sql, "{names:?}");
        }
        for (names, sql) in [
            (&["id"][..], "id"),
            (&["outcomes", "completed"], "outcomes_completed"),
            (&["outcomes", "no-answer"], "outcomes_no_answer"),
            (&["outcomes", "(none)"], "outcomes_none_5284"),
        ] {
            assert_eq!(sql_heading_of_figures(&path(names)), sql, "{names:?}");
        }
        for (names, start) in [
            (
                &["extracted_variables", "order", "number"][..],
                "extracted_variables_order_number_",
            ),
            (
                &["extracted_variables", "order.number"],
                "extracted_variables_order_number_",
            ),
            (
                &["extracted_variables", "Größe (cm)"],
                "extracted_variables_gr_e_cm_",
            ),
            (&["extracted_variables", "NPS"], "extracted_variables_nps_"),
            (&["extracted_variables", ""], "extracted_variables_"),
            (&["lead_id"], "lead_id_"),
            (&["7"], "_7_"),
            (&[""], ""),
        ] {
            let sql = sql_heading(&path(names));
            let hash = sql.strip_prefix(start).expect(&sql);
            assert!(hash.trim_start_matches('_').len() == 4, "{sql}");
        }
    }

    /// Paths of one to four names that are likely to be confused.
    fn paths() -> Vec<Vec<String>> {
        let names = [
            "extracted_variables",
            "input_variables",
            "lead",
            "variables",
            "input",
            "campaign",
            "id",
            "status",
            "a",
            "A",
            "ä",
            "a.b",
            "b",
            "",
            "/a",
            "/",
            "\\",
            "lead.id",
            "lead.",
            "1",
            "created_at (UTC)",
            "assistant_name",
        ];
        let mut paths = vec![Vec::new()];
        let mut all = Vec::new();
        for _ in 0..4 {
            paths = paths
                .iter()
                .flat_map(|path: &Vec<String>| {
                    names
                        .iter()
                        .map(|&name| [path.as_slice(), &[name.to_owned()]].concat())
                })
                .collect();
            all.extend(paths.clone());
        }
        all
    }

    #[test]
    fn different_columns_have_different_short_headings() {
        let mut headings = HashSet::new();
        for path in paths() {
            let heading = short_heading(&path);
            assert!(!heading.is_empty(), "{path:?}");
            assert!(headings.insert(heading), "{path:?}");
        }
    }

    #[test]
    fn names_for_databases_have_only_allowed_characters() {
        for path in paths() {
            let heading = sql_heading(&path);
            let mut bytes = heading.bytes();
            assert!(
                bytes.all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_')),
                "{heading}"
            );
            assert!(
                !heading.starts_with(|first: char| first.is_ascii_digit()),
                "{heading}"
            );
            assert!((1..=MAX_SQL_LENGTH).contains(&heading.len()), "{heading}");
        }
        let long = path(&["extracted_variables", &"x".repeat(1_000)]);
        assert_eq!(sql_heading(&long).len(), MAX_SQL_LENGTH);
    }

    #[test]
    fn all_variables_of_the_contract_have_a_prefix() {
        let objects = FIELDS.iter().filter(|field| field.holds_variables());
        let objects: Vec<_> = objects.map(|field| pointer::names(field.pointer)).collect();
        assert_eq!(objects, VARIABLE_OBJECTS.map(|(names, _)| path(names)));
    }
}
