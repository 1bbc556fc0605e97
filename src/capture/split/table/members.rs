//! The members of the bodies that the headings of a table name: the paths of the columns of
//! `export`, such as `campaign.id`, `extracted_variables.NAME` and `assistant_name`.

use std::collections::HashSet;

use crate::contract::{CALL_ID, FIELDS, Field, FieldType};
use crate::json::pointer;

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
pub(super) fn paths(headings: &[String]) -> Vec<Vec<String>> {
    let known: HashSet<&str> = headings.iter().map(String::as_str).collect();
    // `export` names a column by its pointer if another one already has its name.
    let is_pointer = |heading: &String| {
        heading.starts_with('/') && known.contains(&*pointer::names(heading).join("."))
    };
    let pointers = headings.iter().filter(|heading| is_pointer(heading));
    let taken: HashSet<Vec<String>> = pointers.map(|heading| pointer::names(heading)).collect();
    let path = |heading: &String| {
        if is_pointer(heading) {
            return pointer::names(heading);
        }
        let path = path(heading);
        if taken.contains(&path) {
            return heading.split('.').map(str::to_owned).collect();
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

/// True for a heading that is not a documented field and not a variable.
pub(super) fn is_undocumented(path: &[String]) -> bool {
    let mut pointer = String::new();
    for name in path {
        pointer::push(&mut pointer, name);
    }
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
    let is_field = |field: &&Field| pointer::names(field.pointer) == path;
    match FIELDS.iter().find(is_field).map(|field| field.kind) {
        None => CellType::Undocumented,
        Some(FieldType::Integer) => CellType::Integer,
        Some(FieldType::String) => CellType::Text,
        Some(FieldType::Object) => CellType::Json('{'),
        Some(FieldType::Array) => CellType::Json('['),
    }
}

/// Adds the column number `index`, at `path`, to the members of an object.
pub(super) fn add(members: &mut Vec<TableMember>, path: &[String], index: usize) {
    let mut members = members;
    for (depth, name) in path.iter().enumerate() {
        let known = members.iter().position(|member| member.name == *name);
        let known = known.unwrap_or_else(|| {
            members.push(TableMember::new(name));
            members.len() - 1
        });
        let member = &mut members[known];
        if depth + 1 == path.len() {
            member.column = Some(TableColumn {
                index,
                cell_type: cell_type(path),
            });
            return;
        }
        members = &mut member.members;
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
}
