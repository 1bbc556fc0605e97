//! The members of the bodies that the headings of a table name: the paths of the columns of
//! `export`, such as `campaign.id`, `extracted_variables.NAME` and `assistant_name`.

use std::collections::{HashMap, HashSet};

use crate::contract::{CALL_ID, FIELDS, Field, FieldType};
use crate::json::pointer;

/// Maximum number of names in a path. Members nested deeper are not read from columns of their own.
const MAX_DEPTH: usize = 64;

/// A member of the bodies that rows become.
#[derive(Debug)]
pub(crate) struct TableMember {
    pub(crate) name: String,
    /// The column with its value, if there is one.
    pub(crate) column: Option<TableColumn>,
    /// The members of its value if that is an object with columns of its own.
    pub(crate) members: Vec<TableMember>,
}

impl TableMember {
    fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            column: None,
            members: Vec::new(),
        }
    }
}

/// A column with the values of one member.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TableColumn {
    pub(crate) index: usize,
    pub(crate) cell_type: CellType,
}

/// How the cells of a column are read. Types are those of the contract, never guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CellType {
    /// Text of a documented field.
    Text,
    /// A whole number.
    Integer,
    /// JSON that starts with this bracket, or else text.
    Json(char),
    /// Text of a variable or of an undocumented member.
    Undocumented,
}

/// The path of each heading, from the outermost member.
pub(crate) fn paths(headings: &[String]) -> Vec<Vec<String>> {
    let known: HashSet<&str> = headings.iter().map(String::as_str).collect();
    // `export` names a column by its pointer if another one already has its name.
    let is_pointer = |heading: &String| {
        heading.starts_with('/')
            && heading.matches('/').count() <= MAX_DEPTH
            && known.contains(&*pointer::names(heading).join("."))
    };
    let pointers = headings.iter().filter(|heading| is_pointer(heading));
    let taken: HashSet<Vec<String>> = pointers.map(|heading| pointer::names(heading)).collect();
    let path = |heading: &String| {
        if is_pointer(heading) {
            return pointer::names(heading);
        }
        let path = path(heading);
        if taken.contains(&path) {
            return heading.splitn(MAX_DEPTH, '.').map(str::to_owned).collect();
        }
        path
    };
    headings.iter().map(path).collect()
}

/// The path of a heading that is no pointer: a documented field, or a member of the innermost
/// documented object that it names.
fn path(heading: &str) -> Vec<String> {
    if let Some(field) = documented(heading) {
        return pointer::names(field.pointer);
    }
    let objects = FIELDS
        .iter()
        .filter(|field| field.kind == FieldType::Object);
    let parents = objects.filter_map(|field| {
        let name = heading.strip_prefix(&*field.column())?.strip_prefix('.')?;
        Some((field.pointer, name))
    });
    match parents.max_by_key(|(pointer, _)| pointer.len()) {
        Some((parent, name)) => {
            let mut path = pointer::names(parent);
            path.push(name.to_owned());
            path
        }
        None => vec![heading.to_owned()],
    }
}

fn documented(heading: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.column() == heading)
}

/// True if this heading is a documented field.
pub(super) fn is_documented(heading: &str) -> bool {
    documented(heading).is_some()
}

/// True for a heading that is not a documented field and not a variable.
pub(super) fn is_undocumented(path: &[String]) -> bool {
    let pointer = pointer::from_names(path);
    let is_known = |field: &Field| {
        let inside = pointer.strip_prefix(field.pointer);
        inside
            .is_some_and(|rest| rest.is_empty() || field.holds_variables() && rest.starts_with('/'))
    };
    path != [CALL_ID] && !FIELDS.iter().any(is_known)
}

/// The type of the values at `path`.
fn cell_type(path: &[String]) -> CellType {
    if path == [CALL_ID] {
        return CellType::Integer;
    }
    let pointer = pointer::from_names(path);
    let is_field = |field: &&Field| field.pointer == pointer;
    match FIELDS.iter().find(is_field).map(|field| field.kind) {
        None => CellType::Undocumented,
        Some(FieldType::Integer) => CellType::Integer,
        Some(FieldType::String) => CellType::Text,
        Some(FieldType::Object) => CellType::Json('{'),
        Some(FieldType::Array) => CellType::Json('['),
    }
}

/// Builds the members of the bodies from the columns.
#[derive(Default)]
pub(crate) struct MembersBuilder {
    members: Vec<TableMember>,
    /// Index of each member among those of its object, by its path.
    indices: HashMap<Vec<String>, usize>,
}

impl MembersBuilder {
    /// Adds the column number `column`, whose values are at `path`.
    pub(crate) fn add(&mut self, path: &[String], column: usize) {
        let mut members = &mut self.members;
        for (depth, name) in path.iter().enumerate() {
            let parent_and_name = &path[..=depth];
            let known = self.indices.get(parent_and_name).copied();
            let index = known.unwrap_or_else(|| {
                members.push(TableMember::new(name));
                let index = members.len() - 1;
                self.indices.insert(parent_and_name.to_vec(), index);
                index
            });
            let member = &mut members[index];
            if depth + 1 == path.len() {
                member.column = Some(TableColumn {
                    index: column,
                    cell_type: cell_type(path),
                });
                return;
            }
            members = &mut member.members;
        }
    }

    /// The members, in the order of their first columns.
    pub(crate) fn finish(self) -> Vec<TableMember> {
        self.members
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_name_members_as_those_of_an_export() {
        let headings = [
            "id",
            "extracted_variables.a.b",
            "/extracted_variables/a.b",
            "lead.variables.x.y",
            "lead.x",
            "campaign.allowed_days",
            "assistant.name",
            "/plain",
        ];
        let paths = paths(&headings.map(str::to_owned));
        let paths: Vec<String> = paths.iter().map(|path| path.join(" ")).collect();
        assert_eq!(
            paths,
            [
                "id",
                "extracted_variables a b",
                "extracted_variables a.b",
                "lead variables x.y",
                "lead x",
                "campaign allowed_days",
                "assistant.name",
                "/plain",
            ]
        );
    }

    #[test]
    fn members_are_not_nested_without_limit() {
        let names = vec!["a"; 100_000];
        let (name, pointer) = (names.join("."), format!("/{}", names.join("/")));
        // Each heading of a pair makes the other one a path.
        for headings in [[&name, &pointer], [&name, &format!("/{name}")]] {
            let paths = paths(&headings.map(String::clone));
            assert!(paths.iter().all(|path| path.len() <= MAX_DEPTH));
        }
    }

    #[test]
    fn many_columns_are_added_in_linear_time() {
        let mut builder = MembersBuilder::default();
        for index in 0..100_000 {
            builder.add(&["lead".to_owned(), format!("a{index}")], index);
        }
        let members = builder.finish();
        assert_eq!(members.len(), 1);
        assert_eq!(members[0].members.len(), 100_000);
    }
}
