//! Table columns: fixed columns, which every table of a kind has, and extra columns, which are
//! collected from the whole input.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::{Arc, LazyLock};

use indexmap::IndexMap;

use super::cell_type::CellType;
use super::headings::{HeadingStyle, MISFITS};
use crate::contract::declared_variables::DeclaredVariables;
use crate::contract::{FIELDS, Field, FieldType, ValueFormat, row_of};
use crate::json::bytes_equal;
use crate::json::pointer;

/// Type of the values of a column, as far as it is known before any value is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ColumnType {
    /// No known type: values are written as the body has them.
    #[default]
    Any,
    /// Integers.
    Integer,
    /// Phone numbers.
    Phone,
    /// Points in time.
    Time,
    /// Durations in seconds.
    Seconds,
    /// Shares from 0 to 1.
    Share,
    /// URLs.
    Link,
}

/// A column that a table has even if no row has a value for it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FixedColumn {
    /// JSON Pointer of the value in the row's object.
    pub(crate) pointer: &'static str,
    /// Type of the values.
    pub(crate) column_type: ColumnType,
    /// Type of the values in formats with typed columns.
    pub(crate) cell_type: CellType,
    /// True for an object: it has no column of its own; only its members do.
    pub(crate) is_object: bool,
}

impl FixedColumn {
    /// Creates a column that is not an object.
    #[must_use]
    pub(crate) const fn new(pointer: &'static str, column_type: ColumnType) -> Self {
        let cell_type = match column_type {
            ColumnType::Integer | ColumnType::Seconds => CellType::Integer,
            ColumnType::Share => CellType::Double,
            ColumnType::Time => CellType::Time,
            ColumnType::Any | ColumnType::Phone | ColumnType::Link => CellType::Text,
        };
        Self {
            pointer,
            column_type,
            cell_type,
            is_object: false,
        }
    }

    /// The column with values of this type.
    #[must_use]
    pub(crate) const fn with_cells(self, cell_type: CellType) -> Self {
        Self { cell_type, ..self }
    }
}

impl From<&Field> for FixedColumn {
    fn from(field: &Field) -> Self {
        let column_type = match (field.format, field.kind) {
            (Some((format, _)), _) => match format {
                ValueFormat::Phone => ColumnType::Phone,
                ValueFormat::Timestamp => ColumnType::Time,
                ValueFormat::Url => ColumnType::Link,
                ValueFormat::TimeOfDay | ValueFormat::Weekdays => ColumnType::Any,
            },
            (None, _) if field.pointer == "/duration" => ColumnType::Seconds,
            (None, FieldType::Integer) => ColumnType::Integer,
            (None, FieldType::String | FieldType::Object | FieldType::Array) => ColumnType::Any,
        };
        let column = Self::new(field.pointer, column_type);
        let cell_type = match field.kind {
            _ if field.pointer == "/transcript" => CellType::Transcript,
            FieldType::Object => CellType::Object,
            FieldType::Array => CellType::List,
            FieldType::Integer | FieldType::String => column.cell_type,
        };
        Self {
            is_object: field.kind == FieldType::Object,
            ..column.with_cells(cell_type)
        }
    }
}

/// The fixed columns of a table of calls: the documented fields.
static CALL_COLUMNS: LazyLock<Vec<FixedColumn>> =
    LazyLock::new(|| FIELDS.iter().map(FixedColumn::from).collect());

/// A column found in the input: a variable, or a member that the contract does not document.
#[derive(Clone, Copy, Debug)]
struct ExtraColumn {
    /// Index of the fixed column that it follows. Without such a column it comes last.
    after: u32,
    /// Byte offset in the pointer of the last name, or 0 if that name has escapes (RFC 6901 §3).
    name_start: u32,
    /// Type of the values in formats with typed columns.
    cell_type: CellType,
    /// True for a column that does not depend on the input: of a declared variable, or of the
    /// location.
    is_declared: bool,
}

impl ExtraColumn {
    fn new(after: usize, pointer: &str, cell_type: CellType) -> Self {
        let name_start = pointer.rfind('/').map_or(0, |slash| slash + 1);
        let has_escapes = pointer[name_start..].contains('~');
        let name_start = if has_escapes { 0 } else { name_start };
        Self {
            after: u32::try_from(after).expect("there are few fixed columns"),
            // A longer pointer has no fast path.
            name_start: u32::try_from(name_start).unwrap_or(0),
            cell_type,
            is_declared: false,
        }
    }

    /// Fast path: true only if this is the column, at `pointer`, of member `name` of the object at
    /// `parent`. False proves nothing if the name is escaped in the pointer. Saves building the
    /// pointer: 4 % of the instructions of `export`.
    fn is_member(self, pointer: &str, parent: &str, name: &str) -> bool {
        if self.name_start as usize != parent.len() + 1 {
            return false;
        }
        let (column_parent, column_name) = pointer.as_bytes().split_at(parent.len());
        bytes_equal(&column_name[1..], name.as_bytes())
            && bytes_equal(column_parent, parent.as_bytes())
    }
}

/// A column as it is exported.
#[expect(clippy::struct_field_names, reason = "`type` is a keyword")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The column's number in [`Columns`].
    pub(crate) number: usize,
    /// The header.
    pub(crate) name: String,
    /// The names of the enclosing objects, then the column's own name.
    pub(crate) path: Vec<String>,
    /// Type of the values.
    pub(crate) column_type: ColumnType,
    /// Type of the values in formats with typed columns.
    pub(crate) cell_type: CellType,
    /// True if the user chose the header.
    pub(crate) is_renamed: bool,
    /// How the header was made from the path, unless the user chose it.
    pub(crate) heading_style: HeadingStyle,
}

/// All columns found so far, each with a number. Fixed columns come first and are numbered by their
/// index; extra columns are numbered in order of appearance.
#[derive(Clone, Debug)]
pub struct Columns {
    fixed: &'static [FixedColumn],
    /// Extra columns up to the last snapshot, shared with the copies made then, which use the same
    /// numbers.
    known: Arc<ExtraColumns>,
    /// Extra columns added since.
    new: ExtraColumns,
    /// Index of the extra column that will probably be asked for next: variables usually come in
    /// the same order in each call. Hashing each pointer instead adds 6 % to the instructions of
    /// `export`.
    next_extra: usize,
    /// Type of the columns that nothing declares.
    undeclared: CellType,
    /// Which of [`SOURCE_COLUMNS`] the table shows.
    source: SourceUse,
}

/// The use of the location of a row's body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum SourceUse {
    /// Not needed.
    #[default]
    None,
    /// Needed for messages about the row.
    Hidden,
    /// Also shown, as the last columns.
    Shown,
}

/// Columns found in the input, by the JSON Pointer of the value in the row's object. Each takes
/// about 100 bytes.
type ExtraColumns = IndexMap<Box<str>, ExtraColumn>;

impl Default for Columns {
    /// The fixed columns of a table of calls.
    fn default() -> Self {
        Self::with_fixed(&CALL_COLUMNS)
    }
}

/// The columns with the location of a row's body: the name of the source, the line from 1, the JSON
/// Pointer to the body in its document, the column of the line from 1, the coding of the text that
/// line and column count in, and the known variants of the body, as JSON Pointers that differ from
/// those of the contract. They are no members of the body, so these are no JSON Pointers,
/// which start with a slash: no member of a body has the same one.
pub(crate) const SOURCE_COLUMNS: [&str; 7] = [
    "_source/file",
    "_source/line",
    "_source/pointer",
    "_source/column",
    "_source/in",
    "_source/id",
    "_source/campaign",
];

/// The number of [`SOURCE_COLUMNS`] that are exported.
const EXPORTED_SOURCE_COLUMNS: usize = 3;

/// The pointer of the object that holds the declared variables.
const EXTRACTED_POINTER: &str = "/extracted_variables";

/// The index in [`FIELDS`] of the object that holds the declared variables.
const EXTRACTED: usize = row_of(EXTRACTED_POINTER);

/// Number of extra columns that are searched linearly before hashing.
const LINEAR_SEARCH_LIMIT: usize = 48;

impl Columns {
    /// Starts with these fixed columns and no extra columns.
    #[must_use]
    pub(crate) fn with_fixed(fixed: &'static [FixedColumn]) -> Self {
        Self {
            fixed,
            known: Arc::default(),
            new: ExtraColumns::default(),
            next_extra: 0,
            undeclared: CellType::Inferred,
            source: SourceUse::None,
        }
    }

    /// Starts with the columns of a table of calls, and a column for each declared variable, in
    /// their order. All other columns are text: their types must not depend on the input.
    #[must_use]
    pub(crate) fn with_declared(declared: &DeclaredVariables) -> Self {
        let mut columns = Self {
            undeclared: CellType::AnyText,
            ..Self::default()
        };
        for variable in declared.iter() {
            let pointer = pointer::child(EXTRACTED_POINTER, &variable.name);
            let column = ExtraColumn {
                is_declared: true,
                ..ExtraColumn::new(EXTRACTED, &pointer, CellType::of_variable(variable.kind))
            };
            columns.new.insert(pointer.into(), column);
        }
        columns
    }

    /// Adds the columns of the location of the body, unless they have no use.
    #[must_use]
    pub(crate) fn with_source(mut self, source: SourceUse) -> Self {
        self.source = source;
        if source == SourceUse::None {
            return self;
        }
        for pointer in SOURCE_COLUMNS {
            let cell_type = match pointer {
                "_source/line" | "_source/column" => CellType::Integer,
                _ => CellType::Text,
            };
            let column = ExtraColumn {
                is_declared: true,
                ..ExtraColumn::new(usize::from(u16::MAX), pointer, cell_type)
            };
            self.new.insert(pointer.into(), column);
        }
        self
    }

    /// The number of the first of [`SOURCE_COLUMNS`], which follow each other, if there are any.
    #[must_use]
    pub(crate) fn first_source_column(&self) -> Option<usize> {
        if self.source == SourceUse::None {
            return None;
        }
        let first = SOURCE_COLUMNS[0];
        let known = self.known.get_index_of(first);
        let new = || Some(self.known.len() + self.new.get_index_of(first)?);
        known.or_else(new).map(|index| self.fixed.len() + index)
    }

    /// The names of the objects that enclose the values of column `number`, and their own name.
    #[must_use]
    pub(crate) fn path(&self, number: usize) -> Vec<String> {
        let pointer = self.pointer(number);
        if pointer.is_empty() || pointer.starts_with('/') {
            pointer::names(pointer)
        } else {
            pointer.split('/').map(str::to_owned).collect()
        }
    }

    /// Sets the type of columns that nothing declares.
    #[must_use]
    pub(crate) fn with_undeclared(self, undeclared: CellType) -> Self {
        Self { undeclared, ..self }
    }

    /// The number of the extra column at `pointer`. Adds the column after fixed column `after` if
    /// it is new.
    pub(crate) fn get_or_add(&mut self, after: usize, pointer: &str) -> usize {
        let is_match = |(extra, _): (&str, ExtraColumn)| extra == pointer;
        if !self.extra(self.next_extra).is_some_and(is_match) {
            let known = self.known.len();
            self.next_extra = if let Some(index) = self.known.get_index_of(pointer) {
                index
            } else if let Some(index) = self.new.get_index_of(pointer) {
                known + index
            } else {
                // A value where the contract has an object.
                let is_object = (self.fixed.get(after)).is_some_and(|f| f.pointer == pointer);
                let cell_type = if is_object {
                    CellType::Object
                } else {
                    self.undeclared
                };
                let column = ExtraColumn::new(after, pointer, cell_type);
                known + self.new.insert_full(pointer.into(), column).0
            };
        }
        self.next_extra += 1;
        self.fixed.len() + self.next_extra - 1
    }

    /// The number of the extra column of member `name` of the object at pointer `parent`. Adds the
    /// column after fixed column `after` if it is new.
    pub(crate) fn get_or_add_member(&mut self, after: usize, parent: &str, name: &str) -> usize {
        let is_match =
            |(pointer, extra): (&str, ExtraColumn)| extra.is_member(pointer, parent, name);
        if !self.extra(self.next_extra).is_some_and(is_match) {
            // Comparing a few columns is faster than hashing: up to 1 % fewer instructions in
            // `export`, depending on the order of the variables.
            let mut first = self.known.iter().take(LINEAR_SEARCH_LIMIT);
            let found = first.position(|(pointer, extra)| is_match((pointer, *extra)));
            let Some(index) = found else {
                return self.get_or_add(after, &pointer::child(parent, name));
            };
            self.next_extra = index;
        }
        self.next_extra += 1;
        self.fixed.len() + self.next_extra - 1
    }

    /// Adds the columns that are new in `batch`, which may have started from a snapshot of `self`.
    /// Returns the number in `self` of each of these columns, in the order of `batch`.
    pub(crate) fn merge(&mut self, batch: Self) -> Vec<usize> {
        let extras = batch.new.into_iter();
        extras
            .map(|(pointer, extra)| self.get_or_add(extra.after as usize, &pointer))
            .collect()
    }

    /// Moves all new columns to the shared part and returns a copy, which is cheap to make.
    #[must_use]
    pub(crate) fn snapshot(&mut self) -> Self {
        let new = std::mem::take(&mut self.new);
        if !new.is_empty() {
            Arc::make_mut(&mut self.known).extend(new);
        }
        self.clone()
    }

    /// Number of columns, fixed ones included. Column numbers are below this count.
    #[must_use]
    pub fn count(&self) -> usize {
        self.known_count() + self.new.len()
    }

    /// Number of columns, fixed ones included, at the time of the last snapshot.
    #[must_use]
    pub(crate) fn known_count(&self) -> usize {
        self.fixed.len() + self.known.len()
    }

    /// Index of column `number` among the extra columns, or `None` for a fixed column.
    #[must_use]
    pub(crate) fn extra_index(&self, number: usize) -> Option<usize> {
        number.checked_sub(self.fixed.len())
    }

    /// JSON Pointer, within the row's object, of the values in column `number`.
    #[must_use]
    pub(crate) fn pointer(&self, number: usize) -> &str {
        let extra_index = self.extra_index(number);
        match extra_index.and_then(|index| self.extra(index)) {
            Some((pointer, _)) => pointer,
            None => self.fixed[number].pointer,
        }
    }

    /// True for an extra column that is not declared.
    #[must_use]
    pub(crate) fn is_undeclared(&self, number: usize) -> bool {
        let extra = self.extra_index(number).and_then(|index| self.extra(index));
        extra.is_some_and(|(_, extra)| !extra.is_declared)
    }

    /// The numbers of the extra columns that are not declared.
    pub(crate) fn undeclared(&self) -> impl Iterator<Item = usize> {
        let extras = self.fixed.len()..self.count();
        extras.filter(|number| self.is_undeclared(*number))
    }

    /// True if the variable at `pointer` is declared.
    #[must_use]
    pub(crate) fn is_declared(&self, pointer: &str) -> bool {
        let extra = self.known.get(pointer).or_else(|| self.new.get(pointer));
        extra.is_some_and(|extra| extra.is_declared)
    }

    /// True if variables are declared.
    #[must_use]
    pub(crate) fn has_declaration(&self) -> bool {
        self.undeclared == CellType::AnyText
    }

    /// Pointer and data of the extra column with this [`Self::extra_index`].
    fn extra(&self, index: usize) -> Option<(&str, ExtraColumn)> {
        let entry = match index.checked_sub(self.known.len()) {
            Some(new_index) => self.new.get_index(new_index),
            None => self.known.get_index(index),
        };
        entry.map(|(pointer, extra)| (&**pointer, *extra))
    }

    /// All columns in output order: documented order, extra columns after
    /// their field. Objects have no column; only their members do. If two columns would have the
    /// same name (`{"a.b":1}` and `{"a":{"b":1}}`), the later one is named by its pointer.
    #[must_use]
    pub fn in_output_order(&self) -> Vec<Column> {
        let fixed = self.fixed.iter().enumerate();
        let fixed = fixed
            .filter(|(_, fixed)| !fixed.is_object)
            .map(|(index, _)| (index, false, index));
        let extras = self.known.values().chain(self.new.values()).enumerate();
        let extras =
            extras.map(|(index, extra)| (extra.after as usize, true, self.fixed.len() + index));
        let mut order: Vec<_> = fixed.chain(extras).collect();
        order.sort_unstable();
        let numbers = order.into_iter().map(|(_, _, number)| number);
        let source = self.source_columns();
        let members = numbers.filter(|number| !source.contains(number));
        let mut columns: Vec<Column> = members.map(|number| self.column(number)).collect();
        let shown = self.shown_source();
        let mut used_names = HashSet::from([MISFITS]);
        used_names.extend(shown.iter().map(|column| column.name.as_str()));
        let repeated = columns.iter().enumerate();
        let repeated = repeated.filter(|(_, column)| !used_names.insert(column.name.as_str()));
        let repeated: Vec<usize> = repeated.map(|(index, _)| index).collect();
        for index in &repeated {
            let column = &mut columns[*index];
            self.pointer(column.number).clone_into(&mut column.name);
        }
        // A name that looks like a pointer could be one of these.
        if !repeated.is_empty() {
            let similar = columns
                .iter_mut()
                .filter(|column| column.name.starts_with('/'));
            for column in similar {
                self.pointer(column.number).clone_into(&mut column.name);
            }
        }
        columns.extend(shown);
        columns
    }

    /// The columns of the location that are exported.
    #[must_use]
    pub(crate) fn shown_source(&self) -> Vec<Column> {
        let shown = match self.source {
            SourceUse::Shown => EXPORTED_SOURCE_COLUMNS,
            SourceUse::None | SourceUse::Hidden => 0,
        };
        let numbers = self.source_columns().take(shown);
        numbers.map(|number| self.column(number)).collect()
    }

    /// The numbers of [`SOURCE_COLUMNS`]; empty without them.
    #[must_use]
    pub(crate) fn source_columns(&self) -> Range<usize> {
        let first = self.first_source_column();
        first.map_or(0..0, |first| first..first + SOURCE_COLUMNS.len())
    }

    /// Column `number` as it is exported, named by its path.
    #[must_use]
    pub(crate) fn column(&self, number: usize) -> Column {
        let extra = self.extra_index(number).and_then(|index| self.extra(index));
        let (column_type, cell_type) = match extra {
            Some((_, extra)) => (ColumnType::Any, extra.cell_type),
            None => (self.fixed[number].column_type, self.fixed[number].cell_type),
        };
        let path = self.path(number);
        Column {
            number,
            name: path.join("."),
            path,
            column_type,
            cell_type,
            is_renamed: false,
            heading_style: HeadingStyle::Full,
        }
    }
}

impl Column {
    /// The name without the leading name of the outermost object. It is [`NO_OBJECT`] for a value
    /// that is found where an object with variables is expected.
    #[must_use]
    pub(crate) fn short_name(&self) -> String {
        if self.name.starts_with('/') {
            self.name.clone()
        } else if self.path.len() < 2 {
            NO_OBJECT.to_owned()
        } else {
            self.path[1..].join(".")
        }
    }
}

/// Maps each column number below `column_count` to its position in `order`, or `None` if the column
/// is not in `order`.
#[must_use]
pub(crate) fn output_positions(order: &[Column], column_count: usize) -> Vec<Option<usize>> {
    let mut positions = vec![None; column_count];
    for (position, column) in order.iter().enumerate() {
        // A requested column that no row has is numbered beyond `column_count`.
        if let Some(entry) = positions.get_mut(column.number) {
            *entry = Some(position);
        }
    }
    positions
}

/// Short name of a value that is found where an object with variables is expected.
pub(crate) const NO_OBJECT: &str = "(no object)";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extra_columns_follow_their_field_in_order_of_appearance() {
        let mut columns = Columns::default();
        let extracted = FIELDS
            .iter()
            .position(|f| f.pointer == "/extracted_variables")
            .expect("documented");
        let late = columns.get_or_add(FIELDS.len(), "/assistant_name");
        let first = columns.get_or_add(extracted, "/extracted_variables/z");
        let second = columns.get_or_add(extracted, "/extracted_variables/a.b");
        let third = columns.get_or_add(extracted, "/extracted_variables/a/b");
        assert_eq!(
            columns.get_or_add(extracted, "/extracted_variables/z"),
            first
        );
        let order = columns.in_output_order();
        let names: Vec<_> = order.iter().map(|column| column.name.as_str()).collect();
        let before = FIELDS[..extracted].iter().map(Field::column);
        assert!(before.eq(names[..extracted].iter().copied()));
        assert_eq!(
            &names[extracted..extracted + 3],
            [
                "extracted_variables.z",
                "extracted_variables.a.b",
                "/extracted_variables/a/b"
            ]
        );
        assert_eq!(order[extracted + 1].short_name(), "a.b");
        assert_eq!(order[extracted + 1].path, ["extracted_variables", "a.b"]);
        assert_eq!(order.last().map(|column| column.number), Some(late));
        let numbers = order[extracted..extracted + 3]
            .iter()
            .map(|column| column.number);
        assert!(numbers.eq([first, second, third]));
    }

    #[test]
    fn different_columns_have_different_names() {
        let mut columns = Columns::default();
        columns.get_or_add(FIELDS.len(), "/a.b");
        columns.get_or_add(FIELDS.len(), "/a/b");
        // The member `/a/b`, whose name is the pointer of another one.
        columns.get_or_add(FIELDS.len(), "/~1a~1b");
        let order = columns.in_output_order();
        let names = order.iter().map(|column| column.name.as_str());
        let extra = &names.collect::<Vec<_>>()[order.len() - 3..];
        assert_eq!(extra, ["a.b", "/a/b", "/~1a~1b"]);
    }

    #[test]
    fn members_and_pointers_find_the_same_columns() {
        let known = ["a", "a/b", "a~1b", "a~b", "", "/", "b"];
        let mut columns = Columns::default();
        for parent in ["/extracted_variables", "/extracted_variables/a", ""] {
            for name in known {
                columns.get_or_add(1, &pointer::child(parent, name));
            }
        }
        let count = columns.count();
        // The search starts after the previous column, so every pair of columns is tested.
        for before in known {
            for parent in ["/extracted_variables", "/extracted_variables/a", ""] {
                for name in known {
                    columns.get_or_add_member(1, "/extracted_variables", before);
                    let number = columns.get_or_add_member(1, parent, name);
                    assert_eq!(number, columns.get_or_add(1, &pointer::child(parent, name)));
                }
            }
        }
        assert_eq!(columns.count(), count);
    }
}
