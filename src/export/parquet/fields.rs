//! The fields of a file: those of a flat file are the columns; those of a nested one are structs,
//! lists and maps.

use crate::contract::FIELDS;
use crate::export::tables::{ExportTable, RowKind};
use crate::json::pointer;
use crate::table::cell_type::CellType;
use crate::table::column::Column;
use crate::table::headings::MISFITS;

/// A field of a file, or of a struct in it. All fields are optional.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) content: Content,
}

/// What a field holds.
#[derive(Debug)]
pub(super) enum Content {
    /// The values of the column with this index.
    Value(usize, CellType),
    /// The lists of the column with this index. Their elements are texts.
    List(usize),
    /// The values of several columns, by name. They are texts. A column without a value has no
    /// entry.
    Map(Vec<(String, usize)>),
    /// A struct. Without a value in any of its fields, it is null.
    Struct(Vec<Field>),
}

/// The name of the map with the members of an object that are neither documented nor declared, if
/// no declared variable has it.
const OTHER: &str = "other";

/// The name of the struct with the location of a call.
const SOURCE: &str = "_source";

/// The fields of a flat file with these columns.
pub(super) fn flat_fields(columns: &[Column]) -> Vec<Field> {
    let fields = columns.iter().enumerate().map(|(index, column)| Field {
        name: column.name.clone(),
        content: Content::Value(index, column.cell_type),
    });
    fields.collect()
}

/// The fields of a nested file with these columns of `table`, in the order of the contract.
pub(super) fn nested_fields(columns: &[Column], table: &ExportTable) -> Vec<Field> {
    let all = table.spool.columns();
    let mut root = Vec::new();
    // No call has the requested variable. Its entry would be in the map, too.
    let is_absent = |column: &Column| column.number >= all.count() && column.name != MISFITS;
    for (index, column) in columns.iter().enumerate() {
        let is_undeclared = all.is_undeclared(column.number) || is_absent(column);
        if table.rows == RowKind::Calls && is_undeclared && !column.is_renamed {
            let (object, key) = object_and_key(column);
            entries_of(fields_at(&mut root, &object)).push((key, index));
            continue;
        }
        let (name, parents) = column.path.split_last().expect("a column has a name");
        let content = match column.cell_type {
            CellType::List => Content::List(index),
            cell_type => Content::Value(index, cell_type),
        };
        fields_at(&mut root, parents).push(Field {
            name: name.clone(),
            content,
        });
    }
    // Also without entries, so that the schema does not depend on the input.
    for object in &table.open_objects {
        entries_of(fields_at(&mut root, object));
    }
    sort_documented(&mut root, "");
    put_maps_last(&mut root, true);
    root
}

/// The path of the documented object that holds the values of an undeclared column, and the key of
/// the column in the map of that object. Keys differ as the names of columns do.
fn object_and_key(column: &Column) -> (Vec<String>, String) {
    let objects = FIELDS.iter().map(|field| pointer::names(field.pointer));
    let object = objects
        .filter(|object| pointer::is_inside(&column.path, object))
        .max_by_key(Vec::len)
        .unwrap_or_default();
    let names = &column.path[object.len()..];
    let key = if column.name.starts_with('/') {
        pointer::from_names(names)
    } else {
        names.join(".")
    };
    (object, key)
}

/// The fields of the struct at `path`, which is added if it is new.
fn fields_at<'f>(fields: &'f mut Vec<Field>, path: &[String]) -> &'f mut Vec<Field> {
    let Some((name, rest)) = path.split_first() else {
        return fields;
    };
    let is_struct =
        |field: &Field| field.name == *name && matches!(field.content, Content::Struct(_));
    let position = fields.iter().position(is_struct).unwrap_or_else(|| {
        fields.push(Field {
            name: name.clone(),
            content: Content::Struct(Vec::new()),
        });
        fields.len() - 1
    });
    match &mut fields[position].content {
        Content::Struct(inner) => fields_at(inner, rest),
        _ => unreachable!("the position is that of a struct"),
    }
}

/// The entries of the map of undeclared members among these fields, which is added if it is new.
fn entries_of(fields: &mut Vec<Field>) -> &mut Vec<(String, usize)> {
    let is_map = |field: &Field| matches!(field.content, Content::Map(_));
    let position = fields.iter().position(is_map).unwrap_or_else(|| {
        fields.push(Field {
            name: OTHER.to_owned(),
            content: Content::Map(Vec::new()),
        });
        fields.len() - 1
    });
    match &mut fields[position].content {
        Content::Map(entries) => entries,
        _ => unreachable!("the position is that of a map"),
    }
}

/// Sorts documented fields in the order of the contract: a struct was added with its first column,
/// or at the end.
fn sort_documented(fields: &mut [Field], parent: &str) {
    fields.sort_by_key(|field| {
        let pointer = pointer::child(parent, &field.name);
        let documented = FIELDS.iter().position(|field| field.pointer == pointer);
        documented.unwrap_or(usize::MAX)
    });
    for field in fields {
        if let Content::Struct(inner) = &mut field.content {
            sort_documented(inner, &pointer::child(parent, &field.name));
        }
    }
}

/// Moves the maps behind the other members of their object, and gives them a name of their own. The
/// root also has fields that are no members, which come last.
fn put_maps_last(fields: &mut [Field], is_root: bool) {
    fields.sort_by_key(|field| match field.content {
        Content::Map(_) => 1,
        _ if is_root && (field.name == SOURCE || field.name == MISFITS) => 2,
        _ => 0,
    });
    let is_taken = |name: &str| {
        let mut others = fields.iter();
        others.any(|field| {
            // Some engines ignore the case of names.
            let is_same = field.name.eq_ignore_ascii_case(name);
            is_same && !matches!(field.content, Content::Map(_))
        })
    };
    let mut name = OTHER.to_owned();
    while is_taken(&name) {
        name.insert(0, '_');
    }
    for field in fields.iter_mut() {
        match &mut field.content {
            Content::Map(_) => field.name.clone_from(&name),
            Content::Struct(inner) => put_maps_last(inner, false),
            Content::Value(..) | Content::List(_) => {}
        }
    }
}
